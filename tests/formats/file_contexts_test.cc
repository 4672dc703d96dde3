#include "formats/android/file_contexts.h"

#include <gtest/gtest.h>

#include "support/evidence.h"
#include "support/files.h"

namespace klik::file_contexts {
namespace {

TEST(FileContexts, ReadsALine) {
  const auto plain = parse("/system/bin/vold\t\tu:object_r:vold_exec:s0");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->path, "/system/bin/vold");
  EXPECT_EQ(plain->type, "");
  EXPECT_EQ(type_of(plain->label), "vold_exec");
  const auto typed = parse("/dev(/.*)? -d u:object_r:device:s0");
  ASSERT_TRUE(typed);
  EXPECT_EQ(typed->type, "-d");
  for (const char* line : {"", "  # /a b", "/alone", "/a -d"}) EXPECT_FALSE(parse(line)) << line;
  EXPECT_EQ(type_of("<<none>>"), "");
  EXPECT_EQ(type_of("u:r"), "");
}

TEST(FileContexts, StemIsWhatEveryMatchBeginsWith) {
  EXPECT_EQ(stem("/system/bin/vold"), "/system/bin/vold");
  EXPECT_EQ(stem("/data(/.*)?"), "/data");
  EXPECT_EQ(stem("/system/bin/app_process32?"), "/system/bin/app_process3");
  EXPECT_EQ(stem("/a|/b"), "");
  EXPECT_EQ(stem("/(vendor|system/vendor)/bin"), "/");
  EXPECT_EQ(stem("a*"), "");
}

std::string label(Matcher& m, std::string_view path) {
  const auto found = m.find(path);
  return found ? std::string(found->label) : "(none)";
}

TEST(FileContexts, TheLastExpressionThatFitsDecidesAndWholePathsComeFirst) {
  Matcher m;
  m.add("/vendor/bin/exact", "exact", 0);
  m.add("/(vendor|system/vendor)(/.*)?", "vendor", 1);
  m.add("/vendor/bin/hw/.*", "hw", 2);
  m.add("/vendor/bin/hw/a\\.b@[0-9]+\\.0-service", "service", 3);
  EXPECT_EQ(label(m, "/vendor/bin/exact"), "exact");
  EXPECT_EQ(label(m, "/vendor/bin/exact2"), "vendor");
  EXPECT_EQ(label(m, "/system/vendor/x"), "vendor");
  EXPECT_EQ(label(m, "/vendor/bin/hw/other"), "hw");
  EXPECT_EQ(label(m, "/vendor/bin/hw/a.b@12.0-service"), "service");
  EXPECT_EQ(label(m, "/vendor/bin/hw/a.b@12.0-service2"), "hw");
  EXPECT_EQ(label(m, "/system/bin/x"), "(none)");
  EXPECT_EQ(m.find("/system/vendor/x")->tag, 1u);
}

TEST(FileContexts, ExpressionsMadeToFailOrToTakeForeverMatchNothing) {
  Matcher m;
  m.add("/x", "plain", 0);
  m.add("/a([", "broken", 1);
  m.add("/a(a+)+(a+)+(a+)+b", "slow", 2);
  m.add("/a" + std::string(2000, '('), "long", 3);
  m.add("/a" + std::string(300, '(') + std::string(300, ')'), "deep", 4);
  EXPECT_EQ(label(m, "/" + std::string(40, 'a')), "(none)");
  EXPECT_EQ(label(m, "/x"), "plain");
}

TEST(FileContextsReal, OnePlusLabels) {
  KLIK_NEEDS_EVIDENCE();
  const std::string text = test::run("tar xOf " + test::evidence() + "/firmware/oneplus-5-china-10.0.3.tar.zst oneplus-5-china-10.0.3/system/system/etc/selinux/plat_file_contexts").output;
  Matcher m;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (const auto line = parse(std::string_view(text).substr(at, end - at))) {
      m.add(line->path, line->label, count);
      ++count;
    }
    at = end + 1;
  }
  EXPECT_GT(count, 500u);
  EXPECT_EQ(label(m, "/system/bin/vold"), "u:object_r:vold_exec:s0");
  EXPECT_EQ(label(m, "/system/bin/app_process64"), "u:object_r:zygote_exec:s0");
  EXPECT_EQ(label(m, "/system/lib64/libc.so"), "u:object_r:system_lib_file:s0");
  EXPECT_EQ(label(m, "/odm/etc/selinux/odm_sepolicy.cil"), "u:object_r:sepolicy_file:s0");
}

}  // namespace
}  // namespace klik::file_contexts
