// links: OpenSSL::SSL
#include "traffic/tls.h"

#include <gtest/gtest.h>

#include "support/tls_made.h"
#include "support/tls_maker.h"
#include "support/traffic.h"

namespace klik::traffic {
namespace {

using test::TlsPlan;

// Feeds a made connection to the reader and keeps what comes out.
struct Reading {
  Secrets secrets;
  Limits limits;
  Connection connection;
  test::EventRecord events;
  test::StreamRecord plain;
  std::string alpn;
  bool opened = false;
  Context context{connection, events, secrets, limits};
  std::unique_ptr<StreamReader> reader;
  std::uint64_t at = 0;

  struct Through final : StreamReader {
    explicit Through(StreamReader& to_reader) : to(to_reader) {}
    void read(const Piece& p) override { to.read(p); }
    void gap(Way way, std::uint64_t bytes) override { to.gap(way, bytes); }
    void end() override { to.end(); }
    StreamReader& to;
  };

  explicit Reading(std::string_view key_log) {
    secrets.add_key_log(Bytes::of(key_log));
    reader = tls_reader(context, [this](Context&, std::string_view name) {
      alpn = name, opened = true;
      return std::make_unique<Through>(plain);
    });
  }
  void feed(Way way, std::string_view bytes, std::size_t step) {
    for (std::size_t from = 0; from < bytes.size(); from += step) {
      const std::string_view part = bytes.substr(from, step);
      const std::vector<std::uint8_t> exact(part.begin(), part.end());   // so that a watched build sees every byte too many
      reader->read({way, Bytes(exact), {at, part.size()}, static_cast<std::int64_t>(at)});
      at += part.size();
    }
  }
  void feed_all(const test::TlsMade& made, std::size_t step) {
    for (const auto& [way, bytes] : made.flights) feed(way, bytes, step);
    reader->end();
  }
};

std::string long_text(std::size_t size) {
  std::string out;
  for (std::size_t i = 0; out.size() < size; ++i) out += "line " + std::to_string(i) + "\n";
  return out.substr(0, size);
}

TlsPlan talk(int version, std::string suite = "") {
  TlsPlan plan;
  plan.version = version;
  plan.suite = std::move(suite);
  plan.said = {{Way::up, "GET / HTTP/1.1\r\n\r\n"}, {Way::down, long_text(40'000)}, {Way::up, "x"}, {Way::up, long_text(17'000)}, {Way::down, "bye"}};
  return plan;
}

void expect_opened(const TlsPlan& plan, std::initializer_list<std::size_t> steps = {1, 7, 1448, 1u << 20}) {
  const auto made = test::TlsMaker::make(plan);
  ASSERT_FALSE(made.said[0].empty() || made.said[1].empty());
  for (const std::size_t step : steps) {
    Reading r(made.key_log);
    r.feed_all(made, step);
    ASSERT_EQ(r.plain.text[0], made.said[0]) << "step " << step;
    ASSERT_EQ(r.plain.text[1], made.said[1]) << "step " << step;
    EXPECT_TRUE(r.plain.ended);
    EXPECT_EQ(r.connection.dark, Dark::none);
    EXPECT_EQ(r.connection.dark_up + r.connection.dark_down, 0u);
    EXPECT_TRUE(r.events.problems.empty());
    EXPECT_GT(r.secrets.used(), 0u);
    EXPECT_EQ(r.connection.host, "made.example");
    EXPECT_EQ(r.connection.host_from, "sni");
    for (std::size_t i = 1; i < r.plain.pieces.size(); ++i) EXPECT_LE(r.plain.pieces[i - 1].at, r.plain.pieces[i].at);
  }
}

class Suites12 : public testing::TestWithParam<const char*> {};
TEST_P(Suites12, OpenWithTheirSecrets) {
  expect_opened(talk(TLS1_2_VERSION, GetParam()));
}
INSTANTIATE_TEST_SUITE_P(Tls, Suites12,
                         testing::Values("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-CCM", "ECDHE-ECDSA-AES256-CCM8", "AES128-CCM8", "ECDHE-ARIA128-GCM-SHA256", "ECDHE-ECDSA-ARIA256-GCM-SHA384", "DHE-RSA-AES256-CCM",
                                         "AES128-SHA", "AES256-SHA256", "ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES128-SHA256", "DHE-RSA-CAMELLIA256-SHA", "CAMELLIA128-SHA256", "NULL-SHA256", "NULL-MD5"));

class OldVersions : public testing::TestWithParam<std::tuple<int, bool>> {};
TEST_P(OldVersions, OpenWithEitherOrderOfMac) {
  TlsPlan plan = talk(std::get<0>(GetParam()), "AES128-SHA");
  plan.encrypt_then_mac = std::get<1>(GetParam());
  expect_opened(plan);
  plan.suite = "ECDHE-RSA-AES256-SHA";
  expect_opened(plan, {1448});
}
INSTANTIATE_TEST_SUITE_P(Tls, OldVersions, testing::Combine(testing::Values(TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION), testing::Bool()));

class Suites13 : public testing::TestWithParam<const char*> {};
TEST_P(Suites13, OpenWithTheirSecrets) {
  TlsPlan plan = talk(TLS1_3_VERSION, GetParam());
  plan.update_keys = true;
  expect_opened(plan);
}
INSTANTIATE_TEST_SUITE_P(Tls, Suites13, testing::Values("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_CCM_SHA256", "TLS_AES_128_CCM_8_SHA256"));

TEST(Tls, TellsHellosAndCertificates) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPlan plan = talk(version);
    plan.alpn = "\x02h2\x08http/1.1";
    plan.client_certificate = true;
    const auto made = test::TlsMaker::make(plan);
    Reading r(made.key_log);
    r.feed_all(made, 100);
    ASSERT_EQ(r.events.hellos.size(), 2u);
    EXPECT_TRUE(r.events.hellos[0].client);
    EXPECT_EQ(r.events.hellos[0].sni, "made.example");
    EXPECT_EQ(r.events.hellos[0].alpn, "h2,http/1.1");
    EXPECT_EQ(r.events.hellos[0].origin.at, 0u);
    EXPECT_EQ(r.events.hellos[1].alpn, "h2");
    EXPECT_EQ(r.events.hellos[1].version, version == TLS1_2_VERSION ? "TLS 1.2" : "TLS 1.3");
    EXPECT_TRUE(r.events.hellos[1].cipher.starts_with("TLS_"));
    EXPECT_EQ(r.alpn, "h2");
    ASSERT_EQ(r.events.certificates.size(), 2u);
    EXPECT_EQ(r.events.certificates[0].way, Way::down);
    EXPECT_EQ(r.events.certificates[1].way, Way::up);
    EXPECT_EQ(r.events.certificates[0].der[0], 0x30);
    EXPECT_EQ(r.plain.text[0], made.said[0]);
  }
}

