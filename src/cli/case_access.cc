#include "cli/case_access.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "base/text.h"
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

bool read_keys(const std::string& path, std::string& keys) {
  if (path.empty()) return true;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    complain("the key file cannot be read: " + path);
    return false;
  }
  keys.assign(std::istreambuf_iterator<char>(in), {});
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
