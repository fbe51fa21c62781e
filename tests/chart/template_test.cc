// The template language itself; the functions are in probes_test.cc.
#include <gtest/gtest.h>

#include "world.h"

namespace skerry::chart {
namespace {

TEST(Template, RunsTheLanguage) {
  const std::string values = "s: str\ni: 5\nl: [a, b]\nm: {y1: 1, x: 2}\nz: ~\n";
  struct Case {
    const char *body, *text;
  };
  for (auto [body, text] : std::initializer_list<Case>{
           {"{{ .Values.s }}", "str"},
           {"{{ .Values.i }}", "5"},
           {"{{ .Values.missing }}", ""},
           {"{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ end }}{{ $x }}", "2"},
           {"{{ $x := 1 }}{{ if true }}{{ $x := 2 }}{{ end }}{{ $x }}", "1"},
           {"{{ range $i, $e := .Values.l }}{{ $i }}={{ $e }};{{ end }}",
            "0=a;1=b;"},
           {"{{ range $k, $v := .Values.m }}{{ $k }}={{ $v }};{{ end }}",
            "x=2;y1=1;"},
           {"{{ range 3 }}{{ . }}{{ end }}", "012"},
           {"{{ range .Values.z }}a{{ else }}none{{ end }}", "none"},
           {"{{ range until 9 }}{{ if eq . 2 }}{{ continue }}{{ end }}"
            "{{ if eq . 4 }}{{ break }}{{ end }}{{ . }}{{ end }}",
            "013"},
           {"{{ with .Values.z }}a{{ else with .Values.s }}{{ . }}{{ end }}",
            "str"},
           {"{{ if and .Values.z (fail \"x\") }}{{ else }}short{{ end }}",
            "short"},
           {"{{ or .Values.z \"d\" }}", "d"},
           {"{{ define \"t\" }}<{{ . }}>{{ end }}{{ template \"t\" 5 }}", "<5>"},
           {"{{ block \"b\" .Values.s }}[{{ . }}]{{ end }}", "[str]"},
           {"a  {{- /* c */ -}}  b", "ab"},
           {"{{ (index .Values.l 1) | upper | quote }}", "\"B\""},
           {"{{ ((.Values).missing).x }}", ""},
           {"{{ printf \"%v\" (list 1 nil \"a\") }}", "[1 <nil> a]"},
           {"{{ tpl \"{{ .Values.s }}!\" . }}", "str!"},
           {"{{ include \"i\" . }}{{ define \"i\" }}in{{ end }}", "in"},
           {"{{ .Capabilities.APIVersions.Has \"apps/v1\" }}", "true"},
           {"{{ \"apps/v9\" | .Capabilities.APIVersions.Has }}", "false"},
           {"{{ .Release.Name }} {{ .Chart.Name }} {{ .Template.Name }}",
            "rel app app/templates/x.yaml"}}) {
    EXPECT_EQ(run_template(body, values), text) << body;
  }
}

TEST(Template, SharesMapsAsGoDoes) {
  EXPECT_EQ(run_template("{{ $d := dict \"a\" 1 }}{{ $e := $d }}"
                         "{{ $_ := set $e \"a\" 2 }}{{ $d.a }}"),
            "2");
  EXPECT_EQ(run_template("{{ $_ := set .Values \"x\" . }}"
                         "{{ .Values.x.Release.Name }}"),
            "rel");
}

TEST(Template, TellsErrorsAsHelm4) {
  struct Case {
    const char *body, *error;
  };
  for (auto [body, error] : std::initializer_list<Case>{
           {"{{ .Values.a.b }}",
            "app/templates/x.yaml:1:10\n  executing \"app/templates/x.yaml\" at "
            "<.Values.a.b>:\n    nil pointer evaluating interface {}.b"},
           {"\n {{ required \"say it\" .Values.a }}",
            "execution error at (app/templates/x.yaml:2:4): say it"},
           {"{{ div 1 0 }}",
            "template: app/templates/x.yaml:1:3: executing "
            "\"app/templates/x.yaml\" at <div 1 0>: error calling div: runtime "
            "error: integer divide by zero"},
           {"{{ upper 5 }}",
            "app/templates/x.yaml:1:9\n  executing \"app/templates/x.yaml\" at "
            "<5>:\n    expected string; found 5"},
           {"{{ if }}",
            "parse error at (app/templates/x.yaml:1): missing value for if"}}) {
    EXPECT_EQ(template_error(body), error) << body;
  }
}

TEST(Template, ChainsErrorsOfIncludes) {
  EXPECT_EQ(template_error("{{ define \"t\" }}\n{{ .x.y.z }}{{ end }}"
                           "{{ include \"t\" (dict) }}"),
            "app/templates/x.yaml:2:24\n"
            "  executing \"app/templates/x.yaml\" at <include \"t\" (dict)>:\n"
            "    error calling include:\n"
            "app/templates/x.yaml:2:5\n"
            "  executing \"t\" at <.x.y.z>:\n"
            "    nil pointer evaluating interface {}.y");
}

}  // namespace
}  // namespace skerry::chart
