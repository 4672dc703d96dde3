#include "extract/code_views.h"

namespace klik {
namespace {

#define KLIK_IN_FILES " f JOIN _artifact a ON a.blob_id = f.blob_id"

constexpr ViewColumn kDexColumns[] = {
    {"artifact_id", "The DEX."},
    {"version", "035 to 041, or cdex001."},
    {"classes", "Classes that it defines."},
    {"methods", "Methods that it names."},
    {"strings", "Texts that it holds."},
    {"code_units", "Instructions, in units of two bytes."},
    {"checksum_ok", "Whether the Adler-32 of its header is right."},
    {"signature_ok", "Whether the SHA-1 of its header is right."},
    {"unresolved_quick", "Instructions rewritten by the phone's compiler that name no target any more."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kDexView{"dex", "Files of bytecode that were read.", kDexColumns,
                        "SELECT a.artifact_id, f.version, f.classes, f.methods, f.strings, f.code_units, f.checksum_ok, f.signature_ok, f.unresolved_quick, lower(hex(f.fact_id)) FROM _code_dex" KLIK_IN_FILES};

constexpr ViewColumn kReferenceColumns[] = {
    {"artifact_id", "The DEX."},
    {"class", "A class of the platform."},
    {"name", "Of the method."},
    {"descriptor", "Its parameters and result."},
    {"calls", "Instructions that call it."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kReferenceView{"method_reference", "Methods of the platform that code calls.", kReferenceColumns,
                              R"(SELECT a.artifact_id, f."class", f.name, f.descriptor, f.calls, lower(hex(f.fact_id)) FROM _code_method_reference)" KLIK_IN_FILES};

constexpr ViewColumn kCallSiteColumns[] = {
    {"artifact_id", "The DEX."},
    {"power", "The power that the call belongs to."},
    {"class", "The class that calls."},
    {"method", "The method that calls."},
    {"descriptor", "Its parameters and result."},
    {"at", "Place in the method, in units of two bytes."},
    {"callee", "What is called."},
    {"argument", "The constant it is given, where known."},
    {"texts", "For some powers: the first texts that the calling method names, one a line."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kCallSiteView{"call_site", "Calls that powers name, wherever they stand; present, not shown to run.", kCallSiteColumns,
                             R"(SELECT a.artifact_id, f.power, f."class", f.method, f.descriptor, f.at, f.callee, f.argument, f.texts, lower(hex(f.fact_id)) FROM _code_call_site)" KLIK_IN_FILES};

constexpr ViewColumn kDynamicColumns[] = {
    {"artifact_id", "The DEX."},
    {"kind", "dex, native or reflection."},
    {"class", "The class that does it."},
    {"method", "The method that does it."},
    {"descriptor", "Its parameters and result."},
    {"at", "Place in the method, in units of two bytes."},
    {"callee", "What is called."},
    {"what", "What is loaded or looked up, where it is constant."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kDynamicView{"dynamic_code", "Code that is loaded or looked up by name while running.", kDynamicColumns,
                            R"(SELECT a.artifact_id, f.kind, f."class", f.method, f.descriptor, f.at, f.callee, f.what, lower(hex(f.fact_id)) FROM _code_dynamic)" KLIK_IN_FILES};

constexpr const View* kViews[] = {&kDexView, &kReferenceView, &kCallSiteView, &kDynamicView};

}  // namespace

std::span<const View* const> code_views() { return kViews; }

}  // namespace klik
