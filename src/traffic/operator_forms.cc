#include "traffic/operator_forms.h"

#include <algorithm>

namespace klik::traffic {
namespace {

// Between a name and its value: JSON, with blanks and inside another text, forms, XML and attributes, escapes of URLs, multipart.
constexpr std::string_view kSigns[] = {
    "\":", "\":\"", "\": ", "\": \"", "\" : ", "\" : \"", "\\\":", "\\\":\\\"", "=", "=\"", "='", ">", ":", ": ", "\"\r\n\r\n", "%3D", "%22%3A", "%22%3A%22", "%3A",
};

void behind_names(std::vector<OperatorForm>& out, OperatorForm::Part part, std::string_view name, std::string_view number) {
  std::string capital(name), upper(name);
  capital[0] = static_cast<char>(capital[0] - 32);
  for (char& c : upper) c = static_cast<char>(c - 32);
  // networkMcc and sim_mcc end like mcc.
  for (const std::string& word : {std::string(name), capital, upper})
    for (const std::string_view sign : kSigns) out.push_back({part, std::string(name), word + std::string(sign) + std::string(number)});
}

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'; }

}  // namespace

std::vector<OperatorForm> operator_forms(std::string_view digits) {
  std::vector<OperatorForm> out;
  const std::string_view country = digits.substr(0, 3), network = digits.substr(3);
  out.push_back({OperatorForm::Part::both, "plain", std::string(digits)});
  for (const char separator : {'-', '_', ',', ' ', ':', '/', '|', '.'}) out.push_back({OperatorForm::Part::both, "grouped", std::string(country) + separator + std::string(network)});
  behind_names(out, OperatorForm::Part::country, "mcc", country);
  behind_names(out, OperatorForm::Part::network, "mnc", network);
  // As a number, and with as many digits as the longest have.
  const std::string_view number = network.substr(std::min(network.find_first_not_of('0'), network.size() - 1));
  if (number != network) behind_names(out, OperatorForm::Part::network, "mnc", number);
  if (network.size() == 2) behind_names(out, OperatorForm::Part::network, "mnc", "0" + std::string(network));
  return out;
}

std::string_view name_before(std::string_view text, std::size_t at) {
  constexpr std::size_t kMostSigns = 12, kLongestName = 48;
  std::size_t end = at;
  bool parted = false;   // by more than blanks, which part words as well
  // Of percent escapes the hexadecimal digits are signs too: %22%3A%22.
  const auto is_escape = [&](std::size_t i) { return i >= 3 && text[i - 3] == '%'; };
  for (std::size_t n = 0; n < kMostSigns && end > 0; ++n) {
    const bool escape = is_escape(end);
    if (!escape && !std::string_view("\"':=\\>[ \r\n\t").contains(text[end - 1])) break;
    parted |= escape || !std::string_view(" \r\n\t").contains(text[end - 1]);
    end -= escape ? 3 : 1;
  }
  if (!parted) return {};
  std::size_t start = end;
  while (start > 0 && end - start < kLongestName && is_word(text[start - 1])) --start;
  return text.substr(start, end - start);
}

}  // namespace klik::traffic
