#include "traffic/unwrap.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "base/ascii.h"
#include "formats/zip_records.h"
#include "traffic/compressed.h"
#include "traffic/number_texts.h"
#include "traffic/packed_marks.h"
#include "traffic/structure.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kShortestEncoded = 16;      // of hex and base64: what is shorter is a word by chance
constexpr std::uint32_t kMostTrials = 64;         // of codings that do not say what they are

class Unwrapper {
 public:
  Unwrapper(std::string_view type, const UnwrapLimits& limits, const std::function<void(const Node&)>& visit) : type_(type), limits_(limits), visit_(visit) {}

  Unwrapped run(Bytes bytes, std::string path) {
    const bool coded = path.contains('/');   // HTTP's own coding is undone
    queue_.push_back({bytes, std::move(path), 0, std::string(type_), coded});
    for (std::size_t i = 0; i < queue_.size(); ++i) {   // grows by at most limits.nodes
      Work work = std::move(queue_[i]);
      second_ = work.second;
      process(work);
    }
    result_.nodes = static_cast<std::uint32_t>(queue_.size());
    return result_;
  }

 private:
  struct Work {
    Bytes bytes;
    std::string path;
    std::uint32_t depth;
    std::string type;
    bool coded;              // came out of base64, hex or a transport of bytes, so may be compressed without saying so
    bool second = false;     // Node::second_reading
  };
  bool over(const char* limit) {
    if (!result_.over) result_.over = limit;
    return false;
  }
  bool may_open(std::uint32_t depth) {
    if (depth > limits_.depth) return over("depth");
    if (queue_.size() >= limits_.nodes) return over("nodes");
    return true;
  }
  // A window of bytes that live as long as this.
  bool offer(Bytes bytes, std::string path, std::uint32_t depth, std::string type = {}, bool coded = false) {
    if (!may_open(depth)) return false;
    queue_.push_back({bytes, std::move(path), depth, std::move(type), coded, second_});
    return true;
  }
  template <class Container>
  bool offer_new(const Container& bytes, std::string path, std::uint32_t depth, bool coded = false, std::string type = {}) {
    if (!may_open(depth)) return false;
    if (bytes.size() > limits_.value || bytes.size() > limits_.bytes - result_.bytes) return over("bytes");
    result_.bytes += bytes.size();
    held_.emplace_back(bytes.begin(), bytes.end());
    return offer(Bytes::of(held_.back()), std::move(path), depth, std::move(type), coded);
  }

  bool decompress(Bytes bytes, std::string_view name, const std::string& path, std::uint32_t depth) {
    if (!may_open(depth)) return false;
    const std::uint64_t room = std::min(limits_.value, limits_.bytes - result_.bytes);
    const auto out = decompressed(bytes, name, room);
    if (!out) return false;
    if (out->cut) over("bytes");
    return offer_new(out->bytes, path + "/" + std::string(name), depth, true);
  }

  // What nothing else explains, with the codings that have no mark: believed when text, a structure or something marked comes out.
  void try_unmarked(const Work& work) {
    if (work.bytes.size() < kShortestEncoded) return;
    for (const std::string_view name : {std::string_view("br"), std::string_view("deflate")}) {
      if (trials_++ >= kMostTrials || work.depth + 1 > limits_.depth) return;
      const auto out = decompressed(work.bytes, name, std::min(limits_.value, limits_.bytes - result_.bytes));
      if (!out || !out->whole || out->bytes.size() < kShortestEncoded) continue;
      if (!looks_text(Bytes(out->bytes)) && compression_of(Bytes(out->bytes)).empty() && !structure_of(Bytes(out->bytes), {}, limits_.shortest)) continue;
      offer_new(out->bytes, work.path + "/" + std::string(name), work.depth + 1, true);
      return;
    }
  }

  bool jwt(std::string_view text, const std::string& path, std::uint32_t depth) {
    const auto first = text.find('.'), second = first == text.npos ? first : text.find('.', first + 1);
    if (second == text.npos || !text.starts_with("ey")) return false;   // base64 of {"
    const auto header = decoded_base64(text.substr(0, first)), payload = decoded_base64(text.substr(first + 1, second - first - 1));
    if (!header || !payload || !header->starts_with('{')) return false;
    const bool one = offer_new(*header, path + "/jwt.header", depth), two = offer_new(*payload, path + "/jwt.payload", depth);
    return one && two;
  }

