// Identifiers of nobody, how programs write them, and what only looks like them. Invalid by design: test ranges of type codes and of mobile
// networks (001-01), telephone numbers kept for fiction (555-01xx), example.com, locally administered addresses, a place in the open
// ocean.
#pragma once

#include <random>
#include <set>
#include <string>
#include <vector>

namespace made {

struct Owned {
  std::string kind, value;     // a line of the owner's file
};

std::vector<Owned> identifiers(std::size_t count, std::mt19937_64& random);

// What some programs join to a value before they hash it; a line "salt" of the owner's file.
inline constexpr const char* kSalt = "made-salt-7";

// One of the ways in which programs write it, plain ones most often.
std::string written(const Owned& owned, std::mt19937_64& random);
// The name a program may give such a field.
std::string field_name(const Owned& owned, std::mt19937_64& random);

struct NearMiss {
  std::string text;
  std::string why;
};
class NearMisses {
 public:
  explicit NearMisses(const std::vector<Owned>& owned);
  NearMiss make(const Owned& of, std::mt19937_64& random) const;

 private:
  std::string neighbour(const Owned& of, std::string& why, std::mt19937_64& random) const;
  const std::vector<Owned>& owned_;
  std::set<std::string> values_;
};

}  // namespace made
