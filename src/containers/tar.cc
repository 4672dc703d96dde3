// tar: v7, ustar, pax and GNU. A reader of our own, since a library gives a member's bytes but not where
// they lie, and every fact must point at its bytes. A Samsung .tar.md5 is a tar with a line of md5sum's
// output behind it.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "containers/note_tally.h"

namespace klik {
namespace {

using Field8 = std::array<std::uint8_t, 8>;
using Field12 = std::array<std::uint8_t, 12>;

struct Header {
  std::array<std::uint8_t, 100> name;
  Field8 mode, uid, gid;
  Field12 size, time;
  Field8 checksum;
  std::uint8_t type;
  std::array<std::uint8_t, 100> link;
  std::array<std::uint8_t, 6> magic;
  std::array<std::uint8_t, 2> version;
  std::array<std::uint8_t, 32> user, group;
  Field8 major, minor;
  std::array<std::uint8_t, 155> prefix;   // ustar only; GNU keeps sparse maps and times here
  std::array<std::uint8_t, 12> rest;
};
static_assert(sizeof(Header) == 512);

constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kLongestExtra = std::uint64_t{1} << 20;   // a pax header or a long name
constexpr std::uint64_t kGnuSparseExtended = 482, kGnuSparseContinued = 504;

constexpr NoteKind kCut{Severity::data_loss, Code::truncated, "the member reaches past the end of the file", "the file was cut short; fetch it again"};
constexpr NoteKind kNoTarget{Severity::error, Code::absent, "a hard link to a member that does not come before it"};
constexpr NoteKind kSparse{Severity::data_loss, Code::unsupported, "a sparse member: its pieces are not put together"};
constexpr NoteKind kUnknownType{Severity::info, Code::deviation, "a member of an unknown type, read as a file"};
constexpr NoteKind kMultiVolume{Severity::data_loss, Code::unsupported, "the rest of a member that starts in another volume"};
constexpr NoteKind kAgain{Severity::info, Code::deviation, "a name occurs again: programs that extract keep the last one"};
constexpr NoteKind kSizeOfNone{Severity::info, Code::deviation, "a size on a member that has no data: programs differ in whether they pass over it"};
constexpr NoteKind kBadExtra{Severity::error, Code::bad_value, "a pax record is broken; those behind it are ignored"};

std::string_view text_of(std::span<const std::uint8_t> field) {
  const std::string_view text = Bytes(field).text();
  return text.substr(0, text.find('\0'));
}

// Octal digits between spaces and NULs, or base 256 when the first bit is set. GNU and star write both.
std::optional<std::uint64_t> number(std::span<const std::uint8_t> field) {
  std::uint64_t value = 0;
  if (field[0] & 0x80) {
    if (field[0] & 0x7F) return std::nullopt;   // negative, or past 64 bits in every field there is
    for (const std::uint8_t b : field.subspan(1)) {
      if (value >> 56) return std::nullopt;
      value = value << 8 | b;
    }
    return value;
  }
  std::string_view digits = Bytes(field).text();
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  digits = digits.substr(0, digits.find_first_of(std::string_view(" \0", 2)));
  if (digits.empty()) return 0;
  const auto [end, bad] = std::from_chars(digits.begin(), digits.end(), value, 8);
  if (bad != std::errc() || end != digits.end()) return std::nullopt;
  return value;
}

bool checksum_holds(const Header& header) {
  const auto stated = number(header.checksum);
  if (!stated) return false;
  // The field itself counts as spaces. Old programs summed signed bytes.
  std::uint32_t sum = 0;
  std::int32_t signed_sum = 0;
  const auto bytes = Bytes::of_struct(header).span();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::uint8_t b = i >= 148 && i < 156 ? std::uint8_t{' '} : bytes[i];
    sum += b;
    signed_sum += static_cast<std::int8_t>(b);
  }
  return *stated == sum || (signed_sum >= 0 && *stated == static_cast<std::uint32_t>(signed_sum));
}

bool is_zero(const Header& header) {
  return std::ranges::all_of(Bytes::of_struct(header).span(), [](std::uint8_t b) { return b == 0; });
}

// What stands in extra headers before a member and replaces or completes its own.
struct Extra {
  std::optional<std::string> path, sparse_path, link;
  std::optional<std::uint64_t> size, uid, gid;
  std::optional<std::string> selinux;
  std::optional<std::vector<std::uint8_t>> capability;
  bool sparse = false;
};

std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, bad] = std::from_chars(text.begin(), text.end(), value);
  if (bad != std::errc() || text.empty()) return std::nullopt;
  return end == text.end() || *end == '.' ? std::optional(value) : std::nullopt;
}

