#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "base/hash.h"
#include "base/text.h"
#include "compare/code_marks.h"
#include "compare/comparer.h"
#include "compare/comparison.h"
#include "flow/dex_scan.h"
#include "flow/packing.h"
#include "support/dex_code.h"
#include "support/made_program.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

using test::CodeMaker;
using test::DexWriter;
using Bytes8 = std::vector<std::uint8_t>;

const DexWriter::MethodRef kExec{"Ljava/lang/Runtime;", "exec", "V", {"Ljava/lang/String;"}};
const DexWriter::MethodRef kLoader{"Ldalvik/system/DexClassLoader;", "<init>", "V", {"Ljava/lang/String;"}};
const DexWriter::MethodRef kCheck{"Landroid/content/Context;", "enforceCallingPermission", "V", {"Ljava/lang/String;", "Ljava/lang/String;"}};
const DexWriter::MethodRef kLog{"Landroid/util/Log;", "d", "V"};

// A file of code somewhere in a build; of one that was not read there is nothing but its bytes' digest.
struct Placed {
  std::string path;
  Bytes8 file;
  bool is_read = true;
};

// A build with one app, app/Tool.apk. What lies in app/Tool.apk, and in compiled files beside it, is its code.
std::string build(const std::vector<Placed>& files) {
  std::string rows = "CREATE TABLE _artifact(artifact_id, parent_id, build_id, path, device_path, kind, blob_id); CREATE TABLE _blob(blob_id, sha256); CREATE TABLE _code_graph(row_id INTEGER PRIMARY KEY, blob_id, n, graph);"
                     "CREATE TABLE _code_body(blob_id, n, classes, methods, prints); CREATE TABLE _code_dex(blob_id, n, code_units, fact_id); CREATE TABLE _code_method_reference(blob_id, \"class\", name, descriptor, fact_id);"
                     "INSERT INTO artifact(artifact_id, build_id, path, device_path, sha256) VALUES(1, 1, 'app/Tool.apk', '/system/app/Tool.apk', 'tool');"
                     "INSERT INTO package(package_id, build_id, artifact_id, name) VALUES(1, 1, 1, 'com.maker.tool');";
  std::map<std::string, std::string> holders;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& [path, file, is_read] = files[i];
    const std::string blob = std::to_string(10 + i), holder = path.substr(0, path.rfind('!'));
    const auto [parent, fresh] = holders.emplace(holder, std::to_string(900 + i));
    if (fresh) rows += "INSERT INTO _artifact VALUES(" + parent->second + ", NULL, 1, '" + holder + "', '/system/" + holder + "', 'zip', " + parent->second + ");";
    rows += "INSERT INTO _artifact VALUES(" + blob + ", " + parent->second + ", 1, '" + path + "', NULL, 'dex', " + blob + "); INSERT INTO _blob VALUES(" + blob + ", x'" + hex(Bytes(sha256(Bytes(file)))) + "');";
    if (!is_read) continue;
    const auto all = dex::DexFile::open_all(Bytes(file));
    const flow::DexScan scan = flow::scan(all.value().at(0), {});
    rows += "INSERT INTO _code_graph(blob_id, n, graph) VALUES(" + blob + ", 0, x'" + hex(Bytes::of(flow::squeezed(flow::packed(scan.graph)))) + "'); INSERT INTO _code_body VALUES(" + blob + ", 0, " + std::to_string(scan.graph.classes.size()) +
            ", 1, x'" + hex(Bytes::of(flow::squeezed(flow::packed(scan.prints)))) + "'); INSERT INTO _code_dex VALUES(" + blob + ", 0, " + std::to_string(scan.code_units) + ", x'" + std::string(32, 'a') + "');";
  }
  return rows;
}

std::string build(const std::vector<Bytes8>& files, const std::vector<Bytes8>& unread = {}) {
  std::vector<Placed> placed;
  const auto put = [&](const std::vector<Bytes8>& all, bool is_read) {
    for (const Bytes8& file : all) placed.push_back({"app/Tool.apk!classes" + (placed.empty() ? std::string() : std::to_string(placed.size() + 1)) + ".dex", file, is_read});
  };
  put(files, true);
  put(unread, false);
  return build(placed);
}

std::string shown(const Value& v) {
  if (const auto* s = std::get_if<std::string>(&v)) return *s;
  if (const auto* n = std::get_if<std::int64_t>(&v)) return std::to_string(*n);
  return "-";
}

