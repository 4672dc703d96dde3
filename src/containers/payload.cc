// A/B update (payload.bin): a manifest of operations per partition, then their data. An incremental one is its partitions
// too when the old build is at hand; without it what it holds itself is counted.
#include <map>

#include "containers/container.h"
#include "containers/payload_operation.h"
#include "containers/payload_partition.h"
#include "containers/payload_share.h"
#include "formats/android/payload_header.h"

namespace klik {
namespace {

using payload::OperationType;
using payload::PartitionUpdate;

constexpr Magic kMagics[] = {{0, "CrAU"}};
constexpr std::size_t kMaxSaid = 16;   // lost operations that are told one by one, per partition

struct Tally {
  std::uint64_t count = 0, blocks = 0;
};

// Operations that need the old image, by kind; all unknown kinds together under "".
std::map<std::string_view, Tally> tally_others(const PartitionUpdate& partition) {
  std::map<std::string_view, Tally> out;
  for (const payload::Operation& operation : partition.operations) {
    if (payload::is_full(operation.type)) continue;
    Tally& tally = out[payload::operation_name(operation.type)];
    ++tally.count;
    for (std::uint32_t i = 0; i < operation.target_count; ++i) {
      const std::uint64_t more = partition.targets[operation.first_target + i].count;
      tally.blocks = more > ~tally.blocks ? ~std::uint64_t{0} : tally.blocks + more;
    }
  }
  return out;
}

class Opener {
 public:
  Opener(const SourceRef& source, std::uint64_t blobs_at, std::uint32_t block_size, OpenContext& context)
      : source_(source), blobs_at_(blobs_at), block_size_(block_size), context_(context), share_work_{.bytes = source->size()} {}

  Child child(const PartitionUpdate& partition, std::size_t index) {
    Child child{.name = clean_name(partition, index) + ".img", .transform = "payload"};
    if (!partition.after) {
      note(Severity::data_loss, Code::bad_value, partition.at, "a partition without its new size", child.name);
      child.state = State::damaged;
      return child;
    }
    child.size = partition.after->size;
    payload::OldImage old_image;
    const auto others = tally_others(partition);
    if (!others.empty()) {
      old_image = find_old(partition);
      if (!old_image.source) {
        say_what_is_missing(child, partition, others);
        return child;
      }
      if (!old_image.exact)
        note(Severity::error, Code::conflict, partition.at, "the old image is not the one that this update was made for",
             child.name + (partition.before && partition.before->digest ? ", made for sha256 " + hex(as_bytes(*partition.before->digest)) : ", which it does not name"), "hand in exactly the build that the update is for");
    }
    auto image = payload::partition_image(source_, blobs_at_, block_size_, partition, old_image, context_);
    if (!image) {
      note(Severity::data_loss, image.error().code, image.error().at, image.error().what, child.name);
      child.state = state_after(image.error().code);
      return child;
    }
    child.source = std::move(image->source);
    child.extents = std::move(image->extents);
    if (image->absent > 0)
      note(Severity::data_loss, Code::truncated, partition.at, "operations whose data lies past the end of the payload",
           child.name + ", " + std::to_string(image->absent) + " bytes", "the file was cut short; fetch it again");
    say_what_is_lost(child, *image);
    expect(child, partition, *image);
    return child;
  }

 private:
  void note(Severity severity, Code code, std::uint64_t at, const char* what, std::string detail, std::string advice = {}) {
    context_.note(severity, code, payload::kHeaderSize + at, what, std::move(detail), std::move(advice));
  }

  // A name becomes a part of a path, so it must not be one.
  std::string clean_name(const PartitionUpdate& partition, std::size_t index) {
    if (!partition.name.empty() && partition.name.find('/') == std::string::npos) {
      if (++times_[partition.name] == 2) note(Severity::error, Code::conflict, partition.at, "two partitions of one name", partition.name);
      return partition.name;
    }
    note(Severity::error, Code::bad_value, partition.at, "not a partition name", partition.name);
    return "partition_" + std::to_string(index);
  }

  payload::OldImage find_old(const PartitionUpdate& partition) const {
    if (!context_.base) return {};
    const payload::Image before = partition.before.value_or(payload::Image{0, std::nullopt});
    SourceRef source = context_.base->partition(partition.name, before.size, before.digest);
    if (!source) return {};
    const bool exact = before.digest && source->size() >= before.size && context_.base->matches(source, before.size, *before.digest);
    return {std::move(source), exact};
  }

