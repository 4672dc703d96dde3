#include "engine/listed.h"

#include <algorithm>
#include <charconv>

namespace klik {

ListedFiles parse_listed(Bytes bytes) {
  ListedFiles out;
  const std::string_view text = bytes.text();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t one = line.find('\t'), two = one == line.npos ? one : line.find('\t', one + 1);
    if (two != line.npos) {
      const std::string_view size = line.substr(one + 1, two - one - 1), digest = line.substr(two + 1);
      ListedFile file{std::string(line.substr(0, one)), 0, std::string(digest)};
      const auto [stop, error] = std::from_chars(size.data(), size.data() + size.size(), file.size);
      const bool number = error == std::errc() && stop == size.data() + size.size();
      const bool hex = digest.empty() || (digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == digest.npos);
      if (number && hex && !file.path.empty()) out.files.push_back(std::move(file));
      else if (at != 0) out.bad_lines.push_back(at);   // the first line is the heading
    } else if (!line.empty() && at != 0) {
      out.bad_lines.push_back(at);
    }
    at = end + 1;
  }
  std::ranges::sort(out.files, {}, &ListedFile::path);
  const auto twice = std::ranges::unique(out.files, {}, &ListedFile::path);
  out.files.erase(twice.begin(), twice.end());
  return out;
}

std::string listed_path(const std::string& input) {
  const std::size_t slash = input.rfind('/');
  std::string stem = input;
  while (stem.ends_with('/')) stem.pop_back();
  for (const std::string_view ending : {".zst", ".gz", ".xz", ".bz2", ".lz4", ".br", ".tgz", ".tar", ".zip"})
    if (stem.ends_with(ending) && stem.size() - ending.size() > (slash == std::string::npos ? 0 : slash + 1)) stem.resize(stem.size() - ending.size());
  return stem + ".LISTED.tsv";
}

}  // namespace klik
