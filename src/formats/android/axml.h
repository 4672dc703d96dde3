// Binary XML, read as the phone reads it: tolerant where Android is, with the place of everything.
// Source: AOSP frameworks/base libs/androidfw ResourceTypes.h and ResourceTypes.cpp (ResXMLTree).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::android {

// The type of a value: Res_value::dataType.
enum class ValueType : std::uint8_t {
  null = 0, reference = 1, attribute = 2, string = 3, real = 4, dimension = 5, fraction = 6, dynamic_reference = 7,
  decimal = 0x10, hexadecimal = 0x11, boolean = 0x12,
};

struct XmlAttribute {
  std::uint32_t id = 0;          // resource id, from the resource map; 0 when the map has none
  std::string name;              // from the string pool; may lie, so that `id` decides where there is one
  ValueType type = ValueType::null;
  std::uint32_t data = 0;
  std::string text;              // of a string value, or the raw text beside a typed one
  std::uint64_t at = 0, length = 0;
};

struct XmlElement {
  std::string name;
  int parent = -1;               // index in XmlDocument::elements
  std::vector<XmlAttribute> attributes;
  std::uint64_t at = 0, length = 0;

  // By resource id where the document gives one, else by name. Null when absent.
  const XmlAttribute* find(std::uint32_t id, std::string_view attribute_name) const;
};

struct XmlDocument {
  std::vector<XmlElement> elements;   // in document order; the first is the root
  std::vector<Error> oddities;        // what Android tolerates and other readers may not, or where reading ended
};

// Errors: bad_magic (no binary XML), truncated, bad_value; over_budget past a million elements.
Result<XmlDocument> read_axml(Bytes file);

}  // namespace klik::android
