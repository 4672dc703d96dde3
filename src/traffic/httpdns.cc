#include "traffic/httpdns.h"

#include <algorithm>

#include "traffic/dns_events.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

namespace httpdns = net::httpdns;

constexpr std::size_t kMostAsked = 64;   // questions of one connection that wait for an answer
constexpr std::uint64_t kLongestDns = 65'535;

bool is_http(const Message& m) { return m.protocol == "http1" || m.protocol == "h2" || m.protocol == "h3"; }

Lookup made(bool answer, std::string name, std::string_view type, Way way, Origin origin, std::int64_t time_ns) {
  Lookup out;
  out.how = "httpdns";
  out.answer = answer;
  out.name = std::move(name);
  out.type = type;
  out.way = way;
  out.origin = origin;
  out.time_ns = time_ns;
  return out;
}

bool is_dns_message(std::string_view type) {
  constexpr std::string_view kType = "application/dns-message";
  return type.size() >= kType.size() && std::ranges::equal(type.substr(0, kType.size()), kType, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

}  // namespace

bool HttpDns::wants_body(const Connection& on, const Message& about) const {
  if (to_.wants_body(on, about) || is_dns_message(about.content_type)) return true;
  if (about.what == "request") {
    const auto question = httpdns::read_question(about.host, about.path);
    return question && !question->service.empty();
  }
  const auto found = states_.find(on.number);
  return found != states_.end() && !found->second.asked.empty();
}

std::uint64_t HttpDns::message(const Connection& on, Message event) {
  if (!is_http(event)) return to_.message(on, std::move(event));
  const std::uint64_t number = to_.message(on, event);
  State& state = states_[on.number];
  state.current = number;
  state.current_asks = false;
  state.answers.reset();
  if (event.what == "request") request(on, state, event);
  else response(state, event);
  return number;
}

void HttpDns::request(const Connection& on, State& state, const Message& event) {
  const std::uint64_t place = event.protocol == "http1" ? state.requests++ : event.stream;
  dns_in_query(on, event);
  auto question = httpdns::read_question(event.host, event.path);
  if (!question) return;
  if (!question->service.empty()) {
    state.current_asks = true;
    ask(on, *question, event.way, event.origin, event.time_ns);
  }
  if (state.asked.size() >= kMostAsked) state.asked.pop_front();
  state.asked.push_back({place, std::move(*question)});
}

void HttpDns::response(State& state, const Message& event) {
  if (event.status < 200) return;
  std::uint64_t place = event.stream;
  if (event.protocol == "http1") {
    if (state.responses >= state.requests) return;   // to a request that the capture lacks
    place = state.responses++;
  }
  const auto at = std::ranges::find(state.asked, place, &Asked::place);
  if (at == state.asked.end()) return;
  state.answers = std::move(at->question);
  state.asked.erase(at);
}

void HttpDns::dns_in_query(const Connection& on, const Message& event) {
  const auto query = event.path.find('?');
  if (event.method != "GET" || query == event.path.npos) return;
  const std::string_view text = event.path;
  auto at = text.find("dns=", query);
  if (at == text.npos || (text[at - 1] != '?' && text[at - 1] != '&')) return;
  const auto bytes = base64_start(text.substr(at + 4, kLongestDns * 4 / 3 + 4));
  if (net::dns::is_surely(Bytes(bytes))) (void)read_and_tell_dns(on, to_, Bytes(bytes), {"doh", event.way, event.origin, event.time_ns});
}

void HttpDns::ask(const Connection& on, const httpdns::Question& question, Way way, Origin origin, std::int64_t time_ns) {
  for (const std::string& name : question.names) to_.lookup(on, made(false, name, "A", way, origin, time_ns));
  if (!question.encrypted) return;
  Lookup hidden = made(false, {}, "A", way, origin, time_ns);
  hidden.status = "ENCRYPTED";
  to_.lookup(on, std::move(hidden));
}

void HttpDns::answer(const Connection& on, const httpdns::Question& question, const Content& content) {
  const auto answers = httpdns::read_answers(content.bytes, question.names);
  if (answers.empty()) return;
  // What only looked like a question is one, now that addresses came back.
  if (question.service.empty()) ask(on, question, other(content.way), content.origin, content.time_ns);
  for (const httpdns::Answer& a : answers)
    for (const bool v6 : {false, true}) {
      Lookup out = made(true, a.name, v6 ? "AAAA" : "A", content.way, content.origin, content.time_ns);
      out.asked = true;
      for (const std::string& address : a.addresses)
        if (address.contains(':') == v6) out.values.push_back(address);
      if (!out.values.empty()) to_.lookup(on, std::move(out));
    }
}

void HttpDns::content(const Connection& on, const Content& content) {
  if (to_.wants_content()) to_.content(on, content);
  if (content.place != "request.body" && content.place != "response.body") return;
  if (is_dns_message(content.type)) {
    // What cannot be read of it is not the capture's damage: the sender wrote it so.
    (void)read_and_tell_dns(on, to_, content.bytes, {"doh", content.way, content.origin, content.time_ns});
    return;
  }
  const auto found = states_.find(on.number);
  if (found == states_.end() || found->second.current != content.message) return;
  State& state = found->second;
  if (content.place == "response.body" && state.answers) answer(on, *state.answers, content);
  if (content.place == "request.body" && state.current_asks && !state.asked.empty()) {
    httpdns::Question more{state.asked.back().question.service, httpdns::names_in_form(content.bytes.text().substr(0, httpdns::kLookedAt)), false};
    ask(on, more, content.way, content.origin, content.time_ns);
    auto& names = state.asked.back().question.names;
    for (std::string& name : more.names)
      if (names.size() < httpdns::kMostNames) names.push_back(std::move(name));
  }
}

void HttpDns::connection(const Connection& ended) {
  states_.erase(ended.number);
  to_.connection(ended);
}

}  // namespace klik::traffic
