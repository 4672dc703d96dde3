#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>

#include "support/files.h"
#include "support/made_rows.h"

namespace klik {
namespace {

Value value(const Fact& f, std::string_view column) {
  const auto at = std::ranges::find(f.kind->columns, column, &Column::name) - f.kind->columns.begin();
  return f.values.at(static_cast<std::size_t>(at));
}
std::string word(const Fact& f, std::string_view column) {
  const Value v = value(f, column);
  return v.index() == 0 ? "-" : v.index() == 1 ? std::to_string(std::get<1>(v)) : std::get<2>(v);
}

NetworkFile table(std::string name, std::string file, std::string_view text, std::string version = "") {
  const Bytes bytes = Bytes::of(text);
  return {std::move(name), std::move(file), std::move(version), false, memory_source(std::vector<std::uint8_t>(bytes.begin(), bytes.end()))};
}

RecordingSink run(const BuildRows& rows, const std::vector<NetworkFile>& networks, std::string_view extractor = "traffic_owners@1") {
  RecordingSink sink;
  Pool pool(1);
  const Budget budget;
  for (const ImageExtractor* e : image_extractors())
    if (e->name == extractor) e->run({.rows = rows, .pool = pool, .budget = budget, .networks = networks}, sink);
  return sink;
}

std::vector<std::string> rows_of(const RecordingSink& sink, std::string_view kind, std::initializer_list<std::string_view> columns) {
  std::vector<std::string> out;
  for (const Fact& f : sink.facts)
    if (f.kind->name == kind) {
      std::string row;
      for (const std::string_view c : columns) row += (row.empty() ? "" : "|") + word(f, c);
      out.push_back(row);
    }
  std::ranges::sort(out);
  return out;
}
using Rows = std::vector<std::string>;

void connect(test::MadeRows& rows, std::int64_t number, std::string_view src, std::string_view dst, std::int64_t outward = 1, std::int64_t local = 0) {
  rows.fact("net.connection", {{"number", number}, {"src", std::string(src)}, {"dst", std::string(dst)}, {"outward", outward}, {"local", local}});
}

const std::vector<NetworkFile> kTables = {
    table("asn", "asn-ipv4-num.csv", "203.0.113.0,203.0.113.255,64500,\"Cloud, Ltd\"\n", "2.3.1"),
    table("geo", "geo-ipv4.csv", "198.51.100.0,198.51.100.255,NL\n203.0.113.0,203.0.113.255,SG\n"),
    table("more", "more-ipv4.csv", "203.0.113.0,203.0.113.255,CN\n"),
    table("tor-geoipdb", "geoip", "# # Generated: some day\n203.0.113.0,203.0.113.127,CN\n203.0.113.128,203.0.113.255,??\n"),
};

TEST(TrafficOwners, EachTableHasAVote) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  connect(rows, 1, "10.0.0.2", "203.0.113.7");
  connect(rows, 2, "10.0.0.2", "203.0.113.200");
  connect(rows, 3, "10.0.0.2", "203.0.113.7");
  connect(rows, 4, "10.0.0.2", "192.0.2.1");
  const auto sink = run(rows, kTables);
  EXPECT_TRUE(sink.problems.empty());
  EXPECT_EQ(rows_of(sink, "net.address", {"address", "asn", "as_name", "votes"}), (Rows{"192.0.2.1|-|-|0 of 3", "203.0.113.200|64500|Cloud, Ltd|CN 1, SG 1 of 3", "203.0.113.7|64500|Cloud, Ltd|CN 2, SG 1 of 3"}));
  EXPECT_EQ(rows_of(sink, "net.country_vote", {"address", "table", "country", "asn"}),
            (Rows{"203.0.113.200|asn|-|64500", "203.0.113.200|geo|SG|-", "203.0.113.200|more|CN|-", "203.0.113.7|asn|-|64500", "203.0.113.7|geo|SG|-", "203.0.113.7|more|CN|-", "203.0.113.7|tor-geoipdb|CN|-"}));
  for (const Fact& f : sink.facts)
    if (f.kind->name == "net.address" && word(f, "address") == "203.0.113.7") { EXPECT_EQ(f.because.size(), 2u); }
}

TEST(TrafficOwners, TablesAreNamedWithVersionAndDigestAndAbsentOnesToo) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  connect(rows, 1, "10.0.0.2", "203.0.113.7");
  const auto sink = run(rows, kTables);
  const auto named = rows_of(sink, "net.table", {"table", "file", "gives", "state", "version", "licence", "ranges"});
  EXPECT_EQ(named, (Rows{"asn|asn-ipv4-num.csv|asn|read|2.3.1|CC BY 4.0|1", "geo-whois-asn-country||country|absent|-|CC0 1.0; source CC BY 4.0|-", "geo|geo-ipv4.csv|country|read|-|-|2", "more|more-ipv4.csv|country|read|-|-|1",
                         "tor-geoipdb|geoip|country|read|some day|CC BY-SA 4.0|2"}));
  for (const Fact& f : sink.facts)
    if (f.kind->name == "net.table" && word(f, "state") == "read") { EXPECT_EQ(word(f, "sha256").size(), 64u); }
  const auto without = run(rows, {});
  EXPECT_EQ(rows_of(without, "net.table", {"state"}), (Rows{"absent", "absent", "absent"}));
  EXPECT_TRUE(rows_of(without, "net.address", {"address"}).empty());
}

