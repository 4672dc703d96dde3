// Zucchini patches for tests: which blocks of the old image became which of the new one is what the test says; everything else
// follows. References are read by the code under test, so a test that needs to know them must look at them itself.
#pragma once

#include <algorithm>
#include <map>
#include <stdexcept>
#include <vector>

#include "base/hash.h"
#include "formats/patch/zucchini/offset_mapper.h"
#include "formats/patch/zucchini/references.h"
#include "support/writer.h"

namespace klik::test {

using zucchini::Equivalence;
using zucchini::Kind;

// One patch element as its streams, to be written rightly or wrongly.
struct ZucchiniElement {
  Kind kind = Kind::no_op;
  std::uint32_t old_at = 0, old_length = 0, new_at = 0, new_length = 0, version = 1;
  Writer sources, destinations, lengths, extra, delta_skips, delta_bytes, reference_deltas;
  std::vector<std::pair<std::uint8_t, Writer>> extra_targets;
};

inline Writer& put_number(Writer& w, std::uint32_t value) {
  for (; value >= 0x80; value >>= 7) w.le((value & 0x7F) | 0x80, 1);
  return w.le(value, 1);
}
inline Writer& put_signed(Writer& w, std::int32_t value) {
  const auto bits = static_cast<std::uint32_t>(value);
  return put_number(w, value < 0 ? (~bits << 1) | 1 : bits << 1);
}

struct ZucchiniPatch {
  std::uint16_t major = 1;
  std::uint32_t old_size = 0, old_crc = 0, new_size = 0, new_crc = 0;
  std::vector<ZucchiniElement> elements;

