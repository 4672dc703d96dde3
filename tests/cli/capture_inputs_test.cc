// What is handed in with captures: logs of secrets, diaries, archives of HTTP; and what is said when it is not what it should be.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "support/asking.h"
#include "support/capture_writer.h"
#include "support/files.h"

namespace klik {
namespace {

class CaptureInputs : public testing::Test {
 protected:
  std::string path(const std::string& name) { return (folder_.path() / name).string(); }
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
  }
  void write(const std::string& name, const test::Raw& bytes) { write(name, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())); }
  // One request over TCP, so that a case has a capture with something in it.
  void write_capture(const std::string& name, std::uint32_t second = 1'767'607'260) {
    test::Ip4 as_tcp;
    as_tcp.protocol = 6;
    test::PcapWriter out({.link = 101});
    out.record(second, 0, test::ip4(test::tcp(test::raw("GET /a HTTP/1.1\r\nHost: maker.example\r\n\r\n"), 100, 0x18, 40'000, 80), as_tcp));
    write(name, out.out.bytes);
  }
  int klik(const std::string& arguments, const std::string& before = "") {
    const test::Ran ran = test::run("cd '" + folder_.path().string() + "' && " + before + " " + KLIK_BINARY + " " + arguments + " 2>&1");
    output_ = ran.output;
    return WEXITSTATUS(ran.status);
  }
  std::string asked(const std::string& sql) { return test::asked(path("a.case"), sql); }
  std::string output_;
  test::ScratchFolder folder_;
};

TEST_F(CaptureInputs, ADiaryBehindAByteOrderMarkIsADiary) {
  write_capture("a.pcap");
  for (const char* before : {"", "\xef\xbb\xbf", "\r\n", "\xef\xbb\xbf\n"}) {
    write("acts.txt", std::string(before) + "# klikspaan acts\n2026-01-05T10:00:00Z reset\n");
    ASSERT_EQ(klik("scan a.pcap acts.txt --case a.case --force --no-cache --data off"), 0) << output_;
    EXPECT_EQ(asked("SELECT at, state FROM act"), "2026-01-05T10:00:00Z|reset|\n");
    EXPECT_EQ(asked("SELECT state, seconds FROM connection_act"), "reset|60|\n");
  }
}

TEST_F(CaptureInputs, AnArchiveOfHttpNeedsNoNameOfItsOwn) {
  write("export.json", R"({"log": {"version": "1.2", "creator": {"name": "made", "version": "1"}, "entries": [{"startedDateTime": "2024-01-01T00:00:01Z", "time": 5,
    "request": {"method": "GET", "url": "https://maker.example/up", "httpVersion": "h2", "headers": []}, "response": {"status": 200, "headers": [], "content": {"size": 4}}}]}})");
  ASSERT_EQ(klik("scan export.json --case a.case --no-cache --data off"), 0) << output_;
  EXPECT_EQ(asked("SELECT format FROM capture"), "har|\n");
  EXPECT_EQ(asked("SELECT host FROM connection"), "maker.example|\n");
}

TEST_F(CaptureInputs, EachIdentifierIsToldByWhereItWasSeen) {
  write("a.har", R"({"log": {"version": "1.2", "creator": {"name": "made", "version": "1"}, "entries": [{"startedDateTime": "2024-01-01T00:00:01Z", "time": 5,
    "request": {"method": "GET", "url": "https://maker.example/up?c=planted-text-one", "httpVersion": "h2", "headers": []},
    "response": {"status": 200, "headers": [{"name": "X-Seen", "value": "planted-text-one test.person@example.org"}], "content": {"size": 4}}}]}})");
  write("ids.txt", "canary planted-text-one\ncanary planted-text-two\nemail test.person@example.org\nserial TESTSERIAL0001\n");
  ASSERT_EQ(klik("scan a.har --case a.case --no-cache --data off --identifiers ids.txt"), 0) << output_;
  EXPECT_NE(output_.find("identifiers that went out: canary (1 of 2) to maker.example\nseen in what came back: canary (1 of 2), email\nlooked for and not seen in what could be read: canary (1 of 2), serial\n"), std::string::npos) << output_;
  EXPECT_EQ(asked("SELECT identifier, sought, went_out, hosts, came_back, not_seen FROM identifier_tally ORDER BY 1"), "canary|2|1|1|1|1|\nemail|1|0|0|1|0|\nserial|1|0|0|0|1|\n");
}

