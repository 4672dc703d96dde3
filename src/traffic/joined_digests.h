// Digests of an identifier and something else: a salt that the owner names, another identifier, a text that a program is known to add.
// Source: RFC 2104 (HMAC); data/digests (known programs).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "traffic/identifiers.h"

namespace klik::traffic {

struct JoinedDigest {
  std::uint32_t identifier;    // in the list given
  std::string name;            // "sha1(imei‖android_id‖serial)"
  std::string bytes;
  std::string_view behind;     // hexadecimal digits that the program writes behind it; may be empty
};

inline constexpr std::string_view kDigestNames[] = {"md5", "sha1", "sha256"};
inline constexpr HashAlgorithm kDigestAlgorithms[] = {HashAlgorithm::md5, HashAlgorithm::sha1, HashAlgorithm::sha256};

std::string digest(HashAlgorithm algorithm, std::string_view text);

// Of one spelling of an identifier with one salt: for each of kDigestNames its name, "sha256(salt1‖value)", and the digest.
struct Salted {
  std::string name, bytes;
};
std::vector<Salted> salted(std::string_view text, const Salt& salt);

// As the programs of data::known_digests() make them; one that joins several identifiers is told of each. In order of the identifiers,
// then of the table. With so many of one kind that they join in thousands of ways, which no owner has, a row is passed over.
std::vector<JoinedDigest> known_joined(std::span<const Identifier> identifiers);

}  // namespace klik::traffic
