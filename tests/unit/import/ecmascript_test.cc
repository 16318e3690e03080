#include "services/import/ecmascript.h"

#include <gtest/gtest.h>

namespace duban::import {
namespace {

const Names kNames{{{"x", "x"}, {"y", "y"}, {"event", "v_event"}}, {"s1"}};

std::string Value(std::string_view source) {
  const auto cel = TranslateValue(source, kNames);
  return cel ? *cel : "refused: " + cel.error().construct;
}

std::string Condition(std::string_view source) {
  const auto cel = TranslateCondition(source, kNames);
  return cel ? *cel : "refused: " + cel.error().construct;
}

TEST(Value, WhatMeansTheSame) {
  EXPECT_EQ(Value("x + 1"), "x + 1");
  EXPECT_EQ(Value("(x + 1) * -y"), "(x + 1) * -y");
  EXPECT_EQ(Value("x - (y - 1)"), "x - (y - 1)");
  EXPECT_EQ(Value("x / 2"), "double(x) / double(2)");
  EXPECT_EQ(Value("'it\\'s ' + x"), "'it\\'s ' + string(x)");
  EXPECT_EQ(Value("\"\\u4e2d\""), "'中'");
  EXPECT_EQ(Value("[1, 'a', x]"), "[1, 'a', x]");
  EXPECT_EQ(Value("{a: 1, 'b': x}"), "{'a': 1, 'b': x}");
  EXPECT_EQ(Value("x.items[0].name"), "x.items[0].name");
  EXPECT_EQ(Value("x.length"), "size(x)");
  EXPECT_EQ(Value("x === 1 ? 'a' : 'b'"), "x == 1 ? 'a' : 'b'");
  EXPECT_EQ(Value("_event.data.k"), "event.data.k");
  EXPECT_EQ(Value("event"), "v_event");
  EXPECT_EQ(Value("undefined"), "null");
  EXPECT_EQ(Value("z"), "dyn({})['z']");
}

TEST(Condition, TruthIsSpeltOut) {
  EXPECT_EQ(Condition("x == 1"), "x == 1");
  EXPECT_EQ(Condition("x === 1 && y !== 2"), "x == 1 && y != 2");
  EXPECT_EQ(Condition("(x < 1 || y >= 2) && true"), "(x < 1 || y >= 2) && true");
  EXPECT_EQ(Condition("x == (y < 2)"), "x == (y < 2)");
  EXPECT_EQ(Condition("x"), "x != null && x != false && x != 0 && x != ''");
  EXPECT_EQ(Condition("!x"), "!(x != null && x != false && x != 0 && x != '')");
  EXPECT_EQ(Condition("_event"), "event != null");
  EXPECT_EQ(Condition("x % 2"), "x % 2 != 0");
  EXPECT_EQ(Condition("typeof x !== 'undefined'"), "x != null");
  EXPECT_EQ(Condition("typeof z === 'undefined'"), "true");
  EXPECT_EQ(Condition("In('s1')"), "In('s1')");
  EXPECT_EQ(Condition("In('nowhere')"), "false");
}

TEST(Refusals, AreNamed) {
  EXPECT_EQ(Condition("++x == 2"), "refused: `++` (a side effect in an expression)");
  EXPECT_EQ(Condition("x-- == 2"), "refused: `--` (a side effect in an expression)");
  EXPECT_EQ(Condition("x = 2"), "refused: `=` (an assignment in an expression)");
  EXPECT_EQ(Value("x += 2"), "refused: `+=` (an assignment in an expression)");
  EXPECT_EQ(Value("Math.max(x, y)"), "refused: a call of `max`");
  EXPECT_EQ(Value("f(x)"), "refused: a call of `f`");
  EXPECT_EQ(Value("new Date"), "refused: `new` (an object made in an expression)");
  EXPECT_EQ(Value("x, y"), "refused: `,` (several expressions in one)");
  EXPECT_EQ(Value("x || 5"), "refused: the value of `||` or `&&` (it is a condition only)");
  EXPECT_EQ(Value("_event.sendid"), "refused: `_event.sendid`");
  EXPECT_EQ(Value("_sessionid"), "refused: the system variable `_sessionid`");
  EXPECT_EQ(Value("`a`"), "refused: a template literal");
  EXPECT_EQ(Value("typeof x"), "refused: `typeof`");
  EXPECT_EQ(Value("'open"), "refused: a string without end");
  EXPECT_EQ(Value("(x"), "refused: an expression that stops too early");
  EXPECT_EQ(Value("0x10"), "refused: the number `0x`");
  EXPECT_EQ(Value(std::string(200, '(')), "refused: an expression nested too deeply");
  EXPECT_EQ(Value(std::string(6000, '!')), "refused: an expression of more than 2000 words");
}

TEST(Literal, StandsInYaml) {
  EXPECT_EQ(LiteralAsYaml("[1, -2.5, 'a\"b', {k: true}]"), "[1, -2.5, \"a\\\"b\", {\"k\": true}]");
  EXPECT_EQ(LiteralAsYaml("1 + 1"), std::nullopt);
  EXPECT_EQ(LiteralAsYaml("x"), std::nullopt);
}

}  // namespace
}  // namespace duban::import
