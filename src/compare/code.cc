// Code of both builds, matched though it was rebuilt and renamed: how much of it is the same, and what it calls and says
// that it did not before.
#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "compare/cells.h"
#include "compare/code_marks.h"
#include "compare/code_places.h"
#include "flow/code_changes.h"
#include "flow/packing.h"

namespace klik::compare {
namespace {

constexpr std::size_t kMostRows = 400;            // of one app
constexpr std::size_t kMostTogether = 8;          // apps in memory at a time
constexpr std::uint64_t kMostUnpacked = std::uint64_t{1} << 30;   // bytes of packed and unpacked code of these
constexpr std::size_t kLongestValue = 600;

constexpr ViewColumn kMatchColumns[] = {
    {"app", "The package, or the place of a library of the platform."},
    {"state", "equal: the same bytes; compared; unread: part of the code could not be read, or one build holds none of an app that both have. What was not counted is null."},
    {"classes_old", "Classes of the old build."}, {"classes_new", "Classes of the new build."},
    {"classes_by_name", "Matched under the same name."}, {"classes_by_structure", "Matched though the name differs."},
    {"classes_unmatched_old", "Without counterpart in the new build."}, {"classes_unmatched_new", "Without counterpart in the old build."},
    {"methods_old", "Methods of the old build, with or without code."}, {"methods_new", "Methods of the new build."},
    {"methods_by_name", "Matched under the same name in a class of the same name."}, {"methods_by_structure", "Matched otherwise."},
    {"methods_unmatched_old", "Without counterpart in the new build."}, {"methods_unmatched_new", "Without counterpart in the old build."},
    {"bytes_old", "Of instructions in the old build."}, {"bytes_new", "Of instructions in the new build."},
    {"bytes_by_name", "Of the old build's methods that were matched by name."}, {"bytes_by_structure", "Of those matched otherwise."},
    {"bytes_unmatched_old", "Of those without counterpart."}, {"bytes_unmatched_new", "Of the new build's methods without counterpart."},
    {"methods_quickened_old", "Methods of the old build that the phone's compiler rewrote so that some of their calls name nothing: what these gain or lose there is not known."},
    {"methods_quickened_new", "The same of the new build."},
    {"left_out", "Rows of code_change that there was no room for; the least telling ones."},
    {"left_out_marked", "Of these, rows with a mark."},
    {"reason", "Why it is unread; null otherwise."},
    {"old_fact", "A DEX of it in the old case, for `klikspaan why`."}, {"new_fact", "A DEX of it in the new case."},
};
constexpr ViewColumn kPairColumns[] = {
    {"app", "The package, or the place of a library."},
    {"old_class", "As in the old build, with dots."},
    {"new_class", "What it is called in the new build."},
    {"how", "structure, neighbour, feature, similar; merged: most of the old class is part of the new one, which has another counterpart; split: the other way round."},
};
constexpr ViewColumn kChangeColumns[] = {
    {"app", "The package, or the place of a library."},
    {"what", "platform_call_added, platform_call_removed, platform_field_…, string_…, native_method_…, class_…, method_… (added or removed), method_changed, own_call_changed (equal code that calls another method of the app); platform_call_maybe_added, …_removed (or it stands behind an instruction that the phone's compiler rewrote), method_not_compared (bodies with such instructions)."},
    {"old_class", "The class in the old build; null when it has none."},
    {"new_class", "The class in the new build; null when it has none."},
    {"method", "Name and prototype, in the new build where it is there; of several that differ alike the first. Null for whole classes."},
    {"value", "The call, field or text; of methods how long they are or were; of own_call_changed what is called then and now."},
    {"only_here", "1: nowhere in the app's other build, so that no inlining explains it."},
    {"mark", "What it is for: a power of data/powers, or network, crypto, load, exec, reflection, processes, data, telephony, location, packages, manager, hardware, record, accessibility, identity, files, native; of a text command, place, property, address, code or cipher; of a method or class the weightiest of what it calls and says. Null for all others."},
    {"old_fact", "For `klikspaan why` with the old case: the call's reference, or the DEX."},
    {"new_fact", "For `klikspaan why` with the new case."},
};
constexpr ViewColumn kFileColumns[] = {
    {"side", "before or after."},
    {"path", "Of a file of bytecode in that case."},
    {"app", "Whose code it was compared as. Of several copies of the code of an app, as compiled files hold them, one is compared."},
};
constexpr ComparedTable kTables[] = {
    {"code_match", "How much of the code of each app was found again: what \"nothing changed\" is said about.", kMatchColumns},
    {"class_pair", "Classes that have another name in the new build.", kPairColumns},
    {"code_change", "What code calls, says and holds that its counterpart does not.", kChangeColumns},
    {"code_file", "The files of bytecode that were compared.", kFileColumns},
};

std::string dotted(std::string_view descriptor) {
  std::string out(descriptor.size() > 2 && descriptor[0] == 'L' ? descriptor.substr(1, descriptor.size() - 2) : descriptor);
  std::ranges::replace(out, '/', '.');
  return out;
}

// A query gives bytes in hex.
std::string bytes(const Value& v) {
  const auto raw = unhex(text_in(v));
  return raw ? std::string(Bytes(*raw).text()) : std::string();
}

// A platform method as code.method_reference has it: class, name, descriptor.
using Reference = std::tuple<std::string, std::string, std::string>;
std::optional<Reference> reference(std::string_view call) {
  const auto arrow = call.find("->"), paren = call.find('(');
  if (arrow == call.npos || paren == call.npos || paren < arrow) return std::nullopt;
  return Reference{dotted(call.substr(0, arrow)), std::string(call.substr(arrow + 2, paren - arrow - 2)), std::string(call.substr(paren))};
}

// The code of one side of an app: what it was unpacked from, and what borrows from that.
struct Unpacked {
  std::vector<std::string> graphs, prints;
  std::deque<flow::CodeGraph> read_graphs;
  std::deque<flow::CodePrints> read_prints;
  bool whole = true;

