// What makers' and third parties' telemetry looks like on the wire: the files of data/decoders. A decoder says where in a message which
// kind of data stands; what stands there is never kept.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace klik::data {

// A kind of data: "imei", "location". The table of data/decoders/categories.tsv.
struct DataCategory {
  std::string_view id, title_en, title_nl;
};
std::span<const DataCategory> data_categories();
const DataCategory* find_data_category(std::string_view id);

// How much of a service's messages can be read.
enum class DecoderStrength : char {
  decodable = 'D',     // when the message is at hand in plain
  recognised = 'R',    // by host, path, size and time only
  keyed = 'P',         // its body needs a key that lies in the code of the build; until then as R
};

// Where a format or a behaviour was published.
struct DecoderSource {
  std::string title, author, date, address;   // any but the title may be ""
};

// Which messages. All that is given must hold; of a list, one.
struct DecoderMatch {
  // A name; ".name" for it and all below it; '*' within one stands for any text without a dot. "*" alone: any host.
  std::vector<std::string> hosts;
  std::vector<std::string> paths;      // without query; '*' stands for any text without a slash, '**' with. Empty: any
  std::vector<std::string> methods;    // empty: any
  std::string content_type;            // how it begins; "" any
  std::string protocol;                // "http" (1.1, 2 and 3), or as in traffic::Message
  std::string message;                 // as in traffic::Message::what
};

// One kind of data, and where it stands: place in the message, then the decodings and the names, as traffic::unwrap writes them:
// "request.body/form.data_list/base64/gzip/json[*].properties.url". [*] is any element, [3] the fourth. What lies below the path counts.
// Compression is undone wherever it is found, so its steps are for the reader and are not compared.
struct DecoderField {
  std::string path, category;
};

// What shows that the sender is the one that the decoder is about: a signature that only its code makes. So far one kind:
// MD5, in hexadecimal, of names and values joined without separators in the order given, then a salt.
struct DecoderProof {
  std::string place;                   // of the fields: "request.path/query"
  std::vector<std::string> fields;     // in order; one that ends with '?' may be absent
  std::string salt, against;           // the field that holds the signature
};

struct Decoder {
  std::string id, maker, title_en, title_nl;
  DecoderStrength strength = DecoderStrength::recognised;
  std::string why;                     // of R and P: what keeps it from being read
  std::string basis;                   // "measured", "read" (code or specification), "reported" (by others), "imported"
  bool host_alone = false;             // its hosts serve nothing else, so that a contact is enough to know the service
  std::vector<std::string> frame;      // a binary frame around the body: "u16", "u32", "text16", "bytes32", …, each named ".0", ".1", …
  std::vector<DecoderSource> sources;
  std::vector<DecoderMatch> matches;
  std::vector<DecoderField> fields;
  std::vector<DecoderProof> proofs;    // none or one
  std::string fixture;                 // the file in tests/decoders that it is tested with
};

// Reads one file: a decoder, or {"decoders": […], "defaults": {…}}, whose members stand in for what a decoder leaves out. `errors`
// takes what is missing or unknown, each with the name of the file and the decoder.
void parse_decoders(std::string_view file_name, std::string_view text, std::vector<Decoder>& decoders, std::vector<std::string>& errors);

// Those of the program, in order of their id.
std::span<const Decoder> decoders();
std::span<const std::string> decoder_errors();

// Whether a pattern of DecoderMatch::hosts covers a host (lower case).
bool host_matches(std::string_view pattern, std::string_view host);
// Whether one of DecoderMatch::paths covers a path without its query.
bool path_matches(std::string_view pattern, std::string_view path);
// A path as it is compared: without compression; with `any_element`, [*] for each element.
std::string comparable_path(std::string_view path, bool any_element = true);

// Those with a pattern that could cover the host: a first choice, by the last two labels of it. Includes those for any host.
std::vector<const Decoder*> decoders_near(std::string_view host);

}  // namespace klik::data
