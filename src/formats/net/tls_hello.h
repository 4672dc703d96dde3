// The ClientHello and the ServerHello, as TLS, DTLS and QUIC send them. Bodies of handshake messages go in, without the message's
// header; what comes out are views into them.
// Source: RFC 5246 §7.4.1, RFC 8446 §4.1 and §4.2, RFC 6347 §4.2.1 (cookie), RFC 6066 §3 (names), RFC 7301 (ALPN),
// draft-ietf-tls-esni (0xfe0d); the ServerHello of drafts 18 to 21: draft-ietf-tls-tls13-21 §4.1.3.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::tls {

constexpr std::uint16_t kTls10 = 0x0301, kTls11 = 0x0302, kTls12 = 0x0303, kTls13 = 0x0304;
constexpr std::uint16_t kDtls10 = 0xfeff, kDtls12 = 0xfefd, kDtls13 = 0xfefc;

// Values that mean nothing and keep servers tolerant: 0x0a0a, 0x1a1a … 0xfafa (RFC 8701).
constexpr bool is_grease(std::uint16_t value) { return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff); }
// A draft of TLS 1.3: 0x7f00 and the draft's number.
constexpr bool is_draft13(std::uint16_t version) { return version >> 8 == 0x7f; }
constexpr bool is_tls13(std::uint16_t version) { return version == kTls13 || is_draft13(version); }

namespace extension {
constexpr std::uint16_t server_name = 0, signature_algorithms = 13, alpn = 16, encrypt_then_mac = 22, pre_shared_key = 41, early_data = 42, connection_id = 54, quic_parameters = 57, quic_parameters_draft = 0xffa5,
                        supported_versions = 43, key_share = 51, key_share_draft = 40, encrypted_client_hello = 0xfe0d;
}

struct Extension {
  std::uint16_t type = 0;
  Bytes body;
};

enum class HelloForm : std::uint8_t { tls, dtls };   // QUIC sends the form of TLS

struct ClientHello {
  HelloForm form = HelloForm::tls;
  std::uint16_t legacy_version = 0;
  std::array<std::uint8_t, 32> random{};
  Bytes session_id, cookie, compressions;
  std::vector<std::uint16_t> cipher_suites;
  std::vector<Extension> extensions;   // in wire order, GREASE included

  // Out of the extensions; empty when absent or not as their formats say.
  bool has_server_name = false;
  std::string_view server_name;
  std::vector<std::string_view> alpn;
  std::vector<std::uint16_t> supported_versions, signature_algorithms, key_share_groups;
  bool ech = false, early_data = false, pre_shared_key = false;
  bool malformed_extension = false;    // one of those above is not as its format says

  // The highest version that it offers, GREASE aside. DTLS counts downwards: 0xfefd is above 0xfeff.
  std::uint16_t highest_version() const;
};

struct ServerHello {
  std::uint16_t legacy_version = 0;
  std::uint16_t version = 0;           // the chosen one: of supported_versions when it is there
  std::array<std::uint8_t, 32> random{};
  Bytes session_id;
  std::uint16_t cipher_suite = 0;
  std::uint8_t compression = 0;
  std::vector<Extension> extensions;

  bool retry_request = false;          // HelloRetryRequest: RFC 8446 §4.1.3
  bool draft_form = false;             // without session id and compression
  std::string_view alpn;
  bool encrypt_then_mac = false;
  std::optional<std::uint16_t> key_share_group, pre_shared_key;
  bool malformed_extension = false;
};

// The id that this end wants to see in records to it (RFC 9146 §3); none when it takes no part in that. It may be of no bytes.
std::optional<Bytes> dtls_connection_id(const std::vector<Extension>& extensions);

// Errors: truncated, bad_value (lengths that contradict each other). An extension whose inside is broken is no error.
Result<ClientHello> parse_client_hello(Bytes body, HelloForm form);
Result<ServerHello> parse_server_hello(Bytes body);

// The ALPN of EncryptedExtensions, where TLS 1.3 has it; "" when absent (RFC 8446 §4.3.1).
Result<std::string_view> parse_encrypted_extensions_alpn(Bytes body);
// The transport parameters of a QUIC server in EncryptedExtensions (RFC 9001 §8.2); of no bytes when absent.
Result<Bytes> parse_encrypted_extensions_quic(Bytes body);

}  // namespace klik::tls
