// Zucchini patches: each kind of executable, whose references must follow what they point at, and patches that lie.
#include "formats/patch/zucchini.h"

#include <gtest/gtest.h>

#include "formats/patch/zucchini/arm_branch.h"
#include "support/dex_writer.h"
#include "support/sectioned_elf.h"
#include "support/zucchini_maker.h"

namespace klik::test {
namespace {

using Image = std::vector<std::uint8_t>;
using zucchini::Branch;

Result<Image> patched(const Image& old_image, const Image& patch) { return zucchini::apply(Bytes(old_image), Bytes(patch), Budget{}); }

// "bad_value at 12: …", or "good".
std::string outcome(const Result<Image>& result) {
  if (result) return "good";
  return std::string(code_name(result.error().code)) + " at " + std::to_string(result.error().at) + ": " + result.error().what;
}

std::string little(std::uint32_t value, std::size_t size = 4) {
  Writer w;
  w.le(value, size);
  return {w.bytes.begin(), w.bytes.end()};
}

// A pair of images and how they go together.
struct Pair {
  Kind kind;
  Image old_image, new_image;
  std::vector<Equivalence> blocks;
  std::function<std::size_t(std::size_t)> width;   // of references of a group

  ZucchiniElement element() const { return zucchini_element(kind, old_image, new_image, blocks, width); }
  Image patch() const { return zucchini_patch(old_image, new_image, {element()}).write(); }
};

// Two builds, of which the second has more code in the gap: eight bytes or a multiple, so that all behind it moves as one.
Pair elf_pair(Kind kind, SectionedElf elf, const std::string& more) {
  Pair pair{.kind = kind, .old_image = elf.write(), .new_image = {}, .blocks = {}, .width = {}};
  const std::uint32_t old_behind = elf.behind;
  elf.gap += more;
  pair.new_image = elf.write();
  pair.blocks = {{0, 0, old_behind}, {old_behind, elf.behind, static_cast<std::uint32_t>(pair.old_image.size()) - old_behind}};
  pair.width = [kind, wide = elf.wide](std::size_t group) -> std::size_t {
    if (group < 2) return wide ? 8 : 4;
    return kind == Kind::elf_arm ? zucchini::branch_width(static_cast<Branch>(group - 2)) : 4;
  };
  return pair;
}

Pair x64_pair() {
  // CALL behind; LEA rax, [behind]; JNE behind
  SectionedElf elf{.machine = 62, .relative = 8,
                   .front = [](std::uint32_t at, std::uint32_t behind) {
                     return "\xE8" + little(behind - (at + 5)) + "\x48\x8D\x05" + little(behind - (at + 12)) + "\x0F\x85" + little(behind - (at + 18));
                   },
                   .gap = "\x90\x90", .back = "\xC3\x90\x90\x90"};
  return elf_pair(Kind::elf_x64, elf, std::string(16, '\x90'));
}

Pair x86_pair() {
  SectionedElf elf{.machine = 3, .wide = false, .relative = 8,
                   .front = [](std::uint32_t at, std::uint32_t behind) { return "\xE9" + little(behind - (at + 5)) + "\x0F\x84" + little(behind - (at + 11)); },
                   .gap = "\x90", .back = "\xC3\x90\x90\x90"};
  return elf_pair(Kind::elf_x86, elf, std::string(24, '\x90'));
}

Pair arm64_pair() {
  // BL, CBZ x0, B.NE, TBNZ w1
  SectionedElf elf{.machine = 183, .relative = 1027,
                   .front = [](std::uint32_t at, std::uint32_t behind) {
                     const std::uint32_t d = behind - at;
                     return little(0x94000000 | ((d >> 2) & 0x3FFFFFF)) + little(0xB4000000 | (((d - 4) >> 2) & 0x7FFFF) << 5) +
                            little(0x54000001 | (((d - 8) >> 2) & 0x7FFFF) << 5) + little(0x37000001 | (((d - 12) >> 2) & 0x3FFF) << 5);
                   },
                   .gap = little(0xD503201F), .back = little(0xD65F03C0)};
  return elf_pair(Kind::elf_arm64, elf, little(0xD503201F) + little(0xD503201F));
}

Pair arm_pair() {
  // B, BL, BLNE: all sections of ARM code are executed "always" in the main.
  SectionedElf elf{.machine = 40, .wide = false, .relative = 23,
                   .front = [](std::uint32_t at, std::uint32_t behind) {
                     const std::uint32_t d = behind - at - 8;
                     return little(0xEA000000 | ((d >> 2) & 0xFFFFFF)) + little(0xEB000000 | (((d - 4) >> 2) & 0xFFFFFF)) + little(0x1B000000 | (((d - 8) >> 2) & 0xFFFFFF));
                   },
                   .gap = little(0xE1A00000), .back = little(0xE12FFF1E)};
  return elf_pair(Kind::elf_arm, elf, little(0xE1A00000) + little(0xE1A00000));
}

Pair thumb_pair() {
  // BNE (8 bits), B (11), BEQ.W (20), BL (24)
  SectionedElf elf{.machine = 40, .wide = false, .relative = 23,
                   .front = [](std::uint32_t at, std::uint32_t behind) {
                     const std::uint32_t d = behind - at - 4;
                     const std::uint32_t d20 = d - 4, d24 = d - 8;
                     return little(0xD100 | ((d >> 1) & 0xFF), 2) + little(0xE000 | (((d - 2) >> 1) & 0x7FF), 2) + little(0xF000 | (d20 >> 12 & 0x3F), 2) +
                            little(0x8000 | (d20 >> 1 & 0x7FF), 2) + little(0xF000 | (d24 >> 12 & 0x3FF), 2) + little(0xF800 | (d24 >> 1 & 0x7FF), 2);
                   },
                   .gap = little(0xBF00, 2), .back = little(0x4770, 2)};
  return elf_pair(Kind::elf_arm, elf, little(0xBF00BF00) + little(0xBF00BF00));
}

DexWriter dex_with(const std::vector<std::string>& strings) {
  DexWriter w;
  w.strings = strings;
  w.strings.push_back("hello");
  w.methods.push_back({"La/B;", "other", "V", {"I"}});
  w.fields.push_back({"La/B;", "count", "I"});
  w.classes.push_back({.type = "La/B;", .interfaces = {"La/I;"}, .source_file = "B.java", .fields = {{.name = "text", .type = "Ljava/lang/String;", .flags = 9, .text = "hello"}},
                       .methods = {{.name = "run", .flags = 9, .code = DexWriter::Code{.registers = 2, .units = [](const DexWriter& d) {
                         const auto index = [](std::uint32_t i) { return static_cast<std::uint16_t>(i); };
                         // const-string, const-string/jumbo, new-instance, sget, invoke-static, if-eqz, goto, return-void
                         return std::vector<std::uint16_t>{0x001A, index(d.string_index("hello")), 0x011B, index(d.string_index("hello")), 0, 0x0022, index(d.type_index("La/B;")),
                                                           0x0060, index(d.field_index({"La/B;", "count", "I"})), 0x1071, index(d.method_index({"La/B;", "other", "V", {"I"}})), 0,
                                                           0x0038, 0x0003, 0x0128, 0x000E};
                       }}}},
                       .annotation = "La/Note;", .annotation_texts = {"hello"}});
  return w;
}

// The new build has one string more, before all others: every index of a string is another, every offset too.
Pair dex_pair() {
  constexpr std::uint32_t kTables = 0x70;
  Pair pair{.kind = Kind::dex, .old_image = dex_with({}).write(), .new_image = dex_with({"AAAAAA"}).write(), .blocks = {}, .width = {}};
  const auto old_size = static_cast<std::uint32_t>(pair.old_image.size());
  const auto texts = zucchini::value_at<std::uint32_t>(Bytes(pair.old_image), kTables);
  pair.blocks = {{0, 0, kTables}, {kTables, kTables + 4, texts - kTables}, {texts, texts + 12, old_size - texts}};
  pair.width = [](std::size_t group) -> std::size_t {
    switch (group) {
      case 34: return 1;
      case 5: case 8: case 9: case 10: case 13: case 14: case 15: case 16: case 17: case 18: case 20: case 21: case 24: case 25: case 35: return 2;
      default: return 4;
    }
  };
  return pair;
}

std::size_t count(const std::vector<zucchini::ReferenceGroup>& groups) {
  std::size_t n = 0;
  for (const auto& g : groups) n += g.references.size();
  return n;
}

std::vector<std::size_t> counts(const Pair& pair) {
  std::vector<std::size_t> out;
  for (const auto& g : references_of(pair.kind, pair.old_image)) out.push_back(g.references.size());
  return out;
}

struct Made {
  const char* name;
  Pair (*make)();
};
void PrintTo(const Made& made, std::ostream* out) { *out << made.name; }
class EveryKind : public testing::TestWithParam<Made> {};
INSTANTIATE_TEST_SUITE_P(Zucchini, EveryKind,
                         testing::Values(Made{"x86", x86_pair}, Made{"x64", x64_pair}, Made{"arm", arm_pair}, Made{"thumb", thumb_pair}, Made{"arm64", arm64_pair},
                                         Made{"dex", dex_pair}),
                         [](const testing::TestParamInfo<Made>& made) { return std::string(made.param.name); });

TEST_P(EveryKind, ReferencesFollowWhatTheyPointAt) {
  const Pair pair = GetParam().make();
  const auto result = patched(pair.old_image, pair.patch());
  ASSERT_EQ(outcome(result), "good");
  EXPECT_EQ(*result, pair.new_image);
}

TEST_P(EveryKind, MovedTargetsNeedNoCorrections) {
  const Pair pair = GetParam().make();
  const ZucchiniElement e = pair.element();
  ASSERT_FALSE(e.reference_deltas.bytes.empty());
  EXPECT_EQ(e.reference_deltas.bytes, Image(count(references_of(pair.kind, pair.old_image)), 0));
  EXPECT_TRUE(e.extra_targets.empty());
}

TEST_P(EveryKind, OnlyReferencesMakeTheDifference) {
  // The same bytes as plain ones: without corrections of references the image is wrong.
  const Pair pair = GetParam().make();
  ZucchiniElement e = pair.element();
  e.kind = Kind::no_op;
  e.reference_deltas = {};
  EXPECT_EQ(outcome(patched(pair.old_image, zucchini_patch(pair.old_image, pair.new_image, {e}).write())), "bad_checksum at 20: the patched image is not what the patch promised");
}

TEST_P(EveryKind, TargetsThatAreNewComeWithThePatch) {
  Pair pair = GetParam().make();
  // What stands in the last block is made from nothing, so references from the others point at no known target.
  pair.blocks.pop_back();
  const ZucchiniElement e = pair.element();
  EXPECT_FALSE(e.extra_targets.empty());
  const auto result = patched(pair.old_image, zucchini_patch(pair.old_image, pair.new_image, {e}).write());
  ASSERT_EQ(outcome(result), "good");
  EXPECT_EQ(*result, pair.new_image);
}

TEST_P(EveryKind, EveryPrefixIsRefused) {
  const Pair pair = GetParam().make();
  const Image patch = pair.patch();
  for (std::size_t n = 0; n < patch.size(); ++n) EXPECT_FALSE(patched(pair.old_image, Image(patch.begin(), patch.begin() + static_cast<std::ptrdiff_t>(n)))) << n;
}

TEST_P(EveryKind, BrokenPatchesAndImagesAreRefusedOrRight) {
  const Pair pair = GetParam().make();
  const Image good = pair.patch();
  std::uint32_t random = 12345;
  const auto next = [&](std::size_t bound) { return (random = random * 1664525 + 1013904223) / 65536 % bound; };
  for (unsigned round = 0; round < 4000; ++round) {
    Image patch = good, old_image = pair.old_image;
    if (round % 2) patch[24 + next(patch.size() - 24)] = static_cast<std::uint8_t>(next(256));
    else old_image[next(old_image.size())] = static_cast<std::uint8_t>(next(256));
    Writer w{patch};
    w.patch(12, crc32(Bytes(old_image)), 4);
    const auto result = patched(old_image, w.bytes);
    if (result) { EXPECT_EQ(*result, pair.new_image); }
  }
}

TEST(Zucchini, FindsEachFormOfReference) {
  // Relocations, words, then branches by form.
  EXPECT_EQ(counts(x86_pair()), (std::vector<std::size_t>{1, 1, 2}));
  EXPECT_EQ(counts(x64_pair()), (std::vector<std::size_t>{1, 1, 3}));
  EXPECT_EQ(counts(arm_pair()), (std::vector<std::size_t>{1, 1, 3, 0, 0, 0, 0}));
  EXPECT_EQ(counts(thumb_pair()), (std::vector<std::size_t>{1, 1, 0, 1, 1, 1, 1}));
  EXPECT_EQ(counts(arm64_pair()), (std::vector<std::size_t>{1, 1, 1, 2, 1}));
  const std::vector<std::size_t> dex = counts(dex_pair());
  ASSERT_EQ(dex.size(), 42u);
  EXPECT_EQ(dex[5], 1u) << "const-string";
  EXPECT_EQ(dex[6], 1u) << "const-string/jumbo";
  EXPECT_EQ(dex[14], 1u) << "new-instance";
  EXPECT_EQ(dex[17], 1u) << "sget";
  EXPECT_EQ(dex[20], 1u) << "invoke-static";
  EXPECT_EQ(dex[34], 1u) << "goto";
  EXPECT_EQ(dex[35], 1u) << "if-eqz";
  EXPECT_EQ(dex[27], 1u) << "interfaces";
  EXPECT_EQ(dex[38], 1u) << "annotation";
  EXPECT_EQ(dex[39], 1u) << "static values";
}

TEST(Zucchini, ReferencesPointWhereTheCodeSays) {
  const Pair pair = arm64_pair();
  for (const auto& group : references_of(pair.kind, pair.old_image)) {
    if (group.pool != 2) continue;
    for (const auto& r : group.references) EXPECT_EQ(r.target, pair.blocks.back().source);
  }
}

// A patch of plain bytes: "abcdefgh" becomes "ABXcdefg!", for lies about its parts.
struct Plain {
  Image old_image = {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}, new_image = {'A', 'B', 'X', 'c', 'd', 'e', 'f', 'g', '!'};
  ZucchiniPatch patch;

