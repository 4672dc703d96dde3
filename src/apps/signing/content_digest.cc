#include "apps/signing/content_digest.h"

#include <algorithm>
#include <array>

namespace klik::apk {
namespace {

constexpr std::uint64_t kChunk = 1u << 20, kPage = 4096;
constexpr std::uint64_t kDirectoryOffsetField = 16;   // in the end record

std::array<std::uint8_t, 5> prefix(std::uint8_t kind, std::uint64_t count) {
  return {kind, static_cast<std::uint8_t>(count), static_cast<std::uint8_t>(count >> 8), static_cast<std::uint8_t>(count >> 16),
          static_cast<std::uint8_t>(count >> 24)};
}

// H(0x5A ‖ count ‖ H(0xA5 ‖ length ‖ chunk) …)
class ChunkedDigest {
 public:
  explicit ChunkedDigest(HashAlgorithm algorithm) : hasher_(algorithm) {}
  void chunk(Bytes bytes) {
    const auto head = prefix(0xA5, bytes.size());
    hasher_.update(Bytes(head));
    hasher_.update(bytes);
    const auto digest = hasher_.finish();
    digests_.insert(digests_.end(), digest.begin(), digest.end());
    ++count_;
  }
  std::vector<std::uint8_t> finish() {
    const auto head = prefix(0x5A, count_);
    hasher_.update(Bytes(head));
    hasher_.update(Bytes(digests_));
    return hasher_.finish();
  }

 private:
  Hasher hasher_;
  std::vector<std::uint8_t> digests_;
  std::uint64_t count_ = 0;
};

// [at, at + n) in chunks, each in memory while `each` sees it.
template <class Each>
Result<void> read_chunks(const Source& source, std::uint64_t at, std::uint64_t n, std::vector<std::uint8_t>& buffer, Each each) {
  source.will_need(at, n);
  while (n > 0) {
    const std::uint64_t step = std::min(n, kChunk);
    Bytes chunk = source.in_memory(at, step);
    if (chunk.size() != step) {
      buffer.resize(step);
      KLIK_CHECK(source.read(at, buffer));
      chunk = Bytes(buffer);
    }
    each(chunk);
    at += step;
    n -= step;
  }
  return {};
}

}  // namespace

Result<Digests> content_digests(const Source& apk, const ApkLayout& layout, const DigestSet& wanted) {
  ChunkedDigest sha256(HashAlgorithm::sha256), sha512(HashAlgorithm::sha512);
  constexpr std::array<std::uint8_t, 8> kVeritySalt{};
  HashTree tree{Bytes(kVeritySalt)};
  const bool want256 = wanted.contains(ContentDigest::chunked_sha256), want512 = wanted.contains(ContentDigest::chunked_sha512);
  const bool verity = wanted.contains(ContentDigest::verity_sha256) && layout.covered_end % kPage == 0;
  const auto take = [&](Bytes chunk) {
    if (want256) sha256.chunk(chunk);
    if (want512) sha512.chunk(chunk);
    if (verity) tree.update(chunk);
  };
  std::vector<std::uint8_t> buffer;
  KLIK_CHECK(read_chunks(apk, 0, layout.covered_end, buffer, take));
  KLIK_CHECK(read_chunks(apk, layout.directory_at, layout.end_record_at - layout.directory_at, buffer, take));

  const std::uint64_t end_size = layout.size - layout.end_record_at;   // 22 bytes and a comment below 64 KiB
  buffer.resize(end_size);
  KLIK_CHECK(apk.read(layout.end_record_at, buffer));
  for (unsigned i = 0; i < 4; ++i) buffer.at(kDirectoryOffsetField + i) = static_cast<std::uint8_t>(layout.covered_end >> (8 * i));
  take(Bytes(buffer));

  Digests digests;
  if (want256) digests[ContentDigest::chunked_sha256] = sha256.finish();
  if (want512) digests[ContentDigest::chunked_sha512] = sha512.finish();
  if (verity) {
    auto root = tree.finish();
    const std::uint64_t length = layout.covered_end + (layout.size - layout.directory_at);
    for (unsigned i = 0; i < 8; ++i) root.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
    digests[ContentDigest::verity_sha256] = std::move(root);
  }
  return digests;
}

HashTree::HashTree(Bytes salt) : salt_(salt.begin(), salt.end()) {}

void HashTree::leaf(Bytes page) {
  hasher_.update(Bytes(salt_));
  hasher_.update(page);
  const auto digest = hasher_.finish_sha256();
  leaves_.insert(leaves_.end(), digest.begin(), digest.end());
}

void HashTree::update(Bytes bytes) {
  std::uint64_t at = 0;
  while (at < bytes.size()) {
    const std::uint64_t step = std::min(kPage - page_.size(), bytes.size() - at);
    const auto piece = bytes.slice(at, step);
    if (!piece) return;
    at += step;
    if (page_.empty() && step == kPage) {
      leaf(*piece);
      continue;
    }
    page_.insert(page_.end(), piece->begin(), piece->end());
    if (page_.size() == kPage) {
      leaf(Bytes(page_));
      page_.clear();
    }
  }
}

// One level, padded to whole pages, from the one below it.
std::vector<std::uint8_t> HashTree::level_above(Bytes level) const {
  HashTree above{Bytes(salt_)};
  above.update(level);
  return std::move(above.leaves_);
}

std::vector<std::uint8_t> HashTree::finish(std::vector<std::uint8_t>* levels) {
  if (!page_.empty() || leaves_.empty()) {
    page_.resize(kPage);
    leaf(Bytes(page_));
    page_.clear();
  }
  std::vector<std::vector<std::uint8_t>> all;
  std::vector<std::uint8_t> level = std::move(leaves_);
  leaves_.clear();
  while (true) {
    level.resize((level.size() + kPage - 1) / kPage * kPage);
    all.push_back(level);
    level = level_above(Bytes(all.back()));
    if (all.back().size() == kPage) break;   // a level has 1/128 of the one below, so this ends
  }
  if (levels) {
    levels->clear();
    for (auto l = all.rbegin(); l != all.rend(); ++l) levels->insert(levels->end(), l->begin(), l->end());
  }
  return level;
}

Result<std::vector<std::uint8_t>> file_root(const Source& file, Bytes salt, std::vector<std::uint8_t>* levels) {
  HashTree tree(salt);
  std::vector<std::uint8_t> buffer;
  KLIK_CHECK(read_chunks(file, 0, file.size(), buffer, [&](Bytes chunk) { tree.update(chunk); }));
  return tree.finish(levels);
}

}  // namespace klik::apk
