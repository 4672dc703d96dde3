#include "traffic/tls_old_ciphers.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <algorithm>

#include "traffic/openssl_cipher.h"

namespace klik::traffic {
namespace {

using Octets = std::vector<std::uint8_t>;

class Mac {
 public:
  Mac(HashAlgorithm hash, Bytes key) : hash_(hash), key_(key.begin(), key.end()) {}

  std::size_t size() const { return digest_size(hash_); }
  // Does `text` end with the MAC over what stands before it? That part is given back.
  std::optional<Bytes> stripped(std::uint64_t sequence, const tls::RecordHeader& header, Bytes text) const {
    if (text.size() < size()) return {};
    const Bytes data = *text.slice(0, text.size() - size()), told = *text.from(text.size() - size());
    Octets input = pseudo_header(sequence, header, data.size());
    input.insert(input.end(), data.begin(), data.end());
    const Octets made = hmac(hash_, Bytes(key_), Bytes(input));
    if (!std::ranges::equal(made, told)) return {};
    return data;
  }

 private:
  HashAlgorithm hash_;
  Octets key_;
};

bool decrypt(EVP_CIPHER_CTX* context, Bytes from, Octets& to) {
  to.resize(from.size() + EVP_MAX_BLOCK_LENGTH);
  int done = 0;
  const bool good = EVP_DecryptUpdate(context, to.data(), &done, from.data(), static_cast<int>(from.size())) == 1 && static_cast<std::uint64_t>(done) == from.size();
  if (!good) ERR_clear_error();
  to.resize(good ? from.size() : 0);
  return good;
}

// A failure's plain text is nobody's.
bool take(std::optional<Bytes> data, Octets& plain) {
  const std::size_t n = data ? data->size() : 0;
  plain.resize(n);   // the data is the start of `plain`
  return data.has_value();
}

class NullCipher final : public RecordCipher {
 public:
  explicit NullCipher(Mac mac) : mac_(std::move(mac)) {}
  bool open(std::uint64_t sequence, const tls::RecordHeader& header, Bytes fragment, Octets& plain, std::uint8_t&) override {
    plain.assign(fragment.begin(), fragment.end());
    return take(mac_.stripped(sequence, header, Bytes(plain)), plain);
  }

 private:
  Mac mac_;
};

class StreamCipher final : public RecordCipher {
 public:
  StreamCipher(Mac mac, CipherContext context) : mac_(std::move(mac)), context_(std::move(context)) {}
  bool stands_alone() const override { return false; }

  bool open(std::uint64_t sequence, const tls::RecordHeader& header, Bytes fragment, Octets& plain, std::uint8_t&) override {
    // A record that does not verify must leave the key stream where it was.
    CipherContext trial(EVP_CIPHER_CTX_new());
    if (EVP_CIPHER_CTX_copy(trial.get(), context_.get()) != 1 || !decrypt(trial.get(), fragment, plain)) return plain.clear(), false;
    if (!take(mac_.stripped(sequence, header, Bytes(plain)), plain)) return false;
    context_ = std::move(trial);
    return true;
  }

 private:
  Mac mac_;
  CipherContext context_;
};

class BlockCipher final : public RecordCipher {
 public:
  BlockCipher(Mac mac, CipherContext context, std::size_t block, Octets chained_iv, bool encrypt_then_mac)
      : mac_(std::move(mac)), context_(std::move(context)), block_(block), chained_iv_(std::move(chained_iv)), encrypt_then_mac_(encrypt_then_mac) {}

  // Under chained IVs the first block of the record after a lost one cannot be known, and encrypt-then-MAC would not even say so.
  bool stands_alone() const override { return chained_iv_.empty(); }

  bool open(std::uint64_t sequence, const tls::RecordHeader& header, Bytes fragment, Octets& plain, std::uint8_t&) override {
    plain.clear();
    Bytes text = fragment;
    if (encrypt_then_mac_) {
      const auto stripped = mac_.stripped(sequence, header, fragment);
      if (!stripped) return false;
      text = *stripped;
    }
    Octets iv = chained_iv_;
    if (iv.empty()) {
      const auto given = text.slice(0, block_);
      if (!given) return false;
      iv.assign(given->begin(), given->end());
      text = *text.from(block_);
    }
    if (text.empty() || text.size() % block_ != 0) return false;
    if (EVP_DecryptInit_ex(context_.get(), nullptr, nullptr, nullptr, iv.data()) != 1 || !decrypt(context_.get(), text, plain)) return plain.clear(), false;
    const std::size_t padding = plain.back() + std::size_t{1};
    if (padding > plain.size()) return plain.clear(), false;
    plain.resize(plain.size() - padding);
    if (!encrypt_then_mac_ && !take(mac_.stripped(sequence, header, Bytes(plain)), plain)) return false;
    if (!chained_iv_.empty()) {
      const auto last = text.slice(text.size() - block_, block_);
      if (last) chained_iv_.assign(last->begin(), last->end());
    }
    return true;
  }

 private:
  Mac mac_;
  CipherContext context_;
  std::size_t block_;
  Octets chained_iv_;   // empty when records bring their own
  bool encrypt_then_mac_;
};

}  // namespace

std::unique_ptr<RecordCipher> old_cipher(const CipherSuite& suite, std::uint16_t version, Bytes mac_key, Bytes key, const std::vector<std::uint8_t>& iv, bool encrypt_then_mac) {
  Mac mac(suite.mac, mac_key);
  if (suite.shape == CipherShape::null) return std::make_unique<NullCipher>(std::move(mac));
  const EVP_CIPHER* cipher = fetched_cipher(suite.cipher);
  CipherContext context(EVP_CIPHER_CTX_new());
  if (!cipher || EVP_DecryptInit_ex(context.get(), cipher, nullptr, key.data(), iv.empty() ? nullptr : iv.data()) != 1) return nullptr;
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  if (suite.shape == CipherShape::stream) return std::make_unique<StreamCipher>(std::move(mac), std::move(context));
  const bool chained = version == tls::kTls10;
  return std::make_unique<BlockCipher>(std::move(mac), std::move(context), suite.block, chained ? iv : Octets(), encrypt_then_mac);
}

}  // namespace klik::traffic
