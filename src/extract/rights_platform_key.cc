#include "extract/rights_platform_key.h"

#include <map>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::size_t kShown = 12;   // hexadecimal digits of a digest in a sentence

std::string brief(std::string_view digest) { return std::string(digest.substr(0, kShown)) + "…"; }

struct Told {
  std::string sha256;
  std::vector<FactId> because;
};

// The certificate that the system's SELinux file calls platform; several different ones tell nothing.
Told from_mac_permissions(const BuildRows& rows) {
  Told told;
  const FactKind* kind = find_kind("system.mac_signer");
  if (!kind) return told;
  bool several = false;
  rows.facts(*kind, [&](const FactRow& row) {
    if (text_of(*kind, row, "seinfo") != "platform" || !text_of(*kind, row, "package").empty()) return;
    const std::string_view digest = text_of(*kind, row, "certificate");
    if (digest.empty()) return;
    several = several || (!told.sha256.empty() && told.sha256 != digest);
    told.sha256 = digest;
    told.because.push_back(row.id);
  });
  return several ? Told() : told;
}

}  // namespace

PlatformKey platform_key(const BuildRows& rows, std::span<const KeyWitness> packages) {
  PlatformKey key;
  std::map<std::string, std::size_t> system_signers;
  std::vector<FactId> system_because;
  for (const KeyWitness& p : packages) {
    if (p.signer.empty()) continue;
    if (p.name == "android" && key.sha256.empty()) {
      key.sha256 = p.signer;
      key.why = "signs the package `android` (framework-res)";
      key.because = {p.package};
      if (p.signature) key.because.push_back(*p.signature);
    }
    if (p.shared_uid != "android.uid.system") continue;
    ++system_signers[p.signer];
    if (p.signature) system_because.push_back(*p.signature);
  }
  const Told mac = from_mac_permissions(rows);
  const auto against = [&](const std::string& what) { key.disagreement += (key.disagreement.empty() ? "" : "; ") + what; };
  if (key.sha256.empty() && !mac.sha256.empty()) {
    key.sha256 = mac.sha256;
    key.why = "declared by mac_permissions.xml as platform";
    key.because = mac.because;
  } else if (!mac.sha256.empty() && mac.sha256 != key.sha256) {
    against("mac_permissions.xml calls " + brief(mac.sha256) + " platform");
  }
  if (key.sha256.empty() && system_signers.size() == 1) {
    key.sha256 = system_signers.begin()->first;
    key.why = "assumed: signs every package here that runs as android.uid.system";
    key.because = system_because;
  }
  for (const auto& [signer, n] : system_signers)
    if (signer != key.sha256) against(brief(signer) + " signs " + std::to_string(n) + " packages that run as android.uid.system");
  return key;
}

}  // namespace klik
