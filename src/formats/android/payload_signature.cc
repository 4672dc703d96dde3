#include "formats/android/payload_signature.h"

#include "formats/protobuf.h"

namespace klik::payload {

Result<SignaturePlace> read_signature_place(Bytes manifest) {
  SignaturePlace place;
  for (protobuf::Reader in(manifest); !in.at_end();) {
    KLIK_TRY(const protobuf::Field f, in.next());
    if (f.wire != protobuf::Wire::varint) continue;
    if (f.number == 4) place.at = f.value;
    if (f.number == 5) place.length = f.value;
  }
  return place;
}

}  // namespace klik::payload
