// From an archive of HTTP, a report of the phone and tables of addresses to what a reader asks: who talked to whom.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>

#include "support/asking.h"
#include "support/files.h"

namespace klik {
namespace {

class Whom : public testing::Test {
 protected:
  void write(const std::string& name, std::string_view text) {
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
  }
  // Gives the case file.
  std::string scan(const std::string& more) {
    const std::string file = (folder_.path() / "made.case").string();
    const test::Ran ran = test::run(std::string(KLIK_BINARY) + " scan '" + folder_.path().string() + "/in' --no-cache --force --case '" + file + "' " + more + " 2>&1");
    EXPECT_TRUE(WIFEXITED(ran.status) && WEXITSTATUS(ran.status) == 0) << ran.output;
    return file;
  }
  void SetUp() override {
    write("in/made.har", R"({"log": {"entries": [{"startedDateTime": "2024-01-01T00:00:01Z", "time": 5, "serverIPAddress": "203.0.113.7", "connection": "1",
      "request": {"method": "POST", "url": "https://api.ad.xiaomi.com/up?imei=1", "httpVersion": "h2", "headers": [], "headersSize": 20, "bodySize": 30}, "response": {"status": 200, "headers": [], "content": {"size": 4}}}]}})");
    write("in/report.ndjson", R"({"type":"networkActivity","bundleID":"org.example.map","domain":"graph.facebook.com","domainOwner":"","domainType":1,"hits":3,"timeStamp":"2022-01-01T11:00:02Z"})");
    write("tables/asn-ipv4.csv", "203.0.113.0,203.0.113.255,64500,Cloud\n");
    write("tables/geo-ipv4.csv", "203.0.113.0,203.0.113.255,SG\n");
    write("tables/geoip", "203.0.113.0,203.0.113.255,CN\n");
  }
  test::ScratchFolder folder_;
};

TEST_F(Whom, OwnerNetworkAndVotesStandBesideEachOther) {
  const std::string file = scan("--data '" + folder_.path().string() + "/tables'");
  EXPECT_EQ(test::asked(file, "SELECT host, owner, owner_country, asn, as_name, country_votes, protocol, bytes_out, outward, local FROM connection"), "api.ad.xiaomi.com|Xiaomi|CN|64500|Cloud|CN 1, SG 1 of 2|tls/h2|50|1|0|\n");
  EXPECT_EQ(test::asked(file, "SELECT table_name, country FROM country_vote ORDER BY 1"), "geo|SG|\ntor-geoipdb|CN|\n");
  EXPECT_EQ(test::asked(file, "SELECT name, state FROM data_table ORDER BY 1"), "asn|read|\ngeo|read|\ngeo-whois-asn-country|absent|\ntor-geoipdb|read|\n");
  EXPECT_EQ(test::asked(file, "SELECT what, method, path, query, status, state FROM message ORDER BY number"), "request|POST|/up|imei||decrypted|\nresponse||||200|decrypted|\n");
  EXPECT_EQ(test::asked(file, "SELECT app, domain, owner_country, hits, last FROM app_contact"), "org.example.map|graph.facebook.com|US|3|2022-01-01T11:00:02Z|\n");
  EXPECT_EQ(test::asked(file, "SELECT format, frames FROM capture"), "har|1|\n");
}

TEST_F(Whom, WithoutTablesTheRestIsThereAndTheAbsenceIsTold) {
  const std::string file = scan("--data off");
  EXPECT_EQ(test::asked(file, "SELECT host, owner, asn, country_votes FROM connection"), "api.ad.xiaomi.com|Xiaomi|||\n");
  EXPECT_EQ(test::asked(file, "SELECT count(*) FROM data_table WHERE state = 'absent'"), "3|\n");
}

}  // namespace
}  // namespace klik
