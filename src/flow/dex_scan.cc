#include "flow/dex_scan.h"

#include <algorithm>

#include "flow/print_scan.h"
#include "formats/android/dex_instructions.h"
#include "formats/android/dex_values.h"
#include "formats/android/dex_walk.h"

namespace klik::flow {
namespace {

template <class T>
void sort_unique(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
}

// The method handles among the values of a call site: the one that links it and those that it is linked to.
struct Handles final : dex::ValueVisitor {
  void value(const dex::EncodedValue& v) override {
    if (v.type == dex::ValueType::method_handle && found.size() < 16) found.push_back(v.index);
  }
  std::vector<std::uint32_t> found;
};

class Scanner {
 public:
  Scanner(const dex::DexFile& file, const std::vector<bool>& watched) : file_(file), watched_(watched), prints_(file) {
    out_.calls_to.resize(file.method_count());
    name_of_string_.assign(file.string_count(), CodeGraph::kNone);
    type_of_type_.assign(file.type_count(), CodeGraph::kNone);
    owner_of_method_.reserve(file.method_count());
  }

  DexScan run() {
    std::vector<std::uint32_t> protos(file_.proto_count(), CodeGraph::kNone);
    out_.graph.methods.reserve(file_.method_count());
    for (std::uint32_t i = 0; i < file_.method_count(); ++i) {
      const dex::Method m = file_.method(i);
      std::uint32_t& proto = protos[m.proto];
      if (proto == CodeGraph::kNone) proto = add_name(out_.made_names.emplace_back(descriptor_of(file_, m.proto)));
      owner_of_method_.push_back(m.owner);
      out_.graph.methods.push_back({type(m.owner), name(m.name), proto});
    }
    out_.graph.classes.reserve(file_.class_count());
    for (std::uint32_t i = 0; i < file_.class_count(); ++i) one_class(i);
    out_.prints = prints_.take(type_of_type_, out_.made_names);
    return std::move(out_);
  }

 private:
  std::uint32_t add_name(std::string_view s) {
    out_.graph.names.push_back(s);
    return static_cast<std::uint32_t>(out_.graph.names.size() - 1);
  }
  std::uint32_t name(std::uint32_t string) {
    if (string >= name_of_string_.size()) return add_name({});
    std::uint32_t& n = name_of_string_[string];
    if (n == CodeGraph::kNone) n = add_name(file_.string(string));
    return n;
  }
  std::uint32_t type(std::uint32_t index) {
    if (index >= type_of_type_.size()) return type(0);   // nothing that open() lets through
    std::uint32_t& t = type_of_type_[index];
    if (t == CodeGraph::kNone) {
      t = static_cast<std::uint32_t>(out_.graph.types.size());
      out_.graph.types.push_back(name(file_.type_string(index)));
    }
    return t;
  }
  void unread(std::uint64_t at) {
    if (out_.unread_methods++ == 0) out_.first_unread_at = at;
  }

  void one_class(std::uint32_t index) {
    const dex::ClassDef def = file_.class_def(index);
    ClassBody& body = out_.graph.classes.emplace_back();
    body.type = type(def.type);
    body.access = def.access_flags;
    body.super = def.superclass == dex::kNoIndex ? CodeGraph::kNone : type(def.superclass);
    for (const std::uint32_t i : def.interfaces)
      if (i < file_.type_count()) body.interfaces.push_back(type(i));
    prints_.begin_class(def);
    const auto whole = file_.members(def, [&](const dex::ClassField& f) { prints_.field(f); }, [&](const dex::ClassMethod& m) { one_method(body, index, m); });
    prints_.end_class(def);
    if (!whole) unread(whole.error().at);
  }

