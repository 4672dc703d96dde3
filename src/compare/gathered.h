// What several kinds of change ask of both builds alike is gathered once: changes/gathered/NAME.sql, one SELECT for either
// build, becomes the tables old_NAME and new_NAME. In its text
//   SIDE_ stands for old_ or new_: SIDE_component is a view of that build, SIDE_named(app, text) the text with class names as
//         the old build has them (old_named leaves it as it is);
//   PAIR_id stands for before_id or after_id of package_pair and actor_pair.
// Adding one is adding a file; only those that some text names are made.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/embedded.h"
#include "ledger/sqlite.h"

namespace klik::compare {

struct Gathered {
  std::string id;     // the file's name
  std::string says;   // one sentence
  std::string sql;
};

struct ParsedGathered {
  Gathered gathered;
  std::vector<std::string> errors;   // "name.sql: …"; empty when it can be used
};
ParsedGathered parse_gathered(std::string_view file_name, std::string_view text);

std::span<const EmbeddedFile> gathered_files();

// Those that are part of the program, by id. Those with errors are left out: a test sees to it that there are none.
const std::vector<Gathered>& gathered();

// The SQL for one build.
std::string for_side(std::string_view sql, bool before);

// For copy_sides: the views that the gathered tables which `text` names are made of.
std::string views_of_gathered(std::string_view text);

// old_NAME and new_NAME for all that `text` names, with indexes on what joins go by. False when the database could not.
bool gather(sqlite3* db, std::string_view text);

}  // namespace klik::compare
