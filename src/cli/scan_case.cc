#include "cli/scan_case.h"

#include "cli/case_access.h"
#include "cli/progress.h"
#include "cli/version.h"
#include "ledger/case_writer.h"

namespace klik::cli {

std::optional<ScannedCase> scan_to_case(const ScanOptions& options, const std::string& path) {
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
