// The identifiers that an owner gives of the own phone, to be looked for in what it sends.
// The file: UTF-8 text, one identifier a line, "KIND VALUE"; empty lines and lines that start with # are passed over. A line "salt TEXT"
// names what a program joins to a value before it takes the digest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::traffic {

enum class IdentifierKind : std::uint8_t {
  imei, meid, serial, mac, wifi_mac, bluetooth_mac, bssid, ssid, phone, email, advertising_id, android_id, gsf_id, udid, imsi, iccid,
  coordinates, contact, canary, other, operator_code,
};
std::string_view kind_name(IdentifierKind kind);   // as in the file

struct Identifier {
  IdentifierKind kind;
  // In one spelling for each kind: digits alone (imei, imsi, iccid), lower-case hex with colons (MACs), "+" and digits (phone),
  // "lat,lon" as given, five or six digits (operator_code: country and network), else as given without blanks around it.
  std::string value;
};

// Digests of salt and value, or of value and salt, are looked for, of every identifier.
struct Salt {
  enum class Way : std::uint8_t { before, after, key };   // key: of an HMAC
  Way way;
  std::uint32_t number;        // of its line among those that name salts, from 1; a line "salt" is two of these
  std::string bytes;           // as given, or what "hex:" gave
};

struct IdentifierLine {
  std::uint32_t line;        // from 1
  const char* what;          // a literal; never the value
};

struct IdentifierFile {
  std::vector<Identifier> identifiers;      // in the order of the file, equal ones once
  std::vector<Salt> salts;                  // in the order of the file
  std::vector<IdentifierLine> errors;       // lines that are none; such a file should not be used
  std::vector<IdentifierLine> passed_over;  // values that every phone of a kind sends, like 02:00:00:00:00:00
  std::vector<IdentifierLine> doubtful;     // of identifiers that are likely mistyped; they are looked for all the same
};

inline constexpr std::size_t kMostIdentifiers = 10'000;
inline constexpr std::size_t kMostSalts = 32, kMostSalted = 2048;   // the second: of salts times identifiers

// Never fails as a whole: the caller decides what errors mean.
IdentifierFile read_identifiers(Bytes text);

}  // namespace klik::traffic
