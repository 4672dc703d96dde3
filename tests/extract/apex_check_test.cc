// The payload of modules, recomputed: made ones, and the four real ones.
#include <map>

#include "containers/zip_archive.h"
#include "support/avb_maker.h"
#include "support/evidence.h"
#include "support/facts.h"

namespace klik {
namespace {

using Data = std::vector<std::uint8_t>;
using test::column;

class Module : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    maker_ = new test::ApkSigner;
    key_ = new test::AvbKey(*maker_, "module");
  }
  static void TearDownTestSuite() {
    delete key_;
    delete maker_;
  }

  static Data payload(const test::AvbKey* key, bool with_tree = true) {
    Data image = test::noise(2 * 4096, 6);
    const auto tree = test::naive_tree(image, HashAlgorithm::sha1, "salt");
    image.insert(image.end(), tree.tree.begin(), tree.tree.end());
    const std::size_t at = image.size();
    std::vector<Data> descriptors;
    if (with_tree) descriptors = {test::hashtree_over("", 2 * 4096, tree.tree.size(), "salt", tree.root, "sha1")};
    const Data structure = test::signed_vbmeta({.descriptors = descriptors, .key = key});
    image.insert(image.end(), structure.begin(), structure.end());
    const Data footer = test::footer(2 * 4096, at, structure.size());
    image.insert(image.end(), footer.begin(), footer.end());
    return image;
  }

  static std::map<std::string, std::string> checks(const Data& payload, const std::string& public_key, bool packed = false) {
    const std::vector<test::ZipMember> members = {{.name = "apex_payload.img", .data = std::string(payload.begin(), payload.end()), .method = static_cast<std::uint16_t>(packed ? 8 : 0), .packed = packed},
                                                  {.name = "apex_pubkey", .data = public_key, .method = 0, .packed = false}};
    return of(test::extract("apex_check@1", memory_source(test::write_zip(members)), "apex"));
  }
  static std::map<std::string, std::string> of(const RecordingSink& sink) {
    std::map<std::string, std::string> out;
    for (const Fact& f : sink.facts) out[column(f, "what")] = column(f, "result");
    return out;
  }

  static test::ApkSigner* maker_;
  static test::AvbKey* key_;
};
test::ApkSigner* Module::maker_;
test::AvbKey* Module::key_;

using Found = std::map<std::string, std::string>;

TEST_F(Module, AgreesWithItself) {
  EXPECT_EQ(checks(payload(key_), key_->encoded()), (Found{{"signature", "verified"}, {"key", "verified"}, {"hashtree", "verified"}, {"tree", "verified"}}));
}

TEST_F(Module, AnotherKeyOrByteIsFound) {
  EXPECT_EQ(checks(payload(key_), "another").at("key"), "failed");
  Data changed = payload(key_);
  changed[4000] ^= 1;
  EXPECT_EQ(checks(changed, key_->encoded()).at("hashtree"), "failed");
  changed = payload(key_);
  changed[2 * 4096 + 3] ^= 1;
  EXPECT_EQ(checks(changed, key_->encoded()).at("tree"), "failed");
  EXPECT_EQ(checks(changed, key_->encoded()).at("hashtree"), "verified");
}

TEST_F(Module, WhatCannotBeCheckedIsSaid) {
  EXPECT_EQ(checks(payload(nullptr), "x").at("signature"), "not_verifiable");
  EXPECT_EQ(checks(payload(nullptr), "x").at("key"), "failed");
  EXPECT_EQ(checks(payload(key_, false), key_->encoded()).at("hashtree"), "absent");
  EXPECT_EQ(checks(payload(key_), key_->encoded(), true), (Found{{"signature", "not_verifiable"}}));
  EXPECT_EQ(checks(Data(5000, 1), "x"), (Found{{"signature", "absent"}}));
  EXPECT_EQ(checks(Data(), "x"), (Found{{"signature", "absent"}}));
}

TEST_F(Module, EveryPrefixOfThePayloadIsNotVerified) {
  const Data whole = payload(key_);
  for (std::size_t n = 0; n < whole.size(); n += n + 100 < whole.size() ? 61 : 1)
    EXPECT_NE(checks(Data(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)), key_->encoded()).at("signature"), "verified") << n;
}

TEST(RealModules, AgreeWithThemselvesAndWithTheirCompressedForm) {
  KLIK_NEEDS_EVIDENCE();
  const std::pair<const char*, const char*> modules[] = {
      {"google-pixel7_UPB2.230407.014__com.google.android.configinfrastructure.apex", "3b5af605dcf696577baa757a49784dd1d388e78569e8bd49325e910094ef17c0"},
      {"google-pixel7_UPB2.230407.014__com.google.android.scheduling.apex", "ba014449a5854f5f99aa8dd4c39d88f833937a4cf4948cc4db4e72c065cd7aed"},
      {"google-pixel7_UPB2.230407.014__com.google.android.sdkext.apex", "d8f2955aa0305b38cc0c8b74d101eb2b6b2a7c074a324e0757a15db97d0340e4"},
      {"oneplus-7t_2009072019__com.android.apex.cts.shim.apex", ""},
  };
  for (const auto& [file, root] : modules) {
    SCOPED_TRACE(file);
    auto source = file_source((test::evidence() + "/containers/apex/" + file).c_str());
    ASSERT_TRUE(source);
    const Budget budget;
    if (*root) {
      std::vector<Note> notes;
      const auto archive = ZipArchive::open(*source, budget, notes);
      ASSERT_TRUE(archive);
      auto original = archive->load(*archive->find("original_apex"), 1u << 30);
      ASSERT_TRUE(original);
      *source = memory_source(*std::move(original));
    }
    const auto sink = test::extract("apex_check@1", *source, "apex");
    ASSERT_EQ(sink.facts.size(), 4u);
    for (const Fact& f : sink.facts) {
      EXPECT_EQ(column(f, "result"), "verified") << column(f, "what") << column(f, "detail");
      if (column(f, "what") == "hashtree" && *root) { EXPECT_EQ(column(f, "root"), root); }
    }
  }
}

}  // namespace
}  // namespace klik
