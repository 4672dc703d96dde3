#include "cli/case_access.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "base/text.h"
#include "engine/file_kind.h"
#include "extract/extractor.h"

namespace klik::cli {

Declarations all_declarations() {
  std::vector<const FactKind*> kinds;
  std::vector<const View*> views;
  const auto take = [&](const auto& families) {
    for (const auto* family : families) {
      kinds.insert(kinds.end(), family->emits.begin(), family->emits.end());
      views.insert(views.end(), family->views.begin(), family->views.end());
    }
  };
  take(extractors());
  take(image_extractors());
  return declarations(std::move(kinds), std::move(views));
}

std::string format_of_file(std::string_view name, std::string_view otherwise) {
  for (const auto& [ending, format] : {std::pair{".html", "html"}, {".json", "json"}, {".txt", "text"}})
    if (name.ends_with(ending)) return format;
  return std::string(otherwise);
}

void complain(const std::string& message) { std::fprintf(stderr, "klikspaan: %s\n", text::escaped(message).c_str()); }

namespace {

// A line "FORMAT HEX".
bool is_key(std::string_view line) {
  const auto space = line.find(' ');
  if (space == 0 || space == line.npos) return false;
  line.remove_prefix(std::min(line.find_first_not_of(" \t", space), line.size()));
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return !line.empty() && line.find_first_not_of("0123456789abcdefABCDEF") == line.npos;
}

bool holds_key(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (is_key(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

bool read_keys(const std::string& path, std::string& keys) {
  if (path.empty()) return true;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    complain("the key file cannot be read: " + path);
    return false;
  }
  keys.assign(std::istreambuf_iterator<char>(in), {});
  if (file_kind(Bytes::of(std::string_view(keys).substr(0, kKindBytes)), "") == "tls_keys") {
    complain(path + " is a log of TLS secrets: hand it in as an input, beside the capture that it opens");
    return false;
  }
  if (!holds_key(keys)) {
    complain(path + " holds no key for an encrypted package: no line is FORMAT HEX");
    return false;
  }
  return true;
}

bool read_number(const std::string& text, unsigned& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

bool read_threads(const Arguments& arguments, unsigned& threads) {
  if (!arguments.has("--threads") || (read_number(arguments.get("--threads"), threads) && threads > 0 && threads <= 1024)) return true;
  complain("--threads takes a number from 1 to 1024");
  return false;
}

bool opened(const CaseReader& reader) {
  if (reader.valid()) return true;
  complain(reader.error());
  return false;
}

}  // namespace klik::cli
