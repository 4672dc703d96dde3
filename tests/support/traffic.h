// Made packets and a sink that keeps what it is told, for tests of traffic.
#pragma once

#include <string>
#include <vector>

#include "traffic/events.h"
#include "traffic/packet.h"

namespace klik::test {

inline traffic::Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  traffic::Address address;
  address.bytes[10] = address.bytes[11] = 0xff;
  address.bytes[12] = a, address.bytes[13] = b, address.bytes[14] = c, address.bytes[15] = d;
  return address;
}

inline const traffic::Endpoint kPhone{v4(192, 0, 2, 1), 40000}, kServer{v4(198, 51, 100, 7), 443};

struct EventRecord final : traffic::EventSink {
  void lookup(const traffic::Connection&, traffic::Lookup e) override { lookups.push_back(std::move(e)); }
  void hello(const traffic::Connection&, traffic::Hello e) override { hellos.push_back(std::move(e)); }
  void certificate(const traffic::Connection&, traffic::Certificate e) override { certificates.push_back(std::move(e)); }
  std::uint64_t message(const traffic::Connection&, traffic::Message e) override {
    e.number = messages.size() + 1;
    messages.push_back(std::move(e));
    return messages.size();
  }
  void content(const traffic::Connection&, const traffic::Content& c) override {
    contents.push_back({c.message, std::string(c.place), std::string(c.name), std::string(c.type), std::string(c.coding), std::string(c.bytes.text()), c.way});
  }
  bool wants_stretches() const override { return stretches_wanted; }
  void stretch(const traffic::Connection&, const traffic::Content& c) override {
    stretches.push_back({c.message, std::string(c.place), std::string(c.name), std::string(c.type), std::string(c.coding), std::string(c.bytes.text()), c.way});
  }
  void unknown(const traffic::Connection&, traffic::Unknown e) override {
    starts.emplace_back(e.start.text());
    unknowns.push_back(std::move(e));
  }
  bool wants_content() const override { return content_wanted; }
  void connection(const traffic::Connection& ended) override { connections.push_back(ended); }
  void problem(const Error& error, Severity severity, std::string detail) override { problems.push_back({error, severity, std::move(detail)}); }

  struct Kept {
    std::uint64_t message;
    std::string place, name, type, coding, bytes;
    traffic::Way way;
  };
  struct Told {
    Error error;
    Severity severity;
    std::string detail;
  };
  bool content_wanted = true, stretches_wanted = false;
  std::vector<traffic::Lookup> lookups;
  std::vector<traffic::Hello> hellos;
  std::vector<traffic::Certificate> certificates;
  std::vector<traffic::Message> messages;
  std::vector<Kept> contents, stretches;
  std::vector<traffic::Unknown> unknowns;
  std::vector<std::string> starts;   // of these, while they were there
  std::vector<traffic::Connection> connections;
  std::vector<Told> problems;
};

// What a stream's reader is given, as text: bytes as they are, gaps as <7>.
struct StreamRecord final : traffic::StreamReader {
  void read(const traffic::Piece& p) override { text[std::to_underlying(p.way)] += p.bytes.text(), pieces.push_back(p.origin); }
  void gap(traffic::Way way, std::uint64_t bytes) override { text[std::to_underlying(way)] += "<" + std::to_string(bytes) + ">"; }
  void end() override { ended = true; }
  std::string text[2];
  std::vector<traffic::Origin> pieces;
  bool ended = false;
};

// A TCP packet; its payload is where `payload` is. From the phone when `up`.
inline traffic::Packet tcp(bool up, std::uint32_t sequence, std::string_view payload, std::uint8_t flags = traffic::tcp_flag::ack, std::int64_t time_ns = 0, std::uint64_t at = 0) {
  traffic::Packet p;
  p.from = up ? kPhone : kServer;
  p.to = up ? kServer : kPhone;
  p.protocol = 6, p.sequence = sequence, p.flags = flags, p.time_ns = time_ns;
  p.payload = Bytes::of(payload), p.payload_at = at, p.frame = {at, payload.size()};
  return p;
}

inline traffic::Packet udp(bool up, std::string_view payload, std::int64_t time_ns = 0) {
  traffic::Packet p = tcp(up, 0, payload, 0, time_ns);
  p.protocol = 17;
  return p;
}

}  // namespace klik::test
