// Which SELinux domain each package and each service of init runs in, and why.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "data/table.h"
#include "extract/columns.h"
#include "formats/android/file_contexts.h"
#include "formats/android/seapp_contexts.h"

namespace klik {

std::span<const EmbeddedFile> embedded_selinux();

namespace {

constexpr std::string_view kName = "domains@1";

constexpr Column kColumns[] = {
    {"kind", ColumnType::text, "Of the actor: package or service.", true},
    {"name", ColumnType::text, "Of the actor.", true},
    {"path", ColumnType::text, "The artifact that it is.", true},
    {"seclabel", ColumnType::text, "The domain of its (main) process."},
    {"why", ColumnType::text, "How that is known; assumed: …, when the file that decides was not handed in."},
};
constexpr FactKind kDomain{"device.domain", "The SELinux domain that an actor runs in.", kColumns};
constexpr const FactKind* kEmits[] = {&kDomain};

// Later files win over earlier ones; Android reads them in this order.
struct Partition {
  std::string_view beginning, folder;
};
constexpr Partition kPartitions[] = {{"plat_", "/system/"}, {"system_ext_", "/system_ext/"}, {"product_", "/product/"}, {"vendor_", "/vendor/"}, {"odm_", "/odm/"}};
constexpr std::size_t kVendor = 3;

std::size_t rank_of(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of("/!") + 1);
  for (std::size_t i = 0; i < std::size(kPartitions); ++i)
    if (name.starts_with(kPartitions[i].beginning)) return i;
  return name.starts_with("nonplat_") ? kVendor : 0;   // nonplat_: Android 8.0; before it, one file without such a beginning
}

// The partition whose file of labels speaks of this path.
std::size_t partition_rank(std::string_view device_path) {
  for (std::size_t i = 1; i < std::size(kPartitions); ++i)
    if (device_path.starts_with(kPartitions[i].folder) || device_path.starts_with(std::string("/system") + std::string(kPartitions[i].folder))) return i;
  return 0;
}

// The recovery's own files describe the recovery.
bool of_recovery(const ArtifactRow& a) { return a.path.find("recovery") != std::string_view::npos; }

struct SeappRule {
  seapp::Rule rule;
  std::string text;
  std::optional<FactId> id;   // none: AOSP's
};

struct Label {
  std::string expression, label;
  FactId id;
};

struct Signer {
  std::string seinfo;
  FactId id;
};

// The user that a shared user's number belongs to. Source: AOSP android_filesystem_config.h, Settings.java (addSharedUserLPw).
std::string user_of(std::string_view shared_uid) {
  static constexpr std::pair<std::string_view, std::string_view> kUsers[] = {
      {"android.uid.system", "system"}, {"android.uid.phone", "radio"}, {"android.uid.bluetooth", "bluetooth"}, {"android.uid.log", "log"},         {"android.uid.nfc", "nfc"},
      {"android.uid.se", "secure_element"}, {"android.uid.networkstack", "network_stack"}, {"android.uid.shell", "shell"}, {"android.uid.uwb", "uwb"}};
  for (const auto& [uid, user] : kUsers)
    if (uid == shared_uid) return std::string(user);
  return "_app";
}

class Domains {
 public:
  Domains(const Image& image, FactSink& sink) : rows_(image.rows), sink_(sink) {}

  void run() {
    read_seapp();
    read_signers();
    packages();
    read_labels();
    read_transitions();
    services();
  }

