// Layout: PKWARE APPNOTE 6.3, 4.3.14 to 4.3.16.
#include "containers/zip_end.h"

#include <algorithm>
#include <array>

#include "formats/zip_records.h"

namespace klik {
namespace {

using zip::EndRecord, zip::kEndSearched;

constexpr std::string_view kMagic("PK\5\6", 4), kEntryMagic("PK\1\2", 4);
constexpr std::uint32_t kZip64Locator = 0x07064b50, kZip64End = 0x06064b50;

struct Zip64Locator {
  U32le magic, disk;
  U64le end_record_offset;
  U32le disks;
};
static_assert(sizeof(Zip64Locator) == 20);

struct Zip64EndRecord {
  U32le magic;
  U64le record_size;   // without the first 12 bytes
  U16le made_by, needed;
  U32le disk, directory_disk;
  U64le count_on_disk, count, directory_size, directory_offset;
};
static_assert(sizeof(Zip64EndRecord) == 56);

bool entry_at(const Source& source, std::uint64_t at) {
  std::array<std::uint8_t, 4> there{};
  return source.read(at, there) && Bytes(there).text() == kEntryMagic;
}

// Fills in the directory's place. False when it cannot be there.
bool locate_directory(const Source& source, const EndRecord& record, ZipEnd& end) {
  end.tail_at = end.at;
  end.count = record.count;
  end.directory_size = record.directory_size;
  std::uint64_t offset = record.directory_offset;
  // The phone looks for zip64 only when one of these two says so; the count alone does not.
  if (record.directory_size == 0xFFFFFFFFu || record.directory_offset == 0xFFFFFFFFu) {
    if (end.at < sizeof(Zip64Locator)) return false;
    const std::uint64_t locator_at = end.at - sizeof(Zip64Locator);
    const auto locator = source.get<Zip64Locator>(locator_at);
    if (!locator || locator->magic != kZip64Locator) return false;
    std::uint64_t at = locator->end_record_offset;
    auto wide = source.get<Zip64EndRecord>(at);
    if ((!wide || wide->magic != kZip64End) && locator_at >= sizeof(Zip64EndRecord)) {  // a prefix that the offsets ignore
      at = locator_at - sizeof(Zip64EndRecord);
      wide = source.get<Zip64EndRecord>(at);
    }
    if (!wide || wide->magic != kZip64End || at > locator_at) return false;
    end.zip64 = true;
    end.tail_at = at;
    end.count = wide->count;
    end.directory_size = wide->directory_size;
    offset = wide->directory_offset;
  }
  end.directory_at = std::min(offset, end.tail_at);
  if (end.count == 0 && end.directory_size == 0) return true;
  if (offset < end.tail_at && entry_at(source, offset)) return true;
  // Offsets that count from a later start than the file's: the archive was put behind something.
  if (end.directory_size > end.tail_at) return false;
  const std::uint64_t before_tail = end.tail_at - end.directory_size;
  if (before_tail <= offset || !entry_at(source, before_tail)) return false;
  end.directory_at = before_tail;
  end.shift = before_tail - offset;
  return true;
}

}  // namespace

Result<ZipEnd> find_zip_end(const Source& source) {
  if (source.size() < sizeof(EndRecord)) return fail(Code::bad_magic, 0, "shorter than a zip's end record");
  const std::uint64_t n = std::min(source.size(), kEndSearched), from = source.size() - n;
  KLIK_TRY(const Blob tail, source.load(from, n));
  bool first = true;
  const std::string_view text = tail.bytes().text();
  for (std::size_t hit = text.rfind(kMagic, n - sizeof(EndRecord)); hit != text.npos; hit = hit ? text.rfind(kMagic, hit - 1) : text.npos) {
    KLIK_TRY(const EndRecord* record, tail.bytes().view<EndRecord>(hit));
    ZipEnd end;
    end.at = from + hit;
    end.length = sizeof(EndRecord) + record->comment_size;
    end.first_hit = first;
    first = false;
    if (end.length <= source.size() - end.at && locate_directory(source, *record, end)) return end;
  }
  return fail(Code::bad_magic, source.size(), "no end record that names a directory");
}

bool ends_as_zip(const Source& source) {
  const auto end = find_zip_end(source);
  return end && end->length == source.size() - end->at;
}

}  // namespace klik
