// Prints the platform methods that a package of a DEX calls, as a row of data/sdks/structures.tsv:
//   sdk_shape DEX PACKAGE NAME VERSION      PACKAGE as com/google/gson; "" for all classes
//   sdk_shape DEX                           what is found in the DEX by the rows that are there already
// links: klik_extract
#include <cstdio>

#include "extract/code_shape.h"
#include "io/source.h"

int main(int argc, char** argv) {
  using namespace klik;
  if (argc != 2 && argc != 5) return std::puts("sdk_shape DEX [PACKAGE NAME VERSION]"), 2;
  const auto source = file_source(argv[1]);
  if (!source) return std::puts("cannot read the file"), 2;
  const auto bytes = (*source)->load();
  const auto dex = bytes ? dex::DexFile::open(bytes->bytes()) : Result<dex::DexFile>(fail(bytes.error()));
  if (!dex) return std::puts(dex.error().what), 2;
  const auto packages = package_shapes(*dex);
  if (argc == 2) {
    for (const ShapeMatch& m : match_shapes(packages, data::sdk_structures()))
      std::printf("%s %s: %s, %u calls, score %.2f, margin %.2f\n", std::string(m.structure->sdk->name).c_str(), std::string(m.structure->version).c_str(), m.package->name.c_str(), m.matched, m.score, m.margin);
    return 0;
  }
  for (const PackageShape& p : packages)
    if (p.name == argv[2]) {
      std::printf("%s\t%s\t", argv[3], argv[4]);
      for (std::size_t i = 0; i < p.calls.size(); ++i) std::printf("%s%08x", i ? " " : "", p.calls[i]);
      std::puts("");
    }
  return 0;
}