 private:
  void read_seapp() {
    struct Found {
      std::size_t rank;
      std::string path;
      std::int64_t at;
      SeappRule rule;
    };
    std::vector<Found> found;
    if (const FactKind* kind = find_kind("selinux.seapp"))
      rows_.facts(*kind, [&](const FactRow& row) {
        if (of_recovery(row.artifact)) return;
        const std::string text(text_of(*kind, row, "rule"));
        if (auto rule = seapp::parse(text)) found.push_back({rank_of(row.artifact.path), std::string(row.artifact.path), number_of(*kind, row, "at").value_or(0), {std::move(*rule), text, row.id}});
      });
    std::ranges::sort(found, {}, [](const Found& f) { return std::tie(f.rank, f.path, f.at); });
    for (Found& f : found) seapp_.push_back(std::move(f.rule));
    if (seapp_.empty()) assume_seapp();
    // The order of precedence is over rules alone; here each keeps its text.
    std::vector<seapp::Rule> order;
    for (std::size_t i = 0; i < seapp_.size(); ++i) {
      order.push_back(seapp_[i].rule);
      order.back().level_from = std::to_string(i);
    }
    seapp::sort_by_precedence(order);
    std::vector<SeappRule> sorted;
    for (const seapp::Rule& r : order) sorted.push_back(seapp_[static_cast<std::size_t>(std::stoul(r.level_from))]);
    seapp_ = std::move(sorted);
  }

  void assume_seapp() {
    std::int64_t sdk = 0;
    if (const FactKind* kind = find_kind("device.identity")) rows_.facts(*kind, [&](const FactRow& row) {
      sdk = number_of(*kind, row, "sdk").value_or(0);
      identity_ = row.id;
    });
    const auto number = [](std::string_view text) {
      std::int64_t out = 0;
      for (const char c : text) out = out * 10 + (c - '0');
      return out;
    };
    if (sdk == 0) return;
    for (const EmbeddedFile& file : embedded_selinux())
      if (file.name == "seapp.tsv")
        for (const data::TableRow& row : data::rows_of(file.text))
          if (sdk >= number(row[0]) && sdk <= number(row[1]))
            if (auto rule = seapp::parse(row[2])) seapp_.push_back({std::move(*rule), std::string(row[2]), std::nullopt});
  }

  void read_signers() {
    const FactKind* kind = find_kind("system.mac_signer");
    if (!kind) return;
    rows_.facts(*kind, [&](const FactRow& row) {
      signers_.try_emplace({std::string(text_of(*kind, row, "certificate")), std::string(text_of(*kind, row, "package"))}, std::string(text_of(*kind, row, "seinfo")), row.id);
    });
  }

  // A line about one package counts before the one about all of its signer.
  const Signer* seinfo(const std::string& certificate, const std::string& package) const {
    if (certificate.empty()) return nullptr;
    for (const std::string& name : {package, std::string()})
      if (const auto found = signers_.find({certificate, name}); found != signers_.end()) return &found->second;
    return nullptr;
  }

