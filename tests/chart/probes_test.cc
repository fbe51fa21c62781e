// The results of Helm 4.1.4 for many small templates, kept in probes/: a line
// holds an id, the template and the result, both as JSON strings.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/error.h"
#include "core/text/encoding.h"
#include "world.h"

namespace skerry::chart {
namespace {

std::string read(const std::string& name) {
  std::ifstream file(std::string(CHART_PROBES) + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Probe {
  std::string id, body, result;
};

std::vector<Probe> read_probes(const std::string& group) {
  std::vector<Probe> probes;
  std::istringstream lines(read(group + ".tsv"));
  std::string line;
  std::getline(lines, line);  // the head
  while (std::getline(lines, line)) {
    std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    Json body = Json::parse(line.substr(first + 1, second - first - 1),
                            nullptr, false);
    Json result = Json::parse(line.substr(second + 1), nullptr, false);
    if (!body.is_string() || !result.is_string()) continue;
    probes.push_back({line.substr(0, first), body, result});
  }
  return probes;
}

// Results that are random, that print addresses, that were not UTF-8 when they
// were written down, or that list the chart's files.
bool is_left_out(const Probe& probe) {
  for (const char* word :
       {"fromToml", "1i}", "1i ", "{{ .Capabilities }}", "%p", "trunc 2 \"\xE6", "{{ .Files }}"}) {
    if (probe.body.find(word) != std::string::npos) return true;
  }
  return false;
}

class Probes : public testing::TestWithParam<const char*> {};

TEST_P(Probes, GiveHelmsResults) {
  std::string group = GetParam();
  Files files = {{"Chart.yaml", read("Chart.yaml")},
                 {"values.yaml", read("values.yaml")},
                 {"files/t.txt", read("t.txt")},
                 {"templates/_probe.tpl", read("_probe.tpl")},
                 {"templates/_zdup.tpl", read("_zdup.tpl")}};
  auto probes = read_probes(group);
  ASSERT_GT(probes.size(), 20u);
  std::string definitions, uses;
  std::vector<Probe> used;
  for (auto& probe : probes) {
    if (is_left_out(probe)) continue;
    definitions += "{{- define \"" + probe.id + "\" }}" + probe.body +
                   "{{ end }}\n";
    uses += probe.id + ": {{ include \"" + probe.id + "\" . | b64enc }}\n";
    used.push_back(probe);
  }
  files.push_back({"templates/p.yaml", definitions + uses});
  RenderOptions options;
  options.release_name = "rel";
  options.release_namespace = "demo";
  options.kube_version = "1.31.0";
  auto rendered = render(*make_tree(files), "", options);
  ASSERT_EQ(rendered.manifests.size(), 1u);
  std::istringstream lines("\n" + rendered.manifests[0].text);
  std::map<std::string, std::string> results;
  for (std::string line; std::getline(lines, line);) {
    std::size_t colon = line.find(": ");
    if (colon != line.npos) results[line.substr(0, colon)] = line.substr(colon + 2);
  }
  for (auto& probe : used) {
    std::string encoded = results[probe.id];
    if (encoded == "\"\"") encoded.clear();
    EXPECT_EQ(from_base64(encoded).value_or("?"), probe.result) << group << " " << probe.id << " " << probe.body;
  }
}

INSTANTIATE_TEST_SUITE_P(Groups, Probes,
                         testing::Values("math", "collections", "gotmpl",
                                         "json", "strings", "printf", "toyaml",
                                         "fromyaml", "scope"),
                         [](auto& group) { return std::string(group.param); });

}  // namespace
}  // namespace skerry::chart
