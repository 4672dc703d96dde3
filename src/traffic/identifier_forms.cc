#include "traffic/identifier_forms.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/ascii.h"
#include "traffic/coordinate_forms.h"
#include "traffic/form_list.h"
#include "traffic/joined_digests.h"
#include "traffic/letter_forms.h"
#include "traffic/operator_forms.h"
#include "traffic/text_encodings.h"
#include "traffic/text_forms.h"
#include "traffic/utdid.h"

namespace klik::traffic {
namespace {

using Kind = IdentifierKind;
using text::lower;
using text::upper;

std::string without(std::string_view text, std::string_view characters) {
  std::string out;
  for (const char c : text)
    if (characters.find(c) == characters.npos) out += c;
  return out;
}

bool is_hex(std::string_view text) { return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos; }

std::string bytes_of(std::string_view hexadecimal) { return decoded_hex(hexadecimal).value_or(std::string()); }

std::string wire(std::uint64_t value, bool big_endian) {
  std::string out;
  for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(value >> (big_endian ? 56 - 8 * i : 8 * i));
  return out;
}

std::uint64_t number_of(std::string_view text, int base) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

// Two digits a byte. `swapped`: the first digit in the low nibble, as SIM cards and 3GPP messages have it (3GPP TS 24.008 §10.5.1.4).
std::string packed_decimal(std::string_view digits, bool swapped) {
  std::string pairs(digits);
  if (swapped)
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) std::swap(pairs[i], pairs[i + 1]);
  return bytes_of(pairs);
}

std::string grouped(std::string_view digits, std::span<const unsigned> sizes, char separator) {
  std::string out;
  for (const unsigned size : sizes) {
    if (!out.empty()) out += separator;
    out += digits.substr(0, size);
    digits.remove_prefix(std::min<std::size_t>(size, digits.size()));
  }
  return out;
}

void decimal_numbers(Forms& forms, std::string_view digits) {
  const std::uint64_t value = number_of(digits, 10);
  forms.number("u64be", wire(value, true));
  forms.number("u64le", wire(value, false));
  std::string varint;
  for (std::uint64_t rest = value; ; rest >>= 7) {
    varint += static_cast<char>((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    if (rest <= 0x7f) break;
  }
  forms.number("varint", varint);
}

void imei(Forms& forms, const std::string& value) {
  const std::string tac_and_serial = value.substr(0, 14);
  std::vector<Spelling> all;
  if (value.size() == 15) all.push_back({"plain", value, Neighbours::digits, true});
  if (value.size() == 16) all.push_back({"imei.sv", value, Neighbours::digits, true});
  constexpr unsigned kGroups[] = {2, 6, 6, 1};
  if (value.size() == 15) all.push_back({"grouped", grouped(value, kGroups, '-'), Neighbours::digits, true});
  forms.add({.identifier = 0, .name = value.size() == 14 ? "plain" : "imei.14", .bytes = tac_and_serial, .whole = tac_and_serial, .neighbours = Neighbours::digits, .tail = Tail::imei});
  all.push_back({"imei.14", tac_and_serial, Neighbours::digits, true});
  forms.spellings(all);
  forms.in_groups(value);
  if (value.size() == 15)
    for (const bool swapped : {false, true}) {
      const std::string name = swapped ? "packed_bcd.swapped" : "packed_bcd";
      for (const std::string& digits : {value + "f", "0" + value, value + "0"}) forms.binary(name, packed_decimal(digits, swapped));
    }
  if (value.size() == 15) forms.binary("packed_bcd.mobile_identity", packed_decimal("a" + value, true));   // type of identity 2, odd: 3GPP TS 24.008 §10.5.1.4
  decimal_numbers(forms, value);
  forms.add({.identifier = 0, .name = "utdid", .bytes = utdid_middle(value), .whole = {}, .tail = Tail::utdid});
}

void mac(Forms& forms, const std::string& value) {
  const std::string bare = without(value, ":"), dashed = [&] { std::string s = value; std::ranges::replace(s, ':', '-'); return s; }();
  std::string short_octets;
  for (std::size_t i = 0; i < bare.size(); i += 2) short_octets.append(i ? ":" : "").append(bare.substr(bare[i] == '0' ? i + 1 : i, bare[i] == '0' ? 1 : 2));
  const std::string dotted = bare.substr(0, 4) + "." + bare.substr(4, 4) + "." + bare.substr(8);
  const Spelling all[] = {
      {"plain", value, Neighbours::hex, true}, {"upper", upper(value), Neighbours::hex, true}, {"dashes", dashed, Neighbours::hex, true}, {"dashes.upper", upper(dashed), Neighbours::hex, true},
      {"bare", bare, Neighbours::hex, true}, {"bare.upper", upper(bare), Neighbours::hex, true}, {"short_octets", short_octets, Neighbours::hex, false, false}, {"dotted", dotted, Neighbours::hex, false, false},
  };
  forms.spellings(all);
  forms.text("decimal", std::to_string(number_of(bare, 16)), Neighbours::digits);
  forms.binary("raw", bytes_of(bare));
  forms.number("u64be", wire(number_of(bare, 16), true), true);
  forms.number("u64le", wire(number_of(bare, 16), false), true);
}

void hexadecimal(Forms& forms, const std::string& value) {
  const Spelling all[] = {{"plain", value, Neighbours::hex, true}, {"lower", lower(value), Neighbours::hex, true}, {"upper", upper(value), Neighbours::hex, true}};
  forms.spellings(all);
  if (value.size() == 16) {
    const std::uint64_t number = number_of(value, 16);
    forms.text("decimal", std::to_string(number), Neighbours::digits);
    forms.text("decimal.signed", std::to_string(static_cast<std::int64_t>(number)), Neighbours::digits);
    forms.number("u64be", wire(number, true));
    forms.number("u64le", wire(number, false));
  } else if (value.size() % 2 == 0) forms.binary("raw", bytes_of(value), value.size() / 2 < kStrongBytes);
}

bool is_uuid(std::string_view value) { return value.size() == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-' && is_hex(without(value, "-")) && without(value, "-").size() == 32; }

void uuid(Forms& forms, const std::string& value) {
  const std::string bare = lower(without(value, "-")), raw = bytes_of(bare);
  const Spelling all[] = {{"plain", value, Neighbours::hex, true}, {"lower", lower(value), Neighbours::hex, true}, {"upper", upper(value), Neighbours::hex, true}, {"bare", bare, Neighbours::hex, true}, {"bare.upper", upper(bare), Neighbours::hex, true}};
  forms.spellings(all);
  forms.binary("raw", raw);
  // As Windows stores a GUID: the first three parts with the low byte first.
  forms.binary("guid", reversed_bytes(raw.substr(0, 4)) + reversed_bytes(raw.substr(4, 2)) + reversed_bytes(raw.substr(6, 2)) + raw.substr(8));
  // As Java's UUID gives them: two signed longs.
  forms.text("long.high", std::to_string(static_cast<std::int64_t>(number_of(bare.substr(0, 16), 16))), Neighbours::digits);
  forms.text("long.low", std::to_string(static_cast<std::int64_t>(number_of(bare.substr(16), 16))), Neighbours::digits);
}

// Length of the country code that a number starts with (ITU-T E.164, list of assigned codes).
std::size_t country_code_size(std::string_view digits) {
  if (digits.starts_with('1') || digits.starts_with('7')) return 1;
  constexpr std::string_view kTwo[] = {"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"};
  return std::ranges::find(kTwo, digits.substr(0, 2)) != std::end(kTwo) ? 2 : 3;
}

void phone(Forms& forms, const std::string& value) {
  std::vector<Spelling> all;
  const bool international = value.starts_with('+');
  const std::string digits = international ? value.substr(1) : value;
  std::string national = digits, code;
  if (international) {
    code = digits.substr(0, country_code_size(digits));
    national = digits.substr(code.size());
    all.push_back({"plain", value, Neighbours::digits, true});
    all.push_back({"digits", digits, Neighbours::digits, true});
    all.push_back({"00", "00" + digits, Neighbours::digits, true});
    all.push_back({"national", "0" + national, Neighbours::digits, true});
  } else all.push_back({"plain", value, Neighbours::digits, true});
  const std::string bare = !international && national.starts_with('0') ? national.substr(1) : national;
  if (bare.size() == 10) all.push_back({"grouped", "(" + bare.substr(0, 3) + ") " + bare.substr(3, 3) + "-" + bare.substr(6), Neighbours::digits, true, false});
  // As the libraries of phones write them, which programs then take the digest of.
  struct Grouping {
    std::size_t length;
    std::vector<unsigned> sizes;
  };
  const Grouping kGroupings[] = {{8, {2, 2, 2, 2}}, {8, {4, 4}}, {9, {3, 2, 2, 2}}, {9, {3, 3, 3}}, {9, {2, 3, 2, 2}}, {9, {1, 2, 2, 2, 2}}, {10, {3, 3, 4}}, {10, {3, 7}}, {10, {4, 6}}, {10, {5, 5}}, {11, {3, 4, 4}}};
  for (const Grouping& g : kGroupings)
    if (g.length == bare.size() && !code.empty()) all.push_back({"grouped", "+" + code + " " + grouped(bare, g.sizes, ' '), Neighbours::digits, true, false});
  forms.spellings(all);
  for (const std::string& written : {code + bare, "00" + code + bare, "0" + bare, bare})
    if (written.size() >= 9 || written.size() == digits.size()) forms.in_groups(written);
  if (bare.size() >= 9) forms.beside_key("last9", bare.substr(bare.size() - 9), Neighbours::digits);
  if (bare.size() >= 8) forms.beside_key("last8", bare.substr(bare.size() - 8), Neighbours::digits);
}

void sim(Forms& forms, Kind kind, const std::string& value) {
  std::vector<Spelling> all{{"plain", value, Neighbours::digits, true}};
  if (kind == Kind::iccid && value.size() == 20) all.push_back({"iccid.19", value.substr(0, 19), Neighbours::digits, true});
  // In front of an identity stands what kind it is: 3GPP TS 23.003 §14.3, §19.3 (0: EAP-AKA, 1: EAP-SIM, 6: EAP-AKA', 2: a pseudonym's).
  if (kind == Kind::imsi)
    for (const char leading : {'0', '1', '2', '6'}) all.push_back({"nai", leading + value + "@", Neighbours::number, false, false});
  forms.spellings(all);
  for (const Spelling& s : all)
    if (s.name != "nai") forms.in_groups(s.text);
  const std::string even = value.size() % 2 ? value + "f" : value;
  forms.binary("packed_bcd", packed_decimal(even, false));
  forms.binary("packed_bcd.swapped", packed_decimal(even, true));
  if (kind == Kind::imsi) {
    decimal_numbers(forms, value);
    if (value.size() == 15) forms.binary("packed_bcd.ef_imsi", packed_decimal("9" + value, true));   // EF_IMSI, odd: 3GPP TS 31.102 §4.2.2
  }
}

void email(Forms& forms, const std::string& value) {
  std::vector<Spelling> all{{"plain", value, Neighbours::word, true}, {"lower", in_small_letters(value), Neighbours::word, true}, {"upper", in_capitals(value), Neighbours::word, true}};
  const auto at = value.find('@'), tag = value.find('+');
  if (tag != value.npos && tag > 0 && tag < at) {
    // Most mail systems deliver what stands behind a + to the same mailbox (RFC 5233).
    const std::string untagged = value.substr(0, tag) + value.substr(at);
    all.push_back({"untagged", untagged, Neighbours::word, true});
    all.push_back({"untagged", lower(untagged), Neighbours::word, true});
  }
  const std::string domain = lower(value.substr(at));
  if (domain == "@gmail.com" || domain == "@googlemail.com") {
    // Google takes all of these for one mailbox.
    std::string local = lower(value.substr(0, at));
    local = without(local.substr(0, local.find('+')), ".");
    all.push_back({"mailbox", local + "@gmail.com", Neighbours::word, true});
    all.push_back({"mailbox", local + "@googlemail.com", Neighbours::word, true});
  }
  forms.spellings(all);
  if (at >= 6) forms.add({.identifier = 0, .name = "local_part", .bytes = lower(value.substr(0, at)), .whole = {}, .neighbours = Neighbours::word, .any_case = true, .needs_key = true, .weak = true});
}

void words(Forms& forms, const std::string& value, Neighbours neighbours) {
  const Spelling all[] = {
      {"plain", value, neighbours, true}, {"lower", in_small_letters(value), neighbours, true}, {"upper", in_capitals(value), neighbours, true}, {"decomposed", decomposed(value), neighbours}, {"composed", composed(value), neighbours},
  };
  forms.spellings(all);
}

void contact(Forms& forms, const std::string& value) {
  words(forms, value, Neighbours::word);
  // As names of accounts have it.
  const std::string joined = lower(without(value, " "));
  if (joined.size() != value.size() && joined.size() >= kStrongBytes) forms.add({.identifier = 0, .name = "joined", .bytes = joined, .whole = {}, .neighbours = Neighbours::word, .any_case = true, .needs_key = true, .weak = true});
}

void operator_code(Forms& forms, const std::string& value) {
  for (OperatorForm& f : operator_forms(value))
    forms.add({.identifier = 0, .name = std::move(f.name), .bytes = std::move(f.bytes), .whole = {}, .neighbours = Neighbours::digits, .axis = f.part == OperatorForm::Part::country ? Axis::country : f.part == OperatorForm::Part::network ? Axis::network : Axis::none, .own_name = f.part == OperatorForm::Part::both, .weak = f.part == OperatorForm::Part::both});
}

void coordinates(Forms& forms, const std::string& value) {
  for (CoordinateForm& f : coordinate_forms(value)) {
    Form form{.identifier = 0, .name = std::move(f.name), .bytes = std::move(f.bytes), .whole = std::move(f.whole)};
    form.neighbours = f.text ? (f.geohash ? Neighbours::word : f.follows ? Neighbours::number : Neighbours::digits) : Neighbours::any;
    form.tail = f.decimals ? Tail::decimals : f.geohash ? Tail::geohash : Tail::none;
    form.encoding = !f.text && f.axis != 0;
    form.axis = f.axis == 1 ? Axis::latitude : f.axis == 2 ? Axis::longitude : Axis::none;
    forms.add(std::move(form));
  }
}

}  // namespace

std::vector<Form> forms_of(std::span<const Identifier> identifiers, std::span<const Salt> salts) {
  std::vector<Form> all;
  const std::vector<JoinedDigest> joined = known_joined(identifiers);
  auto next = joined.begin();
  for (std::uint32_t i = 0; i < identifiers.size(); ++i) {
    Forms forms(all, i, salts);
    const auto& [kind, value] = identifiers[i];
    switch (kind) {
      case Kind::imei: imei(forms, value); break;
      case Kind::mac:
      case Kind::wifi_mac:
      case Kind::bluetooth_mac:
      case Kind::bssid: mac(forms, value); break;
      case Kind::phone: phone(forms, value); break;
      case Kind::imsi:
      case Kind::iccid: sim(forms, kind, value); break;
      case Kind::email: email(forms, value); break;
      case Kind::coordinates: coordinates(forms, value); break;
      case Kind::operator_code: operator_code(forms, value); break;
      case Kind::canary: words(forms, value, Neighbours::number); break;
      case Kind::contact: contact(forms, value); break;
      case Kind::ssid:
      case Kind::other: words(forms, value, Neighbours::word); break;
      default:
        if (is_uuid(value)) uuid(forms, value);
        else if (is_hex(value) && value.size() >= 14) hexadecimal(forms, value);
        else words(forms, value, Neighbours::word);
    }
    for (; next != joined.end() && next->identifier == i; ++next) forms.joined(*next);
  }
  return all;
}

std::span<const std::string_view> key_words(Kind kind) {
  static constexpr std::string_view kDevice[] = {"imei", "meid", "device", "did", "uid", "serial", "mac", "hash", "crc", "android"};
  static constexpr std::string_view kPhone[] = {"phone", "mobile", "msisdn", "tel", "number", "contact", "hash", "crc"};
  static constexpr std::string_view kPerson[] = {"mail", "user", "account", "login", "name", "contact", "hash", "crc"};
  static constexpr std::string_view kPlace[] = {"geo", "loc", "lat", "lon", "lng", "gps", "hash", "position"};
  static constexpr std::string_view kNetwork[] = {"wifi", "ssid", "network", "router", "mac", "hash", "crc"};
  static constexpr std::string_view kOperator[] = {"mcc", "mnc", "plmn", "operator", "carrier", "numeric", "netop", "simop"};
  switch (kind) {
    case Kind::operator_code: return kOperator;
    case Kind::phone:
    case Kind::imsi:
    case Kind::iccid: return kPhone;
    case Kind::email:
    case Kind::contact: return kPerson;
    case Kind::coordinates: return kPlace;
    case Kind::ssid:
    case Kind::bssid:
    case Kind::wifi_mac: return kNetwork;
    default: return kDevice;
  }
}

}  // namespace klik::traffic
