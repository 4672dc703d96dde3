// Which methods of Java classes native code says it implements.
#include "extract/native_file.h"
#include "formats/native/jni.h"

namespace klik {
namespace {

constexpr std::string_view kName = "native_jni@1";
constexpr std::size_t kMostRows = 20'000;

constexpr Column kColumns[] = {
    {"class", ColumnType::text, "The Java class, when the name of the function tells it; a table does not.", true, true},
    {"name", ColumnType::text, "Of the method; JNI_OnLoad and JNI_OnUnload stand for themselves.", true},
    {"signature", ColumnType::text, "As the JVM writes it: from a table whole, from a name only the arguments and only when it is overloaded.", true, true},
    {"how", ColumnType::text, "export (a function called Java_…), table (for RegisterNatives) or entry (called when the library is loaded).", true},
    {"at", ColumnType::integer, "Where the function's code starts in the file; null when the file does not hold it.", false, true},
};
constexpr FactKind kJni{"native.jni", "A method of a Java class that native code implements.", kColumns};
constexpr const FactKind* kEmits[] = {&kJni};

void run(const FileItem& item, FactSink& sink) {
  const auto native = open_native(item, nullptr);
  if (!native) return;
  const elf::File& file = native->elf;
  std::size_t left = kMostRows;
  bool said = false;
  const auto emit = [&](Row& row, std::uint64_t function, std::vector<Place> origins) {
    if (left == 0) {
      if (!said) sink.problem({fail(Code::over_budget, origins[0].at, "more than 20,000 native methods in an ELF file").error(), ProblemSeverity::data_loss, {}, {}});
      said = true;
      return;
    }
    --left;
    // The lowest bit of a function's address on 32-bit arm says Thumb code.
    if (const auto at = file.offset_of(file.machine() == 40 ? function & ~std::uint64_t{1} : function)) row.set("at", static_cast<std::int64_t>(*at));
    sink.fact({&kJni, item.blob, row.values(), std::move(origins), kName});
  };
  const auto place = [&](const elf::Text& t) { return Place{item.blob, t.at, t.text.size()}; };

  for (std::uint64_t i = 1; i < file.symbols().size(); ++i) {
    const auto symbol = file.symbols().get(i);
    if (!symbol) break;
    if (symbol->imported() || symbol->local()) continue;
    Row row(kJni);
    if (symbol->name.text == "JNI_OnLoad" || symbol->name.text == "JNI_OnUnload") {
      row.set("name", symbol->name.text).set("how", "entry");
    } else if (const auto method = jni::demangled(symbol->name.text)) {
      row.set("class", method->class_name).set("name", method->method).set("how", "export");
      if (!method->signature.empty()) row.set("signature", method->signature);
    } else {
      continue;
    }
    emit(row, symbol->value, {place(symbol->name), {item.blob, symbol->at, symbol->length}});
  }

  const elf::Pointers pointers = elf::read_pointers(file);
  for (const Error& e : pointers.damage) sink.problem({e, e.code == Code::over_budget ? ProblemSeverity::data_loss : ProblemSeverity::error, {}, {}});
  jni::for_each_table_entry(file, pointers, [&](const jni::TableEntry& e) {
    Row row(kJni);
    row.set("name", e.name.text).set("signature", e.signature.text).set("how", "table");
    emit(row, e.function, {{item.blob, e.at, e.length}, place(e.name), place(e.signature)});
  });
}

constexpr ViewColumn kViewColumns[] = {
    {"artifact_id", "The library."},
    {"class", "The Java class; null when only a table says it."},
    {"name", "Of the method."},
    {"signature", "Arguments and result, as far as stated."},
    {"how", "export, table or entry."},
    {"at", "Where its code starts in the file."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"jni", "Methods of Java classes that native code says it implements.", kViewColumns,
                     R"(SELECT a.artifact_id, j.class, j.name, j.signature, j.how, j.at, lower(hex(j.fact_id)) FROM _native_jni j JOIN _artifact a ON a.blob_id = j.blob_id)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const Extractor extractor_native_jni;
constexpr Extractor extractor_native_jni{.name = kName, .title = "Java methods in native code", .emits = kEmits, .wants = is_elf, .run = run, .views = kViews};

}  // namespace klik
