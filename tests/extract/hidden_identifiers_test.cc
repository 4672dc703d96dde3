#include "extract/hidden_identifiers.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

traffic::LeakSearch owner() {
  return traffic::LeakSearch::of(traffic::read_identifiers(Bytes::of("imei 000000123456789\nserial TEST0SERIAL7\ncoordinates 50.87983,4.70054\nmac 02:1a:2b:3c:4d:5e\n")).identifiers);
}

TEST(HiddenIdentifiers, OfAHostOnlyTheLabelsThatHoldOneGo) {
  traffic::LeakSearch search = owner();
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"000000123456789.sni.example.com", "[owner's identifier].sni.example.com"},
      {"a.id-000000123456789-x.example.com", "a.[owner's identifier].example.com"},
      {"test0serial8.000000123456789.example.com", "test0serial8.[owner's identifier].example.com"},
      {"TEST0SERIAL7.x.000000123456789.example.com", "[owner's identifier].x.[owner's identifier].example.com"},
      {"50.87983.example.com", "[owner's identifier].example.com"},
      {"p.021a.2b3c.4d5e.example.com", "p.[owner's identifier].example.com"},
      {"example.com.000000123456789", "example.com.[owner's identifier]"},
      {"000000123456789", "[owner's identifier]"},
      {"192.0.2.1\n000000123456789.example.com\nexample.org", "192.0.2.1\n[owner's identifier].example.com\nexample.org"},
      {"www.example.com", "www.example.com"},
  };
  for (const auto& [host, hidden] : kCases) EXPECT_EQ(hidden_in_host(host, search), hidden);
}

TEST(HiddenIdentifiers, OfAPathTheNamesThatNameTheOwner) {
  traffic::LeakSearch search = traffic::LeakSearch::of(traffic::read_identifiers(Bytes::of("email test.person@example.com\nemail madename@example.com\ncontact Jan Tester\nimei 000000123456789\ncanary my.own.word\nphone +32470000123\nserial TEST0SERIAL8\n")).identifiers);
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"request.body/gzip/json.data[0].id", "request.body/gzip/json.data[0].id"},
      {"request.body/json.madename.k", "request.body/json.*.k"},
      {"request.body/json.MadeName[3]", "request.body/json.*[3]"},
      {"request.body/json.x_madename", "request.body/json.*"},
      {"request.body/json.jantester.id", "request.body/json.*.id"},
      {"request.body/json.madenames", "request.body/json.madenames"},
      {"request.body/json.a.my.own.word.k", "request.body/json.a.*.k"},
      {"request.body/json.0470-00-01-23", "request.body/json.*"},
      {"request.body/json.0470.00.01.23[2].k", "request.body/json.*[2].k"},
      {"request.header.my.own.word/base64", "request.header.*/base64"},
      {"request.body/json.8LAIRES0TSET.k/form.a", "request.body/json.*.k/form.a"},
      {"request.body/json.my[own]word", "request.body/json.my[own]word"},
      {"request.header.x-id", "request.header.x-id"},
      {"", ""},
  };
  for (const auto& [path, hidden] : kCases) EXPECT_EQ(hidden_in_path(path, search), hidden);
}

TEST(HiddenIdentifiers, LongNamesAreHiddenAsAWhole) {
  traffic::LeakSearch search = owner();
  std::string host;
  for (int i = 0; i < 200; ++i) host += "x.";
  EXPECT_EQ(hidden_in_host(host + "000000123456789", search), kHiddenIdentifier);
  host.clear();
  for (int i = 0; i < 40; ++i) host += "000000123456789.";
  EXPECT_EQ(hidden_in_host(host + "example.com", search).find("000000"), std::string::npos);
}

}  // namespace
}  // namespace klik
