#include "formats/android/updater_script.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

namespace klik::updater {
namespace {

using edify::Kind;
using edify::Node;
using edify::Script;

constexpr std::size_t kMostSteps = std::size_t{1} << 16;
constexpr std::size_t kLongest = 300;   // of a condition or call as it is written

constexpr std::string_view kNames[] = {"run", "write", "patch", "blocks", "attribute", "remove", "link", "format", "mount", "layout", "check", "maker"};

// Functions of AOSP that only compute, show or wait.
constexpr std::string_view kSilent[] = {"abort", "assert", "concat", "enable_reboot", "file_getprop", "get_stage", "getprop", "greater_than_int", "ifelse", "is_mounted", "is_substring",
                                        "less_than_int", "msg", "read_file", "reboot_now", "set_progress", "set_stage", "show_progress", "sleep", "stdout", "ui_print"};

struct Function {
  std::string_view name;
  What what;
};
constexpr Function kFunctions[] = {
    {"run_program", What::run}, {"package_extract_file", What::write}, {"package_extract_dir", What::write}, {"write_raw_image", What::write}, {"write_value", What::write},
    {"apply_patch", What::patch}, {"patch_partition", What::patch}, {"block_image_update", What::blocks}, {"block_image_recover", What::blocks},
    {"set_metadata", What::attribute}, {"set_metadata_recursive", What::attribute}, {"set_perm", What::attribute}, {"set_perm_recursive", What::attribute},
    {"delete", What::remove}, {"delete_recursive", What::remove}, {"symlink", What::link}, {"rename", What::link},
    {"format", What::format}, {"wipe_block_device", What::format}, {"wipe_cache", What::format}, {"tune2fs", What::format}, {"mount", What::mount}, {"unmount", What::mount},
    {"update_dynamic_partitions", What::layout}, {"map_partition", What::layout}, {"unmap_partition", What::layout},
    {"apply_patch_check", What::check}, {"apply_patch_space", What::check}, {"patch_partition_check", What::check}, {"block_image_verify", What::check},
    {"check_first_block", What::check}, {"range_sha1", What::check}, {"sha1_check", What::check},
};

std::optional<What> what_of(std::string_view function) {
  if (std::ranges::find(kSilent, function) != std::end(kSilent)) return std::nullopt;
  const auto* known = std::ranges::find(kFunctions, function, &Function::name);
  return known == std::end(kFunctions) ? What::maker : known->what;
}

// "0644" and "0xff" as C reads them.
std::optional<std::uint64_t> number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text[0] == '0') {
    base = 8;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), value, base);
  if (error != std::errc() || end != text.end()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> identity(std::string_view text) {
  const auto value = number(text);
  return value && *value <= 0xFFFFFFFF ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

std::string octal(std::string_view text) {
  const auto value = number(text);
  if (!value) return std::string(text.substr(0, kLongest));
  const std::uint64_t bits = *value & 07777;   // what chmod(2) looks at
  std::string out = "0";
  for (int shift = bits > 0777 ? 9 : 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + ((bits >> shift) & 7));
  return out;
}

class Reader {
 public:
  Reader(std::string_view text, const Script& script, Steps& out) : text_(text), script_(script), out_(out) {}

  void run() {
    for (const std::uint32_t statement : script_.statements) visit(statement, {});
  }

 private:
  const Node& node(std::uint32_t at) const { return script_.nodes[at]; }
  std::string_view whole(std::uint32_t at) const { return text_.substr(node(at).range.at, node(at).range.length); }
  std::string written(std::uint32_t at) const {
    const std::string_view all = whole(at);
    return all.size() <= kLongest ? std::string(all) : std::string(all.substr(0, kLongest)) + "…";
  }
  // The argument's value, or how it is written when only the phone knows the value.
  std::string value(std::uint32_t at) const {
    auto known = edify::constant(script_, at);
    if (known && known->size() <= 4096) return std::move(*known);
    return written(at);
  }
  std::string argument(const Node& call, std::size_t n) const { return n < call.parts.size() ? value(call.parts[n]) : std::string(); }

  static std::string joined(const std::string& outer, const std::string& inner) {
    if (outer.empty() || outer.size() > kLongest) return outer.empty() ? inner : outer;
    return outer + " && " + inner;
  }

  // Depth of the recursion is that of the parser.
  void visit(std::uint32_t at, const std::string& condition) {
    const Node& n = node(at);
    switch (n.kind) {
      case Kind::text: return;
      case Kind::choice: {
        visit(n.parts[0], condition);
        visit(n.parts[1], joined(condition, written(n.parts[0])));
        if (n.parts.size() > 2) visit(n.parts[2], joined(condition, "!(" + written(n.parts[0]) + ")"));
        return;
      }
      case Kind::either:
      case Kind::both: return visit_chain(n, condition);
      case Kind::call: return visit_call(at, condition);
      default:
        for (const std::uint32_t part : n.parts) visit(part, condition);
    }
  }

  // In `a || abort()` a is what must hold; in other chains each part runs under the ones before it.
  void visit_chain(const Node& n, const std::string& condition) {
    const bool guard = n.kind == Kind::either && node(n.parts.back()).kind == Kind::call && node(n.parts.back()).text == "abort";
    std::string under = condition;
    for (const std::uint32_t part : n.parts) {
      if (guard && part != n.parts.back()) check(part, condition);
      visit(part, guard ? condition : under);
      if (!guard) under = joined(under, n.kind == Kind::both ? written(part) : "!(" + written(part) + ")");
    }
  }

  // A condition without which the script ends. Steps inside it stand for themselves.
  void check(std::uint32_t at, const std::string& condition) {
    if (has_step(at)) return;
    if (Step* step = add(What::check, "assert", node(at).range, condition)) step->detail = written(at);
  }
  bool has_step(std::uint32_t at) const {
    const Node& n = node(at);
    if (n.kind == Kind::call && what_of(n.text)) return true;
    return std::ranges::any_of(n.parts, [&](std::uint32_t part) { return has_step(part); });
  }

  Step* add(What what, std::string_view function, edify::Range range, const std::string& condition) {
    if (out_.steps.size() >= kMostSteps) {
      if (!out_.stopped) out_.stopped = fail(Code::over_budget, range.at, "updater script: more steps than the budget allows").error();
      return nullptr;
    }
    Step& step = out_.steps.emplace_back();
    step.what = what;
    step.function = function.substr(0, kLongest);
    step.range = range;
    step.condition = condition;
    return &step;
  }

  void visit_call(std::uint32_t at, const std::string& condition) {
    const Node& call = node(at);
    if (call.text == "assert")
      for (const std::uint32_t part : call.parts) check(part, condition);
    // With one argument the entry's bytes are a value for something else, such as a patch.
    const bool value_only = call.text == "package_extract_file" && call.parts.size() < 2;
    if (const auto what = what_of(call.text); what && !value_only) step(at, *what, condition);
    const bool chooses = call.text == "ifelse" && call.parts.size() >= 2;
    for (std::size_t i = 0; i < call.parts.size(); ++i) {
      const std::string decides = chooses && i > 0 ? written(call.parts[0]) : std::string();
      visit(call.parts[i], decides.empty() ? condition : joined(condition, i == 1 ? decides : "!(" + decides + ")"));
    }
  }

  void step(std::uint32_t at, What what, const std::string& condition) {
    const Node& call = node(at);
    const std::string_view name = call.text;
    const auto make = [&] {
      Step* made = add(what, name, call.range, condition);
      if (made) made->detail = written(at);
      return made;
    };
    // One step for each argument from `first` on.
    const auto each = [&](std::size_t first, auto fill) {
      for (std::size_t i = first; i < call.parts.size(); ++i) {
        Step* made = make();
        if (!made) return;
        made->target = argument(call, i);
        fill(*made);
      }
    };
    if (what == What::remove) return each(0, [](Step&) {});
    if (name == "symlink") return each(1, [&](Step& s) { s.source = argument(call, 0); });
    if (name == "set_perm" || name == "set_perm_recursive") {
      return each(name == "set_perm" ? 3 : 4, [&](Step& s) {
        s.uid = identity(argument(call, 0));
        s.gid = identity(argument(call, 1));
        s.mode = octal(argument(call, name == "set_perm" ? 2 : 3));   // the files' rather than the folders'
      });
    }
    Step* s = make();
    if (!s) return;
    if (what == What::run) {
      s->source = argument(call, 0);
    } else if (name == "package_extract_file" || name == "package_extract_dir" || name == "rename" || name == "write_raw_image" || name == "write_value") {
      s->source = argument(call, 0);
      s->target = argument(call, 1);
    } else if (what == What::attribute) {
      metadata(call, *s);
    } else if (name == "apply_patch") {
      patch(call, *s);
    } else if (name == "patch_partition") {
      patch_partition(call, *s);
    } else if (what == What::blocks || name == "block_image_verify") {
      s->target = argument(call, 0);
      s->source = argument(call, 2);
    } else if (name == "mount") {
      s->source = argument(call, 2);
      s->target = argument(call, 3);
    } else if (name == "format") {
      s->source = argument(call, 2);
      s->target = argument(call, 4);
    } else if (what != What::maker) {
      s->target = argument(call, 0);
    }
  }

  void metadata(const Node& call, Step& s) {
    s.target = argument(call, 0);
    bool of_files = false;   // fmode is for files alone, whatever stands behind it
    for (std::size_t i = 1; i + 1 < call.parts.size(); i += 2) {
      const std::string key = argument(call, i), text = argument(call, i + 1);
      if (key == "uid") s.uid = identity(text);
      else if (key == "gid") s.gid = identity(text);
      else if (key == "fmode" || (key == "mode" && !of_files)) s.mode = octal(text), of_files |= key == "fmode";
      else if (key == "selabel") s.selabel = text;
      else if (key == "capabilities") s.capabilities = number(text);
    }
  }

  // apply_patch(old, new or "-", SHA-1 of the new, its size, {SHA-1 of an old, patch} …)
  void patch(const Node& call, Step& s) {
    s.old = argument(call, 0);
    const std::string target = argument(call, 1);
    s.target = target == "-" || target.empty() ? s.old : target;
    s.sha1 = argument(call, 2);
    s.size = number(argument(call, 3));
    for (std::size_t i = 4; i + 1 < call.parts.size(); i += 2) s.inputs.push_back({argument(call, i), entry_of(call, i + 1)});
    if (!s.inputs.empty()) s.source = s.inputs[0].entry;
  }
  // patch_partition("KIND:device:size:SHA-1" of the new, the same of the old, patch)
  void patch_partition(const Node& call, Step& s) {
    s.target = argument(call, 0);
    s.old = argument(call, 1);
    if (const auto made = updater::images_of(s.target); !made.empty()) {
      s.size = made[0].size;
      s.sha1 = made[0].sha1;
    }
    const auto from = updater::images_of(s.old);
    s.inputs.push_back({from.empty() ? std::string() : from[0].sha1, entry_of(call, 2)});
    s.source = s.inputs[0].entry;
  }
  std::string entry_of(const Node& call, std::size_t n) const {
    if (n >= call.parts.size()) return {};
    const Node& inner = node(call.parts[n]);
    return inner.kind == Kind::call && inner.text == "package_extract_file" && inner.parts.size() == 1 ? argument(inner, 0) : std::string();
  }

  std::string_view text_;
  const Script& script_;
  Steps& out_;
};

}  // namespace

std::vector<PartitionImage> images_of(std::string_view text) {
  std::vector<PartitionImage> out;
  if (text.find(':') == text.npos || text.starts_with('/')) return out;
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size() && parts.size() < 64;) {
    const std::size_t end = std::min(text.find(':', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  for (std::size_t i = 2; i + 1 < parts.size(); i += 2)
    if (const auto size = number(parts[i])) out.push_back({*size, std::string(parts[i + 1])});
  return out;
}

std::string_view what_name(What what) { return kNames[std::to_underlying(what)]; }

Steps read_steps(Bytes bytes) {
  Steps out;
  const Script script = edify::parse(bytes);
  out.stopped = script.stopped;
  Reader(bytes.text(), script, out).run();
  return out;
}

}  // namespace klik::updater
