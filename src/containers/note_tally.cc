#include "containers/note_tally.h"

#include <algorithm>

namespace klik {
namespace {

constexpr std::uint64_t kNamesShown = 4;
constexpr std::size_t kLongestName = 200;

constexpr NoteKind kParent{Severity::error, Code::deviation, "a name with '..' as a part", "do not extract this archive with a tool that trusts names"};
constexpr NoteKind kAbsolute{Severity::error, Code::deviation, "a name that starts with '/'", "do not extract this archive with a tool that trusts names"};
constexpr NoteKind kBackslash{Severity::info, Code::deviation, "a name with a backslash"};
constexpr NoteKind kNul{Severity::error, Code::deviation, "a name with a NUL byte"};
constexpr NoteKind kEmpty{Severity::error, Code::deviation, "an empty name"};

}  // namespace

void NoteTally::add(const NoteKind& kind, std::uint64_t at, std::string_view name) {
  auto found = std::ranges::find(counted_, &kind, &Counted::kind);
  if (found == counted_.end()) found = counted_.insert(counted_.end(), {&kind, at, 0, {}});
  if (++found->count > kNamesShown) return;
  if (found->count > 1) found->names += ", ";
  found->names += name.substr(0, kLongestName);
}

void NoteTally::flush(std::vector<Note>& notes) {
  for (Counted& c : counted_) {
    if (c.count > kNamesShown) c.names += " and " + std::to_string(c.count - kNamesShown) + " more";
    notes.push_back({fail(c.kind->code, c.at, c.kind->what).error(), c.kind->severity, std::move(c.names), c.kind->advice});
  }
  counted_.clear();
}

void tally_odd_name(NoteTally& tally, std::string_view name, std::uint64_t at) {
  if (name.empty()) return tally.add(kEmpty, at, name);
  bool backslash = false, nul = false, parent = false;
  std::size_t part = 0;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const char c = i < name.size() ? name[i] : '/';
    nul |= c == '\0';
    backslash |= c == '\\';
    if (c != '/' && c != '\\') continue;   // '\' separates parts on other systems, so "a\..\b" counts too
    parent |= i - part == 2 && name[part] == '.' && name[part + 1] == '.';
    part = i + 1;
  }
  if (name.front() == '/') tally.add(kAbsolute, at, name);
  if (backslash) tally.add(kBackslash, at, name);
  if (nul) tally.add(kNul, at, name);
  if (parent) tally.add(kParent, at, name);
}

}  // namespace klik