TEST(TrafficOwners, ADamagedTableHasNoVoteAndIsAProblem) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  connect(rows, 1, "10.0.0.2", "203.0.113.7");
  const auto sink = run(rows, {table("geo", "geo-ipv4.csv", "203.0.113.0,203.0.113.255,SG\n1.0.0.0,1.0.0.255,AU\n"), kTables[2]});
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::bad_value);
  EXPECT_EQ(rows_of(sink, "net.address", {"votes"}), (Rows{"CN 1 of 1"}));
}

TEST(TrafficOwners, TheOtherSideCountsAndTheLocalNetworkDoesNot) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  connect(rows, 1, "198.51.100.9", "10.0.0.2", 0);
  connect(rows, 2, "10.0.0.2", "10.0.0.1", 1, 1);
  EXPECT_EQ(rows_of(run(rows, kTables), "net.address", {"address", "votes"}), (Rows{"198.51.100.9|NL 1 of 3"}));
}

TEST(TrafficOwners, AnAddressThatIsNamedAsHostCountsBesideTheOneReached) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  rows.fact("net.connection", {{"number", std::int64_t{1}}, {"src", "10.0.0.2"}, {"dst", "198.51.100.9"}, {"host", "203.0.113.7"}, {"outward", std::int64_t{1}}, {"local", std::int64_t{0}}});
  EXPECT_EQ(rows_of(run(rows, kTables), "net.address", {"address", "votes"}), (Rows{"198.51.100.9|NL 1 of 3", "203.0.113.7|CN 2, SG 1 of 3"}));
}

TEST(TrafficOwners, NoFactDependsOnTablesThatWereNotAsked) {
  test::MadeRows rows;
  rows.file("app.apk");
  EXPECT_TRUE(run(rows, kTables).facts.empty());
}

TEST(TrafficOwners, CertificatesOfServersSayInWhoseName) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  for (const std::int64_t connection : {1, 2})
    rows.fact("net.certificate", {{"connection", connection}, {"way", "down"}, {"position", std::int64_t{0}}, {"sha256", "ab"}, {"subject", "CN=*.a.example,O=Example\\, Ltd,C=NL"}});
  rows.fact("net.certificate", {{"connection", std::int64_t{1}}, {"way", "down"}, {"position", std::int64_t{1}}, {"sha256", "cd"}, {"subject", "O=An authority,C=US"}});
  rows.fact("net.certificate", {{"connection", std::int64_t{1}}, {"way", "up"}, {"position", std::int64_t{0}}, {"sha256", "ef"}, {"subject", "O=The phone,C=NL"}});
  rows.fact("net.certificate", {{"connection", std::int64_t{3}}, {"way", "down"}, {"position", std::int64_t{0}}, {"sha256", "01"}, {"subject", "CN=b.example"}});
  EXPECT_EQ(rows_of(run(rows, {}), "net.certificate_owner", {"sha256", "organisation", "country", "name"}), (Rows{"01|-|-|b.example", "ab|Example, Ltd|NL|*.a.example"}));
}

