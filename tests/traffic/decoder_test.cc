// links: nlohmann_json::nlohmann_json
#include "traffic/decoder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/hash.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

using Json = nlohmann::json;

// A fixture of tests/decoders as the events that a reader would make of it.
struct Made {
  Json json;
  Message message;
  std::string body;

  explicit Made(const std::string& file) : Made(read(file), 0) {}
  explicit Made(Json from, int) : json(std::move(from)) {
    if (!json.is_object()) return;
    message.protocol = text("protocol");
    message.what = text("what");
    message.method = text("method");
    message.host = text("host");
    message.path = text("path");
    message.content_type = text("content_type");
    body = decoded_base64(text("body")).value_or("");
  }
  static Json read(const std::string& file) {
    std::ifstream in(std::string(KLIK_SOURCE_DIR) + "/tests/decoders/" + file);
    return Json::parse(in, nullptr, false);
  }
  const std::string& text(const char* name) const { return json.at(name).get_ref<const std::string&>(); }

  struct Shown {
    std::set<std::string> categories;
    std::vector<TelemetryDecoder::Proof> proofs;
    std::set<std::string> paths;
  };
  // What one decoder finds.
  Shown shown(std::string_view id) const {
    TelemetryDecoder decoder;
    decoder.message(message);
    Shown out;
    const auto take = [&](const TelemetryDecoder::Finds& finds) {
      for (const auto& f : finds.found)
        if (f.decoder->id == id) {
          out.categories.insert(f.field->category);
          EXPECT_TRUE(out.paths.insert(f.field->path).second) << id << ": twice " << f.field->path;
        }
      for (const auto& p : finds.proofs) out.proofs.push_back(p);
    };
    const auto content = [&](std::string_view place, std::string_view name, std::string_view type, std::string_view bytes) {
      take(decoder.content({.message = 0, .place = place, .name = name, .type = type, .way = Way::up, .bytes = Bytes::of(bytes), .coding = {}, .origin = {}, .time_ns = 0}));
    };
    if (!message.path.empty()) content("request.path", {}, {}, message.path);
    for (const auto& [name, value] : json.at("headers").items()) content("request.header", name, {}, value.get_ref<const std::string&>());
    if (json.contains("contents"))
      for (const auto& [place, value] : json.at("contents").items()) content(place, {}, {}, value.get_ref<const std::string&>());
    if (!body.empty()) content("request.body", {}, message.content_type, body);
    return out;
  }
};

bool knows(const Message& message, std::string_view id) {
  const auto all = decoders_of(message);
  return std::ranges::any_of(all, [&](const data::Decoder* d) { return d->id == id; });
}

// Decoders of the project's own; the imported ones share a fixture, below.
bool is_own(const data::Decoder& d) { return d.basis != "imported"; }

TEST(TelemetryDecoder, FindsInEachFixtureTheKindsOfDataItNamesAndNoOther) {
  for (const data::Decoder& d : data::decoders()) {
    if (!is_own(d)) continue;
    const Made made(d.fixture);
    ASSERT_TRUE(made.json.is_object()) << d.fixture;
    EXPECT_TRUE(made.text("note").starts_with("synthetic")) << d.fixture;
    EXPECT_TRUE(knows(made.message, d.id)) << d.id;
    std::set<std::string> expected;
    for (const Json& e : made.json.at("expect")) expected.insert(e.get<std::string>());
    EXPECT_EQ(made.shown(d.id).categories, expected) << d.id;
  }
}

TEST(TelemetryDecoder, FindsWhatImportedDecodersName) {
  const Json shared = Made::read("trackhar.json");
  ASSERT_TRUE(shared.is_object());
  for (const Json& one : shared.at("fixtures")) {
    Made made(one, 0);
    const std::string id = made.text("decoder");
    EXPECT_TRUE(knows(made.message, id)) << id;
    std::set<std::string> expected;
    for (const Json& e : one.at("expect")) expected.insert(e.get<std::string>());
    EXPECT_EQ(made.shown(id).categories, expected) << id;
    made.message.host = made.text("near_miss");
    EXPECT_FALSE(knows(made.message, id)) << id;
  }
}

TEST(TelemetryDecoder, KnowsNoNearMiss) {
  for (const data::Decoder& d : data::decoders()) {
    if (!is_own(d)) continue;
    Made made(d.fixture);
    ASSERT_TRUE(made.json.is_object()) << d.fixture;
    if (!made.text("near_miss").empty()) {
      made.message.host = made.text("near_miss");
      EXPECT_FALSE(knows(made.message, d.id)) << d.id << " " << made.message.host;
      EXPECT_TRUE(decoders_of_host(made.message.host).empty()) << made.message.host;
    }
    if (made.json.contains("near_path")) {
      made.message.path = made.text("near_path");
      EXPECT_FALSE(knows(made.message, d.id)) << d.id << " " << made.message.path;
    }
    made = Made(d.fixture);
    made.message.way = Way::down;
    EXPECT_FALSE(knows(made.message, d.id)) << d.id;
    made.message.way = Way::up;
    made.message.what = "response";
    EXPECT_FALSE(knows(made.message, d.id)) << d.id;
  }
}

