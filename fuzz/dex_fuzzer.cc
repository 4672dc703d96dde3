// Reads the input as DEX, plain or compact, and visits all that it names.
// links: klik_formats
#include "formats/android/dex_values.h"
#include "formats/android/dex_walk.h"

namespace {

struct Inside : klik::dex::ValueVisitor {
  std::uint64_t size = 0;
  void value(const klik::dex::EncodedValue& v) override {
    if (v.at > size || v.length > size - v.at) __builtin_trap();   // a value may not leave the file
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace dex = klik::dex;
  const auto all = dex::DexFile::open_all(klik::Bytes(data, size));
  if (!all) return 0;
  Inside visitor;
  visitor.size = size;
  for (const dex::DexFile& file : *all) {
    for (std::uint32_t i = 0; i < file.string_count(); ++i) (void)file.string(i);
    for (std::uint32_t i = 0; i < file.class_count(); ++i) {
      (void)dex::read_static_values(file, file.class_def(i), visitor);
      (void)dex::read_annotations(file, file.class_def(i), visitor);
    }
    dex::walk_code(file, [&](const dex::ClassDef&, const dex::ClassMethod& method, const dex::CodeItem& code) {
      if (method.at >= size || code.units_at > size || 2 * code.units.size() > size - code.units_at) __builtin_trap();
      for (const dex::TryItem& t : code.tries) (void)file.handlers(code, t, [](const dex::Handler&) {});
      std::uint64_t next = 0;
      for (const dex::Instruction i : dex::Instructions(code.units)) {
        if (i.at() != next || i.length() == 0) __builtin_trap();   // instructions touch and advance
        next += i.length();
        (void)file.name_of_method(i.index());
        (void)i.target();
        if (!i.is_payload()) continue;
        if (const auto table = dex::SwitchPayload::read(i.units()))
          for (std::uint32_t n = 0; n < table->size(); ++n) (void)table->at(n);
      }
      if (next > code.units.size()) __builtin_trap();
    });
  }
  return 0;
}
