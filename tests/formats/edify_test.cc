#include "formats/android/edify.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

// The tree as text with every bracket written out.
std::string shown(const edify::Script& script, std::uint32_t at) {
  const edify::Node& n = script.nodes[at];
  constexpr std::string_view kSigns[] = {"", "", " + ", " == ", " != ", " && ", " || ", "!", "?", "; "};
  if (n.kind == edify::Kind::text) return "'" + n.text + "'";
  std::string out = n.kind == edify::Kind::call ? n.text + "(" : n.kind == edify::Kind::negation ? "!(" : n.kind == edify::Kind::choice ? "if(" : "(";
  const std::string_view sign = n.kind == edify::Kind::call || n.kind == edify::Kind::choice ? ", " : kSigns[static_cast<std::size_t>(n.kind)];
  for (std::size_t i = 0; i < n.parts.size(); ++i) out += std::string(i ? sign : "") + shown(script, n.parts[i]);
  return out + ")";
}

std::string shown(std::string_view text) {
  const edify::Script script = edify::parse(Bytes::of(text));
  std::string out;
  for (const std::uint32_t s : script.statements) out += shown(script, s) + "\n";
  if (script.stopped) out += std::string(code_name(script.stopped->code)) + " at " + std::to_string(script.stopped->at) + "\n";
  return out;
}

TEST(Edify, ReadsExpressionsByTheirPrecedence) {
  EXPECT_EQ(shown("a || b && c == d + e"), "('a' || ('b' && ('c' == ('d' + 'e'))))\n");
  EXPECT_EQ(shown("(a || b) && !c != d"), "(('a' || 'b') && (!('c') != 'd'))\n");
  EXPECT_EQ(shown("f(a, g(), \"x\" + y);\nh();\n"), "f('a', g(), ('x' + 'y'))\nh()\n");
  EXPECT_EQ(shown("if a then b; c else d; endif; e"), "if('a', ('b'; 'c'), 'd')\n'e'\n");
  EXPECT_EQ(shown("if a == b then f() endif;"), "if(('a' == 'b'), f())\n");
}

TEST(Edify, UndoesEscapesAndLeavesCommentsOut) {
  EXPECT_EQ(shown("# if then (\n\"a\\\"\\n\\x41\\\\\" # end\n;b"), "'a\"\nA\\'\n'b'\n");
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("# nothing"), "");
}

TEST(Edify, EveryNodeHasItsPlace) {
  const std::string text = "ui_print(\"x\"); (a + \"b\");";
  const auto script = edify::parse(Bytes::of(text));
  ASSERT_EQ(script.statements.size(), 2u);
  const auto written = [&](std::uint32_t at) { return text.substr(script.nodes[at].range.at, script.nodes[at].range.length); };
  EXPECT_EQ(written(script.statements[0]), "ui_print(\"x\")");
  EXPECT_EQ(written(script.nodes[script.statements[0]].parts[0]), "\"x\"");
  EXPECT_EQ(written(script.statements[1]), "(a + \"b\")");
  EXPECT_EQ(edify::constant(script, script.statements[1]), "ab");
  EXPECT_EQ(edify::constant(script, script.statements[0]), std::nullopt);
}

TEST(Edify, KeepsWhatStandsBeforeAnError) {
  EXPECT_EQ(shown("a(); b("), "a()\ntruncated at 7\n");
  EXPECT_EQ(shown("a(); *"), "a()\nbad_value at 5\n");
  EXPECT_EQ(shown("a() b()"), "a()\nbad_value at 4\n");
  EXPECT_EQ(shown("\"open"), "truncated at 0\n");
  EXPECT_EQ(shown("\"\\q\""), "'\\q'\n");
  EXPECT_EQ(shown("\"\\x4"), "truncated at 0\n");
  EXPECT_EQ(shown("if a then b"), "truncated at 11\n");
  EXPECT_EQ(shown(";"), "bad_value at 0\n");
  EXPECT_EQ(shown("f(a,,b)"), "bad_value at 4\n");
  EXPECT_EQ(shown("endif"), "bad_value at 0\n");
  EXPECT_EQ(shown("a |"), "bad_value at 2\n");
}

TEST(Edify, DepthHasABudgetAndLengthHasNot) {
  for (const std::string open : {"(", "f(", "!", "if "}) {
    std::string deep;
    for (int i = 0; i < 100000; ++i) deep += open;
    EXPECT_TRUE(shown(deep).starts_with("over_budget")) << open;
  }
  std::string compared = "a", joined = "a", many;
  for (int i = 0; i < 20000; ++i) {
    compared += "==a";
    joined += "+a&&b||c";
    many += "f(a);";
  }
  EXPECT_TRUE(shown(compared).starts_with("over_budget"));
  EXPECT_EQ(shown(joined).find("over_budget"), std::string::npos);
  EXPECT_EQ(edify::parse(Bytes::of(many)).statements.size(), 20000u);
}

TEST(Edify, EveryPrefixIsSafe) {
  const std::string text = "assert(a == \"b\\x41\" || abort(\"no\")); if !f(x, y + z) then g(); else h(i != j); endif; # end\n";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    const std::vector<std::uint8_t> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(n));
    const auto script = edify::parse(Bytes(exact));
    for (const auto& node : script.nodes) EXPECT_TRUE(node.range.at <= n && node.range.length <= n - node.range.at);
  }
}

}  // namespace
}  // namespace klik
