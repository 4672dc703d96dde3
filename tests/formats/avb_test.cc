#include "formats/android/avb.h"

#include <gtest/gtest.h>

#include <string>

#include "formats/android/avb_refusal.h"
#include "support/vbmeta_writer.h"

namespace klik {
namespace {

std::vector<std::uint8_t> full() {
  return test::vbmeta({.descriptors = {test::property("com.android.build.boot.os_version", "14"), test::hashtree("system", 1 << 20, "salt", "rootroot"),
                                       test::hash("boot", 12345, "pepper", "digest"), test::command_line("root=/dev/dm-0"),
                                       test::chain("vbmeta_system", 2, "chained key")},
                       .key = "the signing key", .algorithm = 2, .flags = 3, .location = 1, .rollback = 1580860800});
}

TEST(Avb, ReadsEveryKindOfDescriptor) {
  const auto bytes = full();
  const auto meta = avb::read(Bytes(bytes));
  ASSERT_TRUE(meta);
  EXPECT_EQ(meta->size, bytes.size());
  EXPECT_EQ(avb::algorithm_name(meta->algorithm), "SHA256_RSA4096");
  EXPECT_EQ(meta->flags, 3u);
  EXPECT_EQ(meta->rollback_index, 1580860800u);
  EXPECT_EQ(meta->rollback_location, 1u);
  EXPECT_EQ(meta->release, "maker 1.0");
  EXPECT_EQ(Bytes(bytes).slice(meta->public_key.at, meta->public_key.length)->text(), "the signing key");
  EXPECT_EQ(meta->key_metadata, avb::Range{});
  EXPECT_FALSE(meta->descriptors_end);
  ASSERT_EQ(meta->descriptors.size(), 5u);

  const auto& property = std::get<avb::Property>(meta->descriptors[0].is);
  EXPECT_EQ(property.key, "com.android.build.boot.os_version");
  EXPECT_EQ(property.value.text(), "14");
  const auto& tree = std::get<avb::Hashtree>(meta->descriptors[1].is);
  EXPECT_EQ(tree.partition, "system");
  EXPECT_EQ(tree.hash_algorithm, "sha256");
  EXPECT_EQ(tree.salt.text(), "salt");
  EXPECT_EQ(tree.root_digest.text(), "rootroot");
  EXPECT_EQ(tree.image_size, 1u << 20);
  EXPECT_EQ(tree.tree_at, 1u << 20);
  EXPECT_EQ(tree.tree_size, 4096u);
  EXPECT_EQ(tree.fec_roots, 2u);
  EXPECT_EQ(tree.fec_at, (1u << 20) + 4096);
  EXPECT_EQ(tree.fec_size, 8192u);
  const auto& hash = std::get<avb::Hash>(meta->descriptors[2].is);
  EXPECT_EQ(hash.partition, "boot");
  EXPECT_EQ(hash.image_size, 12345u);
  EXPECT_EQ(hash.flags, 1u);
  EXPECT_EQ(hash.digest.text(), "digest");
  EXPECT_EQ(std::get<avb::CommandLine>(meta->descriptors[3].is).text, "root=/dev/dm-0");
  const auto& chain = std::get<avb::Chain>(meta->descriptors[4].is);
  EXPECT_EQ(chain.partition, "vbmeta_system");
  EXPECT_EQ(chain.rollback_location, 2u);
  EXPECT_EQ(chain.public_key.text(), "chained key");
}

TEST(Avb, EachDescriptorPointsAtItsOwnBytes) {
  const auto bytes = full();
  const auto meta = avb::read(Bytes(bytes));
  ASSERT_TRUE(meta);
  const auto& d = meta->descriptors.at(2);
  EXPECT_TRUE(Bytes(bytes).slice(d.range.at, d.range.length)->text().contains("bootpepperdigest"));
}

TEST(Avb, UnknownDescriptorIsKept) {
  const auto bytes = test::vbmeta({.descriptors = {test::descriptor(77, {1, 2, 3}), test::property("a", "b")}});
  const auto meta = avb::read(Bytes(bytes));
  ASSERT_TRUE(meta);
  ASSERT_EQ(meta->descriptors.size(), 2u);
  EXPECT_EQ(std::get<avb::Unknown>(meta->descriptors[0].is).tag, 77u);
}

TEST(Avb, EveryPrefixIsRefusedWithinItsBytes) {
  const auto whole = full();
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const std::vector<std::uint8_t> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    const auto meta = avb::read(Bytes(cut));
    ASSERT_FALSE(meta) << n;
    EXPECT_EQ(meta.error().code, n < 4 ? Code::bad_magic : Code::truncated) << n;
  }
}

struct Hostile {
  const char* name;
  std::size_t at, size;
  std::uint64_t value;
  Code code;
};
class HostileHeader : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileHeader, IsRefused) {
  auto bytes = full();
  for (std::size_t i = 0; i < GetParam().size; ++i) bytes[GetParam().at + i] = static_cast<std::uint8_t>(GetParam().value >> (8 * (GetParam().size - 1 - i)));
  const auto meta = avb::read(Bytes(bytes));
  ASSERT_FALSE(meta);
  EXPECT_EQ(meta.error().code, GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Avb, HostileHeader,
    ::testing::Values(Hostile{"major_version_2", 4, 4, 2, Code::unsupported}, Hostile{"block_size_not_a_multiple_of_64", 12, 8, 65, Code::bad_value},
                      Hostile{"block_sizes_that_wrap", 12, 8, 0xFFFFFFFFFFFFFFC0, Code::truncated},
                      Hostile{"auxiliary_block_past_the_end", 20, 8, 0xFFFFFFFFFFFFFF00, Code::truncated},
                      Hostile{"digest_outside_its_block", 32, 8, 33, Code::bad_value}, Hostile{"signature_size_that_wraps", 56, 8, 0xFFFFFFFFFFFFFFF0, Code::bad_value},
                      Hostile{"key_offset_that_wraps", 64, 8, 0xFFFFFFFFFFFFFFFF, Code::bad_value},
                      Hostile{"descriptors_past_their_block", 104, 8, 1 << 20, Code::bad_value}),
    [](const auto& each) { return each.param.name; });

// The first descriptor stands at 320; a broken one ends the list, and what came before stays.
TEST(Avb, ABrokenDescriptorKeepsThoseBeforeIt) {
  const std::size_t first = test::property("a", "b").size();
  auto bytes = test::vbmeta({.descriptors = {test::property("a", "b"), test::hash("boot", 1, "s", "d")}});
  bytes[320 + first + 16 + 8 + 32 + 3] = 0xFF;   // the name is longer than the descriptor
  const auto meta = avb::read(Bytes(bytes));
  ASSERT_TRUE(meta);
  EXPECT_EQ(meta->descriptors.size(), 1u);
  ASSERT_TRUE(meta->descriptors_end);
  EXPECT_EQ(meta->descriptors_end->code, Code::truncated);
  EXPECT_EQ(meta->descriptors_end->at, 320 + first + 132);
}

TEST(Avb, ADescriptorLengthThatWrapsEndsTheList) {
  auto bytes = test::vbmeta({.descriptors = {test::property("a", "b")}});
  for (std::size_t i = 0; i < 8; ++i) bytes[320 + 8 + i] = i == 7 ? 0xF8 : 0xFF;
  const auto meta = avb::read(Bytes(bytes));
  ASSERT_TRUE(meta);
  EXPECT_TRUE(meta->descriptors.empty());
  ASSERT_TRUE(meta->descriptors_end);
  EXPECT_EQ(meta->descriptors_end->at, 328u);
}

TEST(Avb, APropertyWhoseKeySizeWrapsEndsTheList) {
  auto bytes = test::vbmeta({.descriptors = {test::property("a", "b")}});
  for (std::size_t i = 0; i < 8; ++i) bytes[320 + 16 + i] = 0xFF;
  const auto meta = avb::read(Bytes(bytes));
  ASSERT_TRUE(meta);
  ASSERT_TRUE(meta->descriptors_end);
  EXPECT_EQ(meta->descriptors_end->code, Code::truncated);
}

TEST(AvbFooter, LeadsToVbMetaInsideTheImage) {
  const auto bytes = test::footer(4096, 8192, 512);
  const auto footer = avb::read_footer(Bytes(bytes), 1 << 20);
  ASSERT_TRUE(footer);
  EXPECT_EQ(footer->vbmeta_at, 8192u);
  EXPECT_EQ(footer->vbmeta_size, 512u);
  EXPECT_EQ(footer->original_size, 4096u);
}

TEST(AvbFooter, RefusesWhatLeavesTheImage) {
  EXPECT_EQ(avb::read_footer(Bytes(test::footer(0, 0, 512)), 500).error().code, Code::bad_value);
  EXPECT_EQ(avb::read_footer(Bytes(test::footer(0, ~std::uint64_t{0}, 512)), 1 << 20).error().code, Code::bad_value);
  EXPECT_EQ(avb::read_footer(Bytes(test::footer(0, 4096, ~std::uint64_t{0} - 100)), 1 << 20).error().code, Code::bad_value);
  EXPECT_EQ(avb::read_footer(Bytes(test::footer(0, 4096, 100)), 1 << 20).error().code, Code::bad_value);
  EXPECT_EQ(avb::read_footer(Bytes(test::footer(4097, 4096, 512)), 1 << 20).error().code, Code::bad_value);
  EXPECT_EQ(avb::read_footer(Bytes(std::vector<std::uint8_t>(64)), 1 << 20).error().code, Code::bad_magic);
}

std::string refused(const test::VbMetaParts& parts, avb::Role role) {
  const auto bytes = test::vbmeta(parts);
  const auto meta = avb::read(Bytes(bytes));
  return meta ? avb::refusal(*meta, role) : "not read";
}

TEST(AvbRefusal, DependsOnTheRole) {
  using enum avb::Role;
  const test::VbMetaParts chains{.descriptors = {test::chain("system", 1, "key")}}, flags{.flags = 1}, last{.descriptors = {test::chain("system", 31, "key")}, .location = 31};
  EXPECT_EQ(refused(chains, main), "");
  EXPECT_NE(refused(chains, chained), "");
  EXPECT_EQ(refused(flags, main), "");
  EXPECT_NE(refused(flags, chained), "");
  EXPECT_EQ(refused(last, main), "");
  EXPECT_EQ(refused({.location = 32}, chained), "");   // the chain descriptor's counts
}

TEST(AvbRefusal, NamesWhatNoBootLoaderTakes) {
  using enum avb::Role;
  EXPECT_NE(refused({.descriptors = {test::chain("system", 0, "key")}}, main), "");
  EXPECT_NE(refused({.descriptors = {test::chain("system", 32, "key")}}, main), "");
  EXPECT_NE(refused({.location = 32}, main), "");
  const std::string large(66'000, 'v');
  for (const avb::Role role : {main, chained}) {
    EXPECT_EQ(refused({}, role), "");
    EXPECT_NE(refused({.descriptors = {test::descriptor(2, {1, 2, 3})}}, role), "");
    EXPECT_NE(refused({.descriptors = {test::property("k", large)}}, role), "");
  }
}

TEST(Avb, NamesOnlyPublishedKeys) {
  EXPECT_EQ(avb::known_key("2597c218aae470a130f61162feaae70afd97f011"), "aosp-avb-testkey-rsa4096");
  // test/data/testkey_rsa8192.pem, in the form of avb_rsa.h.
  EXPECT_EQ(avb::known_key("5227b569de003adc7f8ec3fc03e05dfbd969abad"), "aosp-avb-testkey-rsa8192");
  EXPECT_EQ(avb::known_key("0000000000000000000000000000000000000000"), "");
  EXPECT_EQ(avb::algorithm_name(99), "");
}

}  // namespace
}  // namespace klik
