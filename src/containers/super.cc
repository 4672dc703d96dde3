// Logical partitions ("super"): the metadata says which runs of sectors are system, vendor, product, …
//
// Names: a partition is called as the first readable slot calls it. Where a later slot lays out a partition
// of that name differently, or has one more, that partition stands in the folder of its slot: slot1/system_b.
// What a later slot says again is not repeated.
#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include "containers/container.h"
#include "formats/android/lp_metadata.h"

namespace klik {
namespace {

constexpr std::string_view kGeometryMagic = "gDla";
constexpr Magic kMagics[] = {
    {lp::kReserved, kGeometryMagic},
    {lp::kReserved + lp::kGeometryBlock, kGeometryMagic},   // when the first copy is broken
    {0, kGeometryMagic},                                    // super_empty.img
};
// Rows may share extents, so the tables' size does not bound the pieces; real tables have some hundred.
constexpr std::uint64_t kMaxPieces = 1u << 18;

struct Slot {
  std::uint32_t number;
  std::uint64_t at;        // of the copy that was read
  lp::Metadata metadata;

  std::span<const lp::Extent> extents_of(const lp::Partition& p) const {
    return std::span(metadata.extents).subspan(p.first_extent, p.extent_count);   // checked by read_metadata
  }
};

struct Layout {
  lp::Geometry geometry;
  bool table_only;         // super_empty: one slot, no copies, no data

  std::uint64_t slots() const { return table_only ? 1 : geometry.slot_count; }
  std::uint64_t primary(std::uint64_t slot) const {
    return (table_only ? lp::kGeometryBlock : lp::kReserved + 2 * lp::kGeometryBlock) + slot * geometry.metadata_max_size;
  }
  std::uint64_t backup(std::uint64_t slot) const { return primary(slots() + slot); }
  std::uint64_t end() const { return table_only ? primary(1) : primary(2 * slots()); }
};

// The error as seen from the container, for a structure at `base`.
Error shifted(Error error, std::uint64_t base) {
  error.at += base;
  return error;
}

Result<lp::Geometry> geometry_at(const Source& source, std::uint64_t at) {
  KLIK_TRY(const Blob block, source.load(at, std::min(lp::kGeometryBlock, source.size() - std::min(at, source.size()))));
  auto geometry = lp::read_geometry(block.bytes());
  if (!geometry) return fail(shifted(geometry.error(), at));
  return geometry;
}

Result<Layout> read_layout(const Source& source, OpenContext& context) {
  const std::uint64_t second = lp::kReserved + lp::kGeometryBlock;
  const auto primary = geometry_at(source, lp::kReserved), backup = geometry_at(source, second);
  if (primary) {
    if (!backup) context.note(Severity::error, backup.error(), "second copy of the geometry");
    else if (*backup != *primary) context.note(Severity::error, Code::conflict, second, "the two copies of the geometry differ");
    return Layout{*primary, false};
  }
  if (backup) {
    context.note(Severity::error, primary.error(), "first copy of the geometry", "the second copy was used, as a phone does");
    return Layout{*backup, false};
  }
  if (const auto empty = geometry_at(source, 0)) return Layout{*empty, true};
  return fail(primary.error());
}

struct Copy {
  Blob bytes;
  lp::Metadata metadata;
  Bytes used() const {
    const auto part = bytes.bytes().slice(0, metadata.size);
    return part ? *part : Bytes();
  }
};

Result<Copy> copy_at(const Source& source, std::uint64_t at, std::uint64_t room) {
  if (at >= source.size()) return fail(Code::truncated, at, "metadata past the end");
  KLIK_TRY(Blob bytes, source.load(at, std::min(room, source.size() - at)));
  auto metadata = lp::read_metadata(bytes.bytes());
  if (!metadata) return fail(shifted(metadata.error(), at));
  return Copy{std::move(bytes), *std::move(metadata)};
}

Result<Slot> read_slot(const Source& source, const Layout& layout, std::uint32_t number, OpenContext& context) {
  const std::uint64_t room = layout.geometry.metadata_max_size, at = layout.primary(number);
  auto primary = copy_at(source, at, room);
  if (layout.table_only) {
    if (!primary) return fail(primary.error());
    return Slot{number, at, std::move(primary->metadata)};
  }
  const std::uint64_t backup_at = layout.backup(number);
  auto backup = copy_at(source, backup_at, room);
  const std::string detail = "slot " + std::to_string(number);
  if (primary) {
    if (!backup) context.note(Severity::error, backup.error(), detail + ", backup");
    else if (!std::ranges::equal(primary->used(), backup->used()))
      context.note(Severity::error, Code::conflict, backup_at, "metadata and its backup differ", detail);
    return Slot{number, at, std::move(primary->metadata)};
  }
  if (!backup) return fail(primary.error());
  context.note(Severity::error, primary.error(), detail, "the backup was used, as a phone does");
  return Slot{number, backup_at, std::move(backup->metadata)};
}

class PartitionMaker {
 public:
  PartitionMaker(const SourceRef& source, const Layout& layout, OpenContext& context) : source_(source), layout_(layout), context_(context) {}