  // Escapes of the format that a value stands in.
  static std::optional<std::string> unescaped(std::string_view text, LeafKind kind) {
    switch (kind) {
      case LeafKind::json_text: return decoded_json_escapes(text);
      case LeafKind::xml_text: return decoded_xml_references(text);
      case LeafKind::utf16be_text: return decoded_utf16be(text);
      default: return std::nullopt;
    }
  }

  // One value as a whole. `inside`: it is part of a structure, and may have its own.
  Later value(Bytes bytes, LeafKind kind, const std::string& path, std::uint32_t depth, bool inside, bool coded) {
    const std::string_view text = bytes.text();
    if (kind == LeafKind::base64_text) return offer_new(base64_start(text), path + "/base64", depth + 1, true) ? Later::tried : Later::no;
    if (kind == LeafKind::hex_text) return offer_new(decoded_hex(text.substr(0, text.size() / 2 * 2)).value_or(std::string()), path + "/hex", depth + 1, true) ? Later::tried : Later::no;
    if (kind == LeafKind::form_text) return form_value(bytes, path, depth, coded);
    if (const auto plain = unescaped(text, kind)) return offer_new(*plain, path, depth, coded) ? Later::shown : Later::no;
    if (text.size() < 8) return Later::no;
    if (const std::string_view name = compression_of(bytes); !name.empty() && decompress(bytes, name, path, depth + 1)) return Later::undone;
    if (inside && looks_structured(text)) return offer(bytes, path, depth, {}, coded) ? Later::shown : Later::no;
    if (inside && kind == LeafKind::bytes && may_be_packed(bytes)) return offer(bytes, path, depth, {}, true) ? Later::shown : Later::no;
    if (jwt(text, path, depth + 1)) return Later::tried;
    if (inside && has_pieces(bytes)) return offer(bytes, path, depth, {}, coded) ? Later::shown : Later::no;
    return encoded(text, path, depth);
  }

  // Forms write a blank as +, and many programs write a + as it is: both readings are shown, that with the + first.
  Later form_value(Bytes bytes, const std::string& path, std::uint32_t depth, bool coded) {
    const std::string_view text = bytes.text();
    const auto packed = [&](const std::string& plain) { return coded || may_be_packed(Bytes::of(plain)); };
    const auto plain = decoded_percent(text, false);
    if (!(plain ? offer_new(*plain, path, depth, packed(*plain)) : offer(bytes, path, depth, {}, coded))) return Later::no;
    if (text.contains('+')) {
      const bool before = std::exchange(second_, true);
      const std::string blanks = decoded_percent(text, true).value_or(std::string());
      const bool offered = offer_new(blanks, path, depth, packed(blanks));
      second_ = before;
      if (!offered) return Later::no;
    }
    return Later::shown;
  }

  Later encoded(std::string_view text, const std::string& path, std::uint32_t depth) {
    // "Basic dXNlcjpwYXNz", "data:image/png;base64,iVBO": the value behind the word.
    std::string_view inner = text;
    if (const auto mark = text.substr(0, 256).find(";base64,"); mark != text.npos) inner = text.substr(mark + 8);
    else if (const auto space = text.substr(0, 16).find(' '); space != text.npos) inner = text.substr(space + 1);
    if (inner.size() != text.size() && jwt(inner, path, depth + 1)) return Later::tried;
    if (inner.size() >= kShortestEncoded && !looks_binary(Bytes::of(inner))) {
      if (const auto out = decoded_hex(inner)) return offer_new(*out, path + "/hex", depth + 1, true) ? Later::tried : Later::no;
      if (const auto out = decoded_base64(inner)) return offer_new(*out, path + "/base64", depth + 1, true) ? Later::tried : Later::no;
    }
    if (!second_ && inner.contains(' ') && begins_packed_base64(inner)) {
      // Somebody read the + of base64 as a blank, as in a form.
      std::string whole(inner);
      std::ranges::replace(whole, ' ', '+');
      if (const auto out = decoded_base64(whole)) return offer_new(*out, path + "/base64", depth + 1, true) ? Later::tried : Later::no;
    }
    if (text.contains('%'))
      if (const auto out = decoded_percent(text, false)) return offer_new(*out, path + "/percent", depth + 1) ? Later::shown : Later::no;
    if (text.contains('\\') && !looks_binary(Bytes::of(text)) && (text.contains("\\u") || text.contains("\\\"") || text.contains("\\/")))
      if (const auto out = decoded_json_escapes(text)) return offer_new(*out, path + "/escapes", depth + 1) ? Later::shown : Later::no;
    if (text.contains("&#"))
      if (const auto out = decoded_xml_references(text)) return offer_new(*out, path + "/references", depth + 1) ? Later::shown : Later::no;
    return Later::no;
  }

