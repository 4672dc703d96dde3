// What a reader of one connection works with.
#pragma once

#include <memory>

#include "traffic/connection.h"
#include "traffic/events.h"
#include "traffic/quic_ids.h"
#include "traffic/secrets.h"

namespace klik::traffic {

// Limits on work and memory, never on time.
struct Limits {
  std::uint64_t body_bytes = std::uint64_t{16} << 20;       // of one body that is collected for searching
  std::uint64_t handshake_bytes = std::uint64_t{64} << 10;  // of one handshake message, and of hellos put together
  std::uint64_t waiting_bytes = std::uint64_t{8} << 20;     // out of order, of one way of one connection, with what keeping them costs
  std::uint64_t waiting_total = std::uint64_t{32} << 20;    // the same over all open connections
  std::uint64_t collected_total = std::uint64_t{48} << 20;  // of all bodies that are collected at a time
  std::uint32_t open_connections = 8'192;                   // beyond that the one idle longest is ended; a phone has some hundred
  std::uint32_t streams = 1'024;                            // open at a time in one h2 or quic connection
};

struct Context {
  Connection& connection;
  EventSink& events;
  const Secrets& secrets;
  const Limits& limits;
  std::uint64_t* collected = nullptr;   // bytes that the open bodies of the whole capture hold together; null: not counted
  QuicIds* ids = nullptr;               // where the ids of this connection are kept, so that it is known again; null: nowhere
  std::uint32_t slot = 0;               // of this connection, in `ids`
};

}  // namespace klik::traffic
