#include "formats/net/tls_handshake.h"

#include <algorithm>

#include "formats/net/cursor.h"

namespace klik::tls {
namespace {

constexpr std::uint64_t kHeaderSize = 4;   // type, length of three bytes
constexpr std::size_t kCertificates = 64;

}  // namespace

void HandshakeAssembler::add(Bytes fragment) {
  const std::uint64_t pass = std::min(passing_, fragment.size());
  passing_ -= pass;
  if (taken_ > 0) waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken_)), taken_ = 0;
  if (const auto rest = fragment.from(pass)) waiting_.insert(waiting_.end(), rest->begin(), rest->end());
}

std::optional<HandshakeMessage> HandshakeAssembler::next() {
  while (true) {
    const auto rest = Bytes(waiting_).from(taken_);
    if (!rest) return {};
    net::Cursor in(*rest);
    const auto type = in.u8();
    const auto length = in.u24();
    if (!type || !length) return {};
    if (*length > longest_) {
      ++passed_over_;
      const std::uint64_t here = std::min<std::uint64_t>(*length, in.left());
      taken_ += kHeaderSize + here;
      passing_ = *length - here;
      continue;
    }
    const auto body = in.take(*length);
    if (!body) return {};
    taken_ += kHeaderSize + *length;
    return HandshakeMessage{*type, *body};
  }
}

void HandshakeAssembler::clear() {
  waiting_ = {};
  taken_ = passing_ = 0;
}

bool DtlsAssembler::add(Bytes record) {
  bool any = false;
  for (net::Cursor in(record); !in.done();) {
    const auto type = in.u8();
    const auto length = in.u24();
    const auto number = in.u16();
    const auto offset = in.u24();
    const auto size = in.u24();
    if (!type || !length || !number || !offset || !size || *offset > *length || *size > *length - *offset) return any;
    const auto bytes = in.take(*size);
    if (!bytes) return any;
    any = true;
    if (*length > longest_) continue;
    const auto [found, is_new] = open_.try_emplace(*number);
    Partial& partial = found->second;
    if (is_new) partial.type = *type, partial.length = *length;
    if (!partial.told && partial.type == *type && partial.length == *length) insert(partial, *offset, *bytes);
    if (open_.size() > kOpenMessages) open_.erase(open_.begin());
  }
  return any;
}

// Only what fills a hole is taken: the first bytes that came for a place stay.
void DtlsAssembler::insert(Partial& partial, std::uint32_t offset, Bytes bytes) {
  std::uint32_t at = offset;
  const auto end = static_cast<std::uint32_t>(offset + bytes.size());
  auto after = partial.parts.upper_bound(offset);
  if (after != partial.parts.begin()) {
    const auto before = std::prev(after);
    at = std::max(at, static_cast<std::uint32_t>(before->first + before->second.size()));
  }
  while (at < end) {
    const std::uint32_t stop = after == partial.parts.end() ? end : std::min(end, after->first);
    if (at < stop) {
      const auto part = bytes.slice(at - offset, stop - at);
      if (!part) return;
      partial.parts.emplace(at, std::vector<std::uint8_t>(part->begin(), part->end()));
      partial.have += stop - at;
    }
    if (after == partial.parts.end()) return;
    at = std::max(at, static_cast<std::uint32_t>(after->first + after->second.size()));
    ++after;
  }
}

std::optional<HandshakeMessage> DtlsAssembler::next() {
  for (auto& [number, partial] : open_) {
    if (partial.told || partial.have < partial.length) continue;
    current_.clear();
    for (const auto& [offset, part] : partial.parts) current_.insert(current_.end(), part.begin(), part.end());
    partial.parts.clear();
    partial.told = true;
    return HandshakeMessage{partial.type, Bytes(current_)};
  }
  return {};
}

Result<std::vector<Bytes>> parse_certificates(Bytes body, CertificateForm form) {
  net::Cursor in(body);
  if (form == CertificateForm::tls13) {
    KLIK_CHECK(in.vector8());   // certificate_request_context
  }
  KLIK_TRY(const Bytes list, in.vector24());
  std::vector<Bytes> out;
  for (net::Cursor each(list); !each.done() && out.size() < kCertificates;) {
    KLIK_TRY(const Bytes der, each.vector24());
    if (form == CertificateForm::tls13) {
      KLIK_CHECK(each.vector16());   // extensions
    }
    out.push_back(der);
  }
  return out;
}

}  // namespace klik::tls
