// What schemes v2, v3 and v4 share: signature algorithms, the checks of one signer's record, and the form
// in which a scheme answers.
// Source: source.android.com, "APK Signature Scheme v2" (signer, signed data, signature algorithm IDs).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apps/signing/content_digest.h"
#include "apps/signing/signing_block.h"
#include "formats/cert/x509.h"

namespace klik::apk {

// Android versions that changed how signatures are read, by their SDK number.
inline constexpr int kSdkN = 24, kSdkO = 26, kSdkP = 28, kSdkR = 30, kSdkT = 33;
// The end of an open range: Android's own number for a version that has none yet.
inline constexpr int kSdkOpen = 10000;
inline constexpr std::size_t kMostSigners = 10;
// Of signers, certificates and the like in one list: each may cost a verification for every Android version.
// Real lists hold a handful.
inline constexpr std::size_t kMostListed = 256;

struct SignatureAlgorithm {
  std::uint32_t id;
  cert::KeyKind kind;
  HashAlgorithm digest;
  cert::PublicKey::Padding padding;
  ContentDigest content;
  int min_sdk;
};
const SignatureAlgorithm* find_algorithm(std::uint32_t id);

// A certificate and where it lies.
struct PlacedCertificate {
  std::vector<std::uint8_t> der;
  std::string entry;          // of the archive, decoded; "" = the APK itself; for scheme v4 the name of the .idsig
  std::uint64_t at = 0;
};
PlacedCertificate placed(const Part& part, std::string_view entry = {});

// A scheme's answer for one Android version.
enum class Outcome : std::uint8_t {
  verified,       // as far as content_digests go, they are still to be compared
  rejected,
  absent,         // this Android version finds no signature of the scheme
  undecided,      // reading failed; `error` says why
};
struct SchemeResult {
  Outcome outcome = Outcome::absent;
  const char* reason = "";                    // of `rejected` and `absent`, a literal
  std::uint64_t at = 0;                       // where the reason stands, when it is known
  std::vector<PlacedCertificate> signers{};   // those the phone reports; also of a rejected file, as far as read
  std::vector<PlacedCertificate> lineage{};   // oldest first, the signer last
  Digests content_digests{};                  // what the content must give
  std::optional<Error> error{};
};
// `undecided` when the error is a limit of ours or of the reading, else `rejected`.
bool is_limit(const Error& error);
SchemeResult failed(const Error& error, const char* when_damaged);

// One "algorithm, value" record of a signer.
struct AlgorithmRecord {
  std::uint32_t algorithm;
  Bytes value;
};
struct SignerRecord {
  Part signed_data;
  std::vector<AlgorithmRecord> signatures;
  Part public_key;
};
struct SignedData {
  std::vector<AlgorithmRecord> digests;
  std::vector<Part> certificates;
  Part attributes;
};

// Errors of these are reasons to reject: their `what` is the reason, except for Code::truncated (damaged) and
// Code::over_budget (a list longer than kMostListed).
Result<std::vector<AlgorithmRecord>> read_records(Part list);
Result<std::vector<Part>> read_values(Part list);
// The best algorithm that `sdk` knows among the signatures; its signature verifies over the signed data.
Result<const SignatureAlgorithm*> check_signature(const SignerRecord& signer, int sdk);
// The signed data fits the record; returns the signer's certificate and adds to the expected digests.
Result<PlacedCertificate> check_signed_data(const SignerRecord& signer, const SignedData& data, const SignatureAlgorithm& algorithm,
                                            Digests& expected);
// Is this the certificate's key, however sloppily the certificate encodes it?
bool is_key_of(Bytes spki, const cert::Certificate& certificate);

}  // namespace klik::apk
