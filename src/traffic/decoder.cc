#include "traffic/decoder.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/hash.h"
#include "traffic/host_name.h"
#include "traffic/text_encodings.h"

namespace klik::traffic {
namespace {

using text::lower;

std::string without_port(std::string_view host) {
  if (const auto colon = host.rfind(':'); colon != host.npos && !host.contains(']') && host.find(':') == colon) host = host.substr(0, colon);
  return host_name(host);
}

bool is_protocol(std::string_view wanted, std::string_view protocol) { return wanted == "http" ? protocol == "http1" || protocol == "h2" || protocol == "h3" : wanted == protocol; }

bool matches(const data::DecoderMatch& m, const Message& message, std::string_view host, std::string_view path, std::string_view type) {
  return is_protocol(m.protocol, message.protocol) && m.message == message.what && std::ranges::any_of(m.hosts, [&](const std::string& h) { return data::host_matches(h, host); }) &&
         (m.paths.empty() || std::ranges::any_of(m.paths, [&](const std::string& p) { return data::path_matches(p, path); })) &&
         (m.methods.empty() || std::ranges::find(m.methods, message.method) != m.methods.end()) && type.starts_with(m.content_type);
}

// The parts of a binary frame, big-endian, in order. Empty when the bytes are not of it.
std::vector<Bytes> parts_of(Bytes bytes, std::span<const std::string> frame) {
  std::vector<Bytes> parts;
  std::uint64_t at = 0;
  for (const std::string& kind : frame) {
    std::uint64_t length = 0;
    if (kind == "u16" || kind == "u32") {
      length = kind == "u16" ? 2 : 4;
    } else if (kind == "text16") {
      const auto size = bytes.view<U16be>(at);
      if (!size) return {};
      length = **size;
      at += 2;
    } else {
      const auto size = bytes.view<U32be>(at);
      if (!size) return {};
      length = **size;
      at += 4;
    }
    const auto part = bytes.slice(at, length);
    if (!part) return {};
    parts.push_back(*part);
    at += length;
  }
  return parts;
}

// Whether a field that names an element by its number lies at, or above, a place.
bool is_above(std::string_view field, std::string_view place) {
  std::size_t f = 0, p = 0;
  while (f < field.size() && p < place.size()) {
    if (field[f] == '[' && field.substr(f).starts_with("[*]") && place[p] == '[') {
      const auto end = place.find(']', p);
      if (end == place.npos) return false;
      f += 3;
      p = end + 1;
    } else if (field[f++] != place[p++]) {
      return false;
    }
  }
  return f == field.size() && (p == place.size() || std::string_view("./[").contains(place[p]));
}
bool names_an_element(std::string_view field) {
  for (std::size_t at = 0; (at = field.find('[', at)) != field.npos; ++at)
    if (at + 1 < field.size() && field[at + 1] >= '0' && field[at + 1] <= '9') return true;
  return false;
}

}  // namespace

bool says_something(std::string_view value) {
  if (value.empty() || value == "null" || value == "undefined" || value == "unknown" || value == "(null)" || value == "\"\"") return false;
  // What Android gives apps instead of the address.
  if (value == "02:00:00:00:00:00" || value == "02%3A00%3A00%3A00%3A00%3A00") return false;
  // An id of zeros is one that was switched off; a single zero may be a count.
  return value.size() < 8 || value.find_first_not_of("0-:") != value.npos;
}

std::vector<const data::Decoder*> decoders_of(const Message& message) {
  if (message.way != Way::up) return {};
  const std::string host = without_port(message.host), type = lower(message.content_type);
  const std::string_view path = std::string_view(message.path).substr(0, message.path.find('?'));
  std::vector<const data::Decoder*> out = data::decoders_near(host);
  std::erase_if(out, [&](const data::Decoder* d) { return std::ranges::none_of(d->matches, [&](const data::DecoderMatch& m) { return matches(m, message, host, path, type); }); });
  std::ranges::sort(out, {}, &data::Decoder::id);
  return out;
}

std::vector<const data::Decoder*> decoders_of_host(std::string_view named) {
  const std::string host = without_port(named);
  std::vector<const data::Decoder*> out;
  if (host.empty()) return out;
  out = data::decoders_near(host);
  std::erase_if(out, [&](const data::Decoder* d) {
    return !d->host_alone || std::ranges::none_of(d->matches, [&](const data::DecoderMatch& m) { return std::ranges::any_of(m.hosts, [&](const std::string& h) { return data::host_matches(h, host); }); });
  });
  std::ranges::sort(out, {}, &data::Decoder::id);
  return out;
}

const TelemetryDecoder::Index& TelemetryDecoder::index_of(const data::Decoder& decoder) {
  const auto [at, added] = indexes_.try_emplace(&decoder);
  if (added)
    for (const data::DecoderField& f : decoder.fields) at->second[data::comparable_path(f.path)].push_back(&f);
  return at->second;
}

std::span<const data::Decoder* const> TelemetryDecoder::message(const Message& message) {
  active_.clear();
  decoders_ = decoders_of(message);
  for (const data::Decoder* d : decoders_)
    if (!d->fields.empty() || !d->proofs.empty()) active_.push_back({d, &index_of(*d), {}});
  return decoders_;
}

TelemetryDecoder::Finds TelemetryDecoder::content(const Content& content) {
  Finds finds;
  if (active_.empty()) return finds;
  std::string root(content.place);
  if (!content.name.empty()) root.append(".").append(lower(path_name(content.name)));
  for (Active& active : active_) {
    // Most decoders look into one place only.
    const auto concerns = [&](std::string_view path) { return path.starts_with(root); };
    if (std::ranges::none_of(active.decoder->fields, concerns, &data::DecoderField::path) && std::ranges::none_of(active.decoder->proofs, concerns, &data::DecoderProof::place)) continue;
    if (active.decoder->frame.empty() || content.place != "request.body") {
      look(active, content.bytes, root, content.type, finds);
      continue;
    }
    const std::vector<Bytes> parts = parts_of(content.bytes, active.decoder->frame);
    for (std::size_t i = 0; i < parts.size(); ++i)
      if (active.decoder->frame[i].starts_with('t') || active.decoder->frame[i].starts_with('b')) look(active, parts[i], root + "/frame." + std::to_string(i), {}, finds);
  }
  return finds;
}

void TelemetryDecoder::look(Active& active, Bytes bytes, const std::string& root, std::string_view type, Finds& finds) {
  const Unwrapped all = unwrap(bytes, root, type, limits_, [&](const Node& node) {
    // Numbers written out as text: the same values once more.
    if (node.outline && node.named.data() != node.bytes.data()) return;
    for (const data::DecoderProof& p : active.decoder->proofs)
      if (node.outline && std::string(node.path).append("/").append(node.outline->format) == p.place) prove(*active.decoder, node, finds.proofs);
    if (active.told.size() == active.decoder->fields.size()) return;
    if (!node.outline) return meet(active, node.path, node.bytes, finds);
    std::string path(node.path);
    path += '/';
    const std::size_t base = path.size();
    for (std::uint32_t i = 0; i < node.outline->leaves.size(); ++i) {
      const Leaf& leaf = node.outline->leaves[i];
      const auto value = node.bytes.slice(leaf.at, leaf.length);
      path.resize(base);
      path.append(node.outline->path(i, node.named));
      if (value) meet(active, path, leaf.kind == LeafKind::integer || leaf.kind == LeafKind::real ? Bytes::of("1") : *value, finds);
    }
  });
  if (!finds.over) finds.over = all.over;
}

void TelemetryDecoder::meet(Active& active, std::string_view place, Bytes value, Finds& finds) {
  if (!says_something(value.text())) return;
  std::string path = data::comparable_path(place);
  // One cookie alone reads as a form.
  constexpr std::string_view kAlone = "request.header.cookie/form.";
  if (path.starts_with(kAlone)) path.replace(0, kAlone.size(), "request.header.cookie/cookie.");
  // What lies below a field's path counts as well.
  std::string prefix;
  for (std::size_t end = path.find('/');; end = path.find_first_of("./[", end + 1)) {   // each turn is further on
    prefix.assign(path, 0, end);
    if (const auto at = active.index->find(prefix); at != active.index->end())
      for (const data::DecoderField* field : at->second) {
        if (std::ranges::find(active.told, field) != active.told.end()) continue;
        if (names_an_element(field->path) && !is_above(data::comparable_path(field->path, false), data::comparable_path(place, false))) continue;
        active.told.push_back(field);
        finds.found.push_back({active.decoder, field});
      }
    if (end == path.npos) break;
  }
}

void TelemetryDecoder::prove(const data::Decoder& decoder, const Node& node, std::vector<Proof>& proofs) const {
  if (std::ranges::find(proofs, &decoder, &Proof::decoder) != proofs.end()) return;
  const data::DecoderProof& proof = decoder.proofs[0];
  std::map<std::string, std::string, std::less<>> values;
  for (const Leaf& leaf : node.outline->leaves) {
    const auto name = node.named.slice(leaf.name.at, leaf.name.length), value = node.bytes.slice(leaf.at, leaf.length);
    if (!name || !value || values.size() > 64) continue;
    values.emplace(name->text(), decoded_percent(value->text(), true).value_or(std::string(value->text())));
  }
  const auto signature = values.find(proof.against);
  if (signature == values.end()) return;
  std::string joined;
  for (std::string_view field : proof.fields) {
    const bool optional = field.ends_with('?');
    if (optional) field.remove_suffix(1);
    const auto value = values.find(field);
    if (value == values.end() && optional) continue;
    joined.append(field);
    if (value != values.end()) joined.append(value->second);
  }
  joined.append(proof.salt);
  proofs.push_back({&decoder, hex(Bytes(hash(HashAlgorithm::md5, Bytes::of(joined)))) == lower(signature->second)});
}

}  // namespace klik::traffic
