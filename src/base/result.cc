#include "base/result.h"

namespace klik {
namespace {

struct Row {
  std::string_view name, text;
};
constexpr Row kRows[] = {
#define KLIK_CODE(name, state, text) {#name, text},
#include "base/codes.def"
#undef KLIK_CODE
};

}  // namespace

std::string_view code_name(Code code) { return kRows[std::to_underlying(code)].name; }
std::string_view code_text(Code code) { return kRows[std::to_underlying(code)].text; }

}  // namespace klik
