// Frames out of a capture file that comes in windows: pcap and pcapng, in any byte order, of any size.
// Sources: draft-ietf-opsawg-pcap (file header, records), draft-ietf-opsawg-pcapng (blocks, options); for the records of
// `a1b2cd34` libpcap's sf-pcap.c; for the custom block of PCAPdroid its pcap_dump.c; for Apple's blocks of processes and the options
// that refer to them Wireshark's file-pcapng.c ("Darwin Process Event Block").
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"

namespace klik::net {

// Of the machine that captured.
enum class FrameSide : std::uint8_t { unknown, received, sent };

struct CapturedFrame {
  std::uint64_t at = 0;            // of `data` in the file
  Bytes data;                      // as captured, without the link's frame check; valid during the call only
  std::uint32_t stored = 0;        // bytes in the file, frame check included
  std::uint32_t wire_length = 0;   // on the wire, without the frame check; never below data.size()
  std::int64_t time_ns = 0;        // since 1970-01-01 UTC; 0 when the file has no time for it
  std::uint32_t interface = 0;     // counted over all sections of the file
  std::uint32_t link_type = 0;     // LINKTYPE_*, 16 bits
  FrameSide side = FrameSide::unknown;
  std::string_view comment;        // "" when none; valid during the call only
  std::string_view process;        // that Apple's programs name for the frame; "" when none; valid during the call only
};

// What wrote a section, in its own words, unescaped. A pcap file has one section without words.
struct Section {
  std::uint64_t at = 0;
  std::string_view format;         // "pcap", "pcapng": a literal
  std::string_view hardware, system, program;
};

// Decryption Secrets Block. 0x544c534b is a TLS key log.
struct SecretsBlock {
  std::uint64_t at = 0;            // of `data`
  std::uint32_t type = 0;
  Bytes data;
};
inline constexpr std::uint32_t kTlsKeyLog = 0x544c534b;

// PCAPdroid's word for an Android user id.
struct AppName {
  std::int32_t uid = -1;
  std::string_view package, name;
};

// How bad a problem is: worth knowing; wrong, but nothing is missing; something is missing.
enum class Weight : std::uint8_t { info, error, data_loss };

class CaptureSink {
 public:
  virtual ~CaptureSink() = default;
  virtual void frame(const CapturedFrame& frame) = 0;
  virtual void section(const Section& section) { (void)section; }
  virtual void secrets(const SecretsBlock& block) { (void)block; }
  virtual void app(const AppName& app) { (void)app; }
  // Frames that the capturing system says it lost, told when a section ends.
  virtual void dropped(std::uint64_t frames) { (void)frames; }
  // `error.at` is an offset in the file. At most kMostProblems are told of one file.
  virtual void problem(const Error& error, Weight weight) { (void)error, (void)weight; }
};

inline constexpr std::uint32_t kMostProblems = 64;
inline constexpr std::uint64_t kLongestFrame = 262'144;           // as libpcap and Wireshark allow; a longer one is damage
inline constexpr std::uint64_t kLongestBlock = std::uint64_t{16} << 20;

// What of a file is wanted. secrets: only the blocks that hold them, all others are passed over by their length alone.
enum class Wanted : std::uint8_t { all, secrets };

class CaptureParser {
 public:
  explicit CaptureParser(CaptureSink& sink, Wanted wanted = Wanted::all);
  ~CaptureParser();
  CaptureParser(CaptureParser&&) noexcept;

  struct Fed {
    std::uint64_t used = 0;    // bytes of the window that are done with; more than it holds when a block is passed over
    std::uint64_t needed = 0;  // length that the next window must have for any progress, unless it is the last; at most kLongestBlock + kLongestFrame + 2 KiB
  };
  // Takes all records that lie wholly in `window`, which starts at `at` in the file. The next window must start at at + used.
  // `last`: nothing follows this window; what is left over then is told as truncated.
  // After damage it goes on at the next place that is surely a record. Errors: bad_magic, truncated: not a capture at all.
  Result<Fed> feed(Bytes window, std::uint64_t at, bool last);

  // Name Resolution Blocks passed over: what the capturing host believed, no fact of the wire.
  std::uint64_t name_blocks() const;

  class Format;   // one per file format

 private:
  CaptureSink& sink_;
  Wanted wanted_;
  std::unique_ptr<Format> format_;
};

// "pcap", "pcapng", or "" when the first bytes (28 suffice) are of neither.
std::string_view capture_kind(Bytes head);

}  // namespace klik::net
