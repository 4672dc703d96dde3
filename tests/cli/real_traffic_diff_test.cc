// What klikspaan diff says of real captures: the same connections with and without their keys, other hosts, another maker's telemetry.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/asking.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kSecretsBlock = 0xA;   // of pcapng

// A pcapng file without the secrets that it carries for its own connections.
std::vector<std::uint8_t> without_secrets(const std::vector<std::uint8_t>& file) {
  const auto u32 = [&](std::size_t at) { return file[at] | file[at + 1] << 8 | file[at + 2] << 16 | static_cast<std::uint32_t>(file[at + 3]) << 24; };
  std::vector<std::uint8_t> out;
  for (std::size_t at = 0; at + 12 <= file.size();) {
    const std::size_t length = u32(at + 4);
    if (length < 12 || length > file.size() - at) break;
    if (u32(at) != kSecretsBlock) out.insert(out.end(), file.begin() + static_cast<std::ptrdiff_t>(at), file.begin() + static_cast<std::ptrdiff_t>(at + length));
    at += length;
  }
  return out;
}

class RealTrafficDiff : public testing::Test {
 protected:
  static fs::path real(const std::string& name) { return fs::path(test::evidence()) / "traffic" / name; }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  // A folder of so many captures of the same traffic. Equal files would be one capture, so each has a number in a place that nobody reads: in a block of its own
  // at the end of pcapng, in the time zone of pcap.
  std::string captures(const std::string& name, const std::vector<std::uint8_t>& bytes, int number) {
    fs::create_directory(path(name));
    for (int i = 0; i < number; ++i) {
      std::vector<std::uint8_t> file = bytes;
      const auto nth = static_cast<std::uint8_t>(i);
      if (file.at(0) == 0x0a) file.insert(file.end(), {0xff, 0x0f, 0, 0x80, 16, 0, 0, 0, nth, 0, 0, 0, 16, 0, 0, 0});
      else file.at(8) = nth;
      std::ofstream(fs::path(path(name)) / ("capture" + std::to_string(i)), std::ios::binary).write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
    }
    return path(name);
  }
  std::string captures(const std::string& name, const std::string& of, int number) { return captures(name, test::read_file(real(of)), number); }

  // Values that really stand in the decrypted requests of one capture: part of a cookie, part of a user agent.
  std::string identifiers() {
    std::ofstream(path("identifiers.txt")) << "advertising_id oeu1490788771154r0.43115390366989714\ncanary Firefox/52.0\nimei 356938035643809\n";
    return "--identifiers '" + path("identifiers.txt") + "' ";
  }

  test::Ran run(const std::string& before, const std::string& after, const std::string& flags) { return test::run(std::string(KLIK_BINARY) + " diff '" + before + "' '" + after + "' --no-cache --data off --cases '" + path("cases") + "' " + flags + " 2>&1"); }
  nlohmann::json diff(const std::string& before, const std::string& after, const std::string& flags) {
    const test::Ran ran = run(before, after, flags + "--format json -o '" + path("diff.json") + "'");
    // 3: of some of these captures not all could be read.
    EXPECT_TRUE(WEXITSTATUS(ran.status) == 0 || WEXITSTATUS(ran.status) == 3) << ran.output;
    std::ifstream in(path("diff.json"));
    nlohmann::json found = nlohmann::json::parse(in, nullptr, false);
    for (const auto& asked : found["asked"]) EXPECT_EQ(asked["state"], "asked") << asked.dump();
    return found;
  }
  // "severity effect subject" of a kind, in order of rank.
  static std::vector<std::string> told(const nlohmann::json& found, const std::string& kind) {
    std::vector<std::string> out;
    for (const auto& c : found["changes"])
      if (c["kind"] == kind) out.push_back(std::string(c["severity"]) + " " + std::string(c["effect"]) + " " + std::string(c["subject"]));
    return out;
  }
  static nlohmann::json first(const nlohmann::json& found, const std::string& kind) {
    for (const auto& c : found["changes"])
      if (c["kind"] == kind) return c;
    return {};
  }

  test::ScratchFolder folder_;
};

using Lines = std::vector<std::string>;
constexpr const char* kOpened = "tls-keys/http2_follow_multistream.pcapng";   // www.mozilla.org, with its keys inside

TEST_F(RealTrafficDiff, WhatIsNotSeenWithoutTheKeysIsSaidToBeDark) {
  KLIK_NEEDS_EVIDENCE();
  const auto bytes = test::read_file(real(kOpened));
  const auto found = diff(captures("open", bytes, 3), captures("dark", without_secrets(bytes), 3), identifiers());
  EXPECT_EQ(told(found, "traffic_leak_gone"), (Lines{"info other advertising_id www.mozilla.org", "info other canary www.mozilla.org"}));
  const auto gone = first(found, "traffic_leak_gone");
  EXPECT_EQ(gone["title"], "Identifier advertising_id was seen to go to www.mozilla.org, in 3 of 3 captures; now: not seen; dark connections to it: 3 of 3 (tls)");
  EXPECT_EQ(gone["before"], "3 of 3 captures: request.header.cookie/form.optimizelyEndUserId");
  EXPECT_NE(std::string(gone["why"]).find("of which 3 could not be seen into (tls): it may still go there unseen."), std::string::npos) << gone["why"];
  EXPECT_EQ(test::asked(path("cases/old-open.case"), "SELECT DISTINCT identifier FROM leak WHERE fact_id = '" + std::string(gone["before_fact"]) + "'"), "advertising_id|\n");
  EXPECT_EQ(test::asked(path("cases/new-dark.case"), "SELECT DISTINCT host, dark FROM connection WHERE fact_id = '" + std::string(gone["after_fact"]) + "'"), "www.mozilla.org|tls|\n");
  EXPECT_EQ(told(found, "traffic_dark"), (Lines{"info other what stayed dark"}));
  EXPECT_EQ(first(found, "traffic_dark")["before"], "0% of the bytes, 0 of 3 connections");
  EXPECT_EQ(first(found, "traffic_dark")["after"], "91% of the bytes, 3 of 3 connections (tls 3)");
  EXPECT_EQ(first(found, "traffic_leak_not_compared"), nlohmann::json());   // the IMEI is nowhere, and was looked for on both sides

  // The other way round nothing may pass for new that was only hidden before.
  const auto back = diff(path("dark"), path("open"), identifiers() + "--lang nl ");
  EXPECT_EQ(told(back, "traffic_leak_new"), (Lines{"low other advertising_id www.mozilla.org", "low other canary www.mozilla.org"}));
  EXPECT_EQ(first(back, "traffic_leak_new")["title"], "Identificatie advertising_id is gezien op weg naar www.mozilla.org, in 3 van 3 opnames; eerder: niet gezien; donkere verbindingen ermee: 3 van 3 (tls)");
}

