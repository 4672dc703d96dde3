#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "compare/comparer.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

// One side, made row by row.
class Made {
 public:
  Made& capture() {
    ++captures_;
    sql_ += "INSERT INTO capture(capture_id, artifact_id, build_id, fact_id) VALUES(" + n(captures_) + ", 1, 1, 'capture');";
    return *this;
  }
  // In the last capture; `dark`: the reason, of all its bytes.
  Made& connection(const std::string& host, const std::string& dark = "", const std::string& owner = "") {
    ++connections_;
    sql_ += "INSERT INTO connection(connection_id, capture_id, host, owner, dst, outward, bytes_out, \"local\", dark, dark_out, fact_id) VALUES(" + n(connections_) + ", " + n(captures_) + ", " + (host.empty() ? "NULL" : quoted(host)) + ", " +
            (owner.empty() ? "NULL" : quoted(owner)) + ", '192.0.2.1', 1, 100, 0, " + (dark.empty() ? "NULL, 0" : quoted(dark) + ", 100") + ", 'c" + n(connections_) + "');";
    if (!owner.empty()) sql_ += "INSERT INTO host_owner(build_id, host, owner) VALUES(1, " + quoted(host) + ", " + quoted(owner) + ");";
    return *this;
  }
  // In the last connection.
  Made& leak(const std::string& kind, const std::string& path = "request.body/json.id", const std::string& form = "plain", bool out = true, const std::string& strength = "decoded") {
    sql_ += "INSERT INTO leak(connection_id, capture_id, identifier, digest, form, decode_path, \"out\", strength, message, fact_id) VALUES(" + n(connections_) + ", " + n(captures_) + ", " + quoted(kind) + ", '" + digest_ + "', " + quoted(form) + ", " +
            quoted(path) + ", " + n(out) + ", " + quoted(strength) + ", 1, 'l" + n(connections_) + "');";
    return *this;
  }
  Made& message(const std::string& host) {
    sql_ += "INSERT INTO message(connection_id, capture_id, number, \"out\", host) VALUES(" + n(connections_) + ", " + n(captures_) + ", 1, 1, " + quoted(host) + ");";
    return *this;
  }
  Made& data(const std::string& decoder, const std::string& category, const std::string& host, const std::string& state = "decoded") {
    sql_ += "INSERT INTO telemetry(connection_id, capture_id, message, maker, service, state, category, host, \"out\", decoder, fact_id) VALUES(" + n(connections_) + ", " + n(captures_) + ", 1, 'Maker', 'Maker: " + decoder + "', " + quoted(state) + ", " +
            (category.empty() ? "NULL" : quoted(category)) + ", " + quoted(host) + ", 1, " + quoted(decoder) + ", 't" + n(connections_) + "');";
    return *this;
  }
  Made& sought(const std::string& kind, int number = 1) {
    sql_ += "INSERT INTO identifier_sought VALUES(1, " + quoted(kind) + ", " + n(number) + ", 'sought');";
    return *this;
  }
  Made& digest(std::string other) {
    digest_ = std::move(other);
    return *this;
  }
  const std::string& sql() const { return sql_; }

 private:
  static std::string n(int number) { return std::to_string(number); }
  static std::string quoted(const std::string& text) { return "'" + text + "'"; }
  std::string sql_, digest_ = "d";
  int captures_ = 0, connections_ = 0;
};

using Row = std::map<std::string, std::string>;

std::vector<Row> rows_of(std::string_view name, const Made& before, const Made& after, std::size_t table = 0) {
  const auto all = comparers();
  const auto comparer = std::ranges::find(all, name, &Comparer::name);
  test::TableSide old_side(before.sql()), new_side(after.sql());
  Pool pool(1);
  std::vector<Row> out;
  (*comparer)->run({{old_side, 1}, {new_side, 1}, pool}, [&](std::size_t of, std::vector<Value> values) {
    if (of != table) return;
    Row& row = out.emplace_back();
    const auto columns = (*comparer)->tables[of].columns;
    EXPECT_EQ(values.size(), columns.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto* number = std::get_if<std::int64_t>(&values[i]);
      const auto* text = std::get_if<std::string>(&values[i]);
      row[std::string(columns[i].name)] = number ? std::to_string(*number) : text ? *text : "-";
    }
  });
  EXPECT_EQ(old_side.error() + new_side.error(), "");
  return out;
}

// "level about recipient[ place]: verdict"
std::vector<std::string> verdicts(const Made& before, const Made& after) {
  std::vector<std::string> out;
  for (Row& r : rows_of("traffic_data", before, after)) out.push_back(r["level"] + " " + r["about"] + " " + r["recipient"] + (r["place"] == "-" ? "" : " " + r["place"]) + ": " + r["verdict"]);
  std::ranges::sort(out);
  return out;
}

Row row_of(const Made& before, const Made& after, const std::string& level, const std::string& about, const std::string& recipient) {
  for (Row& r : rows_of("traffic_data", before, after))
    if (r["level"] == level && r["about"] == about && r["recipient"] == recipient) return r;
  ADD_FAILURE() << "no row";
  return {};
}

