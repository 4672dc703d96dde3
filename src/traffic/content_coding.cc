#include "traffic/content_coding.h"

#include <algorithm>

namespace klik::traffic {
namespace {

struct Step {
  std::vector<std::uint8_t> bytes;
  CodingEnd end = CodingEnd::whole;
};

// Collects output up to a limit.
class Output {
 public:
  Output(Step& step, std::uint64_t limit) : step_(step), limit_(limit) {}
  // False when the limit is passed.
  bool add(const std::uint8_t* data, std::size_t size) {
    const std::size_t room = static_cast<std::size_t>(std::min<std::uint64_t>(limit_ - step_.bytes.size(), size));
    step_.bytes.insert(step_.bytes.end(), data, data + room);
    return room == size;
  }

 private:
  Step& step_;
  std::uint64_t limit_;
};

Step undo(Coding coding, Bytes in, std::uint64_t limit) {
  Step step;
  const auto stream = coding_stream(coding);
  if (!stream) return {.bytes = {}, .end = CodingEnd::broken};
  Output out(step, limit);
  const CodingEnd end = stream->add(in, [&](Bytes part) { return out.add(part.data(), part.size()); });
  step.end = end;
  return step;
}

bool is_gzip(Bytes in) { return in.size() >= 2 && in[0] == 0x1f && in[1] == 0x8b; }
bool is_zlib(Bytes in) { return in.size() >= 2 && (in[0] & 0x0f) == 8 && (in[0] >> 4) <= 7 && (in[0] * 256 + in[1]) % 31 == 0; }
bool is_zstd(Bytes in) { return in.starts_with(std::string_view("\x28\xb5\x2f\xfd", 4)); }

// Nothing that is coded starts with a row of printable characters, except by a chance of less than one in a thousand.
bool is_text(Bytes in) {
  const std::span<const std::uint8_t> start = in.span().first(std::min<std::uint64_t>(in.size(), 32));
  return start.size() >= 8 && std::ranges::all_of(start, [](std::uint8_t b) { return (b >= 0x20 && b < 0x7f) || b == '\t' || b == '\r' || b == '\n'; });
}

Coding named(std::string_view token) {
  std::string lower(token);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (lower.empty() || lower == "identity") return Coding::identity;
  if (lower == "gzip" || lower == "x-gzip") return Coding::gzip;
  if (lower == "deflate") return Coding::deflate;
  if (lower == "br") return Coding::brotli;
  if (lower == "zstd") return Coding::zstd;
  return Coding::other;
}

}  // namespace

Coding recognised(Coding declared, Bytes in) {
  if (is_gzip(in)) return Coding::gzip;
  if (is_zstd(in)) return Coding::zstd;
  if (declared != Coding::brotli && is_zlib(in)) return Coding::zlib;
  if (declared == Coding::gzip || declared == Coding::zstd || is_text(in)) return Coding::identity;
  return declared;
}

std::vector<Coding> codings_of(std::string_view list) {
  std::vector<Coding> found;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view token = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    token.remove_prefix(std::min(token.find_first_not_of(" \t"), token.size()));
    token = token.substr(0, token.find_last_not_of(" \t") + 1);
    const Coding coding = named(token);
    if (coding == Coding::identity) continue;
    if (found.size() == kMostCodings) {
      found.front() = Coding::other;
      break;
    }
    found.push_back(coding);
  }
  return found;
}

std::string_view coding_name(Coding coding) {
  constexpr std::string_view kUndone[] = {"", "gzip", "zlib", "deflate", "br", "zstd", ""};
  return kUndone[static_cast<std::size_t>(coding)];
}

std::string_view coding_end_words(CodingEnd end) {
  constexpr std::string_view kWords[] = {"", "coded body ends early", "coded body is broken", "decoded body cut at a limit", "content coding not read"};
  return kWords[static_cast<std::size_t>(end)];
}

bool is_coded(std::string_view declared) { return !codings_of(declared).empty(); }

Uncoded undo_codings(Bytes body, std::string_view declared, std::uint64_t limit) {
  Uncoded result;
  result.bytes.assign(body.begin(), body.begin() + std::min(body.size(), limit));
  if (body.size() > limit) result.end = CodingEnd::over_limit;
  const std::vector<Coding> codings = codings_of(declared);
  for (auto step = codings.rbegin(); step != codings.rend(); ++step) {
    if (result.bytes.empty()) break;
    if (*step == Coding::other) {
      if (result.end == CodingEnd::whole) result.end = CodingEnd::unknown;
      break;
    }
    const Bytes in(result.bytes);
    const std::uint64_t most = std::min(limit, std::max(kFloorBytes, in.size() > limit / kGrowth ? limit : in.size() * kGrowth));
    const Coding coding = recognised(*step, in);
    // "deflate" means zlib (RFC 9110 §8.4.1.2); so many send it bare that both count as right.
    if (coding != *step && !(*step == Coding::deflate && coding == Coding::zlib)) result.mislabelled = true;
    if (coding == Coding::identity) continue;
    Step undone = undo(coding, in, most);
    const bool marked = coding != Coding::brotli && coding != Coding::deflate;
    // Coded in a way that is not known, or not at all: kept as it is. What has no mark may give some bytes of nonsense first.
    if ((undone.bytes.empty() && undone.end == CodingEnd::early) || (undone.end == CodingEnd::broken && (undone.bytes.empty() || !marked))) {
      result.mislabelled = undone.end == CodingEnd::broken;
      if (result.end == CodingEnd::whole) result.end = undone.end;
      break;
    }
    if (result.end == CodingEnd::whole) result.end = undone.end;
    result.bytes = std::move(undone.bytes);
    if (!result.undone.empty()) result.undone += '/';
    result.undone += coding_name(coding);
  }
  return result;
}

}  // namespace klik::traffic
