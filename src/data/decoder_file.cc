// Reads a file of data/decoders.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "data/decoders.h"

namespace klik::data {
namespace {

using Json = nlohmann::json;

class Reader {
 public:
  Reader(std::string_view file, const Json& json, const Json& defaults, std::vector<std::string>& errors) : json_(json), defaults_(defaults), errors_(errors), name_(file) {}

  Decoder read() {
    Decoder d;
    d.id = text("id");
    name_ += ", " + (d.id.empty() ? "a decoder without id" : d.id);
    d.maker = needed("maker");
    if (const Json* title = member("title"); title && title->is_object()) {
      d.title_en = title->value("en", "");
      d.title_nl = title->value("nl", "");
    }
    if (d.title_en.empty() || d.title_nl.empty()) error("no title in both languages");
    const std::string strength = needed("strength");
    if (strength == "D" || strength == "R" || strength == "P") d.strength = static_cast<DecoderStrength>(strength[0]);
    else error("strength is D, R or P");
    d.why = text("why");
    if (d.strength != DecoderStrength::decodable && d.why.empty()) error("does not say why it cannot be read");
    d.basis = needed("basis");
    if (d.basis != "measured" && d.basis != "read" && d.basis != "reported" && d.basis != "imported") error("basis is measured, read, reported or imported");
    if (const Json* alone = member("host_alone")) d.host_alone = alone->is_boolean() && alone->get<bool>();
    d.frame = texts(member("frame"));
    for (const std::string& item : d.frame)
      if (item != "u16" && item != "u32" && item != "text16" && item != "bytes32") error("unknown part of a frame: " + item);
    d.fixture = needed("fixture");
    each("sources", [&](const Json& s) { d.sources.push_back({text_of(s, "title"), text_of(s, "author"), text_of(s, "date"), text_of(s, "address")}); });
    if (d.sources.empty() || std::ranges::any_of(d.sources, [](const DecoderSource& s) { return s.title.empty(); })) error("no source with a title");
    each("matches", [&](const Json& m) { d.matches.push_back(match(m)); });
    if (d.matches.empty()) error("matches nothing");
    each("fields", [&](const Json& f) { d.fields.push_back({text_of(f, "path"), text_of(f, "category")}); });
    // Imported ones: {"imei": {"request.path/query.imei": 0}}, with a number for the reason.
    if (const Json* kinds = member("fields"); kinds && kinds->is_object())
      for (const auto& [category, paths] : kinds->items())
        for (const auto& [path, reason] : paths.items()) d.fields.push_back({path, category});
    for (const DecoderField& f : d.fields) {
      if (f.path.empty()) error("a field without a path");
      if (!find_data_category(f.category)) error("unknown category '" + f.category + "'");
    }
    if (d.strength != DecoderStrength::decodable && !d.fields.empty()) error("has fields, though it cannot be read");
    if (const Json* p = member("proof")) {
      d.proofs.push_back({text_of(*p, "place"), texts(at(*p, "md5_of_sorted_fields")), text_of(*p, "salt"), text_of(*p, "against")});
      if (d.proofs[0].place.empty() || d.proofs[0].fields.empty() || d.proofs[0].against.empty()) error("an incomplete proof");
    }
    return d;
  }

 private:
  static const Json* at(const Json& of, const char* name) {
    const auto found = of.is_object() ? of.find(name) : of.end();
    return of.is_object() && found != of.end() ? &*found : nullptr;
  }
  static std::string text_of(const Json& of, const char* name) {
    const Json* found = at(of, name);
    return found && found->is_string() ? found->get<std::string>() : std::string();
  }
  static std::vector<std::string> texts(const Json* list) {
    std::vector<std::string> out;
    if (list && list->is_string()) out.push_back(list->get<std::string>());
    if (list && list->is_array())
      for (const Json& item : *list)
        if (item.is_string()) out.push_back(item.get<std::string>());
    return out;
  }

  const Json* member(const char* name) const {
    const Json* own = at(json_, name);
    return own ? own : at(defaults_, name);
  }
  std::string text(const char* name) const {
    const Json* found = member(name);
    return found && found->is_string() ? found->get<std::string>() : std::string();
  }
  std::string needed(const char* name) {
    std::string out = text(name);
    if (out.empty()) error(std::string("no ") + name);
    return out;
  }
  template <class Do>
  void each(const char* name, Do take) {
    if (const Json* list = member(name); list && list->is_array())
      for (const Json& item : *list) take(item);
  }
  void error(const std::string& what) { errors_.push_back(name_ + ": " + what); }

  DecoderMatch match(const Json& m) {
    DecoderMatch out{texts(at(m, "hosts")), texts(at(m, "paths")), texts(at(m, "methods")), text_of(m, "content_type"), text_of(m, "protocol"), text_of(m, "message")};
    if (out.protocol.empty()) out.protocol = "http";
    if (out.message.empty()) out.message = "request";
    if (out.hosts.empty()) error("a match without a host");
    for (const std::string& host : out.hosts) {
      // The index goes by the last two labels, so those must be literal.
      const auto last = host.rfind('.');
      const auto second = last == host.npos || last == 0 ? host.npos : host.rfind('.', last - 1);
      if (host != "*" && std::string_view(host).substr(second == host.npos ? 0 : second + 1).contains('*')) error("a host whose last two labels are not literal: " + host);
      if (host == "*" && out.paths.empty() && out.protocol == "http") error("matches every request");
    }
    return out;
  }

  const Json& json_;
  const Json& defaults_;
  std::vector<std::string>& errors_;
  std::string name_;
};

}  // namespace

void parse_decoders(std::string_view file_name, std::string_view text, std::vector<Decoder>& decoders, std::vector<std::string>& errors) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) {
    errors.push_back(std::string(file_name) + ": not a JSON object");
    return;
  }
  static const Json kNone = Json::object();
  const auto list = json.find("decoders");
  if (list == json.end()) {
    decoders.push_back(Reader(file_name, json, kNone, errors).read());
    return;
  }
  const auto defaults = json.find("defaults");
  for (const Json& one : *list) decoders.push_back(Reader(file_name, one, defaults == json.end() ? kNone : *defaults, errors).read());
}

}  // namespace klik::data
