#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <thread>

#include "core/error.h"
#include "runs/masker.h"
#include "runs/run_log.h"

namespace skerry::ci {
namespace {

std::string masked(const std::vector<std::string>& secrets,
                   const std::string& text, std::size_t piece) {
  Masker masker(secrets);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    out += masker.feed(text.substr(at, piece));
  }
  return out + masker.flush();
}

TEST(Masker, HidesSecretsHoweverTheTextIsCut) {
  const struct {
    std::vector<std::string> secrets;
    std::string text, shown;
  } cases[] = {
      {{}, "abc", "abc"},
      {{"abc"}, "abc", "****"},
      {{"abc"}, "xabcx ab abc", "x****x ab ****"},
      {{"abc"}, "aabcabcab", "a********ab"},
      {{"abc", "abcdef"}, "abcdef abcde abc", "**** ****de ****"},
      {{"bcd", "abcde"}, "abcd abcde", "a**** ****"},
      {{"aa"}, "aaaaa", "********a"},
      {{"p@ss", "word"}, "p@ssword", "********"},
      {{""}, "abc", "abc"},
  };
  for (const auto& c : cases) {
    for (std::size_t piece = 1; piece <= c.text.size(); ++piece) {
      EXPECT_EQ(masked(c.secrets, c.text, piece), c.shown)
          << c.text << " in pieces of " << piece;
    }
  }
}

TEST(Masker, KnowsTheFormsOfASecret) {
  EXPECT_EQ(forms_of("abc"), std::vector<std::string>{"abc"});
  EXPECT_EQ(forms_of("it's").size(), 3u);
  EXPECT_EQ(forms_of("line one\nline two\n").size(), 3u);
}

struct Kept {
  std::string bytes;
  RunLog log;
  explicit Kept(const Clock& clock, std::uint64_t limit = 1u << 20)
      : log([this](std::string_view b) { bytes += b; }, clock, limit) {}
};

TEST(RunLog, KeepsLinesWholeAndNamesTheirBranch) {
  const SystemClock clock;
  Kept kept(clock);
  {
    std::vector<std::jthread> branches;
    for (const char* name : {"a", "b", "c"}) {
      branches.emplace_back([&, name] {
        LogStream stream(kept.log, std::string("[") + name + "] ", false);
        for (int i = 0; i < 500; ++i) {
          stream.write("one ");
          stream.write("line\nand half");
          stream.write(" a line\n");
        }
        stream.write("last");
      });
    }
  }
  std::istringstream lines(kept.bytes);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const std::string rest = line.substr(4);
    EXPECT_TRUE(rest == "one line" || rest == "and half a line" ||
                rest == "last")
        << line;
  }
  EXPECT_EQ(count, 3 * 1001);
}

TEST(RunLog, IsCutAtItsLimitButStillSaysHowItEnded) {
  const SystemClock clock;
  Kept kept(clock, 1000);
  {
    LogStream stream(kept.log, "", false);
    for (int i = 0; i < 1000; ++i) stream.write("0123456789\n");
  }
  kept.log.append("Finished: SUCCESS\n", true);
  EXPECT_LT(kept.bytes.size(), 1200u);
  EXPECT_NE(kept.bytes.find("ci.max_log_size"), std::string::npos);
  EXPECT_TRUE(kept.bytes.ends_with("Finished: SUCCESS\n"));
}

TEST(RunLog, BreaksALineWithoutEnd) {
  const SystemClock clock;
  Kept kept(clock);
  {
    LogStream stream(kept.log, "", false);
    stream.write(std::string(200'000, 'x'));
  }
  EXPECT_EQ(std::count(kept.bytes.begin(), kept.bytes.end(), '\n'), 4);
}

TEST(RunLog, PutsTheTimeInFront) {
  const SystemClock clock;
  Kept kept(clock);
  { LogStream(kept.log, "[a] ", true).write("x\n"); }
  EXPECT_EQ(kept.bytes[0], '[');
  EXPECT_TRUE(kept.bytes.ends_with("Z] [a] x\n")) << kept.bytes;
}

TEST(RunLog, SurvivesASinkThatFails) {
  const SystemClock clock;
  RunLog log(
      [](std::string_view) { throw Error(ErrorCode::unavailable, "full"); },
      clock, 1000);
  log.append("a\n", false);
  log.append("b\n", true);
  EXPECT_EQ(log.problem(), "full");
}

}  // namespace
}  // namespace skerry::ci
