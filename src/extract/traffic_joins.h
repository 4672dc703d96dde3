// Where captures and firmware meet: the only place that knows both.
#pragma once

#include "facts/view.h"

namespace klik {

extern const View kWireHostView;
extern const View kCertificateRefusedView;
extern const View kIdentifierSeenView;   // over leak, connection and message
extern const View kIdentifierTallyView;  // over that and identifier_sought

}  // namespace klik
