// Files that decide to whom the phone turns: hosts, resolvers, time and location servers.
#include <algorithm>
#include <array>

#include "extract/extractor.h"
#include "extract/settings.h"

namespace klik {
namespace {

constexpr std::string_view kName = "hosts_file@1";
constexpr std::uint64_t kLargest = std::uint64_t{16} << 20;   // lists against advertisements have millions of bytes
constexpr std::size_t kMostNames = 500'000;

constexpr std::array<std::string_view, 8> kLocal = {"localhost", "ip6-localhost", "ip6-loopback", "localhost.localdomain", "localhost4", "localhost6", "ip6-allnodes", "ip6-allrouters"};

bool is_hosts(std::string_view name) { return name == "hosts" || name == "hosts.txt" || name == "system_hosts"; }
bool is_resolver(std::string_view name) { return name == "resolv.conf" || name == "dhcpcd.conf" || name == "dnsmasq.conf"; }
bool is_location(std::string_view name) {
  return name == "gps.conf" || name == "gps_debug.conf" || name == "xtwifi.conf" || name == "izat.conf" || name == "lbs.conf" || name == "slp_conf" ||
         (name.starts_with("agps_profiles_conf") && name.ends_with(".xml"));
}

bool wants(std::string_view kind, std::string_view name) { return (kind == "file" || kind == "text" || kind == "xml") && (is_hosts(name) || is_resolver(name) || is_location(name)); }

struct Word {
  std::string_view text;
  std::uint64_t at;
};

// Words up to a comment.
std::vector<Word> words(std::string_view line, std::uint64_t at) {
  std::vector<Word> out;
  line = line.substr(0, line.find('#'));
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t from = line.find_first_not_of(" \t\r=", i);
    if (from == line.npos) break;
    const std::size_t end = std::min(line.find_first_of(" \t\r=", from), line.size());
    out.push_back({line.substr(from, end - from), at + from});
    i = end;
  }
  return out;
}

class Reader {
 public:
  Reader(const FileItem& item, FactSink& sink) : item_(item), sink_(sink) {}

  void hosts(const std::vector<Word>& line) {
    for (std::size_t i = 1; i < line.size() && names_ <= kMostNames; ++i) {
      if (std::ranges::find(kLocal, line[i].text) != kLocal.end()) continue;
      if (++names_ > kMostNames) return sink_.problem({fail(Code::over_budget, line[i].at, "a hosts file with more names than any real one").error(), ProblemSeverity::data_loss});
      set("hosts", line[i].text, line[0].text, line[0].at, line[i].at + line[i].text.size());
    }
  }

  // nameserver 1.2.3.4 · static domain_name_servers=1.2.3.4 · server=1.2.3.4
  void resolver(const std::vector<Word>& line) {
    static constexpr std::array<std::string_view, 4> kKeys = {"nameserver", "domain_name_servers", "server", "resolv-file"};
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
      if (std::ranges::find(kKeys, line[i].text) != kKeys.end())
        for (std::size_t j = i + 1; j < line.size(); ++j) set("dns", line[i].text, line[j].text, line[i].at, line[j].at + line[j].text.size());
  }

  // NTP_SERVER=…, SUPL_HOST=…, XTRA_SERVER_1=…
  void location(const std::vector<Word>& line) {
    if (line.size() < 2) return;
    const std::string_view key = line[0].text;
    const bool time = key.find("NTP") != key.npos && key.find("SERVER") != key.npos;
    const bool server = key.find("SERVER") != key.npos || key.find("_HOST") != key.npos || key.find("URL") != key.npos;
    const std::string_view value = unquoted(line[1].text);
    if (server && value.find('.') != value.npos) set(time ? "time" : "location", key, value, line[0].at, line[1].at + line[1].text.size());
  }

  // addr="supl.example.com" in XML.
  void location_xml(std::string_view text) {
    for (const std::string_view key : {"addr=\"", "address=\"", "server=\"", "host=\""})
      for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
        const std::size_t from = at + key.size(), end = text.find('"', from);
        if (end == text.npos) break;
        const std::string_view value = text.substr(from, end - from);
        if (value.find('.') != value.npos && value.find_first_of(" <>") == value.npos) set("location", key.substr(0, key.size() - 2), value, at, end + 1);
      }
  }

 private:
  static std::string_view unquoted(std::string_view text) {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') return text.substr(1, text.size() - 2);
    return text;
  }
  void set(std::string_view scope, std::string_view name, std::string_view value, std::uint64_t from, std::uint64_t to) {
    sink_.fact({&settings::kSetting, item_.blob, settings::values(scope, name, value), {{item_.blob, from, to - from}}, kName, {}});
  }

  const FileItem& item_;
  FactSink& sink_;
  std::size_t names_ = 0;
};

void run(const FileItem& item, FactSink& sink) {
  if (item.source->size() > kLargest) return sink.problem({fail(Code::over_budget, 0, "a file of hosts of more than 16 MiB").error(), ProblemSeverity::data_loss});
  const auto blob = item.source->load();
  if (!blob) return sink.problem({blob.error(), ProblemSeverity::data_loss});
  const std::string_view text = blob->bytes().text();
  Reader reader(item, sink);
  if (item.name.ends_with(".xml")) return reader.location_xml(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto line = words(text.substr(at, end - at), at);
    if (is_hosts(item.name)) reader.hosts(line);
    else if (is_resolver(item.name)) reader.resolver(line);
    else reader.location(line);
    at = end + 1;
  }
}

}  // namespace

extern const Extractor extractor_hosts_file;
constexpr Extractor extractor_hosts_file{.name = kName, .title = "Hosts, resolvers, time and location servers in files", .emits = {}, .wants = wants, .run = run};

}  // namespace klik
