// What an image as a whole says of rights: allow lists, modes, packages that its resources and intents name, first-boot grants.
#pragma once

#include <span>
#include <string_view>

#include "extract/rights_rules.h"
#include "facts/build_rows.h"

namespace klik::rights {

// Fills what rests on files and other facts. REQUIRES: sdk and platform are set.
void read_image(const BuildRows& rows, std::span<const Package> packages, Image& image);

// Whether the system reads grants of the general kind (assign-permission, splits, groups) from this file.
bool grants_count(std::string_view device_path);

}  // namespace klik::rights
