// The report as one HTML file that needs nothing else: the shell, both languages, and the rows as packed columns.
// Nothing from a case is markup: it lies in JSON blocks and reaches the page as text nodes only.
#include <algorithm>
#include <map>
#include <optional>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/text.h"
#include "views/answers.h"
#include "views/columnar.h"
#include "views/embedded.h"
#include "views/lines.h"
#include "views/origins.h"
#include "views/phrases.h"
#include "views/say.h"

namespace klik::views {
namespace {

std::string_view shell_file(std::string_view name) {
  for (const EmbeddedFile& file : embedded_shell()) {
    if (file.name == name) return file.text;
  }
  return {};
}

// In the order in which they use each other.
std::string script() {
  std::string out;
  for (const std::string_view name : {"data.js", "cells.js", "panel.js", "table.js", "matrix.js", "drawn.js", "shell.js"}) out += shell_file(name);
  return out;
}

std::string csp_hash(std::string_view text) {
  const Sha256Digest digest = sha256(Bytes::of(text));
  return "'sha256-" + base64(std::string(digest.begin(), digest.end())) + '\'';
}

// For a command that a person copies: exact for every name that can be shown as it is; what could deceive is escaped.
std::string quoted_for_shell(std::string_view path) {
  const bool plain = !path.empty() && path.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789./_+:@%-") == std::string_view::npos;
  if (plain && path.front() != '-') return std::string(path);
  std::string out = path.starts_with('-') ? "./'" : "'";
  bool first = true;
  for (const std::string_view piece : cut(path, '\\')) {
    if (!std::exchange(first, false)) out += '\\';
    for (const char c : text::escaped(piece)) {
      if (c == '\'') out += "'\"'\"'";
      else out += c;
    }
  }
  return out + '\'';
}

std::string words_json() {
  std::string out = "{";
  for (const auto& [name, set] : report_words().sets) {
    if (name == kChangeWords) continue;   // said before pages are made
    if (out.size() > 1) out += ',';
    out += text::json_string(name) + ":{";
    bool first = true;
    for (const auto& [value, word] : set) {
      if (!std::exchange(first, false)) out += ',';
      out += text::json_string(text::escaped(value)) + ":{\"tone\":" + text::json_string(tone_name(word.tone)) + ",\"text\":" + json_of(word.text);
      if (!word.meaning.empty()) out += ",\"meaning\":" + json_of(word.meaning);
      out += '}';
    }
    out += '}';
  }
  return out + '}';
}

// A text with phrases is two columns of the page, which shows the one of its language.
std::vector<std::string> names_of(const ReportColumn& column) {
  if (column.has_phrases()) return {column.name + "_en", column.name + "_nl"};
  return {column.name};
}

std::string columns_json(const Part& part) {
  std::string out = "[";
  for (const ReportColumn& column : part.columns) {
    if (column.kind == ColumnKind::hidden) continue;
    for (const std::string& name : names_of(column)) {
      if (out.size() > 1) out += ',';
      out += "{\"name\":" + text::json_string(name) + ",\"type\":" + text::json_string(column_kind_name(column.kind)) + ",\"words\":" +
             text::json_string(column.has_phrases() ? "" : column.words) + ",\"label\":" + json_of(column.label) + ",\"help\":" + json_of(column.help) + '}';
    }
  }
  return out + ']';
}

std::string dutch_column(const Table& table, std::size_t column, const compare::Phrases& phrases) {
  Table dutch;
  std::map<std::string, std::string, std::less<>> known;   // the same few sentences over and over
  for (const auto& row : table.rows) {
    Value value = row[column];
    if (auto* english = std::get_if<std::string>(&value)) {
      const auto [at, fresh] = known.try_emplace(*english);
      if (fresh) at->second = phrases.dutch(*english);
      *english = at->second;
    }
    dutch.rows.push_back({std::move(value)});
  }
  return packed_column(dutch, 0, Pack::no);
}

std::string sentences_json(const Part& part, const Table& table) {
  const auto en = sentences_of(part, table, Language::en);
  const auto nl = sentences_of(part, table, Language::nl);
  std::string out = "[";
  for (std::size_t i = 0; i < en.size() && i < nl.size(); ++i) {
    if (i) out += ',';
    out += json_of(Localized{en[i], nl[i]});
  }
  return out + ']';
}

class HtmlReport {
 public:
  HtmlReport(Queryable& reader, const ReportOptions& options, const Write& write) : reader_(reader), options_(options), write_(write) {}

  Rendered render() {
    origins();
    const std::string_view shell = shell_file("shell.html");
    for (std::size_t at = 0;;) {
      const auto open = shell.find("{{", at);
      const auto close = open == std::string_view::npos ? open : shell.find("}}", open);
      write_(shell.substr(at, close == std::string_view::npos ? close : open - at));
      if (close == std::string_view::npos) break;
      fill(shell.substr(open + 2, close - open - 2));
      at = close + 2;
    }
    return std::move(rendered_);
  }

