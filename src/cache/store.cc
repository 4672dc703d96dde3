#include "cache/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <set>

namespace klik::cache {
namespace {

namespace fs = std::filesystem;

// A folder of the user's choice may hold other things, so what is taken for ours, or removed, is called so and begins as a pack does.
constexpr std::string_view kStart = "klikspaan-", kEnding = ".pack", kUnfinished = "klikspaan.new-";
constexpr std::size_t kBlock = std::size_t{256} << 10;                  // neighbours that are compressed together
constexpr std::uint64_t kUnpackedKept = std::uint64_t{48} << 20;
constexpr std::uint64_t kSmallPack = std::uint64_t{8} << 20;
constexpr std::size_t kManySmallPacks = 24;
constexpr std::size_t kMostPacks = 512;                                 // one descriptor each
constexpr std::int64_t kAbandonedAfter = 24 * 3600;                     // seconds

struct OnDisk {
  std::string path;
  std::uint64_t size;
  std::pair<std::int64_t, std::int64_t> used;    // time of last use
};

bool is_pack(const std::string& path) {
  const auto file = file_source(path.c_str());
  if (!file) return false;
  const auto start = (*file)->load(0, std::min<std::uint64_t>((*file)->size(), 16));
  return start && begins_as_pack(start->bytes());
}

// Packs of the folder whose names start and end so, the ones used last first.
std::vector<OnDisk> listed(const std::string& folder, std::string_view start, std::string_view ending) {
  std::vector<OnDisk> out;
  std::error_code ec;
  fs::directory_iterator it(folder, ec);
  for (const fs::directory_iterator end; !ec && it != end; it.increment(ec)) {
    const std::string name = it->path().filename().string();
    struct stat st {};
    if (!name.starts_with(start) || !name.ends_with(ending) || ::lstat(it->path().c_str(), &st) != 0 || !S_ISREG(st.st_mode) || !is_pack(it->path().string())) continue;
    out.push_back({it->path().string(), static_cast<std::uint64_t>(st.st_size), {st.st_mtim.tv_sec, st.st_mtim.tv_nsec}});
  }
  std::ranges::sort(out, [](const OnDisk& a, const OnDisk& b) { return std::pair(a.used, a.path) > std::pair(b.used, b.path); });
  return out;
}

// Facts are taken from the folder as they stand, so nobody else may write to it.
std::string why_unusable(const std::string& folder) {
  std::error_code ec;
  const fs::path path(folder);
  const bool fresh = fs::create_directories(path, ec);
  if (ec) return "the cache folder " + folder + " cannot be made: " + ec.message();
  if (fresh) fs::permissions(path, fs::perms::owner_all, ec);
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0 || !S_ISDIR(st.st_mode)) return "the cache folder " + folder + " is no folder";
  if (st.st_uid != ::geteuid()) return "the cache folder " + folder + " belongs to another user and is not used";
  if (st.st_mode & (S_IWGRP | S_IWOTH)) return "others may write to the cache folder " + folder + ", so it is not used";
  return {};
}

}  // namespace

std::string default_folder() {
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  if (xdg && *xdg == '/') return std::string(xdg) + "/klikspaan";
  const char* home = std::getenv("HOME");
  return home && *home == '/' ? std::string(home) + "/.cache/klikspaan" : std::string();
}

struct Store::OpenPack {
  std::string path;
  std::uint64_t size;
  PackReader reader;
  std::atomic<bool> used = false, damaged = false;
};

// Records that wait for their block to become full.
struct Store::Filling {
  std::string bytes;
  struct Entry {
    Key key;
    std::uint32_t at, size;
  };
  std::vector<Entry> entries;
};

