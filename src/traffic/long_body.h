// What goes on behind the part of a body that is collected: decoded as it comes and shown to the search for identifiers in windows, so that
// the length of a body hides nothing in it. What is nested in there stays closed: that takes the whole.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "traffic/coding_stream.h"
#include "traffic/search_windows.h"

namespace klik::traffic {

class LongBody {
 public:
  // `like`: message, place, type, way, origin, time of the body. `encoding`: as declared. `shown`: decoded bytes from the start that others
  // search. The context outlives this.
  LongBody(const Context& context, const Content& like, std::string_view encoding, std::uint64_t shown);
  ~LongBody();
  LongBody(const LongBody&) = delete;
  LongBody& operator=(const LongBody&) = delete;
  // Bytes as they were sent, from the body's first on: those that are collected too.
  void add_collected(Bytes bytes);
  // Those that are not.
  void add(Bytes bytes);
  // Bytes of it are not in the capture.
  void missing();
  void end();
  // Why not all of it was searched, a literal; null: it was.
  const char* left() const { return left_; }

 private:
  struct Step {
    Coding coding;
    std::unique_ptr<CodingStream> stream;   // made with its first bytes, which may show that the coding is another
    std::uint64_t given = 0, made = 0;
    bool begun = false;
  };
  void feed(Bytes bytes);
  bool undo(std::size_t step, Bytes bytes);
  bool decoded(Bytes bytes);
  bool leave(const char* why);
  bool open(Step& step);

  const Context* context_;
  Content like_;
  std::string type_, coding_;
  std::vector<Step> steps_;          // in order of undoing
  std::optional<SearchWindows> windows_;   // from the first decoded bytes on
  std::uint64_t shown_, at_ = 0;     // of the decoded bytes: that others search, and how far we are
  std::uint64_t memory_ = 0;         // of the decoders, counted with what is collected
  bool dead_ = false;                // nothing more can be decoded
  const char* left_ = nullptr;
};

}  // namespace klik::traffic
