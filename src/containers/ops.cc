// OnePlus's ops: a flash package whose index and images are encrypted with keys that belong to the flash tool.
#include "containers/container.h"
#include "containers/flash_trailer.h"

namespace klik {
namespace {

bool recognise(const Source& source, std::string_view name) {
  return has_extension(name, "ops") && find_flash_trailer(source);
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  const auto trailer = find_flash_trailer(*source);
  if (!trailer) return fail(Code::bad_magic, source->size(), "no trailer of an ops package");
  context.note(Severity::data_loss, Code::encrypted, trailer->at, "an ops package, and klikspaan holds no key for it",
               "project " + trailer->project + ", firmware " + trailer->firmware,
               "decrypt it with the maker's flash tool or an open decrypter for this model and scan the result");
  return fail(Code::encrypted, trailer->at, "the images of an ops package are encrypted");
}

}  // namespace

extern const Container container_ops;
constexpr Container container_ops{
    .name = "ops",
    .title = "OnePlus ops flash package",
    .spec = "no public specification",
    .limits = "recognised by name and trailer, not decrypted",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
