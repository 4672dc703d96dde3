// Capture files and packets, made byte by byte: pcap and pcapng in either byte order, IP, TCP, UDP.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/writer.h"

namespace klik::test {

using Raw = std::vector<std::uint8_t>;

inline Raw raw(std::string_view text) { return Raw(text.begin(), text.end()); }
inline Raw joined(const Raw& a, const Raw& b) {
  Raw out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

struct PcapStyle {
  std::uint32_t magic = 0xA1B2C3D4;
  bool big = false;
  std::uint32_t link = 1;   // with the bits above the type
  std::uint32_t snap = 65'535;
  std::uint16_t minor = 4;
};

class PcapWriter {
 public:
  explicit PcapWriter(PcapStyle style = {}) : style_(style) {
    n(style.magic, 4), n(2, 2), n(style.minor, 2), n(0, 4), n(0, 4), n(style.snap, 4), n(style.link, 4);
  }
  // `fraction` in the file's own unit; `wire` 0: as long as the data.
  PcapWriter& record(std::uint32_t seconds, std::uint32_t fraction, const Raw& data, std::uint32_t wire = 0, std::uint8_t packet_type = 0) {
    n(seconds, 4), n(fraction, 4), n(data.size(), 4), n(wire ? wire : data.size(), 4);
    if (style_.magic == 0xA1B2CD34) n(1, 4), n(0x0800, 2), n(packet_type, 1), n(0, 1);
    out.append(data);
    return *this;
  }
  Writer out;

 private:
  void n(std::uint64_t value, std::size_t size) { style_.big ? out.be(value, size) : out.le(value, size); }
  PcapStyle style_;
};

class PcapngWriter {
 public:
  explicit PcapngWriter(bool big = false) { section(big); }
  PcapngWriter& section(bool big, std::string_view system = {}) {
    big_ = big;
    Writer body;
    n(body, 0x1A2B3C4D, 4), n(body, 1, 2), n(body, 0, 2), n(body, ~std::uint64_t{0}, 8);
    if (!system.empty()) body.append(option(3, raw(system))), n(body, 0, 4);
    return block(0x0A0D0D0A, body.bytes);
  }
  PcapngWriter& interface(std::uint16_t link, const Raw& options = {}, std::uint32_t snap = 0) {
    Writer body;
    n(body, link, 2), n(body, 0, 2), n(body, snap, 4);
    body.append(options);
    return block(1, body.bytes);
  }
  PcapngWriter& packet(std::uint32_t on, std::uint64_t time, const Raw& data, const Raw& options = {}, std::uint32_t wire = 0) {
    Writer body;
    n(body, on, 4), n(body, time >> 32, 4), n(body, time & 0xFFFFFFFF, 4), n(body, data.size(), 4), n(body, wire ? wire : data.size(), 4);
    body.append(data).align(4).append(options);
    return block(6, body.bytes);
  }
  PcapngWriter& secrets(std::string_view text, std::uint32_t type = 0x544c534b) {
    Writer body;
    n(body, type, 4), n(body, text.size(), 4);
    body.text(text);
    return block(0x0A, body.bytes);
  }
  PcapngWriter& block(std::uint32_t type, Raw body) {
    Writer padded;
    padded.append(body).align(4);
    n(out, type, 4), n(out, padded.bytes.size() + 12, 4);
    out.append(padded.bytes);
    n(out, padded.bytes.size() + 12, 4);
    return *this;
  }
  Raw option(std::uint16_t code, const Raw& value) const {
    Writer w;
    n(w, code, 2), n(w, value.size(), 2);
    w.append(value).align(4);
    return w.bytes;
  }
  Raw number(std::uint64_t value, std::size_t size) const {
    Writer w;
    n(w, value, size);
    return w.bytes;
  }
  Writer out;

 private:
  void n(Writer& w, std::uint64_t value, std::size_t size) const { big_ ? w.be(value, size) : w.le(value, size); }
  bool big_ = false;
};

struct Ip4 {
  std::uint8_t protocol = 17;
  std::uint16_t id = 1;
  std::uint32_t offset = 0;         // bytes
  bool more = false;
  Raw options = {};
  int total = -1;                   // -1: the true one
  std::uint8_t from = 1, to = 2;    // last bytes of 192.0.2.x
};
inline Raw ip4(const Raw& payload, const Ip4& with = {}) {
  Writer w;
  const std::size_t header = 20 + with.options.size();
  w.be(0x40 + header / 4, 1).be(0, 1).be(with.total >= 0 ? static_cast<std::uint64_t>(with.total) : header + payload.size(), 2);
  w.be(with.id, 2).be((with.more ? 0x2000u : 0u) | with.offset / 8, 2).be(64, 1).be(with.protocol, 1).be(0, 2);
  w.be(0xC0000200u + with.from, 4).be(0xC0000200u + with.to, 4).append(with.options).append(payload);
  return w.bytes;
}
inline Raw ip6(const Raw& payload, std::uint8_t next = 17, int length = -1) {
  Writer w;
  w.be(0x60000000, 4).be(length >= 0 ? static_cast<std::uint64_t>(length) : payload.size(), 2).be(next, 1).be(64, 1);
  w.be(0x20010DB8, 4).zeros(11).be(1, 1).be(0x20010DB8, 4).zeros(11).be(2, 1).append(payload);
  return w.bytes;
}
inline Raw udp(const Raw& payload, std::uint16_t from = 1'000, std::uint16_t to = 2'000, int length = -1) {
  Writer w;
  w.be(from, 2).be(to, 2).be(length >= 0 ? static_cast<std::uint64_t>(length) : payload.size() + 8, 2).be(0, 2).append(payload);
  return w.bytes;
}
inline Raw tcp(const Raw& payload, std::uint32_t sequence = 100, std::uint8_t flags = 0x18, std::uint16_t from = 1'000, std::uint16_t to = 443, unsigned words = 5) {
  Writer w;
  w.be(from, 2).be(to, 2).be(sequence, 4).be(200, 4).be(words << 4, 1).be(flags, 1).be(1'024, 2).be(0, 4).append(payload);
  return w.bytes;
}
inline Raw ethernet(std::uint16_t type, const Raw& payload) {
  Writer w;
  w.zeros(6).be(2, 1).zeros(5).be(type, 2).append(payload);
  return w.bytes;
}

// Apple's header of 156 bytes; `short_form`: that of 40 bytes and names behind it.
struct PktapStyle {
  std::uint32_t link = 1, flags = 2, type = 1;
  std::string_view name = "", effective = "";
  bool short_form = false;
};
inline Raw pktap(const Raw& packet, const PktapStyle& with = {}) {
  Writer w;
  if (with.short_form) {
    const std::size_t name = with.name.empty() ? 0 : 40, effective = with.effective.empty() ? 0 : 40 + (name ? 17 : 0);
    const std::size_t length = 40 + (name ? 17 : 0) + (effective ? 17 : 0);
    w.le(length, 1).zeros(3).le(name, 1).le(effective, 1).le(with.link, 2).zeros(8).le(2, 4).zeros(8).le(77, 4).le(~0u, 4).le(with.flags | 0x80000u, 4);
    if (name) w.field(with.name, 17);
    if (effective) w.field(with.effective, 17);
  } else {
    w.le(156, 4).le(with.type, 4).le(with.link, 4).field("en0", 24).le(with.flags, 4).le(2, 4).le(14, 4).le(0, 4).le(77, 4).field(with.name, 20).le(0, 4);
    w.le(6, 2).le(0, 2).le(78, 4).field(with.effective, 20).zeros(48);
  }
  return w.append(packet).bytes;
}

}  // namespace klik::test
