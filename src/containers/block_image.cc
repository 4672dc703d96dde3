#include "containers/block_image.h"

#include <algorithm>

#include "containers/patch/file_patch.h"
#include "io/unit_source.h"

namespace klik::transfer {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{1} << 20, kAhead = std::uint64_t{64} << 20;

// Appends pieces for a run. What lies past the end of its source reads as zeros.
void append_pieces(std::vector<Piece>& pieces, const Run& run, std::uint64_t at, const std::vector<SourceRef>& sources) {
  if (run.layer == kZeros) return;
  const SourceRef& from = sources[run.layer];
  const std::uint64_t from_at = run.block * kBlock;
  if (!from || from_at >= from->size()) return;
  pieces.push_back({at * kBlock, std::min(run.count * kBlock, from->size() - from_at), from, from_at});
}

Result<SourceRef> source_of(const std::vector<Run>& runs, std::uint64_t blocks, const std::vector<SourceRef>& sources) {
  std::vector<Piece> pieces;
  std::uint64_t at = 0;
  for (const Run& run : runs) {
    append_pieces(pieces, run, at, sources);
    at += run.count;
  }
  return extent_source(blocks * kBlock, std::move(pieces));
}

class PatchDecoder final : public UnitDecoder {
 public:
  struct Unit {
    SourceRef reads, patch;
    std::string source_sha1, target_sha1;   // "" when not stated
  };
  PatchDecoder(std::vector<Unit> units, std::uint64_t most) : units_(std::move(units)), most_(most) {}

  Result<void> decode(std::size_t n, MutableBytes out) const override {
    const Unit& unit = units_[n];
    if (!unit.patch) return fail(Code::truncated, 0, "the patch lies past the end of the patch data");
    if (unit.patch->size() > most_) return fail(Code::over_budget, 0, "a patch larger than its budget");
    KLIK_TRY(const Blob before, unit.reads->load());
    if (!unit.source_sha1.empty() && !patch::has_sha1(before.bytes(), unit.source_sha1)) return fail(Code::bad_checksum, 0, "the old blocks are not those that the patch is made for");
    KLIK_TRY(const Blob patch, unit.patch->load());
    KLIK_TRY(const auto made, patch::apply_file_patch(before.bytes(), patch.bytes(), out.size()));
    if (made.size() != out.size()) return fail(Code::bad_value, 0, "the patch does not fill the blocks that it is to make");
    if (!unit.target_sha1.empty() && !patch::has_sha1(Bytes(made), unit.target_sha1)) return fail(Code::bad_checksum, 0, "the patched blocks are not those that the update promises");
    copy_bytes(out, 0, Bytes(made));
    return {};
  }

 private:
  std::vector<Unit> units_;
  std::uint64_t most_;
};

class ImageMaker {
 public:
  ImageMaker(const TransferList& list, const Plan& plan, const ImageParts& parts, OpenContext& context) : list_(list), plan_(plan), parts_(parts), context_(context), sources_{nullptr, parts.old, parts.data} {}

  Result<void> patches() {
    for (const auto& layer : plan_.layers) {   // none is empty: an upper one reads from the one below
      std::vector<UnitRange> ranges;
      std::vector<PatchDecoder::Unit> units;
      std::uint64_t at = 0;
      for (const PatchUnit& unit : layer) {
        KLIK_TRY(SourceRef reads, source_of(unit.reads, unit.read_blocks, sources_));
        SourceRef patch;
        if (parts_.patches) {
          if (auto part = window(parts_.patches, unit.patch_at, unit.patch_size)) patch = std::move(*part);
        }
        units.push_back({std::move(reads), std::move(patch), list_.names[unit.source_sha1], list_.names[unit.target_sha1]});
        ranges.push_back({at, unit.made_blocks * kBlock});
        at += unit.made_blocks * kBlock;
      }
      KLIK_TRY(SourceRef made, decode_once(std::move(ranges), std::make_unique<PatchDecoder>(std::move(units), context_.budget.unit_bytes), context_.scratch, context_.pool));
      sources_.push_back(std::move(made));
    }
    return {};
  }

