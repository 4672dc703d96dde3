#include "support/evidence.h"
#include "support/facts.h"
#include "support/files.h"
#include "support/writer.h"

namespace klik {
namespace {

using test::column;

// A zip of stored entries.
std::vector<std::uint8_t> stored_zip(const std::vector<std::pair<std::string, std::string>>& files) {
  test::Writer w, directory;
  for (const auto& [name, text] : files) {
    const std::size_t at = w.bytes.size();
    const std::uint32_t crc = crc32(Bytes::of(text));
    w.u32(0x04034b50).u16(20).u16(0).u16(0).u32(0).u32(crc).u32(text.size()).u32(text.size()).u16(name.size()).u16(0).text(name).text(text);
    directory.u32(0x02014b50).u16(20).u16(20).u16(0).u16(0).u32(0).u32(crc).u32(text.size()).u32(text.size()).u16(name.size()).u16(0).u16(0).u16(0).u16(0).u32(0).u32(at).text(name);
  }
  const std::size_t at = w.bytes.size();
  w.append(directory.bytes);
  return w.u32(0x06054b50).u16(0).u16(0).u16(files.size()).u16(files.size()).u32(directory.bytes.size()).u32(at).u16(0).bytes;
}

RecordingSink extract(const std::vector<std::pair<std::string, std::string>>& files, std::string_view kind = "apex") {
  return test::extract("apex@1", memory_source(stored_zip(files)), kind);
}

const std::string kPb("\x0a\x03" "mod\x10\x96\x01\x1a\x04hook\x30\x01", 16);

TEST(ApexFacts, ReadTheManifest) {
  const auto sink = extract({{"apex_manifest.pb", kPb}, {"apex_payload.img", "x"}});
  ASSERT_EQ(sink.facts.size(), 1u);
  const Fact& f = sink.facts[0];
  EXPECT_EQ(column(f, "name"), "mod");
  EXPECT_EQ(column(f, "version"), "150");
  EXPECT_EQ(column(f, "pre_install_hook"), "hook");
  EXPECT_EQ(column(f, "no_code"), "1");
  EXPECT_EQ(column(f, "compressed"), "0");
  EXPECT_EQ(column(f, "original_digest"), "null");
  EXPECT_EQ(f.origins[0].blob, BlobId(sha256(Bytes::of(kPb))));
  EXPECT_EQ(f.origins[0].length, kPb.size());
}

TEST(ApexFacts, CompressedModuleStatesItsOriginal) {
  const auto sink = extract({{"apex_manifest.pb", std::string("\x0a\x01m\x62\x04\x0a\x02" "ab")}, {"original_apex", "x"}}, "capex");
  ASSERT_EQ(sink.facts.size(), 1u);
  EXPECT_EQ(column(sink.facts[0], "compressed"), "1");
  EXPECT_EQ(column(sink.facts[0], "original_digest"), "ab");
}

TEST(ApexFacts, ReadTheJsonOfAndroid10) {
  for (const char* version : {"7", "\"7\""}) {
    const auto sink = extract({{"apex_manifest.json", std::string("{\"name\": \"m\", \"version\": ") + version + ", \"preInstallHook\": \"bin/h\", \"noCode\": true}"}});
    ASSERT_EQ(sink.facts.size(), 1u);
    EXPECT_EQ(column(sink.facts[0], "name"), "m");
    EXPECT_EQ(column(sink.facts[0], "version"), "7");
    EXPECT_EQ(column(sink.facts[0], "pre_install_hook"), "bin/h");
    EXPECT_EQ(column(sink.facts[0], "no_code"), "1");
  }
}

TEST(ApexFacts, HostileManifestsAreProblems) {
  const std::string deep(100000, '[');
  const std::pair<std::string, std::string> manifests[] = {
      {"apex_manifest.pb", "\x0a\x7fmod"},                       // a length past the end
      {"apex_manifest.pb", "\x08\x01"},                          // the name as a number
      {"apex_manifest.pb", std::string("\x62\x02\x0a\x7f", 4)},  // inside the nested message
      {"apex_manifest.json", "{\"name\": 5}"},
      {"apex_manifest.json", "{\"version\": 99999999999999999999}"},
      {"apex_manifest.json", "{\"version\": 1.5}"},
      {"apex_manifest.json", "{\"version\": \"7x\"}"},
      {"apex_manifest.json", "{\"noCode\": 1}"},
      {"apex_manifest.json", "[]"},
      {"apex_manifest.json", ""},
      {"apex_manifest.json", deep},
  };
  for (const auto& manifest : manifests) {
    const auto sink = extract({manifest});
    EXPECT_TRUE(sink.facts.empty()) << manifest.second.substr(0, 40);
    ASSERT_EQ(sink.problems.size(), 1u) << manifest.second.substr(0, 40);
    EXPECT_EQ(sink.problems[0].detail, manifest.first);
  }
  EXPECT_EQ(extract({{"other", "x"}}).problems.at(0).error.code, Code::absent);
  EXPECT_EQ(extract({{"apex_manifest.pb", std::string((1u << 20) + 1, '\0')}}).problems.at(0).error.code, Code::over_budget);
}

TEST(ApexFacts, EveryPrefixOfTheArchiveGivesAProblem) {
  const auto whole = stored_zip({{"apex_manifest.pb", kPb}});
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto sink = test::extract("apex@1", memory_source(std::vector<std::uint8_t>(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))), "apex");
    EXPECT_TRUE(sink.facts.empty()) << n;
    EXPECT_FALSE(sink.problems.empty()) << n;
  }
}

TEST(ApexFacts, RealModulesStateWhatProtocPrints) {
  KLIK_NEEDS_EVIDENCE();
  const std::string folder = test::evidence() + "/containers/apex/";
  struct Real {
    const char *file, *kind, *name, *version, *digest;
  };
  const Real modules[] = {
      {"google-pixel7_UPB2.230407.014__com.google.android.configinfrastructure.apex", "capex", "com.android.configinfrastructure", "340611010", "3b5af605dcf696577baa757a49784dd1d388e78569e8bd49325e910094ef17c0"},
      {"google-pixel7_UPB2.230407.014__com.google.android.scheduling.apex", "capex", "com.android.scheduling", "340611010", "ba014449a5854f5f99aa8dd4c39d88f833937a4cf4948cc4db4e72c065cd7aed"},
      {"google-pixel7_UPB2.230407.014__com.google.android.sdkext.apex", "capex", "com.android.sdkext", "340611010", "d8f2955aa0305b38cc0c8b74d101eb2b6b2a7c074a324e0757a15db97d0340e4"},
      {"oneplus-7t_2009072019__com.android.apex.cts.shim.apex", "apex", "com.android.apex.cts.shim", "1", "null"},
  };
  for (const Real& module : modules) {
    const auto source = file_source((folder + module.file).c_str());
    ASSERT_TRUE(source);
    const auto sink = test::extract("apex@1", *source, module.kind);
    EXPECT_TRUE(sink.problems.empty());
    ASSERT_EQ(sink.facts.size(), 1u) << module.file;
    EXPECT_EQ(column(sink.facts[0], "name"), module.name);
    EXPECT_EQ(column(sink.facts[0], "version"), module.version);
    EXPECT_EQ(column(sink.facts[0], "original_digest"), module.digest);
    EXPECT_EQ(column(sink.facts[0], "compressed"), std::string(module.kind) == "capex" ? "1" : "0");
    EXPECT_EQ(column(sink.facts[0], "no_code"), "0");
  }
}

}  // namespace
}  // namespace klik
