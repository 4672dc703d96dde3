#include "formats/android/init_rc.h"

#include <algorithm>

namespace klik::init_rc {
namespace {

constexpr std::size_t kMostLines = 100'000;    // the longest real file has 2,000

std::string joined(const std::vector<std::string>& words, std::size_t from) {
  std::string out;
  for (std::size_t i = from; i < words.size(); ++i) out += (i > from ? " " : "") + words[i];
  return out;
}

std::vector<std::string> rest(const Line& line, std::size_t from) {
  return {line.words.begin() + static_cast<std::ptrdiff_t>(std::min(from, line.words.size())), line.words.end()};
}

std::string word(const Line& line, std::size_t n) { return n < line.words.size() ? line.words[n] : std::string(); }

// Source: init/service_parser.cpp; letters, digits and these.
bool valid_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '@' || c == '/' || c == ':';
  });
}

void option(Service& service, const Line& line) {
  const std::string& keyword = line.words.front();
  if (keyword == "user") service.user = word(line, 1);
  else if (keyword == "group") service.groups = rest(line, 1);
  else if (keyword == "seclabel") service.seclabel = word(line, 1);
  else if (keyword == "class") service.classes = rest(line, 1);
  else if (keyword == "disabled") service.disabled = true;
  else if (keyword == "oneshot") service.oneshot = true;
  else if (keyword == "console") service.console = true;
  else if (keyword == "override") service.overrides = true;
  else if (keyword == "updatable") service.updatable = true;
  else if (keyword == "capabilities") {
    service.capabilities = rest(line, 1);
    service.stated_capabilities = true;
  } else if (keyword == "socket") {
    service.sockets.push_back({word(line, 1), word(line, 2), word(line, 3), word(line, 4), word(line, 5), word(line, 6), line.range});
  } else if (keyword == "onrestart") {
    if (line.words.size() > 1) service.on_restart.push_back({rest(line, 1), line.range});
  } else {
    service.critical |= keyword == "critical";
    service.other.push_back(line);
  }
}

class Reader {
 public:
  File take(const std::vector<Line>& lines) {
    for (const Line& line : lines) one(line);
    return std::move(file_);
  }

 private:
  enum class Section : std::uint8_t { none, service, action, refused };

  void refuse(const Line& line, const char* why) { file_.oddities.push_back({fail(Code::bad_value, line.range.at, why).error(), joined(line.words, 0)}); }

  void one(const Line& line) {
    const std::string& keyword = line.words.front();
    if (keyword == "service") {
      service(line);
    } else if (keyword == "on") {
      section_ = Section::action;
      file_.actions.push_back({joined(line.words, 1), {}, line.range});
    } else if (keyword == "import") {
      section_ = Section::none;
      if (line.words.size() == 2) file_.imports.push_back({line.words[1], line.range});
      else refuse(line, "an import that names no single file");
    } else if (section_ == Section::service) {
      Service& s = file_.services.back();
      option(s, line);
      s.range.length = line.range.at + line.range.length - s.range.at;
    } else if (section_ == Section::action) {
      file_.actions.back().commands.push_back(line);
    } else if (section_ == Section::none) {
      refuse(line, "a line outside of any section");
    }
  }

  void service(const Line& line) {
    section_ = Section::refused;   // its options go with it
    if (line.words.size() < 3) return refuse(line, "a service without a program");
    if (!valid_name(line.words[1])) return refuse(line, "a service whose name init refuses");
    section_ = Section::service;
    Service s;
    s.name = line.words[1];
    s.executable = line.words[2];
    s.arguments = rest(line, 3);
    s.range = line.range;
    file_.services.push_back(std::move(s));
  }

  File file_;
  Section section_ = Section::none;
};

}  // namespace

Result<File> parse(Bytes text) {
  KLIK_TRY(const std::vector<Line> lines, lines_of(text, kMostLines));
  File file = Reader().take(lines);
  if (const auto nul = text.text().find('\0'); nul != std::string_view::npos)
    file.oddities.push_back({fail(Code::deviation, nul, "init reads no further than this NUL byte").error(), {}});
  return file;
}

std::vector<std::string> properties_of(std::string_view trigger) {
  constexpr std::string_view kMark = "property:";
  std::vector<std::string> out;
  for (auto at = trigger.find(kMark); at != trigger.npos; at = trigger.find(kMark, at)) {
    at += kMark.size();
    out.emplace_back(trigger.substr(at, trigger.find(' ', at) - at));
  }
  return out;
}

}  // namespace klik::init_rc
