// Which platform methods need which permission: computed from the image's own framework where its code is there, from
// the tables of data/powers otherwise.
//
// A service checks a permission in a method of its binder interface, or in a helper of it; an API class calls that
// interface. The map joins the two. Permissions that are not constants where they are checked are missed.
#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "cache/record.h"
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

// A call in the framework that asks for a permission by name.
struct Check {
  std::string permission, class_name, method, descriptor;
  FactId id;
};

// A method that needs a permission, as the map of this image's framework says.
struct Needing {
  std::string permission, class_name, name, descriptor, service;
  FactId check;
};

std::vector<Check> checks_of(const BuildRows& rows) {
  std::vector<Check> out;
  const FactKind* kind = find_kind("code.call_site");
  if (!kind) return out;
  rows.facts(*kind, [&](const FactRow& r) {
    if (text_of(*kind, r, "power") != "permission_check") return;
    const std::string_view permission = text_of(*kind, r, "argument");
    if (permission.find('.') == permission.npos || permission.find("->") != permission.npos || permission.find(' ') != permission.npos) return;
    out.push_back({std::string(permission), std::string(text_of(*kind, r, "class")), std::string(text_of(*kind, r, "method")), std::string(text_of(*kind, r, "descriptor")), r.id});
  });
  return out;
}

class Mapping {
 public:
  Mapping() : program_(none_) {}

  std::vector<Needing> run(const std::vector<AppGraph>& graphs, const std::vector<Check>& checks) {
    std::deque<std::string> texts;
    for (const AppGraph& g : graphs) {
      std::string& raw = texts.emplace_back();
      if (!unpack_graph(g.packed, raw)) continue;
      if (const auto graph = flow::unpacked(Bytes::of(raw))) program_.add(*graph);
    }
    program_.link();
    if (program_.method_count() == 0) return {};
    const auto places = places_of(checks);
    if (places.empty()) return {};
    index_callers();
    std::map<std::pair<flow::TypeId, flow::SignatureId>, std::map<std::string, FactId>> needed;   // binder method → permissions
    for (const auto& [method, found] : places)
      for (const flow::MethodId m : above(method))
        if (const flow::TypeId interface = binder_interface(m); interface != flow::kNothing)
          for (const auto& [permission, id] : found) needed[{interface, program_.method(m).signature}].emplace(permission, id);
    return apis(needed);
  }

 private:
  std::map<flow::MethodId, std::map<std::string, FactId>> places_of(const std::vector<Check>& checks) const {
    std::map<flow::MethodId, std::map<std::string, FactId>> out;
    for (const Check& c : checks)
      if (const flow::MethodId m = program_.find_method(descriptor_of_class(c.class_name), c.method, c.descriptor); m != flow::kNothing) out[m].emplace(c.permission, c.id);
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

  std::vector<Needing> apis(const std::map<std::pair<flow::TypeId, flow::SignatureId>, std::map<std::string, FactId>>& needed) const {
    std::vector<Needing> out;
    for (const auto& [binder, permissions] : needed) {
      const flow::MethodId declared = program_.find_method(binder.first, binder.second);
      const std::string service = dotted(program_.type_name(binder.first)) + "." + std::string(program_.method_name(declared));
      std::set<flow::MethodId> methods{declared};
      if (const auto by = open_callers_.find(binder); by != open_callers_.end())
        for (const flow::MethodId m : by->second)
          if (program_.type_name(program_.method(m).owner).find("$Stub") == std::string_view::npos) methods.insert(m);
      for (const flow::MethodId api : methods)
        for (const auto& [permission, check] : permissions)
          out.push_back({permission, dotted(program_.type_name(program_.method(api).owner)), std::string(program_.method_name(api)), std::string(program_.method_proto(api)), service, check});
    }
    return out;
  }

  const flow::Platform none_;
  flow::Program program_;
  Callers callers_;
  std::map<std::pair<flow::TypeId, flow::SignatureId>, std::vector<flow::MethodId>> open_callers_;
};

// The map follows from the framework's code alone, which often stays the same.
cache::Key key_of(const std::vector<AppGraph>& graphs, const std::vector<Check>& checks) {
  cache::RecordWriter w;
  w.text("permissions of methods 1");
  w.number(graphs.size());
  Hasher hasher;
  for (const AppGraph& g : graphs) {
    w.number(g.packed.size());
    hasher.update(Bytes::of(g.packed));
  }
  for (const Check& c : checks) {
    for (const std::string* t : {&c.permission, &c.class_name, &c.method, &c.descriptor}) w.text(*t);
    w.digest(Bytes(c.id));
  }
  const std::string rest = w.take();
  hasher.update(Bytes::of(rest));
  return hasher.finish_sha256();
}

std::string packed(const std::vector<Needing>& map) {
  cache::RecordWriter w;
  w.number(map.size());
  for (const Needing& n : map) {
    for (const std::string* t : {&n.permission, &n.class_name, &n.name, &n.descriptor, &n.service}) w.name(*t);
    w.digest(Bytes(n.check));
  }
  return w.take();
}

Result<std::vector<Needing>> unpacked(Bytes record) {
  cache::RecordReader r(record);
  KLIK_TRY(const std::uint64_t count, r.count(5 + std::tuple_size_v<FactId>));
  std::vector<Needing> out(count);
  for (Needing& n : out) {
    for (std::string* t : {&n.permission, &n.class_name, &n.name, &n.descriptor, &n.service}) {
      KLIK_TRY(*t, r.name());
    }
    KLIK_TRY(const Bytes check, r.digest(n.check.size()));
    copy_bytes(n.check, 0, check);
  }
  KLIK_CHECK(r.finished());
  return out;
}

std::vector<Needing> map_of(const Image& image) {
  const std::vector<AppGraph> graphs = platform_graphs(image.rows);
  const std::vector<Check> checks = checks_of(image.rows);
  if (!image.kept || graphs.empty()) return Mapping().run(graphs, checks);
  const cache::Key key = key_of(graphs, checks);
  if (const auto record = image.kept->find(key))
    if (auto known = unpacked(record->bytes())) return std::move(*known);
  std::vector<Needing> made = Mapping().run(graphs, checks);
  image.kept->put(key, packed(made));
  return made;
}

void run(const Image& image, FactSink& sink) {
  // An image may hold a part of its framework: the table stands in for the rest, permission by permission.
  std::set<std::string> computed;
  for (const Needing& n : map_of(image)) {
    computed.insert(n.permission);
    Row row(kPermissionApi);
    row.set("permission", n.permission).set("class", n.class_name).set("name", n.name).set("descriptor", n.descriptor).set("service", n.service).set("how", "computed");
    sink.fact({&kPermissionApi, image.rows.build(), row.values(), {}, kName, {n.check}});
  }
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
