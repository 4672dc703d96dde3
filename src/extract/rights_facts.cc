#include "extract/rights_facts.h"

namespace klik::rights_facts {
namespace {

constexpr ColumnType kText = ColumnType::text, kInteger = ColumnType::integer, kBoolean = ColumnType::boolean;

constexpr Column kPrivappColumns[] = {
    {"list", kText, "privapp, oem or signature: which kind of permissions the line is about.", true},
    {"package", kText, "The package.", true},
    {"permission", kText, "The permission.", true},
    {"allowed", kBoolean, "Whether the line allows or denies it.", true},
};
constexpr Column kAssignedColumns[] = {
    {"permission", kText, "The permission.", true},
    {"uid", kText, "The user that gets it, by name.", true},
};
constexpr Column kGroupColumns[] = {
    {"permission", kText, "Who holds this …", true},
    {"gid", kText, "… is a member of this group.", true},
};
constexpr Column kSplitColumns[] = {
    {"permission", kText, "Who asks for this …", true},
    {"implied", kText, "… asks for this too …", true},
    {"target_below", kInteger, "… when its target is below this API level; 10000 when the file says none.", true},
};
constexpr Column kDefaultGrantColumns[] = {
    {"package", kText, "The package.", true},
    {"permission", kText, "What it gets at first boot.", true},
    {"certificate", kText, "SHA-256 of the certificate that its signer must have; null when any will do.", true, true},
    {"fixed", kBoolean, "Whether the user cannot take it back.", true},
    {"exempt", kBoolean, "Whether it is exempted from the restriction of this permission.", true},
};
constexpr Column kSysconfigColumns[] = {
    {"element", kText, "What is configured, for example allow-in-power-save.", true},
    {"subject", kText, "The package, service, library or feature.", true},
    {"value", kText, "Its other attributes, attribute=value joined with semicolons.", true},
};
constexpr Column kMacSignerColumns[] = {
    {"certificate", kText, "SHA-256 of the certificate; null when the file holds a tag that the build never filled in.", true, true},
    {"seinfo", kText, "The label that its apps get; platform: the key of the system.", true},
    {"package", kText, "The one package that it is about; null when all of that signer.", true, true},
};
constexpr Column kFileColumns[] = {
    {"root", kText, "The outermost element.", true},
    {"elements", kInteger, "How many elements it has.", true},
    {"unknown", kText, "Elements that are not understood, with their number: \"name 3, other 1\"; null when all are.", true, true},
};

}  // namespace

constexpr FactKind kPrivappLine{"system.privapp_line", "A line that allows or denies a package a permission which its place alone does not give.", kPrivappColumns};
constexpr FactKind kAssigned{"system.assigned_permission", "A permission that a native user holds.", kAssignedColumns};
constexpr FactKind kGroup{"system.permission_group", "A group that comes with a permission.", kGroupColumns};
constexpr FactKind kSplit{"system.split_permission", "A request that follows from another.", kSplitColumns};
constexpr FactKind kDefaultGrant{"system.default_grant", "A permission that a package gets at first boot without the user being asked.", kDefaultGrantColumns};
constexpr FactKind kSysconfig{"system.sysconfig_line", "What the system is configured to let a package do.", kSysconfigColumns};
constexpr FactKind kMacSigner{"system.mac_signer", "A certificate whose apps get a label of their own from SELinux.", kMacSignerColumns};
constexpr FactKind kPermissionFile{"system.permission_file", "A file of permissions or of system configuration that was read.", kFileColumns};

}  // namespace klik::rights_facts
