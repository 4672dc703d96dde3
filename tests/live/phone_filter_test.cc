// Only addresses of one device become a filter, in libpcap's words and spelled by us.
#include "live/phone_filter.h"

#include <gtest/gtest.h>

namespace klik::live {
namespace {

std::string filter(std::string_view addresses) {
  const auto made = phone_filter(addresses);
  return made ? *made : std::string("refused: ") + made.error().what;
}

TEST(PhoneFilter, TakesMacAndIpAddresses) {
  EXPECT_EQ(filter("02:00:5e:00:53:01"), "ether host 02:00:5e:00:53:01");
  EXPECT_EQ(filter("02-00-5E-00-53-0A"), "ether host 02:00:5e:00:53:0a");
  EXPECT_EQ(filter("192.0.2.7"), "host 192.0.2.7");
  EXPECT_EQ(filter("2001:DB8:0:0::1"), "host 2001:db8::1");
  EXPECT_EQ(filter("02:00:5e:00:53:01,192.0.2.7,fe80::1"), "ether host 02:00:5e:00:53:01 or host 192.0.2.7 or host fe80::1");
}

TEST(PhoneFilter, TakesNothingElse) {
  for (const char* wrong : {"", ",", "192.0.2.7,", "phone.example", "192.0.2.7 or host 192.0.2.8", "192.0.2", "192.0.2.0/24", "02:00:5e:00:53", "02:00:5e:00:53:0g", "02:00:5e:00:53:01:02", "fe80::1%wlan0", "port 80", "192.0.2.7\n"})
    EXPECT_TRUE(filter(wrong).starts_with("refused: neither")) << wrong << ": " << filter(wrong);
}

TEST(PhoneFilter, RefusesAddressesOfManyDevicesAndOfNone) {
  for (const char* many : {"ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01", "33:33:00:00:00:01", "00:00:00:00:00:00", "255.255.255.255", "224.0.0.251", "239.1.2.3", "0.0.0.0", "ff02::1", "::"})
    EXPECT_TRUE(filter(many).starts_with("refused: a")) << many << ": " << filter(many);
}

TEST(PhoneFilter, RefusesALongList) {
  std::string addresses = "192.0.2.1";
  for (int i = 2; i <= 16; ++i) addresses += ",192.0.2." + std::to_string(i);
  EXPECT_TRUE(phone_filter(addresses));
  EXPECT_FALSE(phone_filter(addresses + ",192.0.2.17"));
}

}  // namespace
}  // namespace klik::live
