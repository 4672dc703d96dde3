// Contacts that come again and again at even intervals: what a phone does by itself. A period is arithmetic, not an accusation: push
// channels and clocks keep one, and random offsets or a sleeping phone hide one.
#include <algorithm>
#include <map>
#include <random>
#include <span>

#include "extract/capture_place.h"
#include "extract/columns.h"

namespace klik {
namespace {

constexpr std::string_view kName = "contacts@2";
constexpr std::size_t kFewest = 8;              // contacts that a period is looked for in
constexpr std::int64_t kFewestPeriods = 6;
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kTogether = 2 * kSecond; // connections opened together are one contact
constexpr int kShuffles = 199;                  // the chance is told in half percents
constexpr std::size_t kMostContacts = 4'096;    // of one series that is tried for chance
constexpr std::size_t kHeld = 1 << 18;          // contacts that are held at a time; more only when one series has more

constexpr Column kColumns[] = {
    {"capture", ColumnType::text, "SHA-256 of the capture", true},
    {"host", ColumnType::text, "Name, or the address where none is known", true},
    {"port", ColumnType::integer, "Of the other side", true},
    {"app", ColumnType::text, "That the capturing program names; empty: none", true},
    {"contacts", ColumnType::integer, "How many; connections opened within two seconds are one"},
    {"first_ns", ColumnType::integer, "The first of them"},
    {"last_ns", ColumnType::integer, "The last of them"},
    {"period_ms", ColumnType::integer, "Median of the intervals", false, true},
    {"jitter", ColumnType::integer, "Median distance of the intervals from the period, in thousandths of it", false, true},
    {"even", ColumnType::integer, "Intervals within a tenth of the period, per thousand", false, true},
    {"chance", ColumnType::integer, "How often, per thousand, as many contacts thrown into the same span at random are as even", false, true},
    {"bytes_out", ColumnType::integer, "Median of the payload of a contact"},
    {"bytes_spread", ColumnType::integer, "Median distance from it"},
};
constexpr FactKind kContact{"net.contact", "One host that was contacted several times, and how evenly.", kColumns};
constexpr const FactKind* kEmits[] = {&kContact};

std::int64_t median(std::vector<std::int64_t> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::int64_t spread(const std::vector<std::int64_t>& values, std::int64_t around) {
  std::vector<std::int64_t> distances;
  distances.reserve(values.size());
  for (const std::int64_t v : values) distances.push_back(std::abs(v - around));
  return median(std::move(distances));
}

struct Evenness {
  std::int64_t period = 0, jitter = 0, even = 0;   // ns, per thousand, per thousand
};

Evenness evenness(const std::vector<std::int64_t>& times) {
  std::vector<std::int64_t> intervals;
  for (std::size_t i = 1; i < times.size(); ++i) intervals.push_back(times[i] - times[i - 1]);
  Evenness e;
  e.period = std::max<std::int64_t>(median(intervals), 1);
  e.jitter = static_cast<std::int64_t>(1000.0 * static_cast<double>(spread(intervals, e.period)) / static_cast<double>(e.period));
  const auto within = std::ranges::count_if(intervals, [&](std::int64_t i) { return std::abs(i - e.period) * 10 <= e.period; });
  e.even = within * 1000 / static_cast<std::int64_t>(intervals.size());
  return e;
}

struct Series {
  std::vector<std::int64_t> times, bytes;

  void add(std::int64_t at, std::int64_t out) {
    if (!times.empty() && at - times.back() < kTogether) {
      bytes.back() += out;
      return;
    }
    times.push_back(at), bytes.push_back(out);
  }
};

using Key = std::tuple<std::string, std::string, std::int64_t, std::string>;   // capture, host, port, app

// All contacts of one key. Only the facts of the first are kept: of a long capture there are a million contacts.
struct Met {
  static constexpr std::size_t kMostFacts = 64;
  struct Contact {
    std::int64_t at, out;
    friend auto operator<=>(const Contact&, const Contact&) = default;
  };
  using First = std::pair<std::int64_t, FactId>;
  std::vector<Contact> contacts;
  std::vector<First> first;   // a heap, the latest on top

  void add(std::int64_t at, std::int64_t out, const FactId& fact) {
    contacts.push_back({at, out});
    if (first.size() == kMostFacts && first.front() < First(at, fact)) return;
    if (first.size() == kMostFacts) std::ranges::pop_heap(first), first.pop_back();
    first.emplace_back(at, fact);
    std::ranges::push_heap(first);
  }
};

// The same number of contacts thrown into the same span: how often are they as even?
std::int64_t chance_of(const std::vector<std::int64_t>& times, const Evenness& found, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::int64_t as_even = 0;
  std::vector<std::int64_t> thrown(times.size());
  const auto span = static_cast<std::uint64_t>(times.back() - times.front());
  for (int i = 0; i < kShuffles; ++i) {
    for (auto& t : thrown) t = static_cast<std::int64_t>(random() % (span + 1));
    thrown.front() = 0, thrown.back() = static_cast<std::int64_t>(span);
    std::ranges::sort(thrown);
    as_even += evenness(thrown).even >= found.even;
  }
  return (as_even + 1) * 1000 / (kShuffles + 1);
}

// A connection that the phone's side opened, as its row tells it.
struct Opened {
  const FactRow& row;
  std::string_view host, app;
  std::int64_t port, at, out;

  std::size_t digest() const {
    const std::hash<std::string_view> of{};
    return ((of(host) * 31 + of(app)) * 31 + static_cast<std::size_t>(port)) * 31 + of(as_bytes(row.artifact.blob->sha256()).text());
  }
};

template <class Take>
void each_opened(const Image& image, Take take) {
  const FactKind* connections = find_kind("net.connection");
  image.rows.facts(*connections, [&](const FactRow& row) {
    if (!row.artifact.blob || number_of(*connections, row, "outward").value_or(0) == 0) return;
    std::string_view host = text_of(*connections, row, "host");
    if (host.empty()) host = text_of(*connections, row, "looked_up");
    if (host.empty()) host = text_of(*connections, row, "dst");
    const auto number = [&](std::string_view column) { return number_of(*connections, row, column).value_or(0); };
    take(Opened{row, host, text_of(*connections, row, "app"), number("dport"), number("started_ns"), number("bytes_up")});
  });
}

// How many connections there were to what has this digest.
struct Count {
  std::size_t digest;
  std::uint32_t connections;
};

// What was contacted more than once, in order: most of a long capture was not, and need not be held.
std::vector<Count> met_again(const Image& image) {
  std::vector<Count> counts;
  std::size_t next = kHeld;
  const auto thin = [&] {
    std::ranges::sort(counts, {}, &Count::digest);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if (kept > 0 && counts[kept - 1].digest == counts[i].digest) counts[kept - 1].connections += counts[i].connections;
      else counts[kept++] = counts[i];
    }
    counts.resize(kept);
    next = kept + kHeld;
  };
  each_opened(image, [&](const Opened& o) {
    counts.push_back({o.digest(), 1});
    if (counts.size() >= next) thin();
  });
  thin();
  std::erase_if(counts, [](const Count& c) { return c.connections < 2; });
  return counts;
}

void tell(const Image& image, std::span<const Count> again, FactSink& sink) {
  std::map<Key, Met> met;
  std::map<std::string, BlobId> captures;
  each_opened(image, [&](const Opened& o) {
    const auto known = std::ranges::lower_bound(again, o.digest(), {}, &Count::digest);
    if (known == again.end() || known->digest != o.digest()) return;
    const std::string capture = hex(as_bytes(o.row.artifact.blob->sha256()));
    captures.try_emplace(capture, *o.row.artifact.blob);
    Met& of = met[{capture, std::string(o.host), o.port, std::string(o.app)}];
    if (of.contacts.empty()) of.contacts.reserve(known->connections);
    of.add(o.at, o.out, o.row.id);
  });
  for (auto& [key, all] : met) {
    if (all.contacts.size() < 2) continue;
    std::ranges::sort(all.contacts);
    Series series;
    for (const Met::Contact& m : all.contacts) series.add(m.at, m.out);
    if (series.times.size() < 2) continue;
    const auto& [capture, host, port, app] = key;
    const std::int64_t bytes = median(series.bytes);
    Row row(kContact);
    row.set("capture", capture).set("host", host).set("port", port).set("app", app).set("contacts", static_cast<std::int64_t>(series.times.size()));
    row.set("first_ns", series.times.front()).set("last_ns", series.times.back()).set("bytes_out", bytes).set("bytes_spread", spread(series.bytes, bytes));
    if (series.times.size() >= kFewest) {
      const Evenness e = evenness(series.times);
      if (series.times.back() - series.times.front() >= kFewestPeriods * e.period) {
        row.set("period_ms", e.period / 1'000'000).set("jitter", e.jitter).set("even", e.even);
        // The seed follows from the capture, so equal bytes give equal facts.
        if (series.times.size() <= kMostContacts) row.set("chance", chance_of(series.times, e, std::stoull(capture.substr(0, 15), nullptr, 16)));
      }
    }
    std::ranges::sort(all.first);
    std::vector<FactId> because;
    for (const Met::First& f : all.first) because.push_back(f.second);
    sink.fact({&kContact, captures.at(capture), row.values(), {}, kName, std::move(because)});
    all = {};
  }
}

// Some series at a time, so that a capture with millions of connections is read a few times and not held.
void run(const Image& image, FactSink& sink) {
  const std::vector<Count> again = met_again(image);
  for (std::size_t from = 0, at = 0; from < again.size(); from = at) {
    std::size_t held = again[at++].connections;
    while (at < again.size() && held + again[at].connections <= kHeld) held += again[at++].connections;
    tell(image, std::span(again).subspan(from, at - from), sink);
  }
}

constexpr ViewColumn kViewColumns[] = {
    {"capture_id", "The capture."},
    {"host", "Name, or the address where none is known."},
    {"port", "Of the other side."},
    {"app", "That the capturing program names."},
    {"contacts", "How many; connections opened within two seconds are one."},
    {"first", "UTC."},
    {"last", "UTC."},
    {"period", "Seconds: median of the intervals. Null: fewer than eight contacts, or fewer than six periods."},
    {"jitter", "Median distance of the intervals from the period, in thousandths of it."},
    {"even", "Intervals within a tenth of the period, per thousand."},
    {"chance", "How often, per thousand, as many contacts thrown into the same span at random are as even."},
    {"bytes_out", "Median of the payload of a contact."},
    {"bytes_spread", "Median distance from it."},
    {"known_as", "push, time, name or check: what contacts of this port and host are known to be for. Null: not known."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"contact", "Hosts that were contacted several times, and how evenly. That no period is found proves nothing.", kViewColumns,
                     "SELECT a.artifact_id, f.host, f.port, nullif(f.app, ''), f.contacts, strftime('%Y-%m-%dT%H:%M:%SZ', f.first_ns / 1000000000, 'unixepoch'), strftime('%Y-%m-%dT%H:%M:%SZ', f.last_ns / 1000000000, 'unixepoch'), "
                     "f.period_ms / 1000.0, f.jitter, f.even, f.chance, f.bytes_out, f.bytes_spread, "
                     "CASE WHEN f.port IN (5222, 5223, 5228, 5229, 5230) THEN 'push' WHEN f.port = 123 THEN 'time' WHEN f.port IN (53, 853, 5353, 5355, 137) THEN 'name' "
                     "WHEN f.host LIKE 'connectivitycheck.%' OR f.host LIKE 'captive.%' OR f.host LIKE 'conn-service%' THEN 'check' END, lower(hex(f.fact_id)) "
                     "FROM _net_contact f" KLIK_CAPTURES};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const ImageExtractor image_extractor_contacts;
const ImageExtractor image_extractor_contacts{.name = kName, .title = "Hosts that were contacted again and again, with period and jitter", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
