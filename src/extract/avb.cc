// Verified boot, recomputed: do the structures hold what their key signed, and do the images give the digests they state?
// Source: AOSP external/avb README; libavb avb_slot_verify.c.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "extract/avb_coverage.h"
#include "extract/avb_key.h"
#include "extract/columns.h"
#include "extract/image_digest.h"
#include "extract/partition_images.h"
#include "formats/android/avb_refusal.h"
#include "formats/android/avb_signature.h"

namespace klik {
namespace {

constexpr std::string_view kName = "avb@1", kMain = "vbmeta";

constexpr Column kCheckColumns[] = {
    {"structure", ColumnType::text, "Path of the image that holds the vbmeta structure.", true},
    {"n", ColumnType::integer, "Number of the descriptor in it, from 0; -1 for the structure itself.", true},
    {"what", ColumnType::text, "signature, flags, rollback, chain, hash, hashtree, or tree: the stored copy of a hash tree.", true},
    {"partition", ColumnType::text, "Whose partition it is about."},
    {"result", ColumnType::text, "verified: recomputed, and equal; failed; absent: the part is not here; not_verifiable; stated: a number that one build cannot check."},
    {"detail", ColumnType::text, "Why, or the number stated.", false, true},
    {"image", ColumnType::text, "Path of the image that was hashed.", false, true},
    {"algorithm", ColumnType::text, "Of signature or digest.", false, true},
    kAvbKeyColumn,
    kAvbKnownAsColumn,
    {"bytes", ColumnType::integer, "How many bytes of the image the digest covers.", false, true},
    {"enforced", ColumnType::boolean, "A signature that verifies stands over it, of vbmeta or of what its chain descriptors lead to, and no flag switches it off; where no vbmeta is here, any signature that verifies. That the phone trusts that key is not shown."},
};
constexpr FactKind kCheck{"avb.check", "One statement of verified boot, recomputed.", kCheckColumns};

constexpr Column kCoverageColumns[] = {
    {"path", ColumnType::text, "The image.", true},
    {"partition", ColumnType::text, "Its partition."},
    {"bytes", ColumnType::integer, "Of the image."},
    {"verified", ColumnType::integer, "Bytes covered by a digest or hash tree that agrees and is enforced."},
    {"unsigned", ColumnType::integer, "Bytes with a digest that agrees, over which no signature stands or that a flag switches off."},
    {"failed", ColumnType::integer, "Bytes whose stated digest is another one, whatever else is said of them."},
    {"structure", ColumnType::integer, "Bytes of a vbmeta structure that is enforced: it vouches for itself, not for the image."},
};
constexpr FactKind kCoverage{"avb.coverage", "How many bytes of an image verified boot covers.", kCoverageColumns};
constexpr const FactKind* kEmits[] = {&kCheck, &kCoverage};

struct HashJob {
  SourceRef source;
  std::vector<std::uint8_t> salt;
  std::uint64_t size;
  HashAlgorithm algorithm;
  Result<std::vector<std::uint8_t>> digest = fail(Code::internal, 0, "not computed");
};

// What is known about one row before its digest is there.
struct Pending {
  Row row;
  std::vector<FactId> because;
  std::size_t image;
  bool enforced;
  std::vector<std::uint8_t> expected;
  std::uint64_t size, tree_at = 0, tree_size = 0;
  std::unique_ptr<HashJob> hash{};
  std::unique_ptr<TreeWork> tree{};
};

class Checks {
 public:
  Checks(const Image& image, FactSink& sink) : image_(image), sink_(sink), found_(image, sink), left_(image.budget.item_bytes) { known_facts(); }

  void run() {
    reached_.resize(found_.structures().size());
    std::set<std::string, std::less<>> chained;   // partitions that other structures lead to
    for (const VbMetaStructure& s : found_.structures())
      for (const avb::Descriptor& d : s.meta.descriptors)
        if (const auto* c = std::get_if<avb::Chain>(&d.is)) chained.emplace(c->partition);
    // Boot loaders start at vbmeta: beside it, nobody asks a structure that it does not lead to, whoever signed that.
    const auto is_vbmeta = [&](const VbMetaStructure& s) { return s.own && image_of(s).partition == kMain; };
    const auto begin = [&](auto&& wanted) {
      for (std::size_t s = 0; s < found_.structures().size(); ++s) {
        const VbMetaStructure& each = found_.structures()[s];
        if (!reached_[s] && wanted(each)) structure(s, Trust{.chained = is_vbmeta(each) || !found_.find(kMain, image_of(each))});
      }
    };
    begin(is_vbmeta);
    begin([&](const VbMetaStructure& s) { return s.own && !chained.contains(image_of(s).partition); });
    begin([&](const VbMetaStructure& s) { return s.own; });
    // Behind an image stands a copy of what the main structure says of it, mostly unsigned.
    begin([&](const VbMetaStructure& s) { return s.meta.algorithm != 0 || !described_.contains(image_of(s).path); });
    compute();
    for (Pending& p : pending_) conclude(p);
    for (std::size_t i = 0; i < found_.images().size(); ++i) coverage(i);
  }

