#include "data/resolvers.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace klik::data {
namespace {

TEST(Resolvers, EveryRowIsWhole) {
  ASSERT_GT(resolvers().size(), 40u);
  std::set<std::string_view> hosts;
  for (const Resolver& r : resolvers()) {
    EXPECT_TRUE(hosts.insert(r.host).second) << r.host;
    EXPECT_TRUE(r.host.contains('.')) << r.host;
    EXPECT_FALSE(r.operated_by.empty()) << r.host;
    EXPECT_FALSE(r.source.empty()) << r.host;
    EXPECT_FALSE(r.ways.empty()) << r.host;
    for (const std::string_view way : r.ways) EXPECT_TRUE(way == "doh" || way == "dot" || way == "doq" || way == "odoh") << r.host;
    for (const std::string_view a : r.addresses) {
      std::array<std::uint8_t, 16> bytes{};
      const int family = a.contains(':') ? AF_INET6 : AF_INET;
      ASSERT_EQ(inet_pton(family, std::string(a).c_str(), bytes.data()), 1) << a;
      // As it is usually written, or nothing would ever equal it.
      std::array<char, INET6_ADDRSTRLEN> text{};
      EXPECT_EQ(inet_ntop(family, bytes.data(), text.data(), text.size()), a);
    }
  }
}

TEST(Resolvers, AreFoundByHostAndByAddress) {
  EXPECT_EQ(resolver_of_host("dns.google")->operated_by, "Google");
  EXPECT_EQ(resolver_of_host("abc123.dns.nextdns.io")->host, "dns.nextdns.io");
  EXPECT_EQ(resolver_of_host("family.cloudflare-dns.com")->host, "family.cloudflare-dns.com");
  EXPECT_EQ(resolver_of_host("notdns.google"), nullptr);
  EXPECT_EQ(resolver_of_host(""), nullptr);
  EXPECT_EQ(resolver_of_address("9.9.9.9")->operated_by, "Quad9");
  EXPECT_EQ(resolver_of_address("192.0.2.1"), nullptr);
}

}  // namespace
}  // namespace klik::data
