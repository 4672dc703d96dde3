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

TEST(Unwrap, DepthNodesAndBytesAreLimited) {
  std::string deep = "the innermost text";
  for (int i = 0; i < 12; ++i) deep = padded_base64(deep);
  EXPECT_STREQ(shown(deep).result.over, "depth");
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
