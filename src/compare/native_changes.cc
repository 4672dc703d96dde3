#include "compare/native_changes.h"

#include <algorithm>
#include <map>
#include <set>

namespace klik::compare {
namespace {

using elf::Function;
using elf::Functions;
using elf::Use;
using elf::UseKind;
using flow::NativeMatch;

constexpr std::size_t kNamesShown = 5;
constexpr std::size_t kTextShown = 160;

std::string name_of(const Function& f) {
  if (!f.name.empty()) return std::string(f.name);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::uint64_t a = f.address; a || out.empty(); a >>= 4) out.insert(out.begin(), kDigits[a & 15]);
  return "sub_" + out;
}

std::string size_of(const Function& f) { return std::to_string(f.instructions) + (f.instructions == 1 ? " instruction" : " instructions"); }

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) out += (i ? ", " : "") + names[i];
  if (names.size() > kNamesShown) out += " and " + std::to_string(names.size() - kNamesShown) + " more";
  return out;
}

void add_once(std::vector<std::string>& names, std::string name) {
  if (std::ranges::find(names, name) == names.end() && names.size() < 64) names.push_back(std::move(name));
}

// Who uses what, by index.
struct Users {
  std::vector<std::vector<std::uint32_t>> of_function, of_import, of_text;

  explicit Users(const Functions& all) : of_function(all.list.size()), of_import(all.imports.size()), of_text(all.texts.size()) {
    for (std::uint32_t i = 0; i < all.list.size(); ++i)
      for (const Use& u : all.list[i].uses) {
        auto& users = u.kind == UseKind::function ? of_function[u.index] : u.kind == UseKind::import ? of_import[u.index] : of_text[u.index];
        if (users.empty() || users.back() != i) users.push_back(i);
      }
  }
};

class Comparing {
 public:
  Comparing(const NativeSide& before, const NativeSide& after)
      : before_(before), after_(after), match_(flow::match_functions(before.code, after.code)), old_users_(before.code), new_users_(after.code) {
    for (std::uint32_t i = 0; i < after.code.imports.size(); ++i) import_index_.emplace(after.code.imports[i], i);
  }

  NativeResult run() {
    imports();
    exports();
    needed();
    starts();
    functions();
    texts();
    shape();
    close();
    return std::move(out_);
  }

 private:
  void put(std::string_view what, NativeChange change, int weight) {
    change.what = what;
    rows_.push_back({std::move(change), weight});
  }

  // Users that have a pair first: that they were there before is what makes a new function matter.
  std::string users(const Functions& all, const std::vector<std::uint32_t>& callers, const std::vector<std::uint32_t>& pairs, bool paired_only) const {
    std::vector<std::string> names;
    for (const std::uint32_t u : callers)
      if (pairs[u] != NativeMatch::kNone) add_once(names, name_of(all.list[u]));
    if (!paired_only)
      for (const std::uint32_t u : callers)
        if (pairs[u] == NativeMatch::kNone) add_once(names, name_of(all.list[u]));
    return joined(names);
  }

  void imports() {
    const std::set<std::string_view> olds(before_.imports.begin(), before_.imports.end()), news(after_.imports.begin(), after_.imports.end());
    for (const std::string_view n : news) {
      if (olds.contains(n)) continue;
      const std::string_view mark = mark_of_import(n);
      const auto used = import_index_.find(n);
      put("import_added", {.name = std::string(n), .after = std::string(n), .called_from = used == import_index_.end() ? "" : users(after_.code, new_users_.of_import[used->second], match_.old_of, false), .mark = std::string(mark)}, mark.empty() ? 0 : 2);
    }
    for (const std::string_view n : olds)
      if (!news.contains(n)) put("import_removed", {.name = std::string(n), .before = std::string(n), .mark = std::string(mark_of_import(n))}, 0);
  }

  void exports() {
    const auto names = [](const Functions& all) {
      std::map<std::string_view, const Function*> out;
      for (const Function& f : all.list)
        if (f.exported && !f.name.empty()) out.emplace(f.name, &f);
      return out;
    };
    const auto olds = names(before_.code), news = names(after_.code);
    for (const auto& [n, f] : news)
      if (!olds.contains(n)) put("export_added", {.name = std::string(n), .after = size_of(*f)}, 0);
    for (const auto& [n, f] : olds)
      if (!news.contains(n)) put("export_removed", {.name = std::string(n), .before = size_of(*f)}, 0);
  }