using Lines = std::vector<std::string>;
const char* const kPlace = "request.body/json.id";

TEST(TrafficData, KindsOfIdentifiersAreComparedByWhomTheyReach) {
  Made before, after;
  before.sought("imei").capture().connection("a.example").leak("imei").connection("b.example");
  after.sought("imei").capture().connection("b.example").leak("imei").connection("a.example");
  EXPECT_EQ(verdicts(before, after), (Lines{"host imei a.example: gone", "host imei b.example: new", std::string("place imei a.example ") + kPlace + ": gone", std::string("place imei b.example ") + kPlace + ": new"}));
}

TEST(TrafficData, DigestsOfAnotherKeyAreNoChange) {
  Made before, after;
  before.sought("imei").capture().connection("a.example").leak("imei");
  after.sought("imei").digest("another").capture().connection("a.example").leak("imei");
  EXPECT_EQ(verdicts(before, after), (Lines{"host imei a.example: same", std::string("place imei a.example ") + kPlace + ": same"}));
}

TEST(TrafficData, AnOwnerBehindHostsThatVaryIsOne) {
  Made before, after;
  before.sought("imei"), after.sought("imei");
  for (const std::string i : {"1", "2", "3"}) {
    before.capture().connection("o.example");
    after.capture().connection("h" + i + ".example", "", "Owner").leak("imei");
  }
  EXPECT_EQ(row_of(before, after, "owner", "imei", "Owner")["verdict"], "new");
  EXPECT_EQ(row_of(before, after, "owner", "imei", "Owner")["enough"], "1");
  for (const std::string i : {"1", "2", "3"}) EXPECT_EQ(row_of(before, after, "host", "imei", "h" + i + ".example")["verdict"], "noise");
}

TEST(TrafficData, WhatOnlySomeCapturesHaveIsNoise) {
  Made before, after;
  before.sought("imei").capture().connection("a.example").leak("imei").capture().connection("a.example");
  after.sought("imei").capture().connection("a.example").capture().connection("a.example");
  EXPECT_EQ(row_of(before, after, "host", "imei", "a.example")["verdict"], "noise");
}

TEST(TrafficData, WhatOneSideWasNotSearchedForIsNoChange) {
  Made before, after;
  before.sought("imei", 2).sought("email").capture().connection("a.example").leak("imei").leak("email");
  after.sought("email").sought("mac").capture().connection("a.example");
  EXPECT_EQ(row_of(before, after, "host", "imei", "a.example")["verdict"], "unasked");
  EXPECT_EQ(row_of(before, after, "host", "email", "a.example")["verdict"], "gone");
  Lines sought;
  for (Row& r : rows_of("traffic_data", before, after, 1)) sought.push_back(r["identifier"] + " " + r["sought_before"] + " " + r["sought_after"]);
  EXPECT_EQ(sought, (Lines{"email 1 1", "imei 2 -", "mac - 1"}));
}

TEST(TrafficData, GoneIsToldWithWhatIsDarkNow) {
  Made before, after;
  before.sought("imei").capture().connection("a.example").leak("imei");
  after.sought("imei").capture().connection("a.example", "tls").connection("a.example", "quic").connection("a.example").connection("other.example", "tls");
  const Row row = row_of(before, after, "host", "imei", "a.example");
  EXPECT_EQ(row.at("connections_after"), "3");
  EXPECT_EQ(row.at("dark_after"), "2");
  EXPECT_EQ(row.at("why_after"), "quic, tls");
  EXPECT_EQ(row.at("others_dark_after"), "3");
  EXPECT_EQ(row.at("dark_before"), "0");
  EXPECT_EQ(row.at("old_fact"), "l1");
  EXPECT_EQ(row.at("new_fact"), "c1");   // a dark one
}

TEST(TrafficData, WhereNobodyWasContactedTheSearchItselfIsTheFact) {
  Made before, after;
  before.sought("imei").capture().connection("a.example").leak("imei");
  after.sought("imei").capture().connection("b.example");
  EXPECT_EQ(row_of(before, after, "host", "imei", "a.example")["new_fact"], "sought");
}

TEST(TrafficData, ElementsOfAListAreOnePlaceAndFormsAreNot) {
  Made before, after;
  before.sought("imei").capture().connection("a.example").leak("imei", "request.body/json.d[0].id").leak("imei", "request.body/json.d[1].id").leak("imei", "request.path/query.i", "base64.phase1");
  after.sought("imei").capture().connection("a.example").leak("imei", "request.body/json.d[7].id", "md5.hex").leak("imei", "request.body/json.d[x].id").leak("imei", "request.path/query.i", "base64.phase2");
  EXPECT_EQ(verdicts(before, after), (Lines{"host imei a.example: same", "place imei a.example request.body/json.d[*].id (md5.hex): new", "place imei a.example request.body/json.d[*].id: gone", "place imei a.example request.body/json.d[x].id: new",
                                            "place imei a.example request.path/query.i (base64): same"}));
}

