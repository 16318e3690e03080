// Every limit holds, and what lies just inside it works.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

std::string Repeat(std::string_view part, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += part;
  return out;
}

constexpr std::string_view kTooDeep =
    "the expression is nested too deeply (split it into several expressions)";
constexpr std::string_view kTooCostly =
    "error: the evaluation costs more than the limit allows; give it smaller lists or texts";

TEST(Limits, SourceLength) {
  const World world;
  EXPECT_EQ(world.Eval("1" + std::string(kMaxSourceBytes - 1, ' ')), "1");
  EXPECT_EQ(world.Eval("1" + std::string(kMaxSourceBytes, ' ')),
            "1:1+1: the expression is longer than 16 KiB (split it into several expressions)");
}

TEST(Limits, Nesting) {
  const World world;
  const int inside = kMaxNesting - 1;
  EXPECT_EQ(world.Eval(Repeat("(", inside) + "1" + Repeat(")", inside)), "1");
  for (const std::string& source :
       {Repeat("(", 5000) + "1" + Repeat(")", 5000), Repeat("[", 8000), Repeat("f(", 8000),
        Repeat("true?1:", 2000) + "1", Repeat("{1:", 5000), Repeat("a[", 5000),
        "[1]" + Repeat(".map(x,[1]", 1000)}) {
    EXPECT_TRUE(world.Eval(source).ends_with(kTooDeep)) << source.substr(0, 20);
  }
}

TEST(Limits, Height) {
  const World world;
  EXPECT_EQ(world.Eval("0" + Repeat("+1", kMaxHeight - 1)), std::to_string(kMaxHeight - 1));
  EXPECT_TRUE(world.Eval("0" + Repeat("+1", kMaxHeight)).ends_with(kTooDeep));
  EXPECT_TRUE(world.Eval(Repeat("!", 5000) + "true").ends_with(kTooDeep));
  EXPECT_TRUE(world.Eval("a" + Repeat(".b", 5000)).ends_with(kTooDeep));
  EXPECT_TRUE(world.Eval("1" + Repeat("<1", 5000)).ends_with(kTooDeep));
}

TEST(Limits, LongRowsOfAndAndOrAreFlat) {
  const World world;
  EXPECT_EQ(world.Eval("true" + Repeat("&&true", 2000)), "true");
  EXPECT_EQ(world.Eval("false" + Repeat("||false", 2000)), "false");
}

TEST(Limits, CostOfLoops) {
  World world;
  world.With("xs", model::List(1000, model::Value(1)));
  EXPECT_EQ(world.Eval("xs.all(x, xs.exists(y, y == x))"), "true");
  EXPECT_EQ(world.Eval("xs.all(x, xs.all(y, y == x))"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.all(x, xs.all(y, y == x)) || true"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.exists(x, xs.all(y, y == x) && false)"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.exists_one(x, xs == xs && x == 0)"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.exists(x, 2 in xs)"), kTooCostly);
}

TEST(Limits, CostOfWhatIsProduced) {
  World world;
  world.With("xs", model::List(200, model::Value(1))).With("big", std::string(1 << 20, 'x'));
  EXPECT_EQ(world.Eval("size(big + big) > 0"), kTooCostly);
  EXPECT_EQ(world.Eval("[big, big]"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.map(x, big)"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.map(x, xs + xs + xs + xs)"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.exists(x, big.contains('y'))"), kTooCostly);
  EXPECT_EQ(world.Eval("xs.exists(x, big == big + '')"), kTooCostly);
  world.With("p", "a");
  EXPECT_EQ(world.Test("xs.all(x, xs.all(y, p.matches(p)))"), kTooCostly);
}

TEST(Limits, ConstantsAreComputedWithinTheSameBudget) {
  const World world;
  const std::string item = "[" + Repeat("1,", 50) + "]";
  std::string sum = item;
  for (int i = 0; i < 150; ++i) sum += "+" + item;
  EXPECT_EQ(world.Eval("size(" + sum + ")"), kTooCostly);
}

TEST(Limits, Patterns) {
  World world;
  world.With("p", "((a{1000}){1000}){1000}")
      .With("q", "(a*)*b")
      .With("text", std::string(5000, 'a'));
  EXPECT_TRUE(world.Eval("'a'.matches(p)").starts_with("error: this regular expression is wrong"));
  EXPECT_EQ(world.Eval("text.matches(q)"), "false");
}

TEST(Limits, LongPatternsOnLongTexts) {
  World world;
  world.With("text", std::string(100'000, 'a'));
  EXPECT_EQ(world.Test("text.matches('^[ab]+$')"), "true");
  EXPECT_EQ(world.Test("text.matches('(a|b){900}c')"), kTooCostly);
}

TEST(Limits, TemplateLength) {
  const Environment environment;
  EXPECT_TRUE(CompileTemplate(std::string(kMaxTemplateBytes, 'x'), environment));
  EXPECT_FALSE(CompileTemplate(std::string(kMaxTemplateBytes + 1, 'x'), environment));
  const auto many = CompileTemplate(Repeat("{{ nobody }}", 100), environment);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error().size(), 20u);
}

TEST(Limits, ManyProblemsAreCut) {
  const auto program = Compile("[" + Repeat("nobody,", 100) + "]", Environment());
  ASSERT_FALSE(program);
  EXPECT_LE(program.error().size(), 20u);
}

}  // namespace
}  // namespace duban::expression
