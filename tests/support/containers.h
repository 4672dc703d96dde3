// Opening containers in tests: one child as a line, and the promises that hold for every format.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "containers/container.h"

namespace klik::test {

struct Opened {
  Result<Contents> contents;
  std::vector<Note> notes;
};

inline const Container& container(std::string_view name) {
  for (const Container* c : containers())
    if (c->name == name) return *c;
  ADD_FAILURE() << "no container " << name;
  std::abort();
}

// One scratch for all tests of a program: sources may outlive the call that made them.
inline Scratch& scratch() {
  static Scratch s;
  return s;
}

inline Opened open(std::string_view format, const SourceRef& source, std::string_view name = "",
                   std::function<SourceRef(std::string_view)> sibling = {}, const Budget& budget = {}) {
  OpenContext context{.budget = budget, .scratch = scratch(), .name = name, .sibling = std::move(sibling)};
  auto contents = container(format).open(source, context);
  return {std::move(contents), std::move(context.notes)};
}

inline Opened open(std::string_view format, std::vector<std::uint8_t> bytes, std::string_view name = "") {
  return open(format, memory_source(std::move(bytes)), name);
}

// "name size state transform sha256-prefix" per child, then the notes: what a golden file holds.
inline std::string describe(const Opened& opened) {
  std::string out;
  if (!opened.contents) {
    out = "error at " + std::to_string(opened.contents.error().at) + ": " + std::string(code_name(opened.contents.error().code)) + ": " +
          opened.contents.error().what + "\n";
  } else {
    for (const Child& c : opened.contents->children) {
      out += c.name + " " + std::to_string(c.size) + " " + std::string(state_name(c.state)) + " " + std::string(c.transform);
      if (c.source) {
        const auto bytes = c.source->load();
        if (bytes) out += " " + hex(as_bytes(sha256(bytes->bytes()))).substr(0, 16);
        else out += " unreadable at " + std::to_string(bytes.error().at) + ": " + bytes.error().what;
      }
      out += "\n";
    }
  }
  for (const Note& n : opened.notes)
    out += std::string(severity_name(n.severity)) + " at " + std::to_string(n.error.at) + ": " + n.error.what + "\n";
  return out;
}

// What must hold for any input: extents lie inside the container, sources are as long as they say.
inline void check_promises(const Opened& opened, std::uint64_t size) {
  if (!opened.contents) return;
  for (const Child& c : opened.contents->children) {
    if (c.source) { EXPECT_EQ(c.source->size(), c.size) << c.name; }
    for (const Extent& e : c.extents) EXPECT_TRUE(e.at <= size && e.length <= size - e.at) << c.name;
    if (c.source && c.size <= (1u << 24)) (void)c.source->load();
  }
}

// Every prefix of a good file: no crash, and the promises hold. `step` thins out large files; the first
// and last kilobyte are always cut at every byte.
inline void every_prefix(std::string_view format, const std::vector<std::uint8_t>& bytes, std::size_t step = 1, std::string_view name = "") {
  for (std::size_t n = 0; n < bytes.size(); n += (n < 1024 || n + 1024 > bytes.size()) ? 1 : std::min(step, bytes.size() - n)) {
    // exact size, so that a sanitizer sees one byte over
    const Opened opened = open(format, std::vector<std::uint8_t>(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)), name);
    check_promises(opened, n);
  }
}

}  // namespace klik::test
