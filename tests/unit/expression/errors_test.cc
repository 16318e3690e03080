// Errors of the evaluation: which there are, where they point, and when they do not matter.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

TEST(Errors, ShortCircuitAbsorbs) {
  World world;
  world.With("m", model::Map{{"a", 1}});
  EXPECT_EQ(world.Eval("m.z == 1 || true"), "true");
  EXPECT_EQ(world.Eval("true || m.z == 1"), "true");
  EXPECT_EQ(world.Eval("m.z == 1 && false"), "false");
  EXPECT_EQ(world.Eval("m.z == 1 && true"), "error: no such key: z (test it with has() first)");
  EXPECT_EQ(world.Eval("false || m.z == 1 || m.y == 1"),
            "error: no such key: z (test it with has() first)");
  EXPECT_EQ(world.Eval("true ? 1 : m.z"), "1");
  EXPECT_EQ(world.Eval("[1, 0].exists(x, 1 / x == 1)"), "true");
  EXPECT_EQ(world.Eval("[0, 1].exists(x, 1 / x == 1)"), "true");
  EXPECT_EQ(world.Eval("[0, 1].all(x, 1 / x == 2)"), "false");
  EXPECT_EQ(world.Eval("[0, 1].all(x, 1 / x == 1)"), "error: division by zero");
  EXPECT_EQ(world.Eval("[0, 1].exists_one(x, 1 / x == 1)"), "error: division by zero");
  EXPECT_EQ(world.Eval("[0].map(x, 1 / x)"), "error: division by zero");
  EXPECT_EQ(world.Eval("dyn('x') || true"), "true");
  EXPECT_EQ(world.Eval("dyn('x') || false"), "error: a bool is wanted here, not string");
}

TEST(Errors, Arithmetic) {
  const World world;
  EXPECT_EQ(world.Eval("9223372036854775807 + 1"),
            "error: overflow: the result does not fit into int");
  EXPECT_EQ(world.Eval("-(-9223372036854775807 - 1)"),
            "error: overflow: the result does not fit into int");
  EXPECT_EQ(world.Eval("0u - 1u"), "error: overflow: the result does not fit into uint");
  EXPECT_EQ(world.Eval("1 % 0"), "error: modulus by zero");
  EXPECT_EQ(world.Eval("dyn(1) + 1u"), "error: no such overload: int + uint");
  EXPECT_EQ(world.Eval("dyn(1.0) % dyn(2.0)"), "error: no such overload: double % double");
  EXPECT_EQ(world.Eval("int(1e20)"), "error: out of range: 1e+20 → int");
  EXPECT_EQ(world.Eval("uint(-1)"), "error: out of range: -1 → uint");
  EXPECT_EQ(world.Eval("int('1x')"), "error: cannot convert: \"1x\" → int");
  EXPECT_EQ(world.Eval("string(b'\\xff')"), "error: these bytes are not UTF-8 text");
}

TEST(Errors, Containers) {
  const World world;
  EXPECT_EQ(world.Eval("[1][1]"), "error: index out of range: 1 / 1");
  EXPECT_EQ(world.Eval("[1][-1]"), "error: index out of range: -1 / 1");
  EXPECT_EQ(world.Eval("[1][dyn('a')]"), "error: a list is indexed by an int, not by \"a\"");
  EXPECT_EQ(world.Eval("[1][dyn(0.5)]"), "error: a list is indexed by an int, not by 0.5");
  EXPECT_EQ(world.Eval("{'a': 1}['b']"), "error: no such key: \"b\" (test it with has() first)");
  EXPECT_EQ(world.Eval("{1: 1, 1: 2}"), "error: repeated key in a map: 1");
  EXPECT_EQ(world.Eval("{1: 1, 1u: 2}"), "error: repeated key in a map: 1");
  EXPECT_EQ(world.Eval("{dyn(1.5): 1}"), "error: 1.5 cannot be the key of a map");
  EXPECT_EQ(world.Eval("dyn(1).a"), "error: no such overload: int.a");
  EXPECT_EQ(world.Eval("has(dyn(1).a)"), "error: no such overload: has(int.a)");
  EXPECT_EQ(world.Eval("dyn(1).all(x, true)"), "error: no such overload: int[…]");
}

TEST(Errors, PointAtTheirPlace) {
  World world;
  world.With("m", model::Map{{"a", 1}}).Declare("later");
  const auto place = [&](std::string_view source) {
    const auto program = Compile(source, world.environment);
    return World::Show(program->Evaluate(world).error());
  };
  EXPECT_EQ(place("1 +\n  m.bb"), "2:5+2: no such key: bb (test it with has() first)");
  EXPECT_EQ(place("'督办' == m.bb"), "1:11+2: no such key: bb (test it with has() first)");
  EXPECT_EQ(place("1 + later"), "1:5+5: no such variable: later has no value now");
  EXPECT_EQ(place("m.a / 0"), "1:5+1: division by zero");
}

TEST(Errors, OfTheHost) {
  class Host : public World {
   public:
    std::expected<model::Value, std::string> Call(
        int id, std::span<const model::Value> arguments) const override {
      if (id == 7) return *arguments[0].If<std::int64_t>() * 2;
      return std::unexpected("the directory has no such person");
    }
  };
  Host host;
  host.environment.functions = {{"twice", {Kind::kInt}, Kind::kInt, 7},
                                {"org.name_of", {Kind::kString}, Kind::kString, 8}};
  host.With("n", 21, Kind::kInt);
  EXPECT_EQ(host.Eval("twice(n)"), "42");
  EXPECT_EQ(host.Eval("org.name_of('p')"), "error: the directory has no such person");
  EXPECT_EQ(host.Eval("org.name_of('p') == '' || true"), "true");
  EXPECT_EQ(host.Eval("twice('x')"),
            "1:1+5: twice() does not take (string) (it is called as twice(int))");
  World silent;
  silent.environment.functions = host.environment.functions;
  EXPECT_EQ(silent.Eval("twice(1)"), "error: this function cannot be called here");
}

TEST(Errors, WithoutTypesUndeclaredNamesFailOnlyWhenMet) {
  const World world;
  EXPECT_EQ(world.Eval("nobody || true", Check::kSyntaxOnly), "true");
  EXPECT_EQ(world.Eval("nobody", Check::kSyntaxOnly), "error: undeclared reference: nobody");
  EXPECT_EQ(world.Eval("f(1)", Check::kSyntaxOnly), "error: undeclared reference: f");
  EXPECT_EQ(world.Eval("1 + 'a'", Check::kSyntaxOnly), "error: no such overload: int + string");
}

}  // namespace
}  // namespace duban::expression
