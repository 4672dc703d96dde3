#define PCRE2_CODE_UNIT_WIDTH 8
#include "formats/android/file_contexts.h"

#include <pcre2.h>

#include "base/bytes.h"

namespace klik::file_contexts {
namespace {

constexpr std::size_t kLongest = 1024;            // of an expression; the longest known is 200 characters
constexpr std::uint32_t kMatchLimit = 100'000;    // steps of one match: an expression may be made to take for ever
constexpr std::string_view kMeaningful = ".^$?*+|[({\\";

struct Free {
  void operator()(pcre2_code_8* p) const { pcre2_code_free_8(p); }
  void operator()(pcre2_match_data_8* p) const { pcre2_match_data_free_8(p); }
  void operator()(pcre2_match_context_8* p) const { pcre2_match_context_free_8(p); }
};

std::unique_ptr<pcre2_code_8, Free> compiled(std::string_view expression) {
  int error = 0;
  std::size_t at = 0;
  const Bytes pattern = Bytes::of(expression);
  return std::unique_ptr<pcre2_code_8, Free>(pcre2_compile_8(pattern.data(), expression.size(), PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C, &error, &at, nullptr));
}

std::string_view next_word(std::string_view& line) {
  const auto from = line.find_first_not_of(" \t\r");
  if (from == line.npos) {
    line = {};
    return {};
  }
  const auto end = line.find_first_of(" \t\r", from);
  const std::string_view word = line.substr(from, end == line.npos ? line.npos : end - from);
  line.remove_prefix(end == line.npos ? line.size() : end);
  return word;
}

}  // namespace

struct Matcher::Entry {
  std::string expression, label;
  std::string_view fixed() const { return stem(expression); }
  bool whole;      // nothing in it means anything: a path
  std::size_t tag;
  std::unique_ptr<pcre2_code_8, Free> code{};   // made at the first path that could fit
  bool made = false;
};

Matcher::Matcher() = default;
Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

std::optional<Line> parse(std::string_view line) {
  Line out;
  out.path = next_word(line);
  if (out.path.empty() || out.path.starts_with('#')) return std::nullopt;
  const std::string_view second = next_word(line);
  if (second.starts_with('-')) {
    out.type = second;
    out.label = next_word(line);
  } else {
    out.label = second;
  }
  if (out.label.empty()) return std::nullopt;
  return out;
}

std::string_view type_of(std::string_view label) {
  for (int i = 0; i < 2; ++i) {
    const auto colon = label.find(':');
    if (colon == label.npos) return {};
    label.remove_prefix(colon + 1);
  }
  return label.substr(0, label.find(':'));
}

std::string_view stem(std::string_view expression) {
  const auto first = expression.find_first_of(kMeaningful);
  if (first == expression.npos) return expression;
  // What stands before a repetition may be absent, and before an alternative nothing is fixed.
  if (expression.find('|') != expression.npos && expression.find('|') < expression.find('(')) return {};
  const bool repeated = first > 0 && std::string_view("?*{").find(expression[first]) != std::string_view::npos;
  return expression.substr(0, repeated ? first - 1 : first);
}

void Matcher::add(std::string_view expression, std::string_view label, std::size_t tag) {
  if (expression.size() > kLongest) return;
  entries_.push_back({.expression = std::string(expression), .label = std::string(label), .whole = expression.find_first_of(kMeaningful) == expression.npos, .tag = tag});
}

std::optional<Matcher::Found> Matcher::find(std::string_view path) {
  for (auto e = entries_.crbegin(); e != entries_.crend(); ++e)
    if (e->whole && e->expression == path) return Found{e->label, e->tag};
  const std::unique_ptr<pcre2_match_context_8, Free> context(pcre2_match_context_create_8(nullptr));
  if (!context) return std::nullopt;
  pcre2_set_match_limit_8(context.get(), kMatchLimit);
  pcre2_set_depth_limit_8(context.get(), 1000);
  pcre2_set_heap_limit_8(context.get(), 4096);   // KiB
  const Bytes subject = Bytes::of(path);
  for (auto e = entries_.rbegin(); e != entries_.rend(); ++e) {
    if (e->whole || !path.starts_with(e->fixed())) continue;
    if (!e->made) e->code = compiled(e->expression);
    e->made = true;
    if (!e->code) continue;
    const std::unique_ptr<pcre2_match_data_8, Free> data(pcre2_match_data_create_8(1, nullptr));
    if (data && pcre2_match_8(e->code.get(), subject.data(), subject.size(), 0, 0, data.get(), context.get()) >= 0) return Found{e->label, e->tag};
  }
  return std::nullopt;
}

}  // namespace klik::file_contexts
