// The owner's identifiers on the command line: the file, and the key that stands between their values and the case.
#pragma once

#include <string>

#include "cli/command.h"
#include "engine/scan.h"

namespace klik::cli {

inline constexpr Flag kIdentifiersFlag{"--identifiers", "FILE", "The owner's identifiers to look for in captures, one per line: KIND VALUE (imei, serial, mac, wifi_mac, bluetooth_mac, phone, email, advertising_id, android_id, imsi, iccid, coordinates, contact, ssid, bssid, operator, canary, other). Lines salt TEXT (salt_before, salt_after, salt_key for HMAC; hex: for bytes) have digests of text and value joined looked for too. The case gets kinds and keyed digests, never values. The file may not lie in what is scanned"};
inline constexpr Flag kIdentifierKeyFlag{"--identifier-key", "FILE", "The key of those digests, for equal ones in several cases; default: CASE.key, which is made when it is not there. Whoever has it can guess values from a case: keep it apart from the case"};

// The texts of --identifiers and --identifier-key. They are secrets, so for a live input they may be readable by root alone: they
// are loaded before root is given up, and looked into afterwards.
struct OwnerFiles {
  std::string identifiers, key;
};

// False, with a complaint, when one that is given cannot be read.
bool load_owner_files(const Arguments& arguments, OwnerFiles& files);

// Fills options.owner from the files; without --identifier-key makes CASE.key, readable by its owner alone, when it is not there yet.
// REQUIRES: options.inputs is complete. False, with a complaint, when a file cannot be used: with lines that are no identifier, or
// inside what is scanned.
bool read_owner_identifiers(const Arguments& arguments, const OwnerFiles& files, const std::string& case_path, ScanOptions& options);

}  // namespace klik::cli
