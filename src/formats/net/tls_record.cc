#include "formats/net/tls_record.h"

#include "formats/net/cursor.h"

namespace klik::tls {

Result<RecordHeader> parse_record_header(Bytes bytes) {
  net::Cursor in(bytes);
  RecordHeader out;
  KLIK_TRY(out.type, in.u8());
  KLIK_TRY(out.version, in.u16());
  KLIK_TRY(out.length, in.u16());
  return out;
}

namespace {

Result<DtlsRecordHeader> read_dtls(Bytes bytes, std::uint64_t id_size, std::uint64_t& size) {
  net::Cursor in(bytes);
  DtlsRecordHeader out;
  KLIK_TRY(out.record.type, in.u8());
  KLIK_TRY(out.record.version, in.u16());
  KLIK_TRY(out.epoch, in.u16());
  KLIK_TRY(const std::uint16_t high, in.u16());
  KLIK_TRY(const std::uint32_t low, in.u32());
  out.sequence = std::uint64_t{high} << 32 | low;
  KLIK_CHECK(in.take(id_size));
  KLIK_TRY(out.record.length, in.u16());
  size = in.at();
  return out;
}

}  // namespace

Result<DtlsRecordHeader> parse_dtls_record_header(Bytes bytes) {
  std::uint64_t size = 0;
  return read_dtls(bytes, 0, size);
}

Result<DtlsRecordHeader> parse_dtls_cid_record_header(Bytes bytes, std::uint64_t id_size, std::uint64_t& size) {
  return read_dtls(bytes, id_size, size);
}

bool is_plausible(const RecordHeader& h) {
  const bool version = (h.version >= 0x0300 && h.version <= 0x0304) || h.version >> 8 == 0x7f;
  return h.type >= record_type::change_cipher_spec && h.type <= record_type::heartbeat && version && h.length > 0 && h.length <= kLongestFragment;
}

bool is_plausible(const DtlsRecordHeader& h) {
  const bool version = h.record.version == 0xfeff || h.record.version == 0xfefd || h.record.version == 0x0100;
  return h.record.type >= record_type::change_cipher_spec && h.record.type <= record_type::heartbeat && version && h.record.length > 0 && h.record.length <= kLongestFragment;
}

}  // namespace klik::tls
