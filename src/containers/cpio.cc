// cpio in the "new ASCII" format, which the kernel unpacks as ramdisk: often several archives after each
// other, with zeros between them.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "containers/note_tally.h"

namespace klik {
namespace {

using Hex = std::array<std::uint8_t, 8>;

struct Header {
  std::array<std::uint8_t, 6> magic;
  Hex inode, mode, uid, gid, links, time, size, device_major, device_minor, special_major, special_minor, name_size, check;
};
static_assert(sizeof(Header) == 110);

constexpr std::string_view kPlain = "070701", kSummed = "070702", kTrailer = "TRAILER!!!";
constexpr std::uint64_t kLongestName = 65536, kLongestTarget = 65536;   // the kernel's limit is 4,096 for both

constexpr NoteKind kSum{Severity::error, Code::bad_checksum, "the sum of a member's bytes does not match"};
constexpr NoteKind kName{Severity::error, Code::deviation, "a name that does not end with its only NUL byte"};

std::optional<std::uint32_t> number(const Hex& field) {
  std::uint32_t value = 0;
  for (const std::uint8_t c : field) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return value;
}

constexpr std::uint64_t up4(std::uint64_t n) { return (n + 3) & ~std::uint64_t{3}; }   // REQUIRES: n far from 2^64

class Reader {
 public:
  Reader(const SourceRef& source, OpenContext& context) : source_(source), context_(context), size_(source->size()) {}

  Result<Contents> run() {
    while (at_ < size_) {   // every member takes 110 bytes or more
      const auto more = member();
      if (!more) {
        if (children_.empty()) return fail(more.error());
        context_.note(Severity::data_loss, more.error(), {}, "members behind this place are not listed");
        break;
      }
      if (!*more) break;
    }
    if (!trailer_seen_) context_.note(Severity::error, Code::truncated, size_, "the archive has no end mark");
    finish_links();
    tally_.flush(context_.notes);
    return Contents{.kind = "", .children = std::move(children_)};
  }

 private:
  using Inode = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;

  // False when nothing of the format follows.
  Result<bool> member() {
    KLIK_TRY(const Header header, source_->get<Header>(at_));
    const std::string_view magic = Bytes(header.magic).text();
    if (magic != kPlain && magic != kSummed) return fail(Code::bad_magic, at_, "no cpio header where a member should start");
    const auto inode = number(header.inode), mode = number(header.mode), uid = number(header.uid), gid = number(header.gid),
               links = number(header.links), n = number(header.size), major = number(header.device_major), minor = number(header.device_minor),
               name_size = number(header.name_size), check = number(header.check);
    if (!inode || !mode || !uid || !gid || !links || !n || !major || !minor || !name_size || !check)
      return fail(Code::bad_value, at_, "a header field that is no number");
    if (*name_size == 0 || *name_size > kLongestName) return fail(Code::bad_value, at_ + 94, "a name of no length or more than 64 KiB");
    KLIK_TRY(const Blob name_blob, source_->load(at_ + sizeof header, *name_size));
    const std::string_view spelled = name_blob.bytes().text();
    const std::string_view name = spelled.substr(0, spelled.find('\0'));
    const std::uint64_t header_at = at_, data_at = up4(at_ + sizeof header + *name_size);
    if (name == kTrailer) {
      at_ = data_at;
      return after_trailer();
    }
    if (children_.size() >= context_.budget.children) return fail(Code::over_budget, at_, "more members than the budget allows");
    if (name.size() + 1 != spelled.size()) tally_.add(kName, header_at, name);

    Child child;
    child.name = name.starts_with("./") && name.size() > 2 ? name.substr(2) : name;
    child.attributes = FileAttributes{.mode = *mode, .uid = *uid, .gid = *gid};
    const std::uint64_t there = data_at < size_ ? std::min<std::uint64_t>(*n, size_ - data_at) : 0;
    switch (*mode & S_IFMT) {
      case S_IFDIR: child.type = ChildType::folder; break;
      case S_IFLNK: {
        child.type = ChildType::symlink;
        if (*n > kLongestTarget) return fail(Code::bad_value, header_at + 54, "a symbolic link longer than 64 KiB");
        KLIK_TRY(const Blob target, source_->load(data_at, *n));
        child.attributes->link_target = target.bytes().text();
        append_extent(child.extents, data_at, *n);
        break;
      }
      case S_IFCHR: case S_IFBLK: case S_IFIFO: case S_IFSOCK: child.type = ChildType::special; break;
      default: {
        child.size = there;
        append_extent(child.extents, data_at, there);
        if (there < *n) {
          child.state = State::damaged;
          context_.note(Severity::data_loss, Code::truncated, header_at, "the member reaches past the end of the file", child.name, "the file was cut short; fetch it again");
        }
        KLIK_TRY(child.source, window(source_, std::min(data_at, size_), there));
        if (magic == kSummed && there == *n) KLIK_CHECK(verify(child, *check, header_at));
        if (*links > 1) by_inode_[{*inode, *major, *minor}].push_back(children_.size());
      }
    }
    tally_odd_name(tally_, child.name, header_at);
    children_.push_back(std::move(child));
    if (there < *n) return false;
    at_ = std::min(up4(data_at + *n), size_);
    return true;
  }

