// All connections of one capture: packets are sorted to them, TCP is put in order, and each has the reader of its protocol.
#pragma once

#include <memory>

#include "traffic/context.h"
#include "traffic/packet.h"
#include "traffic/tcp_stream.h"

namespace klik::traffic {

class Conversations {
 public:
  // All are kept by reference and must live as long. `reread` may be empty: repeats are then not compared.
  Conversations(EventSink& events, const Secrets& secrets, const Limits& limits, Reread reread);
  ~Conversations();
  // In the order of the capture.
  void packet(const Packet& packet);
  // Ends all that is open, in the order in which they began.
  void end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace klik::traffic
