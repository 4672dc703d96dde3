#include "extract/file_capability.h"

#include <array>

namespace klik {
namespace {

constexpr std::array<std::string_view, 41> kNames = {
    "chown",       "dac_override", "dac_read_search", "fowner",      "fsetid",     "kill",      "setgid",         "setuid",       "setpcap",        "linux_immutable", "net_bind_service",
    "net_broadcast", "net_admin",  "net_raw",         "ipc_lock",    "ipc_owner",  "sys_module", "sys_rawio",     "sys_chroot",   "sys_ptrace",     "sys_pacct",       "sys_admin",
    "sys_boot",    "sys_nice",     "sys_resource",    "sys_time",    "sys_tty_config", "mknod", "lease",          "audit_write",  "audit_control",  "setfcap",         "mac_override",
    "mac_admin",   "syslog",       "wake_alarm",      "block_suspend", "audit_read", "perfmon", "bpf",            "checkpoint_restore",
};

}  // namespace

Result<FileCapability> read_file_capability(Bytes attribute) {
  KLIK_TRY(const std::uint32_t magic, attribute.get<U32le>(0));
  const std::uint32_t revision = magic >> 24;
  if (revision < 1 || revision > 3) return fail(Code::unsupported, 0, "a file capability of an unknown revision");
  FileCapability out{.effective = (magic & 1) != 0};
  // Pairs of 32 bits: revision 1 has one, later ones two; revision 3 ends with the user namespace it is for.
  for (std::uint64_t pair = 0; pair < (revision == 1 ? 1u : 2u); ++pair) {
    KLIK_TRY(const std::uint32_t permitted, attribute.get<U32le>(4 + pair * 8));
    KLIK_TRY(const std::uint32_t inheritable, attribute.get<U32le>(8 + pair * 8));
    out.permitted |= std::uint64_t{permitted} << (32 * pair);
    out.inheritable |= std::uint64_t{inheritable} << (32 * pair);
  }
  return out;
}

std::string capability_names(std::uint64_t bits) {
  std::string out;
  for (unsigned i = 0; i < 64; ++i) {
    if (!(bits >> i & 1)) continue;
    if (!out.empty()) out += ' ';
    if (i < kNames.size()) {
      out += kNames[i];
    } else {
      out += "cap_" + std::to_string(i);
    }
  }
  return out;
}

}  // namespace klik
