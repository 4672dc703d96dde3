#include "compare/pairs.h"

#include <string>

#include "compare/gathered.h"
#include "data/powers.h"
#include "flow/compiled_path.h"

namespace klik::compare {
namespace {

// Two packages of one name in one build (a stub and its replacement) keep their places; what is then left is paired in the
// order of their paths.
constexpr const char* kPackages = R"(
CREATE TABLE package_pair AS
WITH op AS MATERIALIZED (SELECT p.package_id AS id, p.name, coalesce(a.device_path, a.path) AS path, p.signer FROM old_package p LEFT JOIN old_artifact a ON a.artifact_id = p.artifact_id),
     wp AS MATERIALIZED (SELECT p.package_id AS id, p.name, coalesce(a.device_path, a.path) AS path, p.signer FROM new_package p LEFT JOIN new_artifact a ON a.artifact_id = p.artifact_id),
     stays AS MATERIALIZED (SELECT min(o.id) AS before_id, min(w.id) AS after_id FROM op o JOIN wp w ON w.name = o.name AND w.path = o.path GROUP BY o.name, o.path),
     o AS MATERIALIZED (SELECT *, row_number() OVER (PARTITION BY name, id IN (SELECT before_id FROM stays) ORDER BY path, id) AS n, id IN (SELECT before_id FROM stays) AS stays FROM op),
     w AS MATERIALIZED (SELECT *, row_number() OVER (PARTITION BY name, id IN (SELECT after_id FROM stays) ORDER BY path, id) AS n, id IN (SELECT after_id FROM stays) AS stays FROM wp),
     named AS MATERIALIZED (SELECT before_id, after_id FROM stays UNION ALL SELECT o.id, w.id FROM o JOIN w ON w.name = o.name AND w.n = o.n WHERE o.stays = 0 AND w.stays = 0),
     placed AS MATERIALIZED (SELECT min(o.id) AS before_id, min(w.id) AS after_id FROM o JOIN w ON w.path = o.path AND w.signer IS o.signer
              WHERE o.id NOT IN (SELECT before_id FROM named) AND w.id NOT IN (SELECT after_id FROM named) GROUP BY o.path HAVING count(*) = 1),
     both AS MATERIALIZED (SELECT before_id, after_id, 'name' AS how FROM named UNION ALL SELECT before_id, after_id, 'place' FROM placed)
SELECT coalesce(w.name, o.name) AS app, o.name AS before_name, both.before_id, both.after_id, both.how
FROM both JOIN o ON o.id = both.before_id JOIN w ON w.id = both.after_id
UNION ALL SELECT o.name, o.name, o.id, NULL, 'removed' FROM o WHERE o.id NOT IN (SELECT before_id FROM both)
UNION ALL SELECT w.name, NULL, NULL, w.id, 'added' FROM w WHERE w.id NOT IN (SELECT after_id FROM both);
CREATE INDEX package_pair_before ON package_pair(before_id);
CREATE INDEX package_pair_after ON package_pair(after_id);
)";

constexpr const char* kActors = R"(
CREATE TABLE actor_pair AS
WITH o AS (SELECT actor_id AS id, kind, name, row_number() OVER (PARTITION BY kind, name ORDER BY actor_id) AS n FROM old_actor WHERE kind <> 'package'),
     w AS (SELECT actor_id AS id, kind, name, row_number() OVER (PARTITION BY kind, name ORDER BY actor_id) AS n FROM new_actor WHERE kind <> 'package')
SELECT app AS name, 'package' AS kind, before_id, after_id FROM package_pair
UNION ALL SELECT coalesce(w.name, o.name), coalesce(w.kind, o.kind), o.id, w.id FROM o FULL OUTER JOIN w ON w.kind = o.kind AND w.name = o.name AND w.n = o.n;
CREATE INDEX actor_pair_before ON actor_pair(before_id);
CREATE INDEX actor_pair_after ON actor_pair(after_id);
)";

