#include "formats/android/edify.h"

#include <utility>

namespace klik::edify {
namespace {

constexpr std::size_t kMostNodes = std::size_t{1} << 20;
constexpr unsigned kDeepest = 64;   // real scripts nest a handful of levels

enum class Token : std::uint8_t { end, text, word_if, word_then, word_else, word_endif, open, close, comma, semicolon, plus, equal, not_equal, both, either, negation };

bool word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' || c == '/' || c == '.'; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token token = Token::end;
  std::string value;      // of a text
  Range range;            // of the token

  Result<void> next() {
    skip_blanks();
    value.clear();
    range = {at_, 0};
    KLIK_TRY(token, read());
    range.length = at_ - range.at;
    return {};
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        ++at_;
      } else {
        return;
      }
    }
  }

  Result<Token> read() {
    if (at_ == text_.size()) return Token::end;
    const char c = text_[at_];
    if (c == '"') return quoted();
    if (word_char(c)) {
      const std::size_t from = at_;
      while (at_ < text_.size() && word_char(text_[at_])) ++at_;
      value = text_.substr(from, at_ - from);
      if (value == "if") return Token::word_if;
      if (value == "then") return Token::word_then;
      if (value == "else") return Token::word_else;
      if (value == "endif") return Token::word_endif;
      return Token::text;
    }
    const std::string_view two = text_.substr(at_, 2);
    constexpr std::pair<std::string_view, Token> kTwo[] = {{"==", Token::equal}, {"!=", Token::not_equal}, {"&&", Token::both}, {"||", Token::either}};
    for (const auto& [spelled, is] : kTwo) {
      if (two != spelled) continue;
      at_ += 2;
      return is;
    }
    constexpr std::pair<char, Token> kOne[] = {{'(', Token::open}, {')', Token::close}, {',', Token::comma}, {';', Token::semicolon}, {'+', Token::plus}, {'!', Token::negation}};
    for (const auto& [spelled, is] : kOne) {
      if (c != spelled) continue;
      ++at_;
      return is;
    }
    return fail(Code::bad_value, at_, "updater script: a character that the language does not have");
  }

  Result<Token> quoted() {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return Token::text;
      }
      if (c != '\\') {
        value += c;
        continue;
      }
      if (++at_ == text_.size()) break;
      const char escape = text_[at_];
      if (escape == 'n') value += '\n';
      else if (escape == 't') value += '\t';
      else if (escape == '"' || escape == '\\') value += escape;
      else if (escape == 'x' && at_ + 2 < text_.size() && hex_digit(text_[at_ + 1]) >= 0 && hex_digit(text_[at_ + 2]) >= 0) {
        value += static_cast<char>(hex_digit(text_[at_ + 1]) * 16 + hex_digit(text_[at_ + 2]));
        at_ += 2;
      } else {
        // What the language does not know as an escape is a backslash and what follows it (AOSP edify/lexer.ll).
        value += '\\';
        --at_;
      }
    }
    return fail(Code::truncated, range.at, "updater script: a text without its closing quote");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

class Parser {
 public:
  Parser(std::string_view text, Script& script) : lexer_(text), script_(script) {}

  Result<void> run() {
    KLIK_CHECK(lexer_.next());
    while (lexer_.token != Token::end) {
      KLIK_TRY(const std::uint32_t statement, either());
      script_.statements.push_back(statement);
      if (lexer_.token == Token::end) break;
      KLIK_CHECK(expect(Token::semicolon, "updater script: two statements without ';' between them"));
    }
    return {};
  }

 private:
  using Index = Result<std::uint32_t>;

  Index add(Kind kind, std::string text, std::vector<std::uint32_t> parts, Range range) {
    if (script_.nodes.size() >= kMostNodes) return fail(Code::over_budget, range.at, "updater script: larger than its budget");
    script_.nodes.push_back({kind, std::move(text), std::move(parts), range});
    return static_cast<std::uint32_t>(script_.nodes.size() - 1);
  }
  Index join(Kind kind, std::vector<std::uint32_t> parts) {
    if (parts.size() == 1) return parts[0];
    const Range first = script_.nodes[parts.front()].range, last = script_.nodes[parts.back()].range;
    return add(kind, {}, std::move(parts), {first.at, last.at + last.length - first.at});
  }

  Result<void> expect(Token token, const char* what) {
    if (lexer_.token != token) return fail(lexer_.token == Token::end ? Code::truncated : Code::bad_value, lexer_.range.at, what);
    end_ = lexer_.range.at + lexer_.range.length;
    return lexer_.next();
  }

