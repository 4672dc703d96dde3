// What is nested in shapes of no format: lines, calls, paths, bytes behind a length. All identifiers are made.
#include <gtest/gtest.h>

#include <ctime>

#include "leak_searcher.h"
#include "traffic/packed_marks.h"
#include "wrapping.h"

namespace klik::traffic {
namespace {

const std::string kImei = "000000123456789";

std::string lines(const std::string& text, std::size_t width, const std::string& between) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += width) out += between + text.substr(i, width);
  return out;
}

// Places in which a value may stand; "@" is base64 of something packed, in the alphabet of URLs and without padding.
const char* const kShapes[] = {
    "/e/@/x", "/e/@.gif?v=1&w=2", "/e/@", "a,b,@,c\n", "1|2|@|x", "a\tb\t@\tc\n", "@\n@\n", "{\"a\":1}\n@\n", "a=1\nd=@\nz=3\n", "v=1,d=@,x=2", "v1:@", "gzip:@", "aaaa.@", "ts,data\n1,\"{\"\"d\"\":\"\"@\"\"}\"\n",
    "event: x\ndata: {\"p\":\"@\"}\n\n", "42[\"ev\",\"@\"]", "cb({\"d\":\"@\"});", "while(1);{\"d\":\"@\"}", "/* x */{\"d\":\"@\"}", "{'d':'@'}", "\xef\xbb\xbf{\"d\":\"@\"}", "\x1e{\"a\":1}\n\x1e{\"d\":\"@\"}\n", "{\"a\":1}\x1e{\"d\":\"@\"}\x1e",
    "{\"u\":\"https://x.test/p#p=@\"}", "{\"u\":\"https://x.test/e/@/p\"}", "{\"d\":\"v1:@\"}", "{\"d\":\"some words: @\"}", "<html><script>var x={\"d\":\"@\"};</script></html>", "a=1;p=@;z=2", "i=1&d=v1,@", "a=1; d=x.@; z=2",
};

std::string filled(std::string shape, const std::string& value) {
  for (auto at = shape.find('@'); at != shape.npos; at = shape.find('@', at + value.size())) shape.replace(at, 1, value);
  return shape;
}

TEST(Pieces, PackedValuesAreFoundInAnyShapeOfText) {
  Searcher s(listed("imei 000000123456789\n"));
  const std::string inner = "{\"did\":\"" + kImei + "\"}";
  for (const char* shape : kShapes)
    for (const std::string& value : {base64(gzipped(inner), true), base64(zlibbed(inner), true), base64(zstd_compressed(inner), true), hex_lower(gzipped(inner)), hex_upper(zlibbed(inner)), base64(base64(gzipped(inner), false), true)}) {
      // Zstandard leaves short texts as they are, so they are also found in its frame.
      bool found = false;
      for (const Leak& leak : s.in(filled(shape, value))) found |= leak.path.ends_with("json.did");
      EXPECT_TRUE(found) << shape << " " << value;
      EXPECT_EQ(s.one(filled(shape, value.substr(0, 20))), "") << shape;
    }
  EXPECT_EQ(s.one("/e/" + base64(gzipped(inner), true) + "/x"), "plain @ request.body/pieces[0]/base64/gzip/json.did");
  EXPECT_EQ(s.one("/e/" + base64(gzipped(inner), true) + "/x?a=1&b=2"), "plain @ request.body/pieces[0]/base64/gzip/json.did");
  EXPECT_EQ(s.one("cb(" + inner + ");"), "plain @ request.body/pieces[0]/json.did") << "told once";
  EXPECT_EQ(s.one("imei " + kImei + " {\"a\":\"of another\"}"), "plain @ request.body") << "what lies beside a piece";
}

TEST(Pieces, LinesOfBase64AreOne) {
  Searcher s(listed("imei 000000123456789\n"));
  const std::string value = padded_base64(gzipped("{\"more\":\"text that makes it several lines long, and no two of them alike\",\"did\":\"" + kImei + "\"}"));
  for (const std::size_t width : {40u, 64u, 76u})
    for (const char* between : {"\n", "\r\n", "\n\t"}) {
      EXPECT_EQ(s.one("-----BEGIN X-----" + lines(value, width, between) + "\n-----END X-----"), "plain @ request.body/pieces[0]/base64/gzip/json.did") << width;
      if (std::string_view(between) == "\n\t") continue;
      EXPECT_EQ(s.one("<plist><dict><key>d</key><data>" + lines(value, width, between) + between + "</data></dict></plist>").substr(0, 5), "plain") << width;
    }
}

struct Packer {
  std::string (*wrap)(const std::string&);
  const char* name;
};

