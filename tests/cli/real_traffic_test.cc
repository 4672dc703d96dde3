// Real captures: what is known to be in them must come out.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "support/asking.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> captures(const std::string& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(test::evidence() + "/traffic/" + folder))
    if (entry.path().extension() == ".pcap" || entry.path().extension() == ".pcapng") all.push_back(entry.path());
  std::ranges::sort(all);
  return all;
}

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    if (!line.empty()) all.insert(line);
  return all;
}

class RealTraffic : public testing::Test {
 protected:
  // With the key log beside it, when there is one. Gives the case file.
  std::string scan(const fs::path& capture) {
    const std::string file = (folder_.path() / (capture.filename().string() + ".case")).string();
    fs::path keys = capture;
    keys.replace_extension(".keys");
    const test::Ran ran = test::run(std::string(KLIK_BINARY) + " scan '" + capture.string() + "' " + (fs::exists(keys) ? "'" + keys.string() + "'" : "") + " --no-cache --case '" + file + "' 2>&1");
    status_ = WIFEXITED(ran.status) ? WEXITSTATUS(ran.status) : -1;
    EXPECT_TRUE(status_ == 0 || status_ == 3) << capture << ": " << ran.output;
    return file;
  }
  std::string scan_named(const std::string& name) { return scan(fs::path(test::evidence()) / "traffic" / name); }
  test::ScratchFolder folder_;
  int status_ = 0;
};

TEST_F(RealTraffic, EveryFingerprintOfTheTruthIsThere) {
  KLIK_NEEDS_EVIDENCE();
  int values = 0;
  for (const fs::path& capture : captures("ja4")) {
    std::ifstream truth(capture.string() + ".ja4.txt");
    ASSERT_TRUE(truth) << capture;
    const auto found = lines_of(test::asked(scan(capture), "SELECT DISTINCT ja4 FROM tls_hello WHERE ja4 IS NOT NULL"));
    for (std::string value; std::getline(truth, value);) {
      if (value.empty()) continue;
      ++values;
      EXPECT_TRUE(found.contains(value + "|")) << capture << ": " << value;
    }
  }
  EXPECT_GE(values, 13);
}

TEST_F(RealTraffic, WhatTheSecretsOpenIsRead) {
  KLIK_NEEDS_EVIDENCE();
  const auto requests = [&](const std::string& name) { return test::asked(scan_named("tls-keys/" + name), "SELECT count(*), min(protocol), group_concat(DISTINCT method), group_concat(DISTINCT path) FROM (SELECT * FROM message WHERE what = 'request' AND state = 'decrypted' ORDER BY path)"); };
  EXPECT_EQ(requests("tls12-dsb.pcapng"), "2|http1|HEAD|/|\n");
  EXPECT_EQ(requests("tls12-chacha20poly1305.pcap"), "7|http1|GET|/|\n");
  EXPECT_EQ(requests("tls13-rfc8446.pcap"), "3|http1|GET|/early,/first,/second|\n");
  // Requests of a hand, which end before the empty line that HTTP demands.
  EXPECT_EQ(test::asked(scan_named("tls-keys/tls13-20-chacha20poly1305.pcap"), "SELECT what, method, path, status FROM message ORDER BY what, connection_id"), "request|GET|/||\nrequest|GET|/||\nresponse|||200|\nresponse|||200|\n");
  EXPECT_EQ(requests("http2-data-reassembly.pcap"), "1|h2|GET|/wireshark.png|\n");
  EXPECT_EQ(requests("http2-brotli.pcapng"), "1|h2|GET|/test.txt|\n");
  EXPECT_EQ(test::asked(scan_named("tls-keys/http2_follow_multistream.pcapng"), "SELECT count(*), min(host) FROM message WHERE what = 'request'"), "19|www.mozilla.org|\n");
  EXPECT_EQ(test::asked(scan_named("tls-keys/quic-with-secrets.pcapng"), "SELECT protocol, host, path FROM message WHERE what = 'request' ORDER BY protocol"), "h2|cloudflare-quic.com|/|\nh3|cloudflare-quic.com|/|\n");
  EXPECT_EQ(test::asked(scan_named("tls-keys/http3-qpack-reassembly-anon.pcapng"), "SELECT protocol, path FROM message WHERE what = 'request'"), "h3|/videoplayback|\n");
  EXPECT_EQ(test::asked(scan_named("tls-keys/quic_follow_multistream.pcapng"), "SELECT count(*), min(host) FROM message WHERE protocol = 'h3' AND what = 'request'"), "22|www.youtube.com|\n");
  EXPECT_EQ(test::asked(scan_named("tls-keys/http-brotli.pcapng"), "SELECT state, path, body_bytes FROM message ORDER BY what"), "clear|/test.txt|0|\nclear||52|\n");
  EXPECT_EQ(test::asked(scan_named("tls-keys/http-ooo.pcap"), "SELECT path FROM message WHERE what = 'request' ORDER BY path"), "/1|\n/2|\n/3|\n/4|\n/5|\n");
}

