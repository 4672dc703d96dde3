#include "extract/kept_powers.h"

#include <algorithm>
#include <unordered_set>

#include "cache/record.h"

namespace klik {
namespace {

using cache::RecordReader;
using cache::RecordWriter;

// Of an app's rights those that some power asks for; powers_of() looks at no others. In the order of their names.
std::vector<std::pair<std::string_view, const AppGrant*>> deciding_rights(const AppCode& app) {
  static const auto named = [] {
    std::unordered_set<std::string_view> out;
    for (const data::Power& p : data::powers()) out.insert(p.rights.begin(), p.rights.end());
    return out;
  }();
  std::vector<std::pair<std::string_view, const AppGrant*>> out;
  for (const auto& [permission, grant] : app.grants)
    if (named.contains(permission)) out.emplace_back(permission, &grant);
  return out;
}

// Everything that a result may name as its reason, in an order that both sides know.
std::vector<FactId> reasons(const AppCode& app) {
  std::vector<FactId> out{app.actor, app.manifest};
  for (const AppEntry& e : app.entries) out.push_back(e.id);
  for (const auto& [permission, grant] : deciding_rights(app)) out.push_back(grant->id);
  for (const AppCallSite& s : app.sites) out.push_back(s.id);
  return out;
}

Sha256Digest digest_of_classes(const std::vector<std::string>& names, const flow::Platform& platform) {
  RecordWriter w;
  w.flag(platform.empty());
  for (const std::string& name : names) {
    const flow::Platform::Class* c = platform.find(name);
    w.text(name);
    w.flag(c != nullptr);
    if (!c) continue;
    w.text(c->super);
    for (const auto* texts : {&c->interfaces, &c->names}) {
      w.number(texts->size());
      for (const std::string& t : *texts) w.text(t);
    }
    w.number(c->methods.size());
    for (const std::uint64_t m : c->methods) w.number(m);
  }
  const std::string all = w.take();
  return sha256(Bytes::of(all));
}

class Packing {
 public:
  explicit Packing(const AppCode& app) : app_(app) {
    const std::vector<FactId> ids = reasons(app);
    for (std::size_t i = 0; i < ids.size(); ++i) numbers_.emplace(ids[i], i);
  }

  void row(const PowerRow& r) {
    w.name(r.power->id);
    w.text(r.held.by);
    w.flag(r.held.permission);
    w.flag(r.held.sure);
    because(r.held.because);
    w.text(r.use.code);
    w.signed_number(r.use.sites);
    w.number(r.use.reachable ? 1 + *r.use.reachable : 0);
    for (const std::string* t : {&r.use.entry, &r.use.entry_kind, &r.use.guard, &r.use.way}) w.text(*t);
    because(r.use.because);
  }
  void door(const OpenDoor& d) {
    w.number(static_cast<std::uint64_t>(d.entry - app_.entries.data()));
    w.name(d.power->id);
    w.number(static_cast<std::uint64_t>(d.site - app_.sites.data()));
    for (const std::string* t : {&d.code, &d.guard, &d.way}) w.text(*t);
    w.flag(d.fixed);
  }
  bool known = true;   // every reason is one of the app's
  RecordWriter w;

 private:
  void because(const std::vector<FactId>& ids) {
    w.number(ids.size());
    for (const FactId& id : ids) {
      const auto at = numbers_.find(id);
      known = known && at != numbers_.end();
      w.number(at == numbers_.end() ? 0 : at->second);
    }
  }

  const AppCode& app_;
  std::map<FactId, std::size_t> numbers_;
};

class Unpacking {
 public:
  Unpacking(Bytes record, const AppCode& app) : r(record), app_(app), reasons_(reasons(app)) {}

  Result<PowerRow> row() {
    PowerRow out{};
    KLIK_TRY(out.power, power());
    KLIK_TRY(out.held.by, text());
    KLIK_TRY(out.held.permission, r.flag());
    KLIK_TRY(out.held.sure, r.flag());
    KLIK_TRY(out.held.because, because());
    KLIK_TRY(out.use.code, text());
    KLIK_TRY(out.use.sites, r.signed_number());
    KLIK_TRY(const std::uint64_t reachable, r.below(3));
    if (reachable > 0) out.use.reachable = reachable == 2;
    for (std::string* t : {&out.use.entry, &out.use.entry_kind, &out.use.guard, &out.use.way}) {
      KLIK_TRY(*t, text());
    }
    KLIK_TRY(out.use.because, because());
    return out;
  }
  Result<OpenDoor> door() {
    KLIK_TRY(const std::uint64_t entry, r.below(app_.entries.size()));
    KLIK_TRY(const data::Power* of, power());
    KLIK_TRY(const std::uint64_t site, r.below(app_.sites.size()));
    OpenDoor out{&app_.entries[entry], of, &app_.sites[site], {}, {}, {}, false};
    for (std::string* t : {&out.code, &out.guard, &out.way}) {
      KLIK_TRY(*t, text());
    }
    KLIK_TRY(out.fixed, r.flag());
    return out;
  }
  Result<std::string> text() {
    KLIK_TRY(const std::string_view t, r.text());
    return std::string(t);
  }
  RecordReader r;

