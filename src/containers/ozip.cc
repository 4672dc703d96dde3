// OPPO's ozip: a 0x1050-byte header, then a zip of which 16 bytes before each 0x4000 are encrypted, or, for a
// member of an ordinary zip that carries the same magic, a file that is encrypted throughout.
// There is no public specification; the layout is what open decrypting tools agree on.
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "containers/container.h"

namespace klik {
namespace {

constexpr std::string_view kMagic = "OPPOENCRYPT!";
constexpr Magic kMagics[] = {{0, kMagic}};
constexpr std::uint64_t kDataAt = 0x1050;
constexpr std::uint64_t kBlock = 16, kPlain = 0x4000, kStride = kBlock + kPlain;
constexpr std::uint64_t kLengthAt = 16, kLengthDigits = 16;

using Key = std::array<std::uint8_t, 16>;

// AES-128 in ECB mode decrypts any 16 bytes by themselves, so reading at random needs no state.
Result<void> decrypt(const Key& key, MutableBytes blocks) {
  const std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, key.data(), nullptr) != 1)
    return fail(Code::internal, 0, "AES is not available");
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  constexpr std::size_t kStep = std::size_t{1} << 30;   // the length is an int
  static_assert(kStep <= static_cast<std::size_t>(std::numeric_limits<int>::max()) && kStep % kBlock == 0);
  for (std::size_t done = 0; done < blocks.size(); done += kStep) {
    const MutableBytes part = blocks.subspan(done, std::min(kStep, blocks.size() - done));
    int written = 0;
    if (EVP_DecryptUpdate(context.get(), part.data(), &written, part.data(), static_cast<int>(part.size())) != 1)
      return fail(Code::internal, 0, "AES failed");
  }
  return {};
}

// The data part, decrypted where it is encrypted: everywhere, or the first 16 bytes of every stride.
class DecryptingSource final : public Source {
 public:
  DecryptingSource(SourceRef data, std::uint64_t size, const Key& key, bool throughout)
      : data_(std::move(data)), size_(size), key_(key), throughout_(throughout) {}
  std::uint64_t size() const override { return size_; }

 protected:
  Result<void> do_read(std::uint64_t at, MutableBytes out) const override {
    if (throughout_) return read_throughout(at, out);
    KLIK_CHECK(data_->read(at, out));
    const std::uint64_t end = at + out.size();
    for (std::uint64_t block = at / kStride * kStride; block < end; block += kStride) {
      if (block + kBlock <= at || data_->size() - block < kBlock) continue;   // a tail below 16 bytes cannot be encrypted
      std::array<std::uint8_t, kBlock> bytes{};
      KLIK_CHECK(data_->read(block, bytes));
      KLIK_CHECK(decrypt(key_, bytes));
      const std::uint64_t from = std::max(at, block), to = std::min(end, block + kBlock);
      copy_bytes(out, from - at, Bytes(std::span(bytes).subspan(from - block, to - from)));
    }
    return {};
  }

 private:
  Result<void> read_throughout(std::uint64_t at, MutableBytes out) const {
    std::array<std::uint8_t, 4096> chunk{};
    while (!out.empty()) {
      const std::uint64_t from = at / kBlock * kBlock;
      const std::uint64_t whole = data_->size() / kBlock * kBlock;   // size_ does not reach past it
      const MutableBytes part(chunk.data(), std::min<std::uint64_t>(chunk.size(), whole - from));
      KLIK_CHECK(data_->read(from, part));
      KLIK_CHECK(decrypt(key_, part));
      const std::uint64_t n = std::min<std::uint64_t>(part.size() - (at - from), out.size());
      copy_bytes(out, 0, Bytes(part.subspan(at - from, n)));
      at += n;
      out = out.subspan(n);
    }
    return {};
  }

  SourceRef data_;
  std::uint64_t size_;
  Key key_;
  bool throughout_;
};

