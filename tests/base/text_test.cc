#include "base/text.h"

#include <gtest/gtest.h>

namespace klik {
namespace {

TEST(Escaped, NothingSteersATerminalOrTheReadersEye) {
  EXPECT_EQ(text::escaped("plain – naïve 手机"), "plain – naïve 手机");
  EXPECT_EQ(text::escaped("\x1b[31mred\n"), "\\x1b[31mred\\x0a");
  EXPECT_EQ(text::escaped("gpj.\u202Eexe"), "gpj.\\u{202e}exe");
  EXPECT_EQ(text::escaped("a\u200Bb\uFEFF"), "a\\u{200b}b\\u{feff}");
  EXPECT_EQ(text::escaped("\xff\xc0\xaf"), "\\xff\\xc0\\xaf");
  EXPECT_EQ(text::escaped("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a lone surrogate is no character";
  EXPECT_EQ(text::escaped("\\x41"), "\\\\x41") << "so that escapes cannot be forged";
  EXPECT_EQ(text::escaped("\u0085"), "\\u{85}");
}

TEST(Storable, KeepsGoodTextAndSpellsOutTheRest) {
  EXPECT_EQ(text::storable("ok\x1b\n"), "ok\x1b\n");
  EXPECT_EQ(text::storable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(text::storable("\xfe"), "\\xfe");
}

TEST(JsonString, CannotEndTheScriptElementItStandsIn) {
  EXPECT_EQ(text::json_string("</script><!--&"), "\"\\u003c/script\\u003e\\u003c!--\\u0026\"");
  EXPECT_EQ(text::json_string("q\"\\\n\x01\u2028"), "\"q\\\"\\\\\\n\\u0001\\u2028\"");
  EXPECT_EQ(text::json_string("\xff"), "\"\\ufffd\"");
}

TEST(Html, EscapesWhatAttributesAndTextNeed) { EXPECT_EQ(text::html("<a href='x' b=\"&\">"), "&lt;a href=&#39;x&#39; b=&quot;&amp;&quot;&gt;"); }

}  // namespace
}  // namespace klik
