// Which records count is what Android's libziparchive does: the count of the end record drives the walk, the directory is believed, and
// the local header says only where the data starts.
#include "containers/zip_archive.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "containers/note_tally.h"
#include "containers/zip_end.h"
#include "formats/zip_records.h"

namespace klik {
namespace {

using zip::DirectoryRecord, zip::LocalHeader, zip::extent_of;
using zip::kAes, zip::kDeflate, zip::kDescriptor, zip::kDescriptorMagic, zip::kDirectoryMagic, zip::kEncrypted, zip::kLocalMagic, zip::kStored, zip::kWide;

constexpr std::uint64_t kDeflateRatio = 1032;      // no deflate stream expands further

constexpr std::uint64_t kMostTried = std::uint64_t{256} << 20;   // bytes decoded only to learn a method

// Reading over a gap of this size costs less than another system call, and no more decoding underneath.
constexpr std::uint64_t kClose = 4096;

constexpr const char* kRefused = "the phone refuses this archive; other programs read it";
constexpr NoteKind kManyCount{Severity::data_loss, Code::truncated, "the end record counts more entries than the directory holds", kRefused};
constexpr NoteKind kDirectoryBroken{Severity::data_loss, Code::bad_value, "the directory is broken; entries behind this place are not listed", kRefused};
constexpr NoteKind kTooMany{Severity::data_loss, Code::over_budget, "more entries than the budget allows"};
constexpr NoteKind kHidden{Severity::error, Code::conflict, "entries behind the counted ones: the phone does not see them, other programs may"};
constexpr NoteKind kDuplicate{Severity::error, Code::conflict, "a name occurs twice: programs differ in which one they take", kRefused};
constexpr NoteKind kNotUtf8{Severity::error, Code::deviation, "a name that is not UTF-8", kRefused};
constexpr NoteKind kEncryptionBit{Severity::info, Code::deviation, "the encryption bit is set; the phone ignores it"};
constexpr NoteKind kMethod{Severity::error, Code::deviation, "a compression method other than stored and deflate: programs differ in what they read"};
constexpr NoteKind kMethodDiffers{Severity::info, Code::conflict, "the local header states another method"};
constexpr NoteKind kNoZip64{Severity::error, Code::bad_value, "a size says zip64, but the zip64 extra lacks it", kRefused};
constexpr NoteKind kNoLocal{Severity::data_loss, Code::bad_value, "no local header where the directory says"};
constexpr NoteKind kPastEnd{Severity::data_loss, Code::truncated, "the data reaches past the end of the file"};
constexpr NoteKind kIntoDirectory{Severity::error, Code::bad_value, "the data reaches into the directory", kRefused};
constexpr NoteKind kLocalName{Severity::error, Code::conflict, "the local header states another name", kRefused};
constexpr NoteKind kLocalSizes{Severity::error, Code::conflict, "the local header states another size or checksum", "the phone refuses this entry; other programs read it"};
constexpr NoteKind kDescriptorDiffers{Severity::error, Code::conflict, "the data descriptor states another size or checksum", "the phone refuses this entry; other programs read it"};
constexpr NoteKind kOverlap{Severity::error, Code::deviation, "entries share bytes of the archive", "such an archive can expand without bound"};
constexpr NoteKind kUnclaimed{Severity::info, Code::deviation, "bytes between entries that no entry claims"};

void add_note(std::vector<Note>& notes, Severity severity, Code code, std::uint64_t at, const char* what, const char* advice = "") {
  notes.push_back({fail(code, at, what).error(), severity, {}, advice});
}

bool is_utf8(std::string_view name) {
  for (std::size_t i = 0; i < name.size();) {
    const auto lead = static_cast<std::uint8_t>(name[i]);
    const std::size_t more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : 4;
    if (more == 4 || more > name.size() - i - 1) return false;
    for (std::size_t k = 1; k <= more; ++k)
      if ((static_cast<std::uint8_t>(name[i + k]) & 0xC0) != 0x80) return false;
    i += 1 + more;
  }
  return true;
}

// Small reads in rising order, many per system call: local headers of small entries lie close together.
class ForwardReader {
 public:
  explicit ForwardReader(const Source& source) : source_(source) {}

