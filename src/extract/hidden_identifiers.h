// What of a capture is kept as text does not hold what the owner named: that it was there is a leak's fact, with a digest.
#pragma once

#include <string>
#include <string_view>

#include "extract/known_by_digest.h"
#include "facts/fact.h"
#include "traffic/leaks.h"

namespace klik {

inline constexpr std::string_view kHiddenIdentifier = "[owner's identifier]";

// A column in which texts were replaced, and what they held. Coordinates are not in it: they count by two halves.
struct HiddenText {
  std::size_t column;
  std::vector<traffic::Leak> held;
};

// The path of a leak, in which names of fields stand, without those that name the owner: "request.body/json.*.id".
std::string hidden_in_path(std::string_view path, traffic::LeakSearch& owner);

// Replaces texts that hold one. Of a host only the labels that do: to whom it went is still told, and joins with owners go by what is left.
// `known`: what is known of longer texts, which header compression repeats at no cost; null: each is looked into.
std::vector<HiddenText> hide_identifiers(Fact& fact, traffic::LeakSearch& owner, KnownByDigest<bool>* known = nullptr);

// Texts of a message are kept as far as people write them: the same long one may come with each of a million messages. More than is kept is
// left for hide_identifiers() to see, so that none stands there in part; then the rest is cut off.
void cut_message(Fact& fact, std::size_t more = 0);
inline constexpr std::size_t kMostText = 4'096;

// Of a host, or several with line ends between: whether one of them does, its labels as they stand or joined.
bool host_holds(std::string_view hosts, traffic::LeakSearch& owner);
// Such a host without what its labels hold.
std::string hidden_in_host(std::string_view host, traffic::LeakSearch& owner);

}  // namespace klik
