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

// Without the breaks of lines, which fall where they must.
std::string flat(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (const bool blank = c == '\n' || c == ' '; !blank || !out.ends_with(' ')) out += blank ? ' ' : c;
  return out;
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

// What a capture told of the owner's identifiers, and who they went to.
std::string leaks(const std::string& seen) {
  return "INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(7, 7, 1, printf('%032d', 7)); INSERT INTO artifact(artifact_id, build_id, path, kind, state) VALUES(7, 1, 'a.pcap', 'pcap', 'read');"
         "INSERT INTO identifier_sought(build_id, identifier, sought, fact_id) VALUES(1, 'imei', 1, printf('%032d', 8)), (1, 'email', 2, printf('%032d', 9));" + seen;
}
const std::string kImeiSeen = "INSERT INTO identifier_seen(identifier, digest, way, host, owner, \"open\", decode_path, form, strength, fact_id) VALUES('imei', 'd', 'out', 'told.example', 'Told Inc.', 1, 'request.body/gzip/json.d', 'plain', 'decoded', printf('%032d', 5));";

std::set<std::string> parts_of(const std::string& html, std::size_t page) {
  std::set<std::string> ids;
  const Json report = block(html, "k-report");
  for (const auto& part : report["pages"][page]["parts"]) ids.insert(part["id"].get<std::string>());
  return ids;
}

TEST(LeakReport, LeadsWithWhatWasRecognisedToWhomAndByWhichPath) {
  const test::MockCase mock(leaks(kImeiSeen));
  const std::string en = flat(made(mock.path(), ReportFormat::text).text);
  EXPECT_NE(en.find("! Of the owner's identifiers these were recognised in what left the phone: IMEI to 1 host, told.example"), std::string::npos) << en;
  EXPECT_LT(en.find("told.example"), en.find("This case names no input"));
  EXPECT_NE(en.find("request.body/gzip/json.d"), std::string::npos);
  EXPECT_NE(en.find("Looked for, and not seen in what went out and could be read: e-mail address (2/2)."), std::string::npos) << en;
  EXPECT_NE(en.find(" What left the phone ! Recognised in what left the phone: IMEI, to 1 host: told.example (Told Inc.)."), std::string::npos) << en;
  const std::string nl = flat(made(mock.path(), ReportFormat::text, Language::nl).text);
  EXPECT_NE(nl.find("IMEI naar 1 host, told.example (Told Inc.)"), std::string::npos) << nl;
  EXPECT_NE(nl.find("e-mailadres (2/2)"), std::string::npos);
}

TEST(LeakReport, SaysANullResult) {
  const test::MockCase echo(leaks("INSERT INTO identifier_seen(identifier, digest, way, host, strength, fact_id) VALUES('imei', 'd', 'back', 'told.example', 'decoded', printf('%032d', 5)), ('email', 'e', 'out', 'told.example', 'weak', printf('%032d', 6));"));
  const std::string text = flat(made(echo.path(), ReportFormat::text).text);
  EXPECT_NE(text.find("None of the owner's identifiers that were looked for was recognised"), std::string::npos) << text;
  EXPECT_NE(text.find("could be read: e-mail address (2/2), IMEI."), std::string::npos) << text;
}

TEST(LeakReport, SaysThatNothingWasLookedForAndHasNoTableOfIt) {
  const std::string capture = "INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(7, 7, 1, printf('%032d', 7));";
  const test::MockCase mock(capture);
  EXPECT_NE(flat(made(mock.path(), ReportFormat::text).text).find("No identifier of the owner was looked for in the traffic"), std::string::npos);
  EXPECT_FALSE(parts_of(made(mock.path(), ReportFormat::html).text, 0).contains("identifiers_left"));
  const test::MockCase software("");
  EXPECT_EQ(flat(made(software.path(), ReportFormat::text).text).find("identifier of the owner"), std::string::npos) << "without a capture there is nothing to say";
  const test::MockCase sought(leaks(""));
  EXPECT_TRUE(parts_of(made(sought.path(), ReportFormat::html).text, 0).contains("identifiers_left"));
}

// The lines of a report for a terminal, without breaks.
std::string told(const std::string& rows, Language language = Language::en) {
  const test::MockCase mock(rows);
  const auto out = made(mock.path(), ReportFormat::text, language);
  EXPECT_TRUE(out.problems.empty()) << out.problems.front();
  return flat(out.text);
}

// The rows of a part, as JSON has them.
Json rows_of(const std::string& rows, const std::string& page, const std::string& part) {
  const test::MockCase mock(rows);
  const Json report = Json::parse(made(mock.path(), ReportFormat::json).text);
  for (const auto& p : report["pages"])
    for (const auto& one : p["parts"])
      if (p["id"] == page && one["id"] == part) return one["rows"];
  return nullptr;
}

TEST(TrafficReport, FramesThatNothingWasReadOfAreDark) {
  const std::string wifi = "INSERT INTO capture(capture_id, artifact_id, build_id, frames, connections, protected, unsupported, fragments_lost, damaged) VALUES(7, 7, 1, 80, 0, 50, 20, 3, 0);";
  EXPECT_EQ(rows_of(wifi, "traffic", "dark"), (Json{{"wifi", nullptr, nullptr, nullptr, nullptr, 50}, {"link_type", nullptr, nullptr, nullptr, nullptr, 20}, {"fragments", nullptr, nullptr, nullptr, nullptr, 3}}));
  EXPECT_NE(told(wifi).find("! Of 80 frames in the captures 70 could not be read at all: 50 under Wi-Fi encryption, 20 of a link type that is not read."), std::string::npos);
  EXPECT_NE(told(wifi).find("! 70 of 80 frames could not be read at all"), std::string::npos) << "on the first page too";
  EXPECT_EQ(rows_of("", "traffic", "dark"), nullptr) << "without a capture nothing is said of it";
  EXPECT_NE(told("").find("No capture of traffic was handed in, so what left the phone was not seen."), std::string::npos);
}

TEST(TrafficReport, ARefusedCertificateIsAReasonOfItsOwn) {
  const std::string pinned = "INSERT INTO capture(capture_id, artifact_id, build_id, frames, protected, unsupported, fragments_lost, damaged) VALUES(7, 7, 1, 80, 0, 0, 0, 0);"
                             "INSERT INTO connection(connection_id, capture_id, dst, host, local, number, bytes_out, bytes_in, dark_out, dark_in, fact_id) VALUES(1, 7, '192.0.2.1', 'pins.example', 0, 1, 300, 900, 0, 0, printf('%032d', 1)), (2, 7, '192.0.2.1', 'pins.example', 0, 2, 300, 900, 0, 0, printf('%032d', 2));"
                             "INSERT INTO certificate_refused(connection_id, capture_id, host, reason, fact_id) VALUES(1, 7, 'pins.example', 'unknown_ca', printf('%032d', 3));";
  EXPECT_EQ(rows_of(pinned, "traffic", "dark"), (Json::array({{"refused", 1, 1, 0, 0, nullptr}})));
  EXPECT_EQ(rows_of(pinned, "traffic", "refused")[0][3], 1) << "one other connection with that host";
  EXPECT_NE(told(pinned).find("1 connection to 1 host ended because the phone's side refused the certificate"), std::string::npos);
  EXPECT_NE(told(pinned, Language::nl).find("1 verbinding eindigde met 1 host doordat de kant van de telefoon het certificaat weigerde"), std::string::npos);
}

TEST(FirstPage, SpeaksOfTheCaptureAndNotOfSoftwareThatIsNotThere) {
  const std::string capture = "INSERT INTO build(build_id, label) VALUES(1, 'a.pcap'); INSERT INTO capture(capture_id, artifact_id, build_id, frames, connections, started, ended) VALUES(7, 7, 1, 52, 7, '2021-12-09T12:48:56.123456Z', '2022-04-18T12:06:19.5Z');";
  const std::string text = told(capture);
  EXPECT_NE(text.find("It holds 1 capture of traffic: 52 frames, 7 connections. The first frame is of 2021-12-09 12:48 UTC, the last of 2022-04-18 12:06."), std::string::npos) << text;
  EXPECT_EQ(text.find("It holds the software of"), std::string::npos);
  EXPECT_EQ(text.find("not stated"), std::string::npos) << text;
  const std::string both = told(capture + "UPDATE build SET maker = 'Maker', release = '14';");
  EXPECT_NE(both.find("It holds the software of Maker, Android 14"), std::string::npos) << both;
  EXPECT_NE(both.find("It holds 1 capture of traffic"), std::string::npos);
  EXPECT_NE(told("").find("No build properties were found"), std::string::npos);
}

TEST(TrafficReport, HostsAreNotSaidToBeNowhereWhenNoSoftwareWasRead) {
  const std::string host = "INSERT INTO capture(capture_id, artifact_id, build_id) VALUES(7, 7, 1); INSERT INTO wire_host(capture_id, host, connections, bytes_out, held, fact_id) VALUES(7, 'a.example', 1, 1, NULL, printf('%032d', 1));";
  EXPECT_EQ(rows_of(host, "traffic", "held"), Json::array());
  EXPECT_EQ(rows_of(host + "UPDATE wire_host SET held = 'none';", "traffic", "held").size(), 1u);
}

TEST(TrafficReport, ActsOfTheOwnerStandAmongTheConnections) {
  const Json rows = rows_of("INSERT INTO capture(capture_id, artifact_id, build_id) VALUES(7, 7, 1); INSERT INTO connection(connection_id, capture_id, number, dst, host, local, started, fact_id) VALUES(1, 7, 1, '192.0.2.1', 'a.example', 0, '2026-01-05T10:00:05.000000Z', printf('%032d', 1));"
                            "INSERT INTO act(build_id, \"at\", state, act, fact_id) VALUES(1, '2026-01-05T10:00:04Z', 'idle', 'on the table', printf('%032d', 2)), (1, '2026-01-05T10:00:09Z', 'use', NULL, printf('%032d', 3));", "traffic", "when");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0][3], "idle");
  EXPECT_EQ(rows[1][0], "a.example");
  EXPECT_EQ(rows[2][3], "use");
}

TEST(TrafficReport, AServiceIsNotCalledByItsMakerTwice) {
  const Json rows = rows_of("INSERT INTO telemetry(connection_id, capture_id, maker, service, state, host, out, fact_id) VALUES(1, 7, 'Facebook', 'Facebook: Graph', 'contacted', 'a.example', 1, printf('%032d', 1)), (1, 7, 'Facebook', 'Log', 'contacted', 'a.example', 1, printf('%032d', 2));", "traffic", "telemetry");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0][1], "Graph");
  EXPECT_EQ(rows[1][1], "Log");
}

TEST(Findings, AreCountedInTheNumberTheyHave) {
  const std::string one = "INSERT INTO rule_run(rule, state, evaluated, findings) VALUES('a', 'evaluated', 1, 1), ('b', 'evaluated', 1, 0), ('c', 'no_rows', 0, 0);";
  EXPECT_NE(told(one, Language::nl).find("2 regels zijn gesteld; 1 daarvan vond iets. 1 kon niet gesteld worden, omdat het deel waarnaar die kijkt"), std::string::npos) << told(one, Language::nl);
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
