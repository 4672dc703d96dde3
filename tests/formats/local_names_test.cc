// What devices tell of themselves on a local network: DHCP, NetBIOS, SSDP; and STUN.
#include <gtest/gtest.h>

#include "formats/net/dhcp.h"
#include "formats/net/netbios.h"
#include "formats/net/ssdp.h"
#include "formats/net/stun.h"
#include "support/dns_maker.h"

namespace klik::net {
namespace {

using test::dns::name;
using test::dns::u16;
using test::dns::u32;
using Strings = std::vector<std::string>;

std::string option(unsigned code, std::string_view data) { return std::string{static_cast<char>(code), static_cast<char>(data.size())} + std::string(data); }
std::string option6(unsigned code, std::string_view data) { return u16(code) + u16(static_cast<unsigned>(data.size())) + std::string(data); }

std::string dhcp_request(const std::string& options) { return std::string("\1\1\6\0", 4) + std::string(232, '\0') + u32(0x63825363) + options; }

const std::string kOptions = option(53, "\3") + option(55, "\1\3\6\x0f") + option(60, "android-dhcp-13") + option(12, "Made-Phone") + std::string(3, '\0') + option(81, std::string("\4\0\0", 3) + name("Made-Phone.lan")) + "\xff";

TEST(Dhcp, TellsTheDevicesName) {
  const auto m = dhcp::read_v4(Bytes::of(dhcp_request(kOptions)));
  ASSERT_TRUE(m);
  EXPECT_EQ(m->type, "REQUEST");
  EXPECT_EQ(m->host_name, "made-phone");
  EXPECT_EQ(m->full_name, "made-phone.lan");
  EXPECT_EQ(m->vendor_class, "android-dhcp-13");
  EXPECT_EQ(m->asked_options, 4u);
  EXPECT_FALSE(m->from_server);
}

TEST(Dhcp, OptionsMayStandInOtherFields) {
  std::string bytes = dhcp_request(option(52, "\2") + "\xff");
  bytes.replace(44, 10, option(12, "in-sname"));
  const auto m = dhcp::read_v4(Bytes::of(bytes));
  ASSERT_TRUE(m);
  EXPECT_EQ(m->host_name, "in-sname");
}

TEST(Dhcp, EveryPrefixEndsWell) {
  const std::string whole = dhcp_request(kOptions);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::string part = whole.substr(0, n);
    const auto m = dhcp::read_v4(Bytes::of(part));
    EXPECT_EQ(m.has_value(), n >= 240) << n;
  }
}

TEST(Dhcp, ReadsVersionSixBehindRelays) {
  const std::string client = std::string("\1\0\0\7", 4) + option6(6, u16(23) + u16(24)) + option6(39, std::string("\1", 1) + "\xaMade-Phone") + option6(16, u32(311) + u16(8) + "MSFT 5.0");
  std::string wrapped = client;
  for (int i = 0; i < 4; ++i) wrapped = std::string("\xc", 1) + std::string(33, '\0') + option6(9, wrapped);
  for (const std::string& bytes : {client, wrapped}) {
    const auto m = dhcp::read_v6(Bytes::of(bytes));
    ASSERT_TRUE(m);
    EXPECT_EQ(m->type, "SOLICIT");
    EXPECT_EQ(m->full_name, "made-phone");
    EXPECT_EQ(m->vendor_class, "MSFT 5.0");
    EXPECT_EQ(m->asked_options, 2u);
  }
  for (int i = 0; i < 8; ++i) wrapped = std::string("\xc", 1) + std::string(33, '\0') + option6(9, wrapped);
  EXPECT_EQ(dhcp::read_v6(Bytes::of(wrapped)).error().code, Code::over_budget);
  for (std::size_t n = 0; n < client.size(); ++n) (void)dhcp::read_v6(Bytes::of(std::string(client.substr(0, n))));
}

TEST(NetBios, DecodesNames) {
  std::string letters;
  for (const char c : std::string("MADE-PHONE.X   ") + '\0') letters += {static_cast<char>('a' + (c >> 4 & 15)), static_cast<char>('a' + (c & 15))};
  EXPECT_EQ(netbios::decoded_name(letters), "made-phone.x");
  EXPECT_EQ(netbios::decoded_name(letters + ".scope"), "made-phone.x");
  EXPECT_EQ(netbios::decoded_name("www.example.org"), std::nullopt);
}

TEST(NetBios, ReadsAddressesAndStatus) {
  EXPECT_EQ(netbios::addresses(Bytes::of(std::string("\0\0\xc0\0\2\7\0\0\xc0\0\2\x8\1", 13))), (Strings{"192.0.2.7", "192.0.2.8"}));
  const std::string entry = "MADE-PHONE     " + std::string("\0\4\0", 3);
  Strings names;
  EXPECT_TRUE(netbios::status_names(Bytes::of("\2" + entry + entry + "\1\2\3\4\5\6"), names));
  EXPECT_EQ(names, Strings{"made-phone"});
  EXPECT_FALSE(netbios::status_names(Bytes::of("\3" + entry), names));
}

TEST(NetBios, DatagramsNameBothEnds) {
  std::string letters(1, ' ');
  for (const char c : std::string("MADE-PHONE     ") + '\0') letters += {static_cast<char>('A' + (c >> 4 & 15)), static_cast<char>('A' + (c & 15))};
  letters += '\0';
  const std::string whole = std::string("\x11\2\0\1\xc0\0\2\7\0\x8a\0\x44\0\0", 14) + letters + letters;
  const auto d = netbios::read_datagram(Bytes::of(whole));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->from, "made-phone");
  EXPECT_EQ(d->to, "made-phone");
  EXPECT_EQ(d->address, "192.0.2.7");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::string part = whole.substr(0, n);
    EXPECT_FALSE(netbios::read_datagram(Bytes::of(part))) << n;
  }
}

TEST(Ssdp, ReadsSearchesAndAnswers) {
  const auto search = ssdp::read(Bytes::of("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nUser-Agent: made/1\r\n\r\n"));
  ASSERT_TRUE(search);
  EXPECT_EQ(search->what, "M-SEARCH");
  EXPECT_EQ(ssdp::field(*search, "USER-AGENT"), "made/1");
  EXPECT_TRUE(ssdp::read(Bytes::of("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nUSN: uuid:1\r\nSERVER: made/2\r\n\r\n")));
  EXPECT_FALSE(ssdp::read(Bytes::of("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")));
  EXPECT_FALSE(ssdp::read(Bytes::of("NOTIFY")));
}

TEST(Stun, ReadsItsSender) {
  const std::string attributes = u16(0x8022) + u16(6) + "made/1" + std::string(2, '\0') + u16(6) + u16(4) + "user";
  const std::string whole = u16(0x0101) + u16(static_cast<unsigned>(attributes.size())) + u32(0x2112a442) + std::string(12, 'x') + attributes;
  const auto m = stun::read(Bytes::of(whole));
  ASSERT_TRUE(m);
  EXPECT_EQ(m->form, "success");
  EXPECT_EQ(m->method, "Binding");
  EXPECT_EQ(m->software, "made/1");
  EXPECT_EQ(m->user_name.text(), "user");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::string part = whole.substr(0, n);
    EXPECT_FALSE(stun::read(Bytes::of(part))) << n;
  }
}

}  // namespace
}  // namespace klik::net
