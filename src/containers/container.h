// What a format with files inside declares, and what opening one gives.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/budget.h"
#include "base/hash.h"
#include "containers/base_files.h"
#include "io/extent_source.h"
#include "io/pool.h"
#include "io/scratch.h"
#include "io/source.h"

namespace klik {

// What became of an artifact. The names are part of the case file (artifact.state).
enum class State : std::uint8_t { read, listed, unsupported, encrypted, damaged, over_budget };
std::string_view state_name(State state);
State state_after(Code code);   // the state of something whose reading ended with this code

enum class Severity : std::uint8_t { info, error, data_loss };
std::string_view severity_name(Severity severity);

// Something a person should know about bytes that were read, or could not be. `info`: readable, but odd.
// `error`: a rule of the format is broken, nothing is lost. `data_loss`: something inside was not read.
struct Note {
  Error error;
  Severity severity;
  std::string detail;   // names and values from the input, raw; escaped on output. May be empty
  std::string advice;   // what the reader can do about it; may be empty
};

// What a file system says about a file beside its bytes.
struct FileAttributes {
  std::uint32_t mode = 0;   // as in stat(2): type and permission bits
  std::uint32_t uid = 0, gid = 0;
  std::string selinux;                    // label without trailing NUL
  std::vector<std::uint8_t> capability;   // security.capability, raw
  std::string link_target;                // of a symbolic link
};

enum class ChildType : std::uint8_t { file, folder, symlink, special };

struct Child {
  std::string name;                  // path inside the container as spelled there: '/' between parts, no leading '/'; raw bytes
  ChildType type = ChildType::file;
  std::uint64_t size = 0;            // of its bytes; what the container says when state is not `read`
  SourceRef source;                  // its bytes. Null for anything but a file, or when state is not `read`
  State state = State::read;
  std::string_view transform = "stored";   // how extents become bytes: stored, deflate, xz, …; a literal
  std::vector<Extent> extents{};     // where its bytes lie in the container, in order
  std::optional<FileAttributes> attributes{};
  std::optional<Sha256Digest> expected{};  // what the container says the digest is; the walk compares
};

struct Contents {
  std::string_view kind;             // what it turned out to be, finer than the format: "apk" of "zip". "" = the format's name
  std::vector<Child> children;       // in the container's order
};

// What open() may use beside the bytes, and where it reports what is not fatal.
struct OpenContext {
  const Budget& budget;
  Scratch& scratch;
  Pool* pool = nullptr;              // for decoding ahead; may be null
  std::string_view name{};           // the last part of the item's path, as spelled by what holds it
  std::string_view keys{};           // text of the user's key file, "" when none was given
  // Another file in the same folder, by name; null when there is none. Formats that use it say so.
  std::function<SourceRef(std::string_view)> sibling{};
  // The old build, when the user handed one in: what deltas are applied to. Null: a delta shows what it holds itself.
  OldBuildAccess base{};
  std::vector<Note> notes{};

  void note(Severity severity, Code code, std::uint64_t at, const char* what, std::string detail = {}, std::string advice = {});
  void note(Severity severity, const Error& error, std::string detail = {}, std::string advice = {});
};

struct Magic {
  std::uint64_t at;
  std::string_view bytes;
};

struct Container {
  std::string_view name;      // "payload"; also the folder of its fixtures: tests/containers/<name>
  std::string_view title;
  std::string_view spec;      // where the layout is documented
  std::string_view limits;    // what it does not handle; "" means nothing known
  std::span<const Magic> magics{};   // any of them is enough to try
  // For formats without a magic at a fixed place. Tried after no magic of any format matched, but before
  // all magics when uses_siblings is set and the format has none; must be cheap.
  bool (*recognise)(const Source& source, std::string_view name) = nullptr;
  bool uses_siblings = false; // open() depends on more than the bytes, so equal bytes are not shared
  bool makes_of_base = false; // open() may make children of the old build: what they are weighed against is both
  // Errors end the opening: code `unsupported` or `encrypted` for a recognised thing that is not read,
  // others for damage. What could still be listed goes into Contents with a note instead.
  Result<Contents> (*open)(const SourceRef& source, OpenContext& context);
};

// In the order of containers.def, which is the order of trial.
std::span<const Container* const> containers();

// The format whose magic or recognise() matches, or null.
const Container* detect(const Source& source, std::string_view name);

}  // namespace klik
