// Mail as it is fetched: the commands of its caller, and the text.
// Source: RFC 1939, RFC 2595 (STLS).
#include "traffic/text_upgrade.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kCommands[] = {"STLS", "USER", "PASS", "APOP", "AUTH", "RETR", "TOP"};
constexpr TextProtocol kProtocol{.name = "pop3", .commands = kCommands};

Match recognise(const Start& start) {
  static constexpr std::string_view kGreetings[] = {"+OK"}, kFirst[] = {"CAPA", "STLS", "USER ", "APOP ", "AUTH"};
  return recognise_text(start, kGreetings, kFirst, false);
}

std::unique_ptr<StreamReader> open(Context& context) { return open_text(context, kProtocol); }

}  // namespace

extern const StreamProtocol stream_pop3;
constexpr StreamProtocol stream_pop3{.name = "pop3", .title = "POP3", .spec = "RFC 1939, RFC 2595 (STLS)", .recognise = recognise, .open = open};

}  // namespace klik::traffic
