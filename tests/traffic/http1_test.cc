#include <gtest/gtest.h>

#include "http_recorder.h"
#include "support/traffic.h"
#include "traffic/protocol.h"

namespace klik::traffic {
extern const StreamProtocol stream_http1;
namespace {

struct Http1Wire : Wire {
  explicit Http1Wire(bool wants = true) : Wire(wants) {
    connection.speaks("http1");
    reader = stream_http1.open(context);
  }
};

const std::string kGet = "GET /a?id=1 HTTP/1.1\r\nHost: Example.org:8080\r\nUser-Agent: made/1\r\nX-Id: 42\r\n\r\n";
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

TEST(Http1, PartsThatAreNoFieldsAreSearched) {
  Http1Wire w;
  w.up("METHOD-OF-MINE http://name%40example:secret@Host.example/p HTTP/1.1\r\nHost: host.example\r\nX-My-Name: 1\r\nno field at all\r\nTransfer-Encoding: chunked\r\n\r\n"
       "2;extension=\"value\"\r\nok\r\n0\r\nno trailer\r\n\r\n");
  w.down("HTTP/1.1 200 Reasons are words\r\nContent-Length: 0\r\n\r\n");
  w.reader->end();
  EXPECT_EQ(w.events.content_of(0, "request.line", "method"), "METHOD-OF-MINE");
  EXPECT_EQ(w.events.content_of(0, "request.line", "authority"), "name%40example:secret@Host.example");
  EXPECT_EQ(w.events.content_of(0, "request.chunk"), ";extension=\"value\"\r\n");
  EXPECT_EQ(w.events.content_of(0, "request.header_name"), "X-My-Name") << "not those that everybody sends";
  std::string odd;
  for (const auto& c : w.events.contents)
    if (c.place == "request.header" && c.name.empty()) odd += c.bytes + ";";
  EXPECT_EQ(odd, "no field at all;no trailer;");
  EXPECT_EQ(w.events.content_of(1, "response.line", "reason"), "Reasons are words");
}

TEST(Http1, AFieldThatIsNotKeptIsSearchedInWindowsAndTold) {
  Http1Wire w;
  w.events.stretches_wanted = true;
  const std::string value = std::string(100'000, 'a') + " 490154203237518";
  w.up("GET / HTTP/1.1\r\nHost: host.example\r\nX-Long: " + value + "\r\nX-Short: kept\r\n\r\n");
  w.reader->end();
  std::string seen;
  for (const auto& c : w.events.stretches)
    if (c.place == "request.header" && c.name == "x-long") seen += c.bytes;
  EXPECT_EQ(seen, "X-Long" + value);
  EXPECT_EQ(w.events.content_of(0, "request.header", "x-short"), "kept");
  ASSERT_EQ(w.events.problems.size(), 1u);
  EXPECT_TRUE(w.events.problems[0].starts_with("header fields beyond what is kept"));
}

TEST(Http1, TellsARequestAndItsAnswer) {
  Http1Wire w;
  w.up(kGet);
  w.down(kOk);
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  const Message& request = w.events.messages[0];
  EXPECT_EQ(request.what, "request");
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.scheme, "http");
  EXPECT_EQ(request.host, "example.org");
  EXPECT_EQ(request.path, "/a?id=1");
  EXPECT_EQ(request.agent, "made/1");
  EXPECT_EQ(request.state, Opened::clear);
  EXPECT_EQ(request.origin.at, 1000u);
  const Message& response = w.events.messages[1];
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body_bytes, 5u);
  EXPECT_EQ(response.content_type, "text/plain");
  EXPECT_EQ(response.detail, "");
  EXPECT_EQ(w.events.content_of(0, "request.path"), "/a?id=1");
  EXPECT_EQ(w.events.content_of(0, "request.header", "x-id"), "42");
  EXPECT_EQ(w.events.content_of(1, "response.body"), "hello");
  EXPECT_EQ(w.connection.host, "example.org");
  EXPECT_EQ(w.connection.host_from, "http");
  EXPECT_TRUE(w.events.problems.empty());
}

TEST(Http1, ByteByByteGivesTheSame) {
  Http1Wire whole, slow;
  const std::string up = kGet + "POST /b HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Sum: 7\r\n\r\n" + kGet;
  whole.up(up);
  whole.down(kOk + kOk + kOk);
  slow.drip(Way::up, up);
  slow.drip(Way::down, kOk + kOk + kOk);
  for (Http1Wire* w : {&whole, &slow}) {
    w->reader->end();
    ASSERT_EQ(w->events.messages.size(), 6u);
    EXPECT_EQ(w->events.messages[1].method, "POST");
    EXPECT_EQ(w->events.messages[1].body_bytes, 13u);
    EXPECT_EQ(w->events.messages[1].origin.at, 1000u + kGet.size());
    EXPECT_EQ(w->events.content_of(1, "request.body"), "abc0123456789");
    EXPECT_EQ(w->events.content_of(1, "request.header", "x-sum"), "7");
    EXPECT_TRUE(w->events.problems.empty());
  }
}

TEST(Http1, EveryPrefixIsRead) {
  const std::string up = kGet + "POST /b HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t n = 0; n <= up.size(); ++n) {
    Http1Wire w;
    w.up(up.substr(0, n));
    w.reader->end();
    EXPECT_TRUE(w.events.problems.empty()) << n;
    EXPECT_LE(w.events.messages.size(), 2u);
    EXPECT_EQ(w.events.messages.size() == 2 && w.events.messages[1].state == Opened::clear, n == up.size()) << n;
  }
}