  void needed() {
    for (const std::string& n : after_.needed)
      if (std::ranges::find(before_.needed, n) == before_.needed.end()) put("needed_added", {.name = n, .after = n}, 0);
    for (const std::string& n : before_.needed)
      if (std::ranges::find(after_.needed, n) == after_.needed.end()) put("needed_removed", {.name = n, .before = n}, 0);
  }

  static std::uint32_t at(const Functions& all, std::uint64_t address) {
    const auto f = std::ranges::lower_bound(all.list, address, {}, &Function::address);
    return f != all.list.end() && f->address == address ? static_cast<std::uint32_t>(f - all.list.begin()) : NativeMatch::kNone;
  }

  // What stands at an address, on either side, when it has no counterpart.
  std::string start_name(const Functions& all, const NativeStart& s) const {
    const std::uint32_t f = at(all, s.address);
    return f == NativeMatch::kNone ? s.function : name_of(all.list[f]);
  }
  std::string start_mark(const Functions& all, const NativeStart& s) const {
    const std::uint32_t f = at(all, s.address);
    return f == NativeMatch::kNone ? std::string() : mark_of_function(all, all.list[f]);
  }

  // By the pairs of their functions, else by their names. What is then left was put in the place of another, as far as there are
  // others of its table whose function has no pair either; a rewritten function is not told as one more.
  void starts() {
    std::vector<bool> taken(before_.starts.size());
    std::vector<const NativeStart*> left;
    for (const NativeStart& n : after_.starts) {
      const std::uint32_t f = at(after_.code, n.address), o = f == NativeMatch::kNone ? f : match_.old_of[f];
      bool found = false;
      for (std::size_t i = 0; i < before_.starts.size() && !found; ++i)
        if (!taken[i] && o != NativeMatch::kNone && before_.starts[i].kind == n.kind && before_.starts[i].address == before_.code.list[o].address) taken[i] = found = true;
      if (!found) left.push_back(&n);
    }
    const auto claim = [&](const NativeStart& n, auto&& fits) -> const NativeStart* {
      for (std::size_t i = 0; i < before_.starts.size(); ++i) {
        if (taken[i] || before_.starts[i].kind != n.kind || !fits(before_.starts[i])) continue;
        taken[i] = true;
        return &before_.starts[i];
      }
      return nullptr;
    };
    std::erase_if(left, [&](const NativeStart* n) { return at(after_.code, n->address) == NativeMatch::kNone && !n->function.empty() && claim(*n, [&](const NativeStart& o) { return at(before_.code, o.address) == NativeMatch::kNone && o.function == n->function; }); });
    for (const NativeStart* n : left) {
      const std::uint32_t f = at(after_.code, n->address);
      // A function that was there before, and ran for another reason, is one more.
      const NativeStart* o = f != NativeMatch::kNone && match_.old_of[f] != NativeMatch::kNone ? nullptr : claim(*n, [&](const NativeStart& s) {
        const std::uint32_t b = at(before_.code, s.address);
        return b == NativeMatch::kNone || match_.new_of[b] == NativeMatch::kNone;
      });
      std::string mark = start_mark(after_.code, *n);
      if (o && mark == start_mark(before_.code, *o)) mark.clear();
      put(o ? "init_changed" : "init_added", {.name = start_name(after_.code, *n), .before = o ? start_name(before_.code, *o) : "", .after = n->kind, .mark = std::move(mark), .detail = f == NativeMatch::kNone ? "" : said(after_.code, after_.code.list[f])}, 2);
    }
    for (std::size_t i = 0; i < before_.starts.size(); ++i) {
      if (taken[i]) continue;
      put("init_removed", {.name = start_name(before_.code, before_.starts[i]), .before = before_.starts[i].kind}, 0);
    }
  }

