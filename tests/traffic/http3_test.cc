#include "traffic/http3.h"

#include <gtest/gtest.h>
#include <nghttp3/nghttp3.h>

#include <set>

#include "http_recorder.h"

namespace klik::traffic {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string integer(std::uint64_t value) {
  if (value < 64) return {static_cast<char>(value)};
  if (value < 16'384) return {static_cast<char>(0x40 | value >> 8), static_cast<char>(value)};
  return {static_cast<char>(0x80 | value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string frame(std::uint64_t type, std::string_view payload) { return integer(type) + integer(payload.size()) + std::string(payload); }

// nghttp3's own encoder: blocks, and what the encoder stream needs before them.
class QpackEncoder {
 public:
  explicit QpackEncoder(std::size_t capacity) {
    nghttp3_qpack_encoder_new(&encoder_, capacity, nghttp3_mem_default());
    nghttp3_qpack_encoder_set_max_dtable_capacity(encoder_, capacity);
    nghttp3_qpack_encoder_set_max_blocked_streams(encoder_, 100);
  }
  ~QpackEncoder() { nghttp3_qpack_encoder_del(encoder_); }
  QpackEncoder(const QpackEncoder&) = delete;
  QpackEncoder& operator=(const QpackEncoder&) = delete;

  std::string block(std::int64_t stream, const Fields& fields) {
    std::vector<nghttp3_nv> list;
    for (const auto& [name, value] : fields)
      list.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())), reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(), 0});
    nghttp3_buf prefix{}, body{}, stream_buf{};
    nghttp3_qpack_encoder_encode(encoder_, &prefix, &body, &stream_buf, stream, list.data(), list.size());
    instructions += take(stream_buf);
    return take(prefix) + take(body);
  }
  std::string instructions;   // not handed out yet

 private:
  static std::string take(nghttp3_buf& buffer) {
    std::string out(reinterpret_cast<const char*>(buffer.pos), static_cast<std::size_t>(buffer.last - buffer.pos));
    nghttp3_buf_free(&buffer, nghttp3_mem_default());
    return out;
  }
  nghttp3_qpack_encoder* encoder_ = nullptr;
};

struct Http3Wire {
  Http3Wire() { connection.protocol = "quic/h3"; }
  void give(std::uint64_t id, Way way, std::string_view bytes, bool fin = false) {
    http3.stream_data(id, way, Bytes::of(bytes), fin, {at, bytes.size()}, static_cast<std::int64_t>(at));
    at += bytes.size();
  }
  void drip(std::uint64_t id, Way way, std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) give(id, way, bytes.substr(i, 1));
    give(id, way, "", true);
  }
  Connection connection;
  Recorder events;
  Secrets secrets;
  Limits limits;
  Context context{connection, events, secrets, limits};
  Http3 http3{context};
  std::uint64_t at = 0;
};

