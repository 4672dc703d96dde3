#include "traffic/har.h"

#include <gtest/gtest.h>

#include "support/traffic.h"

namespace klik::traffic {
namespace {

SourceRef source_of(std::string_view text) {
  const Bytes bytes = Bytes::of(text);
  return memory_source(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
}

const std::string kMade = R"({"log": {"version": "1.2", "creator": {"name": "made"}, "pages": [], "entries": [
{"startedDateTime": "2024-01-01T00:00:01.000Z", "time": 250.5, "serverIPAddress": "203.0.113.7", "connection": "81",
 "request": {"method": "POST", "url": "https://user:word@Api.Example:8443/v1/up?imei=1&b=2#part", "httpVersion": "h2", "headersSize": 120, "bodySize": 7,
   "headers": [{"name": "User-Agent", "value": "Made/1"}, {"name": "X-Id", "value": "abc"}], "postData": {"mimeType": "application/json", "text": "{\"a\":1}"}},
 "response": {"status": 200, "httpVersion": "h2", "headersSize": -1, "bodySize": 10, "headers": [{"name": "Content-Encoding", "value": "gzip"}],
   "content": {"size": 5, "mimeType": "text/plain", "text": "aGVsbG8=", "encoding": "base64"}}, "_priority": {"text": "ignored"}},
{"startedDateTime": "2024-01-01T00:00:00.500Z", "time": 1, "serverIPAddress": "203.0.113.7", "connection": "81",
 "request": {"method": "GET", "url": "https://api.example:8443/again", "httpVersion": "h2", "headers": [], "headersSize": -1, "bodySize": 0}, "response": {"status": 204, "headers": [], "content": {"size": 0, "mimeType": ""}, "headersSize": -1, "bodySize": 0}},
{"startedDateTime": "2024-01-01T00:00:03Z", "request": {"method": "POST", "url": "http://form.example/f", "httpVersion": "HTTP/1.1", "headers": [], "headersSize": 10, "bodySize": -1, "postData": {"params": [{"name": "k", "value": "v"}, {"name": "l", "value": "w"}]}},
 "response": {"status": 0, "headers": []}},
{"startedDateTime": "2024-01-01T00:00:04Z", "serverIPAddress": "[2001:db8::1]", "request": {"method": "GET", "url": "https://three.example/", "httpVersion": "h3", "headers": []}, "response": {"status": 304, "headers": []}},
{"startedDateTime": "2024-01-01T00:00:05Z", "request": {"method": "GET", "url": "data:text/plain,x", "headers": []}, "response": {"status": 200}}
]}})";

TEST(Har, EntriesBecomeConnectionsAndMessages) {
  test::EventRecord events;
  const Limits limits;
  const auto summary = analyse_har(source_of(kMade), limits, events);
  ASSERT_TRUE(summary) << summary.error().what;
  EXPECT_EQ(summary->frames.frames, 5u);
  EXPECT_EQ(summary->frames.bytes, kMade.size());
  EXPECT_EQ(summary->ended_ns - summary->started_ns, 3'500'000'000);
  ASSERT_EQ(events.connections.size(), 3u);
  const Connection& first = events.connections[0];
  EXPECT_EQ(first.host, "api.example");
  EXPECT_EQ(first.protocol, "tls/h2");
  EXPECT_EQ(to_text(first.called.address), "203.0.113.7");
  EXPECT_EQ(first.called.port, 8443);
  EXPECT_EQ(first.bytes_up, 127u);
  EXPECT_EQ(first.bytes_down, 10u);
  EXPECT_EQ(first.ended_ns - first.started_ns, 750'500'000);
  EXPECT_EQ(events.connections[1].protocol, "http1");
  EXPECT_EQ(to_text(events.connections[1].called.address), "0.0.0.0");
  EXPECT_EQ(events.connections[2].protocol, "quic/h3");
  EXPECT_EQ(events.connections[2].transport, Transport::udp);
  EXPECT_EQ(to_text(events.connections[2].called.address), "2001:db8::1");
  ASSERT_EQ(events.messages.size(), 7u);
  EXPECT_EQ(events.messages[0].path, "/v1/up?imei=1&b=2");
  EXPECT_EQ(events.messages[0].agent, "Made/1");
  EXPECT_EQ(events.messages[0].state, Opened::decrypted);
  EXPECT_EQ(events.messages[1].status, 200u);
  EXPECT_EQ(events.messages[1].content_encoding, "gzip");
  EXPECT_EQ(events.messages[4].state, Opened::clear);
  EXPECT_EQ(kMade.substr(events.messages[0].origin.at, 18), "{\"startedDateTime\"");
  EXPECT_EQ(kMade[events.messages[0].origin.at + events.messages[0].origin.length - 1], '}');
}

TEST(Har, ContentsAreHandedOverDecoded) {
  test::EventRecord events;
  const Limits limits;
  ASSERT_TRUE(analyse_har(source_of(kMade), limits, events));
  std::string all;
  for (const auto& c : events.contents) all += std::to_string(c.message) + " " + c.place + (c.name.empty() ? "" : ":" + c.name) + "=" + c.bytes + "\n";
  EXPECT_EQ(all, "1 request.path=/v1/up?imei=1&b=2\n1 request.header:user-agent=Made/1\n1 request.header:x-id=abc\n1 request.body={\"a\":1}\n2 response.header:content-encoding=gzip\n2 response.body=hello\n"
                 "3 request.path=/again\n5 request.path=/f\n5 request.body=k=v&l=w\n6 request.path=/\n");
  test::EventRecord nobody;
  nobody.content_wanted = false;
  ASSERT_TRUE(analyse_har(source_of(kMade), limits, nobody));
  EXPECT_TRUE(nobody.contents.empty());
}

const std::string kSocket = R"({"log": {"entries": [
{"startedDateTime": "2024-01-01T00:00:01.000Z", "time": 250, "serverIPAddress": "203.0.113.7", "connection": "443", "_resourceType": "websocket",
 "_webSocketMessages": [{"type": "send", "time": 1704067202.123456, "opcode": 1, "data": "{\"id\":\"abc\"}"}, {"type": "receive", "time": 1704067203, "opcode": 2, "data": "aGVsbG8="},
   {"type": "receive", "opcode": 2, "data": "no base64!"}, {"type": "error", "time": 1704067209, "opcode": -1, "data": "it went wrong"}, {"type": "send", "time": "soon", "opcode": 9, "data": ""}],
 "request": {"method": "GET", "url": "wss://chat.example/ws", "httpVersion": "HTTP/1.1", "headers": [], "headersSize": 100, "bodySize": 0}, "response": {"status": 101, "headers": [], "headersSize": -1, "bodySize": 0}},
{"startedDateTime": "2024-01-01T00:00:02.000Z", "serverIPAddress": "203.0.113.7", "connection": "443",
 "request": {"method": "GET", "url": "https://chat.example/", "httpVersion": "h2", "headers": []}, "response": {"status": 200, "headers": []}}
]}})";

