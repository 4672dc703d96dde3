// links: klik_apps
// Feeds the input to the readers of signatures, as an APK with itself beside it, and as each part on its own.
// Places must lie in the input, and ranges must follow each other.
#include "apps/signing/jar_manifest.h"
#include "apps/signing/scheme_v2.h"
#include "apps/signing/scheme_v3.h"
#include "apps/signing/verify.h"
#include "formats/cert/pkcs7.h"

namespace {

void need(bool holds) {
  if (!holds) __builtin_trap();
}

void check(const klik::apk::SchemeResult& result, std::uint64_t size) {
  for (const auto* list : {&result.signers, &result.lineage})
    for (const auto& c : *list) need(c.at <= size && c.der.size() <= size - c.at);
  need(result.outcome != klik::apk::Outcome::rejected || *result.reason);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  const Bytes bytes(data, size);
  for (const int sdk : {24, 28, 33}) {   // blocks without an APK around them: a fuzzer need not find the magic first
    check(apk::verify_v2({bytes, 0}, sdk), size);
    check(apk::verify_v3({bytes, 0}, apk::V3Block::v3, sdk).scheme, size);
    check(apk::verify_v3({bytes, 0}, apk::V3Block::v31, sdk).scheme, size);
  }
  (void)apk::sdk_ranges({bytes, 0});
  if (const auto block = pkcs7::parse(bytes)) {
    for (const der::Element& c : block->certificates) need(c.at <= size && c.whole.size() <= size - c.at);
    for (const pkcs7::SignerInfo& s : block->signers) (void)pkcs7::parse_attributes(s);
  }
  (void)cert::parse_certificate(bytes);
  for (const apk::JarSection& s : apk::parse_jar_manifest(bytes).sections) need(s.at <= size && s.length <= size - s.at && s.length > 0);

  Budget budget;
  budget.metadata_bytes = budget.unit_bytes = 1u << 22;
  budget.children = 4096;
  std::vector<Note> notes;
  const auto zip = ZipArchive::open(memory_source(std::vector<std::uint8_t>(data, data + size)), budget, notes);
  if (!zip) return 0;
  const auto result = apk::verify_apk(*zip, {}, budget, {memory_source(std::vector<std::uint8_t>(data, data + size)), "x.idsig"});
  if (!result) return 0;
  int next = 1;
  for (const apk::RangeVerdict& r : result->ranges) {
    need(r.from >= next && r.to >= r.from && r.to <= apk::kSdkOpen);
    next = r.to + 1;
    need(r.at <= size && r.length <= size - r.at);
    need(r.verdict == apk::Verdict::verified ? !r.signers.empty() : *r.reason != 0);
    for (const auto& c : r.signers)
      if (c.entry.empty()) need(c.at <= size && c.der.size() <= size - c.at);
  }
  return 0;
}
