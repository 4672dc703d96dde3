// links: klik_traffic
#include "views/pages.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <map>
#include <set>

#include "data/decoders.h"
#include "support/case_reader_stand_in.h"
#include "support/mock_case.h"
#include "traffic/identifiers.h"
#include "views/embedded.h"

namespace klik::views {
namespace {

TEST(ReportPages, ParseWithoutErrors) {
  ASSERT_GE(embedded_reports().size(), 8u);
  for (const auto& file : embedded_reports()) {
    const auto parsed = parse_page(file.name, file.text);
    for (const auto& error : parsed.errors) ADD_FAILURE() << error;
  }
  EXPECT_EQ(report_pages().size(), embedded_reports().size());
  EXPECT_EQ(report_pages().front().id, "looked_at");
}

TEST(ReportPages, HaveTheirOwnIdAndOrder) {
  std::set<std::string> ids;
  std::set<int> orders;
  for (const Page& page : report_pages()) {
    EXPECT_TRUE(ids.insert(page.id).second) << page.id;
    EXPECT_TRUE(orders.insert(page.order).second) << page.id;
  }
}

TEST(ReportPages, LinkToPagesAndColumnsThatExist) {
  for (const Page& page : report_pages()) {
    for (const Part& part : page.parts) {
      if (part.link.empty()) continue;
      const auto cut = part.link.find('?');
      const std::string id = part.link.substr(0, cut);
      const auto target = std::find_if(report_pages().begin(), report_pages().end(), [&](const Page& p) { return p.id == id; });
      ASSERT_NE(target, report_pages().end()) << part.link;
      if (cut == std::string::npos || part.link.substr(cut, 3) != "?f=") continue;
      const std::string filter = part.link.substr(cut + 3);
      const std::string wanted = filter.substr(0, filter.find(':'));
      bool found = false;
      for (const Part& p : target->parts) {
        for (const auto& column : p.columns) found = found || p.id + '.' + column.name == wanted;
      }
      EXPECT_TRUE(found) << part.link;
    }
  }
}

// Column by column, against the public views and nothing else.
TEST(ReportPages, DeclareExactlyTheColumnsOfTheirSql) {
  const test::MockCase empty("");
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(empty.path().c_str(), &db), SQLITE_OK);
  for (const Page& page : report_pages()) {
    for (const Part& part : page.parts) {
      const std::string name = page.id + '/' + part.id;
      sqlite3_stmt* statement = nullptr;
      ASSERT_EQ(sqlite3_prepare_v2(db, part.sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << name << ": " << sqlite3_errmsg(db);
      std::vector<std::string> given;
      for (int i = 0; i < sqlite3_column_count(statement); ++i) given.emplace_back(sqlite3_column_name(statement, i));
      std::vector<std::string> declared;
      for (const auto& column : part.columns) declared.push_back(column.name);
      EXPECT_EQ(given, declared) << name;
      EXPECT_TRUE(sqlite3_stmt_readonly(statement)) << name;
      sqlite3_finalize(statement);
    }
  }
  sqlite3_close(db);
}

TEST(VerificationPage, SaysVerifiedOnlyOfImagesThatAreWholly) {
  const test::MockCase mock("INSERT INTO avb_coverage(build_id, path, partition, bytes, verified, unsigned, failed, structure, uncovered, uncovered_share, fact_id) VALUES"
                            "(1, 'a', 'whole', 200, 150, 0, 0, 50, 0, 0, 'a'), (1, 'b', 'failed', 200, 0, 0, 200, 0, 0, 0, 'b'), (1, 'c', 'unsigned', 200, 0, 200, 0, 0, 0, 0, 'c'),"
                            "(1, 'd', 'part', 200, 150, 0, 0, 0, 50, 0.25, 'd'), (1, 'e', 'mixed', 200, 150, 0, 50, 0, 0, 0, 'e'), (1, 'f', 'empty', 0, 0, 0, 0, 0, 0, NULL, 'f');");
  CaseReader reader(mock.path(), {});
  std::map<std::string, std::string> found;
  for (const Page& page : report_pages()) {
    if (page.id != "verification") continue;
    for (const auto& row : reader.query(page.parts.front().sql, {}).rows) {
      ASSERT_GT(row.size(), 6u);
      found[std::get<std::string>(row[1])] = std::get<std::string>(row[3]) + " " + std::get<std::string>(row[4]) + " " + std::to_string(std::get<std::int64_t>(row[6]));
    }
  }
  EXPECT_EQ(reader.error(), "");
  const std::map<std::string, std::string> expected = {{"whole", "verified 100.0 % 200"}, {"failed", "failed 100.0 % 200"}, {"unsigned", "uncovered 100.0 % 200"}, {"part", "uncovered 25.0 % 50"}, {"mixed", "failed 25.0 % 50"}};
  EXPECT_EQ(found, expected);
}

TEST(ReportPages, NeverSayThatSomethingIsDangerousOrScored) {
  for (const auto& files : {embedded_reports(), embedded_words()}) {
    for (const auto& file : files) {
      std::string text(file.text);
      for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      for (const char* word : {"dangerous", "gevaarlijk", "score", "malicious", "kwaadaardig", "!."}) EXPECT_EQ(text.find(word), std::string::npos) << file.name << ": " << word;
    }
  }
}

TEST(ReportWords, ParseAndCoverTheValuesOfTheCase) {
  const Words& words = report_words();
  for (const auto& error : words.errors) ADD_FAILURE() << error;
#define KLIK_CODE(name, state, text)                                                            \
  EXPECT_TRUE(words.find("code", #name)) << "problem code " #name " has no words in words.txt"; \
  EXPECT_TRUE(words.find("file_state", #state)) << "state " #state " has no words in words.txt";
#include "base/codes.def"
#undef KLIK_CODE
  for (const char* state : {"read", "listed", "unsupported", "encrypted", "damaged", "over_budget"}) EXPECT_TRUE(words.find("file_state", state)) << state;
}

TEST(ReportWords, NameEveryKindOfDataThatDecodersKnow) {
  for (const data::DataCategory& c : data::data_categories()) {
    const auto* word = report_words().find("data_category", c.id);
    ASSERT_TRUE(word) << c.id;
    EXPECT_EQ(word->text.en, c.title_en);
    EXPECT_EQ(word->text.nl, c.title_nl);
  }
}

TEST(ReportWords, NameEveryKindOfIdentifierThatCanBeGiven) {
  for (int kind = 0; kind <= static_cast<int>(traffic::IdentifierKind::operator_code); ++kind) {
    const std::string_view name = traffic::kind_name(static_cast<traffic::IdentifierKind>(kind));
    EXPECT_TRUE(report_words().find("identifier_kind", name)) << name;
  }
}

// Every label('x') of the shell and of the renderers is in the set "ui".
TEST(ReportWords, HoldEveryLabelThatTheShellUses) {
  std::size_t used = 0;
  for (const auto& file : embedded_shell()) {
    if (!file.name.ends_with(".js")) continue;
    for (std::size_t at = 0; (at = file.text.find("label('", at)) != std::string_view::npos;) {
      at += 7;
      const auto name = file.text.substr(at, file.text.find('\'', at) - at);
      EXPECT_TRUE(report_words().find("ui", name)) << file.name << ": " << name;
      ++used;
    }
  }
  EXPECT_GT(used, 20u);
}

TEST(ReportWords, NameTheLineThatIsWrong) {
  const Words words = parse_words("# set\na | b | loud | x | y\na | b | plain | x |\nshort | line\na | c | plain | x | y\na | c | plain | x | y\n");
  ASSERT_EQ(words.errors.size(), 4u);
  EXPECT_EQ(words.errors[0], "words.txt, line 2: unknown tone 'loud'");
  EXPECT_EQ(words.errors[1], "words.txt, line 3: a text is missing in one language");
  EXPECT_EQ(words.errors[2], "words.txt, line 4: a word has 5 fields, or 7 with its meaning");
  EXPECT_EQ(words.errors[3], "words.txt, line 6: said twice");
}

std::string good_page() {
  return "-- page: things\n-- order: 5\n-- title.en: Things\n-- title.nl: Dingen\n-- sentence.en: All things,\n"
         "--   also small ones.\n-- sentence.nl: Alle dingen.\n-- empty.en: None.\n-- empty.nl: Geen.\n"
         "-- column: name | text | Name | Naam | Its name | De naam\nSELECT name FROM package -- a comment: kept\n;\n";
}

TEST(PageFile, IsReadWithItsContinuedLines) {
  const auto parsed = parse_page("things.sql", good_page());
  ASSERT_TRUE(parsed.errors.empty()) << parsed.errors.front();
  EXPECT_EQ(parsed.page.sentence.en, "All things, also small ones.");
  ASSERT_EQ(parsed.page.parts.size(), 1u);
  EXPECT_EQ(parsed.page.parts[0].id, "list");
  EXPECT_EQ(parsed.page.parts[0].sql, "SELECT name FROM package -- a comment: kept");
}

struct Wrong {
  const char* from;
  const char* to;
  const char* error;
};

TEST(PageFile, NamesWhatIsWrongAndWhere) {
  const Wrong cases[] = {
      {"-- page: things\n", "", "things.sql: lacks 'page', an id of a-z and _"},
      {"-- order: 5", "-- order: five", "things.sql, line 2: order is a number from 0 to 9999"},
      {"-- title.nl: Dingen\n", "", "things.sql: lacks title.en or title.nl"},
      {"-- title.nl: Dingen", "-- titel.nl: Dingen", "things.sql, line 4: unknown key 'titel.nl'"},
      {"-- title.nl: Dingen", "-- title.de: Dinge", "things.sql, line 4: 'title.de' needs a language: .en or .nl"},
      {"-- title.nl: Dingen", "-- title.en: Twice", "things.sql, line 4: 'title.en' is said twice"},
      {"-- title.nl: Dingen", "-- title.nl:", "things.sql, line 4: 'title.nl' has no value"},
      {"-- empty.nl: Geen.\n", "", "things.sql: part 'list': lacks empty.en or empty.nl"},
      {"| text |", "| prose |", "things.sql, line 10: unknown type 'prose' of column 'name'"},
      {"| text |", "| state:nosuch |", "things.sql, line 10: no set of words 'nosuch'"},
      {"| text |", "| text:code |", "things.sql, line 10: no set of phrases 'code'"},
      {"| text |", "| path:code |", "things.sql, line 10: only a state column names a set of words, only text and detail a set of phrases"},
      {"| De naam", "|", "things.sql, line 10: column 'name' lacks a label or a help text in one language"},
      {"| Naam | Its name | De naam", "", "things.sql, line 10: a column is: name | type | label.en | label.nl | help.en | help.nl"},
      {"SELECT name FROM package -- a comment: kept\n;\n", "", "things.sql: part 'list': has no SQL"},
      {"FROM package -- a comment: kept", "FROM package\n-- tone: loss", "things.sql, line 12: 'tone' stands after the SQL of its part"},
      {"-- empty.en: None.", "-- form: wheel\n-- empty.en: None.", "things.sql, line 8: unknown form 'wheel'"},
      {"-- empty.en: None.", "-- tone: shrill\n-- empty.en: None.", "things.sql, line 8: unknown tone 'shrill'"},
      {"-- empty.en: None.", "-- form: sentences\n-- say.en: {nam} is there\n-- say.nl: {name} is er\n-- empty.en: None.",
       "things.sql: part 'list': its sentence names 'nam', which is no column"},
      {"-- empty.en: None.", "-- form: sentences\n-- say.en: {name is there\n-- say.nl: {name} is er\n-- empty.en: None.",
       "things.sql: part 'list': its sentence names '{', which is no column"},
      {"-- empty.en: None.", "-- form: sentences\n-- empty.en: None.", "things.sql: part 'list': lacks say.en or say.nl"},
  };
  for (const auto& wrong : cases) {
    std::string text = good_page();
    const auto at = text.find(wrong.from);
    ASSERT_NE(at, std::string::npos) << wrong.from;
    text.replace(at, std::string(wrong.from).size(), wrong.to);
    const auto parsed = parse_page("things.sql", text);
    EXPECT_NE(std::find(parsed.errors.begin(), parsed.errors.end(), wrong.error), parsed.errors.end())
        << wrong.error << "\ngot: " << (parsed.errors.empty() ? "nothing" : parsed.errors.front());
  }
}

TEST(PageFile, EveryPrefixIsRefusedOrRead) {
  const std::string text = good_page();
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto parsed = parse_page("things.sql", text.substr(0, n));
    if (text.find("SELECT") + 1 > n) {
      EXPECT_FALSE(parsed.errors.empty()) << n;
    }
  }
}

}  // namespace
}  // namespace klik::views
