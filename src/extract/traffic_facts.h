// What readers of traffic tell, as facts about the capture they read.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "extract/extractor.h"
#include "extract/told_names.h"
#include "traffic/analysis.h"
#include "traffic/leaks.h"

namespace klik {

inline constexpr std::string_view kTrafficName = "traffic@3";

extern const FactKind kNetCapture, kNetConnection, kNetPath, kNetLookup, kNetHello, kNetCertificate, kNetMessage, kNetUnknown;
std::span<const FactKind* const> traffic_kinds();
std::span<const View* const> traffic_views();

// What looks into decoded bytes: the search for identifiers, decoders of telemetry. Its facts refer to the message by connection
// and number.
class ContentReader {
 public:
  virtual ~ContentReader() = default;
  // Before the contents of a message; `message.number` is set.
  virtual void message(const traffic::Connection&, const traffic::Message&) {}
  virtual void content(const traffic::Connection& on, const traffic::Content& content) = 0;
  // Whether it looks into a body that begins now; `about` has what stands before it.
  virtual bool wants_body(const traffic::Connection&, const traffic::Message&) const { return true; }
  // Whether it looks into bytes that are no whole content (traffic/events.h), and then those.
  virtual bool wants_stretches() const { return false; }
  virtual void stretch(const traffic::Connection&, const traffic::Content&) {}
  // After the last event of a connection. Its host may be the one that an answer gave for the address (`host_from` as ToldNames::Name::by), if somebody
  // was seen to ask or it was told in a local network.
  virtual void connection(const traffic::Connection&) {}
};

// The events of one capture as rows. Names that were looked up are remembered, so that a connection to an address of such an
// answer carries the name.
class TrafficFacts final : public traffic::EventSink {
 public:
  // `contents` may be empty: nobody looks into bodies then. `owner`: what it looks for stands in no start of a stream that is kept; null:
  // nothing is looked for.
  TrafficFacts(const BlobId& capture, FactSink& sink, std::span<ContentReader* const> contents, traffic::LeakSearch* owner = nullptr) : capture_(capture), sink_(sink), contents_(contents), owner_(owner) {}

  void began(std::int64_t time_ns) override { names_.began(time_ns); }
  void lookup(const traffic::Connection& on, traffic::Lookup event) override;
  void hello(const traffic::Connection& on, traffic::Hello event) override;
  void certificate(const traffic::Connection& on, traffic::Certificate event) override;
  std::uint64_t message(const traffic::Connection& on, traffic::Message event) override;
  void content(const traffic::Connection& on, const traffic::Content& content) override;
  void unknown(const traffic::Connection& on, traffic::Unknown event) override;
  bool wants_content() const override { return !contents_.empty(); }
  bool wants_body(const traffic::Connection& on, const traffic::Message& about) const override {
    return std::ranges::any_of(contents_, [&](const ContentReader* reader) { return reader->wants_body(on, about); });
  }
  bool wants_stretches() const override { return std::ranges::any_of(contents_, &ContentReader::wants_stretches); }
  void stretch(const traffic::Connection& on, const traffic::Content& part) override;
  std::uint64_t number_ahead(const traffic::Connection& on) override { return ++messages_[on.number]; }
  void connection(const traffic::Connection& ended) override;
  void problem(const Error& error, Severity severity, std::string detail) override;

  // The capture as a whole, when all is read.
  void finish(std::string_view format, const traffic::CaptureSummary& summary);

 private:
  void look_into(const traffic::Connection& on, std::string_view place, std::string_view text, traffic::Way way, traffic::Origin origin, std::int64_t time_ns);
  void emit(const FactKind& kind, std::vector<Value> values, traffic::Origin origin);

  BlobId capture_;
  FactSink& sink_;
  std::span<ContentReader* const> contents_;
  traffic::LeakSearch* owner_;
  ToldNames names_;
  std::map<traffic::Address, std::uint64_t> callers_;     // local ones, with their connections
  std::map<std::uint64_t, std::uint64_t> messages_;       // of open connections
  std::map<std::uint64_t, std::string_view> names_by_alpn_;   // of open connections: "dot", "doq"
  std::uint64_t connections_ = 0;
};

}  // namespace klik
