// Charts made to harm: each is refused in little time and memory, with a
// sentence that says what was wrong and where.
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "world.h"

namespace skerry::chart {
namespace {

const char* const kChartYaml = "apiVersion: v2\nname: app\nversion: 1.2.3\n";

struct Member {
  std::string path;
  std::string content = "";
  unsigned type = AE_IFREG;
  bool is_hard_link = false;  // to `content`
};

std::string pack(const std::vector<Member>& members) {
  std::size_t room = 1 << 20, used = 0;
  for (auto& member : members) room += member.content.size() + 2048;
  std::string bytes(room, '\0');
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  archive_write_add_filter_gzip(writer);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  for (auto& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.path.c_str());
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_filetype(entry, member.type);
    bool is_link = member.type == AE_IFLNK || member.is_hard_link;
    if (member.is_hard_link) {
      archive_entry_set_hardlink(entry, member.content.c_str());
    } else if (is_link) {
      archive_entry_set_symlink(entry, member.content.c_str());
    } else {
      archive_entry_set_size(
          entry, static_cast<la_int64_t>(member.content.size()));
    }
    archive_write_header(writer, entry);
    if (!is_link) {
      archive_write_data(writer, member.content.data(), member.content.size());
    }
    archive_entry_free(entry);
  }
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

template <typename Work>
std::string error_of(const Work& work) {
  try {
    work();
    return "";
  } catch (const Error& error) {
    return std::string(to_string(error.code())) + ": " + error.message();
  }
}

std::string archive_error(std::vector<Member> members,
                          const LoadLimits& limits = {}) {
  members.push_back({"app/Chart.yaml", kChartYaml});
  return error_of(
      [&] { load_chart_archive(pack(members), no_log(), limits); });
}

TEST(BadChart, ArchivesStayInsideTheirFolder) {
  EXPECT_EQ(archive_error({{"app/templates/x.yaml", "kind: X"}}), "");
  EXPECT_EQ(archive_error({{"../x", "x"}}),
            "invalid: chart illegally references parent directory");
  EXPECT_EQ(archive_error({{"app/../../x", "x"}}),
            "invalid: chart illegally references parent directory");
  EXPECT_EQ(archive_error({{"/etc/x", "x"}}),
            "invalid: chart illegally contains absolute paths");
  EXPECT_EQ(archive_error({{"app//etc/x", "x"}}),
            "invalid: chart illegally contains absolute paths");
  EXPECT_EQ(archive_error({{"app\\..\\..\\x", "x"}}),
            "invalid: chart illegally references parent directory");
  EXPECT_EQ(archive_error({{"app/c:/x", "x"}}),
            "invalid: chart contains illegally named files");
  EXPECT_EQ(archive_error({{"Chart.yaml/x", "x"}}),
            "invalid: chart yaml not in base directory");
  EXPECT_EQ(archive_error({{"x", "x"}}),
            "invalid: chart illegally contains content outside the base "
            "directory: \"x\"");
  for (const char* target : {"../../etc/passwd", "/etc/passwd", "Chart.yaml"}) {
    EXPECT_EQ(archive_error({{"app/values.yaml", target, AE_IFLNK}}),
              "invalid: chart archive holds a link, which is not allowed: "
              "app/values.yaml");
  }
  EXPECT_EQ(archive_error({{"app/x", "app/Chart.yaml", AE_IFREG, true}}),
            "invalid: chart archive holds a link, which is not allowed: app/x");
  EXPECT_EQ(archive_error({{"app/fifo", "", AE_IFIFO}}),
            "invalid: chart archive holds a device, a pipe or a socket, which "
            "is not allowed: app/fifo");
}

TEST(BadChart, FoldersLinkInsideTheTreeOnly) {
  for (const char* target : {"../../../etc/passwd", "/etc/passwd", "x.yaml"}) {
    auto tree = make_memory_tree(
        {{"app/Chart.yaml", {kChartYaml}},
         {"app/templates/x.yaml", {target, EntryKind::symlink}}});
    EXPECT_NE(error_of([&] { load_chart(*tree, "app", no_log()); })
                  .find("invalid: "),
              std::string::npos)
        << target;
  }
}

TEST(BadChart, ArchivesUnpackToALimit) {
  std::string zeros(8 << 20, '\0');
  LoadLimits limits;
  limits.max_total = 4 << 20;
  EXPECT_EQ(archive_error({{"app/big", zeros}}, limits),
            "too_large: decompressed chart is larger than the maximum size "
            "4194304");
  limits.max_total = 64 << 20;
  limits.max_file = 1 << 20;
  EXPECT_NE(archive_error({{"app/big", zeros}}, limits).find("app/big"),
            std::string::npos);
  std::vector<Member> many;
  for (int i = 0; i < 20; ++i) many.push_back({"app/" + std::to_string(i)});
  limits.max_files = 10;
  EXPECT_EQ(archive_error(many, limits),
            "too_large: chart archive holds more than 10 files");
}

// Archives in archives: the limits are for all of them together.
TEST(BadChart, NestedArchivesShareTheLimits) {
  auto wrap = [](const std::vector<std::string>& charts) {
    std::vector<Member> members = {{"app/Chart.yaml", kChartYaml},
                                   {"app/big", std::string(1 << 20, '\0')}};
    for (auto& chart : charts) {
      members.push_back(
          {"app/charts/" + std::to_string(members.size()) + ".tgz", chart});
    }
    return pack(members);
  };
  auto load_error = [](const std::string& archive, const LoadLimits& limits) {
    return error_of([&] { load_chart_archive(archive, no_log(), limits); });
  };
  std::string small = wrap({});
  std::string bomb = wrap(std::vector<std::string>(20, small));
  LoadLimits limits;
  EXPECT_EQ(load_error(bomb, limits), "");
  limits.max_total = 8 << 20;
  EXPECT_NE(load_error(bomb, limits).find("is larger than the maximum size"),
            std::string::npos);
  std::string deep = small;
  for (int i = 0; i < 20; ++i) deep = wrap({deep});
  EXPECT_NE(load_error(deep, {}).find("sub-charts are nested deeper than 16"),
            std::string::npos);
}

// Each line stands for ten of the one before: a billion in the end.
std::string alias_bomb() {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    std::string below = "*a" + std::to_string(i - 1);
    text += fmt::format("a{0}: &a{0} [{1}", i, below);
    for (int n = 1; n < 10; ++n) text += ", " + below;
    text += "]\n";
  }
  return text;
}

std::string chart_error(const Files& files) {
  return error_of([&] { load_chart(*make_tree(files), "", no_log()); });
}

TEST(BadChart, AliasBombsAreNamedByFileAndLine) {
  EXPECT_EQ(chart_error(chart_files({{"values.yaml", alias_bomb()}})),
            "too_large: cannot load values.yaml: cannot unmarshal yaml "
            "document: yaml: line 6: more than 1000000 values");
  EXPECT_EQ(chart_error({{"Chart.yaml", kChartYaml + alias_bomb()}}),
            "too_large: cannot load Chart.yaml: error converting YAML to JSON: "
            "yaml: line 9: more than 1000000 values");
  RenderOptions options;
  options.value_files = {"mine.yaml"};
  EXPECT_EQ(render_error(chart_files({{"mine.yaml", alias_bomb()}}), options),
            "failed to parse mine.yaml: cannot unmarshal yaml document: yaml: "
            "line 6: more than 1000000 values");
}

TEST(BadChart, EndlessNestingIsNamedByFileAndLine) {
  std::string lists(100'000, '['), maps, blocks;
  for (int i = 0; i < 100'000; ++i) maps += "{a: ";
  for (int i = 0; i < 3'000; ++i) {
    blocks += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  }
  for (auto& text : {"a: " + lists, "a: " + maps, blocks}) {
    std::string error = chart_error(chart_files({{"values.yaml", text}}));
    EXPECT_NE(error.find("cannot load values.yaml"), std::string::npos);
    EXPECT_NE(error.find("nested deeper than 128 levels"), std::string::npos)
        << error;
    EXPECT_NE(error.find("yaml: line "), std::string::npos) << error;
  }
  EXPECT_NE(chart_error({{"Chart.yaml", kChartYaml + ("x: " + lists)}})
                .find("cannot load Chart.yaml: error converting YAML to JSON: "
                      "yaml: line 4: nested deeper"),
            std::string::npos);
  EXPECT_EQ(run_template("{{ (fromJson .Values.s).Error }}",
                         "s: '" + lists + "'"),
            "exceeded max depth");
}

TEST(BadChart, OddBytesAreNoCrash) {
  for (std::string body : {std::string("\xFF\xFE{{ .x }}\xC3"), std::string(1, '\0'),
                           std::string("{{ \"\xFF\" }}"),
                           std::string(100'000, '{'),
                           std::string(100'000, '('),
                           "{{ " + std::string(100'000, '(') + " }}",
                           "{{ .a" + std::string(100'000, '.') + " }}"}) {
    error_of([&] { run_template(body); });
  }
  std::string nested;
  for (int i = 0; i < 50'000; ++i) nested += "{{ if true }}";
  EXPECT_NE(template_error(nested), "");
}

}  // namespace
}  // namespace skerry::chart
