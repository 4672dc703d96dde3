#include "support/facts.h"

namespace klik {
namespace {

using test::column;

RecordingSink init(std::string_view text, std::string_view name = "init.rc") {
  return test::extract("init@1", memory_source(std::vector<std::uint8_t>(text.begin(), text.end())), "init", name);
}

TEST(InitFacts, AServiceIsTheBytesOfItsSection) {
  const std::string text = "# head\nservice a /bin/a -x\n  user shell\n  socket s stream 0666 shell\n  onrestart write /proc/x 1\non boot\n  mkdir /data/x\n  setprop a.b \"c d\"\nimport /b.rc\n";
  const auto sink = init(text);
  const auto services = test::of_kind(sink, "init.service");
  ASSERT_EQ(services.size(), 1u);
  EXPECT_EQ(column(services[0], "name") + column(services[0], "arguments") + column(services[0], "user") + column(services[0], "groups"), "a-xshellnull");
  const Place& at = services[0].origins[0];
  EXPECT_TRUE(text.substr(at.at, at.length).starts_with("service a") && text.substr(at.at, at.length).ends_with("/proc/x 1"));
  const auto actions = test::of_kind(sink, "init.action");   // a folder made is no effect worth a row
  ASSERT_EQ(actions.size(), 2u);
  EXPECT_EQ(column(actions[0], "trigger"), "restart of a");
  EXPECT_EQ(column(actions[1], "command") + " " + column(actions[1], "arguments"), "setprop a.b c d");
  EXPECT_EQ(text.substr(actions[1].origins[0].at, actions[1].origins[0].length), "setprop a.b \"c d\"");
  EXPECT_EQ(column(test::of_kind(sink, "init.socket").at(0), "mode"), "0666");
  EXPECT_EQ(column(test::of_kind(sink, "init.import").at(0), "path"), "/b.rc");
}

TEST(InitFacts, RefusedLinesAreOneProblemPerSort) {
  const auto sink = init("a\nb\nc\nservice x\n");
  ASSERT_EQ(sink.problems.size(), 2u);
  EXPECT_EQ(sink.problems[0].detail + sink.problems[1].detail, "a (and 2 more)service x");
}

TEST(InitFacts, DeviceNodesThatEverybodyMayWriteTo) {
  const auto sink = init("/dev/open 0666 root root\n/dev/shut 0660 root root\n/dev/read 0664 root root\n/dev/drop 0662 root root\n/sys/x y 0666 root root\nsubsystem a\n", "ueventd.x.rc");
  ASSERT_EQ(sink.facts.size(), 2u);
  EXPECT_EQ(column(sink.facts[0], "name") + column(sink.facts[1], "name"), "/dev/open/dev/drop");
  EXPECT_TRUE(sink.problems.empty());
}

TEST(InitFacts, NewScriptsEndWithTheirLevel) {
  EXPECT_TRUE(test::extractor("init@1").wants("file", "a.34rc"));
  EXPECT_FALSE(test::extractor("init@1").wants("file", "mkshrc"));
  EXPECT_FALSE(test::extractor("init@1").wants("file", "a.x4rc"));
  EXPECT_FALSE(test::extractor("init@1").wants("file", "a.34src"));
}

TEST(InitFacts, ATooLargeScriptIsDataLoss) {
  const auto sink = init(std::string((4u << 20) + 1, '#'));
  ASSERT_EQ(sink.problems.size(), 1u);
  EXPECT_EQ(sink.problems[0].severity, ProblemSeverity::data_loss);
}

}  // namespace
}  // namespace klik
