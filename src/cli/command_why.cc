// klikspaan why CASE FACT: from a sentence to its bytes.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "cli/case_access.h"
#include "cli/command.h"
#include "cli/hexdump.h"
#include "engine/base_files.h"
#include "engine/reopen.h"

namespace klik::cli {
namespace {

constexpr Positional kPositionals[] = {{"CASE", "A case file"}, {"FACT", "A fact_id from a view or a report; its first digits are enough when they are unique"}};
constexpr Flag kFlags[] = {
    {"--input", "FILE", "Where the scanned input lies now, when it was moved"},
    {"--base", "OLD", "Where the old build lies now that the scanned update was applied to, when it was moved"},
    {"--keys", "FILE", "The key file of the scan, for encrypted packages"},
    {"--bytes", "N", "How many bytes of the place to show at most; default 256"},
    {"--tmp", "DIR", "Folder for large decoded data"},
};

std::string text_of(const Value& v) {
  if (const auto* number = std::get_if<std::int64_t>(&v)) return std::to_string(*number);
  if (const auto* words = std::get_if<std::string>(&v)) return *words;
  return {};
}
std::int64_t number_of(const Value& v) {
  const auto* number = std::get_if<std::int64_t>(&v);
  return number ? *number : 0;
}

class Why {
 public:
  Why(CaseReader& reader, const Arguments& arguments) : reader_(reader), arguments_(arguments), all_(all_declarations()), scratch_(arguments.get("--tmp")) {}

  int explain(const std::string& prefix) {
    if (prefix.size() < 4 || prefix.size() > 32 || prefix.find_first_not_of("0123456789abcdef") != prefix.npos) {
      complain("a fact_id has up to 32 hex digits, and at least its first four are needed");
      return Exit::usage;
    }
    if (!read_keys(arguments_.get("--keys"), keys_)) return Exit::usage;
    std::set<std::string> ids = find(prefix);
    if (ids.size() != 1) {
      complain(ids.empty() ? "no fact " + prefix + " in this case" : prefix + " is the start of several fact_ids; give more digits");
      return Exit::usage;
    }
    return fact(*ids.begin(), 0) ? Exit::done : Exit::usage;
  }

 private:
  // Every raw table with a fact_id, asked by range so that its index serves.
  std::set<std::string> find(const std::string& prefix) {
    std::string low = prefix, high = prefix;
    low.resize(32, '0');
    high.resize(32, 'f');
    std::set<std::string> ids;
    const auto ask = [&](const std::string& table) {
      for (const auto& row : reader_.query("SELECT fact_id FROM " + table + " WHERE fact_id BETWEEN x'" + low + "' AND x'" + high + "' LIMIT 3").rows) ids.insert(text_of(row[0]));
    };
    for (const FactKind* k : all_.kinds) ask(table_name(*k));
    ask("_artifact");
    ask("_problem");
    return ids;
  }

  bool fact(const std::string& id, int depth) {
    const std::string literal = "x'" + id + "'";
    fmt::print("{:>{}}fact {}\n", "", depth * 2, id);
    for (const FactKind* k : all_.kinds) {
      const Table t = reader_.query("SELECT * FROM " + table_name(*k) + " WHERE fact_id = " + literal);
      if (t.rows.empty()) continue;
      fmt::print("{:>{}}{}: {}\n", "", depth * 2, k->name, k->doc);
      for (std::size_t i = 0; i < k->columns.size(); ++i) {
        const Value& v = t.rows[0][i + 4];   // row_id, fact_id, blob_id, build_id come first
        if (v.index() != 0) fmt::print("{:>{}}  {} = {}\n", "", depth * 2, k->columns[i].name, text::escaped(text_of(v)));
      }
    }
    for (const auto& row : reader_.query("SELECT artifact_id, path, state, size, sha256 FROM artifact WHERE artifact_id IN (SELECT artifact_id FROM _artifact WHERE fact_id = " + literal + ")").rows) {
      fmt::print("{:>{}}artifact {}: {}, {} bytes, sha256 {}\n", "", depth * 2, text::escaped(text_of(row[1])), text_of(row[2]), text_of(row[3]), text_of(row[4]).empty() ? "unknown" : text_of(row[4]));
      place(number_of(row[0]), 0, std::min<std::int64_t>(number_of(row[3]), 64), "walk@1");
    }
    for (const auto& row : reader_.query("SELECT artifact_id, at, severity, code, what, detail, advice FROM _problem WHERE fact_id = " + literal).rows) {
      fmt::print("{:>{}}problem ({}, {}): {}{}{}\n", "", depth * 2, text_of(row[2]), text_of(row[3]), text_of(row[4]), text_of(row[5]).empty() ? "" : ": ", text::escaped(text_of(row[5])));
      if (!text_of(row[6]).empty()) fmt::print("{:>{}}  advice: {}\n", "", depth * 2, text::escaped(text_of(row[6])));
      place(number_of(row[0]), number_of(row[1]), 0, "walk@1");
    }
    const Table origins = reader_.query("SELECT o.n, o.blob_id, o.at, o.length, o.extractor, o.because FROM _origin o WHERE o.fact_id = " + literal + " ORDER BY o.n");
    for (const auto& row : origins.rows) {
      if (row[5].index() != 0) {
        if (depth >= 4) continue;   // facts that follow from facts are few steps deep; a hostile case may loop
        fmt::print("{:>{}}because of\n", "", depth * 2);
        fact(text_of(row[5]), depth + 1);
        continue;
      }
      const Table places = reader_.query("SELECT artifact_id, path FROM artifact WHERE artifact_id IN (SELECT artifact_id FROM _artifact WHERE blob_id = " + std::to_string(number_of(row[1])) + ") ORDER BY artifact_id");
      if (places.rows.empty()) fmt::print("  {} bytes at {} of a file that is no artifact of its own ({})\n", number_of(row[3]), number_of(row[2]), text_of(row[4]));
      else place(number_of(places.rows[0][0]), number_of(row[2]), number_of(row[3]), text_of(row[4]));
      if (places.rows.size() > 1) fmt::print("  the same bytes lie in {} places\n", places.rows.size());
    }
    return true;
  }

