// Published keys in all places that a key decides: updates, verified boot, packages, modules.
#include "extract/test_key.h"

namespace klik {
namespace {

constexpr ViewColumn kColumns[] = {
    {"build_id", "The build."},
    {"place", "ota: keys that updates are taken from; avb: verified boot; apk: packages; apex: modules, container and image."},
    {"subject", "The file or package; null when nothing of the place is here."},
    {"answer", "public: the key is a published one, with which anybody can sign; another: it is not one of the published keys that klikspaan knows; not_there: nothing of that place is here."},
    {"known_as", "Name of the published key."},
    {"fact_id", "For `klikspaan why`; null when nothing is here."},
};

}  // namespace

constexpr View view_test_key{"test_key", "Published test keys, looked for in all four places.", kColumns,
                        R"(WITH k(build_id, place, subject, known_as, fact_id) AS (
SELECT a.build_id, 'ota', coalesce(a.device_path, nullif(a.path, ''), a.kind) || ' ' || k.entry, k.known_as, k.fact_id FROM _update_key k JOIN _artifact a ON a.blob_id = k.blob_id JOIN _update_key_place p ON p.build_id = a.build_id AND p.path = a.path
UNION ALL SELECT build_id, 'avb', CASE structure WHEN '' THEN partition ELSE structure END, known_as, fact_id FROM _avb_check WHERE what = 'signature' AND public_key_sha256 IS NOT NULL
UNION ALL SELECT a.build_id, CASE a.kind WHEN 'apk' THEN 'apk' ELSE 'apex' END, coalesce(a.device_path, nullif(a.path, ''), a.kind), max(s.known_as), min(s.fact_id) FROM _app_signer s JOIN _artifact a ON a.blob_id = s.blob_id WHERE s.role = 'signer' GROUP BY a.artifact_id
UNION ALL SELECT a.build_id, 'apex', coalesce(a.device_path, nullif(a.path, ''), a.kind) || ' image', c.known_as, c.fact_id FROM _apex_check c JOIN _artifact a ON a.blob_id = c.blob_id WHERE c.what = 'signature' AND c.public_key_sha256 IS NOT NULL)
SELECT build_id, place, subject, CASE WHEN known_as LIKE 'aosp-%' THEN 'public' ELSE 'another' END, known_as, lower(hex(fact_id)) FROM k
UNION ALL SELECT b.build_id, p.place, NULL, 'not_there', NULL, NULL FROM _scanned_build b, (SELECT 'ota' AS place UNION SELECT 'avb' UNION SELECT 'apk' UNION SELECT 'apex') p
WHERE NOT EXISTS (SELECT 1 FROM k WHERE k.build_id = b.build_id AND k.place = p.place))"};

}  // namespace klik
