#include "extract/rights_rules.h"

#include <algorithm>

#include "data/permissions.h"

namespace klik::rights {
namespace {

using namespace data::protection;

constexpr int kAndroid6 = 23, kAndroid8 = 26, kAndroid9 = 28, kAndroid10 = 29, kAndroid12 = 31;

void add(std::vector<FactId>& to, const std::vector<FactId>& more) { to.insert(to.end(), more.begin(), more.end()); }

class Judge {
 public:
  Judge(const Package& package, const std::string& permission, const Definition& definition, const Image& image)
      : p_(package), permission_(permission), d_(definition), image_(image), level_(definition.level.value_or(0)) {
    // signatureOrSystem is the old spelling of signature|privileged.
    if ((level_ & kBaseMask) == kSignatureOrSystem) level_ = (level_ & ~kBaseMask) | kSignature | kPrivileged;
    if (d_.assumed) add(because_, d_.because);
    else because_.push_back(d_.fact);
    because_.push_back(p_.fact);
  }

  Verdict run() {
    Verdict v = !d_.level ? unknown("its protection level stands in a resource that is not here") : by_base();
    if (d_.assumed) v.why += "; assumed: AOSP API " + std::to_string(std::clamp(image_.sdk, data::kOldestTable, data::kNewestTable)) + " table";
    if (!image_.sdk_known) v.why += image_.present ? "; the image does not tell its Android version, so the newest rules are taken" : "";
    return v;
  }

 private:
  Verdict verdict(Effective effective, std::string why) { return {effective, std::move(why), std::move(because_)}; }
  Verdict granted(std::string why) { return verdict(Effective::granted, std::move(why)); }
  Verdict unknown(std::string why) { return verdict(Effective::unknown, std::move(why)); }
  bool has(std::uint32_t flag) const { return (level_ & flag) != 0; }

  Verdict by_base() {
    switch (level_ & kBaseMask) {
      case kNormal: return granted("normal: every app that asks holds it");
      case kDangerous: return dangerous();
      case kSignature: return guarded();
      case kInternal: return guarded();
      default: return unknown("a protection level that is not known");
    }
  }

