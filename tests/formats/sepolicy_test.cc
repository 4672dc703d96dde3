#include "formats/android/sepolicy.h"

#include <algorithm>
#include <random>

#include "support/evidence.h"
#include "support/policies.h"

namespace klik::sepolicy {
namespace {

using Bytes8 = std::vector<std::uint8_t>;

Bytes bytes(const Bytes8& v) { return {v.data(), v.size()}; }

// "allow a b:c { p q }", as sesearch prints them, for every rule of a kind.
std::vector<std::string> printed(const Policy& p, std::uint16_t kind = kAllow) {
  std::vector<std::string> out;
  for (const Rule& r : p.rules())
    if (r.kind == kind)
      out.push_back(std::string(p.types()[r.source].name) + " " + std::string(p.types()[r.target].name) + ":" + std::string(p.class_name(r.object_class)) + " { " +
                    (kind == kTransition ? std::string(p.types()[r.data].name) : p.permissions(r.object_class, r.data)) + " }");
  std::ranges::sort(out);
  return out;
}

TEST(SePolicy, ReadsTypesRulesAndPermissions) {
  const Bytes8 file = test::compiled_policy();
  const auto policy = Policy::open(bytes(file));
  ASSERT_TRUE(policy) << policy.error().what;
  EXPECT_EQ(policy->version(), 30u);
  EXPECT_EQ(policy->unknown_classes(), UnknownClasses::deny);
  EXPECT_FALSE(policy->android_m_ioctl_rules());
  const std::uint32_t watcher = policy->type("watcher");
  ASSERT_NE(watcher, 0u);
  EXPECT_TRUE(policy->types()[watcher].permissive);
  EXPECT_EQ(std::ranges::count(policy->types(), true, &Type::permissive), 1);
  EXPECT_EQ(policy->expanded(policy->type("appdomain")).size(), 3u);
  EXPECT_EQ(policy->type("old_device"), policy->type("raw_device"));
  const auto rules = printed(*policy);
  EXPECT_TRUE(std::ranges::binary_search(rules, "untrusted_app_all watcher:binder { call transfer }"));
  EXPECT_TRUE(std::ranges::binary_search(rules, "system_app raw_device:blk_file { ioctl read write open }"));
  EXPECT_EQ(printed(*policy, kTransition), std::vector<std::string>{"init watcher_exec:process { watcher }"});
  // What is said of a name stands where it is said.
  for (const Type& t : policy->types())
    if (!t.name.empty()) { EXPECT_EQ(bytes(file).text().substr(t.name_at, t.name.size()), t.name); }
}

TEST(SePolicy, ReadsEveryVersionThatCompilersWrite) {
  std::vector<std::string> first;
  for (const int version : {30, 31, 32, 33}) {
    const auto policy = Policy::open(bytes(test::compiled_policy("", version)));
    ASSERT_TRUE(policy) << version << ": " << policy.error().what;
    if (first.empty()) first = printed(*policy);
    EXPECT_EQ(printed(*policy), first) << version;
  }
}

TEST(SePolicy, ReadsTheIoctlRulesOfAndroid6) {
  const Bytes8 settled = test::compiled_policy();
  const auto policy = Policy::open(bytes(settled));
  ASSERT_TRUE(policy);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ioctl;
  for (const Rule& r : policy->rules())
    if (r.kind == kExtendedAllow) ioctl.emplace_back(r.at, r.length);
  ASSERT_EQ(ioctl.size(), 2u);
  const Bytes8 old = test::as_android_m(settled, ioctl);
  EXPECT_EQ(old.size(), settled.size() - 2);
  const auto again = Policy::open(bytes(old));
  ASSERT_TRUE(again) << again.error().what << " at " << again.error().at;
  EXPECT_TRUE(again->android_m_ioctl_rules());
  EXPECT_EQ(printed(*again), printed(*policy));
  // Written as later kernels want it, it is the settled file again, but for the driver byte that nothing reads.
  const auto layout = read_layout(bytes(old));
  ASSERT_TRUE(layout);
  EXPECT_EQ(with_settled_rules(bytes(old), *layout).size(), settled.size());
}

TEST(SePolicy, RefusesWhatIsNoPolicy) {
  EXPECT_EQ(Policy::open(Bytes()).error().code, Code::truncated);
  const Bytes8 file = test::compiled_policy();
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Bytes8 out = file;
    out[at] = value;
    return Policy::open(bytes(out));
  };
  EXPECT_EQ(changed(0, 0).error().code, Code::bad_magic);
  EXPECT_EQ(changed(4, 200).error().code, Code::bad_value);       // a target name of 200 bytes runs into numbers
  EXPECT_EQ(changed(8, 'X').error().code, Code::unsupported);      // XenFlask has its own tables
  EXPECT_EQ(changed(16, 23).error().code, Code::unsupported);
  EXPECT_EQ(changed(16, 34).error().code, Code::unsupported);
  EXPECT_EQ(changed(24, 7).error().code, Code::bad_value);
  EXPECT_EQ(changed(24, 7).error().at, 24u);
}

TEST(SePolicy, ARuleAboutATypeThatDoesNotExistIsRefused) {
  Bytes8 file = test::compiled_policy();
  const auto layout = read_layout(bytes(file));
  ASSERT_TRUE(layout);
  file[layout->rules[0].at] = 0xFF;
  file[layout->rules[0].at + 1] = 0xFF;
  const auto broken = Policy::open(bytes(file));
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().at, layout->rules[0].at);
}

