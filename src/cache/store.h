// The user's cache folder: packs of records from earlier runs, and one new pack for what this run adds. Several programs may
// use one folder at once: packs appear whole, are never changed, and stay readable to whoever has them open.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cache/pack.h"

namespace klik::cache {

constexpr std::uint64_t kDefaultLimit = std::uint64_t{2} << 30;

// $XDG_CACHE_HOME/klikspaan, else ~/.cache/klikspaan; "" when neither is known.
std::string default_folder();

struct StoreStatistics {
  std::uint64_t found = 0, missed = 0, added = 0, bytes_added = 0;
};

class Store {
 public:
  // Makes the folder when it is not there. One that cannot be used, or that others may write to, gives a store that finds
  // nothing and keeps nothing; warning() then says why. `program` tells whose records are understood.
  Store(std::string folder, std::uint64_t limit, const Sha256Digest& program);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // From any thread. The record of that key from an earlier run.
  std::optional<Blob> find(const Key& key);
  // From any thread. A later record of the same key replaces an earlier one.
  void put(const Key& key, std::string_view record);
  // Puts the new pack in place, marks what was used as used, and removes what was used longest ago beyond the limit.
  void finish();

  const std::string& warning() const { return warning_; }   // "" when all went well
  StoreStatistics statistics() const;

 private:
  struct OpenPack;
  struct Filling;
  class NewPack;

  void open_packs();
  SourceRef block_of(OpenPack& pack, std::uint32_t n);
  void write(Filling filling);
  void absorb_small_packs();
  void evict();
  void warn(std::string what);

  std::string folder_;
  std::uint64_t limit_;
  Sha256Digest program_;
  bool usable_ = false;
  std::string warning_;
  std::vector<std::unique_ptr<OpenPack>> packs_;     // the newest first
  std::vector<std::string> absorbed_;                // names of packs whose records went into the new one

  std::mutex blocks_mutex_;
  struct UnpackedBlock {
    const OpenPack* pack;
    std::uint32_t n;
    SourceRef bytes;
  };
  std::deque<UnpackedBlock> unpacked_;               // the last ones used, newest last
  std::uint64_t unpacked_bytes_ = 0;

  std::mutex filling_mutex_, writing_mutex_;
  std::unique_ptr<Filling> filling_;
  std::unique_ptr<NewPack> new_pack_;
  std::atomic<std::uint64_t> found_ = 0, missed_ = 0, added_ = 0, bytes_added_ = 0;
};

}  // namespace klik::cache
