// Suites that today's TLS libraries no longer speak, sealed here by hand.
#include "traffic/tls_keys.h"

#include <gtest/gtest.h>

#include "support/tls_made.h"
#include "traffic/openssl_cipher.h"

namespace klik::traffic {
namespace {

using test::Octets;

struct Sealed {
  std::uint16_t suite;
  const char* cipher;
  HashAlgorithm mac;
  std::size_t key, block;
};

// Keys out of the PRF, which whole connections with other suites have shown to be right.
struct Sealer {
  const Sealed& s;
  std::uint16_t version;
  CipherContext context{EVP_CIPHER_CTX_new()};
  Octets mac_key;
  std::uint64_t sequence = 0;

  Sealer(const Sealed& sealed, std::uint16_t of, Bytes master, Bytes client, Bytes server) : s(sealed), version(of) {
    Octets seed(server.begin(), server.end());
    seed.insert(seed.end(), client.begin(), client.end());
    const std::size_t mac = digest_size(s.mac);
    const Octets block = version == tls::kTls12 ? tls12_prf(HashAlgorithm::sha256, master, "key expansion", Bytes(seed), 200) : tls10_prf(master, "key expansion", Bytes(seed), 200);
    mac_key = {block.begin(), block.begin() + static_cast<std::ptrdiff_t>(mac)};
    const std::uint8_t* key = block.data() + 2 * mac;
    const std::uint8_t* iv = key + 2 * s.key;
    EXPECT_EQ(EVP_EncryptInit_ex(context.get(), fetched_cipher(s.cipher), nullptr, key, s.block ? iv : nullptr), 1);
    EVP_CIPHER_CTX_set_padding(context.get(), 0);
  }

  Octets seal(const Octets& plain) {
    const Octets pseudo = test::joined({test::number(sequence++, 8), {23}, test::number(version, 2), test::number(plain.size(), 2), plain});
    Octets text = test::joined({plain, hmac(s.mac, Bytes(mac_key), Bytes(pseudo))});
    if (s.block) {
      const std::size_t padding = s.block - text.size() % s.block;
      text.insert(text.end(), padding, static_cast<std::uint8_t>(padding - 1));
      if (version != tls::kTls10) text.insert(text.begin(), s.block, 0x5a);   // decrypts to nothing that counts: an IV of its own
    }
    Octets out(text.size() + 16);
    int n = 0;
    EXPECT_EQ(EVP_EncryptUpdate(context.get(), out.data(), &n, text.data(), static_cast<int>(text.size())), 1);
    out.resize(static_cast<std::size_t>(n));
    return out;
  }
};

class OldCiphers : public testing::TestWithParam<Sealed> {};
TEST_P(OldCiphers, OpenOneRecordAfterTheOther) {
  const Sealed& sealed = GetParam();
  if (!fetched_cipher(sealed.cipher)) GTEST_SKIP() << "OpenSSL's legacy provider is not installed";
  const Octets master(48, 1), client(32, 2), server(32, 3);
  for (const std::uint16_t version : {tls::kTls10, tls::kTls11, tls::kTls12}) {
    const auto suite = cipher_suite(sealed.suite);
    ASSERT_TRUE(suite);
    const auto cipher = tls12_cipher(*suite, {version, Bytes(master), Bytes(client), Bytes(server)}, Way::up);
    ASSERT_TRUE(cipher);
    Sealer sealer(sealed, version, Bytes(master), Bytes(client), Bytes(server));
    for (std::uint64_t n = 0; n < 4; ++n) {
      const Octets plain(n * 17, static_cast<std::uint8_t>(n));
      const Octets fragment = sealer.seal(plain);
      const tls::RecordHeader header{23, version, static_cast<std::uint16_t>(fragment.size())};
      Octets out;
      std::uint8_t type = 23;
      Octets damaged = fragment;
      damaged.front() ^= 1, damaged.back() ^= 1;
      EXPECT_FALSE(cipher->open(n, header, Bytes(damaged), out, type));
      EXPECT_FALSE(cipher->open(n + 1, header, Bytes(fragment), out, type));
      EXPECT_TRUE(cipher->open(n, header, Bytes(fragment), out, type)) << sealed.cipher << " record " << n;   // a failure changed nothing
      EXPECT_EQ(out, plain);
    }
    for (std::size_t size = 0; size < 64; ++size) {
      const Octets junk(size, 0xee);
      Octets out;
      std::uint8_t type = 23;
      EXPECT_FALSE(cipher->open(4, {23, version, static_cast<std::uint16_t>(size)}, Bytes(junk), out, type));
      EXPECT_TRUE(out.empty());
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Tls, OldCiphers,
                         testing::Values(Sealed{0x0005, "RC4", HashAlgorithm::sha1, 16, 0}, Sealed{0x0004, "RC4", HashAlgorithm::md5, 16, 0}, Sealed{0x000a, "DES-EDE3-CBC", HashAlgorithm::sha1, 24, 8},
                                         Sealed{0x0009, "DES-CBC", HashAlgorithm::sha1, 8, 8}, Sealed{0x0096, "SEED-CBC", HashAlgorithm::sha1, 16, 16}, Sealed{0x002f, "AES-128-CBC", HashAlgorithm::sha1, 16, 16},
                                         Sealed{0xc03c, "ARIA-128-CBC", HashAlgorithm::sha256, 16, 16}));

TEST(CipherSuite, IsReadFromItsName) {
  EXPECT_EQ(cipher_suite(0xc0ae)->aead, AeadKind::aes_128_ccm_8);
  EXPECT_EQ(cipher_suite(0xc0ac)->aead, AeadKind::aes_128_ccm);
  EXPECT_EQ(cipher_suite(0xc030)->hash, HashAlgorithm::sha384);
  EXPECT_EQ(cipher_suite(0xc028)->mac, HashAlgorithm::sha384);
  EXPECT_TRUE(cipher_suite(0x1305)->tls13);
  for (const int none : {0x0003, 0x0008, 0x00ff, 0x5600, 0x1401, 0xc07a, 0x00c6, 0x0a0a}) EXPECT_FALSE(cipher_suite(static_cast<std::uint16_t>(none))) << none;
}

// A suite of TLS 1.3 under TLS 1.2's keys, and the other way round, is nobody's.
TEST(CipherSuite, BelongsToOneKindOfKeys) {
  const Octets master(48, 1), random(32, 2);
  EXPECT_FALSE(tls12_cipher(*cipher_suite(0x1301), {tls::kTls12, Bytes(master), Bytes(random), Bytes(random)}, Way::up));
  EXPECT_FALSE(tls12_cipher(*cipher_suite(0xc02f), {tls::kTls10, Bytes(master), Bytes(random), Bytes(random)}, Way::up));
  EXPECT_FALSE(tls13_cipher(*cipher_suite(0xc02f), tls::kTls13, Bytes(random)));
  EXPECT_FALSE(tls13_cipher(*cipher_suite(0x1302), tls::kTls13, Bytes(random)));   // a secret of the wrong size
  EXPECT_TRUE(tls13_cipher(*cipher_suite(0x1301), tls::kTls13, Bytes(random)));
}

}  // namespace
}  // namespace klik::traffic
