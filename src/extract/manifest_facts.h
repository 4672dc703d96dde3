// The fact kinds of manifests. Their columns are part of the case file.
#pragma once

#include "facts/fact.h"

namespace klik::manifest_facts {

extern const FactKind kPackage, kComponent, kIntentFilter, kPermissionRequest, kPermissionDeclaration, kEntry;

}  // namespace klik::manifest_facts
