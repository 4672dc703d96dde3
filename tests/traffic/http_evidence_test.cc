// Real captures of HTTP: the same requests and answers as tshark sees, and bodies as their codings are undone.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <sstream>

#include "http_recorder.h"
#include "support/evidence.h"
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

std::string path_of(const std::string& name) { return test::evidence() + "/traffic/tls-keys/" + name; }

Recorder read(const std::string& name, const std::string& keys = {}) {
  Recorder events;
  Secrets secrets;
  if (!keys.empty()) {
    const auto log = file_source(path_of(keys).c_str());
    EXPECT_TRUE(log) << keys;
    if (log) {
      EXPECT_GT(secrets.add_key_log((*log)->load()->bytes()), 0u);
    }
  }
  const auto capture = file_source(path_of(name).c_str());
  EXPECT_TRUE(capture) << name;
  if (capture) {
    EXPECT_TRUE(analyse_capture(*capture, std::move(secrets), Limits{}, events));
  }
  return events;
}

// "GET host path" and "200", sorted.
std::vector<std::string> ours(const Recorder& events) {
  std::vector<std::string> out;
  for (const Message& m : events.messages) {
    if (m.what == "request") out.push_back(m.method + " " + m.host + " " + m.path);
    if (m.what == "response") out.push_back(std::to_string(m.status));
  }
  std::ranges::sort(out);
  return out;
}

std::vector<std::string> tsharks(const std::string& name, const std::string& options) {
  const std::string fields = output_of("tshark -n -o tcp.reassemble_out_of_order:TRUE " + options + " -r '" + path_of(name) +
                                       "' -Y 'http or http2' -T fields -E separator=/t -e http.request.method -e http.host -e http.request.uri -e http.response.code -e http2.headers.method -e http2.headers.authority -e http2.headers.path -e http2.headers.status");
  std::vector<std::string> out;
  std::istringstream lines(fields);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> column(1);
    for (const char c : line)
      if (c == '\t') column.emplace_back();
      else column.back() += c;
    column.resize(8);
    for (const std::size_t at : {std::size_t{0}, std::size_t{4}})
      if (!column[at].empty()) out.push_back(column[at] + " " + column[at + 1].substr(0, column[at + 1].find(':')) + " " + column[at + 2]);
    for (const std::size_t at : {std::size_t{3}, std::size_t{7}}) {
      std::istringstream statuses(column[at]);   // several of one frame are joined
      for (std::string status; std::getline(statuses, status, ',');) out.push_back(status);
    }
  }
  std::ranges::sort(out);
  return out;
}

TEST(HttpEvidence, SeesTheRequestsAndAnswersThatTsharkSees) {
  KLIK_NEEDS_EVIDENCE();
  if (output_of("command -v tshark").empty()) GTEST_SKIP() << "tshark, the judge, is not installed";
  const struct {
    const char *name, *keys;
    std::size_t requests;
  } kCases[] = {{"http-ooo.pcap", "", 5}, {"http-brotli.pcapng", "", 1}, {"http2-brotli.pcapng", "", 1}, {"http2-data-reassembly.pcap", "http2-data-reassembly.keys", 1}, {"http2_follow_multistream.pcapng", "", 19}};
  for (const auto& c : kCases) {
    const Recorder events = read(c.name, c.keys);
    const auto seen = ours(events);
    EXPECT_EQ(seen, tsharks(c.name, *c.keys ? "-o tls.keylog_file:" + path_of(c.keys) : "")) << c.name;
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(events.messages, "request", &Message::what)), c.requests) << c.name;
    for (const Message& m : events.messages) EXPECT_NE(m.state, Opened::damaged) << c.name << " " << m.path << " " << m.detail;
    for (const std::string& problem : events.problems) ADD_FAILURE() << c.name << ": " << problem;
  }
}

TEST(HttpEvidence, BodiesComeOutOfTheirCodings) {
  KLIK_NEEDS_EVIDENCE();
  const std::string text = "This is a test file for testing brotli decompression in Wireshark\n";
  for (const char* name : {"http-brotli.pcapng", "http2-brotli.pcapng"}) {
    const Recorder events = read(name);
    const auto body = std::ranges::find(events.contents, "response.body", &KeptContent::place);
    ASSERT_NE(body, events.contents.end()) << name;
    EXPECT_EQ(body->bytes, text) << name;
    EXPECT_EQ(body->coding, "br") << name;
  }
  const Recorder image = read("http2-data-reassembly.pcap", "http2-data-reassembly.keys");
  const auto body = std::ranges::find(image.contents, "response.body", &KeptContent::place);
  ASSERT_NE(body, image.contents.end());
  EXPECT_TRUE(body->bytes.starts_with("\x89PNG"));
  EXPECT_TRUE(body->bytes.ends_with("IEND\xae\x42\x60\x82"));
}

TEST(HttpEvidence, Http3IsReadBehindQuic) {
  KLIK_NEEDS_EVIDENCE();
  // As many requests as tshark sees streams of requests; it does not read the fields of all.
  const Recorder pages = read("quic_follow_multistream.pcapng");
  EXPECT_EQ(std::ranges::count(pages.messages, "request", &Message::what), 22);
  EXPECT_EQ(std::ranges::count(pages.messages, 200u, &Message::status), 22);
  for (const Message& m : pages.messages) {
    EXPECT_EQ(m.protocol, "h3");
    EXPECT_EQ(m.state, Opened::decrypted) << m.detail;
    EXPECT_EQ(m.detail, "");
    if (m.what == "request") {
      EXPECT_EQ(m.host, "www.youtube.com");
      EXPECT_TRUE(m.path.starts_with('/'));
    }
  }
  EXPECT_TRUE(pages.problems.empty());

  const Recorder blocked = read("http3-qpack-reassembly-anon.pcapng");
  ASSERT_EQ(blocked.messages.size(), 1u);
  EXPECT_EQ(blocked.messages[0].method, "POST");
  EXPECT_TRUE(blocked.messages[0].path.starts_with("/videoplayback?"));
  EXPECT_TRUE(blocked.problems.empty());
}

}  // namespace
}  // namespace klik::traffic
