// To whom the addresses on the wire belong: who announces them, in which country each table places them, and in whose name
// certificates were shown. Votes are kept one by one: tables disagree, and none says where data rest.
#include <algorithm>
#include <map>

#include "base/text.h"
#include "base/text_pool.h"
#include "data/networks.h"
#include "extract/columns.h"
#include "formats/cert/distinguished_name.h"

namespace klik {
namespace {

constexpr std::string_view kName = "traffic_owners@1";
constexpr std::size_t kMostReasons = 32;       // connections that a row about an address names
constexpr std::size_t kBatch = 1 << 16;        // addresses that are looked up at a time; a phone meets some thousands
constexpr std::uint64_t kPiece = 1 << 20;      // of a table that is held at a time
constexpr std::uint64_t kLargestTable = std::uint64_t{512} << 20;

constexpr Column kTableColumns[] = {
    {"table", ColumnType::text, "Its name", true},
    {"file", ColumnType::text, "Of the table; empty when it is not on this machine", true},
    {"gives", ColumnType::text, "country or asn"},
    {"state", ColumnType::text, "read, absent or damaged"},
    {"version", ColumnType::text, "Of the package, or the time it was made, as it says itself", false, true},
    {"licence", ColumnType::text, "Null: not known", false, true},
    {"maker", ColumnType::text, "Null: not known", false, true},
    {"sha256", ColumnType::text, "Of the file", false, true},
    {"ranges", ColumnType::integer, "Of addresses in it", false, true},
};
constexpr FactKind kTable{"net.table", "A table of addresses that this result depends on, or that was not there to be asked.", kTableColumns};

constexpr Column kVoteColumns[] = {
    {"address", ColumnType::text, "Of the other side of a connection, or named as its host", true},
    {"table", ColumnType::text, "That says it", true},
    {"country", ColumnType::text, "ISO 3166-1, as the table writes it", false, true},
    {"asn", ColumnType::integer, "Number of the autonomous system that announces it", false, true},
    {"holder", ColumnType::text, "Of that system", false, true},
};
constexpr FactKind kVote{"net.country_vote", "What one table says of an address. Its word, not a place where data rest.", kVoteColumns};

constexpr Column kAddressColumns[] = {
    {"address", ColumnType::text, "Of the other side of a connection, or named as its host", true},
    {"asn", ColumnType::integer, "Number of the autonomous system that announces it, by the first table that knows", false, true},
    {"as_name", ColumnType::text, "Who holds that system; a carrier or a content network may stand before the owner", false, true},
    {"votes", ColumnType::text, "Countries with the number of tables that name each, of all that were asked", false, true},
};
constexpr FactKind kAddress{"net.address", "To whom an address on the wire belongs, by the tables at hand.", kAddressColumns, "build_id, address"};

constexpr Column kCertificateColumns[] = {
    {"sha256", ColumnType::text, "Of a certificate that a server showed for itself", true},
    {"organisation", ColumnType::text, "Of its subject; who issued it may or may not have looked", false, true},
    {"country", ColumnType::text, "Of its subject, as written", false, true},
    {"name", ColumnType::text, "Common name of its subject", false, true},
};
constexpr FactKind kCertificate{"net.certificate_owner", "In whose name a server's certificate is. Whether it is valid was not judged.", kCertificateColumns, "build_id, sha256"};
constexpr const FactKind* kEmits[] = {&kTable, &kVote, &kAddress, &kCertificate};

using Reasons = std::vector<FactId>;
void reason(Reasons& reasons, const FactId& id) {
  if (reasons.size() < kMostReasons && (reasons.empty() || reasons.back() != id)) reasons.push_back(id);
}

// Each address of another side outside the local network, as it is and as it is written, with the row that has it. A caller may name another address than the one
// it reaches, through a carrier's proxy: that one too.
template <class Take>
void each_other_side(const BuildRows& rows, Take take) {
  const FactKind* kind = find_kind("net.connection");
  rows.facts(*kind, [&](const FactRow& row) {
    if (number_of(*kind, row, "local").value_or(0) != 0) return;
    for (const std::string_view column : {number_of(*kind, row, "outward").value_or(1) != 0 ? "dst" : "src", "host"}) {
      const std::string_view text = text_of(*kind, row, column);
      const auto address = data::network_address(text);
      if (!address || text == "0.0.0.0" || text == "::") continue;   // a name, or the source does not tell it
      take(*address, text, row.id);
    }
  });
}

bool has_other_side(const BuildRows& rows) {
  bool found = false;
  each_other_side(rows, [&](const data::NetworkAddress&, std::string_view, const FactId&) { found = true; });
  return found;
}

std::vector<data::NetworkAddress> other_sides(const BuildRows& rows) {
  std::vector<data::NetworkAddress> found;
  std::size_t next = kBatch;
  const auto thin = [&] {
    std::ranges::sort(found);
    found.erase(std::ranges::unique(found).begin(), found.end());
    next = 2 * found.size() + kBatch;
  };
  each_other_side(rows, [&](const data::NetworkAddress& address, std::string_view, const FactId&) {
    found.push_back(address);
    if (found.size() >= next) thin();
  });
  thin();
  return found;
}

// What one table says of an address; its texts by number.
struct Said {
  std::uint32_t table, country, holder, asn;
};

class Tables {
 public:
  Tables(const BlobId& build, FactSink& sink) : build_(build), sink_(sink) {}

