// Signature scheme v4: a hash tree beside the APK (APP.apk.idsig), for installing while it still arrives
// (Android 11). It counts only together with a v2 or v3 signature of the same signer.
// Source: source.android.com, "APK Signature Scheme v4".
#pragma once

#include <span>
#include <string_view>

#include "apps/signing/signer.h"

namespace klik::apk {

// What a v2, v3 or v3.1 signature of the APK says, which v4 must agree with.
struct V4Base {
  const PlacedCertificate* signer = nullptr;   // null: there is no such signature, or it does not verify
  const Digests* digests = nullptr;
};

// `name` of the .idsig goes into the places of certificates. `base` belongs to v2 or v3, `rotated` to v3.1.
SchemeResult verify_v4(const Source& apk, const Source& idsig, std::string_view name, V4Base base, V4Base rotated, const Budget& budget);

}  // namespace klik::apk
