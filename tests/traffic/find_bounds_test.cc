// What stands beside an identifier decides whether it is one. All identifiers are made.
#include "traffic/find_bounds.h"

#include <gtest/gtest.h>

#include "traffic/leaks.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

std::string forms(std::string_view file, std::string_view body) {
  const IdentifierFile read = read_identifiers(Bytes::of(file));
  EXPECT_TRUE(read.errors.empty());
  auto search = LeakSearch::of(read.identifiers);
  std::string out;
  for (const Leak& l : search.search({}, {.message = 1, .place = "request.body", .name = {}, .type = {}, .way = Way::up, .bytes = Bytes::of(body), .coding = {}}).leaks) out.append(out.empty() ? "" : " ").append(l.form);
  return out;
}

TEST(FindBounds, TextInUtf16IsFoundInItsByteOrderOnly) {
  const std::string file = "email jan.test@example.com\n";
  for (const std::string_view before : {"", "mail: ", "m: "}) {
    const std::string text = std::string(before) + "jan.test@example.com, ok";
    EXPECT_EQ(forms(file, utf16(text, false)), "utf16le") << before;
    EXPECT_EQ(forms(file, utf16(text, true)), "utf16be") << before;
    // After a header of an odd length, and after the length in front that programs write.
    EXPECT_EQ(forms(file, "\x01\x02\x03" + utf16(text, false)), "utf16le") << before;
    EXPECT_EQ(forms(file, "\x01\x02\x03" + utf16(text, true)), "utf16be") << before;
    EXPECT_EQ(forms(file, std::string("\x2c\0\0\0", 4) + utf16(text, false)), "utf16le") << before;
    EXPECT_EQ(forms(file, std::string("\0\0\0\x2c", 4) + utf16(text, true)), "utf16be") << before;
  }
}

TEST(FindBounds, ADigitMoreIsAnotherCanary) {
  const std::string file = "canary ZebraKanarie-7731\n";
  EXPECT_EQ(forms(file, "x=ZebraKanarie-77310"), "");
  EXPECT_EQ(forms(file, "xZebraKanarie-7731y"), "plain");
  EXPECT_EQ(forms(file, "5ZebraKanarie-7731."), "plain");
  EXPECT_EQ(forms(file, hex_lower("ZebraKanarie-77310")), "");
  EXPECT_EQ(forms("canary 7731-ZebraKanarie\n", "17731-ZebraKanarie"), "");
  EXPECT_EQ(forms("canary 7731-ZebraKanarie\n", "7731-ZebraKanarie1"), "plain");
}

TEST(FindBounds, OctetsThatGoOnAreALongerAddress) {
  const std::string file = "mac 3e:28:6d:12:ab:9f\n";
  for (const std::string_view no : {"3e:28:6d:12:ab:9f:00", "00:3e:28:6d:12:ab:9f", "02:01:3e:28:6d:12:ab:9f", "3E-28-6D-12-AB-9F-FF-FE"}) EXPECT_EQ(forms(file, no), "") << no;
  for (const std::string_view yes : {"3e:28:6d:12:ab:9f", "mac:3e:28:6d:12:ab:9f:", "3e:28:6d:12:ab:9f:-67", "01:3e:28:6d:12:ab:9f", "2024-3e-28-6d-12-ab-9f-2024", "3e:28:6d:12:ab:9f-00"}) EXPECT_NE(forms(file, yes), "") << yes;
}

}  // namespace
}  // namespace klik::traffic
