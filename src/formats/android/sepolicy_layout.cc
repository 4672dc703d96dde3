#include "formats/android/sepolicy_layout.h"

#include <algorithm>
#include <bit>

#include "formats/android/sepolicy_cursor.h"
#include "formats/android/sepolicy_rest.h"
#include "formats/android/sepolicy_rule.h"

namespace klik::sepolicy {
namespace {

constexpr std::uint32_t kMagic = 0xF97CFF8C;
constexpr std::string_view kTarget = "SE Linux";
// 24 came with Linux 2.6.28, before the first Android with SELinux; 33 is the newest that libsepol 3.4 knows.
constexpr std::uint32_t kOldest = 24, kNewest = 33;
constexpr std::uint32_t kTables = 8;
constexpr std::uint32_t kMostNames = 0xFFFF;   // a rule holds types and classes in 16 bits

struct Count {
  std::uint32_t values, entries;
};

// Each entry takes at least 8 bytes, so a count that the file has no room for is refused before anything is reserved.
Result<Count> count_of(Cursor& in) {
  const std::uint64_t at = in.at();
  KLIK_TRY(const std::uint32_t values, in.u32());
  KLIK_TRY(const std::uint32_t entries, in.u32());
  if (values > kMostNames || entries > in.left() / 8) return fail(Code::bad_value, at, "a table of names that cannot be this long");
  return Count{values, entries};
}

Result<void> read_permissions(Cursor& in, std::uint32_t entries, ClassName& out) {
  if (entries > 32) return fail(Code::bad_value, in.at(), "a class has at most 32 permissions");
  for (std::uint32_t i = 0; i < entries; ++i) {
    KLIK_TRY(const std::uint32_t length, in.u32());
    KLIK_TRY(const std::uint32_t value, in.u32());
    if (value == 0 || value > 32) return fail(Code::bad_value, in.at() - 4, "a permission's value is from 1 to 32");
    KLIK_TRY(std::string name, in.name(length));
    out.permissions.emplace_back(value, std::move(name));
  }
  return {};
}

Result<ClassName> read_common(Cursor& in) {
  ClassName out;
  KLIK_TRY(const std::uint32_t length, in.u32());
  KLIK_TRY(out.value, in.u32());
  KLIK_CHECK(in.skip(4));
  KLIK_TRY(const std::uint32_t entries, in.u32());
  KLIK_TRY(out.name, in.name(length));
  KLIK_CHECK(read_permissions(in, entries, out));
  return out;
}

Result<void> skip_constraints(Cursor& in, std::uint32_t count, std::uint32_t version) {
  constexpr std::uint32_t kNames = 5;   // an expression that lists users, roles or types
  for (std::uint32_t i = 0; i < count; ++i) {
    KLIK_CHECK(in.skip(4));
    KLIK_TRY(const std::uint32_t expressions, in.u32());
    for (std::uint32_t j = 0; j < expressions; ++j) {
      KLIK_TRY(const std::uint32_t type, in.u32());
      KLIK_CHECK(in.skip(8));
      if (type != kNames) continue;
      KLIK_CHECK(in.bitmap());
      if (version < 29) continue;
      KLIK_CHECK(in.bitmap());
      KLIK_CHECK(in.bitmap());
      KLIK_CHECK(in.skip(4));
    }
  }
  return {};
}

Result<ClassName> read_class(Cursor& in, std::uint32_t version) {
  ClassName out;
  KLIK_TRY(const std::uint32_t length, in.u32());
  KLIK_TRY(const std::uint32_t common_length, in.u32());
  KLIK_TRY(out.value, in.u32());
  KLIK_CHECK(in.skip(4));
  KLIK_TRY(const std::uint32_t entries, in.u32());
  KLIK_TRY(const std::uint32_t constraints, in.u32());
  if (out.value == 0 || out.value > kMostNames) return fail(Code::bad_value, in.at() - 16, "a class without a value");
  KLIK_TRY(out.name, in.name(length));
  if (common_length) { KLIK_TRY(out.common, in.name(common_length)); }
  KLIK_CHECK(read_permissions(in, entries, out));
  KLIK_CHECK(skip_constraints(in, constraints, version));
  KLIK_TRY(const std::uint32_t transitions, in.u32());
  KLIK_CHECK(skip_constraints(in, transitions, version));
  KLIK_CHECK(in.skip(version >= 28 ? 16 : version >= 27 ? 12 : 0));   // what new objects inherit
  return out;
}

Result<void> skip_role(Cursor& in) {
  KLIK_TRY(const std::uint32_t length, in.u32());
  KLIK_CHECK(in.skip(8));
  KLIK_CHECK(in.name(length));
  KLIK_CHECK(in.bitmap());
  KLIK_CHECK(in.bitmap());
  return {};
}

Result<TypeName> read_type(Cursor& in) {
  constexpr std::uint32_t kPrimary = 1, kAttribute = 2;
  TypeName out;
  KLIK_TRY(const std::uint32_t length, in.u32());
  KLIK_TRY(out.value, in.u32());
  KLIK_TRY(const std::uint32_t properties, in.u32());
  KLIK_CHECK(in.skip(4));
  if (out.value == 0 || out.value > kMostNames) return fail(Code::bad_value, in.at() - 12, "a type without a value");
  out.attribute = properties & kAttribute;
  out.alias = !(properties & kPrimary) && !out.attribute;
  out.at = in.at();
  KLIK_TRY(out.name, in.name(length));
  return out;
}

Result<void> skip_level(Cursor& in) {
  KLIK_CHECK(in.skip(4));
  KLIK_CHECK(in.bitmap());
  return {};
}

Result<void> skip_user(Cursor& in) {
  KLIK_TRY(const std::uint32_t length, in.u32());
  KLIK_CHECK(in.skip(8));
  KLIK_CHECK(in.name(length));
  KLIK_CHECK(in.bitmap());
  KLIK_TRY(const std::uint32_t levels, in.u32());
  if (levels != 1 && levels != 2) return fail(Code::bad_value, in.at() - 4, "a range has one level or two");
  KLIK_CHECK(in.skip(4 * levels));
  for (std::uint32_t i = 0; i < levels; ++i) KLIK_CHECK(in.bitmap());
  return skip_level(in);
}

// Booleans, sensitivities and categories: nothing of them is used here.
Result<void> skip_named(Cursor& in, std::uint32_t table) {
  constexpr std::uint32_t kBooleans = 5, kSensitivities = 6;
  if (table == kBooleans) KLIK_CHECK(in.skip(8));
  KLIK_TRY(const std::uint32_t length, in.u32());
  if (table != kBooleans) KLIK_CHECK(in.skip(table == kSensitivities ? 4 : 8));
  KLIK_CHECK(in.name(length));
  if (table == kSensitivities) return skip_level(in);
  return {};
}

Result<void> read_names(Cursor& in, Layout& out) {
  for (std::uint32_t table = 0; table < kTables; ++table) {
    KLIK_TRY(const Count count, count_of(in));
    if (table == 1) out.highest_class = count.values;
    if (table == 3) out.highest_type = count.values;
    for (std::uint32_t i = 0; i < count.entries; ++i) {
      if (table == 0) {
        KLIK_TRY(ClassName common, read_common(in));
        out.commons.push_back(std::move(common));
      } else if (table == 1) {
        KLIK_TRY(ClassName one, read_class(in, out.version));
        if (one.value > count.values) return fail(Code::bad_value, in.at(), "a class beyond the number of classes");
        out.classes.push_back(std::move(one));
      } else if (table == 2) {
        KLIK_CHECK(skip_role(in));
      } else if (table == 3) {
        KLIK_TRY(TypeName type, read_type(in));
        if (type.value > count.values) return fail(Code::bad_value, type.at, "a type beyond the number of types");
        out.types.push_back(std::move(type));
      } else if (table == 4) {
        KLIK_CHECK(skip_user(in));
      } else {
        KLIK_CHECK(skip_named(in, table));
      }
    }
  }
  return {};
}

constexpr std::uint16_t kPlain = kAllow | kAuditAllow | kDontAudit | kTransition | kMember | kChange;
constexpr std::uint16_t kExtended = kExtendedAllow | kExtendedAuditAllow | kExtendedDontAudit;
// Android 6.0 has these three for whole drivers, and those above for single functions.
constexpr std::uint16_t kExtendedDriverM = 0x7000;

// One way to read the table. A table of the other kind loses step at its first ioctl rule, and meets a kind that does not exist.
Result<void> read_rules(Cursor& in, Layout& out, bool android_m) {
  out.rules.clear();
  out.rules_at = in.at();
  KLIK_TRY(const std::uint32_t count, in.u32());
  if (count > in.left() / 12) return fail(Code::bad_value, out.rules_at, "more rules than the file has room for");
  out.rules.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    KLIK_TRY(const Rule rule, read_rule(in, out, android_m));
    out.rules.push_back(rule);
  }
  out.rules_end = in.at();
  return {};
}

}  // namespace

