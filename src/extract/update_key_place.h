// Where a phone keeps the keys of updates. Any file may be called otacerts.zip or keys, in an app too; these places are read.
// Source: AOSP frameworks/base RecoverySystem (DEFAULT_KEYSTORE), bootable/recovery install/install.cpp (kCertificateZipFile),
// older recovery.cpp (PUBLIC_KEYS_FILE).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "facts/build_rows.h"

namespace klik {

class UpdateKeyPlaces {
 public:
  explicit UpdateKeyPlaces(const BuildRows& rows);

  // system: asked by the running system; recovery: by what installs updates; input: the file was handed in by itself.
  // "" for any other file. The path is an artifact's.
  std::string_view of(std::string_view path) const;
  // The same for a file that may lie inside such an archive.
  std::string_view holding(std::string_view path) const;

 private:
  std::map<std::string, std::string_view, std::less<>> places_;
};

}  // namespace klik
