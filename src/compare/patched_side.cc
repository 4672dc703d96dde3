#include "compare/patched_side.h"

#include <algorithm>
#include <string>

namespace klik::compare {
namespace {

constexpr const char* kPatches = "SELECT 1 FROM new_update_step WHERE what = 'patch' LIMIT 1";

bool patches_files(sqlite3* db) {
  sql::Statement ask(db, kPatches);
  return ask.step();
}

bool has_table(sqlite3* db, const std::string& name) {
  sql::Statement ask(db, "SELECT 1 FROM sqlite_schema WHERE name = ?");
  ask.bind(1, name);
  return ask.step();
}

bool has_column(const View& view, std::string_view column) { return std::ranges::find(view.columns, column, &ViewColumn::name) != view.columns.end(); }

// Files of the phone that the update says nothing of, and what lies inside them.
constexpr const char* kArtifacts = R"(
CREATE TEMP TABLE kept AS WITH RECURSIVE k(artifact_id) AS (
  SELECT artifact_id FROM old_artifact WHERE device_path IN (SELECT device_path FROM new_artifact WHERE device_path IS NOT NULL) OR device_path IN (SELECT target FROM new_update_step WHERE what = 'remove')
  UNION SELECT a.artifact_id FROM k JOIN old_artifact a ON a.parent_id = k.artifact_id)
SELECT artifact_id FROM k;
CREATE INDEX temp.kept_by_id ON kept(artifact_id);
DELETE FROM old_artifact WHERE artifact_id NOT IN (SELECT artifact_id FROM kept);
DELETE FROM old_package WHERE artifact_id NOT IN (SELECT artifact_id FROM kept);
DELETE FROM old_actor WHERE artifact_id IS NULL OR artifact_id NOT IN (SELECT artifact_id FROM kept);
)";

}  // namespace

std::string sql_of_patched_side() { return std::string(kPatches) + "\n" + kArtifacts; }

bool narrow_to_update(sqlite3* db, const Declarations& declarations, bool& narrowed) {
  narrowed = patches_files(db);
  if (!narrowed) return true;
  if (!sql::execute(db, kArtifacts)) return false;
  for (const View* view : declarations.views) {
    const std::string table = "old_" + std::string(view->name);
    if (view->name == "artifact" || view->name == "package" || view->name == "actor" || view->name == "build" || !has_table(db, table)) continue;
    // What belongs to nobody and to no file follows from the build as a whole, of which the update is only a part.
    std::string keep;
    const auto with = [&](std::string_view column, std::string_view of) {
      if (has_column(*view, column)) keep += (keep.empty() ? "" : " OR ") + std::string(column) + " IN (SELECT " + std::string(of) + ")";
    };
    with("package_id", "package_id FROM old_package");
    with("actor_id", "actor_id FROM old_actor");
    if (keep.empty()) with("artifact_id", "artifact_id FROM kept");
    if (!sql::execute(db, "DELETE FROM " + sql::quoted(table) + (keep.empty() ? "" : " WHERE (" + keep + ") IS NOT 1"))) return false;
  }
  return true;
}

}  // namespace klik::compare
