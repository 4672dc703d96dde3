#include "engine/remembered.h"

#include <algorithm>

#include "extract/columns.h"
#include "extract/extractor.h"

namespace klik {
namespace {

using cache::RecordReader;
using cache::RecordWriter;

constexpr std::uint64_t kCodes =
#define KLIK_CODE(name, state, text) +1
#include "base/codes.def"
#undef KLIK_CODE
    ;
constexpr std::uint64_t kStates = std::to_underlying(State::over_budget) + 1, kTypes = std::to_underlying(ChildType::special) + 1;
constexpr std::uint64_t kSeverities = std::to_underlying(ProblemSeverity::data_loss) + 1;

void put(RecordWriter& w, const std::vector<Problem>& problems) {
  w.number(problems.size());
  for (const Problem& p : problems) {
    w.number(std::to_underlying(p.error.code));
    w.number(p.error.at);
    w.name(p.error.what);
    w.number(std::to_underlying(p.severity));
    w.text(p.detail);
    w.text(p.advice);
  }
}

Result<std::vector<Problem>> problems_of(RecordReader& r, KeptTexts& texts) {
  KLIK_TRY(const std::uint64_t count, r.count(6));
  std::vector<Problem> out;
  out.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    KLIK_TRY(const std::uint64_t code, r.below(kCodes));
    KLIK_TRY(const std::uint64_t at, r.number());
    KLIK_TRY(const std::string_view what, r.name());
    KLIK_TRY(const std::uint64_t severity, r.below(kSeverities));
    KLIK_TRY(const std::string_view detail, r.text());
    KLIK_TRY(const std::string_view advice, r.text());
    out.push_back({fail(static_cast<Code>(code), at, texts.keep(what).data()).error(), static_cast<ProblemSeverity>(severity), std::string(detail), std::string(advice)});
  }
  return out;
}

void put(RecordWriter& w, const FileAttributes& a) {
  w.number(a.mode);
  w.number(a.uid);
  w.number(a.gid);
  w.name(a.selinux);
  w.bytes(Bytes(a.capability));
  w.text(a.link_target);
}

Result<std::uint32_t> short_number(RecordReader& r) {
  KLIK_TRY(const std::uint64_t n, r.below(std::uint64_t{1} << 32));
  return static_cast<std::uint32_t>(n);
}

Result<FileAttributes> attributes_of(RecordReader& r) {
  FileAttributes a;
  KLIK_TRY(a.mode, short_number(r));
  KLIK_TRY(a.uid, short_number(r));
  KLIK_TRY(a.gid, short_number(r));
  KLIK_TRY(const std::string_view selinux, r.name());
  KLIK_TRY(const std::string_view capability, r.text());
  KLIK_TRY(const std::string_view target, r.text());
  a.selinux = selinux;
  const Bytes raw = Bytes::of(capability);
  a.capability.assign(raw.begin(), raw.end());
  a.link_target = target;
  return a;
}

Result<BlobId> blob_of(RecordReader& r) {
  Sha256Digest digest{};
  KLIK_TRY(const Bytes raw, r.digest(digest.size()));
  copy_bytes(digest, 0, raw);
  return BlobId(digest);
}

void put(RecordWriter& w, const Edge& e, bool has_content) {
  w.text(e.name);
  w.number(std::to_underlying(e.type));
  w.number(std::to_underlying(e.state));
  w.name(e.kind);
  w.number(e.size);
  w.name(e.transform);
  w.flag(e.blob.has_value());
  if (e.blob) w.digest(as_bytes(e.blob->sha256()));
  w.number(e.extents.size());
  for (const Extent& x : e.extents) {
    w.number(x.at);
    w.number(x.length);
  }
  w.flag(e.attributes.has_value());
  if (e.attributes) put(w, *e.attributes);
  put(w, e.problems);
  w.flag(has_content);
}

Result<bool> edge_of(RecordReader& r, KeptTexts& texts, Edge& e) {
  KLIK_TRY(const std::string_view name, r.text());
  e.name = name;
  KLIK_TRY(const std::uint64_t type, r.below(kTypes));
  e.type = static_cast<ChildType>(type);
  KLIK_TRY(const std::uint64_t state, r.below(kStates));
  e.state = static_cast<State>(state);
  KLIK_TRY(const std::string_view kind, r.name());
  e.kind = texts.keep(kind);
  KLIK_TRY(e.size, r.number());
  KLIK_TRY(const std::string_view transform, r.name());
  e.transform = texts.keep(transform);
  KLIK_TRY(const bool has_blob, r.flag());
  if (has_blob) {
    KLIK_TRY(e.blob, blob_of(r));
  }
  KLIK_TRY(const std::uint64_t extents, r.count(2));
  e.extents.reserve(extents);
  for (std::uint64_t i = 0; i < extents; ++i) {
    KLIK_TRY(const std::uint64_t at, r.number());
    KLIK_TRY(const std::uint64_t length, r.number());
    e.extents.push_back({at, length});
  }
  KLIK_TRY(const bool has_attributes, r.flag());
  if (has_attributes) {
    KLIK_TRY(e.attributes, attributes_of(r));
  }
  KLIK_TRY(e.problems, problems_of(r, texts));
  KLIK_TRY(const bool has_content, r.flag());
  if (has_content && !e.blob) return fail(Code::bad_value, 0, "content without a digest");
  return has_content;
}

const Extractor* find_extractor(std::string_view name) {
  const auto all = extractors();
  const auto at = std::ranges::find(all, name, [](const Extractor* e) { return e->name; });
  return at == all.end() ? nullptr : *at;
}

Result<Value> value_of(RecordReader& r, const Column& column) {
  KLIK_TRY(const std::uint64_t form, r.below(3));
  const bool number = column.type == ColumnType::integer || column.type == ColumnType::boolean;
  if (form == 0 ? !column.nullable : (form == 1) != number) return fail(Code::bad_value, 0, "a value that its column does not take");
  if (form == 1) {
    KLIK_TRY(const std::int64_t n, r.signed_number());
    return Value(n);
  }
  if (form == 2) {
    KLIK_TRY(const std::string_view text, r.text());
    return Value(std::string(text));
  }
  return Value();
}

// Nearly all origins lie in the blob that the fact is about.
Result<Place> place_of(RecordReader& r, const BlobId& about) {
  KLIK_TRY(const bool elsewhere, r.flag());
  BlobId blob = about;
  if (elsewhere) {
    KLIK_TRY(blob, blob_of(r));
  }
  KLIK_TRY(const std::uint64_t at, r.number());
  KLIK_TRY(const std::uint64_t length, r.number());
  return Place{blob, at, length};
}

}  // namespace

