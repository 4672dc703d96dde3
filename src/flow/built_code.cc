#include "flow/built_code.h"

#include <algorithm>
#include <charconv>

#include "flow/access.h"
#include "flow/digest_mix.h"
#include "flow/platform_names.h"

namespace klik::flow {
namespace {

// Real hierarchies are below thirty; a hostile file may hold rings.
constexpr unsigned kDeepest = 64;
constexpr std::uint32_t kShapeFlags = kAccStatic | kAccAbstract | 0x100;   // native

template <class T>
void sort_unique(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::ranges::unique(items).begin(), items.end());
}

}  // namespace

Id SharedTexts::of(Kind kind, std::string_view text) {
  key_.assign(1, static_cast<char>(kind));
  key_ += text;
  const auto found = ids_.find(key_);
  if (found != ids_.end()) return found->second;
  const Id id = static_cast<Id>(texts_.size());
  ids_.emplace(texts_.emplace_back(key_), id);
  return id;
}

Id BuiltCode::name_of(Added& in, std::uint32_t name) {
  Id& id = in.names[name];
  if (id == kNoId) id = texts_.of(SharedTexts::Kind::name, in.graph->names[name]);
  return id;
}

Id BuiltCode::text_feature(Added& in, std::uint32_t text, bool field) {
  Id& id = (field ? in.fields : in.texts)[text];
  if (id == kNoId) id = texts_.of(field ? SharedTexts::Kind::field : SharedTexts::Kind::text, in.prints->texts[text]);
  return id;
}

void BuiltCode::add(const CodeGraph& graph, const CodePrints& prints) {
  Added& in = added_.emplace_back();
  in.graph = &graph;
  in.prints = &prints;
  in.names.assign(graph.names.size(), kNoId);
  in.texts.assign(prints.texts.size(), kNoId);
  in.fields.assign(prints.texts.size(), kNoId);
  for (std::uint32_t i = 0; i < graph.classes.size(); ++i) {
    const ClassBody& body = graph.classes[i];
    const Id name = name_of(in, graph.types[body.type]);
    if (!class_of_name_.try_emplace(name, static_cast<Id>(classes_.size())).second) continue;
    Class& c = classes_.emplace_back();
    c.name = name;
    c.access = body.access;
    c.file = static_cast<std::uint32_t>(added_.size() - 1);
    c.first_method = static_cast<Id>(methods_.size());
    c.method_count = static_cast<Id>(body.methods.size());
    for (const MethodBody& m : body.methods) {
      Method& out = methods_.emplace_back();
      out.owner = static_cast<Id>(classes_.size() - 1);
      out.name = name_of(in, graph.methods[m.method].name);
      out.proto = name_of(in, graph.methods[m.method].proto);
      out.access = m.access;
      out.file = c.file;
    }
  }
}

Id BuiltCode::find_class(Id name) const {
  const auto at = class_of_name_.find(name);
  return at == class_of_name_.end() ? kNoId : at->second;
}

bool BuiltCode::is_own(std::string_view type) {
  if (!is_platform_type(type)) return true;
  type.remove_prefix(std::min(type.find_first_not_of('['), type.size()));
  return find_class(texts_.of(SharedTexts::Kind::name, type)) != kNoId;   // brought along, though named like the platform
}

std::uint64_t BuiltCode::shape_of_proto(Id proto) {
  const auto [at, fresh] = proto_shapes_.try_emplace(proto, 0);
  if (!fresh) return at->second;
  const std::string_view text = texts_.text(proto);
  std::uint64_t h = 0x70726f74;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    while (i < text.size() && text[i] == '[') ++i;
    const std::size_t dimensions = i - start;
    if (i < text.size() && text[i] == 'L') i = std::min(text.find(';', i), text.size() - 1);
    ++i;
    const std::string_view type = text.substr(start, i - start);
    h = is_own(type) ? mix(mix(h, 0x6f776e), dimensions) : mix(h, text_digest(type));
  }
  return at->second = h;
}