 private:
  // What stands above a structure.
  struct Trust {
    bool chained = true;              // it is where boot loaders start, and every chain descriptor on the way is satisfied
    std::uint32_t flags = 0;          // of the first structure: those of chained ones do not count
    bool first = true;
  };

  struct Signed {
    avb::SignatureCheck signature{};
    AvbKeyName key;
  };

  const PartitionImage& image_of(const VbMetaStructure& s) const { return found_.images()[s.image]; }

  // Facts on what the structures state, for `why`.
  void known_facts() {
    for (const std::string_view name : {"avb.vbmeta", "avb.descriptor"}) {
      const FactKind* kind = find_kind(name);
      if (!kind) continue;
      image_.rows.facts(*kind, [&](const FactRow& row) {
        std::string key(row.artifact.path);
        if (name == "avb.descriptor") key += "\n" + std::string(text_of(*kind, row, "type")) + "\n" + std::string(text_of(*kind, row, "name")) + "\n" + std::string(text_of(*kind, row, "digest"));
        facts_.emplace(std::move(key), row.id);
      });
    }
  }
  std::vector<FactId> because(const VbMetaStructure& s, const std::string& rest = "") const {
    for (const std::string_view behind : {"", "!!vbmeta", "!vbmeta"})
      if (const auto found = facts_.find(image_of(s).path + std::string(behind) + rest); found != facts_.end()) return {found->second};
    return {};
  }

  // A structure with thousands of descriptors, all chained to one other, is verified once, and so is that other.
  const Signed& signed_by(const VbMetaStructure& s) {
    const auto [at, fresh] = signed_.try_emplace(s.image);   // an image has one structure
    if (fresh) at->second = {avb::check_signature(s.bytes.bytes(), s.meta), avb_key_name(key_of(s))};
    return at->second;
  }
  static Bytes key_of(const VbMetaStructure& s) {
    const auto key = s.bytes.bytes().slice(s.meta.public_key.at, s.meta.public_key.length);
    return key ? *key : Bytes();
  }
  // The signature, and what boot loaders demand besides.
  avb::SignatureCheck check(const VbMetaStructure& s, avb::Role role) {
    const avb::SignatureCheck signature = signed_by(s).signature;
    if (signature.state == avb::SignatureState::failed || s.meta.algorithm == 0) return signature;
    const char* refused = avb::refusal(s.meta, role);
    return *refused ? avb::SignatureCheck{avb::SignatureState::failed, refused} : signature;
  }

  Row row(const VbMetaStructure& s, std::int64_t n, std::string_view what, std::string_view partition) {
    Row out(kCheck);
    out.set("structure", image_of(s).path).set("n", n).set("what", what).set("partition", partition);
    set_avb_key(out, signed_by(s).key);
    return out;
  }
  void emit(Row& row, std::string_view result, std::string_view detail, bool enforced, std::vector<FactId> because) {
    row.set("result", result).set("enforced", enforced);
    if (!detail.empty()) row.set("detail", detail);
    sink_.fact({&kCheck, image_.rows.build(), row.values(), {}, kName, std::move(because)});
  }

