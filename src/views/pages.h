// A report page is one file, reports/NAME.sql: front matter in SQL comments, then SQL over the public views of a
// case. Adding a page is adding a file. Format (docs: reports/README.md):
//   -- key: value        "--   more" continues the value of the line before; other comments are ignored
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "views/words.h"

namespace klik::views {

enum class ColumnKind : std::uint8_t {
  text, number, bytes, share /* per million */, yesno, state, digest, time, path,
  name,     // dotted: its end tells more than its beginning
  package,  // as name; opens the page of that package or service
  build,    // shown only where a table holds more than one build
  fact,     // a fact_id: makes the row open onto its bytes
  hidden,   // for sentences and machine formats only
  detail,   // text that an opened row shows, not the table
  host,     // name of a host or an address: both its beginning and its end tell something
  duration, // in milliseconds
  personal, // text that may tell who somebody is: names of devices, paths of addresses; hidden unless the reader asks for it
};

struct ReportColumn {
  std::string name;
  ColumnKind kind = ColumnKind::text;
  std::string words;   // for state: the set in words.txt; for text and detail: the set of phrases that klikspaan writes it with; or ""
  Localized label;
  Localized help;

  // Text that klikspaan itself wrote, in English: it has Dutch for it.
  bool has_phrases() const { return !words.empty() && kind != ColumnKind::state; }
};

enum class PartForm : std::uint8_t {
  table,
  matrix,      // first column against second: one mark per pair, which opens its row
  cards,       // one block of label and value per row
  sentences,   // `say`, once per row; with `each`, once with {list} made of all rows
  banner,      // as sentences, on top of every page
  flows,       // a table, drawn as streams: the columns before the first one of bytes are the stations, that one the breadth
  timeline,    // a table, drawn on an axis of time: the first column is the lane, the first one of time the place
};

struct Part {
  std::string id;
  PartForm form = PartForm::table;
  Tone tone = Tone::plain;
  Localized title;
  Localized sentence;
  Localized empty;   // what it means that there are no rows
  Localized say;
  Localized each;
  std::string condition;   // in SQL; where it does not hold, the report has no such part. Empty: always there
  std::string link;   // the page where the rows behind a sentence are
  std::vector<ReportColumn> columns;
  std::string sql;
};

struct Page {
  std::string id;
  int order = -1;
  Localized title;
  Localized sentence;
  bool origins_last = false;   // its facts are the first whose places are left out of a large report
  std::vector<Part> parts;
};

struct ParsedPage {
  Page page;
  std::vector<std::string> errors;   // "file.sql, line 3: …"; empty when the page can be used
};

std::string_view column_kind_name(ColumnKind kind);
std::string_view part_form_name(PartForm form);

ParsedPage parse_page(std::string_view file_name, std::string_view text);

// The pages that are part of the program, in order. Pages with errors are left out: a test sees to it that
// there are none.
const std::vector<Page>& report_pages();
// Those of a comparison of two builds (reports/diff/*.sql).
const std::vector<Page>& diff_pages();

}  // namespace klik::views
