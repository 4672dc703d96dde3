// Native code of the real pair, judged by its sections: what was only linked anew gives no change of functions.
#include <gtest/gtest.h>

#include <algorithm>
#include <sys/wait.h>

#include <nlohmann/json.hpp>
#include <set>

#include "formats/native/elf.h"
#include "support/evidence.h"
#include "support/files.h"

namespace klik {
namespace {

const std::string kOld = "blu-vivo5r-2016-08", kNew = "blu-vivo5r-2017-04";

Bytes content(const elf::File& file, std::string_view section) {
  const elf::Section* s = file.section(section);
  if (!s || s->type == elf::kNoBits) return {};
  const auto bytes = file.bytes().slice(s->offset, s->size);
  return bytes ? *bytes : Bytes();
}

// "/system/lib/libx.so" of ELF files of both builds that differ, without compiled Java code; and those whose code and constants are equal.
struct Pairs {
  std::set<std::string> differ, same_code, same_but_build_id;
};

Pairs pairs_of(const std::filesystem::path& folder) {
  Pairs out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / kOld)) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    const auto relative = std::filesystem::relative(entry.path(), folder / kOld);
    if (!std::filesystem::is_regular_file(folder / kNew / relative) || relative.extension() == ".odex") continue;
    const auto old_bytes = test::read_file(entry.path()), new_bytes = test::read_file(folder / kNew / relative);
    const auto old_file = elf::File::read(Bytes(old_bytes)), new_file = elf::File::read(Bytes(new_bytes));
    if (!old_file || !new_file || old_bytes == new_bytes) continue;
    const std::string path = "/" + relative.string();
    out.differ.insert(path);
    const auto equal = [&](std::string_view section) { return content(*old_file, section).text() == content(*new_file, section).text(); };
    if (equal(".text") && equal(".rodata") && !content(*old_file, ".text").empty()) out.same_code.insert(path);
    bool others = old_file->sections().size() == new_file->sections().size();
    for (const elf::Section& s : old_file->sections()) others = others && (s.name == ".note.gnu.build-id" || equal(s.name));
    if (others) out.same_but_build_id.insert(path);
  }
  return out;
}

TEST(RealNative, CodeThatWasOnlyLinkedAnewGivesNoChange) {
  KLIK_NEEDS_EVIDENCE();
  const test::ScratchFolder folder;
  for (const std::string& build : {kOld, kNew}) {
    const std::string archive = "'" + test::evidence() + "/firmware/" + build + ".tar.zst'";
    ASSERT_EQ(test::run("tar --zstd -xf " + archive + " -C '" + folder.path().string() + "'").status, 0);
    test::run(std::string(KLIK_BINARY) + " scan " + archive + " --case '" + (folder.path() / (build + ".case")).string() + "' 2>&1");
  }
  const Pairs pairs = pairs_of(folder.path());
  const auto libraries = [](const std::set<std::string>& paths) { return std::ranges::count_if(paths, [](const std::string& p) { return p.ends_with(".so"); }); };
  EXPECT_EQ(libraries(pairs.differ), 143);
  EXPECT_EQ(libraries(pairs.same_but_build_id), 75);
  const test::Ran ran = test::run(std::string(KLIK_BINARY) + " diff '" + (folder.path() / (kOld + ".case")).string() + "' '" + (folder.path() / (kNew + ".case")).string() + "' --format json");
  ASSERT_EQ(WEXITSTATUS(ran.status), 0);
  const auto found = nlohmann::json::parse(ran.output, nullptr, false);
  std::set<std::string> changed, told;
  for (const auto& c : found["changes"]) {
    const std::string kind = c["kind"], subject = c["subject"];
    if (!kind.starts_with("native_")) continue;
    told.insert(subject.substr(0, subject.find(' ')));
    if (kind == "native_code_changed") changed.insert(subject);
    EXPECT_NE(kind, "native_code_unread") << subject;
  }
  for (const std::string& path : pairs.same_code) EXPECT_FALSE(changed.contains(path)) << path;
  for (const std::string& path : pairs.same_but_build_id) EXPECT_FALSE(told.contains(path)) << path;
  EXPECT_FALSE(changed.empty());
}

}  // namespace
}  // namespace klik
