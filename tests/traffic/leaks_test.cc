// Identifiers planted in wrapped messages are found, and what only looks like them is not. All identifiers are made: no phone has them.
#include "traffic/leaks.h"

#include <gtest/gtest.h>

#include <random>

#include "base/hash.h"
#include "data/digests.h"
#include "traffic/identifier_digest.h"
#include "leak_searcher.h"
#include "wrapping.h"

namespace klik::traffic {
namespace {

const char* const kOwner =
    "imei 000000123456789\nmac 02:1a:2b:3c:4d:5e\nserial TEST0SERIAL7\nphone +32470000123\nemail Jan.Test@example.com\n"
    "advertising_id 1b4db7eb-4057-5ddf-91e0-36dec72071f5\nandroid_id 1a2b3c4d5e6f7a8b\ncoordinates 50.87983,4.70054\ncanary blauwe olifant 1893\n";

TEST(Leaks, ModelCaseHasItsPath) {
  Searcher s(listed(kOwner));
  const std::string inner = R"({"props":{"did":"000000123456789"}})";
  const std::string body = R"({"data":["x",")" + padded_base64(gzipped(inner)) + R"("]})";
  EXPECT_EQ(s.one(body), "plain @ request.body/json.data[1]/base64/gzip/json.props.did");
}

TEST(Leaks, FormsHaveTheirNames) {
  Searcher s(listed(kOwner));
  EXPECT_EQ(s.one(R"({"imei":"000000123456789"})"), "plain @ request.body/json.imei");
  EXPECT_EQ(s.one(R"({"imei":"00000012345678"})"), "imei.14 @ request.body/json.imei");
  EXPECT_EQ(s.one(R"({"imei":"0000001234567801"})"), "imei.sv @ request.body/json.imei");
  EXPECT_EQ(s.one("00-000012-345678-9"), "grouped @ request.body");
  EXPECT_EQ(s.one("mac=02-1A-2B-3C-4D-5E&v=2"), "dashes.upper @ request.body/form.mac");
  EXPECT_EQ(s.one("mac=02%3A1a%3A2b%3A3c%3A4d%3A5e&v=2"), "plain @ request.body/form.mac");
  EXPECT_EQ(s.one("x jan.test@example.com y"), "lower @ request.body");
  const std::string md5 = hex(Bytes(hash(HashAlgorithm::md5, Bytes::of("000000123456789"))));
  EXPECT_EQ(s.one("id=" + md5), "md5.hex @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + md5.substr(0, 16)), "md5.hex.16 @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + md5.substr(8, 16)), "md5.hex.middle16 @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + md5.substr(0, 17)), "md5.hex.17 @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + md5.substr(0, 13)), "");
  EXPECT_EQ(s.one("id=" + md5 + "0"), "");
  EXPECT_EQ(s.one("id=0" + md5), "");
  EXPECT_EQ(s.one("tel=0470000123"), "national @ request.body/form.tel");
  EXPECT_EQ(s.one("q=470000123"), "");
  EXPECT_EQ(s.one("phone=470000123"), "last9 @ request.body/form.phone weak");
  EXPECT_EQ(s.one("b=987654321000000"), "reversed @ request.body/form.b");
  EXPECT_EQ(s.one(std::string("\xff\xfe\x01\x02", 4) + "\x02\x1a\x2b\x3c\x4d\x5e" + "\xff"), "raw @ request.body weak");
  EXPECT_EQ(s.one("{\"m\":\"\\u0062lauwe olifant 1893\"}"), "plain @ request.body/json.m");
  EXPECT_EQ(s.one("xx" + base64("blauwe olifant 1893...", false) + "?"), "base64.phase0 @ request.body");
  EXPECT_EQ(s.one("id=1885667171979197067"), "decimal @ request.body/form.id");
  EXPECT_EQ(s.one("{\"lat\":50.8798,\"lon\":4.70054}"), "decimal @ request.body/json.lat | decimal @ request.body/json.lon");
  EXPECT_EQ(s.one("{\"lat\":50.8798300,\"lon\":4.7005}"), "decimal @ request.body/json.lat | decimal @ request.body/json.lon");
  EXPECT_EQ(s.one("{\"lat\":50.880,\"lon\":4.701}"), "decimal @ request.body/json.lat | decimal @ request.body/json.lon");
  EXPECT_EQ(s.one("{\"lat\":50.8798}"), "");
  EXPECT_EQ(s.one("{\"lat\":4.7005,\"lon\":51.8798}"), "");
  EXPECT_EQ(s.one("{\"lat\":-50.8798,\"lon\":4.7005}"), "");
  EXPECT_EQ(s.one("loc=50879830,4700540"), "e6 @ request.body/form.loc");
}

