#include "extract/telemetry.h"

#include <gtest/gtest.h>

#include <string>

namespace klik {
namespace {

// "number|message|decoder|state|category|path"
std::string told(const Fact& fact) {
  std::string out;
  for (std::size_t i = 0; i < 6; ++i) {
    if (const auto* text = std::get_if<std::string>(&fact.values[i])) out += *text;
    if (const auto* number = std::get_if<std::int64_t>(&fact.values[i])) out += std::to_string(*number);
    out += "|";
  }
  return out;
}

struct Seen {
  BlobId capture{sha256(Bytes::of("made capture"))};
  RecordingSink sink;
  TelemetryReader reader{capture, sink};
  ContentReader* readers[1] = {&reader};
  TrafficFacts facts{capture, sink, readers};
  traffic::Connection on;

  Seen() {
    on.number = 3;
    on.protocol = "http1";
  }
  std::uint64_t request(std::string host, std::string path) {
    traffic::Message m;
    m.protocol = "http1";
    m.what = "request";
    m.method = "GET";
    m.host = std::move(host);
    m.path = path;
    m.origin = {100, 50};
    const std::uint64_t number = facts.message(on, m);
    facts.content(on, {.message = number, .place = "request.path", .name = {}, .type = {}, .way = traffic::Way::up, .bytes = Bytes::of(path), .coding = {}, .origin = {100, 50}, .time_ns = 9});
    return number;
  }
  std::vector<std::string> telemetry() const {
    std::vector<std::string> out;
    for (const Fact& f : sink.facts) {
      if (f.kind != &kNetTelemetry) continue;
      EXPECT_EQ(f.values.size(), kNetTelemetry.columns.size());
      out.push_back(told(f));
    }
    return out;
  }
};

TEST(TelemetryFacts, TellServiceAndKindsOfDataButNoValue) {
  Seen seen;
  seen.request("sdkconfig.ad.xiaomi.com", "/api/checkupdate/lastusefulversion?imei=000000123456789&model=Example&package=org.example.app");
  seen.facts.connection(seen.on);
  EXPECT_EQ(seen.telemetry(), (std::vector<std::string>{"3|1|xiaomi_analytics_update_v1|recognised|||", "3|1|xiaomi_analytics_update_v1|decoded|imei|request.path/query.imei|",
                                                        "3|1|xiaomi_analytics_update_v1|decoded|device_model|request.path/query.model|", "3|1|xiaomi_analytics_update_v1|decoded|app|request.path/query.package|"}));
  for (const Fact& f : seen.sink.facts)
    for (const Value& v : f.values)
      if (const auto* text = std::get_if<std::string>(&v)) {
        EXPECT_FALSE(text->contains("123456789")) << *text;
      }
  EXPECT_EQ(seen.sink.facts.back().kind, &kNetConnection);
}

TEST(TelemetryFacts, ADifferingSignatureContradictsTheSender) {
  Seen seen;
  seen.request("sdkconfig.ad.intl.xiaomi.com", "/api/checkupdate/lastusefulversion2?av=1&sign=0");
  EXPECT_EQ(seen.telemetry(), (std::vector<std::string>{"3|1|xiaomi_analytics_update_v2|recognised|||", "3|1|xiaomi_analytics_update_v2|contradicted|||"}));
}

TEST(TelemetryFacts, AHostOfOneServiceIsAContactWhenNoMessageWasSeen) {
  Seen seen;
  seen.on.host = "data.mistat.intl.xiaomi.com";
  seen.facts.connection(seen.on);
  EXPECT_EQ(seen.telemetry(), std::vector<std::string>{"3||xiaomi_mistat|contacted|||"});
  Seen opened;
  opened.on.host = "data.mistat.intl.xiaomi.com";
  opened.request("data.mistat.intl.xiaomi.com", "/v3");
  opened.facts.connection(opened.on);
  EXPECT_EQ(opened.telemetry(), std::vector<std::string>{"3|1|xiaomi_mistat|recognised|||"});
  Seen other;
  other.on.host = "www.example.org";
  other.request("www.example.org", "/?imei=000000123456789");
  other.facts.connection(other.on);
  EXPECT_TRUE(other.telemetry().empty());
}

}  // namespace
}  // namespace klik
