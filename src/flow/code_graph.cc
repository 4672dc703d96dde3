#include "flow/code_graph.h"

#include "flow/packing.h"

namespace klik::flow {
namespace {

constexpr std::uint8_t kVersion = 1;

Result<void> read_method(PackReader& in, const CodeGraph& graph, MethodBody& m) {
  KLIK_TRY(m.method, in.index(graph.methods.size()));
  KLIK_TRY(m.access, in.number());
  KLIK_TRY(const std::uint32_t calls, in.count());
  m.calls.reserve(calls);
  std::uint64_t last = 0;
  for (std::uint32_t i = 0; i < calls; ++i) {
    KLIK_TRY(const std::uint32_t word, in.number());
    last += word >> 2;
    if (last >= graph.methods.size() || (word & 3) > 2) return fail(Code::bad_value, 0, "a call of a code graph leads nowhere");
    m.calls.push_back({static_cast<std::uint32_t>(last), static_cast<CallKind>(word & 3)});
  }
  KLIK_CHECK(in.ascending(m.makes, graph.types.size()));
  return in.ascending(m.touches, graph.types.size());
}

}  // namespace

std::string packed(const CodeGraph& graph) {
  PackWriter out;
  out.number(kVersion);
  out.number(graph.names.size());
  for (const std::string_view name : graph.names) out.text(name);
  out.number(graph.types.size());
  for (const std::uint32_t name : graph.types) out.number(name);
  out.number(graph.methods.size());
  for (const MethodRef& m : graph.methods) {
    out.number(m.type);
    out.number(m.name);
    out.number(m.proto);
  }
  out.number(graph.classes.size());
  for (const ClassBody& c : graph.classes) {
    out.number(c.type);
    out.number(c.access);
    out.number(c.super == CodeGraph::kNone ? 0 : std::uint64_t{c.super} + 1);
    out.number(c.interfaces.size());
    for (const std::uint32_t i : c.interfaces) out.number(i);
    out.number(c.methods.size());
    for (const MethodBody& m : c.methods) {
      out.number(m.method);
      out.number(m.access);
      out.number(m.calls.size());
      std::uint32_t last = 0;
      for (const Call& call : m.calls) {
        out.number((std::uint64_t{call.method - last} << 2) | std::to_underlying(call.kind));
        last = call.method;
      }
      out.ascending(m.makes);
      out.ascending(m.touches);
    }
  }
  return out.take();
}

Result<CodeGraph> unpacked(Bytes bytes) {
  PackReader in(bytes);
  CodeGraph graph;
  KLIK_TRY(const std::uint32_t version, in.number());
  if (version != kVersion) return fail(Code::unsupported, 0, "a code graph of another version");
  KLIK_TRY(const std::uint32_t names, in.count());
  graph.names.reserve(names);
  for (std::uint32_t i = 0; i < names; ++i) {
    KLIK_TRY(const std::string_view name, in.text());
    graph.names.push_back(name);
  }
  KLIK_TRY(const std::uint32_t types, in.count());
  graph.types.reserve(types);
  for (std::uint32_t i = 0; i < types; ++i) {
    KLIK_TRY(const std::uint32_t name, in.index(names));
    graph.types.push_back(name);
  }
  KLIK_TRY(const std::uint32_t methods, in.count());
  graph.methods.reserve(methods);
  for (std::uint32_t i = 0; i < methods; ++i) {
    MethodRef m{};
    KLIK_TRY(m.type, in.index(types));
    KLIK_TRY(m.name, in.index(names));
    KLIK_TRY(m.proto, in.index(names));
    graph.methods.push_back(m);
  }
  KLIK_TRY(const std::uint32_t classes, in.count());
  graph.classes.reserve(classes);
  for (std::uint32_t i = 0; i < classes; ++i) {
    ClassBody& c = graph.classes.emplace_back();
    KLIK_TRY(c.type, in.index(types));
    KLIK_TRY(c.access, in.number());
    KLIK_TRY(const std::uint32_t super, in.index(std::size_t{types} + 1));
    c.super = super == 0 ? CodeGraph::kNone : super - 1;
    KLIK_TRY(const std::uint32_t interfaces, in.count());
    for (std::uint32_t k = 0; k < interfaces; ++k) {
      KLIK_TRY(const std::uint32_t type, in.index(types));
      c.interfaces.push_back(type);
    }
    KLIK_TRY(const std::uint32_t bodies, in.count());
    c.methods.resize(bodies);
    for (MethodBody& m : c.methods) KLIK_CHECK(read_method(in, graph, m));
  }
  return graph;
}

}  // namespace klik::flow
