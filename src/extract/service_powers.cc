// What native services are able to do: their user, groups and capabilities joined with what their programs import and
// name. A service is reached from outside through the sockets that init makes for it.
#include <algorithm>
#include <map>
#include <set>

#include "data/powers.h"
#include "extract/columns.h"
#include "extract/power_facts.h"

namespace klik {
namespace {

using namespace power_facts;

constexpr std::string_view kName = "service_powers@1";
constexpr std::size_t kReasonsNamed = 8;

struct Socket {
  std::string name, mode, group;
  FactId id;
};

struct Service {
  std::string name, path, user, domain, program;
  std::vector<std::string_view> groups, capabilities;
  std::string groups_text, capabilities_text;
  bool has_capabilities = false, starts = false;
  FactId actor{}, id{};
  std::vector<Socket> sockets;
};

struct Program {
  std::map<std::string, FactId, std::less<>> imports, texts;
};

class Joining {
 public:
  Joining(const BuildRows& rows, FactSink& sink) : rows_(rows), sink_(sink) {}

  void run() {
    services();
    programs();
    domains();
    users();
    for (const Service& s : services_)
      for (const data::Power& p : data::powers())
        if (!p.guard && p.all.empty() && !p.needs_cleartext) power(s, p);
  }

 private:
  void each(std::string_view kind_name, const std::function<void(const FactKind&, const FactRow&)>& row) {
    if (const FactKind* kind = find_kind(kind_name)) rows_.facts(*kind, [&](const FactRow& r) { row(*kind, r); });
  }

  void services() {
    std::map<std::string, std::pair<std::string, FactId>, std::less<>> actors;   // name → path of the actor
    each("device.actor", [&](const FactKind& k, const FactRow& r) {
      if (text_of(k, r, "kind") == "service") actors.try_emplace(std::string(text_of(k, r, "name")), text_of(k, r, "path"), r.id);
    });
    each("device.service", [&](const FactKind& k, const FactRow& r) {
      const auto actor = actors.find(text_of(k, r, "name"));
      if (actor == actors.end()) return;
      Service s{.name = actor->first, .path = actor->second.first, .user = std::string(text_of(k, r, "user")), .domain = std::string(text_of(k, r, "seclabel")), .program = std::string(text_of(k, r, "program")), .groups = {}, .capabilities = {},
                .groups_text = std::string(text_of(k, r, "groups")), .capabilities_text = std::string(text_of(k, r, "capabilities")), .actor = actor->second.second, .id = r.id, .sockets = {}};
      s.has_capabilities = !s.capabilities_text.empty();
      s.starts = number_of(k, r, "disabled") == 0 || !text_of(k, r, "started_by").empty();
      services_.push_back(std::move(s));
    });
    std::ranges::sort(services_, {}, &Service::name);
    for (Service& s : services_) {
      s.groups = data_items(s.groups_text);
      s.capabilities = data_items(s.capabilities_text);
      std::ranges::transform(s.capabilities_text, s.capabilities_text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    }
    each("init.socket", [&](const FactKind& k, const FactRow& r) {
      const auto s = std::ranges::lower_bound(services_, text_of(k, r, "service"), {}, [](const Service& x) { return std::string_view(x.name); });
      if (s != services_.end() && s->name == text_of(k, r, "service")) s->sockets.push_back({std::string(text_of(k, r, "name")), std::string(text_of(k, r, "mode")), std::string(text_of(k, r, "socket_group")), r.id});
    });
  }
  static std::vector<std::string_view> data_items(std::string_view text) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
      const auto from = text.find_first_not_of(' ');
      if (from == text.npos) break;
      text.remove_prefix(from);
      out.push_back(text.substr(0, text.find(' ')));
      text.remove_prefix(out.back().size());
    }
    return out;
  }

  void programs() {
    for (const Service& s : services_)
      if (!s.program.empty()) programs_.try_emplace(s.program);
    const auto take = [&](const FactKind& k, const FactRow& r, std::string_view column, auto member) {
      const auto p = programs_.find(r.artifact.path);
      if (p != programs_.end()) (p->second.*member).try_emplace(std::string(text_of(k, r, column)), r.id);
    };
    each("native.import", [&](const FactKind& k, const FactRow& r) { take(k, r, "name", &Program::imports); });
    each("native.string", [&](const FactKind& k, const FactRow& r) { take(k, r, "value", &Program::texts); });
  }

  void domains() {
    each("device.domain", [&](const FactKind& k, const FactRow& r) {
      if (text_of(k, r, "kind") != "service") return;
      const auto s = std::ranges::lower_bound(services_, text_of(k, r, "name"), {}, [](const Service& x) { return std::string_view(x.name); });
      if (s != services_.end() && s->name == text_of(k, r, "name")) s->domain = text_of(k, r, "seclabel");
    });
    each("selinux.domain", [&](const FactKind& k, const FactRow& r) {
      if (number_of(k, r, "permissive") == 1) permissive_.emplace(text_of(k, r, "domain"));
    });
  }
  // "u:r:netd:s0" → "netd"
  static std::string_view type_of(std::string_view label) {
    for (int i = 0; i < 2; ++i) {
      const auto colon = label.find(':');
      if (colon == label.npos) return label;
      label.remove_prefix(colon + 1);
    }
    return label.substr(0, label.find(':'));
  }

