// Problems found when an expression is compiled: place, words, hints.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

World Case() {
  World world;
  world.Declare(
      "hazard",
      Type::Object({{"level", Kind::kString}, {"count", Kind::kInt}, {"found", Kind::kTimestamp}}));
  world.Declare("score", Kind::kDouble).Declare("names", Type::List(Kind::kString));
  return world;
}

TEST(Problems, Syntax) {
  const World world;
  EXPECT_EQ(world.Eval(""), "1:1+1: the expression is empty");
  EXPECT_EQ(world.Eval("1 +"), "1:4+1: the expression ends too early");
  EXPECT_EQ(world.Eval("(1"), "1:3+1: `)` is missing here");
  EXPECT_EQ(world.Eval("1 2"), "1:3+1: `2` is not expected here");
  EXPECT_EQ(world.Eval("f(1,)"), "1:5+1: `)` is not expected here");
  EXPECT_EQ(world.Eval("true ? 1"), "1:9+1: `:` is missing here");
  EXPECT_EQ(world.Eval("1 = 2"),
            "1:3+1: the character `=` has no meaning here (did you mean `==`?)");
  EXPECT_EQ(world.Eval("true and false"), "1:6+3: `and` is not expected here (did you mean `&&`?)");
  EXPECT_EQ(world.Eval("not true"), "1:1+3: `not` is not expected here (did you mean `!`?)");
  EXPECT_EQ(world.Eval("1 ＞ 2"),
            "1:3+1: the character `＞` has no meaning here (did you mean `>`?)");
  EXPECT_EQ(world.Eval("'督' == “重大”"),
            "1:8+1: the character `“` has no meaning here (did you mean `\"`?)");
  EXPECT_EQ(world.Eval("while"), "1:1+5: `while` is reserved and cannot be a name");
  EXPECT_EQ(world.Eval("a.in"), "1:3+2: a field's name is missing after the dot");
  EXPECT_EQ(world.Eval("99999999999999999999"), "1:1+20: this number does not fit into 64 bits");
  EXPECT_EQ(world.Eval("\"a\\\xff\""), "1:4+1: this is not UTF-8 text (save the file as UTF-8)");
}

TEST(Problems, Strings) {
  const World world;
  EXPECT_TRUE(world.Eval("'abc").starts_with("1:1+1: this string does not end"));
  EXPECT_TRUE(world.Eval("1 +\n 'a\nb'").starts_with("2:2+1: this string does not end"));
  EXPECT_TRUE(world.Eval("'a\\").starts_with("1:1+1: this string does not end"));
  EXPECT_TRUE(world.Eval("'督\\s'").starts_with("1:3+2: this escape sequence is not known"));
  EXPECT_TRUE(world.Eval("'\\ud83d'").starts_with("1:2+6: this escape sequence is not known"));
  EXPECT_TRUE(world.Eval("b'\\U00000041'").starts_with("1:3+2: this escape sequence is not known"));
  EXPECT_TRUE(world.Eval("`a").starts_with("1:1+2: this quoted name is not complete"));
  EXPECT_TRUE(world.Eval("1a").starts_with("1:1+2: this is not a number"));
}

TEST(Problems, NamesAndFields) {
  const World world = Case();
  EXPECT_EQ(world.Eval("hazrad.level == 'major'"),
            "1:1+6: `hazrad` is not declared (did you mean `hazard`?)");
  EXPECT_EQ(world.Eval("hazard.levle == 'major'"),
            "1:8+5: there is no field `levle` (did you mean `level`?)");
  EXPECT_EQ(world.Eval("has(hazard.levle)"),
            "1:12+5: there is no field `levle` (did you mean `level`?)");
  EXPECT_EQ(world.Eval("hazard.zzz"),
            "1:8+3: there is no field `zzz` (the fields are: level, count, found)");
  EXPECT_EQ(world.Eval("score.x"), "1:7+1: double has no field `x`");
  EXPECT_EQ(world.Eval("True"), "1:1+4: `True` is not declared (did you mean `true`?)");
}

