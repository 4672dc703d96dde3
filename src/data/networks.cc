#include "data/networks.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace klik::data {
namespace {

constexpr std::uint64_t kMapped = std::uint64_t{0xffff} << 32;   // ::ffff:0:0/96
constexpr std::string_view kMade = "# Generated: ";
constexpr std::size_t kLongestHolder = 200;
constexpr std::uint64_t kMostOverlap = 64;   // ranges over one address, on average; real tables have two or three

std::optional<std::uint32_t> dotted(std::string_view text) {
  std::uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    std::uint32_t byte = 0;
    const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), byte);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (bad != std::errc() || byte > 255 || digits > 3) return std::nullopt;
    value = value << 8 | byte;
    text.remove_prefix(digits);
    if (part == 3) break;
    if (text.empty() || text[0] != '.') return std::nullopt;
    text.remove_prefix(1);
  }
  return text.empty() ? std::optional(value) : std::nullopt;
}

// Eight groups of up to four hexadecimal digits, of which "::" leaves out a row of zeros; the last two may be dotted.
std::optional<NetworkAddress> groups(std::string_view text) {
  std::array<std::uint16_t, 8> all{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (count == 8) return std::nullopt;
    const std::string_view group = text.substr(0, text.find(':'));
    if (group.find('.') != group.npos) {
      const auto v4 = dotted(text);
      if (!v4 || count > 6) return std::nullopt;
      all[count++] = static_cast<std::uint16_t>(*v4 >> 16);
      all[count++] = static_cast<std::uint16_t>(*v4);
      break;
    }
    const auto [end, bad] = std::from_chars(group.data(), group.data() + group.size(), all[count], 16);
    if (bad != std::errc() || end != group.data() + group.size() || group.size() > 4) return std::nullopt;
    ++count;
    text.remove_prefix(group.size());
    if (text.empty()) break;
    text.remove_prefix(1);
    if (text.starts_with(':')) {
      if (gap) return std::nullopt;
      gap = count;
      text.remove_prefix(1);
    } else if (text.empty()) {
      return std::nullopt;   // ends in a single colon
    }
  }
  if (gap ? count > 7 : count != 8) return std::nullopt;
  NetworkAddress address{};
  const std::size_t left_out = 8 - count;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t to = gap && i >= *gap ? i + left_out : i;
    address[2 * to] = static_cast<std::uint8_t>(all[i] >> 8);
    address[2 * to + 1] = static_cast<std::uint8_t>(all[i]);
  }
  return address;
}

// The field that `line` begins with, which it loses together with the comma behind. Quotes are taken off (RFC 4180 §2).
std::string field_of(std::string_view& line) {
  std::string out;
  if (!line.starts_with('"')) {
    out = line.substr(0, line.find(','));
    line.remove_prefix(std::min(out.size() + 1, line.size()));
    return out;
  }
  std::size_t at = 1;
  for (; at < line.size(); ++at) {
    if (line[at] == '"') {
      if (at + 1 >= line.size() || line[at + 1] != '"') break;
      ++at;
    }
    out += line[at];
  }
  line.remove_prefix(std::min(line.find(',', std::min(at, line.size())), line.size()));
  if (!line.empty()) line.remove_prefix(1);
  return out;
}

// The same of a field that has no quotes, as addresses have none.
std::string_view plain_field(std::string_view& line) {
  const std::string_view out = line.substr(0, line.find(','));
  line.remove_prefix(std::min(out.size() + 1, line.size()));
  return out;
}

bool country_code(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  return text.size() == 2 && fits(text[0]) && fits(text[1]);
}
// How tables write that they do not know: IPFire's "??", and the codes that ISO 3166-1 leaves to users for it.
bool unknown(std::string_view country) { return country.empty() || country == "??" || country == "ZZ" || country == "XX"; }

}  // namespace

std::optional<NetworkAddress> network_address(std::string_view text) {
  if (text.find(':') != text.npos) return groups(text);
  const auto v4 = dotted(text);
  if (!v4) return std::nullopt;
  NetworkAddress address{};
  address[10] = address[11] = 0xff;
  for (std::size_t i = 0; i < 4; ++i) address[12 + i] = static_cast<std::uint8_t>(*v4 >> (24 - 8 * i));
  return address;
}

NetworkLookup::Wide NetworkLookup::wide(const NetworkAddress& address) {
  Wide w;
  for (std::size_t i = 0; i < 8; ++i) w.high = w.high << 8 | address[i], w.low = w.low << 8 | address[8 + i];
  return w;
}

