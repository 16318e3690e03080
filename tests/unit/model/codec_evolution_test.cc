// Records grow at their end: an older program reads what a newer one wrote, and the other way
// round.
#include <gtest/gtest.h>

#include "core/model/codec.h"

namespace duban::model {
namespace {

struct Inner1 {
  int a = 0;
  bool operator==(const Inner1&) const = default;
  template <class A>
  void Visit(A& ar) {
    ar(a);
  }
};

struct Inner2 {
  int a = 0;
  std::string b = "default";
  std::optional<int> c;
  template <class A>
  void Visit(A& ar) {
    ar(a, b, c);
  }
};

template <class Inner>
struct Outer1 {
  std::string name;
  std::vector<Inner> items;
  std::map<std::string, Inner> by_name;
  std::optional<Inner> maybe;
  std::variant<bool, Inner> either;
  template <class A>
  void Visit(A& ar) {
    ar(name, items, by_name, maybe, either);
  }
};

template <class Inner>
struct Outer2 : Outer1<Inner> {
  std::vector<int> numbers = {1, 2};
  Value value = "unset";
  template <class A>
  void Visit(A& ar) {
    Outer1<Inner>::Visit(ar);
    ar(numbers, value);
  }
};

template <class Inner>
Outer2<Inner> Filled(const Inner& inner) {
  Outer2<Inner> outer;
  outer.name = "n";
  outer.items = {inner, inner};
  outer.by_name = {{"x", inner}};
  outer.maybe = inner;
  outer.either = inner;
  outer.numbers = {9};
  outer.value = 5;
  return outer;
}

TEST(CodecEvolutionTest, AnOlderProgramSkipsWhatItDoesNotKnow) {
  const std::string bytes = Encode(Filled(Inner2{7, "b", 3}));
  const auto old = Decode<Outer1<Inner1>>(bytes);
  EXPECT_EQ(old.name, "n");
  EXPECT_EQ(old.items, (std::vector<Inner1>{{7}, {7}}));
  EXPECT_EQ(old.by_name.at("x").a, 7);
  EXPECT_EQ(old.maybe->a, 7);
  EXPECT_EQ(std::get<1>(old.either).a, 7);
}

TEST(CodecEvolutionTest, ANewerProgramFindsItsDefaults) {
  const Outer1<Inner1> old = Filled(Inner1{7});
  const auto renewed = Decode<Outer2<Inner2>>(Encode(old));
  EXPECT_EQ(renewed.items[1].a, 7);
  EXPECT_EQ(renewed.items[1].b, "default");
  EXPECT_EQ(renewed.items[1].c, std::nullopt);
  EXPECT_EQ(renewed.by_name.at("x").b, "default");
  EXPECT_EQ(renewed.numbers, (std::vector<int>{1, 2}));
  EXPECT_EQ(renewed.value, Value("unset"));
}

TEST(CodecEvolutionTest, ANewAlternativeIsRefusedNotGuessed) {
  using Newer = std::variant<Inner1, Inner2, Inner1>;
  using Older = std::variant<Inner1, Inner2>;
  EXPECT_EQ(std::get<1>(Decode<Older>(Encode(Newer(std::in_place_index<1>)))).b, "default");
  EXPECT_THROW(Decode<Older>(Encode(Newer(std::in_place_index<2>))), CodecError);
  EXPECT_THROW(Decode<Value>("\x0c"), CodecError);
}

}  // namespace
}  // namespace duban::model
