// Names of NetBIOS: asked for and, by the devices that bear them, claimed. Source: RFC 1002 §4.2.
#include <utility>

#include "formats/net/netbios.h"
#include "traffic/dns_events.h"
#include "traffic/protocol.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

namespace dns = net::dns;
namespace netbios = net::netbios;

std::string type_name(std::uint16_t type) { return type == netbios::kName ? "NB" : type == netbios::kStatus ? "NBSTAT" : dns::type_name(type); }

// What a message is about, by its operation (RFC 1002 §4.2.1.1). "" for a plain query.
std::string_view operation(std::uint8_t opcode) {
  switch (opcode) {
    case 5: return "REGISTRATION";
    case 6: return "RELEASE";
    case 7: return "WAIT";
    case 8:
    case 9: return "REFRESH";
    default: return "";
  }
}

class Nbns final : public DatagramReader {
 public:
  explicit Nbns(Context& context) : context_(context) {}

  void read(const Piece& piece) override {
    show_part(context_, piece, "nbns.message");
    const auto message = dns::read(piece.bytes, dns::Values::left);
    if (!message) return tell(message.error(), piece);
    for (const dns::Question& q : message->questions) lookup(piece, false, q.name, q.type);
    for (const dns::Record& r : message->records) {
      Lookup answer = made(piece, true, r.name, r.type);
      answer.status = message->response ? dns::code_name(message->code) : std::string(operation(message->opcode));
      if (r.type == netbios::kName) answer.values = netbios::addresses(r.data);
      if (r.type == netbios::kStatus)
        if (const auto names = netbios::status_names(r.data, answer.values); !names) tell(names.error(), piece);
      context_.events.lookup(context_.connection, std::move(answer));
    }
    if (message->damage) tell(*message->damage, piece);
  }
  void end() override {}

 private:
  static Lookup made(const Piece& piece, bool answer, const std::string& name, std::uint16_t type) {
    Lookup out;
    out.how = "nbns";
    out.answer = answer;
    out.name = netbios::decoded_name(name).value_or(name);
    out.type = type_name(type);
    out.way = piece.way;
    out.origin = piece.origin;
    out.time_ns = piece.time_ns;
    return out;
  }
  void lookup(const Piece& piece, bool answer, const std::string& name, std::uint16_t type) { context_.events.lookup(context_.connection, made(piece, answer, name, type)); }

  void tell(const Error& error, const Piece& piece) {
    if (!std::exchange(told_, true)) context_.events.problem({error.code, piece.origin.at, error.what, error.file, error.line}, EventSink::Severity::error, connection_text(context_.connection));
  }

  Context& context_;
  bool told_ = false;
};

bool recognise(Bytes first, std::uint16_t port) {
  if (port != 137) return false;
  const auto message = dns::read(first, dns::Values::left);
  if (!message) return false;
  if (!message->questions.empty()) return netbios::decoded_name(message->questions.front().name).has_value();
  return !message->records.empty() && netbios::decoded_name(message->records.front().name).has_value();
}

std::unique_ptr<DatagramReader> open(Context& context) { return std::make_unique<Nbns>(context); }

}  // namespace

extern const DatagramProtocol datagram_nbns;
constexpr DatagramProtocol datagram_nbns{.name = "nbns", .title = "NetBIOS name service", .spec = "RFC 1002", .recognise = recognise, .open = open};

}  // namespace klik::traffic
