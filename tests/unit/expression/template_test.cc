// Texts with expressions in them.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

World Sample() {
  World world;
  world.environment.time_zone = "Asia/Shanghai";
  world.With("name", "张三", Kind::kString)
      .With("count", 3, Kind::kInt)
      .With("due", *model::ParseRfc3339("2022-05-16T01:00:00Z"), Kind::kTimestamp)
      .With("names", model::List{"甲", "乙", "丙"}, Type::List(Kind::kString))
      .With("m", model::Map{{"a", 1}});
  return world;
}

std::string Render(const World& world, std::string_view source) {
  const auto compiled = CompileTemplate(source, world.environment);
  if (!compiled) return World::Show(compiled.error().front());
  const auto text = compiled->Render(world);
  return text ? *text : "error " + World::Show(text.error());
}

TEST(Templates, Values) {
  const World world = Sample();
  EXPECT_EQ(Render(world, "{{ name }}：{{count}} 处隐患"), "张三：3 处隐患");
  EXPECT_EQ(Render(world, "限期 {{ due }}"), "限期 2022-05-16 09:00");
  EXPECT_EQ(Render(world, "{{ names }}"), "甲、乙、丙");
  EXPECT_EQ(Render(world, "[{{ null }}]"), "[]");
  EXPECT_EQ(Render(world, "{{ 1.5 }} {{ 2u }} {{ true }} {{ duration('5400s') }}"),
            "1.5 2 true 1h30m");
  EXPECT_EQ(Render(world, "{{ count > 2 ? '多' : '少' }}"), "多");
  EXPECT_EQ(Render(world, "{{ duration('0') }} {{ duration('-90.5s') }} {{ duration('26h') }}"),
            "0s -1m30.5s 26h");
}

TEST(Templates, Braces) {
  const World world = Sample();
  EXPECT_EQ(Render(world, "no expression"), "no expression");
  EXPECT_EQ(Render(world, ""), "");
  EXPECT_EQ(Render(world, "{{{{ literal }} { single }"), "{{ literal }} { single }");
  EXPECT_EQ(Render(world, "{{ {'a': {'b': 1}}.a.b }}"), "1");
  EXPECT_EQ(Render(world, "{{ {'a': {'b': '}}'}}}}"), "{\"a\":{\"b\":\"}}\"}}");
  EXPECT_EQ(Render(world, "{{'}}'}}"), "}}");
  EXPECT_EQ(Render(world, "{{name}}{{name}}"), "张三张三");
}

TEST(Templates, ProblemsStandWhereTheTextHasThem) {
  const World world = Sample();
  EXPECT_EQ(Render(world, "督办：{{ nmae }}"),
            "1:7+4: `nmae` is not declared (did you mean `name`?)");
  EXPECT_EQ(
      Render(world, "一\n二 {{ name +\n 1 }}"),
      "2:11+1: `+` does not take string and int (turn the other side into text with string(…))");
  EXPECT_EQ(Render(world, "a {{ name"),
            "1:3+2: this `{{` has no matching `}}` (write `{{{{` for a literal `{{`)");
  EXPECT_EQ(Render(world, "{{ }}"), "1:3+1: the expression is empty");
  EXPECT_EQ(Render(world, "x {{ m.zz }}"),
            "error 1:8+2: no such key: zz (test it with has() first)");
  EXPECT_TRUE(Render(world, "{{ “a” }} }}").starts_with("1:4+1: the character `“`"));
  const auto several = CompileTemplate("{{ a1 }} {{ b1 }}", world.environment);
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().size(), 2u);
}

TEST(Templates, ShowTurnsValuesIntoWords) {
  const World world = Sample();
  const auto compiled = CompileTemplate("{{ name }} {{ count }}", world.environment);
  ASSERT_TRUE(compiled);
  const std::string greeting = "您好，";
  const auto text = compiled->Render(
      world,
      [](const void* context, const Program& program, const model::Value& value) {
        if (program.slots() != std::vector<int>{0}) return std::string();
        return *static_cast<const std::string*>(context) + *value.If<std::string>();
      },
      &greeting);
  EXPECT_EQ(*text, "您好，张三 3");
  EXPECT_EQ(compiled->source(), "{{ name }} {{ count }}");
  EXPECT_EQ(compiled->programs().size(), 2u);
}

}  // namespace
}  // namespace duban::expression
