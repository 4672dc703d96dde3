#include "formats/android/apex_manifest.h"

#include <charconv>

#include <nlohmann/json.hpp>

#include "formats/protobuf.h"

namespace klik::apex {
namespace {

using Json = nlohmann::json;

constexpr std::uint32_t kName = 1, kVersion = 2, kPreInstallHook = 3, kNoCode = 6, kCapex = 12, kOriginalDigest = 1;

Result<void> expect(const protobuf::Field& field, protobuf::Wire wire) {
  if (field.wire != wire) return fail(Code::bad_value, field.at, "a field of the manifest has another type");
  return {};
}

Result<std::optional<std::string>> text_of(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return std::nullopt;
  const auto* text = at->get_ptr<const std::string*>();
  if (!text) return fail(Code::bad_value, 0, "a field of the manifest is not text");
  return *text;
}

// The JSON form of a 64-bit protobuf integer may be a number or text.
Result<std::optional<std::int64_t>> number_of(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return std::nullopt;
  if (const auto* number = at->get_ptr<const std::int64_t*>(); number && !at->is_number_unsigned()) return *number;
  if (const auto* number = at->get_ptr<const std::uint64_t*>(); number && std::in_range<std::int64_t>(*number)) return static_cast<std::int64_t>(*number);
  if (const auto* text = at->get_ptr<const std::string*>()) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error == std::errc() && end == text->data() + text->size()) return value;
  }
  return fail(Code::bad_value, 0, "a field of the manifest is not a whole number");
}

}  // namespace

Result<Manifest> read_pb(Bytes bytes) {
  Manifest manifest;
  protobuf::Reader reader(bytes);
  while (!reader.at_end()) {   // next() takes at least one byte or fails
    KLIK_TRY(const protobuf::Field field, reader.next());
    switch (field.number) {
      case kName:
        KLIK_CHECK(expect(field, protobuf::Wire::bytes));
        manifest.name = std::string(field.bytes.text());
        break;
      case kVersion:
        KLIK_CHECK(expect(field, protobuf::Wire::varint));
        manifest.version = static_cast<std::int64_t>(field.value);
        break;
      case kPreInstallHook:
        KLIK_CHECK(expect(field, protobuf::Wire::bytes));
        manifest.pre_install_hook = std::string(field.bytes.text());
        break;
      case kNoCode:
        KLIK_CHECK(expect(field, protobuf::Wire::varint));
        manifest.no_code = field.value != 0;
        break;
      case kCapex: {
        KLIK_CHECK(expect(field, protobuf::Wire::bytes));
        protobuf::Reader inner(field.bytes);
        while (!inner.at_end()) {
          KLIK_TRY(const protobuf::Field part, inner.next());
          if (part.number != kOriginalDigest) continue;
          KLIK_CHECK(expect(part, protobuf::Wire::bytes));
          manifest.original_digest = std::string(part.bytes.text());
        }
        break;
      }
      default: break;
    }
  }
  return manifest;
}

Result<Manifest> read_json(Bytes bytes) {
  // Neither exceptions nor comments.
  const Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (json.is_discarded() || !json.is_object()) return fail(Code::bad_value, 0, "the manifest is not a JSON object");
  Manifest manifest;
  KLIK_TRY(manifest.name, text_of(json, "name"));
  KLIK_TRY(manifest.version, number_of(json, "version"));
  KLIK_TRY(manifest.pre_install_hook, text_of(json, "preInstallHook"));
  if (const auto at = json.find("noCode"); at != json.end()) {
    const auto* flag = at->get_ptr<const bool*>();
    if (!flag) return fail(Code::bad_value, 0, "noCode is not true or false");
    manifest.no_code = *flag;
  }
  return manifest;
}

}  // namespace klik::apex
