#include "traffic/httpdns.h"

#include <gtest/gtest.h>

#include "http_recorder.h"
#include "support/dns_maker.h"

namespace klik::traffic {
namespace {

namespace make = test::dns;
using Strings = std::vector<std::string>;

struct Web {
  Recorder events;
  HttpDns names{events};
  Connection on;

  explicit Web(bool wants = true) : events(wants) {}
  void request(std::string_view host, std::string_view path, std::string_view body = {}, std::string_view type = {}, std::uint64_t stream = 0) {
    Message m;
    m.protocol = stream ? "h2" : "http1", m.what = "request", m.way = Way::up, m.method = body.empty() ? "GET" : "POST", m.host = host, m.path = path, m.stream = stream, m.origin = {10, 20};
    tell(std::move(m), "request.body", body, type);
  }
  void response(std::string_view body, std::string_view type = "application/json", std::uint64_t stream = 0) {
    Message m;
    m.protocol = stream ? "h2" : "http1", m.what = "response", m.way = Way::down, m.status = 200, m.stream = stream, m.origin = {30, 40};
    tell(std::move(m), "response.body", body, type);
  }

 private:
  void tell(Message m, std::string_view place, std::string_view body, std::string_view type) {
    Content c{.message = 0, .place = place, .name = {}, .type = type, .way = m.way, .bytes = Bytes::of(body), .coding = {}, .origin = m.origin, .time_ns = 0};
    c.message = names.message(on, std::move(m));
    if (!body.empty()) names.content(on, c);
  }
};

TEST(HttpDns, AlibabaAsksInThePath) {
  Web w;
  w.request("203.0.113.65", "/123456/sign_d?host=market.example.net&sdk=android_1.3.3&t=1650000000&s=0123456789abcdef&sid=Abc&net=wifi&bssid=02%3A00%3A00%3A00%3A00%3A00");
  w.response(R"({"host":"market.example.net","client_ip":"198.51.100.1","ips":["192.0.2.7","192.0.2.8"],"ipsv6":["2001:db8::7"],"ttl":60})");
  ASSERT_EQ(w.events.lookups.size(), 3u);
  const auto& l = w.events.lookups;
  EXPECT_EQ(l[0].how, "httpdns");
  EXPECT_FALSE(l[0].answer);
  EXPECT_EQ(l[0].name, "market.example.net");
  EXPECT_EQ(l[0].origin.at, 10u);
  EXPECT_EQ(l[1].values, (Strings{"192.0.2.7", "192.0.2.8"}));
  EXPECT_EQ(l[2].type, "AAAA");
  EXPECT_EQ(l[2].values, Strings{"2001:db8::7"});
  EXPECT_EQ(l[2].origin.at, 30u);
  EXPECT_EQ(w.events.contents.size(), 1u);   // passed on
}

TEST(HttpDns, ManyNamesHaveTheirOwnAnswers) {
  Web w;
  w.request("203.0.113.65", "/123456/resolve?host=a.example.net,b.example.net");
  w.response(R"({"dns":[{"host":"a.example.net","ips":["192.0.2.1"]},{"host":"b.example.net","ips":["192.0.2.2"]}]})");
  ASSERT_EQ(w.events.lookups.size(), 4u);
  EXPECT_EQ(w.events.lookups[2].name, "a.example.net");
  EXPECT_EQ(w.events.lookups[2].values, Strings{"192.0.2.1"});
  EXPECT_EQ(w.events.lookups[3].name, "b.example.net");
  EXPECT_EQ(w.events.lookups[3].values, Strings{"192.0.2.2"});
}

TEST(HttpDns, TencentAnswersInText) {
  Web w;
  w.request("203.0.113.29", "/d?dn=www.example.net.&ttl=1");
  w.response("192.0.2.7;192.0.2.8,600", "text/html");
  ASSERT_EQ(w.events.lookups.size(), 2u);
  EXPECT_EQ(w.events.lookups[0].name, "www.example.net");
  EXPECT_EQ(w.events.lookups[1].values, (Strings{"192.0.2.7", "192.0.2.8"}));
}

TEST(HttpDns, AnEncryptedNameIsCounted) {
  Web w;
  w.request("203.0.113.55", "/d?dn=00112233445566778899aabbccddeeff&id=1&alg=aes");
  w.response("0123456789abcdef0123456789abcdef");
  ASSERT_EQ(w.events.lookups.size(), 1u);
  EXPECT_EQ(w.events.lookups[0].status, "ENCRYPTED");
  EXPECT_EQ(w.events.lookups[0].name, "");
}

TEST(HttpDns, XiaomiAsksForLists) {
  Web w;
  w.request("resolver.msg.global.xiaomi.net", "/gslb/?ver=4.0&list=app.chat.example.net%2Capi.example.net");
  w.response(R"({"S":"Ok","R":{"wifi":{"app.chat.example.net":["192.0.2.7:5222"],"api.example.net":["192.0.2.8:443","192.0.2.9"]}}})");
  ASSERT_EQ(w.events.lookups.size(), 4u);
  EXPECT_EQ(w.events.lookups[2].values, Strings{"192.0.2.7"});
  EXPECT_EQ(w.events.lookups[3].values, (Strings{"192.0.2.8", "192.0.2.9"}));
}

TEST(HttpDns, AFormMayAskToo) {
  Web w;
  w.request("amdcopen.m.taobao.com", "/amdc/mobileDispatch", "domain=a.example.net+b.example.net&v=5", "application/x-www-form-urlencoded");
  ASSERT_EQ(w.events.lookups.size(), 2u);
  EXPECT_EQ(w.events.lookups[1].name, "b.example.net");
}

TEST(HttpDns, ByFormAloneItTakesAnAnswerWithAddresses) {
  Web w;
  w.request("203.0.113.9", "/q?name=www.example.net&id=7");
  EXPECT_TRUE(w.events.lookups.empty());
  w.response("{\"error\": 1}");
  EXPECT_TRUE(w.events.lookups.empty());
  w.request("203.0.113.9", "/q?name=www.example.net&id=7");
  w.response("{\"result\": [\"192.0.2.7\"]}");
  ASSERT_EQ(w.events.lookups.size(), 2u);
  EXPECT_FALSE(w.events.lookups[0].answer);
  EXPECT_EQ(w.events.lookups[0].way, Way::up);
  EXPECT_TRUE(w.events.lookups[1].answer);
  w.request("www.example.org", "/d?host=www.example.net");   // no service, no literal
  w.response("{\"result\": [\"192.0.2.7\"]}");
  EXPECT_EQ(w.events.lookups.size(), 2u);
}

TEST(HttpDns, AnswersBelongToTheirRequests) {
  Web w;
  w.response("[\"192.0.2.1\"]");   // to a request before the capture
  w.request("203.0.113.65", "/picture");
  w.request("203.0.113.65", "/123456/d?host=a.example.net");
  w.response("[\"192.0.2.2\"]");
  w.response("[\"192.0.2.3\"]");
  ASSERT_EQ(w.events.lookups.size(), 2u);
  EXPECT_EQ(w.events.lookups[1].values, Strings{"192.0.2.3"});
  Web h2;
  h2.request("203.0.113.65", "/123456/d?host=a.example.net", {}, {}, 1);
  h2.request("203.0.113.65", "/123456/d?host=b.example.net", {}, {}, 3);
  h2.response("[\"192.0.2.3\"]", "", 3);
  h2.response("[\"192.0.2.1\"]", "", 1);
  ASSERT_EQ(h2.events.lookups.size(), 4u);
  EXPECT_EQ(h2.events.lookups[2].name, "b.example.net");
  EXPECT_EQ(h2.events.lookups[3].name, "a.example.net");
}

TEST(HttpDns, DnsMessagesAreReadAsContent) {
  Web w(false);
  w.request("dns.example.net", "/dns-query", make::query(), "application/dns-message");
  w.response(make::answer(), "Application/DNS-Message; charset=x");
  ASSERT_EQ(w.events.lookups.size(), 2u);
  EXPECT_EQ(w.events.lookups[0].how, "doh");
  EXPECT_EQ(w.events.lookups[1].values, (Strings{"edge.example.net", "192.0.2.7"}));
  EXPECT_TRUE(w.events.contents.empty());   // nobody else wants bodies
  EXPECT_FALSE(w.names.wants_content());
}

TEST(HttpDns, DnsMessagesMayStandInTheQuery) {
  Web w;
  // RFC 8484 §4.1.1: a question for www.example.com.
  w.request("dns.example.net", "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB");
  ASSERT_EQ(w.events.lookups.size(), 1u);
  EXPECT_EQ(w.events.lookups[0].name, "www.example.com");
  w.request("dns.example.net", "/dns-query?dns=AAABAAAB%00nonsense");
  EXPECT_EQ(w.events.lookups.size(), 1u);
}

TEST(HttpDns, QuestionsThatWaitAreBounded) {
  Web w;
  for (int i = 0; i < 10'000; ++i) w.request("203.0.113.65", "/123456/d?host=a.example.net");
  for (int i = 0; i < 10'000; ++i) w.response("[\"192.0.2.3\"]");
  EXPECT_EQ(w.events.lookups.size(), 10'000u + 64u);
}

}  // namespace
}  // namespace klik::traffic
