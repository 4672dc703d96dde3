// The walk over one or more inputs: detect, open, recurse, share work on equal bytes, extract facts.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/budget.h"
#include "base/result.h"
#include "cache/store.h"
#include "extract/leaks.h"
#include "extract/name_lists.h"
#include "extract/network_tables.h"
#include "facts/case_sink.h"

namespace klik {

struct ScanInput {
  std::string path;          // a file or a folder
  std::string build_label;   // inputs with the same label form one build; "" is one build of its own
};

struct ScanOptions {
  std::vector<ScanInput> inputs;
  unsigned threads = 0;              // 0: one per processor
  std::string scratch_folder;        // "": $TMPDIR or /var/tmp
  std::uint64_t scratch_bytes = std::uint64_t{256} << 30;
  std::string output;                // the case being written, left out when it lies in a scanned folder
  std::string base;                  // the old build that updates among the inputs are applied to: a file or folder, or ""
  std::string keys;                  // text of the user's key file
  NameLists lists;                   // names to look for
  std::vector<NetworkFile> networks; // tables of addresses
  OwnerIdentifiers owner;            // identifiers to look for in captures; none: nobody looks into bodies for them
  Budget budget;
  std::uint64_t time_limit_seconds = 0;  // 0: none. A scan that meets it is incomplete and gets no digest
  std::function<std::uint64_t()> seconds;  // since the scan began, from any thread; empty: by the machine's clock
  std::string cache_folder;          // what earlier scans found is looked up and kept here; "": neither
  std::uint64_t cache_bytes = cache::kDefaultLimit;
  std::uint64_t load_bytes = std::uint64_t{32} << 20;  // files up to this size are held in memory while they are read
};

// Read by another thread while the scan runs.
struct ScanProgress {
  std::atomic<std::uint64_t> bytes = 0;      // decoded and hashed
  std::atomic<std::uint64_t> files = 0;
  std::atomic<double> share = 0;             // of the whole, 0 … 1
};

struct ScanResult {
  std::uint64_t files = 0, bytes = 0, spilled = 0;
  std::uint64_t data_loss = 0;   // problems of that severity
  bool complete = true;          // false when the time limit ended it
  cache::StoreStatistics cache;
  std::string cache_warning;     // why nothing could be kept; "" when all went well
};

// Errors: io, when an input cannot be opened at all. Everything inside an input becomes rows.
Result<ScanResult> scan(const ScanOptions& options, CaseSink& sink, ScanProgress& progress);

}  // namespace klik
