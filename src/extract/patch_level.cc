// Security patch levels, of all parts of a build that state one.
#include "extract/patch_level.h"

namespace klik {
namespace {

constexpr ViewColumn kColumns[] = {
    {"build_id", "The build."},
    {"source", "build: the properties; vbmeta: a property of verified boot; boot: the header of a boot image; update: the list of an A/B update."},
    {"subject", "The property or partition; empty for the build as a whole."},
    {"level", "Year, month and mostly day: a claim. A boot image states the month only."},
    {"fact_id", "For `klikspaan why`."},
};

}  // namespace

constexpr View view_patch_level{"patch_level", "Security patch levels that parts of a build claim.", kColumns,
                           R"(SELECT build_id, 'build', '', security_patch, lower(hex(fact_id)) FROM _device_identity WHERE security_patch IS NOT NULL
UNION ALL SELECT a.build_id, 'vbmeta', d.name, d.value, lower(hex(d.fact_id)) FROM _avb_descriptor d JOIN _artifact a ON a.blob_id = d.blob_id WHERE d.type = 'property' AND d.name LIKE '%security\_patch' ESCAPE '\' AND d.value <> ''
UNION ALL SELECT a.build_id, 'boot', a.path, b.os_patch_level, lower(hex(b.fact_id)) FROM _boot_image b JOIN _artifact a ON a.blob_id = b.blob_id WHERE b.os_patch_level IS NOT NULL
UNION ALL SELECT a.build_id, 'update', '', p.security_patch_level, lower(hex(p.fact_id)) FROM _update_payload p JOIN _artifact a ON a.blob_id = p.blob_id WHERE p.security_patch_level IS NOT NULL)"};

}  // namespace klik
