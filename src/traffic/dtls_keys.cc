#include "traffic/dtls_keys.h"

#include <utility>

namespace klik::traffic {
namespace {

// Records in a row that fail before trying costs more than it gives.
constexpr std::uint32_t kMostFailures = 4096;

}  // namespace

void DtlsKeys::server_hello(const tls::ServerHello& hello, std::uint16_t epoch) {
  // Nobody renegotiates as often as there are epochs.
  if (!offered_ || epoch == 0xffff || secrets_->empty()) return;
  // Both ways change their keys later: those of before are made now, while what they were agreed on with is known.
  if (agreement_.epoch > 0 && agreement_.epoch != epoch + 1)
    for (const Way way : {Way::up, Way::down}) cipher(way, agreement_.epoch);
  agreement_ = {static_cast<std::uint16_t>(epoch + 1), *offered_, hello.random, hello.cipher_suite, hello.version, hello.encrypt_then_mac};
}

RecordCipher* DtlsKeys::cipher(Way way, std::uint16_t epoch) {
  auto& mine = epochs_[std::to_underlying(way)];
  for (Epoch& e : mine)
    if (e.number == epoch) return e.cipher.get();
  const Agreement& a = agreement_;
  const auto suite = cipher_suite(a.suite);
  const Bytes master = secrets_->find(a.client, SecretLabel::client_random);
  if (epoch != a.epoch || !suite || master.empty() || (a.version != tls::kDtls10 && a.version != tls::kDtls12)) return nullptr;
  auto made = tls12_cipher(*suite, {a.version, master, Bytes(a.client), Bytes(a.server), a.encrypt_then_mac}, way);
  if (made && !made->stands_alone()) made.reset();   // RC4 is not for datagrams: RFC 6347 §4.1.2.2
  mine[1] = std::exchange(mine[0], {epoch, std::move(made)});
  return mine[0].cipher.get();
}

bool DtlsKeys::open(Way way, const tls::DtlsRecordHeader& header, Bytes fragment, std::vector<std::uint8_t>& plain) {
  if (secrets_->empty() || header.epoch == 0 || failures_ > kMostFailures) return false;
  RecordCipher* const keys = cipher(way, header.epoch);
  if (!keys) return false;
  std::uint8_t type = header.record.type;
  const bool good = keys->open(dtls_sequence(header), header.record, fragment, plain, type);
  failures_ = good ? 0 : failures_ + 1;
  return good;
}

}  // namespace klik::traffic
