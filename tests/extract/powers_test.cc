#include "support/made_app.h"

namespace klik {
namespace {

using test::CodeMaker;
using test::column;
using test::DexWriter;
using test::MadePhone;

const DexWriter::MethodRef kExec{"Ljava/lang/Runtime;", "exec", "Ljava/lang/Process;", {"Ljava/lang/String;"}};
const DexWriter::MethodRef kConnect{"Ljava/net/URL;", "openConnection", "Ljava/net/URLConnection;"};
const DexWriter::MethodRef kCheck{"Landroid/os/Binder;", "getCallingUid", "I"};

// R.onReceive → H.run → exec; the service S asks who called and then does the same; nothing starts U.
std::string code() {
  DexWriter d;
  const auto receive = CodeMaker().call(0x71, {"Lp/H;", "run", "V"}).in(d);
  const auto bind = CodeMaker().call(0x71, kCheck).call(0x71, {"Lp/H;", "run", "V"}).in(d);
  const auto run = CodeMaker().call(0x6e, kExec, {0, 1}).in(d);
  const auto unused = CodeMaker().call(0x6e, kConnect, {0}).in(d);
  d.classes.push_back({.type = "Lp/R;", .superclass = "Landroid/content/BroadcastReceiver;", .methods = {{.name = "onReceive", .flags = 1, .code = receive}}});
  d.classes.push_back({.type = "Lp/S;", .superclass = "Landroid/app/Service;", .methods = {{.name = "onBind", .flags = 1, .code = bind}}});
  d.classes.push_back({.type = "Lp/H;", .methods = {{.name = "run", .flags = 9, .code = run}}});
  d.classes.push_back({.type = "Lp/U;", .methods = {{.name = "dead", .flags = 9, .code = unused}}});
  return test::as_text(d.write());
}

struct Phone {
  MadePhone made;
  void app(const std::string& package, const std::string& shared_uid, const std::vector<std::string>& requests, const std::vector<test::AppPart>& parts, const std::string& dex) {
    test::add_app(made, package, shared_uid, requests, parts, dex);
  }
  void work() {
    made.add("/system/build.prop", "prop", "ro.build.version.sdk=26\n");
    made.scan({"build_identity@1", "actors@1", "rights@2", "powers@1", "dependence@1"});
  }
  std::vector<Fact> of(std::string_view kind) const { return made.of(kind); }
  std::string power(const std::string& actor, const std::string& id) const {
    for (const Fact& f : of("device.power"))
      if (column(f, "actor") == actor && column(f, "power") == id) return column(f, "held_by") + "; " + column(f, "reachable") + " " + column(f, "entry_kind") + " " + column(f, "entry") + "; " + column(f, "guard");
    return "none";
  }
};

TEST(Powers, JoinTheRightTheCodeAndWhatReachesIt) {
  Phone phone;
  phone.app("p", "android.uid.system", {}, {{"receiver", ".R", true, "", "x.GO"}, {"service", ".S"}}, code());
  phone.work();
  EXPECT_EQ(phone.power("p", "run_commands"), "user system; 1 exported p.R; null");
  // Code that nothing starts is present, and said to be unreached.
  EXPECT_EQ(phone.power("p", "use_network"), "user system; 0 null null; null");
  std::vector<std::string> doors;
  for (const Fact& f : phone.of("device.open_door")) doors.push_back(column(f, "entry") + " " + column(f, "power") + " " + column(f, "guard") + " " + column(f, "way"));
  std::ranges::sort(doors);
  EXPECT_EQ(doors, (std::vector<std::string>{"p.R run_commands null p.R.onReceive → p.H.run", "p.S run_commands code on the way asks who called p.S.onBind → p.H.run"}));
}

TEST(Powers, TellGuardedAndBackgroundEntriesApart) {
  Phone phone;
  phone.app("p", "android.uid.system", {}, {{"receiver", ".R", true, "android.permission.DEVICE_POWER"}}, code());
  phone.work();
  EXPECT_EQ(phone.power("p", "run_commands"), "user system; 1 guarded p.R; android.permission.DEVICE_POWER");
  EXPECT_TRUE(phone.of("device.open_door").empty());

  Phone inside;
  inside.app("p", "android.uid.system", {}, {{"receiver", ".R", false, "", "android.intent.action.BOOT_COMPLETED"}}, code());
  inside.work();
  EXPECT_EQ(inside.power("p", "run_commands"), "user system; 1 background p.R; null");
  EXPECT_EQ(inside.power("p", "start_at_boot"), "user system; 1 background p.R; null");
}

TEST(Powers, SayARightWithoutCodeAndCodeWithoutARight) {
  Phone phone;
  phone.app("bare", "", {"android.permission.INTERNET"}, {}, "");
  phone.app("poor", "", {}, {{"receiver", ".R"}}, code());
  phone.work();
  EXPECT_EQ(phone.power("bare", "use_network"), "android.permission.INTERNET (granted); null null null; null");
  EXPECT_EQ(phone.power("poor", "use_network"), "null; 0 null null; null");
}

// A right that only sits beside other powers composes nothing.
TEST(Powers, ComposeRemoteControlOnlyFromReachedCode) {
  Phone phone;
  phone.app("p", "android.uid.system", {}, {{"receiver", ".R"}}, code());
  phone.work();
  EXPECT_EQ(phone.power("p", "control_remotely"), "none");
}

TEST(Powers, HoldWhatTheSystemBindsOnRequest) {
  Phone phone;
  phone.app("p", "", {}, {{"service", ".S", true, "android.permission.BIND_NOTIFICATION_LISTENER_SERVICE"}, {"receiver", ".R", true, "android.permission.BIND_DEVICE_ADMIN", "android.app.action.DEVICE_ADMIN_ENABLED"}}, code());
  phone.work();
  EXPECT_EQ(phone.power("p", "read_notifications"), "bound by the system as NOTIFICATION_LISTENER_SERVICE (on_request); 1 guarded p.S; android.permission.BIND_NOTIFICATION_LISTENER_SERVICE");
  EXPECT_EQ(phone.power("p", "lock_or_wipe"), "bound by the system as DEVICE_ADMIN (on_request); 1 guarded p.R; android.permission.BIND_DEVICE_ADMIN");
}

TEST(Powers, DoNotCountCodeOfADisabledPart) {
  Phone phone;
  phone.app("p", "android.uid.system", {}, {}, code());
  phone.work();
  EXPECT_EQ(phone.power("p", "run_commands"), "user system; 0 null null; null");
}

}  // namespace
}  // namespace klik
