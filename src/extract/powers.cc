// Who is able to do what to the owner: for each app and each power, the right that allows it joined with the code that
// uses it, and whether anything reaches that code. A right without code and code without a right are rows too.
#include "data/baseline.h"
#include "data/callbacks.h"
#include "extract/app_powers.h"
#include "extract/kept_powers.h"
#include "extract/power_facts.h"

namespace klik {
namespace {

using namespace power_facts;

constexpr std::string_view kName = "powers@1";
constexpr const FactKind* kEmits[] = {&kPower, &kDoor};

void emit(const Image& image, const AppCode& app, PowerRow& r, FactSink& sink) {
  Row row(kPower);
  row.set("actor_kind", "package").set("actor", app.name).set("path", app.path).set("power", r.power->id).set("sites", r.use.sites).set("baseline", data::in_plain_aosp(app.name));
  const auto text = [&](std::string_view column, const std::string& value) {
    if (!value.empty()) row.set(column, value);
  };
  text("held_by", r.held.by);
  text("code", r.use.code);
  row.set("reachable", r.use.reachable);
  text("entry", r.use.entry);
  text("entry_kind", r.use.entry_kind);
  text("guard", r.use.guard);
  text("way", r.use.way);
  std::vector<FactId> because{app.actor};
  because.insert(because.end(), r.held.because.begin(), r.held.because.end());
  because.insert(because.end(), r.use.because.begin(), r.use.because.end());
  sink.fact({&kPower, image.rows.build(), row.values(), {}, kName, std::move(because)});
}

void emit(const Image& image, const AppCode& app, const OpenDoor& d, FactSink& sink) {
  Row row(kDoor);
  row.set("actor", app.name).set("path", app.path).set("kind", d.entry->kind).set("entry", d.entry->class_name).set("power", d.power->id).set("code", d.code).set("fixed", d.fixed).set("way", d.way);
  if (!d.guard.empty()) row.set("guard", d.guard);
  sink.fact({&kDoor, image.rows.build(), row.values(), {}, kName, {d.entry->id, d.site->id, app.actor}});
}

AppPowers kept_powers_of(const Image& image, const AppCode& app, const flow::Platform& platform) {
  if (!image.kept) return powers_of(app, platform);
  const cache::Key key = key_of_powers(app);
  if (const auto record = image.kept->find(key))
    if (auto known = unpacked_powers(record->bytes(), app, platform)) return std::move(*known);
  AppPowers made = powers_of(app, platform);
  if (made.unreadable == 0)
    if (const std::string record = packed_powers(made, app, platform); !record.empty()) image.kept->put(key, record);
  return made;
}

void run(const Image& image, FactSink& sink) {
  flow::Platform platform;
  std::vector<std::string> texts;   // names of the platform are copied, so these go as they are used
  for (const AppGraph& g : platform_graphs(image.rows)) {
    std::string raw;
    if (!unpack_graph(g.packed, raw)) continue;
    if (const auto graph = flow::unpacked(Bytes::of(raw))) platform.add(*graph);
  }
  for (const data::PlatformClass& c : data::platform_classes()) {
    std::vector<std::string> interfaces, names(c.methods.begin(), c.methods.end());
    for (const std::string_view i : c.interfaces) interfaces.push_back(descriptor_of_class(i));
    platform.add_known(descriptor_of_class(c.name), descriptor_of_class(c.super), std::move(interfaces), std::move(names));
  }
  const std::vector<AppCode> apps = apps_of(image.rows);
  std::vector<AppPowers> results(apps.size());
  for (std::size_t i = 0; i < apps.size(); ++i)
    image.pool.add([&, i] {
      try {
        results[i] = kept_powers_of(image, apps[i], platform);
      } catch (const std::exception&) {   // a bug or no memory: one app is lost, not the run
        results[i].unreadable = 1;
      }
    });
  image.pool.wait_idle();
  for (std::size_t i = 0; i < apps.size(); ++i) {
    for (PowerRow& r : results[i].rows) emit(image, apps[i], r, sink);
    for (const OpenDoor& d : results[i].doors) emit(image, apps[i], d, sink);
    if (results[i].exhausted)
      sink.problem({fail(Code::over_budget, 0, "an app's code is too tangled to follow within the budget; what it reaches is not fully known").error(), ProblemSeverity::data_loss, apps[i].path, {}});
    if (results[i].doors_left_out)
      sink.problem({fail(Code::over_budget, 0, "an app has more open doors or calls than are followed one by one; `power` still counts them").error(), ProblemSeverity::data_loss, apps[i].path, {}});
    if (results[i].unreadable) sink.problem({fail(Code::internal, 0, "a packed code graph cannot be read").error(), ProblemSeverity::data_loss, apps[i].path, {}});
  }
}

}  // namespace

extern const ImageExtractor image_extractor_powers;
const ImageExtractor image_extractor_powers{.name = kName, .title = "Who is able to do what, by which right and with which code", .emits = kEmits, .run = run, .views = power_facts::views()};

}  // namespace klik