// A path stands once per build: a file of a higher layer that hides another of the same path comes first in the tree.
constexpr const char* kFiles = R"(
CREATE TABLE file_pair AS
WITH o AS MATERIALIZED (SELECT min(artifact_id) AS id, device_path AS path, kind, sha256, size, state, fact_id FROM old_artifact WHERE device_path IS NOT NULL AND kind NOT IN ('folder') GROUP BY device_path),
     w AS MATERIALIZED (SELECT min(artifact_id) AS id, device_path AS path, kind, sha256, size, state, fact_id FROM new_artifact WHERE device_path IS NOT NULL AND kind NOT IN ('folder') GROUP BY device_path),
     same AS MATERIALIZED (SELECT o.id AS before_id, w.id AS after_id FROM o JOIN w ON w.path = o.path),
     lost AS MATERIALIZED (SELECT o.* FROM o WHERE id NOT IN (SELECT before_id FROM same)),
     come AS MATERIALIZED (SELECT w.* FROM w WHERE id NOT IN (SELECT after_id FROM same)),
     moved AS MATERIALIZED (SELECT lost.id AS before_id, come.id AS after_id FROM lost JOIN come ON come.sha256 = lost.sha256 AND lost.size > 0
              WHERE lost.sha256 IN (SELECT sha256 FROM lost GROUP BY sha256 HAVING count(*) = 1) AND come.sha256 IN (SELECT sha256 FROM come GROUP BY sha256 HAVING count(*) = 1)),
     both AS MATERIALIZED (SELECT before_id, after_id, 'path' AS how FROM same UNION ALL SELECT before_id, after_id, 'content' FROM moved)
SELECT w.path, o.path AS before_path, o.id AS before_id, w.id AS after_id, both.how, o.sha256 IS w.sha256 AS same, w.kind, o.fact_id AS before_fact, w.fact_id AS after_fact
FROM both JOIN o ON o.id = both.before_id JOIN w ON w.id = both.after_id
UNION ALL SELECT lost.path, lost.path, lost.id, NULL, 'removed', 0, lost.kind, lost.fact_id, NULL FROM lost WHERE lost.id NOT IN (SELECT before_id FROM moved)
UNION ALL SELECT come.path, NULL, NULL, come.id, 'added', 0, come.kind, NULL, come.fact_id FROM come WHERE come.id NOT IN (SELECT after_id FROM moved);
CREATE INDEX file_pair_before ON file_pair(before_id);
CREATE INDEX file_pair_after ON file_pair(after_id);
)";

// The app that a file belongs to: it lies in the APK, was compiled from it, or is one of its libraries. Nothing else beside an
// APK is its own: one more APK in /system/framework must not take the platform's code with it. Code of nobody, such as a
// framework library, goes by the place of what it was compiled from. An app that was renamed goes by its new name.
constexpr std::string_view kApps = R"(
CREATE INDEX SIDE_artifact_by_place ON SIDE_artifact(device_path);
CREATE TABLE SIDE_app_of AS
WITH RECURSIVE named AS MATERIALIZED (SELECT p.artifact_id, coalesce(pp.app, p.name) AS app, CASE WHEN a.device_path LIKE '%.apk' THEN substr(a.device_path, 1, length(a.device_path) - 4) ELSE a.device_path END AS stem
             FROM SIDE_package p LEFT JOIN package_pair pp ON pp.PAIR_id = p.package_id LEFT JOIN SIDE_artifact a ON a.artifact_id = p.artifact_id),
  inside(artifact_id, app) AS (SELECT artifact_id, app FROM named UNION SELECT a.artifact_id, inside.app FROM inside JOIN SIDE_artifact a ON a.parent_id = inside.artifact_id),
  stems AS MATERIALIZED (SELECT stem, min(app) AS app, rtrim(stem, replace(stem, '/', '')) AS folder FROM named WHERE stem IS NOT NULL GROUP BY stem HAVING min(app) = max(app)),
  beside AS MATERIALIZED (SELECT a.artifact_id, s.app FROM SIDE_artifact a CROSS JOIN stems s ON s.stem = compiled_stem(a.device_path) WHERE a.device_path IS NOT NULL
             UNION ALL SELECT a.artifact_id, s.app FROM stems s JOIN SIDE_artifact a ON a.device_path > s.folder || 'lib/' AND a.device_path < s.folder || 'lib0' WHERE s.stem LIKE '%/%/%/%' AND substr(s.folder, length(s.folder) - length(s.stem) - 2) = '/' || substr(s.stem, length(s.folder) + 1) || '/'),
  below(artifact_id, app) AS (SELECT artifact_id, app FROM beside WHERE artifact_id NOT IN (SELECT artifact_id FROM inside)
             UNION SELECT a.artifact_id, below.app FROM below JOIN SIDE_artifact a ON a.parent_id = below.artifact_id)
