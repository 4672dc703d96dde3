// Zip archives as messages: logs and bug reports leave phones in them. Written as a stream, they say sizes in the directory only.
// Source: PKWARE APPNOTE 6.3, 4.3 (records), 4.4.4 (flags).
#include <algorithm>
#include <vector>

#include "formats/zip_records.h"
#include "traffic/outline.h"

namespace klik::traffic {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostMembers = 4096;

struct Listed {
  std::uint64_t local_at, packed_size, name_at;
  std::uint16_t name_size, method, flags;
};

// Records of the directory, in its order. Empty when the archive is cut off before its end.
std::vector<Listed> directory_of(Bytes bytes, bool& cut) {
  std::vector<Listed> all;
  const std::string_view text = bytes.text();
  const auto end = bytes.size() < sizeof(zip::EndRecord) ? text.npos : text.rfind("PK\5\6"sv, bytes.size() - sizeof(zip::EndRecord));
  if (end == text.npos || bytes.size() - end > zip::kEndSearched) return all;
  const auto record = bytes.view<zip::EndRecord>(end);
  if (!record) return all;
  std::uint64_t at = (*record)->directory_offset;
  while (true) {   // advances by 46 or more
    const auto entry = bytes.view<zip::DirectoryRecord>(at);
    if (!entry || (*entry)->magic != zip::kDirectoryMagic) return all;
    const zip::DirectoryRecord& r = **entry;
    const std::uint64_t name_at = at + sizeof r;
    const auto extra = bytes.slice(name_at + r.name_size, r.extra_size);
    if (!extra) return all;
    if (all.size() == kMostMembers) {
      cut = true;
      return all;
    }
    const zip::Extent extent = zip::extent_of(r, *extra);
    all.push_back({extent.local_at, extent.compressed_size, name_at, r.name_size, r.method, r.flags});
    at = name_at + r.name_size + r.extra_size + r.comment_size;
  }
}

// The next record of any kind at or behind a place: where data of unknown size end, but for a chance of one in 2^32 at each byte.
std::uint64_t next_record(std::string_view text, std::uint64_t from) {
  for (auto at = text.find("PK"sv, from); at != text.npos; at = text.find("PK"sv, at + 2)) {
    const std::string_view kind = text.substr(at + 2, 2);
    if (kind == "\1\2"sv || kind == "\3\4"sv || kind == "\5\6"sv || kind == "\7\x08"sv) return at;
  }
  return text.size();
}

// The part of a name behind its folders, as a name in a path.
PartName file_name(Bytes bytes, std::uint64_t at, std::uint16_t size) {
  const auto name = bytes.slice(at, size);
  const auto slash = name ? name->text().find_last_of("/\\") : std::string_view::npos;
  const std::uint64_t skip = slash == std::string_view::npos ? 0 : slash + 1;
  return {at + skip, static_cast<std::uint32_t>(size - skip), 0};
}

}  // namespace

Result<Outline> read_zip(Bytes bytes, std::uint32_t shortest) {
  const std::string_view text = bytes.text();
  if (!text.starts_with("PK\3\4"sv)) return fail(Code::bad_magic, 0, "no local header at the start");
  Outline out;
  out.shortest = shortest;
  out.format = "zip";
  const std::vector<Listed> directory = directory_of(bytes, out.cut);
  std::vector<Listed> by_place = directory;
  std::ranges::stable_sort(by_place, {}, &Listed::local_at);
  std::vector<std::uint64_t> places;   // of local headers, in order
  for (std::uint64_t at = 0; at != text.npos && at < text.size();) {   // each turn passes a local header
    const auto header = bytes.view<zip::LocalHeader>(at);
    if (!header) break;
    if ((*header)->magic != zip::kLocalMagic) {
      at = text.find("PK\3\4"sv, at);
      continue;
    }
    if (places.size() == kMostMembers) {
      out.cut = true;
      break;
    }
    const zip::LocalHeader& h = **header;
    const std::uint64_t name_at = at + sizeof h, data_at = name_at + h.name_size + h.extra_size;
    if (!bytes.slice(name_at, h.name_size)) break;
    const std::uint32_t number = static_cast<std::uint32_t>(places.size());
    places.push_back(at);
    out.add({name_at, h.name_size, 0, {0, 0, number}, LeafKind::text});
    if (data_at >= bytes.size()) break;
    const auto listed = std::ranges::lower_bound(by_place, at, {}, &Listed::local_at);
    const bool known = listed != by_place.end() && listed->local_at == at;
    std::uint64_t size = h.compressed_size;
    if (known) size = listed->packed_size;
    else if ((h.flags & zip::kDescriptor) || h.compressed_size == zip::kWide) size = next_record(text, data_at) - data_at;
    size = std::min(size, bytes.size() - data_at);
    const unsigned method = known ? listed->method : h.method, flags = known ? listed->flags | h.flags : h.flags;
    out.add({data_at, size, 0, file_name(bytes, name_at, h.name_size), LeafKind::bytes, method | (flags & zip::kEncrypted ? kSealed : 0)});
    at = data_at + size;
  }
  std::uint32_t unmatched = static_cast<std::uint32_t>(places.size());
  for (const Listed& entry : directory) {
    const auto place = std::ranges::lower_bound(places, entry.local_at);
    const bool met = place != places.end() && *place == entry.local_at;
    // Members that lie in one another: an archive made to be read over and over, or to hide what is in it.
    if (!met && entry.local_at < bytes.size()) out.cut = true;
    out.add({entry.name_at, entry.name_size, 0, {0, 0, met ? static_cast<std::uint32_t>(place - places.begin()) : unmatched++}, LeafKind::text});
  }
  out.settle();
  return out;
}

}  // namespace klik::traffic
