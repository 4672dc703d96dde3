// Block-based update (X.new.dat or X.new.dat.br): the blocks of an image in the order in which the
// X.transfer.list beside it writes them.
#include <brotli/decode.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <span>

#include "containers/block_image.h"
#include "containers/block_plan.h"
#include "containers/container.h"

namespace klik {
namespace {

using transfer::Action;
using transfer::kBlock;
using transfer::TransferList;

constexpr std::string_view kPlain = ".new.dat", kBrotli = ".new.dat.br";
constexpr std::uint64_t kMaxList = std::uint64_t{16} << 20;

bool recognise(const Source&, std::string_view name) { return name.ends_with(kPlain) || name.ends_with(kBrotli); }

// Decodes the whole stream, at most `want` bytes. A broken stream keeps what came before, with a note.
Result<SourceRef> decode_brotli(const Source& in, std::uint64_t want, OpenContext& context) {
  const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), BrotliDecoderDestroyInstance);
  if (!state) return fail(Code::over_budget, 0, "no memory for brotli");
  SpillWriter out(context.scratch, std::min(want, context.budget.expansion(in.size())));
  const std::string_view advice = "the file was cut short or changed; fetch it again";
  std::vector<std::uint8_t> buffer(std::size_t{1} << 20);
  std::uint64_t at = 0;
  for (BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT; result != BROTLI_DECODER_RESULT_SUCCESS;) {
    if (at == in.size()) {
      context.note(Severity::data_loss, Code::truncated, at, "the brotli stream does not end", {}, std::string(advice));
      break;
    }
    const MutableBytes piece = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), in.size() - at));
    KLIK_CHECK(in.read(at, piece));
    const std::uint8_t* next = piece.data();
    std::size_t left = piece.size();
    do {
      std::size_t none = 0;
      result = BrotliDecoderDecompressStream(state.get(), &left, &next, &none, nullptr, nullptr);
      std::size_t n = 0;
      const std::uint8_t* made = BrotliDecoderTakeOutput(state.get(), &n);
      const std::uint64_t take = std::min<std::uint64_t>(n, want - out.size());
      KLIK_CHECK(out.append(Bytes(made, take)));
      if (take < n) {
        context.note(Severity::info, Code::deviation, at, "the data holds more than the transfer list takes");
        return out.finish();
      }
    } while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT || BrotliDecoderHasMoreOutput(state.get()));
    at += piece.size() - left;
    if (result == BROTLI_DECODER_RESULT_ERROR) {
      context.note(Severity::data_loss, Code::bad_value, at, "the brotli stream is broken", {}, std::string(advice));
      break;
    }
  }
  return out.finish();
}

// Commands that need the old image, by kind.
std::map<Action, std::uint64_t> incremental(const TransferList& list) {
  std::map<Action, std::uint64_t> counts;
  for (const transfer::Command& command : list.commands)
    if (command.action > Action::erase && command.action != Action::hash_tree) ++counts[command.action];
  return counts;
}

// How much of what the list writes is in the update itself.
std::string share_of_data(const TransferList& list) {
  std::uint64_t held = 0, written = 0;
  for (const transfer::Command& c : list.commands) {
    if (c.action == Action::erase || c.action == Action::hash_tree) continue;
    for (const transfer::Range& r : std::span(list.ranges).subspan(c.first_range, c.range_count)) {
      const std::uint64_t count = r.end - r.first;
      written += std::min(count, ~std::uint64_t{0} - written);
      if (c.action == Action::new_data || c.action == Action::zero) held += std::min(count, ~std::uint64_t{0} - held);
    }
  }
  return std::to_string(held) + " of " + std::to_string(written) + " blocks";
}

void note_incremental(const TransferList& list, const std::map<Action, std::uint64_t>& counts, OpenContext& context, std::string_view advice) {
  for (const auto& [action, count] : counts)
    context.note(Severity::data_loss, Code::unsupported, 0, "transfer list: commands that need the old image", std::to_string(count) + " " + std::string(transfer::action_name(action)), std::string(advice));
  context.note(Severity::info, Code::deviation, 0, "blocks that the update holds itself", share_of_data(list));
}

Result<TransferList> read_list(const std::string& name, OpenContext& context) {
  const SourceRef source = context.sibling ? context.sibling(name) : nullptr;
  if (!source) {
    context.note(Severity::data_loss, Code::absent, 0, "the transfer list is not beside the data", name, "put the transfer list into the same folder");
    return fail(Code::unsupported, 0, "blocks without their transfer list have no order");
  }
  if (source->size() > std::min(kMaxList, context.budget.metadata_bytes)) return fail(Code::over_budget, 0, "the transfer list is larger than its budget");
  KLIK_TRY(const Blob text, source->load());
  return transfer::read_transfer_list(text.bytes());
}