  // [at, at + n); reads on to `until` when it has to read at all. The window dies with the next call.
  Result<Bytes> get(std::uint64_t at, std::uint64_t n, std::uint64_t until) {
    if (const Bytes there = source_.in_memory(at, n); there.size() == n) return there;
    if (at < at_ || at - at_ > buffer_.size() || n > buffer_.size() - (at - at_)) {
      if (at > source_.size() || n > source_.size() - at) return fail(Code::truncated, at, "read past end");
      const std::uint64_t wanted = std::clamp(until > at ? until - at : 0, n, std::max(n, kMost));
      buffer_.resize(std::min(wanted, source_.size() - at));
      at_ = at;
      KLIK_CHECK(source_.read(at, buffer_));
    }
    return Bytes(buffer_).slice(at - at_, n);
  }

 private:
  static constexpr std::uint64_t kMost = 65536;
  const Source& source_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t at_ = 0;
};

// Reads local headers and data descriptors in the order of the file.
class LocalWalk {
 public:
  LocalWalk(const Source& source, std::vector<ZipEntry>& entries, std::uint64_t directory_at, NoteTally& tally)
      : reader_(source), size_(source.size()), entries_(entries), directory_at_(directory_at), tally_(tally) {
    order_.resize(entries.size());
    for (std::uint32_t i = 0; i < order_.size(); ++i) order_[i] = i;
    if (!std::ranges::is_sorted(entries, {}, &ZipEntry::local_at))
      std::ranges::stable_sort(order_, {}, [&](std::uint32_t i) { return entries[i].local_at; });
    // Where a read that starts at entry i may run to: over entries that follow closely.
    reach_.resize(order_.size());
    for (std::size_t k = order_.size(); k-- > 0;) {
      const ZipEntry& e = entries[order_[k]];
      const std::uint64_t end = std::min(e.local_at, size_) + sizeof(LocalHeader) + e.name.size();
      const bool close = k + 1 < order_.size() && entries[order_[k + 1]].local_at - e.local_at < kClose;
      reach_[k] = close ? reach_[k + 1] : end;
    }
  }

  void run() {
    for (std::size_t k = 0; k < order_.size(); ++k) {
      ZipEntry& e = entries_[order_[k]];
      const std::uint64_t end = locate(e, k);
      if (e.broken) continue;
      if (!covered_) covered_ = e.local_at;   // what stands before the first entry has notes of its own
      if (e.local_at < *covered_) tally_.add(kOverlap, e.local_at, e.name);
      else if (e.local_at > *covered_) tally_.add(kUnclaimed, *covered_, e.name);
      covered_ = std::max(*covered_, end);
    }
  }

 private:
  // Returns where the entry's bytes end, its data descriptor included.
  std::uint64_t locate(ZipEntry& e, std::size_t k) {
    const auto lost = [&](const NoteKind& kind) {
      e.broken = true;
      tally_.add(kind, e.header_at, e.name);
      return e.local_at;
    };
    const auto window = reader_.get(e.local_at, sizeof(LocalHeader), reach_[k]);
    if (!window) return lost(kNoLocal);
    const auto header = *window->view<LocalHeader>(0);
    if (header->magic != kLocalMagic) return lost(kNoLocal);
    const LocalHeader local = *header;
    const std::uint64_t data_at = e.local_at + sizeof(LocalHeader) + local.name_size + local.extra_size;
    if (data_at > size_ || e.compressed_size > size_ - data_at) return lost(kPastEnd);
    e.data_at = data_at;
    const std::uint64_t end = data_at + e.compressed_size;
    if (end > directory_at_ && e.local_at < directory_at_) tally_.add(kIntoDirectory, e.header_at, e.name);

    const auto name = reader_.get(e.local_at + sizeof(LocalHeader), local.name_size, reach_[k]);
    if (!name || name->text() != e.name) tally_.add(kLocalName, e.local_at, e.name);
    if (local.method != e.method) tally_.add(kMethodDiffers, e.local_at, e.name);
    if (!(local.flags & kDescriptor)) {
      const auto differs = [](std::uint32_t narrow, std::uint64_t wide) { return narrow != kWide && narrow != wide; };
      if (local.crc32 != e.crc32 || differs(local.compressed_size, e.compressed_size) || differs(local.size, e.size))
        tally_.add(kLocalSizes, e.local_at, e.name);
      return end;
    }
    return descriptor(e, end, k);
  }