  // Asks all tables for these addresses, which must stay until the next batch. Each table is told of once.
  void batch(std::span<const data::NetworkAddress> wanted, std::span<const NetworkFile> files) {
    wanted_ = wanted;
    said_.assign(wanted.size(), {});
    for (const NetworkFile& file : files) ask(file);
    told_ = true;
  }

  void ask(const NetworkFile& file) {
    data::NetworkLookup lookup(wanted_);
    Hasher hasher;
    const Result<void> done = pass(file, lookup, hasher);
    const auto known = std::ranges::find(data::known_tables(), file.table, &data::KnownTable::name);
    const bool is_known = known != data::known_tables().end();
    const std::string gives(done ? lookup.gives() : is_known ? known->gives : "country");
    if (done)
      for (std::size_t i = 0; i < wanted_.size(); ++i)
        if (const auto& a = lookup.answers()[i]) said_[i].push_back({texts_.number_of(std::string(file.table)), texts_.number_of(text::storable(a->country)), texts_.number_of(text::storable(a->holder)), a->asn});
    if (told_) return;
    Row row(kTable);
    row.set("table", file.table).set("file", file.name).set("gives", gives).set("state", done ? "read" : "damaged");
    const std::string version = text::storable(file.version.empty() ? lookup.made() : file.version);
    if (!version.empty()) row.set("version", version);
    if (is_known) row.set("licence", known->licence).set("maker", known->maker);
    if (done) {
      row.set("sha256", hex(as_bytes(hasher.finish_sha256()))).set("ranges", static_cast<std::int64_t>(lookup.ranges()));
      if (gives == "country") countries_.insert(countries_.end(), file.table);
    } else {
      sink_.problem({done.error(), ProblemSeverity::data_loss, file.name, "install the table anew; its votes are missing", {}});
    }
    sink_.fact({&kTable, build_, row.values(), {}, kName});
  }

  void absent(const data::KnownTable& table) {
    Row row(kTable);
    row.set("table", table.name).set("file", "").set("gives", table.gives).set("state", "absent").set("licence", table.licence).set("maker", table.maker);
    sink_.fact({&kTable, build_, row.values(), {}, kName});
  }

