#include "formats/json_events.h"

#include <algorithm>

namespace klik::json {
namespace {

constexpr std::size_t kLongestWord = 64;   // of numbers and names

bool blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool word_char(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '+' || c == '-' || c == '.' || c == 'E'; }

std::string utf8(std::uint32_t c) {
  const auto byte = [](std::uint32_t v) { return static_cast<char>(v); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xc0 | c >> 6), byte(0x80 | (c & 0x3f))};
  if (c < 0x10000) return {byte(0xe0 | c >> 12), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f))};
  return {byte(0xf0 | c >> 18), byte(0x80 | (c >> 12 & 0x3f)), byte(0x80 | (c >> 6 & 0x3f)), byte(0x80 | (c & 0x3f))};
}
constexpr std::uint32_t kReplacement = 0xfffd;   // for half of a surrogate pair

}  // namespace

void Reader::add(std::string_view text) {
  const std::uint64_t most = is_key_ ? kLongestKey : limits_.text;
  const std::uint64_t room = most - std::min<std::uint64_t>(text_.size(), most);
  if (text.size() > room) whole_ = false;
  text_.append(text.substr(0, static_cast<std::size_t>(room)));
}

void Reader::add_code_point() {
  const bool low_half = unit_ >= 0xdc00 && unit_ < 0xe000;
  if (high_ != 0) {
    if (low_half) {
      add(utf8(0x10000 + ((high_ - 0xd800) << 10) + (unit_ - 0xdc00)));
      high_ = 0;
      return;
    }
    add(utf8(kReplacement));
    high_ = 0;
  }
  if (unit_ >= 0xd800 && unit_ < 0xdc00) high_ = unit_;
  else add(utf8(low_half ? kReplacement : unit_));
}

Result<void> Reader::begin_value(char c) {
  began_ = at_;
  if (c == '{' || c == '[') {
    if (open_.size() >= limits_.depth) return fail(Code::over_budget, at_, "JSON is nested deeper than any export");
    open_.push_back({c == '{', path_.size()});
    events_.open(path_, at_);
    if (c == '[') path_ += "[]";
    state_ = c == '{' ? State::first_key : State::first_value;
    return {};
  }
  text_.clear();
  whole_ = true;
  is_key_ = false;
  if (c == '"') {
    state_ = State::text;
  } else if (word_char(c)) {
    text_ += c;
    state_ = State::word;
  } else {
    return fail(Code::bad_value, at_, "this is no JSON: a value is missing");
  }
  return {};
}

void Reader::end_value() { state_ = open_.empty() ? State::done : State::next; }

Result<void> Reader::end_word() {
  const bool number = text_[0] == '-' || (text_[0] >= '0' && text_[0] <= '9');
  if (!number && text_ != "true" && text_ != "false" && text_ != "null") return fail(Code::bad_value, began_, "this is no JSON: an unknown word");
  events_.value(path_, text_, false, true, began_);
  end_value();
  return {};
}

Result<void> Reader::end_text() {
  if (high_ != 0) {
    add(utf8(kReplacement));
    high_ = 0;
  }
  if (!is_key_) {
    events_.value(path_, text_, true, whole_, began_);
    end_value();
    return {};
  }
  if (!path_.empty()) path_ += '.';
  path_ += text_;
  state_ = State::colon;
  return {};
}

Result<void> Reader::end_container(char c) {
  if (open_.empty() || c != (open_.back().object ? '}' : ']')) return fail(Code::bad_value, at_, "this is no JSON: brackets do not match");
  path_.resize(open_.back().path_size);
  open_.pop_back();
  events_.close(path_, at_ + 1);
  end_value();
  return {};
}

Result<void> Reader::byte(char c) {
  switch (state_) {
    case State::escape: {
      constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
      state_ = State::text;
      if (c == 'u') {
        state_ = State::unicode;
        unit_ = digits_ = 0;
        return {};
      }
      const auto which = kFrom.find(c);
      if (which == kFrom.npos) return fail(Code::bad_value, at_, "this is no JSON: an unknown escape");
      if (high_ != 0) add(utf8(kReplacement)), high_ = 0;
      add(kTo.substr(which, 1));
      return {};
    }
    case State::unicode: {
      const std::uint32_t digit = c >= '0' && c <= '9' ? static_cast<std::uint32_t>(c - '0') : c >= 'a' && c <= 'f' ? static_cast<std::uint32_t>(c - 'a' + 10) : c >= 'A' && c <= 'F' ? static_cast<std::uint32_t>(c - 'A' + 10) : 16;
      if (digit == 16) return fail(Code::bad_value, at_, "this is no JSON: an escape without four digits");
      unit_ = unit_ << 4 | digit;
      if (++digits_ == 4) add_code_point(), state_ = State::text;
      return {};
    }
    case State::word:
      if (word_char(c)) {
        if (text_.size() == kLongestWord) return fail(Code::bad_value, began_, "this is no JSON: a number of unusual length");
        text_ += c;
        return {};
      }
      KLIK_CHECK(end_word());
      return byte(c);   // never again in this state, so one step deep
    default: break;
  }
  if (blank(c)) return {};
  switch (state_) {
    case State::first_value:
      if (c == ']') return end_container(c);
      return begin_value(c);
    case State::value: return begin_value(c);
    case State::first_key:
      if (c == '}') return end_container(c);
      [[fallthrough]];
    case State::key:
      if (c != '"') return fail(Code::bad_value, at_, "this is no JSON: a key is missing");
      text_.clear();
      is_key_ = whole_ = true;
      state_ = State::text;
      return {};
    case State::colon:
      if (c != ':') return fail(Code::bad_value, at_, "this is no JSON: a colon is missing");
      state_ = State::value;
      return {};
    case State::next:
      if (c != ',') return end_container(c);
      path_.resize(open_.back().path_size);
      if (!open_.back().object) path_ += "[]";
      state_ = open_.back().object ? State::key : State::value;
      return {};
    default: return fail(Code::bad_value, at_, "this is no JSON: something follows its end");
  }
}

Result<void> Reader::feed(Bytes bytes) {
  std::string_view text = bytes.text();
  if (at_ == 0 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3), at_ += 3;   // a byte order mark says nothing here
  while (!text.empty()) {
    if (state_ == State::text) {
      const std::size_t plain = std::min(text.find_first_of("\"\\"), text.size());
      if (plain > 0 && high_ != 0) add(utf8(kReplacement)), high_ = 0;
      add(text.substr(0, plain));
      at_ += plain;
      text.remove_prefix(plain);
      if (text.empty()) break;
      if (text[0] == '"') KLIK_CHECK(end_text());
      else state_ = State::escape;
    } else {
      KLIK_CHECK(byte(text[0]));
    }
    ++at_;
    text.remove_prefix(1);
  }
  return {};
}

Result<void> Reader::finish() {
  if (state_ == State::word && open_.empty()) KLIK_CHECK(end_word());
  if (state_ != State::done) return fail(Code::truncated, at_, "JSON ends in the middle");
  return {};
}

}  // namespace klik::json
