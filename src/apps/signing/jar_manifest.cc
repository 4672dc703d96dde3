#include "apps/signing/jar_manifest.h"

#include <algorithm>

namespace klik::apk {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Lines end with CR, LF or both.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ >= text_.size(); }
  std::uint64_t position() const { return at_; }
  std::string_view next() {   // advances by 1 or more unless at the end
    const std::size_t end = std::min(text_.find_first_of("\r\n", at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    at_ = end;
    if (at_ < text_.size()) at_ += text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1;
    return line;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// A space goes with the colon; every other space belongs to name or value, which obfuscators use.
JarSection::Attribute split(const std::string& line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos) return {line, {}};
  return {line.substr(0, colon), line.substr(colon + 2)};
}

// False at the end of the file.
bool read_section(Lines& lines, JarSection& section) {
  std::string_view line;
  do {
    if (lines.at_end()) return false;
    section.at = lines.position();
    line = lines.next();
  } while (line.empty());
  std::string attribute(line);
  while (!lines.at_end()) {
    line = lines.next();
    if (line.empty()) break;
    if (line.front() == ' ') {
      attribute += line.substr(1);   // a continuation line
      continue;
    }
    section.attributes.push_back(split(attribute));
    attribute = line;
  }
  section.attributes.push_back(split(attribute));
  section.length = lines.position() - section.at;
  return true;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

const std::string* JarSection::value(std::string_view name) const {
  for (const Attribute& a : attributes)
    if (equal_ignoring_case(a.name, name)) return &a.value;
  return nullptr;
}

const std::string* JarSection::entry_name() const {
  return !attributes.empty() && equal_ignoring_case(attributes.front().name, "Name") ? &attributes.front().value : nullptr;
}

JarManifest parse_jar_manifest(Bytes bytes) {
  Lines lines(bytes.text());
  JarManifest manifest;
  if (!read_section(lines, manifest.main)) return manifest;
  for (JarSection section; read_section(lines, section); section = {}) manifest.sections.push_back(std::move(section));
  return manifest;
}

}  // namespace klik::apk
