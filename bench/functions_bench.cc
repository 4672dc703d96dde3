// Times finding and hashing the functions of ELF files:
//   functions_bench [--list] FILE...
// Prints in sum: functions, bytes of code, the part of it in functions, and megabytes a second. With --list every function:
// address, size, mode, hash, instructions, name, what it uses.
// links: klik_formats
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "formats/native/functions.h"

namespace {

using klik::elf::Function;
using klik::elf::Functions;
using klik::elf::UseKind;

void list(const Functions& all) {
  static constexpr const char* kModes[] = {"a64", "a32", "thumb", "x86", "x64"};
  for (const Function& f : all.list) {
    std::printf("%08llx %6llu %s %016llx %4u %s%s", static_cast<unsigned long long>(f.address), static_cast<unsigned long long>(f.size), kModes[static_cast<int>(f.mode)], static_cast<unsigned long long>(f.hash),
                f.instructions, f.name.empty() ? "-" : std::string(f.name).c_str(), f.initial ? " (initial)" : "");
    for (const auto& u : f.uses) {
      if (u.kind == UseKind::import) std::printf(" %s", std::string(all.imports[u.index]).c_str());
      if (u.kind == UseKind::text) std::printf(" \"%s\"", std::string(all.texts[u.index]).c_str());
      if (u.kind == UseKind::function) std::printf(" @%llx", static_cast<unsigned long long>(all.list[u.index].address));
    }
    std::printf("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t functions = 0, named = 0, code = 0, covered = 0, bytes = 0, files = 0;
  double seconds = 0;
  bool listing = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--list") == 0) {
      listing = true;
      continue;
    }
    std::ifstream in(argv[i], std::ios::binary);
    const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
    const std::vector<std::uint8_t> data(read.begin(), read.end());
    const auto file = klik::elf::File::read(klik::Bytes(data));
    if (!file || !klik::elf::has_functions(*file)) continue;
    const auto start = std::chrono::steady_clock::now();
    const Functions all = klik::elf::read_functions(*file);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (listing) list(all);
    ++files;
    bytes += data.size();
    functions += all.list.size();
    for (const Function& f : all.list) named += !f.name.empty();
    code += all.code_bytes;
    covered += all.covered_bytes;
  }
  std::fprintf(stderr, "%llu files, %llu functions, %llu named, %llu bytes of code, %.1f %% in functions; %.1f ms, %.0f MB/s of code, %.0f MB/s of file\n", static_cast<unsigned long long>(files),
               static_cast<unsigned long long>(functions), static_cast<unsigned long long>(named), static_cast<unsigned long long>(code), code ? 100.0 * static_cast<double>(covered) / static_cast<double>(code) : 0.0,
               seconds * 1e3, static_cast<double>(code) / 1e6 / seconds, static_cast<double>(bytes) / 1e6 / seconds);
}
