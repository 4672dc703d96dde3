// Verified boot over made sets of images, and over real structures.
#include <map>

#include "formats/android/avb_signature.h"
#include "support/avb_maker.h"
#include "support/evidence.h"
#include "support/facts.h"
#include "support/made_rows.h"

namespace klik {
namespace {

using Data = std::vector<std::uint8_t>;
using test::column;

constexpr std::size_t kSystem = 200 * 4096, kVendor = 3 * 4096;
const std::string kSalt = "salt of thirty-two bytes, or not";

// A phone: vbmeta covers boot and system and hands vendor on to another key.
class Phone : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    maker_ = new test::ApkSigner;
    main_ = new test::AvbKey(*maker_, "main");
    other_ = new test::AvbKey(*maker_, "other");
  }
  static void TearDownTestSuite() {
    delete main_;
    delete other_;
    delete maker_;
  }

  void SetUp() override {
    images_["vendor.img"] = with_footer("vendor", kVendor, other_);
    system_tree_ = test::naive_tree(test::noise(kSystem, 1), HashAlgorithm::sha256, kSalt);
    Data system = test::noise(kSystem, 1);
    system.insert(system.end(), system_tree_.tree.begin(), system_tree_.tree.end());
    system.resize(system.size() + 4096);   // covered by nothing
    images_["system.img"] = system;
    images_["boot.img"] = test::noise(5000, 2);
    images_["vbmeta.img"] = test::signed_vbmeta({.descriptors = descriptors(), .key = main_, .rollback = 5});
  }

  // A file system of `size` bytes with its tree, its own structure and a footer.
  static Data with_footer(std::string_view partition, std::size_t size, const test::AvbKey* key) {
    Data image = test::noise(size, 9);
    const auto tree = test::naive_tree(image, HashAlgorithm::sha256, kSalt);
    image.insert(image.end(), tree.tree.begin(), tree.tree.end());
    const std::size_t at = image.size();
    const Data structure = test::signed_vbmeta({.descriptors = {test::hashtree_over(partition, size, tree.tree.size(), kSalt, tree.root)}, .key = key, .rollback = 7});
    image.insert(image.end(), structure.begin(), structure.end());
    image.resize((image.size() + 4095) / 4096 * 4096 + 4096 - 64);
    const Data footer = test::footer(size, at, structure.size());
    image.insert(image.end(), footer.begin(), footer.end());
    return image;
  }

  std::vector<Data> descriptors() {
    Data salted(kSalt.begin(), kSalt.end());
    salted.insert(salted.end(), images_["boot.img"].begin(), images_["boot.img"].begin() + 4500);
    const Sha256Digest boot = sha256(Bytes(salted));
    return {test::hash("boot", 4500, kSalt, std::string(boot.begin(), boot.end())), test::hashtree_over("system", kSystem, system_tree_.tree.size(), kSalt, system_tree_.root), test::chain("vendor", 1, other_->encoded())};
  }

  // "what partition" → "result", with " unenforced" where it is.
  std::map<std::string, std::string> checks(unsigned threads = 1) {
    test::MadeRows rows;
    std::map<std::string, SourceRef> sources;
    rows.image("", "folder", Bytes());
    for (const auto& [name, bytes] : images_) {
      rows.image(name, name.starts_with("vbmeta") ? "vbmeta" : name == "boot.img" ? "boot" : "ext4", Bytes(bytes));
      sources[name] = memory_source(bytes);
    }
    sink_ = test::run_image("avb@1", rows, [&](std::string_view path, const BlobId&) { return sources[std::string(path)]; }, threads);
    std::map<std::string, std::string> out;
    for (const Fact& f : test::of_kind(sink_, "avb.check")) out[column(f, "what") + " " + column(f, "partition")] = column(f, "result") + (column(f, "enforced") == "0" ? " unenforced" : "");
    return out;
  }
  std::string bytes_of_structure(std::string_view partition) {
    for (const Fact& f : test::of_kind(sink_, "avb.coverage"))
      if (column(f, "partition") == partition) return column(f, "structure");
    return "none";
  }
  // The row of a structure's own statement.
  std::string said_by(std::string_view structure, std::string_view what) {
    for (const Fact& f : test::of_kind(sink_, "avb.check"))
      if (column(f, "structure") == structure && column(f, "what") == what) return column(f, "result") + (column(f, "enforced") == "0" ? " unenforced" : "");
    return "none";
  }
  // The structure behind `image`, and the footer that leads to it.
  static void put_behind(Data& image, const Data& structure) {
    const std::size_t at = image.size();
    image.insert(image.end(), structure.begin(), structure.end());
    const Data footer = test::footer(at, at, structure.size());
    image.insert(image.end(), footer.begin(), footer.end());
  }
  static Data hash_over(std::string_view partition, const Data& image) {
    const Sha256Digest digest = sha256(Bytes(image));
    return test::hash(partition, image.size(), "", std::string(digest.begin(), digest.end()));
  }
  std::string coverage(std::string_view partition) {
    for (const Fact& f : test::of_kind(sink_, "avb.coverage"))
      if (column(f, "partition") == partition) return column(f, "verified") + " " + column(f, "unsigned") + " " + column(f, "failed");
    return "none";
  }

