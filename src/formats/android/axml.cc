#include "formats/android/axml.h"

namespace klik::axml {
namespace {

using namespace res;

struct ElementBody {
  U32le name_space, name;
  U16le attribute_start, attribute_size, attribute_count;   // start counts from this struct
  U16le id_index, class_index, style_index;
};
static_assert(sizeof(ElementBody) == 20);

struct WireAttribute {
  U32le name_space, name, raw;
  WireValue value;
};
static_assert(sizeof(WireAttribute) == 20);

constexpr std::uint64_t kNodeHeader = 16;   // chunk header, line number, comment

}  // namespace

Result<Document> Document::read(Bytes file) {
  KLIK_TRY(const ChunkHeader* root, file.view<ChunkHeader>(0));
  Document doc;
  if (root->type != kXml) doc.oddities_.add(Code::deviation, 0, "the file's chunk type is not that of binary XML; the phone does not look at it");
  std::uint64_t end = root->size;
  if (end > file.size()) {
    doc.oddities_.add(Code::truncated, 4, "binary XML ends before its size says", true);
    end = file.size();
  } else if (end < file.size()) {
    doc.oddities_.add(Code::deviation, end, "bytes behind the end of the binary XML");
  }
  std::uint64_t at = root->header_size;
  if (at < sizeof(ChunkHeader)) return fail(Code::bad_value, 2, "binary XML: header size below 8");
  if (at != sizeof(ChunkHeader)) doc.oddities_.add(Code::deviation, 2, "binary XML: header size is not 8");

  // Up to the first node: strings and resource map, the last of each counts. Everything else is skipped.
  while (at < end && end - at >= sizeof(ChunkHeader)) {
    KLIK_TRY(const ChunkHeader* chunk, file.view<ChunkHeader>(at));
    if (chunk->type >= kXmlStartNamespace && chunk->type <= kXmlLastNode) break;
    // A chunk that does not advance would be read for ever.
    if (chunk->size < sizeof(ChunkHeader) || chunk->size > end - at || chunk->header_size > chunk->size)
      return fail(Code::bad_value, at, "binary XML: a chunk in front of the first element has an impossible size");
    if (chunk->size % 4 != 0) doc.oddities_.add(Code::deviation, at + 4, "binary XML: chunk size is not a multiple of 4; the phone refuses it");
    if (chunk->type == kStringPool) {
      KLIK_TRY(const Bytes until_end, file.slice(0, at + chunk->size));
      KLIK_TRY(doc.strings_, StringPool::open(until_end, at, doc.oddities_));
    } else if (chunk->type == kXmlResourceMap) {
      const std::uint64_t body = chunk->size - chunk->header_size;
      KLIK_TRY(doc.resource_map_, file.array<U32le>(at + chunk->header_size, body / 4));
    } else {
      doc.oddities_.add(Code::deviation, at, "binary XML: unknown chunk; the phone skips it");
    }
    at += chunk->size;
  }
  doc.read_nodes(file, at, end);
  if (doc.elements_.empty()) return fail(Code::bad_value, at, "binary XML without an element");
  return doc;
}

void Document::read_nodes(Bytes file, std::uint64_t at, std::uint64_t end) {
  bool root_closed = false;
  while (at < end && end - at >= sizeof(ChunkHeader)) {
    const ChunkHeader* chunk = *file.view<ChunkHeader>(at);
    const std::uint64_t size = chunk->size, header_size = chunk->header_size;
    if (size < kNodeHeader || size > end - at || header_size < sizeof(ChunkHeader) || header_size > size) {
      oddities_.add(Code::bad_value, at, "binary XML: a node has an impossible size; the phone stops here", true);
      break;
    }
    if (size % 4 != 0) oddities_.add(Code::deviation, at + 4, "binary XML: chunk size is not a multiple of 4; the phone refuses it");
    const Bytes node = *file.slice(at, size);
    switch (chunk->type) {
      case kXmlStartElement:
        if (root_closed) oddities_.add(Code::deviation, at, "binary XML: an element behind the end of the root");
        if (header_size != kNodeHeader) oddities_.add(Code::deviation, at + 2, "binary XML: node header size is not 16");
        read_element(node, at, header_size);
        break;
      case kXmlEndElement:
        if (open_.empty()) {
          oddities_.add(Code::deviation, at, "binary XML: an end tag without start");
          break;
        }
        elements_[open_.back()].end = static_cast<std::uint32_t>(elements_.size());
        elements_[open_.back()].close = at + size;
        open_.pop_back();
        root_closed = open_.empty();
        break;
      case kXmlStartNamespace:
      case kXmlEndNamespace:
      case kXmlText: break;   // attributes name their namespace by its URI
      default: oddities_.add(Code::deviation, at, "binary XML: unknown chunk; the phone skips it");
    }
    at += size;
  }
  if (!open_.empty()) oddities_.add(Code::truncated, at, "binary XML: elements without end tag", true);
  for (const std::uint32_t i : open_) {
    elements_[i].end = static_cast<std::uint32_t>(elements_.size());
    elements_[i].close = at;
  }
  open_.clear();
}

void Document::read_element(Bytes node, std::uint64_t node_at, std::uint64_t header_size) {
  Element e;
  e.parent = open_.empty() ? kNone : open_.back();
  e.first_attribute = static_cast<std::uint32_t>(attributes_.size());
  e.at = node_at;
  e.length = node.size();
  if (const auto body = node.view<ElementBody>(header_size)) {
    e.name_space = (*body)->name_space;
    e.name = (*body)->name;
    const std::uint64_t start = header_size + (*body)->attribute_start;
    const std::uint64_t step = (*body)->attribute_size;
    std::uint64_t count = (*body)->attribute_count;
    if (count != 0) {
      if ((*body)->attribute_start != sizeof(ElementBody)) oddities_.add(Code::deviation, node_at + header_size + 8, "binary XML: attributes do not follow their element");
      // Attributes closer than their size overlap; a size of 0 would give one attribute 65,535 times.
      const std::uint64_t room = start < node.size() ? node.size() - start : 0;
      std::uint64_t fits = room < sizeof(WireAttribute) ? 0 : 1;
      if (step >= sizeof(WireAttribute)) fits = fits == 0 ? 0 : 1 + (room - sizeof(WireAttribute)) / step;
      if (step < sizeof(WireAttribute)) oddities_.add(Code::bad_value, node_at + header_size + 10, "binary XML: attributes smaller than 20 bytes");
      if (step > sizeof(WireAttribute)) oddities_.add(Code::deviation, node_at + header_size + 10, "binary XML: attributes larger than 20 bytes");
      if (count > fits) {
        oddities_.add(Code::truncated, node_at + header_size + 12, "binary XML: more attributes than their element holds; the phone refuses it", true);
        count = fits;
      }
    }
    std::uint32_t last_id = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t offset = start + i * step;
      const WireAttribute* a = *node.view<WireAttribute>(offset);
      Attribute attribute{.id = a->name < resource_map_.size() ? std::uint32_t{resource_map_[a->name]} : 0,
                          .name_space = a->name_space,
                          .name = a->name,
                          .raw = a->raw,
                          .value = {a->value.type, a->value.data},
                          .at = node_at + offset,
                          .length = sizeof(WireAttribute)};
      // The phone looks for attributes in rising order of their ids, without turning back.
      if (attribute.id != 0 && attribute.id < last_id && attribute.id >> 24 == last_id >> 24)
        oddities_.add(Code::deviation, attribute.at, "binary XML: attributes out of order; the phone may overlook some");
      if (attribute.id != 0) {
        if (attribute.id == last_id) oddities_.add(Code::conflict, attribute.at, "binary XML: an attribute occurs twice; the first counts");
        last_id = attribute.id;
      } else if (!resource_map_.empty() && strings_.equals(attribute.name_space, kAndroidNamespace)) {
        oddities_.add(Code::deviation, attribute.at, "binary XML: an android attribute without resource id; the phone does not see it");
      }
      attributes_.push_back(attribute);
    }
    e.attribute_count = static_cast<std::uint32_t>(count);
  } else {
    oddities_.add(Code::truncated, node_at, "binary XML: an element too short for its name", true);
  }
  open_.push_back(static_cast<std::uint32_t>(elements_.size()));
  elements_.push_back(e);
}

const Attribute* Document::find(const Element& e, std::uint32_t id, std::string_view name) const {
  for (const Attribute& a : attributes(e)) {
    if (a.id == id) return &a;
    if (!has_resource_map() && strings_.equals(a.name, name) && a.name_space != kNone) return &a;
  }
  return nullptr;
}

const Attribute* Document::find_plain(const Element& e, std::string_view name) const {
  for (const Attribute& a : attributes(e))
    if (a.name_space == kNone && strings_.equals(a.name, name)) return &a;
  return nullptr;
}

}  // namespace klik::axml
