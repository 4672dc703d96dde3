#include "containers/erofs/xattr.h"

namespace klik::erofs {
namespace {

struct Header {
  U32le filter;
  std::uint8_t shared_count;
  std::uint8_t reserved[7];
};
static_assert(sizeof(Header) == 12);

struct Entry {
  std::uint8_t name_length, name_index;
  U16le value_size;
};
static_assert(sizeof(Entry) == 4);

constexpr std::uint8_t kSecurity = 6, kLongPrefix = 0x80;

void keep(const Entry& entry, Bytes name, Bytes value, FileAttributes& out) {
  if (entry.name_index != kSecurity) return;
  if (name.text() == "selinux") {
    std::string_view label = value.text();
    if (label.ends_with('\0')) label.remove_suffix(1);
    out.selinux = label;
  } else if (name.text() == "capability") {
    out.capability.assign(value.begin(), value.end());
  }
}

std::uint64_t body_size(const Entry& entry) { return std::uint64_t{entry.name_length} + entry.value_size; }

Result<void> read_shared(const Image& image, std::uint32_t id, FsMeter& meter, FileAttributes& out) {
  const std::uint64_t at = image.xattr_at + std::uint64_t{id} * 4;
  KLIK_TRY(const Entry entry, image.source->get<Entry>(at));
  if (entry.name_index & kLongPrefix) return fail(Code::unsupported, at, "an extended attribute under a long name prefix");
  KLIK_CHECK(meter.take(sizeof(Entry) + body_size(entry), at));
  KLIK_TRY(const Blob body, image.source->load(at + sizeof(Entry), body_size(entry)));
  KLIK_TRY(const Bytes name, body.bytes().slice(0, entry.name_length));
  KLIK_TRY(const Bytes value, body.bytes().from(entry.name_length));
  keep(entry, name, value, out);
  return {};
}

}  // namespace

Result<void> read_attributes(const Image& image, const Inode& inode, FsMeter& meter, FileAttributes& out) {
  if (inode.xattr_size == 0) return {};
  KLIK_CHECK(meter.take(inode.xattr_size, inode.xattr_at));
  KLIK_TRY(const Blob blob, image.source->load(inode.xattr_at, inode.xattr_size));
  const Bytes area = blob.bytes();
  KLIK_TRY(const Header* header, area.view<Header>(0));
  KLIK_TRY(const auto shared, area.array<U32le>(sizeof(Header), header->shared_count));
  Result<void> skipped{};   // one that is not understood does not hide the others
  for (const U32le& id : shared)
    if (const auto read = read_shared(image, id, meter, out); !read) {
      if (read.error().code != Code::unsupported) return read;
      skipped = read;
    }
  std::uint64_t at = sizeof(Header) + shared.size_bytes();
  while (at < area.size() && area.size() - at >= sizeof(Entry)) {   // an entry is at least four bytes long
    KLIK_TRY(const Entry* entry, area.view<Entry>(at));
    if (entry->name_index & kLongPrefix) skipped = fail(Code::unsupported, inode.xattr_at + at, "an extended attribute under a long name prefix");
    KLIK_TRY(const Bytes name, area.slice(at + sizeof(Entry), entry->name_length));
    KLIK_TRY(const Bytes value, area.slice(at + sizeof(Entry) + entry->name_length, entry->value_size));
    keep(*entry, name, value, out);
    at = (at + sizeof(Entry) + body_size(*entry) + 3) & ~std::uint64_t{3};
  }
  return skipped;
}

}  // namespace klik::erofs