TEST(TrafficOwners, HostsOnTheWireHaveTheirOwnersToo) {
  test::MadeRows rows;
  rows.file("capture.pcap");
  rows.fact("net.connection", {{"number", std::int64_t{1}}, {"host", "api.ad.xiaomi.com"}});
  rows.fact("net.connection", {{"number", std::int64_t{2}}, {"looked_up", "Register.XMPush.xiaomi.com"}});
  rows.fact("net.hello", {{"connection", std::int64_t{3}}, {"sni", "Graph.Facebook.com."}});   // as it was written
  rows.fact("net.message", {{"connection", std::int64_t{4}}, {"host", "nobody.example"}});
  const auto sink = run(rows, {}, "endpoint_owners@1");
  EXPECT_EQ(rows_of(sink, "net.host_owner", {"host", "country"}), (Rows{"api.ad.xiaomi.com|CN", "graph.facebook.com|US", "register.xmpush.xiaomi.com|CN"}));
  EXPECT_FALSE(rows_of(sink, "net.jurisdiction", {"country"}).empty());
}

TEST(NetworkFiles, AreFoundInAFolderAndThoseInsideIt) {
  const test::ScratchFolder folder;
  const auto write = [&](const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name) << text;
  };
  write("geoip", "1,2,AU\n");
  write("asn/asn-ipv4-num.csv", "1,2,64500,One\n");
  write("asn/asn-ipv6.csv", "2001:db8::,2001:db8::1,64500,One\n");
  write("asn/package.json", R"({"version": "2.3.4"})");
  write("asn/README.md", "no table");
  write("later/geoip", "1,2,CN\n");
  write("a/b/geoip6", "too deep");
  const std::vector<std::string> folders = {folder.path().string(), "/nowhere/at/all"};
  std::vector<std::string> found;
  for (const NetworkFile& f : find_network_files(folders)) found.push_back(f.table + "|" + f.name + "|" + f.version + "|" + (f.v6 ? "6" : "4") + "|" + std::to_string(f.source->size()));
  EXPECT_EQ(found, (Rows{"asn|asn-ipv4-num.csv|2.3.4|4|14", "asn|asn-ipv6.csv|2.3.4|6|33", "tor-geoipdb|geoip||4|7"}));
  EXPECT_EQ(network_folders("/some/where"), (Rows{"/some/where"}));
  EXPECT_TRUE(network_folders("off").empty());
}

// What the tables of the day of writing say; without them there is nothing to compare.
TEST(TrafficOwners, RealTablesKnowChineseClouds) {
  const char* home = std::getenv("HOME");
  const std::vector<std::string> folders = {std::string(home ? home : "") + "/.local/share/klikspaan"};
  const auto networks = find_network_files(folders);
  if (networks.size() < 6) GTEST_SKIP() << "tables of addresses are not here: make data";
  test::MadeRows rows;
  rows.file("capture.pcap");
  std::int64_t number = 0;
  for (const char* address : {"203.107.1.65", "119.29.29.29", "47.241.35.73", "2400:3200::1"}) connect(rows, ++number, "10.0.0.2", address);
  const auto sink = run(rows, networks);
  EXPECT_TRUE(sink.problems.empty());
  const auto found = rows_of(sink, "net.address", {"address", "asn", "votes"});
  ASSERT_EQ(found.size(), 4u);
  EXPECT_TRUE(found[0].starts_with("119.29.29.29|")) << found[0];
  EXPECT_EQ(found[1], "203.107.1.65|37963|CN 2 of 2");
  EXPECT_EQ(found[2].substr(0, 20), "2400:3200::1|37963|C") << found[2];
  EXPECT_TRUE(found[3].starts_with("47.241.35.73|45102|")) << found[3];
  for (const auto& row : found) std::cout << "  " << row << "\n";
  for (const auto& row : rows_of(sink, "net.table", {"table", "file", "version", "ranges"})) std::cout << "  " << row << "\n";
}

}  // namespace
}  // namespace klik
