// Applies the decoders of data/decoders to messages: which service a message belongs to, and which kinds of data stand in it. Values are
// looked at and dropped; what is told is a kind and a place.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/decoders.h"
#include "traffic/events.h"
#include "traffic/unwrap.h"

namespace klik::traffic {

// The decoders that know a message from the side that opened the connection by its host, path, method, type and protocol, in order of
// their id. Answers may bear the same name and are of none.
std::vector<const data::Decoder*> decoders_of(const Message& message);
// Those to whose service a host (any case) belongs and which share it with no other.
std::vector<const data::Decoder*> decoders_of_host(std::string_view host);

class TelemetryDecoder {
 public:
  explicit TelemetryDecoder(const UnwrapLimits& limits = {}) : limits_(limits) { limits_.shortest = 1; }

  struct Found {
    const data::Decoder* decoder;
    const data::DecoderField* field;
  };
  // Whether a signature is the one that the decoder's code would have made.
  struct Proof {
    const data::Decoder* decoder;
    bool holds;
  };
  struct Finds {
    std::vector<Found> found;     // each field once in a message
    std::vector<Proof> proofs;
    const char* over = nullptr;   // the limit that ended some branch: more may be in there
  };

  // Begins a message and forgets the one before. Returns the decoders that know it.
  std::span<const data::Decoder* const> message(const Message& message);
  // What a content of that message shows. REQUIRES: contents are told after their message and before the next.
  Finds content(const Content& content);

 private:
  // Of a decoder: its fields by comparable path.
  using Index = std::unordered_map<std::string, std::vector<const data::DecoderField*>>;
  struct Active {
    const data::Decoder* decoder;
    const Index* index;
    std::vector<const data::DecoderField*> told;
  };
  const Index& index_of(const data::Decoder& decoder);
  void look(Active& active, Bytes bytes, const std::string& root, std::string_view type, Finds& finds);
  void meet(Active& active, std::string_view place, Bytes value, Finds& finds);
  void prove(const data::Decoder& decoder, const Node& node, std::vector<Proof>& proofs) const;

  UnwrapLimits limits_;
  std::vector<const data::Decoder*> decoders_;
  std::vector<Active> active_;
  std::map<const data::Decoder*, Index> indexes_;
};

// Whether a value says something: not empty, and not what stands for nothing ("null", zeros, 02:00:00:00:00:00).
bool says_something(std::string_view value);

}  // namespace klik::traffic