  static std::string mark_of_function(const Functions& all, const Function& f) {
    for (const Use& u : f.uses)
      if (u.kind == UseKind::import)
        if (const std::string_view mark = mark_of_import(all.imports[u.index]); !mark.empty()) return std::string(mark);
    for (const Use& u : f.uses)
      if (u.kind == UseKind::text)
        if (const std::string_view mark = mark_of_text(all.texts[u.index]); !mark.empty()) return std::string(mark);
    return {};
  }

  // "uses dlopen, dlsym; names "/data/x""
  static std::string said(const Functions& all, const Function& f) {
    std::vector<std::string> names, texts;
    for (const Use& u : f.uses) {
      if (u.kind == UseKind::import) add_once(names, std::string(all.imports[u.index]));
      if (u.kind == UseKind::text) add_once(texts, std::string(all.texts[u.index].substr(0, kTextShown)));
    }
    // Marked ones first, whatever else there is.
    std::ranges::stable_partition(names, [](const std::string& n) { return !mark_of_import(n).empty(); });
    std::string out = names.empty() ? "" : "uses " + joined(names);
    if (!texts.empty()) out += (out.empty() ? "names " : "; names ") + joined(texts);
    return out;
  }

  void functions() {
    const Functions &olds = before_.code, &news = after_.code;
    NativeCounts& c = out_.counts;
    for (std::uint32_t o = 0; o < olds.list.size(); ++o) {
      switch (match_.how[o]) {
        case flow::FoundBy::name: ++c.by_name; break;
        case flow::FoundBy::code: ++c.by_code; break;
        case flow::FoundBy::neighbours: ++c.by_neighbours; break;
        case flow::FoundBy::likeness: ++c.by_likeness; break;
        case flow::FoundBy::nothing: break;
      }
      const Function& f = olds.list[o];
      if (match_.new_of[o] == NativeMatch::kNone) {
        ++c.removed;
        put("function_removed", {.name = name_of(f), .before = size_of(f), .called_from = users(olds, old_users_.of_function[o], match_.new_of, true), .mark = mark_of_function(olds, f), .detail = said(olds, f)}, 0);
      } else if (flow::same_function(olds, news, match_, o)) {
        ++c.same;
        c.same_bytes += static_cast<std::int64_t>(f.size);
      } else {
        ++c.changed;
        changed(f, news.list[match_.new_of[o]]);
      }
    }
    for (std::uint32_t n = 0; n < news.list.size(); ++n) {
      if (match_.old_of[n] != NativeMatch::kNone) continue;
      ++c.added;
      const Function& f = news.list[n];
      std::string from = users(news, new_users_.of_function[n], match_.old_of, true), mark = mark_of_function(news, f);
      const int weight = (mark.empty() ? 0 : 2) + (from.empty() ? 0 : 1);
      put("function_added", {.name = name_of(f), .after = size_of(f), .called_from = std::move(from), .mark = std::move(mark), .detail = said(news, f)}, weight);
    }
  }

  // What a function uses, as words that do not depend on addresses.
  std::set<std::string> words(const Functions& all, const Function& f, bool old) const {
    std::set<std::string> out;
    for (const Use& u : f.uses) {
      if (u.kind == UseKind::import) out.insert(std::string(all.imports[u.index]));
      if (u.kind == UseKind::text) out.insert('"' + std::string(all.texts[u.index].substr(0, kTextShown)) + '"');
      if (u.kind == UseKind::function) {
        const std::uint32_t pair = old ? match_.new_of[u.index] : match_.old_of[u.index];
        // A function with a pair has one name on both sides: that of the new build.
        if (pair != NativeMatch::kNone) out.insert("calls " + name_of(old ? after_.code.list[pair] : all.list[u.index]));
        else out.insert((old ? "calls removed " : "calls added ") + name_of(all.list[u.index]));
      }
    }
    return out;
  }

