#include "traffic/text_upgrade.h"

#include <algorithm>
#include <string>
#include <utility>

#include "formats/net/tls_record.h"
#include "traffic/http_message.h"
#include "traffic/search_windows.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kCommandBytes = 128;   // of a line, within which its command stands
constexpr unsigned kCommands = 64;           // told of one connection

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

bool is_like(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, {}, upper, upper);
}

Match begins_with(Bytes bytes, std::span<const std::string_view> patterns) {
  Match found = bytes.empty() ? Match::more : Match::no;
  for (const std::string_view pattern : patterns) {
    const std::string_view start = bytes.text().substr(0, pattern.size());
    if (!is_like(start, pattern.substr(0, start.size()))) continue;
    if (start.size() == pattern.size()) return Match::yes;
    found = Match::more;
  }
  return found;
}

// Text never begins so: the first two bytes of a record, as far as they are there.
bool may_be_record(Bytes bytes) {
  return !bytes.empty() && bytes[0] >= tls::record_type::change_cipher_spec && bytes[0] <= tls::record_type::heartbeat && (bytes.size() == 1 || bytes[1] == 3);
}

class TextUpgrade final : public StreamReader {
 public:
  TextUpgrade(Context& context, const TextProtocol& protocol) : context_(context), protocol_(protocol), state_(opened_state(context.connection)), clear_(context) {}

  void read(const Piece& piece) override {
    if (inner_) {
      // The server's word to go on may stand behind the hello in the capture.
      if (piece.way == Way::up || down_went_over_ || may_be_record(piece.bytes)) {
        down_went_over_ |= piece.way == Way::down;
        return inner_->read(piece);
      }
    } else if (piece.way == Way::up && may_be_record(piece.bytes) && piece.bytes[0] == tls::record_type::handshake && may_nest(context_.connection)) {
      // A client that asked for TLS waits for the answer (RFC 3207 §4), so its hello begins a piece.
      end_line();
      clear_.end();
      inner_ = recognising_reader(context_, "", protocol_.name);
      return inner_->read(piece);
    }
    take(piece);
  }

  void gap(Way way, std::uint64_t bytes) override {
    if (way == Way::up) end_line();
    clear_.gap(way);
    if (inner_) inner_->gap(way, bytes);
  }

  void end() override {
    end_line();
    clear_.end();
    if (inner_) inner_->end();
  }

 private:
  void take(const Piece& piece) {
    clear_.add(piece);
    // Who answers has read the line.
    if (piece.way == Way::down) return end_line();
    for (std::size_t at = 0; at < piece.bytes.size() && commands_left_ > 0; ++at) {
      const char c = static_cast<char>(piece.bytes[at]);
      if (line_.empty()) line_origin_ = piece.origin, line_time_ns_ = piece.time_ns;
      if (c == '\n' || c == '>') end_line();
      else if (line_.size() < kCommandBytes) line_ += c;
    }
  }

  void end_line() { tell_command(std::exchange(line_, {})); }

  void tell_command(std::string_view line) {
    if (commands_left_ == 0) return;
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    if (protocol_.tagged) line = line.contains(' ') ? line.substr(line.find(' ') + 1) : std::string_view();
    if (line.starts_with('<')) line.remove_prefix(1);
    const std::string_view word = line.substr(0, line.find_first_of(" \r\t/"));
    const auto command = std::ranges::find_if(protocol_.commands, [&](std::string_view known) { return is_like(word, known); });
    if (command == protocol_.commands.end()) return;
    Message event;
    event.protocol = protocol_.name;
    event.what = *command;
    event.way = Way::up;
    event.state = state_;
    event.origin = line_origin_;
    event.time_ns = line_time_ns_;
    context_.events.message(context_.connection, std::move(event));
    // What follows on these is a letter, whose lines are no commands.
    commands_left_ = *command == "DATA" || *command == "BDAT" ? 0 : commands_left_ - 1;
  }

  Context& context_;
  const TextProtocol& protocol_;
  Opened state_;
  unsigned commands_left_ = kCommands;
  std::string line_;               // of the caller, as far as a command needs it
  Origin line_origin_;
  std::int64_t line_time_ns_ = 0;
  UnreadBytes clear_;
  bool down_went_over_ = false;
  std::unique_ptr<StreamReader> inner_;
};

}  // namespace

std::unique_ptr<StreamReader> open_text(Context& context, const TextProtocol& protocol) { return std::make_unique<TextUpgrade>(context, protocol); }

Match recognise_text(const Start& start, std::span<const std::string_view> greetings, std::span<const std::string_view> commands, bool command_tells) {
  if (!start.alpn.empty()) return Match::no;
  const Match said = begins_with(start.down, greetings);
  if (said == Match::no) return Match::no;
  if (commands.empty()) return said;
  const Match answered = begins_with(start.up, commands);
  if (answered == Match::yes && (said == Match::yes || (command_tells && start.down.empty()))) return Match::yes;
  return answered == Match::no ? Match::no : Match::more;
}

}  // namespace klik::traffic