class Store::NewPack {
 public:
  NewPack(const std::string& folder, const Sha256Digest& program) : path_(folder + "/" + std::string(kUnfinished) + "XXXXXX") {
    fd_ = ::mkostemp(path_.data(), O_CLOEXEC);
    if (fd_ < 0) problem_ = std::strerror(errno);
    writer_ = std::make_unique<PackWriter>(program, [this](Bytes bytes) { return append(bytes); });
  }
  ~NewPack() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (!placed_) ::unlink(path_.c_str());
  }
  NewPack(const NewPack&) = delete;
  NewPack& operator=(const NewPack&) = delete;

  PackWriter& writer() { return *writer_; }
  std::uint64_t size() const { return size_; }
  const std::string& problem() const { return problem_; }

  bool place(const std::string& folder) {
    if (!writer_->finish()) return false;
    // The name that mkostemp found free, and the process, so that two programs never choose the same.
    const std::string name = folder + "/" + std::string(kStart) + path_.substr(path_.size() - 6) + "-" + std::to_string(::getpid()) + std::string(kEnding);
    placed_ = std::rename(path_.c_str(), name.c_str()) == 0;
    if (!placed_) problem_ = std::strerror(errno);
    return placed_;
  }

 private:
  bool append(Bytes bytes) {
    if (fd_ < 0 || !problem_.empty()) return false;
    for (Bytes left = bytes; !left.empty();) {
      const ssize_t n = ::write(fd_, left.data(), left.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        problem_ = std::strerror(n < 0 ? errno : ENOSPC);
        return false;
      }
      left = left.from(static_cast<std::uint64_t>(n)).value_or(Bytes());
    }
    size_ += bytes.size();
    return true;
  }

  std::string path_, problem_;
  int fd_ = -1;
  bool placed_ = false;
  std::uint64_t size_ = 0;
  std::unique_ptr<PackWriter> writer_;
};

Store::Store(std::string folder, std::uint64_t limit, const Sha256Digest& program) : folder_(std::move(folder)), limit_(limit), program_(program) {
  std::string why = folder_.empty() ? "no cache is kept: neither XDG_CACHE_HOME nor HOME is set" : why_unusable(folder_);
  if (!why.empty()) {
    warn(std::move(why));
    return;
  }
  usable_ = true;
  open_packs();
}

Store::~Store() = default;

void Store::warn(std::string what) {
  if (warning_.empty()) warning_ = std::move(what);
}

StoreStatistics Store::statistics() const { return {found_, missed_, added_, bytes_added_}; }

void Store::open_packs() {
  for (const OnDisk& file : listed(folder_, kStart, kEnding)) {
    if (packs_.size() == kMostPacks) break;
    auto source = file_source(file.path.c_str());
    if (!source) continue;
    auto reader = PackReader::open(*source, program_);
    if (reader) packs_.push_back(std::make_unique<OpenPack>(file.path, file.size, std::move(*reader)));
  }
}

SourceRef Store::block_of(OpenPack& pack, std::uint32_t n) {
  {
    const std::lock_guard lock(blocks_mutex_);
    const auto at = std::ranges::find_if(unpacked_, [&](const UnpackedBlock& b) { return b.pack == &pack && b.n == n; });
    if (at != unpacked_.end()) return at->bytes;
  }
  auto raw = pack.reader.block(n);
  if (!raw) {
    pack.damaged = true;
    return nullptr;
  }
  SourceRef bytes = memory_source(std::move(*raw));
  const std::lock_guard lock(blocks_mutex_);
  unpacked_bytes_ += bytes->size();
  unpacked_.push_back({&pack, n, bytes});
  while (unpacked_bytes_ > kUnpackedKept && unpacked_.size() > 1) {
    unpacked_bytes_ -= unpacked_.front().bytes->size();
    unpacked_.pop_front();
  }
  return bytes;
}

std::optional<Blob> Store::find(const Key& key) {
  for (const auto& pack : packs_) {
    if (pack->damaged) continue;
    const auto entry = pack->reader.find(key);
    if (!entry) continue;
    const SourceRef block = block_of(*pack, entry->block);
    if (!block) continue;
    auto record = block->load(entry->at, entry->size);
    if (!record) continue;
    pack->used = true;
    ++found_;
    return std::move(*record);
  }
  ++missed_;
  return std::nullopt;
}