  void read(flow::BuiltCode& into) {
    for (std::size_t i = 0; i < graphs.size(); ++i) {
      std::string raw_graph, raw_prints;
      if (!flow::unsqueezed(graphs[i], raw_graph) || !flow::unsqueezed(prints[i], raw_prints)) {
        whole = false;
        continue;
      }
      graphs[i] = std::move(raw_graph);
      prints[i] = std::move(raw_prints);
      auto graph = flow::unpacked(Bytes::of(graphs[i]));
      if (!graph) {
        whole = false;
        continue;
      }
      read_graphs.push_back(std::move(*graph));
      auto read = flow::unpacked_prints(Bytes::of(prints[i]), read_graphs.back());
      if (!read) {
        whole = false;
        read_graphs.pop_back();
        continue;
      }
      read_prints.push_back(std::move(*read));
      files.push_back(i);
      into.add(read_graphs.back(), read_prints.back());
    }
    into.link();
  }
  std::vector<std::size_t> files;   // by number in BuiltCode: which of the app's
};

struct AppJob {
  std::string app;
  const CodeOfApp *before, *after;
  Unpacked old_code, new_code;
  std::vector<Value> match;                       // a row of code_match, without facts
  std::vector<std::vector<Value>> pairs;
  struct Change {
    std::vector<Value> values;                    // a row of code_change, without facts
    std::optional<Reference> reference;
    std::optional<std::size_t> old_file, new_file;
    bool in_old = false, in_new = false;          // where the reference is
  };
  std::vector<Change> changes;

