// The lists that a user handed in beside the evidence.
#pragma once

#include <vector>

#include "data/name_list.h"

namespace klik {

using NameLists = std::vector<data::NameList>;

// One more list into `lists`. Errors: as data::read_name_list().
Result<void> add_name_list(NameLists& lists, std::string_view file_name, Bytes file);

}  // namespace klik
