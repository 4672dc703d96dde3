// Code known by what it calls of the platform: renaming classes changes neither which methods of the platform a
// package calls nor which packages lie inside it. Idea: Ma et al., "LibRadar", ICSE 2016.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/sdks.h"
#include "formats/android/dex.h"

namespace klik {

// A package with everything below it, and the platform methods that it calls.
struct PackageShape {
  std::string name;                       // "com/google/gson"; "" for everything
  std::vector<std::uint32_t> calls;       // data::shape_hash, sorted, each once
  std::uint32_t classes = 0;
  std::uint32_t first_class = 0;          // index of a class in it
};

// All packages of the file in the order of their names.
std::vector<PackageShape> package_shapes(const dex::DexFile& dex);

struct ShapeMatch {
  const data::SdkStructure* structure;
  const PackageShape* package;
  std::uint32_t matched;                  // calls in common
  double score, margin;                   // weighted share in common, and how far the next SDK is behind
};

// The best package for each structure, when it is like it by a clear margin. Calls that many SDKs make count less.
std::vector<ShapeMatch> match_shapes(std::span<const PackageShape> packages, std::span<const data::SdkStructure> structures);

// Whether a class belongs to the platform and not to the app.
bool is_platform_class(std::string_view descriptor);

}  // namespace klik
