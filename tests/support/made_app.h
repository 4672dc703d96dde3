// Apps on a made phone: a manifest in few words, and its code.
#pragma once

#include "apps/attribute_ids.h"
#include "support/axml_writer.h"
#include "support/dex_code.h"
#include "support/made_phone.h"
#include "support/zip_writer.h"

namespace klik::test {

struct AppPart {
  std::string tag, name;
  bool exported = true;
  std::string permission{}, action{};
};

inline std::string app_manifest(const std::string& package, const std::string& shared_uid, const std::vector<std::string>& requests, const std::vector<AppPart>& parts) {
  AxmlWriter w;
  std::vector<AxmlWriter::Attr> root{plain_attr("package", package)};
  if (!shared_uid.empty()) root.push_back(text_attr(apk::attr::shared_user_id.id, shared_uid));
  w.open("manifest", root);
  w.leaf("uses-sdk", {int_attr(apk::attr::target_sdk_version.id, 26)});
  for (const std::string& r : requests) w.leaf("uses-permission", {text_attr(apk::attr::name.id, r)});
  w.open("application");
  for (const AppPart& p : parts) {
    std::vector<AxmlWriter::Attr> a{text_attr(apk::attr::name.id, p.name), bool_attr(apk::attr::exported.id, p.exported)};
    if (!p.permission.empty()) a.push_back(text_attr(apk::attr::permission.id, p.permission));
    w.open(p.tag, a);
    if (!p.action.empty()) {
      w.open("intent-filter");
      w.leaf("action", {text_attr(apk::attr::name.id, p.action)});
      w.close("intent-filter");
    }
    w.close(p.tag);
  }
  w.close("application");
  w.close("manifest");
  return as_text(write_zip({{.name = "AndroidManifest.xml", .data = as_text(w.write())}}));
}

// In /system/app; no code when `dex` is empty.
inline void add_app(MadePhone& phone, const std::string& package, const std::string& shared_uid, const std::vector<std::string>& requests, const std::vector<AppPart>& parts, const std::string& dex) {
  const std::string place = "/system/app/" + package + "/" + package + ".apk";
  phone.add(place, "apk", app_manifest(package, shared_uid, requests, parts));
  if (!dex.empty()) phone.add("", "dex", dex, place.substr(1) + "!classes.dex");
}

}  // namespace klik::test