TEST_F(CaptureInputs, AHostThatIsAnAddressIsNoName) {
  test::Ip4 as_tcp;
  as_tcp.protocol = 6;
  test::PcapWriter out({.link = 101});
  out.record(1'767'607'260, 0, test::ip4(test::tcp(test::raw("GET /a HTTP/1.1\r\nHost: 192.0.2.7\r\n\r\n"), 100, 0x18, 40'000, 80), as_tcp));
  out.record(1'767'607'261, 0, test::ip4(test::tcp(test::raw("GET /a HTTP/1.1\r\nHost: maker.example\r\n\r\n"), 100, 0x18, 40'001, 80), as_tcp));
  write("a.pcap", out.out.bytes);
  ASSERT_EQ(klik("scan a.pcap --case a.case --no-cache --data off"), 0) << output_;
  EXPECT_NE(output_.find("2 connections, 1 name of a host; "), std::string::npos) << output_;
  ASSERT_EQ(klik("report a.case -o a.txt --format text"), 0) << output_;
  std::ifstream in(path("a.txt"));
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  EXPECT_NE(text.find("2 connections were seen to 1 host known by name and 1 address without one"), std::string::npos) << text.substr(0, 3000);
}

TEST_F(CaptureInputs, ALogOfAnotherRecordingIsTold) {
  write_capture("a.pcap");
  write("keys.log", "CLIENT_RANDOM " + std::string(64, '1') + " " + std::string(96, '2') + "\n");
  write("none.keys", std::string_view("# heading\nnothing of use\n"));
  ASSERT_EQ(klik("scan a.pcap keys.log none.keys --case a.case --no-cache --data off"), 0) << output_;
  EXPECT_TRUE(output_.contains("TLS secrets were at hand for 1 capture; in 1 of them no connection is one that they are of")) << output_;
  EXPECT_EQ(asked("SELECT secrets, secrets_used FROM capture"), "1|0|\n");
  for (const auto& [language, words] : {std::pair{"en", "are of another recording"}, {"nl", "zijn van een andere opname"}}) {
    ASSERT_EQ(klik(std::string("report a.case -o r.html --lang ") + language), 0) << output_;
    const auto report = test::read_file(path("r.html"));
    EXPECT_TRUE((std::string_view(reinterpret_cast<const char*>(report.data()), report.size()).contains(words))) << words;
  }
  EXPECT_EQ(asked("SELECT a.path, p.severity, p.what, p.detail FROM problem p JOIN artifact a USING(artifact_id) ORDER BY a.path"),
            "keys.log|error|no TLS secret of this log is of a connection in the captures|1 secrets|\nnone.keys|error|a log of TLS secrets holds none that can be used||\n");
}

TEST_F(CaptureInputs, EqualBytesInTwoPlacesAreOneCapture) {
  for (const char* name : {"in/a.pcap", "in/copy/b.pcap"}) write_capture(name);
  for (const char* name : {"in/acts.txt", "in/copy/acts.txt"}) write(name, std::string_view("# klikspaan acts\n2026-01-05T10:00:00Z reset\n"));
  for (const char* name : {"in/r.ndjson", "in/copy/r.ndjson"}) write(name, std::string_view(R"({"type":"networkActivity","bundleID":"org.example.map","domain":"maker.example","domainType":1,"hits":3,"timeStamp":"2026-01-05T10:00:02Z"})" "\n"));
  write("ids.txt", std::string_view("other maker.example\n"));
  for (const char* inputs : {"in", "in/a.pcap in/a.pcap in/acts.txt in/acts.txt in/r.ndjson in/r.ndjson", "in/a.pcap in/copy/b.pcap in/acts.txt in/r.ndjson"}) {
    ASSERT_EQ(klik(std::string("scan ") + inputs + " --case a.case --force --no-cache --data off --identifiers ids.txt"), 0) << output_;
    for (const char* view : {"capture", "connection", "message", "act", "connection_act", "app_contact"}) EXPECT_EQ(asked(std::string("SELECT count(*), count(DISTINCT fact_id) FROM ") + (std::string_view(view) == "connection_act" ? "(SELECT 1 AS fact_id FROM connection_act)" : view)), "1|1|\n") << view << " of " << inputs;
    EXPECT_EQ(asked("SELECT count(*) = count(DISTINCT fact_id) AND count(*) > 0 FROM leak"), "1|\n") << inputs;
    EXPECT_EQ(asked("SELECT count(*) FROM artifact WHERE kind = 'pcap'"), "2|\n") << "both files are there";
  }
  ASSERT_EQ(klik("scan in/a.pcap in/copy/b.pcap --build old=in/a.pcap --build new=in/copy/b.pcap --case a.case --force --no-cache --data off"), 0) << output_;
  EXPECT_EQ(asked("SELECT count(*), count(DISTINCT build_id) FROM capture"), "2|2|\n") << "in two builds it is in each";
}

