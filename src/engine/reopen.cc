#include "engine/reopen.h"

#include <filesystem>

#include "base/text.h"
#include "containers/container.h"
#include "engine/folder.h"
#include "engine/naming.h"
#include "engine/neighbours.h"

namespace klik {

Result<SourceRef> reopen(const Reopening& what, Scratch& scratch) {
  const std::string& location = what.location;
  const std::vector<std::string>& parts = what.parts;
  std::error_code ec;
  const bool folder = std::filesystem::is_directory(location, ec);
  SourceRef source;
  if (!folder) {
    KLIK_TRY(source, file_source(location.c_str()));
  }
  std::string name = std::filesystem::path(location).filename().string();
  Contents contents;   // outlives the child that the next round opens
  for (std::size_t depth = 0; depth < parts.size(); ++depth) {
    OpenContext context{.budget = what.budget, .scratch = scratch, .name = text::last_part(name), .keys = what.keys, .base = what.base};
    const Contents holder = std::move(contents);
    const std::string holder_name = name;
    Neighbours neighbours;
    context.sibling = [&](std::string_view wanted) { return depth == 0 ? file_beside(location, wanted) : neighbours.find(holder.children, holder_name, wanted); };
    if (folder && depth == 0) {
      KLIK_TRY(contents, open_folder(location, "", context));
    } else {
      const Container* container = detect(*source, text::last_part(name));
      if (!container) return fail(Code::absent, 0, "the path leads into something that is no container");
      KLIK_TRY(contents, container->open(source, context));
    }
    std::vector<NamedChild> named;
    for (const Child& c : contents.children) named.push_back({c.name, c.transform});
    const std::vector<std::string> spelled = path_parts(named, depth == 0 && !folder);
    source = nullptr;
    for (std::size_t i = 0; i < spelled.size() && !source; ++i) {
      if (text::storable(spelled[i]) != parts[depth]) continue;
      source = contents.children[i].source;
      name = contents.children[i].name;
    }
    if (!source) return fail(Code::absent, 0, "no such file inside: this is not the input that was scanned");
  }
  if (!source) return fail(Code::absent, 0, "a folder has no bytes of its own");
  if (what.expected) {
    KLIK_TRY(const Sha256Digest digest, digest_of_start(*source, source->size()));
    if (digest != *what.expected) return fail(Code::conflict, 0, "the bytes are not those that were scanned");
  }
  return source;
}

}  // namespace klik
