// Real captures of QUIC and gQUIC, read as a scan reads them.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "io/source.h"
#include "support/evidence.h"
#include "support/files.h"
#include "support/traffic.h"
#include "traffic/capture_reader.h"
#include "traffic/conversations.h"

namespace klik::traffic {
namespace {

struct Capture {
  explicit Capture(const std::string& name, bool with_secrets = true) : path(test::evidence() + "/traffic/" + name) {
    const auto source = file_source(path.c_str());
    EXPECT_TRUE(source) << path;
    if (!source) return;
    if (with_secrets) {
      EXPECT_TRUE(collect_secrets(**source, secrets));
    }
    Conversations conversations(events, secrets, limits, {});
    CaptureVisitor visitor;
    visitor.packet = [&](const Packet& p) { conversations.packet(p); };
    EXPECT_TRUE(read_capture(**source, visitor)) << path;
    conversations.end();
  }

  std::vector<Hello> hellos(bool client) const {
    std::vector<Hello> out;
    for (const Hello& h : events.hellos)
      if (h.over == "quic" && h.client == client) out.push_back(h);
    return out;
  }
  std::vector<Connection> speaking(std::string_view protocol) const {
    std::vector<Connection> out;
    for (const Connection& c : events.connections)
      if (c.protocol.starts_with(protocol)) out.push_back(c);
    return out;
  }
  std::multiset<std::string> names() const {
    std::multiset<std::string> out;
    for (const Hello& h : hellos(true)) out.insert(h.sni);
    return out;
  }
  std::vector<Message> messages(std::string_view protocol, std::string_view what) const {
    std::vector<Message> out;
    for (const Message& m : events.messages)
      if (m.protocol == protocol && m.what == what) out.push_back(m);
    return out;
  }

  std::string path;
  test::EventRecord events;
  Secrets secrets;
  Limits limits;
};

// One line per value that tshark prints for a field.
std::multiset<std::string> judged(const std::string& path, const std::string& filter, const std::string& field) {
  std::multiset<std::string> out;
  std::istringstream lines(test::run("tshark -n -r " + path + " -Y '" + filter + "' -T fields -E occurrence=a -E 'aggregator=|' -e " + field + " 2>/dev/null").output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream values(line);
    for (std::string value; std::getline(values, value, '|');)
      if (!value.empty()) out.insert(value);
  }
  return out;
}

TEST(QuicEvidence, AllScatteredHelloesComeTogether) {
  KLIK_NEEDS_EVIDENCE();
  const Capture c("protocols/quic_frags_ch_out_of_order_same_packet_craziness.pcapng");
  const auto hellos = c.hellos(true);
  EXPECT_EQ(c.speaking("quic").size(), 113u);
  EXPECT_EQ(hellos.size(), 113u);
  for (const Hello& h : hellos) {
    EXPECT_FALSE(h.sni.empty());
    EXPECT_TRUE(h.ja4.starts_with("q13d"));
  }
  EXPECT_TRUE(c.events.problems.empty());
  // What this judge puts together is a part of it.
  const auto theirs = judged(c.path, "tls.handshake.extensions_server_name", "tls.handshake.extensions_server_name");
  const auto ours = c.names();
  EXPECT_TRUE(std::includes(ours.begin(), ours.end(), theirs.begin(), theirs.end())) << theirs.size();
}

TEST(QuicEvidence, HelloesOfOtherVersionsOpen) {
  KLIK_NEEDS_EVIDENCE();
  struct Want {
    const char* file;
    std::uint32_t version;
    std::size_t clients, servers;
  };
  for (const Want& w : {Want{"quic-29.pcap", 0xff00001d, 2, 2} /* a Retry, and a HelloRetryRequest */, Want{"quic-v2.pcapng", 0x6b3343cf, 1, 1}, Want{"quic_frags_ch_in_multiple_packets.pcapng", 1, 1, 1}}) {
    const Capture c(std::string("protocols/") + w.file);
    EXPECT_EQ(c.hellos(true).size(), w.clients) << w.file;
    EXPECT_EQ(c.hellos(false).size(), w.servers) << w.file;
    for (const Hello& h : c.events.hellos) EXPECT_EQ(h.quic_version, w.version) << w.file;
    const auto theirs = judged(c.path, "tls.handshake.extensions_server_name", "tls.handshake.extensions_server_name");
    const auto ours = c.names();
    for (const std::string& name : theirs) EXPECT_TRUE(ours.contains(name)) << w.file;
  }
}

TEST(QuicEvidence, ZeroRttBeforeTheHelloIsQuicToo) {
  KLIK_NEEDS_EVIDENCE();
  const Capture c("protocols/quic_0RTT.pcap");
  EXPECT_EQ(c.speaking("quic").size(), 2u);
  const auto hellos = c.hellos(true);
  ASSERT_EQ(hellos.size(), 2u);
  EXPECT_EQ(hellos[0].quic_version, 0xff00001cu);
  EXPECT_EQ(hellos[1].quic_version, 1u);
  EXPECT_EQ(c.hellos(false).size(), 2u);
  EXPECT_TRUE(c.events.unknowns.empty());
}

TEST(QuicEvidence, GquicHelloesNameTheirHosts) {
  KLIK_NEEDS_EVIDENCE();
  const Capture q46("protocols/quic_q46.pcap");
  ASSERT_EQ(q46.speaking("gquic").size(), 1u);
  EXPECT_EQ(q46.speaking("gquic")[0].host, "play.google.com");
  ASSERT_FALSE(q46.messages("gquic", "CHLO").empty());
  EXPECT_EQ(q46.messages("gquic", "CHLO")[0].detail, "Q046");
  const Capture wechat("phones/wechat.pcap");
  std::multiset<std::string> ours;
  for (const Message& m : wechat.messages("gquic", "CHLO")) ours.insert(m.host);
  EXPECT_FALSE(ours.empty());
  const auto theirs = judged(wechat.path, "gquic.tag.sni", "gquic.tag.sni");
  for (const std::string& name : theirs) EXPECT_TRUE(ours.contains(name)) << name;
  EXPECT_EQ(ours.size(), theirs.size());
}

TEST(QuicEvidence, Ja4ValuesAreThoseOfTheTruthFiles) {
  KLIK_NEEDS_EVIDENCE();
  for (const auto& entry : std::filesystem::directory_iterator(test::evidence() + "/traffic/ja4")) {
    const std::string path = entry.path();
    if (!path.ends_with(".ja4.txt")) continue;
    std::set<std::string> wanted, found;
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);)
      if (line.starts_with("q")) wanted.insert(line);
    const std::string name = entry.path().filename();
    const Capture c("ja4/" + name.substr(0, name.size() - 8));
    for (const Hello& h : c.hellos(true)) found.insert(h.ja4);
    EXPECT_EQ(found, wanted) << name;
  }
}