void Store::put(const Key& key, std::string_view record) {
  if (!usable_ || record.size() > kLargestBlock) return;
  Filling full;
  {
    const std::lock_guard lock(filling_mutex_);
    if (!filling_) filling_ = std::make_unique<Filling>();
    // A record that would make the block too large starts the next one.
    if (!filling_->bytes.empty() && filling_->bytes.size() + record.size() > kLargestBlock) std::swap(full, *filling_);
    filling_->entries.push_back({key, static_cast<std::uint32_t>(filling_->bytes.size()), static_cast<std::uint32_t>(record.size())});
    filling_->bytes += record;
    if (full.entries.empty() && filling_->bytes.size() >= kBlock) std::swap(full, *filling_);
  }
  ++added_;
  if (!full.entries.empty()) write(std::move(full));
}

void Store::write(Filling full) {
  const auto packed = pack_block(full.bytes);
  if (!packed) return;
  const std::lock_guard lock(writing_mutex_);
  if (!new_pack_) new_pack_ = std::make_unique<NewPack>(folder_, program_);
  // More than may stay is not worth writing.
  if (new_pack_->size() + packed->packed.size() > limit_) return;
  PackWriter& writer = new_pack_->writer();
  const std::uint32_t block = writer.add_block(Bytes::of(packed->packed), packed->size);
  for (const Filling::Entry& e : full.entries) writer.add_record(e.key, block, e.at, e.size);
  bytes_added_ += packed->packed.size();
}

// Scanning many small inputs one by one leaves many small packs; their blocks move into one.
void Store::absorb_small_packs() {
  std::vector<OpenPack*> small;
  for (const auto& pack : packs_)
    if (pack->size < kSmallPack && !pack->damaged) small.push_back(pack.get());
  if (small.size() < kManySmallPacks) return;
  if (!new_pack_) new_pack_ = std::make_unique<NewPack>(folder_, program_);
  PackWriter& writer = new_pack_->writer();
  std::set<Key> taken;   // of several records of one key the newest counts
  for (OpenPack* pack : small) {
    std::vector<std::optional<std::uint32_t>> moved(pack->reader.blocks().size());
    for (std::uint32_t n = 0; n < moved.size(); ++n)
      if (const auto packed = pack->reader.packed_block(n)) moved[n] = writer.add_block(packed->bytes(), pack->reader.blocks()[n].size);
    for (const RecordEntry& r : pack->reader.records()) {
      Key key{};
      copy_bytes(key, 0, Bytes(r.key));
      if (r.block < moved.size() && moved[r.block] && taken.insert(key).second) writer.add_record(key, *moved[r.block], r.at, r.size);
    }
    absorbed_.push_back(pack->path);
  }
}

void Store::finish() {
  if (!usable_) return;
  if (filling_ && !filling_->entries.empty()) write(std::move(*filling_));
  filling_.reset();
  absorb_small_packs();
  if (new_pack_ && new_pack_->writer().records() > 0) {
    if (new_pack_->place(folder_)) {
      for (const std::string& path : absorbed_) ::unlink(path.c_str());
    } else {
      warn("the cache folder " + folder_ + " cannot be written: " + new_pack_->problem());
    }
  } else if (new_pack_ && !new_pack_->problem().empty()) {
    warn("the cache folder " + folder_ + " cannot be written: " + new_pack_->problem());
  }
  new_pack_.reset();
  for (const auto& pack : packs_) {
    if (pack->damaged) ::unlink(pack->path.c_str());
    else if (pack->used) ::utimensat(AT_FDCWD, pack->path.c_str(), nullptr, 0);
  }
  evict();
}

void Store::evict() {
  std::uint64_t total = 0;
  for (const OnDisk& file : listed(folder_, kStart, kEnding)) {
    total += file.size;
    if (total > limit_) ::unlink(file.path.c_str());
  }
  // What a program that was killed has left behind.
  for (const OnDisk& file : listed(folder_, kUnfinished, ""))
    if (file.used.first + kAbandonedAfter < static_cast<std::int64_t>(::time(nullptr))) ::unlink(file.path.c_str());
}

}  // namespace klik::cache
