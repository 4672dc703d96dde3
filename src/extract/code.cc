// What the code of a DEX file refers to and calls: platform methods, calls that powers name, code loaded while running,
// and the graph of who calls whom.
#include <algorithm>
#include <unordered_map>

#include "data/powers.h"
#include "extract/code_facts.h"
#include "extract/code_views.h"
#include "extract/extractor.h"
#include "flow/constants.h"
#include "flow/dex_scan.h"
#include "flow/packing.h"
#include "formats/android/dex_rules.h"

namespace klik {
namespace {

using namespace code_facts;

constexpr std::string_view kName = "code@3";
constexpr const FactKind* kEmits[] = {&kDex, &kMethodReference, &kCallSite, &kDynamicCode, &kGraph, &kBody};
constexpr std::size_t kTextsShown = 6, kTextShown = 120;
constexpr std::size_t kMostSites = 200'000;   // of one DEX; real ones have a few thousand
// Names repeat in every row, so long ones could make the case far larger than the file. Real DEX need a few megabytes.
constexpr std::uint64_t kMostText = std::uint64_t{64} << 20;

// "Lcom/example/A;" → "com/example/A"; "" for arrays and primitives.
std::string_view inner(std::string_view descriptor) { return descriptor.size() > 2 && descriptor[0] == 'L' ? descriptor.substr(1, descriptor.size() - 2) : std::string_view(); }

std::string dotted(std::string_view descriptor) {
  std::string out(inner(descriptor).empty() ? descriptor : inner(descriptor));
  std::ranges::replace(out, '/', '.');
  return out;
}

// A pattern and the table that it stands in.
struct Watch {
  const data::Power* of;
  const data::ApiPattern* pattern;
  bool dynamic;
};

// Patterns by class. Made once; the tables are part of the program.
const std::unordered_map<std::string_view, std::vector<Watch>>& watches() {
  static const auto all = [] {
    std::unordered_map<std::string_view, std::vector<Watch>> out;
    const auto take = [&](std::span<const data::Power> table, bool dynamic) {
      for (const data::Power& p : table)
        for (const data::ApiPattern& a : p.calls)
          for (const std::string_view c : a.classes) out[c].push_back({&p, &a, dynamic});
    };
    take(data::powers(), false);
    take(data::dynamic_kinds(), true);
    return out;
  }();
  return all;
}

class CodeFacts {
 public:
  CodeFacts(const FileItem& item, FactSink& sink, const dex::DexFile& file, std::int64_t n) : item_(item), sink_(sink), file_(file), n_(n) {}

  void run() {
    find_watched();
    std::vector<bool> watched(file_.method_count());
    for (std::uint32_t m = 0; m < file_.method_count(); ++m) watched[m] = !watch_of_[m].empty();
    flow::DexScan scan = flow::scan(file_, watched);
    summary(scan);
    references(scan);
    for (const flow::DexMethod& m : scan.watched) sites(m);
    structure(scan);
  }

 private:
  // The first class above that this file does not define: what a call on `this` of a subclass ends in.
  std::uint32_t platform_type(std::uint32_t type, const std::vector<std::uint32_t>& super_of) const {
    for (unsigned steps = 0; steps < 64 && type < super_of.size() && super_of[type] != kNotHere; ++steps) type = super_of[type];
    return type;
  }
  static constexpr std::uint32_t kNotHere = ~std::uint32_t{0};

  void find_watched() {
    std::vector<std::uint32_t> super_of(file_.type_count(), kNotHere);
    for (std::uint32_t c = 0; c < file_.class_count(); ++c) {
      const dex::ClassDef def = file_.class_def(c);
      if (def.type < super_of.size() && def.superclass != dex::kNoIndex) super_of[def.type] = def.superclass;
    }
    own_.assign(file_.type_count(), false);
    for (std::uint32_t c = 0; c < file_.class_count(); ++c)
      if (const std::uint32_t t = file_.class_def(c).type; t < own_.size()) own_[t] = true;
    std::vector<const std::vector<Watch>*> by_type(file_.type_count());
    for (std::uint32_t t = 0; t < file_.type_count(); ++t) {
      const auto found = watches().find(inner(file_.type(platform_type(t, super_of))));
      if (found != watches().end()) by_type[t] = &found->second;
    }
    watch_of_.resize(file_.method_count());
    for (std::uint32_t m = 0; m < file_.method_count(); ++m) {
      const dex::Method method = file_.method(m);
      if (method.owner >= by_type.size() || !by_type[method.owner]) continue;
      const std::string_view name = file_.string(method.name);
      // A constructor of a subclass is not the constructor of the platform's class.
      if (own_[method.owner] && name == "<init>") continue;
      for (const Watch& w : *by_type[method.owner])
        if (w.pattern->prefix ? name.starts_with(w.pattern->name) : name == w.pattern->name) watch_of_[m].push_back(&w);
    }
  }

