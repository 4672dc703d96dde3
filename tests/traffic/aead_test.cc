#include "traffic/aead.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "traffic/key_derivation.h"

namespace klik::traffic {
namespace {

using Octets = std::vector<std::uint8_t>;
Octets of(std::string_view digits) { return *unhex(digits); }
std::string hex_of(const Octets& bytes) { return hex(Bytes(bytes)); }

// RFC 9001 appendix A.1 and A.2.
TEST(KeyDerivation, MakesTheInitialKeysOfQuic) {
  const Octets salt = of("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), id = of("8394c8f03e515708");
  const Octets initial = hkdf_extract(HashAlgorithm::sha256, Bytes(salt), Bytes(id));
  const Octets client = hkdf_expand_label(Bytes(initial), "client in", 32, HashAlgorithm::sha256);
  EXPECT_EQ(hex_of(client), "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea");
  EXPECT_EQ(hex_of(hkdf_expand_label(Bytes(client), "quic key", 16, HashAlgorithm::sha256)), "1f369613dd76d5467730efcbe3b1a22d");
  EXPECT_EQ(hex_of(hkdf_expand_label(Bytes(client), "quic iv", 12, HashAlgorithm::sha256)), "fa044b2f42a3fd3b46fb255c");
  const Octets hp = hkdf_expand_label(Bytes(client), "quic hp", 16, HashAlgorithm::sha256);
  EXPECT_EQ(hex_of(hp), "9f50449e04a0e810283a1e9933adedd2");
  auto mask = HeaderMask::make(AeadKind::aes_128_gcm, Bytes(hp));
  ASSERT_TRUE(mask);
  const Octets sample = of("d1b1c98dd7689fb8ec11d242b123dc9b");
  EXPECT_EQ(hex(Bytes(*mask->mask(Bytes(sample)))), "437b9aec36");
  EXPECT_FALSE(mask->mask(Bytes::of("short")));
}

// RFC 9001 appendix A.5.
TEST(Aead, OpensAChachaPacketOfQuic) {
  const Octets hp = of("25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4"), sample = of("5e5cd55c41f69080575d7999c25a5bfb");
  auto mask = HeaderMask::make(AeadKind::chacha20_poly1305, Bytes(hp));
  ASSERT_TRUE(mask);
  EXPECT_EQ(hex(Bytes(*mask->mask(Bytes(sample)))), "aefefe7d03");
  EXPECT_EQ(hex(Bytes(*mask->mask(Bytes(sample)))), "aefefe7d03");
  const Octets key = of("c6d98ff3441c3fe1b2182094f69caa2ed4b716b65488960a7a984979fb23e1c8");
  auto aead = Aead::make(AeadKind::chacha20_poly1305, Bytes(key));
  ASSERT_TRUE(aead);
  const Octets nonce = of("e0459b3474bdd0e46d417eb0"), header = of("4200bff4");
  Octets sealed = of("655e5cd55c41f69080575d7999c25a5bfb"), plain;
  EXPECT_TRUE(aead->open(Bytes(nonce), Bytes(header), Bytes(sealed), plain));
  EXPECT_EQ(hex_of(plain), "01");
  sealed[3] ^= 1;
  EXPECT_FALSE(aead->open(Bytes(nonce), Bytes(header), Bytes(sealed), plain));
  EXPECT_TRUE(plain.empty());
}

TEST(Aead, RefusesKeysAndNoncesOfTheWrongSize) {
  EXPECT_FALSE(Aead::make(AeadKind::aes_256_gcm, Bytes::of("0123456789abcdef")));
  auto aead = Aead::make(AeadKind::aes_128_ccm_8, Bytes::of("0123456789abcdef"));
  ASSERT_TRUE(aead);
  Octets plain;
  EXPECT_FALSE(aead->open(Bytes::of("short"), {}, Bytes::of("0123456789"), plain));
  EXPECT_FALSE(aead->open(Bytes::of("0123456789ab"), {}, Bytes::of("0123456"), plain));
}

// RFC 8448 §3: the server's handshake and application keys, and the client's.
TEST(KeyDerivation, MakesTheTrafficKeysOfTls13) {
  struct Case {
    const char *secret, *key, *iv;
  };
  for (const Case& c : {Case{"b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38", "3fce516009c21727d0f2e4e86ee403bc", "5d313eb2671276ee13000b30"},
                        Case{"b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21", "dbfaa693d1762c5b666af5d950258d01", "5bd3c71b836e0b76bb73265f"}}) {
    const Octets secret = of(c.secret);
    EXPECT_EQ(hex_of(hkdf_expand_label(Bytes(secret), "key", 16, HashAlgorithm::sha256)), c.key);
    EXPECT_EQ(hex_of(hkdf_expand_label(Bytes(secret), "iv", 12, HashAlgorithm::sha256)), c.iv);
  }
}

}  // namespace
}  // namespace klik::traffic