  static test::ApkSigner* maker_;
  static test::AvbKey *main_, *other_;
  test::NaiveTree system_tree_;
  std::map<std::string, Data> images_;
  RecordingSink sink_;
};
test::ApkSigner* Phone::maker_;
test::AvbKey *Phone::main_, *Phone::other_;

TEST_F(Phone, EverythingAgrees) {
  const std::map<std::string, std::string> expected = {
      {"signature vbmeta", "verified"}, {"flags vbmeta", "stated"}, {"rollback vbmeta", "stated"}, {"hash boot", "verified"},   {"hashtree system", "verified"}, {"tree system", "verified"},
      {"chain vendor", "verified"},     {"signature vendor", "verified"}, {"flags vendor", "stated"}, {"rollback vendor", "stated"}, {"hashtree vendor", "verified"}, {"tree vendor", "verified"}};
  EXPECT_EQ(checks(), expected);
  EXPECT_EQ(checks(4), expected);
  EXPECT_EQ(coverage("boot"), "4500 0 0");
  EXPECT_EQ(coverage("system"), std::to_string(kSystem + system_tree_.tree.size()) + " 0 0");
  EXPECT_TRUE(sink_.problems.empty());
}

TEST_F(Phone, AChangedByteIsFoundWhereItIs) {
  images_["system.img"][kSystem / 2] ^= 1;
  images_["boot.img"][4499] ^= 1;
  const auto found = checks();
  EXPECT_EQ(found.at("hashtree system"), "failed");
  EXPECT_FALSE(found.contains("tree system"));
  EXPECT_EQ(found.at("hash boot"), "failed");
  EXPECT_EQ(found.at("hashtree vendor"), "verified");
  EXPECT_EQ(coverage("system"), "0 0 " + std::to_string(kSystem));
  images_["boot.img"][4499] ^= 1;
  images_["boot.img"][4500] ^= 1;   // behind what the digest covers
  EXPECT_EQ(checks().at("hash boot"), "verified");
}

TEST_F(Phone, AChangedStoredTreeIsNotAChangedImage) {
  images_["system.img"][kSystem + 40] ^= 1;
  EXPECT_EQ(checks().at("hashtree system"), "verified");
  EXPECT_EQ(checks().at("tree system"), "failed");
}

TEST_F(Phone, AnotherKeyBehindAChainIsRefusedWithAllBelowIt) {
  images_["vendor.img"] = with_footer("vendor", kVendor, main_);
  const auto found = checks();
  EXPECT_EQ(found.at("chain vendor"), "failed");
  EXPECT_EQ(found.at("signature vendor"), "verified unenforced");
  EXPECT_EQ(found.at("hashtree vendor"), "verified unenforced");
  EXPECT_TRUE(coverage("vendor").starts_with("0 "));
}

