#include "compare/code_places.h"

#include <algorithm>

#include "compare/cells.h"
#include "flow/compiled_path.h"

namespace klik::compare {
namespace {

std::string without_ending(std::string path) {
  for (const std::string_view ending : {".apk", ".jar"})
    if (path.ends_with(ending)) path.resize(path.size() - ending.size());
  return path;
}

// What the platform takes an app's own code from: classes.dex, classes2.dex, … at the top of its archive.
bool is_classes(std::string_view name) {
  if (!name.starts_with("classes") || !name.ends_with(".dex")) return false;
  name = name.substr(7, name.size() - 7 - 4);
  return std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

struct Package {
  std::string name, path, place;
};

class Gathering {
 public:
  explicit Gathering(const Side& side) : side_(side) {}

  CodeOfBuild run() {
    CodeOfBuild out;
    packages(out);
    libraries(out);
    const Table found = side_.reader.query(
        "SELECT a.path, b.blob_id, b.n, lower(hex(s.sha256)), b.classes, b.methods, d.code_units, lower(hex(d.fact_id)), p.path, p.device_path FROM _code_body b JOIN _artifact a ON a.blob_id = b.blob_id JOIN _blob s ON s.blob_id = b.blob_id"
        " LEFT JOIN _code_dex d ON d.blob_id = b.blob_id AND d.n = b.n LEFT JOIN _artifact p ON p.artifact_id = a.parent_id WHERE a.build_id = ?1 ORDER BY length(a.path), a.path, b.n",
        {Value{side_.build}});
    // A file of code that was not read is part of the app all the same: of what it holds nothing is known to be equal.
    const Table unread = side_.reader.query(
        "SELECT a.path, a.blob_id, -1, lower(hex(s.sha256)), 0, 0, 0, NULL, p.path, p.device_path FROM _artifact a LEFT JOIN _blob s ON s.blob_id = a.blob_id LEFT JOIN _artifact p ON p.artifact_id = a.parent_id"
        " WHERE a.build_id = ?1 AND a.kind IN ('dex', 'cdex') AND NOT EXISTS (SELECT 1 FROM _code_body b WHERE b.blob_id = a.blob_id) ORDER BY length(a.path), a.path",
        {Value{side_.build}});
    std::vector<std::vector<Value>> rows = found.rows;
    rows.insert(rows.end(), unread.rows.begin(), unread.rows.end());
    for (const std::vector<Value>& r : rows) {
      CodeFile file{text_in(r[0]), CodeRole::inside, number_in(r[1]), number_in(r[2]), text_in(r[3]), number_in(r[4]), number_in(r[5]), number_in(r[6]), text_in(r[7])};
      std::string place;
      const std::string key = key_of(file, text_in(r[9]).empty() ? text_in(r[8]) : text_in(r[9]), place);
      CodeOfApp& app = out.apps[key];
      if (app.place.empty()) app.place = place;
      app.files.push_back(std::move(file));
    }
    for (auto& [key, app] : out.apps) choose_copy(app.files);
    return out;
  }

 private:
  void packages(CodeOfBuild& out) {
    const Table found = side_.reader.query("SELECT p.name, a.path, a.device_path, a.sha256, p.has_code FROM package p JOIN artifact a ON a.artifact_id = p.artifact_id WHERE p.build_id = ?1 ORDER BY a.path", {Value{side_.build}});
    std::map<std::string, std::size_t> of_name;
    for (const std::vector<Value>& r : found.rows) ++of_name[text_in(r[0])];
    for (const std::vector<Value>& r : found.rows) {
      Package p{text_in(r[0]), text_in(r[1]), without_ending(text_in(r[2]).empty() ? text_in(r[1]) : text_in(r[2]))};
      if (of_name[p.name] > 1) p.name += " (" + p.place + ")";
      out.holders.push_back({p.name, p.place, text_in(r[3]), number_in(r[4]) != 0});
      by_stem_.emplace(without_ending(p.path), packages_.size());
      packages_.push_back(std::move(p));
    }
  }

  void libraries(CodeOfBuild& out) {
    for (const std::vector<Value>& r : side_.reader.query("SELECT device_path, sha256 FROM artifact WHERE build_id = ?1 AND device_path LIKE '%.jar' ORDER BY path", {Value{side_.build}}).rows) {
      const std::string place = without_ending(text_in(r[0]));
      out.holders.push_back({place, place, text_in(r[1]), false});
    }
  }

  std::string key_of(CodeFile& file, const std::string& parent, std::string& place) const {
    const auto inside = [](std::string_view rest) { return is_classes(rest) ? CodeRole::own : CodeRole::inside; };
    // From the outside in: an app inside an app is the outer one's cargo.
    for (std::size_t cut = 0; cut != file.path.npos;) {
      cut = file.path.find('!', cut + 1);
      const std::string part = file.path.substr(0, cut);
      file.role = inside(cut == file.path.npos ? std::string_view() : std::string_view(file.path).substr(cut + 1));
      auto at = by_stem_.find(without_ending(part));
      if (at == by_stem_.end())
        if (const std::string stem = flow::compiled_stem(part); !stem.empty()) at = by_stem_.find(stem), file.role = CodeRole::compiled;
      if (at == by_stem_.end()) continue;
      place = packages_[at->second].place;
      return packages_[at->second].name;
    }
    // An input that is an app itself has no path.
    if (const auto at = by_stem_.find(""); at != by_stem_.end()) {
      file.role = inside(file.path);
      return packages_[at->second].name;
    }
    const std::string stem = flow::compiled_stem(parent);
    place = stem.empty() ? without_ending(parent) : stem;
    file.role = stem.empty() ? inside(std::string_view(file.path).substr(file.path.rfind('!') + 1)) : CodeRole::compiled;   // npos + 1 is the start
    return place;
  }

  // The app's own code runs first; without it, what was compiled from it: one copy, since that for another processor is the
  // same. Only classes.dex of the app itself says that it has its own: code elsewhere in it is cargo, and what is damaged runs
  // nowhere. Of two classes of one name the first one counts, so the order is that of running.
  static void choose_copy(std::vector<CodeFile>& files) {
    const auto compiled = [](const CodeFile& f) { return f.role == CodeRole::compiled; };
    const auto first = std::ranges::find_if(files, [](const CodeFile& f) { return f.role == CodeRole::own && f.path.ends_with("classes.dex"); });
    const bool starts = first != files.end();
    if (!starts)
      for (CodeFile& f : files)
        if (f.role == CodeRole::own) f.role = CodeRole::inside;   // classes2.dex is looked for behind classes.dex only
    if (starts && first->n >= 0) {
      std::erase_if(files, compiled);
    } else if (std::ranges::any_of(files, compiled)) {
      const auto container = [](const CodeFile& f) { return f.path.substr(0, f.path.rfind('!')); };
      const auto vdex = std::ranges::find_if(files, [&](const CodeFile& f) { return compiled(f) && f.path.contains(".vdex"); });
      const std::string chosen = container(vdex == files.end() ? *std::ranges::find_if(files, compiled) : *vdex);
      std::erase_if(files, [&](const CodeFile& f) { return compiled(f) && container(f) != chosen; });
    }
    std::ranges::stable_sort(files, {}, &CodeFile::role);
  }

  const Side& side_;
  std::vector<Package> packages_;
  std::map<std::string, std::size_t, std::less<>> by_stem_;
};

}  // namespace

CodeOfBuild code_of_build(const Side& side) { return Gathering(side).run(); }

}  // namespace klik::compare