  void structure(std::size_t number, Trust trust) {
    if (reached_[number]) return;
    reached_[number] = true;
    const VbMetaStructure& s = found_.structures()[number];
    const std::string& partition = image_of(s).partition;
    if (trust.first) trust.flags = s.meta.flags;

    const avb::SignatureCheck signature = check(s, trust.first ? avb::Role::main : avb::Role::chained);
    const bool verified = signature.state == avb::SignatureState::verified;
    const bool enforced = verified && trust.chained && !(trust.flags & avb::kFlagVerificationDisabled);
    Row signature_row = row(s, -1, "signature", partition);
    const std::string_view algorithm = avb::algorithm_name(s.meta.algorithm);
    signature_row.set("algorithm", algorithm.empty() ? std::to_string(s.meta.algorithm) : std::string(algorithm)).set("image", image_of(s).path).set("bytes", static_cast<std::int64_t>(s.meta.size));
    const std::string_view why = verified && trust.first && !trust.chained ? "vbmeta does not lead to it" : signature.why;
    emit(signature_row, verified ? "verified" : signature.state == avb::SignatureState::failed ? "failed" : "not_verifiable", why, enforced, because(s));
    if (enforced) covered_[s.image].add(s.at, s.meta.size, Coverage::structure);

    Row flags = row(s, -1, "flags", partition);
    if (trust.first && s.meta.flags & avb::kFlagVerificationDisabled) emit(flags, "failed", "the structure switches verification off", false, because(s));
    else if (trust.first && s.meta.flags & avb::kFlagHashtreeDisabled) emit(flags, "failed", "the structure switches hash trees off", false, because(s));
    else emit(flags, "stated", std::to_string(s.meta.flags), enforced, because(s));
    Row rollback = row(s, -1, "rollback", partition);
    if (s.meta.rollback_index == 0) emit(rollback, "absent", "index 0 lets any older build pass", enforced, because(s));
    else emit(rollback, "stated", std::to_string(s.meta.rollback_index), enforced, because(s));

    trust.chained = trust.chained && verified;
    for (std::size_t n = 0; n < s.meta.descriptors.size(); ++n) {
      const auto number_of_descriptor = static_cast<std::int64_t>(n);
      const avb::Descriptor& d = s.meta.descriptors[n];
      if (const auto* c = std::get_if<avb::Chain>(&d.is)) chain(s, number_of_descriptor, *c, trust, enforced);
      if (const auto* h = std::get_if<avb::Hash>(&d.is)) digest(s, number_of_descriptor, "hash", h->partition, h->hash_algorithm, h->digest, h->image_size, enforced, h->salt, nullptr);
      if (const auto* t = std::get_if<avb::Hashtree>(&d.is))
        digest(s, number_of_descriptor, "hashtree", t->partition, t->hash_algorithm, t->root_digest, t->image_size, enforced && !(trust.flags & avb::kFlagHashtreeDisabled), t->salt, t);
    }
  }

  void chain(const VbMetaStructure& s, std::int64_t n, const avb::Chain& c, Trust trust, bool enforced) {
    Row r = row(s, n, "chain", c.partition);
    std::vector<FactId> why = because(s, "\nchain_partition\n" + std::string(c.partition) + "\n");
    const auto image = found_.find(c.partition, image_of(s));
    if (image) r.set("image", found_.images()[*image].path);
    const auto target = image ? found_.structure_of(*image) : std::nullopt;
    if (!target) return emit(r, "absent", image ? "the partition carries no vbmeta structure" : "the partition is not here", enforced, std::move(why));
    const VbMetaStructure& t = found_.structures()[*target];
    const Bytes key = key_of(t);
    const bool same_key = !key.empty() && key.text() == c.public_key.text();
    const bool holds = same_key && check(t, avb::Role::chained).state == avb::SignatureState::verified;
    emit(r, holds ? "verified" : "failed", holds ? "" : same_key ? "the partition's structure does not verify" : "the partition's structure is signed with another key", enforced, std::move(why));
    trust.chained = trust.chained && holds;
    trust.first = false;
    structure(*target, trust);
  }

