// Header blocks of HTTP/3, by nghttp3. The only file that knows its interface, which changed with its version 1.0.
// Source: RFC 9204 (QPACK).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/bytes.h"

struct nghttp3_qpack_decoder;

namespace klik::traffic {

class QpackDecoder {
 public:
  // `capacity`: SETTINGS_QPACK_MAX_TABLE_CAPACITY of the side that decodes. Block prefixes are counted by it (RFC 9204 §4.5.1.1), so it
  // must be the true one.
  explicit QpackDecoder(std::uint64_t capacity);
  ~QpackDecoder();
  QpackDecoder(const QpackDecoder&) = delete;
  QpackDecoder& operator=(const QpackDecoder&) = delete;

  // The next bytes of the encoder stream. Errors: bad_value; the table is then lost.
  Result<void> instructions(Bytes bytes);
  // How many entries the table was given so far.
  std::uint64_t inserted() const;

  // Nothing when the block can be read now, or never; else the number of entries it needs before.
  std::optional<std::uint64_t> blocked_until(std::uint64_t stream, Bytes block);
  // One whole block. Views are valid during the call of `each`. Errors: bad_value, also for a block that has to wait.
  Result<void> read(std::uint64_t stream, Bytes block, const std::function<void(std::string_view name, std::string_view value)>& each);

  // Whether a block can be read without any table: its Required Insert Count is 0.
  static bool needs_no_table(Bytes block) { return !block.empty() && block[0] == 0; }

 private:
  nghttp3_qpack_decoder* decoder_ = nullptr;
  bool broken_ = false;
};

// Larger tables than this are not followed.
inline constexpr std::uint64_t kMostQpackCapacity = std::uint64_t{1} << 20;

}  // namespace klik::traffic