  void users() {
    each("device.uid_right", [&](const FactKind& k, const FactRow& r) { rights_[std::string(text_of(k, r, "uid"))].emplace(std::string(text_of(k, r, "permission")), r.id); });
  }

  // "" when nothing allows it.
  std::string right(const Service& s, const data::Power& p, std::vector<FactId>& because) const {
    std::string by;
    const auto add = [&](const std::string& what) { by += (by.empty() ? "" : ", ") + what; };
    // Root with a list of capabilities keeps only those; without one it keeps all.
    const bool whole_root = s.user == "root" && !s.has_capabilities;
    if (whole_root && std::ranges::find(p.uids, "root") != p.uids.end()) add("user root");
    if (s.user != "root" && std::ranges::find(p.uids, s.user) != p.uids.end()) add("user " + s.user);
    for (const std::string_view g : s.groups)
      if (g != s.user && g != "root" && g != "system" && std::ranges::find(p.uids, g) != p.uids.end()) add("group " + std::string(g));
    for (const std::string_view c : p.capabilities)
      if (whole_root || std::ranges::any_of(s.capabilities, [&](std::string_view have) { return std::ranges::equal(have, c, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }); })) add("capability " + std::string(c));
    for (const std::string_view permission : p.rights) {
      const auto given = [&](const std::string& uid) {
        const auto of = rights_.find(uid);
        if (of == rights_.end()) return false;
        const auto one = of->second.find(permission);
        if (one == of->second.end()) return false;
        because.push_back(one->second);
        return true;
      };
      if (given(s.user)) add(std::string(permission) + " of user " + s.user);
      for (const std::string_view g : s.groups)
        if (given("group:" + std::string(g))) add(std::string(permission) + " of group " + std::string(g));
    }
    if (by.empty() && p.none_until) by = "no right needed";
    return by;
  }

  void power(const Service& s, const data::Power& p) {
    const auto program = programs_.find(s.program);
    if (program == programs_.end()) return;
    std::string code;
    std::int64_t sites = 0;
    std::vector<FactId> uses;
    const auto use = [&](const std::string& what, const FactId& id) {
      if (++sites == 1) code = what;
      if (uses.size() < kReasonsNamed) uses.push_back(id);
    };
    for (const std::string_view symbol : p.natives)
      if (const auto i = program->second.imports.find(symbol); i != program->second.imports.end()) use("imports " + i->first, i->second);
    for (const std::string_view glob : p.native_texts)
      for (const auto& [text, id] : program->second.texts)
        if (data::glob_matches(glob, text)) use("names " + text, id);
    if (code.empty()) return;
    std::vector<FactId> because{s.actor, s.id};
    std::string held = right(s, p, because);
    if (held.empty() && p.rights.empty() && p.uids.empty()) return;
    if (!held.empty() && !s.domain.empty()) held += "; SELinux domain " + s.domain + (permissive_.contains(type_of(s.domain)) ? " (permissive)" : "");
    because.insert(because.end(), uses.begin(), uses.end());

    Row row(kPower);
    row.set("actor_kind", "service").set("actor", s.name).set("path", s.path).set("power", p.id).set("code", code).set("sites", sites).set("baseline", false);
    if (!held.empty()) row.set("held_by", held);
    if (s.starts) row.set("reachable", true).set("entry", s.name).set("entry_kind", "background");
    // The widest socket decides.
    for (const Socket& k : s.sockets) {
      const bool all = !k.mode.empty() && ((k.mode.back() - '0') & 2) != 0;
      if (!all && !(k.mode.size() >= 2 && ((k.mode[k.mode.size() - 2] - '0') & 2) != 0)) continue;
      row.set("reachable", true).set("entry", "/dev/socket/" + k.name).set("entry_kind", all ? "exported" : "guarded");
      if (!all) row.set("guard", "group " + (k.group.empty() ? std::string("root") : k.group));
      because.push_back(k.id);
      if (all) break;
    }
    sink_.fact({&kPower, rows_.build(), row.values(), {}, kName, std::move(because)});
  }

  const BuildRows& rows_;
  FactSink& sink_;
  std::vector<Service> services_;
  std::map<std::string, Program, std::less<>> programs_;
  std::set<std::string, std::less<>> permissive_;
  std::map<std::string, std::map<std::string, FactId, std::less<>>> rights_;
};

void run(const Image& image, FactSink& sink) { Joining(image.rows, sink).run(); }

}  // namespace

extern const ImageExtractor image_extractor_service_powers;
constexpr ImageExtractor image_extractor_service_powers{.name = kName, .title = "What native services are able to do", .emits = {}, .run = run};

}  // namespace klik
