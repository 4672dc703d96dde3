#include "extract/lookup_texts.h"

#include <algorithm>

namespace klik {
namespace {

constexpr std::size_t kMostLabels = 8;     // that are joined in all ways
constexpr std::size_t kLongLabel = 16;     // may hold something encoded by itself
constexpr std::size_t kLongestAddress = 15;   // "255.255.255.255"
constexpr std::size_t kShortestRun = 6;    // of joined labels: no identifier is shorter

}  // namespace

std::vector<std::string> label_texts(std::string_view name) {
  std::vector<std::string> out;
  // An address without its dots is another number.
  if (name.size() <= kLongestAddress && name.find_first_not_of("0123456789.") == name.npos) return out;
  std::vector<std::string_view> labels;
  for (std::size_t dot = name.find('.'); dot != name.npos && labels.size() < kMostLabels; dot = name.find('.')) {
    labels.push_back(name.substr(0, dot));
    name.remove_prefix(dot + 1);
  }
  for (std::size_t from = 0; from < labels.size(); ++from) {
    std::string run;
    for (std::size_t to = from; to < labels.size(); ++to) {
      run += labels[to];
      if (run.size() >= (to == from ? kLongLabel : kShortestRun)) out.push_back(run);
    }
  }
  return out;
}

std::vector<LookupText> lookup_texts(const traffic::Lookup& lookup) {
  std::vector<LookupText> out;
  const auto add = [&](std::string_view name, bool with_values) {
    if (name.empty()) return;
    std::string text(name);
    if (with_values)
      for (const std::string& value : lookup.values) text.append("\n").append(value);
    out.push_back({lookup.answer ? "lookup.answer" : "lookup.name", std::move(text)});
    // What comes back repeats the question.
    if (!lookup.answer || lookup.way == traffic::Way::up) for (std::string& run : label_texts(name)) out.push_back({"lookup.labels", std::move(run)});
  };
  add(lookup.name, lookup.answer);
  add(lookup.sent, false);
  return out;
}

}  // namespace klik
