#include "apps/manifest.h"

#include <gtest/gtest.h>

#include "apps/attribute_ids.h"
#include "support/arsc_writer.h"
#include "support/axml_writer.h"

namespace klik::apk {
namespace {

using test::AxmlWriter;
using test::bool_attr;
using test::int_attr;
using test::ref_attr;

AxmlWriter::Attr text(AttributeName a, std::string value) { return test::text_attr(a.id, std::move(value), std::string(a.name)); }
AxmlWriter::Attr truth(AttributeName a, bool value) { return bool_attr(a.id, value ? 0xFFFFFFFF : 0); }

// Writes <manifest package="a.b"> around what `inside` adds.
template <class Inside>
Manifest manifest(Inside inside, Bytes resources = {}, std::vector<AxmlWriter::Attr> root = {}) {
  AxmlWriter w;
  root.push_back(test::plain_attr("package", "a.b"));
  w.open("manifest", root);
  inside(w);
  w.close("manifest");
  static std::vector<std::vector<std::uint8_t>> kept;   // spans of the model are only offsets, but a failing test may print
  kept.push_back(w.write());
  auto m = read_manifest(Bytes(kept.back()), resources);
  if (!m) {
    ADD_FAILURE() << m.error().what;
    return {};
  }
  return std::move(*m);
}

// The same inside <application>.
template <class Inside>
Manifest application(Inside inside, Bytes resources = {}, const std::vector<AxmlWriter::Attr>& attributes = {}, int target = 0) {
  return manifest(
      [&](AxmlWriter& w) {
        if (target) w.leaf("uses-sdk", {int_attr(attr::target_sdk_version.id, static_cast<std::uint32_t>(target))});
        w.open("application", attributes);
        inside(w);
        w.close("application");
      },
      resources);
}

void filter(AxmlWriter& w, const std::vector<std::string>& actions) {
  w.open("intent-filter");
  for (const std::string& a : actions) w.leaf("action", {text(attr::name, a)});
  w.close("intent-filter");
}

bool odd(const Manifest& m, std::string_view what) {
  return std::ranges::any_of(m.oddities, [&](const res::Oddity& o) { return std::string_view(o.error.what).contains(what); });
}

std::string exported(const Component& c) { return std::string(!c.exported ? "unknown" : *c.exported ? "yes" : "no") + " " + std::string(exported_why_name(c.exported_why)); }

TEST(Manifest, ReadsIdentityAndVersions) {
  const Manifest m = manifest([](AxmlWriter& w) { w.leaf("uses-sdk", {int_attr(attr::min_sdk_version.id, 21), int_attr(attr::target_sdk_version.id, 30), int_attr(attr::max_sdk_version.id, 33)}); }, {},
                              {int_attr(attr::version_code.id, 7), int_attr(attr::version_code_major.id, 2), text(attr::version_name, "1.2"), text(attr::shared_user_id, "android.uid.system"), test::plain_attr("split", "config.nl"), test::plain_attr("coreApp", "true")});
  EXPECT_EQ(m.package, "a.b");
  EXPECT_EQ(m.version_code, (std::int64_t{2} << 32) + 7);
  EXPECT_EQ(m.version_name.value, "1.2");
  EXPECT_EQ(m.shared_uid.value, "android.uid.system");
  EXPECT_EQ(m.split, "config.nl");
  EXPECT_EQ(m.core_app, true);
  EXPECT_EQ(m.min_sdk, 21);
  EXPECT_EQ(m.target_sdk, 30);
  EXPECT_EQ(m.max_sdk, 33);
}

TEST(Manifest, TheTargetIsTheLowestLevelWhenItIsNotDeclared) {
  EXPECT_EQ(manifest([](AxmlWriter&) {}).target_sdk, 1);
  const Manifest m = manifest([](AxmlWriter& w) { w.leaf("uses-sdk", {int_attr(attr::min_sdk_version.id, 19)}); });
  EXPECT_EQ(m.target_sdk, 19);
  EXPECT_FALSE(m.target_sdk_declared);
}

TEST(Manifest, CodeNamesAreLevels) {
  const auto target = [](std::string name) { return manifest([&](AxmlWriter& w) { w.leaf("uses-sdk", {text(attr::target_sdk_version, name)}); }).target_sdk; };
  EXPECT_EQ(target("S"), 31);
  EXPECT_EQ(target("Tiramisu"), 33);
  EXPECT_EQ(target("Tiramisu.0123abcd"), 33);
  EXPECT_EQ(target("23"), 23);
  EXPECT_EQ(target("Zabaglione"), kSdkInDevelopment);
}

TEST(Manifest, DefaultsOfExportedAreAndroids) {
  for (const int target : {16, 17}) {
    const Manifest m = application(
        [](AxmlWriter& w) {
          for (const char* tag : {"activity", "service", "receiver", "provider"}) {
            for (const bool with_filter : {false, true}) {
              w.open(tag, {text(attr::name, ".X")});
              if (with_filter) filter(w, {"go"});
              w.close(tag);
            }
          }
          for (const bool said : {false, true}) w.leaf("activity", {text(attr::name, ".X"), truth(attr::exported, said)});
          w.open("activity", {text(attr::name, ".NoAction")});
          filter(w, {});
          w.close("activity");
          w.open("service", {text(attr::name, ".NoAction")});
          filter(w, {});
          w.close("service");
        },
        {}, {}, target);
    std::vector<std::string> got;
    for (const Component& c : m.components) got.push_back(exported(c));
    const std::string provider = target == 16 ? "yes provider_before_17" : "no default_without_filter";
    EXPECT_EQ(got, (std::vector<std::string>{"no default_without_filter", "yes default_with_filter", "no default_without_filter", "yes default_with_filter", "no default_without_filter", "yes default_with_filter", provider, provider,
                                             "no declared", "yes declared", "no default_without_filter", "yes default_with_filter"}));
  }
}

TEST(Manifest, FromTarget31AFilterNeedsAWordOnExported) {
  const auto build = [](int target) { return application([](AxmlWriter& w) { w.open("activity", {text(attr::name, ".X")}), filter(w, {"go"}), w.close("activity"); }, {}, {}, target); };
  EXPECT_FALSE(odd(build(30), "demand from target 31"));
  EXPECT_TRUE(odd(build(31), "demand from target 31"));
}

TEST(Manifest, AnyNonZeroTruthIsTrue) {
  const Manifest m = application([](AxmlWriter& w) {
    w.leaf("activity", {text(attr::name, ".X"), bool_attr(attr::exported.id, 2)});
    w.leaf("activity", {text(attr::name, ".Y"), int_attr(attr::exported.id, 1)});
  });
  EXPECT_EQ(m.components[0].exported, true);
  EXPECT_EQ(m.components[1].exported, true);
}

TEST(Manifest, ReferencesAreResolvedAndTheFrameworksAreUnknown) {
  test::ArscWriter table;
  table.strings = {"a.b.Real"};
  table.type_names = {"bool", "string"};
  table.types = {{.entries = {{.index = 0, .type = res::kBoolean, .data = 0}, {.index = 1, .type = res::kReference, .data = 0x7f010001}}},
                 {.entries = {{.index = 0, .type = res::kBoolean, .data = 1}}, .sdk = 21},
                 {.id = 2, .entries = {{.index = 0, .type = res::kString, .data = 0}}}};
  const auto bytes = table.write();
  const auto build = [&](Bytes resources) {
    return application(
        [](AxmlWriter& w) {
          w.leaf("activity", {ref_attr(attr::name.id, 0x7f020000), ref_attr(attr::enabled.id, 0x7f010000), ref_attr(attr::exported.id, 0x7f010000)});
          w.leaf("activity", {text(attr::name, ".Loop"), ref_attr(attr::exported.id, 0x7f010001)});
          w.leaf("activity", {text(attr::name, ".Framework"), ref_attr(attr::enabled.id, 0x01110000), ref_attr(attr::exported.id, 0x01110000)});
          w.leaf("activity", {text(attr::name, ".Theme"), AxmlWriter::Attr{.id = attr::exported.id, .name = "e", .type = res::kThemeAttribute, .data = 0x01010000}});
        },
        resources);
  };
  const Manifest m = build(Bytes(bytes));
  EXPECT_EQ(m.components[0].class_name, "a.b.Real");
  EXPECT_EQ(exported(m.components[0]), "no declared");
  EXPECT_EQ(m.components[0].enabled, false);
  EXPECT_EQ(m.components[0].resources.size(), 2u);   // one for the name, one for both truths
  for (const std::size_t i : {1u, 2u, 3u}) EXPECT_EQ(exported(m.components[i]), "unknown unknown_reference") << i;
  EXPECT_EQ(m.components[2].enabled, std::nullopt);
  ASSERT_EQ(m.varying.size(), 1u);
  EXPECT_EQ(m.varying[0].values, "default=false;v21=true");
  EXPECT_TRUE(odd(m, "refers to itself"));
  EXPECT_TRUE(odd(m, "framework's resources"));

  const Manifest alone = build({});
  EXPECT_EQ(alone.components[0].class_name, "@0x7f020000");
  EXPECT_EQ(exported(alone.components[0]), "unknown unknown_reference");
}

TEST(Manifest, AProviderOfUnknownTargetIsUnknown) {
  const Manifest m = manifest([](AxmlWriter& w) {
    w.leaf("uses-sdk", {ref_attr(attr::target_sdk_version.id, 0x01050000)});
    w.open("application");
    w.leaf("provider", {text(attr::name, ".P")});
    w.close("application");
  });
  EXPECT_FALSE(m.target_sdk_known);
  EXPECT_EQ(exported(m.components[0]), "unknown unknown_reference");
}

TEST(Manifest, EnabledNeedsTheApplicationToo) {
  const auto build = [](const std::vector<AxmlWriter::Attr>& app) {
    return application([](AxmlWriter& w) {
      w.leaf("receiver", {text(attr::name, ".A"), truth(attr::enabled, true)});
      w.leaf("receiver", {text(attr::name, ".B"), truth(attr::enabled, false)});
      w.leaf("receiver", {text(attr::name, ".C")});
    }, {}, app);
  };
  const auto states = [](const Manifest& m) {
    std::string out;
    for (const Component& c : m.components) out += !c.enabled ? '?' : *c.enabled ? '1' : '0';
    return out;
  };
  EXPECT_EQ(states(build({})), "101");
  EXPECT_EQ(states(build({truth(attr::enabled, false)})), "000");
  EXPECT_EQ(states(build({ref_attr(attr::enabled.id, 0x01110000)})), "?0?");
}

TEST(Manifest, ClassNamesAndProcessesAreCompleted) {
  const Manifest m = application([](AxmlWriter& w) {
    w.leaf("service", {text(attr::name, ".X"), text(attr::process, ":far")});
    w.leaf("service", {text(attr::name, "X"), text(attr::process, "system")});
    w.leaf("service", {text(attr::name, "c.d.X"), text(attr::process, "a.b")});
  });
  EXPECT_EQ(m.components[0].class_name, "a.b.X");
  EXPECT_EQ(m.components[0].process, "a.b:far");
  EXPECT_EQ(m.components[1].class_name, "a.b.X");
  EXPECT_EQ(m.components[1].process, "system");
  EXPECT_EQ(m.components[2].class_name, "c.d.X");
  EXPECT_EQ(m.components[2].process, std::nullopt);
}

TEST(Manifest, GuardsAreInheritedExceptByAliases) {
  const Manifest m = application(
      [](AxmlWriter& w) {
        w.leaf("activity", {text(attr::name, ".Plain"), text(attr::process, ":p")});
        w.leaf("activity", {text(attr::name, ".Own"), text(attr::permission, "own")});
        w.leaf("activity", {text(attr::name, ".None"), text(attr::permission, "")});
        w.leaf("activity-alias", {text(attr::name, ".Alias"), text(attr::target_activity, ".Plain")});
        w.leaf("provider", {text(attr::name, ".P"), text(attr::read_permission, "read"), text(attr::authorities, "x;y"), truth(attr::grant_uri_permissions, true)});
        w.leaf("provider", {text(attr::name, ".Q"), text(attr::permission, "both"), text(attr::write_permission, "")});
      },
      {}, {text(attr::permission, "app")});
  EXPECT_EQ(m.components[0].permission, "app");
  EXPECT_EQ(m.components[1].permission, "own");
  EXPECT_EQ(m.components[2].permission, std::nullopt);
  EXPECT_EQ(m.components[3].permission, std::nullopt);
  EXPECT_EQ(m.components[3].target_class, "a.b.Plain");
  EXPECT_EQ(m.components[3].process, "a.b:p");
  EXPECT_EQ(m.components[4].read_permission, "read");
  EXPECT_EQ(m.components[4].write_permission, "app");
  EXPECT_EQ(m.components[4].authorities, "x;y");
  EXPECT_EQ(m.components[4].grant_uri_permissions, true);
  EXPECT_EQ(m.components[5].read_permission, "both");
  EXPECT_EQ(m.components[5].write_permission, std::nullopt);
}

TEST(Manifest, OnlyTheFirstApplicationCounts) {
  const Manifest m = manifest([](AxmlWriter& w) {
    for (const char* name : {".First", ".Second"}) {
      w.open("application");
      w.leaf("activity", {text(attr::name, name)});
      w.close("application");
    }
  });
  ASSERT_EQ(m.components.size(), 1u);
  EXPECT_EQ(m.components[0].class_name, "a.b.First");
  EXPECT_TRUE(odd(m, "second <application>"));
}

TEST(Manifest, FiltersKeepActionsCategoriesAndData) {
  const Manifest m = application([](AxmlWriter& w) {
    w.open("receiver", {text(attr::name, ".R")});
    w.open("intent-filter", {int_attr(attr::priority.id, 999), truth(attr::auto_verify, true)});
    w.leaf("action", {text(attr::name, "android.provider.Telephony.SECRET_CODE")});
    w.leaf("category", {text(attr::name, "c")});
    w.leaf("data", {text(attr::scheme, "android_secret_code"), text(attr::host, "1234")});
    w.close("intent-filter");
    w.leaf("meta-data", {text(attr::name, "m"), int_attr(attr::value.id, 5)});
    w.close("receiver");
  });
  const IntentFilter& f = m.components[0].filters.at(0);
  EXPECT_EQ(f.actions, (std::vector<std::string>{"android.provider.Telephony.SECRET_CODE"}));
  EXPECT_EQ(f.categories, (std::vector<std::string>{"c"}));
  EXPECT_EQ(f.priority, 999);
  EXPECT_EQ(f.auto_verify.value, true);
  ASSERT_EQ(f.data.size(), 2u);
  EXPECT_EQ(f.data[0].kind, "scheme");
  EXPECT_EQ(f.data[1].value, "1234");
  ASSERT_EQ(m.entries.size(), 1u);
  EXPECT_EQ(m.entries[0].owner, "a.b.R");
  EXPECT_EQ(m.entries[0].value, "5");
}

TEST(Manifest, PermissionsAskedForAndDeclared) {
  const Manifest m = manifest([](AxmlWriter& w) {
    w.leaf("uses-permission", {text(attr::name, "p"), int_attr(attr::max_sdk_version.id, 28)});
    w.leaf("uses-permission-sdk-23", {text(attr::name, "q"), text(attr::required_feature, "f"), int_attr(attr::uses_permission_flags.id, 0x10000)});
    w.leaf("uses-permission", {ref_attr(attr::name.id, 0x7f010000)});   // the phone takes no reference here
    w.leaf("permission", {text(attr::name, "d"), int_attr(attr::protection_level.id, 0x12), text(attr::permission_group, "g")});
    w.leaf("permission", {text(attr::name, "e")});
  });
  ASSERT_EQ(m.requests.size(), 2u);
  EXPECT_EQ(m.requests[0].max_sdk, 28);
  EXPECT_TRUE(m.requests[1].sdk23);
  EXPECT_EQ(m.requests[1].condition, "feature:f,neverForLocation");
  ASSERT_EQ(m.declarations.size(), 2u);
  EXPECT_EQ(m.declarations[0].level, 0x12);
  EXPECT_EQ(m.declarations[0].group, "g");
  EXPECT_EQ(m.declarations[1].level, 0);
}

TEST(Manifest, ProtectionLevelsInWords) {
  EXPECT_EQ(protection_text(0), "normal");
  EXPECT_EQ(protection_text(1), "dangerous");
  EXPECT_EQ(protection_text(0x12), "signature|privileged");
  EXPECT_EQ(protection_text(3), "signature|privileged");
  EXPECT_EQ(protection_text(0x4000004), "internal|role");
  EXPECT_EQ(protection_text(0x40000002), "signature|unknown-flags");
}

TEST(Manifest, OtherElementsBecomeEntries) {
  const Manifest m = manifest([](AxmlWriter& w) {
    w.leaf("overlay", {text(attr::target_package, "android"), int_attr(attr::priority.id, 3), truth(attr::is_static, true)});
    w.leaf("protected-broadcast", {text(attr::name, "b")});
    w.open("queries");
    w.leaf("package", {text(attr::name, "q")});
    w.open("intent");
    w.leaf("action", {text(attr::name, "go")});
    w.leaf("data", {text(attr::scheme, "https")});
    w.close("intent");
    w.close("queries");
    w.open("application");
    w.leaf("uses-library", {text(attr::name, "l"), truth(attr::required, false)});
    w.close("application");
  });
  std::vector<std::string> got;
  for (const ManifestEntry& e : m.entries) got.push_back(e.tag + " " + e.name + " " + e.value);
  EXPECT_EQ(got, (std::vector<std::string>{"overlay android priority=3;isStatic=true", "protected-broadcast b ", "queries-package q ", "queries-intent go scheme=https", "uses-library l required=false"}));
  EXPECT_EQ(m.overlay_target, "android");
}

TEST(Manifest, AWrittenTextThatIsNotTheValueIsNoted) {
  const Manifest m = application([](AxmlWriter& w) {
    AxmlWriter::Attr name = text(attr::name, ".Real");
    name.raw = ".Fake";
    w.leaf("activity", {name});
  });
  EXPECT_EQ(m.components[0].class_name, "a.b.Real");
  EXPECT_TRUE(odd(m, "written text is not its value"));
}

TEST(Manifest, AnAttributeNameThatLiesChangesNothing) {
  const Manifest m = application([](AxmlWriter& w) { w.leaf("activity", {test::text_attr(attr::name.id, ".X", "exported"), bool_attr(attr::exported.id, 1)}); });
  EXPECT_EQ(m.components[0].class_name, "a.b.X");
  EXPECT_EQ(exported(m.components[0]), "yes declared");
}

TEST(Manifest, OneLongStringUsedOftenIsBounded) {
  const std::string longest(20000, 'x');
  const Manifest m = application([&](AxmlWriter& w) {
    for (int i = 0; i < 3000; ++i) w.leaf("activity", {text(attr::name, longest)});
  });
  EXPECT_EQ(m.components.size(), 3000u);
  std::size_t bytes = 0;
  for (const Component& c : m.components) bytes += c.class_name.size();
  EXPECT_LT(bytes, 3000u * 1100u);
  EXPECT_TRUE(odd(m, "too long"));
}

TEST(Manifest, AnotherRootIsRefused) {
  AxmlWriter w;
  w.leaf("resources");
  const auto bytes = w.write();
  const auto m = read_manifest(Bytes(bytes), {});
  ASSERT_FALSE(m);
  EXPECT_EQ(m.error().code, Code::bad_value);
}

TEST(Manifest, ResourcesAreAskedForOnlyWhenAValueNeedsThem) {
  for (const bool needs : {false, true}) {
    AxmlWriter w;
    w.open("manifest", {needs ? ref_attr(attr::version_name.id, 0x7f010000) : text(attr::version_name, "1")});
    w.close("manifest");
    const auto bytes = w.write();
    int asked = 0;
    ASSERT_TRUE(read_manifest_with(Bytes(bytes), [&] { return ++asked, Bytes(); }));
    EXPECT_EQ(asked, needs ? 1 : 0);
  }
}

TEST(Manifest, EveryPrefixIsSafe) {
  AxmlWriter w;
  w.open("manifest", {test::plain_attr("package", "a.b")});
  w.leaf("uses-permission", {text(attr::name, "p")});
  w.open("application");
  w.open("provider", {text(attr::name, ".P"), ref_attr(attr::exported.id, 0x7f010000)});
  filter(w, {"go"});
  w.close("provider");
  w.close("application");
  w.close("manifest");
  const auto whole = w.write();
  test::ArscWriter t;
  t.types = {{.entries = {{.index = 0, .type = res::kBoolean, .data = 1}}}};
  const auto table = t.write();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const auto m = read_manifest(Bytes(cut), Bytes(table));
    if (m) { EXPECT_TRUE(std::ranges::any_of(m->oddities, &res::Oddity::lost)) << n; }
  }
  for (std::size_t n = 0; n < table.size(); ++n) {
    const std::vector<std::uint8_t> cut(table.begin(), table.begin() + static_cast<std::ptrdiff_t>(n));
    const auto m = read_manifest(Bytes(whole), Bytes(cut));
    ASSERT_TRUE(m);
    EXPECT_NE(m->components.at(0).exported, false) << n;   // what is not known is not false
  }
}

}  // namespace
}  // namespace klik::apk
