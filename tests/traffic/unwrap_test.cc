#include "traffic/unwrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "wrapping.h"

namespace klik::traffic {
namespace {

struct Shown {
  std::vector<std::string> paths, bytes;
  Unwrapped result;
};
Shown shown(std::string_view bytes, std::string_view type = {}, const UnwrapLimits& limits = {}) {
  Shown out;
  out.result = unwrap(Bytes::of(bytes), "request.body", type, limits, [&](const Node& node) {
    out.paths.emplace_back(node.path);
    out.bytes.emplace_back(node.bytes.text());
  });
  return out;
}

std::string names(const Result<Outline>& outline, std::string_view bytes) {
  if (!outline) return std::string("error: ") + outline.error().what;
  std::string out;
  for (std::uint32_t i = 0; i < outline->leaves.size(); ++i) {
    const Leaf& leaf = outline->leaves[i];
    out.append(out.empty() ? "" : " ").append(outline->path(i, Bytes::of(bytes))).append("=");
    if (leaf.kind == LeafKind::integer) out += std::to_string(leaf.value);
    else if (leaf.kind == LeafKind::real) out += "real";
    else out += bytes.substr(leaf.at, leaf.length);
  }
  return out;
}

TEST(Outline, NamesWhatEachFormatHolds) {
  std::string b = R"({"aa":["first",{"b b":"second"}],"n":12345,"t":true,"32470000123":"third"})";
  EXPECT_EQ(names(read_json(Bytes::of(b)), b), "json.aa[0]=first json.aa[1].*=second json.n=12345 json.*=third");
  b = "{\"a\":\"first\"}\n{\"a\":\"second\"}\n";
  EXPECT_EQ(names(read_json(Bytes::of(b)), b), "ndjson[0].a=first ndjson[1].a=second");
  b = R"({"a":"whole","b":"cut of)";
  EXPECT_EQ(names(read_json(Bytes::of(b)), b), "json.a=whole");
  b = "<a><b id='value one'/>text of a<c>text of c</c></a>";
  EXPECT_EQ(names(read_xml(Bytes::of(b)), b), "xml.a.b.id=value one xml.a=text of a xml.a.c=text of c");
  b = "a=first&b=&c=second%20";
  EXPECT_EQ(names(read_form(Bytes::of(b)), b), "form.a=first form.c=second%20");
  b = "/path/to?a=first&b=second";
  EXPECT_EQ(names(read_query(Bytes::of(b)), b), "query.a=first query.b=second");
  b = "sid=first; uid=second";
  EXPECT_EQ(names(read_cookie(Bytes::of(b)), b), "cookie.sid=first cookie.uid=second");
  b = multipart("contents");
  EXPECT_EQ(names(read_multipart(Bytes::of(b), {}), b), "multipart.data=contents");
  EXPECT_EQ(names(read_multipart(Bytes::of(b), "multipart/form-data; boundary=made-boundary"), b), "multipart.data=contents");
  b = protobuf("contents");
  EXPECT_EQ(names(read_protobuf(Bytes::of(b)), b), "protobuf.1=7 protobuf.4.1=name of it protobuf.4.2=contents protobuf.5=1");
  b = msgpack("contents");
  EXPECT_EQ(names(read_msgpack(Bytes::of(b)), b), "msgpack.time=1700000000123 msgpack.data[0]=contents");
  b = cbor("contents");
  EXPECT_EQ(names(read_cbor(Bytes::of(b)), b), "cbor.time=1700000000123 cbor.data[0]=contents");
  for (const unsigned marker : {4u, 5u}) {
    b = bplist("contents", marker);
    EXPECT_EQ(names(read_bplist(Bytes::of(b)), b), "bplist.time=1700000000123 bplist.list[0].data=contents");
  }
  b = bplist("contents", 6);
  EXPECT_EQ(names(read_bplist(Bytes::of(b)), b), "bplist.time=1700000000123 bplist.list[0].data=" + utf16("contents", true));
  for (const bool streamed : {false, true}) {
    b = zipped("contents", false, streamed);
    EXPECT_EQ(names(read_zip(Bytes::of(b)), b), "zip[0]=notes.txt zip.notes.txt=the first member zip[1]=folder/data.bin zip.data.bin=contents zip[0]=notes.txt zip[1]=folder/data.bin");
    b = zipped("contents", false, streamed, false);
    EXPECT_EQ(names(read_zip(Bytes::of(b)), b), "zip[0]=notes.txt zip.notes.txt=the first member zip[1]=folder/data.bin zip.data.bin=contents");
  }
  b = std::string("\xbf\x61" "a\x7f\x65hello\x65world\xff\x61" "b\xfb\x40\x49\x70\xa3\xd7\x0a\x3d\x71\xff");
  EXPECT_EQ(names(read_cbor(Bytes::of(b)), b), "cbor.a=hello cbor.a=world cbor.b=real");
}

// What holds of any outline: values lie inside, in order.
void check(const Result<Outline>& outline, std::size_t size) {
  if (!outline) return;
  std::uint64_t last = 0;
  for (const Leaf& leaf : outline->leaves) {
    ASSERT_LE(leaf.at, size);
    ASSERT_LE(leaf.length, size - leaf.at);
    ASSERT_GE(leaf.at, last);
    ASSERT_LT(leaf.container, outline->containers.size());
    last = leaf.at;
  }
}

TEST(Outline, EveryPrefixAndEveryChangedByteIsRead) {
  std::string how;
  for (const Wrapper& w : kWrappers) {
    const std::string whole = w.wrap("contents of it & more");
    const auto all = [&](const std::string& part) {
      const Bytes bytes = Bytes::of(part);
      check(read_json(bytes), part.size());
      check(read_xml(bytes), part.size());
      check(read_form(bytes), part.size());
      check(read_query(bytes), part.size());
      check(read_cookie(bytes), part.size());
      check(read_multipart(bytes, {}), part.size());
      check(read_protobuf(bytes), part.size());
      check(read_msgpack(bytes), part.size());
      check(read_cbor(bytes), part.size());
      check(read_bplist(bytes), part.size());
      check(read_zip(bytes), part.size());
      shown(part);
    };
    for (std::size_t n = 0; n <= whole.size(); ++n) all(whole.substr(0, n));
    for (std::size_t n = 0; n < whole.size(); ++n) {
      std::string changed = whole;
      for (const int value : {0, 0x7f, 0xff, 0x5f}) {
        changed[n] = static_cast<char>(value);
        all(changed);
      }
    }
  }
}

TEST(Unwrap, EachWrapperAndEachPairOfThemIsUndone) {
  const std::string inner = "the innermost text, long enough to be told from chance";
  for (const Wrapper& a : kWrappers)
    for (const Wrapper& b : kWrappers) {
      std::string one = a.wrap(inner);
      if (b.text && is_binary(one)) one = padded_base64(one);
      const Shown all = shown(b.wrap(one));
      bool found = false;
      for (const std::string& bytes : all.bytes) found |= bytes.find(inner) != bytes.npos;
      EXPECT_TRUE(found) << a.name << " in " << b.name;
      EXPECT_EQ(all.result.over, nullptr) << a.name << " in " << b.name;
    }
}

TEST(Unwrap, ModelCaseGivesItsPath) {
  const Shown all = shown(json(padded_base64(gzipped(json("the end of it")))));
  EXPECT_NE(std::ranges::find(all.paths, "request.body/json.list[1].data/base64/gzip"), all.paths.end());
}

// Brotli has no mark. Each was written by its reference program: a text, a CBOR map, a form with an escape, and a JSON text whose
// compressed bytes hold = and ; by chance.
TEST(Unwrap, BrotliIsFoundWhereItDoesNotSaySo) {
  const auto packed = [](const char* hexadecimal) { return decoded_hex(hexadecimal).value(); };
  const std::string text = packed("17180000441747a403dc7a2ff3d26a1089c2b2055214dbc326ca12f70b");
  const std::string map = packed("071980a26474696d651b0000018bcfe5687b6464617461815a000000196576656e742030303130313037333432393436323520656e6403");
  const std::string escapes = packed("171e000004dc642d4166c3fad89cd15644934e46d118d79d7eea9905306912196b925b");
  const std::string likely = packed("17770000c4965bea64031381616bf24034144fd880138130b00071a1d3023e3ed2d24d72a1835ebae93ab74c0f4c8651dcdbe579f40156ec3d9eee1d5ca2214f59c4608da334f36c51e4f0ac80aab339327b332eab356955954c3f");
  const auto holds = [](const std::string& bytes, const std::string& path) {
    const Shown s = shown(bytes);
    return std::ranges::find(s.paths, path) != s.paths.end();
  };
  for (const std::string& bytes : {text, map, escapes, likely}) {
    EXPECT_TRUE(holds(padded_base64(bytes), "request.body/base64/br"));
    EXPECT_TRUE(holds(msgpack(bytes), "request.body/msgpack.data[0]/br"));
    EXPECT_TRUE(holds(protobuf(bytes), "request.body/protobuf.4.2/br"));
    EXPECT_TRUE(holds(form(bytes), "request.body/form.data/br"));
    EXPECT_TRUE(holds(gzipped(bytes), "request.body/gzip/br"));
  }
}

TEST(Unwrap, ArchivesAndPropertyListsGiveTheirPaths) {
  const auto holds = [](const std::string& bytes, const std::string& path, const std::string& inner) {
    const Shown s = shown(bytes);
    for (std::size_t i = 0; i < s.paths.size(); ++i)
      if (s.paths[i] == path && s.bytes[i] == inner) return true;
    return false;
  };
  const std::string inner = json("the end of it");
  for (const bool directory : {true, false}) {
    EXPECT_TRUE(holds(zipped(inner, false, false, directory), "request.body/zip.data.bin", inner));
    EXPECT_TRUE(holds(zipped(inner, true, false, directory), "request.body/zip.data.bin/deflate", inner));
    EXPECT_TRUE(holds(zipped(inner, true, true, directory), "request.body/zip.data.bin/deflate", inner));
  }
  for (const unsigned marker : {4u, 5u, 6u}) EXPECT_TRUE(holds(bplist(inner, marker), "request.body/bplist.list[0].data", inner)) << marker;
  // What the directory does not list, and what it lists and the capture has only the start of.
  const std::string archive = zipped(inner, true, true);
  EXPECT_TRUE(holds(archive + "PK\3\4" + std::string(14, '\0') + std::string("\x0c\0\0\0\x0c\0\0\0\1\0\0\0", 12) + "x" + "hidden bytes", "request.body/zip.x", "hidden bytes"));
  const std::string cut = zipped(inner, false, false);
  const std::size_t at = cut.find("the end");
  EXPECT_TRUE(holds(cut.substr(0, at + 3), "request.body/zip.data.bin", inner.substr(0, inner.find("the end") + 3)));
}

// Written by Python's plistlib and zipfile: a list of every kind of value, and an archive as a stream with one member of zip64.
TEST(Unwrap, ReadsWhatOtherProgramsWrite) {
  const std::string list = decoded_hex(
      "62706c6973743030d80102030405060708090a0b1011121314526964536c6174546c697374516e546e616d65536e656753726177547768656e5f100f3030303030303132333435363738"
      "39234049709e44fa0514a20c0d09d10e0f54646565705b76616c756520696e2069741300013e52c107ad1568005a006f00eb0020005400650073007413fffffffffffeee904a0001636f"
      "6e74656e74733341c6925e8000000008191c2025272c3034394b5457585b606c75868f9a00000000000001010000000000000015000000000000000000000000000000a3").value();
  EXPECT_EQ(names(read_bplist(Bytes::of(list)), list), "bplist.id=000000123456789 bplist.lat=real bplist.list[1].deep=value in it bplist.n=350000123456789 bplist.name=" + utf16("Zo\xc3\xab Test", true) + " bplist.neg=" + std::to_string(static_cast<std::uint64_t>(-70000)) + " bplist.raw=" + std::string("\0\1contents", 10));
  std::string all;
  for (const std::string& bytes : shown(list).bytes) all += bytes + "|";
  for (const char* text : {"|Zo\xc3\xab Test|", "\n350000123456789\n", "\n-70000\n", "50.8798300"}) EXPECT_NE(all.find(text), all.npos) << text;
  const std::string archive = decoded_hex(
      "504b03041400080008000000215a0000000000000000000000000a00000073747265616d2e62696ee360af20120000504b0708a9a9f735070000002a000000504b03042d000800000000"
      "00215a00000000ffffffffffffffff08001400776964652e747874010010000000000000000000000000000000000077697468207a697036342073697a6573504b0708c1f428ec100000"
      "00000000001000000000000000504b010214031400080008000000215aa9a9f735070000002a0000000a000000000000000000000080010000000073747265616d2e62696e504b01022d"
      "032d00080000000000215ac1f428ec100000001000000008000000000000000000000080013f000000776964652e747874504b050600000000020002006e000000a10000000000").value();
  const Shown s = shown(archive);
  const auto at = std::ranges::find(s.paths, "request.body/zip.stream.bin/deflate"), wide = std::ranges::find(s.paths, "request.body/zip.wide.txt");
  ASSERT_NE(at, s.paths.end());
  ASSERT_NE(wide, s.paths.end());
  EXPECT_EQ(s.bytes[static_cast<std::size_t>(at - s.paths.begin())], "\x08\x07" + std::string(40, 'x'));
  EXPECT_EQ(s.bytes[static_cast<std::size_t>(wide - s.paths.begin())], "with zip64 sizes");
}

TEST(Unwrap, WhatAnArchiveKeepsClosedIsTold) {
  std::string sealed = zipped("contents of it", false, false);
  EXPECT_FALSE(shown(sealed).result.closed);
  const std::size_t local = sealed.rfind("PK\3\4");
  sealed[local + 6] = 1;
  const Shown s = shown(sealed);
  ASSERT_TRUE(s.result.closed);
  EXPECT_EQ(s.result.closed->code, Code::encrypted);
  std::string packed = zipped("contents of it", false, false);
  packed[local + 8] = packed[packed.rfind("PK\1\2") + 10] = 14;   // LZMA
  ASSERT_TRUE(shown(packed).result.closed);
  EXPECT_EQ(shown(packed).result.closed->code, Code::unsupported);
}

// Members that lie in one another, objects that hold themselves, and one list of numbers that serves for thousands of arrays.
TEST(Unwrap, HostileArchivesAndListsEndSoon) {
  std::string quine = zipped(std::string(100, 'a'), false, false);
  const std::size_t second = quine.rfind("PK\3\4"), directory = quine.find("PK\1\2");
  quine[second + 18] = quine[directory + 20] = static_cast<char>(0xff);   // sizes that run past what follows
  const auto outline = read_zip(Bytes::of(quine));
  ASSERT_TRUE(outline);
  check(outline, quine.size());
  EXPECT_TRUE(outline->cut);

  const auto list = [](const std::vector<std::string>& objects) {
    std::string out = "bplist00", table;
    for (const std::string& object : objects) {
      table += big(out.size(), 4);
      out += object;
    }
    const std::size_t at = out.size();
    return out + table + std::string(6, '\0') + "\x04\x02" + big(objects.size(), 8) + big(0, 8) + big(at, 8);
  };
  const std::string circle = list({std::string("\xa2\0\0\0\1", 5), "\x57" "contents"});
  EXPECT_EQ(names(read_bplist(Bytes::of(circle)), circle), "bplist[1]=content");
  // 4,000 arrays of 4,000 items, all of them the same bytes.
  std::string root = "\xaf\x11" + big(4000, 2), child = root;
  for (std::uint64_t i = 1; i <= 4000; ++i) root += big(i, 2), child += big(4001, 2);
  std::string table = big(8, 4);
  for (int i = 0; i < 4000; ++i) table += big(8 + root.size(), 4);
  table += big(8 + root.size() + child.size(), 4);
  std::string shared = "bplist00" + root + child + "\x58" "contents";
  const std::size_t table_at = shared.size();
  shared += table + std::string(6, '\0') + "\x04\x02" + big(4002, 8) + big(0, 8) + big(table_at, 8);
  const auto spun = read_bplist(Bytes::of(shared));
  ASSERT_FALSE(spun);
  EXPECT_STREQ(spun.error().what, "objects that are listed over and over");
  // Texts that begin one byte after one another: only the first is listed.
  std::string overlap = "bplist00" + std::string("\xa3\1\2\3", 4) + "\x5a\x5a\x5atwelve characters";
  const std::size_t overlap_at = overlap.size();
  overlap += std::string("\x08\x0c\x0d\x0e", 4) + std::string(6, '\0') + "\x01\x01" + big(4, 8) + big(0, 8) + big(overlap_at, 8);
  const auto laid = read_bplist(Bytes::of(overlap));
  ASSERT_TRUE(laid);
  EXPECT_EQ(laid->leaves.size(), 1u);
  EXPECT_TRUE(laid->cut);
}

TEST(Unwrap, MarkOfCompressionOutweighsChanceOfMessage) {
  // Random text, which zstd keeps as it is: its frame begins 28 b5 2f fd, fields of a protocol buffer.
  std::mt19937_64 random(7);
  for (int n = 0; n < 200; ++n) {
    std::string body = "{\"a\":\"";
    for (std::size_t i = 0; i < 20 + static_cast<std::size_t>(n) % 60; ++i) body += "0123456789abcdef"[random() % 16];
    body += "\"}";
    const Shown s = shown(protobuf(zstd_compressed(body)));
    EXPECT_NE(std::ranges::find(s.paths, "request.body/protobuf.4.2/zstd"), s.paths.end()) << n;
  }
}

TEST(Unwrap, DepthNodesAndBytesAreLimited) {
  std::string deep = "the innermost text";
  for (int i = 0; i < 12; ++i) deep = padded_base64(deep);
  EXPECT_STREQ(shown(deep).result.over, "depth");
  std::string boxes = "the innermost text";
  for (int i = 0; i < 12; ++i) boxes = zipped(boxes, false, false);
  EXPECT_STREQ(shown(boxes).result.over, "depth");
  std::string wide = "[";
  for (int i = 0; i < 6000; ++i) wide += "\"" + padded_base64("value number " + std::to_string(i)) + "\",";
  const Shown many = shown(wide + "1]");
  EXPECT_STREQ(many.result.over, "nodes");
  EXPECT_EQ(many.result.nodes, 4096u);
  std::string bombs = "[";
  const std::string bomb = padded_base64(gzipped(std::string(4 << 20, 'a')));
  for (int i = 0; i < 60; ++i) bombs += "\"" + bomb + "\",";
  const Shown exploded = shown(bombs + "1]");
  EXPECT_STREQ(exploded.result.over, "bytes");
  EXPECT_LE(exploded.result.bytes, std::uint64_t{64} << 20);
}

TEST(Unwrap, SameBytesGiveTheSameNodes) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 50; ++i) {
    std::string how;
    const std::string body = wrapped("some inner text that is wrapped", 4, random, how);
    EXPECT_EQ(shown(body).paths, shown(body).paths);
  }
}

}  // namespace
}  // namespace klik::traffic
