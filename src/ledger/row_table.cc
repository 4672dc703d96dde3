#include "ledger/row_table.h"

namespace klik {

struct RowTable::Module {
  std::string declaration;
  RowStream* rows = nullptr;
};

namespace {

// The protocol of SQLite's virtual tables (sqlite.org/vtab.html): one table that exists without being created, read once from
// front to end.
template <class Module>
struct Table : sqlite3_vtab {
  Module* module = nullptr;
};
struct Cursor : sqlite3_vtab_cursor {
  RowStream* rows = nullptr;
  std::span<const Cell> row;
  sqlite3_int64 number = 0;
};

void result(sqlite3_context* to, const Cell& cell) {
  const char* text = cell.text.data() ? cell.text.data() : "";   // without an address SQLite takes it for null
  switch (cell.type) {
    case Cell::Type::null: return sqlite3_result_null(to);
    case Cell::Type::integer: return sqlite3_result_int64(to, cell.number);
    case Cell::Type::text: return sqlite3_result_text64(to, text, cell.text.size(), SQLITE_STATIC, SQLITE_UTF8);
    case Cell::Type::blob: return sqlite3_result_blob64(to, text, cell.text.size(), SQLITE_STATIC);
  }
}

template <class Module>
sqlite3_module make_methods() {
  sqlite3_module m{};
  m.xConnect = [](sqlite3* db, void* module, int, const char* const*, sqlite3_vtab** out, char**) {
    const int code = sqlite3_declare_vtab(db, static_cast<Module*>(module)->declaration.c_str());
    if (code != SQLITE_OK) return code;
    auto table = std::make_unique<Table<Module>>();
    table->module = static_cast<Module*>(module);
    *out = table.release();
    return SQLITE_OK;
  };
  m.xDisconnect = [](sqlite3_vtab* table) {
    delete static_cast<Table<Module>*>(table);
    return SQLITE_OK;
  };
  m.xBestIndex = [](sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; };
  m.xOpen = [](sqlite3_vtab* table, sqlite3_vtab_cursor** out) {
    auto cursor = std::make_unique<Cursor>();
    cursor->rows = static_cast<Table<Module>*>(table)->module->rows;
    *out = cursor.release();
    return SQLITE_OK;
  };
  m.xClose = [](sqlite3_vtab_cursor* cursor) {
    delete static_cast<Cursor*>(cursor);
    return SQLITE_OK;
  };
  m.xFilter = [](sqlite3_vtab_cursor* cursor, int, const char*, int, sqlite3_value**) {
    auto& c = static_cast<Cursor&>(*cursor);
    if (c.rows) c.row = c.rows->next();
    return SQLITE_OK;
  };
  m.xNext = [](sqlite3_vtab_cursor* cursor) {
    auto& c = static_cast<Cursor&>(*cursor);
    c.row = c.rows->next();
    ++c.number;
    return SQLITE_OK;
  };
  m.xEof = [](sqlite3_vtab_cursor* cursor) { return static_cast<int>(static_cast<Cursor*>(cursor)->row.empty()); };
  m.xColumn = [](sqlite3_vtab_cursor* cursor, sqlite3_context* to, int column) {
    result(to, static_cast<Cursor*>(cursor)->row[static_cast<std::size_t>(column)]);
    return SQLITE_OK;
  };
  m.xRowid = [](sqlite3_vtab_cursor* cursor, sqlite3_int64* out) {
    *out = static_cast<Cursor*>(cursor)->number;
    return SQLITE_OK;
  };
  return m;
}

constexpr const char* kName = "klik_rows";

std::string columns_of(std::size_t columns) {
  std::string out;
  for (std::size_t i = 0; i < columns; ++i) out += (i ? ", c" : "c") + std::to_string(i);
  return out;
}

}  // namespace

RowTable::RowTable(sqlite3* db, std::size_t columns) : db_(db), module_(new Module) {
  static const sqlite3_module methods = make_methods<Module>();
  module_->declaration = "CREATE TABLE klik_rows(" + columns_of(columns) + ")";
  sqlite3_create_module_v2(db_, kName, &methods, module_.get(), nullptr);
}
RowTable::~RowTable() { sqlite3_create_module_v2(db_, kName, nullptr, nullptr, nullptr); }

bool RowTable::insert(const std::string& into, std::size_t columns, RowStream& rows) {
  module_->rows = &rows;
  sql::Statement put(db_, "INSERT INTO " + into + " SELECT " + columns_of(columns) + " FROM " + kName);
  const bool done = put.run();
  module_->rows = nullptr;
  return done;
}

}  // namespace klik
