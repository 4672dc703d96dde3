#include "compare/digest_list.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace klik::compare {
namespace {

constexpr std::string_view kFirstLine = "# klikspaan digest list 1";
constexpr std::size_t kMostLines = 4'000'000;

const std::string* text_of(const Value& value) { return std::get_if<std::string>(&value); }

std::string_view word_of(std::string_view& rest) {
  const auto blank = rest.find(' ');
  const std::string_view word = rest.substr(0, blank);
  rest.remove_prefix(blank == rest.npos ? rest.size() : blank + 1);
  return word;
}

bool is_digest(std::string_view word) { return word.size() == 64 && std::ranges::all_of(word, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }); }

// False for a line that says nothing known.
bool take(DigestList& list, std::string_view line) {
  std::string_view rest = line;
  const std::string_view word = word_of(rest);
  if (word == "fingerprint") {
    list.fingerprint = rest;
    return true;
  }
  if (word == "partition") {
    const std::string_view name = word_of(rest), digest = word_of(rest);
    if (name.empty() || !is_digest(digest)) return false;
    list.partitions[std::string(name)] = digest;
    return true;
  }
  if (word == "file") {
    const std::string_view digest = word_of(rest);
    if (!is_digest(digest) || rest.empty()) return false;
    list.files[std::string(rest)] = digest;
    return true;
  }
  return line.empty() || line.starts_with('#');
}

using Digests = std::map<std::string, std::string, std::less<>>;

void answer(const Digests& mine, const std::vector<const DigestList*>& lists, Digests DigestList::*part, bool partition, ListComparison& out) {
  std::map<std::string, ListedAnswer, std::less<>> answers;
  for (const auto& [name, digest] : mine) answers[name] = {partition, name, digest, Listed::not_listed, 0, 0};
  for (const DigestList* list : lists)
    for (const auto& [name, digest] : list->*part) {
      ListedAnswer& a = answers.try_emplace(name, ListedAnswer{partition, name, {}, Listed::only_others, 0, 0}).first->second;
      ++(a.digest == digest ? a.lists_same : a.lists_other);
    }
  for (auto& [name, a] : answers) {
    if (a.lists_same) a.answer = Listed::same_as_others;
    else if (!a.digest.empty() && a.lists_other) a.answer = Listed::only_you;
    if (!partition && a.answer == Listed::same_as_others) ++out.files_same;
    else out.answers.push_back(std::move(a));
  }
}

// Name → digest, from a query of two columns.
bool read(const Side& side, std::string_view sql, Digests& into) {
  const Table rows = side.reader.query(sql, {Value{side.build}});
  if (!side.reader.error().empty()) return false;
  for (const auto& row : rows.rows)
    if (text_of(row[0]) && text_of(row[1])) into.emplace(*text_of(row[0]), *text_of(row[1]));
  return true;
}

// With a part not read the digest says more about the evidence than about the build.
constexpr std::string_view kPartitions = "SELECT partition, digest FROM partition_digest WHERE build_id = ?1 AND not_read = 0 ORDER BY partition";
constexpr std::string_view kFiles = "SELECT device_path, sha256 FROM artifact WHERE build_id = ?1 AND device_path IS NOT NULL AND kind <> 'folder' AND state <> 'listed' AND sha256 IS NOT NULL ORDER BY artifact_id";

std::string fingerprint_of(const Side& side) {
  const Table rows = side.reader.query("SELECT fingerprint FROM build WHERE build_id = ?1", {Value{side.build}});
  return rows.rows.empty() || !text_of(rows.rows[0][0]) ? std::string() : *text_of(rows.rows[0][0]);
}

// A line ends where the name does; names that hold a line's end cannot stand in a list.
bool fits_a_line(std::string_view name) { return name.find('\n') == name.npos && name.find('\r') == name.npos; }

}  // namespace

std::string_view listed_name(Listed answer) {
  constexpr std::string_view kNames[] = {"same_as_others", "only_you", "not_listed", "only_others"};
  return kNames[static_cast<std::size_t>(answer)];
}

bool is_digest_list(Bytes start) { return start.size() >= kFirstLine.size() && start.text().starts_with(kFirstLine); }

Result<std::vector<DigestList>> parse_digest_lists(Bytes bytes) {
  if (!is_digest_list(bytes)) return fail(Code::bad_magic, 0, "not a klikspaan digest list");
  std::vector<DigestList> lists;
  std::string_view text = bytes.text();
  std::size_t lines = 0;
  for (std::uint64_t at = 0; !text.empty();) {
    if (++lines > kMostLines) return fail(Code::over_budget, at, "more lines than a digest list may have");
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line == kFirstLine) lists.emplace_back();
    else if (!take(lists.back(), line)) return fail(Code::bad_value, at, "a line of a digest list that is neither fingerprint, partition nor file");
    const std::size_t step = end == text.npos ? text.size() : end + 1;
    at += step;
    text.remove_prefix(step);
  }
  return lists;
}

std::string make_digest_list(const Side& side) {
  Digests partitions, files;
  if (!read(side, kPartitions, partitions) || !read(side, kFiles, files)) return {};
  std::string out = std::string(kFirstLine) + "\n";
  if (const std::string name = fingerprint_of(side); !name.empty() && fits_a_line(name)) out += "fingerprint " + name + "\n";
  for (const auto& [name, digest] : partitions)
    if (fits_a_line(name) && name.find(' ') == name.npos) out += "partition " + name + " " + digest + "\n";
  for (const auto& [path, digest] : files)
    if (fits_a_line(path)) out += "file " + digest + " " + path + "\n";
  return out;
}

bool compare_with_lists(const Side& side, const std::vector<DigestList>& lists, ListComparison& out) {
  out = {};
  out.fingerprint = fingerprint_of(side);
  Digests partitions, files;
  if (!read(side, kPartitions, partitions) || !read(side, kFiles, files)) return false;
  std::vector<const DigestList*> same_build;
  for (const DigestList& list : lists)
    if (list.fingerprint.empty() || list.fingerprint == out.fingerprint) same_build.push_back(&list);
  out.lists = same_build.size();
  out.other_lists = lists.size() - same_build.size();
  if (same_build.empty()) return true;
  answer(partitions, same_build, &DigestList::partitions, true, out);
  answer(files, same_build, &DigestList::files, false, out);
  return true;
}

}  // namespace klik::compare
