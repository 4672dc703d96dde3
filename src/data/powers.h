// What somebody on the phone may be able to do to its owner: the files of data/powers. A power names the rights that allow
// it and the code that uses it; that somebody has one is a fact of the image extractor `powers`.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace klik::data {

// A method of the platform, and what it must be given where the method alone says too little.
//   android/content/ContentResolver;->query with content://sms* android/provider/Telephony$Sms*
struct ApiPattern {
  std::vector<std::string_view> classes;     // without L and ; — any of them
  std::string_view name;                     // without '*'
  bool prefix = false;                       // the name ended with '*'
  std::vector<std::string_view> arguments;   // globs over constants: text, CLASS;->FIELD, or a number; empty: any

  bool matches_name(std::string_view class_name, std::string_view method) const;
  // Whether one of the arguments' globs covers this constant. True when the pattern asks for none.
  bool matches_argument(std::string_view constant) const;
};

// control: the phone itself. person: what the owner says, does, has and where. indirect: what makes those easier or
// hides them. little: what nearly every app is able to do.
inline constexpr std::string_view kPowerOver[] = {"control", "person", "indirect", "little"};

struct Power {
  std::string_view id;                       // the file's name: "read_messages"
  std::string_view title_en, title_nl;
  std::string_view over;                     // a word of kPowerOver: what it gives power over, for the order of changes
  std::vector<std::string_view> explain_en, explain_nl;   // lines to be joined with blanks
  std::vector<std::string_view> rights;      // permissions, any of which allows it
  std::optional<int> none_until;             // no right is needed up to this target SDK; 10'000: ever
  std::vector<std::string_view> uids;        // "root", "system", …: users that need no permission for it
  std::vector<std::string_view> capabilities;   // of native services: "net_admin"
  std::vector<ApiPattern> calls;
  std::vector<std::string_view> receivers;   // broadcast actions
  std::vector<std::string_view> services;    // permissions that the system must hold to bind a service of this kind
  std::vector<std::string_view> extends;     // classes, without L and ;
  std::vector<std::string_view> natives;     // imported symbols
  std::vector<std::string_view> native_texts;   // globs over paths and commands that native code names
  std::vector<std::vector<std::string_view>> all;   // made of other powers: one of each line
  bool needs_cleartext = false;              // only where the manifest allows traffic without encryption
  bool texts = false;                        // what the calling method says besides is worth showing
  bool guard = false;                        // no power over the owner, but a check of the caller
};

// In the order of their ids. Parsed once; the text is part of the program.
std::span<const Power> powers();
const Power* find_power(std::string_view id);

// Kinds of code that is loaded or looked up while running: data/dynamic, in the same form.
std::span<const Power> dynamic_kinds();

// '*' stands for any text, everything else for itself.
bool glob_matches(std::string_view pattern, std::string_view text);

// For tests of the reader itself.
Power parse_power(std::string_view id, std::string_view text);

}  // namespace klik::data
