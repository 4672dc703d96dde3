#include "engine/naming.h"

#include <gtest/gtest.h>

#include <set>

#include "base/text.h"

namespace klik {
namespace {

std::vector<std::string> parts(const std::vector<std::string>& names) {
  std::vector<NamedChild> children;
  for (const std::string& n : names) children.push_back({n, "stored"});
  return path_parts(children, false);
}

using Names = std::vector<std::string>;

TEST(PathParts, RepeatedNamesAreNumbered) {
  EXPECT_EQ(parts({"a", "b", "a", "a"}), (Names{"a", "b", "a#2", "a#3"}));
}

TEST(PathParts, ANumberThatIsANameAlreadyIsPassedOver) {
  EXPECT_EQ(parts({"boot.img#2", "boot.img", "boot.img"}), (Names{"boot.img#2", "boot.img", "boot.img#3"}));
  EXPECT_EQ(parts({"boot.img", "boot.img", "boot.img#2"}), (Names{"boot.img", "boot.img#3", "boot.img#2"}));
  EXPECT_EQ(parts({"a", "a#2", "a", "a#2"}), (Names{"a", "a#2", "a#3", "a#2#2"}));
}

// Odd bytes are spelled out where a case stores them, which may be the name of something else.
TEST(PathParts, NoTwoAreStoredAlike) {
  for (const Names& names : {Names{"a\xff", text::storable("a\xff"), "a\xff"}, Names{"x", "x", "x#2", "x#3", "x"}, Names{std::string("n\0", 2), text::storable(std::string("n\0", 2))}}) {
    std::set<std::string> stored;
    for (const std::string& part : parts(names)) EXPECT_TRUE(stored.insert(text::storable(part)).second) << part;
  }
}

TEST(PathParts, ManyEqualNamesCostNoMoreThanTheirNumber) {
  const Names made = parts(Names(200000, "n"));
  EXPECT_EQ(made.back(), "n#200000");
}

}  // namespace
}  // namespace klik
