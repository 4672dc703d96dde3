// An old build as what updates are applied to: a full update, a folder or archive of images, a super image, a tree of files.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/budget.h"
#include "containers/container.h"
#include "engine/neighbours.h"
#include "io/pool.h"
#include "io/scratch.h"

namespace klik {

// Nothing is opened before it is asked for, and only what can hold partitions or files of the phone: no app, no module.
class OldBuild final : public BaseFiles {
 public:
  // `location`: a file or a folder. `pool` may be null; both it and `scratch` must outlive the object. `output`: the case being
  // written, which is no part of the build when it lies in that folder. Errors: io.
  static Result<std::unique_ptr<OldBuild>> open(const std::string& location, const std::string& keys, const Budget& budget, Scratch& scratch, Pool* pool, const std::string& output = {});

  SourceRef partition(std::string_view name, std::uint64_t size, const std::optional<Sha256Digest>& sha256) const override;
  bool matches(const SourceRef& image, std::uint64_t size, const Sha256Digest& digest) const override;
  SourceRef file(std::string_view device_path) const override;

  // What could not be read of it while it was searched for what was asked of it so far. The same for the same questions in any order.
  std::vector<Note> lacking() const;

  // Over the bytes of the file; of a folder, over the paths and digests of its files, as for inputs.
  struct Digest {
    Sha256Digest of_all;
    std::uint64_t unread = 0;      // files of the folder whose bytes are not in it
    std::string first_unread{};
  };
  // Reads everything. Errors: io.
  Result<Digest> digest() const;
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

  using Sibling = std::function<SourceRef(std::string_view)>;

  OldBuild(std::string location, std::string keys, const Budget& budget, Scratch& scratch, Pool* pool);
  void index() const;
  void look_into(const SourceRef& source, std::string_view name, const std::string& partition, unsigned depth, Sibling sibling) const;
  // `size`: of the container.
  void take_children(Contents contents, std::string_view kind, std::uint64_t size, std::string_view name, const std::string& partition, unsigned depth) const;
  void index_files() const;
  void take_files(const Image& image) const;
  // What a container said while it was opened, as far as it is a loss.
  void lack(const OpenContext& opened, std::string_view name) const;
  void lack(const Error& error, std::string_view name, std::string detail = {}, std::string advice = {}) const;
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
  mutable std::deque<Neighbours> neighbours_;
  mutable std::uint64_t opened_ = 0, unpacked_ = 0;   // containers, and bytes that streams made
  mutable std::vector<Image> images_;
  mutable std::map<std::string, SourceRef, std::less<>> files_;
  mutable std::mutex mutex_;
  mutable std::vector<Note> lacking_;
  mutable std::uint64_t lacking_more_ = 0;
  mutable std::map<std::pair<std::size_t, std::uint64_t>, std::optional<Sha256Digest>> digests_;   // of the first bytes of an image; none: unreadable
};

}  // namespace klik
