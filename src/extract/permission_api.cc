// Which platform methods need which permission: computed from the image's own framework where its code is there, from
// the tables of data/powers otherwise.
//
// A service checks a permission in a method of its binder interface, or in a helper of it; an API class calls that
// interface. The map joins the two. Permissions that are not constants where they are checked are missed.
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "data/powers.h"
#include "extract/app_code.h"
#include "extract/app_reach.h"
#include "extract/columns.h"
#include "flow/program.h"

namespace klik {
namespace {

constexpr std::string_view kName = "permission_api@1";
constexpr int kHelpersFollowed = 4;   // from the check up to the interface's method

constexpr Column kColumns[] = {
    {"permission", ColumnType::text, "The permission.", true},
    {"class", ColumnType::text, "Class of the API.", true},
    {"name", ColumnType::text, "Of the method; may end with '*' in the built-in table.", true},
    {"descriptor", ColumnType::text, "Its parameters and result; null in the built-in table.", true, true},
    {"service", ColumnType::text, "The binder method that it ends in and that checks the permission; null in the built-in table.", true, true},
    {"how", ColumnType::text, "computed: from the framework of this image; table: from the built-in table, because that code is not here."},
};
constexpr FactKind kPermissionApi{"device.permission_api", "A platform method that needs a permission.", kColumns};
constexpr const FactKind* kEmits[] = {&kPermissionApi};

std::string dotted(std::string_view descriptor) {
  std::string out(descriptor.size() > 2 ? descriptor.substr(1, descriptor.size() - 2) : descriptor);
  std::ranges::replace(out, '/', '.');
  return out;
}

// Called by whom, for walking up from a check.
using Callers = std::map<flow::MethodId, std::vector<flow::MethodId>>;

class Mapping {
 public:
  Mapping(const BuildRows& rows, FactSink& sink) : rows_(rows), sink_(sink), program_(none_) {}

  // Permissions for which a check was found and followed to an API.
  std::set<std::string> run() {
    std::deque<std::string> texts;
    for (const AppGraph& g : platform_graphs(rows_)) {
      std::string& raw = texts.emplace_back();
      if (!unpack_graph(g.packed, raw)) continue;
      if (const auto graph = flow::unpacked(Bytes::of(raw))) program_.add(*graph);
    }
    program_.link();
    if (program_.method_count() == 0) return {};
    const auto checks = find_checks();
    if (checks.empty()) return {};
    index_callers();
    std::map<std::pair<flow::TypeId, flow::SignatureId>, std::map<std::string, FactId>> needed;   // binder method → permissions
    for (const auto& [method, found] : checks)
      for (const flow::MethodId m : above(method))
        if (const flow::TypeId interface = binder_interface(m); interface != flow::kNothing)
          for (const auto& [permission, id] : found) needed[{interface, program_.method(m).signature}].emplace(permission, id);
    emit(needed);
    std::set<std::string> computed;
    for (const auto& [binder, permissions] : needed)
      for (const auto& [permission, id] : permissions) computed.insert(permission);
    return computed;
  }

 private:
  std::map<flow::MethodId, std::map<std::string, FactId>> find_checks() const {
    std::map<flow::MethodId, std::map<std::string, FactId>> out;
    const FactKind* kind = find_kind("code.call_site");
    if (!kind) return out;
    rows_.facts(*kind, [&](const FactRow& r) {
      if (text_of(*kind, r, "power") != "permission_check") return;
      const std::string_view permission = text_of(*kind, r, "argument");
      if (permission.find('.') == permission.npos || permission.find("->") != permission.npos || permission.find(' ') != permission.npos) return;
      const flow::MethodId m = program_.find_method(descriptor_of_class(text_of(*kind, r, "class")), text_of(*kind, r, "method"), text_of(*kind, r, "descriptor"));
      if (m != flow::kNothing) out[m].emplace(std::string(permission), r.id);
    });
    return out;
  }

  void index_callers() {
    for (flow::MethodId m = 0; m < program_.method_count(); ++m)
      for (const flow::ProgramCall& c : program_.method(m).calls) {
        if (!program_.defined(c.type)) continue;
        if (const flow::MethodId callee = program_.resolve(c.type, c.signature); callee != flow::kNothing) callers_[callee].push_back(m);
        open_callers_[{c.type, c.signature}].push_back(m);
      }
  }

