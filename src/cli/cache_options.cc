#include "cli/cache_options.h"

#include <cstdlib>

#include "cli/case_access.h"

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

}  // namespace klik::cli