  Result<bool> after_trailer() {
    trailer_seen_ = true;
    finish_links();
    std::array<std::uint8_t, 4096> buffer{};
    while (at_ < size_) {
      const MutableBytes window_bytes = MutableBytes(buffer).first(std::min<std::uint64_t>(buffer.size(), size_ - at_));
      KLIK_CHECK(source_->read(at_, window_bytes));
      const auto found = std::ranges::find_if(window_bytes, [](std::uint8_t b) { return b != 0; });
      at_ += static_cast<std::uint64_t>(found - window_bytes.begin());
      if (found != window_bytes.end()) break;
    }
    if (at_ >= size_) return false;
    std::array<std::uint8_t, 6> magic{};
    if (source_->read(at_, magic) && (Bytes(magic).text() == kPlain || Bytes(magic).text() == kSummed)) {
      trailer_seen_ = false;
      return true;
    }
    // The kernel goes on with a compressed archive here; it is for another container to open.
    Child rest;
    rest.name = "behind-trailer";
    rest.size = size_ - at_;
    KLIK_TRY(rest.source, window(source_, at_, rest.size));
    append_extent(rest.extents, at_, rest.size);
    context_.note(Severity::info, Code::deviation, at_, "bytes behind the end mark that are no cpio", rest.name);
    children_.push_back(std::move(rest));
    return false;
  }

  Result<void> verify(const Child& child, std::uint32_t check, std::uint64_t header_at) {
    std::vector<std::uint8_t> buffer(std::min<std::uint64_t>(child.size, 65536));
    std::uint32_t sum = 0;
    for (std::uint64_t at = 0; at < child.size;) {
      const MutableBytes part = MutableBytes(buffer).first(std::min<std::uint64_t>(buffer.size(), child.size - at));
      KLIK_CHECK(child.source->read(at, part));
      for (const std::uint8_t b : part) sum += b;
      at += part.size();
    }
    if (sum != check) tally_.add(kSum, header_at, child.name);
    return {};
  }

  // Of several names of one file only one carries the bytes, usually the last.
  void finish_links() {
    for (const auto& [inode, members] : by_inode_) {
      const auto full = std::ranges::find_if(members, [&](std::size_t i) { return children_[i].size > 0; });
      if (full == members.end()) continue;
      for (const std::size_t i : members) {
        if (children_[i].size > 0) continue;
        children_[i].size = children_[*full].size;
        children_[i].source = children_[*full].source;
        children_[i].extents = children_[*full].extents;
        children_[i].state = children_[*full].state;
      }
    }
    by_inode_.clear();   // inode numbers start anew in the next archive
  }

  const SourceRef& source_;
  OpenContext& context_;
  std::uint64_t size_, at_ = 0;
  bool trailer_seen_ = false;
  NoteTally tally_;
  std::vector<Child> children_;
  std::map<Inode, std::vector<std::size_t>> by_inode_;
};

constexpr Magic kMagics[] = {{0, kPlain}, {0, kSummed}};

Result<Contents> open(const SourceRef& source, OpenContext& context) { return Reader(source, context).run(); }

}  // namespace

extern const Container container_cpio;
constexpr Container container_cpio{
    .name = "cpio",
    .title = "cpio archive (ramdisk)",
    .spec = "kernel Documentation/driver-api/early-userspace/buffer-format.rst",
    .limits = "new ASCII format only (070701, 070702); a ramdisk behind the archive is one child, to be opened as what it is",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
