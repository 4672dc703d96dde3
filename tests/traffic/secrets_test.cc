#include "traffic/secrets.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace klik::traffic {
namespace {

const std::string kRandom = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

ClientRandom random_of() {
  ClientRandom r{};
  for (std::size_t i = 0; i < r.size(); ++i) r[i] = static_cast<std::uint8_t>((i % 16) * 0x11);
  return r;
}

TEST(Secrets, TakesTheLinesItKnows) {
  Secrets secrets;
  const std::string text = "# made\nRSA 0011 2233\n\nCLIENT_RANDOM " + kRandom + " " + std::string(96, 'a') + "\r\nSERVER_TRAFFIC_SECRET_0 " + kRandom + " " + std::string(64, 'B') + "\nEXPORTER_SECRET " + kRandom + " " + std::string(64, 'c');
  EXPECT_EQ(secrets.add_key_log(Bytes::of(text)), 2u);
  EXPECT_EQ(secrets.add_key_log(Bytes::of(text)), 0u);
  EXPECT_EQ(secrets.find(random_of(), SecretLabel::client_random).size(), 48u);
  EXPECT_EQ(secrets.find(random_of(), SecretLabel::server_traffic).size(), 32u);
  EXPECT_EQ(secrets.find(random_of(), SecretLabel::server_traffic)[0], 0xbb);
  EXPECT_TRUE(secrets.find(random_of(), SecretLabel::client_traffic).empty());
  EXPECT_TRUE(secrets.knows(random_of()));
  EXPECT_FALSE(secrets.knows(ClientRandom{}));
}

TEST(Secrets, WhatFollowsASecretIsPassedOver) {
  Secrets secrets;
  EXPECT_EQ(secrets.add_key_log(Bytes::of("SERVER_TRAFFIC_SECRET_0 " + kRandom + " " + std::string(64, 'b') + "\\\n")), 1u);
  EXPECT_EQ(secrets.find(random_of(), SecretLabel::server_traffic).size(), 32u);
}

TEST(Secrets, AByteOrderMarkIsNoPartOfTheFirstLine) {
  Secrets secrets;
  EXPECT_EQ(secrets.add_key_log(Bytes::of("\xef\xbb\xbf" "CLIENT_RANDOM " + kRandom + " " + std::string(96, 'a') + "\n")), 1u);
}

TEST(Secrets, WhatIsFoundCountsAsUsed) {
  Secrets secrets;
  const std::string other(64, '1');
  secrets.add_key_log(Bytes::of("CLIENT_RANDOM " + other + " " + std::string(96, 'a') + "\nCLIENT_TRAFFIC_SECRET_0 " + kRandom + " " + std::string(64, 'b') + "\nSERVER_TRAFFIC_SECRET_0 " + kRandom + " " + std::string(64, 'b') + "\n"));
  EXPECT_EQ(secrets.used(), 0u);
  EXPECT_TRUE(secrets.knows(random_of()));
  EXPECT_EQ(secrets.used(), 0u) << "asking is no use";
  for (const SecretLabel label : {SecretLabel::client_traffic, SecretLabel::server_traffic, SecretLabel::server_handshake_traffic}) (void)secrets.find(random_of(), label);
  EXPECT_EQ(secrets.used(), 2u);
  EXPECT_EQ(secrets.used_clients(), std::vector{random_of()});
}

TEST(Secrets, BrokenLinesAreNoSecrets) {
  for (const std::string& line : std::vector<std::string> {std::string("CLIENT_RANDOM"), std::string("CLIENT_RANDOM zz 00"), std::string("CLIENT_RANDOM 0011 0022"), std::string("CLIENT_RANDOM ") + kRandom, "CLIENT_RANDOM " + kRandom + " " + std::string(98, 'a'), "CLIENT_RANDOM " + kRandom + " abc"}) {
    Secrets secrets;
    EXPECT_EQ(secrets.add_key_log(Bytes::of(line)), 0u) << line;
    EXPECT_TRUE(secrets.empty());
  }
}

}  // namespace
}  // namespace klik::traffic
