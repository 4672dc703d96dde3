// Which certificate is the platform's: the one that opens every permission of signature level.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "facts/build_rows.h"

namespace klik {

// A package that may tell: framework-res, or a member of android.uid.system.
struct KeyWitness {
  std::string name, shared_uid, signer;   // signer: SHA-256, "" when there is none
  FactId package;
  std::optional<FactId> signature;
};

struct PlatformKey {
  std::string sha256;              // "" when nothing tells
  std::string why;                 // how it is known
  std::vector<FactId> because;
  std::string disagreement;        // what speaks against it, or ""
};

// In this order: the signer of the package `android`; what mac_permissions.xml calls platform; the one signer of all
// members of android.uid.system.
PlatformKey platform_key(const BuildRows& rows, std::span<const KeyWitness> packages);

}  // namespace klik
