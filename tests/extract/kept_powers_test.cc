#include "extract/kept_powers.h"

#include <filesystem>

#include "support/files.h"
#include "support/made_app.h"

namespace klik {
namespace {

using test::CodeMaker;
using test::DexWriter;
using test::MadePhone;

const DexWriter::MethodRef kExec{"Ljava/lang/Runtime;", "exec", "Ljava/lang/Process;", {"Ljava/lang/String;"}};

std::string code() {
  DexWriter d;
  const auto receive = CodeMaker().call(0x71, {"Lp/H;", "run", "V"}).in(d);
  const auto run = CodeMaker().call(0x6e, kExec, {0, 1}).in(d);
  d.classes.push_back({.type = "Lp/R;", .superclass = "Landroid/content/BroadcastReceiver;", .methods = {{.name = "onReceive", .flags = 1, .code = receive}}});
  d.classes.push_back({.type = "Lp/H;", .methods = {{.name = "run", .flags = 9, .code = run}}});
  return test::as_text(d.write());
}

class KeptPowers : public testing::Test {
 protected:
  KeptPowers() {
    test::add_app(phone_, "p", "android.uid.system", {"android.permission.INTERNET", "android.permission.CAMERA"}, {{"receiver", ".R", true, "", "x.GO"}, {"service", ".S", true, "android.permission.DEVICE_POWER"}}, code());
    phone_.add("/system/build.prop", "prop", "ro.build.version.sdk=26\n");
    phone_.scan({"build_identity@1", "actors@1", "rights@2"});
    platform_.add_known("Landroid/content/BroadcastReceiver;", "Ljava/lang/Object;", {}, {"onReceive"});
    apps_ = apps_of(phone_);
  }
  AppCode& app() { return apps_.at(0); }
  AppPowers made() { return powers_of(app(), platform_); }

