#include <algorithm>

#include "extract/columns.h"
#include "support/elf_writer.h"
#include "support/facts.h"
#include "support/files.h"

namespace klik {
namespace {

using test::column;

RecordingSink extract(const std::vector<std::uint8_t>& bytes) { return test::extract("native_module@1", memory_source(bytes), "elf", "spy_driver.ko"); }

std::vector<std::uint8_t> built(const std::string& source) {
  const test::ScratchFolder folder;
  const std::string from = (folder.path() / "source.c").string(), to = (folder.path() / "out.ko").string();
  std::ofstream(from) << source;
  EXPECT_EQ(test::run("cc -w -c -o " + to + " " + from + " 2>&1").status, 0);
  return test::read_file(to);
}

constexpr const char* kSource = R"c(
#define INFO(n, text) static const char info##n[] __attribute__((section(".modinfo"), used, aligned(1))) = text
INFO(1, "license=GPL"); INFO(2, "author=One"); INFO(3, "author=Two"); INFO(4, "vermagic=4.4.153-perf SMP preempt"); INFO(5, "depends=wlan,cfg80211");
INFO(6, "parm=debug:level"); INFO(7, "parm=port:where"); INFO(8, "without equals"); INFO(9, "=");
extern void printk(void);
void init_module(void) { printk(); }
)c";

TEST(KernelModule, StatesWhatItsModinfoSays) {
  auto bytes = built(kSource);
  const auto sink = extract(bytes);
  ASSERT_EQ(sink.facts.size(), 1u);
  const Fact& f = sink.facts[0];
  EXPECT_EQ(column(f, "name"), "spy_driver");
  EXPECT_EQ(column(f, "license"), "GPL");
  EXPECT_EQ(column(f, "author"), "One\nTwo");
  EXPECT_EQ(column(f, "version_magic"), "4.4.153-perf SMP preempt");
  EXPECT_EQ(column(f, "depends"), "wlan,cfg80211");
  EXPECT_EQ(column(f, "description"), "null");
  EXPECT_EQ(column(f, "parameters"), "2");
  EXPECT_EQ(column(f, "signed"), "0");
  const std::string_view end = "~Module signature appended~\n";
  bytes.insert(bytes.end(), end.begin(), end.end());
  EXPECT_EQ(column(extract(bytes).facts.at(0), "signed"), "1");
  // What a module takes from the kernel are its imports.
  const auto imports = test::of_kind(test::extract("native_library@1", memory_source(bytes), "elf", "spy_driver.ko"), "native.import");
  ASSERT_EQ(imports.size(), 1u);
  EXPECT_EQ(column(imports[0], "name"), "printk");
}

TEST(KernelModule, EveryPrefixGivesWholeFactsOrNone) {
  const auto whole = built(kSource);
  for (std::size_t n = 0; n < whole.size(); ++n)
    for (const Fact& f : extract({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)}).facts) EXPECT_EQ(column(f, "name"), "spy_driver");
}

TEST(KernelModule, ALibraryIsNone) { EXPECT_TRUE(extract(test::elf_library({.symbols = {}, .data = {}})).facts.empty()); }

class Rows final : public BuildRows {
 public:
  BlobId build() const override { return BlobId(sha256(Bytes::of("build"))); }
  void artifacts(const std::function<void(const ArtifactRow&)>& each) const override { std::ranges::for_each(list, each); }
  void facts(const FactKind& kind, const std::function<void(const FactRow&)>& each) const override {
    if (kind.name != "kernel.module") return;
    const auto values = Row(kind).set("name", "wlan").set("parameters", std::int64_t{0}).set("signed", false).values();
    each({FactId{7}, list.back(), std::span<const Value>(values)});
  }
  ArtifactRow& add(std::string_view path, std::string_view device_path, std::string_view kind) {
    return list.emplace_back(ArtifactRow{.path = path, .device_path = device_path, .kind = kind, .state = "read", .size = 1, .blob = BlobId(sha256(Bytes::of(path))), .mode = {}, .uid = {}, .gid = {}, .selinux = {}, .capability_hex = {}, .link_target = {}});
  }
  std::vector<ArtifactRow> list;
};

TEST(KernelActors, KernelsOfBootImagesAndModules) {
  Rows rows;
  rows.add("", "", "folder");
  rows.add("boot.img", "", "boot");
  rows.add("boot.img!kernel", "", "gzip");
  rows.add("boot.img!ramdisk", "", "gzip");
  rows.add("kernel", "", "file");
  rows.add("system!etc/kernel", "/system/etc/kernel", "file");
  rows.add("vendor!lib/modules/wlan.ko", "/vendor/lib/modules/wlan.ko", "elf");
  RecordingSink sink;
  static constexpr Budget budget;
  Pool pool(1);
  for (const ImageExtractor* e : image_extractors())
    if (e->name == "native_kernel@1") e->run({rows, pool, budget}, sink);
  ASSERT_EQ(sink.facts.size(), 2u);
  EXPECT_EQ(column(sink.facts[0], "kind") + " " + column(sink.facts[0], "name") + " " + column(sink.facts[0], "path"), "kernel kernel boot.img!kernel");
  EXPECT_EQ(column(sink.facts[1], "name") + " " + column(sink.facts[1], "path") + " " + column(sink.facts[1], "partition"), "wlan vendor!lib/modules/wlan.ko vendor");
  EXPECT_EQ(sink.facts[1].because, std::vector<FactId>{FactId{7}});
}

}  // namespace
}  // namespace klik
