// Looks into bodies for identifiers, for tests.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "traffic/leaks.h"

namespace klik::traffic {

inline std::vector<Identifier> listed(std::string_view text) {
  IdentifierFile file = read_identifiers(Bytes::of(text));
  EXPECT_TRUE(file.errors.empty());
  return file.identifiers;
}

struct Searcher {
  explicit Searcher(std::vector<Identifier> ids, std::vector<Salt> salts = {}) : identifiers(std::move(ids)), search(LeakSearch::of(identifiers, salts)) {}
  explicit Searcher(const IdentifierFile& file) : Searcher(file.identifiers, file.salts) {}
  std::vector<Identifier> identifiers;
  LeakSearch search;
  Connection connection;
  std::uint64_t message = 0;
  std::vector<Leak> in(std::string_view body, std::string_view type = {}, std::string_view place = "request.body", std::string_view name = {}) {
    return search.search(connection, {.message = ++message, .place = place, .name = name, .type = type, .way = Way::up, .bytes = Bytes::of(body), .coding = {}}).leaks;
  }
  std::string one(std::string_view body, std::string_view type = {}) {
    const auto leaks = in(body, type);
    std::string out;
    for (const Leak& l : leaks) out.append(out.empty() ? "" : " | ").append(l.form).append(" @ ").append(l.path).append(l.weak ? " weak" : "");
    return out;
  }
};

}  // namespace klik::traffic
