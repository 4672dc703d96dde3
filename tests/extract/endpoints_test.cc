#include <gtest/gtest.h>

#include "extract/endpoint_rows.h"
#include "support/facts.h"

namespace klik {
namespace {

using test::column;

// "scheme host port path how use", one line per endpoint, in the order of the facts.
std::string endpoints(std::string_view extractor, std::string_view kind, std::string_view name, std::string_view text) {
  const Bytes bytes = Bytes::of(text);
  const auto sink = test::extract(extractor, memory_source({bytes.begin(), bytes.end()}), kind, name);
  std::string out;
  for (const Fact& f : sink.facts) {
    for (const char* c : {"scheme", "host", "port", "path", "how", "use"}) out += (out.empty() || out.ends_with('\n') ? "" : " ") + column(f, c);
    out += '\n';
    const Place& p = f.origins[0];   // the host stands in its own bytes, unless it is a spelling of it
    const std::string_view there = text.substr(p.at, p.length);
    if (column(f, "note") == "null") { EXPECT_NE(there.find(column(f, "host").substr(0, 3)), there.npos) << there; }
  }
  return out;
}

TEST(TextEndpoints, OfSettingsNeedAUrlOrAKeyThatSaysHost) {
  EXPECT_EQ(endpoints("endpoints_text@1", "text", "gps.conf", "#SUPL_HOST=old.google.com\nSUPL_HOST=supl.google.com\nSUPL_PORT=7275\nXTRA_SERVER_1=http://xtra1.gpsonextra.net/xtra.bin\nVERSION=a.b.com\n"),
            "null supl.google.com null null config config\nhttp xtra1.gpsonextra.net null /xtra.bin config config\n");
  EXPECT_EQ(endpoints("endpoints_text@1", "json", "a.json", R"({"host": "grs.hicloud.com", "class": "com.huawei.net", "u": "https:\/\/a.mi.com\/b", "version": "1.2.3.4"})"),
            "null grs.hicloud.com null null config asset\nhttps a.mi.com null /b literal asset\n");
  EXPECT_EQ(endpoints("endpoints_text@1", "xml", "apns.xml", "<apn mmsc=\"http://mms.vodafone.net/x\" mmsproxy=\"10.0.0.172\"/>\n"), "null 10.0.0.172 null null config config\nhttp mms.vodafone.net null /x config config\n");
}

TEST(TextEndpoints, LeaveOutNamesThatNobodyAsks) {
  EXPECT_EQ(endpoints("endpoints_text@1", "xml", "a.xml", "<a xmlns=\"http://own.name.com/space\" x=\"http://schemas.android.com/apk\"/>\n<!-- http://comment.com/ -->\n<!DOCTYPE x \"http://www.puppycrawl.com/dtds/a.dtd\">\n"), "");
  EXPECT_EQ(endpoints("endpoints_text@1", "text", "a.conf", "url=http://www.example.com/\nro.build.host=builder.bj\n"), "");
  EXPECT_FALSE(test::extractor("endpoints_text@1").wants("text", "NOTICE.txt"));
  EXPECT_FALSE(test::extractor("endpoints_text@1").wants("text", "hyph-es.lic.txt"));
}

TEST(TextEndpoints, KeepPrivateAddressesAsLocal) {
  const std::string_view text = "url=http://user:pw@172.21.104.16:8880/\n";
  const Bytes bytes = Bytes::of(text);
  const auto sink = test::extract("endpoints_text@1", memory_source({bytes.begin(), bytes.end()}), "text", "a.conf");
  ASSERT_EQ(sink.facts.size(), 1u);
  EXPECT_EQ(column(sink.facts[0], "local"), "1");
  EXPECT_EQ(column(sink.facts[0], "note"), "userinfo");
  EXPECT_EQ(column(sink.facts[0], "domain"), "null");
}

TEST(TextEndpoints, OfBinaryFilesAreNone) {
  std::string text = "url=http://a.mi.com/\n";
  text += '\0';
  EXPECT_EQ(endpoints("endpoints_text@1", "file", "a", text), "");
}

TEST(TextEndpoints, StopAtTheirBudget) {
  std::string text;
  for (unsigned i = 0; i < EndpointRows::kMost + 10; ++i) text += "u=http://h" + std::to_string(i) + ".mi.com/\n";
  const Bytes bytes = Bytes::of(text);
  const auto sink = test::extract("endpoints_text@1", memory_source({bytes.begin(), bytes.end()}), "text", "a.conf");
  EXPECT_EQ(sink.facts.size(), EndpointRows::kMost);
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].error.code, Code::over_budget);
}

TEST(BareHosts, AreAListOrNothing) {
  EXPECT_EQ(bare_hosts("a.mi.com,b.mi.com;c.mi.com").size(), 3u);
  EXPECT_EQ(bare_hosts("a.mi.com and more").size(), 0u);
  EXPECT_EQ(bare_hosts("com.android.phone").size(), 0u);
  EXPECT_EQ(bare_hosts("1.2.840.10045").size(), 0u);
  EXPECT_EQ(bare_hosts("2.5.29.15").size(), 0u);
  ASSERT_EQ(bare_hosts("8.8.8.8").size(), 1u);
  EXPECT_FALSE(bare_hosts("8.8.8.8")[0].sure);
  EXPECT_FALSE(bare_hosts("a.b.app")[0].sure);
}

TEST(Sentences, AreTwoWordsBeforeAUrl) {
  EXPECT_TRUE(in_a_sentence("please see http://a.mi.com", 11));
  EXPECT_FALSE(in_a_sentence("GET http://a.mi.com", 4));
  EXPECT_FALSE(in_a_sentence("http://a.mi.com", 0));
}

TEST(TextEndpoints, SurviveEveryPrefix) {
  const std::string text = "{\"url\":\"https:\\/\\/u@[::1]:80\\/\", \"host\":\"a.mi.com\"}\nserver=http://{x}.mi.com/?q#f\n";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const Bytes bytes = Bytes::of(std::string_view(text).substr(0, n));
    test::extract("endpoints_text@1", memory_source({bytes.begin(), bytes.end()}), "json", "a.json");
  }
}

}  // namespace
}  // namespace klik
