// The fact kinds of code. Their columns are part of the case file.
#pragma once

#include "facts/fact.h"

namespace klik::code_facts {

extern const FactKind kDex, kMethodReference, kCallSite, kDynamicCode, kGraph, kBody;

}  // namespace klik::code_facts
