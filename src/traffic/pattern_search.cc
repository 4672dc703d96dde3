#include "traffic/pattern_search.h"

#include <hs/hs_compile.h>
#include <hs/hs_runtime.h>

#include <algorithm>

namespace klik::traffic {
namespace {

// The library counts a text in 32 bits; a longer one is searched in windows that overlap by the longest literal.
constexpr std::uint64_t kWindow = std::uint64_t{1} << 30;

struct Collector {
  const std::vector<std::uint32_t>& sizes;
  PatternSearch::Found& found;
  std::size_t most;
  std::uint64_t window_at, from;   // matches that end at or before `from` were told by the window before
};

int collect(unsigned id, unsigned long long, unsigned long long end, unsigned, void* context) {
  Collector& c = *static_cast<Collector*>(context);
  if (c.window_at + end <= c.from) return 0;
  if (c.found.matches.size() >= c.most) {
    c.found.cut = true;
    return 1;   // ends the scan
  }
  c.found.matches.push_back({c.window_at + end - c.sizes[id], id});
  return 0;
}

}  // namespace

struct PatternSearch::State {
  hs_database_t* database = nullptr;
  hs_scratch_t* scratch = nullptr;
  std::vector<std::uint32_t> sizes;
  std::uint32_t longest = 0;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    hs_free_scratch(scratch);
    hs_free_database(database);
  }
};

PatternSearch::PatternSearch(std::unique_ptr<State> state) : state_(std::move(state)) {}
PatternSearch::PatternSearch(PatternSearch&&) noexcept = default;
PatternSearch::~PatternSearch() = default;

Result<PatternSearch> PatternSearch::of(const std::vector<std::string>& literals) {
  auto state = std::make_unique<State>();
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  std::vector<unsigned> flags(literals.size()), ids;
  for (const std::string& literal : literals) {
    texts.push_back(literal.data());
    sizes.push_back(literal.size());
    ids.push_back(static_cast<unsigned>(ids.size()));
    state->sizes.push_back(static_cast<std::uint32_t>(literal.size()));
    state->longest = std::max(state->longest, state->sizes.back());
  }
  if (!literals.empty()) {
    hs_compile_error_t* error = nullptr;
    if (hs_compile_lit_multi(texts.data(), flags.data(), ids.data(), sizes.data(), static_cast<unsigned>(literals.size()), HS_MODE_BLOCK, nullptr, &state->database, &error) != HS_SUCCESS) {
      hs_free_compile_error(error);
      return fail(Code::unsupported, 0, "the search library did not take the literals");
    }
    if (hs_alloc_scratch(state->database, &state->scratch) != HS_SUCCESS) return fail(Code::unsupported, 0, "the search library does not run on this processor");
  }
  return PatternSearch(std::move(state));
}

PatternSearch::Found PatternSearch::find(Bytes text, std::size_t most) {
  Found found;
  if (state_->sizes.empty()) return found;
  for (std::uint64_t from = 0; from < text.size() && !found.cut; from += kWindow) {
    const std::uint64_t start = from < state_->longest ? 0 : from - state_->longest;
    const std::uint64_t end = std::min(text.size(), from + kWindow);
    const std::string_view window = text.text().substr(start, end - start);
    Collector collector{state_->sizes, found, most, start, from};
    hs_scan(state_->database, window.data(), static_cast<unsigned>(window.size()), 0, state_->scratch, collect, &collector);
  }
  std::ranges::sort(found.matches);
  return found;
}

}  // namespace klik::traffic