  Verdict dangerous() {
    if (!image_.present) return verdict(Effective::on_request, p_.target < kAndroid6 ? "dangerous: the user is asked at installation, since the target is below 23" : "dangerous: the user is asked at run time (Android 6 and later)");
    if (image_.sdk < kAndroid6) return granted("dangerous: held from installation on, as on every Android before 6");
    if (p_.target < kAndroid6) {
      std::string why = "dangerous, but its target " + std::to_string(p_.target) + " is below 23: held without asking";
      if (image_.sdk >= kAndroid10) why += ", shown for review at the first start";
      return granted(std::move(why));
    }
    if (!p_.place.on_image()) return verdict(Effective::on_request, "dangerous: the user is asked");
    if (const auto number = data::shared_user_number(p_.shared_user); number && *number < 10'000)
      return verdict(Effective::pregranted, "runs as a user of the system (" + p_.shared_user + "): gets every dangerous permission at first boot, fixed");
    if (p_.name == "android") return verdict(Effective::pregranted, "the platform itself");
    if (p_.privileged && p_.persistent) {
      if (signed_alike(p_.keys, image_.platform, image_.sdk)) {
        because_from_signer();
        return verdict(Effective::pregranted, "privileged, persistent and signed with the platform key: gets every dangerous permission at first boot, fixed");
      }
    }
    if (const auto at = image_.first_boot.find({p_.name, permission_}); at != image_.first_boot.end()) {
      add(because_, at->second.because);
      return verdict(Effective::pregranted, at->second.text);
    }
    if (const auto at = image_.role_gives.find({p_.name, permission_}); at != image_.role_gives.end()) {
      add(because_, at->second.because);
      return verdict(Effective::pregranted, at->second.text);
    }
    std::string why = "dangerous: the user is asked";
    if (image_.sdk >= kAndroid10 && data::is_restricted(permission_) && !p_.place.scanned()) why += "; restricted: its installer must exempt it";
    return verdict(Effective::on_request, std::move(why));
  }

  // Signature and internal.
  Verdict guarded() {
    const bool internal = (level_ & kBaseMask) == kInternal;
    if (!may_be_privileged()) return otherwise();
    if (!internal)
      if (auto v = by_signature()) return std::move(*v);
    if (auto v = by_flags()) return std::move(*v);
    return otherwise();
  }

  // The allow lists of Android 8 and later. False, with the reason in `missing_`, when they keep the permission from it.
  bool may_be_privileged() {
    if (image_.sdk < kAndroid8 || !has(kPrivileged) || !p_.privileged || p_.name == "android" || !d_.platform) return true;
    const std::string& partition = p_.place.partition;
    // One list for all partitions before Android 9.
    const Line* line = nullptr;
    for (const auto& [where, lines] : image_.privapp) {
      if (image_.sdk >= kAndroid9 && where != list_partition(partition)) continue;
      if (const auto at = lines.find({p_.name, permission_}); at != lines.end() && (!line || !at->second.allowed)) line = &at->second;
    }
    const std::string of = "the allow list of " + list_partition(partition);
    if (line) because_.push_back(line->fact);
    if (line && line->allowed) {
      noted_ = of + " names it";
      return true;
    }
    add(because_, image_.privapp_mode_because);
    const bool enforced = image_.privapp_mode == "enforce";
    if (line && (image_.sdk >= kAndroid9 || enforced)) {
      missing_ = of + " denies it";
      return false;
    }
    if (enforced) {
      missing_ = of + " does not name it, and ro.control_privapp_permissions is enforce";
      if (image_.sdk >= kAndroid9) missing_ += ": such a phone does not start";
      return false;
    }
    noted_ = of + " does not name it, which " + (image_.privapp_mode.empty() ? "no property here enforces" : "ro.control_privapp_permissions=" + image_.privapp_mode + " lets pass");
    return true;
  }

  // Lists of the system partition are also those of what Android does not tell apart from it.
  static std::string list_partition(const std::string& partition) {
    for (const char* own : {"vendor", "product", "system_ext", "apex"})
      if (partition == own) return partition;
    return partition == "odm" ? "vendor" : "system";
  }

  void because_from_signer() {
    if (p_.signature) because_.push_back(*p_.signature);
    add(because_, image_.platform_why.because);
  }

  std::optional<Verdict> by_signature() {
    const std::string noted = noted_.empty() ? "" : "; " + noted_;
    if (signed_alike(p_.keys, image_.platform, image_.sdk)) {
      because_from_signer();
      return granted("signed with the platform key (" + image_.platform_why.text + ")" + noted);
    }
    if (p_.name == d_.package && !d_.assumed) return granted("declares it itself" + noted);
    if (!d_.platform && signed_alike(p_.keys, d_.keys, image_.sdk)) {
      if (p_.signature) because_.push_back(*p_.signature);
      return granted("has the signer of " + d_.package + ", which declares it" + noted);
    }
    return std::nullopt;
  }

  std::optional<Verdict> by_flags() {
    const std::string noted = noted_.empty() ? "" : "; " + noted_;
    if (has(kPrivileged) && p_.privileged && p_.place.scanned()) {
      const bool vendor = p_.place.partition == "vendor" || p_.place.partition == "odm";
      if (!vendor || has(kVendorPrivileged) || image_.sdk < kAndroid9) return granted("a privileged app of /" + p_.place.partition + noted);
      missing_ = "privileged, but of /" + p_.place.partition + ", and the permission is not vendorPrivileged";
    }
    if (has(kOem) && p_.place.partition == "oem") {
      const auto lines = image_.oem.find("oem");
      if (lines != image_.oem.end())
        if (const auto at = lines->second.find({p_.name, permission_}); at != lines->second.end()) {
          because_.push_back(at->second.fact);
          if (at->second.allowed) return granted("an app of /oem, and the list of /oem names it");
        }
    }
    if (has(kPre23) && p_.target < kAndroid6 && image_.sdk >= kAndroid6) return granted("its target " + std::to_string(p_.target) + " is below 23, where asking was enough");
    if (has(kPreinstalled) && p_.place.scanned()) return granted("preinstalled in the system");
    if (has(kModule) && p_.place.partition == "apex") return granted("an app of a module (APEX)");
    for (const auto& [flag, holders] : image_.flag_holders) {
      if (!has(flag)) continue;
      const auto at = holders.find(p_.name);
      if (at == holders.end()) continue;
      add(because_, at->second.because);
      return granted(at->second.text);
    }
    return std::nullopt;
  }

  // Nothing gives it outright.
  Verdict otherwise() {
    if (has(kRole) && image_.sdk >= kAndroid12)
      if (const auto at = image_.role_gives.find({p_.name, permission_}); at != image_.role_gives.end()) {
        add(because_, at->second.because);
        return granted(at->second.text);
      }
    std::string why = missing_;
    const auto also = [&](const std::string& text) { why += (why.empty() ? "" : "; ") + text; };
    if (has(kDevelopment)) also("can be given with adb (development)");
    if (has(kAppop)) also("the user can allow it in settings (appop)");
    if (has(kDevelopment | kAppop)) return verdict(Effective::on_request, std::move(why));
    if (!missing_.empty()) return verdict(Effective::denied, std::move(why));
    if (!image_.present) return unknown("only an image decides: it is for apps with the signer of who declares it");
    if (image_.platform.signer.empty() && d_.platform) return unknown("the platform key is not known, so that nobody can say whether this is signed with it");
    if (p_.keys.signer.empty()) return unknown("no signer of the app is known");
    if (has(kRole) && image_.sdk >= kAndroid12) {
      if (const auto at = image_.role_holders.find(p_.name); at != image_.role_holders.end()) {
        add(because_, at->second.because);
        return unknown(at->second.text + "; whether that role gives it is written in the permission controller");
      }
    }
    if (has(kKnownSigner) && image_.sdk >= kAndroid12) return unknown("also for signers that the permission names itself, which is not read");
    // Flags that are for one package which the platform's resources or the intents of apps name.
    constexpr std::uint32_t kForOne = kInstaller | kVerifier | kSetup | kTextClassifier | kWellbeing | kDocumenter | kConfigurator | kIncidentReportApprover | kAppPredictor | kCompanion | kRetailDemo | kRecents;
    if (p_.place.on_image() && (level_ & kForOne & ~image_.flags_told) != 0) return unknown("also for one package that the platform's resources name, and they are not here");
    if (!p_.place.scanned() && p_.place.on_image() && has(kPrivileged | kPreinstalled)) return unknown("lies in a folder that plain Android does not scan: whether it counts as preinstalled is not known");
    return verdict(Effective::denied, std::string((level_ & kBaseMask) == kInternal ? "internal" : "signature") + ": neither its signer" + (has(kPrivileged) ? ", nor its place" : "") + " nor anything else gives it");
  }

  const Package& p_;
  const std::string& permission_;
  const Definition& d_;
  const Image& image_;
  std::uint32_t level_;
  std::string noted_, missing_;
  std::vector<FactId> because_;
};

}  // namespace

std::string_view effective_name(Effective effective) {
  switch (effective) {
    case Effective::denied: return "denied";
    case Effective::unknown: return "unknown";
    case Effective::on_request: return "on_request";
    case Effective::pregranted: return "pregranted";
    case Effective::granted: return "granted";
  }
  return "unknown";
}

bool signed_alike(const Keys& app, const Keys& owner, int sdk) {
  if (app.signer.empty() || owner.signer.empty()) return false;
  if (app.signer == owner.signer) return true;
  if (sdk < kAndroid9) return false;
  // A common key anywhere in both lineages: what a rotated key keeps by default.
  const auto has = [](const Keys& keys, const std::string& one) { return keys.signer == one || std::ranges::find(keys.ancestors, one) != keys.ancestors.end(); };
  return has(owner, app.signer) || std::ranges::any_of(app.ancestors, [&](const std::string& a) { return has(owner, a); });
}

Verdict judge(const Package& package, const std::string& permission, const Definition* definition, const Image& image) {
  if (package.refused) return {Effective::unknown, "asks to run as " + package.shared_user + " but is not signed like its other members: a running phone would not have it", {package.fact}};
  if (!definition) {
    if (image.complete) return {Effective::denied, "nobody on this image declares it", {package.fact}};
    return {Effective::unknown, "nothing that was read declares it", {package.fact}};
  }
  return Judge(package, permission, *definition, image).run();
}

}  // namespace klik::rights
