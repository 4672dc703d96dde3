#include "views/pages.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "views/embedded.h"
#include "views/lines.h"
#include "views/phrases.h"
#include "views/say.h"

namespace klik::views {
namespace {

constexpr std::array<std::string_view, 18> kColumnKinds{"text",   "number", "bytes", "share", "yesno", "state",
                                                        "digest", "time",   "path",  "name",   "package", "build", "fact",  "hidden", "detail", "host", "duration", "personal"};
constexpr std::array<std::string_view, 7> kPartForms{"table", "matrix", "cards", "sentences", "banner", "flows", "timeline"};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

bool is_id(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool says(PartForm form) { return form == PartForm::sentences || form == PartForm::banner; }

class PageParser {
 public:
  explicit PageParser(std::string_view file) : file_(file) {}

  ParsedPage parse(std::string_view text) {
    for (const std::string_view line : lines_of(text)) {
      ++line_;
      take(line);
    }
    finish_value();
    finish_part();
    check_page();
    return std::move(parsed_);
  }

 private:
  void wrong(std::string what) {
    parsed_.errors.push_back(std::string(file_) + ", line " + std::to_string(key_.empty() ? line_ : key_line_) + ": " + std::move(what));
  }
  void wrong_file(std::string what) { parsed_.errors.push_back(std::string(file_) + ": " + std::move(what)); }

  void take(std::string_view line) {
    if (!line.starts_with("--")) {
      finish_value();
      if (trimmed(line).empty() && !in_sql_) return;
      if (!part_) part_.emplace().id = "list";
      in_sql_ = true;
      part_->sql += line;
      part_->sql += '\n';
      return;
    }
    if (line.starts_with("--   ") && !key_.empty()) {
      value_ += ' ';
      value_ += trimmed(line.substr(2));
      return;
    }
    finish_value();
    const auto colon = line.find(':');
    if (!line.starts_with("-- ") || colon == std::string_view::npos) return;
    const auto key = line.substr(3, colon - 3);
    const bool key_like = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '.'; });
    if (!key_like) return;
    key_ = key;
    key_line_ = line_;
    value_ = trimmed(line.substr(colon + 1));
  }

  // A value may go on over several lines, so it is used when the next one begins.
  void finish_value() {
    if (key_.empty()) return;
    apply(key_, value_);
    key_.clear();
    value_.clear();
  }

  void apply(std::string_view key, const std::string& value) {
    if (value.empty()) return wrong("'" + key_ + "' has no value");
    if (key == "part") {
      finish_part();
      part_.emplace().id = value;
      return;
    }
    if (in_sql_) return wrong("'" + key_ + "' stands after the SQL of its part");
    if (key == "page") return set(parsed_.page.id, value);
    if (key == "order") return order(value);
    if (key == "origins") {
      if (value != "last") return wrong("origins can only be 'last'");
      parsed_.page.origins_last = true;
      return;
    }
    if (Localized* text = localized(key)) {
      if (key.ends_with(".en")) return set(text->en, value);
      if (key.ends_with(".nl")) return set(text->nl, value);
      return wrong("'" + key_ + "' needs a language: .en or .nl");
    }
    if (!is_part_key(key)) return wrong("unknown key '" + key_ + "'");
    if (!part_) part_.emplace().id = "list";
    if (key == "column") return column(value);
    if (key == "link") return set(part_->link, value);
    if (key == "if") return set(part_->condition, value);
    if (key == "form") {
      if (const auto form = named<PartForm>(kPartForms, value)) part_->form = *form;
      else wrong("unknown form '" + value + "'");
    } else if (const auto tone = tone_named(value)) {
      part_->tone = *tone;
    } else {
      wrong("unknown tone '" + value + "'");
    }
  }

  static bool is_part_key(std::string_view key) { return key == "column" || key == "link" || key == "if" || key == "form" || key == "tone"; }

  // Titles and sentences belong to the page until its first part begins.
  Localized* localized(std::string_view key) {
    const auto name = key.substr(0, key.find('.'));
    if (name == "title") return part_ ? &part_->title : &parsed_.page.title;
    if (name == "sentence") return part_ ? &part_->sentence : &parsed_.page.sentence;
    if (name != "empty" && name != "say" && name != "each") return nullptr;
    if (!part_) part_.emplace().id = "list";
    return name == "empty" ? &part_->empty : name == "say" ? &part_->say : &part_->each;
  }

  void set(std::string& to, const std::string& value) {
    if (!to.empty()) return wrong("'" + key_ + "' is said twice");
    to = value;
  }

  void order(const std::string& value) {
    int number = -1;
    const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (failed != std::errc{} || end != value.data() + value.size() || number < 0 || number > 9999) {
      return wrong("order is a number from 0 to 9999");
    }
    parsed_.page.order = number;
  }

