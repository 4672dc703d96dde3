// Block-based update (X.new.dat or X.new.dat.br): the blocks of an image in the order in which the
// X.transfer.list beside it writes them.
#include <brotli/decode.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <span>

#include "containers/container.h"
#include "formats/android/transfer_list.h"

namespace klik {
namespace {

using transfer::Action;
using transfer::kBlock;
using transfer::Range;
using transfer::TransferList;

constexpr std::string_view kPlain = ".new.dat", kBrotli = ".new.dat.br";
constexpr std::uint64_t kMaxList = std::uint64_t{16} << 20;

bool recognise(const Source&, std::string_view name) { return name.ends_with(kPlain) || name.ends_with(kBrotli); }

// Which block of the image comes from which block of the data. Later commands overwrite earlier ones.
class BlockMap {
 public:
  void write(Range range, std::uint64_t data) {
    clear(range);
    runs_.insert({range.first, {range.end, data}});
  }

  void clear(Range range) {
    auto run = runs_.lower_bound(range.first);
    if (run != runs_.begin() && std::prev(run)->second.end > range.first) --run;
    while (run != runs_.end() && run->first < range.end) {
      const std::uint64_t first = run->first;
      const Run old = run->second;
      run = runs_.erase(run);
      if (first < range.first) runs_.insert({first, {range.first, old.data}});
      if (old.end > range.end) runs_.insert({range.end, {old.end, old.data + (range.end - first)}});
    }
  }

  template <class Visit>
  void each(Visit visit) const {
    for (const auto& [first, run] : runs_) visit(Range{first, run.end}, run.data);
  }

 private:
  struct Run {
    std::uint64_t end, data;
  };
  std::map<std::uint64_t, Run> runs_;
};

struct Plan {
  BlockMap map;
  std::uint64_t blocks = 0;        // of the image
  std::uint64_t data_blocks = 0;   // that the commands take from the data
};

Result<Plan> make_plan(const TransferList& list, OpenContext& context) {
  Plan plan;
  std::uint64_t written = 0;
  const std::uint64_t most = context.budget.item_bytes / kBlock;
  for (const transfer::Command& command : list.commands) {
    for (const Range& range : std::span(list.ranges).subspan(command.first_range, command.range_count)) {
      const std::uint64_t count = range.end - range.first;
      if (range.end > most || (command.action == Action::new_data && count > most - plan.data_blocks))
        return fail(Code::over_budget, command.at, "transfer list: the image is larger than the budget for one item");
      plan.blocks = std::max(plan.blocks, range.end);
      if (command.action != Action::erase) written += count;
      if (command.action == Action::new_data) {
        plan.map.write(range, plan.data_blocks);
        plan.data_blocks += count;
      } else {
        plan.map.clear(range);
      }
    }
  }
  if (written != list.total_blocks) context.note(Severity::error, Code::conflict, 0, "transfer list: the commands do not add up to its block count");
  return plan;
}

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

// Commands that need the old image, counted by kind.
bool note_incremental(const TransferList& list, OpenContext& context) {
  std::map<Action, std::uint64_t> counts;
  for (const transfer::Command& command : list.commands)
    if (command.action > Action::erase) ++counts[command.action];
  if (counts.erase(Action::hash_tree) > 0)
    context.note(Severity::data_loss, Code::unsupported, 0, "transfer list: the device computes the hash tree; its blocks read as zeros");
  for (const auto& [action, count] : counts)
    context.note(Severity::data_loss, Code::unsupported, 0, "transfer list: commands that need the old image", std::to_string(count) + " " + std::string(transfer::action_name(action)),
                 "hand in the full update of the same build");
  return !counts.empty();
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

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  const bool brotli = context.name.ends_with(kBrotli);
  if (!recognise(*source, context.name)) return fail(Code::unsupported, 0, "blocks of an update are known by their name only");
  const std::string stem(context.name.substr(0, context.name.size() - (brotli ? kBrotli : kPlain).size()));
  KLIK_TRY(const TransferList list, read_list(stem + ".transfer.list", context));
  KLIK_TRY(const Plan plan, make_plan(list, context));

  Child image{.name = (stem.empty() ? "image" : stem) + ".img", .size = plan.blocks * kBlock, .transform = brotli ? "sdat-brotli" : "sdat"};
  Contents contents{.kind = "", .children = {}};
  if (note_incremental(list, context)) {
    image.state = State::unsupported;
    contents.children.push_back(std::move(image));
    return contents;
  }
  const std::uint64_t want = plan.data_blocks * kBlock;
  SourceRef data = source;
  if (brotli) {
    KLIK_TRY(data, decode_brotli(*source, want, context));
    append_extent(image.extents, 0, source->size());
  } else if (data->size() > want) {
    context.note(Severity::info, Code::deviation, want, "the data holds more than the transfer list takes");
  }
  if (data->size() < want)
    context.note(Severity::data_loss, Code::truncated, source->size(), "the data holds less than the transfer list takes",
                 std::to_string(want - data->size()) + " bytes read as zeros", "the file was cut short; fetch it again");
  std::vector<Piece> pieces;
  plan.map.each([&](Range range, std::uint64_t data_block) {
    const std::uint64_t at = data_block * kBlock, there = at < data->size() ? std::min((range.end - range.first) * kBlock, data->size() - at) : 0;
    if (there == 0) return;
    pieces.push_back({range.first * kBlock, there, data, at});
    if (!brotli) append_extent(image.extents, at, there);
  });
  KLIK_TRY(image.source, extent_source(image.size, std::move(pieces)));
  contents.children.push_back(std::move(image));
  return contents;
}

}  // namespace

extern const Container container_sdat;
constexpr Container container_sdat{
    .name = "sdat",
    .title = "Blocks of a block-based update",
    .spec = "AOSP bootable/recovery updater/blockimg.cpp",
    .limits = "lists that need the old image (move, bsdiff, imgdiff, stash) are counted, not applied; data split into .new.dat.0, .1, … is not joined",
    .recognise = recognise,
    .uses_siblings = true,
    .uses_base = true,
    .open = open,
};

}  // namespace klik
