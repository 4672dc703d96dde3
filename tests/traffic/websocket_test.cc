#include "traffic/websocket.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "http_recorder.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_http1;
namespace {

std::string frame(int first, std::string payload, std::string_view mask = {}) {
  std::string out(1, static_cast<char>(first));
  const int bit = mask.empty() ? 0 : 0x80;
  if (payload.size() < 126) {
    out += static_cast<char>(bit | static_cast<int>(payload.size()));
  } else if (payload.size() < 65'536) {
    out += static_cast<char>(bit | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size());
  } else {
    out += static_cast<char>(bit | 127);
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift);
  }
  for (std::size_t i = 0; !mask.empty() && i < payload.size(); ++i) payload[i] = static_cast<char>(payload[i] ^ mask[i % 4]);
  return out + std::string(mask) + payload;
}

// permessage-deflate of a sender whose window lasts.
class Deflater {
 public:
  Deflater() { deflateInit2(&z_, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY); }
  ~Deflater() { deflateEnd(&z_); }
  std::string message(std::string_view plain, bool forget = false) {
    std::string out(plain.size() + 100, '\0');
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    z_.avail_in = static_cast<uInt>(plain.size());
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(out.size());
    deflate(&z_, Z_SYNC_FLUSH);
    out.resize(out.size() - z_.avail_out - 4);
    if (forget) deflateReset(&z_);
    return out;
  }

 private:
  z_stream z_{};
};

struct WebSocketWire : Wire {
  explicit WebSocketWire(std::string_view extensions = {}) {
    connection.protocol = "tls/http1/websocket";
    reader = open_websocket(context, websocket_terms(extensions));
  }
};

const std::string kMask = "\x11\x22\x33\x44";

TEST(WebSocket, JoinsFragmentsAroundControlFrames) {
  const std::string up = frame(0x01, "hel", kMask) + frame(0x89, "?", kMask) + frame(0x80, "lo", kMask) + frame(0x82, std::string(70'000, 'b'), kMask);
  const std::string down = frame(0x81, "to you") + frame(0x88, "\x03\xe8");
  for (const bool slow : {false, true}) {
    WebSocketWire w;
    if (slow) w.drip(Way::up, up), w.drip(Way::down, down);
    else w.up(up), w.down(down);
    w.reader->end();
    ASSERT_EQ(w.events.messages.size(), 5u);
    EXPECT_EQ(w.events.messages[0].what, "ping");
    EXPECT_EQ(w.events.messages[1].what, "text");
    EXPECT_EQ(w.events.messages[1].body_bytes, 5u);
    EXPECT_EQ(w.events.messages[1].state, Opened::decrypted);
    EXPECT_EQ(w.events.content_of(1, "websocket.text"), "hello");
    EXPECT_EQ(w.events.content_of(2, "websocket.binary"), std::string(70'000, 'b'));
    EXPECT_EQ(w.events.content_of(3, "websocket.text"), "to you");
    EXPECT_EQ(w.events.messages[4].what, "close");
    EXPECT_TRUE(w.events.problems.empty());
  }
}

TEST(WebSocket, InflatesOverALastingWindowAndOverNone) {
  for (const bool forget : {false, true}) {
    Deflater deflater;
    const std::string plain = "the same words again and again, the same words";
    WebSocketWire w(forget ? "permessage-deflate; client_no_context_takeover" : "permessage-deflate");
    const std::string one = deflater.message(plain, forget), two = deflater.message(plain, forget);
    w.up(frame(0x41, one.substr(0, 5), kMask) + frame(0x80, one.substr(5), kMask) + frame(0xc1, two, kMask) + frame(0x81, "bare", kMask));
    w.reader->end();
    ASSERT_EQ(w.events.messages.size(), 3u);
    EXPECT_EQ(w.events.content_of(0, "websocket.text"), plain);
    EXPECT_EQ(w.events.content_of(1, "websocket.text"), plain);
    EXPECT_EQ(w.events.content_of(2, "websocket.text"), "bare");
    EXPECT_EQ(w.events.contents[0].coding, "deflate");
    EXPECT_EQ(w.events.contents[2].coding, "");
  }
}

TEST(WebSocket, AHoleTakesTheWindowWithIt) {
  Deflater deflater;
  WebSocketWire w("permessage-deflate");
  const std::string one = frame(0xc1, deflater.message("some words that are said first"), kMask), two = frame(0xc1, deflater.message("some words that are said first"), kMask);
  w.up(one.substr(0, 10));
  w.reader->gap(Way::up, 4);
  w.up(one.substr(14) + two);
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[0].state, Opened::damaged);
  EXPECT_TRUE(w.events.messages[1].detail.contains("cannot be undone"));
}

TEST(WebSocket, EveryPrefixIsRead) {
  Deflater deflater;
  const std::string up = frame(0xc1, deflater.message("some words"), kMask) + frame(0x02, std::string(300, 'b'), kMask) + frame(0x80, "x", kMask);
  for (std::size_t n = 0; n <= up.size(); ++n) {
    WebSocketWire w("permessage-deflate");
    w.up(up.substr(0, n));
    w.reader->end();
    EXPECT_TRUE(w.events.problems.empty()) << n;
  }
}

TEST(WebSocket, HostileFramesEnd) {
  for (const std::string& bytes : {std::string("\x83\x00", 2), std::string("\x80\x00", 2), std::string("\xf1\x00", 2), std::string("\x08\x00", 2), std::string("\x89\x7e\x01\x00", 4), std::string("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10)}) {
    WebSocketWire w;
    w.up(bytes);
    w.up("more");
    w.reader->end();
    EXPECT_EQ(w.events.problems.size(), 1u);
    EXPECT_EQ(w.connection.dark, Dark::damaged);
  }
  Deflater deflater;
  WebSocketWire bomb("permessage-deflate");
  bomb.up(frame(0xc2, deflater.message(std::string(8 << 20, '\0')), kMask));
  bomb.reader->end();
  ASSERT_EQ(bomb.events.messages.size(), 1u);
  EXPECT_TRUE(bomb.events.messages[0].detail.contains("cannot be undone"));
}

TEST(WebSocket, FollowsTheHandshake) {
  Wire w;
  w.connection.speaks("http1");
  w.reader = stream_http1.open(w.context);
  w.up("GET /chat HTTP/1.1\r\nHost: ws.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  w.down("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n" + frame(0x81, "first"));
  w.up(frame(0xc1, Deflater().message("second"), kMask));
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.connection.protocol, "http1/websocket");
  EXPECT_EQ(w.events.content_of(2, "websocket.text"), "first");
  EXPECT_EQ(w.events.content_of(3, "websocket.text"), "second");
}

}  // namespace
}  // namespace klik::traffic
