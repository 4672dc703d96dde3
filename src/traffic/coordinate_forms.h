// What a place on earth may look like on the wire: decimal degrees, degrees with minutes and seconds, scaled integers, floats, geohash and
// plus code.
// Source: geohash.org (base32 of interleaved bits), Open Location Code specification (google/open-location-code), IEEE 754.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace klik::traffic {

struct CoordinateForm {
  std::string name;
  std::string bytes;       // to search for
  std::string whole;       // decimals: the degrees as given; geohash: all twelve characters
  int axis = 0;            // 0: both; 1: latitude alone; 2: longitude alone
  bool text = true;        // else binary
  bool decimals = false;   // more decimals may follow
  bool geohash = false;
  bool follows = false;    // may stand directly behind another number: its sign parts them
};

// REQUIRES: value is "lat,lon", each with three decimals or more (read_identifiers gives such).
std::vector<CoordinateForm> coordinate_forms(std::string_view value);

// Whether decimals read from the wire are a place's, cut or rounded to some length: compares as many decimals as both have, of at least
// `least` and at most seven. `degrees` as in an identifier; `wire` the same, of any length.
bool same_degrees(std::string_view degrees, std::string_view wire);

std::string geohash(double latitude, double longitude);      // twelve characters
std::string plus_code(double latitude, double longitude);    // eleven characters with the plus sign

}  // namespace klik::traffic
