#include "traffic/identifiers.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "traffic/coordinate_forms.h"
#include "traffic/identifier_forms.h"
#include "traffic/letter_forms.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

IdentifierFile read(std::string_view text) { return read_identifiers(Bytes::of(text)); }

TEST(Identifiers, ValuesGetOneSpelling) {
  const auto file = read("# of a made phone\n\nIMEI 00-000012-345678-9\r\nmac 02-1A-2B-3C-4D-5E\n  phone\t0032 470 00 01 23  \ncoordinates 50.8798 , 4.7005\nssid Huis van Jan\nimei 000000123456789");
  EXPECT_TRUE(file.errors.empty());
  ASSERT_EQ(file.identifiers.size(), 5u);
  EXPECT_EQ(file.identifiers[0].value, "000000123456789");
  EXPECT_EQ(file.identifiers[1].value, "02:1a:2b:3c:4d:5e");
  EXPECT_EQ(file.identifiers[2].value, "+32470000123");
  EXPECT_EQ(file.identifiers[3].value, "50.8798,4.7005");
  EXPECT_EQ(file.identifiers[4].value, "Huis van Jan");
}

TEST(Identifiers, BadLinesAreToldByNumber) {
  const auto file = read("imei 12\nnonsense x\nmac\nmac 02:1a\ncoordinates 50.8\ncontact Jan\nemail nobody\nssid \xff\xff\xff\xff\xff\xff\ncoordinates 99.1234,4.1234\n");
  EXPECT_TRUE(file.identifiers.empty());
  ASSERT_EQ(file.errors.size(), 9u);
  for (std::uint32_t i = 0; i < 9; ++i) EXPECT_EQ(file.errors[i].line, i + 1);
}

TEST(Identifiers, PlaceholdersAreNotLookedFor) {
  const auto file = read("mac 02:00:00:00:00:00\nimei 000000000000000\nandroid_id 9774d56d682e549c\nadvertising_id 00000000-0000-0000-0000-000000000000\nserial unknown\ncoordinates 0.0000,0.0000\n");
  EXPECT_TRUE(file.identifiers.empty());
  EXPECT_TRUE(file.errors.empty());
  EXPECT_EQ(file.passed_over.size(), 6u);
}

TEST(Identifiers, AWrongCheckDigitIsToldAndTheNumberTaken) {
  const auto file = read("imei 000000123456782\nimei 000000123456789\nimei 00000012345678\nimei 0000001234567801\n");
  EXPECT_EQ(file.identifiers.size(), 4u);
  EXPECT_TRUE(file.errors.empty());
  ASSERT_EQ(file.doubtful.size(), 1u);
  EXPECT_EQ(file.doubtful[0].line, 2u);
}

TEST(Identifiers, SaltsAreNoIdentifiers) {
  const auto file = read("salt pepper and salt\nimei 000000123456789\nsalt_before app:\nSALT_AFTER hex:0001ff20\nsalt_key k\n");
  EXPECT_TRUE(file.errors.empty());
  EXPECT_EQ(file.identifiers.size(), 1u);
  ASSERT_EQ(file.salts.size(), 5u);
  const auto is = [&](std::size_t i, Salt::Way way, std::uint32_t number, std::string_view bytes) { return file.salts[i].way == way && file.salts[i].number == number && file.salts[i].bytes == bytes; };
  EXPECT_TRUE(is(0, Salt::Way::before, 1, "pepper and salt"));
  EXPECT_TRUE(is(1, Salt::Way::after, 1, "pepper and salt"));
  EXPECT_TRUE(is(2, Salt::Way::before, 2, "app:"));
  EXPECT_TRUE(is(3, Salt::Way::after, 3, std::string("\0\1\xff ", 4)));
  EXPECT_TRUE(is(4, Salt::Way::key, 4, "k"));
  EXPECT_EQ(read("salt\nsalt hex:0\nsalty x\nsalt " + std::string(600, 'x')).errors.size(), 4u);
  std::string many;
  for (int i = 0; i < 40; ++i) many += "salt text " + std::to_string(i) + "\n";
  EXPECT_EQ(read(many).errors.size(), 8u);
  std::string wide = "salt one\n";
  for (int i = 0; i < 1100; ++i) wide += "serial SERIAL" + std::to_string(i) + "\n";
  ASSERT_EQ(read(wide).errors.size(), 1u);
  EXPECT_EQ(read(wide).errors[0].line, 1u);
}

TEST(Identifiers, OperatorsAreFiveOrSixDigits) {
  const auto file = read("operator 310-260\noperator 20404\noperator 00101\n");
  EXPECT_TRUE(file.errors.empty());
  ASSERT_EQ(file.identifiers.size(), 3u);
  EXPECT_EQ(file.identifiers[0].value, "310260");
  EXPECT_EQ(kind_name(file.identifiers[0].kind), "operator");
  EXPECT_EQ(read("operator 310\noperator 12345\noperator 3102600\n").errors.size(), 3u);
}

TEST(Identifiers, EveryPrefixOfAFileIsRead) {
  const std::string text = "# a\nsalt hex:0102\nimei 000000123456789\nmac 02:1a:2b:3c:4d:5e\ncoordinates 50.8798,4.7005\nemail jan@example.com\n";
  for (std::size_t n = 0; n <= text.size(); ++n) read(std::string_view(text).substr(0, n));
}

