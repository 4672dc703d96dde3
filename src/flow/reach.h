// Which methods can run once something outside starts an app's entries: class hierarchy, narrowed to classes that reached
// code instantiates. What the platform may call back on such an object counts as reached; reflection is not followed.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_set>
#include <vector>

#include "flow/program.h"

namespace klik::flow {

class Reach {
 public:
  // Work is counted in calls looked at; past `steps` the result is incomplete and exhausted() says so.
  Reach(const Program& program, std::uint64_t steps);

  // An object of this type is made by the platform: its constructor and everything the platform may call on it can run.
  // Entries entered before a run() come before those entered after it: a method keeps the first entry that reached it.
  void enter(TypeId type, std::uint32_t entry);
  void run();

  bool exhausted() const { return exhausted_; }
  bool reached(MethodId m) const { return entry_[m] != kNothing; }
  std::uint32_t entry_of(MethodId m) const { return entry_[m]; }   // as given to enter(); kNothing when not reached
  // Methods on a shortest way from the entry to it, both included; 0 when not reached.
  std::uint32_t length_to(MethodId m) const { return length_[m]; }
  // From the entry's own method to `m`, by a shortest way. Empty when not reached.
  std::vector<MethodId> path_to(MethodId m) const;

 private:
  struct Cause {
    std::uint32_t entry;
    MethodId from;     // kNothing: the platform
  };
  void reach(MethodId m, const Cause& cause);
  void make(TypeId type, const Cause& cause);
  void initialise(TypeId type, const Cause& cause);
  void open_call(TypeId type, SignatureId signature, const Cause& cause);
  bool spend();

  const Program& program_;
  std::uint64_t steps_;
  bool exhausted_ = false;
  std::deque<MethodId> queue_;
  std::vector<std::uint32_t> entry_;              // by method
  std::vector<MethodId> from_;
  std::vector<std::uint32_t> length_;
  std::vector<bool> made_, initialised_;          // by type
  std::vector<std::vector<TypeId>> made_under_;   // by type: instantiated classes below it
  std::vector<std::vector<std::pair<SignatureId, Cause>>> calls_on_;   // by type: what reached code calls on it
  std::unordered_set<std::uint64_t> called_;      // type and signature, so that each is looked at once
};

}  // namespace klik::flow
