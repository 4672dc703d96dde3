// Constants that stand outside code: values of static fields, elements of annotations, arguments of call sites.
// Source: source.android.com "Dalvik executable format", encoded_value, annotations_directory_item.
#pragma once

#include "formats/android/dex.h"

namespace klik::dex {

enum class ValueType : std::uint8_t {
  byte_value = 0x00, short_value = 0x02, char_value = 0x03, int_value = 0x04, long_value = 0x06, float_value = 0x10, double_value = 0x11,
  method_type = 0x15, method_handle = 0x16, string = 0x17, type = 0x18, field = 0x19, method = 0x1a, enum_value = 0x1b,
  array = 0x1c, annotation = 0x1d, null = 0x1e, boolean = 0x1f,
};

struct EncodedValue {
  ValueType type = ValueType::null;
  std::uint32_t depth = 0;            // 0: stands for itself; 1: an element of the array or annotation before it, and so on
  std::uint32_t position = 0;         // its number among its neighbours
  std::uint32_t element_name = kNoIndex;  // string; of an element of an annotation
  std::uint32_t index = kNoIndex;     // of a string, type, field, method, prototype or method handle; of an annotation its type
  std::uint32_t count = 0;            // elements of an array or annotation, which follow with depth + 1
  std::int64_t number = 0;            // numbers and booleans; of float and double the bits
  std::uint64_t at = 0, length = 0;   // where it stands; of arrays and annotations without what they hold
};

enum class AnnotatedKind : std::uint8_t { type, field, method, parameter };

struct Annotation {
  AnnotatedKind on = AnnotatedKind::type;
  std::uint32_t target = kNoIndex;    // the class's type, the field or the method
  std::uint32_t parameter = 0;        // its number, when on a parameter
  std::uint8_t visibility = 0;        // 0: build, 1: runtime, 2: system (written by compilers: signatures, inner classes)
  std::uint32_t type = kNoIndex;
  std::uint64_t at = 0;
};

// Takes values one after the other, outer before inner. A class, so that reading compiles once.
class ValueVisitor {
 public:
  virtual ~ValueVisitor() = default;
  virtual void value(const EncodedValue& value) = 0;
  // Called before the values of its elements, which have depth 0 for the elements themselves.
  virtual void annotation(const Annotation& annotation) { (void)annotation; }
};

// The array at `at` (static values, a call site): its elements have depth 0. Nesting beyond 64 is refused.
Result<void> read_values(const DexFile& dex, std::uint64_t at, ValueVisitor& visitor);
// The number of the value is the number of the static field in class data. No-op when a class has none.
inline Result<void> read_static_values(const DexFile& dex, const ClassDef& def, ValueVisitor& visitor) {
  if (def.static_values_at == 0) return {};
  return read_values(dex, def.static_values_at, visitor);
}
// All annotations of a class, its fields, methods and parameters. Those of a set that two places share come twice.
Result<void> read_annotations(const DexFile& dex, const ClassDef& def, ValueVisitor& visitor);

}  // namespace klik::dex
