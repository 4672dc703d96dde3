#include "formats/net/dns.h"

#include <arpa/inet.h>

#include <algorithm>

#include "formats/net/dns_name.h"

namespace klik::net::dns {
namespace {

struct Header {
  U16be id, flags, questions, answers, authorities, additionals;
};
static_assert(sizeof(Header) == 12);

struct QuestionEnd {
  U16be type, cls;
};
static_assert(sizeof(QuestionEnd) == 4);

struct RecordEnd {
  U16be type, cls;
  U32be ttl;
  U16be length;
};
static_assert(sizeof(RecordEnd) == 10);

constexpr std::uint16_t kResponse = 0x8000, kTruncated = 0x0200, kReserved = 0x0040, kClassMask = 0x7fff;
constexpr std::uint64_t kLongestMessage = 65'535;
constexpr std::uint16_t kClientSubnet = 8;   // option of EDNS, RFC 7871
enum ServiceKey : std::uint16_t { kAlpn = 1, kPort = 3, kIpv4Hint = 4, kEch = 5, kIpv6Hint = 6 };   // RFC 9460 §14.3.2

// Takes the addresses and names out of one record's data.
class DataReader {
 public:
  DataReader(Bytes message, std::uint64_t at, std::uint64_t end, std::vector<std::string>& values) : message_(Bytes(message.span().first(end))), at_(at), values_(values) {}

  Result<void> read(std::uint16_t type) {
    switch (type) {
      case kA: return addresses(4, true);
      case kAaaa: return addresses(16, true);
      case kNs:
      case kCname:
      case kPtr:
      case kDname:
      case kSoa: return name();   // SOA: the name server; the other name is a person's address
      case kMx: return name_behind(2);
      case kSrv: return name_behind(6);
      case kSvcb:
      case kHttps: return service();
      default: return {};
    }
  }

 private:
  Result<void> addresses(std::uint64_t each, bool single) {
    const std::uint64_t length = message_.size() - at_;
    if (length == 0 || length % each != 0 || (single && length != each)) return fail(Code::bad_value, at_, "an address in a DNS record has not an address's length");
    for (; at_ < message_.size(); at_ += each) {
      KLIK_TRY(const Bytes address, message_.slice(at_, each));
      values_.push_back(address_text(address));
    }
    return {};
  }

  Result<void> name() {
    KLIK_TRY(std::string text, name_at(message_, at_));
    values_.push_back(std::move(text));
    return {};
  }

  Result<void> name_behind(std::uint64_t bytes) {
    at_ += bytes;
    return name();
  }

  Result<void> service() {
    at_ += 2;   // priority
    KLIK_TRY(std::string target, name_at(message_, at_));
    KLIK_TRY(at_, name_end(message_, at_));
    if (target != ".") values_.push_back(std::move(target));   // "." is the record's own name
    while (at_ < message_.size()) {   // each parameter takes four bytes at least
      KLIK_TRY(const std::uint16_t key, message_.get<U16be>(at_));
      KLIK_TRY(const std::uint16_t length, message_.get<U16be>(at_ + 2));
      KLIK_TRY(const Bytes up_to_end, message_.slice(0, at_ + 4 + length));
      DataReader parameter(up_to_end, at_ + 4, up_to_end.size(), values_);
      if (key == kAlpn) KLIK_CHECK(parameter.alpn());
      if (key == kIpv4Hint) KLIK_CHECK(parameter.addresses(4, false));
      if (key == kIpv6Hint) KLIK_CHECK(parameter.addresses(16, false));
      if (key == kEch) values_.push_back("ech");
      if (key == kPort) {
        KLIK_TRY(const std::uint16_t port, up_to_end.get<U16be>(at_ + 4));
        values_.push_back("port=" + std::to_string(port));
      }
      at_ = up_to_end.size();
    }
    return {};
  }

  Result<void> alpn() {
    std::string all;
    while (at_ < message_.size()) {   // each name takes a byte at least
      KLIK_TRY(const std::uint8_t length, message_.get<std::uint8_t>(at_));
      KLIK_TRY(const Bytes protocol, message_.slice(at_ + 1, length));
      all += all.empty() ? "alpn=" : ",";
      append_label(all, protocol);
      at_ += std::uint64_t{1} + length;
    }
    values_.push_back(std::move(all));
    return {};
  }

