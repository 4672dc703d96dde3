#include "formats/net/dns.h"

#include <gtest/gtest.h>

#include "formats/net/dns_name.h"
#include "support/dns_maker.h"

namespace klik::net::dns {
namespace {

namespace make = test::dns;
using Strings = std::vector<std::string>;

Message made(const std::string& bytes) {
  static std::vector<std::string> kept;   // records are windows on them
  auto read = dns::read(Bytes::of(kept.emplace_back(bytes)));
  EXPECT_TRUE(read);
  return read ? std::move(*read) : Message{};
}

TEST(Dns, ReadsAQuestion) {
  const Message m = made(make::query());
  EXPECT_FALSE(m.response);
  ASSERT_EQ(m.questions.size(), 1u);
  EXPECT_EQ(m.questions[0].name, "www.example.org");
  EXPECT_EQ(m.questions[0].type, kA);
  EXPECT_FALSE(m.damage);
}

TEST(Dns, FollowsPointers) {
  const Message m = made(make::answer());
  ASSERT_EQ(m.records.size(), 2u);
  EXPECT_EQ(m.records[0].name, "www.example.org");
  EXPECT_EQ(m.records[0].values, Strings{"edge.example.net"});
  EXPECT_EQ(m.records[1].name, "edge.example.net");
  EXPECT_EQ(m.records[1].values, Strings{"192.0.2.7"});
  EXPECT_EQ(m.records[1].ttl, 300u);
  EXPECT_EQ(m.end, make::answer().size());
}

TEST(Dns, TakesNamesAndAddressesOutOfEachType) {
  using namespace make;
  const std::string v6("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
  const std::string service = u16(1) + name("svc.example.org") + u16(1) + u16(6) + "\2h3\2h2" + u16(3) + u16(2) + u16(8443) + u16(4) + u16(8) + std::string(kAddress) + std::string(kAddress) + u16(5) + u16(3) + "key" + u16(6) + u16(16) + v6;
  const struct {
    unsigned type;
    std::string data;
    Strings values;
  } kCases[] = {{1, std::string(kAddress), {"192.0.2.7"}},
                {28, v6, {"2001:db8::1"}},
                {2, name("ns.example.org"), {"ns.example.org"}},
                {12, name("Phone.local"), {"phone.local"}},
                {15, u16(10) + name("mail.example.org"), {"mail.example.org"}},
                {33, u16(0) + u16(0) + u16(5223) + name("push.example.org"), {"push.example.org"}},
                {6, name("ns.example.org") + name("person.example.org") + std::string(20, '\1'), {"ns.example.org"}},
                {16, "\4text", {}},
                {65, service, {"svc.example.org", "alpn=h3,h2", "port=8443", "192.0.2.7", "192.0.2.7", "ech", "2001:db8::1"}},
                {65, u16(1) + std::string(1, '\0'), {}},
                {65400, "anything", {}}};
  for (const auto& c : kCases) {
    const Message m = made(header(kAnswer, 0, 1) + record(name("a.example.org"), c.type, c.data));
    EXPECT_FALSE(m.damage) << c.type;
    ASSERT_EQ(m.records.size(), 1u);
    EXPECT_EQ(m.records[0].values, c.values) << c.type;
  }
}

TEST(Dns, KeepsWhatWasSentBesideTheName) {
  const Message m = made(make::header(make::kQuery, 2, 1) + make::question(make::name("KRSXG5A.t\xe9st.example"), 1) + make::question(make::name("small.example"), 1) + make::record(make::name("PHONE.local"), 16, ""));
  ASSERT_EQ(m.questions.size(), 2u);
  EXPECT_EQ(m.questions[0].name, "krsxg5a.t\\233st.example");
  EXPECT_EQ(m.questions[0].sent, "KRSXG5A.t\xe9st.example");
  EXPECT_EQ(m.questions[1].sent, "");
  ASSERT_EQ(m.records.size(), 1u);
  EXPECT_EQ(m.records[0].sent, "PHONE.local");
}

TEST(Dns, HasTheOptionsOfEdnsAndTheStringsOfTexts) {
  using namespace make;
  const std::string options = u16(65001) + u16(5) + "value" + u16(3) + u16(0) + u16(65002) + u16(2) + "cd" + u16(9) + u16(200) + "cut";
  const Message m = made(header(kQuery, 1, 0, 0, 1) + question(name("a.example"), 1) + record(std::string(1, '\0'), 41, options));
  ASSERT_EQ(m.options.size(), 2u);
  EXPECT_EQ(m.options[0].text(), "value");
  EXPECT_EQ(m.options[1].text(), "cd");
  const auto texts = texts_of(Bytes::of(std::string_view("\3one\0\4four\x09past end", 19)));
  ASSERT_EQ(texts.size(), 3u);
  EXPECT_EQ(texts[0].text(), "one");
  EXPECT_EQ(texts[1].text(), "four");
  EXPECT_EQ(texts[2].text(), "past end");
  EXPECT_TRUE(texts_of({}).empty());
}

TEST(Dns, LoopsOfPointersEnd) {
  using namespace make;
  for (const std::string& loop : {pointer(12), pointer(14), std::string("\1a") + pointer(12), pointer(0xfff)}) {
    const Message m = made(header(kAnswer, 1, 1) + question(loop, 1) + record(name("good.example.org"), 1, kAddress));
    ASSERT_TRUE(m.damage);
    ASSERT_EQ(m.records.size(), 1u);   // what follows is still read
    EXPECT_EQ(m.records[0].values, Strings{"192.0.2.7"});
  }
}

TEST(Dns, ChainsOfPointersAreBounded) {
  // Each record's name is a pointer to the pointer before it.
  std::string bytes = make::header(make::kAnswer, 0, 1000) + make::record(make::name("a.example.org"), 16, "");
  unsigned last = 12;
  for (int i = 1; i < 1000; ++i) {
    const auto at = static_cast<unsigned>(bytes.size());
    bytes += make::record(make::pointer(last), 16, "");
    last = at;
  }
  const Message m = made(bytes);
  ASSERT_TRUE(m.damage);
  EXPECT_EQ(m.records.size(), 128u);
}

TEST(Dns, NamesAboveTheLimitAreRefused) {
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += i ? ".a" : "a";
  EXPECT_EQ(*name_at(Bytes::of(make::name(longest)), 0), longest);
  const std::string longer = make::name(longest + ".a");
  EXPECT_FALSE(name_at(Bytes::of(longer), 0));
  EXPECT_EQ(*name_end(Bytes::of(longer), 0), longer.size());
}

TEST(Dns, OddBytesInNamesAreSpelled) {
  const auto spelled = [](std::string_view label) { return *name_at(Bytes::of(make::name("x") .substr(0, 0) + static_cast<char>(label.size()) + std::string(label) + '\0'), 0); };
  EXPECT_EQ(spelled("My Phone"), "my phone");
  EXPECT_EQ(spelled("a.b"), "a\\046b");
  EXPECT_EQ(spelled("a\\b"), "a\\092b");
  EXPECT_EQ(spelled("a\nb"), "a\\010b");
  EXPECT_EQ(spelled("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(spelled("caf\xe9"), "caf\\233");
  EXPECT_EQ(*name_at(Bytes::of(std::string_view("\0", 1)), 0), ".");
}

TEST(Dns, ReadsEdns) {
  const Message m = made(make::header(make::kAnswer, 0, 0, 0, 1) + std::string(1, '\0') + make::u16(41) + make::u16(1232) + make::u32(0x01000000) + make::u16(8) + make::u16(8) + make::u16(4) + std::string("\0\1\0\0", 4));
  EXPECT_TRUE(m.edns);
  EXPECT_TRUE(m.client_subnet);
  EXPECT_EQ(code_name(m.code), "BADVERS");
  EXPECT_TRUE(m.records.empty());
}

TEST(Dns, FalseCountsEndWithTheMessage) {
  const Message m = made(make::header(make::kAnswer, 0xffff, 0xffff) + make::question(make::name("a.example.org"), 1));
  ASSERT_TRUE(m.damage);
  EXPECT_EQ(m.damage->code, Code::truncated);
  EXPECT_EQ(m.questions.size(), 1u);
}

TEST(Dns, EveryPrefixIsReadAsFarAsItGoes) {
  const std::string whole = make::answer();
  const Message all = made(whole);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::string part = whole.substr(0, n);   // a copy of just that size: reading past it is seen
    const auto m = dns::read(Bytes::of(part));
    if (n < 12) {
      EXPECT_FALSE(m);
      continue;
    }
    ASSERT_TRUE(m) << n;
    EXPECT_TRUE(m->damage) << n;
    EXPECT_LE(m->records.size(), all.records.size());
    for (std::size_t i = 0; i < m->records.size(); ++i) EXPECT_EQ(m->records[i].values, all.records[i].values);
    EXPECT_FALSE(is_surely(Bytes::of(part))) << n;
  }
}

TEST(Dns, IsToldFromOtherProtocols) {
  EXPECT_TRUE(is_surely(Bytes::of(make::query())));
  EXPECT_TRUE(is_surely(Bytes::of(make::answer())));
  EXPECT_FALSE(is_surely(Bytes::of(make::query() + "x")));
  EXPECT_FALSE(is_surely(Bytes::of(make::header(make::kQuery, 1) + make::question(make::name("a.example.org"), 65400))));
  EXPECT_FALSE(is_surely(Bytes::of(make::header(make::kQuery, 1) + make::question(make::name("a.example.org"), 1, 77))));
  EXPECT_FALSE(is_surely(Bytes::of("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")));
  EXPECT_FALSE(is_likely(Bytes::of("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n")));
  EXPECT_TRUE(is_likely(Bytes::of(make::header(make::kAnswer, 0, 3))));
}

}  // namespace
}  // namespace klik::net::dns
