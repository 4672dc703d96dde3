#include "containers/container.h"

#include <algorithm>
#include <array>

namespace klik {

#define KLIK_CONTAINER(name) extern const Container container_##name;
#include "containers/containers.def"
#undef KLIK_CONTAINER

namespace {

constexpr std::string_view kStates[] = {"read", "listed", "unsupported", "encrypted", "damaged", "over_budget"};
constexpr std::string_view kSeverities[] = {"info", "error", "data_loss"};

constexpr State kAfter[] = {
#define KLIK_CODE(name, state, text) State::state,
#include "base/codes.def"
#undef KLIK_CODE
};

bool has_magic(const Source& source, const Magic& magic) {
  std::array<std::uint8_t, 32> there{};
  const MutableBytes window(there.data(), std::min(magic.bytes.size(), there.size()));
  return source.read(magic.at, window) && Bytes(window).text() == magic.bytes;
}

}  // namespace

std::string_view state_name(State state) { return kStates[std::to_underlying(state)]; }
std::string_view severity_name(Severity severity) { return kSeverities[std::to_underlying(severity)]; }
State state_after(Code code) { return kAfter[std::to_underlying(code)]; }

void OpenContext::note(Severity severity, Code code, std::uint64_t at, const char* what, std::string detail, std::string advice) {
  notes.push_back({fail(code, at, what).error(), severity, std::move(detail), std::move(advice)});
}

void OpenContext::note(Severity severity, const Error& error, std::string detail, std::string advice) {
  notes.push_back({error, severity, std::move(detail), std::move(advice)});
}

std::span<const Container* const> containers() {
  static constexpr const Container* all[] = {
#define KLIK_CONTAINER(name) &container_##name,
#include "containers/containers.def"
#undef KLIK_CONTAINER
  };
  return all;
}

const Container* detect(const Source& source, std::string_view name) {
  // Blocks of an update begin like the image they are cut from: a name that only has meaning beside other
  // files says more than a magic.
  for (const Container* c : containers())
    if (c->uses_siblings && c->magics.empty() && c->recognise && c->recognise(source, name)) return c;
  for (const Container* c : containers())
    if (std::ranges::any_of(c->magics, [&](const Magic& m) { return has_magic(source, m); })) return c;
  for (const Container* c : containers())
    if (c->recognise && c->recognise(source, name)) return c;
  return nullptr;
}

}  // namespace klik
