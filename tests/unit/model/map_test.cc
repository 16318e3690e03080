#include <gtest/gtest.h>

#include <map>
#include <random>

#include "core/model/value.h"

namespace duban::model {
namespace {

TEST(MapTest, TheLastEntryOfAKeyWins) {
  const Map map{{"a", 1}, {"b", 2}, {"a", 3}, {"a", 4}};
  EXPECT_EQ(map.size(), 2u);
  EXPECT_EQ(*map.Find(std::string_view("a")), Value(4));
  EXPECT_EQ(*map.Find(std::string_view("b")), Value(2));
}

TEST(MapTest, KeysOfDifferentKindsAreDifferentKeys) {
  const Map map{{1, "int"}, {std::uint64_t{1}, "uint"}, {true, "bool"}, {"1", "string"}};
  EXPECT_EQ(map.size(), 4u);
  EXPECT_EQ(*map.Find(Value(1)), Value("int"));
  EXPECT_EQ(*map.Find(Value(std::uint64_t{1})), Value("uint"));
  EXPECT_EQ(*map.Find(Value(true)), Value("bool"));
  EXPECT_EQ(*map.Find(std::string_view("1")), Value("string"));
  EXPECT_EQ(map.Find(Value(false)), nullptr);
  EXPECT_EQ(map.Find(std::string_view("")), nullptr);
  EXPECT_EQ(map.Find(std::string_view("zzz")), nullptr);
}

TEST(MapTest, IteratesInTheOrderOfKeys) {
  std::string keys;
  for (const auto& [key, value] : Map{{"b", 0}, {2, 0}, {"a", 0}, {-1, 0}, {true, 0}, {false, 0}})
    keys += ToJson(key) + ' ';
  EXPECT_EQ(keys, "false true -1 2 \"a\" \"b\" ");
}

// Against std::map, through random changes.
TEST(MapTest, BehavesLikeAMap) {
  std::mt19937 random(5);
  Map map;
  std::map<std::int64_t, std::int64_t> model;
  for (int step = 0; step < 5000; ++step) {
    const auto key = static_cast<std::int64_t>(random() % 40);
    if (random() % 3 == 0) {
      ASSERT_EQ(map.Erase(key), model.erase(key) == 1);
    } else {
      map.Set(key, step);
      model[key] = step;
    }
    ASSERT_EQ(map.size(), model.size());
    for (std::int64_t k = 0; k < 40; ++k) {
      const Value* found = map.Find(Value(k));
      ASSERT_EQ(found != nullptr, model.contains(k));
      if (found) {
        ASSERT_EQ(*found, Value(model[k]));
      }
    }
  }
}

}  // namespace
}  // namespace duban::model