  Child make(const Slot& slot, const lp::Partition& partition, std::string name) {
    Child child{.name = std::move(name), .transform = "lp"};
    const std::uint64_t at = slot.at + partition.at;
    std::vector<Piece> pieces;
    std::uint64_t missing_at = 0, missing = 0;
    std::string elsewhere;
    for (const lp::Extent& e : slot.extents_of(partition)) {
      const std::uint64_t out = child.size;
      if (e.sectors > (context_.budget.item_bytes - out) / lp::kSector) return refused(std::move(child), Code::over_budget, at, "the partition is larger than the budget for one item");
      const std::uint64_t length = e.sectors * lp::kSector;
      child.size += length;
      if (e.type == lp::ExtentType::zero) {
        pieces.push_back({.at = out, .length = length, .from = nullptr});
        continue;
      }
      if (e.type != lp::ExtentType::linear) return refused(std::move(child), Code::unsupported, at, "extent of an unknown type");
      if (e.device >= slot.metadata.devices.size()) return refused(std::move(child), Code::bad_value, at, "extent on a block device that is not listed");
      if (e.device != 0 || layout_.table_only) {   // devices[0] is the one that holds the metadata
        elsewhere = slot.metadata.devices[e.device].name;
        continue;
      }
      const std::uint64_t here = e.target <= source_->size() / lp::kSector ? std::min(length, source_->size() - e.target * lp::kSector) : 0;
      if (here < length) missing += length - here, missing_at = at;
      if (here == 0) continue;
      pieces.push_back({out, here, source_, e.target * lp::kSector});
      append_extent(child.extents, e.target * lp::kSector, here);
    }
    if (!elsewhere.empty()) {
      context_.note(Severity::info, Code::absent, at, "the partition's data lies in another image", child.name + " on " + elsewhere,
                    layout_.table_only ? "hand in the partition images or the whole super image" : "hand in the other images of the same build as well");
      child.extents.clear();
      child.state = State::listed;
      return child;
    }
    if (missing > 0) {
      context_.note(Severity::data_loss, Code::truncated, missing_at, "the partition reaches past the end of the image",
                    child.name + ", " + std::to_string(missing) + " bytes read as zeros", "the file was cut short; fetch it again");
      if (child.extents.empty()) {
        child.state = State::damaged;
        return child;
      }
    }
    auto made = extent_source(child.size, std::move(pieces));
    if (!made) return refused(std::move(child), made.error().code, at, made.error().what);
    child.source = *std::move(made);
    return child;
  }

 private:
  Child refused(Child child, Code code, std::uint64_t at, const char* what) {
    context_.note(Severity::data_loss, code, at, what, child.name);
    child.state = state_after(code);
    child.extents.clear();
    return child;
  }

  const SourceRef& source_;
  const Layout& layout_;
  OpenContext& context_;
};

// Two partitions on the same sectors, or one on the metadata: readable, but one of them is not what it seems.
void note_overlaps(const Slot& slot, const Layout& layout, OpenContext& context) {
  struct Run {
    std::uint64_t first, end;   // sectors; end saturates
    const lp::Partition* owner;
  };
  std::vector<Run> runs;
  for (const lp::Partition& p : slot.metadata.partitions) {
    if (p.extent_count > kMaxPieces - runs.size()) break;   // noted where the children are made
    for (const lp::Extent& e : slot.extents_of(p))
      if (e.type == lp::ExtentType::linear && e.device == 0 && e.sectors > 0)
        runs.push_back({e.target, e.sectors > ~e.target ? ~std::uint64_t{0} : e.target + e.sectors, &p});
  }
  std::ranges::stable_sort(runs, {}, &Run::first);
  const Run* widest = nullptr;
  for (const Run& run : runs) {
    if (&run == &runs.front() && run.first < layout.end() / lp::kSector && !layout.table_only)
      context.note(Severity::error, Code::conflict, slot.at + run.owner->at, "a partition covers the metadata", run.owner->name);
    if (widest && run.first < widest->end) {
      context.note(Severity::error, Code::conflict, slot.at + run.owner->at, "two partitions cover the same sectors",
                   widest->owner->name + " and " + run.owner->name);
      break;   // one note per slot: a hostile table overlaps everywhere
    }
    if (!widest || run.end > widest->end) widest = &run;
  }
}

class Children {
 public:
  explicit Children(OpenContext& context) : context_(context) {}

