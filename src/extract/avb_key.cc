#include "extract/avb_key.h"

#include "base/hash.h"
#include "formats/android/avb.h"

namespace klik {

AvbKeyName avb_key_name(Bytes key) {
  if (key.empty()) return {};
  AvbKeyName out{hex(Bytes(hash(HashAlgorithm::sha1, key))), hex(as_bytes(sha256(key))), {}};
  out.known_as = avb::known_key(out.sha1);
  return out;
}

void set_avb_key(Row& row, const AvbKeyName& key) {
  if (!key.sha256.empty()) row.set(kAvbKeyColumn.name, key.sha256);
  if (!key.known_as.empty()) row.set(kAvbKnownAsColumn.name, key.known_as);
}

}  // namespace klik
