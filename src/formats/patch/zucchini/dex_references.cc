// References of DEX files: from tables, lists and code to items by their number, to data by its offset, and between
// instructions. Source: Chromium components/zucchini/disassembler_dex.cc.
#include <algorithm>

#include "formats/android/dex_instructions.h"
#include "formats/patch/zucchini/dex_layout.h"

namespace klik::zucchini {
namespace {

enum class Form : std::uint8_t { index16, index32, offset, branch8, branch16, branch32 };

constexpr std::uint32_t kNoIndex = 0xFFFFFFFF;   // stands for no superclass, no source file
constexpr std::int64_t kHighestOffset = 0x7FFFFFFF;

struct GroupRule {
  std::uint8_t pool;
  DexItem holder;
  std::uint8_t at;                          // of the reference in its holder; in code it depends on the instruction
  Form form;
  DexItem target = DexItem::code;           // of an index
};

// The order is that of the streams of a patch.
constexpr GroupRule kGroups[] = {
    {0, DexItem::type_id, 0, Form::index32, DexItem::string_id},
    {0, DexItem::proto_id, 0, Form::index32, DexItem::string_id},
    {0, DexItem::field_id, 4, Form::index32, DexItem::string_id},
    {0, DexItem::method_id, 4, Form::index32, DexItem::string_id},
    {0, DexItem::class_def, 16, Form::index32, DexItem::string_id},
    {0, DexItem::code, 0, Form::index16, DexItem::string_id},
    {0, DexItem::code, 0, Form::index32, DexItem::string_id},
    {1, DexItem::proto_id, 4, Form::index32, DexItem::type_id},
    {1, DexItem::field_id, 0, Form::index16, DexItem::type_id},
    {1, DexItem::field_id, 2, Form::index16, DexItem::type_id},
    {1, DexItem::method_id, 0, Form::index16, DexItem::type_id},
    {1, DexItem::class_def, 0, Form::index32, DexItem::type_id},
    {1, DexItem::class_def, 8, Form::index32, DexItem::type_id},
    {1, DexItem::type_list, 0, Form::index16, DexItem::type_id},
    {1, DexItem::code, 0, Form::index16, DexItem::type_id},
    {2, DexItem::code, 0, Form::index16, DexItem::proto_id},
    {2, DexItem::method_id, 2, Form::index16, DexItem::proto_id},
    {3, DexItem::code, 0, Form::index16, DexItem::field_id},
    {3, DexItem::method_handle, 4, Form::index16, DexItem::field_id},
    {3, DexItem::field_annotation, 0, Form::index32, DexItem::field_id},
    {4, DexItem::code, 0, Form::index16, DexItem::method_id},
    {4, DexItem::method_handle, 4, Form::index16, DexItem::method_id},
    {4, DexItem::method_annotation, 0, Form::index32, DexItem::method_id},
    {4, DexItem::parameter_annotation, 0, Form::index32, DexItem::method_id},
    {5, DexItem::code, 0, Form::index16, DexItem::call_site_id},
    {6, DexItem::code, 0, Form::index16, DexItem::method_handle},
    {7, DexItem::proto_id, 8, Form::offset},                  // parameters
    {7, DexItem::class_def, 12, Form::offset},                // interfaces
    {8, DexItem::parameter_annotation, 4, Form::offset},
    {9, DexItem::annotation_set_refs, 0, Form::offset},
    {9, DexItem::annotation_directory, 0, Form::offset},
    {9, DexItem::field_annotation, 4, Form::offset},
    {9, DexItem::method_annotation, 4, Form::offset},
    {10, DexItem::class_def, 24, Form::offset},               // class data
    {11, DexItem::code, 0, Form::branch8},
    {11, DexItem::code, 0, Form::branch16},
    {11, DexItem::code, 0, Form::branch32},
    {12, DexItem::string_id, 0, Form::offset},
    {13, DexItem::annotation_set, 0, Form::offset},
    {14, DexItem::class_def, 28, Form::offset},               // static values
    {15, DexItem::class_def, 20, Form::offset},               // annotations
    {16, DexItem::call_site_id, 0, Form::offset},
};

constexpr std::size_t group_in_code(Form form, DexItem target) {
  for (std::size_t i = 0; i < std::size(kGroups); ++i)
    if (kGroups[i].holder == DexItem::code && kGroups[i].form == form && kGroups[i].target == target) return i;
  return std::size(kGroups);
}
constexpr std::size_t kStrings = group_in_code(Form::index16, DexItem::string_id), kWideStrings = group_in_code(Form::index32, DexItem::string_id),
                      kTypes = group_in_code(Form::index16, DexItem::type_id), kProtos = group_in_code(Form::index16, DexItem::proto_id),
                      kFields = group_in_code(Form::index16, DexItem::field_id), kMethods = group_in_code(Form::index16, DexItem::method_id),
                      kCallSites = group_in_code(Form::index16, DexItem::call_site_id), kMethodHandles = group_in_code(Form::index16, DexItem::method_handle),
                      kBranches8 = group_in_code(Form::branch8, DexItem::code), kBranches16 = group_in_code(Form::branch16, DexItem::code),
                      kBranches32 = group_in_code(Form::branch32, DexItem::code);
static_assert(kBranches32 < std::size(kGroups) && kMethodHandles < std::size(kGroups));

class DexReferences {
 public:
  DexReferences(Bytes image, const DexLayout& layout) : image_(image), layout_(layout) {
    for (const GroupRule& rule : kGroups) groups_.push_back({rule.pool});
  }

