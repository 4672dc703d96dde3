#include "formats/android/transfer_list.h"

#include <charconv>
#include <iterator>
#include <utility>

namespace klik::transfer {
namespace {

constexpr std::uint64_t kMaxRanges = 1u << 20, kMaxCommands = 1u << 20;
constexpr std::string_view kNames[] = {"new", "zero", "erase", "move", "bsdiff", "imgdiff", "stash", "free", "compute_hash_tree", "other"};

Result<std::uint64_t> number(std::string_view text, std::uint64_t at) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (text.empty() || error != std::errc() || end != text.end()) return fail(Code::bad_value, at, "transfer list: not a number");
  return value;
}

// The text up to `separator`, taken off the front of `rest`; all of it when there is none.
std::string_view take(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

// "4,0,10,20,25": how many numbers follow, then first and end of each range.
Result<void> read_ranges(std::string_view text, std::uint64_t at, std::vector<Range>& out) {
  KLIK_TRY(const std::uint64_t count, number(take(text, ','), at));
  if (count == 0 || count % 2 != 0) return fail(Code::bad_value, at, "transfer list: odd count of range bounds");
  std::uint64_t seen = 0;
  for (; !text.empty(); seen += 2) {
    KLIK_TRY(const std::uint64_t first, number(take(text, ','), at));
    KLIK_TRY(const std::uint64_t end, number(take(text, ','), at));
    if (end <= first) return fail(Code::bad_value, at, "transfer list: range ends before it starts");
    if (out.size() == kMaxRanges) return fail(Code::over_budget, at, "transfer list: more ranges than the budget allows");
    out.push_back({first, end});
  }
  if (seen != count) return fail(Code::bad_value, at, "transfer list: count of range bounds is wrong");
  return {};
}

Action action_of(std::string_view word) {
  for (std::size_t i = 0; i + 1 < std::size(kNames); ++i)
    if (word == kNames[i]) return static_cast<Action>(i);
  return Action::unknown;
}

}  // namespace

std::string_view action_name(Action action) { return kNames[std::to_underlying(action)]; }

Result<TransferList> read_transfer_list(Bytes bytes) {
  std::string_view rest = bytes.text();
  std::uint64_t at = 0;
  const auto next_line = [&] {
    at = bytes.size() - rest.size();
    std::string_view line = take(rest, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  };
  TransferList list{};
  const std::string_view version = next_line();
  if (rest.empty()) return fail(Code::truncated, at, "transfer list: no header");
  KLIK_TRY(const std::uint64_t wide, number(version, at));
  if (wide < 1 || wide > 4) return fail(Code::unsupported, at, "transfer list: version is not 1 to 4");
  list.version = static_cast<std::uint32_t>(wide);
  const std::string_view total = next_line();
  KLIK_TRY(list.total_blocks, number(total, at));
  for (int i = 0; list.version >= 2 && i < 2; ++i) {   // entries and blocks of the stash
    const std::string_view stash = next_line();
    KLIK_CHECK(number(stash, at));
  }
  while (!rest.empty()) {
    std::string_view line = next_line();
    if (line.empty()) continue;
    if (list.commands.size() == kMaxCommands) return fail(Code::over_budget, at, "transfer list: more commands than the budget allows");
    Command command{action_of(take(line, ' ')), static_cast<std::uint32_t>(list.ranges.size()), 0, at};
    if (command.action <= Action::erase) {
      KLIK_CHECK(read_ranges(take(line, ' '), at, list.ranges));
      command.range_count = static_cast<std::uint32_t>(list.ranges.size()) - command.first_range;
    }
    list.commands.push_back(command);
  }
  return list;
}

}  // namespace klik::transfer