using Row = std::map<std::string, std::string, std::less<>>;

struct Found {
  Row match;
  std::vector<Row> changes;
  std::vector<std::string> files;
  const Row* row(std::string_view what, std::string_view value) const {
    const auto at = std::ranges::find_if(changes, [&](const Row& r) { return r.at("what") == what && r.at("value") == value; });
    return at == changes.end() ? nullptr : &*at;
  }
  std::vector<std::string> spelled() const {
    std::vector<std::string> out;
    for (const Row& r : changes) out.push_back(r.at("what") + " " + r.at("value"));
    return out;
  }
};

Found compared(const std::string& before, const std::string& after) {
  const auto all = comparers();
  const Comparer& comparer = **std::ranges::find(all, std::string_view("code"), &Comparer::name);
  test::TableSide old_side(before), new_side(after);
  Pool pool(2);
  Found out;
  comparer.run({{old_side, 1}, {new_side, 1}, pool}, [&](std::size_t table, std::vector<Value> values) {
    const ComparedTable& t = comparer.tables[table];
    ASSERT_EQ(values.size(), t.columns.size()) << t.name;
    Row row;
    for (std::size_t i = 0; i < values.size(); ++i) row[std::string(t.columns[i].name)] = shown(values[i]);
    if (t.name == "code_file") out.files.push_back(row.at("side") + " " + row.at("path"));
    if (t.name == "code_match") out.match = std::move(row);
    if (t.name == "code_change") out.changes.push_back(std::move(row));
  });
  EXPECT_EQ(old_side.error() + new_side.error(), "");
  return out;
}

// One class with methods by name, each made by a function.
using Methods = std::vector<std::pair<std::string, std::function<CodeMaker()>>>;
Bytes8 dex_of(const Methods& methods, const std::function<void(DexWriter&)>& more = {}) {
  DexWriter d;
  DexWriter::Class c{.type = "Lcom/maker/tool/Worker;"};
  for (const auto& [name, make] : methods) c.methods.push_back({.name = name, .flags = 9, .code = make().in(d)});
  d.classes.push_back(std::move(c));
  if (more) more(d);
  return d.write();
}

CodeMaker work() { return CodeMaker().text(0, "working").call(0x71, kLog).number(1, 77).call(0x71, kLog).text(2, "done"); }
CodeMaker guarded() { return CodeMaker().text(0, "com.maker.RIGHT").text(1, "no").call(0x6e, kCheck, {2, 0, 1}).text(0, "guarded work").call(0x71, kLog); }
CodeMaker unguarded() { return CodeMaker().text(0, "com.maker.RIGHT").text(1, "no").text(0, "guarded work").call(0x71, kLog); }
CodeMaker running() { return work().text(3, "id").call(0x6e, kExec, {4, 3}); }
// As the phone's compiler leaves a call of a method that may be overridden: by its place in a table. { v4, v3 }
CodeMaker rewritten() { return work().text(3, "id").units({0x20e9, 0x0017, 0x0034}); }

TEST(CodeComparer, RenamedAndReorderedCodeHasNoRows) {
  const test::MadeProgram program(3);
  const Found found = compared(build(program.write(test::MadeProgram::by_author())), build(program.write(program.by_optimiser(4), 9, 2)));
  EXPECT_EQ(found.match.at("state"), "compared");
  EXPECT_EQ(found.match.at("classes_unmatched_new"), "0");
  EXPECT_GT(std::stoi(found.match.at("classes_by_structure")), 190);
  EXPECT_EQ(found.spelled(), std::vector<std::string>());
}

TEST(CodeComparer, ACallThatAnOldMethodMakesAnewIsToldWithWhatItIsFor) {
  const Found found = compared(build({dex_of({{"work", work}})}), build({dex_of({{"work", running}})}));
  const Row* call = found.row("platform_call_added", "java.lang.Runtime.exec(Ljava/lang/String;)V");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->at("mark"), "run_commands");
  EXPECT_EQ(call->at("only_here"), "1");
  EXPECT_EQ(call->at("old_class"), "com.maker.tool.Worker");
  EXPECT_EQ(call->at("method"), "work()V");
  ASSERT_TRUE(found.row("string_added", "id"));
  EXPECT_EQ(found.changes.front().at("value"), call->at("value"));
}

