// APK Signature Scheme v2: Android 7 and later.
// Source: source.android.com, "APK Signature Scheme v2", Verification.
#pragma once

#include "apps/signing/signer.h"

namespace klik::apk {

// `block` is the value under kSchemeV2Id. The result's content digests are still to be compared.
SchemeResult verify_v2(const Part& block, int sdk);

}  // namespace klik::apk
