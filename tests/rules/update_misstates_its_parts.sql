-- fires
INSERT INTO update_property(build_id, artifact_id, "key", value, holds, fact_id) VALUES(1, 1, 'FILE_HASH', 'abc=', 0, printf('%032x', 900));
INSERT INTO update_place(build_id, artifact_id, "key", name, "offset", size, holds, fact_id) VALUES(1, 1, 'ota-property-files', 'payload.bin', 4, 2, 0, printf('%032x', 901));
-- quiet: it holds, and where nothing could be compared
INSERT INTO update_property(build_id, artifact_id, "key", value, holds, fact_id) VALUES(1, 1, 'FILE_HASH', 'abc=', 1, printf('%032x', 900)), (1, 1, 'odd_switch', '0', NULL, printf('%032x', 901));
INSERT INTO update_place(build_id, artifact_id, "key", name, "offset", size, holds, fact_id) VALUES(1, 1, 'ota-property-files', 'payload.bin', 4, 2, 1, printf('%032x', 902));
