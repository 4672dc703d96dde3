// The domain of each actor, from rows that a test makes.
#include "support/facts.h"
#include "support/made_rows.h"

namespace klik {
namespace {

using test::MadeRows;
using Text = std::string;

void package(MadeRows& rows, const Text& name, std::int64_t target_sdk, const Text& signer = "", const Text& shared_uid = "", bool privileged = false) {
  rows.file(name + ".apk", "/system/app/" + name + ".apk");
  rows.fact("app.package", {{"name", name}, {"target_sdk", target_sdk}});
  rows.fact("device.actor", {{"kind", Text("package")}, {"name", name}, {"path", name + ".apk"}, {"uid", shared_uid.empty() ? Value() : Value(shared_uid)}, {"privileged", std::int64_t{privileged}}, {"signer", signer.empty() ? Value() : Value(signer)}});
}

Text domain_of(const RecordingSink& sink, const Text& name, Text* why = nullptr) {
  for (const Fact& f : sink.facts)
    if (test::column(f, "name") == name) {
      EXPECT_FALSE(f.because.empty());
      if (why) *why = test::column(f, "why");
      return test::column(f, "seclabel");
    }
  return "(none)";
}

void seapp(MadeRows& rows, const Text& file, std::initializer_list<const char*> lines) {
  rows.file("etc/" + file);
  std::int64_t at = 0;
  for (const char* line : lines) rows.fact("selinux.seapp", {{"rule", Text(line)}, {"at", at++}});
}

TEST(Domains, PackagesByTheFirstRuleThatFits) {
  MadeRows rows;
  seapp(rows, "plat_seapp_contexts", {"isSystemServer=true domain=system_server_startup", "user=system seinfo=platform domain=system_app", "user=_app seinfo=platform domain=platform_app", "user=_app isPrivApp=true domain=priv_app",
                                      "user=_app minTargetSdkVersion=29 domain=untrusted_app", "user=_app domain=untrusted_app_25"});
  seapp(rows, "vendor_seapp_contexts", {"user=system seinfo=platform name=com.maker.qdma domain=qdma_app"});
  rows.fact("system.mac_signer", {{"certificate", Text("aa")}, {"seinfo", Text("platform")}});
  rows.fact("system.mac_signer", {{"certificate", Text("bb")}, {"seinfo", Text("platform")}, {"package", Text("com.one")}});
  package(rows, "android", 29, "aa", "android.uid.system", true);
  package(rows, "com.maker.settings", 29, "aa", "android.uid.system");
  package(rows, "com.maker.qdma", 29, "aa", "android.uid.system");
  package(rows, "com.maker.ui", 29, "aa");
  package(rows, "com.maker.priv", 22, "cc", "", true);
  package(rows, "com.old", 22, "cc");
  package(rows, "com.new", 30, "cc");
  package(rows, "com.one", 30, "bb");
  package(rows, "com.two", 30, "bb");
  package(rows, "com.false.system", 30, "cc", "android.uid.system");
  const RecordingSink sink = test::run_image("domains@1", rows);
  Text why;
  EXPECT_EQ(domain_of(sink, "android"), "system_server");
  EXPECT_EQ(domain_of(sink, "com.maker.settings"), "system_app");
  EXPECT_EQ(domain_of(sink, "com.maker.qdma"), "qdma_app");
  EXPECT_EQ(domain_of(sink, "com.maker.ui"), "platform_app");
  EXPECT_EQ(domain_of(sink, "com.maker.priv"), "priv_app");
  EXPECT_EQ(domain_of(sink, "com.old", &why), "untrusted_app_25");
  EXPECT_EQ(why, "seapp_contexts: user=_app domain=untrusted_app_25");
  EXPECT_EQ(domain_of(sink, "com.new"), "untrusted_app");
  EXPECT_EQ(domain_of(sink, "com.one"), "platform_app");
  EXPECT_EQ(domain_of(sink, "com.two"), "untrusted_app");
  EXPECT_EQ(domain_of(sink, "com.false.system"), "(none)");   // no rule: such a process would not start
}

TEST(Domains, WithoutTheFileAospsRulesAreAssumedAndItIsSaid) {
  MadeRows rows;
  rows.file("build.prop");
  rows.fact("device.identity", {{"sdk", std::int64_t{23}}});
  rows.fact("device.signer", {{"sha256", Text("aa")}, {"known_as", Text("platform")}});
  package(rows, "com.fota", 22, "aa", "android.uid.system");
  package(rows, "com.other", 22, "cc");
  const RecordingSink sink = test::run_image("domains@1", rows);
  Text why;
  EXPECT_EQ(domain_of(sink, "com.fota", &why), "system_app");
  EXPECT_TRUE(why.starts_with("assumed: AOSP's seapp_contexts")) << why;
  EXPECT_EQ(domain_of(sink, "com.other"), "untrusted_app");
}

TEST(Domains, WithoutAVersionNothingIsAssumed) {
  MadeRows rows;
  package(rows, "com.other", 22, "cc");
  EXPECT_TRUE(test::run_image("domains@1", rows).facts.empty());
}

TEST(Domains, TheRecoverysRulesAreNotThePhones) {
  MadeRows rows;
  seapp(rows, "recovery/seapp_contexts", {"user=_app domain=recovery_app"});
  package(rows, "com.other", 22, "cc");
  EXPECT_TRUE(test::run_image("domains@1", rows).facts.empty());
}

void service(MadeRows& rows, const Text& name, const Text& executable, const Text& seclabel = "", const Text& label_in_image = "") {
  rows.file(executable.substr(1), executable, label_in_image);
  rows.fact("device.service", {{"name", name}, {"executable", executable}, {"seclabel", seclabel.empty() ? Value() : Value(seclabel)}});
  rows.fact("device.actor", {{"kind", Text("service")}, {"name", name}, {"path", executable.substr(1)}});
}

void labels(MadeRows& rows) {
  rows.file("etc/vendor_file_contexts");
  rows.fact("selinux.file_label", {{"path", Text("/vendor/bin/rild")}, {"label", Text("u:object_r:rild_exec:s0")}, {"at", std::int64_t{0}}});
  rows.file("etc/plat_file_contexts");
  rows.fact("selinux.file_label", {{"path", Text("/system/bin/.*")}, {"label", Text("u:object_r:system_file:s0")}, {"at", std::int64_t{0}}});
  rows.fact("selinux.file_label", {{"path", Text("/system/bin/vold")}, {"label", Text("u:object_r:vold_exec:s0")}, {"at", std::int64_t{50}}});
  rows.fact("selinux.file_label", {{"path", Text("/system/bin/d.*")}, {"file_type", Text("-d")}, {"label", Text("u:object_r:folder:s0")}, {"at", std::int64_t{90}}});
}

TEST(Domains, ServicesByTheirOwnLabelElseByTheirProgram) {
  MadeRows rows;
  labels(rows);
  rows.file("precompiled_sepolicy");
  for (const char* name : {"vold", "rild", "own"}) rows.fact("selinux.transition", {{"source", Text("init")}, {"program", Text(name) + "_exec"}, {"domain", Text(name)}});
  rows.fact("selinux.transition", {{"source", Text("shell")}, {"program", Text("system_file")}, {"domain", Text("not_from_init")}});
  service(rows, "vold", "/system/bin/vold");
  service(rows, "ril-daemon", "/vendor/bin/rild");
  service(rows, "stated", "/system/bin/vold2", "u:r:stated:s0");
  service(rows, "labelled", "/system/bin/thing", "", Text("u:object_r:own_exec:s0\0", 23));
  service(rows, "unconfined", "/system/bin/dropped");
  service(rows, "nowhere", "/data/x");
  const RecordingSink sink = test::run_image("domains@1", rows);
  Text why;
  EXPECT_EQ(domain_of(sink, "vold", &why), "vold");
  EXPECT_EQ(why, "the policy starts vold_exec in this domain; /system/bin/vold is vold_exec by file_contexts /system/bin/vold");
  EXPECT_EQ(domain_of(sink, "ril-daemon"), "rild");
  EXPECT_EQ(domain_of(sink, "stated"), "stated");
  EXPECT_EQ(domain_of(sink, "labelled"), "own");       // the image counts before the rules
  EXPECT_EQ(domain_of(sink, "unconfined", &why), "init");
  EXPECT_TRUE(why.starts_with("the policy has no transition")) << why;
  EXPECT_EQ(domain_of(sink, "nowhere"), "(none)");
}

TEST(Domains, WithoutTheFileOfItsPartitionAProgramsLabelIsNotKnown) {
  MadeRows rows;
  rows.file("etc/plat_file_contexts");
  rows.fact("selinux.file_label", {{"path", Text("/(vendor|system/vendor)(/.*)?")}, {"label", Text("u:object_r:vendor_file:s0")}, {"at", std::int64_t{0}}});
  rows.fact("selinux.file_label", {{"path", Text("/system(/.*)?")}, {"label", Text("u:object_r:system_file:s0")}, {"at", std::int64_t{40}}});
  rows.file("precompiled_sepolicy");
  rows.fact("selinux.transition", {{"source", Text("init")}, {"program", Text("rild_exec")}, {"domain", Text("rild")}});
  service(rows, "ril-daemon", "/vendor/bin/rild");
  service(rows, "ims", "/system/vendor/bin/ims");
  service(rows, "helper", "/system/bin/helper");
  const RecordingSink sink = test::run_image("domains@1", rows);
  EXPECT_EQ(domain_of(sink, "ril-daemon"), "(none)");
  EXPECT_EQ(domain_of(sink, "ims"), "(none)");
  EXPECT_EQ(domain_of(sink, "helper"), "(none)");   // vendor_file_contexts may name it
}

TEST(Domains, WithoutAPolicyTheNameOfTheProgramsLabelIsAssumed) {
  MadeRows rows;
  labels(rows);
  service(rows, "vold", "/system/bin/vold");
  service(rows, "other", "/system/bin/other");
  const RecordingSink sink = test::run_image("domains@1", rows);
  Text why;
  EXPECT_EQ(domain_of(sink, "vold", &why), "vold");
  EXPECT_TRUE(why.starts_with("assumed: no policy was read")) << why;
  EXPECT_EQ(domain_of(sink, "other"), "(none)");
}

}  // namespace
}  // namespace klik
