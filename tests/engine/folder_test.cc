#include "engine/folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/as_nobody.h"
#include "support/containers.h"
#include "support/files.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

TEST(Folder, FilesThatCannotBeLookedAtAreALossThatIsSaid) {
  const test::ScratchFolder scratch;
  fs::permissions(scratch.path(), fs::perms(0755));
  const fs::path in = scratch.path() / "in";
  fs::create_directories(in / "sub");
  fs::create_directories(in / "shut");
  for (const char* name : {"top", "sub/one", "sub/two", "shut/three"}) std::ofstream(in / name) << name;
  fs::permissions(in / "sub", fs::perms(0644));    // may be listed, not entered
  fs::permissions(in / "shut", fs::perms(0311));   // the other way round
  const Budget budget;
  OpenContext context{.budget = budget, .scratch = test::scratch()};
  Result<Contents> contents = fail(Code::internal, 0, "not opened");
  {
    const test::AsNobody nobody;
    contents = open_folder(in.string(), "", context);
  }
  for (const char* name : {"sub", "shut"}) fs::permissions(in / name, fs::perms(0755));
  ASSERT_TRUE(contents);
  std::string notes;
  for (const Note& n : context.notes) notes += std::string(severity_name(n.severity)) + " " + std::string(code_name(n.error.code)) + " " + n.error.what + ": " + n.detail + "\n";
  EXPECT_NE(notes.find("data_loss io a folder cannot be listed: shut\n"), notes.npos) << notes;
  const bool either_order = notes.find("data_loss io files of a folder that cannot be looked at: sub/one, sub/two\n") != notes.npos ||
                            notes.find("data_loss io files of a folder that cannot be looked at: sub/two, sub/one\n") != notes.npos;
  EXPECT_TRUE(either_order) << notes;
}

}  // namespace
}  // namespace klik
