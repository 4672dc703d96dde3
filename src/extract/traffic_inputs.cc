#include "extract/traffic_inputs.h"

namespace klik {
namespace {

constexpr TrafficInput kFormats[] = {
    {"pcap", "Capture of traffic (pcap)", "in either byte order, with micro- or nanoseconds, also the variant of modified libpcap (a1b2cd34); a broken record is passed over to the next sure one; frames of other link types than those below are counted, not read", "draft-ietf-opsawg-pcap"},
    {"pcapng", "Capture of traffic (pcapng)", "several sections and interfaces; TLS secrets in the file are used; PCAPdroid's blocks and comments and Apple's process blocks name the app", "draft-ietf-opsawg-pcapng"},
    {"har", "Archive of HTTP (HAR 1.2)", "the word of the program that wrote it: no packets, sizes as it claims, and nothing that did not pass through it", "w3c.github.io/web-performance, HTTP Archive (HAR) format 1.2"},
    {"tls_keys", "Log of TLS secrets (SSLKEYLOGFILE)", "up to 64 MiB; opens TLS 1.2 and 1.3 and QUIC in captures of the same scan; secrets stand in no case", "draft-ietf-tls-keylogfile"},
    {"ndjson", "Apple's App Privacy Report", "the maker's own word: at most seven days, names of hosts only, no bytes; other NDJSON gives no facts", "Apple, Inspecting app activity data"},
    {"acts", "List of what the owner did", "a text that begins with `# klikspaan acts`: a time in UTC, one of reset, idle, use, consent, refuse, update, block, and words", "docs/recipes.md, Watch a phone on your own access point"},
};

constexpr LinkType kLinks[] = {
    {0, "BSD loopback"}, {1, "Ethernet"}, {8, "SLIP"}, {9, "PPP"}, {12, "raw IP"}, {14, "raw IP (OpenBSD)"}, {50, "PPP in HDLC framing"}, {51, "PPPoE"}, {101, "raw IP"}, {104, "Cisco HDLC"}, {105, "802.11"},
    {108, "OpenBSD loopback"}, {113, "Linux cooked"}, {119, "802.11 with Prism"}, {127, "802.11 with radiotap"}, {149, "Apple PKTAP, under a number of users' own"}, {163, "802.11 with AVS"}, {166, "PPP of pppd"}, {178, "Juniper Ethernet"}, {192, "802.11 with PPI"},
    {228, "IPv4"}, {229, "IPv6"}, {239, "NFLOG"}, {258, "Apple PKTAP"}, {276, "Linux cooked 2"},
};

}  // namespace

std::span<const TrafficInput> traffic_inputs() { return kFormats; }
std::span<const LinkType> link_types() { return kLinks; }

}  // namespace klik