TEST(Http1, HeadHasNoBodyAndInformationalAnswersDoNotCount) {
  Http1Wire w;
  w.up("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n");
  w.down("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + kOk);
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 5u);
  EXPECT_EQ(w.events.messages[2].body_bytes, 0u);
  EXPECT_EQ(w.events.messages[3].status, 100u);
  EXPECT_EQ(w.events.messages[4].status, 200u);
  EXPECT_EQ(w.events.messages[4].body_bytes, 5u);
}

TEST(Http1, ABodyMayLastUntilTheEnd) {
  Http1Wire w;
  w.up(kGet);
  w.down("HTTP/1.0 200 OK\r\n\r\npart one, ");
  w.down("part two");
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[1].detail, "HTTP/1.0");
  EXPECT_EQ(w.events.content_of(1, "response.body"), "part one, part two");
  EXPECT_EQ(w.events.messages[1].state, Opened::clear);
}

TEST(Http1, ConflictingLengthsAreAProblem) {
  for (const char* fields : {"Content-Length: 3\r\nContent-Length: 5\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Content-Length: abc\r\n", "Content-Length: 3, 4\r\n", "Content-Length: 99999999999999999999\r\n"}) {
    Http1Wire w;
    w.up("POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n");
    w.reader->end();
    ASSERT_EQ(w.events.messages.size(), 1u) << fields;
    EXPECT_TRUE(w.events.messages[0].detail.starts_with("lengths that contradict each other")) << fields;
    EXPECT_EQ(w.events.problems.size(), 1u) << fields;
  }
  Http1Wire same;
  same.up("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_TRUE(same.events.problems.empty());
}

TEST(Http1, AnAnswerWithoutARequestIsSaid) {
  Http1Wire w;
  w.down(kOk);
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 1u);
  EXPECT_EQ(w.events.messages[0].detail, "its request is not in the capture before it");
}

// A server may answer what it has not read whole, or the capture may lack it: these are different things.
TEST(Http1, AnAnswerToHalfARequestIsSaid) {
  Http1Wire w;
  w.up("GET / HTTP/1.0\r\n");
  w.down("HTTP/1.0 200 OK\r\n\r\nall");
  w.connection.closed = {true, true};
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[0].detail, "HTTP/1.0; it ends within its header fields");
  EXPECT_EQ(w.events.messages[1].detail, "HTTP/1.0; its request is not whole");
  EXPECT_EQ(w.events.messages[1].state, Opened::clear);
}

TEST(Http1, AnAnswerAfterAHoleInTheRequestsIsSaid) {
  Http1Wire w;
  w.up("POST /x HTTP/1.1\r\nHost: a\r\n");
  w.reader->gap(Way::up, 20);
  w.up("rest of it");
  w.down(kOk);
  w.up(kGet);
  w.down(kOk);
  w.connection.closed = {true, true};
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.events.messages[0].detail, "the rest of its header fields is not in the capture");
  EXPECT_EQ(w.events.messages[1].detail, "which request it answers is not known: bytes before it are missing");
  EXPECT_EQ(w.events.messages[3].detail, "");
}