TEST(CodeComparer, ACheckThatIsGoneIsTold) {
  const Found found = compared(build({dex_of({{"door", guarded}, {"work", work}})}), build({dex_of({{"door", unguarded}, {"work", work}})}));
  const Row* check = found.row("platform_call_removed", "android.content.Context.enforceCallingPermission(Ljava/lang/String;Ljava/lang/String;)V");
  ASSERT_TRUE(check);
  EXPECT_EQ(check->at("mark"), "permission_check");
  // So is one that was a branch around equal calls.
  const Found branch = compared(build({dex_of({{"door", [] { return CodeMaker().number(0, 7).units({0x0038, 2}).call(0x71, kLog); }}})}), build({dex_of({{"door", [] { return CodeMaker().number(0, 7).call(0x71, kLog); }}})}));
  ASSERT_EQ(branch.changes.size(), 1u);
  EXPECT_EQ(branch.changes[0].at("what"), "method_changed");
}

// Four hundred rows are soon full of an added library.
TEST(CodeComparer, TheCapKeepsTheDangerousCallAndCountsTheRest) {
  const auto crowd = [](bool changed) {
    return [changed](DexWriter& d) {
      for (int i = 0; i < 900; ++i) {
        CodeMaker code = CodeMaker().number(0, static_cast<std::int16_t>(i)).text(1, "library " + std::to_string(i)).call(0x71, kLog);
        // New names of the platform that say nothing, and one dangerous call over and over.
        if (changed) code.call(0x71, {"Landroid/view/View;", "a" + std::to_string(1000 + i), "V"}).text(2, "text " + std::to_string(i)).call(0x71, {"Landroid/location/LocationManager;", "getLastKnownLocation", "V"});
        d.classes.push_back({.type = "La/library/Part" + std::to_string(1000 + i) + "Thing;", .methods = {{.name = "doIt", .flags = 9, .code = code.in(d)}}});
      }
    };
  };
  const auto odd = [] { return work().make(3, "Ldalvik/system/DexClassLoader;").text(4, "x").call(0x70, kLoader, {3, 4}); };
  // The method that runs things ran them before; only its check is gone, so it is a changed method among nine hundred.
  const auto runner = [](bool checks) { return [checks] { return CodeMaker().number(0, 7).units(checks ? test::Units{0x0038, 2} : test::Units{}).text(3, "ls").call(0x6e, kExec, {4, 3}); }; };
  const Found found = compared(build({dex_of({{"work", work}, {"zRun", runner(true)}}, crowd(false))}), build({dex_of({{"work", odd}, {"zRun", runner(false)}}, crowd(true))}));
  ASSERT_EQ(found.changes.size(), 400u);
  const Row* loader = found.row("platform_call_added", "dalvik.system.DexClassLoader.<init>(Ljava/lang/String;)V");
  ASSERT_TRUE(loader);
  EXPECT_EQ(loader->at("mark"), "load_code");
  EXPECT_TRUE(std::ranges::any_of(found.changes, [](const Row& r) { return r.at("what") == "method_changed" && r.at("mark") == "run_commands" && r.at("method") == "zRun()V"; }));
  EXPECT_GE(std::stoi(found.match.at("left_out")), 900 * 4 - 400);
  EXPECT_GE(std::stoi(found.match.at("left_out_marked")), 900 - 400);
}

// The call may have been there before, or not: neither is said, and nothing is hidden.
TEST(CodeComparer, CallsBehindRewrittenInstructionsAreToldAsUnsure) {
  const Found found = compared(build({dex_of({{"work", rewritten}})}), build({dex_of({{"work", running}})}));
  const Row* call = found.row("platform_call_maybe_added", "java.lang.Runtime.exec(Ljava/lang/String;)V");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->at("mark"), "run_commands");
  EXPECT_FALSE(found.row("platform_call_added", call->at("value")));
  EXPECT_EQ(found.match.at("methods_quickened_old"), "1");
  EXPECT_EQ(found.match.at("methods_quickened_new"), "0");
  EXPECT_TRUE(std::ranges::any_of(found.changes, [](const Row& r) { return r.at("what") == "method_not_compared" && r.at("mark") == "run_commands"; }));
  // The other way round likewise.
  EXPECT_TRUE(compared(build({dex_of({{"work", running}})}), build({dex_of({{"work", rewritten}})})).row("platform_call_maybe_removed", call->at("value")));
}