Result<Rule> read_rule(Cursor& in, const Layout& layout, bool android_m) {
  Rule rule{};
  rule.at = in.at();
  KLIK_TRY(rule.source, in.u16());
  KLIK_TRY(rule.target, in.u16());
  KLIK_TRY(rule.object_class, in.u16());
  KLIK_TRY(rule.kind, in.u16());
  const auto known = static_cast<std::uint16_t>(android_m ? kPlain | kExtended | kExtendedDriverM : kPlain | kExtended);
  if ((rule.kind & ~known) || std::popcount(rule.kind) != 1) return fail(Code::bad_value, rule.at + 6, "a rule of no single known kind");
  if (rule.source == 0 || rule.source > layout.highest_type || rule.target == 0 || rule.target > layout.highest_type)
    return fail(Code::bad_value, rule.at, "a rule about a type that does not exist");
  if (rule.object_class == 0 || rule.object_class > layout.highest_class) return fail(Code::bad_value, rule.at + 4, "a rule about a class that does not exist");
  if (rule.kind & kPlain) {
    KLIK_TRY(rule.data, in.u32());
    if ((rule.kind & (kTransition | kMember | kChange)) && (rule.data == 0 || rule.data > layout.highest_type))
      return fail(Code::bad_value, rule.at + 8, "a rule gives a type that does not exist");
  } else if (android_m) {
    KLIK_CHECK(in.skip(1 + 32));
  } else {
    if (layout.version < 30) return fail(Code::bad_value, rule.at + 6, "an ioctl rule in a policy older than ioctl rules");
    KLIK_TRY(const std::uint8_t what, in.u8());
    if (what != 1 && what != 2) return fail(Code::bad_value, rule.at + 8, "an ioctl rule about neither a function nor a driver");
    KLIK_CHECK(in.skip(1 + 32));
  }
  rule.length = static_cast<std::uint32_t>(in.at() - rule.at);
  return rule;
}

