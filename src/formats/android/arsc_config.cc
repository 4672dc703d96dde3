// Qualifiers of a configuration in the spelling of resource folders. Source: AOSP ResourceTypes.h,
// ResTable_config: size, mcc, mnc, language, country, orientation, touchscreen, density, input, screen, version, …
#include "formats/android/arsc.h"

namespace klik::arsc {
namespace {

using namespace res;

struct Config {
  U32le size;
  U16le mcc, mnc;
  std::uint8_t language[2], country[2];
  std::uint8_t orientation, touchscreen;
  U16le density;
  std::uint8_t keyboard, navigation, input_flags, grammar;
  U16le screen_width, screen_height, sdk, minor;
};
static_assert(sizeof(Config) == 28);

// Two letters, or three packed into five bits each when the top bit is set.
std::string code(const std::uint8_t (&in)[2], char base) {
  if (in[0] & 0x80) {
    const std::uint8_t letters[] = {static_cast<std::uint8_t>(in[1] & 0x1F), static_cast<std::uint8_t>((in[1] & 0xE0) >> 5 | (in[0] & 0x03) << 3), static_cast<std::uint8_t>((in[0] & 0x7C) >> 2)};
    std::string out;
    for (const std::uint8_t l : letters) out += static_cast<char>(base + l);
    return out;
  }
  if (in[0] == 0) return {};
  return {static_cast<char>(in[0]), static_cast<char>(in[1])};
}

std::string density_name(std::uint16_t density) {
  switch (density) {
    case 120: return "ldpi";
    case 160: return "mdpi";
    case 213: return "tvdpi";
    case 240: return "hdpi";
    case 320: return "xhdpi";
    case 480: return "xxhdpi";
    case 640: return "xxxhdpi";
    case 0xFFFE: return "anydpi";
    case 0xFFFF: return "nodpi";
    default: return std::to_string(density) + "dpi";
  }
}

}  // namespace

std::string Table::config_name(const Entry& entry) const {
  if (entry.is_default) return "default";
  const auto bytes = file_.slice(entry.config_at, entry.config_size);
  if (!bytes) return "+";
  // Old tables have shorter configurations: what is missing asks for nothing.
  Config c{};
  const std::uint64_t known = std::min<std::uint64_t>(bytes->size(), sizeof c);
  copy_bytes(writable_bytes(c), 0, *bytes->slice(0, known));
  std::string out;
  const auto add = [&](const std::string& part) {
    if (part.empty()) return;
    if (!out.empty()) out += '-';
    out += part;
  };
  if (c.mcc != 0) add("mcc" + std::to_string(c.mcc));
  if (c.mnc != 0) add("mnc" + std::to_string(c.mnc));
  add(code(c.language, 'a'));
  if (const std::string country = code(c.country, '0'); !country.empty()) add("r" + country);
  if (c.orientation != 0) add(c.orientation == 1 ? "port" : c.orientation == 2 ? "land" : "square");
  if (c.density != 0) add(density_name(c.density));
  if (c.sdk != 0) add("v" + std::to_string(c.sdk));
  bool more = c.touchscreen || c.keyboard || c.navigation || c.input_flags || c.grammar || c.screen_width || c.screen_height || c.minor;
  for (const std::uint8_t b : bytes->span().subspan(known)) more = more || b != 0;
  if (more) out += "+";
  return out;
}

}  // namespace klik::arsc