Id BuiltCode::find_method(Id cls, Id name, Id proto) const {
  const std::vector<Id>& own = by_signature_[cls];
  const auto at = std::ranges::lower_bound(own, std::pair(name, proto), {}, [&](Id m) { return std::pair(methods_[m].name, methods_[m].proto); });
  return at != own.end() && methods_[*at].name == name && methods_[*at].proto == proto ? *at : kNoId;
}

void BuiltCode::resolve(Added& in, std::uint32_t index) {
  if (in.asked[index]) return;
  in.asked[index] = true;
  const MethodRef& ref = in.graph->methods[index];
  const Id cls = in.classes[ref.type], name = name_of(in, ref.name), proto = name_of(in, ref.proto);
  in.methods[index].cls = cls;
  // Arrays have the methods of all objects: their own names would be those of what they hold.
  const std::string_view owner = in.graph->names[in.graph->types[ref.type]];
  Id outside = owner.starts_with('[') ? texts_.of(SharedTexts::Kind::name, "Ljava/lang/Object;") : name_of(in, in.graph->types[ref.type]);
  if (cls != kNoId) {
    // Superclasses first, as the phone does; then the interfaces of each.
    std::vector<Id> ways;
    const auto remember = [&](Id c) {
      for (const Id i : classes_[c].interfaces)
        if (ways.size() < kDeepest) ways.push_back(i);
    };
    Id at = cls;
    for (unsigned steps = 0; at != kNoId && steps < kDeepest; ++steps) {
      if (const Id found = find_method(at, name, proto); found != kNoId) {
        in.methods[index].method = found;
        return;
      }
      remember(at);
      outside = super_name_[at];
      at = classes_[at].super;
    }
    for (std::size_t i = 0; i < ways.size(); ++i) {
      if (const Id found = find_method(ways[i], name, proto); found != kNoId) {
        in.methods[index].method = found;
        return;
      }
      remember(ways[i]);
    }
    if (outside == kNoId) return;
  }
  std::string call(texts_.text(outside));
  call += "->";
  call += texts_.text(name);
  call += texts_.text(proto);
  in.features[index] = texts_.of(SharedTexts::Kind::call, call);
}

BuiltCode::Ref BuiltCode::resolved(Added& in, const OwnRef& ref) {
  if (ref.kind == OwnRef::Kind::type) return {in.classes[ref.index], kNoId};
  if (ref.kind == OwnRef::Kind::unlisted) return {kNoId, kNoId};
  resolve(in, ref.index);
  return in.methods[ref.index];
}

void BuiltCode::fill_method(Added& in, const MethodBody& graph, const MethodPrint& print, Method& out) {
  out.shape = mix(shape_of_proto(out.proto), out.access & kShapeFlags);
  out.body = print.body;
  out.units = print.units;
  out.unresolved = print.unresolved;
  for (const Call& call : graph.calls) {
    resolve(in, call.method);
    if (in.methods[call.method].method != kNoId) out.calls.push_back(in.methods[call.method].method);
    if (in.features[call.method] == kNoId) continue;
    out.features.push_back(in.features[call.method]);
    if (call.kind != CallKind::open) out.exact_calls.push_back(in.features[call.method]);
  }
  for (const std::uint32_t t : print.texts) out.features.push_back(text_feature(in, t, false));
  for (const std::uint32_t f : print.fields) out.features.push_back(text_feature(in, f, true));
  for (const std::uint64_t n : print.numbers) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(n)).ptr;
    out.features.push_back(texts_.of(SharedTexts::Kind::number, std::string_view(digits, end)));
  }
  out.refs.reserve(print.refs.size());
  for (const OwnRef& r : print.refs) out.refs.push_back(resolved(in, r));
  sort_unique(out.calls);
  sort_unique(out.exact_calls);
  sort_unique(out.features);
}

