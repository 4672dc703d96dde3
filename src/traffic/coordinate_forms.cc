#include "traffic/coordinate_forms.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace klik::traffic {
namespace {

constexpr std::size_t kLeastDecimals = 3, kMostDecimals = 7;
constexpr std::size_t kShortest = 5;

struct Degrees {
  bool negative;
  std::string whole, decimals;
};

Degrees parse(std::string_view text) {
  Degrees d{text.starts_with('-'), {}, {}};
  if (d.negative) text.remove_prefix(1);
  const auto dot = text.find_first_of(".,");
  d.whole = text.substr(0, dot);
  if (dot != text.npos) d.decimals = text.substr(dot + 1);
  return d;
}

// Its digits without the point, with `decimals` of them after it, cut or rounded.
std::int64_t scaled(const Degrees& d, std::size_t decimals, bool round) {
  std::string digits = d.decimals + std::string(decimals + 1, '0');
  std::int64_t value = std::strtoll((d.whole + digits.substr(0, decimals)).c_str(), nullptr, 10);
  if (round && digits[decimals] >= '5') ++value;
  return value;
}

std::string with_point(std::int64_t value, std::size_t decimals, bool negative) {
  std::string digits = std::to_string(value);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  return (negative ? "-" : "") + digits.substr(0, digits.size() - decimals) + "." + digits.substr(digits.size() - decimals);
}

template <class T>
std::string wire(T value, bool big_endian) {
  std::string out;
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * (big_endian ? sizeof value - 1 - i : i)));
  return out;
}

void add_axis(std::vector<CoordinateForm>& forms, const std::string& text, int axis) {
  const Degrees d = parse(text);
  // The fewest decimals with which it is long enough to be searched for.
  std::size_t least = kLeastDecimals;
  while (least < kMostDecimals && d.whole.size() + 1 + least < kShortest) ++least;
  for (const bool round : {false, true})
    for (std::size_t n = least; n <= (round ? kMostDecimals : least); ++n)
      forms.push_back({.name = "decimal", .bytes = with_point(scaled(d, n, round), n, d.negative).substr(0, d.whole.size() + 1 + least + d.negative), .whole = text, .axis = axis, .decimals = true});
  // With zeros in front (ISO 6709). With a comma only when so long that it is no list or group of thousands.
  const std::size_t width = axis == 1 ? 2 : 3;
  const std::string sign = d.negative ? "-" : "";
  const auto whole_and = [&](char point, std::size_t n, bool round) {
    std::string form = with_point(scaled(d, n, round), n, false);
    if (point == '.') form.insert(0, width - std::min(width, form.size() - n - 1), '0');
    form[form.size() - n - 1] = point;
    return sign + form;
  };
  constexpr std::size_t kCommaDecimals = 5;
  if (d.whole.size() < width)
    for (const bool round : {false, true}) forms.push_back({.name = "decimal", .bytes = whole_and('.', kLeastDecimals, round), .whole = text, .axis = axis, .decimals = true, .follows = d.negative});
  if (d.decimals.size() >= kCommaDecimals)
    for (const bool round : {false, true}) forms.push_back({.name = "decimal.comma", .bytes = whole_and(',', kCommaDecimals, round), .whole = text, .axis = axis, .decimals = true});
  for (const std::size_t power : {6, 7, 8})
    for (const bool round : {false, true})
      forms.push_back({.name = "e" + std::to_string(power), .bytes = (d.negative ? "-" : "") + std::to_string(scaled(d, power, round)), .whole = {}, .axis = axis});
  const double value = std::strtod(text.c_str(), nullptr);
  for (const bool big : {true, false}) forms.push_back({.name = big ? "double.be" : "double.le", .bytes = wire(std::bit_cast<std::uint64_t>(value), big), .whole = {}, .axis = axis, .text = false});
  const double size = std::fabs(value);
  const int degrees = static_cast<int>(size), minutes = static_cast<int>((size - degrees) * 60), seconds = static_cast<int>(((size - degrees) * 60 - minutes) * 60);
  char dms[64];
  std::snprintf(dms, sizeof dms, "%d\u00b0%d'%d", degrees, minutes, seconds);
  forms.push_back({.name = "degrees_minutes_seconds", .bytes = dms, .whole = {}, .axis = axis});
  std::snprintf(dms, sizeof dms, "%d\u00b0 %d' %d", degrees, minutes, seconds);
  forms.push_back({.name = "degrees_minutes_seconds", .bytes = dms, .whole = {}, .axis = axis});
}

}  // namespace

