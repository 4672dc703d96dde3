// What the extractor of traffic tells of a capture made by a test.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "extract/leaks.h"
#include "extract/traffic_facts.h"
#include "io/source.h"
#include "support/made_rows.h"

namespace klik::test {

// `owner`: whose identifiers are looked for; null: nobody's.
inline std::vector<Fact> facts_of_capture(const std::vector<std::uint8_t>& bytes, const OwnerIdentifiers* owner = nullptr) {
  MadeRows rows;
  rows.image("capture.pcap", "pcap", Bytes(bytes));
  RecordingSink sink;
  Pool pool(1);
  const Budget budget;
  for (const ImageExtractor* e : image_extractors())
    if (e->name == kTrafficName) e->run({.rows = rows, .pool = pool, .budget = budget, .open = [&](std::string_view, const BlobId&) { return memory_source(bytes); }, .owner = owner}, sink);
  EXPECT_TRUE(sink.problems.empty());
  return sink.facts;
}

}  // namespace klik::test
