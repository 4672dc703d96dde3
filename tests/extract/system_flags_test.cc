#include "support/made_phone.h"

namespace klik {
namespace {

using test::MadePhone;
using Lines = std::vector<std::string>;

void add_props(MadePhone& phone, const char* sdk) {
  phone.add("/default.prop", "prop", "ro.debuggable=0\nro.secure=1\npersist.sys.usb.config=none\n");
  phone.add("/system/build.prop", "prop", std::string("ro.build.version.sdk=") + sdk + "\nro.debuggable=1\npersist.sys.usb.config=mtp\nnet.dns1=8.8.8.8\nro.x.ntp=on\n");
  phone.add("/vendor/build.prop", "prop", "ro.secure=0\npersist.sys.usb.config=adb\nro.adb.secure=0\n");
}

TEST(EffectiveProps, UpTo9TheFirstReadOnlyValueCounts) {
  MadePhone phone;
  add_props(phone, "28");
  phone.scan({"system_flags@1"});
  EXPECT_EQ(phone.settings("flag"), (Lines{"persist.sys.usb.config=adb", "ro.adb.secure=0", "ro.debuggable=0", "ro.secure=1"}));
  EXPECT_EQ(phone.settings("dns"), Lines{"net.dns1=8.8.8.8"});
  EXPECT_TRUE(phone.settings("time").empty());
}

TEST(EffectiveProps, From10OnTheLastValueCounts) {
  MadePhone phone;
  add_props(phone, "29");
  phone.scan({"system_flags@1"});
  EXPECT_EQ(phone.settings("flag"), (Lines{"persist.sys.usb.config=adb", "ro.adb.secure=0", "ro.debuggable=1", "ro.secure=0"}));
  for (const Fact& f : phone.of("system.setting"))
    if (test::column(f, "name") == "ro.debuggable") { EXPECT_EQ(f.because.size(), 2u); }   // the line that is overruled too
}

TEST(SystemFlags, ARecoverysSwitchesAreItsOwn) {
  MadePhone phone;
  phone.add("/default.prop", "prop", "ro.debuggable=0\n");
  phone.add("/default.prop", "prop", "ro.debuggable=1\nro.secure=0\nro.other=1\n", "recovery.img!ramdisk.cpio!default.prop");
  phone.scan({"system_flags@1"});
  EXPECT_EQ(phone.settings("flag"), (Lines{"recovery ro.debuggable=1", "recovery ro.secure=0", "ro.debuggable=0"}));
}

TEST(SystemFlags, KeysOfComputersAndSu) {
  MadePhone phone;
  phone.add("/adb_keys", "file", "key");
  phone.listed("/system/xbin/su");
  phone.listed("/system/etc/su");
  phone.listed("/system/bin/sum");
  phone.scan({"system_flags@1"});
  EXPECT_EQ(phone.settings("flag"), (Lines{"adb keys=/adb_keys", "su=/system/xbin/su"}));
}

}  // namespace
}  // namespace klik
