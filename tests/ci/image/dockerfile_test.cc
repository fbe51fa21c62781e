#include "image/dockerfile.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "image/build.h"

namespace skerry::ci {
namespace {

TEST(Dockerfile, LinesCommentsAndContinuation) {
  const Dockerfile d = parse_dockerfile(
      "\xEF\xBB\xBF# syntax=docker/dockerfile:1\r\n"
      "# a comment\r\n"
      "ARG V=1\r\n"
      "from scratch as Build\r\n"
      "COPY a \\\r\n"
      "  # between\r\n"
      "\r\n"
      "  b /\r\n"
      "env X=1 \\\n Y=\"a b\" Z=a\\ b\n"
      "ENV OLD the whole  rest\n"
      "FROM Build\n"
      "CMD [\"a\", \"b\"]\n"
      "CMD [broken",
      "D");
  ASSERT_EQ(d.stages.size(), 2u);
  EXPECT_EQ(d.notes.at(0),
            "the directive 'syntax=docker/dockerfile:1' has no effect");
  EXPECT_EQ(d.global_args.at(0).pairs.at(0).value, "1");
  EXPECT_EQ(d.stages[0].name, "build");
  const auto& first = d.stages[0].instructions;
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].line, 5);
  EXPECT_EQ(first[0].words, (std::vector<std::string>{"a", "b", "/"}));
  EXPECT_EQ(first[1].pairs.at(1).value, "\"a b\"");
  EXPECT_EQ(first[1].pairs.at(2).value, "a\\ b");
  EXPECT_EQ(first[2].pairs.at(0).value, "the whole  rest");
  EXPECT_TRUE(d.stages[1].instructions[0].is_json);
  EXPECT_FALSE(d.stages[1].instructions[1].is_json);  // shell form, as Docker
}

TEST(Dockerfile, TheEscapeCharacterCanBeChosen) {
  const Dockerfile d =
      parse_dockerfile("# escape=`\nFROM scratch\nCOPY a `\n b\\\n", "D");
  EXPECT_EQ(d.stages[0].instructions.at(0).words,
            (std::vector<std::string>{"a", "b\\"}));
}

TEST(Dockerfile, FaultsNameTheLine) {
  struct Case {
    const char* text;
    const char* message;
  };
  const Case cases[] = {
      {"FROM scratch\n\nRUN make", "D:3: RUN is not supported yet"},
      {"FROM scratch\nrun make", "D:2: RUN is not supported yet"},
      {"FROM scratch\nONBUILD COPY a b", "D:2: ONBUILD is not supported yet"},
      {"FROM scratch\nCOPPY a b",
       "D:2: unknown instruction 'COPPY'; did you mean 'COPY'?"},
      {"FROM scratch\nCOPY <<EOF /a\nx\nEOF",
       "D:2: here-documents are not supported yet"},
      {"FROM scratch\nCOPY --link a b",
       "D:2: COPY --link is not supported "
       "yet"},
      {"FROM scratch\nCOPY --frob=1 a b", "D:2: COPY has no flag --frob"},
      {"FROM scratch\nCOPY --from a b",
       "D:2: --from needs a value: "
       "--from=..."},
      {"FROM scratch\nCOPY --from=$X a b",
       "D:2: --from cannot hold a variable"},
      {"FROM scratch\nADD --checksum=sha256:x a b",
       "D:2: ADD --checksum is not supported yet"},
      {"FROM scratch\nCOPY a", "D:2: COPY needs a source and a target"},
      {"FROM scratch\nCOPY", "D:2: COPY needs an argument"},
      {"FROM", "D:1: FROM needs an argument"},
      {"FROM a b", "D:1: FROM needs IMAGE or IMAGE AS NAME"},
      {"FROM a AS 1x", "D:1: '1x' cannot be the name of a stage"},
      {"FROM scratch AS a\nFROM scratch AS A",
       "D:2: there is a stage 'a' already"},
      {"COPY a b\nFROM scratch", "D:1: COPY cannot stand before FROM"},
      {"# nothing", "D: there is no FROM"},
      {"", "D: there is no FROM"},
      {"FROM scratch\nENV A", "D:2: ENV needs NAME=value"},
      {"FROM scratch\nENV A=1 B", "D:2: ENV needs NAME=value, not 'B'"},
      {"FROM scratch\nLABEL =x", "D:2: LABEL needs a name before '='"},
      {"FROM scratch\nSHELL bash",
       "D:2: SHELL needs its JSON form: SHELL [\"/bin/sh\", \"-c\"]"},
      {"# escape=x\nFROM scratch",
       "D:1: the escape character must be \\ or `, not 'x'"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(check_dockerfile(c.text, "D"), c.message) << c.text;
  }
  EXPECT_EQ(check_dockerfile(std::string_view("FROM \0", 6), "D"),
            "D is not a text in UTF-8");
  EXPECT_EQ(check_dockerfile("FROM scratch\nENV A=\xFF\n", "D"),
            "D is not a text in UTF-8");
  EXPECT_EQ(check_dockerfile("FROM scratch\nCMD x\n", "D"), "");
  EXPECT_THROW(parse_dockerfile(std::string(100, '#'), "D", 99), Error);
}

}  // namespace
}  // namespace skerry::ci