  // One or more of `next`, joined by `token`. The chain is one node, so that a long one is not a deep one.
  Index chain(Kind kind, Token token, Index (Parser::*next)()) {
    std::vector<std::uint32_t> parts;
    for (;;) {
      KLIK_TRY(const std::uint32_t part, (this->*next)());
      parts.push_back(part);
      if (lexer_.token != token) return join(kind, std::move(parts));
      KLIK_CHECK(lexer_.next());
    }
  }
  Index either() { return chain(Kind::either, Token::either, &Parser::both); }
  Index both() { return chain(Kind::both, Token::both, &Parser::comparison); }
  Index concat() { return chain(Kind::concat, Token::plus, &Parser::primary); }

  Index comparison() {
    KLIK_TRY(std::uint32_t left, concat());
    for (unsigned n = 0; lexer_.token == Token::equal || lexer_.token == Token::not_equal; ++n) {
      if (n == kDeepest) return fail(Code::over_budget, lexer_.range.at, "updater script: a chain of comparisons without end");
      const Kind kind = lexer_.token == Token::equal ? Kind::equal : Kind::not_equal;
      KLIK_CHECK(lexer_.next());
      KLIK_TRY(const std::uint32_t right, concat());
      KLIK_TRY(left, join(kind, {left, right}));
    }
    return left;
  }

  // What may stand between brackets, or between the words of a choice.
  Index sequence() {
    std::vector<std::uint32_t> parts;
    for (;;) {
      KLIK_TRY(const std::uint32_t part, either());
      parts.push_back(part);
      if (lexer_.token != Token::semicolon) break;
      KLIK_CHECK(lexer_.next());
      if (lexer_.token == Token::close || lexer_.token == Token::word_else || lexer_.token == Token::word_endif) break;
    }
    return join(Kind::sequence, std::move(parts));
  }

  Index primary() {
    if (depth_ == kDeepest) return fail(Code::over_budget, lexer_.range.at, "updater script: nested deeper than the budget allows");
    ++depth_;
    auto made = nested();
    --depth_;
    return made;
  }

  Index nested() {
    const Range start = lexer_.range;
    const auto since_start = [&] { return Range{start.at, end_ - start.at}; };
    switch (lexer_.token) {
      case Token::negation: {
        KLIK_CHECK(lexer_.next());
        KLIK_TRY(const std::uint32_t of, primary());
        const Range last = script_.nodes[of].range;
        return add(Kind::negation, {}, {of}, {start.at, last.at + last.length - start.at});
      }
      case Token::open: {
        KLIK_CHECK(lexer_.next());
        KLIK_TRY(const std::uint32_t inner, sequence());
        KLIK_CHECK(expect(Token::close, "updater script: a bracket that is not closed"));
        script_.nodes[inner].range = since_start();
        return inner;
      }
      case Token::word_if: {
        KLIK_CHECK(lexer_.next());
        std::vector<std::uint32_t> parts(2);
        KLIK_TRY(parts[0], sequence());
        KLIK_CHECK(expect(Token::word_then, "updater script: 'if' without 'then'"));
        KLIK_TRY(parts[1], sequence());
        if (lexer_.token == Token::word_else) {
          KLIK_CHECK(lexer_.next());
          KLIK_TRY(const std::uint32_t otherwise, sequence());
          parts.push_back(otherwise);
        }
        KLIK_CHECK(expect(Token::word_endif, "updater script: 'if' without 'endif'"));
        return add(Kind::choice, {}, std::move(parts), since_start());
      }
      case Token::text: {
        std::string text = std::move(lexer_.value);
        KLIK_CHECK(lexer_.next());
        if (lexer_.token != Token::open) return add(Kind::text, std::move(text), {}, start);
        KLIK_CHECK(lexer_.next());
        std::vector<std::uint32_t> arguments;
        while (lexer_.token != Token::close) {
          KLIK_TRY(const std::uint32_t argument, sequence());
          arguments.push_back(argument);
          if (lexer_.token != Token::comma) break;
          KLIK_CHECK(lexer_.next());
        }
        KLIK_CHECK(expect(Token::close, "updater script: a call that is not closed"));
        return add(Kind::call, std::move(text), std::move(arguments), since_start());
      }
      default:
        return fail(lexer_.token == Token::end ? Code::truncated : Code::bad_value, start.at, "updater script: an expression is missing");
    }
  }

  Lexer lexer_;
  Script& script_;
  unsigned depth_ = 0;
  std::uint64_t end_ = 0;   // of the last closing token
};

}  // namespace

Script parse(Bytes text) {
  Script script;
  if (const auto whole = Parser(text.text(), script).run(); !whole) script.stopped = whole.error();
  return script;
}

std::optional<std::string> constant(const Script& script, std::uint32_t node) {
  const Node& n = script.nodes[node];
  if (n.kind == Kind::text) return n.text;
  if (n.kind != Kind::concat) return std::nullopt;
  std::string out;
  for (const std::uint32_t part : n.parts) {
    if (script.nodes[part].kind != Kind::text) return std::nullopt;
    out += script.nodes[part].text;
  }
  return out;
}

}  // namespace klik::edify
