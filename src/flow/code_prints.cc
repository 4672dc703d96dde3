#include "flow/code_prints.h"

#include "flow/packing.h"

namespace klik::flow {
namespace {

constexpr std::uint8_t kVersion = 1;

void write_refs(PackWriter& out, const std::vector<OwnRef>& refs) {
  out.number(refs.size());
  for (const OwnRef& r : refs) out.number(r.kind == OwnRef::Kind::unlisted ? 0 : (std::uint64_t{r.index} << 1) + (r.kind == OwnRef::Kind::method ? 1 : 2));
}

Result<void> read_refs(PackReader& in, const CodeGraph& graph, std::vector<OwnRef>& refs) {
  KLIK_TRY(const std::uint32_t count, in.count());
  refs.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    KLIK_TRY(const std::uint64_t word, in.wide());
    if (word == 0) {
      refs.push_back({});
      continue;
    }
    const bool method = word & 1;
    const std::uint64_t index = (word - 1) >> 1;
    if (index >= (method ? graph.methods.size() : graph.types.size())) return fail(Code::bad_value, in.at(), "a print of code names what its graph does not have");
    refs.push_back({method ? OwnRef::Kind::method : OwnRef::Kind::type, static_cast<std::uint32_t>(index)});
  }
  return {};
}

Result<void> read_method(PackReader& in, const CodeGraph& graph, std::size_t texts, MethodPrint& m) {
  KLIK_TRY(m.units, in.number());
  if (m.units == 0) return {};
  KLIK_TRY(m.body, in.digest());
  KLIK_TRY(m.unresolved, in.number());
  KLIK_CHECK(in.ascending(m.texts, texts));
  KLIK_CHECK(in.ascending(m.fields, texts));
  KLIK_TRY(const std::uint32_t numbers, in.count());
  m.numbers.reserve(numbers);
  for (std::uint32_t i = 0; i < numbers; ++i) {
    KLIK_TRY(const std::uint64_t n, in.wide());
    m.numbers.push_back(n);
  }
  return read_refs(in, graph, m.refs);
}

}  // namespace

std::string packed(const CodePrints& prints) {
  PackWriter out;
  out.number(kVersion);
  out.number(prints.texts.size());
  for (const std::string_view text : prints.texts) out.text(text);
  out.number(prints.classes.size());
  for (const ClassPrint& c : prints.classes) {
    out.digest(c.fields);
    write_refs(out, c.field_types);
    out.ascending(c.texts);
    out.number(c.methods.size());
    for (const MethodPrint& m : c.methods) {
      out.number(m.units);
      if (m.units == 0) continue;
      out.digest(m.body);
      out.number(m.unresolved);
      out.ascending(m.texts);
      out.ascending(m.fields);
      out.number(m.numbers.size());
      for (const std::uint64_t n : m.numbers) out.number(n);
      write_refs(out, m.refs);
    }
  }
  return out.take();
}

Result<CodePrints> unpacked_prints(Bytes bytes, const CodeGraph& graph) {
  PackReader in(bytes);
  CodePrints prints;
  KLIK_TRY(const std::uint32_t version, in.number());
  if (version != kVersion) return fail(Code::unsupported, 0, "prints of code of another version");
  KLIK_TRY(const std::uint32_t texts, in.count());
  prints.texts.reserve(texts);
  for (std::uint32_t i = 0; i < texts; ++i) {
    KLIK_TRY(const std::string_view text, in.text());
    prints.texts.push_back(text);
  }
  KLIK_TRY(const std::uint32_t classes, in.count());
  if (classes != graph.classes.size()) return fail(Code::bad_value, in.at(), "prints of code of another file than its graph");
  prints.classes.resize(classes);
  for (std::uint32_t i = 0; i < classes; ++i) {
    ClassPrint& c = prints.classes[i];
    KLIK_TRY(c.fields, in.digest());
    KLIK_CHECK(read_refs(in, graph, c.field_types));
    KLIK_CHECK(in.ascending(c.texts, texts));
    KLIK_TRY(const std::uint32_t methods, in.count());
    if (methods != graph.classes[i].methods.size()) return fail(Code::bad_value, in.at(), "prints of code of another file than its graph");
    c.methods.resize(methods);
    for (MethodPrint& m : c.methods) KLIK_CHECK(read_method(in, graph, texts, m));
  }
  return prints;
}

}  // namespace klik::flow