TEST(Har, MessagesOfWebSocketsAreMessages) {
  test::EventRecord events;
  const Limits limits;
  const auto summary = analyse_har(source_of(kSocket), limits, events);
  ASSERT_TRUE(summary);
  ASSERT_EQ(events.connections.size(), 2u);
  const Connection& socket = events.connections[0];
  EXPECT_EQ(socket.protocol, "tls/http1/websocket");
  EXPECT_EQ(events.connections[1].protocol, "tls/h2");
  EXPECT_EQ(socket.bytes_up, 100u + 12);
  EXPECT_EQ(socket.bytes_down, 5u + 10);
  EXPECT_EQ(socket.ended_ns, 1'704'067'203'000'000'000);
  EXPECT_EQ(summary->ended_ns, 1'704'067'203'000'000'000);
  ASSERT_EQ(events.messages.size(), 8u);
  const Message& first = events.messages[2];
  EXPECT_EQ(first.protocol, "websocket");
  EXPECT_EQ(first.what, "text");
  EXPECT_EQ(first.way, Way::up);
  EXPECT_EQ(first.time_ns, 1'704'067'202'123'456'000);
  EXPECT_EQ(first.state, Opened::decrypted);
  EXPECT_EQ(first.body_bytes, 12u);
  EXPECT_EQ(kSocket.substr(first.origin.at, 15), "{\"type\": \"send\"");
  EXPECT_EQ(kSocket[first.origin.at + first.origin.length - 1], '}');
  EXPECT_EQ(events.messages[3].what, "binary");
  EXPECT_EQ(events.messages[3].way, Way::down);
  EXPECT_EQ(events.messages[4].time_ns, 1'704'067'201'000'000'000);   // its own is missing
  EXPECT_EQ(events.messages[5].what, "ping");
  std::string all;
  for (const auto& c : events.contents)
    if (c.place.starts_with("websocket")) all += std::to_string(c.message) + " " + c.place + "=" + c.bytes + "\n";
  EXPECT_EQ(all, "3 websocket.text={\"id\":\"abc\"}\n4 websocket.binary=hello\n5 websocket.binary=no base64!\n");
}

TEST(Har, EveryPrefixOfASocketIsReadWithoutFault) {
  const Limits limits;
  std::size_t most = 0;
  for (std::size_t n = 0; n < kSocket.size(); ++n) {
    test::EventRecord events;
    (void)analyse_har(source_of(std::string_view(kSocket).substr(0, n)), limits, events);
    EXPECT_GE(events.messages.size(), most);
    most = events.messages.size();
  }
  EXPECT_EQ(most, 8u);
}