void set(Extra& extra, std::string_view key, std::string_view value) {
  if (key == "path") extra.path = value;
  else if (key == "GNU.sparse.name") extra.sparse_path = value;
  else if (key == "linkpath") extra.link = value;
  else if (key == "size") extra.size = decimal(value);
  else if (key == "uid") extra.uid = decimal(value);
  else if (key == "gid") extra.gid = decimal(value);
  else if (key == "SCHILY.xattr.security.selinux" || key == "RHT.security.selinux") extra.selinux = value.substr(0, value.find('\0'));
  else if (key == "SCHILY.xattr.security.capability") extra.capability.emplace(value.begin(), value.end());
  else if (key.starts_with("GNU.sparse.")) extra.sparse = true;
}

// Records "length key=value\n", the length counting itself (POSIX.1-2017, pax). False when one is broken.
bool read_pax(std::string_view text, Extra& extra) {
  while (!text.empty() && text.front() != '\0') {   // advances by the record's length, which is not 0
    const std::size_t space = text.find(' ');
    if (space == text.npos) return false;
    const auto length = decimal(text.substr(0, space));
    if (!length || *length <= space + 1 || *length > text.size() || text[*length - 1] != '\n') return false;
    const std::string_view record = text.substr(space + 1, *length - space - 2);
    const std::size_t equals = record.find('=');
    if (equals == record.npos) return false;
    set(extra, record.substr(0, equals), record.substr(equals + 1));
    text.remove_prefix(*length);
  }
  return true;
}

// The last line of a Samsung package: 32 digits, two spaces, a name, a line feed.
struct Md5Line {
  std::uint64_t at;
  std::string digest;
};

std::optional<Md5Line> md5_line(const Source& source) {
  constexpr std::uint64_t kDigits = 32;
  const std::uint64_t n = source.size() % kBlock;   // the tar itself ends with a block
  if (n < kDigits + 4) return std::nullopt;
  const auto tail = source.load(source.size() - n, n);
  if (!tail) return std::nullopt;
  const std::string_view text = tail->bytes().text();
  const std::string_view digits = text.substr(0, kDigits), gap = text.substr(kDigits, 2);
  if ((gap != "  " && gap != " *") || !text.ends_with('\n')) return std::nullopt;
  if (!std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); })) return std::nullopt;
  return Md5Line{source.size() - n, std::string(digits)};
}

void check_md5(const Source& source, const Md5Line& line, OpenContext& context) {
  constexpr std::uint64_t kPiece = std::uint64_t{4} << 20;
  Hasher md5(HashAlgorithm::md5);
  std::vector<std::uint8_t> piece(std::min(kPiece, line.at));
  for (std::uint64_t at = 0; at < line.at;) {
    const MutableBytes part = MutableBytes(piece).first(std::min(kPiece, line.at - at));
    if (const auto read = source.read(at, part); !read) return context.note(Severity::data_loss, read.error());
    md5.update(Bytes(part));
    at += part.size();
  }
  const std::vector<std::uint8_t> digest = md5.finish();
  if (hex(Bytes(digest)) != line.digest)
    context.note(Severity::error, Code::bad_checksum, line.at, "the MD5 in the last line is not that of what comes before it", line.digest, "the package was changed or damaged");
}

class Reader {
 public:
  Reader(const SourceRef& source, OpenContext& context) : source_(source), context_(context), size_(source->size()) {}

  Result<Contents> run() {
    const auto line = md5_line(*source_);
    if (line) size_ = line->at;
    while (at_ < size_) {   // every member takes one block or more
      const auto header = source_->get<Header>(at_);
      if (!header) {
        stop(header.error());
        break;
      }
      if (is_zero(*header)) {
        check_tail();
        break;
      }
      if (!checksum_holds(*header)) {
        if (at_ == 0) return fail(Code::bad_checksum, 148, "the header's checksum does not match");
        stop(fail(Code::bad_checksum, at_ + 148, "the header's checksum does not match").error());
        break;
      }
      if (children_.size() >= context_.budget.children) {
        stop(fail(Code::over_budget, at_, "more members than the budget allows").error());
        break;
      }
      const auto more = member(*header);
      if (!more) {
        if (at_ == 0) return fail(more.error());
        stop(more.error());
        break;
      }
      if (!*more) break;
    }
    tally_.flush(context_.notes);
    if (line) check_md5(*source_, *line, context_);
    return Contents{.kind = line ? "tar_md5" : "", .children = std::move(children_)};
  }

 private:
  void stop(const Error& error) { context_.note(Severity::data_loss, error, {}, "members behind this place are not listed"); }

