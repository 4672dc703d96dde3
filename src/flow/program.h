// The code graphs of one app linked by name: methods resolved through the app's class hierarchy and the platform's.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flow/code_graph.h"
#include "flow/platform.h"

namespace klik::flow {

using TypeId = std::uint32_t;
using SignatureId = std::uint32_t;
using MethodId = std::uint32_t;
inline constexpr std::uint32_t kNothing = ~std::uint32_t{0};
// Real hierarchies are below thirty; a hostile file may hold rings, or chains of all its classes.
inline constexpr std::size_t kDeepestHierarchy = 256;
inline constexpr std::size_t kMostAncestors = 4096;

struct ProgramCall {
  TypeId type;              // as the caller names it
  SignatureId signature;
  CallKind kind;
};

struct ProgramMethod {
  TypeId owner;
  SignatureId signature;
  std::uint32_t access;
  std::vector<ProgramCall> calls;
  std::vector<TypeId> makes, touches;
};

class Program {
 public:
  // REQUIRES: the platform and what the graphs borrow from outlive the program.
  explicit Program(const Platform& platform) : platform_(platform) {}
  // Of two classes of one name the first added is the one that runs.
  void add(const CodeGraph& graph);
  // After the last add: finds ancestors. No queries before.
  void link();

  std::size_t method_count() const { return methods_.size(); }
  std::size_t type_count() const { return types_.size(); }
  const ProgramMethod& method(MethodId id) const { return methods_[id]; }
  TypeId find_type(std::string_view descriptor) const;                        // kNothing when nothing names it
  MethodId find_method(std::string_view descriptor, std::string_view name, std::string_view proto) const;   // defined by that very class
  MethodId find_method(TypeId type, SignatureId signature) const;
  std::string_view type_name(TypeId type) const { return types_[type].name; }
  std::string_view method_name(MethodId id) const { return signatures_[methods_[id].signature].name; }
  std::string_view method_proto(MethodId id) const { return signatures_[methods_[id].signature].proto; }

  bool defined(TypeId type) const { return types_[type].defined; }
  TypeId super(TypeId type) const { return types_[type].super; }
  const std::vector<MethodId>& methods_of(TypeId type) const { return types_[type].methods; }
  // The type itself and everything it extends or implements, the platform's included; sorted.
  const std::vector<TypeId>& ancestors(TypeId type) const { return types_[type].ancestors; }

  // The method of the app that runs when `signature` is called on an object of `type`; kNothing when it is the platform's.
  MethodId resolve(TypeId type, SignatureId signature) const;
  // Whether the platform may call the method on an object of `type`: it overrides something above the app's own classes.
  // Where the platform's code is not there, every overridable method of a class with an unknown ancestor counts.
  bool may_be_called_back(TypeId type, MethodId method) const;

 private:
  struct Type {
    std::string_view name;
    bool defined = false;
    std::uint32_t access = 0;
    TypeId super = kNothing;
    std::vector<TypeId> interfaces, ancestors;
    std::vector<MethodId> methods;   // by signature
    const Platform::Class* platform = nullptr;
  };
  struct Signature {
    std::string_view name, proto;
  };
  struct PairHash {
    std::size_t operator()(const std::pair<std::string_view, std::string_view>& p) const { return static_cast<std::size_t>(signature_digest(p.first, p.second)); }
  };
  TypeId type_of(std::string_view name);
  SignatureId signature_of(std::string_view name, std::string_view proto);
  void find_ancestors(TypeId type);

  const Platform& platform_;
  std::vector<Type> types_;
  std::vector<Signature> signatures_;
  std::vector<ProgramMethod> methods_;
  std::unordered_map<std::string_view, TypeId> type_ids_;
  std::unordered_map<std::pair<std::string_view, std::string_view>, SignatureId, PairHash> signature_ids_;
};

}  // namespace klik::flow
