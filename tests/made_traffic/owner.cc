#include "owner.h"

#include <openssl/evp.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "wrap.h"

namespace made {
namespace {

using Random = std::mt19937_64;
constexpr std::string_view kDigits = "0123456789", kHex = "0123456789abcdef", kLetters = "abcdefghijklmnopqrstuvwxyz";

std::string drawn(Random& random, std::size_t n, std::string_view from) {
  std::string out;
  while (out.size() < n) out += from[random() % from.size()];
  return out;
}
std::string hashed(const char* algorithm, const std::string& text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), out, &size, EVP_get_digestbyname(algorithm), nullptr) != 1) throw std::runtime_error(algorithm);
  return std::string(reinterpret_cast<const char*>(out), size);
}
std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}
std::string without(std::string text, char c) {
  std::erase(text, c);
  return text;
}
char luhn(std::string_view fourteen) {
  int sum = 0;
  for (std::size_t i = 0; i < fourteen.size(); ++i) {
    const int d = (fourteen[i] - '0') * (i % 2 ? 2 : 1);
    sum += d / 10 + d % 10;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}
char another(char c, std::string_view from, Random& random) {
  char other = c;
  while (other == c) other = from[random() % from.size()];
  return other;
}
// One character from `from` on changed for another of its kind.
std::string changed(std::string text, std::size_t from, std::string_view alphabet, Random& random) {
  std::size_t at = from + random() % (text.size() - from);
  while (alphabet.find(text[at]) == alphabet.npos) at = from + random() % (text.size() - from);
  text[at] = another(text[at], alphabet, random);
  return text;
}
// Two unlike neighbours exchanged; the text itself when there are none.
std::string transposed(std::string text, Random& random) {
  for (int tries = 0; tries < 40; ++tries) {
    const std::size_t at = random() % (text.size() - 1);
    if (text[at] == text[at + 1] || kDigits.find(text[at]) == kDigits.npos || kDigits.find(text[at + 1]) == kDigits.npos) continue;
    std::swap(text[at], text[at + 1]);
    break;
  }
  return text;
}

struct Kind {
  const char* name;
  std::string (*make)(Random&);
  std::vector<const char*> fields;
};

std::string mac(Random& r) {
  std::string out = "02";
  for (int i = 0; i < 5; ++i) out += ":" + drawn(r, 2, kHex);
  return out;
}
std::string named(Random& r) { return upper(drawn(r, 1, kLetters)) + drawn(r, 7, kLetters); }

const Kind kKinds[] = {
    {"imei", [](Random& r) {
       const std::string body = "001010" + drawn(r, 8, kDigits);
       return body + another(luhn(body), kDigits, r);
     }, {"imei", "did", "device_id"}},
    {"serial", [](Random& r) { return "TEST" + drawn(r, 8, kDigits); }, {"serial", "sn", "ro_serialno"}},
    {"wifi_mac", mac, {"mac", "wifi_mac", "wlan"}},
    {"bluetooth_mac", mac, {"bt", "mac"}},
    {"phone", [](Random& r) { return "+1" + drawn(r, 1, "23456789") + drawn(r, 2, kDigits) + "55501" + drawn(r, 2, kDigits); }, {"phone", "msisdn", "tel"}},
    {"email", [](Random& r) { return "test." + drawn(r, 9, kLetters) + "@example.com"; }, {"email", "account", "user"}},
    {"advertising_id", [](Random& r) { return drawn(r, 8, kHex) + "-" + drawn(r, 4, kHex) + "-0" + drawn(r, 3, kHex) + "-0" + drawn(r, 3, kHex) + "-" + drawn(r, 12, kHex); }, {"gaid", "adid", "oaid"}},
    {"android_id", [](Random& r) { return drawn(r, 16, kHex); }, {"android_id", "aid", "ssaid"}},
    {"imsi", [](Random& r) { return "00101" + drawn(r, 10, kDigits); }, {"imsi", "sub"}},
    {"iccid", [](Random& r) { return "8999" + drawn(r, 15, kDigits); }, {"iccid", "sim"}},
    {"coordinates", [](Random& r) { return "-" + drawn(r, 1, "45") + drawn(r, 1, kDigits) + "." + drawn(r, 5, kDigits) + drawn(r, 1, "123456789") + ",-1" + drawn(r, 1, "1234") + drawn(r, 1, kDigits) + "." + drawn(r, 5, kDigits) + drawn(r, 1, "123456789"); }, {"loc", "geo", "gps"}},
    {"contact", [](Random& r) { return "Test " + named(r) + " " + named(r); }, {"contact", "name"}},
    {"ssid", [](Random& r) { return "Made-Net-" + drawn(r, 8, kHex); }, {"ssid", "wifi", "ap"}},
    {"canary", [](Random& r) { return "canary " + drawn(r, 6, kLetters) + " " + drawn(r, 6, kDigits); }, {"note", "text"}},
};

const Kind& kind_of(const Owned& owned) { return *std::ranges::find_if(kKinds, [&](const Kind& k) { return owned.kind == k.name; }); }

}  // namespace

