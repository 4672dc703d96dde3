// Whose names and whose code: the tables of data/owners. An owner is whose name a host bears, not who sees the data.
#pragma once

#include <span>
#include <string_view>

namespace klik::data {

struct Owner {
  std::string_view name, country;     // ISO 3166-1, of its seat
  std::string_view group;             // who owns it; "" when nobody of the table does
  std::string_view trade, source;
};

struct HostOwner {
  std::string_view suffix, owner, category, source;
};

struct Law {
  std::string_view country, law, since, says, source;
};

std::span<const Owner> owners();
const Owner* find_owner(std::string_view name);
// Who stands at the end of the chain of groups: of Umeng, Alibaba. The owner itself when it belongs to nobody.
const Owner& last_owner(const Owner& owner);

std::span<const HostOwner> host_owners();
// The longest suffix that the host is, or lies under. Labels before a '*' do not count. Null when nobody is known.
const HostOwner* owner_of_host(std::string_view host);

std::span<const Law> laws();

}  // namespace klik::data