std::string_view KeptTexts::keep(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto at = texts_.find(text);
  return at != texts_.end() ? *at : *texts_.emplace(text).first;
}

bool repeatable(const std::vector<Problem>& problems) {
  return std::ranges::none_of(problems, [](const Problem& p) { return p.error.code == Code::io || p.error.code == Code::internal || p.error.code == Code::over_budget; });
}

std::optional<std::string> packed_facts(const std::vector<Fact>& facts, const BlobId& about) {
  RecordWriter w;
  w.number(facts.size());
  const FactKind* kind = nullptr;
  const Extractor* extractor = nullptr;
  for (const Fact& f : facts) {
    if (f.kind != kind) kind = find_kind(f.kind->name);
    if (!extractor || f.extractor != extractor->name) extractor = find_extractor(f.extractor);
    if (f.kind != kind || !extractor || f.values.size() != kind->columns.size()) return std::nullopt;
    w.name(f.kind->name);
    w.name(f.extractor);
    w.flag(f.about != about);
    if (f.about != about) w.digest(as_bytes(f.about.sha256()));
    w.number(f.values.size());
    for (const Value& v : f.values) {
      w.number(v.index());
      if (const auto* number = std::get_if<std::int64_t>(&v)) w.signed_number(*number);
      if (const auto* text = std::get_if<std::string>(&v)) w.text(*text);
    }
    w.number(f.origins.size());
    for (const Place& p : f.origins) {
      w.flag(p.blob != about);
      if (p.blob != about) w.digest(as_bytes(p.blob.sha256()));
      w.number(p.at);
      w.number(p.length);
    }
    w.number(f.because.size());
    for (const FactId& id : f.because) w.digest(Bytes(id));
  }
  return w.take();
}

