// The signatures of an update tried with the keys that stand in the same build. An update carries the keys of the build that
// it makes, not those that the phone trusts now: that is a question of two builds.
#include <set>

#include "extract/columns.h"
#include "extract/patch_level.h"
#include "extract/test_key.h"
#include "extract/update_key_place.h"
#include "formats/android/update_signature.h"

namespace klik {
namespace {

constexpr std::string_view kName = "update_check@2";
constexpr std::size_t kMostKeys = 256, kMostSignatures = 4096;   // each pair costs a verification

constexpr Column kColumns[] = {
    {"path", ColumnType::text, "The update file.", true},
    {"place", ColumnType::text, "whole_file, payload or metadata.", true},
    {"n", ColumnType::integer, "Number of the signature there.", true},
    {"result", ColumnType::text, "verified: under a key that this build takes updates from; failed: under none of them, or recovery refuses it; absent: no such key is here."},
    {"detail", ColumnType::text, "Why recovery refuses it although a key of the build made it.", false, true},
    {"key_sha256", ColumnType::text, "The key under which it verifies; else that of the certificate that came with it, if it does under that.", false, true},
    {"known_as", ColumnType::text, "Name of a published key that anybody can sign with.", false, true},
};
constexpr FactKind kCheck{"update.check", "A signature of an update, tried with the keys of the same build.", kColumns};
constexpr const FactKind* kEmits[] = {&kCheck};

struct Key {
  std::string sha256, known_as;
  std::optional<HashAlgorithm> digest;
  cert::PublicKey key;
  FactId id;
};

class Checks {
 public:
  Checks(const Image& image, FactSink& sink) : image_(image), sink_(sink) {}

  void run() {
    const FactKind *keys = find_kind("update.key"), *signatures = find_kind("update.signature");
    if (!keys || !signatures) return;
    gather(*keys);
    if (keys_left_ > 0) over_budget("more keys of updates than any build has: not all signatures are tried with all of them", keys_left_);
    std::size_t left = 0, taken = 0;
    image_.rows.facts(*signatures, [&](const FactRow& row) {
      if (taken == kMostSignatures) ++left;
      else taken += signature(*signatures, row);
    });
    if (left > 0) over_budget("more signatures of updates than are tried with keys", left);
  }

 private:
  void over_budget(const char* what, std::size_t left) {
    sink_.problem({fail(Code::over_budget, 0, what).error(), ProblemSeverity::data_loss, std::to_string(left) + " left out", {}});
  }

  // One key may stand there for both digests.
  void gather(const FactKind& kind) {
    const UpdateKeyPlaces places(image_.rows);
    std::set<std::pair<std::string, std::string>> seen;
    image_.rows.facts(kind, [&](const FactRow& row) {
      if (places.of(row.artifact.path).empty()) return;
      const auto der = unhex(text_of(kind, row, "public_key"));
      const std::string sha256(text_of(kind, row, "key_sha256")), digest(text_of(kind, row, "digest"));
      if (!der || !seen.emplace(sha256, digest).second) return;
      if (trusted_.size() == kMostKeys) {
        ++keys_left_;
        return;
      }
      if (auto key = cert::PublicKey::parse(Bytes(*der))) trusted_.push_back({sha256, std::string(text_of(kind, row, "known_as")), update::digest_of_name(digest), *std::move(key), row.id});
    });
  }

  bool signature(const FactKind& kind, const FactRow& row) {
    const auto text = [&](std::string_view column) { return text_of(kind, row, column); };
    const auto algorithm = update::digest_of_name(text("digest_algorithm"));
    const auto digest = unhex(text("digest")), signature = unhex(text("signature")), attributes = unhex(text("attributes"));
    if (!algorithm || !digest || !signature || !attributes) return false;
    update::Signature s;
    s.digest_algorithm = *algorithm;
    s.signature = *signature;
    s.attributes = *attributes;
    const std::int64_t n = number_of(kind, row, "n").value_or(0);
    Row out(kCheck);
    out.set("path", row.artifact.path).set("place", text("place")).set("n", n);
    std::vector<FactId> because = {row.id};
    const Key* found = nullptr;      // the first that counts, else the first that made it
    std::string_view refused;        // why the latter does not count
    for (const Key& k : trusted_) {
      if (!update::verifies(s, Bytes(*digest), k.key)) continue;
      const std::string_view why = text("place") == "whole_file" ? update::recovery_refuses(s, static_cast<std::uint64_t>(n), k.digest) : std::string_view();
      if (!why.empty() && found) continue;
      found = &k;
      refused = why;
      if (why.empty()) break;
    }
    out.set("result", found && refused.empty() ? "verified" : trusted_.empty() ? "absent" : "failed");
    if (!refused.empty()) out.set("detail", refused);
    if (found) {
      because.push_back(found->id);
      out.set("key_sha256", found->sha256);
      if (!found->known_as.empty()) out.set("known_as", found->known_as);
    } else if (number_of(kind, row, "holds").value_or(0) == 1) {
      out.set("key_sha256", text("key_sha256"));
      if (!text("known_as").empty()) out.set("known_as", text("known_as"));
    }
    sink_.fact({&kCheck, image_.rows.build(), out.values(), {}, kName, std::move(because)});
    return true;
  }

  const Image& image_;
  FactSink& sink_;
  std::vector<Key> trusted_;
  std::size_t keys_left_ = 0;
};

void run(const Image& image, FactSink& sink) { Checks(image, sink).run(); }

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"artifact_id", "The update file."},
    {"place", "What it stands over: whole_file, payload or metadata (the payload's manifest)."},
    {"n", "Its number there, from 0."},
    {"result", "verified: under a key that the same build takes updates from; failed: under none of them, or recovery refuses it; absent: no such key is here. The phone that is updated asks its own keys: see a comparison of two builds. Verified says whose it is, never that it is safe."},
    {"detail", "Why recovery refuses it although a key of the build made it; null otherwise."},
    {"key_sha256", "The key under which it verifies; null when it is not known."},
    {"known_as", "Name of a published key that anybody can sign with."},
    {"holds", "Whether it verifies under the certificate that came with it, which nobody needs to trust; null when none did."},
    {"digest_algorithm", "sha1 or sha256."},
    {"digest", "Of what is signed."},
    {"signature", "The signature, in hex."},
    {"attributes", "Signed attributes that name the digest, in hex."},
    {"certificate_sha256", "Of the certificate that came with it."},
    {"signed_bytes", "How many bytes it stands over."},
    {"outside_bytes", "How many bytes of the file it does not stand over."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"update_signature", "Signatures of update files.", kViewColumns,
                     R"(SELECT a.build_id, a.artifact_id, s.place, s.n, c.result, c.detail, c.key_sha256, c.known_as, s.holds, s.digest_algorithm, s.digest, s.signature, s.attributes, s.certificate_sha256, s.signed_bytes, s.outside_bytes, lower(hex(s.fact_id))
FROM _update_signature s JOIN _artifact a ON a.blob_id = s.blob_id LEFT JOIN _update_check c ON c.build_id = a.build_id AND c.path = a.path AND c.place = s.place AND c.n = s.n)"};

constexpr const View* kViews[] = {&kView, &view_test_key, &view_patch_level};

}  // namespace

extern const ImageExtractor image_extractor_update_check;
constexpr ImageExtractor image_extractor_update_check{.name = kName, .title = "Signatures of updates, tried with the keys of the same build", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
