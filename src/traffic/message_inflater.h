// Messages that are deflated one by one over a window that lasts: permessage-deflate.
// Source: RFC 7692 §7.2 (the end of a message is an empty stored block whose last four bytes are not sent).
#pragma once

#include <memory>

#include "traffic/body.h"

namespace klik::traffic {

class MessageInflater {
 public:
  MessageInflater();
  ~MessageInflater();
  MessageInflater(const MessageInflater&) = delete;
  MessageInflater& operator=(const MessageInflater&) = delete;

  // Adds what `part` of a message holds to `out`. False when it is broken, grows over kGrowth or does not fit: what follows cannot be read.
  bool add(Bytes part, Collected& out);
  // The message is whole. `forget`: the next one starts with an empty window.
  bool finish(Collected& out, bool forget);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace klik::traffic
