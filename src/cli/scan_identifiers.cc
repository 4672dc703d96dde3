#include "cli/scan_identifiers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/hash.h"
#include "cli/case_access.h"

namespace klik::cli {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kLargestFile = 4 << 20;

bool read_text(const std::string& path, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return false;
  text.assign(std::istreambuf_iterator<char>(in), {});
  return text.size() <= kLargestFile;
}

// Whether the file is an input, or lies in a folder that is: its text would become part of the case.
bool is_scanned(const std::string& file, const ScanOptions& options) {
  std::error_code ec;
  const auto place = std::filesystem::weakly_canonical(file, ec);
  for (const ScanInput& input : options.inputs) {
    const auto root = std::filesystem::weakly_canonical(input.path, ec);
    if (std::mismatch(root.begin(), root.end(), place.begin(), place.end()).first == root.end()) return true;
  }
  return false;
}

bool make_key(const std::string& path) {
  std::error_code ec;
  if (std::filesystem::exists(path, ec)) return true;
  std::array<std::uint8_t, kKeyBytes> made{};
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool drawn = file >= 0 && ::getrandom(made.data(), made.size(), 0) == static_cast<ssize_t>(made.size());
  const std::string line = hex(Bytes(made)) + "\n";
  const bool written = drawn && ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (file >= 0) ::close(file);
  if (!written) complain("the key for identifiers cannot be written: " + path);
  return written;
}

bool load_key(const std::string& path, std::string& text) {
  if (read_text(path, text)) return true;
  complain("the key for identifiers cannot be read: " + path);
  return false;
}

bool take_key(const std::string& path, std::string_view text, std::vector<std::uint8_t>& key) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  auto bytes = unhex(text);
  if (!bytes || bytes->size() != kKeyBytes) {
    complain("not a key for identifiers (64 hexadecimal digits): " + path);
    return false;
  }
  key = std::move(*bytes);
  return true;
}

}  // namespace

bool load_owner_files(const Arguments& arguments, OwnerFiles& files) {
  if (!arguments.has("--identifiers")) return true;
  const std::string path = arguments.get("--identifiers");
  if (!read_text(path, files.identifiers)) {
    complain("the identifiers cannot be read, or are more than 4 MiB: " + path);
    return false;
  }
  return !arguments.has("--identifier-key") || load_key(arguments.get("--identifier-key"), files.key);
}

bool read_owner_identifiers(const Arguments& arguments, const OwnerFiles& files, const std::string& case_path, ScanOptions& options) {
  if (!arguments.has("--identifiers")) {
    if (arguments.has("--identifier-key")) complain("--identifier-key is of use with --identifiers only");
    return !arguments.has("--identifier-key");
  }
  const std::string path = arguments.get("--identifiers"), key = arguments.get("--identifier-key", case_path + ".key");
  for (const std::string& file : {path, key})
    if (is_scanned(file, options)) {
      complain(file + " lies in what is scanned and would become part of the case; move it elsewhere");
      return false;
    }
  traffic::IdentifierFile file = traffic::read_identifiers(Bytes::of(files.identifiers));
  for (const auto& [line, what] : file.errors) complain(fmt::format("{}:{}: {}", path, line, what));
  for (const auto& [line, what] : file.passed_over) complain(fmt::format("{}:{}: {}", path, line, what));
  for (const auto& [line, what] : file.doubtful) complain(fmt::format("{}:{}: {}", path, line, what));
  if (!file.errors.empty()) return false;
  if (file.identifiers.empty()) {
    complain("no identifier to look for in " + path);
    return false;
  }
  options.owner.identifiers = std::move(file.identifiers);
  options.owner.salts = std::move(file.salts);
  if (arguments.has("--identifier-key")) return take_key(key, files.key, options.owner.key);
  std::string text;
  return make_key(key) && load_key(key, text) && take_key(key, text, options.owner.key);
}

}  // namespace klik::cli
