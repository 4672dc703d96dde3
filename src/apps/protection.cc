// The words of a permission's protection level.
#include <array>

#include "apps/manifest.h"

namespace klik::apk {
namespace {

struct ProtectionFlag {
  std::int64_t bit;
  std::string_view name;
};
constexpr std::array<ProtectionFlag, 24> kFlags{{
    {0x10, "privileged"},          {0x20, "development"},          {0x40, "appop"},              {0x80, "pre23"},
    {0x100, "installer"},          {0x200, "verifier"},            {0x400, "preinstalled"},      {0x800, "setup"},
    {0x1000, "instant"},           {0x2000, "runtime"},            {0x4000, "oem"},              {0x8000, "vendorPrivileged"},
    {0x10000, "textClassifier"},   {0x20000, "wellbeing"},         {0x40000, "documenter"},      {0x80000, "configurator"},
    {0x100000, "incidentReportApprover"}, {0x200000, "appPredictor"}, {0x400000, "module"},      {0x800000, "companion"},
    {0x1000000, "retailDemo"},     {0x2000000, "recents"},         {0x4000000, "role"},          {0x8000000, "knownSigner"},
}};
constexpr std::array<std::string_view, 5> kBases = {"normal", "dangerous", "signature", "signature|privileged", "internal"};

}  // namespace

std::string protection_text(std::int64_t level) {
  const auto base = static_cast<std::size_t>(level & 0xF);
  std::string out = base < kBases.size() ? std::string(kBases[base]) : "unknown-" + std::to_string(base);
  // signatureOrSystem is the old spelling of signature|privileged.
  std::int64_t rest = level & ~std::int64_t{0xF};
  if (base == 3) rest &= ~std::int64_t{0x10};
  for (const ProtectionFlag& f : kFlags)
    if (rest & f.bit) {
      out += "|" + std::string(f.name);
      rest &= ~f.bit;
    }
  if (rest != 0) out += "|unknown-flags";
  return out;
}

}  // namespace klik::apk
