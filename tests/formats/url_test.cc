#include "formats/net/url.h"

#include <gtest/gtest.h>

#include <vector>

namespace klik::net {
namespace {

std::vector<Found> urls(std::string_view text) {
  std::vector<Found> out;
  find_urls(text, [&](const Found& f) {
    EXPECT_TRUE(f.at <= text.size() && f.length <= text.size() - f.at);
    out.push_back(f);
  });
  return out;
}

// scheme host port path of the only URL in the text; "none", "several".
std::string one(std::string_view text) {
  const auto found = urls(text);
  if (found.size() != 1) return found.empty() ? "none" : "several";
  const Found& f = found[0];
  return std::string(f.scheme) + " " + f.host.text + (f.port ? " " + std::to_string(*f.port) : "") + (f.path.empty() ? "" : " " + f.path) + (f.userinfo ? " userinfo" : "") +
         (f.host.local ? " local" : "") + (f.host.odd ? " odd" : "");
}

TEST(Url, GivesSchemeHostPortAndPath) {
  EXPECT_EQ(one("http://v1-p1.da-f.us/vzw/stub/v10/"), "http v1-p1.da-f.us /vzw/stub/v10/");
  EXPECT_EQ(one("tcp://App.Chat.Xiaomi.net:5222"), "tcp app.chat.xiaomi.net 5222");
  EXPECT_EQ(one("see (https://a.xiaomi.com/x?y=1#z)."), "https a.xiaomi.com /x?y=1");
  EXPECT_EQ(one("https://user:secret@host.xiaomi.com/a"), "https host.xiaomi.com /a userinfo");
  EXPECT_EQ(one("https://host.xiaomi.com./a"), "https host.xiaomi.com /a");
  EXPECT_EQ(one("{\"u\":\"https:\\/\\/a.mi.com\\/b\\/c\"}"), "https a.mi.com /b/c");
  EXPECT_EQ(one("x?u=http%3A%2F%2Fa.mi.com%2Fb"), "http a.mi.com");
  EXPECT_EQ(one("bracket<a href=\"http://a.mi.com\">x</a>"), "http a.mi.com");
  EXPECT_EQ(one("<b>http://a.mi.com</b>"), "http a.mi.com");
  EXPECT_EQ(urls("http://a.mi.com,http://b.mi.com").size(), 2u);
}

TEST(Url, IsNotWhatLeadsToNoMachine) {
  for (const char* text : {"content://sms/inbox", "file:///sdcard/a.b.com", "http://", "://x.com", "http://host/", "http://com/", "http://co.uk/x", "http://a..com", "http://-a.com", "http://x.javax/", "android.resource://com.mi/1",
                           "http://a.mi.com:99999/", "http://a.mi.com:0/", "http://%s/path", "http://{host}:{port}/"})
    EXPECT_EQ(one(text), "none") << text;
}

TEST(Url, TakesAddressesInEveryFormThatAUrlParserTakes) {
  EXPECT_EQ(one("http://172.21.104.16/a"), "http 172.21.104.16 /a local");
  EXPECT_EQ(one("http://3232235777/"), "http 192.168.1.1 / local odd");
  EXPECT_EQ(one("http://0xC0A80101"), "http 192.168.1.1 local odd");
  EXPECT_EQ(one("http://0300.0250.1.1:80"), "http 192.168.1.1 80 local odd");
  EXPECT_EQ(one("http://127.1/"), "http 127.0.0.1 / local odd");
  EXPECT_EQ(one("http://203.107.1.65/d"), "http 203.107.1.65 /d");
  EXPECT_EQ(one("http://[2400:3200::1]:53/d"), "http 2400:3200::1 53 /d");
  EXPECT_EQ(one("http://[fe80::1%25wlan0]/"), "http fe80::1 / local");
  for (const char* text : {"http://1.2.3.4.5/", "http://256.1.1.1/", "http://1.2.3.09/", "http://4294967296/", "http://[1::2::3]/", "http://[::1/"}) EXPECT_EQ(one(text), "none") << text;
}

TEST(Url, KeepsAWildcardWhereALabelIsPutInAtRunTime) {
  EXPECT_EQ(one("https://{region}.api.heytapmobile.com/v1"), "https *.api.heytapmobile.com /v1");
  EXPECT_EQ(one("https://%s.push.hicloud.com:%d/"), "https *.push.hicloud.com /");
  EXPECT_EQ(one("https://api-%1$s.oneplus.cn"), "https *.oneplus.cn");
  EXPECT_EQ(one("https://<country>.xiaomi.com"), "https *.xiaomi.com");
  EXPECT_EQ(one("https://${x}.mi.com/${y}"), "https *.mi.com /${y}");
  EXPECT_EQ(one("https://www.google."), "https www.google.*");
  EXPECT_EQ(one("https://bigdata.adups.com."), "https bigdata.adups.com");
  EXPECT_EQ(one("https://%s.com/"), "none");   // names nobody
}

TEST(Url, ReadsNamesInOtherScripts) {
  EXPECT_EQ(one("http://中国移动.中国/a"), "http xn--fiq02ib9d179b.xn--fiqs8s /a");
  EXPECT_EQ(one("请访问http://www.xiaomi.com，了解"), "http www.xiaomi.com");
  EXPECT_EQ(one("http://www.xiaomi.com了解详情"), "http www.xiaomi.com");
  EXPECT_EQ(one("http://xn--fiqs8s.cn/"), "http xn--fiqs8s.cn /");
  EXPECT_EQ(one("http://\xff\xfe.cn/"), "none");
}

TEST(BareHost, IsTheWholeTextAndUnderAPublicSuffix) {
  EXPECT_TRUE(read_bare("bigdata.adups.com"));
  EXPECT_EQ(read_bare("app.chat.xiaomi.net:5222")->port, 5222);
  EXPECT_EQ(read_bare("grs.hicloud.com/config")->path, "/config");
  EXPECT_TRUE(read_bare("119.29.29.29"));
  for (const char* text : {"co.uk", "github.io", "MainActivity.java", "Foo.bar.com", "com.xiaomi", "a b.com", "x@mi.com", "1.2.3", "01.2.3.4", "3232235777", "", ".", "a.", ".com", "a.com:", "libfoo.txt"})
    EXPECT_FALSE(read_bare(text)) << text;
}

TEST(Host, KnowsItsRegisteredDomain) {
  EXPECT_EQ(registered_domain("a.b.co.uk"), "b.co.uk");
  EXPECT_EQ(registered_domain("tracking.intl.miui.com"), "miui.com");
  EXPECT_EQ(registered_domain("user.github.io"), "user.github.io");
  EXPECT_EQ(registered_domain("com"), "");
  EXPECT_EQ(registered_domain("a.javax"), "");
  EXPECT_TRUE(parse_host("www.example.org", Context::url)->made_up);
  EXPECT_TRUE(parse_host("localhost", Context::url)->local);
}

TEST(Url, SurvivesEveryPrefixAndEverySingleChange) {
  const std::string good = "a https://u@{x}.b.mi.com:80/p?q#f http:\\/\\/a.mi.com\\/ http://[::1]:1/ http://0x7f.1/";
  for (std::size_t n = 0; n <= good.size(); ++n) urls(std::string_view(good).substr(0, n));
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const char c : {'\0', '\x01', '\x80', '\xff', '[', '{', '<', '%', '@', ':', '.'}) {
      std::string bad = good;
      bad[i] = c;
      urls(bad);
      read_bare(bad);
    }
}

}  // namespace
}  // namespace klik::net