TEST_F(Phone, FlagsSwitchOff) {
  images_["vbmeta.img"] = test::signed_vbmeta({.descriptors = descriptors(), .key = main_, .flags = 2});
  auto found = checks();
  EXPECT_EQ(found.at("flags vbmeta"), "failed unenforced");
  EXPECT_EQ(found.at("rollback vbmeta"), "absent unenforced");
  EXPECT_EQ(found.at("hash boot"), "verified unenforced");
  EXPECT_EQ(found.at("hashtree vendor"), "verified unenforced");
  EXPECT_EQ(coverage("boot"), "0 4500 0");
  images_["vbmeta.img"] = test::signed_vbmeta({.descriptors = descriptors(), .key = main_, .flags = 1});
  found = checks();
  EXPECT_EQ(found.at("flags vbmeta"), "failed unenforced");
  EXPECT_EQ(found.at("hash boot"), "verified");
  EXPECT_EQ(found.at("hashtree system"), "verified unenforced");
}

TEST_F(Phone, WhatIsNotHereIsAbsentAndWhatNothingNamesIsUncovered) {
  images_.erase("vendor.img");
  images_.erase("boot.img");
  images_["modem.img"] = Data(100, 1);
  const auto found = checks();
  EXPECT_EQ(found.at("chain vendor"), "absent");
  EXPECT_EQ(found.at("hash boot"), "absent");
  EXPECT_EQ(coverage("modem"), "0 0 0");
}

TEST_F(Phone, AChangedStructureIsRefused) {
  const Data whole = images_["vbmeta.img"];
  const auto check = [](const Data& bytes) {
    const auto meta = avb::read(Bytes(bytes));
    return meta ? avb::check_signature(Bytes(bytes), *meta).state : avb::SignatureState::failed;
  };
  EXPECT_EQ(check(whole), avb::SignatureState::verified);
  const auto meta = avb::read(Bytes(whole));
  const std::uint64_t signature_end = meta->signature.at + meta->signature.length, padding_end = meta->auxiliary.at;
  for (std::size_t at = 0; at < meta->size; at += 3) {
    if (at >= signature_end && at < padding_end) continue;   // between the signature and what is signed lies padding
    Data broken = whole;
    broken[at] ^= 0x40;
    EXPECT_NE(check(broken), avb::SignatureState::verified) << at;
  }
  images_["vbmeta.img"][meta->auxiliary.at + 20] ^= 1;
  EXPECT_EQ(checks().at("signature vbmeta"), "failed unenforced");
}

TEST_F(Phone, AnUnsignedStructureVouchesForNothing) {
  images_["vbmeta.img"] = test::signed_vbmeta({.descriptors = descriptors()});
  const auto found = checks();
  EXPECT_EQ(found.at("signature vbmeta"), "not_verifiable unenforced");
  EXPECT_EQ(found.at("hashtree system"), "verified unenforced");
}

TEST_F(Phone, AnUnsignedCopyBehindAnImageIsNotToldAgain) {
  Data& system = images_["system.img"];
  const Data copy = test::signed_vbmeta({.descriptors = {test::hashtree_over("system", kSystem, system_tree_.tree.size(), kSalt, system_tree_.root)}});
  const std::size_t at = system.size();
  system.insert(system.end(), copy.begin(), copy.end());
  const Data footer = test::footer(kSystem, at, copy.size());
  system.insert(system.end(), footer.begin(), footer.end());
  const auto found = checks();
  EXPECT_FALSE(found.contains("signature system"));
  EXPECT_EQ(found.at("hashtree system"), "verified");
}

// Only the main structure may hand on.
TEST_F(Phone, StructuresThatChainToEachOtherEndAndAreRefused) {
  images_.clear();
  images_["vbmeta.img"] = test::signed_vbmeta({.descriptors = {test::chain("vbmeta_system", 1, main_->encoded())}, .key = main_});
  images_["vbmeta_system.img"] = test::signed_vbmeta({.descriptors = {test::chain("vbmeta", 1, main_->encoded()), test::chain("vbmeta_system", 2, main_->encoded())}, .key = main_});
  const auto found = checks();
  EXPECT_EQ(found.at("signature vbmeta"), "verified");
  EXPECT_EQ(found.at("signature vbmeta_system"), "failed unenforced");
  EXPECT_EQ(said_by("vbmeta.img", "chain"), "failed");
}