TEST(SePolicy, EveryPrefixIsSafe) {
  const Bytes8 file = test::compiled_policy();
  for (std::size_t n = 0; n < file.size(); ++n) {
    const Bytes8 part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n));   // of exact size, so that a sanitizer sees one byte too far
    EXPECT_FALSE(Policy::open(bytes(part))) << n;
  }
}

TEST(SePolicy, BrokenBytesAreSafe) {
  const Bytes8 file = test::compiled_policy();
  std::mt19937 random(7);
  for (int round = 0; round < 6000; ++round) {
    Bytes8 broken = file;
    for (unsigned i = 0; i <= random() % 3; ++i) broken[random() % broken.size()] = static_cast<std::uint8_t>(random());
    const auto policy = Policy::open(bytes(broken));
    if (!policy) continue;
    for (const Rule& r : policy->rules()) {
      ASSERT_LE(r.at + r.length, broken.size());
      ASSERT_LT(r.source, policy->types().size());
      ASSERT_LT(r.target, policy->types().size());
    }
  }
}

struct Real {
  const char* name;
  std::uint32_t types, attributes, allow, audit_allow, dont_audit, transitions, ioctl;
};
// The figures of `seinfo` 4.4; it refuses the first policy, whose sum is checked against the table's own count instead.
constexpr Real kReal[] = {
    {"blu-vivo5r_2016-05-V0090UU_boot_ramdisk_sepolicy", 0, 0, 13283, 20, 197, 444, 18},
    {"google-pixel7_UPB2.230407.014_vendor_etc_selinux_precompiled_sepolicy", 2320, 181, 44444, 240, 1657, 0, 810},
    {"oneplus-5_2012030314_vendor_etc_selinux_precompiled_sepolicy", 1992, 208, 35841, 11, 986, 0, 567},
};

TEST(SePolicyReal, CountsAsSeinfoDoes) {
  KLIK_NEEDS_EVIDENCE();
  for (const Real& real : kReal) {
    const Bytes8 file = test::read_file(test::evidence() + "/containers/sepolicy/" + real.name);
    const auto policy = Policy::open(bytes(file));
    ASSERT_TRUE(policy) << real.name << ": " << policy.error().what;
    const auto count = [&](std::uint16_t kind) { return static_cast<std::uint32_t>(std::ranges::count(policy->rules(), kind, &Rule::kind)); };
    EXPECT_EQ(count(kAllow), real.allow) << real.name;
    EXPECT_EQ(count(kAuditAllow), real.audit_allow) << real.name;
    EXPECT_EQ(count(kDontAudit), real.dont_audit) << real.name;
    EXPECT_EQ(count(kExtendedAllow) + count(0x1000), real.ioctl) << real.name;
    if (real.types) {
      std::uint32_t types = 0, attributes = 0;
      for (const Type& t : policy->types())
        if (!t.name.empty()) ++(t.attribute ? attributes : types);
      EXPECT_EQ(types, real.types) << real.name;
      EXPECT_EQ(attributes, real.attributes) << real.name;
    } else {
      EXPECT_TRUE(policy->android_m_ioctl_rules());
      EXPECT_EQ(policy->rules().size(), 13962u);
      EXPECT_EQ(count(kTransition), real.transitions);
    }
  }
}

// sesearch on a sample of sources and classes: the same rules, word for word.
TEST(SePolicyReal, AllowsWhatSesearchFinds) {
  KLIK_NEEDS_EVIDENCE();
  if (test::run("sesearch --help 2>/dev/null").output.empty()) GTEST_SKIP() << "sesearch (setools) is not installed";
  for (const Real& real : kReal) {
    if (!real.types) continue;
    const std::string path = test::evidence() + "/containers/sepolicy/" + real.name;
    const Bytes8 file = test::read_file(path);
    const auto policy = Policy::open(bytes(file));
    ASSERT_TRUE(policy);
    for (const std::string source : {"untrusted_app", "shell", "vold", "appdomain"}) {
      const std::uint32_t type = policy->type(source);
      ASSERT_NE(type, 0u);
      std::vector<std::string> ours;
      for (const Rule& r : policy->rules()) {
        if (r.kind != kAllow || r.source != type) continue;
        std::string permissions = policy->permissions(r.object_class, r.data);
        std::vector<std::string> sorted;
        for (std::size_t at = 0; at < permissions.size();) {
          const auto end = std::min(permissions.find(' ', at), permissions.size());
          sorted.push_back(permissions.substr(at, end - at));
          at = end + 1;
        }
        std::ranges::sort(sorted);
        std::string joined;
        for (const auto& s : sorted) joined += (joined.empty() ? "" : " ") + s;
        if (sorted.size() > 1) joined = "{ " + joined + " }";
        ours.push_back("allow " + source + " " + std::string(policy->types()[r.target].name) + ":" + std::string(policy->class_name(r.object_class)) + " " + joined + ";");
      }
      std::vector<std::string> theirs;
      const std::string output = test::run("sesearch -A -ds -s " + source + " " + path + " 2>/dev/null").output;
      for (std::size_t at = 0; at < output.size();) {
        const auto end = std::min(output.find('\n', at), output.size());
        if (const std::string line = output.substr(at, end - at); line.starts_with("allow ")) theirs.push_back(line);
        at = end + 1;
      }
      std::ranges::sort(ours);
      std::ranges::sort(theirs);
      EXPECT_FALSE(theirs.empty());
      EXPECT_EQ(ours, theirs) << real.name << " " << source;
    }
  }
}

}  // namespace
}  // namespace klik::sepolicy
