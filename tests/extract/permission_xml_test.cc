#include <gtest/gtest.h>

#include "support/facts.h"

namespace klik {
namespace {

RecordingSink run(const std::string& text) { return test::extract("permission_xml@1", memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), "file", "x.xml"); }

std::string row(const Fact& f) {
  std::string out;
  for (std::size_t i = 0; i < f.kind->columns.size(); ++i) out += (i ? "|" : "") + test::column(f, f.kind->columns[i].name);
  return out;
}

std::vector<std::string> rows(const RecordingSink& sink, std::string_view kind) {
  std::vector<std::string> out;
  for (const Fact& f : test::of_kind(sink, kind)) out.push_back(row(f));
  return out;
}

using Rows = std::vector<std::string>;

TEST(PermissionXml, ReadsWhatAFileGrants) {
  const std::string file = R"(<?xml version="1.0"?><permissions>
 <privapp-permissions package="a.b"><permission name="P1"/><deny-permission name="P2"/></privapp-permissions>
 <oem-permissions package="c"><permission name="P3"/></oem-permissions>
 <assign-permission name="P4" uid="media"/>
 <permission name="P5"><group gid="inet"/><group gid="log"/></permission>
 <split-permission name="P6" targetSdk="29"><new-permission name="P7"/></split-permission>
 <split-permission name="P8"><new-permission name="P9"/></split-permission>
 <allow-in-power-save package="d"/>
 <library name="l" file="/x.jar"/>
</permissions>)";
  const RecordingSink sink = run(file);
  EXPECT_EQ(rows(sink, "system.privapp_line"), (Rows{"privapp|a.b|P1|1", "privapp|a.b|P2|0", "oem|c|P3|1"}));
  EXPECT_EQ(rows(sink, "system.assigned_permission"), Rows{"P4|media"});
  EXPECT_EQ(rows(sink, "system.permission_group"), (Rows{"P5|inet", "P5|log"}));
  EXPECT_EQ(rows(sink, "system.split_permission"), (Rows{"P6|P7|29", "P8|P9|10000"}));
  EXPECT_EQ(rows(sink, "system.sysconfig_line"), (Rows{"allow-in-power-save|d|", "library|l|file=/x.jar"}));
  EXPECT_EQ(rows(sink, "system.permission_file"), Rows{"permissions|16|null"});
  EXPECT_TRUE(sink.problems.empty());
  const Fact deny = test::of_kind(sink, "system.privapp_line").at(1);
  EXPECT_EQ(file.substr(deny.origins[0].at, deny.origins[0].length), "<deny-permission name=\"P2\"/>");
  EXPECT_EQ(file.substr(deny.origins[1].at, deny.origins[1].length), "<privapp-permissions package=\"a.b\">");
}

TEST(PermissionXml, CountsWhatItDoesNotUnderstand) {
  const RecordingSink sink = run("<config><grant-everything to=\"a\"><permission name=\"x\"/></grant-everything><grant-everything/><mystery/></config>");
  EXPECT_EQ(rows(sink, "system.permission_file"), Rows{"config|5|grant-everything 2, mystery 1"});
  EXPECT_EQ(sink.facts.size(), 1u);
}

TEST(PermissionXml, ReadsFirstBootGrants) {
  const RecordingSink sink = run("<exceptions><exception package=\"a\" sha256-cert-digest=\"AB:CD\"><permission name=\"P\" fixed=\"true\" whitelisted=\"true\"/></exception>"
                                 "<exception package=\"b\"><permission name=\"Q\" fixed=\"false\"/></exception></exceptions>");
  EXPECT_EQ(rows(sink, "system.default_grant"), (Rows{"a|P|abcd|1|1", "b|Q|null|0|0"}));
}

TEST(PermissionXml, ReadsTheKeysThatSelinuxKnows) {
  std::string der(64, 'x'), digits;
  for (const char c : der) digits += "0123456789abcdef"[c >> 4 & 15], digits += "0123456789abcdef"[c & 15];
  const std::string digest = hex(as_bytes(sha256(Bytes::of(der))));
  const RecordingSink sink = run("<policy><signer signature=\"" + digits + "\"><seinfo value=\"platform\"/><package name=\"p\"><seinfo value=\"special\"/></package></signer>"
                                 "<signer signature=\"@MEDIA\"><seinfo value=\"media\"/></signer></policy>");
  EXPECT_EQ(rows(sink, "system.mac_signer"), (Rows{digest + "|platform|null", digest + "|special|p", "null|media|null"}));
}

TEST(PermissionXml, KeepsWhatStandsBeforeADamageAndSaysSo) {
  const RecordingSink sink = run("<permissions><assign-permission name=\"P\" uid=\"u\"/><privapp-permissions package=\"a\"></permissions>");
  EXPECT_EQ(rows(sink, "system.assigned_permission").size(), 1u);
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].severity, ProblemSeverity::data_loss);
}

TEST(PermissionXml, LeavesOtherFilesAlone) {
  for (const char* other : {"<audioPolicyConfiguration/>", "no xml", "", "<resources><permissions/></resources>", "\x03\0\x08\0"}) {
    const RecordingSink sink = run(other);
    EXPECT_TRUE(sink.facts.empty() && sink.problems.empty()) << other;
  }
}

TEST(PermissionXml, ALongCommentHidesNothing) {
  const RecordingSink sink = run("<!--" + std::string(100'000, ' ') + "--><permissions><assign-permission name=\"P\" uid=\"u\"/></permissions>");
  EXPECT_EQ(rows(sink, "system.assigned_permission").size(), 1u);
  const RecordingSink large = run("<permissions>" + std::string(5u << 20, ' ') + "</permissions>");
  EXPECT_EQ(large.problems.size(), 1u);
}

}  // namespace
}  // namespace klik
