// file_contexts: which SELinux label a path of the phone gets, by regular expressions.
// Source: libselinux/src/label_file.c (lookup, data_sort): expressions are anchored, whole paths come before expressions,
// and of several that fit the last one of the files decides.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace klik::file_contexts {

struct Line {
  std::string_view path;      // a regular expression
  std::string_view type;      // --, -d, -l, …: only for this type of file; "" for all
  std::string_view label;     // "u:object_r:system_file:s0" or "<<none>>"
};

// Nothing for comments, blank lines and lines that are no rule.
std::optional<Line> parse(std::string_view line);

// "system_file" of "u:object_r:system_file:s0"; "" when it is not a label.
std::string_view type_of(std::string_view label);

// The text before the first character that means something in an expression.
std::string_view stem(std::string_view expression);

// Rules in the order of the files, then asked for paths. Bad expressions match nothing.
class Matcher {
 public:
  Matcher();
  ~Matcher();
  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;

  void add(std::string_view expression, std::string_view label, std::size_t tag);
  // The tag of the rule that decides about a plain file at this path, and its label.
  struct Found {
    std::string_view label;
    std::size_t tag;
  };
  std::optional<Found> find(std::string_view path);

 private:
  struct Entry;
  std::vector<Entry> entries_;
};

}  // namespace klik::file_contexts