TEST(Problems, Functions) {
  const World world = Case();
  EXPECT_EQ(world.Eval("names.exist(n, n == 'a')"),
            "1:7+5: there is no function exist() (did you mean `exists`?)");
  EXPECT_EQ(world.Eval("hazard.level.startswith('a')"),
            "1:14+10: there is no function startswith() (did you mean `startsWith`?)");
  EXPECT_EQ(world.Eval("contains('ab', 'a')"),
            "1:1+8: there is no function contains() (did you mean `x.contains()`?)");
  EXPECT_EQ(world.Eval("size(score)"),
            "1:1+4: size() does not take (double) (it is called as size(string), size(bytes), "
            "size(list(dyn)), "
            "size(map(dyn, dyn)))");
  EXPECT_EQ(world.Eval("has(hazard)"),
            "1:1+3: has() takes the selection of a field (for example has(case.level))");
  EXPECT_EQ(world.Eval("names.all(1, true)"),
            "1:11+1: this argument of all() is the name of a new variable (for example list.all(x, "
            "x > 0))");
}

TEST(Problems, Types) {
  const World world = Case();
  EXPECT_EQ(world.Eval("hazard.count == 'a'"), "1:14+2: `==` does not take int and string");
  EXPECT_EQ(world.Eval("hazard.count > 1.5"),
            "1:14+1: `>` does not take int and double (both sides must be of one type: convert "
            "with double(…))");
  EXPECT_EQ(
      world.Eval("'n = ' + hazard.count"),
      "1:8+1: `+` does not take string and int (turn the other side into text with string(…))");
  EXPECT_EQ(world.Eval("hazard.count && true"), "1:8+5: `&&` takes a bool, this is int");
  EXPECT_EQ(world.Eval("true ? 1 : 'a'"),
            "1:6+1: the two results of `?:` are of different types: int and string");
  EXPECT_EQ(world.Eval("score.all(x, true)"),
            "1:7+3: only lists and maps have items, this is double");
  EXPECT_EQ(
      world.Eval("{1.5: 1}"),
      "1:2+3: double cannot be the key of a map (a key is a string, an int, a uint or a bool)");
  EXPECT_EQ(world.Eval("names['a']"), "1:6+1: list(string) cannot be indexed by string");
  EXPECT_EQ(world.Eval("-hazard.level"), "1:1+1: `-` does not take string");
}

TEST(Problems, AreReportedTogether) {
  const World world = Case();
  const auto program =
      Compile("hazrad.level == 'a' &&\n  hazard.cuont > 1 && score == 'x'", world.environment);
  ASSERT_FALSE(program);
  ASSERT_EQ(program.error().size(), 3u);
  EXPECT_EQ(program.error()[1].line, 2);
  EXPECT_EQ(program.error()[1].column, 10);
  EXPECT_EQ(program.error()[1].hint.zh, "是不是想写 `count`？");
  EXPECT_EQ(program.error()[0].message.zh, "未声明的名称“hazrad”");
}

TEST(Problems, ExpectedType) {
  const World world = Case();
  const auto program = Compile("hazard.count", world.environment, Kind::kBool);
  ASSERT_FALSE(program);
  EXPECT_EQ(World::Show(program.error().front()),
            "1:8+5: bool is wanted here, but the expression is int");
  EXPECT_TRUE(Compile("dyn(1)", world.environment, Kind::kBool));
}

TEST(Problems, LiteralsThatNoEvaluationCouldUse) {
  World world = Case();
  EXPECT_EQ(world.Eval("duration('3 days')"), "1:10+8: cannot convert: \"3 days\" → duration");
  EXPECT_EQ(world.Eval("timestamp('2022-05-16')"),
            "1:11+12: cannot convert: \"2022-05-16\" → timestamp");
  EXPECT_EQ(world.Eval("hazard.level.matches('(')"),
            "1:22+3: this regular expression is wrong: missing ): (");
  EXPECT_EQ(world.Eval("hazard.found.getHours('Asia/Beijing')"),
            "1:23+14: unknown time zone: Asia/Beijing (for example Asia/Shanghai or +08:00)");
  world.environment.check_literals = false;
  EXPECT_EQ(world.Eval("duration('3 days')"), "error: cannot convert: \"3 days\" → duration");
  world.environment.time_zone = "Nowhere/At_All";
  EXPECT_TRUE(world.Eval("1").starts_with("1:1+1: unknown time zone: Nowhere/At_All"));
}

}  // namespace
}  // namespace duban::expression
