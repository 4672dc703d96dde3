#include "apps/signing/verify.h"

#include <algorithm>
#include <set>

#include "apps/signing/scheme_v1.h"
#include "apps/signing/scheme_v2.h"
#include "apps/signing/scheme_v3.h"
#include "apps/signing/scheme_v4.h"

namespace klik::apk {
namespace {

// Where the answer can change without the file saying so. v1: 9, 18, 19, 21, 22 and 24.
constexpr int kSteps[] = {9, 18, 19, 21, 22, 23, kSdkN, kSdkO, kSdkP, kSdkR, kSdkT};
constexpr std::size_t kMostRanges = 16;   // of v3 signers that are asked about one by one

struct Answer {
  std::string_view scheme = "none";
  SchemeResult result;
  std::uint64_t at = 0, length = 0;   // of the block
};

// Archives that the phone's zip reader refuses as a whole, whatever their signature.
const char* refused_archive(const ZipArchive& zip, const SigningBlockSearch& search) {
  if (!search.layout) return "no end record at the end of the file";
  const ApkLayout& layout = *search.layout;
  if (layout.directory_at > layout.end_record_at || layout.directory_size > layout.end_record_at - layout.directory_at)
    return "the directory reaches past its end record: the phone refuses the archive";
  std::size_t visible = 0;
  for (const ZipEntry& e : zip.entries()) {
    if (e.hidden) continue;
    ++visible;
    if (e.duplicate) return "two entries of one name: the phone refuses the archive";
    if (e.name.contains('\0')) return "an entry name with a NUL: the phone refuses the archive";
  }
  if (visible < layout.entry_count) return "the directory is shorter than its count: the phone refuses the archive";
  if (visible == 0) return "an archive without entries";
  return nullptr;
}

class Verifier {
 public:
  Verifier(const ZipArchive& zip, const SdkRange& sdk, const Budget& budget, const SigningBlockSearch& search)
      : sdk_(sdk), search_(search), jar_(zip, budget, sdk.min_sdk), refused_(refused_archive(zip, search)) {}

  Answer ask(int sdk) {
    Answer answer = find(sdk);
    // Whether there is a signature at all, or the trace of one, is still told apart.
    if (!refused_ || answer.result.outcome == Outcome::undecided) return answer;
    if (answer.result.outcome == Outcome::absent && !search_.missing) return answer;
    answer.result = {.outcome = Outcome::rejected, .reason = refused_};
    return answer;
  }

 private:
  Answer find(int sdk) {
    if (search_.block && sdk >= kSdkN) {
      std::optional<std::int32_t> rotation;
      if (const Part* v31 = search_.block->find(kSchemeV31Id); v31 && sdk >= kSdkT) {
        V3Result r = verify_v3(*v31, V3Block::v31, sdk);
        // A v3.1 block adds to a v3 one and never stands alone: the reference verifier calls it an error.
        if (r.scheme.outcome == Outcome::verified && !search_.block->find(kSchemeV3Id)) {
          r.scheme.outcome = Outcome::rejected;
          r.scheme.reason = "a scheme v3.1 signature without one of scheme v3";
        }
        if (r.scheme.outcome != Outcome::absent) return {"v3.1", std::move(r.scheme), v31->at, v31->bytes.size()};
        rotation = r.rotation_min_sdk;
      }
      if (const Part* v3 = search_.block->find(kSchemeV3Id); v3 && sdk >= kSdkP)
        return {"v3", verify_v3(*v3, V3Block::v3, sdk, rotation).scheme, v3->at, v3->bytes.size()};
      if (const Part* v2 = search_.block->find(kSchemeV2Id)) return {"v2", verify_v2(*v2, sdk), v2->at, v2->bytes.size()};
    }
    Answer answer{"v1", jar_.verify(sdk)};
    if (answer.result.outcome == Outcome::absent) answer.scheme = "none";
    if (answer.result.outcome != Outcome::verified) return answer;
    const char* too_old = sdk_.target_sdk >= kSdkR && sdk >= kSdkR      ? "apps for Android 11 and later need scheme v2 or newer"
                          : sdk_.target_sandbox >= 2 && sdk >= kSdkO ? "apps for sandbox version 2 need scheme v2 or newer"
                                                                        : nullptr;
    if (too_old) {
      answer.result.outcome = Outcome::rejected;
      answer.result.reason = too_old;
    }
    return answer;
  }

