#include "traffic/identifiers.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/text.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

using Kind = IdentifierKind;
constexpr std::string_view kNames[] = {"imei", "meid", "serial", "mac", "wifi_mac", "bluetooth_mac", "bssid", "ssid", "phone", "email", "advertising_id", "android_id", "gsf_id", "udid", "imsi", "iccid", "coordinates", "contact", "canary", "other", "operator"};
// Shorter texts stand everywhere.
constexpr std::size_t kShortestText = 6, kLongestText = 512;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

using text::lower;

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

// Without the characters that people put between digits.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::string_view(" -./:()").find(c) == std::string_view::npos) out += c;
  return out;
}

bool all_of(std::string_view text, bool (*is)(char)) { return !text.empty() && std::ranges::all_of(text, is); }
bool one_letter(std::string_view text) { return text.find_first_not_of(text.front()) == text.npos; }

// The check digit of ISO/IEC 7812-1 annex B, which IMEIs end in (3GPP TS 23.003 annex B).
bool has_check_digit(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, twice = !twice) {
    const int value = (*digit - '0') * (twice ? 2 : 1);
    sum += value / 10 + value % 10;
  }
  return sum % 10 == 0;
}

bool is_decimal(std::string_view axis, int most) {
  if (axis.starts_with('-')) axis.remove_prefix(1);
  const auto dot = axis.find('.');
  if (dot == axis.npos || dot == 0 || dot > 3 || axis.size() - dot - 1 > 12) return false;
  const std::string_view whole = axis.substr(0, dot), rest = axis.substr(dot + 1);
  return all_of(whole, is_digit) && all_of(rest, is_digit) && rest.size() >= 3 && std::stoi(std::string(whole)) <= most;
}

struct Taken {
  std::string value;
  const char* error = nullptr;
  bool placeholder = false;
};

Taken take_digits(std::string_view given, std::size_t least, std::size_t most, const char* error) {
  std::string digits = squeezed(given);
  if (!all_of(digits, is_digit) || digits.size() < least || digits.size() > most) return {{}, error};
  const bool same = one_letter(digits);
  return {std::move(digits), nullptr, same};
}

Taken take_mac(std::string_view given) {
  const std::string hexadecimal = lower(squeezed(given));
  if (hexadecimal.size() != 12 || !all_of(hexadecimal, is_hex)) return {{}, "a MAC address has twelve hexadecimal digits"};
  std::string value;
  for (std::size_t i = 0; i < 12; i += 2) value.append(i ? ":" : "").append(hexadecimal.substr(i, 2));
  // Android gives 02:00:00:00:00:00 to apps that may not know the real one.
  return {std::move(value), nullptr, hexadecimal == "020000000000" || hexadecimal.substr(1).find_first_not_of('0') == std::string::npos || one_letter(hexadecimal)};
}

Taken take_phone(std::string_view given) {
  std::string digits = squeezed(given);
  const bool plus = digits.starts_with('+') || digits.starts_with("00");
  digits.erase(0, digits.starts_with('+') ? 1 : plus ? 2 : 0);
  if (!all_of(digits, is_digit) || digits.size() < 8 || digits.size() > 15) return {{}, "a phone number has 8 to 15 digits, best as +COUNTRY NUMBER"};
  return {(plus ? "+" : "") + digits, nullptr, one_letter(digits)};
}

Taken take_coordinates(std::string_view given) {
  const auto comma = given.find(',');
  if (comma == given.npos) return {{}, "coordinates are LATITUDE,LONGITUDE in decimal degrees"};
  const std::string lat(trimmed(given.substr(0, comma))), lon(trimmed(given.substr(comma + 1)));
  if (!is_decimal(lat, 90) || !is_decimal(lon, 180)) return {{}, "coordinates need three decimals or more, within 90 and 180 degrees"};
  return {lat + "," + lon, nullptr, (lat + lon).find_first_not_of("-0.") == std::string::npos};
}

Taken take_text(std::string_view given) {
  if (given.size() < kShortestText) return {{}, "texts of fewer than six bytes stand everywhere and cannot be looked for"};
  if (given.size() > kLongestText) return {{}, "longer than 512 bytes"};
  const std::string folded = lower(given);
  // What Android and emulators give when there is nothing to give; 9774d56d682e549c: the same on many phones by a fault of Android 2.2.
  constexpr std::string_view kEmpty[] = {"unknown", "0123456789abcdef", "9774d56d682e549c", "00000000-0000-0000-0000-000000000000", "<unknown ssid>", "\"<unknown ssid>\""};
  return {std::string(given), nullptr, one_letter(folded) || std::ranges::find(kEmpty, folded) != std::end(kEmpty)};
}

