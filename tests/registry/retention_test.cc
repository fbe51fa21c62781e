// The rules as a table: what a repository holds, what a policy says, what goes.
#include "policy/retention.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "policy/image_use.h"

namespace skerry::registry {
namespace {

constexpr UnixMillis kDay = 86'400'000;
constexpr UnixMillis kNow = 1'000 * kDay;

// A digest that is easy to read: sha256:aaaa...
std::string hex(char letter) { return std::string(64, letter); }
std::string digest(char letter) { return "sha256:" + hex(letter); }

// Ages are in days.
struct Repository {
  RepositoryFacts facts;
  Repository() { facts.repository = "team/app"; }
  Repository& manifest(char name, double age = 100,
                       const std::string& children = "", char subject = 0,
                       double untagged = -1) {
    ManifestFact one;
    one.digest = digest(name);
    one.pushed = kNow - static_cast<UnixMillis>(age * kDay);
    one.untagged = untagged < 0
                       ? one.pushed
                       : kNow - static_cast<UnixMillis>(untagged * kDay);
    for (const char child : children) one.children.push_back(digest(child));
    if (subject != 0) one.subject = digest(subject);
    facts.manifests.push_back(std::move(one));
    return *this;
  }
  Repository& tag(const std::string& name, char of, double age = 100,
                  double pulled = -1) {
    TagFact one{name, digest(of), kNow - static_cast<UnixMillis>(age * kDay)};
    if (pulled >= 0) {
      one.pulled = kNow - static_cast<UnixMillis>(pulled * kDay);
    }
    facts.tags.push_back(std::move(one));
    return *this;
  }
  // An image with a tag.
  Repository& image(const std::string& name, char of, double age = 100,
                    double pulled = -1) {
    return manifest(of, age).tag(name, of, age, pulled);
  }
  Repository& used(char name) {
    facts.in_use[digest(name)] = "application x";
    return *this;
  }
};

// What goes: tags by name, then manifests by letter: "v1 v2 / ab".
std::string gone(const std::string& policy, const Repository& repository) {
  const auto verdicts = judge(parse_policy(parse_json(policy)),
                              repository.facts, kNow);
  std::string text, manifests;
  for (std::size_t i = 0; i < verdicts.tags.size(); ++i) {
    EXPECT_FALSE(verdicts.tags[i].reason.empty());
    if (verdicts.tags[i].stays) continue;
    text += (text.empty() ? "" : " ") + repository.facts.tags[i].name;
  }
  for (std::size_t i = 0; i < verdicts.manifests.size(); ++i) {
    EXPECT_FALSE(verdicts.manifests[i].reason.empty());
    if (verdicts.manifests[i].stays) continue;
    manifests += repository.facts.manifests[i].digest[7];
  }
  std::sort(manifests.begin(), manifests.end());
  return text + " / " + manifests;
}

std::string rules(const std::string& list, const std::string& more = "") {
  return R"({"retention":{"rules":[)" + list + "]" + more + "}}";
}
const std::string kLast2 = rules(R"({"tags":"*","keep_last":2})");
const std::string kUntagged = R"({"retention":{"untagged_after":"7d"}})";

struct Case {
  const char* claim;
  std::string policy;
  Repository repository;
  const char* gone;
};

void try_all(const std::vector<Case>& cases) {
  for (const auto& one : cases) {
    EXPECT_EQ(gone(one.policy, one.repository), one.gone) << one.claim;
  }
}

TEST(Retention, OfTags) {
  const auto four = Repository()
                        .image("v1", 'a', 4)
                        .image("v2", 'b', 3)
                        .image("v3", 'c', 2)
                        .image("pr-1", 'd', 1);
  try_all({
      {"no policy keeps everything", "{}", four, " / "},
      {"the last by push", kLast2, four, "v1 v2 / ab"},
      {"more than there are", rules(R"({"tags":"*","keep_last":9})"), four,
       " / "},
      {"tags that no rule matches stay",
       rules(R"({"tags":"pr-*","keep_last":1})"), four, " / "},
      {"only matching tags count",
       rules(R"({"tags":"v*","keep_last":1})"), four, "v1 v2 / ab"},
      {"any rule that matches keeps",
       rules(R"({"tags":"v*","keep_last":1},{"tags":"v1","keep_all":true})"),
       four, "v2 / b"},
      {"by age of the push", rules(R"({"tags":"*","keep_within":"2d"})"), four,
       "v1 v2 / ab"},
      {"a rule for other repositories does not match",
       rules(R"({"tags":"*","repositories":"other/*","keep_last":1})"), four,
       " / "},
      {"a rule for this repository",
       rules(R"({"tags":"*","repositories":"team/*","keep_last":1})"), four,
       "v1 v2 v3 / abc"},
      {"two conditions of one rule: one is enough",
       rules(R"({"tags":"*","keep_last":1,"keep_within":"3d"})"), four,
       "v1 / a"},
      {"by pulls", rules(R"({"tags":"*","keep_pulled_within":"10d"})"),
       Repository().image("a", 'a', 50, 9).image("b", 'b', 50, 11).image(
           "c", 'c', 1),
       "b c / bc"},
      {"tags of one image count once", kLast2,
       Repository().image("v1", 'a', 9).image("v2", 'b', 8).image("v3", 'c', 7)
           .tag("latest", 'c', 7).tag("stable", 'b', 1),
       "v1 / a"},
      {"of a tie the greater digest", rules(R"({"tags":"*","keep_last":1})"),
       Repository().image("x", 'a', 5).image("y", 'b', 5), "x / a"},
  });
}

TEST(Retention, NeverRemoves) {
  const auto policy = [](const std::string& immutable) {
    return R"({"immutable_tags":[{"tags":")" + immutable +
           R"("}],"retention":{"rules":[{"tags":"*","keep_last":1}]}})";
  };
  const auto last1 = rules(R"({"tags":"*","keep_last":1})");
  const auto two =
      Repository().image("v1", 'a', 4).image("v2", 'b', 3).image("v3", 'c', 2);
  try_all({
      {"immutable tags", policy("v1"), two, "v2 / b"},
      {"what is in use", last1, Repository(two).used('b'), "v1 / a"},
      {"what is in use without a tag", kUntagged,
       Repository().manifest('a').manifest('b').used('b'), " / a"},
      {"a manifest with another tag that stays", last1,
       Repository().image("old", 'a', 9).image("new", 'b', 1).tag(
           "keep", 'a', 0.5).tag("mid", 'b', 3),
       "new mid / b"},
      {"a child of an index that stays", last1,
       Repository().image("arm", 'a', 9).manifest('i', 1, "a").tag("all", 'i',
                                                                  1),
       "arm / "},
      {"a child of an index within an index", last1,
       Repository().image("arm", 'a', 9).manifest('i', 5, "a").manifest(
           'o', 1, "i").tag("all", 'o', 1),
       "arm / "},
      {"the children of an index in use", last1,
       Repository().manifest('a').manifest('i', 9, "a").tag("old", 'i', 9)
           .image("new", 'b', 1).used('i'),
       " / "},
  });
}

TEST(Retention, OfWhatBelongsToAnImage) {
  const auto last1 = rules(R"({"tags":"*","keep_last":1})");
  const auto sig = "sha256-" + hex('a') + ".sig";
  const auto of_b = "sha256-" + hex('b') + ".sig";
  const auto both = rules(R"({"tags":"*","keep_last":1})",
                          R"(,"untagged_after":"7d")");
  try_all({
      {"an index takes its children along", last1,
       Repository().manifest('a').manifest('b').manifest('i', 9, "ab")
           .tag("old", 'i', 9).image("new", 'c', 1),
       "old / abi"},
      {"but not those that another has", last1,
       Repository().manifest('a').manifest('b').manifest('i', 9, "ab")
           .tag("old", 'i', 9).manifest('j', 1, "b").tag("new", 'j', 1),
       "old / ai"},
      {"referrers stay with their subject", last1,
       Repository().image("new", 'a', 1).manifest('s', 9, "", 'a'), " / "},
      {"and go with it", last1,
       Repository().image("new", 'b', 1).image("old", 'a', 9).manifest(
           's', 9, "", 'a').manifest('t', 9, "", 's'),
       "old / ast"},
      {"even when they are young", both,
       Repository().image("new", 'b', 1).image("old", 'a', 9).manifest(
           's', 0, "", 'a'),
       "old / as"},
      {"a referrer with a tag that stays keeps its subject",
       rules(R"({"tags":"v*","keep_last":1})"),
       Repository().image("v2", 'b', 1).image("v1", 'a', 9).manifest(
           's', 9, "", 'a').tag("sbom", 's', 9),
       "v1 / "},
      {"cosign's tags are no business of the rules", last1,
       Repository().image("new", 'a', 5).manifest('s', 1).tag(sig, 's', 1),
       " / "},
      {"they go with what they speak of", last1,
       Repository().image("new", 'b', 1).image("old", 'a', 9).manifest('s', 1)
           .tag(sig, 's', 1).manifest('t', 1).tag(of_b, 't', 1),
       "old " "sha256-"
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
       ".sig / as"},
      {"a signature that came first waits", kUntagged,
       Repository().manifest('s', 1).tag(sig, 's', 1), " / "},
      {"but not for ever", kUntagged,
       Repository().manifest('s', 9).tag(sig, 's', 9),
       "sha256-"
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
       ".sig / s"},
      {"unless untagged manifests stay for ever", last1,
       Repository().manifest('s', 9).tag(sig, 's', 9), " / "},
      {"an immutable signature stays",
       R"({"immutable_tags":[{"tags":"sha256-*"}],
           "retention":{"untagged_after":"7d"}})",
       Repository().manifest('s', 9).tag(sig, 's', 9), " / "},
      {"the children of an index of referrers stay with it", last1,
       Repository().image("new", 'a', 1).manifest('s', 9).manifest(
           'r', 9, "s").tag("sha256-" + hex('a'), 'r', 9),
       " / "},
  });
}

TEST(Retention, OfUntaggedManifests) {
  try_all({
      {"after a time", kUntagged,
       Repository().manifest('a', 8).manifest('b', 6), " / a"},
      {"counted from the loss of the tag", kUntagged,
       Repository().manifest('a', 100, "", 0, 6).manifest('b', 100, "", 0, 8),
       " / b"},
      {"for ever without a time", kLast2,
       Repository().manifest('a', 1'000), " / "},
      {"not the children of what is tagged", kUntagged,
       Repository().manifest('a').manifest('i', 99, "a").tag("x", 'i'), " / "},
      {"nor what refers to it", kUntagged,
       Repository().image("x", 'a').manifest('s', 99, "", 'a'), " / "},
      {"an untagged index with all that is in it", kUntagged,
       Repository().manifest('a').manifest('i', 99, "a").manifest(
           's', 99, "", 'i'),
       " / ais"},
      {"a young untagged index keeps its children", kUntagged,
       Repository().manifest('a').manifest('i', 1, "a"), " / "},
      {"a referrer whose subject is not here", kUntagged,
       Repository().manifest('s', 8, "", 'x').manifest('t', 6, "", 'x'),
       " / s"},
      {"tags are left alone", kUntagged, Repository().image("v1", 'a'), " / "},
  });
}

TEST(Retention, SaysWhy) {
  auto repository = Repository()
                        .image("v1", 'a', 9)
                        .image("v2", 'b', 8)
                        .image("v3", 'c', 7)
                        .image("other", 'd', 1)
                        .used('b');
  const auto verdicts = judge(
      parse_policy(parse_json(rules(
          R"({"tags":"x","keep_all":true},{"tags":"v*","keep_last":1})"))),
      repository.facts, kNow);
  EXPECT_EQ(verdicts.tags[0].reason,
            "retention.rules[1] matches it, and no rule keeps it");
  EXPECT_EQ(verdicts.tags[1].reason, "in use by application x");
  EXPECT_EQ(verdicts.tags[2].reason,
            "retention.rules[1]: among the last 1 pushed");
  EXPECT_EQ(verdicts.tags[2].rule, 1u);
  EXPECT_EQ(verdicts.tags[3].reason, "no rule matches it");
  EXPECT_EQ(verdicts.manifests[0].reason, "none of its tags stays");
  EXPECT_EQ(verdicts.manifests[2].reason, "the tag v3 stays");
}

TEST(ImageUse, IsFoundWhateverTheHost) {
  const auto d = "sha256:" + hex('a');
  const struct {
    std::string reference;
    const char* meaning;  // project repository tag digest's first letters
  } kCases[] = {
      {"demo/app", "demo app latest "},
      {"host:8080/demo/app:1.0", "demo app 1.0 "},
      {"localhost/demo/tools/app", "demo tools/app latest "},
      {"skerry.lan/demo/app@" + d, "demo app  sha256:a"},
      {"skerry.lan:1/demo/app:v2@" + d, "demo app v2 sha256:a"},
      {"[::1]:8080/demo/app:1", "demo app 1 "},
      {"app", ""},
      {"app:1", ""},
      {"host:8080/app:1", ""},
      {"demo/app:", ""},
      {"demo/app@sha256:short", ""},
      {"Demo/App", ""},
      {"", ""},
      {"/", ""},
  };
  for (const auto& one : kCases) {
    const auto image = parse_image_use(one.reference);
    const auto text = image ? image->project + " " + image->repository + " " +
                                  image->tag + " " + image->digest.substr(0, 8)
                            : "";
    EXPECT_EQ(text, one.meaning) << one.reference;
  }
}

}  // namespace
}  // namespace skerry::registry
