// The report for a terminal: the first page in full, of the others what they say in sentences and how many rows they have.
#include <algorithm>

#include "base/text.h"
#include "views/answers.h"
#include "views/lines.h"
#include "views/say.h"

namespace klik::views {
namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kShortDigest = 12;

std::size_t characters(std::string_view s) {
  return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

std::string cut_to(const std::string& s, std::size_t width) {
  if (characters(s) <= width) return s;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if ((static_cast<unsigned char>(s[i]) & 0xC0u) != 0x80u && ++seen == width) return s.substr(0, i) + "…";
  }
  return s;
}

// At blanks; a word that is longer than a line keeps its length.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out(indent, ' ');
  std::size_t column = indent;
  for (const std::string_view word : cut(text, ' ')) {
    const std::size_t length = characters(word);
    if (column > indent && column + 1 + length > kWidth) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
  }
  return out + '\n';
}

bool is_shown(const ReportColumn& column) { return column.kind != ColumnKind::fact && column.kind != ColumnKind::hidden && column.kind != ColumnKind::detail; }

// A text that stands in both languages has a column for each.
bool of_other_language(const ReportColumn& column, Language language) { return column.name.ends_with(language == Language::nl ? "_en" : "_nl"); }

bool to_the_right(ColumnKind kind) { return kind == ColumnKind::number || kind == ColumnKind::bytes || kind == ColumnKind::share; }

std::string cell(const Value& value, const ReportColumn& column, Language language) {
  if (std::holds_alternative<std::monostate>(value)) return "–";
  std::string s = shown(value, column, language);
  return column.kind == ColumnKind::digest ? s.substr(0, kShortDigest) : s;
}

void cards(const Part& part, const Table& table, Language language, std::string& out) {
  std::size_t widest = 0;
  for (const auto& column : part.columns) widest = std::max(widest, characters(column.label.in(language)));
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (r) out += '\n';
    for (std::size_t i = 0; i < part.columns.size(); ++i) {
      if (!is_shown(part.columns[i])) continue;
      const std::string& label = part.columns[i].label.in(language);
      out += "  " + label + std::string(widest - characters(label) + 2, ' ') + shown(table.rows[r][i], part.columns[i], language) + '\n';
    }
  }
}

// Takes width from the widest columns until the table fits.
std::vector<std::size_t> fitted(std::vector<std::size_t> widths) {
  constexpr std::size_t kLeast = 8;
  for (;;) {
    std::size_t total = 2;
    for (const auto w : widths) total += w + 2;
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (widest == widths.end() || total <= kWidth + 2 || *widest <= kLeast) return widths;
    --*widest;
  }
}

bool all_same(const Table& table, std::size_t column) {
  return std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[column] == table.rows.front()[column]; });
}

// Whole sentences do not fit into a table: what has a title in both languages is a list, each row's other columns before it.
bool is_list(const Part& part) {
  return std::ranges::any_of(part.columns, [](const ReportColumn& c) { return c.name == "rank"; }) && std::ranges::any_of(part.columns, [](const ReportColumn& c) { return c.name == "title_en"; });
}

void list_rows(const Part& part, const Table& table, Language language, std::string& out) {
  for (const auto& row : table.rows) {
    std::string front, sentence;
    for (std::size_t i = 0; i < part.columns.size(); ++i) {
      const ReportColumn& column = part.columns[i];
      if (!is_shown(column) || of_other_language(column, language)) continue;
      const std::string text = cell(row[i], column, language);
      if (column.name.starts_with("title_")) sentence = text;
      else if (sentence.empty()) front += (column.kind == ColumnKind::number ? std::string(5 - std::min<std::size_t>(5, characters(text)), ' ') : "") + text + "  ";
    }
    const std::size_t indent = 18;
    std::string lines = wrapped(sentence, indent);
    front += std::string(indent - std::min(indent, characters(front)), ' ');
    out += front + lines.substr(std::min(lines.size(), indent));
  }
}

void table_rows(const Part& part, const Table& table, Language language, std::string& out) {
  std::vector<std::size_t> which;
  // From the left as long as they fit at a readable width.
  constexpr std::size_t kReadable = 28;
  std::size_t room = kWidth;
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    if (!is_shown(part.columns[i]) || of_other_language(part.columns[i], language) || (part.columns[i].kind == ColumnKind::build && all_same(table, i))) continue;
    std::size_t widest = characters(part.columns[i].label.in(language));
    for (const auto& row : table.rows) widest = std::max(widest, characters(cell(row[i], part.columns[i], language)));
    const std::size_t least = std::min(widest, kReadable) + 2;
    if (!which.empty() && least > room) break;
    room -= std::min(room, least);
    which.push_back(i);
  }
  std::vector<std::vector<std::string>> lines(1);
  for (const auto i : which) lines.front().push_back(part.columns[i].label.in(language));
  for (const auto& row : table.rows) {
    lines.emplace_back();
    for (const auto i : which) lines.back().push_back(cell(row[i], part.columns[i], language));
  }
  std::vector<std::size_t> widths(which.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], characters(line[i]));
  }
  widths = fitted(std::move(widths));
  for (std::size_t n = 0; n < lines.size(); ++n) {
    std::string text = "  ";
    for (std::size_t i = 0; i < which.size(); ++i) {
      const std::string s = cut_to(lines[n][i], widths[i]);
      const std::string gap(widths[i] - characters(s), ' ');
      text += to_the_right(part.columns[which[i]].kind) ? gap + s : s + gap;
      text += "  ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + '\n';
    if (n > 0) continue;
    std::size_t rule = 0;
    for (const auto w : widths) rule += w + 2;
    out += "  ";
    for (std::size_t i = 2; i < rule; ++i) out += "─";
    out += '\n';
  }
}