  Bytes message_;   // up to the end of what is read
  std::uint64_t at_;
  std::vector<std::string>& values_;
};

// A name, and its bytes where those are not the same.
Result<std::string> sent_name_at(Bytes message, std::uint64_t at, std::string& sent) {
  auto name = name_at(message, at, &sent);
  if (!name || sent == *name) sent.clear();
  return name;
}

void keep_first(std::optional<Error>& damage, const Error& error) {
  if (!damage) damage = error;
}

Result<void> read_question(Bytes bytes, Message& out) {
  KLIK_TRY(const std::uint64_t end, name_end(bytes, out.end));
  KLIK_TRY(const auto* rest, bytes.view<QuestionEnd>(end));
  std::string sent;
  auto name = sent_name_at(bytes, out.end, sent);
  out.end = end + sizeof(QuestionEnd);
  if (name) out.questions.push_back({std::move(*name), rest->type, static_cast<std::uint16_t>(rest->cls & kClassMask), std::move(sent)});
  else keep_first(out.damage, name.error());
  return {};
}

void read_options(Bytes options, Message& out) {
  for (std::uint64_t at = 0; at < options.size();) {   // each option takes four bytes at least
    const auto code = options.get<U16be>(at);
    const auto length = options.get<U16be>(at + 2);
    if (!code || !length) return;
    out.client_subnet |= *code == kClientSubnet;
    const auto value = options.slice(at + 4, *length);
    if (!value) return;
    if (!value->empty()) out.options.push_back(*value);
    at += std::uint64_t{4} + *length;
  }
}

Result<void> read_record(Bytes bytes, Section section, Values values, Message& out) {
  KLIK_TRY(const std::uint64_t owner_end, name_end(bytes, out.end));
  KLIK_TRY(const auto* rest, bytes.view<RecordEnd>(owner_end));
  const std::uint64_t data_at = owner_end + sizeof(RecordEnd);
  KLIK_TRY(const Bytes data, bytes.slice(data_at, rest->length));
  std::string sent;
  auto name = sent_name_at(bytes, out.end, sent);
  out.end = data_at + rest->length;
  if (rest->type == kOpt) {
    out.edns = true;
    out.code = static_cast<std::uint16_t>(out.code | (rest->ttl >> 24) << 4);   // RFC 6891 §6.1.3
    read_options(data, out);
    return {};
  }
  if (!name) {
    keep_first(out.damage, name.error());
    return {};
  }
  Record record{std::move(*name), rest->type, static_cast<std::uint16_t>(rest->cls & kClassMask), rest->ttl, section, std::move(sent), data, {}};
  // An update's prerequisites and deletions have no data (RFC 2136 §2.4, §2.5).
  if (!data.empty() && values == Values::taken)
    if (const auto read = DataReader(bytes, data_at, out.end, record.values).read(record.type); !read) keep_first(out.damage, read.error());
  out.records.push_back(std::move(record));
  return {};
}

Result<void> read_sections(Bytes bytes, const Header& header, Values values, Message& out) {
  // Every question and record takes five bytes at least, so false counts end at the end of the message.
  for (unsigned i = 0; i < header.questions; ++i) KLIK_CHECK(read_question(bytes, out));
  for (unsigned i = 0; i < header.answers; ++i) KLIK_CHECK(read_record(bytes, Section::answer, values, out));
  for (unsigned i = 0; i < header.authorities; ++i) KLIK_CHECK(read_record(bytes, Section::authority, values, out));
  for (unsigned i = 0; i < header.additionals; ++i) KLIK_CHECK(read_record(bytes, Section::additional, values, out));
  return {};
}

std::uint8_t opcode_of(const Header& header) { return static_cast<std::uint8_t>(header.flags >> 11 & 15); }

}  // namespace

Result<Message> read(Bytes message, Values values) {
  if (message.size() > kLongestMessage) return fail(Code::over_budget, kLongestMessage, "a DNS message of more than 65,535 bytes");
  KLIK_TRY(const Header* header, message.view<Header>(0));
  Message out;
  out.id = header->id;
  out.response = header->flags & kResponse;
  out.truncated = header->flags & kTruncated;
  out.opcode = opcode_of(*header);
  out.code = header->flags & 15;
  out.end = sizeof(Header);
  if (const auto all = read_sections(message, *header, values, out); !all) keep_first(out.damage, all.error());
  return out;
}

std::vector<Bytes> texts_of(Bytes data) {
  std::vector<Bytes> texts;
  for (std::uint64_t at = 0; at < data.size();) {   // each takes a byte at least
    const std::uint64_t length = std::min<std::uint64_t>(data[at], data.size() - at - 1);
    if (length > 0) texts.push_back(Bytes(data.span().subspan(at + 1, length)));
    at += 1 + length;
  }
  return texts;
}

bool is_likely(Bytes message, bool more_follows) {
  const auto header = message.view<Header>(0);
  if (!header) return false;
  const std::uint8_t opcode = opcode_of(**header);
  if (opcode > 6 || opcode == 3 || (*header)->questions > 16 || ((*header)->flags & kReserved)) return false;
  const bool response = (*header)->flags & kResponse;
  if ((*header)->questions == 0) return response;
  const auto end = name_end(message, sizeof(Header));
  return end || (more_follows && end.error().code == Code::truncated);
}

bool is_surely(Bytes message) {
  const auto header = message.view<Header>(0);
  if (!header) return false;
  const bool response = (*header)->flags & kResponse;
  if (opcode_of(**header) != 0 || ((*header)->flags & kReserved) || (*header)->questions != 1) return false;
  if (!response && ((*header)->answers != 0 || (*header)->authorities != 0 || (*header)->additionals > 2 || ((*header)->flags & 15) != 0)) return false;
  const auto all = read(message);
  if (!all || all->damage || all->end != message.size() || all->questions.size() != 1) return false;
  const Question& q = all->questions.front();
  constexpr std::uint16_t kInternet = 1, kAny = 255;
  return (q.cls == kInternet || q.cls == kAny) && q.name.find('\\') == q.name.npos && !type_name(q.type).starts_with("TYPE");
}

std::string address_text(Bytes address) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(address.size() == 4 ? AF_INET : AF_INET6, address.data(), text, sizeof text);
  return text;
}

