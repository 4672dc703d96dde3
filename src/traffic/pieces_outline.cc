// What lies in bytes that no format explains: JSON in a line of a log or in a call, base64 and hex behind a word, compressed bytes behind a length.
#include <algorithm>
#include <array>

#include "traffic/compressed.h"
#include "traffic/outline.h"
#include "traffic/packed_marks.h"
#include "traffic/structure.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kMostCandidates = 1'024, kMostFailed = 64;
constexpr std::uint64_t kRoomFloor = 64 << 10, kRoomGrowth = 200;   // of what trials decode, as of one step of decompression

constexpr auto kInBase64 = [] {
  std::array<bool, 256> is{};
  for (int c = 'a'; c <= 'z'; ++c) is[static_cast<std::size_t>(c)] = is[static_cast<std::size_t>(c - 32)] = true;
  for (int c = '0'; c <= '9'; ++c) is[static_cast<std::size_t>(c)] = true;
  for (const char c : {'+', '/', '-', '_'}) is[static_cast<std::size_t>(c)] = true;
  return is;
}();
bool in_base64(char c) { return kInBase64[static_cast<std::uint8_t>(c)]; }
bool is_separator(char c) { return c == '/' || c == '-' || c == '_' || c == '+'; }

enum class Kind : std::uint8_t { packed, json, base64, hex };
struct Candidate {
  std::uint64_t at, end;   // end: of the run of letters; else 0
  Kind kind;
};

class Finder {
 public:
  explicit Finder(Bytes bytes) : bytes_(bytes), text_(bytes.text()) {}

  std::vector<Candidate> candidates() {
    runs();
    for (const char open : {'{', '['})
      for (auto at = text_.find(open); at != text_.npos && more(); at = text_.find(open, at + 1))
        if (begins_json(text_.substr(at, 64))) add({at, 0, Kind::json});
    if (may_be_packed(bytes_)) {
      constexpr std::string_view kMarks[] = {"\x1f\x8b\x08", "\x28\xb5\x2f\xfd", "\x04\x22\x4d\x18", "PK\3\4", "bplist0", std::string_view("\x78\x01", 2), "\x78\x5e", "\x78\x9c", "\x78\xda"};
      for (const std::string_view mark : kMarks)
        for (auto at = text_.find(mark); at != text_.npos && more(); at = text_.find(mark, at + 1))
          if (begins_packed(text_.substr(at, 8))) add({at, 0, Kind::packed});
    }
    std::ranges::stable_sort(found_, {}, &Candidate::at);
    return std::move(found_);
  }

 private:
  bool more() const { return found_.size() < kMostCandidates; }
  void add(Candidate c) {
    if (more()) found_.push_back(c);
  }

  // Runs of the letters of base64: one of kShortestPiece covers one of as many places, so the others need no look.
  void runs() {
    for (std::size_t at = kShortestPiece - 1; at < text_.size() && more(); at += kShortestPiece) {
      if (!in_base64(text_[at])) continue;
      std::size_t start = at, end = at + 1;
      while (start > 0 && in_base64(text_[start - 1])) --start;
      while (end < text_.size() && in_base64(text_[end])) ++end;
      if (end - start >= kShortestPiece) run(start, end);
      at = end - 1;   // no run is walked twice
    }
  }

  // Words and folders may stand before it: they are of the same letters.
  void run(std::size_t start, std::size_t end) {
    for (std::size_t at = start; end - at >= kShortestPiece; ++at) {
      if (at > start && !is_separator(text_[at - 1])) continue;
      const std::string_view rest = text_.substr(at, end - at);
      const bool hex = begins_packed_hex(rest);
      if (!hex && !begins_packed_base64(rest)) continue;
      add({at, hex ? at + static_cast<std::size_t>(std::ranges::find_if(rest, [](char c) { return hex_value(c) < 0; }) - rest.begin()) : end, hex ? Kind::hex : Kind::base64});
      return;
    }
  }

  Bytes bytes_;
  std::string_view text_;
  std::vector<Candidate> found_;
};

// Where base64 ends that goes on over lines, as MIME and property lists write it: a line that is no shorter follows, or the last one.
std::uint64_t end_of_lines(std::string_view text, std::uint64_t at, std::uint64_t end) {
  const std::uint64_t width = end - at;
  while (true) {
    while (end < text.size() && text[end] == '=') ++end;
    if (text[end - 1] == '=') return end;
    const auto next = text.find_first_not_of(" \t\r", end);
    if (next == text.npos || text[next] != '\n') return end;
    const auto line = text.find_first_not_of(" \t", next + 1);
    if (line == text.npos || !in_base64(text[line]) || begins_packed_base64(text.substr(line, width))) return end;
    std::uint64_t stop = line;
    while (stop < text.size() && in_base64(text[stop])) ++stop;
    if (stop - line > width) return end;
    const bool last = stop - line < width;
    end = stop;
    if (!last) continue;
    while (end < text.size() && text[end] == '=') ++end;
    return end;
  }
}

}  // namespace

Result<Outline> read_pieces(Bytes bytes, std::uint32_t shortest, std::size_t most) {
  Outline out;
  out.format = "pieces";
  out.shortest = shortest;
  const std::string_view text = bytes.text();
  if (text.size() < kShortestPiece || is_media(bytes)) return fail(Code::bad_magic, 0, "too short, or a picture");
  std::uint64_t room = std::max(kRoomFloor, bytes.size() * kRoomGrowth), scans = kRoomFloor + 4 * bytes.size(), free = 0;
  std::size_t failed = 0;
  const std::vector<Candidate> candidates = Finder(bytes).candidates();
  out.cut = candidates.size() == kMostCandidates;
  for (const Candidate& c : candidates) {
    if (c.at < free) continue;   // inside the one before
    if (c.kind == Kind::json && scans == 0) {
      out.cut = true;
      continue;
    }
    if (failed >= kMostFailed || out.leaves.size() >= most || room == 0) {
      out.cut = true;
      break;
    }
    std::optional<std::uint64_t> length;
    LeafKind kind = LeafKind::bytes;
    const Bytes rest(bytes.span().subspan(c.at));
    switch (c.kind) {
      case Kind::packed: length = packed_extent(rest, compression_of(rest), room); break;
      case Kind::json: length = json_extent(rest.text(), scans), kind = LeafKind::text; break;
      case Kind::base64: length = end_of_lines(text, c.at, c.end) - c.at, kind = LeafKind::base64_text; break;
      case Kind::hex: length = c.end - c.at, kind = LeafKind::hex_text; break;
    }
    if (!length) ++failed;
    if (!length || *length < 16) continue;
    // All of it is no piece: whoever asks has looked at that, and found no JSON.
    const bool whole = c.at == 0 && text.find_first_not_of("= \t\r\n", *length) == text.npos;
    if (!whole || c.kind != Kind::json) free = c.at + *length;
    if (whole) continue;
    if (!out.add({c.at, *length, 0, {0, 0, static_cast<std::uint32_t>(out.leaves.size())}, kind})) break;
  }
  if (out.leaves.empty()) return fail(out.cut ? Code::over_budget : Code::bad_magic, 0, "no pieces");
  return out;
}

}  // namespace klik::traffic
