// Messages of DNS, and of what uses its form: mDNS, LLMNR, NetBIOS names. What can be read of a damaged one is kept.
// Sources: RFC 1035 §4 (messages, compression), RFC 3596 (AAAA), RFC 2782 (SRV), RFC 6891 (EDNS), RFC 9460 (SVCB, HTTPS),
// RFC 6762 §10.2, §18 (mDNS: top bit of the class); IANA "Domain Name System (DNS) Parameters" for names of types and codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace klik::net::dns {

enum Type : std::uint16_t { kA = 1, kNs = 2, kCname = 5, kSoa = 6, kPtr = 12, kMx = 15, kTxt = 16, kAaaa = 28, kSrv = 33, kDname = 39, kOpt = 41, kSvcb = 64, kHttps = 65 };

enum class Section : std::uint8_t { answer, authority, additional };

struct Question {
  std::string name;            // as names below
  std::uint16_t type = 0;
  std::uint16_t cls = 0;       // without the top bit, which mDNS uses for something else
  std::string sent{};          // the name's bytes as they stand in the message; "" when they are `name`
};

// Names are lower case, labels joined with dots, without the last dot; the root is ".". A dot or backslash inside a label,
// control characters, and bytes that are not UTF-8 stand as \DDD (RFC 1035 §5.1), so a name has no line breaks.
struct Record {
  std::string name;
  std::uint16_t type = 0;
  std::uint16_t cls = 0;
  std::uint32_t ttl = 0;       // seconds
  Section section = Section::answer;
  std::string sent;            // as of questions
  Bytes data;                  // as it lies in the message
  // Addresses and names that it holds, in wire order. Of SVCB and HTTPS also "alpn=h3,h2", "port=8443" and "ech".
  // Texts (TXT), keys and signatures are not taken out.
  std::vector<std::string> values;
};

struct Message {
  std::uint16_t id = 0;
  bool response = false, truncated = false;
  std::uint8_t opcode = 0;     // 0 query, 4 notify, 5 update
  std::uint16_t code = 0;      // response code, with the upper bits of EDNS
  bool edns = false;
  bool client_subnet = false;  // carries part of the client's address (RFC 7871)
  std::vector<Question> questions;
  std::vector<Record> records;   // of all sections, without OPT
  std::vector<Bytes> options;    // of EDNS: what each holds, without its number
  std::uint64_t end = 0;         // of what was read; less than the message when something follows
  std::optional<Error> damage;   // the first thing that could not be read; what could be, is there
};

// The strings of a TXT record's data, each with a length before it. A last one that is cut counts as far as it goes.
std::vector<Bytes> texts_of(Bytes data);

// left: types have other meanings (NetBIOS), so records keep their data only.
enum class Values : std::uint8_t { taken, left };

// `message` must outlive the result. Work and memory are bounded by its length (at most 65,535 bytes).
// Errors: truncated (no whole header), over_budget (longer). All else is `damage`: truncated, bad_value (a name above 255 bytes,
// a pointer that does not lead back, a length that its type cannot have).
Result<Message> read(Bytes message, Values values = Values::taken);

// Of a message, from its first bytes: whether it is one, judged by all of it. For ports on which anything may come.
bool is_surely(Bytes message);
// The same for a port where DNS is expected: only the header has to make sense, and the first name to end. `more_follows`: the
// message may be longer than its bytes here, so the name may end later.
bool is_likely(Bytes message, bool more_follows = false);

// "A", "HTTPS"; "TYPE65400" (RFC 3597 §5) when unnamed.
std::string type_name(std::uint16_t type);
// "NOERROR", "NXDOMAIN"; "RCODE23" when unnamed.
std::string code_name(std::uint16_t code);

// "192.0.2.1", "2001:db8::1". REQUIRES: 4 or 16 bytes.
std::string address_text(Bytes address);

}  // namespace klik::net::dns