  MadePhone phone_;
  flow::Platform platform_;
  std::vector<AppCode> apps_;
};

std::string told(const AppPowers& powers) {
  std::string out;
  const auto because = [&](const std::vector<FactId>& ids) {
    for (const FactId& id : ids) out += " " + hex(Bytes(id)).substr(0, 6);
  };
  for (const PowerRow& r : powers.rows) {
    out += std::string(r.power->id) + "|" + r.held.by + "|" + r.use.code + "|" + std::to_string(r.use.sites) + "|" + (r.use.reachable ? std::to_string(*r.use.reachable) : "-") + "|" + r.use.entry + "|" + r.use.entry_kind + "|" + r.use.guard + "|" + r.use.way;
    because(r.held.because);
    because(r.use.because);
    out += "\n";
  }
  for (const OpenDoor& d : powers.doors) out += "door " + d.entry->class_name + "|" + std::string(d.power->id) + "|" + d.site->callee + "|" + d.code + "|" + d.guard + "|" + d.way + (d.fixed ? "|fixed\n" : "\n");
  return out + (powers.exhausted ? "exhausted" : "") + (powers.doors_left_out ? "left out" : "");
}

TEST_F(KeptPowers, ComeBackAsTheyWere) {
  const AppPowers powers = made();
  EXPECT_FALSE(powers.rows.empty());
  EXPECT_FALSE(powers.doors.empty());
  const std::string record = packed_powers(powers, app(), platform_);
  const auto back = unpacked_powers(Bytes::of(record), app(), platform_);
  ASSERT_TRUE(back);
  EXPECT_EQ(told(*back), told(powers));
}

// Another build states the same right under another identity: reasons must be those of the build that asks.
TEST_F(KeptPowers, NameTheReasonsOfTheBuildThatAsks) {
  const cache::Key key = key_of_powers(app());
  const std::string record = packed_powers(made(), app(), platform_);
  app().actor = {9, 9, 9};
  for (auto& [permission, grant] : app().grants) grant.id = {static_cast<std::uint8_t>(permission.size()), 7};
  EXPECT_EQ(key_of_powers(app()), key);
  const auto back = unpacked_powers(Bytes::of(record), app(), platform_);
  ASSERT_TRUE(back);
  EXPECT_EQ(told(*back), told(made()));
}

TEST_F(KeptPowers, AnotherPlatformMakesThemUnusable) {
  const std::string record = packed_powers(made(), app(), platform_);
  flow::Platform changed;
  changed.add_known("Landroid/content/BroadcastReceiver;", "Ljava/lang/Object;", {}, {"onReceive", "setResult"});
  EXPECT_FALSE(unpacked_powers(Bytes::of(record), app(), changed));
  EXPECT_FALSE(unpacked_powers(Bytes::of(record), app(), flow::Platform()));
  // A class that this app does not extend is none of its concern.
  flow::Platform larger;
  larger.add_known("Landroid/content/BroadcastReceiver;", "Ljava/lang/Object;", {}, {"onReceive"});
  larger.add_known("Landroid/view/View;", "Ljava/lang/Object;", {}, {"onDraw"});
  EXPECT_TRUE(unpacked_powers(Bytes::of(record), app(), larger));
}

TEST_F(KeptPowers, EverythingThatDecidesIsInTheKey) {
  const cache::Key key = key_of_powers(app());
  const auto changes = [&](const char* what, const std::function<void(AppCode&)>& change) {
    const AppCode before = app();
    change(app());
    EXPECT_NE(key_of_powers(app()), key) << what;
    app() = before;
  };
  changes("name", [](AppCode& a) { a.name += "x"; });
  changes("user", [](AppCode& a) { a.uid = ""; });
  changes("cleartext", [](AppCode& a) { a.cleartext = !a.cleartext.value_or(false); });
  changes("target", [](AppCode& a) { ++a.target_sdk; });
  changes("application", [](AppCode& a) { a.application = "p.App"; });
  changes("door", [](AppCode& a) { a.entries[0].door = Door::background; });
  changes("guard", [](AppCode& a) { a.entries[0].guard = "g"; });
  changes("actions", [](AppCode& a) { a.entries[0].actions = "y"; });
  changes("class", [](AppCode& a) { a.entries[0].class_name = "p.T"; });
  changes("service guard", [](AppCode& a) { a.service_guards.clear(); });
  changes("right", [](AppCode& a) { a.grants.begin()->second.effective = "denied"; });
  changes("right gone", [](AppCode& a) { a.grants.erase(a.grants.begin()); });
  // How the right came to be, and rights that no power asks for, change nothing.
  app().grants.begin()->second.why += "x";
  app().grants["com.example.OWN"] = {"granted", "", {1}};
  EXPECT_EQ(key_of_powers(app()), key);
  changes("call", [](AppCode& a) { a.sites[0].argument += "x"; });
  changes("call's place", [](AppCode& a) { a.sites[0].nested = !a.sites[0].nested; });
  changes("code", [](AppCode& a) { a.graphs[0].packed += "x"; });
  changes("copy of code", [](AppCode& a) { a.graphs.push_back(a.graphs[0]); });
  EXPECT_EQ(key_of_powers(app()), key);
}

TEST_F(KeptPowers, BrokenRecordsAreRefusedOrKeepToTheApp) {
  const std::string record = packed_powers(made(), app(), platform_);
  for (std::size_t n = 0; n < record.size(); ++n) EXPECT_FALSE(unpacked_powers(Bytes::of(std::string_view(record).substr(0, n)), app(), platform_)) << n;
  for (std::size_t at = 0; at < record.size(); ++at)
    for (const int bit : {1, 0x10, 0x80}) {
      std::string broken = record;
      broken[at] = static_cast<char>(broken[at] ^ static_cast<char>(bit));
      const auto back = unpacked_powers(Bytes::of(broken), app(), platform_);
      if (back) (void)told(*back);   // follows every pointer
    }
}

TEST_F(KeptPowers, AScanWithTheCacheStatesTheSameFacts) {
  const test::ScratchFolder scratch;
  const Budget budget;
  Pool pool(2);
  const auto powers = std::ranges::find(image_extractors(), "powers@1", [](const ImageExtractor* e) { return e->name; });
  const auto facts = [&](cache::Store* kept) {
    RecordingSink sink;
    (*powers)->run({.rows = phone_, .pool = pool, .budget = budget, .lists = {}, .open = {}, .kept = kept}, sink);
    std::vector<std::string> out;
    for (const Fact& f : sink.facts) {
      out.push_back(hex(Bytes(fact_id(f))));
      for (const FactId& id : f.because) out.back() += " " + hex(Bytes(id));
      for (const Value& v : f.values) out.back() += v.index() == 2 ? " " + std::get<2>(v) : " -";
    }
    return out;
  };
  const std::vector<std::string> want = facts(nullptr);
  EXPECT_FALSE(want.empty());
  for (const std::uint64_t added : {1u, 0u}) {
    cache::Store store((scratch.path() / "cache").string(), cache::kDefaultLimit, Sha256Digest{});
    EXPECT_EQ(facts(&store), want);
    store.finish();
    EXPECT_EQ(store.statistics().added, added);
  }
}

}  // namespace
}  // namespace klik