// The data as the commands take it, decoded where it is packed.
Result<SourceRef> data_of(const SourceRef& source, bool brotli, std::uint64_t want, OpenContext& context) {
  SourceRef data = source;
  if (brotli) {
    KLIK_TRY(data, decode_brotli(*source, want, context));
  } else if (data->size() > want) {
    context.note(Severity::info, Code::deviation, want, "the data holds more than the transfer list takes");
  }
  if (data->size() < want)
    context.note(Severity::data_loss, Code::truncated, source->size(), "the data holds less than the transfer list takes",
                 std::to_string(want - data->size()) + " bytes read as zeros", "the file was cut short; fetch it again");
  return data;
}

// The old image that the commands read, or null with the reason told.
SourceRef old_image(const TransferList& list, const std::string& stem, OpenContext& context) {
  const auto counts = incremental(list);
  if (counts.contains(Action::unknown) || !context.base) {
    note_incremental(list, counts, context, context.base ? "" : "hand in the old build with --base, or the full update of the same build");
    return nullptr;
  }
  SourceRef old = context.base->partition(stem, 0, std::nullopt);
  if (!old) {
    context.note(Severity::data_loss, Code::absent, 0, "the old build does not hold the partition that the update changes", stem);
    note_incremental(list, counts, context, "hand in the old build with this partition");
  }
  return old;
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  const bool brotli = context.name.ends_with(kBrotli);
  if (!recognise(*source, context.name)) return fail(Code::unsupported, 0, "blocks of an update are known by their name only");
  const std::string stem(context.name.substr(0, context.name.size() - (brotli ? kBrotli : kPlain).size()));
  KLIK_TRY(const TransferList list, read_list(stem + ".transfer.list", context));
  const bool needs_old = !incremental(list).empty();

  Child image{.name = (stem.empty() ? "image" : stem) + ".img", .transform = brotli ? "sdat-brotli" : "sdat"};
  Contents contents{.kind = "", .children = {}};
  transfer::ImageParts parts;
  if (needs_old) {
    parts.old = old_image(list, stem, context);
    if (!parts.old) {
      for (const transfer::Command& c : list.commands)
        for (const transfer::Range& r : std::span(list.ranges).subspan(c.first_range, c.range_count)) image.size = std::max(image.size, std::min(r.end, context.budget.item_bytes / kBlock) * kBlock);
      image.state = State::unsupported;
      contents.children.push_back(std::move(image));
      return contents;
    }
    if (list.version < 3)
      context.note(Severity::error, Code::deviation, 0, "transfer list: of a version that states no digests, so whether the old image is the right one cannot be seen", stem,
                   "make sure that the old build is the one that the update starts from");
    parts.patches = context.sibling(stem + ".patch.dat");
  }
  KLIK_TRY(const transfer::Plan plan, transfer::make_plan(list, parts.old ? (parts.old->size() + kBlock - 1) / kBlock : 0, context.budget));
  if (plan.written != list.total_blocks) context.note(Severity::error, Code::conflict, 0, "transfer list: the commands do not add up to its block count");
  if (list.version >= 2 && plan.most_stashed > list.stash_blocks)
    context.note(Severity::error, Code::conflict, 0, "transfer list: puts more blocks aside than it says", std::to_string(plan.most_stashed) + " of " + std::to_string(list.stash_blocks));
  if (std::ranges::any_of(list.commands, [](const transfer::Command& c) { return c.action == Action::hash_tree; }))
    context.note(Severity::data_loss, Code::unsupported, 0, "transfer list: the device computes the hash tree; its blocks read as zeros");
  KLIK_TRY(parts.data, data_of(source, brotli, plan.data_blocks * kBlock, context));

  std::uint64_t refused = 0;
  KLIK_TRY(transfer::ImageResult made, transfer::make_image(list, plan, parts, context, refused));
  image.size = plan.blocks * kBlock;
  image.source = std::move(made.source);
  if (refused > 0) image.state = State::damaged;
  if (brotli) append_extent(image.extents, 0, source->size());
  else image.extents = std::move(made.data_extents);
  contents.children.push_back(std::move(image));
  return contents;
}

}  // namespace

extern const Container container_sdat;
constexpr Container container_sdat{
    .name = "sdat",
    .title = "Blocks of a block-based update",
    .spec = "AOSP bootable/recovery updater/blockimg.cpp",
    .limits = "lists that need the old image (move, bsdiff, imgdiff, stash) are counted when no old build is handed in; hash trees are not computed; data split into .new.dat.0, .1, … is not joined",
    .recognise = recognise,
    .uses_siblings = true,
    .makes_of_base = true,
    .open = open,
};

}  // namespace klik
