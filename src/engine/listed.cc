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
      ListedFile file{std::string(line.substr(0, one)), 0, std::string(digest), at};
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
  std::ranges::stable_sort(out.files, {}, &ListedFile::path);   // of one path in the order of the list
  std::size_t kept = 0;
  for (std::size_t i = 0; i < out.files.size(); ++i) {
    ListedFile& file = out.files[i];
    if (kept > 0 && out.files[kept - 1].path == file.path) {
      if (out.files[kept - 1].size != file.size || out.files[kept - 1].sha256 != file.sha256) out.contrary_lines.push_back(file.at);
    } else if (kept++ != i) {
      out.files[kept - 1] = std::move(file);
    }
  }
  out.files.resize(kept, ListedFile{{}, 0, {}});
  std::ranges::sort(out.contrary_lines);
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
