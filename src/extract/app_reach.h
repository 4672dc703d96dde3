// What the entries of one app reach in its code.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "extract/app_code.h"
#include "flow/platform.h"

namespace klik {

struct ReachedFrom {
  const AppEntry* entry;         // null: the app's Application class, which runs before any of its parts
  std::string way;               // "A.onReceive → B.run → C.exec", cut in the middle when long
  std::size_t length;            // methods on it
  bool checks_caller;            // a method on the way asks who called
};

// How near a reached method is to outside: cheap to ask, for choosing among many.
struct Nearness {
  Door door;
  std::uint32_t length;          // methods on a shortest way
  friend auto operator<=>(const Nearness&, const Nearness&) = default;
};

class AppReach {
  struct State;

 public:
  // REQUIRES: app and platform outlive it. `steps` bounds the work.
  AppReach(const AppCode& app, const flow::Platform& platform, std::uint64_t steps);
  ~AppReach();

  bool has_code() const;
  bool exhausted() const;        // there was more to follow than the budget allows: what is not reached is not known
  std::uint64_t unreadable() const;   // graphs that could not be unpacked
  std::vector<std::string> platform_classes() const;   // above the app's own, sorted: all that was asked of the platform
  // The same from one entry alone, whatever else reaches the code: what somebody who starts that entry sets in motion.
  class FromOne {
   public:
    std::optional<ReachedFrom> method(std::string_view class_name, std::string_view method, std::string_view descriptor) const;
    std::optional<Nearness> nearness(std::string_view class_name, std::string_view method, std::string_view descriptor) const;

   private:
    friend class AppReach;
    struct Search;
    FromOne(const State& state, std::unique_ptr<Search> search);
    const State* state_;
    std::unique_ptr<Search> search_;

   public:
    FromOne(FromOne&&) noexcept;
    ~FromOne();
  };
  // REQUIRES: n < app.entries.size(); the result does not outlive this.
  FromOne from(std::uint32_t n, std::uint64_t steps) const;

  // Empty when nothing reaches the method of that class.
  std::optional<ReachedFrom> method(std::string_view class_name, std::string_view method, std::string_view descriptor) const;
  std::optional<Nearness> nearness(std::string_view class_name, std::string_view method, std::string_view descriptor) const;
  // The first entry, in the order of app.entries, whose class is this or extends it.
  const AppEntry* entry_extending(std::string_view descriptor) const;
  // A class of the app that extends it, in the order of names; "" for none.
  std::string class_extending(std::string_view descriptor) const;

 private:
  std::unique_ptr<State> state_;
};

// Decompresses a packed graph as `code` made it. False when it is damaged or too large.
bool unpack_graph(std::string_view compressed, std::string& out);

// "com.example.A" → "Lcom/example/A;"
std::string descriptor_of_class(std::string_view class_name);

}  // namespace klik