TEST(Pieces, PackedBytesAreFoundBehindWhateverStandsBefore) {
  Searcher s(listed("imei 000000123456789\n"));
  const std::string inner = "{\"did\":\"" + kImei + "\"}";
  std::mt19937_64 random(5);
  for (const auto& [wrap, name] : {Packer{gzipped, "gzip"}, Packer{zlibbed, "zlib"}, Packer{zstd_compressed, "zstd"}, Packer{lz4_compressed, "lz4"}})
    for (const std::size_t before : {1u, 4u, 5u, 16u, 100u}) {
      std::string noise(before, '\0');
      for (char& c : noise) c = static_cast<char>(random() % 32);
      EXPECT_TRUE(s.one(noise + wrap(inner)).ends_with(std::string("plain @ request.body/pieces[0]/") + name + "/json.did")) << before;
      const std::string two = noise + wrap("{\"a\":\"another message\"}") + noise + wrap(inner);
      if (wrap != lz4_compressed) { EXPECT_TRUE(s.one(two).ends_with(std::string("plain @ request.body/pieces[1]/") + name + "/json.did")) << before; }
    }
  EXPECT_EQ(s.one(std::string("\0\0\0\x40", 4) + "{\"d\":\"" + padded_base64(gzipped(inner)) + "\"}"), "plain @ request.body/pieces[0]/json.d/base64/gzip/json.did");
  EXPECT_EQ(s.one("\xff\xfe" + utf16("{\"d\":\"" + padded_base64(gzipped(inner)) + "\"}", false)), "plain @ request.body/utf16/json.d/base64/gzip/json.did");
  EXPECT_EQ(s.one(utf16("{\"d\":\"" + kImei + "\"}", true)), "plain @ request.body/utf16/json.d") << "told once, where it is decoded";
}

TEST(Pieces, WhatOnlyLooksPackedIsNothing) {
  Searcher s(listed("imei 000000123456789\n"));
  for (const std::string& number : {"1" + kImei, kImei + "12", std::string("000000123456780")}) {
    const std::string inner = "{\"did\":\"" + number + "\"}";
    for (const char* shape : kShapes)
      for (const std::string& value : {base64(gzipped(inner), true), hex_lower(zlibbed(inner)), base64(inner, true)}) EXPECT_EQ(s.one(filled(shape, value)), "") << shape;
    EXPECT_EQ(s.one(std::string("\0\0\0\x40", 4) + gzipped(inner)), "");
  }
  for (const char* text : {"{\"a\":1}", "{}", "[\"a\",\"b\"]"}) {
    std::uint64_t room = 1000;
    EXPECT_EQ(json_extent(std::string(text) + " and more", room), *text == '{' && text[1] == '}' ? std::nullopt : std::optional<std::uint64_t>(std::string_view(text).size())) << text;
  }
}

// Starts without end, each of which would be read to the end of all.
TEST(Pieces, HostileTextsEndSoon) {
  Searcher s(listed("imei 000000123456789\n"));
  std::string open, broken;
  while (open.size() < 4 << 20) open += "x{\"a\":[";
  while (broken.size() < 4 << 20) broken += "x{\"a\":1,";
  std::string packed;
  while (packed.size() < 1 << 20) packed += "\1" + gzipped(std::string(2'000, 'a')).substr(0, 20);
  for (const std::string& body : {open, broken + "\x01", packed}) {
    const auto start = std::clock();
    s.in(body);
    EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 10.0);
  }
}

TEST(Pieces, WhatIsLeftUnsearchedIsTold) {
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "x = [{\"key\":\"some value\"}] y\n";
  const auto cut = read_pieces(Bytes::of(many));
  ASSERT_TRUE(cut);
  EXPECT_TRUE(cut->cut);
  Connection on;
  Searcher s(listed("imei 000000123456789\n"));
  EXPECT_EQ(std::string_view(s.search.search(on, {.message = 1, .place = "request.body", .name = {}, .type = {}, .way = Way::up, .bytes = Bytes::of(many), .coding = {}}).over), "values");
}

TEST(Pieces, PartsOfMessagesThatSayHowTheyAreWritten) {
  Searcher s(listed("imei 000000123456789\nemail proef@example.org\n"));
  const std::string inner = padded_base64(gzipped("{\"did\":\"" + kImei + "\"}"));
  EXPECT_EQ(s.one("--B\r\nContent-Disposition: form-data; name=\"u\"\r\nContent-Transfer-Encoding: Quoted-Printable\r\n\r\nproef=40exam=\r\nple.org\r\n--B--\r\n", "multipart/form-data; boundary=B"), "plain @ request.body/multipart.u/quoted-printable");
  EXPECT_EQ(s.one("before\r\n--B\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\n" + inner + "\r\n--B--\r\n", "Multipart/Form-Data; boundary=B"), "plain @ request.body/multipart.u/base64/gzip/json.did");
  std::string several;
  for (int i = 0; i < 3; ++i) {
    const std::string one = protobuf(i == 1 ? gzipped("{\"did\":\"" + kImei + "\"}") : "some text");
    several += varint(one.size()) + one;
  }
  EXPECT_TRUE(s.one(several).ends_with("/gzip/json.did")) << s.one(several);
  Searcher t(listed("imei 490154203237518\n"));
  EXPECT_EQ(t.one("{\"imei\":4.90154203237518E14}"), "plain @ request.body/json.imei");
  EXPECT_EQ(t.one("{\"imei\":4.90154203237518e+14,\"b\":1}"), "plain @ request.body/json.imei");
  for (const char* other : {"{\"imei\":4.90154203237518E17}", "{\"imei\":4.90154203237518E13}", "{\"imei\":4.9015420323751E14}", "{\"imei\":14.90154203237518E14}"}) EXPECT_EQ(t.one(other), "") << other;
}

}  // namespace
}  // namespace klik::traffic