TEST(Http1, ABodyThatItsSenderEndsEarlyIsNotTheCapturesFault) {
  for (const bool closed : {false, true}) {
    Http1Wire w;
    w.up("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
    w.connection.closed = {closed, false};
    w.reader->end();
    ASSERT_EQ(w.events.messages.size(), 1u);
    EXPECT_EQ(w.events.messages[0].detail, closed ? "it ends before its body is whole" : "its end is not in the capture");
    EXPECT_EQ(w.events.messages[0].state, Opened::damaged);
  }
}

TEST(Http1, AStreamThatBeginsInsideAMessageIsNoFault) {
  for (const bool from_start : {false, true}) {
    Http1Wire w;
    w.connection.starts = {true, from_start};
    w.up(kGet);
    w.down("\xff\xd8 the middle of a picture");
    w.down(kOk);
    w.down("\xff\xd8 no message");
    w.reader->end();
    ASSERT_EQ(w.events.problems.size(), from_start ? 1u : 2u);
    EXPECT_EQ(w.events.problems[0], from_start ? "a stream of HTTP/1 goes on with what is no message" : "a stream of HTTP/1 begins inside a message: what came before is not in the capture");
    EXPECT_EQ(w.events.problems.back(), "a stream of HTTP/1 goes on with what is no message") << "after a message it is one";
    EXPECT_EQ(w.connection.dark, Dark::damaged);
  }
}

TEST(Http1, ProblemsNameTheirConnection) {
  test::EventRecord events;
  Connection connection;
  connection.number = 12;
  connection.called = test::kServer;
  Secrets secrets;
  Limits limits;
  Context context{connection, events, secrets, limits};
  const auto reader = recognising_reader(context, "http/1.1", "");
  for (const std::string_view bytes : {"GET / HTTP/1.1\r\nHost: maker.example\r\n\r\n", "\xff\xff\xff no message\r\n\r\n"}) reader->read({Way::up, Bytes::of(bytes), {}, 0});
  reader->end();
  ASSERT_EQ(events.problems.size(), 1u);
  EXPECT_EQ(events.problems[0].detail, "connection 12, maker.example:443");
  connection.host.clear();
  EXPECT_EQ(connection_text(connection), "connection 12, 198.51.100.7:443");
  connection.called.address = *address_of("2001:db8::1");
  EXPECT_EQ(connection_text(connection), "connection 12, [2001:db8::1]:443");
}

TEST(Http1, AProxysRequestNamesItsHost) {
  Http1Wire w;
  w.up("GET http://user@Host.test:81/p?q HTTP/1.1\r\nHost: other\r\n\r\n");
  ASSERT_EQ(w.events.messages.size(), 1u);
  EXPECT_EQ(w.events.messages[0].host, "host.test");
  EXPECT_EQ(w.events.messages[0].path, "/p?q");
  EXPECT_EQ(w.events.messages[0].detail, "through a proxy");
}

TEST(Http1, ConnectLeadsIntoWhatIsSpokenThere) {
  Http1Wire w;
  w.up("CONNECT inner.test:443 HTTP/1.1\r\nHost: inner.test:443\r\n\r\n" + kGet);   // too early, but it happens
  ASSERT_EQ(w.events.messages.size(), 1u);
  w.down("HTTP/1.1 200 Connection established\r\n\r\n" + kOk);
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.connection.host, "inner.test");
  EXPECT_EQ(w.connection.protocol, "http1/http1");
  EXPECT_EQ(w.events.messages[2].path, "/a?id=1");
  EXPECT_EQ(w.events.messages[2].origin.at, 1000u + 57);
}

