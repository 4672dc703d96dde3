// The powers of one app: rights joined with code, and the doors that lead to it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/powers.h"
#include "extract/app_code.h"
#include "extract/app_reach.h"

namespace klik {

struct Held {
  std::string by;               // "" when no right is held
  std::vector<FactId> because;
  bool permission = false;      // by a permission, so that it is worth a row without code
  bool sure = false;            // not only by permissions of which it is unknown whether they are held
};

struct Use {
  std::string code;             // "" when there is none
  std::int64_t sites = 0;
  std::optional<bool> reachable;
  std::string entry, entry_kind, guard, way;
  std::vector<FactId> because;
};

struct PowerRow {
  const data::Power* power;
  Held held;
  Use use;
};

// An entry that stands open and what it reaches.
struct OpenDoor {
  const AppEntry* entry;
  const data::Power* power;
  const AppCallSite* site;
  std::string code, guard, way;
  bool fixed;          // every such call from this entry is given constants only
};

struct AppPowers {
  std::vector<PowerRow> rows;
  std::vector<OpenDoor> doors;
  bool doors_left_out = false;   // there were more doors or calls than are looked at one by one
  bool exhausted = false;
  std::uint64_t unreadable = 0;
  std::vector<std::string> platform_classes;   // that the result depends on, whether the platform has them or not
};

// `platform` may be empty: then what the platform calls back is taken widely.
AppPowers powers_of(const AppCode& app, const flow::Platform& platform);

// "exported", "guarded", "background".
std::string_view door_name(Door door);

}  // namespace klik
