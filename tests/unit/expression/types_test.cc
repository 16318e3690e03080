// What the checker finds, and what may stand where.
#include "tests/unit/expression/fixture.h"

namespace duban::expression {
namespace {

TEST(Types, Deduced) {
  World world;
  world.Declare("d")
      .Declare("xs", Type::List(Kind::kInt))
      .Declare("m", Type::Map(Kind::kString, Kind::kBool));
  world.Declare("o", Type::Object({{"at", Kind::kTimestamp}, {"n", Kind::kInt}}));
  const auto type = [&](const char* source) { return world.TypeOf(source); };
  EXPECT_EQ(type("1 + 1"), "int");
  EXPECT_EQ(type("d + 1"), "int");
  EXPECT_EQ(type("d + d"), "dyn");
  EXPECT_EQ(type("d + duration('1s')"), "dyn");
  EXPECT_EQ(type("o.at - o.at"), "duration");
  EXPECT_EQ(type("o.at + duration('1s')"), "timestamp");
  EXPECT_EQ(type("o['n']"), "int");
  EXPECT_EQ(type("m.a"), "bool");
  EXPECT_EQ(type("[1, 'a']"), "list(dyn)");
  EXPECT_EQ(type("[[1], []]"), "list(list(dyn))");
  EXPECT_EQ(type("{'a': 1}"), "map(string, int)");
  EXPECT_EQ(type("xs.map(x, string(x))"), "list(string)");
  EXPECT_EQ(type("xs.filter(x, x > 1)"), "list(int)");
  EXPECT_EQ(type("m.map(k, k)"), "list(string)");
  EXPECT_EQ(type("m.transformMap(k, v, !v)"), "map(string, bool)");
  EXPECT_EQ(type("xs.transformMap(i, x, x)"), "map(int, int)");
  EXPECT_EQ(type("d ? 1 : 2"), "int");
  EXPECT_EQ(type("d ? o.at : null"), "timestamp");
  EXPECT_EQ(type("o.n == null"), "bool");
  EXPECT_EQ(type("type(1)"), "type");
  EXPECT_EQ(type("dyn(1)"), "dyn");
  EXPECT_EQ(type("o"), "object");
}

TEST(Types, Assignable) {
  const Type ints = Type::List(Kind::kInt);
  const Type object = Type::Object({{"a", Kind::kInt}});
  EXPECT_TRUE(Assignable(Kind::kInt, Type()));
  EXPECT_TRUE(Assignable(Type(), Kind::kInt));
  EXPECT_TRUE(Assignable(Type::List(Type()), ints));
  EXPECT_TRUE(Assignable(Kind::kNull, Kind::kTimestamp));
  EXPECT_TRUE(Assignable(Kind::kNull, object));
  EXPECT_TRUE(Assignable(object, Type::Map(Kind::kString, Kind::kInt)));
  EXPECT_TRUE(Assignable(Type::Map(Kind::kString, Kind::kInt), object));
  EXPECT_TRUE(Assignable(Type::Object({{"a", Kind::kInt}, {"b", Kind::kBool}}), object));
  EXPECT_FALSE(Assignable(Kind::kNull, Kind::kString));
  EXPECT_FALSE(Assignable(Kind::kInt, Kind::kUint));
  EXPECT_FALSE(Assignable(Type::List(Kind::kString), ints));
  EXPECT_FALSE(Assignable(object, Type::Object({{"b", Kind::kInt}})));
  EXPECT_FALSE(Assignable(Type::Map(Kind::kInt, Kind::kInt), object));
  EXPECT_FALSE(Assignable(object, Type::Map(Kind::kString, Kind::kString)));
}

TEST(Types, AccessorsOfTheOtherKindsAreDyn) {
  EXPECT_EQ(Type(Kind::kInt).element().kind(), Kind::kDyn);
  EXPECT_EQ(Type(Kind::kInt).key().kind(), Kind::kDyn);
  EXPECT_TRUE(Type(Kind::kInt).fields().empty());
  EXPECT_EQ(Type(Kind::kInt).Find("a"), nullptr);
}

}  // namespace
}  // namespace duban::expression