  void say_what_is_missing(Child& child, const PartitionUpdate& partition, const std::map<std::string_view, Tally>& others) {
    child.state = State::listed;
    for (const auto& [kind, tally] : others) {
      const std::uint64_t bytes = tally.blocks > ~std::uint64_t{0} / block_size_ ? ~std::uint64_t{0} : tally.blocks * block_size_;
      const std::string detail = child.name + ": " + std::to_string(tally.count) + (kind.empty() ? "" : " " + std::string(kind)) +
                                 (tally.count == 1 ? " operation, " : " operations, ") + std::to_string(bytes) + " bytes";
      if (kind.empty()) note(Severity::data_loss, Code::unsupported, partition.at, "operations of an unknown kind", detail);
      else if (context_.base) note(Severity::data_loss, Code::absent, partition.at, "operations that need an image which the old build does not have", detail);
      else note(Severity::data_loss, Code::absent, partition.at, "operations that need the old image", detail, "hand in the old build with --base, or the full update of the same build");
    }
    const payload::Share share = payload::share_of(*source_, blobs_at_, block_size_, partition, context_.budget, share_work_);
    note(Severity::info, Code::absent, partition.at, "what the update itself holds of the new image",
         child.name + ": " + std::to_string(share.held) + " of " + std::to_string(share.size) + " bytes" + (share.unknown > 0 ? ", of " + std::to_string(share.unknown) + " more it cannot be told" : ""));
  }

  void say_what_is_lost(Child& child, const payload::PartitionImage& image) {
    std::uint64_t more = 0, bytes = 0;
    for (std::size_t i = 0; i < image.lost.size(); ++i) {
      const payload::Lost& lost = image.lost[i];
      const std::string_view kind = payload::operation_name(lost.type);
      if (i < kMaxSaid) {
        note(Severity::data_loss, lost.code, lost.at, lost.why,
             child.name + ": " + (kind.empty() ? "kind " + std::to_string(std::to_underlying(lost.type)) : std::string(kind)) + ", " + std::to_string(lost.bytes) + " bytes");
      } else {
        ++more;
        bytes += lost.bytes;
      }
    }
    if (more > 0) note(Severity::data_loss, image.lost.back().code, image.lost.back().at, "more operations whose bytes cannot be had", child.name + ": " + std::to_string(more) + " operations, " + std::to_string(bytes) + " bytes");
  }

  // What the whole image must hash to, unless the device adds blocks that are not made here, or bytes are missing.
  void expect(Child& child, const PartitionUpdate& partition, const payload::PartitionImage& image) {
    if (image.not_made > 0) {
      // An update may name a way on purpose, to be spared the comparison.
      child.state = State::unsupported;
      note(Severity::data_loss, Code::unsupported, partition.at, "the device generates a hash tree or error correction in a way that is not known",
           child.name + ", " + std::to_string(image.not_made) + " bytes read as zeros; the image's digest is not compared", "do not take the image for the one that the update promises");
    }
    if (image.unwritten > 0)
      note(Severity::error, Code::bad_value, partition.at, "blocks that no operation writes", child.name + ", " + std::to_string(image.unwritten) + " blocks read as zeros");
    if (image.not_made > 0 || !image.lost.empty()) return;
    child.expected = partition.after->digest;
    if (!child.expected) note(Severity::info, Code::deviation, partition.at, "a partition without digest", child.name);
  }

  const SourceRef& source_;
  std::uint64_t blobs_at_;
  std::uint32_t block_size_;
  OpenContext& context_;
  payload::ShareWork share_work_;
  std::map<std::string, std::uint64_t> times_;
};

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  KLIK_TRY(const Blob start, source->load(0, payload::kHeaderSize));
  KLIK_TRY(const payload::Header header, payload::read_header(start.bytes()));
  if (header.manifest_size > std::min(payload::kMaxManifest, context.budget.metadata_bytes)) return fail(Code::over_budget, 12, "the manifest is larger than its budget");
  KLIK_TRY(const Blob bytes, source->load(payload::kHeaderSize, header.manifest_size));
  auto manifest = payload::read_manifest(bytes.bytes());
  if (!manifest) {
    Error error = manifest.error();
    error.at += payload::kHeaderSize;
    return fail(error);
  }
  const std::uint64_t blobs_at = payload::kHeaderSize + header.manifest_size + header.signature_size;
  if (blobs_at > source->size()) context.note(Severity::error, Code::truncated, 20, "the metadata signature reaches past the end", {}, "the file was cut short; fetch it again");
  Opener opener(source, blobs_at, manifest->block_size, context);
  Contents contents{.kind = "", .children = {}};
  for (const PartitionUpdate& partition : manifest->partitions) contents.children.push_back(opener.child(partition, contents.children.size()));
  return contents;
}

}  // namespace

extern const Container container_payload;
constexpr Container container_payload{
    .name = "payload",
    .title = "A/B update (payload.bin)",
    .spec = "AOSP system/update_engine update_metadata.proto, payload_consumer/payload_metadata.cc",
    .limits = "incremental operations need the old build (--base); operations that change the old image in place (MOVE, BSDIFF) are not applied; "
              "digests of uncompressed operations are left to the partition's digest; signatures are not verified here",
    .magics = kMagics,
    .makes_of_base = true,
    .open = open,
};

}  // namespace klik
