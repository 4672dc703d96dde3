// The first byte chooses one of the decoders, the rest is the body of a message that it knows.
// links: klik_traffic
#include "traffic/decoder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace klik;
  if (size == 0) return 0;
  const data::Decoder& chosen = data::decoders()[data[0] % data::decoders().size()];
  const data::DecoderMatch& match = chosen.matches[0];
  traffic::Message message;
  message.protocol = match.protocol == "http" ? std::string_view("http1") : std::string_view(match.protocol);
  message.what = match.message;
  if (!match.methods.empty()) message.method = match.methods[0];
  message.host = match.hosts[0] == "*" ? "example.org" : match.hosts[0].substr(match.hosts[0].starts_with('.') ? 1 : 0);
  if (!match.paths.empty()) message.path = match.paths[0];
  traffic::TelemetryDecoder decoder;
  decoder.message(message);
  const auto finds = decoder.content({.message = 0, .place = "request.body", .name = {}, .type = {}, .way = traffic::Way::up, .bytes = *Bytes(data, size).from(1), .coding = {}, .origin = {}, .time_ns = 0});
  // A find is of a field of its decoder, and told once.
  for (std::size_t i = 0; i < finds.found.size(); ++i) {
    const auto& f = finds.found[i];
    if (f.field < f.decoder->fields.data() || f.field >= f.decoder->fields.data() + f.decoder->fields.size()) __builtin_trap();
    for (std::size_t j = 0; j < i; ++j)
      if (finds.found[j].field == f.field) __builtin_trap();
  }
  return 0;
}
