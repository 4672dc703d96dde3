#include "extract/power_facts.h"

namespace klik::power_facts {
namespace {

constexpr Column kColumns[] = {
    {"actor_kind", ColumnType::text, "Kind of the actor.", true},
    {"actor", ColumnType::text, "Name of the actor.", true},
    {"path", ColumnType::text, "The artifact that it is.", true},
    {"power", ColumnType::text, "A file of data/powers.", true},
    {"held_by", ColumnType::text, "The right that allows it; null when none is held: code without a right.", false, true},
    {"code", ColumnType::text, "The code that uses it, nearest to outside first; null when none was found: a right without code.", false, true},
    {"sites", ColumnType::integer, "How many places in its code use it."},
    {"reachable", ColumnType::boolean, "Whether an entry reaches that code; null when that is not known or there is no code.", false, true},
    {"entry", ColumnType::text, "The part of the app that is started.", false, true},
    {"entry_kind", ColumnType::text, "exported: anybody may start it; guarded: only who holds the guard; background: the system or the app itself starts it.", false, true},
    {"guard", ColumnType::text, "What a caller must hold, or that the code asks who called.", false, true},
    {"way", ColumnType::text, "From the entry to the code.", false, true},
    {"baseline", ColumnType::boolean, "Whether plain AOSP has a package of this name."},
};
constexpr Column kDoorColumns[] = {
    {"actor", ColumnType::text, "Name of the app.", true},
    {"path", ColumnType::text, "Its APK.", true},
    {"kind", ColumnType::text, "activity, alias, service, receiver or provider.", true},
    {"entry", ColumnType::text, "The part that anybody may start.", true},
    {"power", ColumnType::text, "A file of data/powers, to which the app holds a right.", true},
    {"code", ColumnType::text, "The code that uses it."},
    {"fixed", ColumnType::boolean, "Whether every such call that the entry reaches is given constants only, so that what it does stands in the code."},
    {"guard", ColumnType::text, "That code on the way asks who called; or a permission that everybody can have.", false, true},
    {"way", ColumnType::text, "From the entry to the code."},
};

}  // namespace

constexpr FactKind kDoor{"device.open_door", "A part of an app that anybody on the phone may start, and a power that the code it reaches uses: able, not done.", kDoorColumns};
constexpr FactKind kPower{"device.power", "What an actor is able to do to the owner: able, not done.", kColumns};

namespace {

constexpr ViewColumn kViewColumns[] = {
    {"actor_id", "Who."},
    {"power", "What: a file of data/powers."},
    {"held_by", "The right that allows it; null when none is held."},
    {"code", "The code that uses it; null when none was found."},
    {"sites", "How many places in its code use it."},
    {"reachable", "1 when an entry reaches that code, 0 when none does, null when that is not known or there is no code."},
    {"entry", "The part that is started."},
    {"entry_kind", "exported, guarded or background."},
    {"guard", "What a caller must hold, or that the code asks who called."},
    {"way", "From the entry to the code."},
    {"baseline", "1 when plain AOSP has a package of this name."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kPowerView{"power", "Who is able to do what, by which right, with which code, and whether anything reaches that code.", kViewColumns,
                          R"(SELECT d.row_id, p.power, p.held_by, p.code, p.sites, p.reachable, p.entry, p.entry_kind, p.guard, p.way, p.baseline, lower(hex(p.fact_id))
FROM _device_power p CROSS JOIN _device_actor d ON d.build_id = p.build_id AND d.kind = p.actor_kind AND d.name = p.actor AND d.path = p.path)"};

constexpr ViewColumn kDoorViewColumns[] = {
    {"package_id", "The app."},
    {"kind", "activity, alias, service, receiver or provider."},
    {"entry", "The part that anybody on the phone may start."},
    {"power", "What the code it reaches uses; the app holds a right to it."},
    {"code", "The code that uses it."},
    {"fixed", "1 when every such call that the entry reaches is given constants only; 0 when what it does may be chosen from outside."},
    {"guard", "That code on the way asks who called; null when none does."},
    {"way", "From the entry to the code."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kDoorView{"open_door", "What anybody on the phone can set in motion: exported parts of apps and the powers that their code reaches.", kDoorViewColumns,
                         R"(SELECT d.row_id, o.kind, o.entry, o.power, o.code, o.fixed, o.guard, o.way, lower(hex(o.fact_id))
FROM _device_open_door o CROSS JOIN _device_actor d ON d.build_id = o.build_id AND d.kind = 'package' AND d.name = o.actor AND d.path = o.path)"};
constexpr const View* kViews[] = {&kPowerView, &kDoorView};

}  // namespace

std::span<const View* const> views() { return kViews; }

}  // namespace klik::power_facts