  std::vector<std::uint8_t> write() const {
    Writer w;
    const auto stream = [&](const Writer& s) { w.u32(s.bytes.size()).append(s.bytes); };
    w.text("Zucc").u16(major).u16(0).u32(old_size).u32(old_crc).u32(new_size).u32(new_crc).u32(elements.size());
    for (const ZucchiniElement& e : elements) {
      w.u32(e.old_at).u32(e.old_length).u32(e.new_at).u32(e.new_length).u32(static_cast<std::uint32_t>(e.kind)).u16(e.version);
      for (const Writer* s : {&e.sources, &e.destinations, &e.lengths, &e.extra, &e.delta_skips, &e.delta_bytes, &e.reference_deltas}) stream(*s);
      w.u32(e.extra_targets.size());
      for (const auto& [pool, targets] : e.extra_targets) {
        w.le(pool, 1);
        stream(targets);
      }
    }
    return w.bytes;
  }
};

inline std::vector<zucchini::ReferenceGroup> references_of(Kind kind, const std::vector<std::uint8_t>& image) {
  if (kind == Kind::no_op) return {};
  const auto groups = kind == Kind::dex ? zucchini::read_dex_references(Bytes(image)) : zucchini::read_elf_references(kind, Bytes(image));
  if (!groups) throw std::logic_error(groups.error().what);
  return *groups;
}

namespace zucchini_maker {

using Targets = std::vector<std::uint32_t>;

inline Targets sorted(Targets t) {
  std::ranges::sort(t);
  t.erase(std::ranges::unique(t).begin(), t.end());
  return t;
}
inline std::uint32_t nearest_key(const Targets& targets, std::uint32_t offset) {
  std::size_t best = 0;
  const auto distance = [&](std::size_t i) { return targets[i] > offset ? targets[i] - offset : offset - targets[i]; };
  for (std::size_t i = 1; i < targets.size(); ++i)
    if (distance(i) < distance(best)) best = i;
  return static_cast<std::uint32_t>(best);
}
inline const zucchini::Reference* at(const zucchini::ReferenceGroup& group, std::uint32_t location) {
  const auto found = std::ranges::find(group.references, location, &zucchini::Reference::location);
  return found == group.references.end() ? nullptr : &*found;
}

// References of one pool: what is added to its targets, and a correction for each reference.
inline void add_pool(const std::vector<zucchini::ReferenceGroup>& old_groups, const std::vector<zucchini::ReferenceGroup>& new_groups, std::size_t first, std::size_t end,
                     const std::vector<Equivalence>& blocks, const zucchini::OffsetMapper& mapper, std::map<std::uint32_t, bool>& covered, ZucchiniElement& element) {
  Targets targets, wanted;
  for (std::size_t g = first; g < end; ++g)
    for (const auto& r : old_groups[g].references) targets.push_back(r.target);
  targets = sorted(targets);
  mapper.project_all(targets);
  const auto for_each = [&](auto&& each) {
    for (std::size_t g = first; g < end; ++g)
      for (const Equivalence& b : blocks)
        for (const auto& r : old_groups[g].references) {
          if (r.location < b.source || r.location >= b.source_end()) continue;
          const auto* now = at(new_groups[g], r.location - b.source + b.destination);
          if (!now) throw std::logic_error("no reference in the new image where the old one has one");
          each(r, *now, g);
        }
  };
  for_each([&](const auto&, const auto& now, std::size_t) {
    if (!std::ranges::binary_search(targets, now.target)) wanted.push_back(now.target);
  });
  wanted = sorted(wanted);
  if (!wanted.empty()) {
    Writer numbers;
    std::uint32_t next = 0;
    for (const std::uint32_t t : wanted) {
      put_number(numbers, t - next);
      next = t + 1;
    }
    element.extra_targets.push_back({old_groups[first].pool, numbers});
    targets.insert(targets.end(), wanted.begin(), wanted.end());
    targets = sorted(targets);
  }
  for_each([&](const auto& old, const auto& now, std::size_t) {
    const auto key = static_cast<std::uint32_t>(std::ranges::lower_bound(targets, now.target) - targets.begin());
    put_signed(element.reference_deltas, static_cast<std::int32_t>(key - nearest_key(targets, mapper.project(old.target))));
    covered[now.location] = true;
  });
}

}  // namespace zucchini_maker

// `width(group)`: how many bytes a reference of it takes.
template <class Width>
ZucchiniElement zucchini_element(Kind kind, const std::vector<std::uint8_t>& old_image, const std::vector<std::uint8_t>& new_image, const std::vector<Equivalence>& blocks, Width&& width) {
  ZucchiniElement e{.kind = kind, .old_length = static_cast<std::uint32_t>(old_image.size()), .new_length = static_cast<std::uint32_t>(new_image.size())};
  const auto old_groups = references_of(kind, old_image), new_groups = references_of(kind, new_image);
  const auto mapper = zucchini::OffsetMapper::make(blocks, e.old_length, e.new_length);
  std::map<std::uint32_t, bool> covered;
  std::vector<bool> reference(new_image.size());
  for (std::size_t first = 0; first < old_groups.size();) {
    std::size_t end = first;
    while (end < old_groups.size() && old_groups[end].pool == old_groups[first].pool) ++end;
    zucchini_maker::add_pool(old_groups, new_groups, first, end, blocks, *mapper, covered, e);
    first = end;
  }
  for (std::size_t g = 0; g < new_groups.size(); ++g)
    for (const auto& r : new_groups[g].references)
      if (covered.contains(r.location))
        for (std::size_t i = 0; i < width(g); ++i) reference.at(r.location + i) = true;
  std::uint32_t source = 0, at = 0, copied = 0, next = 0;
  const auto extra = [&](std::uint32_t to) {
    for (; at < to; ++at) e.extra.le(new_image.at(at), 1);
  };
  for (const Equivalence& b : blocks) {
    put_signed(e.sources, static_cast<std::int32_t>(b.source - source));
    put_number(e.destinations, b.destination - at);
    put_number(e.lengths, b.length);
    source = b.source + b.length;
    extra(b.destination);
    for (std::uint32_t i = 0; i < b.length; ++i, ++copied, ++at) {
      const auto delta = static_cast<std::uint8_t>(new_image.at(at) - old_image.at(b.source + i));
      if (delta == 0 || reference[at]) continue;
      put_number(e.delta_skips, copied - next);
      e.delta_bytes.le(delta, 1);
      next = copied + 1;
    }
  }
  extra(e.new_length);
  return e;
}

inline ZucchiniPatch zucchini_patch(const std::vector<std::uint8_t>& old_image, const std::vector<std::uint8_t>& new_image, std::vector<ZucchiniElement> elements) {
  return {.old_size = static_cast<std::uint32_t>(old_image.size()), .old_crc = crc32(Bytes(old_image)), .new_size = static_cast<std::uint32_t>(new_image.size()),
          .new_crc = crc32(Bytes(new_image)), .elements = std::move(elements)};
}

}  // namespace klik::test
