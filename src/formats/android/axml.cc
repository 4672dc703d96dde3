#include "formats/android/axml.h"

#include <algorithm>

#include "formats/android/string_pool.h"

namespace klik::android {
namespace {

constexpr std::uint16_t kStringPool = 0x0001, kXml = 0x0003, kFirstNode = 0x0100, kLastNode = 0x017F, kStartElement = 0x0102, kEndElement = 0x0103, kResourceMap = 0x0180;
constexpr std::size_t kMostElements = 1'000'000, kMostOddities = 64;

struct ElementExtension {   // behind the node header, whose size the chunk states
  U32le ns, name;
  U16le attribute_start, attribute_size, attribute_count, id_index, class_index, style_index;
};
static_assert(sizeof(ElementExtension) == 20);

struct Attribute {
  U32le ns, name, raw_value;
  U16le value_size;
  std::uint8_t zero, type;
  U32le data;
};
static_assert(sizeof(Attribute) == 20);

class Reader {
 public:
  explicit Reader(Bytes file) : file_(file) {}

  Result<XmlDocument> read() {
    KLIK_TRY(const ChunkHeader* root, file_.view<ChunkHeader>(0));
    // The phone does not look at the root's type; text that begins with '<' is no binary XML.
    if (root->header_size < sizeof(ChunkHeader) || root->header_size > root->size) return fail(Code::bad_magic, 0, "not binary XML");
    if (root->type != kXml) odd(Code::deviation, 0, "the root chunk is not of the XML type; Android does not look");
    std::uint64_t end = root->size;
    if (end > file_.size()) return fail(Code::truncated, 4, "the document is shorter than it says");
    if (end < file_.size()) odd(Code::deviation, end, "bytes after the document");
    for (std::uint64_t at = root->header_size; at < end;) {
      const auto chunk = file_.view<ChunkHeader>(at);
      if (!chunk) {
        odd(chunk.error().code, at, "the last chunk is cut short");
        break;
      }
      // A chunk that does not advance would be read for ever.
      if ((*chunk)->size < sizeof(ChunkHeader) || (*chunk)->header_size > (*chunk)->size || (*chunk)->size > end - at) {
        odd(Code::bad_value, at, "a chunk has an impossible size; Android stops reading here");
        break;
      }
      if (const auto done = one(**chunk, at); !done) {
        if (done.error().code == Code::over_budget) return fail(done.error());
        odd(done.error().code, done.error().at, done.error().what);
        break;
      }
      at += (*chunk)->size;
    }
    if (document_.elements.empty()) return fail(Code::bad_value, 0, "binary XML without an element");
    return std::move(document_);
  }

 private:
  void odd(Code code, std::uint64_t at, const char* what) {
    if (document_.oddities.size() < kMostOddities) document_.oddities.push_back(fail(code, at, what).error());
  }

  Result<void> one(const ChunkHeader& chunk, std::uint64_t at) {
    const std::uint16_t type = chunk.type;
    KLIK_TRY(const Bytes body, file_.slice(at, chunk.size));
    if (type == kStringPool) {
      if (have_pool_) {
        odd(Code::deviation, at, "a second string pool");
        return {};
      }
      KLIK_TRY(pool_, StringPool::read(body));
      have_pool_ = true;
    } else if (type == kResourceMap) {
      const std::uint64_t header = chunk.header_size;
      KLIK_TRY(ids_, body.array<U32le>(header, (body.size() - header) / 4));
    } else if (type == kStartElement) {
      return start(body, chunk.header_size, at);
    } else if (type == kEndElement) {
      if (!open_.empty()) open_.pop_back();
      else odd(Code::deviation, at, "an element ends that never began");
    } else if (type < kFirstNode || type > kLastNode) {
      odd(Code::deviation, at, "a chunk of unknown type");
    }
    return {};
  }

  Result<void> start(Bytes node, std::uint64_t header, std::uint64_t at) {
    if (document_.elements.size() >= kMostElements) return fail(Code::over_budget, at, "more elements than a document may have");
    if (header != 16) odd(Code::deviation, at, "a node header of unusual size");
    KLIK_TRY(const ElementExtension* extension, node.view<ElementExtension>(header));
    XmlElement element;
    element.name = pool_.get(extension->name);
    element.parent = open_.empty() ? -1 : open_.back();
    element.at = at;
    element.length = node.size();
    const std::uint64_t step = extension->attribute_size, first = header + extension->attribute_start;
    const std::uint64_t count = extension->attribute_count;
    if (count > 0 && step < sizeof(Attribute)) return fail(Code::bad_value, at, "attributes smaller than an attribute");
    if (first > node.size() || (count > 0 && count > (node.size() - first) / step)) return fail(Code::truncated, at, "attributes past their element");
    if (count > 0 && (step != sizeof(Attribute) || extension->attribute_start != sizeof(ElementExtension))) odd(Code::deviation, at, "attributes laid out in an unusual way");
    element.attributes.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      KLIK_TRY(const Attribute* raw, node.view<Attribute>(first + i * step));
      XmlAttribute attribute;
      const std::uint32_t name = raw->name;
      attribute.id = name < ids_.size() ? std::uint32_t{ids_[name]} : 0;
      attribute.name = pool_.get(name);
      attribute.type = static_cast<ValueType>(raw->type);
      attribute.data = raw->data;
      if (attribute.type == ValueType::string) attribute.text = pool_.get(attribute.data);
      else if (raw->raw_value != kNoString) attribute.text = pool_.get(raw->raw_value);
      attribute.at = at + first + i * step;
      attribute.length = sizeof(Attribute);
      element.attributes.push_back(std::move(attribute));
    }
    open_.push_back(static_cast<int>(document_.elements.size()));
    document_.elements.push_back(std::move(element));
    return {};
  }

  Bytes file_;
  XmlDocument document_;
  StringPool pool_;
  bool have_pool_ = false;
  std::span<const U32le> ids_;
  std::vector<int> open_;
};

}  // namespace

const XmlAttribute* XmlElement::find(std::uint32_t id, std::string_view attribute_name) const {
  for (const XmlAttribute& a : attributes)
    if (id != 0 && a.id == id) return &a;
  for (const XmlAttribute& a : attributes)
    if (a.id == 0 && a.name == attribute_name) return &a;
  return nullptr;
}

Result<XmlDocument> read_axml(Bytes file) { return Reader(file).read(); }

}  // namespace klik::android