  void summary(const flow::DexScan& scan) {
    if (const auto broken = dex::first_broken_rule(file_))
      sink_.problem({*broken, ProblemSeverity::error, {}, "a phone refuses to load such a file; what stands in it is listed all the same"});
    Row row(kDex);
    row.set("n", n_).set("version", file_.is_compact() ? std::string("cdex001") : (file_.version() < 100 ? "0" : "") + std::to_string(file_.version()));
    row.set("classes", std::int64_t{file_.class_count()}).set("methods", std::int64_t{file_.method_count()}).set("strings", std::int64_t{file_.string_count()});
    row.set("code_units", static_cast<std::int64_t>(scan.code_units)).set("checksum_ok", file_.checksum_ok()).set("signature_ok", file_.signature_ok()).set("unresolved_quick", static_cast<std::int64_t>(scan.quickened));
    put(kDex, row, {item_.blob, file_.header_at(), std::min<std::uint64_t>(0x70, item_.source->size() - file_.header_at())});
    if (scan.unread_methods)
      sink_.problem({fail(Code::bad_value, scan.first_unread_at, "the code of some methods cannot be read").error(), ProblemSeverity::data_loss, std::to_string(scan.unread_methods) + " methods", {}});
  }

  void references(const flow::DexScan& scan) {
    for (std::uint32_t m = 0; m < file_.method_count(); ++m) {
      const dex::Method method = file_.method(m);
      if (scan.calls_to[m] == 0 || (method.owner < own_.size() && own_[method.owner])) continue;
      const std::string_view owner = inner(file_.type(method.owner));
      if (!is_platform(owner)) continue;
      const std::string descriptor = flow::descriptor_of(file_, method.proto);
      if (!room(owner.size() + file_.string(method.name).size() + descriptor.size(), file_.method_at(m))) return;
      Row row(kMethodReference);
      row.set("class", dotted(file_.type(method.owner))).set("name", file_.string(method.name)).set("descriptor", descriptor).set("calls", std::int64_t{scan.calls_to[m]});
      put(kMethodReference, row, {item_.blob, file_.method_at(m), 8});
    }
  }
  // Whether a row with so much text may still be written; said once when not.
  bool room(std::uint64_t bytes, std::uint64_t at) {
    if (bytes <= text_left_) {
      text_left_ -= bytes;
      return true;
    }
    if (!told_) sink_.problem({fail(Code::over_budget, at, "the names in a file of code are so long that its calls are not all listed").error(), ProblemSeverity::data_loss, {}, {}});
    told_ = true;
    return false;
  }
  // Namespaces of the platform and of makers' additions to it; everything else is a library that the app brings along
  // or another file of it.
  static bool is_platform(std::string_view owner) {
    for (const std::string_view start : {"android/", "java/", "javax/", "dalvik/", "com/android/internal/", "org/apache/http/", "libcore/", "sun/", "miui/", "com/oneplus/", "com/color/", "oplus/", "com/oplus/", "com/mediatek/",
                                         "com/qualcomm/", "com/samsung/android/", "com/huawei/android/", "huawei/", "vivo/", "android_maps_conflict_avoidance/"})
      if (owner.starts_with(start)) return true;
    return false;
  }

  void sites(const flow::DexMethod& where) {
    const auto code = file_.code(where.method.code_at);
    if (!code) return;
    flow::each_call(file_, *code, [&](const dex::Instruction& i, const std::vector<flow::Constant>& arguments) {
      const std::uint32_t callee = i.index();
      if (callee >= watch_of_.size()) return;
      for (const Watch* w : watch_of_[callee]) site(where, *code, i, callee, *w, arguments);
    });
  }

