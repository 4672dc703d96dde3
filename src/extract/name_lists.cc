#include "extract/name_lists.h"

namespace klik {

Result<void> add_name_list(NameLists& lists, std::string_view file_name, Bytes file) {
  KLIK_TRY(data::NameList list, data::read_name_list(file_name, file));
  lists.push_back(std::move(list));
  return {};
}

}  // namespace klik
