// The captures whose hellos and plain text are known.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <tuple>

#include "io/source.h"
#include "support/evidence.h"
#include "support/traffic.h"
#include "traffic/capture_reader.h"
#include "traffic/conversations.h"
#include "traffic/protocol.h"
#include "traffic/tcp_stream.h"
#include "traffic/tls.h"

namespace klik::traffic {
namespace {

// Every TCP connection of a capture through the TLS reader alone, so that the plain text can be looked at.
struct Flow {
  Connection connection;
  test::EventRecord events;
  test::StreamRecord plain;
  TcpStream ways[2];
  std::unique_ptr<Context> context;
  std::unique_ptr<StreamReader> reader;
};

struct Forward final : StreamReader {
  explicit Forward(StreamReader& reader) : to(reader) {}
  void read(const Piece& p) override { to.read(p); }
  void gap(Way way, std::uint64_t n) override { to.gap(way, n); }
  void end() override { to.end(); }
  StreamReader& to;
};

struct Capture {
  Secrets secrets;
  Limits limits;
  Waiting waiting;
  std::map<std::pair<std::pair<Address, std::uint16_t>, std::pair<Address, std::uint16_t>>, Flow> flows;

  explicit Capture(const std::string& path) {
    const std::string keys = path.substr(0, path.rfind('.')) + ".keys";
    if (std::ifstream in(keys); in) {
      const std::string text{std::istreambuf_iterator<char>(in), {}};
      secrets.add_key_log(Bytes::of(text));
    }
    const auto source = file_source(path.c_str());
    EXPECT_TRUE(source) << path;
    (void)collect_secrets(**source, secrets);
    CaptureVisitor visitor;
    visitor.packet = [this](const Packet& p) { packet(p); };
    EXPECT_TRUE(read_capture(**source, visitor));
    for (auto& [key, flow] : flows) {
      for (const Way way : {Way::up, Way::down}) flow.ways[std::to_underlying(way)].finish(way, *flow.reader, waiting);
      flow.reader->end();
    }
  }

  void packet(const Packet& p) {
    if (p.protocol != 6) return;
    std::pair from{p.from.address, p.from.port}, to{p.to.address, p.to.port};
    Way way = Way::up;
    auto found = flows.find({from, to});
    if (found == flows.end() && (found = flows.find({to, from})) != flows.end()) way = Way::down;
    if (found == flows.end()) {
      found = flows.try_emplace({from, to}).first;
      Flow& flow = found->second;
      flow.connection.called = p.to;
      flow.context = std::make_unique<Context>(flow.connection, flow.events, secrets, limits);
      flow.reader = tls_reader(*flow.context, [&flow](Context&, std::string_view) { return std::make_unique<Forward>(flow.plain); });
    }
    found->second.ways[std::to_underlying(way)].take(p, way, *found->second.reader, limits, waiting);
  }