std::vector<Owned> identifiers(std::size_t count, Random& random) {
  std::vector<Owned> all;
  std::set<std::string> known;
  while (all.size() < count) {
    const Kind& kind = kKinds[all.size() % std::size(kKinds)];
    const std::string value = kind.make(random);
    if (known.insert(value).second) all.push_back({kind.name, value});
  }
  return all;
}

std::string field_name(const Owned& owned, Random& random) {
  const auto& fields = kind_of(owned).fields;
  return fields[random() % fields.size()];
}

std::string written(const Owned& owned, Random& random) {
  const std::string &v = owned.value, &k = owned.kind;
  if (k == "coordinates") {
    const auto comma = v.find(',');
    const std::size_t drop = random() % 3;   // decimals
    return v.substr(0, comma - drop) + "," + v.substr(comma + 1, v.size() - comma - 1 - drop);
  }
  switch (random() % 16) {
    case 14: return hex(hashed("sha256", kSalt + v));
    case 15: return hex(hashed("md5", v + kSalt), true);
    case 0: return hex(hashed("md5", v));
    case 1: return hex(hashed("md5", v), true);
    case 2: return hex(hashed("sha1", v));
    case 3: return hex(hashed("sha256", v));
    case 4: return "a-" + hex(hashed("sha1", v));
    case 5: return hex(hashed("sha256", hex(hashed("md5", v))));
    case 6: return hex(hashed("md5", v)).substr(8, 16);
    case 7: return base64(hashed("sha256", v), false);
    case 8: return std::string(v.rbegin(), v.rend());
    case 9:
      if (k.ends_with("_mac")) return upper(without(v, ':'));
      if (k == "advertising_id") return without(v, '-');
      if (k == "imei") return v.substr(0, 14);
      if (k == "phone") return v.substr(1);
      return v;
    case 10:
      if (k.ends_with("_mac")) {
        std::string dashed = v;
        std::ranges::replace(dashed, ':', '-');
        return dashed;
      }
      if (k == "advertising_id" || k == "android_id" || k == "email") return upper(v);
      if (k == "imei") return v.substr(0, 2) + "-" + v.substr(2, 6) + "-" + v.substr(8, 6) + "-" + v.substr(14);
      if (k == "phone") return "00" + v.substr(1);
      return v;
    default: return v;
  }
}

NearMisses::NearMisses(const std::vector<Owned>& owned) : owned_(owned) {
  for (const Owned& o : owned) values_.insert(o.value);
}

