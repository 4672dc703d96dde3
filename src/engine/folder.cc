#include "engine/folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "containers/note_tally.h"

namespace klik {
namespace {

namespace fs = std::filesystem;

// Opens the file for each read, so that a folder of a hundred thousand files needs no descriptors at rest.
class PathSource final : public Source {
 public:
  PathSource(std::string path, std::uint64_t size) : path_(std::move(path)), size_(size) {}
  std::uint64_t size() const override { return size_; }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) return fail(Code::io, at, "the file cannot be opened");
    Result<void> result{};
    for (std::size_t done = 0; done < out.size();) {
      const ssize_t n = ::pread(fd, &out[done], out.size() - done, static_cast<off_t>(at + done));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) {
        result = fail(Code::io, at + done, n < 0 ? "the file cannot be read" : "the file became shorter while it was read");
        break;
      }
      done += static_cast<std::size_t>(n);
    }
    ::close(fd);
    return result;
  }

 private:
  std::string path_;
  std::uint64_t size_;
};

constexpr NoteKind kUnseen{Severity::data_loss, Code::io, "files of a folder that cannot be looked at", "check the rights of the folder that they lie in"};
constexpr NoteKind kUnlisted{Severity::data_loss, Code::io, "a folder cannot be listed", "check the rights of the folder"};
constexpr NoteKind kHalfListed{Severity::data_loss, Code::io, "a folder cannot be listed to its end", "check the disk that it lies on"};

Child child_of(const fs::path& path, std::string name, NoteTally& tally) {
  Child child;
  child.name = std::move(name);
  struct stat st {};
  if (::lstat(path.c_str(), &st) != 0) {
    child.state = State::damaged;
    tally.add(kUnseen, 0, child.name);
    return child;
  }
  // Owner and times belong to this machine's copy, not to the phone; only links say something.
  if (S_ISLNK(st.st_mode)) {
    child.type = ChildType::symlink;
    std::error_code ec;
    child.attributes = FileAttributes{.mode = st.st_mode, .selinux = {}, .capability = {}, .link_target = fs::read_symlink(path, ec).string()};
  } else if (S_ISDIR(st.st_mode)) {
    child.type = ChildType::folder;
  } else if (!S_ISREG(st.st_mode)) {
    child.type = ChildType::special;
  } else {
    child.size = static_cast<std::uint64_t>(st.st_size);
    child.source = std::make_shared<PathSource>(path.string(), child.size);
    child.extents = {};
  }
  return child;
}

}  // namespace

Result<Contents> open_folder(const std::string& path, const std::string& output, OpenContext& context) {
  std::error_code ec;
  if (!fs::is_directory(path, ec)) return fail(Code::io, 0, "not a folder");
  Contents contents{.kind = "folder", .children = {}};
  const std::string own = output.empty() ? std::string() : fs::weakly_canonical(output, ec).string();
  const fs::path root = fs::weakly_canonical(path, ec);
  std::vector<std::string> open{""};   // relative folders still to list
  NoteTally tally;
  bool full = false;
  while (!open.empty() && !full) {
    const std::string relative = std::move(open.back());
    open.pop_back();
    fs::directory_iterator it(fs::path(path) / relative, ec);
    if (ec) {
      if (relative.empty()) return fail(Code::io, 0, "the folder cannot be listed");
      tally.add(kUnlisted, 0, relative);
      continue;
    }
    for (const fs::directory_iterator end; !ec && it != end; it.increment(ec)) {
      full = contents.children.size() >= context.budget.children;
      if (full) {
        context.note(Severity::data_loss, Code::over_budget, 0, "more files than the budget allows", relative);
        break;
      }
      std::string name = relative.empty() ? it->path().filename().string() : relative + "/" + it->path().filename().string();
      if (const std::string place = (root / name).string(); !own.empty() && (place == own || place.starts_with(own + ".working-"))) continue;
      Child child = child_of(it->path(), name, tally);
      if (child.type == ChildType::folder) open.push_back(name);
      contents.children.push_back(std::move(child));
    }
    if (ec) tally.add(kHalfListed, 0, relative.empty() ? "." : relative);   // an error looks like the end otherwise
  }
  tally.flush(context.notes);
  std::ranges::sort(contents.children, {}, &Child::name);
  return contents;
}

Sha256Digest folder_digest(const Contents& contents, const std::vector<std::optional<BlobId>>& digests) {
  Hasher hasher;
  hasher.update(Bytes::of("klikspaan folder 1\n"));
  for (std::size_t i = 0; i < contents.children.size(); ++i) {
    const Child& c = contents.children[i];
    constexpr std::string_view kTypes = "fdls";
    std::string line(1, kTypes[std::to_underlying(c.type)]);
    line += i < digests.size() && digests[i] ? hex(as_bytes(digests[i]->sha256())) : std::string("-");
    line += " " + std::to_string(c.name.size()) + " " + c.name;
    if (c.attributes) line += " -> " + c.attributes->link_target;
    line += "\n";
    hasher.update(Bytes::of(line));
  }
  return hasher.finish_sha256();
}

}  // namespace klik
