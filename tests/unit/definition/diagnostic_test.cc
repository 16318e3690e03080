#include "core/definition/diagnostic.h"

#include <gtest/gtest.h>

namespace duban::definition {
namespace {

Diagnostic Example() {
  Diagnostic d;
  d.code = "unknown-state";
  d.place = {"a.yaml", 12, 7, 6};
  d.source = "  to: decding";
  d.message = {"没有状态 `decding`", "there is no state `decding`"};
  d.hint = {"是不是想写 `deciding`？", "did you mean `deciding`?"};
  return d;
}

TEST(Diagnostic, AsText) {
  EXPECT_EQ(ToString(Example(), "en"),
            "a.yaml:12:7: error: there is no state `decding` [unknown-state]\n"
            "   12 |   to: decding\n"
            "      |       ^~~~~~\n"
            "      = did you mean `deciding`?\n");
  EXPECT_EQ(ToString(Example(), "zh"),
            "a.yaml:12:7: 错误: 没有状态 `decding` [unknown-state]\n"
            "   12 |   to: decding\n"
            "      |       ^~~~~~\n"
            "      = 是不是想写 `deciding`？\n");
}

TEST(Diagnostic, WideCharactersAreUnderlinedAtTheirWidth) {
  Diagnostic d = Example();
  d.severity = Severity::kWarning;
  d.hint = {};
  d.source = "\t标题: 整改期限 x";
  d.place = {"a.yaml", 1, 6, 4};
  EXPECT_EQ(ToString(d, "en"),
            "a.yaml:1:6: warning: there is no state `decding` [unknown-state]\n"
            "    1 | \t标题: 整改期限 x\n"
            "      | \t      ^~~~~~~~\n");
}

TEST(Diagnostic, PlacesBeyondTheLine) {
  Diagnostic d = Example();
  d.hint = {};
  d.place.column = 100;
  d.place.length = 100;
  EXPECT_NE(ToString(d, "en").find("^\n"), std::string::npos);
  d.place.line = 0;
  EXPECT_EQ(ToString(d, "en"), "a.yaml: error: there is no state `decding` [unknown-state]\n");
}

TEST(Diagnostic, HasErrors) {
  Diagnostic d = Example();
  EXPECT_FALSE(HasErrors({}));
  EXPECT_TRUE(HasErrors({d}));
  d.severity = Severity::kWarning;
  EXPECT_FALSE(HasErrors({d}));
}

TEST(Nearest, ByEditDistance) {
  EXPECT_EQ(Nearest("decding", {"closed", "deciding", "decided"}), "deciding");
  EXPECT_EQ(Nearest("teh", {"the", "ten"}), "the") << "a swap counts once";
  EXPECT_EQ(Nearest("x", {"y"}), "") << "nothing of it is left";
  EXPECT_EQ(Nearest("approved", {"rejected"}), "");
  EXPECT_EQ(Nearest("", {"a"}), "");
  EXPECT_EQ(Nearest("same", {"same"}), "") << "not what was written";
  EXPECT_EQ(Nearest("ab", {"abc", "abd"}), "abc") << "the first of equals";
  EXPECT_EQ(Nearest(std::string(100'000, 'a'), {std::string_view("b")}), "");
}

}  // namespace
}  // namespace duban::definition
