// Names that answers gave for addresses, so that a connection to such an address has a name: the one that its own caller asked for before all
// others, and with every name how much it is worth.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "traffic/events.h"

namespace klik {

class ToldNames {
 public:
  struct Name {
    std::string_view name;   // by traffic/host_name.h; "" when there is none. Lives until the next lookup().
    // By worth: looked_up (the caller asked, and the answer held), looked_up_long_ago (it asked, but the answer's time was over an hour before),
    // looked_up_by_another (another address asked), announced (told to a local network: mDNS and the like), unasked (nobody was seen to ask).
    std::string_view by;
  };

  // The capture's first packet. Answers of the seconds behind it may be to questions of before.
  void began(std::int64_t time_ns) { began_ns_ = time_ns; }
  void lookup(const traffic::Connection& on, const traffic::Lookup& told);
  // Of the side that the connection was opened to, from what was told before it began.
  Name of(const traffic::Connection& connection) const;
  void ended(const traffic::Connection& connection) { asked_.erase(connection.number); }

 private:
  enum class Kind : std::uint8_t { asked, announced, unasked };
  struct Told {
    std::uint32_t asker, name;            // places in addresses_ and names_
    Kind kind;
    std::int64_t from_ns, until_ns;       // until: INT64_MAX when the answer does not say
  };
  static constexpr std::size_t kMostAddresses = 200'000, kMostNames = 200'000, kMostTold = 500'000;   // of a capture; phones meet some thousand
  static constexpr std::size_t kOfOneAsker = 8, kOfOneAddress = 64, kQuestions = 64;

  // Which texts and addresses there are, each once.
  template <class T, class Hash>
  class Numbered {
   public:
    std::uint32_t number(const T& value, std::size_t most);   // kNone when there are too many
    const T& operator[](std::uint32_t n) const { return *values_[n]; }
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

   private:
    std::unordered_map<T, std::uint32_t, Hash> numbers_;
    std::vector<const T*> values_;
  };
  struct AddressHash {
    std::size_t operator()(const traffic::Address& a) const { return std::hash<std::string_view>{}(Bytes(a.bytes.data(), a.bytes.size()).text()); }
  };
  // The last questions of an open connection, by a digest of way and name.
  struct Questions {
    std::array<std::size_t, kQuestions> last{};
    std::uint32_t count = 0;
  };

  bool was_asked(const traffic::Connection& on, const traffic::Lookup& answer) const;
  void keep(const traffic::Address& address, const Told& told);

  std::int64_t began_ns_ = 0;
  Numbered<traffic::Address, AddressHash> askers_;
  Numbered<std::string, std::hash<std::string>> names_;
  std::map<traffic::Address, std::vector<Told>> told_;   // newest last
  std::size_t all_ = 0;                                  // in it
  std::unordered_map<std::uint64_t, Questions> asked_;   // by number of the connection
};

}  // namespace klik