// A constructor is never called through a table of methods.
TEST(CodeComparer, ACallThatIsNeverRewrittenIsSure) {
  const auto loading = [] { return rewritten().make(5, "Ldalvik/system/DexClassLoader;").call(0x70, kLoader, {5, 3}); };
  EXPECT_TRUE(compared(build({dex_of({{"work", rewritten}})}), build({dex_of({{"work", loading}})})).row("platform_call_added", "dalvik.system.DexClassLoader.<init>(Ljava/lang/String;)V"));
}

TEST(CodeComparer, AFileOfCodeThatWasNotReadIsNotTakenForEqual) {
  const Bytes8 one = dex_of({{"work", work}}), other = dex_of({{"work", running}});
  EXPECT_EQ(compared(build({one}, {one}), build({one}, {other})).match.at("state"), "unread");
  EXPECT_EQ(compared(build({one}, {other}), build({one}, {other})).match.at("state"), "equal");
  // Nor what its packed form does not give.
  std::string damaged = build({other});
  damaged += "UPDATE _code_graph SET graph = x'00';";
  EXPECT_EQ(compared(build({one}), damaged).match.at("state"), "unread");
}

const std::string kExecName = "java.lang.Runtime.exec(Ljava/lang/String;)V";
const std::string kOdex = "app/oat/arm64/Tool.odex!classes.dex", kOwn = "app/Tool.apk!classes.dex";

// An app whose code is compiled and not in its archive may bring along some bytecode more. That is not its code.
TEST(CodeComparer, CargoDoesNotHideWhatAnAppWasCompiledTo) {
  const Bytes8 quiet = dex_of({{"work", work}}), loud = dex_of({{"work", running}});
  DexWriter d;
  d.classes.push_back({.type = "Lcargo/Plugin;", .methods = {{.name = "go", .flags = 9, .code = work().in(d)}}});
  const Bytes8 cargo = d.write();
  for (const std::string path : {"app/Tool.apk!assets/p.dex", "app/Tool.apk!classes2.dex", "app/Tool.apk!assets/in.apk!classes.dex"}) {
    const Found found = compared(build({{path, cargo}, {kOdex, quiet}}), build({{path, cargo}, {kOdex, loud}}));
    EXPECT_EQ(found.match.at("state"), "compared") << path;
    EXPECT_TRUE(found.row("platform_call_added", kExecName)) << path;
    // What it brings along is compared too.
    EXPECT_EQ(compared(build({{path, cargo}, {kOdex, quiet}}), build({{path, loud}, {kOdex, quiet}})).match.at("state"), "compared") << path;
  }
}

TEST(CodeComparer, WhereAnAppHoldsItsCodeTheCompiledCopyIsNotSaidToBeCompared) {
  const Bytes8 quiet = dex_of({{"work", work}}), loud = dex_of({{"work", running}});
  const Found found = compared(build({{kOwn, quiet}, {kOdex, quiet}}), build({{kOwn, quiet}, {kOdex, loud}}));
  EXPECT_EQ(found.match.at("state"), "equal");
  EXPECT_EQ(found.files, (std::vector<std::string>{"before " + kOwn, "after " + kOwn}));
  // Code of its own that cannot be read does not stand in for the other.
  const Found damaged = compared(build({{kOwn, quiet}}), build({{kOwn, quiet, false}, {kOdex, loud}}));
  EXPECT_TRUE(damaged.row("platform_call_added", kExecName));
}

// Of two classes of one name the one that runs counts, however short the other's path is.
TEST(CodeComparer, CodeThatDoesNotRunDoesNotCoverCodeThatDoes) {
  const Bytes8 quiet = dex_of({{"work", work}}), loud = dex_of({{"work", running}});
  EXPECT_TRUE(compared(build({{kOwn, quiet}, {"app/Tool.apk!a.dex", quiet}}), build({{kOwn, loud}, {"app/Tool.apk!a.dex", quiet}})).row("platform_call_added", kExecName));
}

