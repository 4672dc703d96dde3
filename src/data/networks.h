// Public tables that say of ranges of addresses who announces them, or in which country somebody places them. Such a table is
// its maker's word: several are asked, none is believed alone, and none says where data rest.
// Source: two plain formats. Debian `tor-geoipdb`: "first,last,CC" (IPv4 in decimal), '#' begins a comment. ip-location-db:
// CSV (RFC 4180) with "first,last,CC" or "first,last,AS number,holder"; addresses as text, IPv4 also in decimal.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::data {

// 16 bytes; an IPv4 address stands as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2).
using NetworkAddress = std::array<std::uint8_t, 16>;
// "192.0.2.1" or "2001:db8::1" (RFC 4291 §2.2). Nothing when it is no address.
std::optional<NetworkAddress> network_address(std::string_view text);

// What a table says of one address: a country, or who announces it.
struct NetworkAnswer {
  std::string country;      // ISO 3166-1; "" in tables of announcements
  std::uint32_t asn = 0;    // 0 in tables of countries
  std::string holder;       // of the AS, as the table writes it
};

// Looks up many addresses in one pass over a table, which is never held in memory. Ranges may lie in each other, as delegations do: the
// narrowest counts, and of equal ones the first.
class NetworkLookup {
 public:
  // REQUIRES: `wanted` is sorted, has no repeats and outlives the lookup.
  explicit NetworkLookup(std::span<const NetworkAddress> wanted) : wanted_(wanted), answers_(wanted.size()), widths_(wanted.size()) {}

  // The next bytes of the table, cut anywhere. Errors, with the offset in the table: bad_value (no range, ranges that do not
  // stand in the order of their first addresses), unsupported (columns of another sort), over_budget (a line of more than kLongestLine
  // bytes; ranges that cover the same addresses over and over). A lookup that
  // failed has no answers.
  Result<void> feed(Bytes bytes);
  // After the last byte.
  Result<void> finish();

  // One per wanted address; none where the table has no range or says that it does not know.
  std::span<const std::optional<NetworkAnswer>> answers() const { return answers_; }
  std::uint64_t ranges() const { return ranges_; }
  // "country" or "asn", by its first range; "" before it.
  std::string_view gives() const { return gives_; }
  // When the table was made, as its own comment says; "" when it does not.
  const std::string& made() const { return made_; }

  static constexpr std::size_t kLongestLine = 4096;

 private:
  struct Wide {   // an address as a number
    std::uint64_t high = 0, low = 0;
    friend auto operator<=>(const Wide&, const Wide&) = default;
  };
  Result<void> line(std::string_view text, std::uint64_t at);
  static Wide width(const Wide& first, const Wide& last) { return {last.high - first.high - (last.low < first.low), last.low - first.low}; }
  static Wide wide(const NetworkAddress& address);
  static std::optional<Wide> number(std::string_view text);

  std::span<const NetworkAddress> wanted_;
  std::vector<std::optional<NetworkAnswer>> answers_;
  std::vector<Wide> widths_;      // of the ranges that the answers come from
  std::size_t next_ = 0;          // of wanted_: what lies below every range to come
  Wide before_;                   // first address of the range before
  std::uint64_t work_ = 0;        // answers weighed
  std::string rest_;              // the begin of a line whose end has not come
  std::uint64_t at_ = 0, ranges_ = 0;
  std::string made_;
  std::string_view gives_;
};

// A table that klikspaan knows by name; any other in one of the formats is taken too.
struct KnownTable {
  std::string_view name, gives, licence, maker;   // gives: "country" or "asn"
};
std::span<const KnownTable> known_tables();

// Which table a file is a part of: "geoip" and "geoip6" are tor-geoipdb, "NAME-ipv4.csv", "NAME-ipv4-num.csv" and "NAME-ipv6.csv" are
// NAME. Nothing for other files.
struct TableFile {
  std::string table;
  bool v6 = false;
};
std::optional<TableFile> table_of_file(std::string_view name);

// "version" of the package.json that lies beside a table; "" when there is none.
std::string package_version(Bytes package_json);

}  // namespace klik::data
