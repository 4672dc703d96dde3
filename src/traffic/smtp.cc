// Mail as it is sent: the commands of its caller, and the text.
// Source: RFC 5321, RFC 3207 (STARTTLS).
#include "traffic/text_upgrade.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kCommands[] = {"EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BDAT"};
constexpr TextProtocol kProtocol{.name = "smtp", .commands = kCommands};

Match recognise(const Start& start) {
  static constexpr std::string_view kGreetings[] = {"220 ", "220-", "250 ", "250-"}, kFirst[] = {"EHLO ", "HELO ", "LHLO "};
  // Other protocols say HELO too.
  const bool mail_port = start.port == 25 || start.port == 465 || start.port == 587 || start.port == 2525;
  return recognise_text(start, kGreetings, kFirst, mail_port);
}

std::unique_ptr<StreamReader> open(Context& context) { return open_text(context, kProtocol); }

}  // namespace

extern const StreamProtocol stream_smtp;
constexpr StreamProtocol stream_smtp{.name = "smtp", .title = "SMTP", .spec = "RFC 5321, RFC 3207 (STARTTLS)", .recognise = recognise, .open = open};

}  // namespace klik::traffic