  // The method and those of its own class and the classes inside it that call it.
  std::set<flow::MethodId> above(flow::MethodId start) const {
    const auto outer = [&](flow::MethodId m) { return program_.type_name(program_.method(m).owner).substr(0, program_.type_name(program_.method(m).owner).find('$')); };
    std::set<flow::MethodId> seen{start};
    std::vector<flow::MethodId> edge{start};
    for (int step = 0; step < kHelpersFollowed && !edge.empty(); ++step) {
      std::vector<flow::MethodId> next;
      for (const flow::MethodId m : edge)
        if (const auto by = callers_.find(m); by != callers_.end())
          for (const flow::MethodId c : by->second)
            if (program_.type_name(program_.method(c).owner).starts_with(outer(start)) && seen.insert(c).second) next.push_back(c);
      edge = std::move(next);
    }
    return seen;
  }

  // The interface whose method this implements: its class extends IName$Stub, and IName declares the method.
  flow::TypeId binder_interface(flow::MethodId m) const {
    const flow::ProgramMethod& method = program_.method(m);
    for (const flow::TypeId a : program_.ancestors(method.owner)) {
      const std::string_view name = program_.type_name(a);
      if (!name.ends_with("$Stub;") || a == method.owner) continue;
      const flow::TypeId interface = program_.find_type(std::string(name.substr(0, name.size() - 6)) + ";");
      if (interface != flow::kNothing && program_.defined(interface) && program_.find_method(interface, method.signature) != flow::kNothing) return interface;
    }
    return flow::kNothing;
  }

  void emit(const std::map<std::pair<flow::TypeId, flow::SignatureId>, std::map<std::string, FactId>>& needed) {
    for (const auto& [binder, permissions] : needed) {
      const flow::MethodId declared = program_.find_method(binder.first, binder.second);
      const std::string service = dotted(program_.type_name(binder.first)) + "." + std::string(program_.method_name(declared));
      std::set<flow::MethodId> apis{declared};
      if (const auto by = open_callers_.find(binder); by != open_callers_.end())
        for (const flow::MethodId m : by->second)
          if (program_.type_name(program_.method(m).owner).find("$Stub") == std::string_view::npos) apis.insert(m);
      for (const flow::MethodId api : apis)
        for (const auto& [permission, check] : permissions) {
          Row row(kPermissionApi);
          row.set("permission", permission).set("class", dotted(program_.type_name(program_.method(api).owner))).set("name", program_.method_name(api)).set("descriptor", program_.method_proto(api));
          row.set("service", service).set("how", "computed");
          sink_.fact({&kPermissionApi, rows_.build(), row.values(), {}, kName, {check}});
        }
    }
  }

  const BuildRows& rows_;
  FactSink& sink_;
  const flow::Platform none_;
  flow::Program program_;
  Callers callers_;
  std::map<std::pair<flow::TypeId, flow::SignatureId>, std::vector<flow::MethodId>> open_callers_;
};

void run(const Image& image, FactSink& sink) {
  // An image may hold a part of its framework: the table stands in for the rest, permission by permission.
  const std::set<std::string> computed = Mapping(image.rows, sink).run();
  for (const data::Power& p : data::powers())
    for (const std::string_view right : p.rights)
      for (const data::ApiPattern& a : computed.contains(std::string(right)) ? std::span<const data::ApiPattern>() : std::span<const data::ApiPattern>(p.calls))
        for (const std::string_view c : a.classes) {
          std::string name(c);
          std::ranges::replace(name, '/', '.');
          Row row(kPermissionApi);
          row.set("permission", right).set("class", name).set("name", std::string(a.name) + (a.prefix ? "*" : "")).set("how", "table");
          sink.fact({&kPermissionApi, image.rows.build(), row.values(), {}, kName});
        }
}

constexpr ViewColumn kViewColumns[] = {
    {"build_id", "The build."},
    {"permission", "The permission."},
    {"class", "Class of the API."},
    {"name", "Of the method."},
    {"descriptor", "Its parameters and result; null in the built-in table."},
    {"service", "The binder method that checks; null in the built-in table."},
    {"how", "computed from this image's framework, or table."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kView{"permission_api", "Which platform methods need which permission.", kViewColumns,
                     R"(SELECT build_id, permission, "class", name, descriptor, service, how, lower(hex(fact_id)) FROM _device_permission_api)"};
constexpr const View* kViews[] = {&kView};

}  // namespace

extern const ImageExtractor image_extractor_permission_api;
constexpr ImageExtractor image_extractor_permission_api{.name = kName, .title = "Which platform methods need which permission", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