std::string hashed(HashAlgorithm algorithm, const std::string& text) { return hex(Bytes(hash(algorithm, Bytes::of(text)))); }
std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return text;
}

TEST(Leaks, SaltsThatTheOwnerNames) {
  Searcher s(read_identifiers(Bytes::of("imei 000000123456789\nandroid_id 1a2b3c4d5e6f7a8b\nsalt pepper\nsalt_key hex:00ff\nsalt_before only before:\n")));
  const std::string imei = "000000123456789";
  EXPECT_EQ(s.one("id=" + hashed(HashAlgorithm::sha256, "pepper" + imei)), "sha256(salt1‖value).hex @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + upper(hashed(HashAlgorithm::md5, imei + "pepper"))), "md5(value‖salt1).hex.upper @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + hashed(HashAlgorithm::sha1, "pepper1A2B3C4D5E6F7A8B").substr(0, 20)), "upper.sha1(salt1‖value).hex.20 @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + hashed(HashAlgorithm::sha256, "only before:" + imei)), "sha256(salt3‖value).hex @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + hashed(HashAlgorithm::sha256, imei + "only before:")), "");
  EXPECT_EQ(s.one("id=" + hashed(HashAlgorithm::sha256, "peppers" + imei)), "");
  EXPECT_EQ(s.one("id=" + hashed(HashAlgorithm::sha256, "pepper")), "");
  // HMAC-SHA-256 under the bytes 00 ff, by another program (Python's hmac).
  EXPECT_EQ(s.one("id=6ff47b409d63e85536aea4eba19aa927b24de0dddcd2817b2c7e7559655ef6b9"), "hmac_sha256(salt2,value).hex @ request.body/form.id");
  EXPECT_EQ(Searcher(listed("imei 000000123456789\n")).one("id=" + hashed(HashAlgorithm::sha256, "pepper" + imei)), "");
}

TEST(Leaks, DigestsThatKnownProgramsMake) {
  Searcher s(listed("imei 000000123456789\nandroid_id 1a2b3c4d5e6f7a8b\nserial TEST0SERIAL7\nwifi_mac 02:1a:2b:3c:4d:5e\n"));
  EXPECT_EQ(s.one("cuid=" + upper(hashed(HashAlgorithm::md5, "com.baidu1a2b3c4d5e6f7a8b"))), "md5(com.baidu‖android_id).hex.upper @ request.body/form.cuid");
  const std::string name = "sha1(imei‖android_id‖serial).hex @ request.body/json.udid";
  EXPECT_EQ(s.one("{\"udid\":\"a-" + hashed(HashAlgorithm::sha1, "0000001234567891a2b3c4d5e6f7a8bTEST0SERIAL7") + "\"}"), name + " | " + name + " | " + name);
  EXPECT_EQ(s.one("{\"udid\":\"a-" + hashed(HashAlgorithm::sha1, "0000001234567891a2b3c4d5e6f7a8bTEST0SERIAL8") + "\"}"), "");
  EXPECT_EQ(s.one("peerid=" + hashed(HashAlgorithm::md5, "com.android.fileexplorer000000123456789") + "10"), "md5(com.android.fileexplorer‖imei).hex @ request.body/form.peerid");
  EXPECT_EQ(s.one("peerid=" + hashed(HashAlgorithm::md5, "02:1A:2B:3C:4D:5E") + "01"), "md5(mac).hex @ request.body/form.peerid");
  EXPECT_EQ(s.one("peerid=" + hashed(HashAlgorithm::md5, "02:1A:2B:3C:4D:5F") + "01"), "");
  for (const data::KnownDigest& known : data::known_digests())
    for (const data::KnownDigest::Part& part : known.parts) EXPECT_TRUE(part.literal || part.text == "imei" || part.text == "android_id" || part.text == "serial" || part.text == "mac") << known.made_by << ": kinds are as in the owner's file";
}

