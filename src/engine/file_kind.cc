#include "engine/file_kind.h"

#include <algorithm>

namespace klik {
namespace {

struct Rule {
  std::string_view text;
  std::string_view kind;
};

using namespace std::string_view_literals;

constexpr Rule kStarts[] = {
    {"\x7f" "ELF", "elf"},       {"dex\n", "dex"},          {"cdex001", "cdex"},       {"vdex", "vdex"},
    {"art\n", "art"},            {"oat\n", "oat"},          {"\x03\0\x08\0"sv, "axml"}, {"\x02\0\x0c\0"sv, "arsc"},
    {"\x89PNG", "png"},          {"\xff\xd8\xff", "jpeg"},  {"GIF8", "gif"},           {"OggS", "ogg"},
    {"\0\1\0\0\0"sv, "font"},    {"OTTO", "font"},          {"ttcf", "font"},          {"SQLite format 3", "sqlite"},
    {"-----BEGIN", "pem"},       {"#!", "script"},          {"\xd0\x0d\xfe\xed", "dtb"}, {"\xd7\xb7\xab\x1e", "dtbo"},
    {"\x8c\xff\x7c\xf9", "sepolicy"}, {"ID3", "audio"},     {"%PDF", "pdf"},           {"<?xml", "xml"},
    {"BC\xc0\xde", "bitcode"},   {"ICC_PROFILE", "file"},
    // Captures of traffic, in each byte order and unit of time, and the secrets that open them.
    {"\xd4\xc3\xb2\xa1", "pcap"}, {"\xa1\xb2\xc3\xd4", "pcap"}, {"\x4d\x3c\xb2\xa1", "pcap"}, {"\xa1\xb2\x3c\x4d", "pcap"},
    {"\x34\xcd\xb2\xa1", "pcap"}, {"\xa1\xb2\xcd\x34", "pcap"}, {"\x0a\x0d\x0d\x0a", "pcapng"},
};
// Of the first line of text, behind a byte order mark, empty lines and comments: each program that writes key logs has a heading of its own.
constexpr Rule kLines[] = {
    {"# klikspaan acts", "acts"},
    {"# SSL/TLS secrets log file", "tls_keys"}, {"# TLS secrets log file", "tls_keys"},
};
constexpr std::size_t kMostLines = 10;   // that are no comments
static_assert([] {
  for (const Rule& r : kStarts)
    if (r.text.size() > kKindBytes) return false;
  return true;
}(), "a rule that no start can match");
constexpr Rule kEndings[] = {
    {"build.prop", "prop"}, {".prop", "prop"},   {"prop.default", "prop"}, {".rc", "init"},     {".xml", "xml"},
    {"sslkeylog.txt", "tls_keys"}, {".txt", "text"}, {".json", "json"},   {".conf", "text"},        {".sh", "script"},   {".cil", "text"},
    {"_contexts", "text"},  {"_sepolicy", "file"}, {".html", "html"},      {".der", "certificate"}, {".ko", "elf"},
    {".keys", "tls_keys"},  {".keylog", "tls_keys"}, {".har", "har"},      {".ndjson", "ndjson"},
    {".cfg", "text"},       {".properties", "text"}, {".kl", "text"},      {".kcm", "text"},    {".idc", "text"},
};

void skip(std::string_view& text, std::string_view what) {
  text.remove_prefix(std::min(text.find_first_not_of(what), text.size()));
}

// Takes the literal and the white space before it.
bool take(std::string_view& text, std::string_view literal) {
  skip(text, " \t\r\n");
  if (!text.starts_with(literal)) return false;
  text.remove_prefix(literal.size());
  return true;
}

// HAR 1.2: one object with one member "log", which must name its maker and hold entries.
bool is_http_archive(std::string_view text) {
  if (!take(text, "{") || !take(text, "\"log\"") || !take(text, ":") || !take(text, "{")) return false;
  return text.contains("\"creator\"") || text.contains("\"entries\"") || text.contains("\"browser\"");
}

// Takes hexadecimal digits; returns how many.
std::size_t take_digits(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789abcdefABCDEF"), text.size());
  text.remove_prefix(digits);
  return digits;
}

// "LABEL client_random secret", whatever the label (draft-ietf-tls-keylogfile: new ones come up, and which stands first is chance); of
// NSS's older "RSA", the first eight bytes of the encrypted secret stand for the random.
bool is_secret(std::string_view line) {
  constexpr std::size_t kRandom = 64, kOfEncrypted = 16, kShortestSecret = 32;
  const std::string_view label = line.substr(0, std::min(line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), line.size()));
  line.remove_prefix(label.size());
  if (label.empty() || label[0] < 'A' || label[0] == '_') return false;
  skip(line, " \t");
  const std::size_t random = take_digits(line);
  if (random != (label == "RSA" ? kOfEncrypted : kRandom) || line.empty() || (line[0] != ' ' && line[0] != '\t')) return false;
  skip(line, " \t");
  return take_digits(line) >= kShortestSecret;
}

// By the first lines; "" when none of them says something.
std::string_view kind_by_lines(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (std::size_t lines = 0; lines < kMostLines;) {
    skip(text, " \t\r\n");
    if (text.empty()) break;
    if (lines == 0) {
      for (const Rule& r : kLines)
        if (text.starts_with(r.text)) return r.kind;
      if (is_http_archive(text)) return "har";
    }
    const std::string_view line = text.substr(0, text.find('\n'));
    // A log that was cut, or whose first lines are of another program, is one still.
    if (is_secret(line)) return "tls_keys";
    lines += !line.starts_with('#');
    text.remove_prefix(line.size());
  }
  return {};
}

}  // namespace

std::string_view file_kind(Bytes start, std::string_view name) {
  const std::string_view text = start.text();
  if (text.size() >= 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WEBP") return "webp";
  for (const Rule& r : kStarts)
    if (text.starts_with(r.text)) return r.kind;
  if (const std::string_view kind = kind_by_lines(text); !kind.empty()) return kind;
  for (const Rule& r : kEndings)
    if (name.ends_with(r.text)) return r.kind;
  return "file";
}

}  // namespace klik
