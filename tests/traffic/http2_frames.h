// Frames of HTTP/2 for tests, with header blocks by nghttp2's own encoder.
#pragma once

#include <nghttp2/nghttp2.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace klik::traffic {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string frame(int type, int flags, std::uint32_t stream, std::string_view payload) {
  std::string out;
  for (int shift : {16, 8, 0}) out += static_cast<char>(payload.size() >> shift);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  for (int shift : {24, 16, 8, 0}) out += static_cast<char>(stream >> shift);
  return out + std::string(payload);
}

class HpackEncoder {
 public:
  explicit HpackEncoder(std::size_t table = 4'096) { nghttp2_hd_deflate_new(&deflater_, table); }
  ~HpackEncoder() { nghttp2_hd_deflate_del(deflater_); }
  HpackEncoder(const HpackEncoder&) = delete;
  HpackEncoder& operator=(const HpackEncoder&) = delete;

  std::string block(const Fields& fields) {
    std::vector<nghttp2_nv> list;
    for (const auto& [name, value] : fields)
      list.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data())), reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data())), name.size(), value.size(), 0});
    std::string out(nghttp2_hd_deflate_bound(deflater_, list.data(), list.size()), '\0');
    const ssize_t size = nghttp2_hd_deflate_hd(deflater_, reinterpret_cast<std::uint8_t*>(out.data()), out.size(), list.data(), list.size());
    out.resize(static_cast<std::size_t>(size));
    return out;
  }
  void table(std::size_t size) { nghttp2_hd_deflate_change_table_size(deflater_, size); }

 private:
  nghttp2_hd_deflater* deflater_ = nullptr;
};

inline const std::string kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
inline const std::string kSettings = frame(4, 0, 0, "");
constexpr int kData = 0, kHeaders = 1, kReset = 3, kPromise = 5, kPing = 6, kContinuation = 9;
constexpr int kEndStream = 1, kEndHeaders = 4, kPadded = 8, kPriority = 32;

inline Fields request_to(std::string path, std::string method = "GET") {
  return {{":method", std::move(method)}, {":scheme", "https"}, {":authority", "Example.org:443"}, {":path", std::move(path)}, {"user-agent", "made/2"}, {"x-id", "4711"}};
}

}  // namespace klik::traffic
