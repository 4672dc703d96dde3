// Resource ids of the manifest's attributes: what the phone knows them by, whatever their name string says.
// Source: AOSP frameworks/base core/res/res/values/public-final.xml.
#pragma once

#include <cstdint>
#include <string_view>

namespace klik::apk {

struct AttributeName {
  std::uint32_t id;
  std::string_view name;   // counts only in a file without resource map
};

namespace attr {
inline constexpr AttributeName
    name{0x01010003, "name"}, permission{0x01010006, "permission"}, read_permission{0x01010007, "readPermission"},
    write_permission{0x01010008, "writePermission"}, protection_level{0x01010009, "protectionLevel"},
    permission_group{0x0101000a, "permissionGroup"}, shared_user_id{0x0101000b, "sharedUserId"}, has_code{0x0101000c, "hasCode"},
    persistent{0x0101000d, "persistent"}, enabled{0x0101000e, "enabled"}, debuggable{0x0101000f, "debuggable"},
    exported{0x01010010, "exported"}, process{0x01010011, "process"}, authorities{0x01010018, "authorities"},
    grant_uri_permissions{0x0101001b, "grantUriPermissions"}, priority{0x0101001c, "priority"},
    target_package{0x01010021, "targetPackage"}, value{0x01010024, "value"}, resource{0x01010025, "resource"},
    mime_type{0x01010026, "mimeType"}, scheme{0x01010027, "scheme"}, host{0x01010028, "host"}, port{0x01010029, "port"},
    path{0x0101002a, "path"}, path_prefix{0x0101002b, "pathPrefix"}, path_pattern{0x0101002c, "pathPattern"},
    target_activity{0x01010202, "targetActivity"}, min_sdk_version{0x0101020c, "minSdkVersion"},
    version_code{0x0101021b, "versionCode"}, version_name{0x0101021c, "versionName"},
    target_sdk_version{0x01010270, "targetSdkVersion"}, max_sdk_version{0x01010271, "maxSdkVersion"},
    test_only{0x01010272, "testOnly"}, allow_backup{0x01010280, "allowBackup"}, gl_es_version{0x01010281, "glEsVersion"},
    required{0x0101028e, "required"}, ssp{0x010103e3, "ssp"}, ssp_prefix{0x010103e4, "sspPrefix"},
    ssp_pattern{0x010103e5, "sspPattern"}, category{0x010103e8, "category"}, target_name{0x0101044d, "targetName"},
    uses_cleartext_traffic{0x010104ec, "usesCleartextTraffic"}, auto_verify{0x010104ee, "autoVerify"},
    direct_boot_aware{0x01010505, "directBootAware"}, version{0x01010519, "version"},
    network_security_config{0x01010527, "networkSecurityConfig"}, target_processes{0x01010541, "targetProcesses"},
    target_sandbox_version{0x0101054c, "targetSandboxVersion"},
    cert_digest{0x01010548, "certDigest"}, required_feature{0x01010554, "requiredFeature"},
    required_not_feature{0x01010555, "requiredNotFeature"}, is_static{0x0101055a, "isStatic"},
    required_property_name{0x01010565, "requiredSystemPropertyName"}, required_property_value{0x01010566, "requiredSystemPropertyValue"},
    version_code_major{0x01010576, "versionCodeMajor"}, version_major{0x01010577, "versionMajor"},
    mime_group{0x01010615, "mimeGroup"}, path_suffix{0x0101061e, "pathSuffix"}, ssp_suffix{0x0101061f, "sspSuffix"},
    path_advanced_pattern{0x01010620, "pathAdvancedPattern"}, ssp_advanced_pattern{0x01010621, "sspAdvancedPattern"},
    uses_permission_flags{0x01010644, "usesPermissionFlags"};
}  // namespace attr

}  // namespace klik::apk
