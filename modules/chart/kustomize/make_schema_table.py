#!/usr/bin/env python3
"""Writes schema_table.cc: what a strategic merge patch needs of the OpenAPI
document that Kustomize embeds.

    make_schema_table.py KUSTOMIZE_CHECKOUT > schema_table.cc

KUSTOMIZE_CHECKOUT is a git repository of kubernetes-sigs/kustomize with the tag
below. Of its definitions only those stay from which a list with a patch
strategy can be reached, of these only the fields on the way there:

    Definition field:Definition list[*mergeKey,mergeKey:Definition map{:...
    @apiVersion Kind:Definition Kind ...
"""
import json
import re
import subprocess
import sys

TAG = "kustomize/v5.7.1"
SWAGGER = "kyaml/openapi/kubernetesapi/v1_21_2/swagger.pb"
OWN = "kyaml/openapi/kustomizationapi/swagger.json"
PREFIX = "#/definitions/"


def show(repository, path):
    return subprocess.check_output(
        ["git", "-C", repository, "show", f"{TAG}:{path}"])


# Protocol buffers, wire format: {field number: [value, ...]}.
def varint(data, i):
    value = shift = 0
    while True:
        byte = data[i]
        i += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, i


def fields(data):
    found, i = {}, 0
    while i < len(data):
        key, i = varint(data, i)
        wire = key & 7
        if wire == 0:
            value, i = varint(data, i)
        elif wire == 1:
            value, i = data[i:i + 8], i + 8
        elif wire == 5:
            value, i = data[i:i + 4], i + 4
        else:
            size, i = varint(data, i)
            value, i = data[i:i + size], i + size
        found.setdefault(key >> 3, []).append(value)
    return found


def named(data):
    pair = fields(data)
    return pair.get(1, [b""])[0].decode(), pair.get(2, [b""])[0]


def extensions(messages):
    """NamedAny messages; the values are small YAML texts."""
    found = {}
    for message in messages:
        name, value = named(message)
        text = fields(value).get(2, [b""])[0].decode()
        if name == "x-kubernetes-group-version-kind":
            items, item = [], None
            for line in text.splitlines():
                part = re.match(r'(- |  )?(\w+): ?"?([^"]*)"?$', line)
                if not part:
                    continue
                if part[1] != "  " and (part[1] or item is None):
                    item = {}
                    items.append(item)
                item[part[2]] = part[3]
            found[name] = items
        elif name == "x-kubernetes-list-map-keys":
            found[name] = [l[2:].strip() for l in text.splitlines() if l]
        elif name.startswith("x-kubernetes-patch"):
            found[name] = text.strip()
    return found


def schema_of_message(data):
    """gnostic's openapiv2.Schema as the JSON of OpenAPI."""
    message = fields(data)
    schema = extensions(message.get(31, []))
    if 1 in message:
        schema["$ref"] = message[1][0].decode()
    if 22 in message:
        schema["type"] = [t.decode() for t in fields(message[22][0])[1]]
    if 23 in message:
        schema["items"] = schema_of_message(fields(message[23][0])[1][0])
    if 21 in message and 1 in fields(message[21][0]):
        schema["additionalProperties"] = schema_of_message(
            fields(message[21][0])[1][0])
    if 25 in message:
        schema["properties"] = {
            name: schema_of_message(value)
            for name, value in map(named, fields(message[25][0]).get(1, []))}
    return schema


def api_version(gvk):
    group = gvk.get("group", "")
    return (group + "/" if group else "") + gvk["version"]


def scopes_of(document):
    """(apiVersion, kind) -> whether it lives in a namespace."""
    scopes = {}
    for path, item in map(named, fields(document[8][0]).get(2, [])):
        get = fields(item).get(2)
        if not get:
            continue
        gvk = extensions(fields(get[0]).get(13, [])).get(
            "x-kubernetes-group-version-kind")
        if not gvk:
            continue
        kind = (api_version(gvk[0]), gvk[0]["kind"])
        scopes[kind] = ("namespaces/{namespace}" in path) or scopes.get(
            kind, False)
    return scopes


def list_keys(schema):
    """What makes a list mergeable: None, or its merge keys."""
    if schema.get("x-kubernetes-patch-strategy") is None:
        return None
    if "merge" not in schema["x-kubernetes-patch-strategy"].split(","):
        return None
    keys = schema.get("x-kubernetes-list-map-keys")
    if keys is None:
        key = schema.get("x-kubernetes-patch-merge-key")
        keys = [key] if key else []
    return keys


