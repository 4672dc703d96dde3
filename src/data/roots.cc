#include "data/roots.h"

#include <algorithm>
#include <charconv>

#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_roots();   // data/roots/*
}

namespace klik::data {
namespace {

std::string_view stated(std::string_view field) { return field == "-" ? std::string_view() : field; }

int number(std::string_view text) {
  int out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

std::vector<Root> read() {
  std::vector<Root> out;
  for (const EmbeddedFile& f : embedded_roots()) {
    if (f.name != "roots.tsv") continue;
    for (const TableRow& row : rows_of(f.text)) {
      Root root{row[0], row[5], {}, false, stated(row[2]), stated(row[3]), stated(row[4])};
      for (const std::string_view item : items_of(stated(row[1]))) {
        const auto dash = item.find('-');
        if (item == "other") root.android_between = true;
        else root.android.emplace_back(number(item.substr(0, dash)), number(dash == item.npos ? item : item.substr(dash + 1)));
      }
      out.push_back(std::move(root));
    }
  }
  std::ranges::sort(out, {}, &Root::sha256);
  return out;
}

}  // namespace

bool Root::in_release(int api) const {
  return std::ranges::any_of(android, [&](const auto& range) { return range.first <= api && api <= range.second; });
}

std::span<const Root> roots() {
  static const std::vector<Root> all = read();
  return all;
}

const Root* known_root(std::string_view sha256) {
  const auto all = roots();
  const auto at = std::ranges::lower_bound(all, sha256, {}, &Root::sha256);
  return at != all.end() && at->sha256 == sha256 ? &*at : nullptr;
}

}  // namespace klik::data
