// Where native code says that it implements methods of Java classes: names of exported functions, and tables for RegisterNatives.
// Source: Java Native Interface Specification, "Resolving Native Method Names" and "RegisterNatives".
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "formats/native/elf_relocations.h"

namespace klik::jni {

struct Exported {
  std::string class_name;    // "com.example.Name"
  std::string method;
  std::string signature;     // "(I)" when the name tells overloaded methods apart; the result's type is not part of it
};

// What an exported function called "Java_…" implements; nothing when the name is not made as the specification says.
std::optional<Exported> demangled(std::string_view symbol);

// "(ILjava/lang/String;)V"; the "!" that some Android releases put before it is allowed.
bool is_signature(std::string_view text);

struct TableEntry {
  elf::Text name, signature;
  std::uint64_t function;      // address
  std::uint64_t at, length;    // of {name, signature, function} in the file
};

// Calls `each` for every {name, signature, function} in relocated data, in file order of addresses. Tables that code puts together
// at run time, and the class a table is registered for, are not seen.
void for_each_table_entry(const elf::File& file, const elf::Pointers& pointers, const std::function<void(const TableEntry&)>& each);

}  // namespace klik::jni
