#include "extract/rights_model.h"

#include <algorithm>
#include <set>

#include "data/permissions.h"
#include "extract/columns.h"
#include "extract/rights_image.h"
#include "extract/rights_platform_key.h"

namespace klik::rights {
namespace {

void each(const BuildRows& rows, std::string_view name, const std::function<void(const FactKind&, const FactRow&)>& use) {
  if (const FactKind* kind = find_kind(name)) rows.facts(*kind, [&](const FactRow& row) { use(*kind, row); });
}

class Reader {
 public:
  explicit Reader(const BuildRows& rows) : rows_(rows) {}

  Model run() {
    each(rows_, "device.identity", [&](const FactKind& k, const FactRow& row) {
      if (const auto sdk = number_of(k, row, "sdk"); sdk && *sdk > 0 && *sdk < 10'000) {
        model_.image.sdk = static_cast<int>(*sdk);
        model_.image.sdk_known = true;
        identity_ = row.id;
      }
    });
    if (!model_.image.sdk_known) model_.image.sdk = data::kNewestTable;
    packages();
    keys();
    shared_users();
    read_image(rows_, model_.packages, model_.image);
    definitions();
    requests();
    return std::move(model_);
  }

 private:
  Package* at(std::string_view path) {
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : &model_.packages[found->second];
  }

