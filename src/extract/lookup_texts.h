// The texts of a lookup in which an identifier may stand. A name that is asked for is a message to whoever answers for it, and what is
// announced or answered may hold as much.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "traffic/events.h"

namespace klik {

struct LookupText {
  std::string_view place;   // a literal: lookup.name of a question, lookup.answer (name and values), lookup.labels
  std::string text;
};

// lookup.labels: what a label holds by itself, and runs of labels without the dots: data of more than 63 bytes go on in the next label
// (RFC 1035 §2.3.4). The last label, which is nobody's to choose, is left out.
std::vector<LookupText> lookup_texts(const traffic::Lookup& lookup);

// Those texts of labels.
std::vector<std::string> label_texts(std::string_view name);

}  // namespace klik
