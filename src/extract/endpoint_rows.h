// The facts `app.endpoint` of one file: hosts that it names, each once per scheme, host, port and path.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extractor.h"
#include "formats/net/url.h"

namespace klik {

extern const FactKind kEndpointKind;

class EndpointRows {
 public:
  explicit EndpointRows(BlobId blob) : blob_(blob) {}

  // `use`: where it is used ("dex", "resource", "asset", "native", "config"), or "none" when nothing shows that it is.
  // Hosts that stand for name spaces, documentation or examples are left out.
  void add(const net::Found& found, std::string_view how, std::string_view use, std::vector<Place> places);
  void add(const net::Found& found, std::string_view how, std::string_view use, std::uint64_t at, std::uint64_t length) { add(found, how, use, {{blob_, at, length}}); }

  // In the order of their keys. More than kMost become a problem.
  void emit(FactSink& sink, std::string_view extractor);

  static constexpr std::size_t kMost = 20'000;
  static constexpr std::size_t kMostPlaces = 8;   // of one endpoint

 private:
  struct Endpoint {
    std::string how, use, note;
    bool local = false;
    std::vector<Place> places;
  };
  BlobId blob_;
  std::map<std::tuple<std::string, std::string, std::int64_t, std::string>, Endpoint> rows_;
  std::size_t left_out_ = 0;
};

// The hosts that a text alone is: HOST, or several of them between commas, semicolons, bars or blanks. Names that look
// like packages, properties or files are none. `sure`: false when its last label ends file names too.
struct BareHost {
  net::Found found;
  bool sure;
};
std::vector<BareHost> bare_hosts(std::string_view text);

// Whether a URL at `at` stands in a sentence, as in messages and notices: nothing then shows that it is used.
bool in_a_sentence(std::string_view text, std::size_t at);

// Whether a name (of a field, a key, a method) says that its value is a host.
bool names_a_host(std::string_view name);

}  // namespace klik
