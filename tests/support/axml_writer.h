// Binary XML written element by element, with every field that a reader could be misled by under control.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "formats/android/chunk.h"
#include "support/writer.h"

namespace klik::test {

inline std::string utf16(std::u16string_view units) {
  std::string out;
  for (const char16_t u : units) {
    out += static_cast<char>(u & 0xFF);
    out += static_cast<char>(u >> 8);
  }
  return out;
}

// Encoded strings, each with its length prefix and terminator.
inline std::string pool_utf8(std::string_view s) {
  const auto length = [](std::size_t n) { return n < 0x80 ? std::string(1, static_cast<char>(n)) : std::string{static_cast<char>(0x80 | (n >> 8 & 0x7F)), static_cast<char>(n & 0xFF)}; };
  return length(s.size()) + length(s.size()) + std::string(s) + '\0';   // REQUIRES: ASCII
}
inline std::string pool_utf16(std::string_view s) {
  return utf16(std::u16string(1, static_cast<char16_t>(s.size()))) + utf16(std::u16string(s.begin(), s.end())) + utf16(std::u16string(1, u'\0'));
}

struct PoolLayout {
  bool utf8 = true;
  std::optional<std::uint32_t> count{}, strings_start{};
  std::uint32_t style_count = 0, styles_start = 0;
  std::vector<std::string> encoded{};   // appended behind the plain ones, as they are
};

inline std::vector<std::uint8_t> write_pool(const std::vector<std::string>& strings, const PoolLayout& layout = {}) {
  std::vector<std::string> all;
  for (const std::string& s : strings) all.push_back(layout.utf8 ? pool_utf8(s) : pool_utf16(s));
  all.insert(all.end(), layout.encoded.begin(), layout.encoded.end());
  Writer w;
  const std::uint32_t count = static_cast<std::uint32_t>(all.size());
  w.u16(res::kStringPool).u16(28).u32(0).u32(layout.count.value_or(count)).u32(layout.style_count).u32(layout.utf8 ? 0x100 : 0);
  w.u32(layout.strings_start.value_or(28 + 4 * count)).u32(layout.styles_start);
  std::uint32_t at = 0;
  for (const std::string& s : all) {
    w.u32(at);
    at += static_cast<std::uint32_t>(s.size());
  }
  for (const std::string& s : all) w.text(s);
  w.align(4);
  w.patch(4, w.bytes.size(), 4);
  return w.bytes;
}

class AxmlWriter {
 public:
  struct Attr {
    std::uint32_t id = 0;
    std::string name;              // whatever the string shall say
    std::uint8_t type = res::kString;
    std::uint32_t data = 0;
    std::string text{};            // of a string
    bool android = true;
    std::optional<std::string> raw{};
  };
  std::vector<std::uint32_t> map_ids;   // the resource map; strings 0… are their names
  bool with_map = true;
  PoolLayout pool{};
  std::uint16_t root_type = res::kXml, node_header = 16, attribute_size = 20;
  std::optional<std::uint16_t> attribute_count{};
  std::vector<std::uint8_t> before_nodes{}, behind{};

  void open(const std::string& tag, const std::vector<Attr>& attributes = {}) { events_.push_back({true, tag, attributes}); }
  void close(const std::string& tag) { events_.push_back({false, tag, {}}); }
  void leaf(const std::string& tag, const std::vector<Attr>& attributes = {}) {
    open(tag, attributes);
    close(tag);
  }

  std::vector<std::uint8_t> write() {
    for (const Event& e : events_)
      for (const Attr& a : e.attributes)
        if (a.id != 0 && std::ranges::find(map_ids, a.id) == map_ids.end()) {
          map_ids.push_back(a.id);
          strings_.push_back(a.name);
        }
    mapped_ = map_ids.size();
    Writer nodes;
    for (const Event& e : events_) node(nodes, e);
    Writer out;
    out.u16(root_type).u16(8).u32(0);
    const auto strings = write_pool(strings_, pool);
    out.append(strings);
    if (with_map) {
      out.u16(res::kXmlResourceMap).u16(8).u32(8 + 4 * map_ids.size());
      for (const std::uint32_t id : map_ids) out.u32(id);
    }
    out.append(before_nodes).append(nodes.bytes).append(behind);
    out.patch(4, out.bytes.size() - behind.size(), 4);
    return out.bytes;
  }

  std::uint32_t string(const std::string& s) {
    const auto found = std::find(strings_.begin() + static_cast<std::ptrdiff_t>(mapped_), strings_.end(), s);
    if (found != strings_.end()) return static_cast<std::uint32_t>(found - strings_.begin());
    strings_.push_back(s);
    return static_cast<std::uint32_t>(strings_.size() - 1);
  }

 private:
  struct Event {
    bool start;
    std::string tag;
    std::vector<Attr> attributes;
  };

  void node(Writer& w, const Event& e) {
    const std::size_t at = w.bytes.size();
    w.u16(e.start ? res::kXmlStartElement : res::kXmlEndElement).u16(node_header).u32(0).u32(1).u32(res::kNone).zeros(node_header - 16u);
    w.u32(res::kNone).u32(string(e.tag));
    if (e.start) {
      w.u16(20).u16(attribute_size).u16(attribute_count.value_or(static_cast<std::uint16_t>(e.attributes.size()))).zeros(6);
      for (const Attr& a : e.attributes) {
        const auto name = a.id ? static_cast<std::uint32_t>(std::ranges::find(map_ids, a.id) - map_ids.begin()) : string(a.name);
        const bool text = a.type == res::kString;
        const std::uint32_t value = text ? string(a.text) : a.data;
        w.u32(a.android ? string("http://schemas.android.com/apk/res/android") : res::kNone).u32(name);
        w.u32(a.raw ? string(*a.raw) : text ? value : res::kNone).u16(8).le(0, 1).le(a.type, 1).u32(value);
        if (attribute_size > 20) w.zeros(attribute_size - 20u);
      }
    }
    w.patch(at + 4, w.bytes.size() - at, 4);
  }

  std::vector<Event> events_;
  std::vector<std::string> strings_;
  std::size_t mapped_ = 0;
};

// Attributes in short.
inline AxmlWriter::Attr text_attr(std::uint32_t id, std::string text, std::string name = "x") { return {.id = id, .name = std::move(name), .text = std::move(text)}; }
inline AxmlWriter::Attr bool_attr(std::uint32_t id, std::uint32_t data) { return {.id = id, .name = "b", .type = res::kBoolean, .data = data}; }
inline AxmlWriter::Attr int_attr(std::uint32_t id, std::uint32_t data) { return {.id = id, .name = "i", .type = res::kFirstInteger, .data = data}; }
inline AxmlWriter::Attr ref_attr(std::uint32_t id, std::uint32_t target) { return {.id = id, .name = "r", .type = res::kReference, .data = target}; }
inline AxmlWriter::Attr plain_attr(std::string name, std::string text) { return {.id = 0, .name = std::move(name), .text = std::move(text), .android = false}; }

}  // namespace klik::test
