// Times opening DEX files and walking every instruction in them:
//   dex_bench FILE.dex...
// Prints per file and in sum: methods, instructions, references of invokes, and megabytes a second of file and of code.
// links: klik_formats
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "formats/android/dex_instructions.h"

namespace {

struct Counts {
  std::uint64_t bytes = 0, methods = 0, units = 0, instructions = 0, invokes = 0, index_sum = 0, broken = 0;
};

void walk(const klik::dex::DexFile& dex, Counts& counts) {
  counts.methods += dex.method_count();
  for (std::uint32_t i = 0; i < dex.class_count(); ++i) {
    const auto walked = dex.members(
        dex.class_def(i), [](const klik::dex::ClassField&) {},
        [&](const klik::dex::ClassMethod& method) {
          if (method.code_at == 0) return;
          const auto code = dex.code(method.code_at);
          if (!code) {
            ++counts.broken;
            return;
          }
          counts.units += code->units.size();
          for (const klik::dex::Instruction instruction : klik::dex::Instructions(code->units)) {
            ++counts.instructions;
            if (!instruction.is_invoke()) continue;
            ++counts.invokes;
            counts.index_sum += instruction.index();
          }
        });
    if (!walked) ++counts.broken;
  }
}

void print(const char* name, const Counts& c, double seconds) {
  std::printf("%s: %llu methods, %llu instructions, %llu invokes (%llx), %llu broken; %.2f ms, %.0f MB/s of file, %.0f MB/s of code\n", name,
              static_cast<unsigned long long>(c.methods), static_cast<unsigned long long>(c.instructions), static_cast<unsigned long long>(c.invokes),
              static_cast<unsigned long long>(c.index_sum), static_cast<unsigned long long>(c.broken), seconds * 1e3,
              static_cast<double>(c.bytes) / 1e6 / seconds, static_cast<double>(2 * c.units) / 1e6 / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  Counts all;
  double all_seconds = 0, walk_seconds = 0;
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
    const std::vector<std::uint8_t> file(read.begin(), read.end());
    Counts counts;
    counts.bytes = file.size();
    const auto start = std::chrono::steady_clock::now();
    const auto opened = klik::dex::DexFile::open_all(klik::Bytes(std::span(file)));
    if (!opened) {
      std::printf("%s: %s at %llu\n", argv[i], opened.error().what, static_cast<unsigned long long>(opened.error().at));
      continue;
    }
    const auto walking = std::chrono::steady_clock::now();
    for (const auto& dex : *opened) walk(dex, counts);
    const auto end = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(end - start).count();
    walk_seconds += std::chrono::duration<double>(end - walking).count();
    print(argv[i], counts, seconds);
    all_seconds += seconds;
    all.bytes += counts.bytes, all.methods += counts.methods, all.units += counts.units, all.instructions += counts.instructions;
    all.invokes += counts.invokes, all.broken += counts.broken;
  }
  print("all", all, all_seconds);
  print("walking alone", all, walk_seconds);
  return 0;
}
