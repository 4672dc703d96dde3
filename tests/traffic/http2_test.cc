#include <gtest/gtest.h>
#include <zlib.h>

#include "http2_frames.h"
#include "http_recorder.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_http2, stream_http1;
namespace {

struct Http2Wire : Wire {
  explicit Http2Wire(const char* below = "tls") {
    if (*below) connection.speaks(below);
    connection.speaks("h2");
    reader = stream_http2.open(context);
  }
  HpackEncoder up_fields, down_fields;
};

std::string gzip(std::string_view plain) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
  std::string out(plain.size() + 100, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}

TEST(Http2, FramesThatNobodyReadsAreSearched) {
  Http2Wire w;
  w.events.stretches_wanted = true;
  w.up(kPreface + kSettings + frame(7, 0, 0, std::string("\0\0\0\1\0\0\0\0", 8) + "debug data") + frame(0xf0, 0, 0, "of another kind") + frame(0xf1, 0, 0, "four"));
  w.up(frame(kHeaders, kEndHeaders, 1, w.up_fields.block(request_to("/b", "POST"))) + frame(kData, kPadded | kEndStream, 1, std::string("\x06") + "body" + "padded"));
  w.drip(Way::up, frame(0xf2, 0, 0, "in pieces"));
  w.reader->end();
  std::string seen;
  for (const auto& c : w.events.stretches) seen += c.place + "=" + c.bytes + ";";
  // Four bytes are shorter than any identifier.
  EXPECT_EQ(seen, "h2.frame=" + std::string("\0\0\0\1\0\0\0\0", 8) + "debug data;h2.frame=of another kind;h2.frame=padded;h2.frame=in pieces;");
}

// Up and down of two requests that overlap, with every kind of frame in between.
std::pair<std::string, std::string> exchange() {
  HpackEncoder u, d;
  const std::string first = u.block(request_to("/a?id=1")), second = u.block(request_to("/b", "POST"));
  std::string up = kPreface + kSettings + frame(kHeaders, kEndHeaders | kEndStream | kPriority, 1, std::string("\0\0\0\0\x10", 5) + first);
  up += frame(kHeaders, kPadded, 3, std::string("\x02") + second.substr(0, 5) + std::string("\0\0", 2)) + frame(kContinuation, 0, 3, second.substr(5, 1)) + frame(kContinuation, kEndHeaders, 3, second.substr(6));
  up += frame(kPing, 0, 0, "12345678") + frame(kData, kPadded, 3, std::string("\x03") + "key=" + std::string(3, '\0')) + frame(0x10, 0, 0, "odd") + frame(kData, kEndStream, 3, "value");
  std::string down = kSettings + frame(4, 1, 0, "");
  down += frame(kHeaders, kEndHeaders, 3, d.block({{":status", "103"}})) + frame(kHeaders, kEndHeaders, 3, d.block({{":status", "201"}, {"content-type", "text/plain"}}));
  down += frame(kHeaders, kEndHeaders, 1, d.block({{":status", "200"}, {"content-encoding", "gzip"}})) + frame(kData, 0, 3, "made");
  down += frame(kData, kEndStream, 1, gzip("secret text")) + frame(kHeaders, kEndHeaders | kEndStream, 3, d.block({{"x-sum", "99"}}));
  return {up, down};
}

void expect_exchange(const Http2Wire& w) {
  ASSERT_EQ(w.events.messages.size(), 5u);
  const Message& a = w.events.messages[0];
  EXPECT_EQ(a.what, "request");
  EXPECT_EQ(a.stream, 1u);
  EXPECT_EQ(a.method, "GET");
  EXPECT_EQ(a.scheme, "https");
  EXPECT_EQ(a.host, "example.org");
  EXPECT_EQ(a.path, "/a?id=1");
  EXPECT_EQ(a.agent, "made/2");
  EXPECT_EQ(a.state, Opened::decrypted);
  EXPECT_EQ(w.events.content_of(0, "request.header", "x-id"), "4711");
  EXPECT_EQ(w.events.messages[1].method, "POST");
  EXPECT_EQ(w.events.messages[1].body_bytes, 9u);
  EXPECT_EQ(w.events.content_of(1, "request.body"), "key=value");
  EXPECT_EQ(w.events.messages[2].status, 103u);
  EXPECT_EQ(w.events.messages[3].status, 200u);
  EXPECT_EQ(w.events.content_of(3, "response.body"), "secret text");
  EXPECT_EQ(w.events.messages[4].status, 201u);
  EXPECT_EQ(w.events.messages[4].stream, 3u);
  EXPECT_EQ(w.events.content_of(4, "response.body"), "made");
  EXPECT_EQ(w.events.content_of(4, "response.header", "x-sum"), "99");
  EXPECT_EQ(w.connection.host, "example.org");
  EXPECT_TRUE(w.events.problems.empty());
  for (const Message& m : w.events.messages) EXPECT_EQ(m.detail, "");
}

TEST(Http2, TellsRequestsAndAnswersOfEachStream) {
  const auto [up, down] = exchange();
  Http2Wire w;
  w.up(up);
  w.down(down);
  w.reader->end();
  expect_exchange(w);
}

TEST(Http2, ByteByByteGivesTheSame) {
  const auto [up, down] = exchange();
  Http2Wire w;
  w.drip(Way::up, up);
  w.drip(Way::down, down);
  w.reader->end();
  expect_exchange(w);
}

TEST(Http2, EveryPrefixIsRead) {
  const auto [up, down] = exchange();
  for (std::size_t n = 0; n <= down.size(); ++n) {
    Http2Wire w;
    w.up(up.substr(0, std::min(n, up.size())));
    w.down(down.substr(0, n));
    w.reader->end();
    EXPECT_TRUE(w.events.problems.empty()) << n;
  }
}

TEST(Http2, ALargerTableNeedsNoSettings) {
  Http2Wire w;
  HpackEncoder u(65'536);
  u.table(65'536);
  w.up(kPreface + kSettings + frame(kHeaders, kEndHeaders | kEndStream, 1, u.block(request_to("/" + std::string(5'000, 'x')))));
  w.up(frame(kHeaders, kEndHeaders | kEndStream, 3, u.block(request_to("/b"))));
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[1].host, "example.org");
  EXPECT_TRUE(w.events.problems.empty());
}

TEST(Http2, FromTheMiddleUnknownNamesAreSaidNotGuessed) {
  Http2Wire w;
  w.up_fields.block({{":method", "GET"}, {"x-before", "seen by nobody"}, {"x-id", "other"}});
  w.up(frame(kHeaders, kEndHeaders | kEndStream, 5, w.up_fields.block({{":method", "GET"}, {":path", "/mid"}, {"x-before", "seen by nobody"}, {"x-new", "1"}})));
  w.up(frame(kHeaders, kEndHeaders | kEndStream, 7, w.up_fields.block({{":method", "GET"}, {":path", "/mid"}, {"x-new", "1"}})));
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[0].path, "/mid");
  EXPECT_TRUE(w.events.messages[0].detail.contains("names unknown"));
  EXPECT_EQ(w.events.content_of(0, "request.header", "x-before"), "");
  EXPECT_EQ(w.events.content_of(0, "request.header", "x-new"), "1");
  EXPECT_EQ(w.events.messages[1].detail, "");
  EXPECT_EQ(w.events.content_of(1, "request.header", "x-new"), "1");
  EXPECT_TRUE(w.events.problems.empty());
}

TEST(Http2, AHoleInDataIsCountedAndFramesGoOn) {
  const auto [up, down] = exchange();
  Http2Wire w;
  w.up(up);
  w.down(kSettings + frame(kHeaders, kEndHeaders, 1, w.down_fields.block({{":status", "200"}})) + frame(kData, kEndStream, 1, "0123456789").substr(0, 12));
  w.reader->gap(Way::down, 4);
  w.down("789" + frame(kHeaders, kEndHeaders | kEndStream, 3, w.down_fields.block({{":status", "204"}})));
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.events.messages[2].state, Opened::damaged);
  EXPECT_EQ(w.events.messages[2].body_bytes, 10u);
  EXPECT_EQ(w.events.messages[3].status, 204u);
}

TEST(Http2, AfterALargeHoleItGoesOnAtAFrame) {
  Http2Wire w;
  w.up(kPreface + kSettings + frame(kHeaders, kEndHeaders | kEndStream, 1, w.up_fields.block(request_to("/a"))));
  w.up_fields.block(request_to("/lost"));
  w.reader->gap(Way::up, 0);
  w.up("not a frame at all");
  w.up(frame(kHeaders, kEndHeaders | kEndStream, 5, w.up_fields.block({{":method", "GET"}, {":path", "/c"}, {"x-id", "4711"}})));
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[1].path, "/c");
  EXPECT_TRUE(w.events.messages[1].detail.contains("names unknown"));
  EXPECT_EQ(w.connection.dark_up, 18u);
}

TEST(Http2, ResetAndPushedStreams) {
  Http2Wire w;
  w.up(kPreface + kSettings + frame(kHeaders, kEndHeaders, 1, w.up_fields.block(request_to("/a", "POST"))) + frame(kData, 0, 1, "part") + frame(kReset, 0, 1, std::string(4, '\0')));
  w.up(frame(kHeaders, kEndHeaders | kEndStream, 3, w.up_fields.block(request_to("/b"))));
  w.down(kSettings + frame(kData, 0, 1, "late") + frame(kPromise, kEndHeaders, 3, std::string("\0\0\0\x02", 4) + w.down_fields.block(request_to("/pushed"))));
  w.down(frame(kHeaders, kEndHeaders, 2, w.down_fields.block({{":status", "200"}})) + frame(kData, kEndStream, 2, "push"));
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.events.messages[0].detail, "reset");
  EXPECT_EQ(w.events.messages[0].state, Opened::decrypted);
  EXPECT_EQ(w.events.content_of(0, "request.body"), "part");
  EXPECT_EQ(w.events.messages[2].detail, "pushed");
  EXPECT_EQ(w.events.messages[2].way, Way::down);
  EXPECT_EQ(w.events.messages[2].path, "/pushed");
  EXPECT_EQ(w.events.messages[3].stream, 2u);
  EXPECT_EQ(w.events.content_of(3, "response.body"), "push");
}

TEST(Http2, GrpcMessagesComeOutOfTheirFraming) {
  Http2Wire w;
  Fields fields = request_to("/pkg.Service/Call", "POST");
  fields.emplace_back("content-type", "application/grpc+proto");
  fields.emplace_back("grpc-encoding", "gzip");
  const std::string packed = gzip("canary in a message");
  w.up(kPreface + kSettings + frame(kHeaders, kEndHeaders, 1, w.up_fields.block(fields)) + frame(kData, kEndStream, 1, std::string("\0\0\0\0\x03", 5) + "abc" + std::string("\x01\0\0\0", 4) + static_cast<char>(packed.size()) + packed));
  ASSERT_EQ(w.events.messages.size(), 1u);
  EXPECT_EQ(w.events.messages[0].body_bytes, 5u + 3 + 5 + packed.size());
  EXPECT_EQ(w.events.content_of(0, "request.body"), "abccanary in a message");
  EXPECT_EQ(w.events.contents.back().coding, "grpc/gzip");
}

TEST(Http2, AnUpgradeOfHttp1LeadsHere) {
  Http2Wire w("");
  w.connection.protocol = "http1";
  w.reader = stream_http1.open(w.context);
  w.up("GET /first HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");
  w.down("HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + kSettings + frame(kHeaders, kEndHeaders, 1, w.down_fields.block({{":status", "200"}})) + frame(kData, kEndStream, 1, "ok"));
  w.up(kPreface + kSettings + frame(kHeaders, kEndHeaders | kEndStream, 3, w.up_fields.block(request_to("/second"))));
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.connection.protocol, "http1/h2");
  EXPECT_EQ(w.events.content_of(2, "response.body"), "ok");
  EXPECT_EQ(w.events.messages[3].path, "/second");
}

TEST(Http2, ConnectLeadsIntoWhatIsSpokenThere) {
  Http2Wire w;
  w.up(kPreface + kSettings + frame(kHeaders, kEndHeaders, 1, w.up_fields.block({{":method", "CONNECT"}, {":authority", "inner.test:80"}})));
  w.down(kSettings + frame(kHeaders, kEndHeaders, 1, w.down_fields.block({{":status", "200"}})));
  w.up(frame(kData, kEndStream, 1, "GET /in HTTP/1.1\r\nHost: inner\r\n\r\n"));
  w.down(frame(kData, kEndStream, 1, "HTTP/1.1 204 No\r\n\r\n"));
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.events.messages[2].protocol, "http1");
  EXPECT_EQ(w.events.messages[2].path, "/in");
  EXPECT_EQ(w.connection.protocol, "tls/h2/http1");
}

TEST(Http2, HostileFramesEnd) {
  Http2Wire flood;
  std::string up = kPreface + kSettings + frame(kHeaders, 0, 1, "\x82");
  for (int i = 0; i < 100; ++i) up += frame(kContinuation, 0, 1, std::string(10'000, '\x82'));
  flood.up(up + frame(kContinuation, kEndHeaders, 1, "") + frame(kHeaders, kEndHeaders | kEndStream, 3, HpackEncoder().block(request_to("/after"))));
  flood.reader->end();
  EXPECT_GE(flood.events.problems.size(), 1u);
  ASSERT_EQ(flood.events.messages.size(), 1u);
  EXPECT_EQ(flood.events.messages[0].path, "/after");

  Http2Wire many;
  many.limits.streams = 10;
  std::string open = kPreface + kSettings;
  for (std::uint32_t id = 1; id < 101; id += 2) open += frame(kHeaders, kEndHeaders, id, many.up_fields.block(request_to("/x")));
  many.up(open);
  EXPECT_EQ(many.events.messages.size(), 40u);
  EXPECT_EQ(many.events.messages[0].state, Opened::damaged);

  Http2Wire broken;
  broken.up(kPreface + kSettings + frame(kHeaders, kEndHeaders | kEndStream, 1, "\xff\xff\xff\xff\xff\xff") + frame(kHeaders, kEndHeaders | kEndStream, 3, broken.up_fields.block(request_to("/x"))) + frame(kData, kPadded, 5, "\xff""ab") + frame(kData, 0, 0, "x"));
  broken.reader->end();
  ASSERT_EQ(broken.events.messages.size(), 2u);
  EXPECT_EQ(broken.events.messages[0].state, Opened::damaged);
  EXPECT_EQ(broken.events.messages[1].path, "/x");
}

TEST(Http2, IsRecognised) {
  const auto match = [](std::string_view up, std::string_view alpn = {}) { return stream_http2.recognise({Bytes::of(up), {}, 443, alpn, {}}); };
  EXPECT_EQ(match(kPreface + kSettings), Match::yes);
  EXPECT_EQ(match("PRI * HT"), Match::more);
  EXPECT_EQ(match("PRI * HTTP/1.1"), Match::no);
  EXPECT_EQ(match("", "h2"), Match::yes);
  EXPECT_EQ(match("", "http/1.1"), Match::no);
}

}  // namespace
}  // namespace klik::traffic