const Fields kRequest = {{":method", "POST"}, {":scheme", "https"}, {":authority", "made.test"}, {":path", "/h3?x=1"}, {"user-agent", "made/3"}, {"x-id", "31337"}};
const std::string kSettings4096 = std::string("\0", 1) + frame(4, integer(1) + integer(4'096) + integer(7) + integer(100));

TEST(Http3, TellsRequestAndAnswerWithoutATable) {
  QpackEncoder none(0);
  for (const bool slow : {false, true}) {
    Http3Wire w;
    const std::string up = frame(1, none.block(0, kRequest)) + frame(0, "bo") + frame(0x21, "grease") + frame(0, "dy");
    const std::string down = frame(1, none.block(0, {{":status", "100"}})) + frame(1, none.block(0, {{":status", "200"}, {"content-type", "text/plain"}})) + frame(0, "answer") + frame(1, none.block(0, {{"x-sum", "5"}}));
    if (slow) {
      w.drip(0, Way::up, up);
      w.drip(0, Way::down, down);
    } else {
      w.give(0, Way::up, up, true);
      w.give(0, Way::down, down, true);
    }
    w.http3.end();
    ASSERT_EQ(w.events.messages.size(), 3u);
    EXPECT_EQ(w.events.messages[0].protocol, "h3");
    EXPECT_EQ(w.events.messages[0].host, "made.test");
    EXPECT_EQ(w.events.messages[0].path, "/h3?x=1");
    EXPECT_EQ(w.events.messages[0].state, Opened::decrypted);
    EXPECT_EQ(w.events.messages[0].body_bytes, 4u);
    EXPECT_EQ(w.events.content_of(0, "request.body"), "body");
    EXPECT_EQ(w.events.content_of(0, "request.header", "x-id"), "31337");
    EXPECT_EQ(w.events.messages[1].status, 100u);
    EXPECT_EQ(w.events.messages[2].status, 200u);
    EXPECT_EQ(w.events.content_of(2, "response.body"), "answer");
    EXPECT_EQ(w.events.content_of(2, "response.header", "x-sum"), "5");
    EXPECT_TRUE(w.events.problems.empty());
    EXPECT_EQ(w.connection.host, "made.test");
  }
}

TEST(Http3, BlocksWaitForTheTableInAnyOrder) {
  QpackEncoder encoder(4'096);
  const std::string first = frame(1, encoder.block(0, kRequest)) + frame(0, "one");
  const std::string early = std::exchange(encoder.instructions, "");
  const std::string second = frame(1, encoder.block(4, kRequest)) + frame(0, "two");
  const std::string late = encoder.instructions;
  ASSERT_FALSE(early.empty());
  for (int order = 0; order < 3; ++order) {
    Http3Wire w;
    if (order == 0) w.give(3, Way::down, kSettings4096);
    if (order == 1) w.give(2, Way::up, "\x02" + early);
    w.give(4, Way::up, second, true);
    w.give(0, Way::up, first, true);
    EXPECT_TRUE(w.events.messages.empty());
    if (order != 1) w.give(2, Way::up, "\x02" + early);
    if (order != 0) w.give(3, Way::down, kSettings4096);
    w.give(2, Way::up, late);
    w.http3.end();
    ASSERT_EQ(w.events.messages.size(), 2u) << order;
    std::string bodies;
    for (const Message& m : w.events.messages) {
      EXPECT_EQ(m.host, "made.test");
      EXPECT_EQ(m.agent, "made/3");
      bodies += w.events.content_of(m.number, "request.body");
    }
    EXPECT_TRUE(bodies == "onetwo" || bodies == "twoone");
    EXPECT_TRUE(w.events.problems.empty()) << w.events.problems[0];
  }
}

TEST(Http3, WithoutTheTableARequestIsStillSaid) {
  QpackEncoder encoder(4'096);
  const std::string block = frame(1, encoder.block(0, kRequest)) + frame(0, "one");
  Http3Wire w;
  w.give(3, Way::down, kSettings4096);
  w.give(0, Way::up, block, true);
  w.http3.end();
  ASSERT_EQ(w.events.messages.size(), 1u);
  EXPECT_EQ(w.events.messages[0].state, Opened::damaged);
  EXPECT_EQ(w.events.problems.size(), 1u);

  Http3Wire lost;
  lost.give(3, Way::down, kSettings4096);
  lost.give(2, Way::up, "\x02");
  lost.give(0, Way::up, block, true);
  lost.http3.stream_gap(2, Way::up);
  lost.http3.end();
  ASSERT_EQ(lost.events.messages.size(), 1u);
  EXPECT_EQ(lost.events.content_of(0, "request.body"), "one");
}

TEST(Http3, AGapEndsItsStreamOnly) {
  QpackEncoder none(0);
  Http3Wire w;
  w.give(0, Way::up, frame(1, none.block(0, kRequest)) + frame(0, "12345").substr(0, 5));
  w.http3.stream_gap(0, Way::up);
  w.give(0, Way::up, "rest", true);
  w.give(4, Way::up, frame(1, none.block(4, kRequest)), true);
  w.http3.end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[0].state, Opened::damaged);
  EXPECT_EQ(w.events.content_of(0, "request.body"), std::string("123\0", 4));
  EXPECT_EQ(w.events.messages[1].state, Opened::decrypted);
}

// Whole, in however many pieces they come and however they end.
TEST(Http3, FramesAndStreamsThatNobodyReadsAreSearched) {
  Http3Wire w;
  w.events.stretches_wanted = true;
  w.drip(2, Way::up, integer(0) + frame(4, "") + frame(0x21, "on the control stream"));
  w.drip(6, Way::up, integer(0x2a) + "a stream of another type");
  w.drip(0, Way::up, frame(0x40, "of another kind") + frame(0x42, "four"));
  w.give(4, Way::up, frame(0x40, "cut off, it never ends").substr(0, 12));
  w.http3.end();
  std::multiset<std::string> seen;
  for (const auto& c : w.events.stretches) seen.insert(c.place + "=" + c.bytes);
  EXPECT_EQ(seen, (std::multiset<std::string>{"h3.frame=cut off, ", "h3.frame=of another kind", "h3.frame=on the control stream", "h3.stream=a stream of another type"}));
}

TEST(Http3, EveryPrefixIsRead) {
  QpackEncoder encoder(4'096);
  const std::string block = frame(1, encoder.block(0, kRequest)) + frame(0, "one");
  const std::string instructions = "\x02" + encoder.instructions;
  for (std::size_t n = 0; n <= block.size(); ++n) {
    Http3Wire w;
    w.give(2, Way::up, instructions.substr(0, std::min(n, instructions.size())));
    w.give(3, Way::down, kSettings4096.substr(0, std::min(n, kSettings4096.size())));
    w.give(0, Way::up, block.substr(0, n), true);
    w.http3.end();
    EXPECT_LE(w.events.messages.size(), 1u);
  }
}

TEST(Http3, HostileStreamsEnd) {
  Http3Wire w;
  w.limits.streams = 8;
  w.limits.waiting_bytes = 10'000;
  w.give(3, Way::down, std::string("\0", 1) + frame(4, integer(1) + integer(1u << 29)));
  for (std::uint64_t id = 0; id < 400; id += 4) w.give(id, Way::up, frame(1, std::string("\x05\x00\x80", 3)) + std::string(3'000, 'x'));
  for (std::uint64_t id = 2; id < 4'000; id += 4) w.give(id, Way::up, "\x02\xff\xff\xff\xff");
  w.give(1, Way::down, "server's own");
  w.http3.end();
  EXPECT_GE(w.events.problems.size(), 1u);
  EXPECT_LE(w.events.messages.size(), 100u);
}

}  // namespace
}  // namespace klik::traffic
