#include "traffic/dns_events.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

namespace klik::traffic {
namespace {

namespace dns = net::dns;
constexpr std::uint16_t kAny = 255;      // a question for all there is
constexpr std::size_t kMostQuestions = 64;   // that answers are sought for; real messages have one
constexpr unsigned kLongestChain = 32;   // of CNAME records; resolvers give up much earlier

// `of`: a question or a record.
template <class T>
Lookup lookup(const Seen& seen, bool answer, const T& of) {
  Lookup out;
  out.how = seen.how;
  out.answer = answer;
  out.name = of.name;
  out.sent = of.sent;
  out.type = dns::type_name(of.type);
  out.way = seen.way;
  out.origin = seen.origin;
  out.time_ns = seen.time_ns;
  return out;
}

void add(Lookup& answer, const dns::Record& r) {
  answer.values.insert(answer.values.end(), r.values.begin(), r.values.end());
  answer.ttl = std::min(answer.ttl.value_or(r.ttl), r.ttl);
}

// The names that an answer for `name` may stand under: itself, and what its aliases lead to.
std::set<std::string_view> chain_of(std::string_view name, const std::map<std::string_view, std::string_view>& aliases) {
  std::set<std::string_view> chain = {name};
  for (unsigned step = 0; step < kLongestChain; ++step) {
    const auto next = aliases.find(name);
    if (next == aliases.end() || !chain.insert(next->second).second) break;
    name = next->second;
  }
  return chain;
}

class Answers {
 public:
  Answers(const dns::Message& message, const Seen& seen) : message_(message), seen_(seen), status_(message.truncated ? "TRUNCATED" : dns::code_name(message.code)) {
    for (const dns::Record& r : message.records)
      if (r.section == dns::Section::answer && r.type == dns::kCname && !r.values.empty()) aliases_.emplace(r.name, r.values.front());
  }

  // The answer to one question. Records that are told here are not told again.
  Lookup to(const dns::Question& q, std::vector<bool>& told) const {
    Lookup out = lookup(seen_, true, q);
    out.status = status_;
    out.asked = true;
    const auto chain = chain_of(q.name, aliases_);
    for (std::size_t i = 0; i < message_.records.size(); ++i) {
      const dns::Record& r = message_.records[i];
      if (r.section != dns::Section::answer || !chain.contains(r.name) || (r.type != q.type && r.type != dns::kCname && q.type != kAny)) continue;
      add(out, r);
      told[i] = true;
    }
    return out;
  }

  // One of the first questions is for this name.
  bool asks(std::string_view name) const {
    const auto first = std::span(message_.questions).first(std::min(message_.questions.size(), kMostQuestions));
    return std::ranges::find(first, name, &dns::Question::name) != first.end();
  }

  // All that no question asked for, by name and type.
  std::vector<Lookup> others(const std::vector<bool>& told) const {
    std::vector<Lookup> out;
    std::map<std::pair<std::string_view, std::uint16_t>, std::size_t> places;
    for (std::size_t i = 0; i < message_.records.size(); ++i) {
      const dns::Record& r = message_.records[i];
      if (told[i]) continue;
      const auto [at, fresh] = places.try_emplace({r.name, r.type}, out.size());
      if (fresh) {
        out.push_back(lookup(seen_, true, r));
        if (r.section == dns::Section::answer) out.back().status = status_;
        // Addresses beside the answer to another type of the same name: RFC 9460 §4.1.
        out.back().asked = message_.response && asks(r.name);
      }
      add(out[at->second], r);
    }
    return out;
  }

 private:
  const dns::Message& message_;
  const Seen& seen_;
  std::string status_;
  std::map<std::string_view, std::string_view> aliases_;
};

// Whether lookups have all that a record's data says.
bool is_told(std::uint16_t type) { return type == dns::kA || type == dns::kAaaa || type == dns::kNs || type == dns::kCname || type == dns::kPtr || type == dns::kDname; }

// Where a message may hold anything: what its sender put beside names and addresses.
void show_contents(const Connection& on, EventSink& events, const dns::Message& message, Bytes bytes, const Seen& seen) {
  Content content{.message = 0, .place = {}, .name = {}, .type = {}, .way = seen.way, .bytes = {}, .coding = {}, .origin = seen.origin, .time_ns = seen.time_ns};
  const auto show = [&](std::string_view place, Bytes part) {
    content.place = place;
    content.bytes = part;
    if (!part.empty()) events.content(on, content);
  };
  for (const Bytes option : message.options) show("lookup.option", option);
  for (const dns::Record& r : message.records) {
    if (is_told(r.type)) continue;
    if (r.type != dns::kTxt) {
      show("lookup.data", r.data);
      continue;
    }
    // A text of more than 255 bytes goes on in the next string.
    const std::vector<Bytes> texts = dns::texts_of(r.data);
    std::string joined;
    for (const Bytes text : texts) {
      show("lookup.text", text);
      joined += text.text();
    }
    if (texts.size() > 1) show("lookup.text", Bytes::of(joined));
  }
  if (!message.damage && message.end < bytes.size()) show("lookup.rest", Bytes(bytes.span().subspan(message.end)));
}

class Datagrams final : public DatagramReader {
 public:
  Datagrams(Context& context, std::string_view how) : context_(context), how_(how) {}

  void read(const Piece& piece) override {
    const auto damage = read_and_tell_dns(context_.connection, context_.events, piece.bytes, {how_, piece.way, piece.origin, piece.time_ns});
    if (!damage || std::exchange(told_, true)) return;
    context_.events.problem({damage->code, piece.origin.at + std::min(damage->at, piece.origin.length), damage->what, damage->file, damage->line}, EventSink::Severity::error, connection_text(context_.connection));
  }
  void end() override {}

 private:
  Context& context_;
  std::string_view how_;
  bool told_ = false;
};

}  // namespace

void tell_lookups(const Connection& on, EventSink& events, const dns::Message& message, const Seen& seen) {
  const std::size_t questions = std::min(message.questions.size(), kMostQuestions);
  if (!message.response) {
    for (std::size_t i = 0; i < questions; ++i) events.lookup(on, lookup(seen, false, message.questions[i]));
    // mDNS sends what it knows already along with a question (RFC 6762 §7.1), DNS updates what is to become (RFC 2136).
    for (Lookup& l : Answers(message, seen).others(std::vector<bool>(message.records.size()))) {
      l.status.clear();
      events.lookup(on, std::move(l));
    }
    return;
  }
  const Answers answers(message, seen);
  std::vector<bool> told(message.records.size());
  std::vector<Lookup> asked;
  for (std::size_t i = 0; i < questions; ++i) asked.push_back(answers.to(message.questions[i], told));
  // Those asked for come last: an address is then known by the name that was asked, not by an alias.
  for (Lookup& l : answers.others(told)) events.lookup(on, std::move(l));
  for (Lookup& l : asked) events.lookup(on, std::move(l));
}

std::optional<Error> read_and_tell_dns(const Connection& on, EventSink& events, Bytes bytes, const Seen& seen) {
  const auto message = dns::read(bytes);
  if (!message) return message.error();
  tell_lookups(on, events, *message, seen);
  if (events.wants_content()) show_contents(on, events, *message, bytes, seen);
  return message->damage;
}

std::unique_ptr<DatagramReader> dns_datagrams(Context& context, std::string_view how) { return std::make_unique<Datagrams>(context, how); }

}  // namespace klik::traffic
