// One pass over the code of a DEX file: its graph and prints, how often each method is called, and which methods call something
// that the caller of this wants to look at closely.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "flow/code_graph.h"
#include "flow/code_prints.h"
#include "formats/android/dex.h"

namespace klik::flow {

// A method with code, as the DEX lists it.
struct DexMethod {
  std::uint32_t class_def;
  dex::ClassMethod method;
};

struct DexScan {
  CodeGraph graph;                        // its names are borrowed from the file and from `made_names`
  CodePrints prints;                      // their texts too
  std::deque<std::string> made_names;     // what the file holds in parts: prototypes, fields
  std::vector<std::uint32_t> calls_to;    // by method index: instructions that call it
  std::vector<DexMethod> watched;         // methods that call a watched one, in the order of the file
  std::uint64_t code_units = 0;
  std::uint64_t quickened = 0;            // instructions whose target the phone's compiler replaced by a number
  std::uint64_t unread_methods = 0;       // methods whose code item or class data could not be read
  std::uint64_t first_unread_at = 0;      // where the first of them stands
};

// `watched` is indexed by method; shorter than the table means false for the rest.
DexScan scan(const dex::DexFile& file, const std::vector<bool>& watched);

// "(ILjava/lang/String;)V" of a prototype.
std::string descriptor_of(const dex::DexFile& file, std::uint32_t proto);

}  // namespace klik::flow
