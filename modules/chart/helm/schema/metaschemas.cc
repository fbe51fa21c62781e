// The drafts' own schemas, as json-schema.org publishes them, without titles,
// comments and vocabularies.
#include <utility>

#include "helm/schema/compiler.h"

namespace skerry::chart::schema {

namespace {

constexpr std::pair<std::string_view, std::string_view> kTexts[] = {
    {"http://json-schema.org/draft-04/schema",
     R"({"$schema":"http://json-schema.org/draft-04/schema#",)"
     R"("definitions":{"schemaArray":{"type":"array","minItems":1,)"
     R"("items":{"$ref":"#"}},"positiveInteger":{"type":"integer",)"
     R"("minimum":0},"positiveIntegerDefault0":{"allOf":[{"$ref":"#/defini)"
     R"(tions/positiveInteger"},{}]},"simpleTypes":{"enum":["array",)"
     R"("boolean","integer","null","number","object","string"]},)"
     R"("stringArray":{"type":"array","items":{"type":"string"},)"
     R"("minItems":1,"uniqueItems":true}},"type":"object",)"
     R"("properties":{"id":{"type":"string","format":"uriref"},)"
     R"("$schema":{"type":"string","format":"uri"},)"
     R"("title":{"type":"string"},"description":{"type":"string"},)"
     R"("default":{},"multipleOf":{"type":"number","minimum":0,)"
     R"("exclusiveMinimum":true},"maximum":{"type":"number"},)"
     R"("exclusiveMaximum":{"type":"boolean"},"minimum":{"type":"number"},)"
     R"("exclusiveMinimum":{"type":"boolean"},)"
     R"("maxLength":{"$ref":"#/definitions/positiveInteger"},)"
     R"("minLength":{"$ref":"#/definitions/positiveIntegerDefault0"},)"
     R"("pattern":{"type":"string","format":"regex"},)"
     R"("additionalItems":{"anyOf":[{"type":"boolean"},{"$ref":"#"}]},)"
     R"("items":{"anyOf":[{"$ref":"#"},)"
     R"({"$ref":"#/definitions/schemaArray"}]},)"
     R"("maxItems":{"$ref":"#/definitions/positiveInteger"},)"
     R"("minItems":{"$ref":"#/definitions/positiveIntegerDefault0"},)"
     R"("uniqueItems":{"type":"boolean"},)"
     R"("maxProperties":{"$ref":"#/definitions/positiveInteger"},)"
     R"("minProperties":{"$ref":"#/definitions/positiveIntegerDefault0"},)"
     R"("required":{"$ref":"#/definitions/stringArray"},)"
     R"("additionalProperties":{"anyOf":[{"type":"boolean"},)"
     R"({"$ref":"#"}]},"definitions":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("properties":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("patternProperties":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("dependencies":{"type":"object",)"
     R"("additionalProperties":{"anyOf":[{"$ref":"#"},)"
     R"({"$ref":"#/definitions/stringArray"}]}},"enum":{"type":"array",)"
     R"("minItems":1,"uniqueItems":true},)"
     R"("type":{"anyOf":[{"$ref":"#/definitions/simpleTypes"},)"
     R"({"type":"array","items":{"$ref":"#/definitions/simpleTypes"},)"
     R"("minItems":1,"uniqueItems":true}]},)"
     R"("allOf":{"$ref":"#/definitions/schemaArray"},)"
     R"("anyOf":{"$ref":"#/definitions/schemaArray"},)"
     R"("oneOf":{"$ref":"#/definitions/schemaArray"},"not":{"$ref":"#"},)"
     R"("format":{"type":"string"},"$ref":{"type":"string"}},)"
     R"("dependencies":{"exclusiveMaximum":["maximum"],)"
     R"("exclusiveMinimum":["minimum"]}})"},
    {"http://json-schema.org/draft-06/schema",
     R"({"$schema":"http://json-schema.org/draft-06/schema#",)"
     R"("$id":"http://json-schema.org/draft-06/schema#",)"
     R"("definitions":{"schemaArray":{"type":"array","minItems":1,)"
     R"("items":{"$ref":"#"}},"nonNegativeInteger":{"type":"integer",)"
     R"("minimum":0},"nonNegativeIntegerDefault0":{"allOf":[{"$ref":"#/def)"
     R"(initions/nonNegativeInteger"},{}]},"simpleTypes":{"enum":["array",)"
     R"("boolean","integer","null","number","object","string"]},)"
     R"("stringArray":{"type":"array","items":{"type":"string"},)"
     R"("uniqueItems":true}},"type":["object","boolean"],)"
     R"("properties":{"$id":{"type":"string","format":"uri-reference"},)"
     R"("$schema":{"type":"string","format":"uri"},)"
     R"("$ref":{"type":"string","format":"uri-reference"},)"
     R"("title":{"type":"string"},"description":{"type":"string"},)"
     R"("default":{},"multipleOf":{"type":"number","exclusiveMinimum":0},)"
     R"("maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},)"
     R"("minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},)"
     R"("maxLength":{"$ref":"#/definitions/nonNegativeInteger"},)"
     R"("minLength":{"$ref":"#/definitions/nonNegativeIntegerDefault0"},)"
     R"("pattern":{"type":"string","format":"regex"},)"
     R"("additionalItems":{"$ref":"#"},"items":{"anyOf":[{"$ref":"#"},)"
     R"({"$ref":"#/definitions/schemaArray"}]},)"
     R"("maxItems":{"$ref":"#/definitions/nonNegativeInteger"},)"
     R"("minItems":{"$ref":"#/definitions/nonNegativeIntegerDefault0"},)"
     R"("uniqueItems":{"type":"boolean"},"contains":{"$ref":"#"},)"
     R"("maxProperties":{"$ref":"#/definitions/nonNegativeInteger"},)"
     R"("minProperties":{"$ref":"#/definitions/nonNegativeIntegerDefault0")"
     R"(},"required":{"$ref":"#/definitions/stringArray"},)"
     R"("additionalProperties":{"$ref":"#"},)"
     R"("definitions":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("properties":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("patternProperties":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("dependencies":{"type":"object",)"
     R"("additionalProperties":{"anyOf":[{"$ref":"#"},)"
     R"({"$ref":"#/definitions/stringArray"}]}},)"
     R"("propertyNames":{"$ref":"#"},"const":{},"enum":{"type":"array",)"
     R"("minItems":1,"uniqueItems":true},)"
     R"("type":{"anyOf":[{"$ref":"#/definitions/simpleTypes"},)"
     R"({"type":"array","items":{"$ref":"#/definitions/simpleTypes"},)"
     R"("minItems":1,"uniqueItems":true}]},"format":{"type":"string"},)"
     R"("allOf":{"$ref":"#/definitions/schemaArray"},)"
     R"("anyOf":{"$ref":"#/definitions/schemaArray"},)"
     R"("oneOf":{"$ref":"#/definitions/schemaArray"},"not":{"$ref":"#"}}})"},
    {"http://json-schema.org/draft-07/schema",
     R"({"$schema":"http://json-schema.org/draft-07/schema#",)"
     R"("$id":"http://json-schema.org/draft-07/schema#",)"
     R"("definitions":{"schemaArray":{"type":"array","minItems":1,)"
     R"("items":{"$ref":"#"}},"nonNegativeInteger":{"type":"integer",)"
     R"("minimum":0},"nonNegativeIntegerDefault0":{"allOf":[{"$ref":"#/def)"
     R"(initions/nonNegativeInteger"},{}]},"simpleTypes":{"enum":["array",)"
     R"("boolean","integer","null","number","object","string"]},)"
     R"("stringArray":{"type":"array","items":{"type":"string"},)"
     R"("uniqueItems":true}},"type":["object","boolean"],)"
     R"("properties":{"$id":{"type":"string","format":"uri-reference"},)"
     R"("$schema":{"type":"string","format":"uri"},)"
     R"("$ref":{"type":"string","format":"uri-reference"},)"
     R"("$comment":{"type":"string"},"title":{"type":"string"},)"
     R"("description":{"type":"string"},"default":true,)"
     R"("readOnly":{"type":"boolean"},"writeOnly":{"type":"boolean"},)"
     R"("examples":{"type":"array","items":true},)"
     R"("multipleOf":{"type":"number","exclusiveMinimum":0},)"
     R"("maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},)"
     R"("minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},)"
     R"("maxLength":{"$ref":"#/definitions/nonNegativeInteger"},)"
     R"("minLength":{"$ref":"#/definitions/nonNegativeIntegerDefault0"},)"
     R"("pattern":{"type":"string","format":"regex"},)"
     R"("additionalItems":{"$ref":"#"},"items":{"anyOf":[{"$ref":"#"},)"
     R"({"$ref":"#/definitions/schemaArray"}]},)"
     R"("maxItems":{"$ref":"#/definitions/nonNegativeInteger"},)"
     R"("minItems":{"$ref":"#/definitions/nonNegativeIntegerDefault0"},)"
     R"("uniqueItems":{"type":"boolean"},"contains":{"$ref":"#"},)"
     R"("maxProperties":{"$ref":"#/definitions/nonNegativeInteger"},)"
     R"("minProperties":{"$ref":"#/definitions/nonNegativeIntegerDefault0")"
     R"(},"required":{"$ref":"#/definitions/stringArray"},)"
     R"("additionalProperties":{"$ref":"#"},)"
     R"("definitions":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("properties":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"}},)"
     R"("patternProperties":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#"},)"
     R"("propertyNames":{"format":"regex"}},)"
     R"("dependencies":{"type":"object",)"
     R"("additionalProperties":{"anyOf":[{"$ref":"#"},)"
     R"({"$ref":"#/definitions/stringArray"}]}},)"
     R"("propertyNames":{"$ref":"#"},"const":true,"enum":{"type":"array",)"
     R"("items":true,"minItems":1,"uniqueItems":true},)"
     R"("type":{"anyOf":[{"$ref":"#/definitions/simpleTypes"},)"
     R"({"type":"array","items":{"$ref":"#/definitions/simpleTypes"},)"
     R"("minItems":1,"uniqueItems":true}]},"format":{"type":"string"},)"
     R"("contentMediaType":{"type":"string"},)"
     R"("contentEncoding":{"type":"string"},"if":{"$ref":"#"},)"
     R"("then":{"$ref":"#"},"else":{"$ref":"#"},)"
     R"("allOf":{"$ref":"#/definitions/schemaArray"},)"
     R"("anyOf":{"$ref":"#/definitions/schemaArray"},)"
     R"("oneOf":{"$ref":"#/definitions/schemaArray"},"not":{"$ref":"#"}}})"},
    {"https://json-schema.org/draft/2019-09/schema",
     R"({"$schema":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$id":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$recursiveAnchor":true,"allOf":[{"$ref":"meta/core"},)"
     R"({"$ref":"meta/applicator"},{"$ref":"meta/validation"},)"
     R"({"$ref":"meta/meta-data"},{"$ref":"meta/format"},)"
     R"({"$ref":"meta/content"}],"type":["object","boolean"],)"
     R"("properties":{"definitions":{"type":"object",)"
     R"("additionalProperties":{"$recursiveRef":"#"}},)"
     R"("dependencies":{"type":"object",)"
     R"("additionalProperties":{"anyOf":[{"$recursiveRef":"#"},)"
     R"({"$ref":"meta/validation#/$defs/stringArray"}]}}}})"},
    {"https://json-schema.org/draft/2019-09/meta/core",
     R"({"$schema":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$id":"https://json-schema.org/draft/2019-09/meta/core",)"
     R"("$recursiveAnchor":true,"type":["object","boolean"],)"
     R"("properties":{"$id":{"type":"string","format":"uri-reference",)"
     R"("pattern":"^[^#]*#?$"},"$schema":{"type":"string","format":"uri"},)"
     R"("$anchor":{"type":"string",)"
     R"("pattern":"^[A-Za-z][-A-Za-z0-9.:_]*$"},"$ref":{"type":"string",)"
     R"("format":"uri-reference"},"$recursiveRef":{"type":"string",)"
     R"("format":"uri-reference"},"$recursiveAnchor":{"type":"boolean"},)"
     R"("$vocabulary":{"type":"object","propertyNames":{"type":"string",)"
     R"("format":"uri"},"additionalProperties":{"type":"boolean"}},)"
     R"("$comment":{"type":"string"},"$defs":{"type":"object",)"
     R"("additionalProperties":{"$recursiveRef":"#"}}}})"},
    {"https://json-schema.org/draft/2019-09/meta/applicator",
     R"({"$schema":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$id":"https://json-schema.org/draft/2019-09/meta/applicator",)"
     R"("$recursiveAnchor":true,"type":["object","boolean"],)"
     R"("properties":{"additionalItems":{"$recursiveRef":"#"},)"
     R"("unevaluatedItems":{"$recursiveRef":"#"},)"
     R"("items":{"anyOf":[{"$recursiveRef":"#"},)"
     R"({"$ref":"#/$defs/schemaArray"}]},"contains":{"$recursiveRef":"#"},)"
     R"("additionalProperties":{"$recursiveRef":"#"},)"
     R"("unevaluatedProperties":{"$recursiveRef":"#"},)"
     R"("properties":{"type":"object",)"
     R"("additionalProperties":{"$recursiveRef":"#"}},)"
     R"("patternProperties":{"type":"object",)"
     R"("additionalProperties":{"$recursiveRef":"#"},)"
     R"("propertyNames":{"format":"regex"}},)"
     R"("dependentSchemas":{"type":"object",)"
     R"("additionalProperties":{"$recursiveRef":"#"}},)"
     R"("propertyNames":{"$recursiveRef":"#"},"if":{"$recursiveRef":"#"},)"
     R"("then":{"$recursiveRef":"#"},"else":{"$recursiveRef":"#"},)"
     R"("allOf":{"$ref":"#/$defs/schemaArray"},)"
     R"("anyOf":{"$ref":"#/$defs/schemaArray"},)"
     R"("oneOf":{"$ref":"#/$defs/schemaArray"},)"
     R"("not":{"$recursiveRef":"#"}},)"
     R"("$defs":{"schemaArray":{"type":"array","minItems":1,)"
     R"("items":{"$recursiveRef":"#"}}}})"},
    {"https://json-schema.org/draft/2019-09/meta/validation",
     R"({"$schema":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$id":"https://json-schema.org/draft/2019-09/meta/validation",)"
     R"("$recursiveAnchor":true,"type":["object","boolean"],)"
     R"("properties":{"multipleOf":{"type":"number","exclusiveMinimum":0},)"
     R"("maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},)"
     R"("minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},)"
     R"("maxLength":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minLength":{"$ref":"#/$defs/nonNegativeIntegerDefault0"},)"
     R"("pattern":{"type":"string","format":"regex"},)"
     R"("maxItems":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minItems":{"$ref":"#/$defs/nonNegativeIntegerDefault0"},)"
     R"("uniqueItems":{"type":"boolean"},)"
     R"("maxContains":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minContains":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("maxProperties":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minProperties":{"$ref":"#/$defs/nonNegativeIntegerDefault0"},)"
     R"("required":{"$ref":"#/$defs/stringArray"},)"
     R"("dependentRequired":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#/$defs/stringArray"}},)"
     R"("const":true,"enum":{"type":"array","items":true},)"
     R"("type":{"anyOf":[{"$ref":"#/$defs/simpleTypes"},{"type":"array",)"
     R"("items":{"$ref":"#/$defs/simpleTypes"},"minItems":1,)"
     R"("uniqueItems":true}]}},)"
     R"("$defs":{"nonNegativeInteger":{"type":"integer","minimum":0},)"
     R"("nonNegativeIntegerDefault0":{"$ref":"#/$defs/nonNegativeInteger"})"
     R"(,"simpleTypes":{"enum":["array","boolean","integer","null",)"
     R"("number","object","string"]},"stringArray":{"type":"array",)"
     R"("items":{"type":"string"},"uniqueItems":true}}})"},
    {"https://json-schema.org/draft/2019-09/meta/meta-data",
     R"({"$schema":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$id":"https://json-schema.org/draft/2019-09/meta/meta-data",)"
     R"("$recursiveAnchor":true,"type":["object","boolean"],)"
     R"("properties":{"title":{"type":"string"},)"
     R"("description":{"type":"string"},"default":true,)"
     R"("deprecated":{"type":"boolean"},"readOnly":{"type":"boolean"},)"
     R"("writeOnly":{"type":"boolean"},"examples":{"type":"array",)"
     R"("items":true}}})"},
    {"https://json-schema.org/draft/2019-09/meta/format",
     R"({"$schema":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$id":"https://json-schema.org/draft/2019-09/meta/format",)"
     R"("$recursiveAnchor":true,"type":["object","boolean"],)"
     R"("properties":{"format":{"type":"string"}}})"},
    {"https://json-schema.org/draft/2019-09/meta/content",
     R"({"$schema":"https://json-schema.org/draft/2019-09/schema",)"
     R"("$id":"https://json-schema.org/draft/2019-09/meta/content",)"
     R"("$recursiveAnchor":true,"type":["object","boolean"],)"
     R"("properties":{"contentMediaType":{"type":"string"},)"
     R"("contentEncoding":{"type":"string"},)"
     R"("contentSchema":{"$recursiveRef":"#"}}})"},
    {"https://json-schema.org/draft/2020-12/schema",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$dynamicAnchor":"meta","allOf":[{"$ref":"meta/core"},)"
     R"({"$ref":"meta/applicator"},{"$ref":"meta/unevaluated"},)"
     R"({"$ref":"meta/validation"},{"$ref":"meta/meta-data"},)"
     R"({"$ref":"meta/format-annotation"},{"$ref":"meta/content"}],)"
     R"("type":["object","boolean"],)"
     R"("properties":{"definitions":{"type":"object",)"
     R"("additionalProperties":{"$dynamicRef":"#meta"}},)"
     R"("dependencies":{"type":"object",)"
     R"("additionalProperties":{"anyOf":[{"$dynamicRef":"#meta"},)"
     R"({"$ref":"meta/validation#/$defs/stringArray"}]}},)"
     R"("$recursiveAnchor":{"$ref":"meta/core#/$defs/anchorString"},)"
     R"("$recursiveRef":{"$ref":"meta/core#/$defs/uriReferenceString"}}})"},
    {"https://json-schema.org/draft/2020-12/meta/core",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/core",)"
     R"("$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"$id":{"$ref":"#/$defs/uriReferenceString",)"
     R"("pattern":"^[^#]*#?$"},"$schema":{"$ref":"#/$defs/uriString"},)"
     R"("$ref":{"$ref":"#/$defs/uriReferenceString"},)"
     R"("$anchor":{"$ref":"#/$defs/anchorString"},)"
     R"("$dynamicRef":{"$ref":"#/$defs/uriReferenceString"},)"
     R"("$dynamicAnchor":{"$ref":"#/$defs/anchorString"},)"
     R"("$vocabulary":{"type":"object",)"
     R"("propertyNames":{"$ref":"#/$defs/uriString"},)"
     R"("additionalProperties":{"type":"boolean"}},)"
     R"("$comment":{"type":"string"},"$defs":{"type":"object",)"
     R"("additionalProperties":{"$dynamicRef":"#meta"}}},)"
     R"("$defs":{"anchorString":{"type":"string",)"
     R"("pattern":"^[A-Za-z_][-A-Za-z0-9._]*$"},)"
     R"("uriString":{"type":"string","format":"uri"},)"
     R"("uriReferenceString":{"type":"string","format":"uri-reference"}}})"},
    {"https://json-schema.org/draft/2020-12/meta/applicator",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/applicator",)"
     R"("$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"prefixItems":{"$ref":"#/$defs/schemaArray"},)"
     R"("items":{"$dynamicRef":"#meta"},)"
     R"("contains":{"$dynamicRef":"#meta"},)"
     R"("additionalProperties":{"$dynamicRef":"#meta"},)"
     R"("properties":{"type":"object",)"
     R"("additionalProperties":{"$dynamicRef":"#meta"}},)"
     R"("patternProperties":{"type":"object",)"
     R"("additionalProperties":{"$dynamicRef":"#meta"},)"
     R"("propertyNames":{"format":"regex"}},)"
     R"("dependentSchemas":{"type":"object",)"
     R"("additionalProperties":{"$dynamicRef":"#meta"}},)"
     R"("propertyNames":{"$dynamicRef":"#meta"},)"
     R"("if":{"$dynamicRef":"#meta"},"then":{"$dynamicRef":"#meta"},)"
     R"("else":{"$dynamicRef":"#meta"},)"
     R"("allOf":{"$ref":"#/$defs/schemaArray"},)"
     R"("anyOf":{"$ref":"#/$defs/schemaArray"},)"
     R"("oneOf":{"$ref":"#/$defs/schemaArray"},)"
     R"("not":{"$dynamicRef":"#meta"}},)"
     R"("$defs":{"schemaArray":{"type":"array","minItems":1,)"
     R"("items":{"$dynamicRef":"#meta"}}}})"},
    {"https://json-schema.org/draft/2020-12/meta/unevaluated",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/unevaluated",)"
     R"("$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"unevaluatedItems":{"$dynamicRef":"#meta"},)"
     R"("unevaluatedProperties":{"$dynamicRef":"#meta"}}})"},
    {"https://json-schema.org/draft/2020-12/meta/validation",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/validation",)"
     R"("$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"type":{"anyOf":[{"$ref":"#/$defs/simpleTypes"},)"
     R"({"type":"array","items":{"$ref":"#/$defs/simpleTypes"},)"
     R"("minItems":1,"uniqueItems":true}]},"const":true,)"
     R"("enum":{"type":"array","items":true},)"
     R"("multipleOf":{"type":"number","exclusiveMinimum":0},)"
     R"("maximum":{"type":"number"},"exclusiveMaximum":{"type":"number"},)"
     R"("minimum":{"type":"number"},"exclusiveMinimum":{"type":"number"},)"
     R"("maxLength":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minLength":{"$ref":"#/$defs/nonNegativeIntegerDefault0"},)"
     R"("pattern":{"type":"string","format":"regex"},)"
     R"("maxItems":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minItems":{"$ref":"#/$defs/nonNegativeIntegerDefault0"},)"
     R"("uniqueItems":{"type":"boolean"},)"
     R"("maxContains":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minContains":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("maxProperties":{"$ref":"#/$defs/nonNegativeInteger"},)"
     R"("minProperties":{"$ref":"#/$defs/nonNegativeIntegerDefault0"},)"
     R"("required":{"$ref":"#/$defs/stringArray"},)"
     R"("dependentRequired":{"type":"object",)"
     R"("additionalProperties":{"$ref":"#/$defs/stringArray"}}},)"
     R"("$defs":{"nonNegativeInteger":{"type":"integer","minimum":0},)"
     R"("nonNegativeIntegerDefault0":{"$ref":"#/$defs/nonNegativeInteger"})"
     R"(,"simpleTypes":{"enum":["array","boolean","integer","null",)"
     R"("number","object","string"]},"stringArray":{"type":"array",)"
     R"("items":{"type":"string"},"uniqueItems":true}}})"},
    {"https://json-schema.org/draft/2020-12/meta/meta-data",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/meta-data",)"
     R"("$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"title":{"type":"string"},)"
     R"("description":{"type":"string"},"default":true,)"
     R"("deprecated":{"type":"boolean"},"readOnly":{"type":"boolean"},)"
     R"("writeOnly":{"type":"boolean"},"examples":{"type":"array",)"
     R"("items":true}}})"},
    {"https://json-schema.org/draft/2020-12/meta/format-annotation",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/format-annotatio)"
     R"(n","$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"format":{"type":"string"}}})"},
    {"https://json-schema.org/draft/2020-12/meta/format-assertion",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/format-assertion)"
     R"(","$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"format":{"type":"string"}}})"},
    {"https://json-schema.org/draft/2020-12/meta/content",
     R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
     R"("$id":"https://json-schema.org/draft/2020-12/meta/content",)"
     R"("$dynamicAnchor":"meta","type":["object","boolean"],)"
     R"("properties":{"contentEncoding":{"type":"string"},)"
     R"("contentMediaType":{"type":"string"},)"
     R"("contentSchema":{"$dynamicRef":"#meta"}}})"},
};

}  // namespace