TEST(Leaks, DigestsWrittenAsNumbersLackTheirFirstZeros) {
  std::string serial, md5;
  for (int i = 0; !md5.starts_with("00"); ++i) md5 = hashed(HashAlgorithm::md5, serial = "TEST0SERIAL" + std::to_string(i));
  Searcher s(listed("serial " + serial + "\n"));
  const std::string number = md5.substr(md5.find_first_not_of('0'));
  EXPECT_EQ(s.one("id=" + number), "md5.hex.number @ request.body/form.id");
  EXPECT_EQ(s.one("id=" + upper(number)), "md5.hex.upper.number @ request.body/form.id");
  EXPECT_EQ(s.one("id=1" + number), "");
}

// Ids that a program written after the published code made: of the IMEI 000000123456789, of it with a wrong sum, of another.
TEST(Leaks, IdOfAlibabasLibrariesHoldsTheImei) {
  Searcher s(listed(kOwner));
  EXPECT_EQ(s.one("{\"utdid\":\"ZVPxAJ43ebkDAKXyvjWirkFv\"}"), "utdid @ request.body/json.utdid/base64");
  EXPECT_EQ(s.one("{\"utdid\":\"ZVPxAJ43ebkDAKXyvjWirkFu\"}"), "");
  EXPECT_EQ(s.one("{\"utdid\":\"ZVPxAJ43ebkDAKXyvizSI1v0\"}"), "");
  EXPECT_EQ(s.one("utdid=ZVPxAJ43ebkDAKXyvjWirkFv&v=2"), "utdid @ request.body/form.utdid/base64");
}

