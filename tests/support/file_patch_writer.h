// Patches of updates from before A/B, and an old build in memory to apply them to.
#pragma once

#include <bzlib.h>
#include <zlib.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "containers/base_files.h"
#include "support/writer.h"

namespace klik::test {

inline std::string bz2(std::string_view in) {
  std::string out(in.size() + in.size() / 50 + 700, '\0');
  unsigned n = static_cast<unsigned>(out.size());
  std::string copy(in);
  BZ2_bzBuffToBuffCompress(out.data(), &n, copy.data(), static_cast<unsigned>(copy.size()), 9, 0, 0);
  out.resize(n);
  return out;
}

// One step: the difference over the common length, then new bytes.
inline std::string bsdiff(std::string_view before, std::string_view after) {
  const std::size_t common = std::min(before.size(), after.size());
  std::string difference(common, '\0');
  for (std::size_t i = 0; i < common; ++i) difference[i] = static_cast<char>(after[i] - before[i]);
  Writer control;
  control.u64(common).u64(after.size() - common).u64(0);
  const std::string c = bz2({reinterpret_cast<const char*>(control.bytes.data()), control.bytes.size()}), d = bz2(difference), e = bz2(after.substr(common));
  Writer w;
  w.text("BSDIFF40").u64(c.size()).u64(d.size()).u64(after.size()).text(c).text(d).text(e);
  return {w.bytes.begin(), w.bytes.end()};
}

struct DeflateSettings {
  int level = 6, window_bits = -15, memory_level = 8, strategy = 0;
};

inline std::string deflate_with(std::string_view in, const DeflateSettings& how) {
  z_stream s{};
  deflateInit2(&s, how.level, 8, how.window_bits, how.memory_level, how.strategy);
  std::string copy(in), out(deflateBound(&s, in.size()) + 64, '\0');
  s.next_in = reinterpret_cast<Bytef*>(copy.data());
  s.avail_in = static_cast<uInt>(copy.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  deflate(&s, Z_FINISH);
  out.resize(out.size() - s.avail_out);
  deflateEnd(&s);
  return out;
}

// An imgdiff patch, piece by piece; the bsdiff patches lie behind the headers.
class ImgdiffWriter {
 public:
  // `before` is the range [at, at + size) of the old file.
  ImgdiffWriter& normal(std::uint64_t at, std::string_view before, std::string_view after) {
    pieces_.push_back({0, at, before.size(), bsdiff(before, after), {}, 0, 0, {}});
    return *this;
  }
  // `packed` lies at `at` of the old file and unpacks to `before`.
  ImgdiffWriter& deflate(std::uint64_t at, std::string_view packed, std::string_view before, std::string_view after, const DeflateSettings& how) {
    pieces_.push_back({2, at, packed.size(), bsdiff(before, after), {}, before.size(), after.size(), how});
    return *this;
  }
  ImgdiffWriter& raw(std::string_view bytes) {
    pieces_.push_back({3, 0, 0, {}, std::string(bytes), 0, 0, {}});
    return *this;
  }
  std::string done() const {
    std::size_t at = 12;
    for (const Piece& p : pieces_) at += 4 + (p.kind == 0 ? 24 : p.kind == 2 ? 60 : 4 + p.raw.size());
    Writer w, behind;
    w.text("IMGDIFF2").u32(pieces_.size());
    for (const Piece& p : pieces_) {
      w.u32(p.kind);
      if (p.kind == 3) {
        w.u32(p.raw.size()).text(p.raw);
        continue;
      }
      w.u64(p.at).u64(p.size).u64(at + behind.bytes.size());
      behind.text(p.patch);
      if (p.kind != 2) continue;
      w.u64(p.before).u64(p.after);
      for (const int x : {p.how.level, 8, p.how.window_bits, p.how.memory_level, p.how.strategy}) w.u32(static_cast<std::uint32_t>(x));
    }
    w.append(behind.bytes);
    return {w.bytes.begin(), w.bytes.end()};
  }

 private:
  struct Piece {
    unsigned kind;
    std::uint64_t at, size;
    std::string patch, raw;
    std::uint64_t before, after;
    DeflateSettings how;
  };
  std::vector<Piece> pieces_;
};

inline std::string sha1_of(std::string_view text) { return hex(Bytes(hash(HashAlgorithm::sha1, Bytes::of(text)))); }

// An old build of a few partitions and files.
class MadeBase final : public BaseFiles {
 public:
  std::map<std::string, std::string, std::less<>> partitions, files;

  SourceRef partition(std::string_view name, std::uint64_t, const std::optional<Sha256Digest>&) const override { return find(partitions, name); }
  SourceRef file(std::string_view path) const override { return find(files, path); }

 private:
  static SourceRef find(const std::map<std::string, std::string, std::less<>>& in, std::string_view name) {
    const auto at = in.find(name);
    if (at == in.end()) return nullptr;
    const Bytes bytes = Bytes::of(at->second);
    return memory_source(std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  }
};

}  // namespace klik::test
