// What the captures of one side say about data that went out: the owner's identifiers and the kinds of data that decoders know, each
// with whom it reached, and how much of what went to them could be seen into at all.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "compare/capture_sets.h"

namespace klik::compare {

// Something that was seen to go somewhere.
struct DataKey {
  std::string what;      // leak or telemetry
  std::string about;     // kind of identifier, or kind of data; "" of telemetry: a message of the service
  std::string decoder;   // of telemetry
  std::string level;     // owner: of the name of the host; service: of a decoder, whatever its hosts; host; place: of a leak, at a host
  std::string to;        // the owner, the decoder's id, or the host
  std::string place;     // at level place
  auto operator<=>(const DataKey&) const = default;
};

struct DataSeen {
  Seen seen;             // amounts: messages
  bool strong = false;   // a leak that is no chance
};

// How much of what went to somebody could be seen into.
struct Visibility {
  std::int64_t connections = 0, dark = 0;
  std::set<std::string> reasons;
  std::string any_fact, dark_fact;   // the least

  void add(const Visibility& other);
  std::string why() const;           // "quic, tls"
  const std::string& fact() const { return dark_fact.empty() ? any_fact : dark_fact; }
};

class TrafficSide {
 public:
  TrafficSide(const Side& side, const std::vector<std::int64_t>& captures);

  const std::map<DataKey, DataSeen>& things() const { return things_; }
  // Kinds of identifiers that were looked for, with their number and fact.
  const std::map<std::string, std::pair<std::int64_t, std::string>>& sought() const { return sought_; }
  const std::string& capture_fact() const { return capture_fact_; }
  std::string owner_of(const std::string& host) const;
  std::string service_of(const std::string& decoder) const;          // its title
  std::set<std::string> hosts_of_service(const std::string& decoder) const;

  Visibility towards_hosts(const std::set<std::string>& hosts) const;
  Visibility towards_owner(const std::string& owner) const;
  const Visibility& towards_anybody() const { return towards_anybody_; }

 private:
  struct Connection {
    std::string host, owner;
    Visibility seen;
  };
  using ConnectionId = std::pair<std::int64_t, std::int64_t>;   // capture and connection

  void read_connections(const Side& side, const std::vector<std::int64_t>& captures);
  void read_leaks(const Side& side);
  void read_telemetry(const Side& side);
  void read_sought(const Side& side);
  Visibility of(const std::set<ConnectionId>& ids) const;
  void add(DataKey key, const ConnectionId& on, const std::string& fact, double amount, bool strong);

  std::map<ConnectionId, Connection> connections_;
  std::map<std::string, std::string> owners_;                         // by host
  std::map<DataKey, DataSeen> things_;
  std::map<std::string, std::pair<std::int64_t, std::string>> sought_;
  std::map<std::string, std::string> services_;                       // titles by decoder
  std::map<std::string, std::set<std::string>> service_hosts_;
  std::map<std::string, std::set<ConnectionId>> by_host_, by_owner_;
  Visibility towards_anybody_;
  std::string capture_fact_;
};

}  // namespace klik::compare