TEST(TelemetryDecoder, ProvesTheSenderByItsSignature) {
  Made made("xiaomi_analytics_update_v2.json");
  auto shown = made.shown("xiaomi_analytics_update_v2");
  ASSERT_EQ(shown.proofs.size(), 1u);
  EXPECT_TRUE(shown.proofs[0].holds);
  made.message.path.replace(made.message.path.find("r=CN"), 4, "r=NL");
  shown = made.shown("xiaomi_analytics_update_v2");
  ASSERT_EQ(shown.proofs.size(), 1u);
  EXPECT_FALSE(shown.proofs[0].holds);
  made.message.path.resize(made.message.path.find("&sign="));
  EXPECT_TRUE(made.shown("xiaomi_analytics_update_v2").proofs.empty());
}

TEST(TelemetryDecoder, TakesAnAbsentOptionalFieldOutOfTheSignature) {
  Made made("xiaomi_analytics_update_v2.json");
  // Without `i`; the digest of the rest and the salt.
  std::string& path = made.message.path;
  path.erase(path.find("&i="), std::string("&i=5284047f4ffb4e04824a2fd1d1f0cd62").size());
  const std::string joined = "av1.9.3cv2.8.1d28fSmpolarisn10nonce00000000000000000000000000000000pcom.xiaomi.metoknlprCNts1543382044000vV10.0.7.0.PDGCNFHmiui_sdkconfig_jafej!@#)(*e@!#";
  path.replace(path.find("&sign=") + 6, 32, hex(Bytes(hash(HashAlgorithm::md5, Bytes::of(joined)))));
  const auto shown = made.shown("xiaomi_analytics_update_v2");
  ASSERT_EQ(shown.proofs.size(), 1u);
  EXPECT_TRUE(shown.proofs[0].holds);
  EXPECT_FALSE(shown.categories.contains("imei_hash"));
}

TEST(TelemetryDecoder, PassesOverWhatStandsForNothing) {
  for (const char* nothing : {"", "null", "unknown", "00000000-0000-0000-0000-000000000000", "02:00:00:00:00:00", "000000000000000"}) EXPECT_FALSE(says_something(nothing)) << nothing;
  for (const char* something : {"0", "en", "true", "000000000000109"}) EXPECT_TRUE(says_something(something)) << something;
  Made made("xiaomi_analytics_update_v1.json");
  made.message.path = "/api/checkupdate/lastusefulversion?imei=&mac=02%3A00%3A00%3A00%3A00%3A00&model=Example";
  EXPECT_EQ(made.shown("xiaomi_analytics_update_v1").categories, std::set<std::string>{"device_model"});
}

TEST(TelemetryDecoder, SurvivesEveryPrefixOfEveryBody) {
  for (const data::Decoder& d : data::decoders()) {
    if (!is_own(d)) continue;
    Made made(d.fixture);
    ASSERT_TRUE(made.json.is_object()) << d.fixture;
    const std::string whole = made.body;
    const auto all = made.shown(d.id).categories;
    for (std::size_t n = 0; n < whole.size(); ++n) {
      made.body = whole.substr(0, n);
      for (const std::string& category : made.shown(d.id).categories) EXPECT_TRUE(all.contains(category)) << d.id << " " << n << " " << category;
    }
  }
}

TEST(TelemetryDecoder, KnowsAServiceByItsHostAloneOnlyWhereItHasItsOwn) {
  const auto has = [](std::string_view host, std::string_view id) {
    const auto all = decoders_of_host(host);
    return std::ranges::any_of(all, [&](const data::Decoder* d) { return d->id == id; });
  };
  EXPECT_TRUE(has("Data.MiStat.intl.xiaomi.com", "xiaomi_mistat"));
  EXPECT_TRUE(has("logservice1.hicloud.com", "huawei_hicloud"));
  EXPECT_TRUE(decoders_of_host("android.clients.google.com").empty());
  EXPECT_TRUE(decoders_of_host("metrics.example.org").empty());
  EXPECT_TRUE(decoders_of_host("").empty());
}

// A name that the outline masks in a path would never be met.
TEST(TelemetryDecoder, NamesOfFieldsAreThoseThatAPathCanHold) {
  for (const data::Decoder& d : data::decoders())
    for (const data::DecoderField& f : d.fields) {
      EXPECT_FALSE(f.path.contains(".*")) << d.id << " " << f.path;
      for (std::size_t at = 0; at < f.path.size();) {
        const std::size_t end = std::min(f.path.find_first_of("./[", at), f.path.size());
        const std::string name = f.path.substr(at, end - at);
        if (!name.empty() && name != "*]") {
          EXPECT_EQ(path_name(name), name) << d.id << " " << f.path;
        }
        at = end + 1;
      }
    }
}

}  // namespace
}  // namespace klik::traffic
