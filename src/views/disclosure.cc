#include "views/disclosure.h"

#include "base/text.h"

namespace klik::views {
namespace {

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  const auto* words = std::get_if<std::string>(&value);
  return words ? *words : std::string();
}

// From the case: escaped for a terminal, and in a code span, so that nothing in it is Markdown or HTML.
std::string quoted(const Value& value) {
  std::string s = text::escaped(text_of(value));
  if (s.empty()) return "–";
  for (char& c : s)
    if (c == '`') c = '\'';
  return "`" + s + "`";
}

// In running text: what Markdown or HTML could take for its own is put behind a backslash.
std::string prose(const std::string& raw) {
  std::string out;
  for (const char c : text::escaped(raw)) {
    if (std::string_view("\\`*_{}[]<>()#|~&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

class Writer {
 public:
  Writer(CaseReader& reader, const DisclosureOptions& options) : reader_(reader), options_(options) {}

  Exported make() {
    line(say("# Report for coordinated disclosure", "# Rapport voor gecoördineerde openbaarmaking"));
    line(say("Made with klikspaan ", "Gemaakt met klikspaan ") + options_.version +
         say(" from the software itself. *Present* is not used, *able* is not done. Nothing here was tried on a phone or a server, unless the reporter says so below.",
             " uit de software zelf. *Aanwezig* is niet gebruikt, *in staat* is niet gedaan. Niets hiervan is op een telefoon of server geprobeerd, tenzij de melder dat hieronder zegt."));
    builds();
    findings();
    not_analysed();
    timeline();
    return std::move(made_);
  }

 private:
  std::string say(std::string_view en, std::string_view nl) const { return std::string(options_.language == Language::nl ? nl : en); }
  void line(const std::string& text) { made_.text += text + "\n\n"; }
  void row(const std::string& text) { made_.text += text + "\n"; }

  Table ask(std::string_view sql, const std::vector<Value>& parameters = {}) {
    Table table = reader_.query(sql, parameters);
    if (!reader_.error().empty() && made_.error.empty()) made_.error = reader_.error();
    return table;
  }

  void builds() {
    line(say("## Software looked at", "## Bekeken software"));
    for (const auto& b : ask("SELECT maker, model, fingerprint, release, security_patch, digest FROM build ORDER BY build_id").rows)
      row("* " + quoted(b[0]) + " " + quoted(b[1]) + ", Android " + quoted(b[3]) + ", " + say("patch level ", "patchniveau ") + quoted(b[4]) + ", " + quoted(b[2]) + "; " + say("digest of the inputs ", "digest van de invoer ") + quoted(b[5]));
    for (const auto& i : ask("SELECT name, sha256, size FROM input ORDER BY input_id").rows) row("* " + say("input ", "invoer ") + quoted(i[0]) + ", SHA-256 " + quoted(i[1]) + ", " + text_of(i[2]) + " bytes");
    row("");
  }

  void findings() {
    line(say("## What was found", "## Wat is gevonden"));
    std::string sql = "SELECT f.finding_id, f.rule, f.subject, f.severity, f.strength, " + say("f.title", "f.title_nl") + ", f.note, x.name, a.path, a.sha256, p.version_name, p.version_code, " + say("r.explanation", "r.explanation_nl") +
                      ", r.limits, r.reference FROM finding f LEFT JOIN actor x ON x.actor_id = f.actor_id LEFT JOIN artifact a ON a.artifact_id = x.artifact_id LEFT JOIN package p ON p.package_id = f.actor_id JOIN rule r ON r.rule = f.rule";
    std::vector<Value> parameters;
    if (options_.package.empty()) {
      sql += " WHERE f.severity IN ('medium', 'high', 'critical')";
    } else {
      sql += " WHERE x.name = ?1";
      parameters.emplace_back(options_.package);
    }
    const Table found = ask(sql + " ORDER BY CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, f.rule, f.subject, f.finding_id", parameters);
    if (found.rows.empty()) line(say("No rule found anything of the kind asked for. That is a result for what was read, and for no more.", "Geen regel vond iets van het gevraagde soort. Dat is een uitkomst voor wat gelezen is, en voor niet meer."));
    const Table evidence = ask("SELECT e.finding_id, e.fact_id, a.path, a.sha256, e.at, e.length, e.note FROM finding_evidence e LEFT JOIN artifact a ON a.artifact_id = e.artifact_id");
    for (std::size_t n = 1; const auto& f : found.rows) {
      line("### " + std::to_string(n++) + ". " + prose(text_of(f[5])));
      row("* " + say("Shown: ", "Getoond: ") + "**" + text_of(f[4]) + "**; " + say("severity: ", "ernst: ") + text_of(f[3]) + "; " + say("rule ", "regel ") + quoted(f[1]));
      if (!text_of(f[7]).empty()) row("* " + say("Who: ", "Wie: ") + quoted(f[7]) + " " + quoted(f[10]) + " (" + quoted(f[11]) + "), " + quoted(f[8]) + ", SHA-256 " + quoted(f[9]));
      row("* " + say("What is reached or named: ", "Wat bereikt of genoemd wordt: ") + quoted(f[2]));
      if (!text_of(f[6]).empty()) row("* " + say("Note: ", "Opmerking: ") + quoted(f[6]));
      for (const auto& e : evidence.rows)
        if (e[0] == f[0]) row("* " + say("Evidence: fact ", "Bewijs: feit ") + quoted(e[1]) + (text_of(e[2]).empty() ? std::string() : ", " + quoted(e[2]) + say(" at ", " op ") + quoted(e[4]) + ", " + text_of(e[5]) + " bytes, SHA-256 " + quoted(e[3])));
      row("");
      line(text_of(f[12]));
      line(say("Limits of this rule: ", "Grenzen van deze regel: ") + text_of(f[13]) + " <" + text_of(f[14]) + ">");
    }
  }

  void not_analysed() {
    line(say("## What was not analysed", "## Wat niet is onderzocht"));
    for (const auto& c : ask("SELECT files_read, files_listed, bytes_read, bytes_listed FROM coverage WHERE what = 'all' ORDER BY build_id").rows)
      row("* " + text_of(c[0]) + say(" of ", " van ") + text_of(c[1]) + say(" files were read, ", " bestanden zijn gelezen, ") + text_of(c[2]) + say(" of ", " van ") + text_of(c[3]) + " bytes");
    for (const auto& s : ask("SELECT state, count(*) FROM artifact WHERE state <> 'read' GROUP BY state ORDER BY state").rows) row("* " + text_of(s[1]) + say(" files with state ", " bestanden met toestand ") + quoted(s[0]));
    for (const auto& r : ask("SELECT rule, state, detail FROM rule_run WHERE evaluated = 0 ORDER BY rule").rows)
      row("* " + say("rule ", "regel ") + quoted(r[0]) + say(" could not be asked: ", " kon niet gesteld worden: ") + quoted(r[1]) + " " + quoted(r[2]));
    row("* " + say("Servers, running phones and traffic, unless the reporter adds them.", "Servers, draaiende telefoons en verkeer, tenzij de melder ze toevoegt."));
    row("");
  }

  void timeline() {
    line(say("## Timeline (to be filled in by the reporter)", "## Tijdlijn (in te vullen door de melder)"));
    for (const auto& [en, nl] : {std::pair{"found", "gevonden"}, {"reported to the maker, to whom and how", "gemeld aan de maker, aan wie en hoe"}, {"answer of the maker", "antwoord van de maker"}, {"repaired, in which version", "hersteld, in welke versie"}, {"made public", "openbaar gemaakt"}})
      row("* ____-__-__ " + say(en, nl));
    row("");
    line(say("## Reporter and contact", "## Melder en contact"));
    row("* ____");
  }

  CaseReader& reader_;
  const DisclosureOptions& options_;
  Exported made_;
};

}  // namespace

Exported disclosure(CaseReader& reader, const DisclosureOptions& options) { return Writer(reader, options).make(); }

}  // namespace klik::views