  // Of a first reading: blanks cut in pieces what has + in the other.
  Result<Outline> pieces_of(Bytes bytes, std::size_t most = kMostPieces) const { return second_ ? Result<Outline>(fail(Code::bad_magic, 0, "a second reading")) : read_pieces(bytes, limits_.shortest, most); }
  bool has_pieces(Bytes bytes) const { return pieces_of(bytes, 1).has_value(); }

  // Opens what is of no format as a whole.
  Later without_structure(const Work& work) {
    const std::string_view text = work.bytes.text();
    if (work.depth >= limits_.depth && (looks_structured(text) || looks_marked(text))) over("depth");
    if (const auto plain = decoded_utf16_text(text)) return offer_new(*plain, work.path + "/utf16", work.depth + 1) ? Later::tried : Later::no;
    const std::size_t before = queue_.size();
    const Later opened = value(work.bytes, LeafKind::text, work.path, work.depth, false, work.coded);
    // Escapes may also stand by chance, or within, what brotli wrote.
    const bool explained = opened != Later::no || queue_.size() != before;
    if (work.coded && (explained ? looks_binary(work.bytes) : may_be_packed(work.bytes))) try_unmarked(work);
    return opened == Later::shown ? Later::undone : opened;   // escapes leave what needs none as it is
  }

  void process(const Work& work) {
    Node node{.bytes = work.bytes, .path = work.path, .second_reading = work.second};
    if (const std::string_view name = compression_of(work.bytes); !name.empty()) {
      if (decompress(work.bytes, name, work.path, work.depth + 1)) {
        node.all_later = Later::undone;   // base64 that lies in it piecemeal is whole in what came out
        visit_(node);
        return;
      }
    }
    auto outline = work.depth < limits_.depth ? structure_of(work.bytes, work.type, limits_.shortest) : Result<Outline>(fail(Code::over_budget, 0, "too deep"));
    const bool explained = outline.has_value();
    if (!outline) {
      node.all_later = without_structure(work);
      if ((node.all_later == Later::no || node.all_later == Later::tried) && work.depth < limits_.depth) outline = pieces_of(work.bytes);
      if (!outline && outline.error().code == Code::over_budget && work.depth < limits_.depth) over("values");
      if (!outline) return visit_(node);
    }
    // Before a query stands a path.
    if (outline->format == "query")
      if (const auto path = work.bytes.slice(0, work.bytes.text().find('?')); path && has_pieces(*path)) outline->leaves.insert(outline->leaves.begin(), {0, path->size(), 0, {}, LeafKind::path});
    std::vector<Later> later(outline->leaves.size(), Later::no);
    for (std::uint32_t i = 0; i < outline->leaves.size(); ++i) {
      const Leaf& leaf = outline->leaves[i];
      const auto bytes = work.bytes.slice(leaf.at, leaf.length);
      if (leaf.kind == LeafKind::integer || leaf.kind == LeafKind::real) later[i] = Later::undone;   // number_texts() shows them
      if (!bytes || leaf.kind == LeafKind::integer || leaf.kind == LeafKind::real || !worth_opening(*bytes, leaf.kind)) continue;
      const std::string path = work.path + "/" + outline->path(i, work.bytes);
      if (leaf.kind == LeafKind::path) later[i] = offer(*bytes, work.path, work.depth + 1) ? Later::shown : Later::no;
      else if (outline->format == "multipart") later[i] = part(*bytes, leaf, work, path);
      else if (outline->format == "zip" && leaf.kind == LeafKind::bytes) later[i] = member(*bytes, leaf, work, path);
      else later[i] = value(*bytes, leaf.kind, path, work.depth + 1, true, leaf.kind == LeafKind::bytes);
    }
    if (outline->cut) over("values");

    node.outline = &*outline;
    node.named = work.bytes;
    node.later = &later;
    visit_(node);
    // One more node with the same names.
    if (const NumberTexts numbers = number_texts(*outline, work.bytes); !numbers.text.empty()) visit_({.bytes = Bytes::of(numbers.text), .path = work.path, .outline = &numbers.outline, .named = work.bytes});
    // Chance makes binary formats of what brotli writes, so both readings are kept.
    if (explained && work.coded && looks_binary(work.bytes) && !is_marked(*outline)) try_unmarked(work);
  }

