// links: OpenSSL::Crypto
// Real connections over loopback, made anew for each run, with a thousand planted identifiers and ten thousand near misses: the scan of
// the capture finds the former, each where it lies, and none of the latter.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "support/asking.h"
#include "support/files.h"
#include "traffic/identifier_digest.h"

namespace klik {
namespace {

std::vector<std::vector<std::string>> table(std::istream& in, char separator) {
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    auto& row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, separator);) row.push_back(cell);
  }
  return rows;
}

// The same connections twice: "made", with headers of our own and the faults of a real path, and "live", as the kernel sent them.
class PlantedTraffic : public testing::TestWithParam<const char*> {
 protected:
  static std::string path(const std::string& name) { return (folder_->path() / name).string(); }
  static int shell(const std::string& command) {
    const test::Ran ran = test::run(command + " 2>&1");
    said_ = ran.output;
    return WIFEXITED(ran.status) ? WEXITSTATUS(ran.status) : -1;
  }
  std::vector<std::vector<std::string>> ask(const std::string& sql) const {
    std::istringstream rows(test::asked(path(GetParam() + std::string(".case")), sql));
    return table(rows, '|');
  }
  static std::vector<std::vector<std::string>> truth(const std::string& name) {
    std::ifstream in(path(name));
    return table(in, '\t');
  }

