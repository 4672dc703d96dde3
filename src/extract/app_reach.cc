#include "extract/app_reach.h"

#include <algorithm>
#include <deque>
#include <set>

#include "flow/packing.h"
#include "flow/program.h"
#include "flow/reach.h"

namespace klik {
namespace {

constexpr std::size_t kNamesShown = 8;   // of a way; the middle of a longer one is left out
constexpr int kHelpersFollowed = 2;
constexpr std::string_view kGuardPower = "permission_check";

}  // namespace

std::string descriptor_of_class(std::string_view class_name) {
  std::string out = "L" + std::string(class_name) + ";";
  std::ranges::replace(out, '.', '/');
  return out;
}

bool unpack_graph(std::string_view compressed, std::string& out) { return flow::unsqueezed(compressed, out); }

struct AppReach::State {
  State(const AppCode& a, const flow::Platform& platform, std::uint64_t budget) : app(a), program(platform) {
    for (const AppGraph& g : app.graphs) {
      std::string& raw = texts.emplace_back();
      if (!unpack_graph(g.packed, raw)) {
        ++bad;
        continue;
      }
      if (const auto graph = flow::unpacked(Bytes::of(raw))) program.add(*graph);
      else ++bad;
    }
    program.link();
    reach.emplace(program, budget);
    // Doors that stand open first: a method keeps the first entry that reached it.
    Door door = Door::open;
    for (std::uint32_t n = 0; n < app.entries.size(); ++n) {
      if (app.entries[n].door != door) reach->run();
      door = app.entries[n].door;
      reach->enter(program.find_type(descriptor_of_class(app.entries[n].class_name)), n);
    }
    reach->run();
    if (!app.application.empty()) reach->enter(program.find_type(descriptor_of_class(app.application)), static_cast<std::uint32_t>(app.entries.size()));
    reach->run();
    for (const AppCallSite& s : app.sites)
      if (s.power == kGuardPower)
        if (const auto m = find(s.class_name, s.method, s.descriptor); m != flow::kNothing) guards.insert(m);
  }
  // Whether the method asks who called, itself or in a helper that it calls.
  bool asks(flow::MethodId m, int helpers) const {
    if (guards.empty()) return false;
    if (guards.contains(m)) return true;
    if (helpers == 0) return false;
    return std::ranges::any_of(program.method(m).calls, [&](const flow::ProgramCall& c) {
      const flow::MethodId callee = program.defined(c.type) ? program.resolve(c.type, c.signature) : flow::kNothing;
      return callee != flow::kNothing && asks(callee, helpers - 1);
    });
  }
  flow::MethodId find(std::string_view class_name, std::string_view method, std::string_view descriptor) const { return program.find_method(descriptor_of_class(class_name), method, descriptor); }

  std::optional<Nearness> nearness(const flow::Reach& search, std::string_view class_name, std::string_view method, std::string_view descriptor) const;
  std::optional<ReachedFrom> reached_from(const flow::Reach& search, std::string_view class_name, std::string_view method, std::string_view descriptor) const;
  std::string name(flow::MethodId m) const {
    const std::string_view type = program.type_name(program.method(m).owner);
    std::string out(type.size() > 2 ? type.substr(1, type.size() - 2) : type);
    std::ranges::replace(out, '/', '.');
    return out + "." + std::string(program.method_name(m));
  }

