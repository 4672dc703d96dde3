// Whose signature a phone sees on an APK, and whether it takes it: an answer per range of Android versions,
// since newer ones look for newer schemes first. A found but broken newer scheme is never fallen back from.
// Source: source.android.com, "Application signing" and the pages of the schemes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/signing/signer.h"
#include "containers/zip_archive.h"

namespace klik::apk {

enum class Verdict : std::uint8_t { verified, rejected, no_signature };
std::string_view verdict_name(Verdict verdict);   // "verified", "rejected", "unsigned"

struct RangeVerdict {
  int from = 1, to = kSdkOpen;            // Android versions by their SDK number, both included
  std::string_view scheme = "none";       // "v1", "v2", "v3", "v3.1", "v4"; "none" when nothing was found
  Verdict verdict = Verdict::no_signature;
  const char* reason = "";                // of the other verdicts, a literal
  std::vector<PlacedCertificate> signers{}, lineage{};   // what the phone reports; lineage oldest first
  std::uint64_t at = 0, length = 0;       // of the scheme's block in the APK; length 0 for v1 and v4
};

// From the manifest; what it leaves out is Android's default.
struct SdkRange {
  int min_sdk = 1;
  int target_sdk = 1;
  int target_sandbox = 1;
  int max_sdk = kSdkOpen;
};

struct ApkSignatures {
  std::vector<RangeVerdict> ranges;       // without gap from min_sdk to max_sdk, except where reading failed
  std::optional<RangeVerdict> v4;         // when there is a .idsig
  std::vector<PlacedCertificate> stamps;  // of who distributed the app; phones do not check them
  std::vector<Note> notes;
  bool dex_before_archive = false;        // the file begins as a DEX file
};

// The file beside the APK, null when there is none.
struct IdSig {
  SourceRef source;
  std::string name;
};

// Errors: over_budget and what reading reports; everything wrong with a signature is a verdict.
Result<ApkSignatures> verify_apk(const ZipArchive& zip, const SdkRange& sdk, const Budget& budget, const IdSig& idsig = {});

}  // namespace klik::apk
