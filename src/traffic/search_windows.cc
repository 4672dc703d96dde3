#include "traffic/search_windows.h"

#include <algorithm>

#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kWindow = 32 << 10;
constexpr std::size_t kTurnOverlap = 256;   // small, as turns may be many
constexpr std::size_t kWord = 256;          // how far a window's edge is moved so as to cut no word

// Where a number or a name surely ends.
bool is_break(std::uint8_t c) { return (c > 0 && c <= ' ') || std::string_view("\"',;&<>(){}[]|").find(static_cast<char>(c)) != std::string_view::npos; }

// The last place at or before `at` that follows on a break; `at` when there is none near, and never `least` or less.
std::size_t edge(const std::vector<std::uint8_t>& bytes, std::size_t at, std::size_t least) {
  for (std::size_t i = at; i > least && at - i < kWord; --i)
    if (is_break(bytes[i - 1])) return i;
  return at;
}

}  // namespace

SearchWindows::SearchWindows(const Context& context, const Content& like) : context_(&context), like_(like), wanted_(context.events.wants_stretches()), share_(context) {}

void SearchWindows::add(Bytes bytes, Origin origin, std::int64_t time_ns) {
  if (!wanted_) return;
  while (!bytes.empty()) {
    if (share_.room() < std::min<std::uint64_t>(bytes.size(), kWindow)) {
      // Too much is open at once: what came is shown as it is.
      end();
      if (share_.room() < kWindow) return tell(bytes, 0, origin, time_ns);
    }
    if (held_.size() == shown_) origin_ = origin, time_ns_ = time_ns;
    const std::uint64_t part = std::min<std::uint64_t>(bytes.size(), kWindow - held_.size());
    held_.insert(held_.end(), bytes.begin(), bytes.begin() + part);
    share_.take(part);
    bytes = Bytes(bytes.span().subspan(part));
    if (held_.size() == kWindow) show(false, kOverlap);
  }
}

void SearchWindows::remember(Bytes bytes) {
  if (!wanted_) return;
  if (bytes.size() > kOverlap) bytes = Bytes(bytes.span().last(kOverlap));
  if (share_.room() < bytes.size()) return end();
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  share_.take(bytes.size());
  if (held_.size() > kOverlap) forget(kOverlap);
  shown_ = held_.size();
}

void SearchWindows::turn() { show(true, kTurnOverlap); }
void SearchWindows::end() { show(true, 0), forget(0); }

// `message_ends`: what follows does not make a longer number of the last one.
void SearchWindows::show(bool message_ends, std::size_t overlap) {
  if (held_.size() <= shown_) return;
  const std::size_t end = message_ends ? held_.size() : edge(held_, held_.size(), shown_);
  tell(Bytes(std::span(held_).first(end)), shown_, origin_, time_ns_);
  const std::size_t start = end <= overlap ? 0 : edge(held_, end - overlap, 0);
  forget(held_.size() - start);
  shown_ = end - start;
}

void SearchWindows::tell(Bytes bytes, std::size_t shown, Origin origin, std::int64_t time_ns) {
  if (bytes.size() < kShortestValue) return;
  like_.bytes = bytes;
  like_.shown = shown;
  like_.origin = origin;
  like_.time_ns = time_ns;
  context_->events.stretch(context_->connection, like_);
}

// All but the last `kept` bytes.
void SearchWindows::forget(std::size_t kept) {
  const std::size_t gone = held_.size() - kept;
  if (kept < kWindow / 8) held_ = std::vector<std::uint8_t>(held_.end() - static_cast<std::ptrdiff_t>(kept), held_.end());
  else held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(gone));
  share_.give_back(gone);
  if (kept == 0) shown_ = 0;
}

void show_unread(const Context& context, const Piece& piece) { show_part(context, piece, kStreamPlace); }

void show_part(const Context& context, const Piece& piece, std::string_view place) {
  if (piece.bytes.empty() || !context.events.wants_stretches()) return;
  context.events.stretch(context.connection, {.message = 0, .place = place, .name = {}, .type = {}, .way = piece.way, .bytes = piece.bytes, .coding = {}, .origin = piece.origin, .time_ns = piece.time_ns});
}

void UnreadBytes::add(const Piece& piece) {
  if (piece.bytes.empty() || !context_->events.wants_stretches()) return;
  if (auto& theirs = ways_[std::to_underlying(other(piece.way))]) theirs->turn();
  auto& mine = ways_[std::to_underlying(piece.way)];
  if (!mine) mine = std::make_unique<SearchWindows>(*context_, Content{.message = 0, .place = place_, .name = {}, .type = {}, .way = piece.way, .bytes = {}, .coding = {}});
  mine->add(piece.bytes, piece.origin, piece.time_ns);
}

void UnreadBytes::hide(const Piece& piece) {
  if (piece.bytes.empty()) return;
  context_->connection.hides(Dark::damaged, piece.way, piece.bytes.size());
  add(piece);
}

}  // namespace klik::traffic
