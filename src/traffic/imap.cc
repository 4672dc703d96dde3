// Mail as it is read: the commands of its caller, and the text.
// Source: RFC 9051.
#include "traffic/text_upgrade.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kCommands[] = {"STARTTLS", "LOGIN", "AUTHENTICATE", "SELECT", "EXAMINE", "FETCH", "UID", "APPEND", "IDLE"};
constexpr TextProtocol kProtocol{.name = "imap", .commands = kCommands, .tagged = true};

Match recognise(const Start& start) {
  static constexpr std::string_view kGreetings[] = {"* OK", "* PREAUTH", "* CAPABILITY"};
  return recognise_text(start, kGreetings, {}, false);
}

std::unique_ptr<StreamReader> open(Context& context) { return open_text(context, kProtocol); }

}  // namespace

extern const StreamProtocol stream_imap;
constexpr StreamProtocol stream_imap{.name = "imap", .title = "IMAP", .spec = "RFC 9051", .recognise = recognise, .open = open};

}  // namespace klik::traffic
