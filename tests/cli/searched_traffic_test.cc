// What an owner asks of a scan, on captures made here: where identifiers went, to whom, and what was contacted before consent.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>

#include "support/asking.h"
#include "support/capture_writer.h"
#include "support/files.h"

namespace klik {
namespace {

constexpr std::string_view kImei = "000000123456782";   // of no phone: TACs of 00 are for tests

class SearchedTraffic : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  void write(const std::string& name, std::string_view text) const { std::ofstream(path(name), std::ios::binary) << text; }
  // One connection of TCP at 2026-01-05T10:00:00Z + `seconds`, of what the phone sends, cut to segments.
  void send(std::uint32_t seconds, std::uint16_t port, std::string_view text) {
    std::uint32_t sequence = 100;
    ++from_;
    for (; !text.empty(); text.remove_prefix(std::min<std::size_t>(text.size(), 1'400))) {
      const std::string_view part = text.substr(0, 1'400);
      test::Ip4 as_tcp;
      as_tcp.protocol = 6;
      capture_.record(1'767'607'200 + seconds, 0, test::ip4(test::tcp(test::raw(part), sequence, 0x18, from_, port), as_tcp));
      sequence += static_cast<std::uint32_t>(part.size());
    }
  }
  // Gives the case file.
  std::string scan(const std::string& more, int code = 0) {
    const auto& bytes = capture_.out.bytes;
    write("made.pcap", std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    write("ids.txt", "imei " + imei_ + "\n");
    const test::Ran ran = test::run(std::string(KLIK_BINARY) + " scan '" + path("made.pcap") + "' " + more + " --no-cache --force --data off --case '" + path("made.case") + "' --identifiers '" + path("ids.txt") + "' 2>&1");
    EXPECT_TRUE(WIFEXITED(ran.status) && WEXITSTATUS(ran.status) == code) << ran.output;
    said_ = ran.output;
    return path("made.case");
  }
  test::ScratchFolder folder_;
  test::PcapWriter capture_{{.link = 101}};
  std::uint16_t from_ = 40'000;
  std::string said_, imei_{kImei};
};

std::string get(std::string_view host, std::string_view path = "/") { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n"; }

TEST_F(SearchedTraffic, WhatWasContactedBeforeAListThatBeginsWithConsentIsAFinding) {
  send(0, 80, get("early.example.net"));
  send(600, 80, get("later.example.net"));
  write("acts.txt", "# klikspaan acts\n2026-01-05T10:04:00Z consent  accepted the user agreement\n");
  const std::string file = scan("'" + path("acts.txt") + "'");
  EXPECT_EQ(test::asked(file, "SELECT c.host, a.state, a.seconds, a.before_consent FROM connection_act a JOIN connection c USING (connection_id) ORDER BY 1"), "early.example.net|||1|\nlater.example.net|consent|360|0|\n");
  EXPECT_EQ(test::asked(file, "SELECT subject FROM finding WHERE rule = 'before_consent'"), "early.example.net|\n");
}

TEST_F(SearchedTraffic, WithoutAListNoConnectionHasAnAct) {
  send(0, 80, get("early.example.net"));
  EXPECT_EQ(test::asked(scan(""), "SELECT count(*) FROM connection_act"), "0|\n");
}

TEST_F(SearchedTraffic, ProtocolsThatAreNotReadAreSearchedAndKeepNoPartOfAnIdentifier) {
  send(0, 9'999, "XYZZ imei=" + std::string(kImei) + ";");
  send(1, 9'998, "QQQQ FROM:<" + std::string(kImei) + "@example.com>\r\n");
  const std::string file = scan("");
  EXPECT_EQ(test::asked(file, "SELECT c.dport, l.identifier, l.form, l.place, l.decode_path, l.out FROM leak l JOIN connection c USING (connection_id) ORDER BY 1"), "9998|imei|plain|stream|stream|1|\n9999|imei|plain|stream|stream|1|\n");
  EXPECT_EQ(test::asked(file, "SELECT first FROM unknown_stream ORDER BY at"), "58595a5a20696d65693d............|\n515151512046524f4d3a3c..........|\n");
}

TEST_F(SearchedTraffic, ToWhomIsToldWhenTheHostHoldsTheIdentifier) {
  send(0, 80, get(std::string(kImei) + ".api.ad.xiaomi.com"));
  const std::string file = scan("");
  EXPECT_EQ(test::asked(file, "SELECT host, owner FROM connection"), "[owner's identifier].api.ad.xiaomi.com|Xiaomi|\n");
  EXPECT_EQ(test::asked(file, "SELECT host FROM message"), "[owner's identifier].api.ad.xiaomi.com|\n");
}

TEST_F(SearchedTraffic, TheEndOfALongBodyIsSearched) {
  const std::string body = std::string(17'000'000, 'B') + " imei=" + std::string(kImei) + ";";
  send(0, 80, "POST /up HTTP/1.1\r\nHost: long.example.com\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  const std::string file = scan("");
  EXPECT_EQ(test::asked(file, "SELECT l.form, l.decode_path, m.host FROM leak l JOIN message m ON m.connection_id = l.connection_id AND m.number = l.message"), "plain|request.body|long.example.com|\n");
  EXPECT_EQ(test::asked(file, "SELECT code, severity FROM problem"), "over_budget|info|\n");
}

TEST_F(SearchedTraffic, AMistypedIdentifierIsTold) {
  send(0, 80, get("a.example.com"));
  imei_ = "000000123456789";
  scan("");
  EXPECT_NE(said_.find("ids.txt:1: the check digit"), std::string::npos) << said_;
}

}  // namespace
}  // namespace klik
