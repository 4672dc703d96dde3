#include "flow/reach.h"

#include <algorithm>

#include "flow/access.h"

namespace klik::flow {

Reach::Reach(const Program& program, std::uint64_t steps)
    : program_(program), steps_(steps), entry_(program.method_count(), kNothing), from_(program.method_count(), kNothing), length_(program.method_count()), made_(program.type_count()), initialised_(program.type_count()),
      made_under_(program.type_count()), calls_on_(program.type_count()) {}

bool Reach::spend() {
  if (steps_ == 0) {
    exhausted_ = true;
    return false;
  }
  --steps_;
  return true;
}

void Reach::reach(MethodId m, const Cause& cause) {
  if (m == kNothing || entry_[m] != kNothing) return;
  entry_[m] = cause.entry;
  from_[m] = cause.from;
  length_[m] = cause.from == kNothing ? 1 : length_[cause.from] + 1;
  queue_.push_back(m);
}

void Reach::initialise(TypeId type, const Cause& cause) {
  std::size_t left = kDeepestHierarchy;
  for (TypeId t = type; t != kNothing && program_.defined(t) && !initialised_[t] && left-- > 0; t = program_.super(t)) {
    initialised_[t] = true;
    for (const MethodId m : program_.methods_of(t))
      if (program_.method_name(m) == "<clinit>") reach(m, cause);
  }
}

void Reach::make(TypeId type, const Cause& cause) {
  if (!program_.defined(type) || made_[type]) return;
  made_[type] = true;
  initialise(type, cause);
  for (const TypeId a : program_.ancestors(type)) {
    made_under_[a].push_back(type);
    for (std::size_t i = 0; i < calls_on_[a].size() && spend(); ++i) {
      const auto [signature, caller] = calls_on_[a][i];
      reach(program_.resolve(type, signature), caller);
    }
  }
  // What the platform may call: the methods that an object of this type answers with, inherited ones included.
  std::size_t left = kDeepestHierarchy;
  for (TypeId t = type; t != kNothing && program_.defined(t) && left-- > 0; t = program_.super(t))
    for (const MethodId m : program_.methods_of(t))
      if (spend() && program_.may_be_called_back(type, m) && program_.resolve(type, program_.method(m).signature) == m) reach(m, cause);
}

void Reach::open_call(TypeId type, SignatureId signature, const Cause& cause) {
  if (!called_.insert((std::uint64_t{type} << 32) | signature).second) return;
  calls_on_[type].push_back({signature, cause});
  // The object may have come from where this analysis does not look, so the method named counts too.
  if (program_.defined(type)) {
    const MethodId named = program_.resolve(type, signature);
    if (named != kNothing && (program_.method(named).access & kAccAbstract) == 0) reach(named, cause);
  }
  for (std::size_t i = 0; i < made_under_[type].size() && spend(); ++i) reach(program_.resolve(made_under_[type][i], signature), cause);
}

void Reach::enter(TypeId type, std::uint32_t entry) {
  if (type == kNothing || !program_.defined(type)) return;
  const Cause cause{entry, kNothing};
  make(type, cause);
  for (const MethodId m : program_.methods_of(type))
    if (program_.method_name(m) == "<init>" && program_.method_proto(m) == "()V") reach(m, cause);
}

void Reach::run() {
  while (!queue_.empty() && !exhausted_) {
    const MethodId id = queue_.front();
    queue_.pop_front();
    const ProgramMethod& m = program_.method(id);
    const Cause cause{entry_[id], id};
    for (const TypeId t : m.touches) initialise(t, cause);
    for (const TypeId t : m.makes) make(t, cause);
    for (const ProgramCall& c : m.calls) {
      if (!spend()) return;
      if (c.kind == CallKind::open) open_call(c.type, c.signature, cause);
      else if (c.kind == CallKind::exact) reach(program_.defined(c.type) ? program_.resolve(c.type, c.signature) : kNothing, cause);
      else if (const TypeId above = program_.super(m.owner); above != kNothing && program_.defined(above)) reach(program_.resolve(above, c.signature), cause);
    }
  }
}

std::vector<MethodId> Reach::path_to(MethodId m) const {
  std::vector<MethodId> path;
  if (!reached(m)) return path;
  for (MethodId at = m; at != kNothing && path.size() <= program_.method_count(); at = from_[at]) path.push_back(at);
  std::ranges::reverse(path);
  return path;
}

}  // namespace klik::flow
