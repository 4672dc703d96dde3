#include "containers/flash_trailer.h"

#include <algorithm>

namespace klik {
namespace {

struct Page {
  std::uint8_t unknown[16];
  U32le mark, index_page, index_size;
  std::uint8_t project[16];
  std::uint8_t firmware[64];
};
static_assert(sizeof(Page) == 108);

constexpr std::uint32_t kMark = 0x7CEF;

// Printable or nothing: ofp has other things in this place.
std::string printable(Bytes field) {
  const std::string_view text = field.text().substr(0, field.text().find('\0'));
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
  return plain ? std::string(text) : std::string();
}

}  // namespace

std::optional<FlashTrailer> find_flash_trailer(const Source& source) {
  for (const std::uint64_t page : {std::uint64_t{512}, std::uint64_t{4096}}) {
    if (source.size() < page) continue;
    const std::uint64_t at = source.size() - page;
    const auto bytes = source.get<Page>(at);
    if (!bytes || bytes->mark != kMark) continue;
    return FlashTrailer{at, page, bytes->index_page * page, bytes->index_size, printable(Bytes(bytes->project)), printable(Bytes(bytes->firmware))};
  }
  return std::nullopt;
}

bool has_extension(std::string_view name, std::string_view extension) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  return std::ranges::equal(name.substr(dot + 1), extension, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

}  // namespace klik
