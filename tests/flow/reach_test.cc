#include "flow/reach.h"

#include <gtest/gtest.h>

#include "support/graph_builder.h"

namespace klik::flow {
namespace {

struct App {
  explicit App(const std::string& text, const std::string& platform_text = "") : built(text), above(platform_text) {
    platform.add(above.graph);
    program.emplace(platform);
    program->add(built.graph);
    program->link();
  }
  // What an entry of this class reaches, as "A.run B.go" in the order of methods.
  std::string from(const std::string& entry, std::uint64_t steps = 10'000) {
    Reach reach(*program, steps);
    reach.enter(program->find_type("L" + entry + ";"), 7);
    reach.run();
    exhausted = reach.exhausted();
    std::string out;
    for (MethodId m = 0; m < program->method_count(); ++m)
      if (reach.reached(m)) out += (out.empty() ? "" : " ") + name(m);
    return out;
  }
  std::string path(const std::string& entry, const std::string& type, const std::string& method) {
    Reach reach(*program, 10'000);
    reach.enter(program->find_type("L" + entry + ";"), 7);
    reach.run();
    std::string out;
    for (const MethodId m : reach.path_to(program->find_method("L" + type + ";", method, "()V"))) out += (out.empty() ? "" : " ") + name(m);
    return out;
  }
  std::string name(MethodId m) const {
    const std::string_view type = program->type_name(program->method(m).owner);
    return std::string(type.substr(1, type.size() - 2)) + "." + std::string(program->method_name(m));
  }
  test::GraphBuilder built, above;
  Platform platform;
  std::optional<Program> program;
  bool exhausted = false;
};

constexpr const char* kFramework = R"(
class java/lang/Runnable interface : java/lang/Object
  run()V abstract
class android/app/Activity
  onCreate()V
  onResume()V
)";

TEST(Reach, FollowsCallsFromWhatThePlatformCallsBack) {
  App app(R"(
class Main : android/app/Activity
  onCreate()V : call Worker.go()V
  helper()V : call Worker.secret()V
class Worker
  go()V static : call Worker.deeper()V
  deeper()V static
  secret()V static
)", kFramework);
  EXPECT_EQ(app.from("Main"), "Main.onCreate Worker.go Worker.deeper");
  EXPECT_EQ(app.path("Main", "Worker", "deeper"), "Main.onCreate Worker.go Worker.deeper");
  EXPECT_EQ(app.path("Main", "Worker", "secret"), "");
}

TEST(Reach, CountsEveryOverridableMethodWhereThePlatformIsNotThere) {
  App app(R"(
class Main : android/app/Activity
  onCreate()V : call Worker.go()V
  helper()V : call Worker.secret()V
  own()V private : call Worker.never()V
class Worker
  go()V static
  secret()V static
  never()V static
)");
  EXPECT_EQ(app.from("Main"), "Main.onCreate Main.helper Worker.go Worker.secret");
}

TEST(Reach, TakesAnOverrideOnlyOfAClassThatIsMade) {
  App app(R"(
class Main : android/app/Activity
  onCreate()V : open Base.act()V, new Made
class Base
  act()V
class Made : Base
  act()V
class Unmade : Base
  act()V
)", kFramework);
  EXPECT_EQ(app.from("Main"), "Main.onCreate Base.act Made.act");
}

TEST(Reach, RunsWhatIsHandedToThePlatform) {
  App app(R"(
class Main : android/app/Activity
  onCreate()V : new Task, open java/lang/Thread.start()V
class Task : java/lang/Object, java/lang/Runnable
  run()V : call Task.inner()V
  inner()V private
  idle()V
)", kFramework);
  EXPECT_EQ(app.from("Main"), "Main.onCreate Task.run Task.inner");
}

TEST(Reach, RunsInitialisersOfClassesTouched) {
  App app(R"(
class Main : android/app/Activity
  onCreate()V : touch Holder
class Holder : Above
  <clinit>()V static : call Holder.fill()V
  fill()V static
class Above
  <clinit>()V static
)", kFramework);
  EXPECT_EQ(app.from("Main"), "Main.onCreate Holder.<clinit> Holder.fill Above.<clinit>");
}

TEST(Reach, CallsSuperAndDefaultMethods) {
  App app(R"(
class I interface : java/lang/Object
  greet()V
class Above : android/app/Activity
  onCreate()V : call Above.x()V
  x()V static
class Main : Above, I
  onCreate()V : super Above.onCreate()V, open Main.greet()V
)", kFramework);
  EXPECT_EQ(app.from("Main"), "I.greet Above.onCreate Above.x Main.onCreate");
}

TEST(Reach, EndsOnRingsAndSaysWhenItRanOut) {
  App app(R"(
class A : B, android/app/Activity
  onCreate()V : call A.onCreate()V, open B.loop()V, new A, new B
class B : A
  loop()V : call B.loop()V
)", kFramework);
  EXPECT_FALSE(app.from("A").empty());
  EXPECT_FALSE(app.exhausted);
  app.from("A", 2);
  EXPECT_TRUE(app.exhausted);
}

TEST(CodeGraph, IsTheSameAfterPackingAndRefusesEveryPrefix) {
  const test::GraphBuilder built(R"(
class A : B, I
  run()V static : call C.x()V, open C.y()V, super B.run()V, new C, touch D
class I interface : java/lang/Object
  y()V abstract
)");
  const std::string bytes = packed(built.graph);
  const auto again = unpacked(Bytes::of(bytes));
  ASSERT_TRUE(again);
  EXPECT_EQ(packed(*again), bytes);
  EXPECT_EQ(again->classes.size(), 2u);
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(unpacked(Bytes::of(std::string_view(bytes).substr(0, n)))) << n;
}

}  // namespace
}  // namespace klik::flow