  // Behind the first zero block a writer only fills up a record; more than a few are not looked through.
  void check_tail() {
    constexpr std::uint64_t kLookedAt = std::uint64_t{1} << 20;
    const std::uint64_t n = std::min(size_ - at_, kLookedAt);
    const auto tail = source_->load(at_, n);
    if (!tail) return stop(tail.error());
    const auto found = std::ranges::find_if(tail->bytes().span(), [](std::uint8_t b) { return b != 0; });
    if (found != tail->bytes().span().end() || n < size_ - at_)
      context_.note(Severity::info, Code::deviation, at_ + static_cast<std::uint64_t>(found - tail->bytes().span().begin()), "bytes behind the end of the archive");
  }

  // The next header's place after `n` bytes at `from`; nothing when they leave the file.
  std::optional<std::uint64_t> behind(std::uint64_t from, std::uint64_t n) const {
    if (from > size_ || n > size_ - from) return std::nullopt;
    const std::uint64_t padding = (kBlock - n % kBlock) % kBlock;
    return from + n + std::min(padding, size_ - from - n);
  }

  // Extra headers: they add to `next_` or `global_` and are no members.
  Result<bool> extra(const Header& header, std::uint64_t data_at, std::uint64_t n) {
    const auto next = behind(data_at, n);
    if (!next) return fail(Code::truncated, at_, "an extra header reaches past the end of the file");
    if (n > kLongestExtra) {
      context_.note(Severity::data_loss, Code::over_budget, at_, "an extra header larger than 1 MiB is ignored");
    } else {
      KLIK_TRY(const Blob blob, source_->load(data_at, n));
      const Bytes bytes = blob.bytes();
      switch (header.type) {
        case 'L': next_.path = text_of(bytes.span()); break;
        case 'K': next_.link = text_of(bytes.span()); break;
        default:
          if (!read_pax(bytes.text(), header.type == 'g' ? global_ : next_)) tally_.add(kBadExtra, data_at, "");
      }
    }
    at_ = *next;
    return true;
  }

  // False when nothing more can be read.
  Result<bool> member(const Header& header) {
    const auto stated = number(header.size);
    if (!stated) return fail(Code::bad_value, at_ + 124, "a size that is no number");
    std::uint64_t data_at = at_ + kBlock;
    if (header.type == 'x' || header.type == 'g' || header.type == 'L' || header.type == 'K') return extra(header, data_at, *stated);

    const Extra own = std::exchange(next_, {});
    const bool sparse_map = header.type == 'S';
    if (sparse_map) KLIK_CHECK(pass_sparse_map(header, data_at));

    Child child;
    child.name = name_of(header, own);
    std::string link = own.link ? *own.link : global_.link ? *global_.link : std::string(text_of(header.link));
    FileAttributes attributes = attributes_of(header, own);
    std::uint64_t n = own.size ? *own.size : *stated;
    bool takes_data = true;
    switch (header.type) {
      case '1':
        takes_data = false;
        attributes.mode |= S_IFREG;
        hard_link(child, link);
        break;
      case '2':
        takes_data = false;
        child.type = ChildType::symlink;
        attributes.mode |= S_IFLNK;
        attributes.link_target = std::move(link);
        break;
      case '3': case '4': case '6':
        takes_data = false;
        child.type = ChildType::special;
        attributes.mode |= header.type == '3' ? S_IFCHR : header.type == '4' ? S_IFBLK : S_IFIFO;
        break;
      case '5': case 'D':   // 'D' holds a list of names in GNU's incremental archives
        takes_data = header.type == 'D';
        child.type = ChildType::folder;
        attributes.mode |= S_IFDIR;
        break;
      case 'V': return advance(data_at, 0);   // the volume's label
      case 'M':
        child.state = State::unsupported;
        tally_.add(kMultiVolume, at_, child.name);
        break;
      case 'S': break;
      default:
        if (header.type != '0' && header.type != '\0' && header.type != '7') tally_.add(kUnknownType, at_, child.name);
        if (child.name.ends_with('/')) {   // how v7 spells a folder
          child.type = ChildType::folder;
          attributes.mode |= S_IFDIR;
        } else {
          attributes.mode |= S_IFREG;
        }
    }
    if (own.sparse || sparse_map) {
      child.state = State::unsupported;
      tally_.add(kSparse, at_, child.name);
    }
    if (!takes_data && n != 0) {
      tally_.add(kSizeOfNone, at_, child.name);
      n = 0;
    }
    const bool whole = data_at <= size_ && n <= size_ - data_at;
    if (child.type == ChildType::file && header.type != '1') {
      const std::uint64_t there = whole ? n : size_ - std::min(data_at, size_);
      child.size = n;
      if (!whole) {
        child.state = State::damaged;
        child.size = there;
        tally_.add(kCut, at_, child.name);
      }
      append_extent(child.extents, std::min(data_at, size_), there);
      if (child.state == State::read || child.state == State::damaged) {
        KLIK_TRY(child.source, window(source_, std::min(data_at, size_), there));
      }
    }
    while (child.type == ChildType::folder && child.name.size() > 1 && child.name.ends_with('/')) child.name.pop_back();
    child.attributes = std::move(attributes);
    tally_odd_name(tally_, child.name, at_);
    const auto [place, fresh] = by_name_.insert_or_assign(child.name, children_.size());
    if (!fresh && child.type == ChildType::file) tally_.add(kAgain, at_, child.name);
    children_.push_back(std::move(child));
    if (!whole) return false;
    return advance(data_at, n);
  }

