#include "flow/print_scan.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "flow/digest_mix.h"
#include "flow/platform_names.h"
#include "formats/android/dex_instructions.h"
#include "formats/android/dex_values.h"

namespace klik::flow {
namespace {

constexpr std::size_t kLongestText = 512;      // longer ones are cut, with a digest of the whole behind
constexpr std::size_t kMostNumbers = 32;       // of a method, smallest first
constexpr std::int64_t kSmallNumber = 0x400;   // says nothing
constexpr std::uint32_t kNone = CodeGraph::kNone;
constexpr std::uint8_t kSkip = 0xff;

// One opcode for all forms of an instruction; kSkip for what only moves values and control about.
constexpr std::array<std::uint8_t, 256> kCanonical = [] {
  std::array<std::uint8_t, 256> c{};
  for (unsigned i = 0; i < 256; ++i) c[i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0x00; i <= 0x09; ++i) c[i] = kSkip;   // nop, move
  for (unsigned i = 0x28; i <= 0x2a; ++i) c[i] = kSkip;   // goto
  for (unsigned i = 0x12; i <= 0x15; ++i) c[i] = 0x14;    // const
  for (unsigned i = 0x16; i <= 0x19; ++i) c[i] = 0x18;    // const-wide
  c[dex::op::kConstStringJumbo] = dex::op::kConstString;
  c[dex::op::kFilledNewArrayRange] = dex::op::kFilledNewArray;
  c[0x2c] = 0x2b;                                         // a switch, packed or sparse
  c[0x73] = dex::op::kReturnVoid;
  for (unsigned i = 0x74; i <= 0x78; ++i) c[i] = static_cast<std::uint8_t>(i - 6);     // invoke/range
  for (unsigned i = 0xb0; i <= 0xcf; ++i) c[i] = static_cast<std::uint8_t>(i - 0x20);  // …/2addr
  for (unsigned i = 0xd8; i <= 0xdf; ++i) c[i] = static_cast<std::uint8_t>(i - 8);     // …/lit8 → …/lit16
  c[dex::op::kInvokePolymorphicRange] = dex::op::kInvokePolymorphic;
  c[dex::op::kInvokeCustomRange] = dex::op::kInvokeCustom;
  // Quickened ones.
  c[0xe3] = 0x52, c[0xe4] = 0x53, c[0xe5] = 0x54, c[0xe6] = 0x59, c[0xe7] = 0x5a, c[0xe8] = 0x5b, c[0xe9] = c[0xea] = dex::op::kInvokeVirtual;
  c[0xeb] = 0x5c, c[0xec] = 0x5d, c[0xed] = 0x5e, c[0xee] = 0x5f, c[0xef] = 0x55, c[0xf0] = 0x56, c[0xf1] = 0x57, c[0xf2] = 0x58;
  return c;
}();

bool has_literal(std::uint8_t canonical) { return canonical == 0x14 || canonical == 0x18 || (canonical >= 0xd0 && canonical <= 0xe2); }

// Resources of an app are numbered anew with every build: 0x7fTTEEEE.
bool is_resource(std::uint64_t n) { return (n & 0xFFFFFFFFu) >> 24 == 0x7f && (n >> 32 == 0 || n >> 31 == 0x1FFFFFFFFu); }

struct Texts final : dex::ValueVisitor {
  void value(const dex::EncodedValue& v) override {
    if (v.type == dex::ValueType::string) found.push_back(v.index);
  }
  std::vector<std::uint32_t> found;
};

template <class T>
void sort_unique(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
}

}  // namespace

PrintScan::PrintScan(const dex::DexFile& file) : file_(file) {
  remember_types();
  protos_.resize(file.proto_count());
  methods_.resize(file.method_count(), MethodFacts{0, false});
  strings_.resize(file.string_count());
  text_of_string_.assign(file.string_count(), kNone);
  text_of_field_.assign(file.field_count(), kNone);
  for (auto [ordinals, count] : {std::pair{&type_ordinals_, file.type_count()}, {&method_ordinals_, file.method_count()}, {&field_ordinals_, file.field_count()}}) {
    ordinals->seen.resize(count);
    ordinals->number.resize(count);
  }
  out_.classes.reserve(file.class_count());
}

void PrintScan::remember_types() {
  std::unordered_map<std::string_view, std::uint32_t> by_name;
  std::unordered_set<std::string_view> defined;   // an app may bring along what is named like the platform
  for (std::uint32_t i = 0; i < file_.class_count(); ++i) defined.insert(file_.type(file_.class_def(i).type));
  types_.reserve(file_.type_count());
  for (std::uint32_t i = 0; i < file_.type_count(); ++i) {
    const std::string_view name = file_.type(i);
    const std::size_t dimensions = std::min(name.find_first_not_of('['), name.size());
    const bool own = !is_platform_type(name) || defined.contains(name.substr(dimensions));
    if (own) by_name.try_emplace(name, i);
    types_.push_back({own ? mix(0x6f776e, dimensions) : text_digest(name), own, i});
  }
  for (TypeFacts& t : types_) {
    std::string_view name = file_.type(t.element);
    if (!t.own || !name.starts_with('[')) continue;
    while (name.starts_with('[')) name.remove_prefix(1);
    if (const auto at = by_name.find(name); at != by_name.end()) t.element = at->second;
  }
}

std::uint32_t PrintScan::text_of_string(std::uint32_t string) {
  std::uint32_t& text = text_of_string_[string];
  if (text != kNone) return text;
  text = static_cast<std::uint32_t>(out_.texts.size());
  const std::string_view whole = file_.string(string);
  out_.texts.push_back(whole);
  if (whole.size() > kLongestText) made_.emplace_back(text, std::string(whole.substr(0, kLongestText)) + "… #" + std::to_string(text_digest(whole)));
  return text;
}

const PrintScan::MethodFacts& PrintScan::facts_of_method(std::uint32_t index) {
  MethodFacts& m = methods_[index];
  if (m.digest) return m;
  const dex::Method method = file_.method(index);
  std::uint64_t& proto = protos_[method.proto];
  if (!proto) {
    const dex::Proto p = file_.proto(method.proto);
    proto = p.return_type < types_.size() ? types_[p.return_type].digest : 1;
    for (const std::uint32_t t : p.parameters) proto = mix(proto, t < types_.size() ? types_[t].digest : 1);
    proto |= 1;
  }
  m.own = method.owner < types_.size() && types_[method.owner].own;
  m.digest = (m.own ? proto : mix(mix(types_[method.owner].digest, text_digest(file_.string(method.name))), proto)) | 1;
  return m;
}

std::uint64_t PrintScan::ordinal(Ordinals& of, std::uint32_t index, OwnRef::Kind kind) {
  if (of.seen[index] != epoch_) {
    of.seen[index] = epoch_;
    of.number[index] = ++named_;
    now_.refs.push_back({kind, index});
  }
  return of.number[index];
}

std::uint64_t PrintScan::type_in_body(std::uint32_t type) {
  if (type >= types_.size()) return 0;
  const TypeFacts& t = types_[type];
  return t.own ? mix(t.digest, ordinal(type_ordinals_, t.element, OwnRef::Kind::type)) : t.digest;
}

std::uint64_t PrintScan::method_in_body(std::uint32_t method) {
  if (method >= methods_.size()) return 0;
  const MethodFacts& m = facts_of_method(method);
  return m.own ? mix(m.digest, ordinal(method_ordinals_, method, OwnRef::Kind::method)) : m.digest;
}

std::uint64_t PrintScan::field_in_body(std::uint32_t index) {
  if (index >= text_of_field_.size()) return 0;
  const dex::Field field = file_.field(index);
  if (field.owner >= types_.size() || field.type >= types_.size()) return 0;
  if (types_[field.owner].own) {
    // Fields have no place in the graph; their order still tells one from another.
    const std::uint64_t owner = ordinal(type_ordinals_, types_[field.owner].element, OwnRef::Kind::type);
    return mix(mix(types_[field.type].digest, owner), ordinal(field_ordinals_, index, OwnRef::Kind::unlisted));
  }
  std::uint32_t& text = text_of_field_[index];
  if (text == kNone) {
    text = static_cast<std::uint32_t>(out_.texts.size());
    out_.texts.emplace_back();
    made_.emplace_back(text, std::string(file_.type(field.owner).substr(0, kLongestText)) + "->" + std::string(file_.string(field.name).substr(0, kLongestText)));
  }
  now_.fields.push_back(text);
  return mix(types_[field.owner].digest, text_digest(file_.string(field.name)));
}

std::uint64_t PrintScan::text_in_body(std::uint32_t string) {
  if (string >= strings_.size()) return 0;
  now_.texts.push_back(text_of_string(string));
  if (!strings_[string]) strings_[string] = text_digest(file_.string(string));
  return strings_[string];
}

std::uint64_t PrintScan::number_in_body(std::int64_t n) {
  const auto bits = static_cast<std::uint64_t>(n);
  if (is_resource(bits)) return 0x7f000000;
  if (n >= kSmallNumber || n <= -kSmallNumber) now_.numbers.push_back(bits);
  return bits;
}

std::uint64_t PrintScan::payload_in_body(std::span<const U16le> units) {
  std::uint64_t h = 0x7061796c;
  if (const auto cases = dex::SwitchPayload::read(units)) {
    for (std::uint32_t i = 0; i < cases->size(); ++i) h = mix(h, number_in_body(cases->at(i).key));
  } else if (const auto array = dex::ArrayPayload::read(units)) {
    h = mix(h, array->element_size);
    for (std::uint32_t i = 0; i < array->count; ++i) {
      const std::uint64_t n = array->element(i);
      h = mix(h, array->element_size == 4 && is_resource(n) ? 0x7f000000 : n);
    }
  }
  return h;
}

void PrintScan::begin_class(const dex::ClassDef&) {
  out_.classes.emplace_back();
  field_digests_.clear();
}

void PrintScan::field(const dex::ClassField& f) {
  const std::uint32_t type = file_.field(f.field).type;
  if (type >= types_.size()) return;
  field_digests_.push_back(mix(types_[type].digest, f.is_static));
  if (types_[type].own) out_.classes.back().field_types.push_back({OwnRef::Kind::type, types_[type].element});
}

void PrintScan::method_without_code() { out_.classes.back().methods.emplace_back(); }

void PrintScan::method(const dex::CodeItem& code) {
  now_ = {};
  ++epoch_;
  named_ = 0;
  std::uint64_t h = 0x636f6465;
  for (const dex::Instruction i : dex::Instructions(code.units)) {
    const std::uint8_t op = i.opcode(), canonical = kCanonical[op];
    if (canonical == kSkip) {
      if (i.is_payload()) h = mix(h, payload_in_body(i.units()));
      continue;
    }
    h = mix(h, canonical);
    switch (dex::kOpcodes[op].index) {
      case dex::IndexKind::none:
        if (has_literal(canonical)) h = mix(h, number_in_body(i.literal()));
        break;
      case dex::IndexKind::string: h = mix(h, text_in_body(i.index())); break;
      case dex::IndexKind::type: h = mix(h, type_in_body(i.index())); break;
      case dex::IndexKind::field: h = mix(h, field_in_body(i.index())); break;
      case dex::IndexKind::method:
      case dex::IndexKind::method_and_proto: h = mix(h, method_in_body(i.index())); break;
      case dex::IndexKind::field_offset:
      case dex::IndexKind::vtable: ++now_.unresolved; break;
      default: break;   // what a call site or handle leads to, the graph knows
    }
  }
  for (const dex::TryItem& t : code.tries) {
    h = mix(h, 0x747279);
    if (!file_.handlers(code, t, [&](const dex::Handler& handler) { h = mix(h, handler.type == dex::kNoIndex ? 2 : type_in_body(handler.type)); })) break;
  }
  now_.body = h | 1;
  now_.units = static_cast<std::uint32_t>(std::min<std::uint64_t>(code.units.size(), ~std::uint32_t{0}));
  sort_unique(now_.texts);
  sort_unique(now_.fields);
  sort_unique(now_.numbers);
  if (now_.numbers.size() > kMostNumbers) now_.numbers.resize(kMostNumbers);
  out_.classes.back().methods.push_back(std::move(now_));
}

void PrintScan::end_class(const dex::ClassDef& def) {
  ClassPrint& c = out_.classes.back();
  std::ranges::sort(field_digests_);
  std::uint64_t h = 0x66696564;
  for (const std::uint64_t d : field_digests_) h = mix(h, d);
  c.fields = h;
  Texts texts;
  if (def.static_values_at) (void)dex::read_static_values(file_, def, texts);
  for (const std::uint32_t s : texts.found)
    if (s < text_of_string_.size()) c.texts.push_back(text_of_string(s));
  sort_unique(c.texts);
}

CodePrints PrintScan::take(const std::vector<std::uint32_t>& graph_type, std::deque<std::string>& made) {
  for (auto& [number, text] : made_) out_.texts[number] = made.emplace_back(std::move(text));
  const auto translate = [&](std::vector<OwnRef>& refs) {
    for (OwnRef& r : refs) {
      if (r.kind == OwnRef::Kind::unlisted) r.index = 0;
      if (r.kind != OwnRef::Kind::type) continue;
      r.index = graph_type[r.index];
      if (r.index == kNone) r = {};
    }
  };
  for (ClassPrint& c : out_.classes) {
    translate(c.field_types);
    for (MethodPrint& m : c.methods) translate(m.refs);
  }
  return std::move(out_);
}

}  // namespace klik::flow