  void site(const flow::DexMethod& where, const dex::CodeItem& code, const dex::Instruction& i, std::uint32_t callee, const Watch& w, const std::vector<flow::Constant>& arguments) {
    std::string argument;
    if (w.pattern->arguments.empty()) {
      // Texts say most; a number alone says little.
      const auto text = std::ranges::find_if(arguments, [](const flow::Constant& c) { return c.known() && c.kind != flow::Constant::Kind::number; });
      if (text != arguments.end()) argument = text->spelled();
    } else {
      const auto fits = std::ranges::find_if(arguments, [&](const flow::Constant& c) { return c.known() && w.pattern->matches_argument(c.spelled()); });
      if (fits == arguments.end()) return;
      argument = fits->spelled();
    }
    if (sites_ >= kMostSites) {
      if (sites_++ == kMostSites) sink_.problem({fail(Code::over_budget, code.units_at, "more calls of interest than a file of code may have").error(), ProblemSeverity::data_loss, {}, {}});
      return;
    }
    ++sites_;
    const dex::Method caller = file_.method(where.method.method);
    const dex::Method called = file_.method(callee);
    const std::string descriptor = flow::descriptor_of(file_, caller.proto);
    const std::string callee_name = dotted(file_.type(called.owner)) + "." + std::string(file_.string(called.name)) + flow::descriptor_of(file_, called.proto);
    if (!room(file_.type(caller.owner).size() + file_.string(caller.name).size() + descriptor.size() + callee_name.size() + argument.size(), code.units_at)) return;
    const FactKind& kind = w.dynamic ? kDynamicCode : kCallSite;
    Row row(kind);
    row.set(w.dynamic ? "kind" : "power", w.of->id).set("class", dotted(file_.type(caller.owner))).set("method", file_.string(caller.name)).set("descriptor", descriptor);
    row.set("at", std::int64_t{i.at()}).set("callee", callee_name);
    if (!argument.empty()) row.set(w.dynamic ? "what" : "argument", argument);
    std::vector<Place> places{{item_.blob, code.units_at + std::uint64_t{2} * i.at(), std::uint64_t{2} * i.length()}};
    if (!w.dynamic && w.of->texts) {
      if (const std::string said = texts_of(code, places); !said.empty()) row.set("texts", said);
    }
    sink_.fact({&kind, item_.blob, row.values(), std::move(places), kName});
  }

  // What the method names besides, with the instructions that do: a log line often says what a call is for.
  std::string texts_of(const dex::CodeItem& code, std::vector<Place>& places) const {
    std::string out;
    std::size_t left = kTextsShown;
    for (const dex::Instruction i : dex::Instructions(code.units)) {
      if (i.opcode() != dex::op::kConstString && i.opcode() != dex::op::kConstStringJumbo) continue;
      const std::string_view text = file_.string(i.index());
      if (text.empty()) continue;
      out += (out.empty() ? "" : "\n") + std::string(text.substr(0, kTextShown));
      places.push_back({item_.blob, code.units_at + std::uint64_t{2} * i.at(), std::uint64_t{2} * i.length()});
      if (--left == 0) break;
    }
    return out;
  }

  void structure(const flow::DexScan& scan) {
    std::int64_t methods = 0;
    for (const flow::ClassBody& c : scan.graph.classes) methods += static_cast<std::int64_t>(c.methods.size());
    const Place whole{item_.blob, file_.header_at(), std::min(file_.size(), item_.source->size() - file_.header_at())};
    sink_.fact({&kGraph, item_.blob, {n_, flow::squeezed(flow::packed(scan.graph))}, {whole}, kName});
    sink_.fact({&kBody, item_.blob, {n_, static_cast<std::int64_t>(scan.graph.classes.size()), methods, flow::squeezed(flow::packed(scan.prints))}, {whole}, kName});
  }

  void put(const FactKind& kind, Row& row, Place place) { sink_.fact({&kind, item_.blob, row.values(), {place}, kName}); }

  const FileItem& item_;
  FactSink& sink_;
  const dex::DexFile& file_;
  std::int64_t n_;
  std::vector<std::vector<const Watch*>> watch_of_;   // by method
  std::vector<bool> own_;                             // by type: defined in this file
  std::size_t sites_ = 0;
  std::uint64_t text_left_ = kMostText;
  bool told_ = false;
};

bool wants(std::string_view kind, std::string_view) { return kind == "dex" || kind == "cdex"; }

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > item.budget.unit_bytes) {
    sink.problem({fail(Code::over_budget, 0, "a file of code of more than the budget for one piece").error(), ProblemSeverity::data_loss, {}, {}});
    return;
  }
  const auto blob = item.source->load();
  if (!blob) return;
  const auto files = dex::DexFile::open_all(blob->bytes());
  if (!files) {
    sink.problem({files.error(), ProblemSeverity::data_loss, {}, {}});
    return;
  }
  for (std::int64_t n = 0; const dex::DexFile& file : *files) CodeFacts(item, sink, file, n++).run();
}

}  // namespace

extern const Extractor extractor_code;
const Extractor extractor_code{.name = kName, .title = "What code refers to, calls and loads", .emits = kEmits, .wants = wants, .run = run, .views = code_views()};

}  // namespace klik
