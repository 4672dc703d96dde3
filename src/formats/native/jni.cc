#include "formats/native/jni.h"

#include <algorithm>

namespace klik::jni {
namespace {

constexpr std::size_t kLongestName = 256, kLongestSignature = 512;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (static_cast<unsigned char>(c) & 0x80); }
bool is_name(std::string_view s) {
  if (s.empty() || !is_letter(s.front())) return false;
  return std::ranges::all_of(s, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

// One type at the start of `rest`, which is shortened by it.
bool take_type(std::string_view& rest) {
  std::size_t at = std::min(rest.find_first_not_of('['), rest.size());
  if (at == rest.size()) return false;
  if (rest[at] == 'L') {
    const std::size_t end = rest.find(';', at);
    if (end == rest.npos || end == at + 1) return false;
    for (std::size_t i = at + 1; i < end; ++i)
      if (!is_letter(rest[i]) && !(rest[i] >= '0' && rest[i] <= '9') && rest[i] != '/' && rest[i] != '-') return false;
    at = end;
  } else if (std::string_view("ZBCSIJFD").find(rest[at]) == std::string_view::npos) {
    return false;
  }
  rest.remove_prefix(at + 1);
  return true;
}

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xe0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

// Undoes the escapes; a plain "_" is a slash. Nothing when an escape is none of the specification's.
std::optional<std::string> unescaped(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '_') {
      out += s[i];
      continue;
    }
    const char next = i + 1 < s.size() ? s[i + 1] : '\0';
    if (next == '1' || next == '2' || next == '3') {
      out += next == '1' ? '_' : next == '2' ? ';' : '[';
      ++i;
    } else if (next == '0') {
      unsigned code = 0;
      if (i + 6 > s.size()) return std::nullopt;
      for (std::size_t k = i + 2; k < i + 6; ++k) {
        const char c = s[k];
        const unsigned digit = c >= '0' && c <= '9' ? static_cast<unsigned>(c - '0') : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10) : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10) : 16;
        if (digit > 15) return std::nullopt;
        code = code * 16 + digit;
      }
      append_utf8(out, code);
      i += 5;
    } else {
      out += '/';
    }
  }
  return out;
}

// A NUL-terminated text at an address, if it is no longer than `longest`.
elf::Text text_at(const elf::File& file, std::uint64_t address, std::size_t longest) {
  const auto range = file.range_of(address);
  if (!range) return {};
  const auto bytes = file.bytes().slice(range->at, std::min<std::uint64_t>(range->length, longest + 1));
  if (!bytes) return {};
  const std::string_view text = bytes->text();
  const std::size_t end = text.find('\0');
  return end == text.npos ? elf::Text{} : elf::Text{text.substr(0, end), range->at};
}

}  // namespace

std::optional<Exported> demangled(std::string_view symbol) {
  if (!symbol.starts_with("Java_")) return std::nullopt;
  std::string_view rest = symbol.substr(5);
  Exported out;
  // Two plain underscores divide name and arguments. One that an escape's "_" follows ("_1") is a separator before "_".
  for (std::size_t at = rest.find("__"); at != rest.npos; at = rest.find("__", at + 1)) {
    const char next = at + 2 < rest.size() ? rest[at + 2] : '\0';
    if (next == '0' || next == '1') continue;   // "_" and then an escaped character of the next part of the name
    const auto arguments = unescaped(rest.substr(at + 2));
    if (!arguments) return std::nullopt;
    out.signature = "(" + *arguments + ")";
    rest = rest.substr(0, at);
    break;
  }
  const auto whole = unescaped(rest);
  if (!whole) return std::nullopt;
  // The last plain underscore stands before the method's name; a slash comes from nothing else.
  const std::size_t slash = whole->rfind('/');
  if (slash == whole->npos || slash == 0) return std::nullopt;
  out.class_name = whole->substr(0, slash);
  std::ranges::replace(out.class_name, '/', '.');
  out.method = whole->substr(slash + 1);
  if (!is_name(out.method)) return std::nullopt;
  return out;
}

bool is_signature(std::string_view text) {
  if (text.starts_with('!')) text.remove_prefix(1);
  if (!text.starts_with('(') || text.size() > kLongestSignature) return false;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != ')')
    if (!take_type(text)) return false;
  if (text.empty()) return false;
  text.remove_prefix(1);
  return text == "V" || (take_type(text) && text.empty());
}

void for_each_table_entry(const elf::File& file, const elf::Pointers& pointers, const std::function<void(const TableEntry&)>& each) {
  const auto& list = pointers.list;
  const std::uint64_t word = file.word();
  for (std::size_t i = 0; i + 2 < list.size(); ++i) {
    if (list[i + 1].address - list[i].address != word || list[i + 2].address - list[i + 1].address != word) continue;
    if (!file.executable(list[i + 2].target)) continue;
    const elf::Text signature = text_at(file, list[i + 1].target, kLongestSignature);
    if (!is_signature(signature.text)) continue;
    const elf::Text name = text_at(file, list[i].target, kLongestName);
    if (!is_name(name.text)) continue;
    const auto at = file.range_of(list[i].address);
    if (!at || at->length < 3 * word) continue;
    each({name, signature, list[i + 2].target, at->at, 3 * word});
    i += 2;
  }
}

}  // namespace klik::jni
