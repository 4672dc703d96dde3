// EROFS, the read-only file system of Android partitions since 11. The parts lie in erofs/.
#include "containers/container.h"
#include "containers/erofs/directory.h"
#include "containers/erofs/file_data.h"
#include "containers/erofs/inode.h"
#include "containers/erofs/superblock.h"
#include "containers/erofs/xattr.h"
#include "containers/fs_notes.h"
#include "containers/fs_vbmeta.h"
#include "containers/fs_walk.h"

namespace klik {
namespace {

constexpr Magic kMagics[] = {{1024, "\xe2\xe1\xf5\xe0"}};
constexpr std::uint64_t kLongestLink = 4096;

class Reader final : public FsReader {
 public:
  Reader(const erofs::Image& image, const erofs::PackedInode& packed, FsMeter& meter) : image_(image), packed_(packed), meter_(meter) {}

  Result<std::vector<FsEntry>> entries(std::uint64_t id, std::vector<std::pair<Severity, Error>>& problems) override {
    KLIK_TRY(const erofs::Inode inode, erofs::read_inode(image_, id));
    if ((inode.mode & 0xF000) != 0x4000) return fail(Code::bad_value, inode.at, "a folder that is none");
    Child child;
    KLIK_CHECK(open(inode, child, problems));
    if (!child.source) return fail(Code::absent, inode.at, "a folder that lies on another device");
    // Its size is only as good as the image: a sparse one would cost memory for nothing.
    KLIK_CHECK(meter_.take(child.size, inode.at));
    KLIK_TRY(const Blob data, child.source->load());
    const std::uint64_t base = child.extents.empty() ? inode.at : child.extents[0].at;
    const std::size_t before = problems.size();
    auto found = erofs::read_directory(data.bytes(), image_.block_size(), meter_, problems);
    for (std::size_t i = before; i < problems.size(); ++i) problems[i].second.at += base;
    return found;
  }

  Result<FsNode> node(std::uint64_t id) override {
    KLIK_TRY(const erofs::Inode inode, erofs::read_inode(image_, id));
    FsNode node;
    Child& child = node.child;
    FileAttributes& attributes = child.attributes.emplace();
    attributes.mode = inode.mode;
    attributes.uid = inode.uid;
    attributes.gid = inode.gid;
    if (const auto read = erofs::read_attributes(image_, inode, meter_, attributes); !read) node.problems.emplace_back(Severity::error, read.error());
    switch (inode.mode & 0xF000) {
      case 0x4000: child.type = ChildType::folder; break;
      case 0xA000: read_link(inode, node); break;
      case 0x8000: read_file(inode, node); break;
      default: child.type = ChildType::special; break;
    }
    return node;
  }

 private:
  Result<void> open(const erofs::Inode& inode, Child& child, std::vector<std::pair<Severity, Error>>& problems) {
    std::optional<Error> problem;
    KLIK_CHECK(erofs::open_data(image_, packed_, inode, meter_, child, problem));
    if (problem) problems.emplace_back(Severity::data_loss, *problem);
    return {};
  }

  void read_file(const erofs::Inode& inode, FsNode& node) {
    node.child.type = ChildType::file;
    if (const auto opened = open(inode, node.child, node.problems); !opened) {
      node.problems.emplace_back(Severity::data_loss, opened.error());
      node.child.size = inode.size;
      node.child.state = state_after(opened.error().code);
      node.child.source = nullptr;
    }
  }

  void read_link(const erofs::Inode& inode, FsNode& node) {
    node.child.type = ChildType::symlink;
    Child data;
    const auto opened = open(inode, data, node.problems);
    if (!opened) return node.problems.emplace_back(Severity::data_loss, opened.error()), void();
    if (!data.source || data.size > kLongestLink)
      return node.problems.emplace_back(Severity::data_loss, fail(Code::bad_value, inode.at, "a symbolic link that is too long").error()), void();
    const auto target = data.source->load();
    if (!target) return node.problems.emplace_back(Severity::data_loss, target.error()), void();
    node.child.attributes->link_target = target->bytes().text();
  }

  const erofs::Image& image_;
  const erofs::PackedInode& packed_;
  FsMeter& meter_;
};

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  FsNotes notes(context);
  FsMeter meter(context.budget.metadata_bytes);
  KLIK_TRY(const erofs::Image image, erofs::read_superblock(source, notes));
  erofs::PackedInode packed;
  if (auto opened = erofs::open_packed(image, meter)) packed = std::move(*opened);
  else notes.add(Severity::data_loss, opened.error(), "packed inode");
  Reader reader(image, packed, meter);
  Contents contents{.kind = "", .children = walk_tree(reader, image.root_nid, source->size(), context.budget, meter, notes)};
  add_vbmeta_child(source, contents.children, notes);
  notes.finish();
  return contents;
}

}  // namespace

extern const Container container_erofs;
constexpr Container container_erofs{
    .name = "erofs",
    .title = "EROFS file system",
    .spec = "Linux Documentation/filesystems/erofs.rst and fs/erofs/erofs_fs.h",
    .limits = "not read: the 48-bit format, metabox and extent records; logical clusters larger than a block; interlaced inline tails; "
              "compact indexes for blocks above 16 KiB; extended attributes under long name prefixes. "
              "Files with chunks on other devices are listed only. Maker variants of the format are not known",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