std::vector<CoordinateForm> coordinate_forms(std::string_view value) {
  const std::string lat(value.substr(0, value.find(','))), lon(value.substr(value.find(',') + 1));
  std::vector<CoordinateForm> forms;
  add_axis(forms, lat, 1);
  add_axis(forms, lon, 2);
  const double latitude = std::strtod(lat.c_str(), nullptr), longitude = std::strtod(lon.c_str(), nullptr);
  const auto pair = [&](const std::string& name, const std::string& first, const std::string& second) {
    forms.push_back({.name = name, .bytes = first + second, .whole = {}, .text = false});
    forms.push_back({.name = name + ".lon_lat", .bytes = second + first, .whole = {}, .text = false});
  };
  for (const bool big : {true, false}) {
    const std::string end = big ? ".be" : ".le";
    pair("float" + end, wire(std::bit_cast<std::uint32_t>(static_cast<float>(latitude)), big), wire(std::bit_cast<std::uint32_t>(static_cast<float>(longitude)), big));
    for (const double power : {1e6, 1e7}) {
      const auto integer = [&](double degrees) { return wire(static_cast<std::uint32_t>(static_cast<std::int32_t>(std::llround(degrees * power))), big); };
      pair((power == 1e6 ? "i32.e6" : "i32.e7") + end, integer(latitude), integer(longitude));
    }
  }
  const std::string hash = geohash(latitude, longitude);
  forms.push_back({.name = "geohash", .bytes = hash.substr(0, 6), .whole = hash, .geohash = true});
  const std::string code = plus_code(latitude, longitude);
  forms.push_back({.name = "plus_code", .bytes = code, .whole = {}});
  std::string escaped = code;
  escaped.replace(escaped.find('+'), 1, "%2B");
  forms.push_back({.name = "plus_code.percent", .bytes = escaped, .whole = {}});
  return forms;
}

bool same_degrees(std::string_view degrees, std::string_view wire_text) {
  const Degrees given = parse(degrees), seen = parse(wire_text);
  const std::size_t n = std::min({given.decimals.size(), seen.decimals.size(), kMostDecimals});
  if (given.negative != seen.negative || seen.whole.size() > 3 || n < kLeastDecimals) return false;
  const std::int64_t cut = scaled(seen, n, false);
  // A place given with fewer decimals than were sent may have been rounded by the owner, or by the sender.
  return cut == scaled(given, n, false) || cut == scaled(given, n, true) || (seen.decimals.size() > n && scaled(seen, n, true) == scaled(given, n, false));
}

std::string geohash(double latitude, double longitude) {
  constexpr std::string_view kAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz";
  double low[2] = {-180, -90}, high[2] = {180, 90};
  const double value[2] = {longitude, latitude};
  std::string out;
  unsigned bits = 0;
  for (unsigned i = 0; i < 60; ++i) {
    const unsigned axis = i % 2;
    const double middle = (low[axis] + high[axis]) / 2;
    const bool above = value[axis] >= middle;
    (above ? low : high)[axis] = middle;
    bits = bits << 1 | (above ? 1u : 0u);
    if (i % 5 == 4) out += kAlphabet[bits & 31];
  }
  return out;
}

std::string plus_code(double latitude, double longitude) {
  constexpr std::string_view kAlphabet = "23456789CFGHJMPQRVWX";
  // Ten digits: five pairs, each twenty times finer than the one before, 1/8000 of a degree at last.
  auto lat = static_cast<std::int64_t>(std::floor((std::min(latitude, 89.999875) + 90) * 8000)), lon = static_cast<std::int64_t>(std::floor((longitude + 180) * 8000));
  std::string out(10, '2');
  for (std::size_t pair = 5; pair-- > 0;) {
    out[2 * pair] = kAlphabet[static_cast<std::size_t>(lat % 20)];
    out[2 * pair + 1] = kAlphabet[static_cast<std::size_t>(lon % 20)];
    lat /= 20;
    lon /= 20;
  }
  return out.insert(8, "+");
}

}  // namespace klik::traffic