  // CRC and both sizes behind the data, with or without a magic, the sizes wide only where they must be.
  std::uint64_t descriptor(const ZipEntry& e, std::uint64_t at, std::size_t k) {
    const std::uint64_t n = std::min<std::uint64_t>(24, size_ - at);
    const std::uint64_t next = k + 1 < order_.size() ? entries_[order_[k + 1]].local_at : at;
    const auto window = reader_.get(at, n, next >= at && next - at < kClose ? reach_[k + 1 < order_.size() ? k + 1 : k] : at + n);
    if (!window) return at;
    for (const std::uint64_t start : {std::uint64_t{4}, std::uint64_t{0}}) {
      if (start == 4) {
        const auto magic = window->get<U32le>(0);
        if (!magic || *magic != kDescriptorMagic) continue;
      }
      const auto crc = window->get<U32le>(start);
      if (!crc || *crc != e.crc32) continue;
      const auto compressed = window->get<U32le>(start + 4), size = window->get<U32le>(start + 8);
      const auto compressed64 = window->get<U64le>(start + 4), size64 = window->get<U64le>(start + 12);
      if (compressed64 && size64 && *compressed64 == e.compressed_size && *size64 == e.size && (e.size >= kWide || e.compressed_size >= kWide || next == at + start + 20))
        return at + start + 20;
      if (compressed && size && *compressed == e.compressed_size && *size == e.size) return at + start + 12;
    }
    tally_.add(kDescriptorDiffers, at, e.name);
    return at;
  }

