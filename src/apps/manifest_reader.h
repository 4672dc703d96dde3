// Walks the element tree of a manifest. Split over manifest.cc (package), manifest_components.cc and
// manifest_entries.cc (the long tail of elements).
#pragma once

#include "apps/manifest_values.h"

namespace klik::apk {

inline constexpr std::size_t kMostName = 1024;   // bytes of a name; every phone refuses packages with longer ones

// A name as it may be repeated in many facts: never longer than kMostName.
inline std::string name_text(const Text& text) { return spelled(text).substr(0, kMostName); }

class ManifestReader {
 public:
  ManifestReader(const axml::Document& document, const LoadResources& resources) : document_(document), values_(document, resources) {}
  Result<Manifest> read();

 private:
  template <class Each>
  void children(const axml::Element& e, Each each) const {
    const auto all = document_.elements();
    const auto self = static_cast<std::uint32_t>(&e - all.data());
    for (std::uint32_t i = self + 1; i < e.end; i = std::max(all[i].end, i + 1)) each(all[i]);
  }
  static Span start_tag(const axml::Element& e) { return {e.at, e.length}; }
  static Span whole(const axml::Element& e) { return {e.at, e.close > e.at ? e.close - e.at : e.length}; }

  void package(const axml::Element& root);
  void uses_sdk(const axml::Element& e);
  void request(const axml::Element& e, bool sdk23);
  void declaration(const axml::Element& e);
  void application(const axml::Element& e);

  // manifest_components.cc
  void component(const axml::Element& e, ComponentKind kind);
  IntentFilter filter(const axml::Element& e);
  void filter_data(const axml::Element& e, IntentFilter& filter);
  void exported(Component& c, const Flag& stated);
  void finish_components();
  std::string class_name(const Text& name, const axml::Element& e);
  std::optional<std::string> process(const Text& stated) const;

  // manifest_entries.cc
  // Records the element when the table of entries knows its tag.
  void entry(const axml::Element& e, std::string_view parent_tag, const std::string& owner);
  void queries(const axml::Element& e);

  const axml::Document& document_;
  ValueReader values_;
  Manifest manifest_;
};

}  // namespace klik::apk