// Another identifier of the kind, as close as can be.
std::string NearMisses::neighbour(const Owned& of, std::string& why, Random& random) const {
  const std::string &v = of.value, &k = of.kind;
  if (k == "imei") switch (random() % 4) {
      case 0: return why = "digit", changed(v, 0, kDigits, random);
      case 1: {
        const std::string body = changed(v.substr(0, 14), 0, kDigits, random);
        return why = "digit, valid check digit", body + luhn(body);
      }
      case 2: return why = "neighbour in the type code", v.substr(0, 8) + drawn(random, 6, kDigits) + v.substr(14);
      default: return why = "transposed", transposed(v.substr(0, 14), random) + v.substr(14);
    }
  if (k == "coordinates") {
    const auto comma = v.find(',');
    const std::string lat = v.substr(0, comma), lon = v.substr(comma + 1);
    const Owned* elsewhere = &of;
    while (elsewhere->kind != k || elsewhere->value == v) elsewhere = &owned_[random() % owned_.size()];
    const auto cut = elsewhere->value.find(',');
    switch (random() % 4) {
      case 0: return why = "axes of two places", lat + "," + elsewhere->value.substr(cut + 1);
      case 1: return why = "axes exchanged, of another hemisphere", lon.substr(1) + "," + lat.substr(1);
      case 2: return why = "decimal", changed(lat, lat.size() - 4, kDigits, random) + "," + lon;
      default: return why = "decimal", lat + "," + changed(lon, lon.size() - 4, kDigits, random);
    }
  }
  if ((k == "imsi" || k == "iccid" || k == "serial") && random() % 2) return why = "transposed", transposed(v, random);
  why = "character";
  if (k.ends_with("_mac") || k == "advertising_id" || k == "android_id") return changed(v, k.ends_with("_mac") ? 3 : 0, kHex, random);
  if (k == "ssid") return changed(v, 9, kHex, random);
  if (k == "phone") return changed(v, 5, kDigits, random);   // in what even its last eight digits hold
  if (k == "email") return changed(v.substr(0, v.find('@')), 5, kLetters, random) + v.substr(v.find('@'));
  if (k == "contact") return changed(v, 6, kLetters, random);
  return changed(v, k == "canary" ? 14 : 0, kDigits, random);
}

NearMiss NearMisses::make(const Owned& of, Random& random) const {
  const std::string &v = of.value, &k = of.kind;
  NearMiss miss;
  do miss.text = neighbour(of, miss.why, random);
  while (values_.contains(miss.text));
  const bool digits = k == "imei" || k == "imsi" || k == "iccid";
  switch (k == "coordinates" ? 99 : random() % 16) {
    case 0: return {hex(hashed("sha512", v)), "other hash of the identifier"};
    case 1: return {hex(hashed("sha224", v)), "other hash of the identifier"};
    case 2: return {hex(hashed("md5", (random() % 2 ? "salt" : "made-salt-") + v)), "salted hash of the identifier"};
    case 3: return {hex(hashed("md5", (random() % 2 ? kSalt : "") + miss.text)), "hash of: " + miss.why};
    case 4: return {hex(hashed("sha1", miss.text), true), "hash of: " + miss.why};
    case 5: return {hex(hashed("sha256", miss.text)), "hash of: " + miss.why};
    case 6: return {base64(drawn(random, random() % 3, "xyz") + miss.text + "...", random() % 2), "base64 of: " + miss.why};
    case 7: return {hex(miss.text), "hex of: " + miss.why};
    case 8: return {std::string(miss.text.rbegin(), miss.text.rend()), "reversed: " + miss.why};
    case 9: return {std::to_string(1'600'000'000'000 + random() % 200'000'000'000), "milliseconds"};
    case 10: return {std::to_string(1'600'000'000'000'000 + random() % 200'000'000'000'000), "microseconds"};
    case 11:
      if (digits) return {random() % 2 ? drawn(random, 1 + random() % 4, "123456789") + v : v + drawn(random, 3 + random() % 4, "123456789"), "within a longer number"};
      if (k == "email" || k == "serial") return {"z" + v, "within a longer word"};
      return miss;
    case 12: {   // seven bytes and a half
      const std::string hash = hex(hashed("md5", v));
      return {hash.substr(0, 15) + another(hash[15], kHex, random) + drawn(random, 16, kHex), "start of a hash"};
    }
    default: return miss;
  }
}

}  // namespace made
