#include "flow/match.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "flow/dex_scan.h"
#include "flow/digest_mix.h"
#include "support/made_program.h"

namespace klik::flow {
namespace {

using test::MadeProgram;

// One build of a program, with everything that its code borrows from.
class Build {
 public:
  Build(SharedTexts& texts, std::vector<std::vector<std::uint8_t>> files) : bytes_(std::move(files)), code(texts) {
    for (const auto& file : bytes_) scans_.push_back(scan(dex::DexFile::open_all(Bytes(file)).value().at(0), {}));
    for (const DexScan& s : scans_) code.add(s.graph, s.prints);
    code.link();
  }

 private:
  std::vector<std::vector<std::uint8_t>> bytes_;
  std::deque<DexScan> scans_;

 public:
  BuiltCode code;
};

struct Score {
  std::size_t classes = 0, right_classes = 0, wrong_classes = 0, methods = 0, right_methods = 0, wrong_methods = 0;
};

// How well the matching finds again what the namings say.
Score score(const MadeProgram& p, const Build& before, const Build& after, SharedTexts& texts, const MadeProgram::Naming& old_names, const MadeProgram::Naming& new_names) {
  const Matching found = match(before.code, after.code);
  const auto class_of = [&](const BuiltCode& code, const std::string& type) { return code.find_class(texts.of(SharedTexts::Kind::name, type)); };
  const auto method_of = [&](const BuiltCode& code, Id c, const std::string& name) {
    for (Id m = code.classes()[c].first_method; m < code.classes()[c].first_method + code.classes()[c].method_count; ++m)
      if (code.method_name(m) == name) return m;
    return kNoId;
  };
  Score s;
  for (std::size_t c = 0; c < p.classes.size(); ++c) {
    const Id b = class_of(before.code, old_names.type(c)), a = class_of(after.code, new_names.type(c));
    ++s.classes;
    s.right_classes += found.class_after[b] == a;
    s.wrong_classes += found.class_after[b] != a && found.class_after[b] != kNoId;
    for (std::size_t m = 0; m < p.classes[c].methods.size(); ++m) {
      const Id x = method_of(before.code, b, old_names.method(c, m)), y = method_of(after.code, a, new_names.method(c, m));
      ++s.methods;
      s.right_methods += found.method_after[x] == y;
      s.wrong_methods += found.method_after[x] != y && found.method_after[x] != kNoId;
    }
  }
  return s;
}

TEST(Match, ProgramThatWasOnlyReorderedIsMatchedByName) {
  const MadeProgram p(1);
  SharedTexts texts;
  const auto names = MadeProgram::by_author();
  const Build before(texts, p.write(names)), after(texts, p.write(names, 7, 3));
  const Matching found = match(before.code, after.code);
  for (Id c = 0; c < found.class_after.size(); ++c) {
    ASSERT_NE(found.class_after[c], kNoId);
    EXPECT_EQ(before.code.class_name(c), after.code.class_name(found.class_after[c]));
    EXPECT_EQ(found.class_how[c], How::name);
  }
  for (Id m = 0; m < found.method_after.size(); ++m) {
    ASSERT_NE(found.method_after[m], kNoId);
    EXPECT_EQ(before.code.method_name(m), after.code.method_name(found.method_after[m]));
  }
}

// Renamed as a whole, reordered, split: short methods that are alike may stay unknown, but nothing is taken for another.
TEST(Match, FindsRenamedCodeAgain) {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    const MadeProgram p(seed);
    SharedTexts texts;
    const auto old_names = MadeProgram::by_author();
    const auto new_names = p.by_optimiser(seed);
    const Build before(texts, p.write(old_names)), after(texts, p.write(new_names, seed, 2));
    const Score s = score(p, before, after, texts, old_names, new_names);
    EXPECT_GE(s.right_classes * 100, s.classes * 98) << seed;
    EXPECT_GE(s.right_methods * 100, s.methods * 98) << seed;
    EXPECT_LE(s.wrong_classes * 100, s.classes) << seed;
    EXPECT_LE(s.wrong_methods * 100, s.methods) << seed;
  }
}

// Both builds have short names, and the same name is another class.
TEST(Match, DoesNotTrustNamesThatAnOptimiserGave) {
  const MadeProgram p(4);
  SharedTexts texts;
  const auto old_names = p.by_optimiser(11), new_names = p.by_optimiser(12);
  const Build before(texts, p.write(old_names)), after(texts, p.write(new_names, 3));
  const Score s = score(p, before, after, texts, old_names, new_names);
  EXPECT_GE(s.right_classes * 100, s.classes * 98);
  EXPECT_LE(s.wrong_classes * 100, s.classes);
}

TEST(Match, AddedAndRemovedClassesStayWithoutCounterpart) {
  MadeProgram p(5);
  const MadeProgram more(6, 40);
  SharedTexts texts;
  const auto names = MadeProgram::by_author();
  MadeProgram::Naming others = MadeProgram::by_author();
  others.type = [](std::size_t c) { return "Lx/y/" + std::string(1, static_cast<char>('a' + c % 26)) + std::to_string(c) + "Other;"; };
  auto old_files = p.write(names), new_files = p.write(p.by_optimiser(2), 2);
  new_files.push_back(more.write(others).at(0));
  const Build before(texts, std::move(old_files)), after(texts, std::move(new_files));
  const Matching found = match(before.code, after.code);
  std::size_t taken = 0, classes = 0;
  for (Id a = 0; a < found.class_before.size(); ++a)
    if (after.code.class_name(a).starts_with("Lx/y/")) ++classes, taken += found.class_before[a] != kNoId;
  EXPECT_EQ(classes, 40u);
  EXPECT_EQ(taken, 0u);
}

// Who comes first in the file decides nothing.
TEST(Match, DoesNotDependOnOrder) {
  const MadeProgram p(8);
  const auto old_names = MadeProgram::by_author();
  const auto new_names = p.by_optimiser(8);
  std::vector<std::map<std::string, std::string>> results;
  for (const std::uint32_t order : {0u, 1u}) {
    SharedTexts texts;
    const Build before(texts, p.write(old_names, order)), after(texts, p.write(new_names, order + 5));
    const Matching found = match(before.code, after.code);
    auto& result = results.emplace_back();
    for (Id m = 0; m < found.method_after.size(); ++m)
      if (found.method_after[m] != kNoId)
        result.emplace(std::string(before.code.class_name(before.code.methods()[m].owner)) + std::string(before.code.method_name(m)),
                       std::string(after.code.class_name(after.code.methods()[found.method_after[m]].owner)) + std::string(after.code.method_name(found.method_after[m])));
  }
  EXPECT_EQ(results[0], results[1]);
}

// org.apache.http left the platform, and apps bring it along: what an app defines is its own, however it is named.
TEST(Match, ClassesThatAreNamedLikeThePlatformAreTheAppsWhenItDefinesThem) {
  const MadeProgram p(10);
  SharedTexts texts;
  MadeProgram::Naming old_names = MadeProgram::by_author();
  old_names.type = [](std::size_t c) { return "Lorg/apache/http/part" + std::to_string(c % 9) + "/Thing" + std::to_string(c) + "Maker;"; };
  const auto new_names = p.by_optimiser(10);
  const Build before(texts, p.write(old_names)), after(texts, p.write(new_names, 4));
  const Score s = score(p, before, after, texts, old_names, new_names);
  EXPECT_GE(s.right_classes * 100, s.classes * 98);
  EXPECT_GE(s.right_methods * 100, s.methods * 98);
}

// Setters: one body, and what each calls is the only thing that tells it from the others.
TEST(Match, EqualBodiesAreToldApartByWhatTheyCall) {
  constexpr std::size_t kSetters = 6;
  MadeProgram p(11, 2);
  using Step = MadeProgram::Step;
  p.classes[0] = {}, p.classes[1] = {};
  p.classes[0].methods.resize(kSetters), p.classes[1].methods.resize(kSetters);
  for (std::size_t m = 0; m < kSetters; ++m) {
    p.classes[0].methods[m].steps = {Step{.kind = Step::Kind::text, .text = "what number " + std::to_string(m) + " says"}};
    p.classes[1].methods[m].steps = {Step{.kind = Step::Kind::own, .a = 0, .b = m}};
  }
  SharedTexts texts;
  const auto old_names = MadeProgram::by_author();
  const MadeProgram::Naming new_names{[](std::size_t c) { return c == 0 ? "La/a;" : "La/b;"; }, [](std::size_t, std::size_t m) { return std::string(1, static_cast<char>('z' - m)); }};
  const Build before(texts, p.write(old_names)), after(texts, p.write(new_names));
  const Score s = score(p, before, after, texts, old_names, new_names);
  EXPECT_EQ(s.right_methods, s.methods);
}

// What arrays of an app's classes can do is what every object can: the name of the class does not stand in it.
TEST(Match, CallsOfArraysDoNotNameWhatTheyHold) {
  for (const std::string name : {"Lorg/example/Thing;", "La/b;"}) {
    test::DexWriter d;
    test::DexWriter::Class holder{.type = name};
    holder.methods.push_back({.name = "copy", .flags = 9, .code = test::CodeMaker().call(0x71, {"[" + name, "clone", "V"}).in(d)});
    d.classes.push_back(std::move(holder));
    SharedTexts texts;
    const Build build(texts, {d.write()});
    std::vector<std::string_view> said;
    for (const Id f : build.code.methods().at(0).features) said.push_back(texts.text(f));
    EXPECT_EQ(said, std::vector<std::string_view>{"Ljava/lang/Object;->clone()V"});
  }
}

// Ids are small numbers, and pairs of them are keys.
TEST(DigestMix, KeepsPairsOfSmallNumbersApart) {
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 300; ++a)
    for (std::uint64_t b = 0; b < 300; ++b) seen.insert(mix(a, b) | 1);
  EXPECT_EQ(seen.size(), 300u * 300u);
}

TEST(Match, NothingIsMatchedWithNothing) {
  SharedTexts texts;
  const MadeProgram p(9, 20);
  const Build before(texts, p.write(MadeProgram::by_author())), after(texts, {});
  const Matching found = match(before.code, after.code);
  EXPECT_EQ(found.class_after, std::vector<Id>(20, kNoId));
  EXPECT_TRUE(found.class_before.empty());
}

}  // namespace
}  // namespace klik::flow
