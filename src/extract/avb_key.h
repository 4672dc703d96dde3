// How facts name a key of verified boot: by digests over it as it stands in the structure, and as a published key.
#pragma once

#include <string>

#include "base/bytes.h"
#include "facts/fact.h"

namespace klik {

struct AvbKeyName {
  std::string sha1, sha256;     // hex
  std::string_view known_as;    // a published test key
};

inline constexpr Column kAvbKeyColumn{"public_key_sha256", ColumnType::text, "SHA-256 of the key in the structure", false, true};
inline constexpr Column kAvbKnownAsColumn{"known_as", ColumnType::text, "Name of a published test key; null for any other", false, true};

// All empty where there is no key.
AvbKeyName avb_key_name(Bytes key);
// Sets both columns above, which stay null where there is no key.
void set_avb_key(Row& row, const AvbKeyName& key);

}  // namespace klik