std::string sentence_lines(const Part& part, const Table& table, Language language) {
  std::string out;
  const bool loud = (part.tone == Tone::loss || part.form == PartForm::banner) && !table.rows.empty();
  for (const auto& sentence : sentences_of(part, table, language)) out += wrapped((loud ? "! " : "") + sentence, 2);
  return out;
}

void full_page(Queryable& reader, const Page& page, const ReportOptions& options, const Write& write, std::vector<std::string>& problems) {
  const Language language = options.language;
  write(page.title.in(language) + "\n\n" + wrapped(page.sentence.in(language), 0) + '\n');
  for (const Part& part : page.parts) {
    if (!has_part(reader, part)) continue;
    const Answer answer = ask(reader, page, part, options.show_private, problems);
    std::string out;
    if (!is_prose(part)) out += '\n' + part.title.in(language) + '\n';
    if (!part.sentence.empty()) out += wrapped(part.sentence.in(language), 2);
    if (!is_prose(part)) out += '\n';
    if (!answer.error.empty()) {
      out += wrapped(report_words().label("not_made", language) + ' ' + text::escaped(answer.error), 2);
    } else if (is_prose(part)) {
      out += sentence_lines(part, answer.table, language);
    } else if (answer.table.rows.empty()) {
      out += wrapped(part.empty.in(language), 2);
    } else if (part.form == PartForm::cards) {
      cards(part, answer.table, language, out);
    } else if (is_list(part)) {
      list_rows(part, answer.table, language, out);
    } else {
      table_rows(part, answer.table, language, out);
    }
    write(out);
  }
}

// What a page says in whole sentences, under its title; nothing when it says nothing.
void said(Queryable& reader, const Page& page, const ReportOptions& options, const Write& write, std::vector<std::string>& problems) {
  std::string out;
  for (const Part& part : page.parts) {
    if (part.form != PartForm::sentences || !has_part(reader, part)) continue;
    const Answer answer = ask(reader, page, part, options.show_private, problems);
    if (!answer.error.empty()) out += wrapped(report_words().label("not_made", options.language) + ' ' + text::escaped(answer.error), 2);
    else out += sentence_lines(part, answer.table, options.language);
  }
  if (!out.empty()) write('\n' + page.title.in(options.language) + "\n\n" + out);
}

// Counted by SQLite: the rows of a large table need not travel for their number.
void counted_page(Queryable& reader, const Page& page, Language language, const Write& write, std::vector<std::string>& problems) {
  for (const Part& part : page.parts) {
    if (is_prose(part) || !has_part(reader, part)) continue;
    const Table table = reader.query("SELECT count(*) FROM (" + part.sql + "\n)");
    std::string count = "?";
    if (!reader.error().empty()) {
      problems.push_back("page " + page.id + ", " + part.id + ": " + text::escaped(reader.error()));
    } else if (!table.rows.empty()) {
      count = shown(table.rows[0][0], {.name = "rows", .kind = ColumnKind::number, .words = {}, .label = {}, .help = {}}, language);
    }
    const std::string& title = part.title.empty() ? page.title.in(language) : part.title.in(language);
    write("  " + std::string(12 - std::min<std::size_t>(12, characters(count)), ' ') + count + "  " + page.title.in(language) +
          (title == page.title.in(language) ? "" : ": " + title) + '\n');
  }
}

}  // namespace

Rendered render_text(Queryable& reader, const ReportOptions& options, const Write& write) {
  Rendered rendered;
  const Language language = options.language;
  const std::vector<Page>& pages = pages_of(options);
  for (const Page& page : pages) {
    if (&page == &pages.front()) full_page(reader, page, options, write, rendered.problems);
    else said(reader, page, options, write, rendered.problems);
  }
  write('\n' + report_words().label("elsewhere", language) + "\n\n");
  for (const Page& page : pages)
    if (&page != &pages.front()) counted_page(reader, page, language, write, rendered.problems);
  write('\n' + wrapped(report_words().label("text_end", language), 0));
  return rendered;
}

}  // namespace klik::views