// Lines "ozip <32 hex digits>" of the user's key file.
std::vector<Key> keys_of(std::string_view file) {
  std::vector<Key> keys;
  while (!file.empty()) {
    const std::size_t end = std::min(file.find('\n'), file.size());
    std::string_view line = file.substr(0, end);
    file.remove_prefix(std::min(end + 1, file.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    if (!line.starts_with("ozip ")) continue;
    line.remove_prefix(std::min(line.find_first_not_of(" \t", 5), line.size()));
    const auto bytes = unhex(line);
    if (!bytes || bytes->size() != 16) continue;
    std::ranges::copy(*bytes, keys.emplace_back().begin());
  }
  return keys;
}

// A wrong key gives noise; these are what packed files of a phone begin with.
bool looks_decrypted(Bytes block) {
  static constexpr std::string_view kBegins[] = {
      std::string_view("PK\3\4", 4), "ANDROID!", "VNDRBOOT", std::string_view("AVB0\0\0\0\1", 8), "\x3a\xff\x26\xed", "\x7f" "ELF",
      "\xd7\xb7\xab\x1e", "CrAU", std::string_view("\x1f\x8b\x08", 3), "OPPOENCRYPT!"};
  return std::ranges::any_of(kBegins, [&](std::string_view begin) { return block.starts_with(begin); });
}

// The name in the first local header stands behind the first 16 bytes: as it is when the rest of the file is plain.
bool name_is_plain(const Source& data) {
  const auto length = data.get<U16le>(26);
  if (!length || *length == 0 || *length > 1024) return false;
  std::vector<std::uint8_t> name(*length);
  if (!data.read(30, name)) return false;
  return std::ranges::all_of(name, [](std::uint8_t c) { return c >= 0x20 && c < 0x7F; });
}

// The decrypted length that the header of a member carries as decimal digits.
std::optional<std::uint64_t> stated_length(const Source& source) {
  std::array<std::uint8_t, kLengthDigits> field{};
  if (!source.read(kLengthAt, field)) return std::nullopt;
  const std::string_view text = Bytes(field).text().substr(0, Bytes(field).text().find('\0'));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value);
  if (error != std::errc() || end != text.end()) return std::nullopt;
  return value;
}

std::string decrypted_name(std::string_view name) {
  if (name.ends_with(".ozip")) return std::string(name.substr(0, name.size() - 4)) + "zip";
  return name.empty() ? "image" : std::string(name);
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  if (source->size() < kDataAt + kBlock) return fail(Code::truncated, source->size(), "ozip without data");
  KLIK_TRY(const SourceRef data, window(source, kDataAt, source->size() - kDataAt));
  std::array<std::uint8_t, kBlock> cipher{};
  KLIK_CHECK(data->read(0, cipher));

  const std::vector<Key> keys = keys_of(context.keys);
  const Key* fitting = nullptr;
  bool zip = false;
  for (const Key& key : keys) {
    std::array<std::uint8_t, kBlock> plain = cipher;
    KLIK_CHECK(decrypt(key, plain));
    if (!looks_decrypted(Bytes(plain))) continue;
    fitting = &key;
    zip = Bytes(plain).starts_with(std::string_view("PK\3\4", 4));
    break;
  }
  if (!fitting) {
    context.note(Severity::data_loss, Code::encrypted, 0, keys.empty() ? "an ozip, and no key was given" : "an ozip that no given key opens", {},
                 "give a key file with a line \"ozip\" and the 32 hex digits of this model's key");
    return fail(Code::encrypted, kDataAt, "the data of an ozip is encrypted");
  }

  const bool throughout = !(zip && name_is_plain(*data));
  std::uint64_t size = data->size();
  if (throughout) {
    // Padded to whole blocks, and often to more; only the header knows where the file ends.
    const std::uint64_t whole = size / kBlock * kBlock;
    const auto stated = stated_length(*source);
    if (!stated) context.note(Severity::error, Code::bad_value, kLengthAt, "the length in the ozip header is not a number");
    if (stated && *stated > size)
      context.note(Severity::data_loss, Code::truncated, source->size(), "the ozip header states more bytes than there are", {},
                   "the file was cut short; fetch it again");
    size = std::min(stated.value_or(whole), whole);
  }
  Child child;
  child.name = decrypted_name(context.name);
  child.size = size;
  child.source = std::make_shared<DecryptingSource>(data, size, *fitting, throughout);
  child.transform = "aes-128-ecb";
  append_extent(child.extents, kDataAt, size);
  Contents contents{.kind = "", .children = {}};
  contents.children.push_back(std::move(child));
  return contents;
}

}  // namespace

extern const Container container_ozip;
constexpr Container container_ozip{
    .name = "ozip",
    .title = "OPPO ozip",
    .spec = "no public specification",
    .limits = "read only with a key from the user; a key is recognised by what the first 16 decrypted bytes begin with, so a member "
              "of an unknown type stays encrypted",
    .magics = kMagics,
    .open = open,
};

}  // namespace klik
