// What the manifest of an A/B update says beside its operations and its signature's place: versions, guards against going
// back, programs to run.
// Source: AOSP system/update_engine update_metadata.proto (DeltaArchiveManifest, PartitionUpdate, ApexInfo).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace klik::payload {

struct Place {
  std::uint64_t at = 0, length = 0;   // in the manifest
};

struct PartitionStatement {
  std::string name;
  std::optional<bool> run_postinstall, postinstall_optional;
  std::optional<std::string> postinstall_path, filesystem_type, version;
  std::optional<std::uint64_t> old_size, new_size;
  std::string old_sha256, new_sha256;   // in hex; "" when not stated
  std::uint64_t operations = 0;
  Place place;
};

struct ApexStatement {
  std::string name;
  std::optional<std::int64_t> version, decompressed_size;
  bool compressed = false;
  Place place;
};

struct Statements {
  std::uint64_t minor_version = 0, block_size = 4096;
  std::optional<std::int64_t> max_timestamp;
  bool partial_update = false;
  std::optional<std::string> security_patch_level;
  std::vector<PartitionStatement> partitions;
  std::vector<ApexStatement> apexes;
};

// Errors: those of protobuf::Reader, bad_value (a field of another wire type), over_budget (more partitions or modules
// than memory is meant for).
Result<Statements> read_statements(Bytes manifest);

}  // namespace klik::payload