class Table:
    def __init__(self, definitions):
        self.definitions = definitions
        self.keeps = {}
        changed = True
        while changed:  # to a fixed point: definitions may be recursive
            changed = False
            for name, schema in definitions.items():
                if not self.keeps.get(name) and self.wanted(schema):
                    self.keeps[name] = changed = True

    def wanted(self, schema):
        if list_keys(schema) is not None:
            return True
        if "$ref" in schema:
            return self.keeps.get(schema["$ref"][len(PREFIX):], False)
        inner = list(schema.get("properties", {}).values())
        inner += [schema[k] for k in ("items", "additionalProperties")
                  if isinstance(schema.get(k), dict)]
        return any(self.wanted(s) for s in inner)

    def target(self, schema, names):
        """The definition that a field's value, or its elements, have."""
        while "$ref" not in schema:
            inner = schema.get("items") or schema.get("additionalProperties")
            if not inner or "properties" in schema:
                return ""
            schema = inner
        name = schema["$ref"][len(PREFIX):]
        return names[name] if self.keeps.get(name) else ""

    def shape(self, schema):
        shape = ""
        while "$ref" not in schema:
            if isinstance(schema.get("additionalProperties"), dict):
                shape, schema = shape + "{", schema["additionalProperties"]
            elif "items" in schema:
                shape, schema = shape + "[", schema["items"]
            else:
                break
        return shape

    def body(self, schema, names):
        text = ""
        for name, value in sorted(schema.get("properties", {}).items()):
            if not self.wanted(value):
                continue
            text += " " + name + self.shape(value)
            keys = list_keys(value)
            if keys is not None:
                text += "*" + ",".join(keys)
            target = self.target(value, names)
            text += ":" + target if target else ""
        return text

    def names(self):
        """Equal definitions get one name; {long name: name}."""
        names = {name: "" for name in sorted(self.keeps)}
        classes = 0
        while True:
            bodies = {n: self.body(self.definitions[n], names) for n in names}
            first = {}
            for n in names:
                first.setdefault(bodies[n], n)
            names = {n: first[bodies[n]] for n in names}
            if len(first) == classes:
                break
            classes = len(first)
        short, taken = {}, set()
        for n in sorted(set(names.values())):
            members = [m for m in names if names[m] == n]
            choices = [m.split(".")[-1] for m in members]
            choices += ["".join(m.split(".")[-3:]) for m in members]
            short[n] = next(c for c in choices if c not in taken)
            taken.add(short[n])
        return {n: short[names[n]] for n in names}

    def lines(self):
        names = self.names()
        done = {}
        for n in names:
            done.setdefault(names[n], self.body(self.definitions[n], names))
        for name in sorted(done):
            yield name + done[name]
        kinds = {}
        for n in names:
            for gvk in self.definitions[n].get(
                    "x-kubernetes-group-version-kind", []):
                kind = gvk["kind"]
                kinds.setdefault(api_version(gvk), []).append(
                    kind if kind == names[n] else kind + ":" + names[n])
        for version in sorted(kinds):
            yield "@" + version + " " + " ".join(sorted(kinds[version]))


def main():
    repository = sys.argv[1]
    document = fields(show(repository, SWAGGER))
    definitions = {name: schema_of_message(value) for name, value in
                   map(named, fields(document[9][0]).get(1, []))}
    definitions.update(json.loads(show(repository, OWN))["definitions"])
    # A list of objects is taken apart when it is read.
    definitions = {name: schema for name, schema in definitions.items()
                   if not name.endswith("List")}
    print("// Written by make_schema_table.py; do not edit.\n"
          '#include "kustomize/schema_table.h"\n\n'
          "namespace skerry::chart::kustomize {\n")
    print("const char* const kSchemaLines[] = {")
    for line in Table(definitions).lines():
        print('    "' + '"\n    "'.join(wrapped(line)) + '",')
    print("    nullptr};\n")
    scopes = {}
    for (version, kind), inside in scopes_of(document).items():
        scopes.setdefault((version, inside), []).append(kind)
    print("const char* const kScopeLines[] = {")
    for (version, inside), kinds in sorted(scopes.items()):
        line = ("+" if inside else "-") + version + " " + " ".join(
            sorted(kinds))
        print('    "' + '"\n    "'.join(wrapped(line)) + '",')
    print("    nullptr};\n\n}  // namespace skerry::chart::kustomize")


def wrapped(line, width=72):
    parts, part = [], ""
    for word in re.findall(r"\S+\s*", line):
        if part and len(part) + len(word) > width:
            parts.append(part)
            part = ""
        part += word
    return parts + [part]


if __name__ == "__main__":
    main()