// Simple Packet Blocks have no time.
TEST_F(CaptureInputs, WhatHasNoTimeIsGivenNone) {
  test::PcapngWriter out;
  out.interface(101);
  test::Ip4 as_tcp;
  as_tcp.protocol = 6;
  const test::Raw packet = test::ip4(test::tcp(test::raw("GET /a HTTP/1.1\r\nHost: maker.example\r\n\r\n"), 100, 0x18, 40'000, 80), as_tcp);
  out.block(3, test::joined(out.number(packet.size(), 4), packet));
  write("a.pcapng", out.out.bytes);
  write("ids.txt", std::string_view("other maker.example\n"));
  write("acts.txt", std::string_view("# klikspaan acts\n2026-01-05T10:00:00Z consent\n"));
  ASSERT_EQ(klik("scan a.pcapng acts.txt --case a.case --no-cache --data off --identifiers ids.txt"), 0) << output_;
  EXPECT_EQ(asked("SELECT started, ended, connections FROM capture"), "||1|\n");
  EXPECT_EQ(asked("SELECT dport, started, ended FROM connection"), "80|||\n");
  EXPECT_EQ(asked("SELECT path, at FROM message"), "/a||\n");
  EXPECT_EQ(asked("SELECT DISTINCT at FROM leak"), "|\n");
  EXPECT_EQ(asked("SELECT state, before_consent FROM connection_act"), "||\n") << "before or after is not known";
  for (const char* format : {"html", "text", "json"}) EXPECT_EQ(klik(std::string("report a.case -o r.") + format + " --format " + format), 0) << output_;
  const auto report = test::read_file(path("r.html"));
  EXPECT_FALSE((std::string_view(reinterpret_cast<const char*>(report.data()), report.size()).contains("1970-01-01"))) << "nowhere in a report";
}

TEST_F(CaptureInputs, KeysOfAnotherKindAreRefused) {
  write_capture("a.pcap");
  const std::string line = "CLIENT_RANDOM " + std::string(64, '1') + " " + std::string(96, '2') + "\n";
  for (const std::string& log : {line, "# TLS secrets log file, generated by OpenSSL / Python\n" + line}) {
    write("tls.keys", log);
    EXPECT_EQ(klik("scan a.pcap --keys tls.keys --case a.case"), 2);
    EXPECT_TRUE(output_.contains("tls.keys is a log of TLS secrets: hand it in as an input")) << output_;
  }
  write("none.keys", std::string_view("# nothing\nozip no digits\n"));
  EXPECT_EQ(klik("scan a.pcap --keys none.keys --case a.case"), 2);
  EXPECT_TRUE(output_.contains("none.keys holds no key for an encrypted package")) << output_;
  write("good.keys", "# of one model\r\nozip  " + std::string(32, '3') + " \r\n");
  EXPECT_EQ(klik("scan a.pcap --keys good.keys --case a.case --no-cache --data off"), 0) << output_;
}

TEST_F(CaptureInputs, AnInputThatCannotBeReadIsNamed) {
  write_capture("a.pcap");
  write("b.pcap", std::string_view("x"));
  std::filesystem::create_directory(path("folder"));
  for (const char* closed : {"b.pcap", "folder"}) ASSERT_EQ(::chmod(path(closed).c_str(), 0), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0777), 0);
  const std::string as_nobody = ::getuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups" : "";   // root may read everything
  EXPECT_EQ(klik("scan a.pcap b.pcap --case a.case --no-cache", as_nobody), 2);
  EXPECT_TRUE(output_.contains("b.pcap: the file cannot be opened")) << output_;
  EXPECT_EQ(klik("scan a.pcap folder --case a.case --no-cache", as_nobody), 2);
  EXPECT_TRUE(output_.contains("folder: the folder cannot be listed")) << output_;
  EXPECT_EQ(klik("diff a.pcap b.pcap --no-cache", as_nobody), 2);
  EXPECT_TRUE(output_.contains("b.pcap: the file cannot be opened")) << output_;
}

TEST_F(CaptureInputs, AnInputThatIsNoFileIsNamed) {
  write_capture("a.pcap");
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(klik("scan a.pcap pipe --case a.case"), 2);
  EXPECT_TRUE(output_.contains("pipe: not a regular file")) << output_;
}

TEST_F(CaptureInputs, SmallCapturesAreToldInAUnitThatShowsThem) {
  write_capture("a.pcap");
  ASSERT_EQ(klik("scan a.pcap --case a.case --no-cache --data off"), 0) << output_;
  EXPECT_TRUE(output_.contains("0 connections with 0 bytes of 40 bytes could not be seen into")) << output_;
}

TEST_F(CaptureInputs, ACaptureCutInItsHeaderIsSaidInWords) {
  write("cut.pcap", std::string_view("\xd4\xc3\xb2\xa1\2\0\4\0\0\0", 10));
  EXPECT_EQ(klik("scan cut.pcap --case a.case --no-cache --data off"), 3) << output_;
  EXPECT_EQ(asked("SELECT code, at, what FROM problem"), "truncated|10|the file ends inside the header of a capture|\n");
}

}  // namespace
}  // namespace klik
