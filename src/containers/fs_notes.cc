#include "containers/fs_notes.h"

#include <algorithm>

namespace klik {

void FsNotes::add(Severity severity, const Error& error, std::string detail, std::string advice) {
  Kind& kind = kinds_[error.what];
  if (++kind.count <= kOfEachKind) return context_.note(severity, error, std::move(detail), std::move(advice));
  if (kind.count == kOfEachKind + 1) kind.first = error;
  kind.severity = std::max(kind.severity, severity);
}

void FsNotes::add(Severity severity, Code code, std::uint64_t at, const char* what, std::string detail, std::string advice) {
  add(severity, fail(code, at, what).error(), std::move(detail), std::move(advice));
}

void FsNotes::finish() {
  for (const auto& [what, kind] : kinds_)
    if (kind.count > kOfEachKind)
      context_.note(kind.severity, kind.first, std::to_string(kind.count - kOfEachKind) + " more of the same");
  kinds_.clear();
}

}  // namespace klik
