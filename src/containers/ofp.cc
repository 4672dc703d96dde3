// OPPO's ofp: a flash package, in a form for Qualcomm with a trailer page and one for MediaTek without any plain mark.
#include "containers/container.h"
#include "containers/flash_trailer.h"

namespace klik {
namespace {

// Flash packages are gigabytes; the end of a small file, which may lie behind a decoder, is not worth a look.
constexpr std::uint64_t kSmallestWithoutName = std::uint64_t{1} << 20;

// The trailer is enough without the name: ops, which has the same, is asked first and needs its name.
bool recognise(const Source& source, std::string_view name) {
  return has_extension(name, "ofp") || (source.size() >= kSmallestWithoutName && find_flash_trailer(source));
}

Result<Contents> open(const SourceRef& source, OpenContext& context) {
  constexpr const char* kAdvice = "decrypt it with an open decrypter that knows this model's key and scan the result";
  if (const auto trailer = find_flash_trailer(*source)) {
    context.note(Severity::data_loss, Code::encrypted, trailer->at, "an ofp package for Qualcomm, and klikspaan holds no key for it", {}, kAdvice);
    return fail(Code::encrypted, trailer->at, "the images of an ofp package are encrypted");
  }
  if (!has_extension(context.name, "ofp")) return fail(Code::bad_magic, source->size(), "no trailer of an ofp package");
  context.note(Severity::data_loss, Code::encrypted, 0, "by its name an ofp package; the form for MediaTek has no mark to confirm it", {}, kAdvice);
  return fail(Code::encrypted, 0, "an ofp package is encrypted");
}

}  // namespace

extern const Container container_ofp;
constexpr Container container_ofp{
    .name = "ofp",
    .title = "OPPO ofp flash package",
    .spec = "no public specification",
    .limits = "recognised, not decrypted; the form for MediaTek is recognised by its name alone",
    .recognise = recognise,
    .open = open,
};

}  // namespace klik
