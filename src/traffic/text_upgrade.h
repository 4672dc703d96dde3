// Protocols of lines of text that go over to TLS in the middle: mail, FTP, XMPP. The text is told by its commands and searched for
// identifiers; what follows a ClientHello is the next reader's.
// Source: RFC 3207 (SMTP), RFC 9051 §6.2.1 (IMAP), RFC 2595 §4 (POP3), RFC 4217 (FTP), RFC 6120 §5 (XMPP).
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "traffic/protocol.h"

namespace klik::traffic {

struct TextProtocol {
  std::string_view name;
  std::span<const std::string_view> commands;   // of the caller, or names of its elements; met without regard to case
  bool tagged = false;                          // a word of the caller's own choice stands before them (IMAP)
};

// `protocol` outlives the reader.
std::unique_ptr<StreamReader> open_text(Context& context, const TextProtocol& protocol);

// By what the server says first and what the caller answers, both without regard to case. The greeting alone is enough when there are no
// commands to wait for; the command alone when `command_tells`.
Match recognise_text(const Start& start, std::span<const std::string_view> greetings, std::span<const std::string_view> commands, bool command_tells);

}  // namespace klik::traffic