  void packages() {
    each(rows_, "device.actor", [&](const FactKind& k, const FactRow& row) {
      if (text_of(k, row, "kind") != "package") return;
      Package p;
      p.name = text_of(k, row, "name");
      p.path = text_of(k, row, "path");
      p.privileged = number_of(k, row, "privileged").value_or(0) != 0;
      model_.packages.push_back(std::move(p));
    });
    std::ranges::sort(model_.packages, {}, [](const Package& p) { return std::tuple(p.path, p.name); });
    for (std::size_t i = 0; i < model_.packages.size(); ++i) by_path_.try_emplace(model_.packages[i].path, i);
    each(rows_, "app.package", [&](const FactKind& k, const FactRow& row) {
      Package* p = at(row.artifact.path);
      if (!p || p->name != text_of(k, row, "name")) return;
      p->fact = row.id;
      p->place = app_place(row.artifact.device_path);
      p->shared_user = text_of(k, row, "shared_uid");
      p->persistent = number_of(k, row, "persistent").value_or(0) != 0;
      p->target = static_cast<int>(std::clamp<std::int64_t>(number_of(k, row, "target_sdk").value_or(1), 1, 10'000));
    });
  }

  // The certificate that this image's version takes; else the one of a signature that does not verify, since phones read
  // the certificates of preinstalled apps without verifying them.
  void keys() {
    std::map<std::string, std::int64_t, std::less<>> from;
    each(rows_, "app.signature", [&](const FactKind& k, const FactRow& row) {
      Package* p = at(row.artifact.path);
      if (!p || text_of(k, row, "scheme") == "v4") return;
      const std::int64_t first = number_of(k, row, "sdk_from").value_or(0), last = number_of(k, row, "sdk_to").value_or(10'000);
      const bool here = first <= model_.image.sdk && model_.image.sdk <= last;
      const std::int64_t rank = here ? 100'000 : first;
      if (const auto [best, fresh] = from.try_emplace(p->path, rank); !fresh) {
        if (rank <= best->second) return;
        best->second = rank;
      }
      p->keys.signer = text_of(k, row, "verdict") == "verified" ? std::string(text_of(k, row, "signer")) : std::string();
      p->signature = row.id;
    });
    each(rows_, "app.signer", [&](const FactKind& k, const FactRow& row) {
      Package* p = at(row.artifact.path);
      if (!p) return;
      const std::string_view role = text_of(k, row, "role");
      if (role == "lineage") p->keys.ancestors.emplace_back(text_of(k, row, "sha256"));
      if (role == "refused" && p->keys.signer.empty() && p->place.scanned() && number_of(k, row, "n") == 0) {
        p->keys.signer = text_of(k, row, "sha256");
        p->signature = row.id;
      }
    });
    std::vector<KeyWitness> witnesses;
    for (const Package& p : model_.packages) witnesses.push_back({p.name, p.shared_user, p.keys.signer, p.fact, p.signature});
    const PlatformKey key = platform_key(rows_, witnesses);
    model_.image.platform.signer = key.sha256;
    model_.image.platform_why = {key.why, key.because};
    for (const Package& p : model_.packages)
      if (p.name == "android" && p.keys.signer == key.sha256) model_.image.platform.ancestors = p.keys.ancestors;
  }

  // Members share one user: all have one signer, and from Android 12 on the lowest target counts for all.
  void shared_users() {
    std::map<std::string, std::vector<Package*>> members;
    for (Package& p : model_.packages)
      if (!p.shared_user.empty()) members[p.shared_user].push_back(&p);
    for (auto& [user, of] : members) {
      Keys owner;
      if (user == "android.uid.system") owner = model_.image.platform;
      if (owner.signer.empty()) {
        std::map<std::string, std::size_t> signers;
        for (const Package* p : of)
          if (!p->keys.signer.empty()) ++signers[p->keys.signer];
        std::size_t most = 0;
        for (const auto& [signer, n] : signers)
          if (n > most) owner.signer = signer, most = n;
      }
      int lowest = 10'000;
      for (Package* p : of) {
        if (!p->keys.signer.empty() && !owner.signer.empty() && !signed_alike(p->keys, owner, model_.image.sdk)) {
          p->refused = true;
          model_.contradictions.push_back(p->name + " in " + p->path + " asks to run as " + user);
        } else {
          lowest = std::min(lowest, p->target);
        }
      }
      if (model_.image.sdk >= 31)
        for (Package* p : of) p->target = std::min(p->target, lowest);
    }
  }

  // The platform comes first, then what Android scans first; of equals the lowest path.
  static int scan_rank(const Package& p) {
    if (p.name == "android") return 0;
    if (p.place.folder == "framework") return 1;
    if (p.place.partition == "system") return p.place.folder == "priv-app" ? 2 : 3;
    return p.place.on_image() ? 4 : 5;
  }

  void definitions() {
    std::vector<std::tuple<int, std::string, std::string, Definition>> declared;
    each(rows_, "app.permission_declaration", [&](const FactKind& k, const FactRow& row) {
      const Package* p = at(row.artifact.path);
      if (!p || p->refused) return;
      Definition d;
      d.package = p->name;
      d.keys = p->keys;
      d.platform = p->name == "android";
      d.fact = row.id;
      if (const auto level = number_of(k, row, "protection_level")) d.level = static_cast<std::uint32_t>(*level);
      declared.emplace_back(scan_rank(*p), p->path, std::string(text_of(k, row, "permission")), std::move(d));
    });
    std::ranges::stable_sort(declared, {}, [](const auto& d) { return std::tie(std::get<0>(d), std::get<1>(d)); });
    // Without a platform package its permissions are those of plain AOSP: they come before everybody's.
    if (!model_.image.has_platform)
      for (const std::string_view name : data::aosp_permissions(model_.image.sdk)) {
        Definition d;
        d.package = "android";
        d.level = data::aosp_protection(name, model_.image.sdk);
        d.platform = d.assumed = true;
        if (identity_) d.because = {*identity_};
        model_.definitions.emplace(name, std::move(d));
      }
    for (auto& [rank, path, permission, d] : declared) {
      const auto [first, fresh] = model_.definitions.try_emplace(permission, d);
      if (!fresh && first->second.package != d.package) model_.conflicts.push_back({permission, first->second.package, d.package});
    }
  }

  void requests() {
    model_.requests.resize(model_.packages.size());
    const int sdk = model_.image.sdk;
    each(rows_, "app.permission_request", [&](const FactKind& k, const FactRow& row) {
      const auto found = by_path_.find(row.artifact.path);
      if (found == by_path_.end()) return;
      Request r{std::string(text_of(k, row, "permission")), {row.id}, true, {}};
      const auto max_sdk = number_of(k, row, "max_sdk");
      if (model_.image.sdk_known && max_sdk && *max_sdk < sdk) r.not_asked = "asked for up to API " + std::to_string(*max_sdk) + " only";
      if (model_.image.sdk_known && sdk < 23 && number_of(k, row, "sdk23").value_or(0) != 0) r.not_asked = "asked for from Android 6 on only";
      std::vector<Request>& all = model_.requests[found->second];
      const auto same = std::ranges::find(all, r.permission, &Request::permission);
      if (same == all.end()) all.push_back(std::move(r));
      else if (!same->not_asked.empty() && r.not_asked.empty()) *same = std::move(r);
    });
    struct Implied {
      std::string permission, implied;
      std::int64_t below;
      std::vector<FactId> because;
    };
    std::vector<Implied> implied;
    each(rows_, "system.split_permission", [&](const FactKind& k, const FactRow& row) {
      if (!grants_count(row.artifact.device_path)) return;
      implied.push_back({std::string(text_of(k, row, "permission")), std::string(text_of(k, row, "implied")), number_of(k, row, "target_below").value_or(10'000), {row.id}});
    });
    if (model_.image.present)
      for (const data::ImpliedRequest& r : data::implied_requests())
        if (r.sdk_from <= sdk && sdk <= r.sdk_to) implied.push_back({std::string(r.permission), std::string(r.implied), r.target_below == 0 ? 10'000 : r.target_below, {}});
    for (std::size_t i = 0; i < model_.packages.size(); ++i) {
      std::vector<Request>& all = model_.requests[i];
      std::ranges::stable_sort(all, {}, &Request::permission);
      for (const Implied& rule : implied) {
        if (rule.below < 10'000 && model_.packages[i].target >= rule.below) continue;   // 10000: every target
        const bool every = rule.permission == "*";
        const auto asked = std::ranges::find_if(all, [&](const Request& r) { return r.permission == rule.permission && r.not_asked.empty(); });
        if ((!every && asked == all.end()) || std::ranges::find(all, rule.implied, &Request::permission) != all.end()) continue;
        if (!model_.definitions.contains(rule.implied)) continue;
        std::vector<FactId> because = every ? std::vector{model_.packages[i].fact} : asked->because;
        because.insert(because.end(), rule.because.begin(), rule.because.end());
        all.push_back({rule.implied, std::move(because), false, {}});
      }
    }
  }

  const BuildRows& rows_;
  Model model_;
  std::map<std::string, std::size_t, std::less<>> by_path_;
  std::optional<FactId> identity_;
};

}  // namespace

Model read_model(const BuildRows& rows) { return Reader(rows).run(); }

}  // namespace klik::rights
