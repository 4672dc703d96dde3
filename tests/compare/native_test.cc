#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "base/hash.h"
#include "compare/comparer.h"
#include "flow/native_graph.h"
#include "flow/packing.h"
#include "support/table_side.h"

namespace klik::compare {
namespace {

std::string functions(std::uint64_t hash) {
  elf::Functions all;
  elf::Function f;
  f.name = "entry";
  f.address = 64;
  f.size = 32;
  f.instructions = 8;
  f.hash = hash;
  all.list.push_back(f);
  return hex(Bytes::of(flow::squeezed(flow::packed(all))));
}

// A build with /system/lib/lib0.so, lib1.so, …: code in hex, and the digest of what lies beside it.
struct Library {
  std::string code, rest;
};
std::string build(const std::vector<Library>& libraries) {
  std::string rows = "CREATE TABLE _artifact(artifact_id, build_id, path, device_path, blob_id); CREATE TABLE _blob(blob_id, sha256); CREATE TABLE _native_code(blob_id, functions, code_bytes, writable_code, dense_bytes, rest, code, fact_id);"
                     "CREATE TABLE _native_library(blob_id, soname, needed); CREATE TABLE _native_import(blob_id, name); CREATE TABLE _native_string(blob_id, kind, value); CREATE TABLE _native_init(blob_id, kind, n, function, address);";
  for (std::size_t i = 0; i < libraries.size(); ++i) {
    const std::string id = std::to_string(10 + i), name = "lib" + std::to_string(i) + ".so";
    const auto& [code, rest] = libraries[i];
    rows += "INSERT INTO _artifact VALUES(" + id + ", 1, 'in/" + name + "', '/system/lib/" + name + "', " + id + "); INSERT INTO _blob VALUES(" + id + ", x'" + hex(as_bytes(sha256(Bytes::of(code + rest)))) + "');" +
            "INSERT INTO _native_code VALUES(" + id + ", 1, 32, 0, 0, '" + rest + "', x'" + code + "', x'" + std::string(32, 'a') + "');";
  }
  return rows;
}

struct Match {
  std::string equal, data, reason;
};
std::map<std::string, Match> compared(const std::vector<Library>& before, const std::vector<Library>& after) {
  const auto all = comparers();
  const Comparer& comparer = **std::ranges::find(all, std::string_view("native"), &Comparer::name);
  test::TableSide old_side(build(before)), new_side(build(after));
  Pool pool(2);
  std::map<std::string, Match> out;
  comparer.run({{old_side, 1}, {new_side, 1}, pool}, [&](std::size_t table, std::vector<Value> values) {
    ASSERT_EQ(values.size(), comparer.tables[table].columns.size());
    if (table != 0) return;
    const auto text = [&](std::string_view column) {
      const auto columns = comparer.tables[0].columns;
      const auto* s = std::get_if<std::string>(&values[static_cast<std::size_t>(std::ranges::find(columns, column, &ViewColumn::name) - columns.begin())]);
      return s ? *s : std::string();
    };
    out[text("path")] = {text("equal"), text("data"), text("reason")};
  });
  EXPECT_EQ(old_side.error() + new_side.error(), "");
  return out;
}

TEST(NativeComparer, EqualFunctionsAreNotAnEqualFile) {
  const auto found = compared({{functions(1), "k"}, {functions(1), "k"}, {functions(1), "k"}, {functions(1) + "00", "k"}}, {{functions(1), "k"}, {functions(1), "other"}, {functions(2), "other"}, {functions(1), "k"}});
  EXPECT_EQ(found.at("/system/lib/lib0.so").equal, "bytes");
  EXPECT_EQ(found.at("/system/lib/lib1.so").equal, "code");
  EXPECT_EQ(found.at("/system/lib/lib1.so").data, "differs");
  EXPECT_EQ(found.at("/system/lib/lib2.so").equal, "differs");
  EXPECT_EQ(found.at("/system/lib/lib2.so").data, "differs");
  EXPECT_EQ(found.at("/system/lib/lib3.so").data, "equal");
}

// A head of a few bytes may promise much; many such pairs are taken one after another, and one that is too large alone is left.
TEST(NativeComparer, FunctionsThatUnpackToMoreThanThereIsRoomForAreLeftAlone) {
  const std::string large = "28b52ffda0ffffff0f", damaged = "28b52ffda0ff000000";
  const auto found = compared({{large, "k"}, {functions(1), "k"}, {damaged, "k"}}, {{large + "00", "k"}, {large, "k"}, {functions(2), "k"}});
  EXPECT_EQ(found.at("/system/lib/lib0.so").equal, "unread");
  EXPECT_EQ(found.at("/system/lib/lib0.so").reason, "its functions are larger than what is unpacked at a time");
  EXPECT_EQ(found.at("/system/lib/lib1.so").reason, "its functions could not be read from a case");
  EXPECT_EQ(found.at("/system/lib/lib2.so").reason, "its functions could not be read from a case");
}

}  // namespace
}  // namespace klik::compare