  ForwardReader reader_;
  std::uint64_t size_;
  std::vector<ZipEntry>& entries_;
  std::uint64_t directory_at_;
  NoteTally& tally_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint64_t> reach_;
  std::optional<std::uint64_t> covered_;
};

// Reads the records of `directory`, which starts at `end.directory_at`.
void read_directory(Bytes directory, const ZipEnd& end, const Budget& budget, std::vector<ZipEntry>& entries, NoteTally& tally) {
  entries.reserve(std::min({end.count, directory.size() / sizeof(DirectoryRecord), budget.children}));
  for (std::uint64_t at = 0; at < directory.size();) {   // advances by 46 or more
    const auto record = directory.view<DirectoryRecord>(at);
    const std::uint64_t header_at = end.directory_at + at;
    const bool counted = entries.size() < end.count;
    if (!record || (*record)->magic != kDirectoryMagic) {
      // Behind the counted entries anything may stand: a digital signature, padding.
      if (counted) tally.add(kManyCount, header_at, "");
      return;
    }
    const DirectoryRecord& r = **record;
    const std::uint64_t length = sizeof r + r.name_size + r.extra_size + r.comment_size;
    const auto whole = directory.slice(at, length);
    if (!whole) {
      if (counted) tally.add(kDirectoryBroken, header_at, "");
      return;
    }
    if (entries.size() >= budget.children) return tally.add(kTooMany, header_at, "");
    at += length;

    ZipEntry e;
    const Bytes name = *whole->slice(sizeof r, r.name_size), extra = *whole->slice(sizeof r + r.name_size, r.extra_size);
    e.name = name.text();
    e.flags = r.flags;
    e.method = r.method;
    e.crc32 = r.crc32;
    e.header_at = header_at;
    e.hidden = !counted;
    const zip::Extent extent = extent_of(r, extra);
    e.compressed_size = extent.compressed_size;
    e.size = extent.size;
    if (!extent.whole) tally.add(kNoZip64, header_at, e.name);
    // An offset that would wrap stays out of reach.
    e.local_at = extent.local_at > ~std::uint64_t{0} - end.shift ? ~std::uint64_t{0} : extent.local_at + end.shift;
    if (e.hidden) tally.add(kHidden, header_at, e.name);
    if (e.flags & kEncrypted) tally.add(kEncryptionBit, header_at, e.name);
    if (e.method != kStored && e.method != kDeflate) tally.add(kMethod, header_at, e.name);
    if (!is_utf8(e.name)) tally.add(kNotUtf8, header_at, e.name);
    tally_odd_name(tally, e.name, header_at);
    entries.push_back(std::move(e));
  }
  if (entries.size() < end.count) tally.add(kManyCount, end.directory_at + directory.size(), "");
}

void note_frame(const Source& source, const ZipEnd& end, std::uint64_t directory_end, std::uint64_t prefix, std::vector<Note>& notes) {
  if (!end.first_hit) add_note(notes, Severity::error, Code::conflict, end.at, "the last end record names no directory; an earlier one was taken", kRefused);
  if (end.at + end.length < source.size())
    add_note(notes, Severity::error, Code::deviation, end.at + end.length, "bytes behind the end record", kRefused);
  if (directory_end < end.tail_at)
    add_note(notes, Severity::error, Code::deviation, directory_end, "bytes between the directory and its end record", "signatures of scheme v2 and newer are not found in such a file");
  if (end.directory_size > end.tail_at - end.directory_at)
    add_note(notes, Severity::error, Code::bad_value, end.directory_at, "the directory's size reaches past its end record", kRefused);
  if (end.shift > 0) add_note(notes, Severity::error, Code::deviation, end.at, "the offsets ignore the bytes before the archive", kRefused);
  std::array<std::uint8_t, 4> start{};
  if (!source.read(0, start)) return;
  const std::string_view magic = Bytes(start).text();
  if (magic == "dex\n")
    add_note(notes, Severity::error, Code::conflict, 0, "a DEX file stands before the archive (Janus, CVE-2017-13156)",
             "Android 5 to 8 run the DEX file under the archive's v1 signature");
  else if (prefix > 0 && magic != std::string_view("PK\3\4", 4))
    add_note(notes, Severity::error, Code::deviation, 0, "bytes before the first entry", "newer phones refuse this archive, older ones read it");
  else if (prefix > 0)
    add_note(notes, Severity::info, Code::deviation, 0, "bytes before the first entry that no entry claims");
}

struct Inflater {
  libdeflate_decompressor* state = libdeflate_alloc_decompressor();
  Inflater() = default;
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { libdeflate_free_decompressor(state); }
};

// The stream must give exactly `size` bytes and may end before `packed` does.
std::optional<std::vector<std::uint8_t>> inflate(Bytes packed, std::uint64_t size) {
  thread_local Inflater inflater;
  if (size / kDeflateRatio > packed.size()) return std::nullopt;
  std::vector<std::uint8_t> out(size);
  std::size_t taken = 0, made = 0;
  const auto ended = libdeflate_deflate_decompress_ex(inflater.state, packed.data(), packed.size(), out.data(), out.size(), &taken, &made);
  if (ended != LIBDEFLATE_SUCCESS || made != size) return std::nullopt;
  return out;
}

}  // namespace

Result<ZipArchive> ZipArchive::open(SourceRef source, const Budget& budget, std::vector<Note>& notes) {
  KLIK_TRY(const ZipEnd end, find_zip_end(*source));
  const std::uint64_t room = end.tail_at - end.directory_at;
  const std::uint64_t declared = std::min(end.directory_size, room);
  if (declared > budget.metadata_bytes) return fail(Code::over_budget, end.directory_at, "the directory is larger than its budget");
  // Hidden entries may lie behind the declared size too, so what stands between is read as well.
  const std::uint64_t n = std::min(room, budget.metadata_bytes);
  KLIK_TRY(const Blob directory, source->load(end.directory_at, n));

  ZipArchive zip;
  zip.source_ = std::move(source);
  zip.directory_at_ = end.directory_at;
  zip.directory_size_ = declared;
  zip.end_record_at_ = end.at;
  NoteTally tally;
  read_directory(directory.bytes(), end, budget, zip.entries_, tally);
  LocalWalk(*zip.source_, zip.entries_, end.directory_at, tally).run();

  std::uint64_t prefix = end.directory_at;
  for (const ZipEntry& e : zip.entries_)
    if (!e.broken) prefix = std::min(prefix, e.local_at);
  zip.prefix_ = prefix;

  zip.by_name_.reserve(zip.entries_.size());
  for (std::uint32_t i = 0; i < zip.entries_.size(); ++i) zip.by_name_.push_back({std::hash<std::string_view>{}(zip.entries_[i].name), i});
  // By hash first: five thousand comparisons of integers cost a tenth of those of paths with a common start.
  std::ranges::sort(zip.by_name_, [&](const Named& a, const Named& b) {
    if (a.hash != b.hash) return a.hash < b.hash;
    const int order = zip.entries_[a.index].name.compare(zip.entries_[b.index].name);
    return order != 0 ? order < 0 : a.index < b.index;
  });
  for (std::size_t i = 1; i < zip.by_name_.size(); ++i) {
    const Named &before = zip.by_name_[i - 1], &here = zip.by_name_[i];
    if (before.hash == here.hash && zip.entries_[before.index].name == zip.entries_[here.index].name) zip.entries_[here.index].duplicate = true;
  }
  for (const ZipEntry& e : zip.entries_)
    if (e.duplicate) tally.add(kDuplicate, e.header_at, e.name);
  note_frame(*zip.source_, end, std::min(end.directory_at + declared, end.tail_at), zip.prefix_, notes);
  tally.flush(notes);
  return zip;
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
  const std::uint64_t hash = std::hash<std::string_view>{}(name);
  const auto found = std::ranges::partition_point(by_name_, [&](const Named& n) {
    return n.hash != hash ? n.hash < hash : entries_[n.index].name.compare(name) < 0;
  });
  if (found == by_name_.end() || found->hash != hash || entries_[found->index].name != name) return nullptr;
  const ZipEntry& e = entries_[found->index];   // the lowest position of that name, so hidden only when all are
  return e.hidden ? nullptr : &e;
}

Result<Blob> ZipArchive::load(const ZipEntry& entry, std::uint64_t limit) const { return load_zip_entry(*source_, entry, limit); }

Result<Blob> load_zip_entry(const Source& archive, const ZipEntry& e, std::uint64_t limit) {
  if (e.broken) return fail(Code::bad_value, e.header_at, "the entry's data cannot be located");
  if (e.size > limit || e.compressed_size > limit) return fail(Code::over_budget, e.header_at, "the entry is larger than the budget");
  KLIK_TRY(Blob packed, archive.load(e.data_at, e.compressed_size));
  const auto whole = [&](Bytes bytes) { return bytes.size() == e.size && crc32(bytes) == e.crc32; };
  // Android inflates what is not stored, whatever the method says; some readers take it as it is.
  bool inflated = false;
  if (e.method != kStored) {
    if (auto out = inflate(packed.bytes(), e.size)) {
      inflated = true;
      if (whole(Bytes(*out))) return Blob(std::move(*out));
    }
  }
  if (e.method != kDeflate && whole(packed.bytes())) return packed;
  if (e.flags & kEncrypted || e.method == kAes) return fail(Code::encrypted, e.data_at, "the entry is encrypted");
  if (inflated) return fail(Code::bad_checksum, e.data_at, "the entry's checksum does not match");
  if (e.method == kDeflate) return fail(Code::bad_value, e.data_at, "the deflate stream is broken or not of the declared size");
  if (e.method != kStored) return fail(Code::unsupported, e.data_at, "a compression method that is neither stored nor deflate");
  if (e.size != e.compressed_size) return fail(Code::bad_value, e.header_at, "a stored entry whose two sizes differ");
  return fail(Code::bad_checksum, e.data_at, "the entry's checksum does not match");
}

std::string_view ZipArchive::transform(const ZipEntry& e) const {
  if (e.method == kStored) return "stored";
  // Only an entry that does not shrink can be stored under a false method.
  if (e.method == kDeflate || e.broken || e.size != e.compressed_size || e.size > kMostTried) return "deflate";
  const auto packed = source_->load(e.data_at, e.compressed_size);
  if (!packed || crc32(packed->bytes()) != e.crc32) return "deflate";
  const auto out = inflate(packed->bytes(), e.size);
  return out && crc32(Bytes(*out)) == e.crc32 ? "deflate" : "stored";
}

}  // namespace klik
