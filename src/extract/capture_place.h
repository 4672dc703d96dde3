// SQL: where a file of evidence lies whose facts a view shows.
#pragma once

// Facts are about bytes. Equal bytes in two places of one build are one capture (one diary, one report): the first of them, or
// everything in it would count twice. `a`: the alias of _artifact in the query.
#define KLIK_FIRST_PLACE(a) "NOT EXISTS (SELECT 1 FROM _artifact again WHERE again.blob_id = " a ".blob_id AND again.artifact_id < " a ".artifact_id AND again.build_id = " a ".build_id)"

// To be put behind "FROM _net_something f".
#define KLIK_CAPTURES " JOIN _artifact a ON a.blob_id = f.blob_id AND " KLIK_FIRST_PLACE("a")
// Behind that, for facts on a connection. CROSS JOIN keeps the order of the loops.
#define KLIK_CONNECTION " CROSS JOIN _net_connection c ON c.number = f.connection AND c.blob_id = f.blob_id"
