// Accepts and rejects of the parsers that read a client's bytes.
#include <gtest/gtest.h>

#include <cstring>

#include "advertise.h"
#include "core/error.h"
#include "objects.h"
#include "pack_file.h"
#include "pack_plan.h"
#include "push_request.h"
#include "ref_cache.h"
#include "side_band.h"
#include "upload_request.h"

namespace skerry::git {
namespace {

const std::string kA(40, 'a');
const std::string kB(40, 'b');
const std::string kZero(40, '0');

PktReader reader_of(const std::string& text) {
  return PktReader(
      [text, at = std::size_t{0}](char* buffer, std::size_t room) mutable {
        std::size_t count = std::min({room, text.size() - at, std::size_t{3}});
        std::memcpy(buffer, text.data() + at, count);
        at += count;
        return count;
      });
}

std::string pkts(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    if (line == "0000" || line == "0001") {
      out += line;
    } else {
      append_pkt(out, line);
    }
  }
  return out;
}

TEST(PktLine, ReadsPacketsThenRawBytes) {
  PktReader reader = reader_of("0006a\n0004000100020000PACKrest");
  EXPECT_EQ("a", reader.next().text);
  EXPECT_EQ("", reader.next().text);
  EXPECT_EQ(PktKind::delimiter, reader.next().kind);
  EXPECT_EQ(PktKind::response_end, reader.next().kind);
  EXPECT_EQ(PktKind::flush, reader.next().kind);
  std::string raw;
  char byte;
  while (reader.read_raw(&byte, 1) == 1) raw += byte;
  EXPECT_EQ("PACKrest", raw);
}

TEST(PktLine, RefusesBrokenFraming) {
  for (const char* text : {"0", "000", "zzzz", "0003", "00a", "0008abc", "fff1",
                           "-001", "0x05", " 005"}) {
    PktReader reader = reader_of(text);
    EXPECT_THROW(reader.next(), Error) << text;
  }
}

TEST(PktLine, CountsAgainstItsLimit) {
  std::string text = pkts({"12345678", "12345678"});
  PktReader reader(
      [&, at = std::size_t{0}](char* buffer, std::size_t room) mutable {
        std::size_t count = std::min(room, text.size() - at);
        std::memcpy(buffer, text.data() + at, count);
        at += count;
        return count;
      },
      20);
  EXPECT_EQ("12345678", reader.next().text);
  EXPECT_THROW(reader.next(), Error);
}

TEST(SideBand, CutsIntoPacketsAndKeepsTheOrder) {
  std::string out;
  SideBand band([&](std::string_view bytes) { out += bytes; }, 15);
  band.write("0123456789abcdefghij");
  band.progress("hi");
  band.write("xyz");
  band.finish();
  EXPECT_EQ(
      "000f\x01"
      "0123456789"
      "000f\x01"
      "abcdefghij"
      "0007\x02"
      "hi"
      "0008\x01"
      "xyz"
      "0000",
      out);
}

TEST(PushRequest, ReadsCommandsCapabilitiesAndOptions) {
  PktReader reader = reader_of(
      pkts({kZero + " " + kA + " refs/heads/x" + std::string(1, '\0') +
                " report-status-v2 side-band-64k atomic push-options "
                "object-format=sha1 agent=git/2",
            kA + " " + kZero + " refs/heads/y", "0000", "one=1", "two",
            "0000"}) +
      "PACK");
  PushRequest request = parse_push(reader);
  ASSERT_EQ(2u, request.commands.size());
  EXPECT_EQ("refs/heads/x", request.commands[0].ref);
  EXPECT_TRUE(request.commands[1].new_id.is_zero());
  EXPECT_TRUE(request.report_status && request.side_band && request.atomic);
  EXPECT_FALSE(request.quiet);
  EXPECT_EQ((std::vector<std::string>{"one=1", "two"}), request.options);
  EXPECT_TRUE(request.brings_pack());
  char raw[4];
  EXPECT_GT(reader.read_raw(raw, 4), 0u);
  EXPECT_EQ('P', raw[0]);
}

TEST(PushRequest, Refuses) {
  const std::string line = kZero + " " + kA + " refs/heads/x";
  const std::vector<std::vector<std::string>> cases = {
      {"nonsense", "0000"},
      {kZero + " " + kA, "0000"},
      {kZero + " " + kA + " ", "0000"},
      {kZero + "\t" + kA + " refs/heads/x", "0000"},
      {line},                // no end
      {line, line, "0000"},  // twice
      {line, "0001"},        // wrong end
      {"push-cert" + std::string(1, '\0') + "x", "0000"},
      {line + std::string(1, '\0') + "object-format=sha256", "0000"},
      {line + std::string(1, '\0') + "push-options", "0000", "open"}};
  for (const auto& lines : cases) {
    PktReader reader = reader_of(pkts(lines));
    EXPECT_THROW(parse_push(reader), Error) << lines[0];
  }
}

TEST(UploadRequest, ReadsVersion0) {
  PktReader reader = reader_of(
      pkts({"want " + kA +
                " multi_ack_detailed no-done side-band-64k "
                "thin-pack ofs-delta filter\n",
            "want " + kB + "\n", "shallow " + kB, "deepen 3",
            "filter blob:limit=2k", "0000", "have " + kB, "0000", "done"}));
  FetchRequest request = parse_fetch_v0(reader);
  EXPECT_EQ(2u, request.wants.size());
  EXPECT_EQ(MultiAck::detailed, request.multi_ack);
  EXPECT_EQ(kMaxPkt, request.side_band);
  EXPECT_EQ(3, request.depth);
  EXPECT_EQ(2048u, request.filter.limit);
  using Kind = NegotiationStep::Kind;
  EXPECT_EQ(Kind::have, next_step_v0(reader).kind);
  EXPECT_EQ(Kind::flush, next_step_v0(reader).kind);
  EXPECT_EQ(Kind::done, next_step_v0(reader).kind);
  EXPECT_EQ(Kind::end_of_input, next_step_v0(reader).kind);
}

TEST(UploadRequest, RefusesInVersion2) {
  const std::vector<std::vector<std::string>> cases = {
      {"command=push", "0000"},
      {"command=fetch", "command=ls-refs", "0000"},
      {"0001", "0000"},
      {"command=fetch", "0001", "want " + kA},  // no flush
      {"command=fetch", "0001", "want xyz", "0000"},
      {"command=fetch", "0001", "deepen 0", "0000"},
      {"command=fetch", "0001", "deepen 99999999999", "0000"},
      {"command=fetch", "0001", "deepen 2", "deepen-since 5", "0000"},
      {"command=fetch", "0001", "filter tree:3", "0000"},
      {"command=fetch", "0001", "filter sparse:oid=" + kA, "0000"},
      {"command=fetch", "0001", "want-ref refs/heads/x", "0000"},
      {"command=ls-refs", "0001", "all", "0000"},
      {"command=fetch", "object-format=sha256", "0000"}};
  for (const auto& lines : cases) {
    PktReader reader = reader_of(pkts(lines));
    EXPECT_THROW(parse_command_v2(reader), Error) << lines[0];
  }
}

TEST(Advertisement, OfAnEmptyRepositoryCarriesTheCapabilities) {
  RefList empty;
  empty.head_target = "refs/heads/main";
  std::string text = advertisement(Service::receive_pack, 0, empty);
  EXPECT_NE(std::string::npos, text.find(kZero + " capabilities^{}"));
  LsRefsRequest request;
  request.unborn = request.symrefs = true;
  EXPECT_NE(std::string::npos,
            list_refs(request, empty)
                .find("unborn HEAD symref-target:refs/heads/main"));
  EXPECT_EQ(2, protocol_version("a:version=2:b", Service::upload_pack));
  EXPECT_EQ(1, protocol_version("version=2", Service::receive_pack));
  EXPECT_EQ(0, protocol_version("version=20", Service::upload_pack));
}

TEST(Objects, TreesInGitsOrderAreAccepted) {
  std::string id(20, 'x');
  auto item = [&](const char* mode, const char* name) {
    return std::string(mode) + " " + name + std::string(1, '\0') + id;
  };
  // "a" as a tree sorts as "a/": behind "a.b".
  check_object(ObjectType::tree, item("100644", "a.b") + item("40000", "a") +
                                     item("100755", "a0"));
  const std::string bad[] = {
      item("40000", "a") + item("100644", "a.b"),
      item("100644", "a") + item("100644", "a"),
      item("100644", ".GiT"),
      item("100644", ".."),
      item("100644", "x/y"),
      item("777", "x"),
      item("", "x"),
      item("100644", ""),
      item("100644", "x").substr(0, 20),
      "100644 x" + std::string(1, '\0') + std::string(20, '\0'),
  };
  for (const std::string& tree : bad) {
    EXPECT_THROW(check_object(ObjectType::tree, tree), Error) << tree;
  }
}

TEST(Objects, CommitsNeedTheirHeader) {
  std::string good = "tree " + kA + "\nparent " + kB +
                     "\nauthor A <a@b> 1700000000 +0100\n"
                     "committer C <c@d> 1700000001 -0230\n\nmessage\n";
  check_object(ObjectType::commit, good);
  CommitHeader header = parse_commit(good);
  EXPECT_EQ(1700000001, header.committed);
  EXPECT_EQ(kB, header.parents.at(0).hex());
  for (const std::string& bad :
       {std::string("parent ") + kB + "\n", "tree " + kA + "\n",
        "tree " + kA + "\nauthor A <a@b> 17\ncommitter C <c@d> 1 +0000\n",
        "tree " + kA + "\nauthor A a@b 17 +0000\ncommitter C <c> 1 +0000\n"}) {
    EXPECT_THROW(check_object(ObjectType::commit, bad), Error) << bad;
  }
}

TEST(PackEntries, HeadersRoundTrip) {
  for (std::uint64_t size :
       {0ull, 15ull, 16ull, 2047ull, 2048ull, 1ull << 40}) {
    std::string bytes;
    append_entry_header(bytes, EntryType::tree, size);
    EntryHeader header =
        parse_entry_header(reinterpret_cast<const unsigned char*>(bytes.data()),
                           bytes.size(), 100);
    EXPECT_EQ(size, header.size);
    EXPECT_EQ(EntryType::tree, header.type);
    EXPECT_EQ(bytes.size(), header.header_bytes);
  }
}

TEST(RefNames, ByGitsRules) {
  for (const char* good : {"refs/heads/main", "refs/tags/v1.0", "refs/a/b/c",
                           "refs/heads/feature/x-y_z"}) {
    EXPECT_TRUE(is_valid_ref_name(good)) << good;
  }
  for (const char* bad :
       {"refs/heads", "refs/heads/", "heads/x", "refs/x", "refs/heads/a..b",
        "refs/heads/@{x", "refs/heads/x.", "refs/heads/.x",
        "refs/heads/x.lock/y", "", "refs/heads/a\x7f", "refs/heads/a:b"}) {
    EXPECT_FALSE(is_valid_ref_name(bad)) << bad;
  }
}

}  // namespace
}  // namespace skerry::git
