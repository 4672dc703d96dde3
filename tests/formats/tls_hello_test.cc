#include "formats/net/tls_hello.h"

#include <gtest/gtest.h>

#include "formats/net/ja4.h"
#include "formats/net/tls_names.h"
#include "support/tls_made.h"

namespace klik::tls {
namespace {

using namespace klik::test;

Octets browser_hello(std::initializer_list<std::string_view> protocols = {"h2", "http/1.1"}) {
  return client_hello({.suites = words({0x2a2a, 0x1301, 0xc02f, 0x002f}),
                       .extensions = joined({extension_of(0x3a3a, {}), server_name_of("example.org"), alpn_of(protocols), extension_of(43, counted(words({0xfafa, 0x0304, 0x0303}), 1)),
                                             extension_of(13, counted(words({0x0403, 0x0804}), 2)), extension_of(51, counted(joined({words({0x1a1a}), counted({0}, 2), words({0x001d}), counted(Octets(32, 1), 2)}), 2)),
                                             extension_of(0xfe0d, Octets(20, 3))})});
}

TEST(ClientHello, IsReadWithItsExtensions) {
  const Octets bytes = browser_hello();
  const auto hello = parse_client_hello(Bytes(bytes), HelloForm::tls);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->legacy_version, 0x0303);
  EXPECT_EQ(hello->random[31], 7);
  EXPECT_EQ(hello->session_id.size(), 4u);
  EXPECT_EQ(hello->cipher_suites.size(), 4u);
  EXPECT_EQ(hello->server_name, "example.org");
  EXPECT_EQ(hello->alpn, (std::vector<std::string_view>{"h2", "http/1.1"}));
  EXPECT_EQ(hello->highest_version(), kTls13);
  EXPECT_EQ(hello->signature_algorithms, (std::vector<std::uint16_t>{0x0403, 0x0804}));
  EXPECT_EQ(hello->key_share_groups, (std::vector<std::uint16_t>{0x1a1a, 0x001d}));
  EXPECT_TRUE(hello->ech);
  EXPECT_FALSE(hello->malformed_extension);
}

// The digests are of "002f,1301,c02f" and "000d,002b,0033,fe0d_0403,0804", by sha256sum.
TEST(Ja4, LeavesOutGreaseNameAndAlpn) {
  const Octets bytes = browser_hello();
  const auto hello = parse_client_hello(Bytes(bytes), HelloForm::tls);
  EXPECT_EQ(ja4(*hello, Carrier::tcp), "t13d0306h2_54093f43ad55_f854d66f0034");
  EXPECT_EQ(ja4(*hello, Carrier::quic).substr(0, 10), "q13d0306h2");
  EXPECT_EQ(ja4_of_programs(*hello, Carrier::tcp), "");
}

TEST(Ja4, AlpnBytesThatAreNoLettersAreDigits) {
  for (const auto& [name, by_text, by_programs] : std::vector<std::array<std::string_view, 3>>{
           {"\xba\xad", "bd", "99"}, {"h\xad", "6d", "h9"}, {"x", "xx", ""}, {"-2", "22", "-2"}, {"http/1.1", "h1", ""}}) {
    const Octets bytes = browser_hello({name});
    const auto hello = parse_client_hello(Bytes(bytes), HelloForm::tls);
    EXPECT_EQ(ja4(*hello, Carrier::tcp).substr(8, 2), by_text);
    const std::string programs = ja4_of_programs(*hello, Carrier::tcp);
    EXPECT_EQ(programs.empty() ? programs : programs.substr(8, 2), by_programs);
  }
}

TEST(Ja4, OfABareHello) {
  const Octets bytes = client_hello({.version = 0x0301, .suites = {}});
  EXPECT_EQ(ja4(*parse_client_hello(Bytes(bytes), HelloForm::tls), Carrier::tcp), "t10i000000_000000000000_000000000000");
  Octets without_extensions(bytes.begin(), bytes.end() - 2);
  EXPECT_EQ(ja4(*parse_client_hello(Bytes(without_extensions), HelloForm::tls), Carrier::tcp), "t10i000000_000000000000_000000000000");
}

TEST(Ja4, DraftsAreVersionsWithoutALetter) {
  const Octets bytes = client_hello({.extensions = extension_of(43, counted(words({0x7f1c, 0x0304}), 1))});
  const auto hello = parse_client_hello(Bytes(bytes), HelloForm::tls);
  EXPECT_EQ(ja4(*hello, Carrier::tcp).substr(0, 4), "t00i");
  EXPECT_EQ(version_name(hello->highest_version()), "0x7f1c");
}

TEST(ClientHello, OfDtlsHasACookieAndCountsDown) {
  const Octets bytes = client_hello({.version = 0xfeff, .extensions = extension_of(43, counted(words({0xfefc, 0xfefd}), 1)), .dtls = true, .cookie = {1, 2, 3}});
  const auto hello = parse_client_hello(Bytes(bytes), HelloForm::dtls);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->cookie.size(), 3u);
  EXPECT_EQ(hello->highest_version(), kDtls13);
  EXPECT_EQ(ja4(*hello, Carrier::dtls).substr(0, 4), "dd3i");
}