TEST(TrafficData, TheHostOfAMessageGoesBeforeThatOfItsConnectionAndEchoesReachNobody) {
  Made before, after;
  before.sought("imei").capture().connection("proxy.example").message("a.example").leak("imei");
  after.sought("imei").capture().connection("a.example").leak("imei", kPlace, "plain", false);
  EXPECT_EQ(verdicts(before, after), (Lines{"host imei a.example: gone", std::string("place imei a.example ") + kPlace + ": gone"}));
}

TEST(TrafficData, AHostThatSharesAConnectionWasMet) {
  Made before, after;
  before.sought("imei").capture().connection("a.example").leak("imei");
  after.sought("imei").capture().connection("front.example").message("a.example").message("front.example").message("a.example").connection("other.example");
  EXPECT_EQ(row_of(before, after, "host", "imei", "a.example")["connections_after"], "1");
  // Once, though two hosts of one service share it.
  before.data("stats", "imei", "a.example").data("stats", "imei", "front.example");
  EXPECT_EQ(row_of(before, after, "service", "imei", "stats")["connections_after"], "1");
}

TEST(TrafficData, OneStrongFindIsEnough) {
  Made before, after;
  before.sought("ssid").capture().connection("a.example").leak("ssid", kPlace, "plain", true, "weak");
  after.sought("ssid").capture().connection("a.example");
  EXPECT_EQ(row_of(before, after, "host", "ssid", "a.example")["strong"], "0");
  before.leak("ssid");
  EXPECT_EQ(row_of(before, after, "host", "ssid", "a.example")["strong"], "1");
}

TEST(TrafficData, KindsOfDataAreComparedByServiceAndHost) {
  Made before, after;
  before.capture().connection("a.example").data("stats", "", "a.example", "recognised").data("stats", "imei", "a.example").data("stats", "locale", "a.example");
  after.capture().connection("b.example").data("stats", "", "b.example", "recognised").data("stats", "locale", "b.example").connection("a.example", "tls").data("stats", "", "a.example", "contacted");
  EXPECT_EQ(verdicts(before, after), (Lines{"host  a.example: gone", "host  b.example: new", "host imei a.example: gone", "host locale a.example: gone", "host locale b.example: new", "service  stats: same", "service imei stats: gone", "service locale stats: same"}));
  const Row row = row_of(before, after, "service", "imei", "stats");
  EXPECT_EQ(row.at("name"), "IMEI or MEID");
  EXPECT_EQ(row.at("name_nl"), "IMEI of MEID");
  EXPECT_EQ(row.at("service"), "Maker: stats");
  EXPECT_EQ(row.at("connections_after"), "2");
  EXPECT_EQ(row.at("dark_after"), "1");
}

TEST(TrafficData, WithoutCapturesOnASideNothingIsSaid) {
  Made before, after;
  before.sought("imei");
  after.sought("imei").capture().connection("a.example", "tls").leak("imei");
  EXPECT_TRUE(rows_of("traffic_data", before, after).empty());
  EXPECT_TRUE(rows_of("traffic_data", before, after, 1).empty());
  EXPECT_TRUE(rows_of("traffic_dark", before, after).empty());
}

// "reason: verdict dark before/connections dark after/connections"
Lines darkness(const Made& before, const Made& after) {
  Lines out;
  for (Row& r : rows_of("traffic_dark", before, after)) out.push_back(r["reason"] + ": " + r["verdict"] + " " + r["dark_before"] + "/" + r["connections_before"] + " " + r["dark_after"] + "/" + r["connections_after"]);
  return out;
}

TEST(TrafficDark, ReasonsMoveEachForThemselves) {
  Made before, after;
  before.capture().connection("a.example", "tls").connection("b.example");
  after.capture().connection("a.example", "encrypted_body").connection("b.example");
  EXPECT_EQ(darkness(before, after), (Lines{"all: same 1/2 1/2", "encrypted_body: more 0/2 1/2", "tls: less 1/2 0/2"}));
}

TEST(TrafficDark, WithEnoughCapturesOnlyWhatChanceDoesNotDo) {
  Made before, after, mixed;
  for (int i = 0; i < 4; ++i) {
    before.capture().connection("a.example").connection("b.example");
    after.capture().connection("a.example", "tls").connection("b.example");
    mixed.capture().connection("a.example", i == 0 ? "tls" : "").connection("b.example", i == 0 ? "tls" : "");
  }
  EXPECT_EQ(darkness(before, after), (Lines{"all: more 0/8 4/8", "tls: more 0/8 4/8"}));
  EXPECT_EQ(darkness(before, mixed), (Lines{"all: same 0/8 2/8", "tls: same 0/8 2/8"}));
  // Three a side are too few to shuffle, and enough when they lie apart.
  Made three, dark;
  for (int i = 0; i < 3; ++i) three.capture().connection("a.example"), dark.capture().connection("a.example", "tls");
  EXPECT_EQ(darkness(three, dark), (Lines{"all: more 0/3 3/3", "tls: more 0/3 3/3"}));
}

}  // namespace
}  // namespace klik::compare
