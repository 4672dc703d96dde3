// A public view of the case file: what users, reports and tests rely on. Raw tables start with "_" and are no contract.
#pragma once

#include <span>
#include <string_view>

namespace klik {

struct ViewColumn {
  std::string_view name;
  std::string_view doc;      // one sentence for docs/case-file.md
};

struct View {
  std::string_view name;
  std::string_view doc;
  std::span<const ViewColumn> columns;
  std::string_view sql;      // a SELECT over raw tables that gives exactly these columns in this order
  bool searched = false;     // its rows are found by indexes of the tables below: rules read it as it is, however long it is
};

}  // namespace klik
