// Which header fields are searched again, and which are known.
#include "extract/searched_fields.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

using Before = SearchedFields::Before;

traffic::Content field(std::string_view name, std::string_view value, std::string_view place = "request.header") {
  traffic::Content c{.message = 1, .place = place, .name = name, .type = {}, .bytes = Bytes::of(value), .coding = {}, .origin = {}};
  return c;
}

TEST(SearchedFields, AnEqualValueThatHeldNothingIsKnown) {
  SearchedFields fields;
  const std::string value(100, 'x');
  EXPECT_EQ(fields.ask(field("x-a", value)), Before::unknown);
  fields.searched(false);
  EXPECT_EQ(fields.ask(field("x-a", value)), Before::empty);
  EXPECT_EQ(fields.ask(field("x-b", value)), Before::unknown) << "another name";
  EXPECT_EQ(fields.ask(field("x-a", value, "response.header")), Before::unknown) << "another place";
  EXPECT_EQ(fields.ask(field("x-a", value + "y")), Before::unknown);
  EXPECT_EQ(fields.ask(field("x-", "a" + value)), Before::unknown);
}

TEST(SearchedFields, OneThatHeldSomethingIsSearchedAgain) {
  SearchedFields fields;
  const std::string value(4'096, 'x');
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(fields.ask(field("cookie", value)), Before::unknown);
    fields.searched(true);
  }
}

TEST(SearchedFields, ButALongOneNotWithoutEnd) {
  SearchedFields fields;
  const std::string value(4'097, 'x');
  for (int i = 0; i < 256; ++i) {
    ASSERT_EQ(fields.ask(field("cookie", value)), Before::unknown);
    fields.searched(true);
  }
  EXPECT_EQ(fields.ask(field("cookie", value)), Before::too_often);
  EXPECT_EQ(fields.ask(field("cookie", value + "y")), Before::unknown);
}

TEST(SearchedFields, BodiesAndShortFieldsAreNotRemembered) {
  SearchedFields fields;
  for (const auto& c : {field("", std::string_view("a body that is more than sixty-four bytes long, as bodies mostly are, sooner or later"), "request.body"), field("x-a", "short")}) {
    EXPECT_EQ(fields.ask(c), Before::unknown);
    fields.searched(false);
    EXPECT_EQ(fields.ask(c), Before::unknown);
    fields.searched(false);
  }
}

TEST(SearchedFields, WhatIsKnownIsBounded) {
  SearchedFields fields;
  std::string value(64, 'x');
  for (int i = 0; i < 8'193; ++i) {
    value.replace(0, 6, std::to_string(100'000 + i));
    ASSERT_EQ(fields.ask(field("x-a", value)), Before::unknown);
    fields.searched(false);
  }
  EXPECT_EQ(fields.ask(field("x-a", value)), Before::empty);
  value.replace(0, 6, "100000");
  EXPECT_EQ(fields.ask(field("x-a", value)), Before::unknown) << "forgotten";
}

}  // namespace
}  // namespace klik
