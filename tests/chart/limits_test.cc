// Templates that would run for ever or eat the memory.
#include <gtest/gtest.h>

#include "core/error.h"
#include "world.h"

namespace skerry::chart {
namespace {

// The message of the limit that a template runs into; otherwise "".
std::string limit_error(const std::string& body, const RenderLimits& limits) {
  RenderOptions options;
  options.limits = limits;
  try {
    render(*make_tree(chart_files({{"templates/x.yaml", body}})), "", options);
    return "";
  } catch (const Error& error) {
    return error.code() == ErrorCode::too_large ? error.message() : "";
  }
}

RenderLimits small_limits() {
  RenderLimits limits;
  limits.max_steps = 100'000;
  limits.max_bytes = 1u << 20;
  return limits;
}

TEST(Limits, StopEndlessWork) {
  for (const char* body :
       {"{{ range until 1000000000 }}x{{ end }}",
        "{{ range untilStep 0 2000000000 1 }}x{{ end }}",
        "{{ repeat 1000000000 \"abc\" }}", "{{ range 1000000000 }}{{ end }}",
        "{{ $x := \"ab\" }}{{ range 60 }}{{ $x = print $x $x }}{{ end }}",
        "{{ $x := \"ab\" }}{{ range 60 }}{{ $x = cat $x $x }}{{ end }}",
        "{{ $x := list }}{{ range 1000000 }}{{ $x = append $x $x }}{{ end }}",
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = concat $x $x }}{{ end }}",
        "{{ $d := dict }}{{ range $i, $_ := until 90000 }}"
        "{{ $_ := set $d (print $i) $i }}{{ end }}",
        "{{ replace \"\" (repeat 1000 \"x\") (repeat 100000 \"y\") }}",
        "{{ splitList \"\" (repeat 500000 \"y\") }}",
        "{{ regexFindAll \".\" (repeat 500000 \"y\") -1 }}",
        "{{ wrapWith 1 (repeat 1000 \"x\") (repeat 10000 \"y\") }}",
        "{{ randAlphaNum 2000000000 }}", "{{ seq 1 1000000000 }}",
        "{{ indent 2000000000 \"x\" }}",
        "{{ tpl (repeat 9000000 \"x\") . }}"}) {
    EXPECT_NE(limit_error(body, small_limits()), "") << body;
  }
}

TEST(Limits, SayWhere) {
  EXPECT_EQ(limit_error("a: 1\nb: {{ repeat 1000000000 \"abc\" }}",
                        small_limits()),
            "app/templates/x.yaml:2:6: executing \"app/templates/x.yaml\" at "
            "<repeat 1000000000 \"abc\">: the templates produce more than "
            "1048576 bytes");
  EXPECT_EQ(limit_error("{{ define \"f\" }}\n{{ until 1000000000 }}{{ end }}"
                        "{{ include \"f\" . }}",
                        small_limits()),
            "app/templates/x.yaml:2:3: executing \"f\" at <until 1000000000>: "
            "the templates need more than 100000 steps: raise the limit or "
            "look for an endless loop");
}

// Lists that hold the same list twice, sixty levels down: small in memory,
// endless when written out.
TEST(Limits, StopSharedValuesThatGrow) {
  const std::string grow =
      "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}"
      "{{ $y := list 1 }}{{ range 60 }}{{ $y = list $y $y }}{{ end }}";
  for (const char* use :
       {"{{ toYaml $x }}", "{{ toJson $x }}", "{{ toPrettyJson $x }}",
        "{{ print $x }}", "{{ $x }}", "{{ quote $x }}",
        "{{ printf \"%v\" $x }}", "{{ toToml (dict \"x\" $x) }}",
        "{{ deepCopy $x }}", "{{ deepEqual $x $y }}", "{{ has $x (list $y) }}",
        "{{ join \",\" $x }}"}) {
    EXPECT_NE(limit_error(grow + use, {}), "") << use;
  }
  EXPECT_NE(limit_error("{{ $s := repeat 1000 \"%[1]s\" }}"
                        "{{ printf $s (repeat 1000000 \"x\") }}", {}), "");
  EXPECT_NE(limit_error("{{ printf (repeat 1000 \"%1000000[1]d\") 1 }}", {}), "");
}

TEST(Limits, StopRecursion) {
  EXPECT_NE(template_error("{{ define \"r\" }}{{ template \"r\" . }}{{ end }}"
                           "{{ template \"r\" . }}")
                .find("exceeded maximum template depth (100000)"),
            std::string::npos);
  EXPECT_NE(template_error("{{ define \"r\" }}{{ include \"r\" . }}{{ end }}"
                           "{{ include \"r\" . }}")
                .find("rendering template has a nested reference name: r"),
            std::string::npos);
  EXPECT_NE(template_error("{{ $t := \"{{ tpl .t . }}\" }}"
                           "{{ tpl $t (dict \"t\" $t) }}"),
            "");
}

TEST(Limits, SurviveDeepAndCyclicValues) {
  EXPECT_EQ(run_template("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}"
                         "{{ toYaml $d | len }}{{ toJson $d | len }}"),
            "00");
  EXPECT_EQ(run_template("{{ $x := list }}{{ range 20000 }}"
                         "{{ $x = list $x }}{{ end }}done"),
            "done");
  EXPECT_NE(template_error("{{ $d := dict }}{{ $e := dict \"d\" $d }}"
                           "{{ $_ := set $d \"d\" $e }}{{ $_ = set $e \"x\" $d }}"
                           "{{ merge $d $e | len }}{{ print $d }}"),
            "");
}

TEST(Limits, StopInTime) {
  RenderLimits limits;
  limits.max_time = std::chrono::milliseconds(50);
  limits.max_steps = UINT64_MAX;
  EXPECT_NE(limit_error("{{ range 2000000000 }}{{ end }}", limits), "");
}

}  // namespace
}  // namespace skerry::chart
