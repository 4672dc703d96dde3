#include "containers/file_patches.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "containers/patch/file_patch.h"
#include "formats/android/updater_script.h"
#include "io/lazy_source.h"

namespace klik {
namespace {

constexpr std::string_view kScript = "META-INF/com/google/android/updater-script";
constexpr std::uint64_t kMostScript = std::uint64_t{16} << 20;

using updater::Step;

// The file that a device finds at a path, as a path inside the update: "/system/./app//A.apk" → "system/app/A.apk". "" for
// what is no path from the root to a file, or leads back towards the root.
std::string inside(std::string_view path) {
  if (!path.starts_with('/') || path.find('\0') != path.npos) return {};
  std::string out;
  std::string_view part;
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    part = path.substr(at, end - at);
    at = end + 1;
    if (part == "..") return {};
    if (part.empty() || part == ".") continue;
    if (!out.empty()) out += '/';
    out += part;
  }
  return part.empty() || part == "." ? std::string() : out;   // the last part names a folder
}

// The name of a partition: of the patch where that is one of an image, else of the device.
std::string partition_of(const Step& step) {
  std::string_view name = text::last_part(step.source);
  if (name.ends_with(".img.p")) return std::string(name.substr(0, name.size() - 6));
  name = step.target;
  name.remove_prefix(std::min(name.size(), name.find(':') == name.npos ? name.size() : name.find(':') + 1));
  return std::string(text::last_part(name.substr(0, name.find(':'))));
}

struct Sum {
  std::uint64_t files = 0, bytes = 0;
  std::string first;
  void add(std::uint64_t size, std::string_view name) {
    if (files++ == 0) first = name;
    bytes += std::min(size, ~std::uint64_t{0} - bytes);
  }
  std::string text() const { return std::to_string(files) + (files == 1 ? " file, " : " files, ") + std::to_string(bytes) + " bytes"; }
  std::string text_with_first() const { return text() + ", the first " + first; }
};

// One old file, and the patches for the forms that it may have.
struct Patched {
  SourceRef archive, old;
  std::uint64_t old_size;      // of a partition: how much of it is the image
  std::vector<std::pair<std::string, ZipEntry>> patches;   // by SHA-1 of the old file
  std::string sha1;
  std::uint64_t size, most;

  Result<SourceRef> make() const {
    if (old_size > std::min(most, old->size())) return fail(old_size > most ? Code::over_budget : Code::truncated, 0, "the old file is not one that can be patched");
    KLIK_TRY(Blob before, old->load(0, old_size));
    const std::string found = hex(Bytes(hash(HashAlgorithm::sha1, before.bytes())));
    if (patch::same_hex(found, sha1)) return memory_source(std::move(before));   // the old build has it already
    for (const auto& [from, entry] : patches) {
      if (!patch::same_hex(found, from)) continue;
      KLIK_TRY(const Blob patch, load_zip_entry(*archive, entry, most));
      KLIK_TRY(auto made, patch::apply_file_patch(before.bytes(), patch.bytes(), size));
      if (!patch::has_sha1(Bytes(made), sha1)) return fail(Code::bad_checksum, 0, "the patched file is not the one that the update's script promises");
      return memory_source(std::move(made));
    }
    return fail(Code::bad_checksum, 0, "the old build's file is not one that the patch is made for");
  }
};

class Adder {
 public:
  Adder(const ZipArchive& zip, OpenContext& context, Contents& contents, std::uint64_t& left) : zip_(zip), context_(context), contents_(contents), left_(left) {
    for (const Child& c : contents.children) names_.insert(c.name);
  }

