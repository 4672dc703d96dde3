// Hosts in files that a person could read: settings of the system, JSON, scripts, pages and other assets.
#include <algorithm>

#include "base/ascii.h"

#include "extract/endpoint_rows.h"

namespace klik {
namespace {

constexpr std::string_view kName = "endpoints_text@1";
constexpr const FactKind* kEmits[] = {&kEndpointKind};
constexpr std::uint64_t kLargest = std::uint64_t{16} << 20;
constexpr std::uint64_t kProbe = 4096;

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view e) { return name.ends_with(e); });
}

using text::lower;

// Licence texts, key tables and checksums name hosts or look as if.
bool is_no_source(std::string_view name) {
  const std::string n = lower(name);
  for (const std::string_view word : {"notice", "license", "licence", "copying", "copyright", "readme", "changelog", "authors", "opensource", "open_source", "hyph-", "hyphen", "dictionary", "filelist", "manifest.mf"})
    if (n.find(word) != n.npos) return true;
  return ends_with_any(n, {".kl", ".kcm", ".idc", ".sf", ".rsa", ".dtd", ".xsd", ".cil", "_contexts", ".list", ".listed.tsv", ".pem", ".css", ".svg", ".map", ".prof", ".bprof", ".profm"});
}

enum class Sort { settings, asset, prose };

Sort sort_of(std::string_view kind, std::string_view name) {
  if (kind == "prop" || kind == "init" || kind == "xml" || kind == "script") return Sort::settings;
  const std::string n = lower(name);
  if (ends_with_any(n, {".conf", ".cfg", ".ini", ".properties", ".prop", ".config", ".toml", ".yaml", ".yml"})) return Sort::settings;
  if (kind == "json" || ends_with_any(n, {".json", ".js", ".lua"})) return Sort::asset;
  return Sort::prose;
}

bool wants(std::string_view kind, std::string_view name) {
  if (kind == "prop" || kind == "init" || kind == "xml" || kind == "text" || kind == "json" || kind == "html" || kind == "script" || kind == "file") return !is_no_source(name);
  return false;
}

bool looks_like_text(Bytes start) {
  std::size_t odd = 0;
  for (const std::uint8_t b : start) {
    if (b == 0) return false;
    odd += b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f';
  }
  return odd * 100 <= start.size();
}

bool in_name(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c == '/'; }

// A host alone must be the value of a key that says so: host=…, "server": "…", <domain>…</domain>.
void read_values(std::string_view line, std::uint64_t line_at, std::string_view use, EndpointRows& rows) {
  std::size_t at = 0;
  while ((at = line.find('.', at)) != line.npos) {
    std::size_t from = at, end = at;
    while (from > 0 && in_name(line[from - 1])) --from;
    while (end < line.size() && in_name(line[end])) ++end;
    const auto delimits = [](char c) { return c == '"' || c == '\'' || c == '=' || c == '>' || c == '<' || c == ' ' || c == '\t' || c == ',' || c == ';' || c == '&' || c == '[' || c == ']' || c == '\r' || c == ':' || c == '{' || c == '}'; };
    const bool opens = from > 0 && delimits(line[from - 1]), closes = end == line.size() || delimits(line[end]);
    if (opens && closes && end - from <= 260) {
      std::string_view token = line.substr(from, end - from);
      while (!token.empty() && (token.back() == '.' || token.back() == ':' || token.back() == '/')) token.remove_suffix(1);
      const std::size_t before = from > 64 ? from - 64 : 0;
      const bool named = names_a_host(line.substr(before, from - before));
      if (named)
        for (const BareHost& b : bare_hosts(token)) rows.add(b.found, "config", b.sure || b.found.host.form == net::HostForm::ipv4 ? use : "none", line_at + from, token.size());
    }
    at = end;
  }
}

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() < 8) return;
  if (item.source->size() > kLargest) {
    // Unknown files of that size are data; a text of that size is worth a word.
    if (item.kind != "file") sink.problem({fail(Code::over_budget, 0, "a text of more than 16 MiB is not searched for hosts").error(), ProblemSeverity::data_loss, {}, {}});
    return;
  }
  {
    const auto probe = item.source->load(0, std::min<std::uint64_t>(kProbe, item.source->size()));
    if (!probe || !looks_like_text(probe->bytes())) return;
  }
  const auto bytes = item.source->load();
  if (!bytes) return;
  const std::string_view text = bytes->bytes().text();
  const Sort sort = sort_of(item.kind, item.name);
  const std::string_view use = sort == Sort::settings ? "config" : "asset";
  EndpointRows rows(item.blob);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const auto start = line.find_first_not_of(" \t");
    // A setting behind a comment mark is none.
    const bool builder = start != line.npos && line.substr(start).starts_with("ro.build.host");   // the machine it was made on
    const bool comment = builder || (sort == Sort::settings && start != line.npos && (line[start] == '#' || line.substr(start).starts_with("<!--") || line.substr(start).starts_with("//")));
    if (!comment && line.size() >= 4) {
      if (line.find("://") != line.npos || line.find(":\\/\\/") != line.npos || line.find('%') != line.npos)
        net::find_urls(line, [&](const net::Found& f) {
          const std::string_view before = line.substr(0, f.at);
          const bool name_space = before.find("xmlns") != before.npos && before.substr(before.rfind("xmlns")).find(' ') == before.npos;
          if (!name_space) rows.add(f, sort == Sort::settings ? "config" : "literal", use, at + f.at, f.length);
        });
      if (sort != Sort::prose) read_values(line, at, use, rows);
    }
    at = end + 1;
  }
  rows.emit(sink, kName);
}

}  // namespace

extern const Extractor extractor_endpoints_text;
constexpr Extractor extractor_endpoints_text{.name = kName, .title = "Hosts in settings, scripts and assets", .emits = kEmits, .wants = wants, .run = run};

}  // namespace klik