  void packages() {
    const FactKind* kind = find_kind("device.actor");
    if (!kind || seapp_.empty()) return;
    std::map<std::string, std::int64_t, std::less<>> target_sdk;   // by path
    if (const FactKind* manifest = find_kind("app.package")) rows_.facts(*manifest, [&](const FactRow& row) { target_sdk[std::string(row.artifact.path)] = number_of(*manifest, row, "target_sdk").value_or(1); });
    struct Package {
      std::string name, path, shared_uid, signer;
      bool privileged;
      FactId id;
    };
    struct Shared {
      std::int64_t target_sdk = 1 << 20;
      bool privileged = false;
    };
    std::vector<Package> all;
    std::map<std::string, Shared> shared;
    std::string platform;   // the signer of the package `android`, or of those who share its user
    rows_.facts(*kind, [&](const FactRow& row) {
      if (text_of(*kind, row, "kind") != "package") return;
      Package p{std::string(text_of(*kind, row, "name")), std::string(text_of(*kind, row, "path")), std::string(text_of(*kind, row, "uid")), std::string(text_of(*kind, row, "signer")), number_of(*kind, row, "privileged").value_or(0) != 0, row.id};
      if (!p.shared_uid.empty()) {
        Shared& s = shared[p.shared_uid];
        s.target_sdk = std::min(s.target_sdk, target_sdk[p.path]);
        s.privileged |= p.privileged;
      }
      all.push_back(std::move(p));
    });
    // Without mac_permissions.xml, the build's platform key stands for it.
    if (signers_.empty())
      if (const FactKind* signer = find_kind("device.signer")) rows_.facts(*signer, [&](const FactRow& row) {
        if (text_of(*signer, row, "known_as") == "platform") platform = text_of(*signer, row, "sha256");
      });
    for (const Package& p : all) {
      seapp::App app;
      app.user = user_of(p.shared_uid);
      app.name = p.name;
      app.privileged = p.privileged;
      app.target_sdk = target_sdk[p.path];
      if (const auto group = shared.find(p.shared_uid); group != shared.end()) {
        app.target_sdk = group->second.target_sdk;
        app.privileged = group->second.privileged;
      }
      app.system_server = p.name == "android";
      const Signer* mac = seinfo(p.signer, p.name);
      const bool by_key = !mac && !platform.empty() && platform == p.signer;
      if (mac) app.seinfo = mac->seinfo;
      else if (by_key) app.seinfo = "platform";
      for (const SeappRule& r : seapp_) {
        if (!seapp::matches(r.rule, app)) continue;
        std::vector<FactId> because{p.id};
        if (r.id) because.push_back(*r.id);
        else if (identity_) because.push_back(*identity_);
        if (mac) because.push_back(mac->id);
        std::string why = r.id ? "seapp_contexts: " + r.text : "assumed: AOSP's seapp_contexts has " + r.text;
        if (by_key) why += "; assumed: seinfo=platform for the build's platform key";
        // The first process turns into the system server once it has started (AOSP system_server_startup.te).
        emit("package", p.name, p.path, r.rule.domain == "system_server_startup" ? "system_server" : r.rule.domain, why, std::move(because));
        break;
      }
    }
  }

  void read_labels() {
    rows_.artifacts([&](const ArtifactRow& a) {
      if (!a.selinux.empty() && !a.device_path.empty() && !of_recovery(a)) in_image_.try_emplace(std::string(a.device_path), std::string(a.selinux.substr(0, a.selinux.find('\0'))));
    });
    const FactKind* kind = find_kind("selinux.file_label");
    if (!kind) return;
    struct Found {
      std::size_t rank;
      std::string path;
      std::int64_t at;
      Label label;
    };
    std::vector<Found> found;
    rows_.facts(*kind, [&](const FactRow& row) {
      const std::string_view type = text_of(*kind, row, "file_type");
      if (of_recovery(row.artifact) || (!type.empty() && type != "--")) return;
      found.push_back({rank_of(row.artifact.path), std::string(row.artifact.path), number_of(*kind, row, "at").value_or(0), {std::string(text_of(*kind, row, "path")), std::string(text_of(*kind, row, "label")), row.id}});
    });
    std::ranges::sort(found, {}, [](const Found& f) { return std::tie(f.rank, f.path, f.at); });
    for (Found& f : found) {
      if (f.path.substr(f.path.find_last_of("/!") + 1) == "file_contexts") every_partition_ = true;
      labelled_[f.rank] = true;
      by_rule_.add(f.label.expression, f.label.label, labels_.size());
      labels_.push_back(std::move(f.label));
    }
  }

  void read_transitions() {
    const FactKind* kind = find_kind("selinux.transition");
    if (!kind) return;
    rows_.facts(*kind, [&](const FactRow& row) {
      if (of_recovery(row.artifact) || text_of(*kind, row, "source") != "init") return;
      transitions_.try_emplace(std::string(text_of(*kind, row, "program")), std::string(text_of(*kind, row, "domain")), row.id);
    });
  }

