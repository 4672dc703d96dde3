// Folders full of made-up files, and comparing what a file system reader found with what a judge extracted.
#pragma once

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "containers/container.h"
#include "support/files.h"

namespace klik::test {

inline void write_file(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
}

// Words from a small stock: compresses like text does.
inline std::string text_bytes(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::string out;
  while (out.size() < n) {
    static constexpr const char* kWords[] = {"package ", "signature ", "provider ", "receiver ", "android.", "permission.", "system/", "0x7f04", "\n", "value=\""};
    out += kWords[random() % 10];
    if (random() % 7 == 0) out += std::to_string(random() % 100000);
  }
  out.resize(n);
  return out;
}

inline std::string random_bytes(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::string out(n, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

// Mixed sizes, text and noise, a hole, deep folders, links: what an image should hold to be a test.
inline void make_tree(const std::filesystem::path& root, unsigned seed = 1) {
  const std::size_t sizes[] = {0, 1, 11, 100, 4000, 4095, 4096, 4097, 8191, 12288, 20000, 65536, 131071, 300000};
  for (const std::size_t n : sizes) {
    write_file(root / "text" / (std::to_string(n) + ".txt"), text_bytes(n, seed + static_cast<unsigned>(n)));
    write_file(root / "noise" / (std::to_string(n) + ".bin"), random_bytes(n, seed + static_cast<unsigned>(n)));
  }
  write_file(root / "mixed.bin", text_bytes(50000, seed) + random_bytes(50000, seed) + std::string(50000, 'a') + text_bytes(123, seed));
  write_file(root / "zeros.bin", std::string(200000, '\0'));
  std::filesystem::path deep = root;
  for (int i = 0; i < 20; ++i) deep /= "d" + std::to_string(i);
  write_file(deep / "bottom.txt", "bottom");
  for (int i = 0; i < 200; ++i) write_file(root / "many" / ("file_with_a_name_of_some_length_" + std::to_string(i)), std::to_string(i));
  {
    write_file(root / "hole.bin", "start");
    std::filesystem::resize_file(root / "hole.bin", 400000);
    std::ofstream(root / "hole.bin", std::ios::binary | std::ios::app) << text_bytes(9000, seed);
  }
  std::filesystem::create_symlink("text/100.txt", root / "short_link");
  std::filesystem::create_symlink(std::string(200, 'x') + "/target", root / "long_link");
  std::filesystem::create_hard_link(root / "mixed.bin", root / "mixed_again.bin");
  std::filesystem::create_directory(root / "empty");
  ::mkfifo((root / "pipe").c_str(), 0600);
}

// Every child against the extracted tree, and the other way round: nothing missing, nothing more.
// `ignored` names top-level entries that only one side has.
inline void expect_same_tree(const std::vector<Child>& children, const std::filesystem::path& root, const std::vector<std::string>& ignored = {}) {
  namespace fs = std::filesystem;
  const auto skip = [&](const std::string& path) {
    return std::ranges::any_of(ignored, [&](const std::string& i) { return path == i || path.starts_with(i + "/"); });
  };
  std::map<std::string, const Child*> by_name;
  for (const Child& c : children)
    if (!skip(c.name)) { EXPECT_TRUE(by_name.emplace(c.name, &c).second) << "twice: " << c.name; }
  std::size_t there = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string name = fs::relative(entry.symlink_status().type() == fs::file_type::symlink ? entry.path().parent_path() : entry.path(), root).string();
    const std::string path = entry.is_symlink() ? (name == "." ? "" : name + "/") + entry.path().filename().string() : name;
    if (skip(path)) continue;
    ++there;
    const auto found = by_name.find(path);
    if (found == by_name.end()) {
      ADD_FAILURE() << "not found: " << path;
      continue;
    }
    const Child& child = *found->second;
    if (entry.is_symlink()) {
      EXPECT_EQ(child.type, ChildType::symlink) << path;
      EXPECT_EQ(child.attributes->link_target, fs::read_symlink(entry.path()).string()) << path;
    } else if (entry.is_directory()) {
      EXPECT_EQ(child.type, ChildType::folder) << path;
    } else if (entry.is_regular_file()) {
      EXPECT_EQ(child.type, ChildType::file) << path;
      if (!child.source) {
        ADD_FAILURE() << "no bytes: " << path;
        continue;
      }
      const auto bytes = child.source->load();
      if (!bytes) {
        ADD_FAILURE() << path << ": " << bytes.error().what;
        continue;
      }
      EXPECT_TRUE(std::ranges::equal(bytes->bytes(), read_file(entry.path()))) << path;
      // Reading in odd pieces gives the same bytes as reading whole.
      if (child.size > 0 && child.size < 200000) {
        std::vector<std::uint8_t> pieces(child.size);
        for (std::uint64_t at = 0; at < child.size;) {
          const std::uint64_t n = std::min<std::uint64_t>(child.size - at, 3001);
          EXPECT_TRUE(child.source->read(at, MutableBytes(pieces).subspan(at, n))) << path;
          at += n;
        }
        EXPECT_TRUE(std::ranges::equal(bytes->bytes(), pieces)) << path;
      }
    } else {
      EXPECT_EQ(child.type, ChildType::special) << path;
    }
    if (child.attributes) {
      struct stat status {};
      if (::lstat(entry.path().c_str(), &status) == 0 && !entry.is_symlink()) {
        EXPECT_EQ(child.attributes->mode, status.st_mode) << path;
      }
    }
  }
  EXPECT_EQ(by_name.size(), there);
}

}  // namespace klik::test