TEST(ClientHello, WithABrokenExtensionKeepsTheRest) {
  const Octets bytes = client_hello({.extensions = joined({server_name_of("a.example"), extension_of(16, {0, 9, 1}), extension_of(13, counted({4}, 2))})});
  const auto hello = parse_client_hello(Bytes(bytes), HelloForm::tls);
  ASSERT_TRUE(hello);
  EXPECT_TRUE(hello->malformed_extension);
  EXPECT_EQ(hello->server_name, "a.example");
  EXPECT_TRUE(hello->alpn.empty());
  EXPECT_EQ(hello->extensions.size(), 3u);
}

TEST(ClientHello, EveryPrefixIsAnErrorOrHasNoExtensions) {
  const Octets bytes = browser_hello();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const Octets part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
    const auto hello = parse_client_hello(Bytes(part), HelloForm::tls);
    if (hello) { EXPECT_TRUE(hello->extensions.empty()) << n; }
  }
}

Octets server_hello(std::uint16_t version, const Octets& random, bool draft, const Octets& extensions) {
  Octets out = joined({number(version, 2), random});
  if (!draft) append(out, {0});
  append(out, number(0x1303, 2));
  if (!draft) append(out, {0});
  return joined({out, counted(extensions, 2)});
}

TEST(ServerHello, SaysVersionSuiteAndAlpn) {
  const Octets bytes = server_hello(0x0303, Octets(32, 5), false, joined({extension_of(43, words({0x0304})), alpn_of({"h2"}), extension_of(51, joined({words({0x001d}), counted(Octets(32, 1), 2)}))}));
  const auto hello = parse_server_hello(Bytes(bytes));
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->version, kTls13);
  EXPECT_EQ(hello->alpn, "h2");
  EXPECT_EQ(cipher_suite_text(hello->cipher_suite), "TLS_CHACHA20_POLY1305_SHA256");
  EXPECT_EQ(hello->key_share_group, 0x001d);
  EXPECT_FALSE(hello->retry_request);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto part = parse_server_hello(*Bytes(bytes).slice(0, n));
    if (part) { EXPECT_TRUE(part->extensions.empty()); }
  }
}

TEST(ServerHello, OfADraftHasNeitherIdNorCompression) {
  for (std::uint16_t draft = 18; draft < 22; ++draft) {
    const Octets bytes = server_hello(static_cast<std::uint16_t>(0x7f00 + draft), Octets(32, 5), true, extension_of(40, words({0x001d})));
    const auto hello = parse_server_hello(Bytes(bytes));
    ASSERT_TRUE(hello);
    EXPECT_TRUE(hello->draft_form);
    EXPECT_EQ(hello->cipher_suite, 0x1303);
    EXPECT_TRUE(is_tls13(hello->version));
  }
}

TEST(TlsNames, AreIanas) {
  EXPECT_EQ(cipher_suite_name(0xcca8), "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
  EXPECT_EQ(cipher_suite_name(0x000a), "TLS_RSA_WITH_3DES_EDE_CBC_SHA");
  EXPECT_EQ(cipher_suite_text(0xfffe), "0xfffe");
  EXPECT_EQ(version_name(0xfefd), "DTLS 1.2");
}

}  // namespace
}  // namespace klik::tls
