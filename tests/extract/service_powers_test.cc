#include "support/elf_writer.h"
#include "support/made_phone.h"

namespace klik {
namespace {

using test::column;
using test::MadePhone;

std::string program(const std::vector<std::string>& imports) {
  test::ElfParts parts;
  for (const std::string& name : imports) parts.symbols.push_back({name});
  const auto bytes = test::elf_library(parts);
  return std::string(Bytes(bytes).text());
}

std::vector<std::string> powers(const std::string& script, const std::vector<std::string>& imports) {
  MadePhone phone;
  phone.add("/init.rc", "init", script);
  phone.add("/system/bin/d", "elf", program(imports));
  phone.scan({"services@1", "service_powers@1"});
  std::vector<std::string> out;
  for (const Fact& f : phone.of("device.power"))
    out.push_back(column(f, "power") + " | " + column(f, "held_by") + " | " + column(f, "code") + " | " + column(f, "reachable") + " " + column(f, "entry_kind") + " " + column(f, "entry") + " " + column(f, "guard"));
  std::ranges::sort(out);
  return out;
}

using Lines = std::vector<std::string>;

TEST(ServicePowers, JoinUserImportsAndSockets) {
  EXPECT_EQ(powers("service d /system/bin/d\n  socket cmd stream 0666 root root\n", {"system"}), Lines{"run_commands | user root | imports system | 1 exported /dev/socket/cmd null"});
  EXPECT_EQ(powers("service d /system/bin/d\n  socket cmd stream 0660 root shell\n", {"system"}), Lines{"run_commands | user root | imports system | 1 guarded /dev/socket/cmd group shell"});
  EXPECT_EQ(powers("service d /system/bin/d\n  user nobody\n", {"system"}), Lines{"run_commands | no right needed | imports system | 1 background d null"});
}

TEST(ServicePowers, DoNotClaimThatADisabledServiceRuns) {
  EXPECT_EQ(powers("service d /system/bin/d\n  disabled\n", {"system"}), Lines{"run_commands | user root | imports system | null null null null"});
}

TEST(ServicePowers, CountOnlyTheCapabilitiesThatAreKept) {
  EXPECT_EQ(powers("service d /system/bin/d\n  capabilities NET_ADMIN\n", {"pcap_open_live"}), Lines{"intercept_traffic | capability net_admin | imports pcap_open_live | 1 background d null"});
  EXPECT_EQ(powers("service d /system/bin/d\n  user nobody\n", {"pcap_open_live"}), Lines{"intercept_traffic | null | imports pcap_open_live | 1 background d null"});
}

TEST(ServicePowers, AreNoneWithoutCode) { EXPECT_TRUE(powers("service d /system/bin/d\n", {"strlen"}).empty()); }

}  // namespace
}  // namespace klik
