// What expressions come to: operators, macros, functions and conversions.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

struct Example {
  const char* source;
  const char* value;
};

void Expect(const World& world, std::initializer_list<Example> examples) {
  for (const Example& e : examples) EXPECT_EQ(world.Eval(e.source), e.value) << e.source;
}

TEST(Language, PrecedenceAndAssociativity) {
  Expect({}, {{"1 + 2 * 3", "7"},
              {"(1 + 2) * 3", "9"},
              {"10 - 4 - 3", "3"},
              {"2 * 7 % 4", "2"},
              {"1 + 1 == 2 && 3 > 2", "true"},
              {"true || false && false", "true"},
              {"!true || true", "true"},
              {"true ? 1 : false ? 2 : 3", "1"},
              {"1 < 2 == true", "true"},
              {"1 in [1] == true", "true"},
              {"- 5", "-5"},
              {"--5", "5"},
              {"!!true", "true"},
              {"-2.5.map", "1:6+3: double has no field `map`"}});
}

TEST(Language, CommentsAndSpace) {
  Expect({}, {{"1 // one\n + 1", "2"},
              {"\t1\r\n+\f1", "2"},
              {"[1, 2,]", "[1,2]"},
              {"{'a': 1,}", "{\"a\":1}"}});
}

TEST(Language, Literals) {
  Expect({}, {{"0xFF", "255"},
              {"-0x10", "-16"},
              {"0x10u", "16"},
              {"1e3", "1000"},
              {".5", "0.5"},
              {"-9223372036854775808", "-9223372036854775808"},
              {"18446744073709551615u", "18446744073709551615"},
              {"'督办'", "\"督办\""},
              {"r'\\d'", "\"\\\\d\""},
              {"'\\u7763\\U0000529e'", "\"督办\""},
              {"'''a'b'''", "\"a'b\""},
              {"b'\\xff\\377' == b'\\377\\xff'", "true"},
              {"size(b'督')", "3"},
              {"null", "null"}});
}

TEST(Language, EqualityAcrossNumbers) {
  Expect({}, {{"dyn(1) == 1.0", "true"},
              {"dyn(1u) == 1", "true"},
              {"dyn(1) == '1'", "false"},
              {"0.0/0.0 == 0.0/0.0", "false"},
              {"{'a': dyn(1)} == {'a': 1.0}", "true"},
              {"[dyn(1), 2u] == [1.0, 2]", "true"},
              {"dyn(-1) < 0u", "true"},
              {"dyn(18446744073709551615u) > 1", "true"},
              {"dyn(3) in [1.0, 3.0]", "true"},
              {"{1: 'a'}[dyn(1.0)]", "\"a\""},
              {"{1u: 'a'}[dyn(1)]", "\"a\""},
              {"dyn(1.5) in {1: 2}", "false"},
              {"dyn(18446744073709551615.0) in {1u: 2}", "false"},
              {"duration('60s') == duration('1m')", "true"},
              {"type(1) == int", "true"},
              {"null == null", "true"}});
}

TEST(Language, ContainersAndTexts) {
  World world;
  world.With("m", model::Map{{"a", model::Map{{"b", 1}}}, {"content-type", "x"}});
  Expect(world, {{"m.a.b", "1"},
                 {"m['a']['b']", "1"},
                 {"m.`content-type`", "\"x\""},
                 {"has(m.a)", "true"},
                 {"has(m.z)", "false"},
                 {"has(m.a.z)", "false"},
                 {"'a' in m", "true"},
                 {"m.size()", "2"},
                 {"size('督办')", "2"},
                 {"'a' + 'b'", "\"ab\""},
                 {"[1] + [2, 3]", "[1,2,3]"},
                 {"[1, 2][1]", "2"},
                 {"[[1]][0][0]", "1"},
                 {"{'k': [1]}.k[0]", "1"},
                 {"'abc'.contains('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')", "true"},
                 {"'a1'.matches('^[a-z][0-9]$')", "true"},
                 {"matches('督办', '^..$')", "true"},
                 {"'x'.matches(dyn('y'))", "false"}});
}

TEST(Language, Macros) {
  World world;
  world.With("xs", model::List{1, 2, 3}).With("m", model::Map{{"a", 1}, {"b", 2}});
  Expect(world, {{"xs.all(x, x > 0)", "true"},
                 {"xs.exists(x, x == 2)", "true"},
                 {"xs.exists_one(x, x > 2)", "true"},
                 {"xs.filter(x, x != 2)", "[1,3]"},
                 {"xs.map(x, x * 2)", "[2,4,6]"},
                 {"xs.map(x, x > 1, x * 2)", "[4,6]"},
                 {"m.filter(k, m[k] == 2)", "[\"b\"]"},
                 {"m.all(k, v, v > 0 && k != 'z')", "true"},
                 {"xs.exists(i, x, i == 2 && x == 3)", "true"},
                 {"xs.existsOne(i, x, x > i)", "false"},
                 {"xs.transformList(i, x, i + x)", "[1,3,5]"},
                 {"m.transformMap(k, v, v > 1, v * 10)", "{\"b\":20}"},
                 {"xs.map(x, xs.filter(y, y > x))", "[[2,3],[3],[]]"},
                 {"xs.map(x, [x].map(x, x + 1)[0])", "[2,3,4]"},
                 {"[].all(x, false)", "true"}});
}

TEST(Language, Conversions) {
  Expect({}, {{"int('-7')", "-7"},
              {"int(2.9)", "2"},
              {"int(-2.9)", "-2"},
              {"uint('8')", "8"},
              {"double('1e3')", "1000"},
              {"string(1.5)", "\"1.5\""},
              {"string(true)", "\"true\""},
              {"string(b'\\xe7\\x9d\\xa3')", "\"督\""},
              {"string(duration('61.5s'))", "\"61.5s\""},
              {"string(timestamp('2022-05-16T09:00:00+08:00'))", "\"2022-05-16T01:00:00Z\""},
              {"int(timestamp('1970-01-01T00:01:00Z'))", "60"},
              {"timestamp(60)", "\"1970-01-01T00:01:00Z\""},
              {"bytes('a') == b'a'", "true"},
              {"bool('true')", "true"},
              {"type(1u)", "\"uint\""},
              {"type(timestamp(0)) == google.protobuf.Timestamp", "true"}});
}

TEST(Language, TestGivesABool) {
  World world;
  world.With("hazard", model::Map{{"level", "major"}, {"count", 4}});
  EXPECT_EQ(world.Test("hazard.level == \"major\" && hazard.count > 3"), "true");
  EXPECT_EQ(world.Test("hazard.count > 4"), "false");
  EXPECT_EQ(world.Test("hazard.level"), "error: a bool is wanted here, not string");
}

TEST(Language, AProgramIsSharedAndEmptyOnesSaySo) {
  const Program empty;
  EXPECT_TRUE(empty.empty());
  EXPECT_FALSE(empty.Evaluate(World()).has_value());
  EXPECT_FALSE(empty.Test(World()).has_value());
  EXPECT_EQ(empty.source(), "");
  const auto program = Compile("1 + 1", Environment());
  ASSERT_TRUE(program);
  const Program copy = *program;
  EXPECT_EQ(copy.source(), "1 + 1");
  EXPECT_EQ(*copy.Evaluate(World()), model::Value(2));
}

}  // namespace
}  // namespace duban::expression
