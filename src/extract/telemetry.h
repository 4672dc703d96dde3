// Telemetry in captures: which service a message belongs to, and which kinds of data stand in it.
#pragma once

#include <map>
#include <vector>

#include "extract/traffic_facts.h"
#include "traffic/decoder.h"

namespace klik {

extern const FactKind kNetTelemetry;
extern const View kTelemetryView;

class TelemetryReader final : public ContentReader {
 public:
  TelemetryReader(const BlobId& capture, FactSink& sink) : capture_(capture), sink_(sink) {}

  void message(const traffic::Connection& on, const traffic::Message& message) override;
  void content(const traffic::Connection& on, const traffic::Content& content) override;
  // Most bodies are of no service that is known, and undoing their codings would be the dearest part of reading a capture.
  bool wants_body(const traffic::Connection&, const traffic::Message& about) const override { return about.what == "request" || about.protocol == "websocket"; }
  void connection(const traffic::Connection& ended) override;

 private:
  void emit(const traffic::Connection& on, std::uint64_t message, const data::Decoder& decoder, const data::DecoderField* field, std::string_view state, traffic::Origin origin);

  BlobId capture_;
  FactSink& sink_;
  traffic::TelemetryDecoder decoder_;
  std::uint64_t connection_ = 0, message_ = 0;   // that the decoder is at
  std::map<std::uint64_t, std::vector<const data::Decoder*>> told_;   // of open connections
  std::vector<std::string_view> over_;                                 // limits that were met, each told once
};

}  // namespace klik
