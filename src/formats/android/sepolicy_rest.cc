#include "formats/android/sepolicy_rest.h"

#include "formats/android/sepolicy_rule.h"

namespace klik::sepolicy {
namespace {

// How many records follow; each takes at least `smallest` bytes.
Result<std::uint32_t> count_of(Cursor& in, std::uint64_t smallest) {
  const std::uint64_t at = in.at();
  KLIK_TRY(const std::uint32_t count, in.u32());
  if (count > in.left() / smallest) return fail(Code::bad_value, at, "more records than the file has room for");
  return count;
}

Result<void> skip_name(Cursor& in) {
  KLIK_TRY(const std::uint32_t length, in.u32());
  KLIK_CHECK(in.name(length));
  return {};
}

// One level, or a lower and an upper one.
Result<void> skip_range(Cursor& in) {
  KLIK_TRY(const std::uint32_t levels, in.u32());
  if (levels != 1 && levels != 2) return fail(Code::bad_value, in.at() - 4, "a range has one level or two");
  KLIK_CHECK(in.skip(4 * levels));
  for (std::uint32_t i = 0; i < levels; ++i) KLIK_CHECK(in.bitmap());
  return {};
}

Result<void> skip_context(Cursor& in) {
  KLIK_CHECK(in.skip(12));
  return skip_range(in);
}

Result<void> read_conditions(Cursor& in, Layout& out) {
  KLIK_TRY(const std::uint32_t count, count_of(in, 16));
  for (std::uint32_t i = 0; i < count; ++i) {
    KLIK_CHECK(in.skip(4));
    KLIK_TRY(const std::uint32_t expressions, count_of(in, 8));
    KLIK_CHECK(in.skip(std::uint64_t{8} * expressions));
    for (int side = 0; side < 2; ++side) {
      KLIK_TRY(const std::uint32_t rules, count_of(in, 12));
      for (std::uint32_t j = 0; j < rules; ++j) {
        KLIK_CHECK(read_rule(in, out, false));
        ++out.conditional_rules;
      }
    }
  }
  return {};
}

Result<void> skip_roles(Cursor& in, const Layout& layout) {
  const std::uint64_t size = layout.version >= 26 ? 16 : 12;
  KLIK_TRY(const std::uint32_t transitions, count_of(in, size));
  KLIK_CHECK(in.skip(size * transitions));
  KLIK_TRY(const std::uint32_t allowed, count_of(in, 8));
  return in.skip(std::uint64_t{8} * allowed);
}

Result<void> skip_name_transitions(Cursor& in, const Layout& layout) {
  if (layout.version < 25) return {};
  KLIK_TRY(const std::uint32_t count, count_of(in, 16));
  for (std::uint32_t i = 0; i < count; ++i) {
    KLIK_CHECK(skip_name(in));
    if (layout.version < 33) {
      KLIK_CHECK(in.skip(16));
      continue;
    }
    KLIK_CHECK(in.skip(8));
    KLIK_TRY(const std::uint32_t groups, count_of(in, 16));
    for (std::uint32_t j = 0; j < groups; ++j) {
      KLIK_CHECK(in.bitmap());
      KLIK_CHECK(in.skip(4));
    }
  }
  return {};
}

// Labels of what has no file to carry one. The numbers are the tables' places in the file.
Result<void> skip_object(Cursor& in, std::uint32_t table) {
  switch (table) {
    case 0: KLIK_CHECK(in.skip(4)); break;                                          // initial SIDs
    case 1: case 3: KLIK_CHECK(skip_name(in)); KLIK_CHECK(skip_context(in)); break;  // file systems, interfaces: two labels
    case 2: KLIK_CHECK(in.skip(12)); break;                                         // ports
    case 4: KLIK_CHECK(in.skip(8)); break;                                          // IPv4 nodes
    case 5: KLIK_CHECK(in.skip(4)); KLIK_CHECK(skip_name(in)); break;                // how a file system is labelled
    case 6: KLIK_CHECK(in.skip(32)); break;                                         // IPv6 nodes
    case 7: KLIK_CHECK(in.skip(16)); break;                                         // InfiniBand keys
    default: {                                                                      // InfiniBand ports
      KLIK_TRY(const std::uint32_t length, in.u32());
      KLIK_CHECK(in.skip(4));
      KLIK_CHECK(in.name(length));
    }
  }
  return skip_context(in);
}

Result<void> skip_labels(Cursor& in, const Layout& layout) {
  const std::uint32_t tables = layout.version >= 31 ? 9 : 7;
  for (std::uint32_t table = 0; table < tables; ++table) {
    KLIK_TRY(const std::uint32_t count, count_of(in, 20));
    for (std::uint32_t i = 0; i < count; ++i) KLIK_CHECK(skip_object(in, table));
  }
  KLIK_TRY(const std::uint32_t file_systems, count_of(in, 9));
  for (std::uint32_t i = 0; i < file_systems; ++i) {
    KLIK_CHECK(skip_name(in));
    KLIK_TRY(const std::uint32_t paths, count_of(in, 20));
    for (std::uint32_t j = 0; j < paths; ++j) {
      KLIK_CHECK(skip_name(in));
      KLIK_CHECK(in.skip(4));
      KLIK_CHECK(skip_context(in));
    }
  }
  KLIK_TRY(const std::uint32_t ranges, count_of(in, 20));
  for (std::uint32_t i = 0; i < ranges; ++i) {
    KLIK_CHECK(in.skip(12));
    KLIK_CHECK(skip_range(in));
  }
  return {};
}

}  // namespace

Result<void> read_rest(Cursor& in, Layout& layout) {
  KLIK_CHECK(read_conditions(in, layout));
  KLIK_CHECK(skip_roles(in, layout));
  KLIK_CHECK(skip_name_transitions(in, layout));
  KLIK_CHECK(skip_labels(in, layout));
  if (layout.highest_type > in.left() / 12) return fail(Code::truncated, in.at(), "the policy ends before it says which types are in which groups");
  layout.attributes_of.resize(layout.highest_type + 1);
  std::uint64_t members = 0;
  for (std::uint32_t type = 1; type <= layout.highest_type; ++type) {
    const std::uint64_t at = in.at();
    KLIK_TRY(const std::vector<std::uint32_t> bits, in.bitmap());
    if (!bits.empty() && bits.back() >= layout.highest_type) return fail(Code::bad_value, at, "a type in a group that does not exist");
    for (const std::uint32_t bit : bits) layout.attributes_of[type].push_back(bit + 1);
    members += bits.size();
    if (members > kMostMemberships) return fail(Code::over_budget, at, "more memberships of types in groups than any policy needs");
  }
  return {};
}

}  // namespace klik::sepolicy