Result<Layout> read_layout(Bytes policy) {
  if (policy.size() > kLargest) return fail(Code::over_budget, 0, "a policy of more than 64 MiB");
  Cursor in(policy);
  Layout out;
  KLIK_TRY(const std::uint32_t magic, in.u32());
  if (magic != kMagic) return fail(Code::bad_magic, 0, "not a binary SELinux policy");
  KLIK_TRY(const std::uint32_t length, in.u32());
  KLIK_TRY(const std::string target, in.name(length));
  if (target != kTarget) return fail(Code::unsupported, 8, "a policy for something else than Linux");
  KLIK_TRY(out.version, in.u32());
  if (out.version < kOldest || out.version > kNewest) return fail(Code::unsupported, in.at() - 4, "a policy version outside 24 to 33");
  KLIK_TRY(out.config, in.u32());
  KLIK_TRY(const std::uint32_t tables, in.u32());
  KLIK_TRY(const std::uint32_t contexts, in.u32());
  if (tables != kTables || contexts != (out.version >= 31 ? 9u : 7u)) return fail(Code::bad_value, in.at() - 8, "not as many tables as this version has");
  KLIK_TRY(out.capabilities, in.bitmap());
  KLIK_TRY(out.permissive, in.bitmap());
  KLIK_CHECK(read_names(in, out));
  const Cursor at_rules = in;
  auto rules = read_rules(in, out, false);
  if (!rules && out.version == 30) {
    in = at_rules;
    // When this fails too, the error in the settled form says more.
    if (read_rules(in, out, true)) {
      out.android_m_ioctl_rules = true;
      rules = {};
    }
  }
  if (!rules) return fail(rules.error());
  KLIK_CHECK(read_rest(in, out));
  return out;
}

std::vector<std::uint8_t> with_settled_rules(Bytes policy, const Layout& layout) {
  std::vector<std::uint8_t> out(policy.begin(), policy.begin() + static_cast<std::ptrdiff_t>(layout.rules_at + 4));
  out.reserve(policy.size() + layout.rules.size());
  for (const Rule& rule : layout.rules) {
    const auto entry = policy.span().subspan(rule.at, rule.length);
    if (rule.kind & kPlain) {
      out.insert(out.end(), entry.begin(), entry.end());
      continue;
    }
    const bool driver = rule.kind & kExtendedDriverM;
    const unsigned kind = driver ? rule.kind >> 4 : rule.kind;
    out.insert(out.end(), entry.begin(), entry.begin() + 6);
    out.push_back(static_cast<std::uint8_t>(kind & 0xFF));
    out.push_back(static_cast<std::uint8_t>(kind >> 8));
    out.push_back(driver ? 2 : 1);
    out.push_back(driver ? 0 : entry[8]);
    out.insert(out.end(), entry.begin() + 9, entry.end());
  }
  const auto rest = policy.span().subspan(layout.rules_end);
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

}  // namespace klik::sepolicy