std::string packed(const Node& node, const Role& role, std::string_view facts) {
  RecordWriter w;
  w.name(node.kind);
  w.number(std::to_underlying(node.state));
  w.flag(role.container);
  w.flag(role.alone);
  w.number(role.absent.size());
  for (const std::string& name : role.absent) w.text(name);
  put(w, node.problems);
  w.number(node.edges.size());
  for (const Edge& e : node.edges) put(w, e, e.node != nullptr);
  RecordWriter both;
  both.text(w.take());
  return both.take() + std::string(facts);
}

Result<Remembered> unpacked_node(Bytes record, KeptTexts& texts) {
  RecordReader both(record);
  KLIK_TRY(const std::string_view first, both.text());
  RecordReader r(Bytes::of(first));
  Remembered out;
  KLIK_TRY(const std::string_view kind, r.name());
  out.node.kind = texts.keep(kind);
  KLIK_TRY(const std::uint64_t state, r.below(kStates));
  out.node.state = static_cast<State>(state);
  KLIK_TRY(out.role.container, r.flag());
  KLIK_TRY(out.role.alone, r.flag());
  KLIK_TRY(const std::uint64_t absent, r.count());
  for (std::uint64_t i = 0; i < absent; ++i) {
    KLIK_TRY(const std::string_view name, r.text());
    out.role.absent.emplace_back(name);
  }
  KLIK_TRY(out.node.problems, problems_of(r, texts));
  KLIK_TRY(const std::uint64_t edges, r.count(11));
  out.node.edges.resize(edges);
  out.has_content.resize(edges);
  for (std::uint64_t i = 0; i < edges; ++i) {
    KLIK_TRY(const bool has_content, edge_of(r, texts, out.node.edges[i]));
    out.has_content[i] = has_content;
  }
  KLIK_CHECK(r.finished());
  return out;
}

Result<std::vector<Fact>> unpacked_facts(Bytes record, const BlobId& about) {
  RecordReader r(record);
  KLIK_TRY([[maybe_unused]] const std::string_view first, r.text());
  // Names of facts are given in their own part, counted anew.
  KLIK_TRY(const Bytes second, record.from(record.size() - r.left()));
  r = RecordReader(second);
  KLIK_TRY(const std::uint64_t count, r.count(6));
  std::vector<Fact> out;
  out.reserve(count);
  const FactKind* kind = nullptr;
  const Extractor* extractor = nullptr;
  for (std::uint64_t i = 0; i < count; ++i) {
    KLIK_TRY(const std::string_view kind_name, r.name());
    if (!kind || kind->name != kind_name) kind = find_kind(kind_name);
    KLIK_TRY(const std::string_view extractor_name, r.name());
    if (!extractor || extractor->name != extractor_name) extractor = find_extractor(extractor_name);
    if (!kind || !extractor) return fail(Code::unsupported, 0, "facts that this program does not know");
    Fact f{kind, about, {}, {}, extractor->name};
    KLIK_TRY(const bool elsewhere, r.flag());
    if (elsewhere) {
      KLIK_TRY(f.about, blob_of(r));
    }
    KLIK_TRY(const std::uint64_t values, r.number());
    if (values != kind->columns.size()) return fail(Code::bad_value, 0, "not as many values as the kind has columns");
    f.values.reserve(values);
    for (const Column& column : kind->columns) {
      KLIK_TRY(Value v, value_of(r, column));
      f.values.push_back(std::move(v));
    }
    KLIK_TRY(const std::uint64_t origins, r.count(3));
    f.origins.reserve(origins);
    for (std::uint64_t n = 0; n < origins; ++n) {
      KLIK_TRY(const Place place, place_of(r, about));
      f.origins.push_back(place);
    }
    KLIK_TRY(const std::uint64_t because, r.count(std::tuple_size_v<FactId>));
    for (std::uint64_t n = 0; n < because; ++n) {
      KLIK_TRY(const Bytes raw, r.digest(std::tuple_size_v<FactId>));
      copy_bytes(f.because.emplace_back(), 0, raw);
    }
    out.push_back(std::move(f));
  }
  KLIK_CHECK(r.finished());
  return out;
}

}  // namespace klik
