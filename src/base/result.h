// Errors are values. A reader never prints, never exits and never throws for bad input.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>
#include <utility>

namespace klik {

enum class Code : std::uint8_t {
#define KLIK_CODE(name, state, text) name,
#include "base/codes.def"
#undef KLIK_CODE
};

// "truncated", …: the spelling in the case file.
std::string_view code_name(Code code);
// One plain sentence for a reader of the report, without the full stop.
std::string_view code_text(Code code);

// Cheap to make and to drop. 40 bytes, no allocation; prose with paths is composed where a Problem is recorded.
struct [[nodiscard]] Error {
  Code code;
  std::uint64_t at;   // offset in the bytes being read
  const char* what;   // a literal
  const char* file;
  int line;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::uint64_t at, const char* what,
                                                 const char* file = __builtin_FILE(),
                                                 int line = __builtin_LINE()) {
  return std::unexpected(Error{code, at, what, file, line});
}

[[nodiscard]] inline std::unexpected<Error> fail(const Error& error) { return std::unexpected(error); }

}  // namespace klik

#define KLIK_CAT_(a, b) a##b
#define KLIK_CAT(a, b) KLIK_CAT_(a, b)
// KLIK_TRY(auto header, reader.view<Header>(0));
#define KLIK_TRY(decl, expr)                                             \
  auto KLIK_CAT(try_, __LINE__) = (expr);                                \
  if (!KLIK_CAT(try_, __LINE__)) [[unlikely]]                            \
    return std::unexpected(std::move(KLIK_CAT(try_, __LINE__)).error()); \
  decl = *std::move(KLIK_CAT(try_, __LINE__))
// For Result<void>: KLIK_CHECK(source.read(at, out));
#define KLIK_CHECK(expr)                                  \
  do {                                                    \
    if (auto check_ = (expr); !check_) [[unlikely]]       \
      return std::unexpected(std::move(check_).error());  \
  } while (false)
