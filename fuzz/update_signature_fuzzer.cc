// Reads the input as the end of a signed zip, as a CMS, as a payload's list of signatures and as its manifest.
// links: klik_formats
#include "formats/android/avb_signature.h"
#include "formats/android/payload_header.h"
#include "formats/android/payload_signature.h"
#include "formats/android/recovery_keys.h"
#include "formats/android/update_signature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  const Bytes bytes(data, size);
  if (size >= update::kFooterSize)
    if (const auto footer = update::read_footer(*bytes.from(size - update::kFooterSize)); footer && footer->signature_size + update::kFooterSize > footer->comment_size) __builtin_trap();   // it lies in the comment
  (void)update::has_second_end_record(bytes);
  for (const auto& read : {update::read_cms(bytes), update::read_signatures(bytes)}) {
    if (!read) continue;
    for (const update::Signature& s : *read) {
      if (s.signature.size() > size || s.attributes.size() > size) __builtin_trap();   // windows on the input, copied
      if (s.certificate && s.certificate->key) (void)update::verifies(s, Bytes(Sha256Digest{}), *s.certificate->key);
    }
  }
  (void)payload::read_signature_place(bytes);
  (void)payload::read_header(bytes);
  (void)recovery::digest_of_certificate(bytes);
  if (const auto keys = recovery::read_keys(bytes))
    for (const recovery::Key& k : *keys)
      if (k.at > size || k.length > size - k.at) __builtin_trap();   // a key stands in the text
  (void)avb::read_key(bytes);
  if (const auto meta = avb::read(bytes)) (void)avb::check_signature(bytes, *meta);
  return 0;
}
