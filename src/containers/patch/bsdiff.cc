#include "containers/patch/bsdiff.h"

#include <algorithm>
#include <array>
#include <memory>

#include "io/pull_stream.h"

namespace klik::patch {
namespace {

constexpr std::uint64_t kMaxIdle = 1u << 16;   // steps that make nothing; each costs the reader 24 bytes

// Sign and magnitude, unlike every other number in a patch's world.
struct Offset {
  U64le raw;
  std::int64_t value() const {
    const std::uint64_t all = raw, magnitude = all & ~(std::uint64_t{1} << 63);
    return all >> 63 ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
  }
};

struct Header {
  char magic[5];
  std::uint8_t compressors[3];   // of BSDF2; the rest of BSDIFF40's magic
  Offset control_size, difference_size, new_size;   // the first two as they lie in the patch, compressed
};
static_assert(sizeof(Header) == 32);

struct Step {
  Offset add, copy, seek;
};
static_assert(sizeof(Step) == 24);

struct Streams {
  std::unique_ptr<PullStream> control, difference, extra;
  std::uint64_t control_at = sizeof(Header), difference_at = 0, extra_at = 0;
  std::uint64_t new_size = 0;
};

Result<std::unique_ptr<PullStream>> stream(std::uint8_t compressor, Bytes in, std::uint64_t field) {
  switch (compressor) {
    case 0: return pull_plain(in);
    case 1: return pull_bzip2(in);
    case 2: return pull_brotli(in);
    default: return fail(Code::unsupported, field, "a stream of the patch is compressed in an unknown way");
  }
}

Result<Streams> open_streams(Bytes patch, std::uint64_t most) {
  KLIK_TRY(const Header* header, patch.view<Header>(0));
  std::array<std::uint8_t, 3> compressors{1, 1, 1};
  if (patch.starts_with("BSDF2")) std::ranges::copy(header->compressors, compressors.begin());
  else if (!patch.starts_with("BSDIFF40")) return fail(Code::bad_magic, 0, "not a bsdiff patch");
  const std::int64_t control = header->control_size.value(), difference = header->difference_size.value(), size = header->new_size.value();
  if (control < 0 || difference < 0 || size < 0) return fail(Code::bad_value, 8, "a size in the patch is negative");
  Streams s;
  s.new_size = static_cast<std::uint64_t>(size);
  if (s.new_size > most) return fail(Code::over_budget, 24, "the patch makes more than there is room for");
  const auto slice = [&](std::uint64_t at, std::int64_t n) { return patch.slice(at, static_cast<std::uint64_t>(n)); };
  KLIK_TRY(const Bytes control_bytes, slice(s.control_at, control));
  s.difference_at = s.control_at + control_bytes.size();
  KLIK_TRY(const Bytes difference_bytes, slice(s.difference_at, difference));
  s.extra_at = s.difference_at + difference_bytes.size();
  KLIK_TRY(const Bytes extra_bytes, patch.from(s.extra_at));
  KLIK_TRY(s.control, stream(compressors[0], control_bytes, 5));
  KLIK_TRY(s.difference, stream(compressors[1], difference_bytes, 6));
  KLIK_TRY(s.extra, stream(compressors[2], extra_bytes, 7));
  return s;
}

Result<void> read(PullStream& stream, std::uint64_t stream_at, MutableBytes out) {
  auto done = stream.read(out);
  if (done) return {};
  Error error = done.error();
  error.at += stream_at;
  return fail(error);
}

// Adds to out[i] the old byte at `from` + i, where there is one.
void add_old(Bytes old_bytes, std::int64_t from, MutableBytes out) {
  const std::uint64_t skip = from < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(from) : 0;   // unsigned: the lowest number has no opposite
  if (skip >= out.size()) return;
  const std::uint64_t start = static_cast<std::uint64_t>(from + static_cast<std::int64_t>(skip));
  if (start >= old_bytes.size()) return;
  const MutableBytes to = out.subspan(skip, std::min<std::uint64_t>(out.size() - skip, old_bytes.size() - start));
  const auto old_part = old_bytes.span().subspan(start, to.size());
  std::ranges::transform(to, old_part, to.begin(), [](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>(a + b); });
}

// Walks the control stream: each(new_at, old_at, add, copy) for every step, all inside the new file.
template <class Each>
Result<void> walk(Streams& s, Each each) {
  std::uint64_t new_at = 0, idle = 0;
  std::int64_t old_at = 0;
  while (new_at < s.new_size) {
    Step step{};
    KLIK_CHECK(read(*s.control, s.control_at, writable_bytes(step)));
    const std::int64_t add = step.add.value(), copy = step.copy.value();
    if (add < 0 || copy < 0) return fail(Code::bad_value, s.control_at, "a step of the patch goes backwards in the new file");
    const auto more = [&](std::int64_t n) { return static_cast<std::uint64_t>(n) > s.new_size - new_at; };
    if (more(add)) return fail(Code::bad_value, s.control_at, "a step of the patch leaves the new file");
    const std::uint64_t first = new_at;
    new_at += static_cast<std::uint64_t>(add);
    if (more(copy)) return fail(Code::bad_value, s.control_at, "a step of the patch leaves the new file");
    new_at += static_cast<std::uint64_t>(copy);
    if (new_at == first && ++idle > kMaxIdle) return fail(Code::over_budget, s.control_at, "the patch has too many steps that make nothing");
    KLIK_CHECK(each(first, old_at, static_cast<std::uint64_t>(add), static_cast<std::uint64_t>(copy)));
    if (__builtin_add_overflow(old_at, add, &old_at) || __builtin_add_overflow(old_at, step.seek.value(), &old_at))
      return fail(Code::bad_value, s.control_at, "a place in the old file wraps around");
  }
  return {};
}

}  // namespace

Result<std::vector<std::uint8_t>> apply_bsdiff(Bytes old_bytes, Bytes patch, std::uint64_t most) {
  KLIK_TRY(Streams s, open_streams(patch, most));
  std::vector<std::uint8_t> made(s.new_size);
  const auto make = [&](std::uint64_t at, std::int64_t old_at, std::uint64_t add, std::uint64_t copy) -> Result<void> {
    const MutableBytes sum = MutableBytes(made).subspan(at, add);
    KLIK_CHECK(read(*s.difference, s.difference_at, sum));
    add_old(old_bytes, old_at, sum);
    return read(*s.extra, s.extra_at, MutableBytes(made).subspan(at + add, copy));
  };
  KLIK_CHECK(walk(s, make));
  return made;
}

Result<BsdiffShare> bsdiff_share(Bytes patch, std::uint64_t most, std::uint64_t& steps) {
  KLIK_TRY(Streams s, open_streams(patch, most));
  BsdiffShare share{.size = s.new_size};
  const auto count = [&](std::uint64_t, std::int64_t, std::uint64_t, std::uint64_t copy) -> Result<void> {
    if (steps == 0) return fail(Code::over_budget, s.control_at, "the patches have more steps than are counted");
    --steps;
    share.copied += copy;
    return {};
  };
  KLIK_CHECK(walk(s, count));
  return share;
}

}  // namespace klik::patch
