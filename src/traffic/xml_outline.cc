// XML's texts and attributes with their places, tolerant as a browser is: what does not nest is taken as it comes.
// Source: XML 1.0 §2–3.
#include <algorithm>

#include "traffic/outline.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kDeepest = 256;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<std::uint8_t>(c) >= 0x80; }
bool is_name(char c) { return is_name_start(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'; }

class XmlReader {
 public:
  XmlReader(Bytes bytes, std::uint32_t shortest) : text_(bytes.text()) {
    out_.format = "xml";
    out_.shortest = shortest;
  }

  Result<Outline> read() {
    while (at_ < text_.size()) {
      const std::size_t mark = std::min(text_.find('<', at_), text_.size());
      text(at_, mark);
      at_ = mark;
      if (at_ >= text_.size()) break;
      KLIK_CHECK(markup());
    }
    if (elements_ == 0) return fail(Code::bad_magic, 0, "no element");
    return std::move(out_);
  }

 private:
  struct Open {
    std::uint32_t container;
    std::string_view name;
  };

  void text(std::size_t from, std::size_t to) {
    while (from < to && is_space(text_[from])) ++from;
    while (to > from && is_space(text_[to - 1])) --to;
    if (from == to || stack_.empty()) return;
    leaf(from, to, stack_.back().container, {0, 0, UINT32_MAX});
  }
  void leaf(std::size_t from, std::size_t to, std::uint32_t container, PartName name) {
    if (from == to) return;
    out_.add({from, to - from, container, name, text_.substr(from, to - from).contains('&') ? LeafKind::xml_text : LeafKind::text});
  }

  // At a '<'; goes on behind what it opens.
  Result<void> markup() {
    const std::string_view rest = text_.substr(at_);
    const auto past = [&](std::string_view end, std::size_t skip) {
      const auto found = text_.find(end, at_ + skip);
      out_.broken |= found == text_.npos;
      at_ = found == text_.npos ? text_.size() : found + end.size();
    };
    if (rest.starts_with("<!--")) past("-->", 4);
    else if (rest.starts_with("<![CDATA[")) {
      const std::size_t start = at_ + 9;
      past("]]>", 9);
      if (!stack_.empty() && at_ >= start + 3) out_.add({start, at_ - 3 - start, stack_.back().container, {0, 0, UINT32_MAX}, LeafKind::text});
    } else if (rest.starts_with("<?")) past("?>", 2);
    else if (rest.starts_with("<!")) past(">", 2);
    else if (rest.starts_with("</")) close();
    else return open();
    return {};
  }

  void close() {
    const std::size_t start = at_ + 2, end = std::min(text_.find('>', at_), text_.size());
    std::string_view name = text_.substr(start, end - std::min(start, end));
    while (!name.empty() && is_space(name.back())) name.remove_suffix(1);
    at_ = std::min(end + 1, text_.size());
    // An element left open inside ends with the one around it; looked for among a few only.
    for (std::size_t up = 1; up <= std::min<std::size_t>(stack_.size(), 8); ++up)
      if (stack_[stack_.size() - up].name == name) {
        stack_.resize(stack_.size() - up);
        return;
      }
  }

  Result<void> open() {
    std::size_t at = at_ + 1;
    if (at >= text_.size() || !is_name_start(text_[at])) {
      if (elements_ == 0) return fail(Code::bad_magic, at_, "no name after <");
      ++at_;   // a bare < in a text
      return {};
    }
    const std::size_t start = at;
    while (at < text_.size() && is_name(text_[at])) ++at;
    const PartName name{start, static_cast<std::uint32_t>(std::min<std::size_t>(at - start, 256)), 0};
    const std::uint32_t container = out_.open(stack_.empty() ? 0 : stack_.back().container, name);
    ++elements_;
    bool empty = false;
    while (at < text_.size() && text_[at] != '>') {   // each turn takes a character at least
      if (is_space(text_[at]) || text_[at] == '/') {
        empty = text_[at] == '/';
        ++at;
        continue;
      }
      empty = false;
      const std::size_t attribute = at;
      while (at < text_.size() && !is_space(text_[at]) && text_[at] != '=' && text_[at] != '>' && text_[at] != '/') ++at;
      const PartName named{attribute, static_cast<std::uint32_t>(std::min<std::size_t>(at - attribute, 256)), 0};
      if (at >= text_.size() || text_[at] != '=') {
        if (at == attribute) ++at;
        continue;
      }
      ++at;
      const char quote = at < text_.size() ? text_[at] : ' ';
      if (quote == '"' || quote == '\'') {
        const std::size_t end = std::min(text_.find(quote, at + 1), text_.size());
        leaf(at + 1, end, container, named);
        at = std::min(end + 1, text_.size());
      } else {
        const std::size_t value = at;
        while (at < text_.size() && !is_space(text_[at]) && text_[at] != '>') ++at;
        leaf(value, at, container, named);
      }
    }
    out_.broken |= at >= text_.size();
    at_ = std::min(at + 1, text_.size());
    if (!empty && stack_.size() < kDeepest) stack_.push_back({container, text_.substr(name.at, name.length)});
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0, elements_ = 0;
  std::vector<Open> stack_;
  Outline out_;
};

}  // namespace

Result<Outline> read_xml(Bytes bytes, std::uint32_t shortest) {
  std::string_view text = bytes.text();
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.size() < 4 || text[0] != '<' || (!is_name_start(text[1]) && text[1] != '?' && text[1] != '!')) return fail(Code::bad_magic, 0, "does not begin with a tag");
  return XmlReader(bytes, shortest).read();
}

}  // namespace klik::traffic