  void digest(const VbMetaStructure& s, std::int64_t n, std::string_view what, std::string_view partition, std::string_view algorithm_name, Bytes expected, std::uint64_t size, bool enforced,
              Bytes salt, const avb::Hashtree* tree) {
    Row r = row(s, n, what, partition);
    r.set("algorithm", algorithm_name);
    if (std::in_range<std::int64_t>(size)) r.set("bytes", static_cast<std::int64_t>(size));
    std::vector<FactId> why = because(s, "\n" + std::string(what) + "\n" + std::string(partition) + "\n" + hex(expected));
    // The payload of an APEX names no partition: it is the image itself.
    auto index = partition.empty() || (!s.own && image_of(s).partition == partition) ? std::optional(s.image) : found_.find(partition, image_of(s));
    if (!index && !s.own) index = s.image;   // a file of another name than its partition
    if (!index) return emit(r, "absent", "the partition is not here", enforced, std::move(why));
    const PartitionImage& image = found_.images()[*index];
    described_.insert(image.path);
    r.set("image", image.path);
    const auto algorithm = image_hash_algorithm(algorithm_name);
    if (!image.source) return emit(r, "not_verifiable", "the image cannot be opened again", enforced, std::move(why));
    if (!algorithm) return emit(r, "not_verifiable", "a digest algorithm that is not computed here", enforced, std::move(why));
    if (expected.empty()) return emit(r, "not_verifiable", "the digest is kept on the phone", enforced, std::move(why));
    // Many descriptors over one large image would be hashed for ever.
    if (size > left_) {
      sink_.problem({fail(Code::over_budget, 0, "digests over more bytes than the budget allows").error(), ProblemSeverity::data_loss, image.path, {}});
      return emit(r, "not_verifiable", "over the budget for hashing", enforced, std::move(why));
    }
    Pending p{std::move(r), std::move(why), *index, enforced, {expected.begin(), expected.end()}, size};
    const std::vector<std::uint8_t> salt_copy(salt.begin(), salt.end());
    if (tree) {
      auto work = TreeWork::plan(image.source, {*algorithm, salt_copy, size, tree->data_block_size, tree->hash_block_size, tree->tree_at, tree->tree_size});
      if (!work) return emit(p.row, work.error().code == Code::truncated ? "failed" : "not_verifiable", work.error().what, enforced, std::move(p.because));
      p.tree = std::make_unique<TreeWork>(*std::move(work));
      p.tree_at = tree->tree_at;
      p.tree_size = tree->tree_size;
    } else {
      if (size > image.source->size()) return emit(p.row, "failed", "the image is shorter than what its digest covers", enforced, std::move(p.because));
      p.hash.reset(new HashJob{image.source, salt_copy, size, *algorithm});
    }
    left_ -= size;
    pending_.push_back(std::move(p));
  }

  void compute() {
    // The pool takes the last one added first; images are read from their start.
    for (auto p = pending_.rbegin(); p != pending_.rend(); ++p) {
      if (p->hash) {
        image_.pool.add([job = p->hash.get()] { job->digest = salted_digest(*job->source, job->size, Bytes(job->salt), job->algorithm); });
        continue;
      }
      for (std::size_t part = p->tree->parts(); part-- > 0;) image_.pool.add([work = p->tree.get(), part] { work->run(part); });
    }
    image_.pool.wait_idle();
  }

  void conclude(Pending& p) {
    const auto give = [&](bool equal, std::string_view detail) {
      covered_[p.image].add(0, p.size, !equal ? Coverage::failed : p.enforced ? Coverage::verified : Coverage::unsigned_digest);
      emit(p.row, equal ? "verified" : "failed", equal ? detail : "the image has another digest", p.enforced, p.because);
    };
    const auto unread = [&](const Error& error) { emit(p.row, "not_verifiable", error.what, p.enforced, p.because); };
    if (p.hash) {
      if (!p.hash->digest) return unread(p.hash->digest.error());
      return give(*p.hash->digest == p.expected, "");
    }
    const auto digest = p.tree->finish();
    if (!digest) return unread(digest.error());
    const bool equal = digest->root == p.expected;
    Row stored = p.row;
    give(equal, "");
    if (!equal) return;
    stored.set("what", "tree").set("bytes", std::in_range<std::int64_t>(p.tree_size) ? std::optional(static_cast<std::int64_t>(p.tree_size)) : std::nullopt);
    switch (digest->stored) {
      case StoredTree::equal:
        covered_[p.image].add(p.tree_at, p.tree_size, p.enforced ? Coverage::verified : Coverage::unsigned_digest);
        return emit(stored, "verified", "", p.enforced, p.because);
      case StoredTree::different:
        covered_[p.image].add(p.tree_at, p.tree_size, Coverage::failed);
        return emit(stored, "failed", "the tree stored in the image is not the one of its blocks", p.enforced, p.because);
      case StoredTree::unwritten: return emit(stored, "absent", "the device makes the tree itself", p.enforced, p.because);
      case StoredTree::elsewhere: return emit(stored, "absent", "the image does not store a tree of this size at the stated place", p.enforced, p.because);
    }
  }

