#include "compare/code_marks.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "data/powers.h"

namespace klik::compare {
namespace {

using flow::CodeMark;

constexpr unsigned kPower = flow::kMostMarkWeight, kArea = 1;

struct Word {
  std::string_view pattern, mark;   // a glob of data::glob_matches
};

// Parts of the platform whose use says something whatever the method. Powers name the methods that are enough by themselves.
constexpr auto kAreas = std::to_array<Word>({
    {"dalvik/system/*", "load"}, {"java/lang/ClassLoader;*", "load"}, {"java/lang/Runtime;->load*", "load"}, {"java/lang/System;->load*", "load"}, {"java/lang/Runtime;*", "exec"}, {"java/lang/ProcessBuilder;*", "exec"},
    {"java/lang/reflect/*", "reflection"}, {"java/lang/Class;->forName*", "reflection"}, {"java/lang/invoke/*", "reflection"}, {"java/net/*", "network"}, {"javax/net/*", "network"}, {"java/nio/channels/*Socket*", "network"},
    {"android/net/*", "network"}, {"org/apache/http/*", "network"}, {"android/webkit/*", "network"}, {"javax/crypto/*", "crypto"}, {"java/security/*", "crypto"}, {"android/os/ServiceManager;*", "processes"},
    {"android/os/Parcel;*", "processes"}, {"android/os/SystemProperties;*", "processes"}, {"android/content/ContentResolver;*", "data"}, {"android/provider/*", "data"}, {"android/telephony/*", "telephony"},
    {"android/telecom/*", "telephony"}, {"com/android/internal/telephony/*", "telephony"}, {"android/location/*", "location"}, {"android/content/pm/*", "packages"}, {"android/app/*Manager;*", "manager"},
    {"android/os/*Manager;*", "manager"}, {"android/hardware/*", "hardware"}, {"android/bluetooth/*", "hardware"}, {"android/nfc/*", "hardware"}, {"android/media/*Record*", "record"}, {"android/media/projection/*", "record"},
    {"android/accessibilityservice/*", "accessibility"}, {"android/view/accessibility/*", "accessibility"}, {"android/accounts/*", "identity"}, {"java/io/File;->set*", "files"}, {"android/os/Build;->SERIAL*", "identity"},
    {"android/os/Build;->getSerial*", "identity"},
});

// In lower case.
constexpr auto kTexts = std::to_array<Word>({
    {"su", "command"}, {"sh", "command"}, {"*/bin/*", "command"}, {"pm *", "command"}, {"am *", "command"}, {"settings put*", "command"}, {"content://*", "place"}, {"/data/*", "place"}, {"/dev/*", "place"}, {"/proc/*", "place"},
    {"ro.*", "property"}, {"persist.*", "property"}, {"ctl.*", "property"}, {"*http*://*", "address"}, {"ws://*", "address"}, {"wss://*", "address"}, {"*.dex", "code"}, {"*.so", "code"}, {"*.apk", "code"}, {"*.jar", "code"},
    {"aes*", "cipher"}, {"des*", "cipher"},
});

struct Named {
  const data::ApiPattern* pattern;
  std::string_view power;
};

// What needs an argument to say something is left to the areas: a call's arguments are not part of a difference.
const std::unordered_map<std::string_view, std::vector<Named>>& powers_by_class() {
  static const auto all = [] {
    std::unordered_map<std::string_view, std::vector<Named>> out;
    for (const std::string_view over : data::kPowerOver)   // of two powers of one call the graver
      for (const data::Power& p : data::powers())
        if (p.over == over)
          for (const data::ApiPattern& a : p.calls)
            if (a.arguments.empty())
              for (const std::string_view c : a.classes) out[c].push_back({&a, p.id});
    return out;
  }();
  return all;
}

CodeMark area_of(std::string_view member) {
  for (const Word& w : kAreas)
    if (data::glob_matches(w.pattern, member)) return {kArea, w.mark};
  return {};
}

}  // namespace

CodeMark mark_of_call(std::string_view call) {
  const std::size_t arrow = call.find(";->");
  if (!call.starts_with('L') || arrow == call.npos) return {};
  const std::string_view owner = call.substr(1, arrow - 1), method = call.substr(arrow + 3, call.find('(', arrow) - arrow - 3);
  if (const auto found = powers_by_class().find(owner); found != powers_by_class().end())
    for (const Named& n : found->second)
      if (n.pattern->matches_name(owner, method)) return {kPower, n.power};
  return area_of(call.substr(1));
}

CodeMark mark_of_field(std::string_view field) { return field.starts_with('L') ? area_of(field.substr(1)) : CodeMark{}; }

CodeMark mark_of_code_text(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  for (const Word& w : kTexts)
    if (data::glob_matches(w.pattern, lower)) return {kArea, w.mark};
  return {};
}

CodeMark mark_of_feature(const flow::SharedTexts& texts, flow::Id feature) {
  const std::string_view text = texts.text(feature);
  switch (texts.kind(feature)) {
    case flow::SharedTexts::Kind::call: return mark_of_call(text);
    case flow::SharedTexts::Kind::field: return mark_of_field(text);
    case flow::SharedTexts::Kind::text: return mark_of_code_text(text);
    default: return {};
  }
}

}  // namespace klik::compare