TEST_F(RealTraffic, SplitAndShuffledHellosOfQuicAllCome) {
  KLIK_NEEDS_EVIDENCE();
  const std::string file = scan_named("protocols/quic_frags_ch_out_of_order_same_packet_craziness.pcapng");
  EXPECT_EQ(test::asked(file, "SELECT count(*), count(DISTINCT connection_id) FROM tls_hello WHERE client = 1 AND ja4 LIKE 'q%'"), "113|113|\n");
}

// tshark and another classifier, each of which misses some: the union of both must be there.
TEST_F(RealTraffic, NoNameOfAHostIsMissing) {
  KLIK_NEEDS_EVIDENCE();
  if (test::run("tshark --version").status != 0) GTEST_SKIP() << "tshark is not here";
  const std::regex label(R"(\[Hostname/SNI: ([^\]]+)\])");
  const std::string_view address = "0123456789.:[]abcdef";
  int names = 0;
  for (const std::string folder : {"phones", "protocols"}) {
    for (const fs::path& capture : captures(folder)) {
      const std::string file = scan(capture);
      std::set<std::string> wanted;
      const auto want = [&](std::string name) {
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        if (name.ends_with('.')) name.pop_back();
        // Of a Host header the port is not kept as a part of the name.
        if (const auto colon = name.rfind(':'); colon != name.npos && name.find_first_not_of("0123456789", colon + 1) == name.npos) name.resize(colon);
        // What the judges print for bytes that are no name, and bare addresses, of which views keep the parts.
        if (name.empty() || name.find_first_of("?<>") != name.npos || name.find_first_not_of(address) == name.npos) return;
        wanted.insert(name);
      };
      const std::string fields = test::run("tshark -n -r '" + capture.string() + "' -T fields -E aggregator=, -e tls.handshake.extensions_server_name -e dns.qry.name -e http.host -e dns.cname -e dns.ptr.domain_name -e dns.srv.target 2> /dev/null").output;
      for (std::size_t at = 0; at < fields.size();) {
        const std::size_t end = std::min(fields.find_first_of(",\t\n", at), fields.size());
        want(fields.substr(at, end - at));
        at = end + 1;
      }
      std::ifstream out(capture.string() + ".out");
      const std::string text{std::istreambuf_iterator<char>(out), {}};
      for (std::sregex_iterator i(text.begin(), text.end(), label), none; i != none; ++i) want((*i)[1]);
      const std::string found = "\n" + test::asked(file, "SELECT lower(name) FROM name_lookup UNION SELECT lower(value) FROM name_lookup UNION SELECT lower(sni) FROM tls_hello UNION SELECT lower(host) FROM connection UNION SELECT lower(host) FROM message");
      for (const std::string& name : wanted) {
        ++names;
        const bool there = found.find("\n" + name + "|") != found.npos || found.find("\n" + name + "\n") != found.npos || found.find("\n" + name + ":") != found.npos;
        EXPECT_TRUE(there) << capture.filename() << " lacks " << name;
      }
    }
  }
  EXPECT_GT(names, 300);
}

TEST_F(RealTraffic, HostileCapturesEndWell) {
  KLIK_NEEDS_EVIDENCE();
  int read = 0;
  for (const fs::path& capture : captures("hostile")) {
    const std::string file = scan(capture);
    EXPECT_EQ(test::asked(file, "SELECT count(*) FROM capture"), "1|\n") << capture;
    ++read;
  }
  EXPECT_EQ(read, 50);
}

TEST_F(RealTraffic, ThreadsAndTheCacheChangeNothing) {
  KLIK_NEEDS_EVIDENCE();
  std::set<std::string> digests;
  for (const std::string flags : {"--threads 1 --no-cache", "--threads 4 --no-cache", "--threads 2"}) {
    const std::string file = (folder_.path() / "again.case").string();
    test::run(std::string(KLIK_BINARY) + " scan '" + test::evidence() + "/traffic/phones' --force " + flags + " --case '" + file + "' --cache '" + (folder_.path() / "cache").string() + "' 2>&1");
    digests.insert(test::asked(file, "SELECT value FROM about WHERE key = 'digest'"));
  }
  EXPECT_EQ(digests.size(), 1u);
  EXPECT_FALSE(digests.begin()->empty());
}

}  // namespace
}  // namespace klik