  void run(const updater::Steps& steps) {
    for (const Step& step : steps.steps)
      if (step.what == updater::What::patch) add(step);
    if (no_base_.files > 0)
      context_.note(Severity::data_loss, Code::absent, script_at_, "files that the update makes out of old ones", no_base_.text(), "hand in the old build with --base");
    if (not_there_.files > 0)
      context_.note(Severity::data_loss, Code::absent, script_at_, "files that the update makes out of old ones which the old build does not hold", not_there_.text_with_first(),
                    "hand in the old build whole, and the one that the update starts from");
    if (no_patch_.files > 0)
      context_.note(Severity::data_loss, Code::absent, script_at_, "files that are to be patched, without a patch that can be found", no_patch_.text_with_first());
    if (no_place_.files > 0)
      context_.note(Severity::data_loss, Code::bad_value, script_at_, "files that are to be patched at a place that is none", no_place_.text_with_first(), "read the update's script");
    if (twice_.files > 0)
      context_.note(Severity::data_loss, Code::conflict, script_at_, "files that are patched and that the update holds whole or patches before; which of them the phone keeps is not told", twice_.text_with_first(), "read the update's script");
  }
  void script_at(std::uint64_t at) { script_at_ = at; }

 private:
  void add(const Step& step) {
    const auto images = updater::images_of(step.old);
    const bool partition = !images.empty();
    Child child;
    child.name = partition ? partition_of(step) + ".img" : inside(step.target);
    child.size = step.size.value_or(0);
    child.transform = "file_patch";
    if (child.name.empty() || child.name == ".img" || child.name.find('\0') != std::string::npos || (partition && child.name.find('/') != std::string::npos)) return no_place_.add(child.size, step.target);
    if (!names_.insert(child.name).second) twice_.add(child.size, child.name);   // the paths of both will differ
    Patched patched{zip_.source(), nullptr, 0, {}, step.sha1, child.size, context_.budget.unit_bytes};
    for (const updater::PatchInput& input : step.inputs)
      if (const ZipEntry* entry = zip_.find(input.entry); entry && !entry->broken) patched.patches.emplace_back(input.sha1, *entry);
    if (patched.patches.empty() || !step.size || step.sha1.empty()) {
      no_patch_.add(child.size, child.name);
      return list(std::move(child));
    }
    if (child.size > context_.budget.unit_bytes || child.size > left_) {
      child.state = State::over_budget;
      contents_.children.push_back(std::move(child));
      context_.note(Severity::data_loss, Code::over_budget, script_at_, "a patched file that is larger than its budget", contents_.children.back().name);
      return;
    }
    if (!context_.base) {
      no_base_.add(child.size, child.name);
      return list(std::move(child));
    }
    if (partition) {
      const auto from = std::ranges::find_if(images, [&](const auto& i) { return std::ranges::any_of(patched.patches, [&](const auto& p) { return patch::same_hex(p.first, i.sha1); }); });
      patched.old_size = from == images.end() ? images[0].size : from->size;
      patched.old = context_.base->partition(partition_of(step), patched.old_size, std::nullopt);
    } else {
      patched.old = context_.base->file(step.old == step.target ? "/" + child.name : step.old);
      if (patched.old) patched.old_size = patched.old->size();
    }
    if (!patched.old) {
      not_there_.add(child.size, child.name);
      return list(std::move(child));
    }
    left_ -= child.size;
    append_extent(child.extents, patched.patches[0].second.data_at, patched.patches[0].second.compressed_size);
    child.source = lazy_source(child.size, [made = std::move(patched)] { return made.make(); });
    contents_.children.push_back(std::move(child));
  }

  void list(Child child) {
    child.state = State::listed;
    contents_.children.push_back(std::move(child));
  }

  const ZipArchive& zip_;
  OpenContext& context_;
  Contents& contents_;
  std::uint64_t& left_;
  std::uint64_t script_at_ = 0;
  std::set<std::string, std::less<>> names_;
  Sum no_base_, not_there_, no_patch_, no_place_, twice_;
};

}  // namespace

void add_patched_files(const ZipArchive& zip, OpenContext& context, Contents& contents, std::uint64_t& left) {
  const ZipEntry* script = zip.find(kScript);
  if (!script || script->broken) return;
  const auto text = zip.load(*script, kMostScript);
  if (!text) return;   // told where the entry itself is read
  Adder adder(zip, context, contents, left);
  adder.script_at(script->data_at);
  adder.run(updater::read_steps(text->bytes()));
}

}  // namespace klik
