// Messages of DNS form, written for tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace klik::test::dns {

inline std::string u16(unsigned v) { return {static_cast<char>(v >> 8), static_cast<char>(v)}; }
inline std::string u32(std::uint32_t v) { return u16(v >> 16) + u16(v & 0xffff); }

inline std::string name(std::string_view dotted) {
  std::string out;
  while (!dotted.empty()) {
    const std::string_view label = dotted.substr(0, dotted.find('.'));
    dotted.remove_prefix(std::min(label.size() + 1, dotted.size()));
    out += static_cast<char>(label.size());
    out += label;
  }
  return out + '\0';
}
inline std::string pointer(unsigned to) { return u16(0xc000 | to); }

inline std::string header(unsigned flags, unsigned questions, unsigned answers = 0, unsigned authorities = 0, unsigned additionals = 0) {
  return u16(0x1234) + u16(flags) + u16(questions) + u16(answers) + u16(authorities) + u16(additionals);
}
inline std::string question(std::string_view wire_name, unsigned type, unsigned cls = 1) { return std::string(wire_name) + u16(type) + u16(cls); }
inline std::string record(std::string_view wire_name, unsigned type, std::string_view data, unsigned cls = 1) {
  return std::string(wire_name) + u16(type) + u16(cls) + u32(300) + u16(static_cast<unsigned>(data.size())) + std::string(data);
}

inline constexpr unsigned kQuery = 0x0100, kAnswer = 0x8180;
inline constexpr std::string_view kAddress{"\xc0\x00\x02\x07", 4};   // 192.0.2.7

// "www.example.org" is asked for; it is an alias of "edge.example.net", which has an address.
inline std::string query() { return header(kQuery, 1) + question(name("www.Example.org"), 1); }
inline std::string answer() {
  const std::string asked = header(kAnswer, 1, 2) + question(name("www.example.org"), 1);
  const std::string alias = record(pointer(12), 5, name("edge.example.net"));
  return asked + alias + record(pointer(static_cast<unsigned>(asked.size()) + 12), 1, kAddress);
}
inline std::string on_stream(std::string_view message) { return u16(static_cast<unsigned>(message.size())) + std::string(message); }

}  // namespace klik::test::dns
