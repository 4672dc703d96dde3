// Services that resolve names over plain HTTP requests, past the phone's DNS: what is asked, and what they answer.
// Sources: Alibaba Cloud "HTTPDNS: Implement authenticated access"; Tencent Cloud "HTTPDNS: Querying with HTTP Request Methods";
// Citizen Lab, "TikTok vs Douyin" (2021), for the hosts of Xiaomi and Taobao; for Baidu and ByteDance their SDKs' addresses.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::net::httpdns {

struct Question {
  std::string_view service;            // "alibaba", "tencent", "xiaomi", "taobao", "bytedance", "baidu"; "" by form alone: a literal
  std::vector<std::string> names;      // lower case, without the last dot; at most kMostNames
  bool encrypted = false;              // asks for a name that the service's own encryption hides
};
inline constexpr std::size_t kMostNames = 64;

// What a request asks, by its host and its path with query. Without a known service it is only one when the answer holds
// addresses: a request to an address literal with a host name in its query. Nothing when it is none.
std::optional<Question> read_question(std::string_view host, std::string_view path);

// Host names in the fields of a query or form: whole values, or several in one between commas or semicolons.
std::vector<std::string> names_in_form(std::string_view form);

struct Answer {
  std::string name;
  std::vector<std::string> addresses;   // in order, each once
};
// Addresses in a body of JSON or text, under the asked name that stands before them, else under the first. An address that the
// service tells the phone of itself ("client_ip") is none. Reads kLookedAt bytes at most.
std::vector<Answer> read_answers(Bytes body, std::span<const std::string> asked);
inline constexpr std::uint64_t kLookedAt = std::uint64_t{64} << 10;

}  // namespace klik::net::httpdns
