#include "containers/erofs/directory.h"

#include <algorithm>

namespace klik::erofs {
namespace {

struct Record {
  U64le nid;
  U16le name_at;       // in the block
  std::uint8_t type, reserved;
};
static_assert(sizeof(Record) == 12);

constexpr std::size_t kLongestName = 255;

Result<void> read_block(Bytes block, std::vector<FsEntry>& out) {
  KLIK_TRY(const Record* first, block.view<Record>(0));
  // The names start behind the last record, so the first name's place is the count.
  const std::uint64_t names = first->name_at;
  if (names < sizeof(Record) || names % sizeof(Record) != 0 || names >= block.size())
    return fail(Code::bad_value, 8, "a folder block without a valid first name");
  const std::uint64_t count = names / sizeof(Record);
  KLIK_TRY(const auto records, block.array<Record>(0, count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t from = records[i].name_at;
    const std::uint64_t to = i + 1 < count ? std::uint64_t{records[i + 1].name_at} : block.size();
    if (from < names || to < from || to > block.size()) return fail(Code::bad_value, i * sizeof(Record) + 8, "a folder entry whose name lies outside its block");
    KLIK_TRY(const Bytes raw, block.slice(from, to - from));
    std::string_view name = raw.text();
    if (i + 1 == count) name = name.substr(0, name.find('\0'));   // the last one ends at a NUL or with the block
    if (name.size() > kLongestName) return fail(Code::bad_value, from, "a folder entry with too long a name");
    out.push_back({std::string(name), records[i].nid, child_type_of(records[i].type)});
  }
  return {};
}

}  // namespace

std::vector<FsEntry> read_directory(Bytes data, std::uint64_t block_size, FsMeter& meter, std::vector<std::pair<Severity, Error>>& problems) {
  std::vector<FsEntry> entries;
  for (std::uint64_t at = 0; at < data.size(); at += block_size) {
    const auto block = data.slice(at, std::min(block_size, data.size() - at));
    if (!block) break;
    const std::size_t before = entries.size();
    const auto read = read_block(*block, entries);
    if (const auto kept = charge_entries(entries, before, meter, at); !kept) {
      problems.emplace_back(Severity::data_loss, kept.error());
      break;
    }
    if (!read) {
      Error error = read.error();
      error.at += at;
      problems.emplace_back(Severity::data_loss, error);
    }
  }
  return entries;
}

}  // namespace klik::erofs
