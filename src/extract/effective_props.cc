#include "extract/effective_props.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "extract/columns.h"
#include "extract/phone_files.h"

namespace klik {
namespace {

constexpr int kLastWins = 29;   // Android 10

// In the order of reading.
constexpr std::array<std::string_view, 12> kUpTo9 = {
    "/default.prop",     "/system/etc/prop.default", "/product/build.prop", "/odm/default.prop",      "/vendor/default.prop",    "/system/build.prop",
    "/odm/build.prop",   "/odm/etc/build.prop",      "/vendor/build.prop",  "/factory/factory.prop", "/product/etc/build.prop", "/system_ext/build.prop"};
constexpr std::array<std::string_view, 20> kFrom10 = {
    "/default.prop",        "/system/etc/prop.default",  "/system/build.prop",   "/system_ext/build.prop",      "/system_ext/etc/build.prop", "/vendor/default.prop",
    "/vendor/build.prop",   "/vendor_dlkm/etc/build.prop", "/odm/default.prop",  "/odm/build.prop",             "/odm/etc/build.prop",        "/product/build.prop",
    "/product/etc/build.prop", "/factory/factory.prop",  "/my_product/build.prop", "/my_engineering/build.prop", "/my_company/build.prop",    "/my_carrier/build.prop",
    "/my_region/build.prop", "/my_manifest/build.prop"};

struct Written {
  std::size_t rank;
  std::int64_t at;
  std::string value, path;
  FactId id;
};

template <std::size_t N>
std::optional<std::size_t> rank_in(const std::array<std::string_view, N>& order, std::string_view place) {
  const auto found = std::ranges::find(order, place);
  if (found == order.end()) return std::nullopt;
  return static_cast<std::size_t>(found - order.begin());
}

int small_number(std::string_view text) {
  int out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || out > 9'999) return 0;
    out = out * 10 + (c - '0');
  }
  return out;
}

}  // namespace

EffectiveProps::EffectiveProps(const BuildRows& rows) {
  const FactKind* kind = find_kind("system.prop");
  if (!kind) return;
  rows.facts(*kind, [&](const FactRow& row) {
    const std::string_view name = text_of(*kind, row, "name");
    if (name != "ro.build.version.sdk" && name != "ro.system.build.version.sdk") return;
    if (const int n = small_number(text_of(*kind, row, "value")); n > 0 && !of_recovery(row.artifact.path)) sdk_ = std::max(sdk_.value_or(0), n);
  });
  const bool last_wins = !sdk_ || *sdk_ >= kLastWins;
  std::map<std::string, std::vector<Written>, std::less<>> lines;
  rows.facts(*kind, [&](const FactRow& row) {
    if (of_recovery(row.artifact.path)) return;
    const std::string place = canonical_device_path(row.artifact.device_path);
    const auto rank = last_wins ? rank_in(kFrom10, place) : rank_in(kUpTo9, place);
    if (!rank) return;
    lines[std::string(text_of(*kind, row, "name"))].push_back({*rank, number_of(*kind, row, "at").value_or(0), std::string(text_of(*kind, row, "value")), std::string(row.artifact.path), row.id});
  });
  for (auto& [name, written] : lines) {
    std::ranges::sort(written, [](const Written& a, const Written& b) { return std::tie(a.rank, a.path, a.at) < std::tie(b.rank, b.path, b.at); });
    if (last_wins || !name.starts_with("ro.")) std::ranges::reverse(written);
    EffectiveProp& prop = all_[name];
    prop.value = written.front().value;
    prop.path = written.front().path;
    for (const Written& w : written) prop.because.push_back(w.id);
  }
}

const EffectiveProp* EffectiveProps::find(std::string_view name) const {
  const auto found = all_.find(name);
  return found == all_.end() ? nullptr : &found->second;
}

std::string_view EffectiveProps::value(std::string_view name) const {
  const EffectiveProp* prop = find(name);
  return prop ? std::string_view(prop->value) : std::string_view();
}

}  // namespace klik