  void compare();
};

Value class_value(const flow::BuiltCode& code, flow::Id c) { return c == flow::kNoId ? Value{} : Value{dotted(code.class_name(c))}; }

void AppJob::compare() {
  flow::SharedTexts texts;
  flow::BuiltCode b(texts), a(texts);
  old_code.read(b);
  new_code.read(a);
  const flow::Matching m = flow::match(b, a);

  std::int64_t names = 0, structures = 0, lost = 0, fresh = 0;
  for (flow::Id c = 0; c < b.classes().size(); ++c) {
    const flow::Id n = m.class_after[c];
    if (n == flow::kNoId) ++lost;
    else if (b.classes()[c].name == a.classes()[n].name) ++names;
    else {
      ++structures;
      pairs.push_back({app, dotted(b.class_name(c)), dotted(a.class_name(n)), std::string(spelled(m.class_how[c]))});
    }
  }
  for (flow::Id c = 0; c < a.classes().size(); ++c) fresh += m.class_before[c] == flow::kNoId;
  for (const auto& [x, y] : m.merged) pairs.push_back({app, dotted(b.class_name(x)), dotted(a.class_name(y)), std::string("merged")});
  for (const auto& [x, y] : m.split) pairs.push_back({app, dotted(b.class_name(x)), dotted(a.class_name(y)), std::string("split")});
  std::ranges::sort(pairs, {}, [](const std::vector<Value>& r) { return std::tuple(text_in(r[1]), text_in(r[2]), text_in(r[3])); });

  struct Sum {
    std::int64_t methods = 0, bytes = 0;
    void take(const flow::BuiltCode::Method& x) { ++methods, bytes += std::int64_t{2} * x.units; }
  } all_old, all_new, by_name, by_structure, gone, come;
  std::int64_t quickened_old = 0, quickened_new = 0;
  for (flow::Id i = 0; i < b.methods().size(); ++i) {
    const auto& x = b.methods()[i];
    all_old.take(x);
    quickened_old += x.unresolved > 0;
    const flow::Id n = m.method_after[i];
    if (n == flow::kNoId) gone.take(x);
    else (x.name == a.methods()[n].name && b.classes()[x.owner].name == a.classes()[a.methods()[n].owner].name ? by_name : by_structure).take(x);
  }
  for (flow::Id i = 0; i < a.methods().size(); ++i) {
    all_new.take(a.methods()[i]);
    quickened_new += a.methods()[i].unresolved > 0;
    if (m.method_before[i] == flow::kNoId) come.take(a.methods()[i]);
  }
  flow::CodeChanges found = flow::changes_of(b, a, m, kMostRows, mark_of_feature);
  const bool whole = old_code.whole && new_code.whole;
  match = {app, std::string(whole ? "compared" : "unread"), std::int64_t(b.classes().size()), std::int64_t(a.classes().size()), names, structures, lost, fresh, all_old.methods, all_new.methods, by_name.methods,
           by_structure.methods, gone.methods, come.methods, all_old.bytes, all_new.bytes, by_name.bytes, by_structure.bytes, gone.bytes, come.bytes, quickened_old, quickened_new, static_cast<std::int64_t>(found.left_out), static_cast<std::int64_t>(found.left_out_marked), whole ? Value{} : Value{std::string("part of its code could not be read")}};

  for (const flow::CodeChange& c : found.rows) {
    Change& row = changes.emplace_back();
    const bool show_new = c.method_after != flow::kNoId;
    const flow::Id shown = show_new ? c.method_after : c.method_before;
    Value method;
    if (shown != flow::kNoId) method = std::string((show_new ? a : b).method_name(shown)) + std::string((show_new ? a : b).method_proto(shown));
    std::string value = c.value;
    if (c.feature != flow::kNoId) {
      value = std::string(texts.text(c.feature));
      if (texts.kind(c.feature) == flow::SharedTexts::Kind::call) {
        row.reference = reference(value);
        if (row.reference) value = std::get<0>(*row.reference) + "." + std::get<1>(*row.reference) + std::get<2>(*row.reference);
      } else if (texts.kind(c.feature) == flow::SharedTexts::Kind::field) {
        const auto arrow = value.find("->");
        value = dotted(value.substr(0, arrow)) + "." + value.substr(std::min(arrow + 2, value.size()));
      }
    }
    row.values = {app, std::string(c.what), class_value(b, c.class_before), class_value(a, c.class_after), method, value.empty() ? Value{} : Value{value.substr(0, kLongestValue)}, std::int64_t{c.only_here}, c.mark.empty() ? Value{} : Value{std::string(c.mark)}};
    row.in_old = c.what.ends_with("removed");
    row.in_new = !row.in_old;
    if (c.method_before != flow::kNoId) row.old_file = old_code.files[b.methods()[c.method_before].file];
    else if (c.class_before != flow::kNoId) row.old_file = old_code.files[b.classes()[c.class_before].file];
    if (c.method_after != flow::kNoId) row.new_file = new_code.files[a.methods()[c.method_after].file];
    else if (c.class_after != flow::kNoId) row.new_file = new_code.files[a.classes()[c.class_after].file];
  }
  // What is known now takes less room than what it was read from.
  old_code = {};
  new_code = {};
}

// References to platform methods of the files that rows point into.
class References {
 public:
  explicit References(const Side& side) : side_(side) {}
  std::string fact(const CodeFile& file, const Reference& reference) {
    const auto [at, fresh] = files_.try_emplace(file.blob);
    if (fresh) {
      const Table found = side_.reader.query("SELECT \"class\", name, descriptor, lower(hex(fact_id)) FROM _code_method_reference WHERE blob_id = ?1", {Value{file.blob}});
      for (const std::vector<Value>& r : found.rows) at->second.emplace(Reference{text_in(r[0]), text_in(r[1]), text_in(r[2])}, text_in(r[3]));
    }
    const auto found = at->second.find(reference);
    return found == at->second.end() ? file.fact : found->second;
  }

