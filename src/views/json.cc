// The report for machines: every page, every row, raw values.
#include "base/text.h"
#include "views/answers.h"
#include "views/say.h"

namespace klik::views {
namespace {

std::string object_of(const Table& table, const std::vector<Value>& row) {
  std::string out = "{";
  for (std::size_t i = 0; i < table.columns.size() && i < row.size(); ++i) {
    if (i) out += ',';
    out += text::json_string(table.columns[i]) + ':' + json_of(row[i]);
  }
  return out + '}';
}

std::string objects(Queryable& reader, std::string_view sql, std::vector<std::string>& problems) {
  const Table table = reader.query(sql);
  if (!reader.error().empty()) problems.push_back("case: " + text::escaped(reader.error()));
  std::string out = "[";
  for (const auto& row : table.rows) {
    if (out.size() > 1) out += ',';
    out += object_of(table, row);
  }
  return out + ']';
}

std::string header_of(const Part& part, Language language) {
  std::string out = "{\"id\":" + text::json_string(part.id) + ",\"form\":" + text::json_string(part_form_name(part.form)) +
                    ",\"title\":" + text::json_string(part.title.in(language)) +
                    ",\"sentence\":" + text::json_string(part.sentence.in(language)) +
                    ",\"empty\":" + text::json_string(part.empty.in(language)) + ",\"columns\":[";
  for (std::size_t i = 0; i < part.columns.size(); ++i) {
    const ReportColumn& column = part.columns[i];
    if (i) out += ',';
    out += "{\"name\":" + text::json_string(column.name) + ",\"type\":" + text::json_string(column_kind_name(column.kind)) +
           ",\"label\":" + text::json_string(column.label.in(language)) + ",\"help\":" + text::json_string(column.help.in(language)) + '}';
  }
  return out + ']';
}

void write_part(Queryable& reader, const Page& page, const Part& part, const ReportOptions& options, const Write& write,
                std::vector<std::string>& problems) {
  const Answer answer = ask(reader, page, part, options.show_private, problems);
  std::string out = header_of(part, options.language);
  if (!answer.error.empty()) out += ",\"error\":" + text::json_string(answer.error);
  if (is_prose(part) && answer.error.empty()) {
    out += ",\"sentences\":[";
    bool first = true;
    for (const auto& sentence : sentences_of(part, answer.table, options.language)) {
      if (!std::exchange(first, false)) out += ',';
      out += text::json_string(sentence);
    }
    out += ']';
  }
  out += ",\"rows\":[";
  for (std::size_t r = 0; r < answer.table.rows.size(); ++r) {
    out += r ? ",\n[" : "\n[";
    const auto& row = answer.table.rows[r];
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i) out += ',';
      out += json_of(row[i]);
    }
    out += ']';
    if (out.size() > 1u << 16) {
      write(out);
      out.clear();
    }
  }
  write(out + "]}");
}

}  // namespace

Rendered render_json(Queryable& reader, const ReportOptions& options, const Write& write) {
  Rendered rendered;
  const Language language = options.language;
  write("{\"klikspaan\":" + text::json_string(options.version) + ",\"case\":{\"file\":" + text::json_string(options.case_path) +
        ",\"language\":" + text::json_string(language_name(language)) +
        ",\"inputs\":" + objects(reader, "SELECT * FROM input ORDER BY input_id", rendered.problems) +
        ",\"builds\":" + objects(reader, "SELECT * FROM build ORDER BY build_id", rendered.problems) + "},\"pages\":[");
  bool first_page = true;
  for (const Page& page : pages_of(options)) {
    write(std::string(std::exchange(first_page, false) ? "\n" : ",\n") + "{\"id\":" + text::json_string(page.id) +
          ",\"title\":" + text::json_string(page.title.in(language)) +
          ",\"sentence\":" + text::json_string(page.sentence.in(language)) + ",\"parts\":[");
    bool first_part = true;
    for (const Part& part : page.parts) {
      if (!has_part(reader, part)) continue;
      if (!std::exchange(first_part, false)) write(",\n");
      write_part(reader, page, part, options, write, rendered.problems);
    }
    write("]}");
  }
  write("]}\n");
  return rendered;
}

}  // namespace klik::views