  void add(const Slot& slot, PartitionMaker& maker) {
    std::uint64_t added = 0, row = 0;
    for (const lp::Partition& partition : slot.metadata.partitions) {
      if (list.size() >= context_.budget.children || partition.extent_count > pieces_left_) {
        context_.note(Severity::data_loss, Code::over_budget, slot.at + partition.at, "more partitions or extents than the budget allows", {}, "the rest of the table was left out");
        return;
      }
      pieces_left_ -= partition.extent_count;
      const std::string name = clean_name(slot, partition, row++);
      const std::span<const lp::Extent> layout = slot.extents_of(partition);
      // A name that comes twice is compared with the second of that name in other slots.
      const std::uint64_t times = times_[{slot.number, name}]++;
      if (times > 0) context_.note(Severity::error, Code::conflict, slot.at + partition.at, "two partitions of one name", name);
      auto& known = seen_[{times, name}];
      if (std::ranges::any_of(known, [&](std::span<const lp::Extent> k) { return std::ranges::equal(k, layout); })) continue;
      known.push_back(layout);
      if (partition.attributes & lp::kDisabled) context_.note(Severity::info, Code::deviation, slot.at + partition.at, "the partition is marked as disabled", name);
      ++added;
      list.push_back(maker.make(slot, partition, first_ ? name : "slot" + std::to_string(slot.number) + "/" + name));
    }
    if (!first_ && added > 0)
      context_.note(Severity::info, Code::conflict, slot.at, "the slots describe different partitions",
                    "slot " + std::to_string(slot.number) + ", " + std::to_string(added) + " partitions");
    first_ = false;
  }

  std::vector<Child> list;

 private:
  using NumberedName = std::pair<std::uint64_t, std::string>;

  // A name becomes a part of a path, so it must not be one.
  std::string clean_name(const Slot& slot, const lp::Partition& partition, std::uint64_t row) {
    if (!partition.name.empty() && partition.name.find('/') == std::string::npos) return partition.name;
    context_.note(Severity::error, Code::bad_value, slot.at + partition.at, "not a partition name", partition.name);
    return "partition_" + std::to_string(row);
  }

  OpenContext& context_;
  std::uint64_t pieces_left_ = kMaxPieces;
  bool first_ = true;
  std::map<NumberedName, std::uint64_t> times_;                               // by slot and name
  std::map<NumberedName, std::vector<std::span<const lp::Extent>>> seen_;     // by occurrence and name
};

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  KLIK_TRY(const Layout layout, read_layout(*source, context));
  std::vector<Slot> slots;
  std::vector<Error> broken;
  for (std::uint32_t number = 0; number < layout.slots(); ++number) {
    auto slot = read_slot(*source, layout, number, context);
    if (slot) slots.push_back(*std::move(slot));
    else broken.push_back(slot.error());
  }
  if (slots.empty()) return fail(broken.front());
  for (const Error& error : broken) context.note(Severity::data_loss, error, "one slot, in both copies");

  PartitionMaker maker(source, layout, context);
  Children children(context);
  for (const Slot& slot : slots) {
    if (slot.metadata.minor > 2) context.note(Severity::info, Code::deviation, slot.at + 6, "metadata of a later minor version than 10.2");
    if (slot.metadata.flags & lp::kOverlaysActive)
      context.note(Severity::info, Code::deviation, slot.at + 128, "overlays are active: what the phone shows can differ from these partitions");
    note_overlaps(slot, layout, context);
    children.add(slot, maker);
  }
  return Contents{.kind = layout.table_only ? "super_empty" : "", .children = std::move(children.list)};
}

}  // namespace

extern const Container container_super;
constexpr Container container_super{
    .name = "super",
    .title = "Logical partitions (super image)",
    .spec = "AOSP system/core liblp/include/liblp/metadata_format.h",
    .limits = "partitions on other block devices are listed only; snapshots (-cow) are not applied; slot suffixes are not added to names",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
