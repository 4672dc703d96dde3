#include <charconv>
#include <stdexcept>

#include "exchange.h"

namespace made {
namespace {

void field(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out.append(name).append(": ").append(value).append("\r\n");
}

std::string with_body(std::string head, const std::string& body, bool chunked, std::mt19937_64& random) {
  if (!chunked) return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  head += "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t size = std::min<std::size_t>(1 + random() % 700, body.size() - at);
    char hex[17];
    *std::to_chars(hex, hex + 16, size, 16).ptr = '\0';
    head.append(hex).append("\r\n").append(body, at, size).append("\r\n");
    at += size;
  }
  return head + "0\r\n\r\n";
}

}  // namespace

void talk_http1(Channel& channel, const std::string& host, const std::vector<Exchange>& exchanges, std::mt19937_64& random) {
  for (const Exchange& e : exchanges) {
    std::string head = (e.body.empty() ? "GET " : "POST ") + e.path + " HTTP/1.1\r\n";
    field(head, "Host", host), field(head, "User-Agent", "made/1");
    for (const auto& [name, value] : e.headers) field(head, name, value);
    field(head, "Content-Type", e.type), field(head, "Content-Encoding", e.coding);
    const std::string request = e.body.empty() ? head + "\r\n" : with_body(head, e.body, random() % 2, random);
    std::string answer = "HTTP/1.1 200 OK\r\n";
    field(answer, "Content-Type", e.answer_type), field(answer, "Content-Encoding", e.answer_coding);
    answer = with_body(answer, e.answer, random() % 2, random);
    if (channel.say(Way::up, request) != request || channel.say(Way::down, answer) != answer) throw std::runtime_error("http1: lost words");
  }
}

}  // namespace made
