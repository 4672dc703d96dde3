#include "views/phrases.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "support/case_reader_stand_in.h"
#include "support/mock_case.h"
#include "views/embedded.h"
#include "views/report.h"
#include "views/words.h"

namespace klik::views {
namespace {

TEST(ReportPhrases, ParseWithoutErrors) {
  std::set<std::string_view> sets;
  for (const EmbeddedFile& file : embedded_phrases()) sets.insert(file.name.substr(0, file.name.find('.')));
  EXPECT_EQ(sets, (std::set<std::string_view>{"problem", "right", "votes"}));
  for (const std::string_view set : sets) {
    const ParsedPhrases parsed = parse_phrases(set, embedded_phrases());
    for (const std::string& error : parsed.errors) ADD_FAILURE() << error;
    EXPECT_GT(parsed.phrases.size(), set == "votes" ? 0u : 50u) << set;
    EXPECT_NE(phrases_named(set), nullptr) << set;
  }
  EXPECT_NE(phrases_named(kChangeWords), nullptr);
  EXPECT_EQ(phrases_named("code"), nullptr);
}

TEST(ReportPhrases, NameTheLineThatIsWrong) {
  const EmbeddedFile files[] = {{"a.one.txt", "# x\n\nfine | goed\nhalf |\n{} of {} | {} van\n"}, {"a.two.txt", "fine | best\nb | c | d\n"}, {"ab.txt", "fine | goed\n"}};
  const ParsedPhrases parsed = parse_phrases("a", files);
  EXPECT_EQ(parsed.errors, (std::vector<std::string>{"a.one.txt, line 4: a phrase is: English | Dutch", "a.one.txt, line 5: its holes are not as many in both languages",
                                                     "a.two.txt, line 1: said twice", "a.two.txt, line 2: a phrase is: English | Dutch"}));
  EXPECT_EQ(parsed.phrases, (std::vector<std::pair<std::string, std::string>>{{"fine", "goed"}}));
}

// Reasons for rights are put together from several parts; each stays whole, and names from the phone stay as they are.
TEST(ReportPhrases, TellReasonsForRights) {
  const compare::Phrases& right = *phrases_named("right");
  const auto told = [&](std::string_view why) { return right.dutch(why); };
  EXPECT_EQ(told("normal: every app that asks holds it; assumed: AOSP API 23 table"), "normal: elke app die erom vraagt houdt het; aangenomen: tabel van AOSP API 23");
  EXPECT_EQ(told("dangerous, but its target 22 is below 23: held without asking, shown for review at the first start"),
            "dangerous, maar het target 22 ligt onder 23: gehouden zonder vraag, bij de eerste start ter controle getoond");
  EXPECT_EQ(told("follows from another request; through its shared user com.a, as com.b; a privileged app of /system; the allow list of system does not name it, which no property here enforces"),
            "volgt uit een ander verzoek; via de gedeelde gebruiker com.a, als com.b; een bevoorrechte app van /system; de lijst van bevoorrechte rechten van system noemt het niet, wat geen eigenschap hier afdwingt");
  EXPECT_EQ(told("the allow list of vendor does not name it, and ro.control_privapp_permissions is enforce: such a phone does not start"),
            "de lijst van bevoorrechte rechten van vendor noemt het niet, en ro.control_privapp_permissions is enforce: zo'n telefoon start niet");
  EXPECT_EQ(told("privileged, but of /vendor, and the permission is not vendorPrivileged; can be given with adb (development)"),
            "bevoorrecht, maar van /vendor, en het recht is niet vendorPrivileged; kan met adb gegeven worden (development)");
  EXPECT_EQ(told("gets it at first boot: config_defaultSms of the platform names it (sms)"), "krijgt het bij de eerste start: config_defaultSms van het platform noemt het (sms)");
  EXPECT_EQ(told("gets it at first boot: a line in etc/default-permissions names it, fixed"), "krijgt het bij de eerste start: een regel in etc/default-permissions noemt het, vast");
  EXPECT_EQ(told("signed with the platform key (signs the package `android` (framework-res)); the allow list of system names it"),
            "getekend met de platformsleutel (die het pakket `android` (framework-res) tekent); de lijst van bevoorrechte rechten van system noemt het");
  EXPECT_EQ(told("something else"), "something else");
}

std::string made(const std::string& path, ReportFormat format, Language language) {
  CaseReader reader(path, {});
  std::string out;
  const ReportOptions options{.format = format, .language = language, .case_path = "a.kk", .version = "1"};
  EXPECT_TRUE(render(reader, options, [&](std::string_view piece) { out += piece; }).problems.empty());
  return out;
}

// A page holds both languages, a machine gets what the case holds.
TEST(ReportPhrases, StandInPagesAndNotInJson) {
  const test::MockCase mock("INSERT INTO problem(artifact_id, \"at\", code, severity, what, detail, advice, fact_id) VALUES"
                            "(1, 5, 'truncated', 'data_loss', 'a line outside of any section', 'no bytes', 'fetch it again or leave it', printf('%032d', 1));");
  const std::string html = made(mock.path(), ReportFormat::html, Language::en);
  EXPECT_NE(html.find("\"what_en\":{\"k\":\"t\",\"v\":[0,\"a line outside of any section\"]"), html.npos);
  EXPECT_NE(html.find("\"what_nl\":{\"k\":\"t\",\"v\":[0,\"een regel buiten elk deel\"]"), html.npos);
  // What has no phrase stays as it is; detail is the phone's.
  EXPECT_NE(html.find("\"advice_nl\":{\"k\":\"t\",\"v\":[0,\"fetch it again or leave it\"]"), html.npos);
  EXPECT_NE(html.find("\"detail\":{\"k\":\"t\",\"v\":[0,\"no bytes\"]"), html.npos);
  for (const Language language : {Language::en, Language::nl}) {
    const auto json = nlohmann::json::parse(made(mock.path(), ReportFormat::json, language));
    std::size_t rows = 0;
    for (const auto& page : json["pages"]) {
      if (page["id"] != "problems") continue;
      for (const auto& row : page["parts"][0]["rows"]) {
        EXPECT_EQ(row[4], "a line outside of any section");
        ++rows;
      }
    }
    EXPECT_EQ(rows, 1u);
  }
}

TEST(ReportPhrases, AreShownInDutchOnly) {
  const test::MockCase mock("INSERT INTO problem(artifact_id, \"at\", code, severity, what, detail, advice, fact_id) VALUES"
                            "(1, 5, 'truncated', 'data_loss', 'a line outside of any section', '', 'the file was cut short; fetch it again', printf('%032d', 1));");
  EXPECT_NE(made(mock.path(), ReportFormat::text, Language::nl).find("het bestand is afgekapt; haal het opnieuw op"), std::string::npos);
  EXPECT_NE(made(mock.path(), ReportFormat::text, Language::en).find("the file was cut short; fetch it again"), std::string::npos);
}

}  // namespace
}  // namespace klik::views