  void coverage(std::size_t index) {
    const PartitionImage& image = found_.images()[index];
    const Coverage::Sums sums = covered_[index].sums(image.size);
    Row r(kCoverage);
    r.set("path", image.path).set("partition", image.partition).set("bytes", static_cast<std::int64_t>(image.size));
    r.set("verified", static_cast<std::int64_t>(sums.verified)).set("unsigned", static_cast<std::int64_t>(sums.unsigned_digest)).set("failed", static_cast<std::int64_t>(sums.failed)).set("structure", static_cast<std::int64_t>(sums.structure));
    sink_.fact({&kCoverage, image_.rows.build(), r.values(), {}, kName, {}});
  }

  const Image& image_;
  FactSink& sink_;
  PartitionImages found_;
  std::uint64_t left_;                       // bytes that may still be hashed
  std::vector<bool> reached_;
  std::map<std::size_t, Signed> signed_;     // by image
  std::set<std::string> described_;          // images that some structure describes
  std::map<std::string, FactId> facts_;
  std::deque<Pending> pending_;
  std::map<std::size_t, Coverage> covered_;  // by image
};

void run(const Image& image, FactSink& sink) { Checks(image, sink).run(); }

constexpr ViewColumn kCheckViewColumns[] = {
    {"build_id", "The build."},
    {"structure", "Path of the image that holds the vbmeta structure."},
    {"n", "Number of the descriptor in it, from 0; -1 for the structure itself."},
    {"what", "signature, flags, rollback, chain, hash, hashtree, or tree: the stored copy of a hash tree."},
    {"partition", "Whose partition it is about."},
    {"result", "verified: recomputed, and equal; failed; absent: the part is not here; not_verifiable; stated: a number that one build cannot check. Verified means what the signer signed, never that it is safe."},
    {"detail", "Why, or the number stated."},
    {"image", "Path of the image that was hashed."},
    {"algorithm", "Of signature or digest."},
    {"public_key_sha256", "SHA-256 of the key that signed the structure."},
    {"known_as", "Name of a published test key."},
    {"bytes", "How many bytes of the image the digest covers."},
    {"enforced", "1: a signature that verifies stands over it, of vbmeta or of what that leads to, and no flag switches it off."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kCheckView{"avb_check", "Verified boot, recomputed: signatures, chained partitions, hashes and hash trees.", kCheckViewColumns,
                          R"(SELECT build_id, structure, n, what, partition, result, detail, image, algorithm, public_key_sha256, known_as, bytes, enforced, lower(hex(fact_id)) FROM _avb_check)"};

constexpr ViewColumn kCoverageViewColumns[] = {
    {"build_id", "The build."},
    {"path", "The image; null in the row over all images."},
    {"partition", "Its partition; all: the row over all images."},
    {"bytes", "Of the image."},
    {"verified", "Bytes with a digest that agrees and that a verifying signature stands over."},
    {"unsigned", "Bytes with a digest that agrees, but no signature stands over it or a flag switches it off."},
    {"failed", "Bytes whose stated digest is another one, whatever else is said of them."},
    {"structure", "Bytes of a vbmeta structure that is enforced: it vouches for itself, not for the image."},
    {"uncovered", "Bytes that no digest or hash tree covers and that are no such structure; padding and error correction are among them."},
    {"uncovered_share", "Of the bytes, from 0 to 1."},
    {"fact_id", "For `klikspaan why`; null in the row over all images."},
};
constexpr View kCoverageView{"avb_coverage", "How many bytes of the partition images verified boot covers.", kCoverageViewColumns,
                             R"(SELECT build_id, path, partition, bytes, verified, unsigned, failed, structure, bytes - verified - unsigned - failed - structure,
CASE WHEN bytes > 0 THEN round(1.0 * (bytes - verified - unsigned - failed - structure) / bytes, 6) END, lower(hex(fact_id)) FROM _avb_coverage
UNION ALL SELECT build_id, NULL, 'all', sum(bytes), sum(verified), sum(unsigned), sum(failed), sum(structure), sum(bytes - verified - unsigned - failed - structure),
CASE WHEN sum(bytes) > 0 THEN round(1.0 * sum(bytes - verified - unsigned - failed - structure) / sum(bytes), 6) END, NULL FROM _avb_coverage GROUP BY build_id)"};
constexpr const View* kViews[] = {&kCheckView, &kCoverageView};

}  // namespace

extern const ImageExtractor image_extractor_avb;
constexpr ImageExtractor image_extractor_avb{.name = kName, .title = "Verified boot: what its signatures, digests and hash trees say of the images", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
