#include "views/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "support/case_reader_stand_in.h"
#include "support/mock_case.h"
#include "views/columnar.h"
#include "views/embedded.h"
#include "views/pages.h"

namespace klik::views {
namespace {

using Json = nlohmann::json;

struct Made {
  std::string text;
  std::vector<std::string> problems;
};

Made made(const std::string& path, ReportFormat format, Language language = Language::en, std::uint64_t origin_rows = 400'000,
          const std::string& case_path = "a case's.kk") {
  CaseReader reader(path, {});
  Made out;
  ReportOptions options{.format = format, .language = language, .case_path = case_path, .version = "1.2.3", .origin_rows = origin_rows};
  out.problems = render(reader, options, [&](std::string_view piece) { out.text += piece; }).problems;
  return out;
}

// The JSON of one data block of the page.
Json block(const std::string& html, const std::string& id) {
  const std::string open = "<script type=\"application/json\" id=\"" + id + "\">";
  const auto begin = html.find(open);
  if (begin == std::string::npos) return nullptr;
  const auto end = html.find("</script>", begin);
  return Json::parse(html.substr(begin + open.size(), end - begin - open.size()));
}

std::vector<std::string> texts(const Json& packed) {
  std::vector<std::string> values;
  std::string last;
  for (std::size_t i = 0; i + 1 < packed["v"].size(); i += 2) values.push_back(last = last.substr(0, packed["v"][i].get<std::size_t>()) + packed["v"][i + 1].get<std::string>());
  std::vector<std::string> rows;
  for (const auto& place : packed["i"]) rows.push_back(place.get<int>() < 0 ? "(null)" : values[place.get<std::size_t>()]);
  return rows;
}

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += what.size()) ++n;
  return n;
}

class HostileReport : public ::testing::Test {
 protected:
  test::MockCase mock_{test::kHostileRows};
};

TEST_F(HostileReport, EveryPageCanBeMadeInEveryFormat) {
  for (const auto format : {ReportFormat::html, ReportFormat::json, ReportFormat::text}) {
    for (const auto language : {Language::en, Language::nl}) {
      const auto out = made(mock_.path(), format, language);
      EXPECT_TRUE(out.problems.empty()) << out.problems.front();
      EXPECT_GT(out.text.size(), 1000u);
    }
  }
}

TEST_F(HostileReport, HtmlHoldsNoMarkupFromTheCase) {
  const std::string html = made(mock_.path(), ReportFormat::html).text;
  EXPECT_EQ(html.find(test::kScript), std::string::npos);
  EXPECT_EQ(html.find(test::kEndScript), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("\u202E"), std::string::npos);
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
  // What opens and closes scripts is the shell itself: one data block per page, origins, index, and the code.
  EXPECT_EQ(count(html, "<script"), report_pages().size() + 3);
  EXPECT_EQ(count(html, "</script"), report_pages().size() + 3);
  // Yet all of it is there, as text.
  const auto names = texts(block(html, "k-rows-packages")["list"]["name"]);
  EXPECT_NE(std::find(names.begin(), names.end(), test::kScript), names.end());
  const auto paths = texts(block(html, "k-rows-files")["list"]["device_path"]);
  EXPECT_NE(std::find(paths.begin(), paths.end(), "/system/" + text::escaped(test::kReordered)), paths.end());
}

