// Bytes that cannot be held until they are whole, because they are too many or nobody knows where a message ends: shown to whoever looks for
// identifiers in windows that overlap, so that none is cut in two.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "traffic/body.h"
#include "traffic/pending.h"

namespace klik::traffic {

class SearchWindows {
 public:
  // Longer than any form of an identifier is.
  static constexpr std::size_t kOverlap = 2 << 10;

  // `like`: what every window is: message, place, type, way, coding. Its texts and the context outlive this. Nothing is held or shown when
  // the sink wants no stretches.
  SearchWindows(const Context& context, const Content& like);
  ~SearchWindows() { forget(0); }
  SearchWindows(const SearchWindows&) = delete;
  SearchWindows& operator=(const SearchWindows&) = delete;

  void add(Bytes bytes, Origin origin, std::int64_t time_ns);
  // Bytes that go before what is added and that were searched in another way: kept as far as an identifier may reach into them.
  void remember(Bytes bytes);
  // The other side speaks, so a message has likely ended: what is held is shown now. The next bytes may still go on with it.
  void turn();
  // Nothing goes on with what was added: the stream ends, or bytes of it are missing.
  void end();

 private:
  void show(bool message_ends, std::size_t overlap);
  void tell(Bytes bytes, std::size_t shown, Origin origin, std::int64_t time_ns);
  void forget(std::size_t kept);

  const Context* context_;
  Content like_;
  bool wanted_;
  CollectedBytes share_;
  std::vector<std::uint8_t> held_;
  std::size_t shown_ = 0;        // bytes at the start of held_ that were shown before
  Origin origin_;                // of the first that was not
  std::int64_t time_ns_ = 0;
};

// A datagram that nobody reads, or any other bytes that are whole: place "stream".
void show_unread(const Context& context, const Piece& piece);

// Bytes of a protocol that is read, which nobody takes apart. `place`: a literal.
void show_part(const Context& context, const Piece& piece, std::string_view place);

// Both ways of a connection where nobody reads them: of a protocol that is not known, behind damage, or passed over by who reads the rest.
class UnreadBytes {
 public:
  // `place`: a literal.
  explicit UnreadBytes(const Context& context, std::string_view place = kStreamPlace) : context_(&context), place_(place) {}
  void add(const Piece& piece);
  // Bytes behind damage: the connection hides them, and they are searched as they stand.
  void hide(const Piece& piece);
  void hide(Way way, const Pending& rest) { hide({way, rest.rest(), rest.origin(), rest.time_ns()}); }
  // What follows of this way does not follow on what was added.
  void gap(Way way) {
    if (auto& windows = ways_[std::to_underlying(way)]) windows->end();
  }
  void end() { gap(Way::up), gap(Way::down); }

 private:
  const Context* context_;
  std::string_view place_;
  std::array<std::unique_ptr<SearchWindows>, 2> ways_;   // made with the first bytes: few connections have any
};

}  // namespace klik::traffic