  std::string all(Way way) const {
    std::string out;
    for (const auto& [key, flow] : flows) out += flow.plain.text[std::to_underlying(way)];
    return out;
  }
};

std::size_t count(const std::string& in, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = in.find(what); at != in.npos; at = in.find(what, at + 1)) ++n;
  return n;
}

std::string keys_folder() { return test::evidence() + "/traffic/tls-keys/"; }

TEST(TlsEvidence, PlainTextComesOut) {
  KLIK_NEEDS_EVIDENCE();
  {
    const Capture c(keys_folder() + "tls12-chacha20poly1305.pcap");
    EXPECT_EQ(count(c.all(Way::up), "GET / HTTP/1."), 7u);
    EXPECT_EQ(count(c.all(Way::down), "HTTP/1.0 200"), 7u);
  }
  {
    const Capture c(keys_folder() + "tls13-rfc8446.pcap");
    EXPECT_EQ(count(c.all(Way::up), "GET /first HTTP"), 1u);
    EXPECT_EQ(count(c.all(Way::up), "GET /early HTTP"), 1u);
    EXPECT_EQ(count(c.all(Way::up), "GET /second HTTP"), 1u);
    EXPECT_EQ(count(c.all(Way::down), " 200 OK"), 3u);
  }
  {
    const Capture c(keys_folder() + "tls13-20-chacha20poly1305.pcap");
    EXPECT_EQ(count(c.all(Way::up), "GET / HTTP"), 2u);
    EXPECT_EQ(count(c.all(Way::down), "HTTP/1.0 200"), 2u);
    for (const auto& [key, flow] : c.flows) EXPECT_EQ(flow.events.hellos.at(1).version, "0x7f14");
  }
  {
    const Capture c(keys_folder() + "tls12-dsb.pcapng");
    EXPECT_EQ(count(c.all(Way::up), "HEAD / HTTP/1.1"), 2u);
    EXPECT_EQ(count(c.all(Way::down), " 200 OK"), 2u);
    std::set<std::string> hosts;
    for (const auto& [key, flow] : c.flows) hosts.insert(flow.connection.host);
    EXPECT_EQ(hosts, (std::set<std::string>{"example.com", "example.net"}));
  }
  {
    const Capture c(keys_folder() + "http2-data-reassembly.pcap");
    EXPECT_TRUE(c.all(Way::up).starts_with("PRI * HTTP/2.0"));
    EXPECT_EQ(count(c.all(Way::down), "\x89PNG\r\n"), 1u);
    EXPECT_GT(c.all(Way::down).size(), 60'000u);
  }
  for (const char* name : {"http2-brotli.pcapng", "http2_follow_multistream.pcapng"}) {
    const Capture c(keys_folder() + name);
    EXPECT_GE(count(c.all(Way::up), "PRI * HTTP/2.0"), 1u) << name;
  }
}

TEST(TlsEvidence, WhatTheKeysOpenLeavesNothingDark) {
  KLIK_NEEDS_EVIDENCE();
  for (const char* name : {"tls12-chacha20poly1305.pcap", "tls13-rfc8446.pcap", "tls13-20-chacha20poly1305.pcap", "tls12-dsb.pcapng", "http2-data-reassembly.pcap"}) {
    const Capture c(keys_folder() + name);
    for (const auto& [key, flow] : c.flows) {
      EXPECT_EQ(flow.connection.dark_up + flow.connection.dark_down, 0u) << name;
      EXPECT_TRUE(flow.events.problems.empty()) << name;
    }
  }
}

// Through everything: TLS starts inside CONNECT in one capture, and over QUIC in others.
TEST(TlsEvidence, Ja4ValuesAreTheSpecifications) {
  KLIK_NEEDS_EVIDENCE();
  unsigned files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test::evidence() + "/traffic/ja4")) {
    constexpr std::string_view kTruth = ".ja4.txt";
    const std::string truth = entry.path().string();
    if (!truth.ends_with(kTruth)) continue;
    std::set<std::string> wanted, found, programs;
    std::ifstream lines(truth);
    for (std::string line; std::getline(lines, line);)
      if (!line.empty()) wanted.insert(line);
    const auto source = file_source(truth.substr(0, truth.size() - kTruth.size()).c_str());
    ASSERT_TRUE(source);
    Secrets secrets;
    (void)collect_secrets(**source, secrets);
    Limits limits;
    test::EventRecord events;
    Conversations conversations(events, secrets, limits, {});
    CaptureVisitor visitor;
    visitor.packet = [&](const Packet& p) { conversations.packet(p); };
    ASSERT_TRUE(read_capture(**source, visitor));
    conversations.end();
    for (const Hello& hello : events.hellos) {
      if (!hello.client) continue;
      found.insert(hello.ja4);
      if (!hello.ja4_program.empty()) programs.insert(hello.ja4_program);
    }
    // Hellos of four connections with a long name, which need no padding; the truth leaves them out.
    if (truth.ends_with("/tls-handshake.pcapng.ja4.txt")) { EXPECT_EQ(found.erase("t13d1515h2_8daaf6152771_f37e75b10bcc"), 1u); }
    EXPECT_EQ(found, wanted) << truth;
    EXPECT_EQ(programs, truth.contains("non-ascii") ? (std::set<std::string>{"t13d151699_8daaf6152771_e5627efa2ab1"}) : std::set<std::string>{}) << truth;
    ++files;
  }
  EXPECT_EQ(files, 8u);
}

TEST(TlsEvidence, LongChainsAreTold) {
  KLIK_NEEDS_EVIDENCE();
  const Capture c(test::evidence() + "/traffic/protocols/long_tls_certificate.pcap");
  std::size_t certificates = 0;
  for (const auto& [key, flow] : c.flows) certificates += flow.events.certificates.size();
  EXPECT_GE(certificates, 2u);
}

}  // namespace
}  // namespace klik::traffic