  void changed(const Function& a, const Function& b) {
    const std::set<std::string> olds = words(before_.code, a, true), news = words(after_.code, b, false);
    std::vector<std::string> more, less;
    std::ranges::set_difference(news, olds, std::back_inserter(more));
    std::ranges::set_difference(olds, news, std::back_inserter(less));
    std::string mark;
    int weight = 0;
    for (const std::string& w : more) {
      const std::string_view m = w.starts_with('"') ? mark_of_text(std::string_view(w).substr(1, w.size() - 2)) : mark_of_import(w);
      if (mark.empty()) mark = m;
      if (w.starts_with("calls added ")) weight = std::max(weight, 1);
    }
    if (!mark.empty()) weight = 2;
    std::string detail = more.empty() ? "" : "now " + joined(more);
    if (!less.empty()) detail += (detail.empty() ? "" : "; ") + std::string("no more ") + joined(less);
    if (detail.empty()) detail = a.hash == b.hash ? "calls in another order" : "instructions";
    put("function_changed", {.name = name_of(b), .before = size_of(a), .after = size_of(b), .mark = std::move(mark), .detail = std::move(detail)}, weight);
  }

  static std::map<std::string_view, std::string_view> texts_of(const NativeSide& side) {
    std::map<std::string_view, std::string_view> out;
    for (const NativeText& t : side.texts) out.emplace(std::string_view(t.value).substr(0, kTextShown), t.kind);
    for (const std::string_view t : side.code.texts) out.emplace(t.substr(0, kTextShown), "text");
    return out;
  }

  void texts() {
    const auto olds = texts_of(before_), news = texts_of(after_);
    std::map<std::string_view, std::uint32_t> new_index;
    for (std::uint32_t i = 0; i < after_.code.texts.size(); ++i) new_index.emplace(after_.code.texts[i].substr(0, kTextShown), i);
    for (const auto& [text, kind] : news) {
      if (olds.contains(text)) continue;
      const auto used = new_index.find(text);
      const std::string_view mark = mark_of_text(text);
      const int weight = !mark.empty() ? 3 : kind == "command" || kind == "socket" ? 2 : kind != "text" ? 1 : 0;
      put("string_added", {.name = std::string(text), .after = std::string(text), .called_from = used == new_index.end() ? "" : users(after_.code, new_users_.of_text[used->second], match_.old_of, false), .mark = std::string(mark), .detail = std::string(kind)}, weight);
    }
    for (const auto& [text, kind] : olds)
      if (!news.contains(text)) put("string_removed", {.name = std::string(text), .before = std::string(text), .mark = std::string(mark_of_text(text)), .detail = std::string(kind)}, kind == "text" ? 0 : 1);
  }

  void shape() {
    if (!before_.writable_code && after_.writable_code) put("writable_code", {.name = "segment", .before = "no", .after = "yes"}, 1);
    // A piece more or less comes with any rearrangement of data.
    if (after_.dense_bytes >= before_.dense_bytes + 2 * 4096) put("entropy", {.name = "data", .before = std::to_string(before_.dense_bytes), .after = std::to_string(after_.dense_bytes)}, 1);
  }

  void close() {
    std::ranges::stable_sort(rows_, [](const Weighed& a, const Weighed& b) { return a.change.what != b.change.what ? a.change.what < b.change.what : a.weight > b.weight; });
    for (std::size_t i = 0; i < rows_.size();) {
      std::size_t end = i;
      while (end < rows_.size() && rows_[end].change.what == rows_[i].change.what) ++end;
      const std::string_view what = rows_[i].change.what;
      for (std::size_t k = i; k < end && k < i + kMostPerWhat; ++k) out_.changes.push_back(std::move(rows_[k].change));
      if (end - i > kMostPerWhat) out_.changes.push_back({.what = "left_out", .name = std::string(what), .before = {}, .after = std::to_string(end - i - kMostPerWhat), .called_from = {}, .mark = {}, .detail = {}});
      i = end;
    }
  }

  struct Weighed {
    NativeChange change;
    int weight;
  };

  const NativeSide &before_, &after_;
  const NativeMatch match_;
  const Users old_users_, new_users_;
  std::map<std::string_view, std::uint32_t> import_index_;
  std::vector<Weighed> rows_;
  NativeResult out_;
};

}  // namespace

NativeResult native_changes(const NativeSide& before, const NativeSide& after) { return Comparing(before, after).run(); }

}  // namespace klik::compare