TEST(Http1, ARefusedConnectGoesOnAsBefore) {
  Http1Wire w;
  w.up("CONNECT inner.test:443 HTTP/1.1\r\nHost: inner.test:443\r\n\r\n");
  w.down("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
  w.up(kGet);
  ASSERT_EQ(w.events.messages.size(), 3u);
  EXPECT_EQ(w.events.messages[2].path, "/a?id=1");
}

TEST(Http1, TunnelsInTunnelsHaveABound) {
  Http1Wire w;
  for (int i = 0; i < 1'000; ++i) {
    w.up("CONNECT deeper.test:80 HTTP/1.1\r\n\r\n");
    w.down("HTTP/1.1 200 OK\r\n\r\n");
  }
  w.reader->end();
  EXPECT_EQ(w.events.problems.size(), 1u);
  EXPECT_LT(w.connection.protocol.size(), 100u);
}

TEST(Http1, AHoleInABodyIsCountedAndSaid) {
  Http1Wire w;
  w.up(kGet + kGet);
  w.down("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  w.reader->gap(Way::down, 4);
  w.down("hij" + kOk);
  ASSERT_EQ(w.events.messages.size(), 4u);
  EXPECT_EQ(w.events.messages[2].state, Opened::damaged);
  EXPECT_EQ(w.events.messages[2].body_bytes, 10u);
  EXPECT_EQ(w.events.content_of(2, "response.body"), std::string("abc\0hij", 7));
  EXPECT_EQ(w.events.messages[3].state, Opened::clear);
}

TEST(Http1, AfterALargeHoleItGoesOnAtAMessageOnly) {
  Http1Wire w;
  w.up(kGet);
  w.down("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  w.reader->gap(Way::down, 400);
  w.down("middle of something");
  w.down(kOk);
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 3u);
  EXPECT_EQ(w.events.messages[1].state, Opened::damaged);
  EXPECT_EQ(w.events.messages[2].body_bytes, 5u);
  EXPECT_TRUE(w.events.messages[2].detail.contains("found again"));
  EXPECT_EQ(w.connection.dark, Dark::damaged);
  EXPECT_EQ(w.connection.dark_down, 19u);
}

TEST(Http1, AMessageThatOnlyStartsIsTold) {
  Http1Wire w;
  w.up("GET /cut HTTP/1.1\r\nHost: cut.test\r\nCookie: half");
  w.reader->gap(Way::up, 500);
  w.up("more of it");
  w.down("HTTP/1.1 200 OK\r\nContent-Ty");
  w.reader->end();
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[0].path, "/cut");
  EXPECT_EQ(w.events.messages[0].state, Opened::damaged);
  EXPECT_EQ(w.connection.host, "cut.test");
  EXPECT_EQ(w.events.messages[1].status, 200u);
}

TEST(Http1, BodiesOfACaptureShareAMemory) {
  Http1Wire w;
  std::uint64_t collected = 0;
  w.context.collected = &collected;
  w.limits.collected_total = 100;
  w.reader = stream_http1.open(w.context);
  w.up("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n" + std::string(300, 'x'));
  EXPECT_EQ(collected, 100u);
  w.up(std::string(200, 'y') + kGet);
  EXPECT_EQ(collected, 0u);
  ASSERT_EQ(w.events.messages.size(), 2u);
  EXPECT_EQ(w.events.messages[0].body_bytes, 500u);
  EXPECT_EQ(w.events.messages[0].detail, "body collected in part");
  EXPECT_EQ(w.events.content_of(0, "request.body"), std::string(100, 'x'));
}

TEST(Http1, WithoutListenersNothingIsCollected) {
  Http1Wire w(false);
  w.up(kGet);
  w.down(kOk);
  EXPECT_EQ(w.events.messages.size(), 2u);
  EXPECT_TRUE(w.events.contents.empty());
  EXPECT_EQ(w.events.messages[1].body_bytes, 5u);
}

TEST(Http1, HostileSizesEnd) {
  Http1Wire w;
  w.up("GET / HTTP/1.1\r\nX: " + std::string(300'000, 'a'));
  EXPECT_EQ(w.events.problems.size(), 1u);
  w.down("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n");
  EXPECT_EQ(w.events.problems.size(), 2u);
  Http1Wire fields;
  std::string many = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 2'000; ++i) many += "a: b\r\n";
  fields.up(many + "\r\n");
  EXPECT_EQ(fields.events.problems.size(), 1u);
}

TEST(Http1, IsRecognised) {
  const auto match = [](std::string_view up, std::string_view down, std::string_view alpn = {}) {
    return stream_http1.recognise({Bytes::of(up), Bytes::of(down), 80, alpn, {}});
  };
  EXPECT_EQ(match("GET /", ""), Match::yes);
  EXPECT_EQ(match("GE", ""), Match::more);
  EXPECT_EQ(match("", "HTTP/1.1 200"), Match::yes);
  EXPECT_EQ(match("\x16\x03\x01", "\x16\x03\x03"), Match::no);
  EXPECT_EQ(match("PRI * HTTP/2.0\r\n", "x\n"), Match::no);
  EXPECT_EQ(match("INVITE sip:a SIP/2.0\r\n", "x\n"), Match::no);
  EXPECT_EQ(match("XYZ /a HTTP/1.1\r\n", ""), Match::yes);
  EXPECT_EQ(match("GET /", "", "h2"), Match::no);
  EXPECT_EQ(match("", "", "http/1.1"), Match::yes);
}

}  // namespace
}  // namespace klik::traffic
