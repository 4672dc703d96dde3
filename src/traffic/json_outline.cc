// JSON as a list of places. Source: RFC 8259; RFC 7464; NDJSON: several texts one after another.
#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kDeepest = 512;
constexpr PartName kWhole{0, 0, UINT32_MAX};

constexpr std::uint8_t kRecordSeparator = 0x1e;   // around the values of a sequence (RFC 7464)

// Behind a mark of order, and what is put before JSON so that no script can include it.
std::uint64_t json_start(Bytes bytes) { return bytes.starts_with("\xef\xbb\xbf") ? 3 : bytes.starts_with(")]}'") ? 4 : 0; }

class JsonReader {
 public:
  JsonReader(Bytes bytes, std::uint32_t shortest) : bytes_(bytes) {
    out_.format = "json";
    out_.shortest = shortest;
  }

  Result<Outline> read() {
    at_ = json_start(bytes_);
    std::uint32_t documents = 0;
    for (skip_space(); at_ < bytes_.size(); skip_space()) {
      if (documents > 0 && bytes_[at_] == ',') ++at_, skip_space();
      const std::uint64_t before = at_;
      const auto one = document(documents == 0 ? kWhole : PartName{0, 0, documents});
      if (!one) {
        // What a limit or a gap cut off is worth its first part.
        if (one.error().code != Code::truncated || out_.leaves.empty()) return fail(one.error());
        out_.broken = true;
        break;
      }
      if (at_ == before) return fail(Code::bad_value, at_, "no value");
      ++documents;
    }
    if (documents == 0 && !out_.broken) return fail(Code::bad_magic, 0, "no JSON value");
    if (documents > 1) {
      out_.format = "ndjson";
      // The first one's parts get their number, now that there are more.
      if (out_.containers.size() > 1 && first_ != 0) out_.containers[first_].name = {0, 0, 0};
    }
    if (!structured_) return fail(Code::bad_magic, 0, "no object or array");
    return std::move(out_);
  }

 private:
  struct Frame {
    std::uint32_t container;
    bool object;
    std::uint32_t count;
  };

  void skip_space() {
    while (at_ < bytes_.size() && (bytes_[at_] == ' ' || bytes_[at_] == '\n' || bytes_[at_] == '\r' || bytes_[at_] == '\t' || bytes_[at_] == kRecordSeparator)) ++at_;
  }
  std::unexpected<Error> ends() const { return fail(Code::truncated, at_, "the text ends within a value"); }

  // The range between the quotes. Steps behind the closing one.
  Result<Leaf> string() {
    const std::uint64_t start = ++at_;
    bool escaped = false;
    while (true) {
      if (at_ >= bytes_.size()) return ends();
      const std::uint8_t c = bytes_[at_];
      if (c == '"') break;
      if (c < 0x20 && c != '\t' && c != '\n') return fail(Code::bad_value, at_, "a control character within a string");
      if (c == '\\') escaped = true, ++at_;
      ++at_;
    }
    const std::uint64_t length = at_++ - start;
    return Leaf{start, length, 0, {}, escaped ? LeafKind::json_text : LeafKind::text};
  }

  // A number, true, false or null.
  Result<Leaf> word() {
    const std::uint64_t start = at_;
    while (at_ < bytes_.size() && std::string_view("+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").find(static_cast<char>(bytes_[at_])) != std::string_view::npos) ++at_;
    const auto text = bytes_.slice(start, at_ - start);
    if (!text || text->empty()) return fail(Code::bad_value, start, "not a value");
    const char first = text->text().front();
    const bool number = first == '-' || (first >= '0' && first <= '9');
    if (!number && text->text() != "true" && text->text() != "false" && text->text() != "null") {
      if (at_ >= bytes_.size() && !stack_.empty()) return ends();
      return fail(Code::bad_value, start, "not a value");
    }
    return Leaf{start, text->size(), 0, {}, LeafKind::text};
  }

  Result<void> document(PartName name) {
    stack_.clear();
    KLIK_CHECK(value(0, name));
    while (!stack_.empty()) {   // each turn consumes a byte or ends a frame
      skip_space();
      if (at_ >= bytes_.size()) return ends();
      Frame& top = stack_.back();
      const char close = top.object ? '}' : ']';
      if (bytes_[at_] == static_cast<std::uint8_t>(close)) {
        ++at_;
        stack_.pop_back();
        continue;
      }
      if (top.count > 0) {
        if (bytes_[at_] != ',') return fail(Code::bad_value, at_, "values without a comma");
        ++at_;
        skip_space();
        if (at_ >= bytes_.size()) return ends();
        if (bytes_[at_] == static_cast<std::uint8_t>(close)) continue;   // a comma too many, as some writers leave it
      }
      PartName part{0, 0, top.count++};
      const std::uint32_t container = top.container;
      if (top.object) {
        if (bytes_[at_] != '"') return fail(Code::bad_value, at_, "a name without quotes");
        KLIK_TRY(const Leaf key, string());
        part = {key.at, static_cast<std::uint32_t>(std::min<std::uint64_t>(key.length, 256)), part.number};
        skip_space();
        if (at_ >= bytes_.size()) return ends();
        if (bytes_[at_] != ':') return fail(Code::bad_value, at_, "a name without a colon");
        ++at_;
        skip_space();
      }
      KLIK_CHECK(value(container, part));
    }
    return {};
  }

  Result<void> value(std::uint32_t container, PartName name) {
    if (at_ >= bytes_.size()) return ends();
    const std::uint8_t c = bytes_[at_];
    if (c == '{' || c == '[') {
      if (stack_.size() >= kDeepest) return fail(Code::over_budget, at_, "nested too deeply");
      structured_ = true;
      ++at_;
      const std::uint32_t opened = out_.open(container, name);
      if (first_ == 0) first_ = opened;
      stack_.push_back({opened, c == '{', 0});
      return {};
    }
    KLIK_TRY(Leaf leaf, c == '"' ? string() : word());
    leaf.container = container;
    leaf.name = name;
    if (leaf.length > 0) out_.add(leaf);
    return {};
  }

  Bytes bytes_;
  std::uint64_t at_ = 0;
  bool structured_ = false;
  std::uint32_t first_ = 0;    // container of the first document
  std::vector<Frame> stack_;
  Outline out_;
};

}  // namespace

Result<Outline> read_json(Bytes bytes, std::uint32_t shortest) {
  // Cheap no to what is not.
  std::uint64_t at = json_start(bytes);
  while (at < bytes.size() && bytes[at] <= ' ') ++at;
  if (at >= bytes.size() || (bytes[at] != '{' && bytes[at] != '[')) return fail(Code::bad_magic, at, "no object or array");
  return JsonReader(bytes, shortest).read();
}

}  // namespace klik::traffic
