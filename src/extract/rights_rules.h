// Whether a package holds a permission that it asks for: Android's rules per version, over values alone.
// Source: AOSP PackageManagerService.grantSignaturePermission (API 19 to 27), PermissionManagerService (28 to 30),
// PermissionManagerServiceImpl (31 and later), DefaultPermissionGrantPolicy.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "extract/rights_place.h"
#include "facts/fact.h"

namespace klik::rights {

// In the order of how much is held; a shared user gets the highest of its members.
enum class Effective : std::uint8_t { denied, unknown, on_request, pregranted, granted };
std::string_view effective_name(Effective effective);

struct Keys {
  std::string signer;                    // SHA-256; "" when there is none to rely on
  std::vector<std::string> ancestors;    // of a v3 lineage
};

struct Package {
  std::string name, path, shared_user;
  AppPlace place;
  bool privileged = false, persistent = false;
  int target = 1;                        // of a shared user: the lowest of its members
  Keys keys;
  FactId fact{};
  std::optional<FactId> signature;
  bool refused = false;                  // asks for a shared user whose other members have another signer
};

struct Definition {
  std::string package;                   // that declares it
  std::optional<std::uint32_t> level;    // null: a resource that is not here decides
  Keys keys;                             // of that package
  bool platform = false;                 // declared by `android`, or by the built-in table in its place
  bool assumed = false;                  // from the built-in table
  FactId fact{};
  std::vector<FactId> because;           // of an assumed one: what chose the table
};

struct Line {
  bool allowed;
  FactId fact;
};
// What the files of one partition say of privileged permissions: package, permission.
using Lines = std::map<std::pair<std::string, std::string>, Line>;

struct Reason {
  std::string text;
  std::vector<FactId> because;
};

// What the whole image says.
struct Image {
  bool present = false;                  // some package lies in a place of the system
  bool has_platform = false;             // framework-res is here
  bool complete = false;                 // … and no app is missing
  int sdk = 0;                           // the newest table's when no property file says
  bool sdk_known = false;
  Keys platform;
  Reason platform_why;
  std::string privapp_mode;              // enforce, log, "" when no property says
  std::vector<FactId> privapp_mode_because;
  std::map<std::string, Lines> privapp, oem;   // by partition
  std::map<std::uint32_t, std::map<std::string, Reason>> flag_holders;   // protection flag → packages that it is for
  std::uint32_t flags_told = 0;          // flags whose holder this image tells, even if it is nobody
  std::map<std::string, Reason> role_holders;
  std::map<std::pair<std::string, std::string>, Reason> role_gives;      // package, permission → the role that it holds
  std::map<std::pair<std::string, std::string>, Reason> first_boot;      // package, permission → why it is granted
};

struct Verdict {
  Effective effective;
  std::string why;
  std::vector<FactId> because;
};

// definition: null when nothing declares the permission.
Verdict judge(const Package& package, const std::string& permission, const Definition* definition, const Image& image);

// Whether apps of these keys get what `owner` keeps for its own signer.
bool signed_alike(const Keys& app, const Keys& owner, int sdk);

}  // namespace klik::rights
