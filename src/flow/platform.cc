#include "flow/platform.h"

#include <algorithm>

#include "flow/access.h"

namespace klik::flow {

std::uint64_t signature_digest(std::string_view name, std::string_view proto) {
  std::uint64_t h = 0xcbf29ce484222325u;
  const auto mix = [&](std::string_view s) {
    for (const char c : s) h = (h ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
  };
  mix(name);
  mix(proto);
  return h;
}

void Platform::add(const CodeGraph& graph) {
  const auto name_of = [&](std::uint32_t type) { return std::string(graph.names[graph.types[type]]); };
  for (const ClassBody& body : graph.classes) {
    const auto [at, fresh] = classes_.try_emplace(name_of(body.type));
    if (!fresh) continue;
    Class& c = at->second;
    if (body.super != CodeGraph::kNone) c.super = name_of(body.super);
    for (const std::uint32_t i : body.interfaces) c.interfaces.push_back(name_of(i));
    for (const MethodBody& m : body.methods) {
      const MethodRef& ref = graph.methods[m.method];
      if (is_overridable(m.access, graph.names[ref.name])) c.methods.push_back(signature_digest(graph.names[ref.name], graph.names[ref.proto]));
    }
    std::ranges::sort(c.methods);
  }
}

const Platform::Class* Platform::find(std::string_view descriptor) const {
  const auto at = classes_.find(descriptor);
  return at == classes_.end() ? nullptr : &at->second;
}

void Platform::add_known(std::string descriptor, std::string super, std::vector<std::string> interfaces, std::vector<std::string> names) {
  std::ranges::sort(names);
  classes_.try_emplace(std::move(descriptor), Class{std::move(super), std::move(interfaces), {}, std::move(names)});
}

bool Platform::declares(const Class& of, std::string_view name, std::string_view proto) {
  return std::ranges::binary_search(of.methods, signature_digest(name, proto)) || std::ranges::binary_search(of.names, name);
}

}  // namespace klik::flow
