#include "extract/sepolicy_access.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace klik {
namespace {

using sepolicy::Policy;
using sepolicy::Rule;
using sepolicy::Type;

// Of each class, the permissions that are a way to somebody else's data or code. What is left out (looking up a name,
// mapping, polling, sockets of one's own) every app has and tells nothing.
struct Wanted {
  std::string_view object_class;
  std::string_view permissions;
};
constexpr Wanted kWanted[] = {
    {"binder", "call impersonate set_context_mgr"},
    {"service_manager", "add find"},
    {"hwservice_manager", "add find"},
    {"unix_stream_socket", "connectto"},
    {"unix_dgram_socket", "sendto"},
    {"sock_file", "write"},
    {"file", "write append create unlink execute_no_trans entrypoint relabelto setattr execmod"},
    {"dir", "write add_name remove_name relabelto setattr"},
    {"chr_file", "read write ioctl"},
    {"blk_file", "read write ioctl"},
    {"property_service", "set"},
    {"process", "ptrace transition dyntransition sigkill signal setsched"},
    {"capability", "*"},
    {"capability2", "*"},
    {"cap_userns", "*"},
    {"security", "load_policy setenforce setbool setsecparam"},
    {"system", "module_load syslog_read syslog_mod syslog_console"},
    {"filesystem", "mount remount unmount"},
    {"drmservice", "*"},
    {"keystore_key", "*"},
    {"keystore2_key", "*"},
    {"keystore2", "*"},
    {"debuggerd", "*"},
    {"packet_socket", "create"},
    {"rawip_socket", "create"},
    {"netlink_xfrm_socket", "create"},
    {"netlink_audit_socket", "create"},
    {"netlink_kobject_uevent_socket", "create"},
    {"bpf", "*"},
};

// A file that apps may read is a row when its label says that it is about the system or other apps: data, /proc, /sys.
constexpr std::string_view kReadMatters[] = {"data_file_type", "proc_type", "sysfs_type", "debugfs_type", "proc_net_type"};

std::vector<std::uint32_t> masks(const Policy& policy) {
  std::vector<std::uint32_t> out(1);
  for (const Wanted& w : kWanted) {
    const std::uint16_t object_class = policy.object_class(w.object_class);
    if (object_class == 0) continue;
    if (out.size() <= object_class) out.resize(object_class + 1u);
    if (w.permissions == "*") {
      out[object_class] = ~0u;
      continue;
    }
    std::string_view rest = w.permissions;
    while (!rest.empty()) {
      const auto cut = std::min(rest.find(' '), rest.size());
      out[object_class] |= policy.permission_bits(object_class, rest.substr(0, cut));
      rest.remove_prefix(std::min(cut + 1, rest.size()));
    }
  }
  return out;
}

}  // namespace

std::vector<PolicyAccess> app_access(const Policy& policy) {
  const std::vector<Type>& types = policy.types();
  const std::uint32_t appdomain = policy.type("appdomain");
  const std::vector<std::uint32_t> apps = policy.expanded(appdomain);
  if (apps.empty()) return {};
  std::vector<bool> is_app(types.size());
  for (const std::uint32_t t : apps) is_app[t] = true;

  // For each source that a rule may name, the domains of its rows.
  std::vector<std::vector<std::uint32_t>> rows_for(types.size());
  for (const std::uint32_t t : apps) rows_for[t] = {t};
  for (std::uint32_t a = 1; a < types.size(); ++a) {
    if (!types[a].attribute || types[a].related.empty()) continue;
    std::vector<std::uint32_t> members;
    std::ranges::copy_if(types[a].related, std::back_inserter(members), [&](std::uint32_t t) { return is_app[t]; });
    if (members.empty()) continue;
    if (members.size() == apps.size()) rows_for[a] = {appdomain};
    else if (members.size() == types[a].related.size() && !types[a].name.starts_with("base_typeattr_")) rows_for[a] = {a};
    else rows_for[a] = members;
  }

  const std::vector<std::uint32_t> wanted = masks(policy);
  const std::uint16_t file = policy.object_class("file");
  const std::uint32_t file_read = policy.permission_bits(file, "read");
  std::vector<bool> read_matters(types.size());
  for (const std::string_view name : kReadMatters)
    if (const std::uint32_t a = policy.type(name)) {
      read_matters[a] = true;
      for (const std::uint32_t t : policy.expanded(a)) read_matters[t] = true;
    }

  struct Found {
    std::uint32_t bits = 0;
    std::vector<std::uint32_t> rules;
  };
  std::map<std::tuple<std::string_view, std::string_view, std::uint16_t>, Found> found;
  for (std::uint32_t i = 0; i < policy.rules().size(); ++i) {
    const Rule& rule = policy.rules()[i];
    if (rule.kind != sepolicy::kAllow || rows_for[rule.source].empty()) continue;
    std::uint32_t mask = rule.object_class < wanted.size() ? wanted[rule.object_class] : 0;
    if (rule.object_class == file && read_matters[rule.target]) mask |= file_read;
    const std::uint32_t bits = rule.data & mask;
    if (bits == 0) continue;
    // Apps among themselves: not a way out.
    const std::vector<std::uint32_t> targets = policy.expanded(rule.target);
    const bool own = rule.target == rule.source && is_app[rule.source];
    if (!own && !targets.empty() && std::ranges::all_of(targets, [&](std::uint32_t t) { return is_app[t]; })) continue;
    for (const std::uint32_t domain : rows_for[rule.source]) {
      Found& row = found[{types[domain].name, own ? types[domain].name : types[rule.target].name, rule.object_class}];
      row.bits |= bits;
      row.rules.push_back(i);
    }
  }
  std::vector<PolicyAccess> out;
  const std::string_view all_apps = types[appdomain].name;
  for (auto& [key, row] : found) {
    const auto& [domain, target, object_class] = key;
    // What every app may do needs no row for one of them.
    if (const auto common = found.find({all_apps, target, object_class}); domain != all_apps && common != found.end() && !(row.bits & ~common->second.bits)) continue;
    out.push_back({std::string(domain), std::string(target), std::string(policy.class_name(object_class)), policy.permissions(object_class, row.bits), {}, row.rules});
  }
  return out;
}

}  // namespace klik
