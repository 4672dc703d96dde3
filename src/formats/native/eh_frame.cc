#include "formats/native/eh_frame.h"

#include <algorithm>
#include <map>
#include <string>

namespace klik::elf {
namespace {

constexpr std::uint32_t kEhFrameHeader = 0x6474e550, kArmIndex = 0x70000001;

// Pointers of .eh_frame: how wide, and what they count from (DW_EH_PE_…).
class FrameReader {
 public:
  FrameReader(const File& file, std::uint64_t address, std::uint64_t size) : file_(file), base_(address) {
    if (const auto range = file.range_of(address)) {
      const auto bytes = file.bytes().slice(range->at, std::min(range->length, size));
      if (bytes) bytes_ = *bytes;
    }
  }

  void read(std::vector<Extent>& out) {
    for (std::uint64_t at = 0;;) {
      const auto length = bytes_.get<U32le>(at);
      if (!length || *length == 0 || *length == 0xffffffff) return;   // the end, or 64-bit DWARF, which nobody writes here
      const std::uint64_t end = at + 4 + *length;
      if (end > bytes_.size()) return;
      const auto cie = bytes_.get<U32le>(at + 4);
      if (cie && *cie != 0 && *cie <= at + 4) entry(at + 4 - *cie, at + 8, end, out);
      at = end;
    }
  }

 private:
  void entry(std::uint64_t cie_at, std::uint64_t at, std::uint64_t end, std::vector<Extent>& out) {
    const auto known = encodings_.find(cie_at);
    const std::uint8_t encoding = known != encodings_.end() ? known->second : encodings_.emplace(cie_at, encoding_of(cie_at)).first->second;
    if (encoding == 0xff || (encoding & 0x80)) return;
    const unsigned width = (encoding & 7) == 0 ? static_cast<unsigned>(file_.word()) : (encoding & 7) == 2 ? 2 : (encoding & 7) == 3 ? 4 : (encoding & 7) == 4 ? 8 : 0;
    if (width == 0 || at + 2 * width > end) return;
    std::uint64_t start = number(at, width, encoding & 8), size = number(at + width, width, false);
    if ((encoding & 0x70) == 0x10) start += base_ + at;
    else if ((encoding & 0x70) != 0) return;
    if (!file_.wide()) start &= 0xffffffff;
    if (start != 0 && size != 0) out.push_back({start, size});
  }

  std::uint64_t number(std::uint64_t at, unsigned width, bool with_sign) const {
    std::uint64_t out = 0;
    for (unsigned i = 0; i < width; ++i) out |= std::uint64_t{bytes_[at + i]} << (8 * i);
    if (with_sign && width < 8 && out >> (8 * width - 1)) out |= ~std::uint64_t{0} << (8 * width);
    return out;
  }

  // How the entries of this CIE write their addresses; 0xff: unknown.
  std::uint8_t encoding_of(std::uint64_t at) const {
    const auto length = bytes_.get<U32le>(at), id = bytes_.get<U32le>(at + 4);
    if (!length || !id || *id != 0) return 0xff;
    const std::uint64_t end = std::min<std::uint64_t>(at + 4 + *length, bytes_.size());
    std::uint64_t p = at + 8;
    const auto byte = [&]() -> std::uint8_t { return p < end ? bytes_[p++] : std::uint8_t{0}; };
    const auto skip_number = [&] {
      while (p < end && (bytes_[p] & 0x80)) ++p;
      ++p;
    };
    const std::uint8_t version = byte();
    std::string augmentation;
    for (std::uint8_t c = byte(); c != 0 && augmentation.size() < 8; c = byte()) augmentation += static_cast<char>(c);
    if (version != 1 && version != 3) return 0xff;
    if (augmentation.empty() || augmentation[0] != 'z') return augmentation.empty() ? 0 : 0xff;
    skip_number();   // code alignment
    skip_number();   // data alignment
    version == 1 ? void(byte()) : skip_number();   // return address register
    skip_number();   // length of what follows
    std::uint8_t out = 0;
    for (const char c : augmentation.substr(1)) {
      if (c == 'R') out = byte();
      else if (c == 'L') byte();
      else if (c == 'P') {
        const std::uint8_t how = byte();
        const unsigned form = how & 7;
        p += form == 0 ? file_.word() : form == 2 ? 2 : form == 3 ? 4 : form == 4 ? 8 : 0;
        if (form == 1) skip_number();
      } else if (c != 'S' && c != 'B') {
        return 0xff;
      }
    }
    return out;
  }

  const File& file_;
  const std::uint64_t base_;
  Bytes bytes_;
  std::map<std::uint64_t, std::uint8_t> encodings_;   // by place of the CIE
};

// The header says where the frames start; they end with a zero, or with their segment.
void read_frames(const File& file, std::vector<Extent>& out) {
  if (const Section* s = file.section(".eh_frame"); s && s->address) return FrameReader(file, s->address, s->size).read(out);
  const Segment* header = file.segment(kEhFrameHeader);
  if (!header) return;
  const auto at = file.offset_of(header->address);
  const auto head = at ? file.bytes().array<std::uint8_t>(*at, 4) : Result<std::span<const std::uint8_t>>(fail(Code::truncated, 0, "not loaded"));
  if (!head || (*head)[0] != 1 || (*head)[1] != 0x1b) return;   // sdata4, from where it stands
  const auto distance = file.bytes().get<U32le>(*at + 4);
  if (!distance) return;
  const std::uint64_t frames = header->address + 4 + static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(std::uint32_t{*distance})));
  FrameReader(file, file.wide() ? frames : frames & 0xffffffff, ~std::uint64_t{0}).read(out);
}

void read_arm_index(const File& file, std::vector<Extent>& out) {
  const Segment* s = file.segment(kArmIndex);
  if (!s) return;
  const auto range = file.range_of(s->address);
  if (!range) return;
  const auto words = file.bytes().array<U32le>(range->at, std::min(range->length, s->file_size) / 4);
  if (!words) return;
  for (std::size_t i = 0; i + 1 < words->size(); i += 2) {
    const std::uint32_t w = (*words)[i], distance = (w & 0x7fffffff) | (w << 1 & 0x80000000);
    out.push_back({(s->address + 4 * i + distance) & 0xfffffffe, 0});
  }
}

}  // namespace

std::vector<Extent> unwind_extents(const File& file) {
  std::vector<Extent> out;
  read_frames(file, out);
  if (file.machine() == 40) read_arm_index(file, out);
  return out;
}

}  // namespace klik::elf