  struct Step {
    std::int64_t id, parent, size;
    std::string path, transform, sha256;
  };

  // The chain upward, then the bytes.
  void place(std::int64_t artifact, std::int64_t at, std::int64_t length, const std::string& extractor) {
    std::vector<Step> chain;
    for (std::int64_t id = artifact; id != 0 && chain.size() < 64;) {
      const Table t = reader_.query("SELECT a.artifact_id, coalesce(a.parent_id, 0), a.size, a.path, a.transform, nullif(lower(hex(b.sha256)), '') FROM _artifact a LEFT JOIN _blob b USING(blob_id) WHERE a.artifact_id = " + std::to_string(id));
      if (t.rows.empty()) break;
      const auto& r = t.rows[0];
      chain.push_back({number_of(r[0]), number_of(r[1]), number_of(r[2]), text_of(r[3]), text_of(r[4]), text_of(r[5])});
      id = chain.back().parent;
    }
    if (chain.empty()) return;
    const Table input = reader_.query("SELECT name, location FROM _input WHERE artifact_id = " + std::to_string(chain.back().id));
    const std::string name = input.rows.empty() ? "" : text_of(input.rows[0][0]);
    const std::string location = arguments_.get("--input", input.rows.empty() ? "" : text_of(input.rows[0][1]));
    fmt::print("  {} bytes at offset {} ({:#x}) of the decoded file, found by {}\n", length, at, at, text::escaped(extractor));
    std::int64_t where = at;
    bool exact = true;
    for (std::size_t i = 0; i < chain.size(); ++i) {
      const Step& s = chain[i];
      const std::string shown = s.parent == 0 ? name : s.path;
      fmt::print("    {} {}\n", i == 0 ? "in" : "of", text::escaped(shown));
      if (!s.sha256.empty()) fmt::print("       sha256 {}\n", s.sha256);
      if (s.parent == 0) break;
      const Table extents = reader_.query("SELECT at, length FROM _extent WHERE artifact_id = " + std::to_string(s.id) + " ORDER BY n");
      std::int64_t total = 0;
      for (const auto& e : extents.rows) total += number_of(e[1]);
      if (extents.rows.empty()) {
        fmt::print("       a file of its own\n");
      } else if (exact && total == s.size) {   // bytes lie there as they are
        std::int64_t left = where;
        for (const auto& e : extents.rows) {
          if (left < number_of(e[1])) {
            where = number_of(e[0]) + left;
            break;
          }
          left -= number_of(e[1]);
        }
        fmt::print("       {}: at offset {} ({:#x})\n", text::escaped(s.transform), where, where);
      } else {
        fmt::print("       {}: from {} bytes at offset {} ({:#x}){}\n", text::escaped(s.transform), total, number_of(extents.rows[0][0]), number_of(extents.rows[0][0]), extents.rows.size() > 1 ? fmt::format(" and {} more ranges", extents.rows.size() - 1) : "");
        where = number_of(extents.rows[0][0]);
        exact = false;
      }
    }
    if (location.empty()) return;
    show(chain, location, at, length);
  }