TEST(Tls, WithoutSecretsIsDarkAndNamed) {
  for (const int version : {TLS1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto made = test::TlsMaker::make(talk(version));
    for (const std::size_t step : {1, 5, 1448}) {
      Reading r("");
      r.feed_all(made, step);
      EXPECT_FALSE(r.opened);
      EXPECT_EQ(r.connection.dark, Dark::tls);
      EXPECT_GT(r.connection.dark_down, 40'000u);
      EXPECT_GT(r.connection.dark_up, 17'000u);
      EXPECT_EQ(r.events.hellos.size(), 2u);
      EXPECT_EQ(r.events.certificates.size(), version == TLS1_3_VERSION ? 0u : 1u);
      EXPECT_TRUE(r.events.problems.empty());
    }
  }
}

TEST(Tls, SecretsOfAnotherConnectionOpenNothing) {
  const auto made = test::TlsMaker::make(talk(TLS1_3_VERSION));
  Reading r(test::TlsMaker::make(talk(TLS1_3_VERSION)).key_log);
  r.feed_all(made, 1448);
  EXPECT_FALSE(r.opened);
  EXPECT_EQ(r.connection.dark, Dark::tls);
  EXPECT_EQ(r.secrets.used(), 0u);
  EXPECT_TRUE(r.events.problems.empty());
}

TEST(Tls, WrongSecretsOpenNothing) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto made = test::TlsMaker::make(talk(version));
    std::string log = made.key_log;
    for (std::size_t at = log.find('\n'); at != log.npos; at = log.find('\n', at + 1)) log[at - 1] = log[at - 1] == '0' ? '1' : '0';
    Reading r(log);
    r.feed_all(made, 1448);
    EXPECT_FALSE(r.opened);
    EXPECT_GT(r.connection.dark_down, 40'000u);
    EXPECT_EQ(r.connection.dark, Dark::tls);
    ASSERT_EQ(r.events.problems.size(), 1u) << "once for both ways";
    EXPECT_STREQ(r.events.problems[0].error.what, "the TLS secrets that were given for this connection do not open it");
    EXPECT_EQ(r.events.problems[0].severity, EventSink::Severity::data_loss);
    EXPECT_GT(r.events.problems[0].error.at, 0u);
    EXPECT_TRUE(r.events.problems[0].detail.contains("made.example")) << r.events.problems[0].detail;
  }
}

// The line of a key log with this label, its last digit changed; without the line when `drop`.
std::string spoilt(std::string log, std::string_view label, bool drop) {
  const std::size_t line = log.find(std::string(label) + " "), end = log.find('\n', line);
  if (drop) return log.erase(line, end + 1 - line);
  log[end - 1] = log[end - 1] == '0' ? '1' : '0';
  return log;
}

TEST(Tls, ASecretThatIsMissingIsNoDamage) {
  const auto made = test::TlsMaker::make(talk(TLS1_3_VERSION));
  for (const auto& [label, way] : {std::pair{"CLIENT_TRAFFIC_SECRET_0", Way::up}, {"SERVER_TRAFFIC_SECRET_0", Way::down}}) {
    Reading r(spoilt(made.key_log, label, true));
    r.feed_all(made, 1448);
    EXPECT_EQ(r.connection.dark, Dark::tls) << label;
    EXPECT_GT(way == Way::up ? r.connection.dark_up : r.connection.dark_down, 17'000u);
    EXPECT_EQ(way == Way::up ? r.connection.dark_down : r.connection.dark_up, 0u);
    EXPECT_EQ(r.plain.text[way == Way::up ? 1 : 0], made.said[way == Way::up ? 1 : 0]);
    EXPECT_TRUE(r.events.problems.empty()) << label;
  }
}

TEST(Tls, AWrongSecretOfOneStageIsTold) {
  const auto made = test::TlsMaker::make(talk(TLS1_3_VERSION));
  for (const char* label : {"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"}) {
    Reading r(spoilt(made.key_log, label, false));
    r.feed_all(made, 1448);
    EXPECT_EQ(r.connection.dark, Dark::tls) << label;
    ASSERT_EQ(r.events.problems.size(), 1u) << label;
    EXPECT_EQ(r.events.problems[0].error.code, Code::encrypted);
  }
}

TEST(Tls, ALogWithoutTheHandshakeFits) {
  const auto made = test::TlsMaker::make(talk(TLS1_3_VERSION));
  Reading r(spoilt(spoilt(made.key_log, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", true), "SERVER_HANDSHAKE_TRAFFIC_SECRET", true));
  r.feed_all(made, 1448);
  EXPECT_EQ(r.plain.text[1], made.said[1]);
  EXPECT_TRUE(r.events.problems.empty());
}

TEST(Tls, EarlyDataComesFirst) {
  TlsPlan plan = talk(TLS1_3_VERSION);
  plan.early_data = true;
  plan.early = "GET /early HTTP/1.1\r\n\r\n";
  const auto made = test::TlsMaker::make(plan);
  ASSERT_TRUE(made.said[0].starts_with(plan.early));
  expect_opened(plan);
}

TEST(Tls, RejectedEarlyDataIsDarkAndTheRestOpens) {
  TlsPlan plan = talk(TLS1_3_VERSION);
  plan.early_data = true;
  plan.early = "rejected";
  plan.client_groups = "X25519:P-384";
  plan.server_groups = "X25519:P-384";
  auto made = test::TlsMaker::make(plan);
  // Without the early secret the records of early data are as if rejected.
  const std::size_t line = made.key_log.find("CLIENT_EARLY");
  made.key_log.erase(line, made.key_log.find('\n', line) + 1 - line);
  Reading r(made.key_log);
  r.feed_all(made, 1448);
  EXPECT_EQ(r.plain.text[0], made.said[0].substr(plan.early.size()));
  EXPECT_EQ(r.plain.text[1], made.said[1]);
  EXPECT_GT(r.connection.dark_up, 0u);
  EXPECT_TRUE(r.events.problems.empty());
}

TEST(Tls, ARetriedHelloIsMarked) {
  TlsPlan plan = talk(TLS1_3_VERSION);
  plan.client_groups = "X25519:P-384";
  plan.server_groups = "P-384";
  expect_opened(plan);
  for (const bool with_secrets : {false, true}) {
    const auto made = test::TlsMaker::make(plan);
    Reading r(with_secrets ? made.key_log : "");
    r.feed_all(made, 1);
    ASSERT_EQ(r.events.hellos.size(), 4u);
    EXPECT_FALSE(r.events.hellos[0].retried);
    EXPECT_TRUE(r.events.hellos[1].retried);
    EXPECT_TRUE(r.events.hellos[2].retried);
    EXPECT_TRUE(r.events.hellos[2].client);
    EXPECT_FALSE(r.events.hellos[3].client);
  }
}

TEST(Tls, ResumedAndRenegotiatedConnectionsOpen) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPlan plan = talk(version);
    plan.resume = true;
    expect_opened(plan, {1, 1448});
  }
  TlsPlan plan = talk(TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256");
  plan.renegotiate = true;
  expect_opened(plan, {1, 1448});
}

// Each flight of the server comes after all of the client's, as when packets were taken late.
TEST(Tls, ClientsDataMayComeBeforeTheServersHello) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto made = test::TlsMaker::make(talk(version));
    Reading r(made.key_log);
    for (const Way way : {Way::up, Way::down})
      for (const auto& [of, bytes] : made.flights)
        if (of == way) r.feed(of, bytes, 1448);
    r.reader->end();
    EXPECT_EQ(r.plain.text[0], made.said[0]);
    EXPECT_EQ(r.plain.text[1], made.said[1]);
    Reading tight(made.key_log);
    tight.limits.handshake_bytes = 4096;
    for (const Way way : {Way::up, Way::down})
      for (const auto& [of, bytes] : made.flights)
        if (of == way) tight.feed(of, bytes, 1448);
    tight.reader->end();
    EXPECT_EQ(tight.plain.text[0], "");
    EXPECT_GT(tight.connection.dark_up, 17'000u);
    EXPECT_EQ(tight.plain.text[1], made.said[1]);
  }
}

// Cuts `lost` bytes out of the down way behind the first `before` ones of application data.
void with_gap(const TlsPlan& plan, std::size_t before, std::size_t lost, bool told, bool opens_again) {
  const auto made = test::TlsMaker::make(plan);
  Reading r(made.key_log);
  for (const auto& [way, bytes] : made.flights) {
    if (way == Way::down && bytes.size() > 30'000) {
      r.feed(way, std::string_view(bytes).substr(0, before), 1448);
      r.reader->gap(way, told ? lost : 0);
      r.feed(way, std::string_view(bytes).substr(before + lost), 1448);
    } else {
      r.feed(way, bytes, 1448);
    }
  }
  r.reader->end();
  EXPECT_EQ(r.plain.text[0], made.said[0]);
  const std::string& down = r.plain.text[1];
  EXPECT_TRUE(down.contains("<0>")) << plan.suite;
  EXPECT_EQ(down.ends_with("bye"), opens_again) << plan.suite;
  EXPECT_EQ(r.connection.dark, Dark::damaged) << plan.suite;
  EXPECT_GT(r.connection.dark_down, 0u);
  // Whatever came out is what was said, in order.
  const std::size_t cut = down.find("<0>");
  EXPECT_TRUE(made.said[1].starts_with(down.substr(0, cut)));
  const std::string after = down.substr(down.rfind("<0>") + 3);
  if (opens_again) { EXPECT_TRUE(made.said[1].ends_with(after)) << plan.suite << " " << before << " " << lost << " " << told << " " << after.size() << " " << down.size(); }
}

TEST(Tls, GoesOnAfterAGapWhenARecordOpens) {
  for (const auto& [version, suite] : std::vector<std::pair<int, std::string>>{{TLS1_3_VERSION, "TLS_AES_128_GCM_SHA256"}, {TLS1_2_VERSION, "ECDHE-RSA-AES128-GCM-SHA256"}, {TLS1_2_VERSION, "AES128-SHA"}, {TLS1_2_VERSION, "ECDHE-RSA-CHACHA20-POLY1305"}}) {
    for (const bool told : {true, false}) {
      with_gap(talk(version, suite), 3000, 2000, told, true);     // within the first record
      with_gap(talk(version, suite), 3000, 20'000, told, true);   // over a record's start
    }
  }
  TlsPlan chained = talk(TLS1_VERSION, "AES128-SHA");   // each record's IV is the end of the one before
  for (const bool encrypt_then_mac : {true, false}) {
    chained.encrypt_then_mac = encrypt_then_mac;
    with_gap(chained, 3000, 2000, true, false);
  }
}

TEST(Tls, EveryPrefixEndsQuietly) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPlan plan = talk(version);
    plan.said = {{Way::up, "question"}, {Way::down, "answer"}};
    const auto made = test::TlsMaker::make(plan);
    std::size_t total = 0;
    for (const auto& f : made.flights) total += f.second.size();
    for (std::size_t n = 0; n <= total; ++n) {
      Reading r(made.key_log);
      std::size_t left = n;
      for (const auto& [way, bytes] : made.flights) {
        r.feed(way, std::string_view(bytes).substr(0, left), 1448);
        left -= std::min(left, bytes.size());
      }
      r.reader->end();
      ASSERT_TRUE(made.said[0].starts_with(r.plain.text[0]));
      ASSERT_TRUE(made.said[1].starts_with(r.plain.text[1]));
      ASSERT_TRUE(r.events.problems.empty());
    }
  }
}

TEST(Tls, AnAnswerThatIsNoTlsIsPassedOver) {
  const auto made = test::TlsMaker::make(talk(TLS1_3_VERSION));
  Reading r("");
  r.feed(Way::up, made.flights.front().second, 1448);
  r.feed(Way::down, "HTTP/1.1 400 Bad Request\r\n\r\n", 7);
  r.reader->end();
  EXPECT_EQ(r.events.hellos.size(), 1u);
  EXPECT_EQ(r.connection.dark_down, 28u);
}

TEST(Tls, AnAlertSaysWhy) {
  Reading r("");
  const auto alert = test::record(21, {2, 46});
  r.feed(Way::up, Bytes(alert).text(), 3);
  r.reader->end();
  ASSERT_EQ(r.events.messages.size(), 1u);
  EXPECT_EQ(r.events.messages[0].detail, "fatal certificate_unknown");
}

TEST(Tls, AMessageTooLongIsPassedOver) {
  Reading r("");
  r.limits.handshake_bytes = 100;
  const auto hello = test::handshake(1, test::client_hello({.extensions = test::server_name_of("later.example")}));
  test::Octets two = test::handshake(11, test::Octets(5000, 1));
  test::append(two, hello);
  for (std::size_t at = 0; at < two.size(); at += 300) {
    const auto part = test::record(22, {two.begin() + static_cast<std::ptrdiff_t>(at), two.begin() + static_cast<std::ptrdiff_t>(std::min(two.size(), at + 300))});
    r.feed(Way::up, Bytes(part).text(), 1448);
  }
  r.reader->end();
  ASSERT_EQ(r.events.hellos.size(), 1u);
  EXPECT_EQ(r.events.hellos[0].sni, "later.example");
}

TEST(Tls, EchMakesTheNameAnOuterOne) {
  Reading r("");
  const auto hello = test::record(22, test::handshake(1, test::client_hello({.extensions = test::joined({test::server_name_of("cover.example"), test::extension_of(0xfe0d, {0, 1})})})));
  r.feed(Way::up, Bytes(hello).text(), 50);
  r.reader->end();
  EXPECT_EQ(r.connection.host_from, "outer_sni");
  EXPECT_TRUE(r.events.hellos.at(0).ech);
}

}  // namespace
}  // namespace klik::traffic
