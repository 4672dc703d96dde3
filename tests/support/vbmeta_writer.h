// Builds vbmeta structures: descriptors and a key in, header and blocks out.
#pragma once

#include "support/writer.h"

namespace klik::test {

inline std::vector<std::uint8_t> descriptor(std::uint64_t tag, const std::vector<std::uint8_t>& body) {
  Writer w;
  const std::size_t padded = (body.size() + 7) / 8 * 8;
  w.be(tag, 8).be(padded, 8).append(body).align(8);
  return w.bytes;
}

inline std::vector<std::uint8_t> property(std::string_view key, std::string_view value) {
  Writer w;
  w.be(key.size(), 8).be(value.size(), 8).text(key).zeros(1).text(value).zeros(1);
  return descriptor(0, w.bytes);
}

inline std::vector<std::uint8_t> hashtree(std::string_view partition, std::uint64_t image_size, std::string_view salt, std::string_view root) {
  Writer w;
  w.be(1, 4).be(image_size, 8).be(image_size, 8).be(4096, 8).be(4096, 4).be(4096, 4).be(2, 4).be(image_size + 4096, 8).be(8192, 8);
  w.field("sha256", 32).be(partition.size(), 4).be(salt.size(), 4).be(root.size(), 4).be(0, 4).zeros(60);
  return descriptor(1, w.text(partition).text(salt).text(root).bytes);
}

inline std::vector<std::uint8_t> hash(std::string_view partition, std::uint64_t image_size, std::string_view salt, std::string_view digest) {
  Writer w;
  w.be(image_size, 8).field("sha256", 32).be(partition.size(), 4).be(salt.size(), 4).be(digest.size(), 4).be(1, 4).zeros(60);
  return descriptor(2, w.text(partition).text(salt).text(digest).bytes);
}

inline std::vector<std::uint8_t> command_line(std::string_view text) {
  Writer w;
  return descriptor(3, w.be(1, 4).be(text.size(), 4).text(text).bytes);
}

inline std::vector<std::uint8_t> chain(std::string_view partition, std::uint32_t location, std::string_view key) {
  Writer w;
  w.be(location, 4).be(partition.size(), 4).be(key.size(), 4).be(0, 4).zeros(60).text(partition).text(key);
  return descriptor(4, w.bytes);
}

struct VbMetaParts {
  std::vector<std::vector<std::uint8_t>> descriptors;
  std::string_view key;
  std::uint32_t algorithm = 0, flags = 0, location = 0;
  std::uint64_t rollback = 0;
};

inline std::vector<std::uint8_t> vbmeta(const VbMetaParts& parts) {
  Writer auxiliary;
  for (const auto& d : parts.descriptors) auxiliary.append(d);
  const std::size_t descriptors = auxiliary.bytes.size();
  auxiliary.text(parts.key).align(64);
  Writer w;
  w.text("AVB0").be(1, 4).be(0, 4).be(64, 8).be(auxiliary.bytes.size(), 8).be(parts.algorithm, 4);
  w.be(0, 8).be(32, 8).be(32, 8).be(32, 8);                                  // digest, signature
  w.be(descriptors, 8).be(parts.key.size(), 8).be(descriptors, 8).be(0, 8);  // key, metadata
  w.be(0, 8).be(descriptors, 8).be(parts.rollback, 8).be(parts.flags, 4).be(parts.location, 4);
  w.field("maker 1.0", 48).zeros(80);
  return w.zeros(64).append(auxiliary.bytes).bytes;
}

inline std::vector<std::uint8_t> footer(std::uint64_t original, std::uint64_t at, std::uint64_t size) {
  Writer w;
  return w.text("AVBf").be(1, 4).be(0, 4).be(original, 8).be(at, 8).be(size, 8).zeros(28).bytes;
}

}  // namespace klik::test
