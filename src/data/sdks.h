// Code of others inside apps: the tables of data/sdks.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace klik::data {

struct Sdk {
  std::string_view name, owner;               // owner: "" for a library by no company that gathers data with it
  std::string_view category;
  std::vector<std::string_view> prefixes;     // of class names, "com/umeng/analytics"
};

// What stays in an app when the classes of an SDK are renamed.
struct SdkMarker {
  const Sdk* sdk;
  std::string_view kind;                      // string, meta, permission, library or file
  std::string_view pattern;                   // '*' stands for any text; not in strings
};

// The platform methods that the code of an SDK calls, each as shape_hash() of class and name.
struct SdkStructure {
  const Sdk* sdk;
  std::string_view version;
  std::vector<std::uint32_t> calls;           // sorted
};

std::span<const Sdk> sdks();
const Sdk* find_sdk(std::string_view name);
// By the longest prefix of a class descriptor ("Lcom/umeng/analytics/a;"). Null when none matches.
const Sdk* sdk_of_class(std::string_view descriptor);
// The prefix that decided it; "" when none did.
std::string_view sdk_prefix_of_class(std::string_view descriptor);

std::span<const SdkMarker> sdk_markers();
// The marker whose whole string this is, or null.
const SdkMarker* sdk_of_string(std::string_view text);
// The first marker of this kind whose pattern covers the text, or null.
const SdkMarker* sdk_of_name(std::string_view kind, std::string_view text);

std::span<const SdkStructure> sdk_structures();
// FNV-1a over "Lclass;->name".
std::uint32_t shape_hash(std::string_view owner, std::string_view method);

}  // namespace klik::data