TEST(QuicEvidence, SecretsOpenAllThatIsInside) {
  KLIK_NEEDS_EVIDENCE();
  struct Want {
    const char* file;
    const char* host;
    std::size_t requests, responses;   // as many as streams of requests
  };
  // Two captures end before the last answer.
  for (const Want& w : {Want{"tls-keys/quic-with-secrets.pcapng", "cloudflare-quic.com", 1, 1}, Want{"tls-keys/quic_follow_multistream.pcapng", "www.youtube.com", 22, 22}, Want{"tls-keys/http3-qpack-reassembly-anon.pcapng", "", 1, 0},
                        Want{"ja4/chrome-cloudflare-quic-with-secrets.pcapng", "cloudflare-quic.com", 1, 1}, Want{"protocols/quic-v2.pcapng", "", 3, 2}}) {
    const Capture c(w.file);
    ASSERT_EQ(c.speaking("quic").size(), 1u) << w.file;
    const Connection connection = c.speaking("quic")[0];
    EXPECT_EQ(connection.protocol, "quic/h3") << w.file;
    EXPECT_EQ(connection.dark_up + connection.dark_down + connection.missing_up + connection.missing_down, 0u) << w.file;
    if (*w.host) {
      EXPECT_EQ(connection.host, w.host);
    }
    const auto requests = c.messages("h3", "request"), responses = c.messages("h3", "response");
    EXPECT_EQ(requests.size(), w.requests) << w.file;
    EXPECT_EQ(responses.size(), w.responses) << w.file;
    std::set<std::uint64_t> streams;
    for (const Message& m : requests) streams.insert(m.stream);
    EXPECT_EQ(streams.size(), requests.size()) << w.file;
    for (const Message& m : responses) EXPECT_TRUE((m.status == 200 || m.status == 404) && m.state == Opened::decrypted && streams.contains(m.stream)) << w.file;
    EXPECT_TRUE(std::ranges::none_of(c.events.problems, [](const auto& p) { return std::string_view(p.error.what).contains("QUIC"); })) << w.file;
    for (const Hello& h : c.hellos(false)) EXPECT_TRUE(h.alpn.starts_with("h3")) << w.file;
    // The streams that the judge sees opened by the client; tshark 4.0 has no QPACK, so there it ends.
    std::set<std::string> theirs;
    for (const std::string& id : judged(c.path, "quic", "quic.stream.stream_id"))
      if (std::stoull(id) % 4 == 0) theirs.insert(id);
    EXPECT_EQ(theirs.size(), w.requests) << w.file;
  }
}

TEST(QuicEvidence, WithoutSecretsTheHelloesAreTheSame) {
  KLIK_NEEDS_EVIDENCE();
  for (const char* name : {"tls-keys/quic-with-secrets.pcapng", "tls-keys/quic_follow_multistream.pcapng", "tls-keys/http3-qpack-reassembly-anon.pcapng"}) {
    const Capture open(name), dark(name, false);
    ASSERT_EQ(open.hellos(true).size(), dark.hellos(true).size());
    for (std::size_t i = 0; i < open.hellos(true).size(); ++i) EXPECT_EQ(open.hellos(true)[i].ja4, dark.hellos(true)[i].ja4);
    EXPECT_EQ(open.hellos(false).size(), dark.hellos(false).size());
    const Connection c = dark.speaking("quic")[0];
    EXPECT_EQ(c.protocol, "quic");
    EXPECT_EQ(c.dark, Dark::quic);
    EXPECT_TRUE(dark.messages("h3", "request").empty());
  }
}

}  // namespace
}  // namespace klik::traffic
