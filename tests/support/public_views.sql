-- The public views of a case file as empty tables: what report pages may rely on.
CREATE TABLE input(input_id INTEGER, build_id INTEGER, name TEXT, size INTEGER, sha256 TEXT, kind TEXT);
CREATE TABLE build(build_id INTEGER, fact_id TEXT, label TEXT, maker TEXT, brand TEXT, model TEXT, fingerprint TEXT, release TEXT, security_patch TEXT, built_at, region TEXT, tags TEXT);
CREATE TABLE artifact(artifact_id INTEGER PRIMARY KEY, parent_id INTEGER, build_id INTEGER, path TEXT, device_path TEXT, kind TEXT, size INTEGER, sha256 TEXT, state TEXT, fact_id TEXT);
CREATE TABLE actor(actor_id INTEGER PRIMARY KEY, build_id INTEGER, kind TEXT, name TEXT, uid INTEGER, seclabel TEXT, artifact_id INTEGER, fact_id TEXT);
CREATE TABLE package(package_id INTEGER PRIMARY KEY, build_id INTEGER, artifact_id INTEGER, name TEXT, version_code INTEGER, version_name TEXT, min_sdk INTEGER, target_sdk INTEGER, partition TEXT, privileged INTEGER, shared_uid TEXT, signer TEXT, fact_id TEXT);
CREATE TABLE permission_grant(package_id INTEGER, permission TEXT, requested INTEGER, effective TEXT, protection TEXT, why TEXT, fact_id TEXT);
CREATE TABLE component(package_id INTEGER, kind TEXT, class TEXT, exported INTEGER, exported_why TEXT, enabled INTEGER, permission TEXT, process TEXT, action TEXT, authorities TEXT, fact_id TEXT);
CREATE TABLE intent_filter(package_id INTEGER, component_kind TEXT, class TEXT, actions TEXT, categories TEXT, data TEXT, priority INTEGER, fact_id TEXT);
CREATE TABLE signer(sha256 TEXT, build_id INTEGER, subject TEXT, issuer TEXT, valid_from, valid_to, key TEXT, known_as TEXT, packages INTEGER, files INTEGER, fact_id TEXT);
CREATE TABLE signature(package_id INTEGER, artifact_id INTEGER, sdk_from INTEGER, sdk_to INTEGER, scheme TEXT, verdict TEXT, reason TEXT, signer TEXT, fact_id TEXT);
CREATE TABLE setting(build_id INTEGER, scope TEXT, name TEXT, value TEXT, artifact_id INTEGER, fact_id TEXT);
CREATE TABLE selinux_domain(build_id INTEGER, domain TEXT, permissive INTEGER, attributes TEXT, artifact_id INTEGER, fact_id TEXT);
CREATE TABLE selinux_access(build_id INTEGER, domain TEXT, target TEXT, class TEXT, permissions TEXT, note TEXT, artifact_id INTEGER, fact_id TEXT);
CREATE TABLE coverage(build_id INTEGER, what TEXT, files_listed INTEGER, files_read INTEGER, bytes_listed INTEGER, bytes_read INTEGER);
CREATE TABLE problem(artifact_id INTEGER, at INTEGER, code TEXT, severity TEXT, what TEXT, detail TEXT, advice TEXT, fact_id TEXT);
CREATE TABLE origin(fact_id TEXT, n INTEGER, artifact_id INTEGER, at INTEGER, length INTEGER, extractor TEXT, because_fact_id TEXT);
CREATE TABLE about(key, value);