  std::vector<ReferenceGroup> read() && {
    for (std::size_t i = 0; i < std::size(kGroups); ++i) {
      const DexItem holder = kGroups[i].holder;
      if (holder == DexItem::method_handle) read_method_handles(i);
      else if (holder <= DexItem::call_site_id) read_table(i);
      else if (holder != DexItem::code) read_list(i);
    }
    for (const std::uint32_t at : layout_.places_of(DexItem::code)) read_code(at);
    return std::move(groups_);
  }

 private:
  std::uint32_t target(const GroupRule& rule, std::uint32_t at) const {
    switch (rule.form) {
      case Form::index16: return item(rule.target, value_at<std::uint16_t>(image_, at));
      case Form::index32: return item(rule.target, value_at<std::uint32_t>(image_, at));
      case Form::offset: {
        const std::uint32_t offset = value_at<std::uint32_t>(image_, at);
        return offset < image_.size() ? offset : kNowhere;
      }
      case Form::branch8: return static_cast<std::uint32_t>(branch(at, static_cast<std::int8_t>(value_at<std::uint8_t>(image_, at))));
      case Form::branch16: return static_cast<std::uint32_t>(branch(at, static_cast<std::int16_t>(value_at<std::uint16_t>(image_, at))));
      case Form::branch32: {
        // Only the longest form is checked; the others wrap.
        const std::int64_t to = branch(at, static_cast<std::int32_t>(value_at<std::uint32_t>(image_, at)));
        return to >= 0 && to < kHighestOffset ? static_cast<std::uint32_t>(to) : kNowhere;
      }
    }
    return kNowhere;
  }
  std::uint32_t item(DexItem kind, std::uint32_t index) const {
    if (index == kNoIndex) return kNoIndex;
    const DexTables::Table& table = layout_[kind];
    return index < table.count ? table.at + index * dex_item_size(kind) : kNowhere;
  }
  // In code units from the instruction, which begins one unit (for the shortest form: one byte) before.
  static std::int64_t branch(std::uint32_t at, std::int32_t units) { return std::int64_t{at} + (std::int64_t{units} - 1) * 2; }

  // A broken reference ends the reading of a table or list; it is kept as an entry without a target.
  void add(std::size_t group, std::uint32_t location, std::uint32_t to) { groups_[group].references.push_back({location, to}); }
  void read_table(std::size_t group) {
    const GroupRule& rule = kGroups[group];
    const DexTables::Table& table = layout_[rule.holder];
    if (table.at == 0) return;
    for (std::uint32_t i = 0; i < table.count; ++i) {
      const std::uint32_t at = table.at + i * dex_item_size(rule.holder) + rule.at;
      const std::uint32_t to = target(rule, at);
      if (to != 0 && to != kNoIndex) add(group, at, to);
    }
  }
  void read_method_handles(std::size_t group) {
    constexpr std::uint16_t kFirstOfMethods = 4, kEnd = 9;
    const GroupRule& rule = kGroups[group];
    const DexTables::Table& table = layout_[rule.holder];
    if (table.at == 0) return;
    for (std::uint32_t i = 0; i < table.count; ++i) {
      const std::uint32_t at = table.at + i * dex_item_size(rule.holder);
      const std::uint16_t type = value_at<std::uint16_t>(image_, at);
      if (type < kEnd && (type < kFirstOfMethods) != (rule.target == DexItem::field_id)) continue;
      const std::uint32_t to = type < kEnd ? target(rule, at + rule.at) : kNowhere;
      if (to != 0) add(group, at + rule.at, to);
    }
  }
  void read_list(std::size_t group) {
    const GroupRule& rule = kGroups[group];
    for (const std::uint32_t place : layout_.places_of(rule.holder)) {
      const std::uint32_t to = target(rule, place + rule.at);
      if (to != 0) add(group, place + rule.at, to);
    }
  }