std::string type_name(std::uint16_t type) {
  struct Name {
    std::uint16_t type;
    std::string_view name;
  };
  constexpr Name kNames[] = {{1, "A"},       {2, "NS"},      {5, "CNAME"},  {6, "SOA"},    {10, "NULL"},  {11, "WKS"},    {12, "PTR"},   {13, "HINFO"}, {15, "MX"},    {16, "TXT"},        {17, "RP"},
                             {18, "AFSDB"},  {24, "SIG"},    {25, "KEY"},   {28, "AAAA"},  {29, "LOC"},   {33, "SRV"},    {35, "NAPTR"}, {37, "CERT"},  {39, "DNAME"}, {41, "OPT"},        {42, "APL"},
                             {43, "DS"},     {44, "SSHFP"},  {46, "RRSIG"}, {47, "NSEC"},  {48, "DNSKEY"}, {49, "DHCID"}, {50, "NSEC3"}, {51, "NSEC3PARAM"}, {52, "TLSA"}, {53, "SMIMEA"}, {55, "HIP"},
                             {59, "CDS"},    {60, "CDNSKEY"}, {61, "OPENPGPKEY"}, {62, "CSYNC"}, {63, "ZONEMD"}, {64, "SVCB"}, {65, "HTTPS"}, {99, "SPF"}, {108, "EUI48"}, {109, "EUI64"}, {249, "TKEY"},
                             {250, "TSIG"},  {251, "IXFR"},  {252, "AXFR"}, {255, "ANY"},  {256, "URI"},  {257, "CAA"}};
  const auto at = std::ranges::find(kNames, type, &Name::type);
  return at == std::end(kNames) ? "TYPE" + std::to_string(type) : std::string(at->name);
}

std::string code_name(std::uint16_t code) {
  constexpr std::string_view kNames[] = {"NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI"};
  if (code < std::size(kNames)) return std::string(kNames[code]);
  return code == 16 ? "BADVERS" : "RCODE" + std::to_string(code);
}

}  // namespace klik::net::dns