  Plain() {
    const auto width = [](std::size_t) { return std::size_t{0}; };
    patch = zucchini_patch(old_image, new_image, {zucchini_element(Kind::no_op, old_image, new_image, {{0, 0, 2}, {2, 3, 5}}, width)});
  }
  ZucchiniElement& element() { return patch.elements.front(); }
  std::string outcome() const { return test::outcome(patched(old_image, patch.write())); }
};

TEST(Zucchini, AppliesToPlainBytes) {
  EXPECT_EQ(Plain().outcome(), "good");
  Plain two;
  two.patch.major = 2;
  EXPECT_EQ(two.outcome(), "good");
}

TEST(Zucchini, ElementsTakeTheirOldOnesFromAnyPlace) {
  // Old: ELF, DEX. New: DEX, text, ELF.
  const Pair elf = x64_pair(), dex = dex_pair();
  const Image text = {'t', 'e', 'x', 't'};
  Image old_image = elf.old_image, new_image = dex.new_image;
  old_image.insert(old_image.end(), dex.old_image.begin(), dex.old_image.end());
  new_image.insert(new_image.end(), text.begin(), text.end());
  new_image.insert(new_image.end(), elf.new_image.begin(), elf.new_image.end());
  const auto size = [](const Image& image) { return static_cast<std::uint32_t>(image.size()); };
  ZucchiniElement first = dex.element(), second{.old_length = 1, .new_at = size(dex.new_image), .new_length = 4}, third = elf.element();
  first.old_at = size(elf.old_image);
  second.extra.text("text");
  third.new_at = second.new_at + 4;
  const auto result = patched(old_image, zucchini_patch(old_image, new_image, {first, second, third}).write());
  ASSERT_EQ(outcome(result), "good");
  EXPECT_EQ(*result, new_image);
}

TEST(Zucchini, RefusesWhatItDoesNotKnow) {
  Plain p;
  p.patch.major = 3;
  EXPECT_EQ(p.outcome(), "unsupported at 4: Zucchini patch of another major version");
  Plain windows;
  windows.element().kind = static_cast<Kind>(0x36387850);   // "Px86"
  EXPECT_EQ(windows.outcome(), "unsupported at 44: Zucchini element for a kind of executable that is not read");
  Plain version;
  version.element().version = 2;
  EXPECT_EQ(version.outcome(), "unsupported at 48: Zucchini element of another version");
  EXPECT_EQ(outcome(patched({}, Image(28, 0))), "bad_magic at 0: not a Zucchini patch");
}

TEST(Zucchini, RefusesAnotherOldImage) {
  Plain p;
  p.old_image[7] = 'x';
  EXPECT_EQ(p.outcome(), "conflict at 8: the patch was made for another old image");
}

TEST(Zucchini, RefusesBlocksOutsideTheImages) {
  for (const std::int32_t skip : {7, -3, 0x7FFFFFFF, -0x7FFFFFFF - 1}) {
    Plain p;
    p.element().sources = {};
    put_signed(put_signed(p.element().sources, 0), skip);
    EXPECT_EQ(p.outcome().substr(0, 9), "bad_value") << skip;
  }
  Plain far;
  far.element().destinations = {};
  put_number(put_number(far.element().destinations, 0), 0xFFFFFFFF);
  EXPECT_EQ(far.outcome().find("equivalence outside the new element") != std::string::npos, true) << far.outcome();
  Plain longer;
  longer.element().lengths = {};
  put_number(put_number(longer.element().lengths, 0xFFFFFFFF), 5);
  EXPECT_EQ(longer.outcome().find("equivalence outside the old element") != std::string::npos, true) << longer.outcome();
}

TEST(Zucchini, RefusesStreamsThatDoNotFit) {
  Plain few;
  few.element().lengths.bytes.pop_back();
  EXPECT_EQ(few.outcome().substr(0, 9), "truncated");
  Plain many;
  many.element().lengths.le(1, 1);
  EXPECT_EQ(many.outcome().find("streams of equivalences of different length") != std::string::npos, true) << many.outcome();
  Plain extra;
  extra.element().extra.le(1, 1);
  EXPECT_EQ(extra.outcome().find("extra data does not fill") != std::string::npos, true) << extra.outcome();
  Plain deltas;
  put_number(deltas.element().delta_skips, 100);
  deltas.element().delta_bytes.le(1, 1);
  EXPECT_EQ(deltas.outcome().find("correction behind all copied bytes") != std::string::npos, true) << deltas.outcome();
  Plain endless;
  endless.element().delta_skips.le(0xFFFFFFFFFFull, 5);
  EXPECT_EQ(endless.outcome().find("number of more than five bytes") != std::string::npos, true) << endless.outcome();
  Plain references;
  put_signed(references.element().reference_deltas, 0);
  EXPECT_EQ(references.outcome().find("corrections of references in plain bytes") != std::string::npos, true) << references.outcome();
}

TEST(Zucchini, RefusesElementsThatDoNotCoverTheImage) {
  Plain p;
  p.element().new_at = 1;
  EXPECT_EQ(p.outcome(), "bad_value at 36: element outside the new image");
  Plain twice;
  twice.patch.elements.push_back(twice.element());
  EXPECT_EQ(twice.outcome().find("gap or overlap between elements") != std::string::npos, true) << twice.outcome();
  Plain none;
  none.patch.elements.clear();
  EXPECT_EQ(none.outcome(), "bad_value at 16: elements do not cover the new image");
}

TEST(Zucchini, RefusesTargetsThatDoNotExist) {
  const Pair pair = arm64_pair();
  ZucchiniElement e = pair.element();
  e.reference_deltas = {};
  put_signed(e.reference_deltas, 5);
  const auto result = patched(pair.old_image, zucchini_patch(pair.old_image, pair.new_image, {e}).write());
  EXPECT_EQ(outcome(result).find("reference to a target that its pool has not") != std::string::npos, true) << outcome(result);
}

TEST(Zucchini, RefusesTheSamePoolTwice) {
  const Pair pair = arm64_pair();
  ZucchiniElement e = pair.element();
  e.extra_targets = {{1, Writer{}}, {1, Writer{}}};
  const auto result = patched(pair.old_image, zucchini_patch(pair.old_image, pair.new_image, {e}).write());
  EXPECT_EQ(outcome(result).find("no pool, or the same pool again") != std::string::npos, true) << outcome(result);
}

TEST(Zucchini, RefusesExecutablesThatAreNone) {
  Plain p;
  p.element().kind = Kind::elf_arm64;
  EXPECT_EQ(p.outcome(), "bad_value at 28: too short for an ELF file");
  p.element().kind = Kind::dex;
  EXPECT_EQ(p.outcome(), "bad_value at 28: not a DEX file of a version that patches know");
}

TEST(Zucchini, LargeImagesNeedABudget) {
  Plain p;
  Budget small;
  small.unit_bytes = 8;
  EXPECT_EQ(outcome(zucchini::apply(Bytes(p.old_image), Bytes(p.patch.write()), small)), "over_budget at 16: image too large to patch in memory");
}

TEST(Zucchini, SectionsThatRepeatTheCodeNeedABudget) {
  SectionedElf elf{.front = [](std::uint32_t, std::uint32_t) { return little(0xD503201F); }, .gap = "", .back = little(0xD65F03C0)};
  Image image = elf.write();
  EXPECT_TRUE(zucchini::read_elf_references(Kind::elf_arm64, Bytes(image)));
  // All sections but the names become the code, from the first byte to the last.
  const std::size_t sections = image.size() - 5 * 64;
  for (std::size_t i = 0; i < 4; ++i) {
    Writer w{image};
    const std::size_t at = sections + 64 * i;
    w.patch(at + 4, 1, 4).patch(at + 8, 6, 8).patch(at + 16, 0x10000, 8).patch(at + 24, 0, 8).patch(at + 32, image.size(), 8);
    image = w.bytes;
  }
  const auto result = zucchini::read_elf_references(Kind::elf_arm64, Bytes(image));
  ASSERT_FALSE(result);
  EXPECT_STREQ(result.error().what, "more code in sections than bytes in the file");
}

TEST(Zucchini, EmptyBlocksWithoutNumberNeedABudget) {
  Plain p;
  p.element() = {.kind = Kind::no_op, .old_length = 8, .new_length = 9};
  for (int i = 0; i < 1000; ++i) {
    p.element().sources.le(0, 1);
    p.element().destinations.le(0, 1);
    p.element().lengths.le(0, 1);
  }
  p.element().extra.text("ABXcdefg!");
  EXPECT_NE(p.outcome().find("over_budget"), std::string::npos) << p.outcome();
}

TEST(ZucchiniOffsetMapper, LongerBlocksKeepWhatTwoClaim) {
  //  old 0..9 → 100, old 5..24 → 200: the second is longer and has 5..24 alone
  const auto mapper = zucchini::OffsetMapper::make(std::vector<Equivalence>{{0, 100, 10}, {5, 200, 20}}, 50, 300);
  ASSERT_TRUE(mapper);
  EXPECT_EQ(mapper->project(4), 104u);
  EXPECT_EQ(mapper->project(5), 200u);
  EXPECT_EQ(mapper->project(24), 219u);
  std::vector<std::uint32_t> all = {4, 5, 24, 25};
  mapper->project_all(all);
  EXPECT_EQ(all, (std::vector<std::uint32_t>{104, 200, 219}));
}

TEST(ZucchiniOffsetMapper, OffsetsBetweenBlocksFollowTheNearest) {
  const auto mapper = zucchini::OffsetMapper::make(std::vector<Equivalence>{{0, 0, 10}, {20, 120, 10}}, 40, 200);
  ASSERT_TRUE(mapper);
  EXPECT_EQ(mapper->project(14), 14u);     // 5 behind the last byte of the first, 6 before the second
  EXPECT_EQ(mapper->project(15), 115u);
  EXPECT_EQ(mapper->project(39), 139u);
  EXPECT_EQ(mapper->project(47), 207u);    // behind the old image: behind the new one
}

TEST(ZucchiniOffsetMapper, ManyOverlapsEndInTime) {
  std::vector<Equivalence> blocks;
  for (std::uint32_t i = 0; i < 200000; ++i) blocks.push_back({i, 2 * i, 1000 + (i * 7919u) % 97});
  (void)zucchini::OffsetMapper::make(blocks, 1u << 20, 1u << 20);   // whatever it says, it must say it
}

TEST(ZucchiniBranch, LeadsWhereItWasSent) {
  struct Case {
    Branch form;
    std::uint32_t code, reach, step;
  };
  for (const Case& c : {Case{Branch::a24, 0xEB000000, 1u << 25, 4}, Case{Branch::a24, 0xFA000000, 1u << 25, 2}, Case{Branch::t8, 0xD100, 1u << 8, 2}, Case{Branch::t11, 0xE000, 1u << 11, 2},
                        Case{Branch::t20, 0xF0008000, 1u << 20, 2}, Case{Branch::t24, 0xF000D000, 1u << 24, 2}, Case{Branch::t24, 0xF000C000, 1u << 24, 4},
                        Case{Branch::imm14, 0x36000000, 1u << 15, 4}, Case{Branch::imm19, 0x54000000, 1u << 20, 4}, Case{Branch::imm26, 0x14000000, 1u << 27, 4}}) {
    const std::uint32_t at = 0x10000000, ahead = c.form == Branch::a24 ? 8 : zucchini::is_thumb(c.form) ? 4 : 0, here = at + ahead;
    for (const std::uint32_t target : {here, here + c.step, here - c.step, here + c.reach - c.step, here - c.reach}) {
      const auto code = branch_to(c.form, at, target, c.code);
      ASSERT_TRUE(code) << std::hex << c.code << " to " << target;
      EXPECT_EQ(branch_target(c.form, at, *code), target) << std::hex << *code;
    }
    EXPECT_FALSE(branch_to(c.form, at, here + c.reach, c.code)) << std::hex << c.code;
    EXPECT_FALSE(branch_to(c.form, at, here - c.reach - c.step, c.code)) << std::hex << c.code;
    EXPECT_FALSE(branch_to(c.form, at + 1, here, c.code)) << std::hex << c.code;
    EXPECT_FALSE(branch_to(c.form, at, here + 1, c.code)) << std::hex << c.code;
  }
}

TEST(ZucchiniBranch, BlxRoundsDownToArmCode) {
  // From a Thumb address that is not four bytes aligned.
  const auto code = zucchini::branch_to(Branch::t24, 0x1002, 0x2000, 0xF000C000);
  ASSERT_TRUE(code);
  EXPECT_EQ(*code & 1, 0u);
  EXPECT_EQ(zucchini::branch_target(Branch::t24, 0x1002, *code), 0x2000u);
}

}  // namespace
}  // namespace klik::test