  const SdkRange& sdk_;
  const SigningBlockSearch& search_;
  JarVerifier jar_;
  const char* refused_;
};

std::set<int> steps(const SdkRange& sdk, const SigningBlockSearch& search) {
  std::set<int> out{sdk.min_sdk};
  const auto add = [&](std::int64_t at) {
    if (at > sdk.min_sdk && at <= sdk.max_sdk) out.insert(static_cast<int>(at));
  };
  for (const int step : kSteps) add(step);
  for (const std::uint32_t id : {kSchemeV3Id, kSchemeV31Id}) {
    const Part* block = search.block ? search.block->find(id) : nullptr;
    if (!block) continue;
    const auto ranges = sdk_ranges(*block);
    for (std::size_t i = 0; i < std::min(ranges.size(), kMostRanges); ++i) {
      // A signer for a version under development starts one version later on phones that are for sale.
      for (const std::int64_t at : {std::int64_t{ranges[i].first}, ranges[i].first + std::int64_t{1}, ranges[i].second + std::int64_t{1}})
        if (at >= kSdkP) add(at);
    }
  }
  return out;
}

bool equal(const std::vector<PlacedCertificate>& a, const std::vector<PlacedCertificate>& b) {
  return std::ranges::equal(a, b, [](const PlacedCertificate& x, const PlacedCertificate& y) { return x.at == y.at && x.entry == y.entry && x.der == y.der; });
}

// How far a rejected signature was read does not make it another answer.
bool same_answer(const RangeVerdict& a, const RangeVerdict& b) {
  if (a.scheme != b.scheme || a.verdict != b.verdict || std::string_view(a.reason) != b.reason || a.at != b.at) return false;
  return a.verdict != Verdict::verified || (equal(a.signers, b.signers) && equal(a.lineage, b.lineage));
}

void append(std::vector<RangeVerdict>& ranges, RangeVerdict&& next) {
  if (ranges.empty() || ranges.back().to + 1 != next.from || !same_answer(ranges.back(), next)) return ranges.push_back(std::move(next));
  RangeVerdict& last = ranges.back();
  last.to = next.to;
  if (next.signers.size() > last.signers.size()) last.signers = std::move(next.signers);
}

RangeVerdict verdict(Answer&& answer, int from, int to) {
  RangeVerdict v{.from = from, .to = to, .scheme = answer.scheme, .reason = answer.result.reason, .at = answer.at, .length = answer.length};
  v.verdict = answer.result.outcome == Outcome::verified   ? Verdict::verified
              : answer.result.outcome == Outcome::rejected ? Verdict::rejected
                                                           : Verdict::no_signature;
  if (v.verdict == Verdict::verified) v.reason = "";
  v.signers = std::move(answer.result.signers);
  v.lineage = std::move(answer.result.lineage);
  return v;
}

// An update of the phone must not change who signed an app: old schemes name the lineage's oldest certificate.
void note_other_signers(ApkSignatures& out) {
  const RangeVerdict* before = nullptr;
  const auto oldest = [](const RangeVerdict& r) {
    std::set<std::string_view> keys;
    if (!r.lineage.empty()) keys.insert(Bytes(r.lineage.front().der).text());
    else for (const PlacedCertificate& c : r.signers) keys.insert(Bytes(c.der).text());
    return keys;
  };
  for (const RangeVerdict& r : out.ranges) {
    if (r.verdict != Verdict::verified) continue;
    if (before && oldest(*before) != oldest(r)) {
      out.notes.push_back({fail(Code::conflict, r.at, "Android versions see different signers that no lineage connects").error(), Severity::error,
                           std::string(before->scheme) + ", " + std::string(r.scheme), "compare the certificates of both schemes"});
      return;
    }
    before = &r;
  }
}

void read_stamps(const SigningBlock& block, const ZipArchive& zip, const Budget& budget, ApkSignatures& out) {
  for (const std::uint32_t id : {kStampV1Id, kStampV2Id}) {
    const Part* value = block.find(id);
    if (!value) continue;
    const auto stamp = PrefixedReader(*value).value();
    const auto certificate = stamp ? PrefixedReader(*stamp).value() : stamp;
    if (!certificate || !cert::parse_certificate(certificate->bytes)) {
      out.notes.push_back({fail(Code::bad_value, value->at, "the stamp's certificate is damaged").error(), Severity::info, {}, {}});
      continue;
    }
    out.stamps.push_back(placed(*certificate));
    const ZipEntry* entry = zip.find("stamp-cert-sha256");
    const auto stated = entry ? zip.load(*entry, budget.metadata_bytes) : Result<Blob>(fail(Code::absent, value->at, "the stamp has no digest in the archive"));
    if (!stated) out.notes.push_back({stated.error(), Severity::info, {}, {}});
    else if (stated->bytes().text() != as_bytes(sha256(certificate->bytes)).text())
      out.notes.push_back({fail(Code::conflict, value->at, "the stamp is not of the certificate that the archive states").error(), Severity::info, {}, {}});
  }
}

RangeVerdict judge_v4(const ZipArchive& zip, const IdSig& idsig, const std::map<int, Answer>& answers, const Budget& budget, ApkSignatures& out) {
  V4Base base, rotated;
  for (const auto& [sdk, answer] : answers) {   // the newest ones count
    if (answer.result.outcome != Outcome::verified || answer.result.signers.empty()) continue;
    if (answer.scheme == "v2" || answer.scheme == "v3") base = {&answer.result.signers.front(), &answer.result.content_digests};
    if (answer.scheme == "v3.1") rotated = {&answer.result.signers.front(), &answer.result.content_digests};
  }
  SchemeResult result = verify_v4(*zip.source(), *idsig.source, idsig.name, base, rotated, budget);
  if (result.outcome == Outcome::undecided) {
    out.notes.push_back({*result.error, Severity::data_loss, idsig.name, {}});
    result.outcome = Outcome::rejected;
    result.reason = "the .idsig file could not be read";
  }
  return verdict({"v4", std::move(result)}, kSdkR, kSdkOpen);
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::verified: return "verified";
    case Verdict::rejected: return "rejected";
    case Verdict::no_signature: return "unsigned";
  }
  return "";
}

Result<ApkSignatures> verify_apk(const ZipArchive& zip, const SdkRange& sdk, const Budget& budget, const IdSig& idsig) {
  SdkRange range = sdk;
  range.max_sdk = std::clamp(range.max_sdk, 1, kSdkOpen);
  range.min_sdk = std::clamp(range.min_sdk, 1, range.max_sdk);
  const Source& apk = *zip.source();
  KLIK_TRY(const SigningBlockSearch search, find_signing_block(apk, budget));
  ApkSignatures out;
  std::array<std::uint8_t, 4> start{};
  out.dex_before_archive = apk.read(0, start) && Bytes(start).starts_with("dex\n");
  if (search.missing && search.layout)
    out.notes.push_back({fail(Code::deviation, search.layout->directory_at, search.missing).error(), Severity::error, {},
                         "phones fall back to an older scheme, or see no signature"});

  Verifier verifier(zip, range, budget, search);
  std::map<int, Answer> answers;
  DigestSet wanted;
  for (const int step : steps(range, search)) {
    const Answer& answer = answers[step] = verifier.ask(step);
    if (answer.result.outcome == Outcome::verified)
      for (const auto& [digest, value] : answer.result.content_digests) wanted.insert(digest);
  }
  if (!wanted.empty()) {   // all schemes and versions share one reading of the content
    KLIK_TRY(const Digests content, content_digests(apk, *search.layout, wanted));
    for (auto& [step, answer] : answers) {
      SchemeResult& r = answer.result;
      const auto differs = [&](const auto& expected) {
        const auto found = content.find(expected.first);
        return found == content.end() || found->second != expected.second;
      };
      if (r.outcome != Outcome::verified || std::ranges::none_of(r.content_digests, differs)) continue;
      r.outcome = Outcome::rejected;
      r.reason = "the content was changed";
    }
  }
  if (idsig.source) out.v4 = judge_v4(zip, idsig, answers, budget, out);
  for (auto here = answers.begin(); here != answers.end(); ++here) {
    const auto next = std::next(here);
    const int to = next == answers.end() ? range.max_sdk : next->first - 1;
    if (here->second.result.outcome == Outcome::undecided) {
      out.notes.push_back({*here->second.result.error, Severity::data_loss, std::string(here->second.scheme), "the signature was not judged"});
      continue;
    }
    append(out.ranges, verdict(std::move(here->second), here->first, to));
  }
  note_other_signers(out);
  if (search.block) read_stamps(*search.block, zip, budget, out);
  return out;
}

}  // namespace klik::apk
