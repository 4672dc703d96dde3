// The commands of FTP. Files go over connections of their own, which bear no mark.
// Source: RFC 959, RFC 4217 (AUTH TLS).
#include "traffic/text_upgrade.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kCommands[] = {"AUTH", "USER", "PASS", "ACCT", "RETR", "STOR", "APPE", "LIST", "NLST"};
constexpr TextProtocol kProtocol{.name = "ftp", .commands = kCommands};

Match recognise(const Start& start) {
  static constexpr std::string_view kGreetings[] = {"220 ", "220-"}, kFirst[] = {"USER ", "AUTH ", "FEAT", "HOST ", "OPTS "};
  return recognise_text(start, kGreetings, kFirst, false);
}

std::unique_ptr<StreamReader> open(Context& context) { return open_text(context, kProtocol); }

}  // namespace

extern const StreamProtocol stream_ftp;
constexpr StreamProtocol stream_ftp{.name = "ftp", .title = "FTP", .spec = "RFC 959, RFC 4217 (AUTH TLS)", .recognise = recognise, .open = open};

}  // namespace klik::traffic
