// XMPP: the stanzas of its caller, and the text.
// Source: RFC 6120.
#include "traffic/text_upgrade.h"

namespace klik::traffic {
namespace {

constexpr std::string_view kCommands[] = {"stream:stream", "starttls", "auth", "iq", "presence", "message"};
constexpr TextProtocol kProtocol{.name = "xmpp", .commands = kCommands};

Match recognise(const Start& start) {
  if (!start.alpn.empty()) return start.alpn == "xmpp-client" ? Match::yes : Match::no;
  static constexpr std::string_view kStream = "<stream:stream", kDeclaration = "<?xml";
  const std::string_view up = start.up.text().substr(0, 512);
  if (up.starts_with(kStream)) return Match::yes;
  if (kStream.starts_with(up) || kDeclaration.starts_with(up)) return Match::more;
  if (!up.starts_with(kDeclaration)) return Match::no;
  // Only a declaration and blanks stand before the stream.
  const auto element = up.find_first_not_of(" \r\n\t", std::min(up.find("?>"), up.size() - 2) + 2);
  if (element == up.npos) return up.size() < 512 ? Match::more : Match::no;
  const std::string_view first = up.substr(element, kStream.size());
  return first == kStream ? Match::yes : kStream.starts_with(first) ? Match::more : Match::no;
}

std::unique_ptr<StreamReader> open(Context& context) { return open_text(context, kProtocol); }

}  // namespace

extern const StreamProtocol stream_xmpp;
constexpr StreamProtocol stream_xmpp{.name = "xmpp", .title = "XMPP", .spec = "RFC 6120", .recognise = recognise, .open = open};

}  // namespace klik::traffic
