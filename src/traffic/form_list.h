// The forms of one identifier while they are made: a spelling gives its encodings, its digests and what channels make of it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/ascii.h"
#include "traffic/identifier_forms.h"
#include "traffic/joined_digests.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {

// Binary forms below this are chance finds in large captures: 10 GB times 30,000 patterns over 256^n.
inline constexpr std::size_t kStrongBytes = 8;

std::string reversed_bytes(std::string_view text);

// How one spelling of an identifier is to be looked for.
struct Spelling {
  std::string name, text;
  Neighbours neighbours;
  bool digests = false;    // programs hash this spelling
  bool encodings = true;
};

class Forms {
 public:
  Forms(std::vector<Form>& forms, std::uint32_t identifier, std::span<const Salt> salts) : forms_(forms), identifier_(identifier), salts_(salts) {}
  void add(Form form);
  void text(std::string name, std::string bytes, Neighbours neighbours) { add({.identifier = 0, .name = std::move(name), .bytes = std::move(bytes), .whole = {}, .neighbours = neighbours}); }
  void binary(std::string name, std::string bytes, bool weak = false);
  // A number as packed formats hold it, which are also read as such.
  void number(std::string name, std::string bytes, bool weak = false);
  void beside_key(std::string name, std::string bytes, Neighbours neighbours) { add({.identifier = 0, .name = std::move(name), .bytes = std::move(bytes), .whole = {}, .neighbours = neighbours, .needs_key = true, .weak = true}); }
  void any_case(std::string name, std::string bytes, Neighbours neighbours) { add({.identifier = 0, .name = std::move(name), .bytes = klik::text::lower(bytes), .whole = {}, .neighbours = neighbours, .any_case = true}); }
  void in_groups(std::string digits) { add({.identifier = 0, .name = "grouped", .bytes = std::move(digits), .whole = {}, .neighbours = Neighbours::digits, .in_groups = true}); }
  // All spellings first, so that what stands there plainly is not told as an encoding of another.
  void spellings(std::span<const Spelling> all);
  void joined(const JoinedDigest& d) { hex_digest(d.name, hex_lower(d.bytes) + std::string(d.behind)); }

 private:
  static std::string named(const Spelling& s, std::string_view form) { return s.name == "plain" ? std::string(form) : s.name + "." + std::string(form); }
  // Letters in whatever case, and what a channel makes of characters that it does not take.
  void mixed(const Spelling& s);
  void encoded(const Spelling& s);
  void hex_digest(const std::string& name, const std::string& hexadecimal, bool rare = false);
  // `hex_only`: for what is rare; hexadecimal costs the search nothing.
  void one_digest(const std::string& name, const std::string& raw, bool hex_only);
  void digests(const Spelling& s);
  static std::string as_uuid(std::string digits, char version);
  // 32 bits: anybody's value may be the same.
  void checksums(std::string_view of);

  std::vector<Form>& forms_;
  std::uint32_t identifier_;
  std::span<const Salt> salts_;
  std::unordered_set<std::string> known_;
};

}  // namespace klik::traffic
