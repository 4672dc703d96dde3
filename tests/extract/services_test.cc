#include "support/made_phone.h"

namespace klik {
namespace {

using test::column;
using test::MadePhone;

std::vector<std::string> services(const MadePhone& phone) {
  std::vector<std::string> out;
  for (const Fact& f : phone.of("device.service")) out.push_back(column(f, "name") + " " + column(f, "executable") + " " + column(f, "user") + " " + column(f, "program_state"));
  return out;
}

std::vector<std::string> scripts(const MadePhone& phone) {
  std::vector<std::string> out;
  for (const Fact& f : phone.of("device.init_script"))
    if (column(f, "n") != "null") out.push_back(column(f, "path"));
  return out;
}

TEST(Services, FirstDefinitionCountsUnlessALaterOneOverrides) {
  MadePhone phone;
  phone.add("/init.rc", "init", "import b.rc\nservice a /system/bin/a\nservice c /system/bin/c\n");
  phone.add("/b.rc", "init", "service a /system/bin/other\n  user shell\nservice c /system/bin/c2\n  override\n  user system\n");
  phone.add("/factory_init.rc", "init", "service factory /system/bin/f\n");
  phone.add("/system/bin/a", "elf", "x");
  phone.listed("/system/bin/c2");
  phone.scan({"services@1"});
  EXPECT_EQ(services(phone), (std::vector<std::string>{"a /system/bin/a root read", "c /system/bin/c2 system listed"}));
  EXPECT_EQ(scripts(phone), (std::vector<std::string>{"init.rc", "b.rc"}));
  std::vector<std::string> actors;
  for (const Fact& f : phone.of("device.actor")) actors.push_back(column(f, "kind") + " " + column(f, "name") + " " + column(f, "path") + " " + column(f, "uid") + " " + column(f, "partition"));
  EXPECT_EQ(actors, (std::vector<std::string>{"service a system/bin/a root system", "service c system/bin/c2 system system"}));
}

TEST(Services, ScriptsAreReadInTheOrderOfTheirVersion) {
  for (const bool newer : {false, true}) {
    MadePhone phone;
    phone.add("/system/build.prop", "prop", std::string("ro.build.version.sdk=") + (newer ? "33" : "29") + "\nro.zygote=zygote64\n");
    phone.add("/system/etc/init/hw/init.rc", "init", "import /init.${ro.zygote}.rc\nimport /init.${ro.hardware}.rc\nimport /gone.rc\n");
    phone.add("/init.zygote64.rc", "init", "");
    phone.add("/init.qcom.rc", "init", "#\n");
    phone.add("/ueventd.qcom.rc", "init", "# u\n");
    phone.add("/system/etc/init/z.rc", "init", "# z\n");
    phone.add("/system/etc/init/a.rc", "init", "# a\n");
    phone.add("/system/product/etc/init/p.rc", "init", "# p\n");
    phone.add("/vendor/etc/init/v.rc", "init", "# v\n");
    phone.add("/apex/com.x/etc/m.rc", "init", "# m\n");
    phone.scan({"services@1"});
    const std::vector<std::string> start = {"system/etc/init/hw/init.rc", "init.zygote64.rc", "init.qcom.rc", "system/etc/init/a.rc", "system/etc/init/z.rc"};
    std::vector<std::string> expected = start;
    if (newer) expected.insert(expected.end(), {"vendor/etc/init/v.rc", "system/product/etc/init/p.rc", "apex/com.x/etc/m.rc"});
    else expected.insert(expected.end(), {"system/product/etc/init/p.rc", "vendor/etc/init/v.rc", "apex/com.x/etc/m.rc"});
    EXPECT_EQ(scripts(phone), expected);
    EXPECT_EQ(phone.settings("init"), std::vector<std::string>{"missing import=/gone.rc"});
  }
}

TEST(Services, FoldersOfScriptsCountFromAndroid7On) {
  MadePhone phone;
  phone.add("/system/build.prop", "prop", "ro.build.version.sdk=23\n");
  phone.add("/init.rc", "init", "service a /a\n");
  phone.add("/system/etc/init/b.rc", "init", "service b /b\n");
  phone.scan({"services@1"});
  EXPECT_EQ(services(phone), std::vector<std::string>{"a /a root absent"});
}

TEST(Services, WhatStartsThemAndWhatStandsOut) {
  MadePhone phone;
  phone.add("/init.rc", "init",
            "service agent /system/bin/sh /data/local/agent.sh -q\n  disabled\non boot\n  start agent\non property:sys.go=1\n  restart agent\n"
            "service adbd /sbin/adbd --root_seclabel=u:r:su:s0\n  seclabel u:r:adbd:s0\n  capabilities\n"
            "service su_daemon /system/xbin/su --daemon\nservice console /system/bin/sh\n  console\n");
  phone.link("/sbin/adbd", "../system/bin/adbd");
  phone.listed("/system/bin/adbd");
  phone.scan({"services@1"});
  const auto found = phone.of("device.service");
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(column(found[0], "seclabel") + " [" + column(found[0], "capabilities") + "] " + column(found[0], "program"), "u:r:adbd:s0 [] system/bin/adbd");
  EXPECT_EQ(column(found[1], "name") + ": " + column(found[1], "started_by") + " " + column(found[1], "disabled"), "agent: boot; property:sys.go=1 1");
  EXPECT_EQ(found[1].because.size(), 3u);
  EXPECT_EQ(column(found[1], "capabilities"), "null");
  EXPECT_EQ(phone.settings("init"), (std::vector<std::string>{"console service=console", "root_seclabel of adbd=u:r:su:s0", "service from a writable place=agent: /data/local/agent.sh",
                                                              "service that gives root=su_daemon: /system/xbin/su"}));
}

TEST(Services, ScriptsOfTheRecoveryAreNotTheSystems) {
  MadePhone phone;
  phone.add("/init.rc", "init", "service recovery /sbin/recovery\n", "recovery.img!ramdisk.cpio!init.rc");
  phone.add("/init.rc", "init", "service a /a\n", "system.img!init.rc");
  phone.scan({"services@1"});
  EXPECT_EQ(services(phone), std::vector<std::string>{"a /a root absent"});
}

TEST(Services, ImportsThatCircleEnd) {
  MadePhone phone;
  phone.add("/init.rc", "init", "import /a.rc\nimport /init.rc\nservice x /x\n");
  phone.add("/a.rc", "init", "import /init.rc\nimport /a.rc\n");
  phone.scan({"services@1"});
  EXPECT_EQ(scripts(phone), (std::vector<std::string>{"init.rc", "a.rc"}));
}

TEST(Services, APartOfAPhoneIsReadByAssumption) {
  MadePhone phone;
  phone.add("/x/extra.rc", "init", "service x /x\n", "dump/extra.rc").row.device_path = "";
  phone.scan({"services@1"});
  EXPECT_EQ(services(phone), std::vector<std::string>{"x /x root absent"});
  EXPECT_TRUE(column(phone.of("device.init_script").at(0), "why").starts_with("assumed"));
}

}  // namespace
}  // namespace klik
