// What a person can hand in about traffic, declared as data: for `list formats`, and so that nothing is read that is named nowhere.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace klik {

struct TrafficInput {
  std::string_view name;    // the kind of the artifact, as in the view artifact
  std::string_view title;
  std::string_view limits;
  std::string_view spec;    // document that describes it
};
std::span<const TrafficInput> traffic_inputs();

// Link types of captures whose frames are read; a test holds them against peel_link().
struct LinkType {
  std::uint32_t number;     // LINKTYPE_…
  std::string_view name;
};
std::span<const LinkType> link_types();

}  // namespace klik
