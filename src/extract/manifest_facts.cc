#include "extract/manifest_facts.h"

namespace klik::manifest_facts {
namespace {

constexpr ColumnType kText = ColumnType::text, kInteger = ColumnType::integer, kBoolean = ColumnType::boolean;

constexpr Column kPackageColumns[] = {
    {"name", kText, "Package name.", true},
    {"version_code", kInteger, "The number that Android compares, with versionCodeMajor in its upper half.", false, true},
    {"version_name", kText, "The version that people see.", false, true},
    {"min_sdk", kInteger, "Lowest API level it runs on, 1 when it says nothing; null when a resource outside decides.", false, true},
    {"target_sdk", kInteger, "The API level whose rules it asks for: declared, else min_sdk, else 1; 10000 for a code name that is not known.", false, true},
    {"max_sdk", kInteger, "Highest API level it says it runs on.", false, true},
    {"shared_uid", kText, "The user it shares with other packages of the same signer.", false, true},
    {"split", kText, "Name of the split when this APK is a part of an app.", false, true},
    {"application", kText, "Class that runs whenever any part of the app is started; null when it has none of its own.", false, true},
    {"core_app", kBoolean, "Whether it belongs to the few apps that run before the data partition is unlocked.", false, true},
    {"debuggable", kBoolean, "Whether a debugger may attach; null when a resource outside decides.", false, true},
    {"enabled", kBoolean, "Whether the app starts enabled; null when a resource outside decides.", false, true},
    {"cleartext", kBoolean, "What it says of traffic without encryption (usesCleartextTraffic); null when nothing.", false, true},
    {"backup", kBoolean, "What it says of backups of its data (allowBackup); null when nothing.", false, true},
    {"persistent", kBoolean, "Whether the system keeps it running all the time; null when a resource outside decides.", false, true},
    {"overlay_target", kText, "The package whose resources it changes when it is an overlay.", false, true},
    {"has_code", kBoolean, "True when classes.dex lies in it or its code may lie elsewhere; false when it says it has none or is a plain overlay.", false, true},
};
constexpr Column kComponentColumns[] = {
    {"package", kText, "Package name.", true},
    {"kind", kText, "activity, alias, service, receiver or provider.", true},
    {"class", kText, "The class that Android starts, with the package filled in.", true},
    {"exported", kBoolean, "Whether other apps can reach it by Android's rules; null when a resource outside decides.", false, true},
    {"exported_why", kText, "declared, default_with_filter, default_without_filter (always so for a provider from target 17 on), provider_before_17 or unknown_reference."},
    {"enabled", kBoolean, "Whether it starts enabled, its own switch and the app's taken together; null when a resource outside decides.", false, true},
    {"permission", kText, "What a caller must hold, its own or else the app's; an alias does not inherit; null when nothing is asked.", false, true},
    {"read_permission", kText, "What a reader of a provider must hold; null when nothing is asked.", false, true},
    {"write_permission", kText, "What a writer to a provider must hold; null when nothing is asked.", false, true},
    {"process", kText, "The process it runs in when that is not the package's own.", false, true},
    {"authorities", kText, "Names under which a provider is found, joined with semicolons.", false, true},
    {"grant_uri", kBoolean, "Whether a provider may grant access to single addresses around its permissions.", false, true},
    {"action", kText, "Distinct actions of its intent filters in order, joined with commas; a comma inside one is %2C.", false, true},
    {"target_class", kText, "The activity that an alias opens.", false, true},
};
constexpr Column kIntentFilterColumns[] = {
    {"package", kText, "Package name.", true},
    {"component_kind", kText, "Kind of the component it stands in.", true},
    {"class", kText, "Class of the component it stands in.", true},
    {"n", kInteger, "Its number within the component, from 0.", true},
    {"actions", kText, "Its actions in order, joined with commas; a comma inside one is %2C."},
    {"categories", kText, "Its categories in order, joined with commas; a comma inside one is %2C."},
    {"data", kText, "All of its <data> as attribute=value, joined with semicolons (one inside a value is %3B); Android combines them freely."},
    {"priority", kInteger, "Its rank among receivers of the same broadcast, 0 when it says nothing; null when a resource outside decides.", false, true},
    {"auto_verify", kBoolean, "Whether it asks that the hosts confirm it; null when it says nothing.", false, true},
};
constexpr Column kPermissionRequestColumns[] = {
    {"package", kText, "Package name.", true},
    {"permission", kText, "Name of the permission.", true},
    {"max_sdk", kInteger, "Not asked for above this API level.", false, true},
    {"sdk23", kBoolean, "Whether it is asked for on Android 6 and later only."},
    {"required", kText, "On what the request depends, joined with commas: feature:NAME must be there, !feature:NAME must not, neverForLocation promises not to derive places; null when on nothing.", false, true},
};
constexpr Column kPermissionDeclarationColumns[] = {
    {"package", kText, "Package name.", true},
    {"permission", kText, "Name of the permission.", true},
    {"protection", kText, "Its protection level in words, for example signature|privileged; null when a resource outside decides.", false, true},
    {"protection_level", kInteger, "Its protection level as written.", false, true},
    {"group", kText, "The permission group it counts itself to.", false, true},
};
constexpr Column kEntryColumns[] = {
    {"package", kText, "Package name.", true},
    {"tag", kText, "The element; queries-… for what stands in <queries>, application for attributes of <application>, varies for a value that configurations of the phone change.", true},
    {"name", kText, "What it names.", true},
    {"n", kInteger, "Its number among these rows of the manifest, from 0.", true},
    {"value", kText, "What it says: a meta-data's value, else attribute=value joined with semicolons.", false, true},
    {"owner", kText, "Class of the component it stands in; null when it stands in none.", false, true},
};

}  // namespace

constexpr FactKind kPackage{"app.package", "An app's identity, from its manifest.", kPackageColumns};
constexpr FactKind kComponent{"app.component", "A part of an app that Android can start, and who may start it.", kComponentColumns};
constexpr FactKind kIntentFilter{"app.intent_filter", "What a component listens to.", kIntentFilterColumns};
constexpr FactKind kPermissionRequest{"app.permission_request", "A permission that an app asks for; asking is not holding.", kPermissionRequestColumns};
constexpr FactKind kPermissionDeclaration{"app.permission_declaration", "A permission that an app defines.", kPermissionDeclarationColumns};
constexpr FactKind kEntry{"app.manifest_entry", "What else a manifest says: libraries, features, meta-data, protected broadcasts, overlays, queries.", kEntryColumns};

}  // namespace klik::manifest_facts