  const AppCode& app;
  std::deque<std::string> texts;   // what the program's names are borrowed from
  flow::Program program;
  std::optional<flow::Reach> reach;
  std::set<flow::MethodId> guards;
  std::uint64_t bad = 0;
};

AppReach::AppReach(const AppCode& app, const flow::Platform& platform, std::uint64_t steps) : state_(new State(app, platform, steps)) {}
AppReach::~AppReach() = default;

bool AppReach::has_code() const { return state_->program.method_count() > 0; }
bool AppReach::exhausted() const { return state_->reach->exhausted(); }
std::uint64_t AppReach::unreadable() const { return state_->bad; }

std::vector<std::string> AppReach::platform_classes() const {
  const flow::Program& program = state_->program;
  std::set<std::string_view> names;
  for (flow::TypeId t = 0; t < program.type_count(); ++t)
    if (program.defined(t))
      for (const flow::TypeId a : program.ancestors(t))
        if (!program.defined(a)) names.insert(program.type_name(a));
  return {names.begin(), names.end()};
}

std::optional<ReachedFrom> AppReach::State::reached_from(const flow::Reach& search, std::string_view class_name, std::string_view method, std::string_view descriptor) const {
  const flow::MethodId m = find(class_name, method, descriptor);
  if (m == flow::kNothing || !search.reached(m)) return std::nullopt;
  const std::vector<flow::MethodId> path = search.path_to(m);
  const std::uint32_t entry = search.entry_of(m);
  ReachedFrom out{entry < app.entries.size() ? &app.entries[entry] : nullptr, {}, path.size(), false};
  for (std::size_t i = 0; i < path.size(); ++i) {
    out.checks_caller = out.checks_caller || asks(path[i], kHelpersFollowed);
    if (path.size() > kNamesShown && i == kNamesShown / 2) out.way += " → … " + std::to_string(path.size() - kNamesShown) + " …";
    if (path.size() > kNamesShown && i >= kNamesShown / 2 && i < path.size() - kNamesShown / 2) continue;
    out.way += (out.way.empty() ? "" : " → ") + name(path[i]);
  }
  return out;
}

std::optional<Nearness> AppReach::State::nearness(const flow::Reach& search, std::string_view class_name, std::string_view method, std::string_view descriptor) const {
  const flow::MethodId m = find(class_name, method, descriptor);
  if (m == flow::kNothing || !search.reached(m)) return std::nullopt;
  const std::uint32_t entry = search.entry_of(m);
  return Nearness{entry < app.entries.size() ? app.entries[entry].door : Door::background, search.length_to(m)};
}

std::optional<Nearness> AppReach::nearness(std::string_view class_name, std::string_view method, std::string_view descriptor) const {
  return state_->nearness(*state_->reach, class_name, method, descriptor);
}

std::optional<ReachedFrom> AppReach::method(std::string_view class_name, std::string_view method, std::string_view descriptor) const {
  return state_->reached_from(*state_->reach, class_name, method, descriptor);
}

struct AppReach::FromOne::Search {
  flow::Reach reach;
};
AppReach::FromOne::FromOne(const State& state, std::unique_ptr<Search> search) : state_(&state), search_(std::move(search)) {}
AppReach::FromOne::FromOne(FromOne&&) noexcept = default;
AppReach::FromOne::~FromOne() = default;

std::optional<ReachedFrom> AppReach::FromOne::method(std::string_view class_name, std::string_view method, std::string_view descriptor) const {
  return state_->reached_from(search_->reach, class_name, method, descriptor);
}

std::optional<Nearness> AppReach::FromOne::nearness(std::string_view class_name, std::string_view method, std::string_view descriptor) const {
  return state_->nearness(search_->reach, class_name, method, descriptor);
}

AppReach::FromOne AppReach::from(std::uint32_t n, std::uint64_t steps) const {
  auto search = std::make_unique<FromOne::Search>(flow::Reach(state_->program, steps));
  search->reach.enter(state_->program.find_type(descriptor_of_class(state_->app.entries[n].class_name)), n);
  search->reach.run();
  return {*state_, std::move(search)};
}

const AppEntry* AppReach::entry_extending(std::string_view descriptor) const {
  const State& s = *state_;
  const flow::TypeId wanted = s.program.find_type(descriptor);
  if (wanted == flow::kNothing) return nullptr;
  for (const AppEntry& e : s.app.entries) {
    const flow::TypeId t = s.program.find_type(descriptor_of_class(e.class_name));
    if (t != flow::kNothing && std::ranges::binary_search(s.program.ancestors(t), wanted)) return &e;
  }
  return nullptr;
}

std::string AppReach::class_extending(std::string_view descriptor) const {
  const State& s = *state_;
  const flow::TypeId wanted = s.program.find_type(descriptor);
  std::string best;
  if (wanted == flow::kNothing) return best;
  for (flow::TypeId t = 0; t < s.program.type_count(); ++t) {
    if (t == wanted || !s.program.defined(t) || !std::ranges::binary_search(s.program.ancestors(t), wanted)) continue;
    std::string name(s.program.type_name(t).substr(1, s.program.type_name(t).size() - 2));
    std::ranges::replace(name, '/', '.');
    if (best.empty() || name < best) best = std::move(name);
  }
  return best;
}

}  // namespace klik
