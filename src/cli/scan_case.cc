#include "cli/scan_case.h"

#include <cstdlib>
#include <filesystem>
#include <vector>

#include "cache/store.h"
#include "cli/case_access.h"
#include "cli/progress.h"
#include "cli/version.h"
#include "io/source.h"
#include "ledger/case_writer.h"

namespace klik::cli {

bool read_cache_options(const Arguments& arguments, ScanOptions& options) {
  if (arguments.has("--cache-size")) {
    unsigned megabytes = 0;
    if (!read_number(arguments.get("--cache-size"), megabytes)) {
      complain("--cache-size takes a number of megabytes");
      return false;
    }
    options.cache_bytes = std::uint64_t{megabytes} << 20;
  }
  const char* wish = std::getenv("KLIKSPAAN_CACHE");
  options.cache_folder = arguments.get("--cache", wish && *wish ? wish : cache::default_folder());
  if (arguments.has("--no-cache") || (!arguments.has("--cache") && options.cache_folder == "off")) options.cache_folder.clear();
  return true;
}

bool find_networks(const Arguments& arguments, ScanOptions& options) {
  const std::string chosen = arguments.has("--data") ? arguments.get("--data") : std::string();
  std::error_code ec;
  if (!chosen.empty() && chosen != "off" && !std::filesystem::is_directory(chosen, ec)) {
    complain("no such folder: " + chosen);
    return false;
  }
  options.networks = find_network_files(network_folders(chosen));
  return true;
}

namespace {

// Says which of the inputs cannot be opened: the scan itself would only say that one cannot.
bool can_open(const ScanOptions& options) {
  std::vector<std::string> files{options.base};
  for (const ScanInput& input : options.inputs) files.push_back(input.path);
  for (const std::string& file : files) {
    if (file.empty()) continue;
    std::error_code ec;
    if (std::filesystem::is_directory(file, ec)) {
      const std::filesystem::directory_iterator listing(file, ec);
      if (!ec) continue;
      complain(file + ": the folder cannot be listed");
      return false;
    }
    if (const auto opened = file_source(file.c_str()); !opened) {
      complain(file + ": " + opened.error().what);
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<ScannedCase> scan_to_case(const ScanOptions& options, const std::string& path) {
  if (!can_open(options)) return std::nullopt;
  CaseWriter writer(path, all_declarations());
  if (!writer.error().empty()) {
    complain(writer.error());
    return std::nullopt;
  }
  ScanProgress progress;
  Result<ScanResult> result{};
  {
    const ProgressLine line(progress);
    result = scan(options, writer, progress);
  }
  if (!result) {
    complain(result.error().what);
    return std::nullopt;
  }
  if (!result->cache_warning.empty()) complain(result->cache_warning);
  writer.add_note("tool", std::string("klikspaan ") + kVersion);
  writer.add_note("spilled_bytes", std::to_string(result->spilled));
  if (!writer.publish(result->complete)) {
    complain(writer.error());
    return std::nullopt;
  }
  return ScannedCase{*result, writer.digest()};
}

}  // namespace klik::cli
