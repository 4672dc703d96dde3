#include "extract/update_claims.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "formats/protobuf.h"

namespace klik::update_claims {
namespace {

using protobuf::each;
using protobuf::Field;
using protobuf::Wire;

constexpr std::size_t kMost = 4096;

Error too_many(std::uint64_t at) { return fail(Code::over_budget, at, "more statements than any update has: those from here on are not told").error(); }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}

// Reads an OtaMetadata message. Fields that are not known are left out: they say nothing under a name.
class PbReader {
 public:
  Claims claims;

  Result<void> metadata(Bytes message) {
    return each(message, 0, [&](const Field& f) -> Result<void> {
      constexpr std::string_view kTypes[] = {"UNKNOWN", "AB", "BLOCK", "BRICK"};
      switch (f.number) {
        case 1: return number(f, "ota-type", [&](std::uint64_t v) { return v < std::size(kTypes) ? std::string(kTypes[v]) : std::to_string(v); });
        case 2: return yes(f, "ota-wipe");
        case 3: return yes(f, "ota-downgrade");
        case 4: return property_file(f);
        case 5: return device(f, "pre-");
        case 6: return device(f, "post-");
        case 7: return yes(f, "ota-retrofit-dynamic-partitions");
        case 8: return number(f, "ota-required-cache", [](std::uint64_t v) { return std::to_string(static_cast<std::int64_t>(v)); });
        case 9: return yes(f, "spl-downgrade");
        default: return {};
      }
    });
  }

 private:
  static Result<void> expect(const Field& f, Wire wire) {
    if (f.wire != wire) return fail(Code::bad_value, f.at, "a field of the metadata has another type");
    return {};
  }
  void add(std::string key, std::string value, const Field& f) {
    if (claims.list.size() < kMost) claims.list.push_back({std::move(key), std::move(value), f.at, f.wire == Wire::bytes ? f.bytes.size() : 1});
    else if (!claims.stopped) claims.stopped = too_many(f.at);
  }
  template <class Shown>
  Result<void> number(const Field& f, std::string_view key, Shown shown) {
    KLIK_CHECK(expect(f, Wire::varint));
    add(std::string(key), shown(f.value), f);
    return {};
  }
  Result<void> yes(const Field& f, std::string_view key) {
    return number(f, key, [](std::uint64_t v) { return std::string(v ? "yes" : "no"); });
  }
  Result<void> property_file(const Field& f) {
    KLIK_CHECK(expect(f, Wire::bytes));
    std::string key, value;
    const auto whole = each(f.bytes, f.at, [&](const Field& part) -> Result<void> {
      if (part.number != 1 && part.number != 2) return {};
      KLIK_CHECK(expect(part, Wire::bytes));
      (part.number == 1 ? key : value) = part.bytes.text();
      return {};
    });
    if (!whole) return whole;
    add(std::move(key), std::move(value), f);
    return {};
  }
  // Names and builds come several times: each a row of its own.
  Result<void> device(const Field& f, std::string_view when) {
    KLIK_CHECK(expect(f, Wire::bytes));
    return each(f.bytes, f.at, [&](const Field& part) -> Result<void> {
      constexpr std::string_view kKeys[] = {"", "device", "build", "build-incremental", "timestamp", "sdk-level", "security-patch-level"};
      if (part.number == 7) return partition(part, when);
      if (part.number < 1 || part.number >= std::size(kKeys)) return {};
      const std::string key = std::string(when) + std::string(kKeys[part.number]);
      if (part.number == 4) return number(part, key, [](std::uint64_t v) { return std::to_string(static_cast<std::int64_t>(v)); });
      KLIK_CHECK(expect(part, Wire::bytes));
      add(key, std::string(part.bytes.text()), part);
      return {};
    });
  }
  Result<void> partition(const Field& f, std::string_view when) {
    KLIK_CHECK(expect(f, Wire::bytes));
    std::array<std::string, 5> values;   // by field: name, device, build, version
    const auto whole = each(f.bytes, f.at, [&](const Field& part) -> Result<void> {
      if (part.number < 1 || part.number > 4) return {};
      KLIK_CHECK(expect(part, Wire::bytes));
      std::string& value = values[part.number];
      if (!value.empty()) value += '|';
      value += part.bytes.text();
      return {};
    });
    if (!whole) return whole;
    constexpr std::string_view kKeys[] = {"", "", "device", "build", "version"};
    for (std::size_t i = 2; i < values.size(); ++i)
      if (!values[i].empty()) add(std::string(when) + "partition-" + std::string(kKeys[i]) + ":" + values[1], values[i], f);
    return {};
  }
};

}  // namespace

Claims read_lines(Bytes bytes) {
  Claims out;
  const std::string_view text = bytes.text();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t equals = line.find('=');
    const bool claims = equals != line.npos && equals > 0;
    if (claims && out.list.size() == kMost) {
      out.stopped = too_many(at);
      break;
    }
    if (claims) out.list.push_back({std::string(trimmed(line.substr(0, equals))), std::string(trimmed(line.substr(equals + 1))), at, line.size()});
    at = end + 1;
  }
  return out;
}

Claims read_text(Bytes text) {
  constexpr std::string_view kOfUpdates[] = {"ota-type", "post-build", "post-timestamp", "pre-device", "ota-required-cache", "ota-property-files"};
  auto out = read_lines(text);
  const bool of_update = std::ranges::any_of(out.list, [&](const Claim& c) { return std::ranges::find(kOfUpdates, c.key) != std::end(kOfUpdates); });
  return of_update ? out : Claims();
}

Result<Claims> read_pb(Bytes message) {
  PbReader reader;
  KLIK_CHECK(reader.metadata(message));
  return std::move(reader.claims);
}

PropertyFiles read_property_files(std::string_view value) {
  PropertyFiles out;
  value = trimmed(value);
  while (!value.empty()) {
    if (out.list.size() == kMost) {
      out.whole = false;
      break;
    }
    const std::string_view item = trimmed(value.substr(0, value.find(',')));
    value.remove_prefix(std::min(value.size(), value.find(',') == value.npos ? value.size() : value.find(',') + 1));
    const std::size_t size_at = item.rfind(':');
    const std::size_t at_at = size_at == item.npos || size_at == 0 ? item.npos : item.rfind(':', size_at - 1);
    if (at_at == item.npos) continue;
    PropertyFile file{std::string(item.substr(0, at_at)), 0, 0};
    const std::string_view at = item.substr(at_at + 1, size_at - at_at - 1), size = item.substr(size_at + 1);
    const auto [at_end, at_error] = std::from_chars(at.begin(), at.end(), file.at);
    const auto [size_end, size_error] = std::from_chars(size.begin(), size.end(), file.size);
    if (at_error != std::errc() || size_error != std::errc() || at_end != at.end() || size_end != size.end()) continue;
    out.list.push_back(std::move(file));
  }
  return out;
}

}  // namespace klik::update_claims