  // Every patch is applied and every moved block hashed: a device would refuse the whole update for one that is wrong.
  std::uint64_t check() {
    Refused moves, patches;
    for (const MoveCheck& check : plan_.checks)
      if (const auto same = moved_as_stated(check); !same) moves.add(check.blocks, same.error(), check.at);
    for (std::size_t i = 0; i < plan_.layers.size(); ++i) {
      const SourceRef& made = sources_[kFirstLayer + i];
      std::uint64_t at = 0;
      for (const PatchUnit& unit : plan_.layers[i]) {
        made->will_need(at, kAhead);
        std::uint8_t first = 0;
        if (const auto read = made->read(at, MutableBytes(&first, 1)); !read) patches.add(unit.made_blocks, read.error(), unit.at);
        at += unit.made_blocks * kBlock;
      }
    }
    tell(moves, "blocks that the update takes from the old image, which has others there");
    tell(patches, "blocks that patches could not make");
    return moves.blocks + patches.blocks;
  }

  Result<ImageResult> image() {
    ImageResult out;
    std::vector<Piece> pieces;
    plan_.image.each([&](Range range, std::uint32_t layer, std::uint64_t block) {
      append_pieces(pieces, {range.end - range.first, layer, block}, range.first, sources_);
      if (layer != kData || !parts_.data || block * kBlock >= parts_.data->size()) return;
      append_extent(out.data_extents, block * kBlock, std::min((range.end - range.first) * kBlock, parts_.data->size() - block * kBlock));
    });
    KLIK_TRY(out.source, extent_source(plan_.blocks * kBlock, std::move(pieces)));
    return out;
  }

 private:
  struct Refused {
    std::uint64_t commands = 0, blocks = 0;
    const char* first = nullptr;
    std::uint64_t at = 0;
    void add(std::uint64_t count, const Error& error, std::uint64_t where) {
      if (commands++ == 0) {
        first = error.what;
        at = where;
      }
      blocks += count;
    }
  };

  Result<void> moved_as_stated(const MoveCheck& check) {
    KLIK_TRY(const SourceRef source, source_of(check.reads, check.blocks, sources_));
    Hasher hasher(HashAlgorithm::sha1);
    std::vector<std::uint8_t> chunk(std::min<std::uint64_t>(kChunk, source->size()));
    for (std::uint64_t at = 0; at < source->size(); at += chunk.size()) {
      const MutableBytes part(chunk.data(), std::min<std::uint64_t>(chunk.size(), source->size() - at));
      source->will_need(at, kAhead);
      KLIK_CHECK(source->read(at, part));
      hasher.update(Bytes(part));
    }
    if (!patch::same_hex(hex(Bytes(hasher.finish())), list_.names[check.sha1])) return fail(Code::bad_checksum, 0, "not the blocks whose SHA-1 the update states");
    return {};
  }

  void tell(const Refused& refused, const char* what) {
    if (refused.commands == 0) return;
    context_.note(Severity::data_loss, Code::bad_checksum, 0, what,
                  std::to_string(refused.commands) + " commands, " + std::to_string(refused.blocks * kBlock) + " bytes; the first, at " + std::to_string(refused.at) + " of the list: " + refused.first,
                  "hand in the very build that the update starts from");
  }

  const TransferList& list_;
  const Plan& plan_;
  const ImageParts& parts_;
  OpenContext& context_;
  std::vector<SourceRef> sources_;   // by layer
};

}  // namespace

Result<ImageResult> make_image(const TransferList& list, const Plan& plan, const ImageParts& parts, OpenContext& context, std::uint64_t& refused) {
  ImageMaker maker(list, plan, parts, context);
  KLIK_CHECK(maker.patches());
  refused = maker.check();
  return maker.image();
}

}  // namespace klik::transfer
