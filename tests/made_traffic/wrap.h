// Wraps a value the way apps do, and tells the path of decodings that leads back to it. Written apart from what undoes it.
#pragma once

#include <random>
#include <string>

namespace made {

struct Wrapped {
  std::string bytes;
  std::string path;           // "/gzip/json.list[1].data", outermost first
  std::string type;           // a Content-Type that goes with the outermost layer; "" when it needs none
  std::string coding;         // a Content-Encoding that says the outermost layer
};

// The innermost: the value alone, in a sentence, or in JSON under `key`.
Wrapped core(const std::string& value, const std::string& key, std::mt19937_64& random);
// `layers` of them, drawn by the generator. `coded`: the outermost may be declared as Content-Encoding. What takes texts only gets base64
// of bytes, as a part of its layer.
Wrapped wrapped(Wrapped inner, unsigned layers, bool coded, std::mt19937_64& random);
// As a word that can stand in a URL or a header.
Wrapped as_word(const Wrapped& inner);

std::string base64(const std::string& bytes, bool url_safe);
std::string hex(const std::string& bytes, bool upper = false);

}  // namespace made
