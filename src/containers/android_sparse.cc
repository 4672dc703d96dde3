// Android sparse image: a header, then chunks that are raw data, a repeated word, or a hole.
#include "containers/container.h"

namespace klik {
namespace {

struct Header {
  U32le magic;
  U16le major, minor;
  U16le header_size, chunk_header_size;
  U32le block_size, block_count, chunk_count, checksum;
};
static_assert(sizeof(Header) == 28);

struct ChunkHeader {
  U16le type, reserved;
  U32le blocks;       // in the expanded image
  U32le total_size;   // in this file, with this header
};
static_assert(sizeof(ChunkHeader) == 12);

constexpr std::uint16_t kRaw = 0xCAC1, kFill = 0xCAC2, kHole = 0xCAC3, kCrc = 0xCAC4;
constexpr Magic kMagics[] = {{0, "\x3a\xff\x26\xed"}};

// "system.img.sparse" and "system.simg" hold "system.img"; anything else keeps its name.
std::string expanded_name(std::string_view name) {
  if (name.ends_with(".sparse")) name.remove_suffix(7);
  if (name.ends_with(".simg")) return std::string(name.substr(0, name.size() - 5)) + ".img";
  return name.empty() ? "image" : std::string(name);
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  KLIK_TRY(const Header header, source->get<Header>(0));
  if (header.major != 1) return fail(Code::unsupported, 4, "sparse major version is not 1");
  if (header.header_size < sizeof(Header)) return fail(Code::bad_value, 8, "header size below 28");
  if (header.chunk_header_size < sizeof(ChunkHeader)) return fail(Code::bad_value, 10, "chunk header size below 12");
  const std::uint64_t block = header.block_size;
  if (block == 0 || block % 4 != 0) return fail(Code::bad_value, 12, "block size is not a multiple of 4");

  Child image;
  image.name = expanded_name(context.name);
  image.transform = "sparse";
  std::vector<Piece> pieces;
  std::uint64_t at = header.header_size, out = 0;
  for (std::uint32_t i = 0; i < header.chunk_count; ++i) {
    const auto chunk = source->get<ChunkHeader>(at);
    if (!chunk) {  // the rest reads as a hole
      context.note(Severity::data_loss, chunk.error(), {}, "the file was cut short; fetch it again");
      break;
    }
    // A chunk that does not advance would loop chunk_count times on the same bytes.
    if (chunk->total_size < header.chunk_header_size) return fail(Code::bad_value, at + 8, "chunk smaller than its header");
    const std::uint64_t length = chunk->blocks * block;   // 32 × 32 bits cannot wrap
    const std::uint64_t body = std::uint64_t{chunk->total_size} - header.chunk_header_size;
    const std::uint64_t body_at = at + header.chunk_header_size;
    if (out + length > context.budget.item_bytes) return fail(Code::over_budget, at, "the image expands past its budget");
    switch (chunk->type) {
      case kRaw: {
        if (body != length) return fail(Code::bad_value, at + 8, "raw chunk whose size is not its blocks");
        const std::uint64_t there = body_at < source->size() ? std::min(length, source->size() - body_at) : 0;
        if (there < length) context.note(Severity::data_loss, Code::truncated, body_at, "raw chunk past the end", {}, "the file was cut short; fetch it again");
        pieces.push_back({out, there, source, body_at});
        append_extent(image.extents, body_at, there);
        break;
      }
      case kFill: {
        if (body != 4) return fail(Code::bad_value, at + 8, "fill chunk without its word");
        KLIK_TRY(const U32le word, source->get<U32le>(body_at));
        pieces.push_back({.at = out, .length = length, .from = nullptr, .fill = word});
        append_extent(image.extents, body_at, 4);
        break;
      }
      case kHole: break;   // unknown to the maker; read as zeros
      case kCrc:
        if (chunk->blocks != 0) return fail(Code::bad_value, at + 4, "checksum chunk with blocks");
        break;
      default: return fail(Code::bad_value, at, "unknown chunk type");
    }
    if (chunk->type != kCrc) out += length;
    at += chunk->total_size;
  }
  const std::uint64_t declared = header.block_count * block;
  if (out != declared) context.note(Severity::error, Code::bad_value, 16, "the chunks do not add up to the block count");
  if (at < source->size()) context.note(Severity::info, Code::deviation, at, "bytes after the last chunk");
  image.size = std::max(out, std::min(declared, context.budget.item_bytes));
  KLIK_TRY(image.source, extent_source(image.size, std::move(pieces)));
  Contents contents{.kind = "", .children = {}};
  contents.children.push_back(std::move(image));
  return contents;
}

}  // namespace

extern const Container container_android_sparse;
constexpr Container container_android_sparse{
    .name = "android_sparse",
    .title = "Android sparse image",
    .spec = "AOSP system/core libsparse/sparse_format.h",
    .limits = "the image checksum is not verified; holes read as zeros",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
