// The fact kinds and views of powers. Their columns are part of the case file.
#pragma once

#include <span>

#include "facts/fact.h"
#include "facts/view.h"

namespace klik::power_facts {

extern const FactKind kPower, kDoor;
std::span<const View* const> views();

}  // namespace klik::power_facts