// Encrypted code is no file of code any more.
TEST(CodeComparer, AnAppWhoseCodeCannotBeFoundInOneBuildIsTold) {
  const std::string with = build({dex_of({{"work", work}})}), without = build(std::vector<Placed>{});
  const Found gone = compared(with, without), come = compared(without, with);
  EXPECT_EQ(gone.match.at("app"), "com.maker.tool");
  EXPECT_EQ(gone.match.at("state"), "unread");
  EXPECT_EQ(gone.match.at("reason"), "no code of it was found in the new build");
  EXPECT_EQ(gone.match.at("classes_old"), "1");
  EXPECT_EQ(come.match.at("reason"), "no code of it was found in the old build");
  // Of one that says it has code, and shows none in either, nothing is known once its bytes change.
  const std::string says = "UPDATE package SET has_code = 1;", other = says + "UPDATE artifact SET sha256 = 'other';";
  EXPECT_EQ(compared(without + says, without + other).match.at("reason"), "no code of it was found in either build");
  EXPECT_TRUE(compared(without + says, without + says).match.empty());
  EXPECT_TRUE(compared(without, without + "UPDATE artifact SET sha256 = 'other';").match.empty());
  EXPECT_TRUE(compared(with, without + "DELETE FROM package;").match.empty());
}

// A head of a few bytes may promise much.
TEST(CodeComparer, CodeThatUnpacksToMoreThanThereIsRoomForIsLeftAlone) {
  const Bytes8 quiet = dex_of({{"work", work}}), loud = dex_of({{"work", running}});
  const std::string large = "UPDATE _code_graph SET graph = x'28b52ffda0ffffff0f'; UPDATE _code_body SET prints = x'28b52ffda0ffffff0f';";
  const Found found = compared(build({quiet, loud, loud}), build({loud, quiet, quiet}) + large);
  EXPECT_EQ(found.match.at("state"), "unread");
  EXPECT_EQ(found.match.at("reason"), "its code is larger than what is unpacked at a time");
  EXPECT_EQ(found.match.at("classes_new"), "3");
}

// No rows because nothing changed, and none because a case did not answer, are not the same.
TEST(CodeComparer, ACaseThatDoesNotAnswerIsSaid) {
  const std::string rows = "INSERT INTO build(build_id, digest) VALUES(1, 'd');";
  const std::string whole = build({dex_of({{"work", work}})});
  const test::DeclaredViews declared;
  test::TableSide old_side(rows + whole), new_side(rows + whole + "DROP TABLE _code_body;");
  Pool pool(1);
  Comparison comparison(declared.all(), {{old_side, 1}, {new_side, 1}, pool}, {});
  ASSERT_TRUE(comparison.valid()) << comparison.error();
  EXPECT_TRUE(std::ranges::any_of(comparison.not_compared(), [](const std::string& s) { return s.starts_with("code: ") && s.contains("_code_body"); }));
  const Table run = comparison.query("SELECT state FROM comparer_run WHERE comparer = 'code'");
  ASSERT_EQ(run.rows.size(), 1u);
  EXPECT_EQ(std::get<std::string>(run.rows[0][0]), "fault");
}

TEST(CodeMarks, NameThePowerElseThePart) {
  const auto call = [](std::string_view text) { const flow::CodeMark m = mark_of_call(text); return std::to_string(m.weight) + " " + std::string(m.name); };
  EXPECT_EQ(call("Ljava/lang/Runtime;->exec([Ljava/lang/String;)Ljava/lang/Process;"), "2 run_commands");
  EXPECT_EQ(call("Ldalvik/system/DexClassLoader;-><init>(Ljava/lang/String;)V"), "2 load_code");
  EXPECT_EQ(call("Landroid/location/LocationManager;->getLastKnownLocation(Ljava/lang/String;)Landroid/location/Location;"), "2 locate");
  EXPECT_EQ(call("Landroid/content/Context;->enforceCallingPermission(Ljava/lang/String;Ljava/lang/String;)V"), "2 permission_check");
  EXPECT_EQ(call("Ljava/net/Socket;->getPort()I"), "1 network");
  EXPECT_EQ(call("Landroid/telephony/CellInfo;->toString()Ljava/lang/String;"), "1 telephony");
  EXPECT_EQ(call("Landroid/util/Log;->d(Ljava/lang/String;)I"), "0 ");
  EXPECT_EQ(call("exec"), "0 ");
  EXPECT_EQ(call("Lx;->("), "0 ");
  EXPECT_EQ(mark_of_code_text("HTTPS://example.org/").name, "address");
  EXPECT_EQ(mark_of_code_text("hello").name, "");
}

}  // namespace
}  // namespace klik::compare
