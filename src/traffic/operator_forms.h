// An operator's code, country (MCC) and network (MNC), as programs write it. Numbers of so few digits stand everywhere, so all are bound to
// names: together as the value of a name, or each behind a name of its own.
// Source: ITU-T E.212; names as Android (TelephonyManager, "numeric" of APNs), Apple and analytics programs use them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace klik::traffic {

struct OperatorForm {
  enum class Part : std::uint8_t { both, country, network };
  Part part;
  std::string name;            // "plain", "grouped", "mcc", "mnc"
  std::string bytes;           // of a part: with its name before it
};

// REQUIRES: five or six digits.
std::vector<OperatorForm> operator_forms(std::string_view digits);

// The name whose value begins at `at`: letters, digits, _ and - before the signs that part names from values ("mnc": "04", mnc=04,
// <mnc>04, \"mnc\":4, mnc%3D04). "" when there is none.
std::string_view name_before(std::string_view text, std::size_t at);

}  // namespace klik::traffic
