#include <algorithm>

#include "extract/file_capability.h"
#include "support/facts.h"

namespace klik {
namespace {

using test::column;

class Rows final : public BuildRows {
 public:
  BlobId build() const override { return BlobId(sha256(Bytes::of("build"))); }
  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override { std::ranges::for_each(list, each); }
  void facts(const FactKind&, const std::function<void(const FactRow&)>&) const override {}
  ArtifactRow& add(std::string_view path, std::optional<std::uint32_t> mode) {
    return list.emplace_back(ArtifactRow{.path = path, .device_path = {}, .kind = "elf", .state = "read", .size = 1, .blob = {}, .mode = mode, .uid = 0, .gid = 2000, .selinux = {}, .capability_hex = {}, .link_target = {}});
  }
  std::vector<ArtifactRow> list;
};

std::vector<std::string> found(const Rows& rows, RecordingSink& sink) {
  static constexpr Budget budget;
  Pool pool(1);
  for (const ImageExtractor* e : image_extractors())
    if (e->name == "privileged_file@1") e->run({rows, pool, budget}, sink);
  std::vector<std::string> out;
  for (const Fact& f : sink.facts) out.push_back(column(f, "path") + " " + column(f, "how") + " " + column(f, "detail") + " " + column(f, "mode"));
  return out;
}

TEST(PrivilegedFile, BitsOfTheMode) {
  Rows rows;
  rows.add("su", 0104755);
  rows.add("group", 0102755);
  rows.add("locking", 0102644);
  rows.add("setuid data", 0104644);
  rows.add("open", 0100777);
  rows.add("open data", 0100666);
  rows.add("plain", 0100755);
  rows.add("folder", 0042777);
  rows.add("link", 0120777);
  rows.add("unknown", std::nullopt);
  RecordingSink sink;
  EXPECT_EQ(found(rows, sink), (std::vector<std::string>{"su setuid null 4755", "group setgid null 2755", "open world_writable null 0777"}));
  EXPECT_EQ(column(sink.facts[0], "uid") + " " + column(sink.facts[0], "gid"), "0 2000");
}

TEST(PrivilegedFile, CapabilitiesByName) {
  Rows rows;
  rows.add("ping", 0100755).capability_hex = "0100000200200000000000000000000000000000";   // net_raw, effective
  rows.add("three", 0100755).capability_hex = "0000000300000000000000008002000000000000e8030000";
  rows.add("none", 0100755).capability_hex = "0000000200000000000000000000000000000000";
  rows.add("cut", 0100755).capability_hex = "01000002002000";
  rows.add("odd", 0100755).capability_hex = "010";
  rows.add("other", 0100755).capability_hex = "0100000900200000000000000000000000000000";
  RecordingSink sink;
  EXPECT_EQ(found(rows, sink), (std::vector<std::string>{"ping capability net_raw 0755", "three capability bpf cap_41 0755"}));
  EXPECT_EQ(column(sink.facts[0], "effective") + column(sink.facts[1], "effective"), "10");
  EXPECT_EQ(sink.problems.size(), 3u);
}

}  // namespace
}  // namespace klik
