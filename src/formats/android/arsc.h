// Resource tables (resources.arsc): what a resource id stands for, looked up on demand. Opening reads the
// heads of packages and types only; a table of megabytes costs as much as the few values that are asked for.
// Source: AOSP frameworks/base libs/androidfw ResourceTypes.h (ResTable_*).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/android/string_pool.h"

namespace klik::arsc {

// The value of a resource in one configuration ("-de", "-v21", …).
struct Entry {
  res::Value value;                 // of a bag: kNull
  bool bag = false;                 // a list of named values: style, array, plural
  bool weak = false, is_public = false;
  std::uint32_t parent = 0;         // of a bag
  std::uint64_t items_at = 0;       // of a bag, in the file
  std::uint32_t items = 0;          // as many as lie in the file
  std::uint32_t key = 0;            // string of the package's names
  std::uint64_t at = 0, length = 0; // in the file, without a bag's items
  std::uint64_t config_at = 0;      // the configuration's bytes in the file
  std::uint32_t config_size = 0;
  bool is_default = false;          // the configuration asks for nothing
};

struct BagItem {
  std::uint32_t name;
  res::Value value;
  std::uint64_t at;
};

enum class Outcome : std::uint8_t {
  found,
  no_package,   // of another package, mostly the framework's: only the phone knows
  no_entry,     // the package is here, the resource is not
  loop,         // references that lead to themselves, or too many of them
  theme,        // `?attr/…`: depends on the theme at run time
  over_budget,
};

struct Resolved {
  Outcome outcome = Outcome::no_entry;
  Entry entry{};                    // the last one reached
  // True when other configurations hold another value than the default one.
  bool varies = false;
};

// Refers to the file, which must outlive it. Not for use by several threads at once.
class Table {
 public:
  // What can be read of a damaged table is kept, with an oddity. Errors: truncated, bad_magic (no table).
  static Result<Table> open(Bytes file);

  // Every configuration's entry of a resource, the default one first, at most kMostConfigs.
  std::vector<Entry> entries(std::uint32_t id) const;
  // Follows references, each through its default configuration (else the first).
  Resolved resolve(std::uint32_t id) const;
  // The same for a value that may be a reference already.
  Resolved resolve(const res::Value& value) const;
  std::vector<BagItem> items(const Entry& bag) const;

  res::PoolString string(std::uint32_t index) const { return strings_.get(index); }
  // "bool/is_tablet", or "" when the table does not say.
  std::string name(std::uint32_t id) const;
  // "default", "v21", "de-rDE-hdpi", …; "+" marks conditions that are not spelled out.
  std::string config_name(const Entry& entry) const;
  const std::vector<res::Oddity>& oddities() const { return oddities_.list(); }

  static constexpr std::size_t kMostConfigs = 256;

 private:
  struct Package {
    std::uint32_t id;
    res::StringPool types, keys;
  };
  struct Type {
    std::uint32_t package, type;    // 0…255 each
    bool other_config;              // sorts the default configuration first
    std::uint32_t order;            // of the file
    std::uint8_t flags;
    std::uint64_t at, size;
    std::uint16_t header_size;
    std::uint32_t entry_count, entries_start;
    std::uint64_t config_at;
    std::uint32_t config_size;
  };

  void read_package(std::uint64_t at, std::uint64_t size);
  void read_type(std::uint32_t package, std::uint64_t at, std::uint64_t size);
  std::span<const Type> types_of(std::uint32_t id) const;
  // The package that an id means: 0 is the table's own.
  std::uint32_t package_of(std::uint32_t id) const;
  std::optional<std::uint64_t> entry_offset(const Type& type, std::uint32_t index) const;
  std::optional<Entry> entry(const Type& type, std::uint32_t index) const;
  std::optional<Entry> best(std::uint32_t id) const;
  bool spend() const;

  Bytes file_;
  res::StringPool strings_;
  std::vector<Package> packages_;
  std::vector<Type> types_;
  res::Oddities oddities_;
  mutable std::uint64_t steps_ = 0;
};

}  // namespace klik::arsc
