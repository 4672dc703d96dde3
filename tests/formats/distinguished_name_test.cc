#include "formats/cert/distinguished_name.h"

#include <gtest/gtest.h>

namespace klik::cert {
namespace {

TEST(DistinguishedName, GivesThePartAskedFor) {
  const std::string_view name = R"(CN=*.a.example,O=Example\, Ltd,L=S\C3\A3o Paulo,C=BR)";
  EXPECT_EQ(name_part(name, "CN"), "*.a.example");
  EXPECT_EQ(name_part(name, "O"), "Example, Ltd");
  EXPECT_EQ(name_part(name, "L"), "S\xc3\xa3o Paulo");
  EXPECT_EQ(name_part(name, "C"), "BR");
  EXPECT_EQ(name_part(name, "OU"), "");
  EXPECT_EQ(name_part(R"(CN="a, b"+UID=7, O=c)", "O"), "c");
  EXPECT_EQ(name_part(R"(CN="a, b"+UID=7, O=c)", "CN"), "a, b");
  EXPECT_EQ(name_part(R"(CN=O=x,O=y)", "O"), "y");
}

TEST(DistinguishedName, EndsOnBrokenText) {
  const std::string whole = R"(CN="a\,b\C3\",O=\)";
  for (std::size_t n = 0; n <= whole.size(); ++n) name_part(std::string_view(whole).substr(0, n), "O");
  EXPECT_EQ(name_part("", "O"), "");
  EXPECT_EQ(name_part("=,=,=", "O"), "");
}

}  // namespace
}  // namespace klik::cert