  void one_method(ClassBody& body, std::uint32_t class_index, const dex::ClassMethod& m) {
    MethodBody& out = body.methods.emplace_back();
    out.method = m.method;
    out.access = m.access_flags;
    if (m.code_at == 0) return prints_.method_without_code();
    const auto code = file_.code(m.code_at);
    // Methods may share code; a small file could let a million of them share one large piece.
    if (!code || out_.code_units + code->units.size() > dex::kMostVisits * file_.window().size()) {
      prints_.method_without_code();
      return unread(m.code_at);
    }
    out_.code_units += code->units.size();
    prints_.method(*code);
    bool watched = false;
    const dex::Instructions instructions(code->units);
    for (auto at = instructions.begin(); at != instructions.end(); ++at) {
      const std::uint8_t op = at.opcode();
      // In the order of how often they occur; most instructions are none of these.
      if (op >= dex::op::kInvokeVirtual && op <= dex::op::kInvokeInterfaceRange && op != 0x73) {
        const std::uint32_t callee = (*at).index();
        if (callee >= out_.calls_to.size()) continue;
        ++out_.calls_to[callee];
        watched |= callee < watched_.size() && watched_[callee];
        const std::uint8_t plain = static_cast<std::uint8_t>(op >= dex::op::kInvokeVirtualRange ? op - 6 : op);
        out.calls.push_back({callee, plain == dex::op::kInvokeVirtual || plain == dex::op::kInvokeInterface ? CallKind::open : plain == dex::op::kInvokeSuper ? CallKind::super : CallKind::exact});
        if (plain == dex::op::kInvokeStatic) out.touches.push_back(type(owner_of_method_[callee]));
      } else if (op == dex::op::kNewInstance) {
        const std::uint32_t made = (*at).index();
        if (made < file_.type_count()) out.makes.push_back(type(made));
      } else if (op >= dex::op::kSget && op <= 0x6d) {
        const std::uint32_t owner = file_.field((*at).index()).owner;
        if (owner < file_.type_count()) out.touches.push_back(type(owner));
      } else if (op >= dex::op::kInvokePolymorphic && op <= dex::op::kInvokeCustomRange) {
        special_call(*at, out);
      } else if (dex::kOpcodes[op].index == dex::IndexKind::field_offset || dex::kOpcodes[op].index == dex::IndexKind::vtable) {
        ++out_.quickened;
      }
    }
    sort_unique(out.calls);
    sort_unique(out.makes);
    sort_unique(out.touches);
    if (watched) out_.watched.push_back({class_index, m});
  }

  void special_call(const dex::Instruction& i, MethodBody& out) {
    // invoke-polymorphic names MethodHandle.invoke; what an invoke-custom ends in stands among its call site's values.
    if (i.opcode() == dex::op::kInvokePolymorphic || i.opcode() == dex::op::kInvokePolymorphicRange) {
      if (i.index() >= out_.calls_to.size()) return;
      ++out_.calls_to[i.index()];
      out.calls.push_back({i.index(), CallKind::open});
      return;
    }
    const std::uint64_t site = file_.call_site_at(i.index());
    if (site == 0) return;
    Handles handles;
    if (!dex::read_values(file_, site, handles)) return;
    for (const std::uint32_t h : handles.found) {
      const dex::MethodHandle handle = file_.method_handle(h);
      if (handle.is_field() || handle.target >= out_.calls_to.size()) continue;
      ++out_.calls_to[handle.target];
      // Whether the method is bound to an object is the handle's business; taking it as open finds overrides too.
      out.calls.push_back({handle.target, CallKind::open});
    }
  }

  const dex::DexFile& file_;
  const std::vector<bool>& watched_;
  PrintScan prints_;
  DexScan out_;
  std::vector<std::uint32_t> name_of_string_, type_of_type_, owner_of_method_;
};

}  // namespace

std::string descriptor_of(const dex::DexFile& file, std::uint32_t proto) {
  const dex::Proto p = file.proto(proto);
  std::string out = "(";
  for (const std::uint32_t t : p.parameters) out += file.type(t);
  out += ')';
  out += file.type(p.return_type);
  return out;
}

DexScan scan(const dex::DexFile& file, const std::vector<bool>& watched) { return Scanner(file, watched).run(); }

}  // namespace klik::flow
