// A request and its answer, and three ways to carry many of them over one connection.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "channel.h"
#include "wire.h"

namespace made {

struct Exchange {
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> headers;   // of the request; lower case
  std::string body, type, coding;                             // of the request; coding: a Content-Encoding that body is in, or ""
  std::string answer, answer_type, answer_coding;
};

// Each throws std::runtime_error when an end does not get what the other sent.
void talk_http1(Channel& channel, const std::string& host, const std::vector<Exchange>& exchanges, std::mt19937_64& random);
void talk_http2(Channel& channel, const std::string& host, const std::vector<Exchange>& exchanges, std::mt19937_64& random);   // nghttp2 at both ends

struct QuicPlan {
  bool lossy = false;         // datagrams get lost before and behind the capture, and overtake one another
  bool update_keys = false;
};
// HTTP/3 by nghttp3 over QUIC version 1 by ngtcp2 with GnuTLS, at both ends.
void talk_http3(Wire& wire, Flow flow, const std::string& host, const QuicPlan& plan, const std::vector<Exchange>& exchanges, KeyLog& keys);

}  // namespace made
