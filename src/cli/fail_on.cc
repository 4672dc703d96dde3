#include "cli/fail_on.h"

#include <cstdio>

#include "base/text.h"
#include "cli/case_access.h"
#include "ledger/rules.h"

namespace klik::cli {

bool valid_fail_on(const std::vector<std::string>& wanted) {
  for (const std::string& word : wanted)
    if (severity_rank(word) < 0 && !find_rule(word)) {
      complain("--fail-on takes info, low, medium, high, critical or a rule (see `klikspaan list rules`), not " + word);
      return false;
    }
  return true;
}

bool matches_fail_on(CaseReader& reader, const std::vector<std::string>& wanted, bool say) {
  bool matched = false;
  for (const auto& row : reader.query("SELECT severity, rule, title FROM finding").rows) {
    const auto text = [&](std::size_t i) { return std::get_if<std::string>(&row[i]) ? std::get<std::string>(row[i]) : std::string(); };
    for (const std::string& word : wanted) {
      const int rank = severity_rank(word);
      if (rank >= 0 ? severity_rank(text(0)) < rank : text(1) != word) continue;
      matched = true;
      if (say) std::printf("matched --fail-on %s: %s\n", word.c_str(), text::escaped(text(2)).c_str());
      break;
    }
  }
  return matched;
}

}  // namespace klik::cli
