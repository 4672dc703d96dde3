#include "support/facts.h"

namespace klik {
namespace {

std::vector<std::string> settings(std::string_view name, std::string_view text, std::string_view kind = "file") {
  const auto sink = test::extract("hosts_file@1", memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), kind, name);
  std::vector<std::string> out;
  for (const Fact& f : sink.facts) {
    out.push_back(test::column(f, "scope") + " " + test::column(f, "name") + "=" + test::column(f, "value"));
    const std::string place(text.substr(f.origins[0].at, f.origins[0].length));
    EXPECT_TRUE(place.find(test::column(f, "value")) != place.npos) << place;
  }
  return out;
}

TEST(HostsFile, NamesBeyondTheLocalOnes) {
  EXPECT_EQ(settings("hosts", "127.0.0.1 localhost\n::1 ip6-localhost\n# 1.2.3.4 no\n0.0.0.0\tads.example.com  b.example # x\n1.2.3.4\n\r\n1.2.3.4 bank.example"),
            (std::vector<std::string>{"hosts ads.example.com=0.0.0.0", "hosts b.example=0.0.0.0", "hosts bank.example=1.2.3.4"}));
}

TEST(HostsFile, Resolvers) {
  EXPECT_EQ(settings("resolv.conf", "search a\nnameserver 9.9.9.9\n"), std::vector<std::string>{"dns nameserver=9.9.9.9"});
  EXPECT_EQ(settings("dhcpcd.conf", "option domain_name_servers, x\nstatic domain_name_servers=1.1.1.1 1.0.0.1\n"),
            (std::vector<std::string>{"dns domain_name_servers=1.1.1.1", "dns domain_name_servers=1.0.0.1"}));
}

TEST(HostsFile, TimeAndLocation) {
  EXPECT_EQ(settings("gps.conf", "#NTP_SERVER=a.b\nNTP_SERVER=time.example.net\nSUPL_HOST = supl.example.com\nXTRA_SERVER_1=https://x.example/xtra2.bin\nSUPL_VER=0x20000\nSUPL_HOST=\n"),
            (std::vector<std::string>{"time NTP_SERVER=time.example.net", "location SUPL_HOST=supl.example.com", "location XTRA_SERVER_1=https://x.example/xtra2.bin"}));
  EXPECT_EQ(settings("agps_profiles_conf2.xml", "<p addr=\"supl.example.com\" port=\"7275\"/><p addr=\"x\"/><p addr=\"a.b", "xml"), std::vector<std::string>{"location addr=supl.example.com"});
}

TEST(HostsFile, TooLargeIsDataLoss) {
  const auto sink = test::extract("hosts_file@1", memory_source(std::vector<std::uint8_t>((16u << 20) + 1, '#')), "file", "hosts");
  EXPECT_EQ(sink.problems.at(0).error.code, Code::over_budget);
}

}  // namespace
}  // namespace klik
