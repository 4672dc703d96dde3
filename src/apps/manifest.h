// An app's manifest as the phone understands it: defaults filled in, names completed, references resolved
// through the app's own resources. What only the phone could resolve is unknown, never false.
// Source: developer.android.com "App manifest"; AOSP PackageParser and pm/pkg/parsing for the defaults.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/android/chunk.h"

namespace klik::apk {

struct Span {
  std::uint64_t at = 0, length = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// An attribute's value and where it stands.
template <class T>
struct Stated {
  bool stated = false;
  std::optional<T> value{};        // empty although stated: not to be known from this file
  std::uint32_t reference = 0;     // the resource id that it names, resolved or not
  Span at{};                       // of the attribute in AndroidManifest.xml
  Span resource{};                 // of the value in resources.arsc; length 0 when it was not needed

  std::optional<T> or_default(T fallback) const { return stated ? value : std::optional<T>(std::move(fallback)); }
};
using Text = Stated<std::string>;
using Flag = Stated<bool>;
using Number = Stated<std::int64_t>;

// The text, "@0x7f010002" when it is a reference that was not resolved, "" when it is not stated.
std::string spelled(const Text& text);

struct FilterData {
  std::string_view kind;           // scheme, host, port, path, pathPrefix, …: the attribute
  std::string value;
};

struct IntentFilter {
  Span element;                    // with everything in it
  std::vector<std::string> actions, categories;
  std::vector<FilterData> data;    // of all its <data>; the phone combines them freely
  std::optional<std::int64_t> priority = 0;
  Flag auto_verify;
  std::vector<Span> resources;
};

enum class ComponentKind : std::uint8_t { activity, alias, service, receiver, provider };
std::string_view component_kind_name(ComponentKind kind);

enum class ExportedWhy : std::uint8_t { declared, default_with_filter, default_without_filter, provider_before_17, unknown_reference };
std::string_view exported_why_name(ExportedWhy why);

struct Component {
  ComponentKind kind;
  Span element;                    // the start tag
  std::string class_name;
  std::optional<bool> exported;
  ExportedWhy exported_why = ExportedWhy::default_without_filter;
  bool exported_stated = false;
  Flag enabled_stated;
  std::optional<bool> enabled;     // together with the application's
  std::optional<std::string> permission, read_permission, write_permission;   // read and write: providers only
  std::optional<std::string> process;    // when it is not the package's own
  std::optional<std::string> authorities, target_class;
  std::optional<bool> grant_uri_permissions;   // providers only
  std::vector<IntentFilter> filters;
  std::vector<Span> resources;     // entries of resources.arsc that it rests on
};

struct PermissionRequest {
  std::string permission;
  Span element;
  bool sdk23 = false;              // asked for from Android 6 on only
  std::optional<std::int64_t> max_sdk;
  std::string condition;           // "feature:x", "!feature:y", "neverForLocation"
};

struct PermissionDeclaration {
  std::string permission;
  Span element;
  std::optional<std::int64_t> level = 0;
  std::string group;
  std::vector<Span> resources;
};

// An element of the manifest that other parts ask about: uses-library, meta-data, overlay, …
struct ManifestEntry {
  std::string tag, name, value;    // value: "key=value" joined with ';', or a meta-data's bare value
  std::string owner;               // class of the component it stands in; "" for the app
  Span element;
  std::vector<Span> resources;
};

// A value of the manifest that a device's configuration changes: only the default one was used.
struct VaryingValue {
  std::uint32_t reference;
  std::string name, values;        // "bool/on", "default=false;v19=true"
  Span at;
};

struct Application {
  Span element;
  Text name, process, permission, network_security_config;
  Flag enabled, debuggable, allow_backup, cleartext, persistent, direct_boot_aware, test_only, has_code;
};

inline constexpr std::int64_t kSdkInDevelopment = 10'000;   // Android's number for a version without one

struct Manifest {
  Span element;
  std::string package, split;
  std::optional<std::int64_t> version_code;
  Text version_name, shared_uid;
  std::optional<bool> core_app = false;
  std::optional<std::int64_t> min_sdk = 1;      // empty: a resource that is not here decides
  std::int64_t target_sdk = 1;                  // declared, else min_sdk, else 1; kSdkInDevelopment for an unknown code name
  bool target_sdk_declared = false;
  bool target_sdk_known = true;                 // false: a resource that is not here decides, and target_sdk is 1
  std::int64_t target_sandbox = 1;
  std::optional<std::int64_t> max_sdk;
  std::string overlay_target;
  std::optional<Application> application;
  std::vector<Component> components;
  std::vector<PermissionRequest> requests;
  std::vector<PermissionDeclaration> declarations;
  std::vector<ManifestEntry> entries;
  std::vector<VaryingValue> varying;
  std::vector<Span> resources;     // entries of resources.arsc that package-level values rest on
  std::vector<res::Oddity> oddities;            // offsets count in AndroidManifest.xml
  std::vector<res::Oddity> resource_oddities;   // offsets count in resources.arsc
};

// Gives resources.arsc, or an empty window when the app has none. Called at most once, and only when a value
// needs it; the bytes must stay until read_manifest returns.
using LoadResources = std::function<Bytes()>;

// Errors: what axml::Document reports; bad_value when the root is not <manifest>.
Result<Manifest> read_manifest_with(Bytes xml, const LoadResources& resources);
// `resources` may be empty.
Result<Manifest> read_manifest(Bytes xml, Bytes resources);

// "signature|privileged" of 0x12. Source: developer.android.com, R.attr#protectionLevel.
std::string protection_text(std::int64_t level);

}  // namespace klik::apk