  void add_code(std::size_t group, std::uint32_t location) {
    const std::uint32_t to = target(kGroups[group], location);
    if (to != kNowhere) groups_[group].references.push_back({location, to});
  }
  void add_instruction(const dex::OpcodeInfo& info, std::uint8_t opcode, std::uint32_t at) {
    switch (info.index) {
      case dex::IndexKind::string: return add_code(opcode == dex::op::kConstString ? kStrings : kWideStrings, at + 2);
      case dex::IndexKind::type: return add_code(kTypes, at + 2);
      case dex::IndexKind::field: return add_code(kFields, at + 2);
      case dex::IndexKind::method: return add_code(kMethods, at + 2);
      case dex::IndexKind::method_and_proto:
        add_code(kProtos, at + 6);
        return add_code(kMethods, at + 2);
      case dex::IndexKind::proto: return add_code(kProtos, at + 2);
      case dex::IndexKind::call_site: return add_code(kCallSites, at + 2);
      case dex::IndexKind::method_handle: return add_code(kMethodHandles, at + 2);
      default: break;
    }
    switch (info.format) {
      case dex::Format::k10t: return add_code(kBranches8, at + 1);
      case dex::Format::k20t: case dex::Format::k21t: case dex::Format::k22t: return add_code(kBranches16, at + 2);
      case dex::Format::k30t: case dex::Format::k31t: return add_code(kBranches32, at + 2);
      default: break;
    }
  }
  // Up to the first payload, or what is no instruction of a file that was not quickened.
  void read_code(std::uint32_t code_at) {
    const std::uint32_t begin = code_at + dex_item_size(DexItem::code);
    const std::uint64_t units = value_at<std::uint32_t>(image_, code_at + 12);
    std::uint64_t end = units;
    for (std::uint64_t at = 0; at < end;) {
      const auto offset = static_cast<std::uint32_t>(begin + 2 * at);
      const std::uint8_t opcode = value_at<std::uint8_t>(image_, offset);
      const dex::OpcodeInfo& info = dex::kOpcodes[opcode];
      const bool quick = opcode == 0x73 || (opcode >= 0xE3 && opcode < 0xFA);
      if (info.name.empty() || quick || units - at < info.size) return;
      if (info.format == dex::Format::k31t) {
        const auto payload = static_cast<std::int32_t>(value_at<std::uint32_t>(image_, std::uint64_t{offset} + 2));
        if (payload < info.size || static_cast<std::uint64_t>(payload) >= units - at) return;
        end = std::min(end, at + static_cast<std::uint64_t>(payload));
      }
      add_instruction(info, opcode, offset);
      at += info.size;
    }
  }

  Bytes image_;
  const DexLayout& layout_;
  std::vector<ReferenceGroup> groups_;
};

class DexWriter : public ReferenceWriter {
 public:
  explicit DexWriter(const DexTables& tables) : tables_(tables) {}

  Result<void> write(std::size_t group, Reference r, MutableBytes image) const override {
    const GroupRule& rule = kGroups[group];
    switch (rule.form) {
      case Form::index16: case Form::index32: {
        const DexTables::Table& table = tables_[rule.target];
        const std::uint32_t index = (r.target - table.at) / dex_item_size(rule.target);
        if (index >= table.count) return {};
        if (rule.form == Form::index32) return put_at(image, r.location, index);
        if (index > 0xFFFF) return fail(Code::bad_value, r.location, "index beyond 16 bits");
        return put_at(image, r.location, static_cast<std::uint16_t>(index));
      }
      case Form::offset: return put_at(image, r.location, r.target);
      case Form::branch8: return put_branch<std::int8_t>(r, image);
      case Form::branch16: return put_branch<std::int16_t>(r, image);
      case Form::branch32: return put_branch<std::int32_t>(r, image);
    }
    return {};
  }

 private:
  template <class T>
  static Result<void> put_branch(Reference r, MutableBytes image) {
    const std::int64_t units = (std::int64_t{r.target} - r.location) / 2 + 1;
    if (units != static_cast<T>(units)) return {};
    return put_at(image, r.location, static_cast<std::make_unsigned_t<T>>(units));
  }

  DexTables tables_;
};

}  // namespace

Result<std::vector<ReferenceGroup>> read_dex_references(Bytes image) {
  KLIK_TRY(const DexLayout layout, read_dex_layout(image));
  return DexReferences(image, layout).read();
}

Result<std::unique_ptr<ReferenceWriter>> dex_writer(Bytes image) {
  KLIK_TRY(const DexTables tables, read_dex_tables(image));
  return std::make_unique<DexWriter>(tables);
}

}  // namespace klik::zucchini