TEST_F(Phone, WhatBootLoadersRefuseVouchesForNothing) {
  const std::vector<Data> good = descriptors();
  const auto with = [&](Data more) {
    std::vector<Data> all = good;
    all.push_back(std::move(more));
    return all;
  };
  const std::string key = other_->encoded(), large(66'000, 'v');
  const test::SignedParts refused[] = {
      {.descriptors = with(test::chain("odm", 0, key)), .key = main_}, {.descriptors = with(test::chain("odm", 32, key)), .key = main_}, {.descriptors = good, .key = main_, .location = 32},
      {.descriptors = with(test::descriptor(2, {1, 2, 3})), .key = main_}, {.descriptors = with(test::property("k", large)), .key = main_}, {.descriptors = good, .key = main_, .release = std::string(48, 'r')}};
  for (const test::SignedParts& parts : refused) {
    images_["vbmeta.img"] = test::signed_vbmeta(parts);
    const auto found = checks();
    EXPECT_EQ(found.at("signature vbmeta"), "failed unenforced") << &parts - refused;
    EXPECT_EQ(found.at("hash boot"), "verified unenforced") << &parts - refused;
    EXPECT_EQ(found.at("signature vendor"), "verified unenforced") << &parts - refused;
    EXPECT_EQ(coverage("boot"), "0 4500 0") << &parts - refused;
    EXPECT_EQ(bytes_of_structure("vbmeta"), "0") << &parts - refused;
  }
}

TEST_F(Phone, AChainedStructureWithFlagsIsRefused) {
  Data vendor = test::noise(kVendor, 9);
  put_behind(vendor, test::signed_vbmeta({.descriptors = {hash_over("vendor", vendor)}, .key = other_, .flags = 1}));
  images_["vendor.img"] = vendor;
  const auto found = checks();
  EXPECT_EQ(found.at("chain vendor"), "failed");
  EXPECT_EQ(found.at("signature vendor"), "failed unenforced");
  EXPECT_EQ(found.at("hash vendor"), "verified unenforced");
}

TEST_F(Phone, AChangedImageIsNotVouchedForByAStructureOfItsOwn) {
  Data& boot = images_["boot.img"];
  boot[100] ^= 1;
  put_behind(boot, test::signed_vbmeta({.descriptors = {hash_over("boot", boot)}, .key = other_}));
  checks();
  EXPECT_EQ(said_by("vbmeta.img", "hash"), "failed");
  EXPECT_EQ(said_by("boot.img", "signature"), "verified unenforced");
  EXPECT_EQ(said_by("boot.img", "hash"), "verified unenforced");
  EXPECT_EQ(coverage("boot"), "0 500 4500");
  // Alone it is all that there is to say.
  images_.erase("vbmeta.img");
  checks();
  EXPECT_EQ(said_by("boot.img", "hash"), "verified");
  EXPECT_EQ(coverage("boot"), "5000 0 0");
}

TEST_F(Phone, AnotherStructureBesideVbmetaVouchesForNothing) {
  images_["boot.img"][100] ^= 1;
  images_["modem.img"] = Data(100, 1);
  images_["vbmeta_x.img"] = test::signed_vbmeta({.descriptors = {hash_over("boot", images_["boot.img"]), hash_over("modem", images_["modem.img"])}, .key = other_});
  const auto found = checks();
  EXPECT_EQ(found.at("signature vbmeta_x"), "verified unenforced");
  EXPECT_EQ(found.at("hash modem"), "verified unenforced");
  EXPECT_EQ(coverage("boot"), "0 500 4500");
  EXPECT_EQ(coverage("modem"), "0 100 0");
}

TEST_F(Phone, AStructureIsNoCoverOfItsImage) {
  images_.erase("vbmeta.img");
  const Data bare = images_["boot.img"];
  const Data structure = test::signed_vbmeta({.key = other_});
  put_behind(images_["boot.img"], structure);
  checks();
  EXPECT_EQ(coverage("boot"), "0 0 0");
  EXPECT_EQ(bytes_of_structure("boot"), std::to_string(structure.size()));
  // One that fails is not even that.
  Data broken = structure;
  broken[256 + 40] ^= 1;
  images_["boot.img"] = bare;
  put_behind(images_["boot.img"], broken);
  checks();
  EXPECT_EQ(said_by("boot.img", "signature"), "failed unenforced");
  EXPECT_EQ(coverage("boot"), "0 0 0");
  EXPECT_EQ(bytes_of_structure("boot"), "0");
}

TEST_F(Phone, SlotsStayAmongThemselves) {
  for (const std::string slot : {"_a", "_b"}) {
    for (const std::string name : {"vbmeta", "system", "boot", "vendor"}) images_[name + slot + ".img"] = images_[name + ".img"];
  }
  for (const std::string name : {"vbmeta", "system", "boot", "vendor"}) images_.erase(name + ".img");
  images_["boot_b.img"][0] ^= 1;
  checks();
  std::size_t seen = 0;
  for (const Fact& f : test::of_kind(sink_, "avb.check"))
    if (column(f, "what") == "hash") {
      ++seen;
      EXPECT_EQ(column(f, "result"), column(f, "image") == "boot_a.img" ? "verified" : "failed");
      EXPECT_EQ(column(f, "structure").substr(6, 2), column(f, "image").substr(4, 2));
    }
  EXPECT_EQ(seen, 2u);
}

TEST_F(Phone, EveryPrefixOfAnImageIsNotVerified) {
  const Data whole = images_["vendor.img"];
  images_.clear();
  for (std::size_t n = 0; n < whole.size(); n += n + 200 < whole.size() ? 97 : 1) {
    images_["vendor.img"] = Data(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n));
    EXPECT_TRUE(checks().empty()) << n;
  }
}