 private:
  const Side& side_;
  std::map<std::int64_t, std::map<Reference, std::string>> files_;
};

class Comparing {
 public:
  Comparing(const Pair& pair, const AddRow& add) : pair_(pair), add_(add) {}

  void run() {
    before_ = code_of_build(pair_.before);
    after_ = code_of_build(pair_.after);
    std::deque<AppJob> jobs;
    for (const auto& [app, old_code, new_code] : both()) {
      if (!old_code || !new_code) {
        none(app, old_code, new_code, old_code ? "no code of it was found in the new build" : new_code ? "no code of it was found in the old build" : "no code of it was found in either build");
        continue;
      }
      const std::multiset<std::string> then = digests(*old_code), now = digests(*new_code);
      if (!then.contains({}) && then == now) {
        equal(app, *old_code, *new_code);
        continue;
      }
      AppJob& job = jobs.emplace_back();
      job.app = app;
      job.before = old_code;
      job.after = new_code;
    }
    while (!jobs.empty()) together(jobs);
  }

 private:
  struct Both {
    std::string app;
    const CodeOfApp *before, *after;   // null: it is there, but no code of it was found
  };

  // As many of the first as there is room for. What one needs is known before it is fetched.
  void together(std::deque<AppJob>& jobs) {
    std::size_t count = 0;
    for (std::uint64_t used = 0; count < jobs.size() && count < kMostTogether; ++count) {
      AppJob& job = jobs[count];
      const std::uint64_t room = unpacked_size(pair_.before, *job.before) + unpacked_size(pair_.after, *job.after);
      if (room > kMostUnpacked && count == 0) {
        none(job.app, job.before, job.after, "its code is larger than what is unpacked at a time");
        return jobs.pop_front();
      }
      if (room > kMostUnpacked - used) break;
      used += room;
    }
    for (std::size_t i = 0; i < count; ++i) {
      fetch(pair_.before, *jobs[i].before, jobs[i].old_code);
      fetch(pair_.after, *jobs[i].after, jobs[i].new_code);
    }
    for (std::size_t i = 0; i < count; ++i) pair_.pool.add([&job = jobs[i]] { job.compare(); });
    pair_.pool.wait_idle();
    for (std::size_t i = 0; i < count; ++i) write(jobs[i]);
    jobs.erase(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(count));
  }

