// Names that are looked up over HTTP: DNS messages as content (DoH), and services of makers (HTTPDNS). Stands between the readers
// and the sink, because a question is in one message and its answer in another.
// Sources: RFC 8484 (DoH); formats/net/httpdns.h for the services.
#pragma once

#include <deque>
#include <unordered_map>

#include "formats/net/httpdns.h"
#include "traffic/events.h"

namespace klik::traffic {

// Passes every event on, and adds Lookups: "doh" for contents of application/dns-message and for the "dns" field of a GET;
// "httpdns" for requests that ask a service for names, and for the addresses it answers. A name that a service's own encryption
// hides is told as "" with status ENCRYPTED. The few bodies that can hold such names are collected whether the sink wants bodies or
// not; they are passed on only when it does.
class HttpDns final : public EventSink {
 public:
  explicit HttpDns(EventSink& to) : to_(to) {}

  void began(std::int64_t time_ns) override { to_.began(time_ns); }
  void lookup(const Connection& on, Lookup event) override { to_.lookup(on, std::move(event)); }
  void hello(const Connection& on, Hello event) override { to_.hello(on, std::move(event)); }
  void certificate(const Connection& on, Certificate event) override { to_.certificate(on, std::move(event)); }
  std::uint64_t message(const Connection& on, Message event) override;
  void content(const Connection& on, const Content& content) override;
  void unknown(const Connection& on, Unknown event) override { to_.unknown(on, std::move(event)); }
  bool wants_content() const override { return to_.wants_content(); }
  bool wants_body(const Connection& on, const Message& about) const override;
  bool wants_stretches() const override { return to_.wants_stretches(); }
  void stretch(const Connection& on, const Content& part) override { to_.stretch(on, part); }
  std::uint64_t number_ahead(const Connection& on) override { return to_.number_ahead(on); }
  void connection(const Connection& ended) override;
  void problem(const Error& error, Severity severity, std::string detail = {}) override { to_.problem(error, severity, std::move(detail)); }

 private:
  struct Asked {
    std::uint64_t place;           // HTTP/1: which request of the connection; later versions: the stream
    net::httpdns::Question question;
  };
  struct State {
    std::uint64_t requests = 0, responses = 0;   // of HTTP/1, which answers in order
    std::deque<Asked> asked;                     // not answered yet
    std::uint64_t current = 0;                   // the message whose contents come now
    bool current_asks = false;                   // it is a request to a known service
    std::optional<net::httpdns::Question> answers;   // it is the answer to this
  };
  void request(const Connection& on, State& state, const Message& event);
  void response(State& state, const Message& event);
  void ask(const Connection& on, const net::httpdns::Question& question, Way way, Origin origin, std::int64_t time_ns);
  void answer(const Connection& on, const net::httpdns::Question& question, const Content& content);
  void dns_in_query(const Connection& on, const Message& event);

  EventSink& to_;
  std::unordered_map<std::uint64_t, State> states_;   // of open connections with HTTP, by number
};

}  // namespace klik::traffic