  void tell(std::size_t nth, const std::string& address, Reasons because) {
    std::ranges::sort(because);
    std::map<std::string, int> votes;
    const Said* announced = nullptr;
    for (const Said& s : said_[nth]) {
      if (s.asn && !announced) announced = &s;
      const std::string& country = texts_.at(s.country);
      if (!country.empty()) ++votes[country];
      Row row(kVote);
      row.set("address", address).set("table", texts_.at(s.table));
      if (!country.empty()) row.set("country", country);
      if (s.asn) row.set("asn", std::int64_t{s.asn}).set("holder", texts_.at(s.holder));
      sink_.fact({&kVote, build_, row.values(), {}, kName, because});
    }
    Row row(kAddress);
    row.set("address", address);
    if (announced) row.set("asn", std::int64_t{announced->asn}).set("as_name", texts_.at(announced->holder));
    if (asked() > 0) row.set("votes", votes_text(votes));
    sink_.fact({&kAddress, build_, row.values(), {}, kName, std::move(because)});
  }

 private:
  // How many tables of countries were asked: one may consist of two files.
  std::size_t asked() const {
    std::vector<std::string> all = countries_;
    std::ranges::sort(all);
    return static_cast<std::size_t>(std::ranges::unique(all).begin() - all.begin());
  }

  // "CN 2, HK 1 of 3": most named first, then by code.
  std::string votes_text(const std::map<std::string, int>& votes) const {
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [country, count] : votes) order.emplace_back(-count, country);
    std::ranges::sort(order);
    std::string out;
    for (const auto& [count, country] : order) out += (out.empty() ? "" : ", ") + country + " " + std::to_string(-count);
    return (out.empty() ? "0" : out) + " of " + std::to_string(asked());
  }

  Result<void> pass(const NetworkFile& file, data::NetworkLookup& lookup, Hasher& hasher) const {
    const std::uint64_t size = file.source->size();
    if (size > kLargestTable) return fail(Code::over_budget, kLargestTable, "a table of addresses of more than 512 MiB was not read");
    for (std::uint64_t at = 0; at < size; at += kPiece) {
      KLIK_TRY(const Blob piece, file.source->load(at, std::min(kPiece, size - at)));
      hasher.update(piece.bytes());
      KLIK_CHECK(lookup.feed(piece.bytes()));
    }
    return lookup.finish();
  }