void BuiltCode::fill_class(Added& in, std::uint32_t index) {
  const ClassBody& body = in.graph->classes[index];
  const Id id = in.classes[body.type];
  if (id == kNoId || &added_[classes_[id].file] != &in || classes_[id].method_count != body.methods.size()) return;
  const ClassPrint& print = in.prints->classes[index];
  Class& c = classes_[id];
  for (const OwnRef& t : print.field_types)
    if (t.kind == OwnRef::Kind::type && in.classes[t.index] != kNoId) c.field_types.push_back(in.classes[t.index]);
  for (const std::uint32_t t : print.texts) c.texts.push_back(text_feature(in, t, false));
  sort_unique(c.texts);
  c.outside = mix(c.outside, print.fields);
  for (std::size_t i = 0; i < body.methods.size(); ++i) {
    Method& m = methods_[c.first_method + i];
    if (m.shape == 0) fill_method(in, body.methods[i], print.methods[i], m);
    c.units += m.units;
  }
}

void BuiltCode::shape_class(Id id) {
  Class& c = classes_[id];
  std::vector<std::uint64_t> all;
  for (Id m = c.first_method; m < c.first_method + c.method_count; ++m) all.push_back(mix(methods_[m].shape, methods_[m].body));
  std::ranges::sort(all);
  c.shape = mix(c.outside, c.access & (kAccInterface | kAccAbstract | 0x4000));   // an enum
  for (const std::uint64_t h : all) c.shape = mix(c.shape, h);
  for (const Id t : c.texts) c.shape = mix(c.shape, text_digest(texts_.text(t)));
}

void BuiltCode::link() {
  by_signature_.resize(classes_.size());
  super_name_.assign(classes_.size(), kNoId);
  for (Id c = 0; c < classes_.size(); ++c) {
    std::vector<Id>& own = by_signature_[c];
    for (Id m = 0; m < classes_[c].method_count; ++m) own.push_back(classes_[c].first_method + m);
    std::ranges::stable_sort(own, {}, [&](Id m) { return std::pair(methods_[m].name, methods_[m].proto); });
  }
  for (Added& in : added_) {
    in.classes.reserve(in.graph->types.size());
    for (const std::uint32_t name : in.graph->types) in.classes.push_back(find_class(name_of(in, name)));
    in.methods.assign(in.graph->methods.size(), Ref{kNoId, kNoId});
    in.features.assign(in.graph->methods.size(), kNoId);
    in.asked.assign(in.graph->methods.size(), false);
    for (const ClassBody& body : in.graph->classes) {
      const Id id = in.classes[body.type];
      Class& c = classes_[id];
      if (&added_[c.file] != &in || c.outside != 0) continue;
      c.outside = 0x6f7574;
      if (body.super != CodeGraph::kNone) {
        c.super = in.classes[body.super];
        if (c.super == kNoId) super_name_[id] = name_of(in, in.graph->types[body.super]);
        const std::string_view name = in.graph->names[in.graph->types[body.super]];
        c.outside = mix(c.outside, is_own(name) ? 0x6f776e : text_digest(name));
      }
      std::vector<std::uint64_t> interfaces;
      for (const std::uint32_t i : body.interfaces) {
        if (in.classes[i] != kNoId) c.interfaces.push_back(in.classes[i]);
        const std::string_view name = in.graph->names[in.graph->types[i]];
        interfaces.push_back(is_own(name) ? 0x6f776e : text_digest(name));
      }
      std::ranges::sort(interfaces);
      for (const std::uint64_t i : interfaces) c.outside = mix(c.outside, i);
    }
  }
  for (Added& in : added_)
    for (std::uint32_t i = 0; i < in.graph->classes.size(); ++i) fill_class(in, i);
  for (Id c = 0; c < classes_.size(); ++c) shape_class(c);
  added_.clear();
}

}  // namespace klik::flow
