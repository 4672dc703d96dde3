#include "formats/android/payload_statements.h"

#include "base/hash.h"
#include "formats/protobuf.h"

namespace klik::payload {
namespace {

using protobuf::Field;

constexpr std::size_t kMost = 4096;   // partitions or modules; phones have some eighty

Result<std::string> text(const Field& field) {
  KLIK_TRY(const Bytes raw, bytes(field));
  return std::string(raw.text());
}

template <class Visit>
Result<void> each(const Field& message, Visit visit) {
  KLIK_TRY(const Bytes raw, bytes(message));
  return protobuf::each(raw, message.at, visit);
}

Result<void> read_image(const Field& message, std::optional<std::uint64_t>& size, std::string& sha256) {
  return each(message, [&](const Field& field) -> Result<void> {
    if (field.number == 1) { KLIK_TRY(size, number(field)); }
    if (field.number == 2) {
      KLIK_TRY(const Bytes raw, bytes(field));
      sha256 = raw.size() == 32 ? hex(raw) : std::string();
    }
    return {};
  });
}

Result<PartitionStatement> read_partition(const Field& message) {
  PartitionStatement partition;
  partition.place = {message.at, message.bytes.size()};
  const auto whole = each(message, [&](const Field& field) -> Result<void> {
    switch (field.number) {
      case 1: { KLIK_TRY(partition.name, text(field)); break; }
      case 2: {
        KLIK_TRY(const std::uint64_t runs, number(field));
        partition.run_postinstall = runs != 0;
        break;
      }
      case 3: { KLIK_TRY(partition.postinstall_path, text(field)); break; }
      case 4: { KLIK_TRY(partition.filesystem_type, text(field)); break; }
      case 6: return read_image(field, partition.old_size, partition.old_sha256);
      case 7: return read_image(field, partition.new_size, partition.new_sha256);
      case 8: ++partition.operations; break;
      case 9: {
        KLIK_TRY(const std::uint64_t optional, number(field));
        partition.postinstall_optional = optional != 0;
        break;
      }
      case 17: { KLIK_TRY(partition.version, text(field)); break; }
      default: break;
    }
    return {};
  });
  if (!whole) return fail(whole.error());
  return partition;
}

Result<ApexStatement> read_apex(const Field& message) {
  ApexStatement apex;
  apex.place = {message.at, message.bytes.size()};
  const auto whole = each(message, [&](const Field& field) -> Result<void> {
    switch (field.number) {
      case 1: { KLIK_TRY(apex.name, text(field)); break; }
      case 2: {
        KLIK_TRY(const std::uint64_t version, number(field));
        apex.version = static_cast<std::int64_t>(version);
        break;
      }
      case 3: {
        KLIK_TRY(const std::uint64_t compressed, number(field));
        apex.compressed = compressed != 0;
        break;
      }
      case 4: {
        KLIK_TRY(const std::uint64_t size, number(field));
        apex.decompressed_size = static_cast<std::int64_t>(size);
        break;
      }
      default: break;
    }
    return {};
  });
  if (!whole) return fail(whole.error());
  return apex;
}

}  // namespace

Result<Statements> read_statements(Bytes manifest) {
  Statements out;
  for (protobuf::Message m(manifest, 0); !m.at_end();) {   // next() takes at least one byte or fails
    KLIK_TRY(const Field field, m.next());
    switch (field.number) {
      case 3: { KLIK_TRY(out.block_size, number(field)); break; }
      case 12: { KLIK_TRY(out.minor_version, number(field)); break; }
      case 13: {
        if (out.partitions.size() == kMost) return fail(Code::over_budget, field.at, "more partitions than the budget allows");
        KLIK_TRY(PartitionStatement partition, read_partition(field));
        out.partitions.push_back(std::move(partition));
        break;
      }
      case 14: {
        KLIK_TRY(const std::uint64_t time, number(field));
        out.max_timestamp = static_cast<std::int64_t>(time);
        break;
      }
      case 16: {
        KLIK_TRY(const std::uint64_t partial, number(field));
        out.partial_update = partial != 0;
        break;
      }
      case 17: {
        if (out.apexes.size() == kMost) return fail(Code::over_budget, field.at, "more modules than the budget allows");
        KLIK_TRY(ApexStatement apex, read_apex(field));
        out.apexes.push_back(std::move(apex));
        break;
      }
      case 18: { KLIK_TRY(out.security_patch_level, text(field)); break; }
      default: break;
    }
  }
  return out;
}

}  // namespace klik::payload
