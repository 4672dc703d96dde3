#include <nghttp2/nghttp2.h>

#include <map>
#include <memory>
#include <stdexcept>

#include "exchange.h"

namespace made {
namespace {

struct Sending {
  const std::string* body;
  std::size_t at = 0;
};

struct Talk {
  const std::vector<Exchange>& exchanges;
  std::mt19937_64& random;
  std::map<std::int32_t, Sending> up, down;       // by stream
  std::map<std::int32_t, std::size_t> number;     // of the exchange, by stream
  std::map<std::int32_t, std::string> got_up, got_down;
  std::size_t answered = 0;
};

ssize_t give(nghttp2_session*, std::int32_t, std::uint8_t* to, std::size_t room, std::uint32_t* flags, nghttp2_data_source* source, void*) {
  auto& sending = *static_cast<Sending*>(source->ptr);
  const std::size_t n = std::min(room, sending.body->size() - sending.at);
  sending.body->copy(reinterpret_cast<char*>(to), n, sending.at);
  sending.at += n;
  if (sending.at == sending.body->size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(n);
}

nghttp2_nv pair(const std::string& name, const std::string& value) {
  const auto octets = [](const std::string& s) { return reinterpret_cast<std::uint8_t*>(const_cast<char*>(s.data())); };
  return {octets(name), octets(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

// Copies the pairs when it is submitted.
struct Head {
  std::vector<std::pair<std::string, std::string>> fields;
  void add(std::string name, std::string value) {
    if (!value.empty()) fields.emplace_back(std::move(name), std::move(value));
  }
  std::vector<nghttp2_nv> pairs() const {
    std::vector<nghttp2_nv> out;
    for (const auto& [name, value] : fields) out.push_back(pair(name, value));
    return out;
  }
};

int answer(nghttp2_session* session, std::int32_t stream, Talk& talk) {
  const Exchange& e = talk.exchanges[talk.number.at(stream)];
  Sending& sending = talk.down[stream] = {&e.answer};
  Head head;
  head.add(":status", "200"), head.add("content-type", e.answer_type), head.add("content-encoding", e.answer_coding), head.add("server", "made");
  const auto pairs = head.pairs();
  const nghttp2_data_provider body{{.ptr = &sending}, give};
  return nghttp2_submit_response(session, stream, pairs.data(), pairs.size(), &body);
}

int server_frame(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
  const bool ends = (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM);
  return ends ? answer(session, frame->hd.stream_id, *static_cast<Talk*>(user)) : 0;
}
int server_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* data, std::size_t size, void* user) {
  static_cast<Talk*>(user)->got_up[stream].append(reinterpret_cast<const char*>(data), size);
  return 0;
}
int client_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* data, std::size_t size, void* user) {
  static_cast<Talk*>(user)->got_down[stream].append(reinterpret_cast<const char*>(data), size);
  return 0;
}
int client_close(nghttp2_session*, std::int32_t, std::uint32_t error, void* user) {
  static_cast<Talk*>(user)->answered += error == 0;
  return 0;
}
ssize_t padding(nghttp2_session*, const nghttp2_frame* frame, std::size_t most, void* user) {
  auto& random = static_cast<Talk*>(user)->random;
  return static_cast<ssize_t>(random() % 4 ? frame->hd.length : std::min<std::size_t>(frame->hd.length + random() % 60, most));
}

struct Drop {
  void operator()(nghttp2_session* s) const { nghttp2_session_del(s); }
};
using Session = std::unique_ptr<nghttp2_session, Drop>;

Session session(bool client, Talk& talk) {
  nghttp2_session_callbacks* calls = nullptr;
  nghttp2_session_callbacks_new(&calls);
  nghttp2_session_callbacks_set_select_padding_callback(calls, padding);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(calls, client ? client_data : server_data);
  if (client) nghttp2_session_callbacks_set_on_stream_close_callback(calls, client_close);
  else nghttp2_session_callbacks_set_on_frame_recv_callback(calls, server_frame);
  nghttp2_session* made = nullptr;
  client ? nghttp2_session_client_new(&made, calls, &talk) : nghttp2_session_server_new(&made, calls, &talk);
  nghttp2_session_callbacks_del(calls);
  const nghttp2_settings_entry settings[] = {{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 100}, {NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, static_cast<std::uint32_t>(talk.random() % 3 * 2'048)}};
  nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  return Session(made);
}

// Whether anything went.
bool carry(Channel& channel, Way way, nghttp2_session* from, nghttp2_session* to) {
  std::string flight;
  const std::uint8_t* bytes = nullptr;
  for (ssize_t n; (n = nghttp2_session_mem_send(from, &bytes)) > 0;) flight.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(n));
  if (flight.empty()) return false;
  const std::string heard = channel.say(way, flight);
  if (nghttp2_session_mem_recv(to, reinterpret_cast<const std::uint8_t*>(heard.data()), heard.size()) != static_cast<ssize_t>(flight.size())) throw std::runtime_error("http2: refused");
  return true;
}

}  // namespace

void talk_http2(Channel& channel, const std::string& host, const std::vector<Exchange>& exchanges, std::mt19937_64& random) {
  Talk talk{exchanges, random, {}, {}, {}, {}, {}, 0};
  const Session client = session(true, talk), server = session(false, talk);
  for (std::size_t next = 0; next < exchanges.size();) {
    // Several at a time, so that their frames alternate.
    for (const std::size_t until = std::min(exchanges.size(), next + 1 + random() % 5); next < until; ++next) {
      const Exchange& e = exchanges[next];
      Head head;
      head.add(":method", e.body.empty() ? "GET" : "POST"), head.add(":scheme", "https"), head.add(":authority", host), head.add(":path", e.path);
      head.add("user-agent", "made/1"), head.add("content-type", e.type), head.add("content-encoding", e.coding);
      for (const auto& [name, value] : e.headers) head.add(name, value);
      const auto pairs = head.pairs();
      const std::int32_t stream = nghttp2_session_get_next_stream_id(client.get());
      talk.number[stream] = next;
      Sending& sending = talk.up[stream] = {&e.body};
      const nghttp2_data_provider body{{.ptr = &sending}, give};
      if (nghttp2_submit_request(client.get(), nullptr, pairs.data(), pairs.size(), e.body.empty() ? nullptr : &body, nullptr) != stream) throw std::runtime_error("http2: no stream");
    }
    for (bool moved = true; moved;) {
      moved = carry(channel, Way::up, client.get(), server.get());
      moved |= carry(channel, Way::down, server.get(), client.get());
    }
  }
  if (talk.answered != exchanges.size()) throw std::runtime_error("http2: unanswered");
  for (const auto& [stream, number] : talk.number)
    if (talk.got_up[stream] != exchanges[number].body || talk.got_down[stream] != exchanges[number].answer) throw std::runtime_error("http2: lost words");
}

}  // namespace made