 private:
  Result<const data::Power*> power() {
    KLIK_TRY(const std::string_view id, r.name());
    if (const data::Power* p = data::find_power(id)) return p;
    return fail(Code::unsupported, 0, "a power that this program does not know");
  }
  Result<std::vector<FactId>> because() {
    KLIK_TRY(const std::uint64_t count, r.count());
    std::vector<FactId> out;
    out.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      KLIK_TRY(const std::uint64_t n, r.below(reasons_.size()));
      out.push_back(reasons_[n]);
    }
    return out;
  }

  const AppCode& app_;
  const std::vector<FactId> reasons_;
};

Result<AppPowers> unpacked(Bytes record, const AppCode& app, const flow::Platform& platform) {
  Unpacking u(record, app);
  AppPowers out;
  KLIK_TRY(const Bytes platform_digest, u.r.digest(std::tuple_size_v<Sha256Digest>));
  KLIK_TRY(const std::uint64_t classes, u.r.count());
  for (std::uint64_t i = 0; i < classes; ++i) {
    KLIK_TRY(std::string name, u.text());
    out.platform_classes.push_back(std::move(name));
  }
  if (!std::ranges::equal(digest_of_classes(out.platform_classes, platform), platform_digest)) return fail(Code::absent, 0, "made over another platform");
  KLIK_TRY(out.doors_left_out, u.r.flag());
  KLIK_TRY(out.exhausted, u.r.flag());
  KLIK_TRY(const std::uint64_t rows, u.r.count());
  for (std::uint64_t i = 0; i < rows; ++i) {
    KLIK_TRY(PowerRow row, u.row());
    out.rows.push_back(std::move(row));
  }
  KLIK_TRY(const std::uint64_t doors, u.r.count());
  for (std::uint64_t i = 0; i < doors; ++i) {
    KLIK_TRY(OpenDoor door, u.door());
    out.doors.push_back(std::move(door));
  }
  KLIK_CHECK(u.r.finished());
  return out;
}

}  // namespace

cache::Key key_of_powers(const AppCode& app) {
  RecordWriter w;
  w.text("powers of an app 1");
  w.text(app.name);
  w.text(app.uid);
  w.number(app.cleartext ? 1 + *app.cleartext : 0);
  w.signed_number(app.target_sdk);
  w.text(app.application);
  w.digest(Bytes(app.manifest));
  w.number(app.entries.size());
  for (const AppEntry& e : app.entries) {
    w.text(e.kind);
    w.text(e.class_name);
    w.number(std::to_underlying(e.door));
    w.text(e.guard);
    w.text(e.actions);
    w.digest(Bytes(e.id));
  }
  w.number(app.service_guards.size());
  for (const std::string& g : app.service_guards) w.text(g);
  const auto rights = deciding_rights(app);
  w.number(rights.size());
  for (const auto& [permission, grant] : rights) {
    w.text(permission);
    w.text(grant->effective);
  }
  w.number(app.sites.size());
  for (const AppCallSite& s : app.sites) {
    for (const std::string* t : {&s.power, &s.class_name, &s.method, &s.descriptor, &s.callee, &s.argument}) w.text(*t);
    w.signed_number(s.at);
    w.flag(s.nested);
    w.digest(Bytes(s.id));
  }
  w.number(app.graphs.size());
  Hasher hasher;
  for (const AppGraph& g : app.graphs) {
    w.flag(g.nested);
    w.number(g.packed.size());
    hasher.update(Bytes::of(g.packed));
  }
  const std::string rest = w.take();
  hasher.update(Bytes::of(rest));
  return hasher.finish_sha256();
}

std::string packed_powers(const AppPowers& powers, const AppCode& app, const flow::Platform& platform) {
  Packing p(app);
  p.w.digest(as_bytes(digest_of_classes(powers.platform_classes, platform)));
  p.w.number(powers.platform_classes.size());
  for (const std::string& name : powers.platform_classes) p.w.text(name);
  p.w.flag(powers.doors_left_out);
  p.w.flag(powers.exhausted);
  p.w.number(powers.rows.size());
  for (const PowerRow& r : powers.rows) p.row(r);
  p.w.number(powers.doors.size());
  for (const OpenDoor& d : powers.doors) p.door(d);
  return p.known ? p.w.take() : std::string();
}

std::optional<AppPowers> unpacked_powers(Bytes record, const AppCode& app, const flow::Platform& platform) {
  auto powers = unpacked(record, app, platform);
  return powers ? std::optional(std::move(*powers)) : std::nullopt;
}

}  // namespace klik
