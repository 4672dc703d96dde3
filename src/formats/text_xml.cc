#include "formats/text_xml.h"

#include <algorithm>
#include <pugixml.hpp>

namespace klik::xml {
namespace {

// Up to and with the '>' that ends a start tag; quotes may hold others.
std::uint64_t tag_length(std::string_view file, std::uint64_t at) {
  char quote = 0;
  for (std::uint64_t i = at; i < file.size(); ++i) {
    const char c = file[i];
    if (quote) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return i + 1 - at;
    }
  }
  return file.size() - at;
}

bool is_plain(std::string_view encoding) {
  std::string low(encoding);
  std::ranges::transform(low, low.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return low.empty() || low == "utf-8" || low == "us-ascii" || low == "ascii";
}

// What the XML declaration calls the encoding, or "".
std::string_view declared_encoding(std::string_view text) {
  if (!text.starts_with("<?xml")) return {};
  const std::string_view head = text.substr(0, text.find("?>"));
  const std::size_t at = head.find("encoding");
  if (at == head.npos) return {};
  const std::size_t open = head.find_first_of("\"'", at);
  if (open == head.npos) return {};
  const std::size_t close = head.find(head[open], open + 1);
  return close == head.npos ? std::string_view() : head.substr(open + 1, close - open - 1);
}

Element element_of(pugi::xml_node node, std::string_view text, std::uint32_t depth, std::uint32_t parent) {
  Element e{node.name(), {}, 0, 0, depth, parent};
  // The library counts to the name, which a '<' precedes.
  const std::ptrdiff_t name_at = node.offset_debug();
  e.at = name_at > 0 ? static_cast<std::uint64_t>(name_at) - 1 : 0;
  e.length = tag_length(text, std::min<std::uint64_t>(e.at, text.size()));
  for (const pugi::xml_attribute a : node.attributes()) e.attributes.push_back({a.name(), a.value()});
  return e;
}

}  // namespace

const std::string* Element::find(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &Attribute::name);
  return found == attributes.end() ? nullptr : &found->value;
}

std::string_view Element::operator[](std::string_view attribute) const {
  const std::string* value = find(attribute);
  return value ? std::string_view(*value) : std::string_view();
}

Result<Document> read(Bytes file) {
  if (file.size() > kLargest) return fail(Code::over_budget, 0, "a textual XML file of more than 4 MiB");
  std::string_view text = file.text();
  for (const std::string_view mark : {std::string_view("\xFF\xFE"), std::string_view("\xFE\xFF"), std::string_view("\0<", 2), std::string_view("<\0", 2), std::string_view("ABX\0", 4), std::string_view("\x03\0\x08\0", 4)})
    if (text.starts_with(mark)) return fail(Code::unsupported, 0, "XML that is not UTF-8 text");
  std::string_view body = text;
  if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
  if (const auto first = body.find_first_not_of(" \t\r\n"); first == body.npos || body[first] != '<') return fail(Code::bad_magic, 0, "not XML");

  Document out;
  out.other_encoding = !is_plain(declared_encoding(body)) && std::ranges::any_of(body, [](char c) { return (c & 0x80) != 0; });
  pugi::xml_document tree;
  const pugi::xml_parse_result parsed = tree.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) out.damage = fail(Code::bad_value, static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(0, parsed.offset)), "malformed XML; what stands before was read").error();
  // A zero byte ends the text for the library.
  else if (const auto zero = text.find('\0'); zero != text.npos) out.damage = fail(Code::bad_value, zero, "a zero byte in XML; what stands before was read").error();

  // Without recursion: a hostile file nests as deep as it is long.
  pugi::xml_node node = tree.first_child();
  std::uint32_t depth = 0;
  std::vector<std::uint32_t> parents{0};
  while (node) {
    const bool is_element = node.type() == pugi::node_element;
    if (is_element) {
      parents.resize(depth + 1);
      const auto index = static_cast<std::uint32_t>(out.elements.size());
      out.elements.push_back(element_of(node, text, depth, depth == 0 ? index : parents[depth - 1]));
      parents[depth] = index;
    }
    if (is_element && node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node && !node.next_sibling()) {
      node = node.parent();
      if (depth == 0 || !node || node.type() == pugi::node_document) return out;
      --depth;
    }
    node = node.next_sibling();
  }
  return out;
}

}  // namespace klik::xml
