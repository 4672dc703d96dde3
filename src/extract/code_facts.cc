#include "extract/code_facts.h"

namespace klik::code_facts {
namespace {

constexpr ColumnType kText = ColumnType::text, kInteger = ColumnType::integer, kBoolean = ColumnType::boolean;

constexpr Column kDexColumns[] = {
    {"n", kInteger, "Its number in the file, from 0: a container of version 041 holds several.", true},
    {"version", kText, "035 to 041, or cdex001."},
    {"classes", kInteger, "Classes that it defines."},
    {"methods", kInteger, "Methods that it names, its own and others'."},
    {"strings", kInteger, "Texts that it holds."},
    {"code_units", kInteger, "Instructions, in units of two bytes."},
    {"checksum_ok", kBoolean, "Whether the Adler-32 of its header is right."},
    {"signature_ok", kBoolean, "Whether the SHA-1 of its header is right."},
    {"unresolved_quick", kInteger, "Instructions that the phone's compiler rewrote and that name no method or field any more."},
};
constexpr Column kReferenceColumns[] = {
    {"class", kText, "As in Java, with '.' between parts.", true},
    {"name", kText, "Of the method.", true},
    {"descriptor", kText, "Parameters and result as the DEX writes them.", true},
    {"calls", kInteger, "Instructions that call it."},
};
constexpr Column kCallSiteColumns[] = {
    {"power", kText, "The power that the call belongs to; a file of data/powers.", true},
    {"class", kText, "The class that calls.", true},
    {"method", kText, "The method that calls.", true},
    {"descriptor", kText, "Its parameters and result.", true},
    {"at", kInteger, "Place in the method, in units of two bytes.", true},
    {"callee", kText, "What is called: class, method, parameters and result."},
    {"argument", kText, "The constant it is given, where that decides or is known: a text, CLASS;->FIELD, or a number.", false, true},
    {"texts", kText, "For powers where that tells more: the first texts that the calling method names, one a line.", false, true},
};
constexpr Column kDynamicColumns[] = {
    {"kind", kText, "dex: code from a file or memory; native: a native library; reflection: a class, method or field by name.", true},
    {"class", kText, "The class that does it.", true},
    {"method", kText, "The method that does it.", true},
    {"descriptor", kText, "Its parameters and result.", true},
    {"at", kInteger, "Place in the method, in units of two bytes.", true},
    {"callee", kText, "What is called."},
    {"what", kText, "What is loaded or looked up, where it is constant.", false, true},
};
constexpr Column kGraphColumns[] = {
    {"n", kInteger, "Number of the DEX in the file, from 0.", true},
    {"graph", ColumnType::bytes, "Classes, methods and calls, packed (src/flow/code_graph.h) and compressed with zstd."},
};

constexpr Column kBodyColumns[] = {
    {"n", kInteger, "Number of the DEX in the file, from 0.", true},
    {"classes", kInteger, "Classes that it defines."},
    {"methods", kInteger, "Methods that it defines, with or without code."},
    {"prints", ColumnType::bytes, "Per method what survives renaming and reordering, packed (src/flow/code_prints.h) and compressed with zstd."},
};

}  // namespace

constexpr FactKind kDex{"code.dex", "A DEX file: bytecode of an app or of the framework.", kDexColumns};
constexpr FactKind kMethodReference{"code.method_reference", "A method of the platform that a DEX file names.", kReferenceColumns};
constexpr FactKind kCallSite{"code.call_site", "An instruction that calls what a power names. That it stands there does not show that it runs.", kCallSiteColumns};
constexpr FactKind kDynamicCode{"code.dynamic", "An instruction that loads code or looks it up by name.", kDynamicColumns};
constexpr FactKind kGraph{"code.graph", "Who calls whom in a DEX file.", kGraphColumns};
constexpr FactKind kBody{"code.body", "Prints of the code of a DEX file, by which it is known again when a rebuild has renamed it.", kBodyColumns};

}  // namespace klik::code_facts
