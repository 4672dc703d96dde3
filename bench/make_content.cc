// Writes a folder of files whose content never repeats and compresses like a phone's system does: words,
// tables of numbers, and already compressed data.
//   make_content FOLDER BYTES SEED
// links: klik_base
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

std::uint64_t state;
std::uint64_t next() {   // xorshift64*
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 2685821657736338717u;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::filesystem::path folder = argv[1];
  const std::uint64_t total = std::strtoull(argv[2], nullptr, 10);
  state = std::strtoull(argv[3], nullptr, 10) * 0x9E3779B97F4A7C15u + 1;
  std::vector<std::string> words(4096);
  for (auto& w : words)
    for (std::uint64_t n = 3 + next() % 7; n > 0; --n) w += static_cast<char>('a' + next() % 26);
  std::vector<char> buffer;
  for (std::uint64_t done = 0, i = 0; done < total; ++i) {
    const auto where = folder / ("d" + std::to_string(i / 64));
    std::filesystem::create_directories(where);
    std::uint64_t size = 1000 + next() % 6'000'000;
    if (size > total - done) size = total - done;
    buffer.clear();
    const std::uint64_t kind = next() % 10;   // three parts text, four parts code-like, three parts compressed
    while (buffer.size() < size) {
      if (kind < 3) {
        const std::string& w = words[next() % words.size()];
        buffer.insert(buffer.end(), w.begin(), w.end());
        buffer.push_back(' ');
      } else if (kind < 7) {
        const std::uint64_t r = next();
        for (const unsigned b : {static_cast<unsigned>(r & 0x0F), 0u, static_cast<unsigned>(r >> 56), 0x94u, static_cast<unsigned>((r >> 8) & 0x1F), static_cast<unsigned>((r >> 16) & 3)}) buffer.push_back(static_cast<char>(b));
      } else {
        const std::uint64_t r = next();
        for (int b = 0; b < 8; ++b) buffer.push_back(static_cast<char>(r >> (8 * b)));
      }
    }
    std::ofstream(where / ("f" + std::to_string(i)), std::ios::binary).write(buffer.data(), static_cast<std::streamsize>(size));
    done += size;
  }
  return 0;
}
