// Attribute values of a manifest as text, number or truth, by the phone's rules of conversion.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "apps/attribute_ids.h"
#include "apps/manifest.h"
#include "formats/android/arsc.h"
#include "formats/android/axml.h"

namespace klik::apk {

class ValueReader {
 public:
  ValueReader(const axml::Document& document, const LoadResources& load) : document_(document), load_(load) {}

  Text text(const axml::Element& e, AttributeName name) { return text_of(document_.find(e, name.id, name.name)); }
  // For attributes that the phone does not let a resource decide: a reference reads as not stated.
  Text literal(const axml::Element& e, AttributeName name);
  // Any value in words; a reference to a file or a list stays "@xml/name".
  Text shown(const axml::Element& e, AttributeName name);
  Flag flag(const axml::Element& e, AttributeName name) { return flag_of(document_.find(e, name.id, name.name)); }
  Number number(const axml::Element& e, AttributeName name);
  Text plain_text(const axml::Element& e, std::string_view name);
  Flag plain_flag(const axml::Element& e, std::string_view name) { return flag_of(document_.find_plain(e, name)); }

  // Codename or number: a text value stays text.
  struct SdkLevel {
    bool stated = false;
    bool code_name = false;
    std::optional<std::int64_t> level;
  };
  SdkLevel sdk_level(const axml::Element& e, AttributeName name);

  res::Oddities oddities;
  std::vector<VaryingValue> take_varying() { return std::move(varying_); }
  std::vector<res::Oddity> resource_oddities() const { return table_ ? table_->oddities() : failed_table_; }

 private:
  // A value behind its references. Strings are read from the file that holds them.
  struct Settled {
    std::uint64_t at = 0;       // of the attribute
    bool known = false;
    res::Value value;
    bool from_table = false;
    bool bag = false;
    std::uint32_t reference = 0;
    Span resource{};
  };
  const arsc::Table* table();
  Settled settle(const axml::Attribute& a);
  void note_varying(const arsc::Table& table, std::uint32_t id, Span at);
  std::optional<std::string> words(const Settled& s);
  Text text_of(const axml::Attribute* a);
  Flag flag_of(const axml::Attribute* a);

  const axml::Document& document_;
  const LoadResources& load_;
  bool loaded_ = false;
  std::uint64_t texts_ = 0;
  std::optional<arsc::Table> table_;
  std::vector<res::Oddity> failed_table_;
  std::map<std::uint32_t, arsc::Resolved> resolved_;
  std::vector<VaryingValue> varying_;
};

}  // namespace klik::apk
