#include "extract/init_order.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "extract/columns.h"

namespace klik {
namespace {

constexpr int kFolders = 24, kModules = 29, kVendorFirst = 31;   // API levels
constexpr unsigned kMostNested = 64;

struct Import {
  std::int64_t at;
  std::string name;
  FactId id;
};

bool is_script(std::string_view device_path) { return device_path.ends_with("rc") && device_path.find('.') != device_path.npos; }

class Reading {
 public:
  Reading(const BuildRows& rows, const PhoneFiles& files, const EffectiveProps& props) : files_(files), props_(props) {
    if (const FactKind* kind = find_kind("init.import"))
      rows.facts(*kind, [&](const FactRow& row) {
        imports_[std::string(row.artifact.path)].push_back({number_of(*kind, row, "at").value_or(0), std::string(text_of(*kind, row, "path")), row.id});
      });
    for (auto& [path, list] : imports_) std::ranges::sort(list, {}, [](const Import& i) { return std::tie(i.at, i.name); });
    learn_hardware();
    for (const char* root : {"/system/etc/init/hw/init.rc", "/init.rc"})
      if (const PhoneFile* file = files_.find(root)) {
        read(*file, "first script", 0);
        break;
      }
    if (order_.scripts.empty()) without_root(rows);
    folders();
  }

  InitOrder take() { return std::move(order_); }

 private:
  void read(const PhoneFile& file, const std::string& why, unsigned depth) {
    if (depth > kMostNested || !seen_.insert(file.path).second) return;
    order_.scripts.push_back({file.path, why});
    const auto list = imports_.find(file.path);
    if (list == imports_.end()) return;
    for (const Import& i : list->second) import(i, file.path, depth);
  }

  void import(const Import& i, const std::string& by, unsigned depth) {
    const auto [name, assumed] = expanded(i.name);
    const std::string place = name.starts_with('/') ? name : "/" + name;
    const std::string why = (assumed.empty() ? "" : "assumed: " + assumed + "; ") + "imported by " + by;
    if (const PhoneFile* file = files_.find(place); file && file->kind != "folder") return read(*file, why, depth + 1);
    if (!in_folder(canonical_device_path(place) + "/", why, depth + 1)) order_.missing.push_back({i.name, by, i.id});
  }

  // ${ro.zygote} by the build's properties. Of ${ro.hardware} the boot loader decides; the scripts of that name tell.
  std::pair<std::string, std::string> expanded(const std::string& name) const {
    std::string out, assumed;
    for (std::size_t at = 0; at < name.size();) {
      const std::size_t open = name.find("${", at), close = open == name.npos ? name.npos : name.find('}', open);
      if (close == name.npos) {
        out += name.substr(at);
        break;
      }
      out += name.substr(at, open - at);
      const std::string inside = name.substr(open + 2, close - open - 2);
      const std::string property = inside.substr(0, inside.find(":-"));
      if (const auto value = props_.value(property); !value.empty()) {
        out += value;
      } else if ((property == "ro.hardware" || property == "ro.boot.hardware") && !hardware_.empty()) {
        out += hardware_;
        assumed = property + " is " + hardware_ + ", by the name of its other files";
      } else if (inside.size() > property.size()) {
        out += inside.substr(property.size() + 2);
      }
      at = close + 1;
    }
    return {out, assumed};
  }

  // ueventd.NAME.rc and fstab.NAME are named after the hardware too.
  void learn_hardware() {
    std::set<std::string> names;
    for (const auto& [place, file] : files_.all()) {
      const std::string_view name = std::string_view(place).substr(place.rfind('/') + 1);
      if (file.rank > 1) continue;
      if (name.starts_with("ueventd.") && name.ends_with(".rc") && name.size() > 11) names.emplace(name.substr(8, name.size() - 11));
    }
    if (names.empty())
      for (const auto& [place, file] : files_.all()) {
        const std::string_view name = std::string_view(place).substr(place.rfind('/') + 1);
        if (name.starts_with("fstab.") && name.find('.', 6) == name.npos) names.emplace(name.substr(6));
      }
    if (names.size() == 1) hardware_ = *names.begin();
    for (const char* property : {"ro.hardware", "ro.boot.hardware", "ro.board.platform", "ro.mediatek.platform"}) {
      std::string value(props_.value(property));
      std::ranges::transform(value, value.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (hardware_.empty() && (names.contains(value) || (names.empty() && files_.find("/init." + value + ".rc")))) hardware_ = value;
    }
  }

  // Files directly in that folder, by name. Newer ones may end with the API level from which on they count.
  bool in_folder(const std::string& folder, const std::string& why, unsigned depth) {
    bool any = false;
    for (auto at = files_.all().lower_bound(folder); at != files_.all().end() && at->first.starts_with(folder); ++at) {
      if (at->first.find('/', folder.size()) != at->first.npos || !is_script(at->first) || at->second.kind == "folder") continue;
      any = true;
      read(at->second, why, depth);
    }
    return any;
  }

  void folders() {
    const int sdk = props_.sdk().value_or(kVendorFirst);
    if (sdk < kFolders) return;
    std::vector<std::string> order = {"/system/etc/init/", "/system_ext/etc/init/"};
    for (const char* partition : {"vendor", "odm", "product"}) order.push_back("/" + std::string(partition) + "/etc/init/");
    if (sdk < kVendorFirst) std::reverse(order.begin() + 2, order.end());
    for (const std::string& folder : order) in_folder(folder, "in " + folder.substr(0, folder.size() - 1), 0);
    if (sdk < kModules) return;
    std::set<std::string> modules;
    for (auto at = files_.all().lower_bound("/apex/"); at != files_.all().end() && at->first.starts_with("/apex/"); ++at) {
      const auto end = at->first.find('/', 6);
      if (end != at->first.npos) modules.insert(at->first.substr(0, end) + "/etc/");
    }
    for (const std::string& folder : modules) in_folder(folder, "in the module " + folder.substr(6, folder.size() - 11), 0);
  }

  // A part of a phone: what lies in its root or at no known place may well be read.
  void without_root(const BuildRows& rows) {
    std::set<std::string> loose;
    rows.artifacts([&](const ArtifactRow& a) {
      const bool in_root = a.device_path.rfind('/') == 0;
      if (a.kind == "init" && (a.device_path.empty() || in_root) && !of_recovery(a.path)) loose.emplace(a.path);
    });
    for (const std::string& path : loose)
      if (seen_.insert(path).second) order_.scripts.push_back({path, "assumed: no first script is here"});
  }

  const PhoneFiles& files_;
  const EffectiveProps& props_;
  std::map<std::string, std::vector<Import>, std::less<>> imports_;
  std::set<std::string, std::less<>> seen_;
  std::string hardware_;
  InitOrder order_;
};

}  // namespace

InitOrder init_order(const BuildRows& rows, const PhoneFiles& files, const EffectiveProps& props) { return Reading(rows, files, props).take(); }

}  // namespace klik