struct Real {
  const char* file;
  const char *flags, *rollback;
  std::size_t bits;
};

TEST(AvbSignature, RealStructuresVerify) {
  KLIK_NEEDS_EVIDENCE();
  const Real images[] = {
      {"10.0.0_coral-qq1d.200205.002_vbmeta.img", "stated", "stated", 4096},        {"10.0.0_coral-qq1d.200205.002_vbmeta_system.img", "stated", "stated", 4096},
      {"11.0.0_redfin.rd1a.200810.021.a1_vbmeta.img.xz", "stated", "stated", 4096}, {"9.0.0_blueline_pq1a.181105.017.a1_vbmeta.img", "stated", "stated", 2048},
      {"Q_preview_blueline_qpp2.190228.023_vbmeta.img", "stated", "stated", 2048},  {"iris-hp4024_vbmeta.img", "stated", "absent", 2048},
      {"issue_47_vbmeta.img.xz", "failed", "absent", 4096},                         {"oppo-findx-paft00_vbmeta.img", "stated", "absent", 4096},
  };
  for (const Real& real : images) {
    SCOPED_TRACE(real.file);
    const std::string path = test::evidence() + "/containers/vbmeta/" + real.file;
    const std::string out = path.ends_with(".xz") ? test::run("xz -dc " + path).output : "";
    const Data bytes = out.empty() ? test::read_file(path) : Data(out.begin(), out.end());
    test::MadeRows rows;
    rows.image("", "vbmeta", Bytes(bytes));
    const auto sink = test::run_image("avb@1", rows, [&](std::string_view, const BlobId&) { return memory_source(bytes); });
    std::map<std::string, std::string> found;
    for (const Fact& f : test::of_kind(sink, "avb.check")) {
      if (column(f, "n") == "-1") found[column(f, "what")] = column(f, "result");
      else EXPECT_EQ(column(f, "result"), "absent");
      EXPECT_EQ(column(f, "enforced") == "1", std::string(real.flags) == "stated");
      if (column(f, "what") == "signature") {
        EXPECT_TRUE(column(f, "algorithm").ends_with(std::to_string(real.bits)));
        EXPECT_EQ(column(f, "known_as"), std::string(real.file).starts_with("issue_47") ? "aosp-avb-testkey-rsa4096" : "null");
      }
    }
    const std::map<std::string, std::string> expected = {{"signature", "verified"}, {"flags", real.flags}, {"rollback", real.rollback}};
    EXPECT_EQ(found, expected);
    // One bit of the signed part, and it does not verify any more.
    Data broken = bytes;
    const auto meta = avb::read(Bytes(bytes));
    ASSERT_TRUE(meta);
    broken[meta->auxiliary.at + meta->auxiliary.length / 2] ^= 4;
    const auto again = avb::read(Bytes(broken));
    if (again) { EXPECT_EQ(avb::check_signature(Bytes(broken), *again).state, avb::SignatureState::failed); }
  }
}

}  // namespace
}  // namespace klik
