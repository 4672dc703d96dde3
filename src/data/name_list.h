// Lists of names that other people publish and a user hands in: trackers, unwanted packages, blocked hosts, indicators.
// A list is its maker's word; a match says that a name is on it and nothing more.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::data {

enum class NameKind : std::uint8_t {
  domain,         // this name and all below it
  host,           // this name alone
  package,        // of an app
  class_prefix,   // of code, "com/umeng/analytics"
  component,      // class that a manifest names, or the beginning of one
  file,           // last part of a path
  sha256,         // of a file or a signer, lower case
};

struct ListedName {
  NameKind kind;
  std::string value;
  std::string label;   // what the list says of it
};

struct NameList {
  std::string format;      // "exodus", "uad", "libchecker", "domains", "v2fly" or "stix"
  std::string title;       // the list's own, else the file's name
  std::string licence;     // as the file states it; "" when it does not
  std::string sha256;      // of the file
  std::vector<ListedName> names;   // in the order of the file
  std::size_t unread = 0;  // entries of a sort that is not matched: regular expressions, mail addresses, …
};

// Finds out the format by content. Errors: unsupported (no list that is known), bad_value (not the JSON it begins as),
// over_budget (more than kMostListedNames).
Result<NameList> read_name_list(std::string_view file_name, Bytes file);

inline constexpr std::size_t kMostListedNames = 4'000'000;
inline constexpr std::uint64_t kLargestList = std::uint64_t{256} << 20;

std::string_view name_kind_text(NameKind kind);

}  // namespace klik::data
