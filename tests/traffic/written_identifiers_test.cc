// The ways in which people and programs write an identifier: found, and what only looks alike is not. All identifiers are made.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/hash.h"
#include "traffic/leaks.h"
#include "traffic/number_run_search.h"
#include "traffic/text_encodings.h"
#include "traffic/text_forms.h"

namespace klik::traffic {
namespace {

class Searched {
 public:
  explicit Searched(std::string_view file) : search_(LeakSearch::of(read_identifiers(Bytes::of(file)).identifiers)) {}
  // Names of the forms, strong ones only.
  std::string in(std::string_view text) {
    std::set<std::string> forms;
    for (const Leak& l : search_.search(on_, {.message = ++message_, .place = "request.body", .name = {}, .type = {}, .way = Way::up, .bytes = Bytes::of(text), .coding = {}}).leaks)
      if (!l.weak) forms.insert(l.form);
    std::string out;
    for (const std::string& f : forms) out += (out.empty() ? "" : " ") + f;
    return out;
  }
  std::size_t forms() const { return search_.forms(); }

 private:
  LeakSearch search_;
  Connection on_;
  std::uint64_t message_ = 0;
};

std::string hashed(HashAlgorithm algorithm, std::string_view text) { return hex(Bytes(hash(algorithm, Bytes::of(text)))); }
std::string parted(std::string_view digits) {
  return std::string(digits.substr(0, 8)) + "-" + std::string(digits.substr(8, 4)) + "-" + std::string(digits.substr(12, 4)) + "-" + std::string(digits.substr(16, 4)) + "-" + std::string(digits.substr(20, 12));
}

constexpr std::string_view kImei = "000000123456789";

TEST(WrittenIdentifiers, NumbersAreFoundInAnyGroups) {
  Searched s("phone +32470000123\nimei 000000123456789\nimsi 999018765432109\niccid 8932010000000000016\n");
  for (const std::string_view text : {"0470/00.01.23", "0470 00 01 23", "0470-000123", "(0470) 00 01 23", "+32 (0)470 000 123", "0032 470/000123", "+32-470-00-01-23", "470 00 01 23", "tel:0470.000.123;"}) EXPECT_EQ(s.in(text), "grouped") << text;
  for (const std::string_view text : {"00 000012 345678 9", "00/000012/345678/9", "000000 123456 789"}) EXPECT_EQ(s.in(text), "grouped") << text;
  EXPECT_EQ(s.in("999-01-8765432109"), "grouped");
  EXPECT_EQ(s.in("89320 10000 00000 0016"), "grouped");
  for (const std::string_view text : {"0470/00.01.24", "10470/00.01.23", "0470/00.01.234", "0470/00,01,23", "0470 - - 00.01.23", "04 70a00 01 23", "90470 00 01 23"}) EXPECT_EQ(s.in(text), "") << text;
}

TEST(WrittenIdentifiers, AnImsiAsAnAddressOfANetwork) {
  Searched s("imsi 999018765432109\n");
  for (const std::string_view leading : {"0", "1", "2", "6"}) EXPECT_EQ(s.in(std::string(leading) + "999018765432109@nai.epc.mnc001.mcc999.3gppnetwork.org"), "nai");
  EXPECT_EQ(s.in("5999018765432109@nai"), "");
  EXPECT_EQ(s.in("10999018765432109@nai"), "");
}

TEST(WrittenIdentifiers, PlacesInNormalisedAndCommaNotation) {
  Searched s("coordinates 51.05432,3.71742\n");
  EXPECT_EQ(s.in("+51.05432+003.71742/"), "decimal");
  EXPECT_EQ(s.in("51,05432 3,71742"), "decimal.comma");
  EXPECT_EQ(s.in("51,0543217 ; 3,7174203"), "decimal.comma");
  for (const std::string_view text : {"+51.05432+004.71742/", "51,05432 3,72742", "51,054,32 3,717,42", "51,054 3,717", "[51,05,3,71,742]", "51,05432", "151.05432 1003.71742"}) EXPECT_EQ(s.in(text), "") << text;
  Searched south("coordinates -5.12345,-70.54321\n");
  EXPECT_EQ(south.in("-05.12345-070.54321/"), "decimal");
  EXPECT_EQ(south.in("+05.12345-070.54321/"), "");
}

TEST(WrittenIdentifiers, LettersInAnyCase) {
  Searched s("email test.person@example.org\nmac 02:1a:2b:3c:4d:5e\nserial TEST0SERIAL7\nadvertising_id 1b4db7eb-4057-5ddf-91e0-36dec72071f5\n");
  EXPECT_EQ(s.in("/u/Test.Person@Example.Org/x"), "mixed_case");
  EXPECT_EQ(s.in("02:1A:2b:3C:4d:5E"), "mixed_case");
  EXPECT_EQ(s.in("02-1A-2b-3C-4d-5E"), "dashes.mixed_case");
  EXPECT_EQ(s.in("Test0Serial7"), "mixed_case");
  EXPECT_EQ(s.in("1B4db7eb-4057-5DDF-91e0-36dec72071f5"), "mixed_case");
  EXPECT_EQ(s.in("TEST.PERSON@EXAMPLE.ORG"), "upper") << "what has a name of its own keeps it";
  EXPECT_EQ(s.in("Test.Person@Example.Orga"), "");
  EXPECT_EQ(s.in("Test.Per\x13on@Example.Org"), "") << "a control character is no letter in another case";
  EXPECT_EQ(s.in("Test.Person`Example.Org"), "");
}

TEST(WrittenIdentifiers, AnAddressWithoutItsTag) {
  Searched s("email Jan.Test+x@gmail.com\nemail jan+tag@example.org\n");
  EXPECT_EQ(s.in("jan.test@gmail.com"), "untagged");
  EXPECT_EQ(s.in(hashed(HashAlgorithm::sha256, "jan.test@gmail.com")), "untagged.sha256.hex");
  EXPECT_EQ(s.in("jan@example.org"), "untagged");
  EXPECT_EQ(s.in("jan+other@example.org"), "");
  EXPECT_EQ(s.in("jan@example.organic"), "");
}

TEST(WrittenIdentifiers, TextsAreFoundInAnyCharacterSetAndEscape) {
  Searched s("canary Z\xc3\xa9" "bra Kanarie\n");
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {"Z\xc3\xa9" "bra Kanarie", "plain"},
      {"Z\xc3\x89" "BRA KANARIE", "upper"},
      {"z\xc3\xa9" "bra kanarie", "lower"},
      {"z\xc3\xa9" "bra Kanarie", "mixed_case"},
      {"Z\xe9" "bra Kanarie", "latin1"},
      {"Z\xc9" "BRA KANARIE", "upper.latin1"},
      {"/p/Z%E9bra%20Kanarie", "latin1"},
      {"x=Z%e9bra+Kanarie", "latin1"},
      {"Z&eacute;bra Kanarie", "html.named"},
      {"Z&#233;bra Kanarie", "plain"},
      {"Z&#xE9;bra Kanarie", "plain"},
      {"Z\\u00e9bra Kanarie", "plain"},
      {"=?UTF-8?Q?Z=C3=A9bra_Kanarie?=", "q_word"},
      {"=?ISO-8859-1?Q?Z=E9bra_Kanarie?=", "q_word.latin1"},
      {"Z=C3=A9bra Kanarie", "quoted_printable"},
  };
  for (const auto& [text, form] : kCases) EXPECT_EQ(s.in(text), form) << text;
  for (const std::string_view text : {"Zebra Kanarie", "Z\xc3\xa8" "bra Kanarie", "Z\xe8" "bra Kanarie", "Z%E8bra%20Kanarie", "Z&egrave;bra Kanarie", "Z&#232;bra Kanarie", "Z=C3=A8bra_Kanarie", "Z\\u00e8bra Kanarie"}) EXPECT_EQ(s.in(text), "") << text;
  Searched at("email test@example.org\n");
  EXPECT_EQ(at.in("test&#64;example.org"), "plain");
  EXPECT_EQ(at.in("test\\u0040example.org"), "plain");
  EXPECT_EQ(at.in("test&#65;example.org"), "");
}

TEST(WrittenIdentifiers, LettersOfOtherScriptsHaveACase) {
  EXPECT_EQ(in_small_letters("\xc3\x89\xc5\x81\xce\xa3\xd0\x96\xd0\x81\xc5\xb8\xe1\xba\xa0"), "\xc3\xa9\xc5\x82\xcf\x83\xd0\xb6\xd1\x91\xc3\xbf\xe1\xba\xa1");
  EXPECT_EQ(in_capitals("\xc3\xa9\xc5\x82\xcf\x83\xd0\xb6\xd1\x91\xc3\xbf\xe1\xba\xa1"), "\xc3\x89\xc5\x81\xce\xa3\xd0\x96\xd0\x81\xc5\xb8\xe1\xba\xa0");
  for (const std::string_view same : {"\xc3\x97\xc3\xb7\xc3\x9f", "123 \xe4\xb8\xad\xf0\x9f\x90\x98"}) {
    EXPECT_EQ(in_small_letters(same), same);
    EXPECT_EQ(in_capitals(same), same);
  }
}

TEST(WrittenIdentifiers, DigestsAreFoundCutAtEitherEnd) {
  Searched s("imei 000000123456789\n");
  const std::string sha = hashed(HashAlgorithm::sha256, kImei);
  for (std::size_t n = 14; n < 64; ++n) {
    EXPECT_EQ(s.in("h=" + sha.substr(0, n)), "sha256.hex." + std::to_string(n));
    EXPECT_EQ(s.in("h=" + sha.substr(64 - n)), "sha256.hex.last" + std::to_string(n));
  }
  EXPECT_EQ(s.in(sha), "sha256.hex");
  EXPECT_EQ(s.in(sha.substr(0, 13)), "");
  EXPECT_EQ(s.in(sha.substr(0, 20) + "0"), sha[20] == '0' ? "sha256.hex.21" : "");
  EXPECT_EQ(s.in("f" + sha.substr(30)), sha[29] == 'f' ? "sha256.hex.last35" : "");
}

TEST(WrittenIdentifiers, DigestsAreFoundAsUuidsAndByteByByte) {
  constexpr std::string_view kOther = "000000123456788";   // whose MD5 does not look like a UUID of version 3
  Searched s("imei 000000123456788\n");
  const std::string md5 = hashed(HashAlgorithm::md5, kOther);
  std::string java = md5, bytes;
  java[12] = '3';
  java[16] = "89ab"[hex_value(java[16]) & 3];
  for (std::size_t i = 0; i < 32; i += 2) bytes += (i ? ":" : "") + md5.substr(i, 2);
  for (const std::string before : {"", "x=", "{", "padding of some length "}) {
    EXPECT_EQ(s.in(before + parted(md5)), "md5.hex.uuid") << before;
    EXPECT_EQ(s.in(before + parted(java)), "md5.uuid3.hex.uuid") << before;
    EXPECT_EQ(s.in(before + bytes + ";"), "md5.hex.bytes") << before;
  }
  // Digests that are cut, as short as they may be, wherever the looks fall.
  for (std::size_t before = 0; before < 14; ++before) EXPECT_NE(s.in(std::string(before, 'x') + bytes.substr(0, 20) + ";"), "") << before;
  EXPECT_EQ(s.in(java), "md5.uuid3.hex");
  EXPECT_EQ(s.in(parted(hashed(HashAlgorithm::sha256, kOther))), "sha256.hex.32.uuid");
  std::string other = parted(md5);
  other[35] = other[35] == '0' ? '1' : '0';
  EXPECT_EQ(s.in(other), "");
  EXPECT_EQ(s.in("a" + parted(md5)), "");
  EXPECT_EQ(s.in(bytes + ":00"), "");
}

TEST(WrittenIdentifiers, Base32AtAnyPlaceAndInAnyCase) {
  Searched s("imei 000000123456789\n");
  for (const std::string_view before : {"", "i", "id", "id=", "imei", "imei=", "more than five"}) {
    const std::string coded = base32(std::string(before) + std::string(kImei) + ";");
    std::string small = coded;
    for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    EXPECT_TRUE(s.in(coded).starts_with("base32")) << before;
    EXPECT_TRUE(s.in(small).starts_with("base32")) << before;
    EXPECT_EQ(s.in(base32(std::string(before) + "1" + std::string(kImei))), "") << "a longer number";
  }
  std::string reversed = base64(kImei, false);
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(s.in(reversed), "base64.reversed");
}

// ---- many

std::string digits(std::mt19937_64& random, std::size_t n) {
  std::string out;
  while (out.size() < n) out += static_cast<char>('0' + random() % 10);
  return out;
}

std::string in_some_groups(std::string_view number, std::mt19937_64& random) {
  std::string out;
  while (number.size() > 4) {
    const std::size_t n = 2 + random() % 3;
    out += std::string(number.substr(0, n)) + " -./"[random() % 4];
    number.remove_prefix(n);
  }
  return out + std::string(number);
}

TEST(WrittenIdentifiers, OfTenThousandNearMissesNone) {
  std::mt19937_64 random(7);
  std::string file;
  std::vector<std::string> phones, imeis;
  for (int i = 0; i < 100; ++i) {
    phones.push_back("470" + digits(random, 6));
    imeis.push_back("00000" + digits(random, 10));
    file += "phone +32" + phones.back() + "\nimei " + imeis.back() + "\nemail Test." + digits(random, 5) + "+x@example.org\ncanary Z\xc3\xa9" "bra " + digits(random, 6) + "\n";
  }
  Searched s(file);
  const std::set<std::string> real(phones.begin(), phones.end());
  int wrong = 0, missed = 0;
  for (int n = 0; n < 10'000; ++n) {
    const std::string& phone = phones[random() % phones.size()];
    const std::string& imei = imeis[random() % imeis.size()];
    std::string text;
    switch (random() % 6) {
      case 0: text = in_some_groups("0" + digits(random, 9), random); break;
      case 1: {
        std::string other = phone;
        other[random() % 9] ^= 1;
        if (real.contains(other)) continue;
        text = in_some_groups("0" + other, random);
        break;
      }
      case 2: text = hashed(HashAlgorithm::sha256, imei + "0").substr(random() % 50); break;
      case 3: text = parted(hashed(HashAlgorithm::md5, imei + "1")); break;
      case 4: text = hashed(HashAlgorithm::sha256, imei).substr(1 + random() % 10, 40); break;   // neither its start nor its end
      default: text = in_some_groups(digits(random, 8 + random() % 12), random); break;
    }
    if (const std::string found = s.in("x " + text + " y"); !found.empty()) {
      ++wrong;
      ADD_FAILURE() << text << " taken for " << found;
    }
    missed += s.in("x " + in_some_groups("0" + phone, random) + " y").empty();
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(missed, 0);
}

TEST(NumberRunSearch, LongRunsTakeLinearTime) {
  NumberRunSearch search;
  search.add("111111111111", 0);
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "1 ";
  std::vector<PatternSearch::Match> found;
  EXPECT_FALSE(search.find(Bytes::of(text), found, 1000)) << "as many as were asked for";
  EXPECT_EQ(found.size(), 1000u);
  found.clear();
  EXPECT_TRUE(search.find(Bytes::of(std::string(1 << 20, ' ')), found, 1000));
  EXPECT_TRUE(search.find(Bytes::of(std::string(1 << 20, '1')), found, 1000));
  EXPECT_TRUE(found.empty());
  for (std::size_t n = 0; n < 40; ++n) {
    found.clear();
    EXPECT_TRUE(search.find(Bytes::of(std::string_view("1111-1111-1111").substr(0, n)), found, 10));
    EXPECT_EQ(found.size(), n >= 14 ? 1u : 0u) << n;
  }
}

}  // namespace
}  // namespace klik::traffic
