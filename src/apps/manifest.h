// An app's manifest as the package manager understands it: names completed, references resolved, Android's
// defaults applied. What only the framework's resources could tell is unknown, never false.
// Source: developer.android.com, "App manifest file"; AOSP frameworks/base core/java/android/content/pm (PackageParser).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "formats/android/arsc.h"
#include "formats/android/axml.h"

namespace klik::apk {

// A byte range of AndroidManifest.xml, and of resources.arsc when a value came through a reference.
struct Stated {
  std::uint64_t at = 0, length = 0;
  std::optional<std::uint64_t> resource_at{};
  std::uint64_t resource_length = 0;
};

struct IntentFilter {
  std::vector<std::string> actions, categories;
  std::vector<std::string> data;    // "scheme=https host=example.org path=/x", one per <data>
  std::optional<std::int64_t> priority;
  bool auto_verify = false;
  Stated stated;
};

enum class ComponentKind : std::uint8_t { activity, alias, service, receiver, provider };
std::string_view component_kind_name(ComponentKind kind);

struct Component {
  ComponentKind kind = ComponentKind::activity;
  std::string class_name;
  std::string target_class;          // of an alias
  std::optional<bool> exported;      // null: a resource that is not here decides
  std::string_view exported_why;     // declared, default_with_filter, default_without_filter, provider_before_17, unknown_reference
  std::optional<bool> enabled;       // with the application's
  std::string permission, read_permission, write_permission;   // "": none asked
  std::string process, authorities;
  std::optional<bool> grant_uri_permissions;
  std::vector<IntentFilter> filters;
  Stated stated;
};

struct PermissionRequest {
  std::string name;
  std::optional<std::int64_t> max_sdk;
  bool sdk23 = false;                // <uses-permission-sdk-23>: asked for on Android 6 and later only
  Stated stated;
};

struct PermissionDeclaration {
  std::string name, group;
  std::int64_t level = 0;            // protectionLevel as written
  bool level_known = true;
  Stated stated;
};

// Anything else a later question may need, as (tag, name, value).
struct OtherEntry {
  std::string tag, name, value;
  Stated stated;
};

struct Manifest {
  std::string package, split, shared_uid;
  std::optional<std::int64_t> version_code;   // with versionCodeMajor in the upper half
  std::string version_name;
  std::optional<std::int64_t> min_sdk, max_sdk;
  std::int64_t target_sdk = 1;                // declared, else min_sdk, else 1
  bool target_sdk_declared = false;
  std::string target_codename;                // "S" where a preview's name stands for a number
  std::int64_t target_sandbox = 1;
  bool core_app = false;
  std::optional<bool> enabled, debuggable, allow_backup, cleartext, persistent, has_code, test_only;
  std::string application_class, process, permission;   // of <application>
  std::string overlay_target;
  std::vector<Component> components;
  std::vector<PermissionRequest> requests;
  std::vector<PermissionDeclaration> declarations;
  std::vector<OtherEntry> others;
  Stated stated;                              // the <manifest> element
  std::vector<Error> oddities;                // offsets in AndroidManifest.xml
};

// `resources` may be empty. Errors: those of read_axml; bad_value when the root is not <manifest>.
Result<Manifest> read_manifest(Bytes manifest, Bytes resources);

// "signature|privileged" of 0x12. Source: developer.android.com, R.attr#protectionLevel.
std::string protection_text(std::int64_t level);

}  // namespace klik::apk
