// Splitting init's files into lines of words.
#include "formats/android/init_rc.h"

namespace klik::init_rc {
namespace {

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  bool more() const { return at_ < text_.size(); }

  // The next line that has words; false at the end. Every call takes at least one byte.
  bool next(Line& line) {
    line = {};
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (blank(c)) {
        ++at_;
      } else if (c == '#') {
        skip_comment();
      } else if (c == '\n') {
        ++at_;
        if (!line.words.empty()) return true;
      } else {
        word(line);
      }
    }
    return !line.words.empty();
  }

 private:
  void skip_comment() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }

  void word(Line& line) {
    const std::size_t from = at_;
    std::string out;
    while (at_ < text_.size() && !blank(text_[at_]) && text_[at_] != '\n') {
      if (text_[at_] == '"') quoted(out);
      else if (text_[at_] == '\\') escaped(out);
      else out += text_[at_++];
    }
    if (line.words.empty()) line.range.at = from;
    line.range.length = at_ - line.range.at;
    line.words.push_back(std::move(out));
  }

  // Up to the closing quote, line ends included. Without one, init gives up on the rest of the file; we keep the word.
  void quoted(std::string& out) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        ++at_;
        return;
      }
      out += text_[at_];
    }
  }

  void escaped(std::string& out) {
    if (++at_ == text_.size()) return;
    const char c = text_[at_];
    if (c == 'n' || c == 'r' || c == 't') {
      out += c == 'n' ? '\n' : c == 'r' ? '\r' : '\t';
      ++at_;
    } else if (c == '\r' || c == '\n') {
      if (c == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n')) {
        ++at_;
        return;
      }
      at_ += c == '\r' ? 2 : 1;   // the line goes on, inside this word
      while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    } else {
      out += c;
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Line>> lines_of(Bytes file, std::size_t most) {
  // A NUL ends the text for init.
  const std::string_view text = file.text().substr(0, file.text().find('\0'));
  Words words(text);
  std::vector<Line> lines;
  for (Line line; words.next(line);) {
    if (lines.size() == most) return fail(Code::over_budget, line.range.at, "a script with more lines than any real one");
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace klik::init_rc