TEST_F(RealTrafficDiff, AnIdentifierThatReachesAHostThatWasNotThereWeighsMore) {
  KLIK_NEEDS_EVIDENCE();
  const auto found = diff(captures("other", "tls-keys/tls12-dsb.pcapng", 3), captures("open", kOpened, 3), identifiers());
  EXPECT_EQ(told(found, "traffic_leak_new"), (Lines{"medium more advertising_id www.mozilla.org", "medium more canary www.mozilla.org"}));
  const auto added = first(found, "traffic_leak_new");
  EXPECT_NE(std::string(added["why"]).find("No connection to it was seen before."), std::string::npos) << added["why"];
  EXPECT_EQ(test::asked(path("cases/old-other.case"), "SELECT identifier, sought FROM identifier_sought WHERE fact_id = '" + std::string(added["before_fact"]) + "'"), "advertising_id|1|\n");
  // One capture a side: the same, but it may be chance.
  EXPECT_EQ(told(diff(captures("other1", "tls-keys/tls12-dsb.pcapng", 1), captures("open1", kOpened, 1), identifiers()), "traffic_leak_new"), (Lines{"info more advertising_id www.mozilla.org", "info more canary www.mozilla.org"}));
}

TEST_F(RealTrafficDiff, ASideThatWasNotSearchedIsNotCompared) {
  KLIK_NEEDS_EVIDENCE();
  const std::string before = captures("other", "tls-keys/tls12-dsb.pcapng", 3), after = captures("open", kOpened, 3);
  ASSERT_EQ(WEXITSTATUS(test::run(std::string(KLIK_BINARY) + " scan '" + before + "' --no-cache --case '" + path("before.case") + "'").status), 0);
  const auto found = diff(path("before.case"), after, identifiers());
  EXPECT_TRUE(told(found, "traffic_leak_new").empty());
  EXPECT_EQ(told(found, "traffic_leak_not_compared"), (Lines{"info other identifiers of the owner"}));
  EXPECT_EQ(first(found, "traffic_leak_not_compared")["after"], "advertising_id, canary, imei");
  // The rule finds them in the one case and could not in the other: that is no change either.
  ASSERT_EQ(test::asked(path("cases/new-open.case"), "SELECT count(*) FROM finding WHERE rule = 'identifier_left'"), "2|\n");
  EXPECT_EQ(told(found, "finding_gained"), Lines());
  EXPECT_EQ(told(diff(after, path("before.case"), identifiers()), "finding_lost"), Lines());
}

TEST_F(RealTrafficDiff, KindsOfDataComeAndGoWithTheirService) {
  KLIK_NEEDS_EVIDENCE();
  const std::string xiaomi = captures("xiaomi", "phones/xiaomi.pcap", 3), other = captures("iphone", "phones/iphone.pcap", 3);
  const auto found = diff(other, xiaomi, "");
  const Lines added = told(found, "traffic_telemetry_new");
  EXPECT_NE(std::ranges::find(added, "low more xiaomi_push_connect device_model"), added.end());
  const auto gone = diff(xiaomi, other, "");
  const Lines less = told(gone, "traffic_telemetry_gone");
  EXPECT_NE(std::ranges::find(less, "info less xiaomi_push_connect device_model"), less.end());
  for (const auto& c : gone["changes"]) EXPECT_EQ(std::string(c["title"]).find("stop"), std::string::npos) << c["title"];
  // The addresses of the push service vary; the service is one.
  EXPECT_EQ(told(diff(xiaomi, xiaomi, ""), "traffic_telemetry_new"), Lines());
}

TEST_F(RealTrafficDiff, IdentifiersNeedSomethingToLookInto) {
  KLIK_NEEDS_EVIDENCE();
  const std::string capture = captures("other", "tls-keys/tls12-dsb.pcapng", 1);
  ASSERT_EQ(WEXITSTATUS(test::run(std::string(KLIK_BINARY) + " scan '" + capture + "' --no-cache --case '" + path("a.case") + "'").status), 0);
  const test::Ran ran = run(path("a.case"), path("a.case"), identifiers());
  EXPECT_EQ(WEXITSTATUS(ran.status), 2);
  EXPECT_NE(ran.output.find("scan them with --identifiers"), std::string::npos) << ran.output;
  EXPECT_EQ(WEXITSTATUS(run(capture, capture, "--data '" + path("nowhere") + "'").status), 2);
}

}  // namespace
}  // namespace klik