  static void SetUpTestSuite() {
    folder_ = new test::ScratchFolder;
    ASSERT_EQ(shell(std::string(KLIK_MAKE_TRAFFIC) + " '" + folder_->path().string() + "'"), 0) << said_;
    std::ofstream(path("identifier.key")) << std::string(64, '5') << "\n";
  }
  void SetUp() override {
    const std::string name = GetParam();
    if (!std::filesystem::exists(path(name + ".pcap"))) GTEST_SKIP() << "this system allows no look at its own loopback traffic";
    if (std::filesystem::exists(path(name + ".case"))) return;   // made by another test
    const int code = shell(std::string(KLIK_BINARY) + " scan '" + path(name + ".pcap") + "' '" + path("keys.log") + "' --no-cache --case '" + path(name + ".case") + "' --identifiers '" + path("identifiers.txt") + "' --identifier-key '" + path("identifier.key") + "'");
    summary_[name] = said_;
    // 3: one message may be nested deeper than is looked into, and that is said.
    ASSERT_TRUE(code == 0 || code == 3) << said_;
  }
  static void TearDownTestSuite() {
    // KLIK_KEEP_TRAFFIC=FOLDER keeps the capture and its truth for a look.
    if (const char* keep = std::getenv("KLIK_KEEP_TRAFFIC")) std::filesystem::copy(folder_->path(), keep, std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
    delete folder_;
  }

  inline static test::ScratchFolder* folder_ = nullptr;
  inline static std::string said_;
  inline static std::map<std::string, std::string> summary_;
};

TEST_P(PlantedTraffic, EveryPlantedIdentifierIsFoundWhereItLiesAndNoNearMiss) {
  const std::vector<std::uint8_t> key(traffic::kIdentifierKeyBytes, 0x55);
  std::ifstream in(path("identifiers.txt"));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::map<std::pair<std::string, std::string>, std::string> digests;   // by kind and value, as in the file
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("salt ")) continue;
    const auto read = traffic::read_identifiers(Bytes::of(line));
    ASSERT_EQ(read.identifiers.size(), 1u);
    digests[{line.substr(0, line.find(' ')), line.substr(line.find(' ') + 1)}] = traffic::identifier_digest(Bytes(key), read.identifiers[0]);
  }

  struct Find {
    std::string path, kind, message, form;
    bool of_plant = false;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Find>> found;   // by host and digest
  for (const auto& row : ask("SELECT c.host, l.digest, l.decode_path, l.identifier, l.message, l.form FROM leak l JOIN connection c USING (connection_id)")) found[{row.at(0), row.at(1)}].push_back({row.at(2), row.at(3), row.at(4), row.at(5)});

  const auto planted = truth("planted.tsv");
  ASSERT_EQ(planted.size(), 1'000u);
  int hits = 0;
  for (const auto& row : planted) {
    const auto &kind = row.at(0), &value = row.at(1), &where = row.at(2), &host = row.at(3);
    auto& finds = found[{host, digests.at({kind, value})}];
    const auto hit = std::ranges::find(finds, where, &Find::path);
    if (hit == finds.end()) {
      ADD_FAILURE() << "not found: " << kind << " " << value << " in " << host << " at " << where;
      continue;
    }
    ++hits;
    EXPECT_EQ(hit->kind, kind);
    // Compressed bytes may show the text they hold, and what is written in base64 is found once more in what that encodes: the same
    // identifier in the same message is no other find.
    const std::string message = hit->message;
    for (Find& f : finds) f.of_plant |= f.message == message;
  }
  EXPECT_EQ(hits, 1'000);
  EXPECT_EQ(truth("near_misses.tsv").size(), 10'000u);
  int wrong = 0;
  for (const auto& [place, finds] : found)
    for (const Find& f : finds) {
      if (f.of_plant) continue;
      ++wrong;
      ADD_FAILURE() << "not planted: " << f.kind << " as " << f.form << " in " << place.first << " at " << f.path << ", digest " << place.second;
    }
  EXPECT_EQ(wrong, 0);
}

// Found is told: in the summary of the scan, in findings, in the report.
TEST_P(PlantedTraffic, WhatWasFoundIsTold) {
  EXPECT_EQ(ask("SELECT count(*) FROM identifier_seen"), ask("SELECT count(*) FROM leak"));
  EXPECT_EQ(ask("SELECT count(*) FROM (SELECT DISTINCT identifier, host FROM identifier_seen WHERE way = 'out' AND strength = 'decoded')"), ask("SELECT count(*) FROM finding WHERE rule = 'identifier_left'"));
  EXPECT_GT(std::stoi(ask("SELECT count(*) FROM finding WHERE rule = 'identifier_left'")[0][0]), 0);
  if (summary_.contains(GetParam())) {
    EXPECT_NE(summary_[GetParam()].find("identifiers that went out: "), std::string::npos) << summary_[GetParam()];
  }
  EXPECT_EQ(shell(std::string(KLIK_BINARY) + " report '" + path(GetParam() + std::string(".case")) + "' --format text"), 0);
  EXPECT_NE(said_.find("! Of the owner's identifiers these were recognised in what left the phone: "), std::string::npos) << said_.substr(0, 2000);
}

TEST_P(PlantedTraffic, EveryConnectionIsReadInFull) {
  const auto all = ask("SELECT count(*), count(DISTINCT host), sum(dark_out + dark_in), sum(missing) FROM connection");
  EXPECT_EQ(all, (std::vector<std::vector<std::string>>{{"300", "300", "0", "0"}}));
  std::map<std::string, int> requests;
  for (const auto& row : ask("SELECT c.protocol, count(*) FROM message m JOIN connection c USING (connection_id) WHERE m.what = 'request' AND m.state IN ('clear', 'decrypted') GROUP BY 1")) requests[row[0]] = std::stoi(row[1]);
  int sum = 0;
  for (const auto& [protocol, count] : requests) sum += count;
  EXPECT_EQ(sum, 11'000);
  for (const char* protocol : {"http1", "tls/http1", "tls/h2", "quic/h3"}) EXPECT_GT(requests[protocol], 500) << protocol;
  // Three layers with base64 between them can be deeper than the search goes.
  EXPECT_EQ(ask("SELECT count(*) FROM problem WHERE code <> 'over_budget'")[0][0], "0");
}

// What a case holds of an owner: kinds and keyed digests.
TEST_P(PlantedTraffic, NoValueStandsInTheCase) {
  const auto bytes = test::read_file(path(GetParam() + std::string(".case")));
  const std::string_view all = Bytes(bytes).text();
  std::string misses;
  for (const auto& row : truth("near_misses.tsv")) misses += row.at(2) + "\n";
  int looked_for = 0;
  for (const auto& row : truth("planted.tsv")) {
    if (misses.contains(row.at(1))) continue;   // within a longer number, which may stand in a URL
    ++looked_for;
    EXPECT_EQ(all.find(row.at(1)), all.npos) << row.at(0);
  }
  EXPECT_GT(looked_for, 700);
  EXPECT_EQ(all.find("made-salt"), all.npos);
}

INSTANTIATE_TEST_SUITE_P(Captures, PlantedTraffic, testing::Values("made", "live"), [](const auto& given) { return std::string(given.param); });

}  // namespace
}  // namespace klik
