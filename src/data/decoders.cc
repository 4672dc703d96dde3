#include "data/decoders.h"

#include <algorithm>
#include <map>
#include <set>

#include "data/powers.h"
#include "data/table.h"

namespace klik {
std::span<const EmbeddedFile> embedded_decoders();   // data/decoders/*
}

namespace klik::data {
namespace {

// All labels but the last two do not matter for the first choice.
std::string_view near_key(std::string_view host) {
  const auto last = host.rfind('.');
  if (last == host.npos || last == 0) return host;
  const auto second = host.rfind('.', last - 1);
  return second == host.npos ? host : host.substr(second + 1);
}

// '*' stands for any text without the separator. Linear but for the parts that a '*' has to try.
bool parts_match(std::string_view pattern, std::string_view host, char separator) {
  std::size_t p = 0, h = 0, star = pattern.npos, mark = 0;
  while (h < host.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = h;
    } else if (p < pattern.size() && pattern[p] == host[h]) {
      ++p, ++h;
    } else if (star != pattern.npos && host[mark] != separator) {
      p = star + 1;
      h = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool is_compression(std::string_view step) { return step == "gzip" || step == "zlib" || step == "zstd" || step == "br" || step == "deflate" || step == "lz4"; }

const std::map<std::string_view, std::vector<const Decoder*>>& near_index() {
  static const auto index = [] {
    std::map<std::string_view, std::vector<const Decoder*>> out;
    for (const Decoder& d : decoders())
      for (const DecoderMatch& m : d.matches)
        for (const std::string& host : m.hosts) {
          std::vector<const Decoder*>& at = out[host == "*" ? std::string_view() : near_key(std::string_view(host).substr(host.starts_with('.') ? 1 : 0))];
          if (at.empty() || at.back() != &d) at.push_back(&d);
        }
    return out;
  }();
  return index;
}

struct Loaded {
  std::vector<Decoder> decoders;
  std::vector<std::string> errors;
};
const Loaded& loaded() {
  static const Loaded all = [] {
    Loaded out;
    for (const EmbeddedFile& file : embedded_decoders())
      if (file.name.ends_with(".json")) parse_decoders(file.name, file.text, out.decoders, out.errors);
    std::ranges::sort(out.decoders, {}, &Decoder::id);
    for (std::size_t i = 1; i < out.decoders.size(); ++i)
      if (out.decoders[i].id == out.decoders[i - 1].id) out.errors.push_back(out.decoders[i].id + ": there twice");
    return out;
  }();
  return all;
}

}  // namespace

std::span<const DataCategory> data_categories() {
  static const std::vector<DataCategory> all = [] {
    std::vector<DataCategory> out;
    for (const EmbeddedFile& file : embedded_decoders())
      if (file.name.ends_with(".tsv"))
        for (const TableRow& r : rows_of(file.text)) out.push_back({r[0], r[1], r[2]});
    std::ranges::sort(out, {}, &DataCategory::id);
    return out;
  }();
  return all;
}

const DataCategory* find_data_category(std::string_view id) {
  const auto at = std::ranges::lower_bound(data_categories(), id, {}, &DataCategory::id);
  return at != data_categories().end() && at->id == id ? &*at : nullptr;
}

std::span<const Decoder> decoders() { return loaded().decoders; }
std::span<const std::string> decoder_errors() { return loaded().errors; }

bool host_matches(std::string_view pattern, std::string_view host) {
  if (pattern == "*") return true;
  if (pattern.starts_with('.')) {
    pattern.remove_prefix(1);
    return host == pattern || (host.size() > pattern.size() && host.ends_with(pattern) && host[host.size() - pattern.size() - 1] == '.');
  }
  return parts_match(pattern, host, '.');
}

bool path_matches(std::string_view pattern, std::string_view path) { return pattern.contains("**") ? glob_matches(pattern, path) : parts_match(pattern, path, '/'); }

std::string comparable_path(std::string_view path, bool any_element) {
  std::string out;
  out.reserve(path.size());
  bool first = true;
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(step.size() + 1, path.size()));
    if (is_compression(step)) continue;
    if (!first) out += '/';
    first = false;
    // Several texts one after another are read as one list.
    std::string_view rest = step;
    if (rest == "ndjson" || rest.starts_with("ndjson[") || rest.starts_with("ndjson.")) rest.remove_prefix(2);
    while (!rest.empty()) {
      const auto open = rest.find('[');
      const auto close = open == rest.npos ? open : rest.find(']', open);
      const bool element = any_element && close != rest.npos && close > open + 1 && std::ranges::all_of(rest.substr(open + 1, close - open - 1), [](char c) { return (c >= '0' && c <= '9') || c == '*'; });
      if (close == rest.npos) {
        out.append(rest);
        break;
      }
      out.append(rest.substr(0, open)).append(element ? std::string_view("[*]") : rest.substr(open, close - open + 1));
      rest.remove_prefix(close + 1);
    }
  }
  return out;
}

std::vector<const Decoder*> decoders_near(std::string_view host) {
  std::vector<const Decoder*> out;
  for (const std::string_view key : {near_key(host), std::string_view()})
    if (const auto at = near_index().find(key); at != near_index().end())
      for (const Decoder* d : at->second)
        if (std::ranges::find(out, d) == out.end()) out.push_back(d);
  return out;
}

}  // namespace klik::data
