// One signature block of a JAR (META-INF/*.RSA, .DSA or .EC) over its .SF file, by the rules of one Android
// version: they changed in 4.4 (signed attributes) and 7.0 (several signers in one block).
#pragma once

#include "formats/cert/der.h"

namespace klik::apk {

// The certificate, inside `block`, of the first signer that verifies.
// Errors are reasons to reject: their `what` is the reason.
Result<der::Element> verify_jar_signature(Bytes block, Bytes signature_file, int sdk);

}  // namespace klik::apk
