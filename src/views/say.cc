#include "views/say.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/text.h"
#include "views/lines.h"
#include "views/phrases.h"

namespace klik::views {
namespace {

constexpr std::size_t kListed = 6;          // items of a list that are named in a sentence
constexpr std::size_t kLongest = 120;       // characters of one value inside a sentence

// In characters, so that the cut never falls inside one.
std::string shortened(std::string text, std::size_t characters) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0u) == 0x80u) continue;
    if (seen++ == characters) {
      text.resize(i);
      return text + "…";
    }
  }
  return text;
}

struct Hole {
  std::size_t begin, end;    // in the sentence, with the braces
  std::vector<std::string_view> fields;
};

std::vector<Hole> find_holes(std::string_view s) {
  std::vector<Hole> holes;
  for (std::size_t at = 0; (at = s.find_first_of("{}", at)) != std::string_view::npos;) {
    const auto end = s[at] == '{' ? s.find_first_of("{}", at + 1) : std::string_view::npos;
    if (end == std::string_view::npos || s[end] != '}') {
      holes.push_back({at, at + 1, {"{"}});
      ++at;
      continue;
    }
    holes.push_back({at, end + 1, cut(s.substr(at + 1, end - at - 1), '|')});
    at = end + 1;
  }
  return holes;
}

std::string filled(const std::string& sentence, const Part& part, const std::vector<Value>* row,
                   const std::string* list, Language language) {
  std::string out;
  std::size_t from = 0;
  for (const Hole& hole : find_holes(sentence)) {
    out += sentence.substr(from, hole.begin - from);
    from = hole.end;
    if (list && hole.fields.front() == "list") {
      out += *list;
      continue;
    }
    for (std::size_t i = 0; row && i < part.columns.size() && i < row->size(); ++i) {
      if (part.columns[i].name != hole.fields.front()) continue;
      if (hole.fields.size() == 3) {
        const auto* number = std::get_if<std::int64_t>(&(*row)[i]);
        out += hole.fields[number && *number == 1 ? 1 : 2];
      } else {
        out += shortened(shown((*row)[i], part.columns[i], language), kLongest);
      }
    }
  }
  return out + sentence.substr(from);
}

std::string tenths(std::uint64_t ten_times, Language language) {
  std::string out = shown_number(static_cast<std::int64_t>(ten_times / 10), language);
  out += language == Language::nl ? ',' : '.';
  out += static_cast<char>('0' + ten_times % 10);
  return out;
}

// What stands in a case for an identifier that the owner gave is said in the language of the reader, wherever it stands.
std::string in_language(std::string text, Language language) {
  const std::string& english = report_words().label("owners_identifier", Language::en);
  if (language == Language::en) return text;
  for (auto at = text.find(english); at != text.npos; at = text.find(english, at)) {
    const std::string& dutch = report_words().label("owners_identifier", language);
    text.replace(at, english.size(), dutch);
    at += dutch.size();
  }
  return text;
}

}  // namespace

std::string shown_number(std::int64_t value, Language language) {
  std::string digits = std::to_string(value);
  const std::size_t sign = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > sign + 3; at -= 3) digits.insert(at - 3, 1, language == Language::nl ? '.' : ',');
  return digits;
}

std::string shown_bytes(std::int64_t value, Language language) {
  if (value < 1000) return shown_number(value, language) + (value == 1 ? " byte" : " bytes");
  constexpr const char* kUnits[] = {" kB", " MB", " GB", " TB", " PB", " EB"};
  std::uint64_t unit = 1000;
  std::size_t name = 0;
  const auto bytes = static_cast<std::uint64_t>(value);
  // Up by one unit while the rounded value would have four digits.
  while (name + 1 < std::size(kUnits) && bytes >= unit * 1000 - unit / 2) {
    unit *= 1000;
    ++name;
  }
  const std::uint64_t rounded = (bytes + unit / 20) / (unit / 10);   // in tenths
  if (rounded >= 1000) return shown_number(static_cast<std::int64_t>((bytes + unit / 2) / unit), language) + kUnits[name];
  return tenths(rounded, language) + kUnits[name];
}

