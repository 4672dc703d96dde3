#include "io/extent_source.h"

#include <algorithm>

namespace klik {
namespace {

class ExtentSource final : public Source {
 public:
  ExtentSource(std::uint64_t size, std::vector<Piece> pieces) : size_(size), pieces_(std::move(pieces)) {}
  std::uint64_t size() const override { return size_; }

  void will_need(std::uint64_t at, std::uint64_t n) const override {
    for (auto p = first_reaching(at); p != pieces_.end() && n > 0 && p->at < at + n; ++p) {
      if (!p->from) continue;
      const std::uint64_t skip = at > p->at ? at - p->at : 0;
      p->from->will_need(p->from_at + skip, std::min(p->length - skip, at + n - (p->at + skip)));
    }
  }

  Bytes in_memory(std::uint64_t at, std::uint64_t n) const override {
    const auto p = first_reaching(at);
    if (p == pieces_.end() || !p->from || at < p->at || n > p->length - (at - p->at)) return {};
    return p->from->in_memory(p->from_at + (at - p->at), n);
  }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    auto p = first_reaching(at);
    while (!out.empty()) {
      std::uint64_t n = out.size();
      if (p == pieces_.end() || p->at > at) {  // a gap
        if (p != pieces_.end()) n = std::min<std::uint64_t>(n, p->at - at);
        std::ranges::fill(out.first(n), std::uint8_t{0});
      } else {
        const std::uint64_t skip = at - p->at;
        n = std::min<std::uint64_t>(n, p->length - skip);
        if (p->from) {
          KLIK_CHECK(p->from->read(p->from_at + skip, out.first(n)));
        } else if (p->fill == 0) {
          std::ranges::fill(out.first(n), std::uint8_t{0});
        } else {
          for (std::uint64_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(p->fill >> (8 * ((skip + i) % 4)));
        }
        if (skip + n == p->length) ++p;
      }
      at += n;
      out = out.subspan(n);
    }
    return {};
  }

 private:
  // The first piece that ends behind `at`.
  std::vector<Piece>::const_iterator first_reaching(std::uint64_t at) const {
    return std::partition_point(pieces_.begin(), pieces_.end(), [&](const Piece& p) { return p.at + p.length <= at; });
  }

  std::uint64_t size_;
  std::vector<Piece> pieces_;
};

}  // namespace

void append_extent(std::vector<Extent>& extents, std::uint64_t at, std::uint64_t length) {
  if (length == 0) return;
  if (!extents.empty() && extents.back().at + extents.back().length == at) extents.back().length += length;
  else extents.push_back({at, length});
}

Result<SourceRef> extent_source(std::uint64_t size, std::vector<Piece> pieces) {
  std::erase_if(pieces, [](const Piece& p) { return p.length == 0; });
  std::ranges::stable_sort(pieces, {}, &Piece::at);
  std::uint64_t end = 0;
  for (const Piece& p : pieces) {
    if (p.at < end) return fail(Code::bad_value, p.at, "pieces overlap");
    if (p.at > size || p.length > size - p.at) return fail(Code::bad_value, p.at, "piece leaves the image");
    if (p.from && (p.from_at > p.from->size() || p.length > p.from->size() - p.from_at))
      return fail(Code::truncated, p.from_at, "piece leaves its source");
    end = p.at + p.length;
  }
  // One piece that is the whole of a source needs no map.
  if (pieces.size() == 1 && pieces[0].from && pieces[0].at == 0 && pieces[0].length == size)
    return window(pieces[0].from, pieces[0].from_at, size);
  return std::make_shared<ExtentSource>(size, std::move(pieces));
}

}  // namespace klik
