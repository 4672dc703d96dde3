#include "formats/android/payload_header.h"

namespace klik::payload {
namespace {

struct HeaderBytes {
  char magic[4];
  U64be version, manifest_size;
  U32be signature_size;
};
static_assert(sizeof(HeaderBytes) == kHeaderSize);

}  // namespace

Result<Header> read_header(Bytes start) {
  KLIK_TRY(const HeaderBytes* header, start.view<HeaderBytes>(0));
  if (!start.starts_with("CrAU")) return fail(Code::bad_magic, 0, "not an update payload");
  if (header->version != 2) return fail(Code::unsupported, 4, "payload version is not 2");
  return Header{header->manifest_size, header->signature_size};
}

}  // namespace klik::payload