  BlobId build_;
  FactSink& sink_;
  std::span<const data::NetworkAddress> wanted_;
  std::vector<std::vector<Said>> said_;
  TextPool texts_;                         // of few countries and networks, for tens of thousands of addresses
  bool told_ = false;
  std::vector<std::string> countries_;   // tables of countries that were read, per file
};

void certificates(const BuildRows& rows, FactSink& sink) {
  const FactKind* kind = find_kind("net.certificate");
  std::map<std::string, std::pair<std::string, Reasons>> shown;   // digest → subject
  rows.facts(*kind, [&](const FactRow& row) {
    if (number_of(*kind, row, "position") != 0 || text_of(*kind, row, "way") != "down") return;
    auto& [subject, reasons] = shown[std::string(text_of(*kind, row, "sha256"))];
    subject = text_of(*kind, row, "subject");
    reason(reasons, row.id);
  });
  for (auto& [digest, of] : shown) {
    auto& [subject, because] = of;
    std::ranges::sort(because);
    Row row(kCertificate);
    row.set("sha256", digest);
    for (const auto& [column, type] : {std::pair<std::string_view, std::string_view>{"organisation", "O"}, {"country", "C"}, {"name", "CN"}})
      if (const std::string part = text::storable(cert::name_part(subject, type)); !part.empty()) row.set(column, part);
    sink.fact({&kCertificate, rows.build(), row.values(), {}, kName, std::move(because)});
  }
}

void run(const Image& image, FactSink& sink) {
  certificates(image.rows, sink);
  if (!has_other_side(image.rows)) return;   // no case depends on a table that was not asked
  Tables tables(image.rows.build(), sink);
  for (const data::KnownTable& known : data::known_tables())
    if (std::ranges::find(image.networks, known.name, &NetworkFile::table) == image.networks.end()) tables.absent(known);
  if (image.networks.empty()) return;
  const std::vector<data::NetworkAddress> others = other_sides(image.rows);
  for (std::span<const data::NetworkAddress> left = others; !left.empty();) {
    const auto wanted = left.first(std::min(left.size(), kBatch));
    left = left.subspan(wanted.size());
    tables.batch(wanted, image.networks);
    std::vector<std::pair<std::string, Reasons>> of(wanted.size());
    each_other_side(image.rows, [&](const data::NetworkAddress& address, std::string_view text, const FactId& fact) {
      const auto at = std::ranges::lower_bound(wanted, address);
      if (at == wanted.end() || *at != address) return;
      auto& [name, reasons] = of[static_cast<std::size_t>(at - wanted.begin())];
      if (name.empty()) name = text;
      reason(reasons, fact);
    });
    for (std::size_t nth = 0; nth < of.size(); ++nth) tables.tell(nth, of[nth].first, std::move(of[nth].second));
  }
}

constexpr ViewColumn kTableViewColumns[] = {
    {"build_id", "The build whose addresses were looked up."},
    {"name", "Of the table."},
    {"file", "Of the table; null when it is not on this machine."},
    {"gives", "country, or asn: who announces an address."},
    {"state", "read, absent or damaged."},
    {"version", "Of the package, or the time it was made, as it says itself."},
    {"licence", "Null: not known."},
    {"maker", "Null: not known."},
    {"sha256", "Of the file: another one may give other votes."},
    {"ranges", "Of addresses in it."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kTableView{"data_table", "Tables of addresses that were asked, and those that were not there.", kTableViewColumns,
                          "SELECT build_id, \"table\", nullif(file, ''), gives, state, version, licence, maker, sha256, ranges, lower(hex(fact_id)) FROM _net_table"};

constexpr ViewColumn kVoteViewColumns[] = {
    {"build_id", "The build."},
    {"address", "Of the other side of a connection, or named as its host."},
    {"table_name", "Of the table that says it; see data_table."},
    {"country", "ISO 3166-1, as that table writes it; not where data rest."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kVoteView{"country_vote", "In which country each table places an address. Tables disagree; many machines may share an address.", kVoteViewColumns,
                         "SELECT build_id, address, \"table\", country, lower(hex(fact_id)) FROM _net_country_vote WHERE country IS NOT NULL"};

constexpr ViewColumn kAddressViewColumns[] = {
    {"build_id", "The build."},
    {"address", "Of the other side of a connection (connection.dst when the phone opened it), or named as its host."},
    {"asn", "Number of the autonomous system that announces it."},
    {"as_name", "Who holds that system; a carrier or a content network may stand before the owner."},
    {"country_votes", "\"CN 2, HK 1 of 3\": how many of the tables name which country. country_vote has them one by one."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kAddressView{"address_owner", "To whom addresses on the wire belong, by the tables at hand.", kAddressViewColumns,
                            "SELECT build_id, address, asn, as_name, votes, lower(hex(fact_id)) FROM _net_address"};

constexpr ViewColumn kCertificateViewColumns[] = {
    {"build_id", "The build."},
    {"sha256", "Of the certificate; equal to tls_certificate.sha256."},
    {"organisation", "Of its subject; null when it states none, as most certificates of today do."},
    {"country", "Of its subject, as written."},
    {"name", "Common name of its subject."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kCertificateView{"certificate_owner", "In whose name servers' certificates are. Whether they are valid was not judged.", kCertificateViewColumns,
                                "SELECT build_id, sha256, organisation, country, name, lower(hex(fact_id)) FROM _net_certificate_owner"};
constexpr const View* kViews[] = {&kTableView, &kVoteView, &kAddressView, &kCertificateView};

}  // namespace

extern const ImageExtractor image_extractor_traffic_owners;
constexpr ImageExtractor image_extractor_traffic_owners{.name = kName, .title = "To whom addresses and certificates on the wire belong", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