TEST_F(HostileReport, HtmlIsSafeAlsoWhenTheNameOfTheCaseIsHostile) {
  const std::string html = made(mock_.path(), ReportFormat::html, Language::en, 400'000, test::kEndScript + "\u202E'").text;
  EXPECT_EQ(html.find(test::kEndScript), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("\u202E"), std::string::npos);
}

TEST_F(HostileReport, HtmlLoadsNothingAndItsCodeSetsNoMarkup) {
  const std::string html = made(mock_.path(), ReportFormat::html).text;
  for (const char* loads : {"src=\"", "href=\"http", "@import", "url(", "fetch(", "XMLHttpRequest", "import(", "<link", "<iframe", "<base"}) {
    EXPECT_EQ(html.find(loads), std::string::npos) << loads;
  }
  for (const auto& file : embedded_shell()) {
    for (const char* never : {"http://", "https://", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"}) {
      EXPECT_EQ(file.text.find(never), std::string_view::npos) << file.name << ": " << never;
    }
    if (file.name.ends_with(".js")) {
      EXPECT_EQ(file.text.find("</"), std::string_view::npos) << file.name;
      EXPECT_EQ(file.text.find("<!--"), std::string_view::npos) << file.name;
    }
  }
  EXPECT_NE(html.find("default-src 'none'; style-src 'sha256-"), std::string::npos);
  EXPECT_EQ(html.find("unsafe-inline"), std::string::npos);
}

// The policy lets exactly this code run: a wrong digest would leave an empty page.
TEST_F(HostileReport, ThePolicyNamesTheDigestOfTheCode) {
  const std::string html = made(mock_.path(), ReportFormat::html).text;
  for (const auto& [open, close, directive] : {std::tuple{"<script>", "</script>", "script-src"}, std::tuple{"<style>", "</style>", "style-src"}}) {
    const auto begin = html.find(open) + std::string_view(open).size();
    const std::string code = html.substr(begin, html.find(close, begin) - begin);
    ASSERT_GT(code.size(), 1000u);
    const auto digest = sha256(Bytes::of(code));
    EXPECT_NE(html.find(std::string(directive) + " 'sha256-" + base64(std::string(digest.begin(), digest.end())) + "'"), std::string::npos) << directive;
  }
}

TEST_F(HostileReport, RowsCarryTheirPlacesAndTheCommand) {
  const std::string html = made(mock_.path(), ReportFormat::html).text;
  const Json origins = block(html, "k-origins");
  EXPECT_EQ(origins["n"], 4);
  EXPECT_EQ(origins["columns"]["at"]["v"], (Json{2048, 90, 8123, 1}));
  EXPECT_EQ(texts(origins["columns"]["extractor"])[2], test::kScript);
  EXPECT_EQ(block(html, "k-report")["why"], "klikspaan why 'a case'\"'\"'s.kk'");
}

TEST_F(HostileReport, PlacesBeyondTheBudgetAreLeftOutAndItIsSaid) {
  const Json report = block(made(mock_.path(), ReportFormat::html, Language::en, 3).text, "k-report");
  EXPECT_EQ(report["originRows"], 3);
  std::set<std::string> without;
  for (const auto& page : report["pages"]) {
    for (const auto& part : page["parts"]) {
      if (part["places"] == false) without.insert(page["id"].get<std::string>());
    }
  }
  // Settings and files come last, and of those only settings have places here.
  EXPECT_TRUE(without.contains("settings"));
  EXPECT_FALSE(without.contains("packages"));
  const Json none = block(made(mock_.path(), ReportFormat::html, Language::en, 1).text, "k-origins");
  EXPECT_LE(none["n"], 1);   // a fact goes in with all its places or not at all
}

TEST_F(HostileReport, SaysInPlainSentencesWhatMatters) {
  const std::string en = made(mock_.path(), ReportFormat::text).text;
  EXPECT_NE(en.find("It could read 2 of 3 files: 2.4 kB of 2.4 kB."), std::string::npos) << en;
  EXPECT_NE(en.find("What it could not see: 1 file encrypted (size not known)."), std::string::npos);
  EXPECT_NE(en.find("1 package or module is signed by a publicly known test key."), std::string::npos);
  EXPECT_EQ(en.find("No package is signed by a publicly known test key."), std::string::npos);
  const std::string nl = made(mock_.path(), ReportFormat::text, Language::nl).text;
  EXPECT_NE(nl.find("1 pakket of module is getekend met een openbaar bekende testsleutel."), std::string::npos) << nl;
}

TEST_F(HostileReport, TextHoldsNoControlCharacters) {
  for (const auto language : {Language::en, Language::nl}) {
    const std::string text = made(mock_.path(), ReportFormat::text, language).text;
    for (const char c : text) {
      ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
      ASSERT_NE(c, 0x7F);
    }
    EXPECT_EQ(text.find("\u202E"), std::string::npos);
    EXPECT_TRUE(text::is_clean_utf8(text));
  }
}

TEST_F(HostileReport, JsonHoldsTheRawValuesOfEveryPage) {
  const std::string text = made(mock_.path(), ReportFormat::json).text;
  const Json report = Json::parse(text);
  EXPECT_EQ(report["klikspaan"], "1.2.3");
  EXPECT_EQ(report["case"]["builds"][0]["brand"], test::kScript);
  ASSERT_EQ(report["pages"].size(), report_pages().size());
  std::size_t rows = 0;
  for (const auto& page : report["pages"]) {
    EXPECT_FALSE(page["title"].get<std::string>().empty());
    for (const auto& part : page["parts"]) {
      for (const auto& row : part["rows"]) {
        EXPECT_EQ(row.size(), part["columns"].size());
        ++rows;
      }
      EXPECT_FALSE(part.contains("error"));
    }
  }
  EXPECT_GT(rows, 25u);
  EXPECT_EQ(report["pages"][1]["id"], "findings");
  const auto packages = std::find_if(report["pages"].begin(), report["pages"].end(), [](const Json& page) { return page["id"] == "packages"; });
  ASSERT_NE(packages, report["pages"].end());
  EXPECT_EQ((*packages)["parts"][0]["rows"][0][0], test::kScript);
  EXPECT_NE(text.find("\\u003cscript\\u003e"), std::string::npos);
}

TEST_F(HostileReport, NumbersThatJavaScriptWouldRoundGoInAsText) {
  const Json rows = block(made(mock_.path(), ReportFormat::html).text, "k-rows-problems");
  EXPECT_EQ(rows["list"]["at"]["v"][0], "9223372036854775807");
}

TEST_F(HostileReport, IsTheSameEveryTime) {
  for (const auto format : {ReportFormat::html, ReportFormat::json, ReportFormat::text}) EXPECT_EQ(made(mock_.path(), format).text, made(mock_.path(), format).text);
}

TEST(EmptyReport, IsMadeAndSaysThatNothingWasFound) {
  const test::MockCase empty("");
  for (const auto format : {ReportFormat::html, ReportFormat::json, ReportFormat::text}) {
    const auto out = made(empty.path(), format);
    EXPECT_TRUE(out.problems.empty()) << out.problems.front();
  }
  EXPECT_NE(made(empty.path(), ReportFormat::text).text.find("nothing was looked at"), std::string::npos);
}

TEST(MadeSample, IsLabelledOnEveryPageWithABanner) {
  const auto banners = [](const std::string& rows) {
    const test::MockCase mock(rows);
    const Json report = block(made(mock.path(), ReportFormat::html).text, "k-report");
    std::size_t n = 0;
    for (const auto& part : report["pages"][0]["parts"]) {
      if (part["form"] == "banner") n += part["sentences"].size();
    }
    return n;
  };
  EXPECT_EQ(banners("INSERT INTO build(build_id, fact_id, label, maker, brand, model, fingerprint, release, security_patch, built_at, region, tags) VALUES(1, NULL, 'x', 'm', 'b', 'Phone (Made Sample)', NULL, NULL, NULL, NULL, NULL, NULL);"), 1u);
  EXPECT_EQ(banners("INSERT INTO build(build_id, fact_id, label, maker, brand, model, fingerprint, release, security_patch, built_at, region, tags) VALUES(1, NULL, 'x', 'm', 'made sample', NULL, NULL, NULL, NULL, NULL, NULL, NULL);"), 1u);
  EXPECT_EQ(banners("INSERT INTO build(build_id, fact_id, label, maker, brand, model, fingerprint, release, security_patch, built_at, region, tags) VALUES(1, NULL, 'x', 'm', 'b', 'Phone', NULL, NULL, NULL, NULL, NULL, NULL);"), 0u);
}

TEST(BrokenCase, ATableThatCannotBeMadeIsSaidInItsPlace) {
  std::string views = test::public_views();
  const auto at = views.find("CREATE TABLE component");
  views.erase(at, views.find('\n', at) - at);
  const test::MockCase broken("", views);
  for (const auto format : {ReportFormat::html, ReportFormat::json, ReportFormat::text}) {
    const auto out = made(broken.path(), format);
    ASSERT_FALSE(out.problems.empty());
    EXPECT_NE(out.problems.front().find("no such table: component"), std::string::npos) << out.problems.front();
  }
  const Json report = block(made(broken.path(), ReportFormat::html).text, "k-report");
  for (const auto& page : report["pages"]) {
    if (page["id"] == "components") {
      EXPECT_EQ(page["parts"][0]["error"], "no such table: component");
    }
  }
}

TEST(Columnar, LeavesOutSharedBeginningsButNeverInsideACharacter) {
  Table table{.columns = {"x"}, .rows = {{"/system/é"}, {"/system/ë"}, {Value{}}, {"/system/app"}, {"/system/é"}}};
  const Json packed = Json::parse(packed_column(table, 0, Pack::no));
  EXPECT_EQ(packed["v"], (Json{0, "/system/app", 8, "é", 8, "ë"}));
  EXPECT_EQ(packed["i"], (Json{1, 2, -1, 0, 1}));
}

TEST(Columnar, PacksHexOnlyWhenAllOfItIs) {
  Table table{.columns = {"x"}, .rows = {{"00ff"}, {Value{}}, {"abcd"}}};
  const Json packed = Json::parse(packed_column(table, 0, Pack::yes));
  EXPECT_EQ(packed["k"], "x");
  EXPECT_EQ(packed["v"], "AP+rzQ==");
  EXPECT_EQ(packed["z"], (Json{1}));
  table.rows.push_back({"ABCD"});   // upper case would come back as something else
  EXPECT_EQ(Json::parse(packed_column(table, 0, Pack::yes))["k"], "t");
  table.rows.back() = {"abc"};
  EXPECT_EQ(Json::parse(packed_column(table, 0, Pack::yes))["k"], "t");
}

TEST(Base64, PadsAsRfc4648Section10Shows) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace klik::views
