// `scan live:IFACE`: what is said and asked before, the recording beside the case, and the rights given up in between.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/command.h"

namespace klik::cli {

// The interface of "live:IFACE", nothing for any other input.
std::optional<std::string> live_interface(std::string_view input);

// The flags that mean something for a live input only, for a complaint when there is none; "" when none is given.
std::string_view live_flag_given(const Arguments& arguments);

class LiveRecording {
 public:
  // In this order: the flags, the notice, the interface, the end of all privileges, the file. No packet is read yet.
  // Complains and gives nothing when any of it fails; the process may then have lost its rights and should end.
  // REQUIRES: one thread, and nothing of the inputs read before.
  static std::unique_ptr<LiveRecording> prepare(const Arguments& arguments, const std::string& interface, const std::string& case_path);
  // Removes a recording that was not begun.
  ~LiveRecording();

  const std::string& path() const;

  // As whom the scan goes on.
  const std::string& user() const;

  // Until a limit or Ctrl-C. Complains and gives nothing when there is no recording that could be read; false when it is not
  // whole, since frames were lost, the disk was full or the interface went away.
  std::optional<bool> record();

 private:
  struct State;
  explicit LiveRecording(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace klik::cli
