#include "extract/code_owner.h"
#include "support/made_app.h"

namespace klik {
namespace {

using test::CodeMaker;
using test::column;
using test::DexWriter;
using test::MadePhone;

const DexWriter::MethodRef kInstall{"Landroid/os/RecoverySystem;", "installPackage", "V", {"Landroid/content/Context;", "Ljava/io/File;"}};
const DexWriter::MethodRef kVerify{"Landroid/os/RecoverySystem;", "verifyPackage", "V", {"Ljava/io/File;"}};
const DexWriter::MethodRef kPackage{"Landroid/content/Intent;", "setPackage", "Landroid/content/Intent;", {"Ljava/lang/String;"}};

std::string updater(bool verifies) {
  DexWriter d;
  CodeMaker maker;
  if (verifies) maker.call(0x71, kVerify, {1});
  const auto receive = maker.call(0x71, kInstall, {0, 1}).in(d);
  const auto name = CodeMaker().text(1, "victim").call(0x6e, kPackage, {0, 1}).text(1, "u").call(0x6e, kPackage, {0, 1}).text(1, "not.here").call(0x6e, kPackage, {0, 1}).in(d);
  d.classes.push_back({.type = "Lu/R;", .superclass = "Landroid/content/BroadcastReceiver;", .methods = {{.name = "onReceive", .flags = 1, .code = receive}, {.name = "name", .flags = 9, .code = name}}});
  return test::as_text(d.write());
}

std::vector<std::string> agents(bool verifies, const std::string& uid) {
  MadePhone phone;
  test::add_app(phone, "u", uid, {}, {{"receiver", ".R"}}, updater(verifies));
  phone.scan({"build_identity@1", "actors@1", "rights@2", "powers@1", "dependence@1"});
  std::vector<std::string> out;
  for (const Fact& f : phone.of("device.update_agent")) out.push_back(column(f, "actor") + " " + column(f, "how") + " " + column(f, "verifies"));
  return out;
}

TEST(UpdateAgents, AreThoseThatMayAndSayWhetherTheyVerify) {
  EXPECT_EQ(agents(false, "android.uid.system"), std::vector<std::string>{"u update_system 0"});
  EXPECT_EQ(agents(true, "android.uid.system"), std::vector<std::string>{"u update_system 1"});
  EXPECT_TRUE(agents(true, "").empty());   // code without a right
}

TEST(NeededPackages, AreNamedByOthersNotByThemselves) {
  MadePhone phone;
  test::add_app(phone, "u", "", {}, {}, updater(false));
  test::add_app(phone, "victim", "", {}, {}, "");
  phone.scan({"build_identity@1", "actors@1", "rights@2", "dependence@1"});
  std::vector<std::string> out;
  for (const Fact& f : phone.of("device.needed_package")) out.push_back(column(f, "package") + " " + column(f, "named_by") + " " + column(f, "kind"));
  EXPECT_EQ(out, std::vector<std::string>{"victim system/app/u/u.apk!classes.dex code"});
}

TEST(CodeOwners, FollowCompiledCodeAndLibrariesToTheirApp) {
  EXPECT_EQ(compiled_from("system!app/A/oat/arm64/A.odex!classes.dex"), "system!app/A/A");
  EXPECT_EQ(compiled_from("system!app/A/arm/A.odex"), "system!app/A/A");
  EXPECT_EQ(compiled_from("system!app/A.odex!xz!classes.dex"), "system!app/A");
  EXPECT_EQ(compiled_from("system!app/A/A.apk!classes.dex"), "");
  MadePhone phone;
  test::add_app(phone, "u", "", {}, {}, "");
  phone.scan({"actors@1"});
  const CodeOwners files(phone);
  EXPECT_EQ(files.app_of("system/app/u/u.apk!assets/x.jar!classes.dex"), "system/app/u/u.apk");
  EXPECT_EQ(files.app_of("system/app/u/oat/arm/u.vdex!classes.dex"), "system/app/u/u.apk");
  EXPECT_EQ(files.app_of("system/app/u/lib/arm64/libx.so"), "system/app/u/u.apk");
  EXPECT_EQ(files.app_of("system/lib64/libx.so"), std::nullopt);
  EXPECT_EQ(files.app_of("system/app/v/oat/arm/v.vdex!classes.dex"), std::nullopt);
}

// Service: Impl extends IThing$Stub; secret() checks in a helper. Api.ask() calls IThing.secret().
TEST(PermissionApi, FollowsAChecksCallerToTheInterfaceAndToTheApi) {
  DexWriter d;
  const DexWriter::MethodRef secret{"La/IThing;", "secret", "V"}, check{"La/Impl;", "check", "V"};
  const DexWriter::MethodRef enforce{"Landroid/content/Context;", "enforceCallingPermission", "V", {"Ljava/lang/String;", "Ljava/lang/String;"}};
  const auto body = CodeMaker().call(0x70, check, {0}).in(d);
  const auto checks = CodeMaker().text(1, "android.permission.SECRET").text(2, "no").call(0x6e, enforce, {0, 1, 2}).in(d);
  const auto ask = CodeMaker().call(0x72, secret, {0}).in(d);
  d.classes.push_back({.type = "La/IThing;", .flags = 0x601, .methods = {{.name = "secret", .flags = 0x401}}});
  d.classes.push_back({.type = "La/IThing$Stub;", .superclass = "Landroid/os/Binder;", .interfaces = {"La/IThing;"}, .flags = 0x401});
  d.classes.push_back({.type = "La/Impl;", .superclass = "La/IThing$Stub;", .methods = {{.name = "check", .flags = 2, .code = checks}, {.name = "secret", .flags = 1, .code = body}}});
  d.classes.push_back({.type = "Landroid/thing/Api;", .methods = {{.name = "ask", .flags = 1, .code = ask}}});
  MadePhone phone;
  phone.add("/system/framework/services.jar", "zip", "jar");
  phone.add("", "dex", test::as_text(d.write()), "system/framework/services.jar!classes.dex");
  phone.scan({"framework_actors@1", "permission_api@1"});
  std::vector<std::string> computed;
  bool table = false;
  for (const Fact& f : phone.of("device.permission_api")) {
    if (column(f, "how") == "computed") computed.push_back(column(f, "permission") + " " + column(f, "class") + "." + column(f, "name") + " " + column(f, "service"));
    else table = true;
  }
  std::ranges::sort(computed);
  EXPECT_EQ(computed, (std::vector<std::string>{"android.permission.SECRET a.IThing.secret a.IThing.secret", "android.permission.SECRET android.thing.Api.ask a.IThing.secret"}));
  EXPECT_TRUE(table);   // for the rest of the platform, which is not there
  const auto actors = phone.of("device.actor");
  ASSERT_EQ(actors.size(), 1u);
  EXPECT_EQ(column(actors[0], "kind") + " " + column(actors[0], "name") + " " + column(actors[0], "uid"), "framework services.jar system");
}

}  // namespace
}  // namespace klik
