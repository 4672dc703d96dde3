// Names and texts of native code that say what it can do.
#include <algorithm>
#include <array>
#include <map>

#include "compare/native_changes.h"
#include "data/powers.h"

namespace klik::compare {
namespace {

struct Word {
  std::string_view start, mark;
};

// What data/powers does not name since it gives no power over the owner by itself, but is how hidden code is kept, fetched or
// started. Beginnings of names.
constexpr auto kStarts = std::to_array<Word>({
    {"AES_", "crypto"}, {"DES_", "crypto"}, {"RC4", "crypto"}, {"EVP_Decrypt", "crypto"}, {"EVP_Encrypt", "crypto"}, {"EVP_Cipher", "crypto"}, {"RSA_", "crypto"}, {"SSL_connect", "network"}, {"SSL_write", "network"},
    {"SSL_read", "network"}, {"curl_easy_", "network"}, {"inflate", "load"}, {"exec", "exec"}, {"posix_spawn", "exec"},
});
constexpr auto kWhole = std::to_array<Word>({
    {"fork", "exec"}, {"vfork", "exec"}, {"clone", "exec"}, {"daemon", "exec"}, {"dlsym", "load"}, {"dlopen", "load"}, {"android_dlopen_ext", "load"}, {"memfd_create", "load"}, {"socket", "network"}, {"bind", "network"},
    {"listen", "network"}, {"accept", "network"}, {"accept4", "network"}, {"send", "network"}, {"sendto", "network"}, {"sendmsg", "network"}, {"recv", "network"}, {"recvfrom", "network"}, {"recvmsg", "network"},
    {"gethostbyname", "network"}, {"android_getaddrinfofornet", "network"}, {"mprotect", "memory"}, {"syscall", "memory"}, {"process_vm_readv", "trace"}, {"process_vm_writev", "trace"}, {"ptrace", "trace"},
    {"setuid", "identity"}, {"setgid", "identity"}, {"setresuid", "identity"}, {"setresgid", "identity"}, {"capset", "identity"}, {"chroot", "identity"}, {"setenforce", "identity"}, {"selinux_android_setcontext", "identity"},
    {"setcon", "identity"}, {"mount", "identity"}, {"init_module", "load"}, {"finit_module", "load"},
});

}  // namespace

std::string_view mark_of_import(std::string_view name) {
  static const std::map<std::string_view, std::string_view> by_power = [] {
    std::map<std::string_view, std::string_view> out;
    for (const data::Power& p : data::powers())
      for (const std::string_view n : p.natives) out.emplace(n, p.id);
    return out;
  }();
  if (const auto found = by_power.find(name); found != by_power.end()) return found->second;
  for (const Word& w : kWhole)
    if (name == w.start) return w.mark;
  for (const Word& w : kStarts)
    if (name.starts_with(w.start)) return w.mark;
  return {};
}

std::string_view mark_of_text(std::string_view text) {
  for (const data::Power& p : data::powers())
    for (const std::string_view pattern : p.native_texts)
      if (data::glob_matches(pattern, text)) return p.id;
  return {};
}

}  // namespace klik::compare
