// How names find what they mean, and what a program says about the names in it.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

TEST(Names, TheLongestVariableWins) {
  World world;
  world.With("a.b", model::Map{{"c", "field"}}).With("a.b.c", "variable");
  EXPECT_EQ(world.Eval("a.b.c"), "\"variable\"");
  EXPECT_EQ(world.Eval("a.b['c']"), "\"field\"");
  EXPECT_EQ(world.Eval("a.x"), "1:1+1: `a` is not declared");
}

TEST(Names, Containers) {
  World world;
  world.environment.container = "com.example";
  world.With("com.example.x", "inner")
      .With("com.x", "middle")
      .With("x", "outer")
      .With("com.y", "y");
  EXPECT_EQ(world.Eval("x"), "\"inner\"");
  EXPECT_EQ(world.Eval(".x"), "\"outer\"");
  EXPECT_EQ(world.Eval("y"), "\"y\"");
  EXPECT_EQ(world.Eval("com.x"), "\"middle\"");
}

TEST(Names, MacroVariablesShadow) {
  World world;
  world.With("x", 100).With("x.y", 200);
  EXPECT_EQ(world.Eval("[1].map(x, x)"), "[1]");
  EXPECT_EQ(world.Eval("[1].map(x, .x)"), "[100]");
  EXPECT_EQ(world.Eval("[{'y': 1}].map(x, x.y)"), "[1]");
  EXPECT_EQ(world.Eval("[1].map(z, x.y)"), "[200]");
}

TEST(Names, VariablesMayHideTypes) {
  World world;
  world.With("type", "hazard").With("list", model::List{1});
  EXPECT_EQ(world.Eval("type == 'hazard' && type(list) == type([])"), "true");
  EXPECT_EQ(world.Eval("list[0]"), "1");
}

TEST(Names, HostFunctionsMayBeQualifiedAndOverloaded) {
  class Host : public World {
   public:
    std::expected<model::Value, std::string> Call(int id,
                                                  std::span<const model::Value>) const override {
      return std::int64_t{id};
    }
  };
  Host host;
  host.environment.container = "org";
  host.environment.functions = {{"org.head", {}, Kind::kInt, 1},
                                {"f", {Kind::kInt}, Kind::kInt, 2},
                                {"f", {Kind::kString}, Kind::kInt, 3},
                                {"size", {Kind::kInt}, Kind::kInt, 4}};
  EXPECT_EQ(host.Eval("head()"), "1");
  EXPECT_EQ(host.Eval("org.head()"), "1");
  EXPECT_EQ(host.Eval("f(1)"), "2");
  EXPECT_EQ(host.Eval("f('a')"), "3");
  EXPECT_EQ(host.Eval("size(1) + size('abcde')"), "9");
}

TEST(Names, SlotsAndLiterals) {
  World world;
  world.Declare("a").Declare("b").Declare("c");
  const auto program = Compile("c == 'x' || [a, c].exists(y, y == 'z') || In == b'q'",
                               world.Declare("In").environment);
  ASSERT_TRUE(program);
  EXPECT_EQ(program->slots(), (std::vector<int>{0, 2, 3}));
  EXPECT_EQ(program->string_literals(), (std::vector<std::string>{"x", "z"}));
}

}  // namespace
}  // namespace duban::expression
