-- fires
INSERT INTO test_key(build_id, place, subject, answer, known_as, fact_id) VALUES(1, 'ota', '/system/etc/security/otacerts.zip testkey.x509.pem', 'public', 'aosp-testkey', printf('%032x', 906));
-- quiet: a name of the test key with a key of the maker, and AOSP's own empty module
INSERT INTO test_key(build_id, place, subject, answer, known_as, fact_id) VALUES(1, 'ota', '/system/etc/security/otacerts.zip testkey.x509.pem', 'another', NULL, printf('%032x', 906)),
 (1, 'apex', '/system/apex/com.android.apex.cts.shim.apex image', 'public', 'aosp-avb-testkey-rsa4096', printf('%032x', 907));
