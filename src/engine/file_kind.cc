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
// Of a line of text, behind a byte order mark, empty lines and comments: each program that writes key logs has a heading of its own.
constexpr Rule kLines[] = {
    {"# klikspaan acts", "acts"},
    {"# SSL/TLS secrets log file", "tls_keys"}, {"# TLS secrets log file", "tls_keys"},
    {"CLIENT_RANDOM ", "tls_keys"}, {"CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "tls_keys"}, {"SERVER_HANDSHAKE_TRAFFIC_SECRET ", "tls_keys"},
    {"CLIENT_TRAFFIC_SECRET_0 ", "tls_keys"}, {"SERVER_TRAFFIC_SECRET_0 ", "tls_keys"}, {"CLIENT_EARLY_TRAFFIC_SECRET ", "tls_keys"},
    {"EXPORTER_SECRET ", "tls_keys"}, {"EARLY_EXPORTER_SECRET ", "tls_keys"},
};
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

// By the first line that says something; "" when none does.
std::string_view kind_by_lines(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (;;) {
    skip(text, " \t\r\n");
    for (const Rule& r : kLines)
      if (text.starts_with(r.text)) return r.kind;
    if (is_http_archive(text)) return "har";
    if (!text.starts_with('#')) return {};
    text.remove_prefix(std::min(text.find('\n'), text.size()));
  }
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