  void services() {
    const FactKind* actor = find_kind("device.actor");
    const FactKind* kind = find_kind("device.service");
    if (!actor || !kind) return;
    struct Service {
      std::string executable, seclabel;
      FactId id;
    };
    std::map<std::string, Service> known;
    rows_.facts(*kind, [&](const FactRow& row) {
      known.try_emplace(std::string(text_of(*kind, row, "name")), std::string(text_of(*kind, row, "executable")), std::string(text_of(*kind, row, "seclabel")), row.id);
    });
    rows_.facts(*actor, [&](const FactRow& row) {
      if (text_of(*actor, row, "kind") != "service") return;
      const std::string name(text_of(*actor, row, "name"));
      const auto service = known.find(name);
      if (service == known.end()) return;
      const Service& s = service->second;
      const std::string path(text_of(*actor, row, "path"));
      if (!s.seclabel.empty()) {
        const std::string_view type = file_contexts::type_of(s.seclabel);
        emit("service", name, path, std::string(type.empty() ? s.seclabel : type), "seclabel of the service", {row.id, s.id});
        return;
      }
      by_program(name, path, s.executable, {row.id, s.id});
    });
  }

  // No label of its own: the label of its program decides, through a transition of the policy.
  void by_program(const std::string& name, const std::string& path, const std::string& executable, std::vector<FactId> because) {
    std::string label, from;
    if (const auto found = in_image_.find(executable); found != in_image_.end()) {
      label = found->second;
      from = "in the image";
    } else if (!every_partition_ && !labelled_[partition_rank(executable)]) {
      return;   // the other partitions' files say something about everything, but nothing true of this one
    } else if (const auto rule = by_rule_.find(executable)) {
      label = rule->label;
      from = "by file_contexts " + labels_[rule->tag].expression;
      because.push_back(labels_[rule->tag].id);
    }
    const std::string type(file_contexts::type_of(label));
    if (type.empty()) return;
    const std::string program = executable + " is " + type + " " + from;
    if (const auto next = transitions_.find(type); next != transitions_.end()) {
      because.push_back(next->second.second);
      emit("service", name, path, next->second.first, "the policy starts " + type + " in this domain; " + program, std::move(because));
    } else if (!transitions_.empty()) {
      // A file of labels that was not handed in could still give this program a label of its own.
      if (from != "in the image" && !every_partition_ && !(labelled_[0] && labelled_[kVendor])) return;
      emit("service", name, path, "init", "the policy has no transition for its program: it would stay init, and newer versions of init refuse to start it; " + program, std::move(because));
    } else if (type.ends_with("_exec")) {
      emit("service", name, path, type.substr(0, type.size() - 5), "assumed: no policy was read, and programs of a domain carry its name; " + program, std::move(because));
    }
  }

  void emit(std::string_view kind, std::string_view name, std::string_view path, std::string_view domain, std::string_view why, std::vector<FactId> because) {
    sink_.fact({&kDomain, rows_.build(), Row(kDomain).set("kind", kind).set("name", name).set("path", path).set("seclabel", domain).set("why", why).values(), {}, kName, std::move(because)});
  }

  const BuildRows& rows_;
  FactSink& sink_;
  std::vector<SeappRule> seapp_;
  std::optional<FactId> identity_;
  std::map<std::pair<std::string, std::string>, Signer> signers_;          // by certificate and package
  std::map<std::string, std::string, std::less<>> in_image_;               // device path → label
  file_contexts::Matcher by_rule_;
  std::vector<Label> labels_;
  bool labelled_[std::size(kPartitions)] = {};   // partitions whose file of labels was read
  bool every_partition_ = false;                 // one file for all, before Android 8
  std::map<std::string, std::pair<std::string, FactId>, std::less<>> transitions_;   // from init: label of a program → domain
};

void run(const Image& image, FactSink& sink) { Domains(image, sink).run(); }

}  // namespace

extern const ImageExtractor image_extractor_domains;
constexpr ImageExtractor image_extractor_domains{.name = kName, .title = "The SELinux domain of every package and service", .emits = kEmits, .run = run};

}  // namespace klik
