// What a file system reader has to say about an image, kept short: a hostile image can break one rule a
// million times. Also counts the metadata a reader may look at.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "containers/container.h"

namespace klik {

class FsNotes {
 public:
  static constexpr std::uint32_t kOfEachKind = 8;

  explicit FsNotes(OpenContext& context) : context_(context) {}

  // The first few of each kind (`what`) are recorded, the rest counted.
  void add(Severity severity, const Error& error, std::string detail = {}, std::string advice = {});
  void add(Severity severity, Code code, std::uint64_t at, const char* what, std::string detail = {}, std::string advice = {});
  // Says how many were left out. Call once, at the end.
  void finish();

 private:
  struct Kind {
    std::uint32_t count = 0;
    Severity severity = Severity::info;   // the worst of those left out
    Error first{};
  };
  OpenContext& context_;
  std::map<std::string_view, Kind> kinds_;   // keys are literals
};

// Bytes of metadata read or kept while a file system is opened: each step that a count in the image can
// repeat takes from it, so the whole opening is bounded. A step that is too large takes nothing: one file
// with an absurd index does not hide the others.
class FsMeter {
 public:
  explicit FsMeter(std::uint64_t limit) : left_(limit) {}
  Result<void> take(std::uint64_t bytes, std::uint64_t at) {
    if (bytes > left_) return fail(Code::over_budget, at, "the metadata of this file system is larger than the budget");
    left_ -= bytes;
    return {};
  }

 private:
  std::uint64_t left_;
};

}  // namespace klik
