// One host, one name, however it was written.
#include "traffic/host_name.h"

#include <gtest/gtest.h>

#include "traffic/connection.h"
#include "traffic/http_message.h"

namespace klik::traffic {
namespace {

TEST(HostName, HasNoCaseAndNoDotAtItsEnd) {
  for (const char* written : {"graph.example.com", "Graph.Example.COM", "graph.example.com.", "GRAPH.EXAMPLE.COM.."}) EXPECT_EQ(host_name(written), "graph.example.com") << written;
  EXPECT_EQ(host_name("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(host_name(""), "");
  EXPECT_EQ(host_name("."), "");
}

TEST(HostName, IsTheConnectionsWhereverItCameFrom) {
  for (const char* from : {"sni", "quic", "push"}) {
    Connection c;
    c.named("Graph.Example.COM.", from);
    EXPECT_EQ(c.host, "graph.example.com");
    EXPECT_EQ(c.host_from, from);
    c.named("other.example", "http");
    EXPECT_EQ(c.host_from, from) << "the first word counts";
  }
  Connection nameless;
  nameless.named(".", "sni");
  EXPECT_EQ(nameless.host_from, "") << "no name is no word";
  nameless.named("a.example", "http");
  EXPECT_EQ(nameless.host, "a.example");
}

TEST(HostName, OfAnAuthorityIsTheSame) {
  EXPECT_EQ(host_of_authority("user@Graph.Example.COM.:8443"), "graph.example.com");
  EXPECT_EQ(host_of_authority("[2001:DB8::1]:8443"), "2001:db8::1");
}

}  // namespace
}  // namespace klik::traffic
