#include "core/model/utf8.h"

#include <gtest/gtest.h>

#include <random>

namespace duban::model {
namespace {

TEST(Utf8Test, TheLengthOfTheCharacterAtTheFront) {
  EXPECT_EQ(CharacterLength("a督"), 1u);
  EXPECT_EQ(CharacterLength("\xC2\x80"), 2u);
  EXPECT_EQ(CharacterLength("督办"), 3u);
  EXPECT_EQ(CharacterLength("😀"), 4u);
  EXPECT_EQ(CharacterLength("\xF4\x8F\xBF\xBF"), 4u);
  for (const std::string_view none :
       {"", "\x80", "\xC1\xBF", "\xC3", "\xE7\x9D", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xE7"
        "ab"}) {
    EXPECT_EQ(CharacterLength(none), 0u) << none;
  }
}

TEST(Utf8Test, ReadsCharactersAndTakesAByteThatIsInNoneForItself) {
  std::string_view text = "a督\xFF😀";
  std::u32string read;
  while (!text.empty()) read += TakeCharacter(text);
  EXPECT_EQ(read, U"a督\xFF\U0001F600");
  EXPECT_EQ(FindInvalidUtf8("a督😀"), std::string_view::npos);
  EXPECT_EQ(FindInvalidUtf8("a督\xFF"), 4u);
  EXPECT_EQ(CountCodePoints("a督😀"), 3u);
}

TEST(Utf8Test, CutsBetweenCharacters) {
  EXPECT_EQ(Prefix("督办", 6), "督办");
  EXPECT_EQ(Prefix("督办", 5), "督");
  EXPECT_EQ(Prefix("督办", 3), "督");
  EXPECT_EQ(Prefix("督办", 2), "");
  EXPECT_EQ(Prefix("a😀", 4), "a");
  EXPECT_EQ(Prefix("\x80\x80\x80\x80\x80\x80", 4).size(), 4u) << "not UTF-8: cut all the same";
  EXPECT_EQ(Clip("督办", 5), "督…");
  EXPECT_EQ(Clip("督办", 6), "督办");
}

TEST(Utf8Test, AnyBytesAreReadToTheirEnd) {
  std::mt19937 random(1);
  for (int n = 0; n < 2000; ++n) {
    std::string bytes(random() % 12, '\0');
    for (char& byte : bytes)
      byte = static_cast<char>(random() % 2 == 0 ? random() : random() | 0x80);
    std::string_view rest = bytes;
    while (!rest.empty()) TakeCharacter(rest);
    for (std::size_t size = 0; size <= bytes.size(); ++size)
      EXPECT_LE(Prefix(bytes, size).size(), size);
  }
}

TEST(Utf8Test, ColumnsOnATerminal) {
  EXPECT_EQ(ColumnsOf(U'a'), 1);
  EXPECT_EQ(ColumnsOf(U'督'), 2);
  EXPECT_EQ(ColumnsOf(U'，'), 2);
  EXPECT_EQ(ColumnsOf(U'\U0001F600'), 2);
  EXPECT_EQ(ColumnsOf(U'\u0301'), 0);
}

}  // namespace
}  // namespace duban::model
