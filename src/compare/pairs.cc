#include "compare/pairs.h"

#include <string>

#include "compare/gathered.h"
#include "data/powers.h"

namespace klik::compare {
namespace {

// Two packages of one name in one build (a stub and its replacement) are paired in the order of their paths.
constexpr const char* kPackages = R"(
CREATE TABLE package_pair AS
WITH o AS (SELECT p.package_id AS id, p.name, coalesce(a.device_path, a.path) AS path, p.signer, row_number() OVER (PARTITION BY p.name ORDER BY coalesce(a.device_path, a.path), p.package_id) AS n
           FROM old_package p LEFT JOIN old_artifact a ON a.artifact_id = p.artifact_id),
     w AS (SELECT p.package_id AS id, p.name, coalesce(a.device_path, a.path) AS path, p.signer, row_number() OVER (PARTITION BY p.name ORDER BY coalesce(a.device_path, a.path), p.package_id) AS n
           FROM new_package p LEFT JOIN new_artifact a ON a.artifact_id = p.artifact_id),
     named AS MATERIALIZED (SELECT o.id AS before_id, w.id AS after_id FROM o JOIN w ON w.name = o.name AND w.n = o.n),
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

// The app that a file belongs to: it lies in the APK, or below the folder that the APK lies in (odex, vdex, libraries). Code
// of nobody, such as a framework library, goes by the path of the file on the phone.
constexpr std::string_view kApps = R"(
CREATE INDEX SIDE_artifact_by_place ON SIDE_artifact(device_path);
CREATE TABLE SIDE_app_of AS
WITH RECURSIVE inside(artifact_id, app) AS (SELECT artifact_id, name FROM SIDE_package UNION SELECT a.artifact_id, inside.app FROM inside JOIN SIDE_artifact a ON a.parent_id = inside.artifact_id),
  folders AS MATERIALIZED (SELECT rtrim(a.device_path, replace(a.device_path, '/', '')) AS folder, min(p.name) AS app FROM SIDE_package p JOIN SIDE_artifact a ON a.artifact_id = p.artifact_id
             WHERE a.device_path LIKE '%/%/%/%' GROUP BY folder HAVING count(*) = 1),
  beside AS MATERIALIZED (SELECT a.artifact_id, f.app FROM folders f JOIN SIDE_artifact a ON a.device_path >= f.folder AND a.device_path < f.folder || char(1114111)),
  below(artifact_id, app) AS (SELECT artifact_id, app FROM beside WHERE artifact_id NOT IN (SELECT artifact_id FROM inside)
             UNION SELECT a.artifact_id, below.app FROM below JOIN SIDE_artifact a ON a.parent_id = below.artifact_id)
SELECT artifact_id, min(app) AS app FROM (SELECT * FROM inside UNION ALL SELECT * FROM below) GROUP BY artifact_id;
CREATE UNIQUE INDEX SIDE_app_of_artifact ON SIDE_app_of(artifact_id);
INSERT INTO SIDE_app_of
WITH RECURSIVE outside(artifact_id, app) AS (SELECT artifact_id, device_path FROM SIDE_artifact WHERE device_path IS NOT NULL AND kind NOT IN ('folder', 'symlink') AND artifact_id NOT IN (SELECT artifact_id FROM SIDE_app_of)
  UNION SELECT a.artifact_id, outside.app FROM outside JOIN SIDE_artifact a ON a.parent_id = outside.artifact_id WHERE a.device_path IS NULL)
SELECT artifact_id, min(app) FROM outside WHERE artifact_id NOT IN (SELECT artifact_id FROM SIDE_app_of) GROUP BY artifact_id;
)";

constexpr const char* kBoth = R"(
CREATE TABLE app_in_both AS SELECT app FROM old_app_of INTERSECT SELECT app FROM new_app_of;
CREATE INDEX app_in_both_by_name ON app_in_both(app);
)";

bool make_power_kinds(sqlite3* db) {
  if (!sql::execute(db, "CREATE TABLE power_kind (power PRIMARY KEY, over, title_en, title_nl)")) return false;
  sql::Statement insert(db, "INSERT INTO power_kind VALUES (?, ?, ?, ?)");
  for (const data::Power& p : data::powers())
    if (!insert.bind(1, p.id).bind(2, p.over).bind(3, p.title_en).bind(4, p.title_nl).run()) return false;
  return true;
}

}  // namespace

std::string_view tables_of_pairs() { return "old_package new_package old_actor new_actor old_artifact new_artifact"; }

bool make_pairs(sqlite3* db) {
  return sql::execute(db, for_side(kApps, true)) && sql::execute(db, for_side(kApps, false)) && sql::execute(db, kBoth) && sql::execute(db, kPackages) && sql::execute(db, kActors) && sql::execute(db, kFiles) &&
         make_power_kinds(db);
}

}  // namespace klik::compare
