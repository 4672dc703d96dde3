// Huawei's UPDATE.APP: records of a plain header, a table of 16-bit checksums, and an image, aligned to 4 bytes.
// There is no public specification; the layout is what open unpacking tools agree on.
#include <algorithm>

#include "containers/container.h"
#include "containers/image_member.h"
#include "containers/unique_names.h"

namespace klik {
namespace {

struct Record {
  std::uint8_t magic[4];
  U32le header_size;      // with the checksum table
  U32le unknown;
  std::uint8_t hardware[8];
  U32le sequence;
  U32le data_size;
  std::uint8_t date[16], time[16];
  std::uint8_t type[16];  // "SYSTEM", "BOOT", …
  std::uint8_t blank[16];
  U16le header_checksum, block_size, unknown_too;
};
static_assert(sizeof(Record) == 98);

constexpr std::string_view kMark = "\x55\xaa\x5a\xa5";
// Known files begin with a record, or with 92 zeros and a record.
constexpr Magic kMagics[] = {{0, kMark}, {92, kMark}};

// Zeros may stand between records; more than this is the end of the package.
constexpr std::uint64_t kMostPadding = std::uint64_t{1} << 20;

// The place of the next record from `at` on, looking past zeros; the size of the source when nothing more comes.
Result<std::uint64_t> skip_zeros(const Source& source, std::uint64_t at) {
  const std::uint64_t start = at;
  while (at < source.size()) {
    KLIK_TRY(const Blob blob, source.load(at, std::min<std::uint64_t>(4096, source.size() - at)));
    const Bytes bytes = blob.bytes();
    const auto end = std::ranges::find_if(bytes.span(), [](std::uint8_t b) { return b != 0; });
    const auto zeros = static_cast<std::uint64_t>(end - bytes.span().begin());
    at += zeros;
    if (zeros < bytes.size()) return at;
    if (at - start > kMostPadding) return fail(Code::over_budget, at, "a megabyte of zeros after the last record");
  }
  return source.size();
}

std::string trimmed(Bytes field) {
  std::string_view text = field.text().substr(0, field.text().find('\0'));
  while (text.ends_with(' ')) text.remove_suffix(1);
  while (text.starts_with('/')) text.remove_prefix(1);
  return std::string(text);
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  Contents contents{.kind = "", .children = {}};
  UniqueNames names;
  std::uint64_t at = 0;
  while (true) {
    const auto next = skip_zeros(*source, at);
    if (!next) {
      context.note(Severity::info, next.error());
      break;
    }
    at = *next;
    if (at == source->size()) break;
    if (contents.children.size() == context.budget.children) {
      context.note(Severity::data_loss, Code::over_budget, at, "more records than the budget allows");
      break;
    }
    const auto record = source->get<Record>(at);
    if (!record) {
      context.note(Severity::data_loss, record.error(), {}, "the file was cut short; fetch it again");
      break;
    }
    if (Bytes(record->magic).text() != kMark) {
      if (contents.children.empty()) return fail(Code::bad_magic, at, "not a record of UPDATE.APP");
      context.note(Severity::data_loss, Code::bad_magic, at, "the bytes after the last record are no record");
      break;
    }
    // A record always takes its header, so the loop advances.
    if (record->header_size < sizeof(Record)) {
      context.note(Severity::data_loss, Code::bad_value, at + 4, "record header smaller than 98 bytes");
      if (contents.children.empty()) return fail(Code::bad_value, at + 4, "record header smaller than 98 bytes");
      break;
    }
    const std::uint64_t data_at = at + record->header_size;   // 32-bit sizes: no wrap
    std::string name = trimmed(Bytes(record->type));
    add_member(source, names.take(name.empty() ? "record" : std::move(name)), data_at, record->data_size, context, contents);
    const std::uint64_t end = data_at + record->data_size;
    at = end + (4 - end % 4) % 4;
    if (at > source->size()) break;   // noted with the member, or only the last padding is missing
  }
  if (contents.children.empty()) return fail(Code::truncated, at, "UPDATE.APP without a record");
  return contents;
}

}  // namespace

extern const Container container_update_app;
constexpr Container container_update_app{
    .name = "update_app",
    .title = "Huawei UPDATE.APP",
    .spec = "no public specification",
    .limits = "the checksums of headers and blocks are not verified",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
