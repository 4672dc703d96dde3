// All code of an app in one build, however it is split over DEX files, as numbers that two builds share: the same name,
// text or platform call has the same number in both. What match.h compares.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flow/code_graph.h"
#include "flow/code_prints.h"

namespace klik::flow {

using Id = std::uint32_t;
inline constexpr Id kNoId = ~Id{0};

// Numbers for what both builds may hold. Things of a different kind never share one.
class SharedTexts {
 public:
  enum class Kind : char { name = 'n', call = 'c', field = 'f', text = 't', number = '#' };
  Id of(Kind kind, std::string_view text);
  Kind kind(Id id) const { return static_cast<Kind>(texts_[id][0]); }
  std::string_view text(Id id) const { return std::string_view(texts_[id]).substr(1); }
  std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;   // the kind, then the text
  std::unordered_map<std::string_view, Id> ids_;
  std::string key_;
};

class BuiltCode {
 public:
  struct Ref {                      // what a body names of its own; kNoId for what no class of the app is
    Id cls, method;
  };
  struct Method {
    Id owner = kNoId, name = kNoId, proto = kNoId;
    std::uint64_t shape = 0;        // of the prototype, own types left out, and what its flags say
    std::uint64_t body = 0;         // as in MethodPrint
    std::uint32_t units = 0, unresolved = 0, access = 0;
    std::uint32_t file = 0;         // which of the files added
    std::vector<Id> features;       // calls of what the app does not define, fields, texts, numbers; sorted
    std::vector<Id> exact_calls;    // those features that are called without a search for an override; sorted
    std::vector<Id> calls;          // methods of the app; sorted
    std::vector<Ref> refs;
  };
  struct Class {
    Id name = kNoId, super = kNoId;      // super: a class of the app
    std::vector<Id> interfaces;          // classes of the app
    std::vector<Id> field_types;         // classes of the app
    std::vector<Id> texts;               // features; sorted
    std::uint32_t access = 0, file = 0;
    Id first_method = 0, method_count = 0;
    std::uint64_t shape = 0;             // of everything that does not depend on names
    std::uint64_t outside = 0;           // of what it extends and implements that is not the app's, and its fields
    std::uint32_t units = 0;
  };

  explicit BuiltCode(SharedTexts& texts) : texts_(texts) {}
  // Of two classes of one name the first added is the one that runs. REQUIRES: what was added outlives link().
  void add(const CodeGraph& graph, const CodePrints& prints);
  // After the last add. No queries before.
  void link();

  const std::vector<Class>& classes() const { return classes_; }
  const std::vector<Method>& methods() const { return methods_; }
  std::string_view class_name(Id c) const { return texts_.text(classes_[c].name); }
  std::string_view method_name(Id m) const { return texts_.text(methods_[m].name); }
  std::string_view method_proto(Id m) const { return texts_.text(methods_[m].proto); }
  const SharedTexts& texts() const { return texts_; }
  Id find_class(Id name) const;

 private:
  struct Added {
    const CodeGraph* graph;
    const CodePrints* prints;
    std::vector<Id> names;             // by name of the graph, kNoId: not asked yet
    std::vector<Id> classes;           // by type of the graph: the class of the app
    std::vector<Ref> methods;          // by method of the graph, once asked
    std::vector<Id> features;          // by method of the graph: the call of what the app does not define; kNoId
    std::vector<bool> asked;           // by method of the graph
    std::vector<Id> texts, fields;     // by text of the prints
  };
  Id name_of(Added& in, std::uint32_t name);
  Id text_feature(Added& in, std::uint32_t text, bool field);
  bool is_own(std::string_view type);   // of the app, so that a rebuild may rename it
  std::uint64_t shape_of_proto(Id proto);
  Id find_method(Id cls, Id name, Id proto) const;
  void resolve(Added& in, std::uint32_t method);
  Ref resolved(Added& in, const OwnRef& ref);
  void fill_class(Added& in, std::uint32_t index);
  void fill_method(Added& in, const MethodBody& graph, const MethodPrint& print, Method& out);
  void shape_class(Id c);

  SharedTexts& texts_;
  std::vector<Class> classes_;
  std::vector<Method> methods_;
  std::vector<std::vector<Id>> by_signature_;      // by class: its methods, sorted by name and prototype
  std::vector<Id> super_name_;                     // by class: what it extends when that is not the app's
  std::vector<std::uint64_t> outside_interfaces_;
  std::deque<Added> added_;
  std::unordered_map<Id, Id> class_of_name_;
  std::unordered_map<Id, std::uint64_t> proto_shapes_;
};

}  // namespace klik::flow
