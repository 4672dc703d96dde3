// What a scan hands to the case file. The walk and the extractors know this interface, not the database.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "facts/build_rows.h"
#include "facts/fact.h"

namespace klik {

struct ByteRange {
  std::uint64_t at, length;
};

// One file, folder or other thing inside an input. Parents come before their children.
struct ArtifactRecord {
  std::uint32_t id;                        // dense from 1 within the scan, in tree order
  std::uint32_t parent;                    // 0: handed in
  std::uint32_t build;                     // number of the build, from 1
  std::string path, device_path, name;     // name: raw last part as spelled by the container
  std::string_view kind, state;
  std::uint64_t size = 0;
  std::optional<BlobId> blob;
  std::optional<BlobId> parent_blob;
  std::string_view transform;              // how the ranges of the parent become these bytes
  std::vector<ByteRange> ranges;           // in the parent, decoded
  bool has_attributes = false;
  std::uint32_t mode = 0, uid = 0, gid = 0;
  std::string selinux, capability_hex, link_target;
  std::string claimed_sha256;              // of a listed artifact: what the list says
};

struct BuildRecord {
  std::uint32_t number;                    // from 1, ordered by digest
  BlobId digest;                           // over the digests of its inputs
  std::string label;                       // the user's, or ""
};

struct InputRecord {
  std::uint32_t artifact;                  // its root
  std::uint32_t build;
  std::string name;                        // last part of what the user typed; not part of any digest
  std::string location;                    // absolute path, for `why`; not part of any digest
};

// The old build that updates among a build's inputs were applied to.
struct BaseRecord {
  std::uint32_t build;
  std::string name, location;              // as of an input; not part of any digest
  std::uint64_t size;
  BlobId digest;                           // part of the build's digest
};

struct ProblemRecord {
  std::uint32_t artifact;                  // where it was first met
  Problem problem;
};

class CaseSink {
 public:
  virtual ~CaseSink() = default;
  // From any thread, in any order.
  virtual void add_facts(std::vector<Fact> facts) = 0;
  // After the walk, from one thread, in tree order.
  virtual void add_build(const BuildRecord& build) = 0;
  virtual void add_artifact(const ArtifactRecord& artifact) = 0;
  virtual void add_input(const InputRecord& input) = 0;
  virtual void add_base(const BaseRecord& base) = 0;
  virtual void add_problem(const ProblemRecord& problem) = 0;
  // The rows given so far, for image extractors.
  virtual std::unique_ptr<BuildRows> rows_of(std::uint32_t build) = 0;
  // Facts of image extractors: about the build.
  virtual void add_build_facts(std::uint32_t build, std::vector<Fact> facts, std::vector<Problem> problems) = 0;
};

}  // namespace klik
