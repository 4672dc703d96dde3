// Rows of connections that moved.
#include <gtest/gtest.h>

#include "support/capture_facts.h"
#include "support/capture_writer.h"
#include "support/quic_talk.h"

namespace klik {
namespace {

using traffic::Way;

// What a kind says in its columns, by their names.
std::string said(const Fact& fact, std::initializer_list<std::string_view> columns) {
  std::string out;
  for (const std::string_view name : columns)
    for (std::size_t i = 0; i < fact.kind->columns.size(); ++i) {
      if (fact.kind->columns[i].name != name) continue;
      if (const auto* text = std::get_if<std::string>(&fact.values[i])) out += *text + " ";
      if (const auto* number = std::get_if<std::int64_t>(&fact.values[i])) out += std::to_string(*number) + " ";
    }
  return out;
}

TEST(TrafficFacts, AConnectionThatMovedHasARowForEachPath) {
  const test::Ends ends;
  test::PcapWriter out({.link = 101});
  std::uint32_t second = 0;
  std::vector<std::uint64_t> frames_at;
  const auto send = [&](std::uint16_t port, const test::Octets& datagram) { frames_at.push_back(out.out.bytes.size() + 16), out.record(++second, 0, test::ip4(test::udp(datagram, port, 443))); };
  send(40'000, test::client_initial(test::crypto_frame(0, test::hello_message("test"))));
  // The server's answer is not in this capture: the client's own packets bear the id that it wants.
  send(40'000, test::handshake_packet(ends, Way::up, {1}));
  send(40'000, test::data_packet(ends, Way::up, test::stream_frame(0, 0, "from the old port", false), 0));
  send(41'000, test::data_packet(ends, Way::up, test::stream_frame(0, 17, "from the new port", false), 1));
  send(41'000, test::data_packet(ends, Way::up, test::stream_frame(0, 34, "and again", false), 2));
  std::string connections, paths;
  for (const Fact& f : test::facts_of_capture(out.out.bytes)) {
    if (f.kind == &kNetConnection) connections += said(f, {"number", "sport", "packets_up", "moved"}) + ";";
    if (f.kind != &kNetPath) continue;
    paths += said(f, {"connection", "position", "sport", "dport", "known_by", "packets_up", "packets_down"}) + ";";
    // Its first frame.
    EXPECT_EQ(f.origins.at(0).at, frames_at[3]);
  }
  EXPECT_EQ(connections, "1 40000 5 1 ;");
  EXPECT_EQ(paths, "1 1 41000 443 id 2 0 ;");
}

}  // namespace
}  // namespace klik
