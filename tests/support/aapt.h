// What `aapt dump badging` and `aapt dump xmltree` say of an APK, as far as manifests are compared with it.
#pragma once

#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.h"

namespace klik::test {

struct AaptAttribute {
  bool text = false;         // a string, else `value` is the printed number or reference
  std::string value;
};

struct AaptElement {
  std::string tag;
  int depth = 0;
  std::map<std::string, AaptAttribute> attributes;   // "android:name", "package"
  std::vector<AaptElement> children;

  std::string text(const std::string& name) const {
    const auto found = attributes.find(name);
    return found == attributes.end() ? "" : found->second.value;
  }
  bool has(const std::string& name) const { return attributes.contains(name); }
};

inline std::string quoted_shell(const std::string& path) { return "'" + path + "'"; }

inline AaptAttribute aapt_value(std::string_view rest) {
  if (!rest.starts_with('"')) {
    const auto raw = rest.find(" (Raw: \"");
    return {false, std::string(rest.substr(0, raw))};
  }
  const auto raw = rest.rfind("\" (Raw: \"");
  return {true, std::string(rest.substr(1, (raw == rest.npos ? rest.rfind('"') : raw) - 1))};
}

// The root element; nothing when aapt prints none.
inline std::optional<AaptElement> aapt_xmltree(const std::string& apk) {
  const Ran ran = run("aapt dump xmltree " + quoted_shell(apk) + " AndroidManifest.xml 2>/dev/null");
  std::istringstream lines(ran.output);
  AaptElement top;
  top.depth = -1;
  std::vector<AaptElement*> open{&top};
  for (std::string line; std::getline(lines, line);) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent == line.npos) continue;
    const std::string_view rest = std::string_view(line).substr(indent);
    if (rest.starts_with("E: ")) {
      while (open.size() > 1 && open.back()->depth >= static_cast<int>(indent)) open.pop_back();
      AaptElement e;
      e.depth = static_cast<int>(indent);
      e.tag = rest.substr(3, rest.rfind(" (line=") - 3);
      // Only the last child of an open element grows, so pointers to open ones stay valid.
      open.back()->children.push_back(std::move(e));
      open.push_back(&open.back()->children.back());
    } else if (rest.starts_with("A: ") && open.size() > 1) {
      const auto equals = rest.find('=');
      std::string name(rest.substr(3, equals - 3));
      if (const auto id = name.find('('); id != name.npos) name.resize(id);
      open.back()->attributes.try_emplace(name, aapt_value(rest.substr(equals + 1)));
    }
  }
  if (top.children.empty()) return std::nullopt;
  return std::move(top.children[0]);
}

struct Badging {
  bool ok = false;
  std::string package, version_code, version_name, min_sdk, target_sdk, max_sdk;
  std::vector<std::string> permissions;   // "name" or "name sdk23", with " max=N"
};

// The text after `key='` up to the quote that ends it. Values may hold quotes, which is why the end is looked
// for before the next key.
inline std::string badging_value(const std::string& line, const std::string& key) {
  const auto at = line.find(key + "='");
  if (at == line.npos) return "";
  const auto start = at + key.size() + 2;
  std::size_t end = line.find("' ", start);
  if (end == line.npos) end = line.rfind('\'');
  return line.substr(start, end - start);
}

inline Badging aapt_badging(const std::string& apk) {
  Badging b;
  const Ran ran = run("aapt dump badging " + quoted_shell(apk) + " 2>/dev/null");
  std::istringstream lines(ran.output);
  const auto after_colon = [](const std::string& line) { return line.substr(line.find('\'') + 1, line.rfind('\'') - line.find('\'') - 1); };
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("package: ")) {
      b.ok = true;
      b.package = badging_value(line, "name");
      b.version_code = badging_value(line, "versionCode");
      b.version_name = badging_value(line, "versionName");
    } else if (line.starts_with("sdkVersion:")) {
      b.min_sdk = after_colon(line);
    } else if (line.starts_with("targetSdkVersion:")) {
      b.target_sdk = after_colon(line);
    } else if (line.starts_with("maxSdkVersion:")) {
      b.max_sdk = after_colon(line);
    } else if (line.starts_with("uses-permission: ") || line.starts_with("uses-permission-sdk-23: ")) {
      std::string p = badging_value(line, "name");
      if (line.starts_with("uses-permission-sdk-23")) p += " sdk23";
      if (const std::string max = badging_value(line, "maxSdkVersion"); !max.empty()) p += " max=" + max;
      b.permissions.push_back(p);
    } else if (line.starts_with("uses-implied-permission: ")) {
      // Not in the manifest: aapt adds it, and prints it as asked for in the line before.
      if (!b.permissions.empty() && b.permissions.back() == badging_value(line, "name")) b.permissions.pop_back();
    }
  }
  return b;
}

}  // namespace klik::test
