// ext2, ext3 and ext4: system partitions before EROFS, and the payload of APEX packages.
// libext2fs reads inodes, block maps and attributes while the image is opened; afterwards files are
// windows on the image, because a libext2fs handle belongs to one thread.
#include "containers/container.h"
#include "containers/ext4_file.h"
#include "containers/ext4_io.h"
#include "containers/fs_map.h"
#include "containers/fs_notes.h"
#include "containers/fs_vbmeta.h"
#include "containers/fs_walk.h"

namespace klik {
namespace {

constexpr std::uint64_t kRoot = 2, kLongestLink = 4096, kFastLink = 60, kBlockFieldAt = 40;
constexpr std::uint32_t kEncrypted = 0x800;   // EXT4_ENCRYPT_FL

struct Record {
  U32le inode;
  U16le length;
  std::uint8_t name_length, type;
};
static_assert(sizeof(Record) == 8);

// One folder block. Index blocks of a hashed folder look like unused records and so hold nothing.
Result<void> read_block(Bytes block, std::vector<FsEntry>& out) {
  for (std::uint64_t at = 0; at < block.size();) {
    KLIK_TRY(const Record* record, block.view<Record>(at));
    std::uint64_t length = record->length;
    // With 64 KiB blocks the length does not fit: bits 0 and 1 stand for 16 and 17, all ones or zero for the block.
    if (block.size() > 0xFFFF) length = length == 0xFFFF || length == 0 ? block.size() : (length & 0xFFFC) | (length & 3) << 16;
    // A record that does not advance would be read for ever.
    if (length < sizeof(Record) || length % 4 != 0 || length > block.size() - at || record->name_length > length - sizeof(Record))
      return fail(Code::bad_value, at + 4, "a folder record with a wrong length");
    if (record->inode != 0) {
      KLIK_TRY(const Bytes name, block.slice(at + sizeof(Record), record->name_length));
      out.push_back({std::string(name.text()), record->inode, child_type_of(record->type)});
    }
    at += length;
  }
  return {};
}

class Reader final : public FsReader {
 public:
  Reader(SourceRef image, const Ext4Handle& fs, FsMeter& meter) : image_(std::move(image)), fs_(fs), meter_(meter) {}

  Result<std::vector<FsEntry>> entries(std::uint64_t id, std::vector<std::pair<Severity, Error>>& problems) override {
    KLIK_TRY(Ext4Inode inode, read_ext4_inode(fs_, id));
    if (!LINUX_S_ISDIR(inode.mode())) return fail(Code::bad_value, inode.at, "a folder that is none");
    Child child;
    std::optional<Error> problem;
    FsMap map(image_, meter_);
    KLIK_TRY(const std::uint64_t end, map_ext4_file(fs_, inode, *image_, map, problem));
    if (problem) problems.emplace_back(Severity::data_loss, *problem);
    KLIK_CHECK(map.finish(inode.size, child));
    KLIK_CHECK(meter_.take(end, inode.at));   // not its size: a folder may claim any
    const bool inlined = (inode.flags() & EXT4_INLINE_DATA_FL) != 0;
    std::vector<FsEntry> found;
    // Inline folders: the parent's number, records up to 60 bytes, then records in the attribute.
    for (std::uint64_t at = inlined ? 4 : 0; at < end;) {
      const std::uint64_t n = std::min(end - at, inlined ? (at == 4 ? 56 : end - at) : fs_.block_size());
      const auto block = child.source->load(at, n);
      const std::size_t before = found.size();
      Result<void> read{};
      if (!block) read = fail(block.error());
      else if (read = read_block(block->bytes(), found); !read) read = fail(Code::bad_value, place(child, at), read.error().what);
      if (!read) problems.emplace_back(Severity::data_loss, read.error());
      if (const auto kept = charge_entries(found, before, meter_, inode.at); !kept) {
        problems.emplace_back(Severity::data_loss, kept.error());
        break;
      }
      at += n;
    }
    if (inode.flags() & kEncrypted) problems.emplace_back(Severity::data_loss, fail(Code::encrypted, inode.at, "a folder whose names are encrypted").error());
    return found;
  }