std::string shown_time(std::int64_t seconds) {
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  if (seconds < -62'135'596'800 || seconds >= kYear10000) return std::to_string(seconds);
  const std::chrono::sys_seconds when{std::chrono::seconds{seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(when - day).count();
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  return buffer;
}

std::string shown_duration(std::int64_t milliseconds, Language language) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, milliseconds));
  struct Unit {
    std::uint64_t ms;
    const char *en, *nl;
  };
  // In the unit of which there are ten or so: 299.8 s is known to a tenth, 3.2 h needs no minutes.
  constexpr Unit kUnits[] = {{86'400'000, " days", " dagen"}, {3'600'000, " h", " uur"}, {60'000, " min", " min"}, {1'000, " s", " s"}};
  for (const Unit& unit : kUnits)
    if (ms >= unit.ms * (unit.ms == 86'400'000 ? 3 : 10) || unit.ms == 1'000) return tenths((ms + unit.ms / 20) / (unit.ms / 10), language) + (language == Language::nl ? unit.nl : unit.en);
  return {};
}

std::string shown_stamp(std::string_view text) {
  // 2026-01-05T10:00:00.123456Z; what else stands in a column of time is left as it is.
  constexpr std::string_view kForm = "0000-00-00T00:00:00";
  const bool stamp = text.size() > kForm.size() && text.ends_with('Z') && std::ranges::equal(text.substr(0, kForm.size()), kForm, [](char c, char form) { return form == '0' ? c >= '0' && c <= '9' : c == form; });
  return stamp ? std::string(text.substr(0, 10)) + ' ' + std::string(text.substr(11, 8)) : std::string(text);
}

std::string shown(const Value& value, const ReportColumn& column, Language language) {
  const Words& words = report_words();
  if (std::holds_alternative<std::monostate>(value)) return words.label(column.kind == ColumnKind::bytes ? "size_unknown" : "not_stated", language);
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    switch (column.kind) {
      case ColumnKind::bytes: return shown_bytes(*number, language);
      case ColumnKind::yesno: return words.label(*number ? "yes" : "no", language);
      case ColumnKind::time: return shown_time(*number);
      case ColumnKind::duration: return shown_duration(*number, language);
      case ColumnKind::share:
        // Cut, not rounded: 100 % is all of it. What is there is never 0.
        if (*number < 0 || *number > 1'000'000) return std::to_string(*number);
        return (*number > 0 && *number < 1000 ? "< " + tenths(1, language) : tenths(static_cast<std::uint64_t>(*number) / 1000, language)) + " %";
      case ColumnKind::number: return shown_number(*number, language);
      default: return std::to_string(*number);
    }
  }
  const std::string& raw = std::get<std::string>(value);
  if (column.kind == ColumnKind::state) {
    if (const Word* word = words.find(column.words, raw)) return word->text.in(language);
  }
  if (column.has_phrases() && language == Language::nl) {
    if (const compare::Phrases* phrases = phrases_named(column.words)) return text::escaped(phrases->dutch(raw));
  }
  if (column.kind == ColumnKind::time) return text::escaped(shown_stamp(raw));
  return in_language(text::escaped(raw), language);
}

std::vector<std::string> holes_of(std::string_view sentence) {
  std::vector<std::string> names;
  for (const Hole& hole : find_holes(sentence)) {
    const bool wellformed = hole.fields.size() == 1 || hole.fields.size() == 3;
    names.emplace_back(wellformed ? hole.fields.front() : std::string_view("{"));
  }
  return names;
}

std::vector<std::string> sentences_of(const Part& part, const Table& table, Language language) {
  std::vector<std::string> out;
  if (table.rows.empty()) {
    if (!part.empty.empty()) out.push_back(part.empty.in(language));
    return out;
  }
  if (part.each.empty()) {
    for (const auto& row : table.rows) out.push_back(filled(part.say.in(language), part, &row, nullptr, language));
    return out;
  }
  const std::string& each = part.each.in(language);
  // Items that hold commas themselves are kept apart by something stronger.
  const char* between = each.find(',') == std::string::npos ? ", " : "; ";
  std::string list;
  for (std::size_t i = 0; i < table.rows.size() && i < kListed; ++i) {
    if (i) list += between;
    list += filled(each, part, &table.rows[i], nullptr, language);
  }
  if (table.rows.size() > kListed) {
    list += ' ' + report_words().label("and", language) + ' ' +
            shown_number(static_cast<std::int64_t>(table.rows.size() - kListed), language) + ' ' + report_words().label("more", language);
  }
  out.push_back(filled(part.say.in(language), part, &table.rows.front(), &list, language));
  return out;
}

}  // namespace klik::views
