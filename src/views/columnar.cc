#include "views/columnar.h"

#include <algorithm>

#include "base/text.h"

namespace klik::views {
namespace {

constexpr std::int64_t kExactInJavaScript = 9'007'199'254'740'991;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// As a person expects names to be sorted, and total: equal only when equal.
bool before(const std::string& a, const std::string& b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), [](char p, char q) { return lower(p) == lower(q); });
  if (x == a.end() && y == b.end()) return a < b;
  if (x == a.end() || y == b.end()) return x == a.end();
  return static_cast<unsigned char>(lower(*x)) < static_cast<unsigned char>(lower(*y));
}

// Only ASCII counts: there a byte is a character for whoever reads it.
std::size_t shared_beginning(const std::string& a, const std::string& b) {
  const std::size_t most = std::min(a.size(), b.size());
  std::size_t n = 0;
  while (n < most && a[n] == b[n] && static_cast<unsigned char>(a[n]) < 0x80) ++n;
  return n;
}

bool all_numbers(const Table& table, std::size_t column) {
  return std::none_of(table.rows.begin(), table.rows.end(), [&](const auto& row) { return std::holds_alternative<std::string>(row[column]); });
}

std::string numbers(const Table& table, std::size_t column) {
  std::string out = R"({"k":"n","v":[)";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    if (r) out += ',';
    const auto* number = std::get_if<std::int64_t>(&table.rows[r][column]);
    if (!number) {
      out += "null";
    } else if (*number > kExactInJavaScript || *number < -kExactInJavaScript) {
      out += '"' + std::to_string(*number) + '"';
    } else {
      out += std::to_string(*number);
    }
  }
  return out + "]}";
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// The length all values of the column have, when they are lower-case hex; else 0.
std::size_t hex_width(const Table& table, std::size_t column) {
  std::size_t width = 0;
  for (const auto& row : table.rows) {
    if (std::holds_alternative<std::monostate>(row[column])) continue;
    const auto* s = std::get_if<std::string>(&row[column]);
    if (!s || s->empty() || s->size() % 2 || (width && s->size() != width)) return 0;
    if (std::any_of(s->begin(), s->end(), [](char c) { return hex_digit(c) < 0; })) return 0;
    width = s->size();
  }
  return width;
}

std::string hex_column(const Table& table, std::size_t column, std::size_t width) {
  std::string bytes;
  std::string nulls;
  bytes.reserve(table.rows.size() * (width / 2));
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const auto* s = std::get_if<std::string>(&table.rows[r][column]);
    if (!s) {
      if (!nulls.empty()) nulls += ',';
      nulls += std::to_string(r);
      continue;
    }
    for (std::size_t i = 0; i + 1 < s->size(); i += 2) bytes += static_cast<char>(hex_digit((*s)[i]) * 16 + hex_digit((*s)[i + 1]));
  }
  return R"({"k":"x","w":)" + std::to_string(width) + R"(,"v":")" + base64(bytes) + R"(","z":[)" + nulls + "]}";
}

std::string text_column(const Table& table, std::size_t column) {
  // Distinct values with the rows they stand in, by sorting row numbers.
  std::vector<std::string> values(table.rows.size());
  std::vector<std::size_t> order;
  order.reserve(values.size());
  for (std::size_t r = 0; r < values.size(); ++r) {
    const Value& value = table.rows[r][column];
    if (std::holds_alternative<std::monostate>(value)) continue;
    const auto* s = std::get_if<std::string>(&value);
    values[r] = s ? text::escaped(*s) : std::to_string(std::get<std::int64_t>(value));
    order.push_back(r);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return before(values[a], values[b]); });
  std::vector<std::int64_t> places(values.size(), -1);
  std::string out = R"({"k":"t","v":[)";
  std::int64_t place = -1;
  const std::string* last = nullptr;
  for (const std::size_t r : order) {
    if (!last || *last != values[r]) {
      const std::size_t shared = last ? shared_beginning(*last, values[r]) : 0;
      if (last) out += ',';
      out += std::to_string(shared) + ',' + text::json_string(std::string_view(values[r]).substr(shared));
      ++place;
      last = &values[r];
    }
    places[r] = place;
  }
  out += R"(],"i":[)";
  for (std::size_t r = 0; r < places.size(); ++r) {
    if (r) out += ',';
    out += std::to_string(places[r]);
  }
  return out + "]}";
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t n) -> unsigned { return i + n < bytes.size() ? static_cast<unsigned char>(bytes[i + n]) : 0u; };
    const unsigned group = byte(0) << 16 | byte(1) << 8 | byte(2);
    out += kDigits[group >> 18];
    out += kDigits[group >> 12 & 63];
    out += i + 1 < bytes.size() ? kDigits[group >> 6 & 63] : '=';
    out += i + 2 < bytes.size() ? kDigits[group & 63] : '=';
  }
  return out;
}

std::string packed_column(const Table& table, std::size_t column, Pack hex) {
  if (all_numbers(table, column)) return numbers(table, column);
  if (const std::size_t width = hex == Pack::yes ? hex_width(table, column) : 0) return hex_column(table, column, width);
  return text_column(table, column);
}

}  // namespace klik::views
