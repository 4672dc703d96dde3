#include "flow/code_graph.h"

#include <algorithm>

namespace klik::flow {
namespace {

constexpr std::uint8_t kVersion = 1;

class Writer {
 public:
  void number(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) out_.push_back(static_cast<char>(n | 0x80));
    out_.push_back(static_cast<char>(n));
  }
  void text(std::string_view s) {
    number(s.size());
    out_ += s;
  }
  // Sorted numbers as distances, which are small.
  void ascending(const std::vector<std::uint32_t>& sorted) {
    number(sorted.size());
    std::uint32_t last = 0;
    for (const std::uint32_t n : sorted) {
      number(n - last);
      last = n;
    }
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  Result<std::uint32_t> number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
      KLIK_TRY(const std::uint8_t byte, bytes_.get<std::uint8_t>(at_));
      ++at_;
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) {
        if (value > ~std::uint32_t{0}) break;
        return static_cast<std::uint32_t>(value);
      }
    }
    return fail(Code::bad_value, at_, "a number of a code graph does not fit");
  }
  // How many items follow, each of at least one byte: a false count cannot make us reserve more than there is.
  Result<std::uint32_t> count() {
    KLIK_TRY(const std::uint32_t n, number());
    if (n > bytes_.size() - at_) return fail(Code::truncated, at_, "a list of a code graph is longer than the rest");
    return n;
  }
  Result<std::uint32_t> index(std::size_t size) {
    KLIK_TRY(const std::uint32_t n, number());
    if (n >= size) return fail(Code::bad_value, at_, "an index of a code graph is past its table");
    return n;
  }
  Result<std::string_view> text() {
    KLIK_TRY(const std::uint32_t size, count());
    KLIK_TRY(const Bytes part, bytes_.slice(at_, size));
    at_ += size;
    return part.text();
  }
  Result<void> ascending(std::vector<std::uint32_t>& out, std::size_t size) {
    KLIK_TRY(const std::uint32_t n, count());
    out.reserve(n);
    std::uint64_t last = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
      KLIK_TRY(const std::uint32_t step, number());
      last += step;
      if (last >= size) return fail(Code::bad_value, at_, "an index of a code graph is past its table");
      out.push_back(static_cast<std::uint32_t>(last));
    }
    return {};
  }

 private:
  Bytes bytes_;
  std::uint64_t at_ = 0;
};

Result<void> read_method(Reader& in, const CodeGraph& graph, MethodBody& m) {
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
  Writer out;
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
  Reader in(bytes);
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