std::optional<NetworkLookup::Wide> NetworkLookup::number(std::string_view text) {
  if (text.find(':') != text.npos) {
    const auto address = groups(text);
    return address ? std::optional(wide(*address)) : std::nullopt;
  }
  if (text.find('.') != text.npos) {
    const auto v4 = dotted(text);
    return v4 ? std::optional(Wide{0, kMapped | *v4}) : std::nullopt;
  }
  std::uint32_t v4 = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), v4);
  if (bad != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Wide{0, kMapped | v4};
}

Result<void> NetworkLookup::line(std::string_view text, std::uint64_t at) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) return {};
  if (text[0] == '#') {
    if (const auto made = text.find(kMade); made != text.npos && made_.empty()) made_ = text.substr(made + kMade.size());
    return {};
  }
  const auto first = number(plain_field(text)), last = number(plain_field(text));
  if (!first || !last || *last < *first) return fail(Code::bad_value, at, "a line of a table of addresses holds no range");
  if (*first < before_) return fail(Code::bad_value, at, "ranges of a table of addresses stand out of order");
  before_ = *first;
  ++ranges_;
  while (next_ < wanted_.size() && wide(wanted_[next_]) < *first) ++next_;
  // Only lines that answer something are read to their end; the first one shows what sort of table it is.
  const bool asked = next_ < wanted_.size() && wide(wanted_[next_]) <= *last;
  if (!asked && ranges_ > 1) return {};
  NetworkAnswer answer;
  const std::string third = field_of(text);
  if (!text.empty()) {
    const auto [end, bad] = std::from_chars(third.data(), third.data() + third.size(), answer.asn);
    if (bad != std::errc() || end != third.data() + third.size()) return fail(Code::unsupported, at, "a table of addresses has columns that are not read");
    answer.holder = field_of(text).substr(0, kLongestHolder);
  } else if (country_code(third) || unknown(third)) {
    answer.country = third;
  } else {
    return fail(Code::unsupported, at, "a table of addresses has columns that are not read");
  }
  if (gives_.empty()) gives_ = answer.holder.empty() && answer.asn == 0 ? "country" : "asn";
  const bool known = answer.asn != 0 || !unknown(answer.country);
  const Wide size = width(*first, *last);
  for (std::size_t i = next_; i < wanted_.size() && wide(wanted_[i]) <= *last; ++i) {
    if (++work_ > kMostOverlap * wanted_.size()) return fail(Code::over_budget, at, "ranges of a table of addresses cover each other without end");
    if (known && (!answers_[i] || size < widths_[i])) answers_[i] = answer, widths_[i] = size;
  }
  return {};
}

Result<void> NetworkLookup::feed(Bytes bytes) {
  std::string_view text = bytes.text();
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    if (rest_.size() + part.size() > kLongestLine) return fail(Code::over_budget, at_, "a line of a table of addresses is longer than any of a real one");
    if (end == text.npos) {
      rest_ += part;
      return {};
    }
    const std::uint64_t at = at_;
    at_ += rest_.size() + part.size() + 1;
    if (rest_.empty()) {
      KLIK_CHECK(line(part, at));
    } else {
      rest_ += part;
      KLIK_CHECK(line(rest_, at));
      rest_.clear();
    }
    text.remove_prefix(end + 1);
  }
  return {};
}

Result<void> NetworkLookup::finish() {
  KLIK_CHECK(line(rest_, at_));
  if (ranges_ == 0) return fail(Code::bad_value, 0, "a table of addresses without a range");
  return {};
}

std::span<const KnownTable> known_tables() {
  static constexpr KnownTable kKnown[] = {
      {"asn", "asn", "CC BY 4.0", "ip-location-db, from RouteViews, DB-IP and NRO"},
      {"geo-whois-asn-country", "country", "CC0 1.0; source CC BY 4.0", "ip-location-db, from NRO"},
      {"tor-geoipdb", "country", "CC BY-SA 4.0", "Tor Project, from IPFire's location database"},
  };
  return kKnown;
}

std::optional<TableFile> table_of_file(std::string_view name) {
  if (name == "geoip") return TableFile{"tor-geoipdb", false};
  if (name == "geoip6") return TableFile{"tor-geoipdb", true};
  for (const auto& [ending, v6] : {std::pair<std::string_view, bool>{"-ipv4-num.csv", false}, {"-ipv4.csv", false}, {"-ipv6.csv", true}})
    if (name.size() > ending.size() && name.ends_with(ending)) return TableFile{std::string(name.substr(0, name.size() - ending.size())), v6};
  return std::nullopt;
}

std::string package_version(Bytes package_json) {
  const auto parsed = nlohmann::json::parse(package_json.text(), nullptr, false);
  if (!parsed.is_object()) return {};
  const auto version = parsed.find("version");
  return version != parsed.end() && version->is_string() ? version->get<std::string>().substr(0, 64) : std::string();
}

}  // namespace klik::data
