#include "flow/program.h"

#include <algorithm>
#include <array>

#include "flow/access.h"

namespace klik::flow {
namespace {

constexpr std::string_view kObject = "Ljava/lang/Object;";
// What anybody may call on any object; enough where the platform's code is not there.
constexpr std::array<std::string_view, 5> kOfEveryObject = {"equals", "hashCode", "toString", "finalize", "clone"};

}  // namespace

TypeId Program::type_of(std::string_view name) {
  const auto [at, fresh] = type_ids_.try_emplace(name, static_cast<TypeId>(types_.size()));
  if (fresh) types_.emplace_back().name = name;
  return at->second;
}

SignatureId Program::signature_of(std::string_view name, std::string_view proto) {
  const auto [at, fresh] = signature_ids_.try_emplace({name, proto}, static_cast<SignatureId>(signatures_.size()));
  if (fresh) signatures_.push_back({name, proto});
  return at->second;
}

void Program::add(const CodeGraph& graph) {
  std::vector<TypeId> types;
  types.reserve(graph.types.size());
  for (const std::uint32_t name : graph.types) types.push_back(type_of(graph.names[name]));
  std::vector<SignatureId> signatures;
  signatures.reserve(graph.methods.size());
  for (const MethodRef& m : graph.methods) signatures.push_back(signature_of(graph.names[m.name], graph.names[m.proto]));

  for (const ClassBody& body : graph.classes) {
    const TypeId id = types[body.type];
    if (types_[id].defined) continue;
    Type& type = types_[id];
    type.defined = true;
    type.access = body.access;
    type.super = body.super == CodeGraph::kNone ? kNothing : types[body.super];
    for (const std::uint32_t i : body.interfaces) type.interfaces.push_back(types[i]);
    for (const MethodBody& m : body.methods) {
      type.methods.push_back(static_cast<MethodId>(methods_.size()));
      ProgramMethod& method = methods_.emplace_back(ProgramMethod{id, signatures[m.method], m.access, {}, {}, {}});
      method.calls.reserve(m.calls.size());
      for (const Call& c : m.calls) method.calls.push_back({types[graph.methods[c.method].type], signatures[c.method], c.kind});
      for (const std::uint32_t t : m.makes) method.makes.push_back(types[t]);
      for (const std::uint32_t t : m.touches) method.touches.push_back(types[t]);
    }
    std::ranges::stable_sort(type.methods, {}, [&](MethodId m) { return methods_[m].signature; });
  }
}

void Program::find_ancestors(TypeId start) {
  std::vector<TypeId>& out = types_[start].ancestors;
  if (!out.empty()) return;
  std::vector<TypeId> todo{start};
  std::vector<TypeId> seen;
  while (!todo.empty() && seen.size() < kMostAncestors) {
    const TypeId id = todo.back();
    todo.pop_back();
    if (std::ranges::find(seen, id) != seen.end()) continue;
    seen.push_back(id);
    if (types_[id].defined) {
      if (types_[id].super != kNothing) todo.push_back(types_[id].super);
      for (const TypeId i : types_[id].interfaces) todo.push_back(i);
    } else if (const Platform::Class* c = platform_.find(types_[id].name)) {
      types_[id].platform = c;
      // The platform's names outlive the program; interning may move types_, so no reference is kept across it.
      if (!c->super.empty()) todo.push_back(type_of(c->super));
      for (const std::string& i : c->interfaces) todo.push_back(type_of(i));
    }
  }
  std::ranges::sort(seen);
  types_[start].ancestors = std::move(seen);
}

void Program::link() {
  for (TypeId id = 0; id < types_.size(); ++id)
    if (types_[id].defined) find_ancestors(id);
}

TypeId Program::find_type(std::string_view descriptor) const {
  const auto at = type_ids_.find(descriptor);
  return at == type_ids_.end() ? kNothing : at->second;
}

MethodId Program::find_method(TypeId type, SignatureId signature) const {
  const std::vector<MethodId>& own = types_[type].methods;
  const auto at = std::ranges::lower_bound(own, signature, {}, [&](MethodId m) { return methods_[m].signature; });
  return at != own.end() && methods_[*at].signature == signature ? *at : kNothing;
}

MethodId Program::find_method(std::string_view descriptor, std::string_view name, std::string_view proto) const {
  const TypeId type = find_type(descriptor);
  const auto signature = signature_ids_.find({name, proto});
  return type == kNothing || signature == signature_ids_.end() ? kNothing : find_method(type, signature->second);
}

MethodId Program::resolve(TypeId type, SignatureId signature) const {
  // Superclasses first, as the phone does.
  std::size_t steps = 0;
  for (TypeId t = type; t != kNothing && types_[t].defined && steps++ < kDeepestHierarchy; t = types_[t].super)
    if (const MethodId m = find_method(t, signature); m != kNothing) return m;
  // Then default methods of interfaces.
  for (const TypeId t : types_[type].ancestors)
    if (types_[t].defined && (types_[t].access & kAccInterface))
      if (const MethodId m = find_method(t, signature); m != kNothing && (methods_[m].access & kAccAbstract) == 0) return m;
  return kNothing;
}

bool Program::may_be_called_back(TypeId type, MethodId method) const {
  const ProgramMethod& m = methods_[method];
  const Signature& s = signatures_[m.signature];
  if (!is_overridable(m.access, s.name)) return false;
  if (std::ranges::find(kOfEveryObject, s.name) != kOfEveryObject.end()) return true;
  for (const TypeId a : types_[type].ancestors) {
    if (types_[a].defined || types_[a].name == kObject) continue;
    if (!types_[a].platform || Platform::declares(*types_[a].platform, s.name, s.proto)) return true;
  }
  return false;
}

}  // namespace klik::flow
