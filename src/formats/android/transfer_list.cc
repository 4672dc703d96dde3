#include "formats/android/transfer_list.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <span>
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

std::uint64_t blocks_of(std::span<const Range> ranges) {
  std::uint64_t sum = 0;
  for (const Range& r : ranges) sum += std::min(r.end - r.first, ~std::uint64_t{0} - sum);
  return sum;
}

// The words of one command. What they mean differs between the versions: version 1 has no stash and names what is read first,
// 2 adds stashes by number, 3 adds digests and stashes by digest.
class CommandReader {
 public:
  CommandReader(TransferList& list, std::map<std::string, std::uint32_t, std::less<>>& known) : list_(list), known_(known) {}

  Result<void> read(std::string_view line, Command& command) {
    rest_ = line;
    at_ = command.at;
    switch (command.action) {
      case Action::new_data:
      case Action::zero:
      case Action::erase: return ranges(command.first_range, command.range_count);
      case Action::hash_tree: return ranges(command.first_range, command.range_count);   // from what and how is the device's
      case Action::stash: {
        KLIK_TRY(command.id, name());
        KLIK_CHECK(ranges(command.first_source, command.source_count));
        command.source_blocks = blocks_of(std::span(list_.ranges).subspan(command.first_source, command.source_count));
        return {};
      }
      case Action::free: {
        KLIK_TRY(command.id, name());
        return {};
      }
      case Action::bsdiff:
      case Action::imgdiff: {
        KLIK_TRY(command.patch_at, number(take(rest_, ' '), at_));
        KLIK_TRY(command.patch_size, number(take(rest_, ' '), at_));
        return transfer(command);
      }
      case Action::move: return transfer(command);
      case Action::unknown: return {};
    }
    return {};
  }

 private:
  Result<void> ranges(std::uint32_t& first, std::uint32_t& count) { return ranges(take(rest_, ' '), first, count); }
  Result<void> ranges(std::string_view text, std::uint32_t& first, std::uint32_t& count) {
    first = static_cast<std::uint32_t>(list_.ranges.size());
    KLIK_CHECK(read_ranges(text, at_, list_.ranges));
    count = static_cast<std::uint32_t>(list_.ranges.size()) - first;
    return {};
  }

  Result<std::uint32_t> name() { return name(take(rest_, ' ')); }
  Result<std::uint32_t> name(std::string_view text) {
    if (text.empty()) return fail(Code::truncated, at_, "transfer list: a command without its words");
    const auto known = known_.find(text);
    if (known != known_.end()) return known->second;
    const auto index = static_cast<std::uint32_t>(list_.names.size());
    list_.names.emplace_back(text);
    known_.emplace(text, index);
    return index;
  }

  Result<void> transfer(Command& command) {
    if (list_.version == 1) {
      KLIK_CHECK(ranges(command.first_source, command.source_count));
      command.source_blocks = blocks_of(std::span(list_.ranges).subspan(command.first_source, command.source_count));
      return ranges(command.first_range, command.range_count);
    }
    if (list_.version >= 3) {
      KLIK_TRY(command.source_sha1, name());
      command.target_sha1 = command.source_sha1;
      if (command.action != Action::move) { KLIK_TRY(command.target_sha1, name()); }
    }
    KLIK_CHECK(ranges(command.first_range, command.range_count));
    KLIK_TRY(command.source_blocks, number(take(rest_, ' '), at_));
    const std::string_view source = take(rest_, ' ');
    if (source != "-") {
      KLIK_CHECK(ranges(source, command.first_source, command.source_count));
      if (rest_.empty()) return {};
      KLIK_CHECK(ranges(command.first_location, command.location_count));
    }
    command.first_stash = static_cast<std::uint32_t>(list_.stash_uses.size());
    while (!rest_.empty()) {
      std::string_view word = take(rest_, ' ');
      StashUse use{};
      KLIK_TRY(use.id, name(take(word, ':')));
      KLIK_CHECK(ranges(word, use.first_range, use.range_count));   // at least one range each, of which there are so many at most
      list_.stash_uses.push_back(use);
      ++command.stash_count;
    }
    return {};
  }

  TransferList& list_;
  std::map<std::string, std::uint32_t, std::less<>>& known_;
  std::string_view rest_;
  std::uint64_t at_ = 0;
};

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
    KLIK_TRY(list.stash_blocks, number(stash, at));
  }
  std::map<std::string, std::uint32_t, std::less<>> known;
  list.names.emplace_back();
  CommandReader reader(list, known);
  while (!rest.empty()) {
    std::string_view line = next_line();
    if (line.empty()) continue;
    if (list.commands.size() == kMaxCommands) return fail(Code::over_budget, at, "transfer list: more commands than the budget allows");
    Command command{.action = action_of(take(line, ' ')), .at = at};
    KLIK_CHECK(reader.read(line, command));
    list.commands.push_back(command);
  }
  return list;
}

}  // namespace klik::transfer
