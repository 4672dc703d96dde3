// A zip as Android reads it: the directory of libziparchive, plus what other readers would see instead.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "containers/container.h"
#include "io/source.h"

namespace klik {

struct ZipEntry {
  std::string name;               // raw bytes
  std::uint16_t flags = 0, method = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t compressed_size = 0, size = 0;   // from the central directory
  std::uint64_t header_at = 0;    // of the central directory record
  std::uint64_t local_at = 0;     // of the local header
  std::uint64_t data_at = 0;      // of the compressed data; 0 and `broken` when the local header is unusable
  bool broken = false;            // its data cannot be located
  bool hidden = false;            // behind the count of entries that the phone reads
  bool duplicate = false;         // a later entry of the same name
};

class ZipArchive {
 public:
  // Reads the directory only. Deviations that Android tolerates, and those that make it refuse the
  // archive while other readers do not, go to `notes`; the archive is read all the same where it can be.
  // Errors: bad_magic (no end record: not a zip), truncated, bad_value, over_budget (directory too large).
  static Result<ZipArchive> open(SourceRef source, const Budget& budget, std::vector<Note>& notes);

  std::span<const ZipEntry> entries() const { return entries_; }   // in directory order
  // The first entry of that name that the phone sees, or null.
  const ZipEntry* find(std::string_view name) const;

  // The entry's uncompressed bytes, checked against size and CRC-32.
  // Errors: over_budget (size over `limit`), bad_checksum, truncated, bad_value.
  Result<Blob> load(const ZipEntry& entry, std::uint64_t limit) const;
  // How load() undoes the compression: "stored" or "deflate" (methods other than 0 are tried as Android does).
  std::string_view transform(const ZipEntry& entry) const;
  // Where the entry's data lies in the archive, compressed.
  Extent extent(const ZipEntry& entry) const { return {entry.data_at, entry.compressed_size}; }

  const SourceRef& source() const { return source_; }
  std::uint64_t directory_at() const { return directory_at_; }
  std::uint64_t directory_size() const { return directory_size_; }
  std::uint64_t end_record_at() const { return end_record_at_; }   // the EOCD
  std::uint64_t prefix() const { return prefix_; }                 // bytes before the first local header

 private:
  SourceRef source_;
  std::vector<ZipEntry> entries_;
  struct Named {
    std::uint64_t hash;
    std::uint32_t index;   // of entries_
  };
  std::vector<Named> by_name_;   // sorted by hash, then name, then position
  std::uint64_t directory_at_ = 0, directory_size_ = 0, end_record_at_ = 0, prefix_ = 0;
};

// What ZipArchive::load() does, for holders of an entry without its archive.
Result<Blob> load_zip_entry(const Source& archive, const ZipEntry& entry, std::uint64_t limit);

}  // namespace klik
