// The code of one DEX file as a graph: classes with their supertypes, methods, who calls whom, what is instantiated.
// Packed into a row of the case file, so that image-wide questions (which entry reaches this call, what an update
// changed) need no second reading of the bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::flow {

enum class CallKind : std::uint8_t {
  exact = 0,     // static, direct: the method named, or the one its class inherits
  open = 1,      // virtual, interface: that or any override
  super = 2,     // the one above the caller's class
};

struct Call {
  std::uint32_t method;   // index into CodeGraph::methods
  CallKind kind;
  friend auto operator<=>(const Call&, const Call&) = default;
};

struct MethodRef {
  std::uint32_t type;     // index into CodeGraph::types
  std::uint32_t name;     // indices into CodeGraph::names
  std::uint32_t proto;    // "(ILjava/lang/String;)V"
};

struct MethodBody {
  std::uint32_t method;               // index into CodeGraph::methods
  std::uint32_t access;               // access flags as in the DEX
  std::vector<Call> calls;            // sorted, without repeats
  std::vector<std::uint32_t> makes;   // types it instantiates; sorted
  std::vector<std::uint32_t> touches; // types whose static members it uses, which runs their initialisers; sorted
};

struct ClassBody {
  std::uint32_t type;
  std::uint32_t access;
  std::uint32_t super;                // kNone for java.lang.Object
  std::vector<std::uint32_t> interfaces;
  std::vector<MethodBody> methods;
};

struct CodeGraph {
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  std::vector<std::string_view> names;     // borrowed from what it was built from or unpacked from
  std::vector<std::uint32_t> types;        // names of types: descriptors "Lcom/example/A;"
  std::vector<MethodRef> methods;          // every method referred to or defined
  std::vector<ClassBody> classes;
};

// Little-endian base-128 numbers and texts, version first. Equal graphs give equal bytes.
std::string packed(const CodeGraph& graph);
// Borrows names from `bytes`. Errors: truncated, bad_value (an index past its table), unsupported (another version).
Result<CodeGraph> unpacked(Bytes bytes);

}  // namespace klik::flow
