// What of a DEX file's code survives a rebuild that renames and reorders it: per method a digest of the body with the
// app's own names left out, and the texts, numbers and fields of the platform that it names. Beside the graph of the same
// file (code_graph.h): classes and methods stand in the same order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "flow/code_graph.h"

namespace klik::flow {

// Something of the app's own that a body names: an index into the graph's methods or types, or something the graph does not list.
struct OwnRef {
  enum class Kind : std::uint8_t { unlisted = 0, method = 1, type = 2 } kind = Kind::unlisted;
  std::uint32_t index = 0;
  friend bool operator==(const OwnRef&, const OwnRef&) = default;
};

struct MethodPrint {
  std::uint64_t body = 0;               // of instructions without registers and own names; 0: no code
  std::uint32_t units = 0;              // of code, two bytes each
  std::uint32_t unresolved = 0;         // instructions that the phone's compiler rewrote and that name nothing any more
  std::vector<std::uint32_t> texts;     // indices into CodePrints::texts; sorted
  std::vector<std::uint32_t> fields;    // of the platform, the same table: "Landroid/os/Build;->SERIAL"; sorted
  std::vector<std::uint64_t> numbers;   // that say something; sorted
  // In the order in which the code first names them: of two bodies with equal digests the n-th are each other's.
  std::vector<OwnRef> refs;
};

struct ClassPrint {
  std::uint64_t fields = 0;             // digest of the types of its fields, own ones left out; order does not matter
  std::vector<OwnRef> field_types;      // own types of fields, in the order of the file
  std::vector<std::uint32_t> texts;     // that its static fields begin with; sorted
  std::vector<MethodPrint> methods;
};

struct CodePrints {
  std::vector<std::string_view> texts;  // borrowed from what it was built from or unpacked from
  std::vector<ClassPrint> classes;
};

// Equal prints give equal bytes.
std::string packed(const CodePrints& prints);
// Borrows texts from `bytes`. Errors: truncated, bad_value (an index past its table; classes or methods that are not those
// of the graph), unsupported (another version).
Result<CodePrints> unpacked_prints(Bytes bytes, const CodeGraph& graph);

}  // namespace klik::flow
