// APK Signature Schemes v3 (Android 9) and v3.1 (Android 13): signers for ranges of Android versions, with
// the certificates that came before them.
// Source: source.android.com, "APK Signature Scheme v3", "APK Signature Scheme v3.1".
#pragma once

#include <optional>
#include <utility>

#include "apps/signing/signer.h"

namespace klik::apk {

enum class V3Block : std::uint8_t { v3, v31 };

struct V3Result {
  SchemeResult scheme;
  // Of a v3.1 block without a signer for this Android version: the lowest version that it is for. The
  // signer of the v3 block must then name the same number.
  std::optional<std::int32_t> rotation_min_sdk;
};

// `rotation_min_sdk` is what the v3.1 block gave before; it is looked at for a v3 block from Android 13 on.
// A v3.1 block without a signer for `sdk` is Outcome::absent, a v3 block without one is rejected.
V3Result verify_v3(const Part& block, V3Block kind, int sdk, std::optional<std::int32_t> rotation_min_sdk = {});

// The ranges of Android versions that the block's signers state, in order, as far as they can be read:
// between their ends the answer does not change.
std::vector<std::pair<std::int32_t, std::int32_t>> sdk_ranges(const Part& block);

}  // namespace klik::apk
