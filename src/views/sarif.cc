#include "views/sarif.h"

#include <map>

#include "base/text.h"
#include "views/answers.h"

namespace klik::views {
namespace {

std::string text_of(const Value& value) {
  const auto* words = std::get_if<std::string>(&value);
  return words ? *words : std::string();
}

std::string quoted(const std::string& s) { return text::json_string(text::escaped(s)); }

std::string_view level(const std::string& severity) {
  return severity == "critical" || severity == "high" ? "error" : severity == "medium" ? "warning" : "note";
}

// A path as a relative URI reference: everything but unreserved characters and '/' is percent-encoded.
std::string uri(const std::string& path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!").find(c) != std::string_view::npos) out += c;
    else out.append("%").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 15]);
  }
  return out;
}

}  // namespace

Exported sarif(CaseReader& reader, const std::string& version) {
  Exported made;
  const auto ask = [&](std::string_view sql) {
    Table table = reader.query(sql);
    if (!reader.error().empty() && made.error.empty()) made.error = reader.error();
    return table;
  };
  std::string rules;
  for (const auto& r : ask("SELECT rule, title, explanation, reference, severity FROM rule ORDER BY rule").rows)
    rules += (rules.empty() ? "\n" : ",\n") + ("{\"id\":" + quoted(text_of(r[0])) + ",\"shortDescription\":{\"text\":" + quoted(text_of(r[1])) + "},\"fullDescription\":{\"text\":" + quoted(text_of(r[2])) + "},\"helpUri\":" +
                                               quoted(text_of(r[3])) + ",\"defaultConfiguration\":{\"level\":\"" + std::string(level(text_of(r[4]))) + "\"}}");
  std::map<std::string, std::string> places;
  for (const auto& e : ask("SELECT e.finding_id, a.path, e.at, e.length FROM finding_evidence e JOIN artifact a ON a.artifact_id = e.artifact_id").rows) {
    std::string& list = places[text_of(e[0])];
    list += (list.empty() ? "" : ",") + ("{\"physicalLocation\":{\"artifactLocation\":{\"uri\":" + quoted(uri(text_of(e[1]))) + "}");
    if (std::holds_alternative<std::int64_t>(e[2]) && std::holds_alternative<std::int64_t>(e[3])) list += ",\"region\":{\"byteOffset\":" + json_of(e[2]) + ",\"byteLength\":" + json_of(e[3]) + "}";
    list += "}}";
  }
  std::string results;
  for (const auto& f : ask("SELECT finding_id, rule, severity, title, subject, strength, fact_id FROM finding").rows)
    results += (results.empty() ? "\n" : ",\n") + ("{\"ruleId\":" + quoted(text_of(f[1])) + ",\"level\":\"" + std::string(level(text_of(f[2]))) + "\",\"message\":{\"text\":" + quoted(text_of(f[3])) + "},\"locations\":[" + places[text_of(f[0])] +
                                                   "],\"partialFingerprints\":{\"finding\":" + quoted(text_of(f[0])) + "},\"properties\":{\"severity\":" + quoted(text_of(f[2])) + ",\"strength\":" + quoted(text_of(f[5])) + ",\"subject\":" +
                                                   quoted(text_of(f[4])) + ",\"fact\":" + quoted(text_of(f[6])) + "}}");
  made.text = "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"klikspaan\",\"version\":" + quoted(version) + ",\"rules\":[" + rules + "]}},\"results\":[" + results + "]}]}\n";
  return made;
}

}  // namespace klik::views
