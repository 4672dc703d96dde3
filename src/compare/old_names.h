// Names of classes as the old build has them: an optimiser that renames everything must not make everything a change.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "ledger/sqlite.h"

namespace klik::compare {

class OldNames {
 public:
  // Reads class_pair(app, old_class, new_class) when the code comparer made it. Classes as "com/example/A" or "com.example.A".
  explicit OldNames(sqlite3* db);
  // `text` with every class name of the new build that is paired with one of another name replaced by that one.
  std::string in(std::string_view app, std::string_view text) const;
  // The SQL functions new_named(app, text), over this object, which must outlive the connection's use of it, and
  // old_named(app, text), which gives the text as it is: what is asked of both builds alike.
  bool register_functions(sqlite3* db) const;

 private:
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> apps_;   // new → old, with dots
};

}  // namespace klik::compare
