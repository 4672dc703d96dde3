#include "containers/fs_walk.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace klik {
namespace {

constexpr std::size_t kLongestPath = 4096;   // PATH_MAX: no program on the phone can name more

class Walk {
 public:
  Walk(FsReader& reader, std::uint64_t image_size, const Budget& budget, FsMeter& meter, FsNotes& notes)
      : reader_(reader), budget_(budget), meter_(meter), notes_(notes), expansion_(budget.expansion(image_size)) {}

  std::vector<Child> run(std::uint64_t root) {
    enter(root, "");
    while (!open_.empty() && !full_) {
      Folder& folder = open_.back();
      if (folder.next == folder.entries.size()) {
        open_.pop_back();
        continue;
      }
      const FsEntry& entry = folder.entries[folder.next++];
      if (entry.name == "." || entry.name == "..") continue;
      visit(entry, folder.path.empty() ? entry.name : folder.path + "/" + entry.name);
    }
    return std::move(children_);
  }

 private:
  struct Folder {
    std::string path;
    std::vector<FsEntry> entries;
    std::size_t next = 0;
  };

  void note(const std::pair<Severity, Error>& problem, const std::string& path) { notes_.add(problem.first, problem.second, path); }

  // A folder is read once, however many entries lead to it: so cycles end and trees cannot multiply.
  void enter(std::uint64_t id, std::string path) {
    if (!entered_.insert(id).second) {
      notes_.add(Severity::error, Code::bad_value, id, "a folder is reached twice; its content is listed once", path);
      return;
    }
    std::vector<std::pair<Severity, Error>> problems;
    auto entries = reader_.entries(id, problems);
    for (const auto& p : problems) note(p, path.empty() ? "/" : path);
    if (!entries) return note({Severity::data_loss, entries.error()}, path.empty() ? "/" : path);
    check_names(*entries, path);
    open_.push_back({std::move(path), std::move(*entries)});
  }

  // A twin gets a number, so that each child has a name of its own.
  void check_names(std::vector<FsEntry>& entries, const std::string& path) {
    std::vector<std::string_view> names;
    names.reserve(entries.size());
    for (const FsEntry& e : entries) {
      names.emplace_back(e.name);
      if (e.name.empty() || e.name.find('/') != std::string::npos || e.name.find('\0') != std::string::npos)
        notes_.add(Severity::error, Code::bad_value, e.id, "a file name that the system cannot use", path + "/" + e.name);
    }
    std::ranges::sort(names);
    const auto twin = std::ranges::adjacent_find(names);
    if (twin == names.end()) return;
    notes_.add(Severity::error, Code::conflict, 0, "two entries of a folder have the same name", path + "/" + std::string(*twin));
    std::unordered_set<std::string> taken;
    std::unordered_map<std::string, std::uint64_t> last;
    for (FsEntry& e : entries) {
      if (e.name == "." || e.name == ".." || taken.insert(e.name).second) continue;
      // The number goes on from the last one of that name, so many twins cost as many steps.
      std::uint64_t& n = last.try_emplace(e.name, 1).first->second;
      std::string numbered;
      do numbered = e.name + "#" + std::to_string(++n);
      while (!taken.insert(numbered).second);
      e.name = std::move(numbered);
    }
  }

  void visit(const FsEntry& entry, std::string path) {
    if (path.size() > kLongestPath)
      return notes_.add(Severity::data_loss, Code::bad_value, entry.id, "a path longer than the system can use", path.substr(0, 256));
    if (children_.size() >= budget_.children) {
      full_ = true;
      return notes_.add(Severity::data_loss, Code::over_budget, entry.id, "more files than the budget allows; the rest is not listed", path);
    }
    if (const auto kept = meter_.take(sizeof(Child) + path.size(), entry.id); !kept) {
      full_ = true;
      return notes_.add(Severity::data_loss, kept.error(), path);
    }
    Child child = make(entry, path);
    child.name = path;
    limit(child);
    const bool folder = child.type == ChildType::folder && child.state == State::read;
    children_.push_back(std::move(child));
    if (folder) enter(entry.id, std::move(path));
  }

  Child make(const FsEntry& entry, const std::string& path) {
    // Hard links share the source of the first name.
    if (const auto known = first_of_.find(entry.id); known != first_of_.end()) {
      const Child& first = children_[known->second];
      if (meter_.take(first.extents.size() * sizeof(Extent), entry.id)) return first;
    }
    auto node = reader_.node(entry.id);
    if (!node) {
      note({Severity::data_loss, node.error()}, path);
      Child broken;
      broken.type = entry.type;
      broken.state = state_after(node.error().code);
      return broken;
    }
    for (const auto& p : node->problems) note(p, path);
    if (node->child.type == ChildType::file) first_of_.emplace(entry.id, children_.size());
    return std::move(node->child);
  }

  void limit(Child& child) {
    if (child.state != State::read || !child.source) return;
    if (child.size <= budget_.item_bytes && child.size <= expansion_ - used_) {
      used_ += child.size;
      return;
    }
    child.state = State::over_budget;
    child.source = nullptr;
    notes_.add(Severity::data_loss, Code::over_budget, child.extents.empty() ? 0 : child.extents[0].at,
               "files that are larger than the budget allows", child.name);
  }

  FsReader& reader_;
  const Budget& budget_;
  FsMeter& meter_;
  FsNotes& notes_;
  std::uint64_t expansion_, used_ = 0;
  std::vector<Child> children_;
  std::vector<Folder> open_;
  std::unordered_set<std::uint64_t> entered_;
  std::unordered_map<std::uint64_t, std::size_t> first_of_;   // inode of a file → its first child
  bool full_ = false;
};

}  // namespace

ChildType child_type_of(std::uint8_t type) {
  switch (type) {
    case 1: return ChildType::file;
    case 2: return ChildType::folder;
    case 7: return ChildType::symlink;
    default: return ChildType::special;
  }
}

Result<void> charge_entries(const std::vector<FsEntry>& entries, std::size_t from, FsMeter& meter, std::uint64_t at) {
  std::uint64_t bytes = 0;
  for (std::size_t i = from; i < entries.size(); ++i) bytes += sizeof(FsEntry) + entries[i].name.size();
  return meter.take(bytes, at);
}

std::vector<Child> walk_tree(FsReader& reader, std::uint64_t root, std::uint64_t image_size, const Budget& budget, FsMeter& meter, FsNotes& notes) {
  return Walk(reader, image_size, budget, meter, notes).run(root);
}

}  // namespace klik
