#include "extract/traffic_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "formats/net/link.h"
#include "formats/net/pktap.h"

namespace klik {
namespace {

// An empty frame is damaged where its link is read. What users number as their own is read only where the frame shows what it is.
bool is_read(std::uint32_t link) { return link == net::kPktapAsUser2 || net::peel_link(link, Bytes()).what != net::Carried::unsupported; }

TEST(LinkTypes, AreAllThatAreReadAndNoOthers) {
  for (std::uint32_t link = 0; link < 400; ++link) {
    const bool declared = std::ranges::find(link_types(), link, &LinkType::number) != link_types().end();
    EXPECT_EQ(declared, is_read(link)) << "link type " << link << ": src/extract/traffic_inputs.cc says what `list formats` tells";
  }
}

TEST(TrafficInputs, AreNamedOnceWithTitleAndSource) {
  for (const TrafficInput& f : traffic_inputs()) {
    EXPECT_EQ(std::ranges::count(traffic_inputs(), f.name, &TrafficInput::name), 1) << f.name;
    EXPECT_FALSE(f.title.empty() || f.limits.empty() || f.spec.empty()) << f.name;
  }
}

}  // namespace
}  // namespace klik
