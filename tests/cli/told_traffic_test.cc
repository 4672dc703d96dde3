// What a capture tells beyond its connections: certificates that were refused, frames that nothing was read of, hosts where no software is.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>

#include "support/asking.h"
#include "support/capture_writer.h"
#include "support/files.h"
#include "support/tls_made.h"

namespace klik {
namespace {

class ToldTraffic : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  // Gives the exit code.
  int scan(const test::Raw& capture) {
    std::ofstream(path("made.pcap"), std::ios::binary).write(reinterpret_cast<const char*>(capture.data()), static_cast<std::streamsize>(capture.size()));
    const test::Ran ran = test::run(std::string(KLIK_BINARY) + " scan '" + path("made.pcap") + "' --data off --no-cache --force --case '" + path("made.case") + "' 2>&1");
    return WIFEXITED(ran.status) ? WEXITSTATUS(ran.status) : -1;
  }
  std::string ask(const std::string& sql) const { return test::asked(path("made.case"), sql); }

 private:
  test::ScratchFolder folder_;
};

// A connection with a ClientHello, and an alert from one of its ends.
void connect(test::PcapWriter& out, std::uint16_t port, std::string_view host, bool from_client, std::uint8_t alert) {
  test::HelloParts parts;
  parts.extensions = test::server_name_of(host);
  const test::Octets hello = test::record(22, test::handshake(1, test::client_hello(parts)));
  const test::Octets said = test::record(21, {2, alert});
  test::Ip4 up, down;
  up.protocol = down.protocol = 6;
  down.from = 2, down.to = 1;
  const auto size = static_cast<std::uint32_t>(hello.size());
  out.record(1, 0, test::ip4(test::tcp({}, 100, 0x02, port, 443), up));
  out.record(1, 1, test::ip4(test::tcp({}, 200, 0x12, 443, port), down));
  out.record(1, 2, test::ip4(test::tcp(hello, 101, 0x18, port, 443), up));
  if (from_client) out.record(1, 3, test::ip4(test::tcp(said, 101 + size, 0x18, port, 443), up));
  else out.record(1, 3, test::ip4(test::tcp(said, 201, 0x18, 443, port), down));
}

TEST_F(ToldTraffic, TheClientsWordOnACertificateIsARefusal) {
  test::PcapWriter out({.link = 101});
  connect(out, 40'001, "pins.example", true, 48);
  connect(out, 40'002, "strict.example", true, 46);
  connect(out, 40'003, "server.example", false, 48);    // it is the server's word on a certificate of the client
  connect(out, 40'004, "broken.example", true, 40);     // handshake_failure says nothing of certificates
  connect(out, 40'005, "expired.example", true, 45);
  scan(out.out.bytes);
  EXPECT_EQ(ask("SELECT count(*) FROM message WHERE what = 'alert'"), "5|\n");
  EXPECT_EQ(ask("SELECT host, reason FROM certificate_refused ORDER BY host"), "pins.example|unknown_ca|\nstrict.example|certificate_unknown|\n");
  // The fact is the alert itself.
  EXPECT_EQ(ask("SELECT m.detail FROM certificate_refused r JOIN message m ON m.fact_id = r.fact_id WHERE r.host = 'pins.example'"), "fatal unknown_ca|\n");
  // No software was read, so no host is said to be nowhere.
  EXPECT_EQ(ask("SELECT count(*), count(held) FROM wire_host"), "5|0|\n");
}

TEST_F(ToldTraffic, FramesOfALinkThatIsNotReadAreLostAndItIsSaid) {
  test::PcapWriter out({.link = 138});   // Apple's IP over IEEE 1394
  out.record(1, 0, test::raw("twenty bytes of this"));
  out.record(2, 0, test::raw("and as many of that."));
  EXPECT_EQ(scan(out.out.bytes), 3);
  EXPECT_EQ(ask("SELECT unsupported FROM capture"), "2|\n");
  EXPECT_EQ(ask("SELECT severity, code, what, detail FROM problem"), "data_loss|unsupported|frames of a link type that is not read|2 of 2 frames|\n");
}

TEST_F(ToldTraffic, FramesUnderWifiEncryptionAreLostAndItIsSaid) {
  test::PcapWriter out({.link = 105});
  test::Raw frame(60, 7);
  frame[0] = 0x08, frame[1] = 0x41;   // data, to the access point, protected
  out.record(1, 0, frame);
  EXPECT_EQ(scan(out.out.bytes), 3);
  EXPECT_EQ(ask("SELECT protected FROM capture"), "1|\n");
  EXPECT_EQ(ask("SELECT severity, code, detail FROM problem"), "data_loss|encrypted|1 of 1 frames|\n");
}

}  // namespace
}  // namespace klik