 private:
  void fill(std::string_view hole) {
    if (hole == "csp") {
      write_("default-src 'none'; style-src " + csp_hash(shell_file("shell.css")) + "; script-src " + csp_hash(script()) + "; base-uri 'none'; form-action 'none'");
    } else if (hole == "language") {
      write_(language_name(options_.language));
    } else if (hole == "title") {
      write_("klikspaan: " + text::html(text::escaped(options_.case_path)));
    } else if (hole == "style") {
      write_(shell_file("shell.css"));
    } else if (hole == "script") {
      write_(script());
    } else if (hole == "data") {
      data();
    } else if (hole == "plain") {
      plain();
    }
  }

  // Facts of the pages that say `origins: last` come after all others, so they are the ones that do not fit.
  void origins() {
    if (book_.add_all(reader_, pages_of(options_))) return;
    for (const bool last : {false, true}) {
      for (const Page& page : pages_of(options_)) {
        if (page.origins_last != last) continue;
        for (const Part& part : page.parts) {
          if (!book_.add(reader_, page, part, rendered_.problems)) left_out_.push_back(page.id + '/' + part.id);
        }
      }
    }
  }

  void block(std::string_view id, std::string_view json) {
    write_("<script type=\"application/json\" id=\"" + std::string(id) + "\">");
    write_(json);
    write_("</script>\n");
  }

  // Every page's rows first, then the index of the report, which holds what was learnt on the way (row counts, sentences).
  void data() {
    std::string pages;
    for (const Page& page : pages_of(options_)) {
      std::string rows;
      std::string parts;
      for (const Part& part : page.parts) {
        if (!has_part(reader_, part)) continue;
        const Answer answer = ask(reader_, page, part, options_.show_private, rendered_.problems);
        if (!parts.empty()) parts += ',';
        parts += part_json(page, part, answer);
        if (is_prose(part)) {
          if (&page == &pages_of(options_).front()) remember(part, answer.table);
          continue;
        }
        if (!rows.empty()) rows += ',';
        rows += text::json_string(part.id) + ":{";
        bool first = true;
        for (std::size_t i = 0; i < part.columns.size() && answer.error.empty(); ++i) {
          const ReportColumn& column = part.columns[i];
          if (column.kind == ColumnKind::hidden) continue;
          if (!std::exchange(first, false)) rows += ',';
          const auto names = names_of(column);
          rows += text::json_string(names.front()) + ':';
          rows += packed_column(answer.table, i, column.kind == ColumnKind::digest || column.kind == ColumnKind::fact ? Pack::yes : Pack::no);
          if (names.size() > 1) rows += ',' + text::json_string(names.back()) + ':' + dutch_column(answer.table, i, *phrases_named(column.words));
        }
        rows += '}';
      }
      block("k-rows-" + page.id, '{' + rows + '}');
      if (!pages.empty()) pages += ',';
      pages += "{\"id\":" + text::json_string(page.id) + ",\"title\":" + json_of(page.title) + ",\"sentence\":" + json_of(page.sentence) + ",\"parts\":[" + parts + "]}";
    }
    block("k-origins", book_.json());
    block("k-report", "{\"version\":" + text::json_string(options_.version) + ",\"case\":" + text::json_string(text::escaped(options_.case_path)) +
                          ",\"why\":" + text::json_string("klikspaan why " + quoted_for_shell(options_.case_path)) +
                          (options_.before_path.empty() ? "" : ",\"whyBefore\":" + text::json_string("klikspaan why " + quoted_for_shell(options_.before_path))) +
                          ",\"language\":" + text::json_string(language_name(options_.language)) +
                          ",\"originRows\":" + std::to_string(book_.rows()) + ",\"words\":" + words_json() + ",\"pages\":[" + pages + "]}");
  }

  std::string part_json(const Page& page, const Part& part, const Answer& answer) {
    const bool places = std::find(left_out_.begin(), left_out_.end(), page.id + '/' + part.id) == left_out_.end();
    std::string out = "{\"id\":" + text::json_string(part.id) + ",\"form\":" + text::json_string(part_form_name(part.form)) +
                      ",\"tone\":" + text::json_string(tone_name(part.tone)) + ",\"title\":" + json_of(part.title) +
                      ",\"sentence\":" + json_of(part.sentence) + ",\"empty\":" + json_of(part.empty) +
                      ",\"rows\":" + std::to_string(answer.table.rows.size()) + ",\"places\":" + (places ? "true" : "false") +
                      ",\"error\":" + text::json_string(text::escaped(answer.error));
    if (!part.link.empty()) out += ",\"link\":" + text::json_string(part.link);
    if (is_prose(part)) return out + ",\"sentences\":" + (answer.error.empty() ? sentences_json(part, answer.table) : "[]") + '}';
    return out + ",\"columns\":" + columns_json(part) + '}';
  }

  void remember(const Part& part, const Table& table) {
    for (const auto& sentence : sentences_of(part, table, options_.language)) plain_ += "<p>" + text::html(sentence) + "</p>\n";
  }

  // For a reader without scripts: the sentences of the first page.
  void plain() {
    write_("<p>" + text::html(report_words().label("no_script", options_.language)) + "</p>\n" + plain_);
  }

  Queryable& reader_;
  const ReportOptions& options_;
  const Write& write_;
  OriginBook book_{options_.origin_rows};
  std::vector<std::string> left_out_;
  std::string plain_;
  Rendered rendered_;
};

}  // namespace

Rendered render_html(Queryable& reader, const ReportOptions& options, const Write& write) { return HtmlReport(reader, options, write).render(); }

}  // namespace klik::views
