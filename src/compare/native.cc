// Native files of two builds, function by function.
#include <algorithm>
#include <map>
#include <utility>

#include "base/hash.h"
#include "compare/cells.h"
#include "compare/comparer.h"
#include "compare/native_changes.h"
#include "flow/native_graph.h"
#include "flow/packing.h"

namespace klik::compare {
namespace {

constexpr std::uint64_t kMostUnpacked = std::uint64_t{384} << 20;   // bytes of packed and unpacked functions in memory at a time

constexpr ViewColumn kMatchColumns[] = {
    {"path", "Of the new build, or of the old one when it is not there any more."},
    {"before_path", "Of the old build; null when it is new."},
    {"how", "path, content (equal bytes elsewhere), soname (the only one of that name elsewhere), added or removed."},
    {"equal", "bytes; code (all functions are the same); differs; unread; null without a counterpart."},
    {"data", "equal, or differs: whether constants, data and code outside of functions are the same, words that hold addresses left out; null without a counterpart."},
    {"functions_old", "Functions of the old one."},
    {"functions_new", "Functions of the new one."},
    {"same", "Pairs with the same instructions that use the same names, texts and functions."},
    {"changed", "Pairs that differ."},
    {"added", "New functions without a pair."},
    {"removed", "Old functions without a pair."},
    {"bytes_old", "Bytes of code of the old one."},
    {"bytes_new", "Bytes of code of the new one."},
    {"bytes_same", "Bytes of the old one's functions that are the same."},
    {"by_name", "Pairs found by name."},
    {"by_code", "Pairs found by equal instructions."},
    {"by_neighbours", "Pairs found by who calls them, or what lies beside them."},
    {"by_likeness", "Pairs found by likeness."},
    {"reason", "Why it is unread; null otherwise."},
    {"old_fact", "For `klikspaan why` with the old case."},
    {"new_fact", "For `klikspaan why` with the new case."},
};
constexpr ViewColumn kChangeColumns[] = {
    {"path", "The file, in the new build."},
    {"what", "import_added, import_removed, export_added, export_removed, needed_added, needed_removed, function_added, function_removed, function_changed, init_added, init_removed, init_changed (another function of no known counterpart in the place of `before`; `mark` only when that had another), string_added, string_removed, writable_code, entropy, or left_out (more of `name`, counted in `after`)."},
    {"name", "The name, the text, or the function: its name, else sub_ and its address."},
    {"before", "What the old build has; null when it was not there."},
    {"after", "What the new build has; null when it is not there any more."},
    {"called_from", "Functions that use it. Of an added function: those that were there before. Null when none is known."},
    {"mark", "What it is for: a power of data/powers, or exec, load, network, crypto, memory, trace or identity; null for all others."},
    {"detail", "What a function uses, or how it differs; of a text its kind (see native_string)."},
    {"old_fact", "For `klikspaan why` with the old case."},
    {"new_fact", "For `klikspaan why` with the new case."},
};
constexpr ComparedTable kTables[] = {
    {"native_match", "Native files of both builds, paired, and how many of their functions are the same: what a list of changes is out of.", kMatchColumns},
    {"native_change", "What changed in native files: names, functions, texts, what runs at start. Addresses, build ids and the order of linking give no row.", kChangeColumns},
};

// One file of one build, as far as SQL tells it.
struct File {
  std::string path, sha256, soname, rest, fact;
  std::int64_t blob = 0, functions = 0, code_bytes = 0;
  NativeSide side;     // without its functions until they are read
  std::string small;   // these, as the case has them
};

std::vector<std::string> lines(std::string_view all) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    if (end > at) out.emplace_back(all.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::vector<File> files_of(const Side& side) {
  // With a bare column beside min(), SQLite takes it from the row of the minimum.
  const Table t = side.reader.query(
      "SELECT coalesce(a.device_path, a.path), min(a.artifact_id), a.blob_id, lower(hex(b.sha256)), c.functions, c.code_bytes, c.writable_code, c.dense_bytes, l.soname, l.needed, lower(hex(c.fact_id)), c.rest "
      "FROM _native_code c JOIN _artifact a ON a.blob_id = c.blob_id JOIN _blob b ON b.blob_id = c.blob_id LEFT JOIN _native_library l ON l.blob_id = c.blob_id WHERE a.build_id = ? GROUP BY 1 ORDER BY 1",
      {side.build});
  std::vector<File> out;
  for (const auto& r : t.rows) {
    File& f = out.emplace_back();
    f.path = text_in(r[0]), f.blob = number_in(r[2]), f.sha256 = text_in(r[3]), f.functions = number_in(r[4]), f.code_bytes = number_in(r[5]);
    f.side.writable_code = number_in(r[6]) != 0, f.side.dense_bytes = number_in(r[7]);
    f.soname = text_in(r[8]), f.side.needed = lines(text_in(r[9])), f.fact = text_in(r[10]), f.rest = text_in(r[11]);
  }
  return out;
}

// How much memory its functions take, without fetching them.
std::uint64_t unpacked_size(const Side& side, const File& f) {
  const Table t = side.reader.query("SELECT length(code), substr(code, 1, ?2) FROM _native_code WHERE blob_id = ?1", {f.blob, static_cast<std::int64_t>(flow::kSqueezedHead)});
  if (t.rows.empty()) return 0;
  const auto head = unhex(text_in(t.rows[0][1]));   // a query gives bytes in hex
  return static_cast<std::uint64_t>(number_in(t.rows[0][0])) + (head ? flow::unsqueezed_size(Bytes(*head).text()) : 0);
}

void fetch(const Side& side, File& f) {
  const Table t = side.reader.query("SELECT code FROM _native_code WHERE blob_id = ?", {f.blob});
  if (t.rows.empty()) return;
  if (const auto small = unhex(text_in(t.rows[0][0]))) f.small = Bytes(*small).text();
}

void read_rows(const Side& side, File& f) {
  for (const auto& r : side.reader.query("SELECT name FROM _native_import WHERE blob_id = ? ORDER BY name", {f.blob}).rows) f.side.imports.push_back(text_in(r[0]));
  for (const auto& r : side.reader.query("SELECT kind, value FROM _native_string WHERE blob_id = ? ORDER BY value, kind", {f.blob}).rows) f.side.texts.push_back({text_in(r[0]), text_in(r[1])});
  for (const auto& r : side.reader.query("SELECT kind, function, address FROM _native_init WHERE blob_id = ? ORDER BY kind, n", {f.blob}).rows)
    f.side.starts.push_back({text_in(r[0]), text_in(r[1]), static_cast<std::uint64_t>(number_in(r[2]))});
}

struct Paired {
  File *before, *after;
  std::string_view how;
};

std::string_view name_of(std::string_view path) { return path.substr(std::min(path.rfind('/') + 1, path.size())); }

// By path, then equal bytes elsewhere, then the only file of a name and soname left on both sides.
std::vector<Paired> paired(std::vector<File>& olds, std::vector<File>& news) {
  std::vector<Paired> out;
  std::map<std::string_view, File*> by_path;
  for (File& f : olds) by_path.emplace(f.path, &f);
  std::vector<File*> come, lost;
  for (File& f : news) {
    const auto found = by_path.find(f.path);
    if (found == by_path.end()) {
      come.push_back(&f);
      continue;
    }
    out.push_back({found->second, &f, "path"});
    by_path.erase(found);
  }
  for (const auto& [path, f] : by_path) lost.push_back(f);
  const auto by = [&](std::string_view how, auto&& key) {
    std::map<std::string, std::pair<std::vector<File*>, std::vector<File*>>> groups;
    for (File* f : lost) groups[key(*f)].first.push_back(f);
    for (File* f : come) groups[key(*f)].second.push_back(f);
    for (const auto& [k, g] : groups) {
      if (g.first.size() != 1 || g.second.size() != 1) continue;
      out.push_back({g.first[0], g.second[0], how});
      std::erase(lost, g.first[0]);
      std::erase(come, g.second[0]);
    }
  };
  by("content", [](const File& f) { return f.sha256; });
  by("soname", [](const File& f) { return std::string(name_of(f.path)) + '\n' + f.soname; });
  for (File* f : lost) out.push_back({f, nullptr, "removed"});
  for (File* f : come) out.push_back({nullptr, f, "added"});
  std::ranges::stable_sort(out, {}, [](const Paired& p) { return std::string_view((p.after ? p.after : p.before)->path); });
  return out;
}

struct Outcome {
  std::string_view equal, reason;
  NativeResult result;
};

Outcome compared(File& before, File& after) {
  constexpr std::string_view kDamaged = "its functions could not be read from a case";
  Outcome out;
  // The pair is done with its memory when this ends; there may be hundreds of them.
  const auto unsqueezed = [](File& f) {
    const std::string small = std::exchange(f.small, {});
    return flow::unsqueezed(small, f.side.packed);
  };
  const bool both = unsqueezed(before) && unsqueezed(after);
  struct Freed {
    File &before, &after;
    ~Freed() { before.side = {}, after.side = {}, before.small = {}, after.small = {}; }
  } freed{before, after};
  if (!both) return {"unread", kDamaged, {}};
  auto a = flow::unpacked_functions(Bytes::of(before.side.packed)), b = flow::unpacked_functions(Bytes::of(after.side.packed));
  if (!a || !b) return {"unread", kDamaged, {}};
  before.side.code = std::move(*a);
  after.side.code = std::move(*b);
  out.result = native_changes(before.side, after.side);
  const NativeCounts& c = out.result.counts;
  out.equal = c.changed == 0 && c.added == 0 && c.removed == 0 ? "code" : "differs";
  return out;
}

void run(const Pair& pair, const AddRow& add) {
  std::vector<File> olds = files_of(pair.before), news = files_of(pair.after);
  const std::vector<Paired> pairs = paired(olds, news);
  std::vector<Outcome> outcomes(pairs.size());
  std::uint64_t in_flight = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Paired& p = pairs[i];
    if (!p.before || !p.after) continue;
    Outcome* out = &outcomes[i];
    if (p.before->sha256 == p.after->sha256) {
      out->equal = "bytes";
      out->result.counts.same = p.after->functions;
      out->result.counts.same_bytes = p.after->code_bytes;
      continue;
    }
    const std::uint64_t room = unpacked_size(pair.before, *p.before) + unpacked_size(pair.after, *p.after);
    if (room > kMostUnpacked) {
      out->equal = "unread";
      out->reason = "its functions are larger than what is unpacked at a time";
      continue;
    }
    if (room > kMostUnpacked - in_flight) {
      pair.pool.wait_idle();
      in_flight = 0;
    }
    in_flight += room;
    fetch(pair.before, *p.before);
    fetch(pair.after, *p.after);
    read_rows(pair.before, *p.before);
    read_rows(pair.after, *p.after);
    pair.pool.add([before = p.before, after = p.after, out] { *out = compared(*before, *after); });
  }
  pair.pool.wait_idle();

  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Paired& p = pairs[i];
    const NativeCounts& c = outcomes[i].result.counts;
    const Value old_fact = p.before ? or_null(p.before->fact) : Value(), new_fact = p.after ? or_null(p.after->fact) : Value();
    const bool counted = p.before && p.after && outcomes[i].equal != "unread";
    const auto count = [&](std::int64_t n) { return counted ? Value(n) : Value(); };
    const std::string& path = (p.after ? p.after : p.before)->path;
    const Value data = p.before && p.after ? Value(std::string(p.before->rest == p.after->rest ? "equal" : "differs")) : Value();
    add(0, {path, p.before ? Value(p.before->path) : Value(), std::string(p.how), or_null(std::string(outcomes[i].equal)), data, p.before ? Value(p.before->functions) : Value(), p.after ? Value(p.after->functions) : Value(),
            count(c.same), count(c.changed), count(c.added), count(c.removed), p.before ? Value(p.before->code_bytes) : Value(), p.after ? Value(p.after->code_bytes) : Value(), count(c.same_bytes), count(c.by_name),
            count(c.by_code), count(c.by_neighbours), count(c.by_likeness), or_null(std::string(outcomes[i].reason)), old_fact, new_fact});
    for (const NativeChange& n : outcomes[i].result.changes)
      add(1, {path, std::string(n.what), n.name, or_null(n.before), or_null(n.after), or_null(n.called_from), or_null(n.mark), or_null(n.detail), old_fact, new_fact});
  }
}

}  // namespace

extern const Comparer comparer_native;
constexpr Comparer comparer_native{.name = "native", .title = "Native files, function by function", .tables = kTables, .run = run};

}  // namespace klik::compare
