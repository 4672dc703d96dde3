#include "formats/net/capture_file.h"

#include <gtest/gtest.h>

#include <string>

#include "support/capture_writer.h"

namespace klik::net {
namespace {

using test::PcapngWriter;
using test::PcapStyle;
using test::PcapWriter;
using test::Raw;
using test::raw;

struct Seen final : CaptureSink {
  struct Frame {
    std::uint64_t at;
    std::string data, comment, process;
    std::uint32_t wire, interface, link;
    std::int64_t time_ns;
    FrameSide side;
    bool operator==(const Frame&) const = default;
  };
  std::vector<Frame> frames;
  std::vector<std::string> problems, secret_texts, apps, systems;
  std::uint64_t lost = 0;
  void frame(const CapturedFrame& f) override { frames.push_back({f.at, std::string(f.data.text()), std::string(f.comment), std::string(f.process), f.wire_length, f.interface, f.link_type, f.time_ns, f.side}); }
  void section(const Section& s) override { systems.emplace_back(s.system); }
  void secrets(const SecretsBlock& b) override { secret_texts.emplace_back(b.data.text()); }
  void app(const AppName& a) override { apps.push_back(std::to_string(a.uid) + " " + std::string(a.package) + " " + std::string(a.name)); }
  void dropped(std::uint64_t n) override { lost += n; }
  void problem(const Error& e, Weight) override { problems.push_back(std::to_string(e.at) + " " + e.what); }
};

// All at once, or in windows that begin with `step` bytes and grow as asked.
Seen read(const Raw& file, std::size_t step = 0, Wanted wanted = Wanted::all) {
  Seen seen;
  CaptureParser parser(seen, wanted);
  if (step == 0) {
    EXPECT_TRUE(parser.feed(Bytes(file), 0, true));
    return seen;
  }
  std::uint64_t at = 0, size = step;
  for (;;) {
    const std::uint64_t n = std::min<std::uint64_t>(size, file.size() - at);
    const bool last = at + n == file.size();
    const auto fed = parser.feed(Bytes(std::span(file).subspan(at, n)), at, last);
    EXPECT_TRUE(fed);
    if (!fed || last) return seen;
    EXPECT_TRUE(fed->used > 0 || fed->needed > n);
    at = std::min<std::uint64_t>(at + fed->used, file.size());
    size = std::max<std::uint64_t>(step, fed->needed);
  }
}

TEST(Pcap, IsReadInBothOrdersAndAllUnits) {
  for (const bool big : {false, true})
    for (const std::uint32_t magic : {0xA1B2C3D4u, 0xA1B23C4Du, 0xA1B2CD34u}) {
      PcapWriter w({.magic = magic, .big = big, .link = 113});
      w.record(1'000, 5, raw("first"), 9, 4).record(1'001, 6, raw(""));
      EXPECT_EQ(capture_kind(Bytes(w.out.bytes)), "pcap");
      const Seen seen = read(w.out.bytes);
      ASSERT_EQ(seen.frames.size(), 2u) << magic << big;
      EXPECT_EQ(seen.frames[0].data, "first");
      EXPECT_EQ(seen.frames[0].at, magic == 0xA1B2CD34u ? 48u : 40u);
      EXPECT_EQ(seen.frames[0].wire, 9u);
      EXPECT_EQ(seen.frames[0].link, 113u);
      EXPECT_EQ(seen.frames[0].time_ns, 1'000'000'000'000 + (magic == 0xA1B23C4Du ? 5 : 5'000));
      EXPECT_EQ(seen.frames[0].side, magic == 0xA1B2CD34u ? FrameSide::sent : FrameSide::unknown);
      EXPECT_TRUE(seen.problems.empty());
    }
}

TEST(Pcap, FrameCheckIsTakenOffWhenTheHeaderSaysItsLength) {
  EXPECT_EQ(read(PcapWriter({.link = 0x24000001}).record(1, 0, raw("bodyFCS!")).out.bytes).frames[0].data, "body");
  EXPECT_EQ(read(PcapWriter({.link = 0x24000001}).record(1, 0, raw("bodyF"), 8).out.bytes).frames[0].data, "body");
  // Without the bit that says so the length means nothing: captures of old tcpdump have 0x3000….
  const Seen seen = read(PcapWriter({.link = 0x30000001}).record(1, 0, raw("bodyFCS!")).out.bytes);
  EXPECT_EQ(seen.frames[0].data, "bodyFCS!");
  EXPECT_EQ(seen.frames[0].link, 1u);
}

TEST(Pcap, EveryPrefixGivesTheFramesThatAreWhole) {
  const Raw file = PcapWriter().record(1, 0, raw("alpha")).record(2, 0, raw("beta")).out.bytes;
  for (std::size_t n = 24; n < file.size(); ++n) {
    const Seen seen = read(Raw(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_EQ(seen.frames.size(), n >= 45 ? 1u : 0u) << n;
    EXPECT_EQ(seen.problems.size(), n == 24 || n == 45 ? 0u : 1u) << n;
  }
  for (std::size_t n = 0; n < 24; ++n) {
    Seen seen;
    CaptureParser parser(seen);
    EXPECT_FALSE(parser.feed(Bytes(std::span(file).first(n)), 0, true)) << n;
  }
}

TEST(Pcap, AfterDamageGoesOnAtASureRecordOnly) {
  PcapWriter w;
  for (unsigned i = 0; i < 8; ++i) w.record(1'000 + i, i, raw("frame number " + std::to_string(i)));
  Raw broken = w.out.bytes;
  const std::size_t record = 16 + 14;
  broken[24 + 2 * record + 11] = 0x7F;   // the third's captured length
  for (const std::size_t step : {0u, 64u, 200u}) {
    const Seen seen = read(broken, step);
    EXPECT_EQ(seen.frames.size(), 7u) << step;
    ASSERT_EQ(seen.problems.size(), 1u);
    EXPECT_TRUE(seen.problems[0].starts_with(std::to_string(24 + 2 * record))) << seen.problems[0];
  }
  broken.resize(24 + 3 * record + 3);
  const Seen seen = read(broken);
  EXPECT_EQ(seen.frames.size(), 2u);
  EXPECT_EQ(seen.problems.size(), 1u);
}

Raw rich_pcapng(bool big) {
  PcapngWriter w(big);
  w.secrets("CLIENT_RANDOM 00 11\n");
  w.interface(1).interface(113, test::joined(w.option(9, {9}), w.option(14, w.number(100, 8))));
  w.packet(0, 1'000'000, raw("one"), w.option(1, raw("a remark")));
  w.packet(1, 7, raw("two!"), test::joined(w.option(2, w.number(2, 4)), w.option(4, w.number(3, 8))), 50);
  w.block(3, test::joined(w.number(4, 4), raw("easy")));                                                                    // simple packet
  w.block(2, test::joined(test::joined(w.number(1, 2), w.number(2, 2)), test::joined(test::joined(w.number(0, 4), w.number(8, 4)), test::joined(test::joined(w.number(3, 4), w.number(3, 4)), raw("old")))));
  w.block(4, raw("1234"));                                                                                                   // names
  w.block(5, test::joined(test::joined(w.number(0, 4), w.number(0, 8)), w.option(5, w.number(11, 8))));
  Raw map = w.number(62'652, 4);
  map.push_back(1), map.push_back(1);
  for (const std::uint8_t b : w.number(10'123, 4)) map.push_back(b);
  map.push_back(7), map.push_back(4);
  w.block(0xBAD, test::joined(map, raw("org.appBird")));
  w.block(0x80000001, test::joined(w.number(501, 4), w.option(2, raw("Mail"))));
  w.packet(0, 8, raw("named"), w.option(32'771, w.number(0, 4)));
  w.section(!big, "made by hand").interface(101).packet(0, 3, raw("three"));
  return w.out.bytes;
}

TEST(Pcapng, ReadsAllBlocksInBothOrders) {
  for (const bool big : {false, true}) {
    const Raw file = rich_pcapng(big);
    EXPECT_EQ(capture_kind(Bytes(file)), "pcapng");
    const Seen seen = read(file);
    ASSERT_EQ(seen.frames.size(), 6u);
    EXPECT_TRUE(seen.problems.empty()) << seen.problems[0];
    EXPECT_EQ(seen.frames[0].data, "one");
    EXPECT_EQ(seen.frames[0].comment, "a remark");
    EXPECT_EQ(seen.frames[0].time_ns, 1'000'000'000);
    EXPECT_EQ(seen.frames[1].side, FrameSide::sent);
    EXPECT_EQ(seen.frames[1].time_ns, 100'000'000'007);
    EXPECT_EQ(seen.frames[1].wire, 50u);
    EXPECT_EQ(seen.frames[1].link, 113u);
    EXPECT_EQ(seen.frames[2].data, "easy");
    EXPECT_EQ(seen.frames[2].time_ns, 0);
    EXPECT_EQ(seen.frames[3].data, "old");
    EXPECT_EQ(seen.frames[3].interface, 1u);
    EXPECT_EQ(seen.frames[4].process, "Mail");
    EXPECT_EQ(seen.frames[5].interface, 2u);   // numbered over the whole file
    EXPECT_EQ(seen.frames[5].link, 101u);
    EXPECT_EQ(seen.secret_texts, std::vector<std::string>{"CLIENT_RANDOM 00 11\n"});
    EXPECT_EQ(seen.apps, std::vector<std::string>{"10123 org.app Bird"});
    EXPECT_EQ(seen.systems, (std::vector<std::string>{"", "made by hand"}));
    EXPECT_EQ(seen.lost, 11u + 5u);
    for (const auto& f : seen.frames) EXPECT_EQ(f.data, std::string(Bytes(file).slice(f.at, f.data.size())->text()));
  }
}

TEST(Pcapng, WindowsOfAnySizeGiveTheSame) {
  const Raw file = rich_pcapng(false);
  const Seen whole = read(file);
  for (std::size_t step = 1; step < file.size(); ++step) EXPECT_EQ(read(file, step).frames, whole.frames) << step;
}

TEST(Pcapng, EveryPrefixIsReadWithoutFault) {
  const Raw file = rich_pcapng(true);
  std::size_t most = 0;
  for (std::size_t n = 12; n < file.size(); ++n) {
    const Seen seen = read(Raw(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_GE(seen.frames.size(), most) << n;
    most = seen.frames.size();
  }
  EXPECT_EQ(most, 5u);
}

TEST(Pcapng, TimeUnitsOfAllKinds) {
  const auto time = [](std::uint8_t resolution, std::uint64_t stamp) {
    PcapngWriter w;
    w.interface(1, w.option(9, {resolution})).packet(0, stamp, raw("x"));
    return read(w.out.bytes).frames.at(0).time_ns;
  };
  EXPECT_EQ(time(0, 3), 3'000'000'000);
  EXPECT_EQ(time(3, 3), 3'000'000);
  EXPECT_EQ(time(12, 3'000), 3);
  EXPECT_EQ(time(127, UINT64_MAX), 0);
  EXPECT_EQ(time(0x80, 3), 3'000'000'000);
  EXPECT_EQ(time(0x81, 3), 1'500'000'000);
  EXPECT_EQ(time(0x80 + 40, std::uint64_t{1} << 39), 500'000'000);
  EXPECT_EQ(time(0x80 + 64, UINT64_MAX), 999'999'999);
  EXPECT_EQ(time(0x80 + 70, std::uint64_t{1} << 63), 7'812'500);
  EXPECT_EQ(time(0xFF, UINT64_MAX), 0);
  EXPECT_EQ(time(20, UINT64_MAX), 184'467'440);
  EXPECT_EQ(time(6, UINT64_MAX), 0);   // beyond 64 bits of nanoseconds
}

TEST(Pcapng, AfterDamageGoesOnAtTheNextBlock) {
  PcapngWriter w;
  w.interface(1);
  const std::size_t first = w.out.bytes.size();
  w.packet(0, 1, raw("aaaa")).packet(0, 2, raw("bbbb")).packet(0, 3, raw("cccc"));
  Raw trailing = w.out.bytes, leading = w.out.bytes;
  trailing[first + 32] ^= 1;   // the first packet's second length
  leading[first + 4] ^= 2;     // and its first one
  for (const std::size_t step : {0u, 16u, 50u}) {
    for (const Raw& file : {trailing, leading}) {
      const Seen seen = read(file, step);
      ASSERT_EQ(seen.frames.size(), 2u) << step;
      EXPECT_EQ(seen.frames[0].data, "bbbb");
      ASSERT_EQ(seen.problems.size(), 1u);
      EXPECT_TRUE(seen.problems[0].starts_with(std::to_string(first) + " ")) << seen.problems[0];
    }
  }
}

TEST(Pcapng, PacketsOfUnknownInterfacesAndLongerThanTheirBlockAreTold) {
  PcapngWriter w;
  w.packet(0, 1, raw("early")).interface(1).packet(9, 1, raw("wrong"));
  Raw file = w.packet(0, 1, raw("long")).out.bytes;
  file[file.size() - 4 - 4 - 8] = 0xEE;   // captured length
  const Seen seen = read(file);
  EXPECT_TRUE(seen.frames.empty());
  EXPECT_EQ(seen.problems.size(), 3u);
}

TEST(Pcapng, ProcessesOfApplesBlocksAreNamed) {
  for (const bool big : {false, true}) {
    PcapngWriter w(big);
    const auto process = [&](std::string_view name, std::uint32_t id) { return w.block(0x80000001, test::joined(w.number(id, 4), name.empty() ? Raw() : test::joined(w.option(2, raw(name)), w.option(4, Raw(16))))); };
    const auto of = [&](std::uint16_t code, std::uint32_t number) { return w.option(code, w.number(number, 4)); };
    w.interface(1);
    process("mDNSResponder", 501), process("", 0), process(std::string_view("Browser\0rest", 12), 700);
    w.packet(0, 1, raw("a"), of(32'769, 0)).packet(0, 2, raw("b"), test::joined(of(32'769, 0), of(32'771, 2))).packet(0, 3, raw("c"), test::joined(of(32'769, 0), of(32'771, 1)));
    w.packet(0, 4, raw("d"), of(32'769, 9)).packet(0, 5, raw("e"));
    w.section(!big).interface(1).packet(0, 6, raw("f"), of(32'769, 0));
    process("other", 3);
    w.packet(0, 7, raw("g"), of(32'769, 0));
    for (const std::size_t step : {std::size_t{0}, std::size_t{13}}) {
      const Seen seen = read(w.out.bytes, step);
      ASSERT_EQ(seen.frames.size(), 7u);
      std::string names;
      for (const auto& f : seen.frames) names += f.process + "|";
      EXPECT_EQ(names, "mDNSResponder|Browser|mDNSResponder||||other|");
      EXPECT_TRUE(seen.problems.empty());
    }
  }
}

TEST(Pcapng, AfterDamageProcessesHaveNoNumbers) {
  PcapngWriter w;
  w.interface(1);
  const auto process = [&](std::string_view name) { w.block(0x80000001, test::joined(w.number(1, 4), w.option(2, raw(name)))); };
  process("one");
  w.packet(0, 1, raw("a"), w.option(32'769, w.number(0, 4)));
  const std::size_t broken = w.out.bytes.size();
  process("two");
  process("three");
  w.packet(0, 2, raw("b"), w.option(32'769, w.number(1, 4)));
  Raw file = w.out.bytes;
  EXPECT_EQ(read(file).frames.at(1).process, "two");
  file[broken + 4] ^= 4;
  const Seen seen = read(file);
  ASSERT_EQ(seen.frames.size(), 2u);
  EXPECT_EQ(seen.frames[0].process, "one");
  EXPECT_EQ(seen.frames[1].process, "");
}

TEST(Pcapng, SecretsAreReadWithoutTouchingPackets) {
  const Seen seen = read(rich_pcapng(false), 16, Wanted::secrets);
  EXPECT_TRUE(seen.frames.empty());
  EXPECT_EQ(seen.secret_texts.size(), 1u);
}

TEST(Pcapng, ProblemsAreToldUpToABound) {
  PcapngWriter w;
  for (unsigned i = 0; i < 500; ++i) w.packet(3, 0, raw("x"));
  EXPECT_EQ(read(w.out.bytes).problems.size(), kMostProblems);
}

}  // namespace
}  // namespace klik::net
