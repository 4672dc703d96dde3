// Names in real captures: what tshark finds, and the decoded frames of a push channel.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "formats/net/capture_file.h"
#include "support/evidence.h"
#include "support/traffic.h"
#include "traffic/analysis.h"

namespace klik::traffic {
namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen((command + " 2>/dev/null").c_str(), "r"), pclose);
  std::string out;
  std::array<char, 4096> part{};
  while (pipe)
    if (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe.get())) out.append(part.data(), n);
    else break;
  return out;
}

SourceRef opened(const std::string& path) {
  auto source = file_source(path.c_str());
  EXPECT_TRUE(source) << path;
  return source ? *source : SourceRef();
}

std::unique_ptr<test::EventRecord> read(const std::string& path) {
  auto events = std::make_unique<test::EventRecord>();
  EXPECT_TRUE(analyse_capture(opened(path), {}, {}, *events)) << path;
  return events;
}

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

// What `fields` of the frames that `filter` lets through hold, lower case. tshark's own words ("<Root>") and its spellings of odd
// bytes are left out, and so is the DNS that it reads inside of ICMP errors.
std::set<std::string> by_tshark(const std::string& path, const std::string& filter, const std::string& fields) {
  std::set<std::string> out;
  const std::string text = output_of("tshark -n -r '" + path + "' -Y '(" + filter + ") && !icmp && !icmpv6' -T fields -E occurrence=a -E aggregator='|' -E separator='|' " + fields);
  std::string one;
  for (const char c : text) {
    if (c != '|' && c != '\n') {
      one += c;
      continue;
    }
    if (!one.empty() && one.find_first_of("<\\") == one.npos) out.insert(lower(one));
    one.clear();
  }
  return out;
}

std::string missing(const std::set<std::string>& wanted, const std::set<std::string>& found) {
  std::string out;
  for (const std::string& w : wanted)
    if (!found.contains(w)) out += w + " ";
  return out;
}

std::vector<std::string> captures() {
  std::vector<std::string> out;
  for (const char* folder : {"phones", "protocols", "tls-keys", "hostile"})
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(test::evidence()) / "traffic" / folder))
      if (entry.path().extension() == ".pcap" || entry.path().extension() == ".pcapng") out.push_back(entry.path().string());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(NamesEvidence, HoldsTheNamesAndAddressesThatTsharkFinds) {
  KLIK_NEEDS_EVIDENCE();
  if (output_of("command -v tshark").empty()) GTEST_SKIP() << "tshark, the judge, is not installed";
  std::size_t names = 0, addresses = 0;
  for (const std::string& path : captures()) {
    // Without secrets neither program can read DNS under encryption.
    if (path.contains("/tls-keys/") && !path.contains("dns-ooo")) continue;
    const auto events = read(path);
    std::set<std::string> all;
    for (const Lookup& l : events->lookups) {
      all.insert(l.name);
      all.insert(l.values.begin(), l.values.end());
    }
    const auto wanted = by_tshark(path, "dns || mdns || llmnr || dhcp", "-e dns.qry.name -e dns.resp.name -e dns.cname -e dns.ptr.domain_name -e dns.srv.target -e dns.ns -e dns.mx.mail_exchange -e dns.svcb.targetname -e dns.a -e dns.aaaa -e dhcp.option.hostname");
    EXPECT_EQ(missing(wanted, all), "") << path;
    for (const std::string& w : wanted) ++(address_of(w) ? addresses : names);
  }
  std::printf("%zu names, %zu addresses\n", names, addresses);
  EXPECT_GT(names, 250u);
  EXPECT_GT(addresses, 150u);
}

// The names in nDPI's output beside a capture, of the protocols that are read here.
std::set<std::string> by_ndpi(const std::string& path) {
  std::set<std::string> out;
  std::ifstream in(path + ".out");
  for (std::string line; std::getline(in, line);) {
    const auto proto = line.find("[proto: "), host = line.find("[Hostname/SNI: ");
    if (proto == line.npos || host == line.npos) continue;
    const std::string names = line.substr(proto, line.find(']', proto) - proto);
    const std::string name = line.substr(host + 15, line.find(']', host) - host - 15);
    for (const char* known : {"/DNS", "/MDNS", "/LLMNR", "/NetBIOS", "/DHCP", "/Xiaomi"})
      if (names.contains(known) && name.find('?') == name.npos) out.insert(lower(name));
  }
  return out;
}

