// Binary XML as Android reads it: a tree of elements whose attributes are known by resource id, each with the
// bytes it stands in. What the phone tolerates is read and noted, where the phone stops, reading stops.
// Source: AOSP frameworks/base libs/androidfw ResourceTypes.h (ResXMLTree_*) and what ResXMLTree does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/android/string_pool.h"

namespace klik::axml {

inline constexpr std::string_view kAndroidNamespace = "http://schemas.android.com/apk/res/android";

struct Attribute {
  std::uint32_t id = 0;                 // from the resource map; 0: the attribute is known by its name only
  std::uint32_t name_space = res::kNone, name = res::kNone;   // strings
  std::uint32_t raw = res::kNone;       // the text as written in the source, when it was kept
  res::Value value;
  std::uint64_t at = 0, length = 0;     // in the file
};

struct Element {
  std::uint32_t name_space = res::kNone, name = res::kNone;
  std::uint32_t parent = res::kNone;    // index of an element
  std::uint32_t end = 0;                // index behind its last descendant
  std::uint32_t first_attribute = 0, attribute_count = 0;
  std::uint64_t at = 0, length = 0;     // of the start tag with its attributes
  std::uint64_t close = 0;              // where its end tag ends; where reading ended when it has none
};

// Refers to the file, which must outlive it.
class Document {
 public:
  // Errors: truncated or bad_value when not even the first element can be read.
  static Result<Document> read(Bytes file);

  // In document order. The first is the root; a further one without parent follows only in odd files.
  std::span<const Element> elements() const { return elements_; }
  std::span<const Attribute> attributes(const Element& e) const { return std::span(attributes_).subspan(e.first_attribute, e.attribute_count); }
  const res::StringPool& strings() const { return strings_; }
  // Whether there is any resource map: without one the phone knows no attribute but those without namespace.
  bool has_resource_map() const { return !resource_map_.empty(); }
  const std::vector<res::Oddity>& oddities() const { return oddities_.list(); }

  bool is(const Element& e, std::string_view name) const { return strings_.equals(e.name, name); }
  // The first attribute with this resource id, or null. `name` counts only in a file without resource map.
  const Attribute* find(const Element& e, std::uint32_t id, std::string_view name) const;
  // The first attribute of this name without a namespace, or null.
  const Attribute* find_plain(const Element& e, std::string_view name) const;

 private:
  void read_nodes(Bytes file, std::uint64_t at, std::uint64_t end);
  void read_element(Bytes node, std::uint64_t node_at, std::uint64_t header_size);

  res::StringPool strings_;
  std::span<const U32le> resource_map_;
  std::vector<Element> elements_;
  std::vector<Attribute> attributes_;
  std::vector<std::uint32_t> open_;   // while reading: elements without end tag yet
  res::Oddities oddities_;
};

}  // namespace klik::axml
