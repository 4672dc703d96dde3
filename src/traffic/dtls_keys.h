// The keys of one DTLS connection of version 1.0 or 1.2, made out of its master secret: each change of keys is an epoch, and every record
// says its own.
// Source: RFC 6347 §4.1 (epochs, sequence numbers), RFC 4347 (version 1.0); keys as of TLS 1.2 and 1.1 (traffic/tls_keys.h).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "formats/net/tls_hello.h"
#include "formats/net/tls_record.h"
#include "traffic/secrets.h"
#include "traffic/tls_keys.h"

namespace klik::traffic {

class DtlsKeys {
 public:
  // Kept by reference.
  explicit DtlsKeys(const Secrets& secrets) : secrets_(&secrets) {}

  // The hellos, as they come, with the epoch that they came under. One that asks for a cookie first, or for a retry, agrees on nothing
  // and is not told.
  void client_hello(const tls::ClientHello& hello) { offered_ = hello.random; }
  void server_hello(const tls::ServerHello& hello, std::uint16_t epoch);

  // The plain text of a record of an epoch above 0. False: no keys, or it does not verify.
  bool open(Way way, const tls::DtlsRecordHeader& header, Bytes fragment, std::vector<std::uint8_t>& plain);

 private:
  // What two hellos agreed on, for the epoch that follows theirs.
  struct Agreement {
    std::uint16_t epoch = 0;
    ClientRandom client{}, server{};
    std::uint16_t suite = 0, version = 0;
    bool encrypt_then_mac = false;
  };
  struct Epoch {
    std::uint16_t number = 0;
    std::unique_ptr<RecordCipher> cipher;   // null: its keys cannot be made
  };
  RecordCipher* cipher(Way way, std::uint16_t epoch);

  const Secrets* secrets_;
  std::optional<ClientRandom> offered_;
  Agreement agreement_;                          // the newest
  std::array<std::array<Epoch, 2>, 2> epochs_;   // by Way: the newest, and the one before, whose records may still come
  std::uint32_t failures_ = 0;                   // in a row
};

}  // namespace klik::traffic
