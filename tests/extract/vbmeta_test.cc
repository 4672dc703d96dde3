#include <algorithm>
#include <array>
#include <map>

#include "support/evidence.h"
#include "support/facts.h"
#include "support/files.h"
#include "support/vbmeta_writer.h"

namespace klik {
namespace {

using test::column;

RecordingSink extract(const std::vector<std::uint8_t>& bytes) { return test::extract("vbmeta@1", memory_source(bytes), "vbmeta", "vbmeta.img"); }

TEST(VbMetaFacts, StateWhatTheStructureStates) {
  const auto bytes = test::vbmeta({.descriptors = {test::property("fingerprint", "maker/phone"), test::hashtree("system", 4096, "s", "root"),
                                                   test::hash("boot", 99, "\x01\x02", "\xff"), test::command_line("a=b"), test::chain("vendor", 3, "key")},
                                   .key = "signing", .algorithm = 5, .flags = 2, .location = 4, .rollback = 7});
  const auto sink = extract(bytes);
  EXPECT_TRUE(sink.problems.empty());
  const auto meta = test::of_kind(sink, "avb.vbmeta");
  ASSERT_EQ(meta.size(), 1u);
  EXPECT_EQ(column(meta[0], "algorithm"), "SHA512_RSA4096");
  EXPECT_EQ(column(meta[0], "flags"), "2");
  EXPECT_EQ(column(meta[0], "rollback_index"), "7");
  EXPECT_EQ(column(meta[0], "rollback_location"), "4");
  EXPECT_EQ(column(meta[0], "release"), "maker 1.0");
  EXPECT_EQ(column(meta[0], "public_key_sha256"), hex(as_bytes(sha256(Bytes::of("signing")))));
  EXPECT_EQ(column(meta[0], "known_as"), "null");
  ASSERT_EQ(meta[0].origins.size(), 2u);
  EXPECT_EQ(Bytes(bytes).slice(meta[0].origins[1].at, meta[0].origins[1].length)->text(), "signing");

  const auto all = test::of_kind(sink, "avb.descriptor");
  ASSERT_EQ(all.size(), 5u);
  EXPECT_EQ(column(all[0], "type") + " " + column(all[0], "name") + " " + column(all[0], "value"), "property fingerprint maker/phone");
  EXPECT_EQ(column(all[1], "type") + " " + column(all[1], "name") + " " + column(all[1], "digest"), "hashtree system 726f6f74");
  EXPECT_EQ(column(all[2], "type") + " " + column(all[2], "salt") + " " + column(all[2], "digest") + " " + column(all[2], "image_size"), "hash 0102 ff 99");
  EXPECT_EQ(column(all[2], "digest_algorithm") + " " + column(all[2], "flags"), "sha256 1");
  EXPECT_EQ(column(all[3], "type") + " " + column(all[3], "value") + " " + column(all[3], "flags"), "kernel_cmdline a=b 1");
  EXPECT_EQ(column(all[4], "type") + " " + column(all[4], "name") + " " + column(all[4], "rollback_location"), "chain_partition vendor 3");
  EXPECT_EQ(column(all[4], "public_key_sha256"), hex(as_bytes(sha256(Bytes::of("key")))));
  for (const Fact& f : all)   // the name stands in the bytes that the fact points at
    if (column(f, "name") != "null") { EXPECT_TRUE(Bytes(bytes).slice(f.origins[0].at, f.origins[0].length)->text().contains(column(f, "name"))); }
}

TEST(VbMetaFacts, EqualDescriptorsStayTwoFacts) {
  const auto sink = extract(test::vbmeta({.descriptors = {test::property("a", "b"), test::property("a", "b")}}));
  const auto all = test::of_kind(sink, "avb.descriptor");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_NE(fact_id(all[0]), fact_id(all[1]));
}

TEST(VbMetaFacts, ANumberThatDoesNotFitIsAProblemAndNull) {
  const auto sink = extract(test::vbmeta({.descriptors = {test::hash("boot", ~std::uint64_t{0}, "s", "d")}, .rollback = std::uint64_t{1} << 63}));
  EXPECT_EQ(column(test::of_kind(sink, "avb.vbmeta").at(0), "rollback_index"), "null");
  EXPECT_EQ(column(test::of_kind(sink, "avb.descriptor").at(0), "image_size"), "null");
  ASSERT_EQ(sink.problems.size(), 2u);
  EXPECT_EQ(sink.problems[0].error.at, 112u);
  EXPECT_EQ(sink.problems[0].detail, "9223372036854775808");
}

TEST(VbMetaFacts, UnsignedStructureHasNoKey) {
  const auto meta = test::of_kind(extract(test::vbmeta({})), "avb.vbmeta");
  ASSERT_EQ(meta.size(), 1u);
  EXPECT_EQ(column(meta[0], "algorithm"), "NONE");
  EXPECT_EQ(column(meta[0], "public_key_sha1"), "null");
  EXPECT_EQ(meta[0].origins.size(), 1u);
}

TEST(VbMetaFacts, EveryPrefixGivesAProblemAndNoFact) {
  const auto whole = test::vbmeta({.descriptors = {test::property("a", "b")}, .key = "k"});
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto sink = extract(std::vector<std::uint8_t>(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_TRUE(sink.facts.empty());
    EXPECT_EQ(sink.problems.size(), 1u);
  }
}

struct Real {
  const char* file;
  const char* algorithm;
  int flags;
  long rollback;
  const char* key_sha1;
  const char* known_as;
  // How many descriptors of each type: property, hashtree, hash, command line, chain.
  std::array<std::size_t, 5> counts;
  std::map<std::string, std::string> chains;   // partition, SHA-1 of its key
};

std::vector<std::uint8_t> read_maybe_xz(const std::string& path) {
  if (!path.ends_with(".xz")) return test::read_file(path);
  const std::string out = test::run("xz -dc " + path).output;
  return {out.begin(), out.end()};
}

// Counted and hashed with another program.
TEST(VbMetaFacts, RealImagesStateWhatIsKnownOfThem) {
  KLIK_NEEDS_EVIDENCE();
  const std::string coral_system = "144820003f9d46c96e9090dcf0e4feb84ca84810", oppo = "624ee584cbd62a8ec93143def3653eeff2d47883";
  const std::string redfin = "6908461c2ccd5568d1f39016a9da5aec5b10a785", blueline = "ad8569837cc06521720a35357475f87283b59234";
  const Real images[] = {
      {"10.0.0_coral-qq1d.200205.002_vbmeta.img", "SHA256_RSA4096", 0, 1580860800, "8c44014b96f0f41f3daa3825d4af410233372b65", "null", {6, 2, 2, 0, 1}, {{"vbmeta_system", coral_system}}},
      {"10.0.0_coral-qq1d.200205.002_vbmeta_system.img", "SHA256_RSA4096", 0, 1580860800, coral_system.c_str(), "null", {2, 1, 0, 0, 0}, {}},
      {"11.0.0_redfin.rd1a.200810.021.a1_vbmeta.img.xz", "SHA256_RSA4096", 0, 1601856000, redfin.c_str(), "null", {14, 3, 3, 0, 1}, {{"vbmeta_system", redfin}}},
      {"9.0.0_blueline_pq1a.181105.017.a1_vbmeta.img", "SHA256_RSA2048", 0, 1541376000, blueline.c_str(), "null", {0, 2, 2, 0, 1}, {{"system", ""}}},
      {"Q_preview_blueline_qpp2.190228.023_vbmeta.img", "SHA256_RSA2048", 0, 1554422400, blueline.c_str(), "null", {3, 3, 2, 0, 0}, {}},
      {"iris-hp4024_vbmeta.img", "SHA256_RSA2048", 0, 0, "72102f396efa418972e9747e08016b910e3c5124", "null", {0, 2, 2, 2, 0}, {}},
      {"issue_47_vbmeta.img.xz", "SHA256_RSA4096", 3, 0, "2597c218aae470a130f61162feaae70afd97f011", "aosp-avb-testkey-rsa4096", {15, 4, 2, 2, 0}, {}},
      {"oppo-findx-paft00_vbmeta.img", "SHA256_RSA4096", 0, 0, oppo.c_str(), "null", {0, 2, 0, 0, 3}, {{"boot", oppo}, {"dtbo", oppo}, {"recovery", oppo}}},
  };
  for (const Real& image : images) {
    SCOPED_TRACE(image.file);
    const auto bytes = read_maybe_xz(test::evidence() + "/containers/vbmeta/" + image.file);
    const auto sink = extract(bytes);
    EXPECT_TRUE(sink.problems.empty());
    const auto meta = test::of_kind(sink, "avb.vbmeta");
    ASSERT_EQ(meta.size(), 1u);
    EXPECT_EQ(column(meta[0], "algorithm"), image.algorithm);
    EXPECT_EQ(column(meta[0], "flags"), std::to_string(image.flags));
    EXPECT_EQ(column(meta[0], "rollback_index"), std::to_string(image.rollback));
    EXPECT_EQ(column(meta[0], "public_key_sha1"), image.key_sha1);
    EXPECT_EQ(column(meta[0], "known_as"), image.known_as);
    constexpr std::array<std::string_view, 5> kTypes = {"property", "hashtree", "hash", "kernel_cmdline", "chain_partition"};
    std::array<std::size_t, 5> counts{};
    std::map<std::string, std::string> chains;
    for (const Fact& f : test::of_kind(sink, "avb.descriptor")) {
      const std::string type = column(f, "type");
      const auto at = std::ranges::find(kTypes, type);
      ASSERT_NE(at, kTypes.end());
      ++counts[static_cast<std::size_t>(at - kTypes.begin())];
      if (type == "chain_partition") chains[column(f, "name")] = column(f, "public_key_sha1");
      if (type == "property") {   // against the bytes
        EXPECT_TRUE(Bytes(bytes).slice(f.origins[0].at, f.origins[0].length)->text().contains(column(f, "name") + std::string(1, '\0') + column(f, "value")));
      }
    }
    EXPECT_EQ(counts, image.counts);
    ASSERT_EQ(chains.size(), image.chains.size());
    for (const auto& [partition, key] : image.chains) {
      ASSERT_TRUE(chains.contains(partition)) << partition;
      if (!key.empty()) { EXPECT_EQ(chains[partition], key); }
    }
  }
}

TEST(VbMetaFacts, RealCommandLineCarriesADmVerityTable) {
  KLIK_NEEDS_EVIDENCE();
  const auto sink = extract(test::read_file(test::evidence() + "/containers/vbmeta/iris-hp4024_vbmeta.img"));
  std::size_t tables = 0;
  for (const Fact& f : test::of_kind(sink, "avb.descriptor"))
    if (column(f, "type") == "kernel_cmdline" && column(f, "value").contains("dm=\"1 vroot none ro")) ++tables;
  EXPECT_EQ(tables, 1u);
}

}  // namespace
}  // namespace klik
