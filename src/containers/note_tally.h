// Deviations of one kind become one note with a count: an archive of a million odd entries may not make
// a million notes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "containers/container.h"

namespace klik {

// Declared as static constants: a kind is known by its address.
struct NoteKind {
  Severity severity;
  Code code;
  const char* what;
  const char* advice = "";
};

class NoteTally {
 public:
  // `name` is the entry's, raw; the first few go into the note's detail.
  void add(const NoteKind& kind, std::uint64_t at, std::string_view name);
  // One note per kind, in order of first occurrence; the tally is empty afterwards.
  void flush(std::vector<Note>& notes);

 private:
  struct Counted {
    const NoteKind* kind;
    std::uint64_t at;
    std::uint64_t count;
    std::string names;
  };
  std::vector<Counted> counted_;
};

// Names that mean trouble when used as a path: "..", a leading '/', '\', NUL, nothing at all. klikspaan
// never uses them as one; a program that extracts the archive might.
void tally_odd_name(NoteTally& tally, std::string_view name, std::uint64_t at);

}  // namespace klik