  // Most values are words; a path is made only for those that may hold something.
  bool worth_opening(Bytes bytes, LeafKind kind) const {
    if (kind != LeafKind::text) return true;
    const std::string_view text = bytes.text();
    if (text.size() < 8) return false;
    if (looks_structured(text) || text.contains('%') || text.contains('\\') || text.starts_with("data:") || text.contains("&#")) return true;
    if (text.size() < kShortestEncoded) return false;
    // Base64 and hex have no blanks but behind a word at the start, and few other characters.
    const std::string_view start = text.substr(0, 64);
    const auto space = start.find(' ');
    return std::ranges::all_of(space < 16 ? start.substr(space + 1) : start, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '/' || c == '-' || c == '_' || c == '=' || c == '.' || c == '\r' || c == '\n'; }) || has_pieces(bytes);
  }

  Later part(Bytes bytes, const Leaf& leaf, const Work& work, const std::string& path) {
    const auto type = work.bytes.slice(leaf.type_at, leaf.type_length), transfer = work.bytes.slice(leaf.transfer_at, leaf.transfer_length);
    const std::string coding = transfer ? text::lower(transfer->text()) : std::string();
    if (coding.starts_with("quoted-printable")) return offer_new(decoded_quoted_printable(bytes.text()), path + "/quoted-printable", work.depth + 2, false, std::string(type ? type->text() : "")) ? Later::shown : Later::no;
    if (coding.starts_with("base64"))
      if (const auto out = decoded_base64(bytes.text())) return offer_new(*out, path + "/base64", work.depth + 2, true, std::string(type ? type->text() : "")) ? Later::undone : Later::no;
    return offer(bytes, path, work.depth + 1, std::string(type ? type->text() : ""), true) ? Later::shown : Later::no;
  }

  // Of a zip archive. Its compression is part of the archive, not a layer of its own.
  Later member(Bytes bytes, const Leaf& leaf, const Work& work, const std::string& path) {
    switch (leaf.value) {
      case zip::kStored: return offer(bytes, path, work.depth + 1, {}, true) ? Later::shown : Later::no;
      case zip::kDeflate: return decompress(bytes, "deflate", path, work.depth + 1) ? Later::undone : Later::no;
      case zip::kZstandard: return decompress(bytes, "zstd", path, work.depth + 1) ? Later::undone : Later::no;
      default: break;
    }
    if (!result_.closed)
      result_.closed = leaf.value & kSealed || leaf.value == zip::kAes ? fail(Code::encrypted, 0, "an encrypted member of an archive in a message").error()
                                                                        : fail(Code::unsupported, 0, "a member of an archive in a message, packed in a way that is not read").error();
    return Later::no;
  }

  std::string_view type_;
  const UnwrapLimits& limits_;
  const std::function<void(const Node&)>& visit_;
  std::deque<Work> queue_;
  std::deque<std::string> held_;    // a deque: windows into them stay valid
  Unwrapped result_;
  std::uint32_t trials_ = 0;
  bool second_ = false;             // what is offered now is of a second reading
};

}  // namespace

std::optional<Node::Spot> Node::spot(std::uint64_t from, std::uint64_t size) const {
  Spot spot{std::string(path), 0, bytes.size(), all_later};
  if (!outline) return spot;
  const auto leaf = outline->leaf_at(from, size);
  if (!leaf) {
    if (outline->format != "pieces") spot.path.append("/").append(outline->format);
    return spot;
  }
  spot.later = later ? (*later)[*leaf] : Later::no;
  if (spot.later == Later::shown) return std::nullopt;
  spot.path.append("/").append(outline->path(*leaf, named));
  spot.at = outline->leaves[*leaf].at;
  spot.length = outline->leaves[*leaf].length;
  return spot;
}

Unwrapped unwrap(Bytes bytes, std::string path, std::string_view type, const UnwrapLimits& limits, const std::function<void(const Node&)>& visit) {
  return Unwrapper(type, limits, visit).run(bytes, std::move(path));
}

}  // namespace klik::traffic