  struct Holders {
    std::map<std::string_view, const CodeHolder*> by_app, by_place;
    explicit Holders(const CodeOfBuild& build) {
      for (const CodeHolder& h : build.holders) {
        by_app.emplace(h.app, &h);
        if (!h.place.empty()) by_place.emplace(h.place, &h);
      }
    }
    const CodeHolder* find(const std::string& app, const std::string& place) const {
      if (const auto named = by_app.find(app); named != by_app.end()) return named->second;
      const auto placed = by_place.find(place);
      return placed == by_place.end() ? nullptr : placed->second;
    }
  };

  // By name; what has none in the other build, by place. What has code in one build and is there in the other, and what says that
  // it has some and has none in either, is no less part of the list: code that cannot be found may be hidden.
  std::vector<Both> both() const {
    const Holders old_holders(before_), new_holders(after_);
    std::vector<Both> out;
    std::map<std::string, const std::pair<const std::string, CodeOfApp>*> left;
    std::set<std::string> known;
    const auto add = [&](const std::string& app, const CodeOfApp* before, const CodeOfApp* after) {
      out.push_back({app, before, after});
      known.insert(app);
    };
    std::vector<const std::pair<const std::string, CodeOfApp>*> gone;
    for (const auto& entry : before_.apps) {
      const auto& [app, code] = entry;
      if (const auto at = after_.apps.find(app); at != after_.apps.end()) add(app, &code, &at->second);
      else if (code.place.empty() || !left.emplace(code.place, &entry).second) gone.push_back(&entry);
    }
    for (const auto& [app, code] : after_.apps) {
      if (before_.apps.contains(app)) continue;
      if (const auto at = left.find(code.place); at != left.end()) {
        add(app, &at->second->second, &code);
        left.erase(at);
      } else if (old_holders.find(app, code.place)) {
        add(app, nullptr, &code);
      }
    }
    for (const auto& [place, entry] : left) gone.push_back(entry);
    for (const auto* entry : gone)
      if (const CodeHolder* h = new_holders.find(entry->first, entry->second.place); h && !known.contains(h->app)) add(h->app, &entry->second, nullptr);
    for (const auto& [app, h] : new_holders.by_app) {
      const auto at = old_holders.by_app.find(app);
      if (!h->says_so || after_.apps.contains(h->app) || before_.apps.contains(h->app) || known.contains(h->app) || at == old_holders.by_app.end()) continue;
      if (at->second->says_so && (at->second->digest != h->digest || h->digest.empty())) add(h->app, nullptr, nullptr);
    }
    std::ranges::sort(out, {}, &Both::app);
    return out;
  }
  void name_files(const std::string& app, const CodeOfApp& old_code, const CodeOfApp& new_code) {
    for (const CodeFile& f : old_code.files)
      if (f.n >= 0) add_(3, {std::string("before"), f.path, app});
    for (const CodeFile& f : new_code.files)
      if (f.n >= 0) add_(3, {std::string("after"), f.path, app});
  }
  // Nothing was compared.
  void none(const std::string& app, const CodeOfApp* old_code, const CodeOfApp* new_code, const char* reason) {
    const auto sum = [](const CodeOfApp* code, std::int64_t CodeFile::*what) {
      std::int64_t n = 0;
      if (code)
        for (const CodeFile& f : code->files) n += f.*what;
      return n;
    };
    const auto fact = [](const CodeOfApp* code) { return code ? or_null(code->files.front().fact) : Value{}; };
    std::vector<Value> row(std::size(kMatchColumns));
    row[0] = app, row[1] = std::string("unread");
    row[2] = sum(old_code, &CodeFile::classes), row[3] = sum(new_code, &CodeFile::classes);
    row[8] = sum(old_code, &CodeFile::methods), row[9] = sum(new_code, &CodeFile::methods);
    row[14] = 2 * sum(old_code, &CodeFile::units), row[15] = 2 * sum(new_code, &CodeFile::units);
    row[row.size() - 3] = std::string(reason), row[row.size() - 2] = fact(old_code), row[row.size() - 1] = fact(new_code);
    add_(0, std::move(row));
  }
  // An empty one is of a file whose bytes are not known: it equals nothing.
  static std::multiset<std::string> digests(const CodeOfApp& code) {
    std::multiset<std::string> out;
    for (const CodeFile& f : code.files) out.insert(f.digest.empty() ? std::string() : f.digest + " " + std::to_string(f.n));
    return out;
  }
  void equal(const std::string& app, const CodeOfApp& old_code, const CodeOfApp& new_code) {
    name_files(app, old_code, new_code);
    std::int64_t classes = 0, methods = 0, bytes = 0;
    for (const CodeFile& f : old_code.files) classes += f.classes, methods += f.methods, bytes += 2 * f.units;
    const std::int64_t none = 0;
    add_(0, {app, std::string("equal"), classes, classes, classes, none, none, none, methods, methods, methods, none, none, none, bytes, bytes, bytes, none, none, none, none, none, none, none, Value{}, or_null(old_code.files.front().fact), or_null(new_code.files.front().fact)});
  }
  static std::uint64_t unpacked_size(const Side& side, const CodeOfApp& code) {
    std::uint64_t sum = 0;
    for (const CodeFile& f : code.files) {
      const Table found = side.reader.query("SELECT length(g.graph), substr(g.graph, 1, ?3), length(b.prints), substr(b.prints, 1, ?3) FROM _code_graph g JOIN _code_body b ON b.blob_id = g.blob_id AND b.n = g.n WHERE g.blob_id = ?1 AND g.n = ?2 ORDER BY g.row_id LIMIT 1",
                                            {Value{f.blob}, Value{f.n}, Value{static_cast<std::int64_t>(flow::kSqueezedHead)}});
      for (const std::vector<Value>& r : found.rows)
        for (const std::size_t at : {0u, 2u})
          if (const auto* packed = std::get_if<std::int64_t>(&r[at])) sum += static_cast<std::uint64_t>(*packed) + flow::unsqueezed_size(bytes(r[at + 1]));
    }
    return sum;
  }
  static void fetch(const Side& side, const CodeOfApp& code, Unpacked& into) {
    for (const CodeFile& f : code.files) {
      const Table found = side.reader.query("SELECT g.graph, b.prints FROM _code_graph g JOIN _code_body b ON b.blob_id = g.blob_id AND b.n = g.n WHERE g.blob_id = ?1 AND g.n = ?2 ORDER BY g.row_id LIMIT 1", {Value{f.blob}, Value{f.n}});
      const bool there = found.rows.size() == 1;
      into.graphs.push_back(there ? bytes(found.rows[0][0]) : std::string());
      into.prints.push_back(there ? bytes(found.rows[0][1]) : std::string());
    }
  }
  void write(AppJob& job) {
    name_files(job.app, *job.before, *job.after);
    std::vector<Value> match = std::move(job.match);
    match.push_back(or_null(job.before->files.front().fact));
    match.push_back(or_null(job.after->files.front().fact));
    add_(0, std::move(match));
    for (std::vector<Value>& p : job.pairs) add_(1, std::move(p));
    for (AppJob::Change& c : job.changes) {
      const auto fact = [&](References& references, const CodeOfApp& code, const std::optional<std::size_t>& file, bool has_reference) {
        if (!file) return Value{};
        const CodeFile& f = code.files[*file];
        return or_null(c.reference && has_reference ? references.fact(f, *c.reference) : f.fact);
      };
      c.values.push_back(fact(old_references_, *job.before, c.old_file, c.in_old));
      c.values.push_back(fact(new_references_, *job.after, c.new_file, c.in_new));
      add_(2, std::move(c.values));
    }
    job.pairs = {};
    job.changes = {};
  }

  const Pair& pair_;
  const AddRow& add_;
  CodeOfBuild before_, after_;
  References old_references_{pair_.before}, new_references_{pair_.after};
};

void run(const Pair& pair, const AddRow& add) { Comparing(pair, add).run(); }

}  // namespace

extern const Comparer comparer_code;
const Comparer comparer_code{.name = "code", .title = "Code matched by structure, and what it calls and says that it did not before", .tables = kTables, .run = run};

}  // namespace klik::compare
