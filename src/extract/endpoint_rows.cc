#include "extract/endpoint_rows.h"

#include <algorithm>

#include "data/host_words.h"

namespace klik {
namespace {

constexpr Column kColumns[] = {
    {"scheme", ColumnType::text, "http, https, tcp, …; null when a host stands alone.", true, true},
    {"host", ColumnType::text, "A name in lower case and ASCII form, or an address. '*' stands for a label that is put in at run time.", true},
    {"port", ColumnType::integer, "As written.", true, true},
    {"path", ColumnType::text, "With the query, at most 256 bytes; null when there is none.", true, true},
    {"how", ColumnType::text, "literal, folded, decrypted, flow or config: how the host is known."},
    {"use", ColumnType::text, "dex, resource, asset, native or config: where it is used; none: nothing shows that it is a host at all."},
    {"domain", ColumnType::text, "The part of the name that was registered under a public suffix; null for addresses and open ends.", false, true},
    {"local", ColumnType::boolean, "Leads nowhere outside: loopback, private, link-local or multicast."},
    {"note", ColumnType::text, "userinfo: a name or password before the host was dropped; spelled: an address in an unusual form.", false, true},
};

constexpr std::string_view kUses[] = {"config", "dex", "resource", "asset", "native", "none"};

// Lists of hosts are short; a long text of dotted words is something else.
constexpr std::size_t kLongestList = 2048;

bool is_object_identifier(std::string_view text) {
  for (const std::string_view root : {"1.2.840", "1.3.6.", "1.3.14", "2.5.4.", "2.5.8.", "2.5.29", "2.16.", "2.23.", "1.0.10118"})
    if (text.starts_with(root)) return true;
  return false;
}

}  // namespace

constexpr FactKind kEndpointKind{"app.endpoint", "A host that a file names.", kColumns};

void EndpointRows::add(const net::Found& found, std::string_view how, std::string_view use, std::vector<Place> places) {
  const net::Host& host = found.host;
  if (host.made_up || !data::not_an_endpoint(host.text, found.path).empty()) return;
  auto key = std::tuple(std::string(found.scheme), host.text, found.port ? std::int64_t{*found.port} : -1, found.path);
  auto at = rows_.find(key);
  if (at == rows_.end()) {
    if (rows_.size() >= kMost) {
      ++left_out_;
      return;
    }
    at = rows_.emplace(std::move(key), Endpoint{std::string(how), std::string(use), {}, host.local, {}}).first;
  }
  Endpoint& row = at->second;
  if (std::ranges::find(kUses, use) < std::ranges::find(kUses, row.use)) {
    row.use = use;
    row.how = how;
  }
  for (const auto& [is, word] : {std::pair(found.userinfo, "userinfo"), std::pair(host.odd, "spelled")})
    if (is && row.note.find(word) == row.note.npos) row.note += (row.note.empty() ? "" : ",") + std::string(word);
  for (Place& p : places)
    if (row.places.size() < kMostPlaces && std::ranges::none_of(row.places, [&](const Place& q) { return q.at == p.at && q.blob == p.blob; })) row.places.push_back(p);
}

void EndpointRows::emit(FactSink& sink, std::string_view extractor) {
  for (auto& [key, row] : rows_) {
    const auto& [scheme, host, port, path] = key;
    Row values(kEndpointKind);
    values.set("host", host).set("how", row.how).set("use", row.use).set("local", row.local);
    if (!scheme.empty()) values.set("scheme", scheme);
    if (port >= 0) values.set("port", port);
    if (!path.empty()) values.set("path", path);
    const std::size_t behind_blank = host.rfind("*.");
    const std::string_view domain = host.ends_with('*') ? std::string_view() : net::registered_domain(std::string_view(host).substr(behind_blank == host.npos ? 0 : behind_blank + 2));
    if (!domain.empty()) values.set("domain", domain);
    if (!row.note.empty()) values.set("note", row.note);
    sink.fact({&kEndpointKind, blob_, values.values(), std::move(row.places), extractor});
  }
  if (left_out_)
    sink.problem({fail(Code::over_budget, 0, "a file names more than 20,000 endpoints; the rest is left out").error(), ProblemSeverity::data_loss, std::to_string(left_out_) + " mentions left out", {}});
}

std::vector<BareHost> bare_hosts(std::string_view text) {
  std::vector<BareHost> out;
  if (text.size() > kLongestList) return out;
  while (!text.empty()) {
    const std::size_t from = text.find_first_not_of(",;| \t\r\n");
    if (from == text.npos) break;
    const std::size_t end = std::min(text.find_first_of(",;| \t\r\n", from), text.size());
    const std::string_view part = text.substr(from, end - from);
    const std::string_view name = part.substr(0, part.find_first_of(":/"));
    const auto word = name.find('.') == name.npos ? data::NameWord::other : data::judge_name(name);
    if (word == data::NameWord::other || is_object_identifier(name)) return {};
    auto found = net::read_bare(part);
    if (!found) return {};
    // Four numbers are as often a version.
    const bool address = found->host.form == net::HostForm::ipv4;
    out.push_back({std::move(*found), word == data::NameWord::host && !address});
    text.remove_prefix(end);
  }
  return out;
}

bool in_a_sentence(std::string_view text, std::size_t at) {
  // Two words before it; "GET http://…" and "url=http://…" are no sentences.
  unsigned words = 0, letters = 0;
  for (const char c : text.substr(0, at)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) ++letters;
    else if (c == ' ' || c == '\n') {
      words += letters >= 2;
      letters = 0;
    }
  }
  return words >= 2;
}

bool names_a_host(std::string_view name) {
  std::string lower(name.substr(0, 128));
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  for (const std::string_view word : {"host", "url", "uri", "domain", "server", "addr", "endpoint", "proxy", "gateway", "mmsc", "dns", "ntp", "website", "upload", "report", "ip_", "_ip"})
    if (lower.find(word) != lower.npos) return true;
  return false;
}

}  // namespace klik
