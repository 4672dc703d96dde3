// An old build as what updates are applied to: a full update, a folder or archive of images, a super image, a tree of files.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/budget.h"
#include "containers/container.h"
#include "io/pool.h"
#include "io/scratch.h"

namespace klik {

// Nothing is opened before it is asked for, and only what can hold partitions or files of the phone: no app, no module.
class OldBuild final : public BaseFiles {
 public:
  // `location`: a file or a folder. `pool` may be null; both it and `scratch` must outlive the object. Errors: io.
  static Result<std::unique_ptr<OldBuild>> open(const std::string& location, const std::string& keys, const Budget& budget, Scratch& scratch, Pool* pool);

  SourceRef partition(std::string_view name, std::uint64_t size, const std::optional<Sha256Digest>& sha256) const override;
  bool matches(const SourceRef& image, std::uint64_t size, const Sha256Digest& digest) const override;
  SourceRef file(std::string_view device_path) const override;

  // Over the bytes of the file; of a folder, over the paths and digests of its files, as for inputs. Reads everything. Errors: io.
  Result<Sha256Digest> digest() const;
  std::uint64_t size() const;   // of the file, or of all files in the folder
  const std::string& location() const { return location_; }
  std::string name() const;     // the last part of the location

 private:
  struct Image {
    std::string partition;      // bare name
    SourceRef source;
    std::string name;           // as a file
    const Container* file_system = nullptr;
  };

  OldBuild(std::string location, std::string keys, const Budget& budget, Scratch& scratch, Pool* pool);
  void index() const;
  void look_into(const SourceRef& source, std::string_view name, const std::string& partition, unsigned depth) const;
  void take_children(Contents contents, std::string_view kind, std::string_view name, const std::string& partition, unsigned depth) const;
  void index_files() const;
  bool has_digest(std::size_t image, std::uint64_t size, const Sha256Digest& wanted) const;
  OpenContext context(std::string_view name) const;

  std::string location_, keys_;
  Budget budget_;
  Scratch& scratch_;
  Pool* pool_;
  bool folder_ = false;
  SourceRef source_;            // of a file
  Contents listing_;            // of a folder
  // Made once by index(): the contents that sources read through, and what was found.
  mutable std::once_flag indexed_, files_indexed_;
  mutable std::deque<Contents> held_;
  mutable std::vector<Image> images_;
  mutable std::map<std::string, SourceRef, std::less<>> files_;
  mutable std::mutex mutex_;
  mutable std::map<std::pair<std::size_t, std::uint64_t>, std::optional<Sha256Digest>> digests_;   // of the first bytes of an image; none: unreadable
};

// "images/system_a.img" → "system"; the name that updates give a partition. Never empty for a name that is not.
std::string bare_partition_name(std::string_view file);

}  // namespace klik