TEST(NamesEvidence, HoldsTheNamesThatNdpiFinds) {
  KLIK_NEEDS_EVIDENCE();
  std::size_t names = 0;
  for (const std::string& path : captures()) {
    const auto wanted = by_ndpi(path);
    if (wanted.empty()) continue;
    const auto events = read(path);
    std::set<std::string> all;
    for (const Lookup& l : events->lookups) all.insert(l.name);
    for (const Connection& c : events->connections) all.insert(c.host);
    EXPECT_EQ(missing(wanted, all), "") << path;
    names += wanted.size();
  }
  EXPECT_GT(names, 100u);
}

// Frame numbers as other programs count them, by the place of their first byte.
class FrameNumbers final : public net::CaptureSink {
 public:
  void frame(const net::CapturedFrame& f) override { starts_.push_back(f.at); }
  std::uint64_t of(std::uint64_t at) const { return static_cast<std::uint64_t>(std::upper_bound(starts_.begin(), starts_.end(), at) - starts_.begin()); }

 private:
  std::vector<std::uint64_t> starts_;
};

std::string word_of(const std::string& detail, const std::string& name) {
  const std::string words = "; " + detail + "; ";
  const auto at = words.find("; " + name + "=");
  if (at == words.npos) return "";
  const auto from = at + name.size() + 3;
  return words.substr(from, words.find("; ", from) - from);
}

TEST(NamesEvidence, PushFramesComeOutAsTheTruthFileSays) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/traffic/phones/";
  const auto truth = nlohmann::json::parse(std::ifstream(folder + "xiaomi.decoded.json"));
  FrameNumbers numbers;
  const auto capture = opened(folder + "xiaomi.pcap")->load();
  ASSERT_TRUE(capture);
  ASSERT_TRUE(net::CaptureParser(numbers).feed(capture->bytes(), 0, true));
  const auto events = read(folder + "xiaomi.pcap");
  std::map<std::uint64_t, const Message*> by_frame;
  for (const Message& m : events->messages)
    if (m.protocol == "xiaomi_push") by_frame[numbers.of(m.origin.at)] = &m;
  std::size_t clear = 0, encrypted = 0, kept_alive = 0;
  for (const auto& wanted : truth["frames"]) {
    const std::uint64_t number = wanted["frame"];
    ASSERT_TRUE(by_frame.contains(number)) << number;
    const Message& m = *by_frame[number];
    EXPECT_EQ(opened_name(m.state), wanted["state"]) << number;
    if (wanted["state"] == "encrypted") {
      EXPECT_EQ(m.what, "frame") << number;
      ++encrypted;
      continue;
    }
    if (wanted.value("kind", "") == "keepalive") {
      EXPECT_EQ(m.what, "keepalive") << number;
      ++kept_alive;
      continue;
    }
    ++clear;
    EXPECT_EQ(m.what, wanted["header"]["cmd"]) << number;
    EXPECT_EQ(word_of(m.detail, "channel"), wanted["header"]["chid"]) << number;
    EXPECT_EQ(word_of(m.detail, "server"), wanted["header"]["server"]) << number;
    EXPECT_EQ(word_of(m.detail, "cipher"), wanted["header"]["cipher"]) << number;
    EXPECT_EQ(m.body_bytes, wanted["payload_len"]) << number;
    if (!wanted.contains("XMMsgConn")) {
      EXPECT_EQ(m.detail.contains("key_on_wire"), number != 1) << number;   // of frame 1's connection there is nothing else
      continue;
    }
    const auto& connect = wanted["XMMsgConn"];
    for (const auto& [theirs, ours] : {std::pair{"version", "version"}, {"model", "model"}, {"os", "os"}, {"sdk", "sdk"}, {"connpt", "connpt"}, {"host", "front"}, {"locale", "locale"}, {"andver", "android"}}) EXPECT_EQ(word_of(m.detail, ours), connect[theirs]) << number;
    std::string udid;
    for (const auto& c : events->contents)
      if (c.message == m.number && c.place == "push.udid") udid = c.bytes;
    EXPECT_EQ(udid, connect["udid"]) << number;
    EXPECT_TRUE(connect["host"].get<std::string>().starts_with(m.host)) << number;
  }
  EXPECT_EQ(by_frame.size(), truth["frames"].size());
  EXPECT_EQ(clear, 11u);
  EXPECT_EQ(kept_alive, 4u);
  EXPECT_EQ(encrypted, 13u);
}

TEST(NamesEvidence, ANameAskedOverHttpIsFound) {
  KLIK_NEEDS_EVIDENCE();
  const auto events = read(test::evidence() + "/traffic/phones/xiaomi.pcap");
  std::size_t asked = 0;
  for (const Lookup& l : events->lookups) asked += l.how == "httpdns" && !l.answer && l.name == "appmarket.micloud.xiaomi.net";
  EXPECT_EQ(asked, 1u);
}

}  // namespace
}  // namespace klik::traffic