// Country and network of an operator: ITU-T E.212. 001 is for tests.
Taken take_operator(std::string_view given) {
  std::string digits = squeezed(given);
  if (!all_of(digits, is_digit) || digits.size() < 5 || digits.size() > 6 || (digits[0] < '2' && !digits.starts_with("001"))) return {{}, "an operator is the three digits of its country and the two or three of its network"};
  return {std::move(digits)};
}

// "salt", "salt_before", "salt_after", "salt_key". False when the line is none of them.
bool take_salt(std::string_view name, std::string_view given, IdentifierFile& file, const char*& error) {
  if (!name.starts_with("salt")) return false;
  const bool before = name == "salt_before", after = name == "salt_after", key = name == "salt_key", both = name == "salt";
  if (!before && !after && !key && !both) return false;
  std::string bytes(given);
  if (given.starts_with("hex:")) bytes = decoded_hex(given.substr(4)).value_or(std::string());
  const std::uint32_t number = file.salts.empty() ? 1 : file.salts.back().number + 1;
  if (bytes.empty()) error = "a salt is a text, or hex: and an even number of hexadecimal digits";
  else if (bytes.size() > kLongestText) error = "longer than 512 bytes";
  else if (number > kMostSalts) error = "more than 32 salts";
  if (error) return true;
  if (before || both) file.salts.push_back({Salt::Way::before, number, bytes});
  if (after || both) file.salts.push_back({Salt::Way::after, number, bytes});
  if (key) file.salts.push_back({Salt::Way::key, number, bytes});
  return true;
}

Taken take(Kind kind, std::string_view given) {
  switch (kind) {
    case Kind::imei: return take_digits(given, 14, 16, "an IMEI has 14 to 16 digits");
    case Kind::imsi: return take_digits(given, 14, 15, "an IMSI has 14 or 15 digits");
    case Kind::iccid: return take_digits(given, 18, 20, "an ICCID has 18 to 20 digits");
    case Kind::mac:
    case Kind::wifi_mac:
    case Kind::bluetooth_mac:
    case Kind::bssid: return take_mac(given);
    case Kind::phone: return take_phone(given);
    case Kind::coordinates: return take_coordinates(given);
    case Kind::operator_code: return take_operator(given);
    case Kind::email: {
      const auto at = given.find('@');
      if (at == given.npos || at == 0 || given.find('.', at) == given.npos) return {{}, "an e-mail address is NAME@DOMAIN"};
      return take_text(given);
    }
    default: return take_text(given);
  }
}

}  // namespace

std::string_view kind_name(IdentifierKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

IdentifierFile read_identifiers(Bytes bytes) {
  IdentifierFile file;
  std::string_view text = bytes.text();
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::uint32_t last_salt = 0;
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view line = trimmed(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
    if (line.empty() || line.starts_with('#')) continue;
    const auto space = line.find_first_of(" \t");
    const std::string word = lower(line.substr(0, space));
    const auto name = std::ranges::find(kNames, word);
    const char* salt_error = nullptr;
    if (take_salt(word, space == line.npos ? std::string_view() : trimmed(line.substr(space)), file, salt_error)) {
      if (salt_error) file.errors.push_back({number, salt_error});
      else last_salt = number;
    } else if (name == std::end(kNames)) {
      file.errors.push_back({number, "no such kind of identifier"});
    } else if (space == line.npos) {
      file.errors.push_back({number, "a value is missing after the kind"});
    } else if (!text::is_clean_utf8(line)) {
      file.errors.push_back({number, "not UTF-8"});
    } else if (file.identifiers.size() == kMostIdentifiers) {
      file.errors.push_back({number, "more than 10,000 identifiers"});
      break;
    } else {
      const Kind kind = static_cast<Kind>(name - std::begin(kNames));
      Taken taken = take(kind, trimmed(line.substr(space)));
      if (kind == Kind::imei && taken.value.size() == 15 && !taken.placeholder && !has_check_digit(taken.value)) file.doubtful.push_back({number, "the check digit of this IMEI is wrong, so it may be mistyped; looked for as it stands"});
      if (taken.error) file.errors.push_back({number, taken.error});
      else if (taken.placeholder) file.passed_over.push_back({number, "a placeholder that many phones send; not looked for"});
      else if (std::ranges::none_of(file.identifiers, [&](const Identifier& i) { return i.kind == kind && i.value == taken.value; })) file.identifiers.push_back({kind, std::move(taken.value)});
    }
  }
  if (file.salts.size() * file.identifiers.size() > kMostSalted) file.errors.push_back({last_salt, "too many salts for so many identifiers"});
  return file;
}

}  // namespace klik::traffic