  Result<FsNode> node(std::uint64_t id) override {
    KLIK_TRY(Ext4Inode inode, read_ext4_inode(fs_, id));
    FsNode node;
    Child& child = node.child;
    if (!inode.checksum_matches)
      node.problems.emplace_back(Severity::error, fail(Code::bad_checksum, inode.at, "an inode whose checksum does not match").error());
    const ext2_inode_large& fields = inode.fields();
    FileAttributes& attributes = child.attributes.emplace();
    attributes.mode = fields.i_mode;
    attributes.uid = fields.i_uid | std::uint32_t{fields.i_uid_high} << 16;
    attributes.gid = fields.i_gid | std::uint32_t{fields.i_gid_high} << 16;
    if (const auto read = read_ext4_attributes(fs_, inode, attributes); !read) node.problems.emplace_back(Severity::error, read.error());
    if (LINUX_S_ISDIR(inode.mode())) child.type = ChildType::folder;
    else if (LINUX_S_ISLNK(inode.mode())) read_link(inode, node);
    else if (LINUX_S_ISREG(inode.mode())) read_file(inode, node);
    else child.type = ChildType::special;
    return node;
  }

 private:
  // Where byte `at` of a folder lies in the image.
  static std::uint64_t place(const Child& child, std::uint64_t at) {
    for (const Extent& e : child.extents) {
      if (at < e.length) return e.at + at;
      at -= e.length;
    }
    return at;
  }

  Result<void> map_into(Ext4Inode& inode, Child& child, std::vector<std::pair<Severity, Error>>& problems) {
    std::optional<Error> problem;
    FsMap map(image_, meter_);
    KLIK_TRY(const std::uint64_t end, map_ext4_file(fs_, inode, *image_, map, problem));
    (void)end;
    if (problem) problems.emplace_back(Severity::data_loss, *problem);
    return map.finish(inode.size, child);
  }

  void read_file(Ext4Inode& inode, FsNode& node) {
    Child& child = node.child;
    child.type = ChildType::file;
    child.transform = "ext4";
    if (const auto mapped = map_into(inode, child, node.problems); !mapped) {
      node.problems.emplace_back(Severity::data_loss, mapped.error());
      child.size = inode.size;
      child.state = state_after(mapped.error().code);
      child.source = nullptr;
    }
    if (inode.flags() & kEncrypted) {
      child.state = State::encrypted;
      child.source = nullptr;
    }
  }

  void read_link(Ext4Inode& inode, FsNode& node) {
    node.child.type = ChildType::symlink;
    const auto problem = [&](const Error& e) { node.problems.emplace_back(Severity::data_loss, e); };
    if (inode.flags() & kEncrypted) {
      node.child.state = State::encrypted;
      return;
    }
    if (inode.size > kLongestLink) return problem(fail(Code::bad_value, inode.at, "a symbolic link that is too long").error());
    Child data;
    if (inode.size < kFastLink && !(inode.flags() & EXT4_INLINE_DATA_FL) && ext2fs_is_fast_symlink(EXT2_INODE(&inode.fields()))) {
      FsMap map(image_, meter_);
      if (const auto added = map.add(0, inode.size, inode.at + kBlockFieldAt); !added) return problem(added.error());
      if (const auto made = map.finish(inode.size, data); !made) return problem(made.error());
    } else if (const auto mapped = map_into(inode, data, node.problems); !mapped) {
      return problem(mapped.error());
    }
    const auto target = data.source->load();
    if (!target) return problem(target.error());
    node.child.attributes->link_target = target->bytes().text();
  }

  SourceRef image_;
  const Ext4Handle& fs_;
  FsMeter& meter_;
};

bool recognise(const Source& source, std::string_view) { return looks_like_ext4(source); }

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  FsNotes notes(context);
  FsMeter meter(context.budget.metadata_bytes);
  // An inode table is read about once, directories and maps too; what reads more goes in circles.
  const std::uint64_t size = source->size();
  const std::uint64_t read_limit = context.budget.metadata_bytes + 2 * std::min(size, context.budget.item_bytes);
  KLIK_TRY(const Ext4Handle fs, Ext4Handle::open(*source, read_limit, notes));
  Reader reader(source, fs, meter);
  Contents contents{.kind = "", .children = walk_tree(reader, kRoot, size, context.budget, meter, notes)};
  add_vbmeta_child(source, contents.children, notes);
  notes.finish();
  return contents;
}

}  // namespace

extern const Container container_ext4;
constexpr Container container_ext4{
    .name = "ext4",
    .title = "ext2, ext3 or ext4 file system",
    .spec = "Linux Documentation/filesystems/ext4, \"Data Structures and Algorithms\"",
    .limits = "the journal is not replayed; encrypted files are listed only; deleted files are not looked for; "
              "a broken branch of an extent tree hides what follows it in that file",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
