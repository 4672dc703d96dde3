#include "data/networks.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace klik::data {
namespace {

std::vector<NetworkAddress> addresses(std::initializer_list<std::string_view> texts) {
  std::vector<NetworkAddress> all;
  for (const std::string_view t : texts) {
    const auto address = network_address(t);
    EXPECT_TRUE(address) << t;
    if (address) all.push_back(*address);
  }
  std::ranges::sort(all);
  return all;
}

// What the table says of each, in the order of the addresses; "-" for nothing; "!CODE at" for an error.
std::string asked(std::string_view table, std::span<const NetworkAddress> wanted, std::size_t piece = 1 << 20) {
  NetworkLookup lookup(wanted);
  Result<void> done{};
  for (std::size_t at = 0; at < table.size() && done; at += piece) done = lookup.feed(Bytes::of(table.substr(at, piece)));
  if (done) done = lookup.finish();
  if (!done) return "!" + std::string(code_name(done.error().code)) + " " + std::to_string(done.error().at);
  std::string out;
  for (const auto& a : lookup.answers()) out += !a ? "- " : a->asn ? std::to_string(a->asn) + ":" + a->holder + " " : a->country + " ";
  return out;
}

TEST(NetworkAddress, IsReadInEveryUsualForm) {
  EXPECT_EQ(network_address("192.0.2.1"), network_address("::ffff:192.0.2.1"));
  EXPECT_EQ(network_address("192.0.2.1"), network_address("::ffff:c000:201"));
  EXPECT_EQ(network_address("2001:db8::1"), network_address("2001:0db8:0:0:0:0:0:1"));
  EXPECT_EQ(network_address("2001:db8::"), network_address("2001:db8:0:0:0:0:0:0"));
  EXPECT_TRUE(network_address("::"));
  for (const std::string_view wrong : {"", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "0001.2.3.4", "1.2.3.4 ", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8", "12345::", "1:", "g::", "1:2:3:4:5:6:7:1.2.3.4", "-1.2.3.4", "+1::"})
    EXPECT_FALSE(network_address(wrong)) << wrong;
}

constexpr std::string_view kCountries = "# made by hand\n# # Generated: some day\n3221225984,3221226239,AU\n3325256704,3325256707,??\n3325256708,3325256959,CN\n";
constexpr std::string_view kHolders = "192.0.2.0,192.0.2.127,64500,Plain Networks\r\n192.0.2.128,192.0.2.255,64501,\"Quoted, \"\"Ltd\"\"\"\n2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,64502,Six\n";

TEST(NetworkLookup, AnswersByRangeWithBothEnds) {
  const auto wanted = addresses({"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", "198.51.100.1", "198.51.100.4", "198.51.100.255", "2001:db8::1"});
  EXPECT_EQ(asked(kCountries, wanted), "- AU AU - - CN CN - ");
  EXPECT_EQ(asked(kHolders, wanted), "- 64500:Plain Networks 64501:Quoted, \"Ltd\" - - - - 64502:Six ");
}

TEST(NetworkLookup, DoesNotDependOnHowTheTableIsCut) {
  const auto wanted = addresses({"192.0.2.5", "192.0.2.200", "198.51.100.9", "2001:db8::1"});
  for (const std::string_view table : {kCountries, kHolders}) {
    const std::string whole = asked(table, wanted);
    for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(asked(table, wanted, piece), whole);
  }
}

TEST(NetworkLookup, TellsWhenTheTableWasMade) {
  NetworkLookup lookup({});
  ASSERT_TRUE(lookup.feed(Bytes::of(kCountries)));
  ASSERT_TRUE(lookup.finish());
  EXPECT_EQ(lookup.made(), "some day");
  EXPECT_EQ(lookup.ranges(), 3u);
  EXPECT_EQ(lookup.gives(), "country");
}

TEST(NetworkLookup, RefusesWhatIsNoTable) {
  const auto wanted = addresses({"192.0.2.5"});
  EXPECT_EQ(asked("", wanted), "!bad_value 0");
  EXPECT_EQ(asked("<html>\n", wanted), "!bad_value 0");
  EXPECT_EQ(asked("3,2,AU\n", wanted), "!bad_value 0");
  EXPECT_EQ(asked("8,9,AU\n1,2,CN\n", wanted), "!bad_value 7");
  EXPECT_EQ(asked("1,5,Australia\n", wanted), "!unsupported 0");
  EXPECT_EQ(asked("1,5,AU,Queensland,Brisbane\n", wanted), "!unsupported 0");
  EXPECT_EQ(asked("1,5," + std::string(NetworkLookup::kLongestLine, 'A'), wanted), "!over_budget 0");
}

TEST(NetworkLookup, TheNarrowestRangeCounts) {
  const auto wanted = addresses({"192.0.2.5", "192.0.2.9", "192.0.2.100"});
  EXPECT_EQ(asked("192.0.2.0,192.0.2.255,AU\n192.0.2.0,192.0.2.15,CN\n192.0.2.8,192.0.2.11,HK\n192.0.2.8,192.0.2.11,SG\n", wanted), "CN HK AU ");
  EXPECT_EQ(asked("2001:db8::,2001:db8:ffff::,AU\n2001:db8:1::,2001:db8:1:ffff::,CN\n", addresses({"2001:db8::1", "2001:db8:1::1"})), "AU CN ");
  std::string endless;
  for (int i = 0; i < 100; ++i) endless += "192.0.2.0,192.0.2.255,AU\n";
  EXPECT_EQ(asked(endless, wanted), "!over_budget 1600");
}

// A table that was cut off gives no more than the whole one, and never something else.
TEST(NetworkLookup, EveryPrefixIsWithoutHarm) {
  const auto wanted = addresses({"192.0.2.5", "192.0.2.200", "2001:db8::1"});
  for (std::size_t n = 0; n <= kHolders.size(); ++n) {
    const std::string all(kHolders.substr(0, n));
    const std::string said = asked(all, wanted);
    EXPECT_FALSE(said.empty());
  }
}

TEST(NetworkTables, AreKnownByTheNamesOfTheirFiles) {
  EXPECT_EQ(table_of_file("geoip")->table, "tor-geoipdb");
  EXPECT_TRUE(table_of_file("geoip6")->v6);
  EXPECT_EQ(table_of_file("asn-ipv4-num.csv")->table, "asn");
  EXPECT_EQ(table_of_file("geo-whois-asn-country-ipv6.csv")->table, "geo-whois-asn-country");
  EXPECT_FALSE(table_of_file("asn-ipv6-num.csv"));
  EXPECT_FALSE(table_of_file("-ipv4.csv"));
  EXPECT_FALSE(table_of_file("README.md"));
  EXPECT_EQ(package_version(Bytes::of(R"({"name": "x", "version": "1.2.3"})")), "1.2.3");
  EXPECT_EQ(package_version(Bytes::of("{")), "");
  EXPECT_EQ(package_version(Bytes::of("[1]")), "");
}

}  // namespace
}  // namespace klik::data
