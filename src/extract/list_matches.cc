// Names of this build that stand on lists which the user handed in. A match is the list's word: it says that a name is
// on it, and which fact of the build bears that name.
#include <map>
#include <unordered_map>

#include "base/hash.h"
#include "extract/columns.h"

namespace klik {
namespace {

using data::NameKind;

constexpr std::string_view kName = "list_matches@1";
constexpr std::size_t kMostReasons = 32;

constexpr Column kListColumns[] = {
    {"sha256", ColumnType::text, "Of the list's file.", true},
    {"title", ColumnType::text, "The list's own, else the file's name."},
    {"format", ColumnType::text, "exodus, uad, libchecker, domains, v2fly or stix."},
    {"licence", ColumnType::text, "As the file states it; null when it does not.", false, true},
    {"names", ColumnType::integer, "Names that were looked for."},
    {"unread", ColumnType::integer, "Entries of a sort that is not matched, such as regular expressions."},
};
constexpr FactKind kList{"list.used", "A list of names that the user handed in.", kListColumns};

constexpr Column kMatchColumns[] = {
    {"list_sha256", ColumnType::text, "Of the list's file.", true},
    {"kind", ColumnType::text, "domain, host, package, class, component, file or sha256: what was compared.", true},
    {"entry", ColumnType::text, "The name on the list.", true},
    {"subject", ColumnType::text, "The name in the build.", true},
    {"path", ColumnType::text, "The file that bears it; null for hosts, which many files may name.", true, true},
    {"label", ColumnType::text, "What the list says of it; null when nothing.", false, true},
};
constexpr FactKind kMatch{"list.match", "A name of the build that stands on a list.", kMatchColumns};
constexpr const FactKind* kEmits[] = {&kList, &kMatch};

class Matcher {
 public:
  Matcher(const Image& image, FactSink& sink) : rows_(image.rows), lists_(image.lists), sink_(sink) {
    for (std::uint32_t l = 0; l < lists_.size(); ++l)
      for (std::uint32_t n = 0; n < lists_[l].names.size(); ++n) {
        const data::ListedName& name = lists_[l].names[n];
        by_kind_[static_cast<std::size_t>(name.kind)].emplace(name.value, std::pair(l, n));
      }
  }

  // A name that must be equal.
  void exact(NameKind kind, std::string_view value, std::string_view subject, std::string_view path, std::optional<FactId> because) {
    const auto [from, to] = by_kind_[static_cast<std::size_t>(kind)].equal_range(value);
    for (auto at = from; at != to; ++at) {
      auto& reasons = matches_[{at->second.first, at->second.second, std::string(subject), std::string(path)}];
      if (because && reasons.size() < kMostReasons) reasons.push_back(*because);
    }
  }

  // The name itself and what stands in front of its last, second last, … separator.
  void upward(NameKind kind, std::string_view value, char separator, std::string_view subject, std::string_view path, std::optional<FactId> because) {
    for (;;) {
      exact(kind, value, subject, path, because);
      const auto cut = value.rfind(separator);
      if (cut == value.npos) return;
      value = value.substr(0, cut);
    }
  }

  void host(std::string_view host, std::optional<FactId> because) {
    exact(NameKind::host, host, host, {}, because);
    std::string_view rest = host;
    if (const auto blank = rest.rfind("*."); blank != rest.npos) rest.remove_prefix(blank + 2);
    for (;;) {
      exact(NameKind::domain, rest, host, {}, because);
      const auto dot = rest.find('.');
      if (dot == rest.npos) return;
      rest.remove_prefix(dot + 1);
    }
  }

  bool any(NameKind kind) const { return !by_kind_[static_cast<std::size_t>(kind)].empty(); }

  void emit() {
    for (const data::NameList& list : lists_) {
      Row row(kList);
      row.set("sha256", list.sha256).set("title", list.title).set("format", list.format).set("names", static_cast<std::int64_t>(list.names.size())).set("unread", static_cast<std::int64_t>(list.unread));
      if (!list.licence.empty()) row.set("licence", list.licence);
      sink_.fact({&kList, rows_.build(), row.values(), {}, kName});
    }
    for (auto& [key, reasons] : matches_) {
      const auto& [l, n, subject, path] = key;
      const data::ListedName& name = lists_[l].names[n];
      Row row(kMatch);
      row.set("list_sha256", lists_[l].sha256).set("kind", data::name_kind_text(name.kind)).set("entry", name.value).set("subject", subject);
      if (!path.empty()) row.set("path", path);
      if (!name.label.empty()) row.set("label", name.label);
      sink_.fact({&kMatch, rows_.build(), row.values(), {}, kName, std::move(reasons)});
    }
  }