TEST(Har, MessagesOfWebSocketsKeepToTheLimits) {
  Limits limits;
  limits.body_bytes = 30;
  limits.collected_total = 40;
  std::string made = R"({"log":{"entries":[{"startedDateTime":"2024-01-01T00:00:00Z","_webSocketMessages":[)";
  for (int i = 0; i < 3; ++i) made += std::string(i ? "," : "") + R"({"type":"send","time":1,"opcode":)" + (i ? "2" : "1") + R"(,"data":"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZn"})";
  made += R"(],"request":{"method":"GET","url":"ws://h.example/","headers":[]},"response":{"status":101}}]}})";
  test::EventRecord events;
  ASSERT_TRUE(analyse_har(source_of(made), limits, events));
  ASSERT_EQ(events.messages.size(), 5u);
  std::string all;
  for (const auto& c : events.contents)
    if (c.place.starts_with("websocket")) all += c.bytes + "\n";
  EXPECT_EQ(all, "QUJDREVGR0hJSktMTU5PUFFSU1RVVl\nABCDEFG\n");
  for (std::size_t i = 2; i < 5; ++i) EXPECT_EQ(events.messages[i].detail, "collected in part");
}

TEST(Har, WhatBreaksOffKeepsWhatWasRead) {
  const Limits limits;
  std::size_t most = 0;
  for (std::size_t n = 0; n < kMade.size(); ++n) {
    test::EventRecord events;
    const auto summary = analyse_har(source_of(std::string_view(kMade).substr(0, n)), limits, events);
    if (!summary) {
      EXPECT_EQ(summary.error().code, Code::bad_magic);
      EXPECT_TRUE(events.messages.empty());
      continue;
    }
    ASSERT_EQ(events.problems.size(), 1u) << n;
    EXPECT_GE(events.messages.size(), most);
    most = events.messages.size();
  }
  EXPECT_EQ(most, 7u);
}

TEST(Har, WhatOnlyListsHoldIsSearched) {
  const Limits limits;
  const auto contents = [&](std::string_view entry) {
    test::EventRecord events;
    EXPECT_TRUE(analyse_har(source_of(R"({"log":{"entries":[{"request":{"method":"POST","url":"http://h.example)" + std::string(entry) + "}]}}"), limits, events));
    std::string all;
    for (const auto& c : events.contents)
      if (c.place != "request.path") all += c.place + "." + c.name + "=" + c.bytes + ";";
    return all;
  };
  EXPECT_EQ(contents(R"(/","headers":[],"queryString":[{"name":"q1","value":"in query"}],"cookies":[{"name":"c1","value":"in cookie"}],"postData":{"params":[{"name":"f","fileName":"of file"}]}},"response":{"status":302,"redirectURL":"http://other.example/"})"),
            "request.header.query=q1;request.header.query=in query;request.header.cookie=c1;request.header.cookie=in cookie;request.header.file_name=of file;request.body.=f=;response.header.location=http://other.example/;");
  EXPECT_EQ(contents(R"(/?q1=v","headers":[{"name":"Cookie","value":"c1=v"}],"queryString":[{"name":"q1","value":"v"}],"cookies":[{"name":"c1","value":"v"}]},"response":{"status":302,"headers":[{"name":"Location","value":"/x"}],"redirectURL":"/x"})"),
            "request.header.cookie=c1=v;response.header.location=/x;") << "not what was searched already";
}

TEST(Har, OtherJsonIsNone) {
  const Limits limits;
  for (const std::string_view text : {"", "{}", "[1]", "{\"log\":{\"entries\":1}}", "not json"}) {
    test::EventRecord events;
    const auto summary = analyse_har(source_of(text), limits, events);
    ASSERT_FALSE(summary) << text;
    EXPECT_EQ(summary.error().code, Code::bad_magic);
  }
}

TEST(Har, KeepsToItsLimits) {
  Limits limits;
  limits.body_bytes = 24;   // long enough for a URL and a time
  limits.open_connections = 2;
  std::string many = R"({"log":{"entries":[)";
  for (int i = 0; i < 5; ++i) many += std::string(i ? "," : "") + R"({"startedDateTime":"2024-01-01T00:00:00Z","request":{"method":"POST","url":"http://h)" + std::to_string(i) + R"(.example/","headers":[],"postData":{"text":"0123456789abcdef0123456789abcdef"}},"response":{"status":-1}})";
  test::EventRecord events;
  ASSERT_TRUE(analyse_har(source_of(many + "]}}"), limits, events));
  EXPECT_EQ(events.connections.size(), 5u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(events.connections[i].number, i + 1);
  EXPECT_EQ(events.contents[1].bytes, "0123456789abcdef01234567");
  EXPECT_EQ(events.messages[0].detail, "body in part");
}

}  // namespace
}  // namespace klik::traffic
