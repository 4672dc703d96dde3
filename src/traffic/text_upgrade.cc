#include "traffic/text_upgrade.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "formats/net/tls_record.h"
#include "traffic/http_message.h"
#include "traffic/problems.h"

namespace klik::traffic {
namespace {

constexpr std::size_t kLongestLine = 16 << 10;   // that is searched as a whole
constexpr unsigned kCommands = 64;               // told of one connection

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
  TextUpgrade(Context& context, const TextProtocol& protocol) : context_(context), protocol_(protocol), state_(opened_state(context.connection)) {}

  void read(const Piece& piece) override {
    if (inner_) {
      // The server's word to go on may stand behind the hello in the capture.
      if (piece.way == Way::up || down_went_over_ || may_be_record(piece.bytes)) {
        down_went_over_ |= piece.way == Way::down;
        return inner_->read(piece);
      }
    } else if (piece.way == Way::up && may_be_record(piece.bytes) && piece.bytes[0] == tls::record_type::handshake && may_nest(context_.connection)) {
      // A client that asked for TLS waits for the answer (RFC 3207 §4), so its hello begins a piece.
      show(Way::up, text_of(Way::up).bytes.size());
      inner_ = recognising_reader(context_, "", protocol_.name);
      return inner_->read(piece);
    }
    take(piece);
  }

  void gap(Way way, std::uint64_t bytes) override {
    show(way, text_of(way).bytes.size());
    if (inner_) inner_->gap(way, bytes);
  }

  void end() override {
    for (const Way way : {Way::up, Way::down}) show(way, text_of(way).bytes.size());
    if (inner_) inner_->end();
  }

 private:
  struct Text {
    std::vector<std::uint8_t> bytes;   // from the start of a line on
    Origin origin;
    std::int64_t time_ns = 0;
  };

  Text& text_of(Way way) { return texts_[std::to_underlying(way)]; }

  void take(const Piece& piece) {
    // Who speaks again has ended the line before.
    show(other(piece.way), text_of(other(piece.way)).bytes.size());
    Text& text = text_of(piece.way);
    if (text.bytes.empty()) text.origin = piece.origin, text.time_ns = piece.time_ns;
    const std::size_t before = text.bytes.size();
    text.bytes.insert(text.bytes.end(), piece.bytes.begin(), piece.bytes.end());
    std::size_t lines = text.bytes.size();
    while (lines > before && text.bytes[lines - 1] != '\n' && text.bytes[lines - 1] != '>') --lines;
    if (lines > before) show(piece.way, lines);
    else if (text.bytes.size() > kLongestLine) show(piece.way, text.bytes.size());
    text.origin = text.bytes.empty() ? Origin() : piece.origin;
  }

  // The first bytes of what is held, which are whole lines as far as that is known.
  void show(Way way, std::size_t bytes) {
    Text& text = text_of(way);
    if (bytes == 0) return;
    const Bytes shown = Bytes(std::span(text.bytes).first(bytes));
    if (way == Way::up) tell_commands(shown.text(), text);
    if (context_.events.wants_content())
      context_.events.content(context_.connection, {.message = 0, .place = "stream", .name = {}, .type = {}, .way = way, .bytes = shown, .coding = {}, .origin = text.origin, .time_ns = text.time_ns});
    text.bytes.erase(text.bytes.begin(), text.bytes.begin() + static_cast<std::ptrdiff_t>(bytes));
  }

  void tell_commands(std::string_view lines, const Text& text) {
    while (!lines.empty() && commands_left_ > 0) {
      const std::size_t end = std::min(lines.find_first_of("\n>"), lines.size());
      tell_command(lines.substr(0, end), text);
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }

  void tell_command(std::string_view line, const Text& text) {
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
    event.origin = text.origin;
    event.time_ns = text.time_ns;
    context_.events.message(context_.connection, std::move(event));
    // What follows on these is a letter, whose lines are no commands.
    commands_left_ = *command == "DATA" || *command == "BDAT" ? 0 : commands_left_ - 1;
  }

  Context& context_;
  const TextProtocol& protocol_;
  Opened state_;
  unsigned commands_left_ = kCommands;
  std::array<Text, 2> texts_;
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