std::string_view draft_url(int draft) {
  switch (draft) {
    case 4: return "http://json-schema.org/draft-04/schema";
    case 6: return "http://json-schema.org/draft-06/schema";
    case 7: return "http://json-schema.org/draft-07/schema";
    case 2019: return "https://json-schema.org/draft/2019-09/schema";
    default: return "https://json-schema.org/draft/2020-12/schema";
  }
}

std::string_view metaschema_text(std::string_view url) {
  std::size_t scheme = url.find("://");
  if (scheme == url.npos) return {};
  std::string_view rest = url.substr(scheme);
  if (rest == "://json-schema.org/schema") {
    return metaschema_text(draft_url(2020));
  }
  for (auto& [known, text] : kTexts) {
    if (known.substr(known.find("://")) == rest) return text;
  }
  return {};
}

const Schema& metaschema(int draft) {
  struct Compiled {
    explicit Compiled(int of)
        : compiler(true), schema(compiler.compile(std::string(draft_url(of)))) {
    }
    Compiler compiler;
    const Schema& schema;
  };
  // Compiled when first needed, kept till the process ends.
  switch (draft) {
    case 4: {
      static const Compiled& kMade = *new Compiled(4);
      return kMade.schema;
    }
    case 6: {
      static const Compiled& kMade = *new Compiled(6);
      return kMade.schema;
    }
    case 7: {
      static const Compiled& kMade = *new Compiled(7);
      return kMade.schema;
    }
    case 2019: {
      static const Compiled& kMade = *new Compiled(2019);
      return kMade.schema;
    }
    default: {
      static const Compiled& kMade = *new Compiled(2020);
      return kMade.schema;
    }
  }
}

}  // namespace skerry::chart::schema