  // An update's files come back only over the old build that it was applied to. One case has one at most.
  void open_base(std::int64_t artifact) {
    if (base_) return;
    const Table t = reader_.query("SELECT location FROM _base WHERE build_id = (SELECT build_id FROM _artifact WHERE artifact_id = " + std::to_string(artifact) + ")");
    if (t.rows.empty()) return;
    auto base = OldBuild::open(arguments_.get("--base", text_of(t.rows[0][0])), keys_, Budget(), scratch_, nullptr);
    if (base) base_ = std::move(*base);
    else fmt::print("    the old build is not at {} any more; name its place with --base to see the bytes\n", text::escaped(text_of(t.rows[0][0])));
  }

  void show(const std::vector<Step>& chain, const std::string& location, std::int64_t at, std::int64_t length) {
    std::vector<std::string> parts;
    for (std::size_t i = chain.size() - 1; i-- > 0;) {
      const std::string& above = chain[i + 1].path;
      parts.push_back(above.empty() ? chain[i].path : chain[i].path.size() > above.size() ? chain[i].path.substr(above.size() + 1) : "");
    }
    open_base(chain[0].id);
    std::error_code ec;
    if (!std::filesystem::exists(location, ec)) {
      fmt::print("    the input is not at {} any more; name its place with --input to see the bytes\n", text::escaped(location));
      return;
    }
    if (chain[0].path.starts_with("LISTED!")) {
      fmt::print("    named by the list beside the input, not in it\n");
      return;
    }
    const auto key = std::pair(location, chain[0].path);
    auto found = opened_.find(key);
    if (found == opened_.end()) {
      const auto source = reopen({.location = location, .parts = parts, .keys = keys_, .base = base_.get()}, scratch_);
      if (!source) {
        fmt::print("    the bytes cannot be shown: {}\n", source.error().what);
        return;
      }
      found = opened_.emplace(key, *source).first;
      // The proof that these are the bytes that were scanned; of very large files only what is shown is read.
      if (!chain[0].sha256.empty() && (*source)->size() <= (std::uint64_t{256} << 20)) {
        const auto whole = (*source)->load();
        if (!whole || hex(as_bytes(sha256(whole->bytes()))) != chain[0].sha256) fmt::print("    WARNING: the bytes now there are not those that were scanned (their digest differs)\n");
        else fmt::print("    read again from {}: the digest is the same\n", text::escaped(location));
      }
    }
    const std::uint64_t size = found->second->size();
    const auto mark = static_cast<std::uint64_t>(std::max<std::int64_t>(at, 0));
    if (mark > size) {
      fmt::print("    the place lies behind the end of the file\n");
      return;
    }
    const std::uint64_t most = std::clamp<std::uint64_t>(std::strtoull(arguments_.get("--bytes", "256").c_str(), nullptr, 10), 16, 1 << 20);
    const std::uint64_t first = mark - mark % 16, wanted = std::min<std::uint64_t>(static_cast<std::uint64_t>(std::max<std::int64_t>(length, 16)), most);
    const std::uint64_t count = std::min(size - first, (mark - first + wanted + 15) / 16 * 16);
    const auto bytes = found->second->load(first, count);
    if (!bytes) {
      fmt::print("    the bytes cannot be read: {}\n", bytes.error().what);
      return;
    }
    fmt::print("{}", hexdump(bytes->bytes(), first, mark, static_cast<std::uint64_t>(std::max<std::int64_t>(length, 0))));
    if (static_cast<std::uint64_t>(length) > wanted) fmt::print("    … {} bytes in all; --bytes shows more\n", length);
  }

  std::string keys_;
  CaseReader& reader_;
  const Arguments& arguments_;
  Declarations all_;
  Scratch scratch_;
  std::unique_ptr<OldBuild> base_;
  std::map<std::pair<std::string, std::string>, SourceRef> opened_;
};

int run(const Arguments& arguments) {
  CaseReader reader(arguments.get("CASE"), all_declarations());
  if (!opened(reader)) return Exit::usage;
  return Why(reader, arguments).explain(arguments.get("FACT"));
}

}  // namespace

extern const Command command_why;
constexpr Command command_why{"why", "Show the bytes that a fact rests on",
                              "Prints the fact, the files and offsets it comes from, through every container up to the file that was handed in, and a hexdump.", kPositionals, kFlags, run};

}  // namespace klik::cli
