#include "formats/net/tls_hello.h"

#include <algorithm>

#include "formats/net/cursor.h"

namespace klik::tls {
namespace {

// SHA-256 of "HelloRetryRequest": the random that makes a ServerHello one.
constexpr std::array<std::uint8_t, 32> kRetryRandom = {0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                                       0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                                       0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

Result<std::array<std::uint8_t, 32>> read_random(net::Cursor& in) {
  KLIK_TRY(const Bytes bytes, in.take(32));
  std::array<std::uint8_t, 32> out{};
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}

Result<std::vector<std::uint16_t>> integers(Bytes list) {
  if (list.size() % 2 != 0) return fail(Code::bad_value, 0, "a list of two-byte values of odd length");
  std::vector<std::uint16_t> out;
  out.reserve(list.size() / 2);
  for (net::Cursor in(list); !in.done();) {
    KLIK_TRY(const std::uint16_t value, in.u16());
    out.push_back(value);
  }
  return out;
}

Result<std::vector<Extension>> read_extensions(net::Cursor& in) {
  std::vector<Extension> out;
  if (in.done()) return out;   // they may be left out altogether
  KLIK_TRY(const Bytes block, in.vector16());
  for (net::Cursor each(block); !each.done();) {
    KLIK_TRY(const std::uint16_t type, each.u16());
    KLIK_TRY(const Bytes body, each.vector16());
    out.push_back({type, body});
  }
  return out;
}

// struct { NameType name_type; opaque HostName<1..2^16-1>; } list<…>: the first host name.
Result<std::string_view> read_server_name(Bytes body) {
  net::Cursor in(body);
  KLIK_TRY(const Bytes list, in.vector16());
  for (net::Cursor each(list); !each.done();) {
    KLIK_TRY(const std::uint8_t kind, each.u8());
    KLIK_TRY(const Bytes name, each.vector16());
    if (kind == 0) return name.text();
  }
  return std::string_view();
}

Result<std::vector<std::string_view>> read_alpn(Bytes body) {
  net::Cursor in(body);
  KLIK_TRY(const Bytes list, in.vector16());
  std::vector<std::string_view> out;
  for (net::Cursor each(list); !each.done();) {
    KLIK_TRY(const Bytes name, each.vector8());
    out.push_back(name.text());
  }
  return out;
}

Result<std::vector<std::uint16_t>> read_groups(Bytes body) {
  net::Cursor in(body);
  KLIK_TRY(const Bytes shares, in.vector16());
  std::vector<std::uint16_t> out;
  for (net::Cursor each(shares); !each.done();) {
    KLIK_TRY(const std::uint16_t group, each.u16());
    KLIK_CHECK(each.vector16());
    out.push_back(group);
  }
  return out;
}

Result<void> read_client_extension(const Extension& e, ClientHello& hello) {
  net::Cursor in(e.body);
  switch (e.type) {
    case extension::server_name: {
      hello.has_server_name = true;
      if (e.body.empty()) break;
      KLIK_TRY(hello.server_name, read_server_name(e.body));
      break;
    }
    case extension::alpn: {
      KLIK_TRY(hello.alpn, read_alpn(e.body));
      break;
    }
    case extension::supported_versions: {
      KLIK_TRY(const Bytes list, in.vector8());
      KLIK_TRY(hello.supported_versions, integers(list));
      break;
    }
    case extension::signature_algorithms: {
      KLIK_TRY(const Bytes list, in.vector16());
      KLIK_TRY(hello.signature_algorithms, integers(list));
      break;
    }
    case extension::key_share:
    case extension::key_share_draft: {
      KLIK_TRY(hello.key_share_groups, read_groups(e.body));
      break;
    }
    case extension::encrypted_client_hello: hello.ech = true; break;
    case extension::early_data: hello.early_data = true; break;
    case extension::pre_shared_key: hello.pre_shared_key = true; break;
    default: break;
  }
  return {};
}

Result<void> read_server_extension(const Extension& e, ServerHello& hello) {
  net::Cursor in(e.body);
  switch (e.type) {
    case extension::alpn: {
      KLIK_TRY(const auto names, read_alpn(e.body));
      if (!names.empty()) hello.alpn = names.front();
      break;
    }
    case extension::supported_versions: {
      KLIK_TRY(hello.version, in.u16());
      break;
    }
    case extension::key_share:
    case extension::key_share_draft: {
      KLIK_TRY(hello.key_share_group, in.u16());
      break;
    }
    case extension::pre_shared_key: {
      KLIK_TRY(hello.pre_shared_key, in.u16());
      break;
    }
    case extension::encrypt_then_mac: hello.encrypt_then_mac = true; break;
    default: break;
  }
  return {};
}

}  // namespace

std::uint16_t ClientHello::highest_version() const {
  std::optional<std::uint16_t> best;
  for (const std::uint16_t v : supported_versions)
    if (!is_grease(v)) best = !best ? v : form == HelloForm::dtls ? std::min(*best, v) : std::max(*best, v);
  return best.value_or(legacy_version);
}

std::optional<Bytes> dtls_connection_id(const std::vector<Extension>& extensions) {
  for (const Extension& e : extensions) {
    if (e.type != extension::connection_id) continue;
    const auto id = net::Cursor(e.body).vector8();
    return id ? std::optional<Bytes>(*id) : std::nullopt;
  }
  return {};
}

Result<ClientHello> parse_client_hello(Bytes body, HelloForm form) {
  net::Cursor in(body);
  ClientHello hello;
  hello.form = form;
  KLIK_TRY(hello.legacy_version, in.u16());
  KLIK_TRY(hello.random, read_random(in));
  KLIK_TRY(hello.session_id, in.vector8());
  if (form == HelloForm::dtls) {
    KLIK_TRY(hello.cookie, in.vector8());
  }
  KLIK_TRY(const Bytes suites, in.vector16());
  KLIK_TRY(hello.cipher_suites, integers(suites));
  KLIK_TRY(hello.compressions, in.vector8());
  KLIK_TRY(hello.extensions, read_extensions(in));
  for (const Extension& e : hello.extensions)
    if (!read_client_extension(e, hello)) hello.malformed_extension = true;
  return hello;
}

Result<ServerHello> parse_server_hello(Bytes body) {
  net::Cursor in(body);
  ServerHello hello;
  KLIK_TRY(hello.legacy_version, in.u16());
  hello.version = hello.legacy_version;
  // From draft 22 on the chosen draft stands in supported_versions, and the hello has TLS 1.2's form.
  hello.draft_form = is_draft13(hello.legacy_version) && (hello.legacy_version & 0xff) < 22;
  KLIK_TRY(hello.random, read_random(in));
  hello.retry_request = hello.random == kRetryRandom;
  if (!hello.draft_form) {
    KLIK_TRY(hello.session_id, in.vector8());
  }
  KLIK_TRY(hello.cipher_suite, in.u16());
  if (!hello.draft_form) {
    KLIK_TRY(hello.compression, in.u8());
  }
  KLIK_TRY(hello.extensions, read_extensions(in));
  for (const Extension& e : hello.extensions)
    if (!read_server_extension(e, hello)) hello.malformed_extension = true;
  return hello;
}

Result<std::string_view> parse_encrypted_extensions_alpn(Bytes body) {
  net::Cursor in(body);
  KLIK_TRY(const auto extensions, read_extensions(in));
  for (const Extension& e : extensions) {
    if (e.type != extension::alpn) continue;
    KLIK_TRY(const auto names, read_alpn(e.body));
    if (!names.empty()) return names.front();
  }
  return std::string_view();
}

Result<Bytes> parse_encrypted_extensions_quic(Bytes body) {
  net::Cursor in(body);
  KLIK_TRY(const auto extensions, read_extensions(in));
  for (const Extension& e : extensions)
    if (e.type == extension::quic_parameters || e.type == extension::quic_parameters_draft) return e.body;
  return Bytes();
}

}  // namespace klik::tls