  Result<bool> advance(std::uint64_t data_at, std::uint64_t n) {
    const auto next = behind(data_at, n);
    if (!next) return fail(Code::truncated, at_, "a member reaches past the end of the file");
    at_ = *next;
    return true;
  }

  // GNU's sparse members may have further blocks of their map between header and data.
  Result<void> pass_sparse_map(const Header& header, std::uint64_t& data_at) {
    std::uint8_t more = Bytes::of_struct(header)[kGnuSparseExtended];
    while (more != 0) {   // a block each time
      KLIK_TRY(more, source_->get<std::uint8_t>(data_at + kGnuSparseContinued));
      data_at += kBlock;
    }
    return {};
  }

  std::string name_of(const Header& header, const Extra& own) const {
    std::string name;
    if (own.sparse_path) {   // the path of such a member is that of a folder that does not exist
      name = *own.sparse_path;
    } else if (own.path) {
      name = *own.path;
    } else if (global_.path) {
      name = *global_.path;
    } else {
      const std::string_view prefix = text_of(header.prefix);
      if (Bytes(header.magic).text() == std::string_view("ustar\0", 6) && !prefix.empty()) name = std::string(prefix) += '/';
      name += text_of(header.name);
    }
    return without_dot(std::move(name));
  }

  // "./a" is "a": tar writes what it was given, and a path inside the archive has no such part.
  static std::string without_dot(std::string name) {
    while (name.starts_with("./") && name.size() > 2) name.erase(0, 2);
    return name;
  }

  FileAttributes attributes_of(const Header& header, const Extra& own) const {
    FileAttributes a;
    a.mode = static_cast<std::uint32_t>(number(header.mode).value_or(0) & 07777);
    const auto first = [](auto x, auto y, auto z) { return x ? x : y ? y : z; };
    a.uid = static_cast<std::uint32_t>(first(own.uid, global_.uid, number(header.uid)).value_or(0));
    a.gid = static_cast<std::uint32_t>(first(own.gid, global_.gid, number(header.gid)).value_or(0));
    a.selinux = first(own.selinux, global_.selinux, std::optional<std::string>()).value_or("");
    a.capability = first(own.capability, global_.capability, std::optional<std::vector<std::uint8_t>>()).value_or(std::vector<std::uint8_t>());
    return a;
  }

  // The same bytes under another name.
  void hard_link(Child& child, const std::string& link) {
    const auto target = by_name_.find(without_dot(link));
    if (target == by_name_.end() || children_[target->second].type != ChildType::file) {
      child.state = State::listed;
      return tally_.add(kNoTarget, at_, child.name);
    }
    const Child& first = children_[target->second];
    child.size = first.size;
    child.source = first.source;
    child.state = first.state;
    child.extents = first.extents;
  }

  const SourceRef& source_;
  OpenContext& context_;
  std::uint64_t size_, at_ = 0;
  Extra next_, global_;
  NoteTally tally_;
  std::vector<Child> children_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

constexpr Magic kMagics[] = {{257, "ustar"}};

// v7 has no magic, but a checksum over its header.
bool recognise(const Source& source, std::string_view) {
  const auto header = source.get<Header>(0);
  return header && !is_zero(*header) && header->name[0] != 0 && number(header->size) && checksum_holds(*header);
}

Result<Contents> open(const SourceRef& source, OpenContext& context) { return Reader(source, context).run(); }

}  // namespace

extern const Container container_tar;
constexpr Container container_tar{
    .name = "tar",
    .title = "tar archive (v7, ustar, pax, GNU; Samsung .tar.md5)",
    .spec = "POSIX.1-2017 pax; GNU tar manual, Standard and Extensions",
    .limits = "sparse members and members over several volumes are listed, not read; of extended attributes only selinux and capability",
    .magics = kMagics,
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
