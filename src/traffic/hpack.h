// Header blocks of HTTP/2, by nghttp2. One per way of a connection; every block must be given, since all share one table.
// Source: RFC 7541 (HPACK).
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/bytes.h"

struct nghttp2_hd_inflater;

namespace klik::traffic {

// What stands for a name that was put into the table before the capture began.
inline constexpr std::string_view kUnknownName = "?";
// The size of a table when nobody says another (RFC 7541 §6.3, RFC 9113 §6.5.2), and the most that anybody is seen to ask for.
inline constexpr std::uint32_t kDefaultTable = 4'096, kUsualTable = 65'536;

class HpackDecoder {
 public:
  // `unknown_table`: 0 when the connection's first block is the first that is given. Otherwise the largest table, in bytes, that the
  // encoder may have filled before: each of its entries counts as unknown, with the name kUnknownName and no value.
  explicit HpackDecoder(std::uint32_t unknown_table);
  ~HpackDecoder();
  HpackDecoder(const HpackDecoder&) = delete;
  HpackDecoder& operator=(const HpackDecoder&) = delete;

  // The fields of one whole block, in order; views are valid during the call of `each`. Errors: bad_value; after one the table is
  // not known any more, and every later block fails too.
  Result<void> read(Bytes block, const std::function<void(std::string_view name, std::string_view value)>& each);
  bool broken() const { return broken_; }

 private:
  nghttp2_hd_inflater* inflater_ = nullptr;
  bool broken_ = false;
};

}  // namespace klik::traffic