 private:
  const BuildRows& rows_;
  std::span<const data::NameList> lists_;
  FactSink& sink_;
  std::array<std::unordered_multimap<std::string_view, std::pair<std::uint32_t, std::uint32_t>>, 7> by_kind_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::string, std::string>, std::vector<FactId>> matches_;
};

void each_fact(const BuildRows& rows, std::string_view kind_name, const std::function<void(const FactKind&, const FactRow&)>& each) {
  const FactKind* kind = find_kind(kind_name);
  if (kind) rows.facts(*kind, [&](const FactRow& row) { each(*kind, row); });
}

void run(const Image& image, FactSink& sink) {
  if (image.lists.empty()) return;
  Matcher matcher(image, sink);
  if (matcher.any(NameKind::domain) || matcher.any(NameKind::host))
    each_fact(image.rows, "app.endpoint", [&](const FactKind& kind, const FactRow& row) { matcher.host(text_of(kind, row, "host"), row.id); });
  if (matcher.any(NameKind::package))
    each_fact(image.rows, "device.actor", [&](const FactKind& kind, const FactRow& row) {
      if (text_of(kind, row, "kind") == "package") matcher.exact(NameKind::package, text_of(kind, row, "name"), text_of(kind, row, "name"), text_of(kind, row, "path"), row.id);
    });
  if (matcher.any(NameKind::class_prefix))
    each_fact(image.rows, "code.package", [&](const FactKind& kind, const FactRow& row) {
      const auto package = text_of(kind, row, "package");
      matcher.upward(NameKind::class_prefix, package, '/', package, row.artifact.path, row.id);
    });
  if (matcher.any(NameKind::component))
    each_fact(image.rows, "app.component", [&](const FactKind& kind, const FactRow& row) {
      const auto name = text_of(kind, row, "class");
      matcher.upward(NameKind::component, name, '.', name, row.artifact.path, row.id);
    });
  if (matcher.any(NameKind::sha256))
    each_fact(image.rows, "device.signer", [&](const FactKind& kind, const FactRow& row) { matcher.exact(NameKind::sha256, text_of(kind, row, "sha256"), text_of(kind, row, "sha256"), {}, row.id); });
  if (matcher.any(NameKind::file) || matcher.any(NameKind::sha256))
    image.rows.artifacts([&](const ArtifactRow& a) {
      const std::string_view name = a.path.substr(a.path.find_last_of("/!") + 1);
      if (a.kind != "folder") matcher.exact(NameKind::file, name, name, a.path, std::nullopt);
      if (a.blob && matcher.any(NameKind::sha256)) matcher.exact(NameKind::sha256, hex(as_bytes(a.blob->sha256())), name, a.path, std::nullopt);
    });
  matcher.emit();
}

constexpr ViewColumn kListViewColumns[] = {
    {"build_id", "The build that it was compared with."},
    {"title", "The list's own, else the file's name."},
    {"format", "exodus, uad, libchecker, domains, v2fly or stix."},
    {"licence", "As the file states it; null when it does not."},
    {"sha256", "Of the list's file."},
    {"names", "Names that were looked for."},
    {"unread", "Entries of a sort that is not matched, such as regular expressions."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kListView{"name_list", "Lists of names that the user handed in.", kListViewColumns, "SELECT build_id, title, format, licence, sha256, names, unread, lower(hex(fact_id)) FROM _list_used"};

constexpr ViewColumn kMatchViewColumns[] = {
    {"build_id", "The build."},
    {"list", "The list's title."},
    {"label", "What the list says of the name."},
    {"kind", "domain, host, package, class, component, file or sha256: what was compared."},
    {"entry", "The name on the list."},
    {"subject", "The name in the build."},
    {"artifact_id", "The file that bears it; null for hosts: see endpoint."},
    {"fact_id", "For `klikspaan why`."},
};
constexpr View kMatchView{"list_match", "Names of this build that stand on lists. A match is the list's word, and no judgement of klikspaan.", kMatchViewColumns,
                          "SELECT m.build_id, l.title, m.label, m.kind, m.entry, m.subject, a.artifact_id, lower(hex(m.fact_id)) "
                          "FROM _list_match m JOIN _list_used l ON l.build_id = m.build_id AND l.sha256 = m.list_sha256 LEFT JOIN _artifact a ON a.build_id = m.build_id AND a.path = m.path"};
constexpr const View* kViews[] = {&kListView, &kMatchView};

}  // namespace

extern const ImageExtractor image_extractor_list_matches;
constexpr ImageExtractor image_extractor_list_matches{.name = kName, .title = "Names on lists that the user handed in", .emits = kEmits, .run = run, .views = kViews};

}  // namespace klik