  void column(const std::string& value) {
    const auto fields = fields_of(value);
    if (fields.size() != 6 && fields.size() != 2) return wrong("a column is: name | type | label.en | label.nl | help.en | help.nl");
    ReportColumn made;
    made.name = fields[0];
    const auto colon = fields[1].find(':');
    const auto kind = named<ColumnKind>(kColumnKinds, fields[1].substr(0, colon));
    if (!kind) return wrong("unknown type '" + std::string(fields[1]) + "' of column '" + made.name + "'");
    made.kind = *kind;
    if (colon != std::string_view::npos) {
      made.words = fields[1].substr(colon + 1);
      if (made.kind == ColumnKind::text || made.kind == ColumnKind::detail) {
        if (!phrases_named(made.words)) return wrong("no set of phrases '" + made.words + "'");
      } else if (made.kind != ColumnKind::state) {
        return wrong("only a state column names a set of words, only text and detail a set of phrases");
      } else if (!report_words().sets.contains(made.words)) {
        return wrong("no set of words '" + made.words + "'");
      }
    }
    if (fields.size() == 6) {
      made.label = {std::string(fields[2]), std::string(fields[3])};
      made.help = {std::string(fields[4]), std::string(fields[5])};
      if (!made.label.complete() || !made.help.complete()) return wrong("column '" + made.name + "' lacks a label or a help text in one language");
    }
    const bool known = std::any_of(part_->columns.begin(), part_->columns.end(), [&](const ReportColumn& c) { return c.name == made.name; });
    if (known) return wrong("column '" + made.name + "' is declared twice");
    part_->columns.push_back(std::move(made));
  }

  void finish_part() {
    if (!part_) return;
    Part part = std::move(*part_);
    part_.reset();
    in_sql_ = false;
    const std::string name = "part '" + part.id + "': ";
    while (!part.sql.empty() && (part.sql.back() == '\n' || part.sql.back() == ' ' || part.sql.back() == ';')) part.sql.pop_back();
    if (!is_id(part.id)) wrong_file(name + "its id is not of a-z and _");
    for (const Part& other : parsed_.page.parts) {
      if (other.id == part.id) wrong_file(name + "exists twice");
    }
    if (part.sql.empty()) wrong_file(name + "has no SQL");
    if (part.columns.empty()) wrong_file(name + "declares no column");
    if (says(part.form)) {
      if (!part.say.complete()) wrong_file(name + "lacks say.en or say.nl");
      if (part.each.en.empty() != part.each.nl.empty()) wrong_file(name + "lacks each.en or each.nl");
      check_holes(name, part);
    } else {
      if (!part.say.empty() || !part.each.empty() || !part.link.empty()) wrong_file(name + "say, each and link belong to sentences");
      if (!part.empty.complete()) wrong_file(name + "lacks empty.en or empty.nl");
      for (const ReportColumn& c : part.columns) {
        if (c.kind != ColumnKind::hidden && !c.label.complete()) wrong_file(name + "column '" + c.name + "' has no label");
      }
    }
    if (part.empty.en.empty() != part.empty.nl.empty()) wrong_file(name + "lacks empty.en or empty.nl");
    if (part.title.en.empty() != part.title.nl.empty()) wrong_file(name + "lacks title.en or title.nl");
    if (part.sentence.en.empty() != part.sentence.nl.empty()) wrong_file(name + "lacks sentence.en or sentence.nl");
    parsed_.page.parts.push_back(std::move(part));
  }

  void check_holes(const std::string& name, const Part& part) {
    for (const Localized* text : {&part.say, &part.each}) {
      for (const std::string* s : {&text->en, &text->nl}) {
        for (const auto& hole : holes_of(*s)) {
          const bool list = hole == "list" && text == &part.say && !part.each.empty();
          const bool declared = std::any_of(part.columns.begin(), part.columns.end(), [&](const ReportColumn& c) { return c.name == hole; });
          if (!list && !declared) wrong_file(name + "its sentence names '" + hole + "', which is no column");
        }
      }
    }
  }

  void check_page() {
    const Page& page = parsed_.page;
    if (!is_id(page.id)) wrong_file("lacks 'page', an id of a-z and _");
    if (page.order < 0) wrong_file("lacks 'order'");
    if (!page.title.complete()) wrong_file("lacks title.en or title.nl");
    if (!page.sentence.complete()) wrong_file("lacks sentence.en or sentence.nl");
    if (page.parts.empty()) wrong_file("has no part");
    const auto tables = std::count_if(page.parts.begin(), page.parts.end(), [](const Part& p) { return !says(p.form); });
    for (const Part& part : page.parts) {
      if (tables > 1 && !says(part.form) && !part.title.complete()) wrong_file("part '" + part.id + "': one of several tables needs a title");
    }
  }

  std::string_view file_;
  std::size_t line_ = 0;
  std::size_t key_line_ = 0;
  std::string key_;
  std::string value_;
  bool in_sql_ = false;
  std::optional<Part> part_;
  ParsedPage parsed_;
};

}  // namespace

std::string_view column_kind_name(ColumnKind kind) { return kColumnKinds[static_cast<std::size_t>(kind)]; }
std::string_view part_form_name(PartForm form) { return kPartForms[static_cast<std::size_t>(form)]; }

ParsedPage parse_page(std::string_view file_name, std::string_view text) { return PageParser(file_name).parse(text); }

namespace {

std::vector<Page> pages_in(std::span<const EmbeddedFile> files) {
  std::vector<Page> made;
  for (const EmbeddedFile& file : files) {
    auto parsed = parse_page(file.name, file.text);
    if (parsed.errors.empty()) made.push_back(std::move(parsed.page));
  }
  std::sort(made.begin(), made.end(), [](const Page& a, const Page& b) { return std::tie(a.order, a.id) < std::tie(b.order, b.id); });
  return made;
}

}  // namespace

const std::vector<Page>& report_pages() {
  static const std::vector<Page> pages = pages_in(embedded_reports());
  return pages;
}

const std::vector<Page>& diff_pages() {
  static const std::vector<Page> pages = pages_in(embedded_diff_reports());
  return pages;
}

}  // namespace klik::views
