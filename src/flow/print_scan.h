// Makes the prints of a DEX file's code, method by method, for whoever walks its code anyway (dex_scan.h). What a compiler
// or packager may change without changing the program is left out: registers, moves, jumps, forms of the same
// instruction, debug info, order of tables, numbers of resources.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "flow/code_prints.h"
#include "formats/android/dex.h"

namespace klik::flow {

class PrintScan {
 public:
  explicit PrintScan(const dex::DexFile& file);

  // In the order of the file: begin_class, its fields and methods, end_class.
  void begin_class(const dex::ClassDef& def);
  void field(const dex::ClassField& field);
  void method_without_code();
  void method(const dex::CodeItem& code);
  void end_class(const dex::ClassDef& def);

  // REQUIRES: graph_type gives, by type of the file, its index in the graph or CodeGraph::kNone. Texts are borrowed from the
  // file and from `made`, which must outlive the prints.
  CodePrints take(const std::vector<std::uint32_t>& graph_type, std::deque<std::string>& made);

 private:
  struct TypeFacts {
    std::uint64_t digest;        // of its name; for the app's own types of "own" and its dimensions
    bool own;
    std::uint32_t element;       // own: the type without dimensions, itself where the file does not name that
  };
  struct MethodFacts {
    std::uint64_t digest;        // platform: of all its name; own: of its prototype
    bool own;
  };
  // Which things a method has named so far, and in what order; forgetting is a new epoch.
  struct Ordinals {
    std::vector<std::uint32_t> seen, number;
  };

  std::uint64_t ordinal(Ordinals& of, std::uint32_t index, OwnRef::Kind kind);
  std::uint64_t type_in_body(std::uint32_t type);
  std::uint64_t method_in_body(std::uint32_t method);
  std::uint64_t field_in_body(std::uint32_t field);
  std::uint64_t text_in_body(std::uint32_t string);
  std::uint64_t number_in_body(std::int64_t n);
  std::uint64_t payload_in_body(std::span<const U16le> units);
  std::uint32_t text_of_string(std::uint32_t string);
  void remember_types();
  const MethodFacts& facts_of_method(std::uint32_t method);

  const dex::DexFile& file_;
  CodePrints out_;
  std::vector<TypeFacts> types_;
  std::vector<std::uint64_t> protos_;             // digest, 0: not asked yet
  std::vector<MethodFacts> methods_;              // digest 0: not asked yet
  std::vector<std::uint64_t> strings_;            // digest, 0: not asked yet
  std::vector<std::uint32_t> text_of_string_, text_of_field_;
  std::vector<std::pair<std::uint32_t, std::string>> made_;   // texts that the file holds in parts: number in out_.texts, text
  Ordinals type_ordinals_, method_ordinals_, field_ordinals_;
  std::uint32_t epoch_ = 0, named_ = 0;
  MethodPrint now_;
  std::vector<std::uint64_t> field_digests_;
};

}  // namespace klik::flow
