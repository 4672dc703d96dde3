#include "cli/quantities.h"

#include <fmt/format.h>

#include <charconv>

namespace klik::cli {
namespace {

// The number at the start of `text`, which then starts behind it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

}  // namespace

std::optional<std::chrono::seconds> read_duration(std::string_view text) {
  struct Unit {
    char letter;
    std::uint64_t seconds;
  };
  constexpr Unit kUnits[] = {{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}};
  constexpr std::uint64_t kLongest = 366 * 86'400;
  std::uint64_t total = 0;
  std::size_t next = 0;   // the largest unit that may still come
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number || text.empty()) return std::nullopt;
    while (next < std::size(kUnits) && kUnits[next].letter != text.front()) ++next;
    if (next == std::size(kUnits) || *number > kLongest) return std::nullopt;
    total += *number * kUnits[next++].seconds;
    text.remove_prefix(1);
  }
  if (total == 0 || total > kLongest) return std::nullopt;
  return std::chrono::seconds(total);
}

std::optional<std::uint64_t> read_size(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::uint64_t bytes;
  };
  constexpr Unit kUnits[] = {{"", 1},           {"b", 1},           {"k", 1'000},         {"kb", 1'000},
                             {"m", 1'000'000},  {"mb", 1'000'000},  {"g", 1'000'000'000}, {"gb", 1'000'000'000}, {"t", 1'000'000'000'000}, {"tb", 1'000'000'000'000}};
  const auto number = take_number(text);
  if (!number || *number == 0) return std::nullopt;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  std::string unit(text);
  for (char& c : unit) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  for (const Unit& known : kUnits)
    if (known.name == unit) {
      if (*number > (std::uint64_t{1} << 63) / known.bytes - 1) return std::nullopt;
      return *number * known.bytes;
    }
  return std::nullopt;
}

std::string duration_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  if (s < 60) return fmt::format("{} s", s);
  return s < 3600 ? fmt::format("{} min {:02} s", s / 60, s % 60) : fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1'000) return fmt::format("{} {}", bytes, bytes == 1 ? "byte" : "bytes");
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB"};
  // From 999.95 on one decimal would say 1000.0.
  for (size /= 1e3; size >= 999.95 && unit + 1 < std::size(kUnits); size /= 1e3) ++unit;
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

}  // namespace klik::cli
