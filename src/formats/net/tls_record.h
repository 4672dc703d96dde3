// The record layer: the five bytes before every record of TLS, the thirteen of DTLS.
// Source: RFC 5246 §6.2, RFC 8446 §5.1, RFC 6347 §4.1, RFC 9146 §4 (connection ids).
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace klik::tls {

namespace record_type {
constexpr std::uint8_t change_cipher_spec = 20, alert = 21, handshake = 22, application_data = 23, heartbeat = 24, tls12_cid = 25;
}

constexpr std::uint64_t kRecordHeaderSize = 5, kDtlsRecordHeaderSize = 13;
constexpr std::uint64_t kLongestPlain = 1 << 14;
constexpr std::uint64_t kLongestFragment = kLongestPlain + 2048;   // of TLS 1.2; 1.3 allows 256 more than the plain text

struct RecordHeader {
  std::uint8_t type = 0;
  std::uint16_t version = 0;
  std::uint16_t length = 0;   // of the fragment that follows
};

struct DtlsRecordHeader {
  RecordHeader record;
  std::uint16_t epoch = 0;
  std::uint64_t sequence = 0;   // 48 bits
};

// REQUIRES nothing of the values: any five bytes are a header. Errors: truncated.
Result<RecordHeader> parse_record_header(Bytes bytes);
Result<DtlsRecordHeader> parse_dtls_record_header(Bytes bytes);
// The header of a record of type tls12_cid, in which a connection id stands: RFC 9146 §4. `id_size`: bytes that the receiver's hello
// wants; `size` becomes the header's. Errors: truncated.
Result<DtlsRecordHeader> parse_dtls_cid_record_header(Bytes bytes, std::uint64_t id_size, std::uint64_t& size);

// Could it stand before a record of SSL 3.0 to TLS 1.3? Types 20 to 24, versions 0x0300 to 0x0304 or a draft's, a length in bounds.
bool is_plausible(const RecordHeader& header);
// The same for DTLS: versions 0xfeff, 0xfefd and 0x0100 (OpenSSL before 0.9.8f).
bool is_plausible(const DtlsRecordHeader& header);

}  // namespace klik::tls