TEST(Leaks, OperatorsCountAsValuesOfTheirNames) {
  Searcher s(listed("operator 310-260\noperator 20404\n"));
  EXPECT_EQ(s.one(R"({"networkOperator":"310260","sim":1})"), "plain @ request.body/json.networkOperator weak");
  EXPECT_EQ(s.one("plmn=310-260&v=2"), "grouped @ request.body/form.plmn weak");
  EXPECT_EQ(s.one("a=%7B%22mcc_mnc%22%3A%22310260%22%7D&b=3"), "plain @ request.body/form.a/json.mcc_mnc weak");
  EXPECT_EQ(s.one(msgpack("x") + ""), "");
  EXPECT_EQ(s.one("\x82\xa8operator\xa6" "310260" "\xa5" "count\xcd\x01\x36"), "plain @ request.body/msgpack.operator weak");
  EXPECT_EQ(s.one("mcc=310&mnc=260"), "mcc @ request.body/form | mnc @ request.body/form");
  EXPECT_EQ(s.one(R"({"cell":{"Mcc":204,"Mnc":4}})"), "mcc @ request.body/json | mnc @ request.body/json");
  EXPECT_EQ(s.one(R"({"cell":"{\"MCC\":\"204\",\"MNC\":\"004\"}"})"), "mcc @ request.body/json.cell/json | mnc @ request.body/json.cell/json");
  EXPECT_EQ(s.one("<cell mcc=\"204\"><mnc>04</mnc></cell>"), "mcc @ request.body/xml | mnc @ request.body/xml");
  // Numbers that are something else.
  for (const char* other : {"id=310260&v=2", R"({"operator":"KPN","cell":310260})", R"({"operator":3102601})", R"({"operator":1310260})", "operator 310260 times", R"({"operator":310260.5})", "mcc=310&mnc=261", "mcc=310", "mcc=3100&mnc=260",
                            R"({"mcc":204,"mnc":260})", "mnc=260", "20404", R"({"lat":20404,"carrier":"x"})"})
    EXPECT_EQ(s.one(other), "") << other;
}

TEST(Leaks, AxesInTwoContentsOfOneMessageAreAPlace) {
  Searcher s(listed(kOwner));
  const auto give = [&](std::uint64_t message, std::string_view name, std::string_view value) {
    return s.search.search(s.connection, {.message = message, .place = "request.header", .name = name, .type = {}, .way = Way::up, .bytes = Bytes::of(value), .coding = {}}).leaks.size();
  };
  EXPECT_EQ(give(1, "x-lat", "50.87983"), 0u);
  EXPECT_EQ(give(1, "x-lon", "4.70054"), 2u);
  EXPECT_EQ(give(2, "x-lat", "50.87983"), 0u);
  EXPECT_EQ(give(3, "x-lon", "4.70054"), 0u);
}

TEST(Leaks, SameFindOncePerMessageAndPath) {
  Searcher s(listed(kOwner));
  EXPECT_EQ(s.in("000000123456789 000000123456789 000000123456789").size(), 1u);
  EXPECT_EQ(s.in(R"(["000000123456789","000000123456789"])").size(), 2u);
}

TEST(Leaks, NumbersInBinaryAreFound) {
  Searcher s(listed("imei 350000123456789\n"));
  EXPECT_EQ(s.one("\x08" + varint(350000123456789) + "\x12\x04name"), "plain @ request.body/protobuf.1");
  EXPECT_EQ(s.one("\x81\xa2id\xcf" + big(350000123456789, 8)), "plain @ request.body/msgpack.id");
}

TEST(Leaks, PathsHideNamesThatAreData) {
  Searcher s(listed(kOwner));
  const auto leaks = s.in(R"({"32470000123":{"jan.test@example.com":"000000123456789"}})");
  ASSERT_FALSE(leaks.empty());
  for (const Leak& l : leaks) {
    EXPECT_EQ(l.path.find("3247"), std::string::npos) << l.path;
    EXPECT_EQ(l.path.find("jan"), std::string::npos) << l.path;
  }
}

// ---- many

std::string digits(std::mt19937_64& random, std::size_t n) {
  std::string out;
  while (out.size() < n) out += static_cast<char>('0' + random() % 10);
  return out;
}
std::string hexadecimal(std::mt19937_64& random, std::size_t n) {
  std::string out;
  while (out.size() < n) out += "0123456789abcdef"[random() % 16];
  return out;
}
std::string mac(std::mt19937_64& random) {
  std::string out = "02";
  for (int i = 0; i < 5; ++i) out += ":" + hexadecimal(random, 2);
  return out;
}
std::string uuid(std::mt19937_64& random) {
  const std::string h = hexadecimal(random, 32);
  return h.substr(0, 8) + "-" + h.substr(8, 4) + "-" + h.substr(12, 4) + "-" + h.substr(16, 4) + "-" + h.substr(20);
}
std::string degrees(std::mt19937_64& random, int most) { return std::to_string(random() % static_cast<unsigned>(most)) + "." + digits(random, 6); }

const char* const kSalt = "made salt";

IdentifierFile many(std::mt19937_64& random) {
  std::string text = std::string("salt ") + kSalt + "\n";
  for (int i = 0; i < 60; ++i) {
    text += "imei 00000" + digits(random, 10) + "\nmac " + mac(random) + "\nserial TEST" + digits(random, 8) + "\nphone +32470" + digits(random, 6) + "\nemail test." + hexadecimal(random, 8) + "@example.com\nadvertising_id " + uuid(random) + "\nandroid_id " +
            hexadecimal(random, 16) + "\noperator 999" + std::to_string(100 + random() % 900) + "\ncoordinates " + degrees(random, 90) + "," + degrees(random, 180) + "\ncanary canary-" + hexadecimal(random, 12) + "\n";
  }
  IdentifierFile file = read_identifiers(Bytes::of(text));
  EXPECT_TRUE(file.errors.empty());
  return file;
}

std::string without(std::string text, char c) {
  std::erase(text, c);
  return text;
}

// One of the ways in which apps write it, chosen by the generator.
std::string written(const Identifier& i, std::mt19937_64& random) {
  const std::string& v = i.value;
  if (i.kind == IdentifierKind::coordinates) {
    const auto comma = v.find(',');
    const std::string lat = v.substr(0, comma), lon = v.substr(comma + 1);
    const std::size_t drop = random() % 4;
    return "lat:" + lat.substr(0, lat.size() - drop) + " lon:" + lon.substr(0, lon.size() - drop);
  }
  if (i.kind == IdentifierKind::operator_code) switch (random() % 4) {
      case 0: return "plmn=" + v;
      case 1: return "simOperator:" + v.substr(0, 3) + "-" + v.substr(3);
      case 2: return "mcc=" + v.substr(0, 3) + ";mnc=" + v.substr(3);
      default: return "MCC: " + v.substr(0, 3) + ", MNC: " + v.substr(3);
    }
  switch (random() % 11) {
    case 9: return hashed(HashAlgorithm::sha256, kSalt + v);
    case 10: return upper(hashed(HashAlgorithm::md5, v + kSalt));
    case 0: return hashed(HashAlgorithm::md5, v);
    case 1: return upper(hashed(HashAlgorithm::sha1, v));
    case 2: return hashed(HashAlgorithm::sha256, v);
    case 3: return "a-" + hashed(HashAlgorithm::sha1, v);
    case 4: return std::string(v.rbegin(), v.rend());
    case 5: return i.kind == IdentifierKind::mac ? upper(without(v, ':')) : i.kind == IdentifierKind::advertising_id ? without(v, '-') : v;
    default: return v;
  }
}

TEST(Leaks, FindsAThousandOfAThousandThroughThreeLayers) {
  std::mt19937_64 random(20250101);
  Searcher s(many(random));
  ASSERT_GE(s.identifiers.size(), 590u);   // operators may be equal
  int found = 0, others = 0;
  for (int n = 0; n < 1000; ++n) {
    const std::uint32_t which = static_cast<std::uint32_t>(random() % s.identifiers.size());
    std::string how;
    const std::string plain = "event " + written(s.identifiers[which], random) + " end";
    const std::string body = wrapped(random() % 2 ? plain : plain.substr(6, plain.size() - 10), 3, random, how);
    bool hit = false;
    for (const Leak& leak : s.in(body)) {
      hit |= leak.identifier == which;
      others += leak.identifier != which;
    }
    found += hit;
    if (!hit) ADD_FAILURE() << "not found: " << kind_name(s.identifiers[which].kind) << " '" << plain << "' through " << how;
  }
  EXPECT_EQ(found, 1000);
  EXPECT_EQ(others, 0);
}

char luhn(std::string_view fourteen) {
  int sum = 0;
  for (std::size_t i = 0; i < fourteen.size(); ++i) {
    const int d = (fourteen[i] - '0') * (i % 2 ? 2 : 1);
    sum += d / 10 + d % 10;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

std::string changed_digit(std::string text, std::mt19937_64& random, std::string_view alphabet) {
  std::size_t at = random() % text.size();
  while (alphabet.find(text[at]) == alphabet.npos) at = random() % text.size();
  const char old = text[at];
  while (text[at] == old) text[at] = alphabet[random() % alphabet.size()];
  return text;
}

// Another identifier that is as close as it can be.
std::string near(const Identifier& i, std::mt19937_64& random) {
  std::string v = i.value;
  switch (i.kind) {
    case IdentifierKind::imei:
      switch (random() % 4) {
        case 0: return changed_digit(v, random, "0123456789");
        case 1: {
          std::string fourteen = changed_digit(v.substr(0, 14), random, "0123456789");
          return fourteen + luhn(fourteen);
        }
        case 2: return v.substr(0, 8) + digits(random, 6) + v.substr(14);
        default: {
          std::size_t at = random() % 14;
          for (int tries = 0; tries < 50 && v[at] == v[at + 1]; ++tries) at = random() % 14;
          if (v[at] == v[at + 1]) return changed_digit(v, random, "0123456789");
          std::swap(v[at], v[at + 1]);
          return v;
        }
      }
    case IdentifierKind::operator_code: {
      const std::string country = v.substr(0, 3), network = v.substr(3);
      switch (random() % 7) {
        case 0: return "plmn=" + v + digits(random, 1);
        case 1: return "operator_name=made;cell=" + v;
        case 2: return "mcc=" + country + ";mnc=" + digits(random, 1) + network;
        case 3: return "mcc=" + country;
        case 4: return "mnc=" + network;
        case 5: return "version=" + v;
        default: return "carrier " + v;
      }
    }
    case IdentifierKind::coordinates: {
      const std::string lat = degrees(random, 90), lon = degrees(random, 90);
      if (random() % 2) return lat + " " + lon;
      // One axis right, the other of another place; or right places with axes of two owners swapped.
      const auto comma = v.find(',');
      return random() % 2 ? v.substr(0, comma) + " " + lon : v.substr(0, comma + 1).substr(0, comma) + " " + lat;
    }
    case IdentifierKind::mac:
    case IdentifierKind::advertising_id:
    case IdentifierKind::android_id: return changed_digit(v, random, "0123456789abcdef");
    case IdentifierKind::serial:
    case IdentifierKind::phone: return changed_digit(v, random, "0123456789");
    default: {
      const std::size_t at = v.find_first_of("0123456789abcdef", v.size() / 2);
      v[at] = v[at] == '7' ? '8' : '7';
      return v;
    }
  }
}

TEST(Leaks, FindsNoneOfTenThousandNearMisses) {
  std::mt19937_64 random(20250202);
  Searcher s(many(random));
  std::set<std::string> real;
  for (const Identifier& i : s.identifiers) real.insert(i.value);
  int wrong = 0;
  for (int n = 0; n < 10'000; ++n) {
    const Identifier& i = s.identifiers[random() % s.identifiers.size()];
    std::string text = near(i, random);
    if (real.contains(text)) continue;
    const bool whole = i.kind == IdentifierKind::coordinates || i.kind == IdentifierKind::operator_code;
    switch (whole ? 99 : random() % 12) {
      case 10: text = hashed(HashAlgorithm::sha256, "Made salt" + i.value); break;
      case 11: text = hashed(HashAlgorithm::md5, kSalt + text); break;
      case 0: text = hashed(HashAlgorithm::md5, text); break;
      case 1: text = hashed(HashAlgorithm::sha256, text); break;
      case 2: text = hashed(HashAlgorithm::sha512, i.value); break;    // of the real one, by another algorithm
      case 3: text = hashed(HashAlgorithm::sha224, i.value); break;
      case 4: text = base64(std::string(random() % 3, 'x') + text + "yy", random() % 2); break;
      case 5: text = i.kind == IdentifierKind::imei ? "1" + i.value : i.value + "0"; break;   // the right digits within a longer number
      case 6: text = std::to_string(1'600'000'000'000 + random() % 200'000'000'000); break;
      default: break;
    }
    // A longer text holds a canary or an address as it is.
    if ((i.kind == IdentifierKind::canary || i.kind == IdentifierKind::email) && text.starts_with(i.value)) continue;
    std::string how;
    const std::string body = wrapped(random() % 2 ? "event " + text + " end" : text, static_cast<int>(random() % 4), random, how);
    for (const Leak& leak : s.in(body)) {
      ++wrong;
      ADD_FAILURE() << "'" << text << "' taken for " << kind_name(leak.kind) << " " << s.identifiers[leak.identifier].value << " as " << leak.form << " at " << leak.path << " through " << how;
    }
  }
  EXPECT_EQ(wrong, 0);
}

TEST(IdentifierDigest, DependsOnKeyKindAndValue) {
  const std::string key(kIdentifierKeyBytes, 'k'), other(kIdentifierKeyBytes, 'l');
  const Identifier a{IdentifierKind::imei, "000000123456789"}, b{IdentifierKind::serial, "000000123456789"};
  EXPECT_EQ(identifier_digest(Bytes::of(key), a), identifier_digest(Bytes::of(key), a));
  EXPECT_NE(identifier_digest(Bytes::of(key), a), identifier_digest(Bytes::of(key), b));
  EXPECT_NE(identifier_digest(Bytes::of(key), a), identifier_digest(Bytes::of(other), a));
  EXPECT_EQ(identifier_digest(Bytes::of(key), a).size(), 64u);
}

}  // namespace
}  // namespace klik::traffic
