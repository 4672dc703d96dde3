// Finds the owner's identifiers in what was decoded of a connection.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "traffic/connection.h"
#include "traffic/events.h"
#include "traffic/hex_run_search.h"
#include "traffic/identifier_forms.h"
#include "traffic/number_run_search.h"
#include "traffic/pattern_search.h"
#include "traffic/unwrap.h"

namespace klik::traffic {

struct Leak {
  std::uint32_t identifier;      // in the list given
  IdentifierKind kind;
  std::string form;              // "plain", "md5.hex.upper.16": how it was written
  std::string_view place;        // of the content: "request.body", …
  std::string path;              // of decodings, from the place on: "request.body/gzip/json.data[0]/base64"
  bool weak = false;             // so few bits, or so short, that it may be chance
  std::uint64_t times = 1;       // of many alike in elements of lists, which are told as one with [*] for their numbers

  auto key() const { return std::tie(identifier, kind, form, place, path, weak); }
  friend bool operator==(const Leak& a, const Leak& b) { return a.key() == b.key(); }
  friend auto operator<=>(const Leak& a, const Leak& b) { return a.key() <=> b.key(); }
};

struct LeakHit;

class LeakSearch {
 public:
  // Takes time and memory with the number of identifiers: about 0.1 s for 500.
  // Salts multiply the digests that are looked for.
  static LeakSearch of(std::span<const Identifier> identifiers, std::span<const Salt> salts = {}, const UnwrapLimits& limits = {});

  struct Found {
    std::vector<Leak> leaks;     // in a fixed order, each once in its message
    bool held = false;           // there were finds, of which some may be told already, or wait for another half
    const char* over = nullptr;  // a budget that ended the search early: what else is in there was not seen
    std::optional<Error> closed;    // what was recognised and could not be opened
  };
  // A place counts when both its axes stand in one message, so does an operator by country and network; the leak is then told with the
  // content that brings the second.
  Found search(const Connection& on, const Content& content);
  // Whether a text that is about to be kept holds one of them in any form.
  bool holds(std::string_view text);
  // What it holds, strong ones only, each once. `place` of them is "".
  std::vector<Leak> in_text(std::string_view text);
  // Whether a name (of a field) is one of them or part of one: what a text is not told for may still point to a person.
  bool names(std::string_view name) const;
  // Which bytes belong to one, weak ones too; all of them when one stands in something that is encoded.
  struct Place {
    std::uint64_t from, to;
  };
  std::vector<Place> places(Bytes bytes);
  // Connections are numbered anew from here on.
  void begin_capture() { seen_.clear(); }
  std::size_t forms() const { return forms_.size(); }

 private:
  LeakSearch(std::vector<Identifier> identifiers, std::vector<Form> forms, std::vector<std::uint32_t> searched, PatternSearch patterns, HexRunSearch digests, NumberRunSearch numbers, const UnwrapLimits& limits);
  // Of all forms, by their numbers.
  PatternSearch::Found matches(Bytes bytes) const;
  std::vector<LeakHit> look(const Node& node, const char*& over) const;
  bool accepted(const Form& form, const Node& node, const Node::Spot& spot, LeakHit& hit) const;

  // Of the message of a connection that is being told.
  struct Seen {
    std::uint64_t message = 0;
    std::set<Leak> told;
    std::map<std::uint32_t, std::uint8_t> axes;   // by identifier: bit 0 latitude or country, bit 1 longitude or network
    std::vector<Leak> waiting;                     // with one axis only so far
  };

  std::vector<Identifier> identifiers_;
  std::vector<Form> forms_;
  std::vector<std::uint32_t> searched_;            // the form of each literal of patterns_
  PatternSearch patterns_;
  HexRunSearch digests_;
  NumberRunSearch numbers_;
  UnwrapLimits limits_;
  std::map<std::uint64_t, Seen> seen_;             // by connection; only of messages with a find
};

}  // namespace klik::traffic