TEST(Forms, AreDistinctAndInOrder) {
  const auto file = read("imei 000000123456789\nimsi 001010123456789\niccid 8900000000000000001\nmac 02:1a:2b:3c:4d:5e\nphone +12015550123\nemail a.b+c@gmail.com\nadvertising_id 1b4db7eb-4057-5ddf-91e0-36dec72071f5\nandroid_id 1a2b3c4d5e6f7a8b\ncontact Zo\xc3\xab Test\ncoordinates -33.123456,151.123456\nserial TEST0SERIAL7\n");
  ASSERT_TRUE(file.errors.empty());
  const auto forms = forms_of(file.identifiers), again = forms_of(file.identifiers);
  ASSERT_EQ(forms.size(), again.size());
  for (std::size_t i = 0; i < forms.size(); ++i) {
    EXPECT_EQ(forms[i].bytes, again[i].bytes);
    EXPECT_GE(forms[i].bytes.size(), 5u);
    EXPECT_FALSE(forms[i].name.empty());
    if (i) {
      EXPECT_GE(forms[i].identifier, forms[i - 1].identifier);
    }
    // Few bits count as weak or need more around them.
    if (forms[i].neighbours == Neighbours::any && forms[i].bytes.size() < 8 && forms[i].tail != Tail::utdid) {
      EXPECT_TRUE(forms[i].weak || forms[i].axis != Axis::none) << forms[i].name;
    }
  }
  const auto has = [&](std::string_view name, std::string_view bytes) { return std::ranges::any_of(forms, [&](const Form& f) { return f.name == name && f.bytes == bytes; }); };
  EXPECT_TRUE(has("mailbox", "ab@gmail.com"));
  EXPECT_TRUE(has("decomposed", "Zoe\xcc\x88 Test"));
  EXPECT_TRUE(has("packed_bcd.swapped", std::string("\x00\x00\x00\x21\x43\x65\x87\xf9", 8)));
  EXPECT_TRUE(has("raw", "\x02\x1a\x2b\x3c\x4d\x5e"));
  EXPECT_TRUE(has("short_octets", "2:1a:2b:3c:4d:5e"));
  EXPECT_TRUE(has("grouped", "(201) 555-0123"));
  EXPECT_TRUE(has("digits", "12015550123"));
  EXPECT_TRUE(has("decimal", std::to_string(0x1a2b3c4d5e6f7a8bull)));
}

TEST(CoordinateForms, GeohashAndPlusCodeAreTheirSpecifications) {
  EXPECT_EQ(geohash(57.64911, 10.40744).substr(0, 11), "u4pruydqqvj");   // geohash.org's own example
  EXPECT_EQ(plus_code(47.365590, 8.524997), "8FVC9G8F+6X");              // test data of open-location-code
}

TEST(CoordinateForms, DegreesAgreeWhenCutOrRounded) {
  EXPECT_TRUE(same_degrees("50.87986", "50.879"));
  EXPECT_TRUE(same_degrees("50.87986", "50.880"));
  EXPECT_TRUE(same_degrees("50.87986", "50.8798600"));
  EXPECT_TRUE(same_degrees("50.8799", "50.8798612"));
  EXPECT_FALSE(same_degrees("50.87986", "50.878"));
  EXPECT_FALSE(same_degrees("50.87986", "50.87"));
  EXPECT_FALSE(same_degrees("50.87986", "-50.87986"));
  EXPECT_FALSE(same_degrees("50.87986", "50.87987"));
}

TEST(TextEncodings, UndoWhatTheyDo) {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += static_cast<char>(i * 7);
    EXPECT_EQ(decoded_base64(base64(all, false)), all);
    EXPECT_EQ(decoded_base64(base64(all, true)), all);
    EXPECT_EQ(decoded_hex(hex_lower(all)), all);
    EXPECT_EQ(decoded_hex(hex_upper(all)), all);
    EXPECT_EQ(decoded_percent(percent_encoded(all, true), false).value_or(all), all);
  }
  EXPECT_FALSE(decoded_base64("abc-+def"));
  EXPECT_FALSE(decoded_base64("abcde"));
  EXPECT_EQ(decoded_json_escapes("\\u00e9\\ud83d\\ude00\\/\\n\\u12"), "\xc3\xa9\xf0\x9f\x98\x80/\n\\u12");
  EXPECT_EQ(decoded_xml_references("a&amp;&#x41;&#66;&nbsp;"), "a&AB&nbsp;");
  EXPECT_EQ(utf16("a\xc3\xa9", false), std::string("a\0\xe9\0", 4));
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");   // RFC 4648 §10
  // At each phase the inner text stands in what a longer text encodes to.
  for (unsigned phase = 0; phase < 3; ++phase) {
    const auto inner = base64_inner("000000123456789", phase, false);
    EXPECT_GE(inner.covered, 13u);
    EXPECT_NE(base64("xyz" + std::string(phase, '?') + "000000123456789 and more", false).find(inner.text), std::string::npos) << phase;
  }
}

TEST(LetterForms, GoBothWays) {
  EXPECT_EQ(decomposed("Zo\xc3\xab"), "Zoe\xcc\x88");
  EXPECT_EQ(composed("Zoe\xcc\x88"), "Zo\xc3\xab");
}

}  // namespace
}  // namespace klik::traffic
