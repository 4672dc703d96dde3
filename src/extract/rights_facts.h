// The fact kinds of rights: what files grant, and what follows for packages. Their columns are part of the case file.
#pragma once

#include "facts/fact.h"

namespace klik::rights_facts {

// From the text of one file (permission_xml.cc).
extern const FactKind kPrivappLine, kAssigned, kGroup, kSplit, kDefaultGrant, kSysconfig, kMacSigner, kPermissionFile;

}  // namespace klik::rights_facts