SELECT artifact_id, min(app) AS app FROM (SELECT * FROM inside UNION ALL SELECT * FROM below) GROUP BY artifact_id;
CREATE UNIQUE INDEX SIDE_app_of_artifact ON SIDE_app_of(artifact_id);
INSERT INTO SIDE_app_of
WITH RECURSIVE outside(artifact_id, app) AS (SELECT artifact_id, coalesce(compiled_stem(device_path), CASE WHEN device_path LIKE '%.jar' THEN substr(device_path, 1, length(device_path) - 4) ELSE device_path END)
             FROM SIDE_artifact WHERE device_path IS NOT NULL AND kind NOT IN ('folder', 'symlink') AND artifact_id NOT IN (SELECT artifact_id FROM SIDE_app_of)
  UNION SELECT a.artifact_id, outside.app FROM outside JOIN SIDE_artifact a ON a.parent_id = outside.artifact_id WHERE a.device_path IS NULL)
SELECT artifact_id, min(app) FROM outside WHERE artifact_id NOT IN (SELECT artifact_id FROM SIDE_app_of) GROUP BY artifact_id;
)";

// compiled_stem(path): null when the file is no compiled code.
void compiled_stem(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* path = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
  const std::string stem = path ? flow::compiled_stem(std::string_view(path, static_cast<std::size_t>(sqlite3_value_bytes(values[0])))) : std::string();
  if (stem.empty()) return sqlite3_result_null(context);
  sqlite3_result_text64(context, stem.data(), stem.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// Which policy a row of SELinux is of: recovery has its own beside that of the phone. Where each build holds one, it is the same
// one in another place, and has no name.
constexpr std::string_view kPolicies = R"(
CREATE TABLE SIDE_policy_of AS SELECT a.artifact_id, coalesce(a.device_path, a.path) AS policy FROM SIDE_artifact a WHERE a.artifact_id IN (SELECT artifact_id FROM SIDE_selinux_domain UNION SELECT artifact_id FROM SIDE_selinux_access);
CREATE UNIQUE INDEX SIDE_policy_of_artifact ON SIDE_policy_of(artifact_id);
)";
constexpr const char* kOnePolicy = R"(
CREATE TEMP TABLE one_policy AS SELECT (SELECT count(DISTINCT policy) FROM old_policy_of) <= 1 AND (SELECT count(DISTINCT policy) FROM new_policy_of) <= 1 AS yes;
UPDATE old_policy_of SET policy = '' WHERE (SELECT yes FROM one_policy);
UPDATE new_policy_of SET policy = '' WHERE (SELECT yes FROM one_policy);
DROP TABLE one_policy;
)";

constexpr const char* kBoth = R"(
CREATE TABLE app_in_both AS SELECT app FROM old_app_of INTERSECT SELECT app FROM new_app_of;
CREATE INDEX app_in_both_by_name ON app_in_both(app);
)";

std::vector<std::string> steps() {
  return {std::string(kPackages), for_side(kApps, true), for_side(kApps, false), std::string(kBoth), std::string(kActors), std::string(kFiles), for_side(kPolicies, true), for_side(kPolicies, false), std::string(kOnePolicy)};
}

bool make_power_kinds(sqlite3* db) {
  if (!sql::execute(db, "CREATE TABLE power_kind (power PRIMARY KEY, over, title_en, title_nl)")) return false;
  sql::Statement insert(db, "INSERT INTO power_kind VALUES (?, ?, ?, ?)");
  for (const data::Power& p : data::powers())
    if (!insert.bind(1, p.id).bind(2, p.over).bind(3, p.title_en).bind(4, p.title_nl).run()) return false;
  return true;
}

}  // namespace

std::string sql_of_pairs() {
  std::string text;
  for (const std::string& sql : steps()) text += sql + "\n";
  return text;
}

bool make_pairs(sqlite3* db) {
  if (sqlite3_create_function_v2(db, "compiled_stem", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr, compiled_stem, nullptr, nullptr, nullptr) != SQLITE_OK) return false;
  for (const std::string& sql : steps())
    if (!sql::execute(db, sql)) return false;
  return make_power_kinds(db);
}

}  // namespace klik::compare
