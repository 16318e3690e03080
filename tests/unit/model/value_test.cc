#include "core/model/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace duban::model {
namespace {

TEST(ValueTest, KnowsItsKind) {
  const std::vector<std::pair<Value, std::string_view>> expected = {{Value(), "null"},
                                                                    {Null{}, "null"},
                                                                    {true, "bool"},
                                                                    {1, "int"},
                                                                    {std::int64_t{1}, "int"},
                                                                    {std::uint64_t{1}, "uint"},
                                                                    {1.5, "double"},
                                                                    {"x", "string"},
                                                                    {std::string("x"), "string"},
                                                                    {Bytes{"x"}, "bytes"},
                                                                    {Timestamp{}, "timestamp"},
                                                                    {Duration{}, "duration"},
                                                                    {TypeName{"int"}, "type"},
                                                                    {List{}, "list"},
                                                                    {Map{}, "map"}};
  for (const auto& [value, name] : expected) EXPECT_EQ(KindName(value.kind()), name);
  EXPECT_TRUE(Value().is_null());
  EXPECT_FALSE(Value(false).is_null());
}

// The numbers are in stored bytes.
TEST(ValueTest, KindNumbersAreFixed) {
  EXPECT_EQ(static_cast<int>(Value::Kind::kNull), 0);
  EXPECT_EQ(static_cast<int>(Value::Kind::kBool), 1);
  EXPECT_EQ(static_cast<int>(Value::Kind::kInt), 2);
  EXPECT_EQ(static_cast<int>(Value::Kind::kUint), 3);
  EXPECT_EQ(static_cast<int>(Value::Kind::kDouble), 4);
  EXPECT_EQ(static_cast<int>(Value::Kind::kString), 5);
  EXPECT_EQ(static_cast<int>(Value::Kind::kBytes), 6);
  EXPECT_EQ(static_cast<int>(Value::Kind::kTimestamp), 7);
  EXPECT_EQ(static_cast<int>(Value::Kind::kDuration), 8);
  EXPECT_EQ(static_cast<int>(Value::Kind::kType), 9);
  EXPECT_EQ(static_cast<int>(Value::Kind::kList), 10);
  EXPECT_EQ(static_cast<int>(Value::Kind::kMap), 11);
}

TEST(ValueTest, GivesOnlyWhatItHolds) {
  const Value text = "major";
  ASSERT_NE(text.If<std::string>(), nullptr);
  EXPECT_EQ(*text.If<std::string>(), "major");
  EXPECT_EQ(text.If<std::int64_t>(), nullptr);
  EXPECT_EQ(text.IfList(), nullptr);
  EXPECT_EQ(text.IfMap(), nullptr);
  EXPECT_EQ(Value(List{1, 2}).IfList()->size(), 2u);
  EXPECT_EQ(Value(Map{{"a", 1}}).IfMap()->size(), 1u);
}

TEST(ValueTest, EqualityIsIdentityForStorage) {
  EXPECT_EQ(Value(1), Value(std::int64_t{1}));
  EXPECT_NE(Value(1), Value(std::uint64_t{1}));
  EXPECT_NE(Value(1), Value(1.0));
  EXPECT_NE(Value(0), Value());
  EXPECT_NE(Value("x"), Value(Bytes{"x"}));
  EXPECT_EQ(Value(std::nan("")), Value(std::nan("")));
  EXPECT_EQ(Value(0.0), Value(-0.0));
  EXPECT_EQ(Value(List{1, List{"a"}}), Value(List{1, List{"a"}}));
  EXPECT_NE(Value(List{1}), Value(List{1, 2}));
  EXPECT_EQ(Value(Map{{"b", 2}, {"a", 1}}), Value(Map{{"a", 1}, {"b", 2}}));
}

TEST(ValueTest, CopiesShareTheirItems) {
  const Value list = List{1, 2, 3};
  const Value copy = list;
  EXPECT_EQ(list.IfList(), copy.IfList());
}

TEST(ToJsonTest, EveryKind) {
  EXPECT_EQ(ToJson({}), "null");
  EXPECT_EQ(ToJson(true), "true");
  EXPECT_EQ(ToJson(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(ToJson(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(ToJson(1.5), "1.5");
  EXPECT_EQ(ToJson(0.1), "0.1");
  EXPECT_EQ(ToJson(std::nan("")), R"("NaN")");
  EXPECT_EQ(ToJson(-std::numeric_limits<double>::infinity()), R"("-Infinity")");
  EXPECT_EQ(ToJson("隐患 \"a\"\\\n\t\r\x01"), R"("隐患 \"a\"\\\n\t\r\u0001")");
  EXPECT_EQ(ToJson(Timestamp{1'652'662'800, 500'000'000}), R"("2022-05-16T01:00:00.5Z")");
  EXPECT_EQ(ToJson(TypeName{"int"}), R"("int")");
  EXPECT_EQ(ToJson(List{1, "a", List{}}), R"([1,"a",[]])");
  EXPECT_EQ(ToJson(Map{{"b", 2}, {"a", Map{}}, {true, 3}, {7, 4}}),
            R"({"true":3,"7":4,"a":{},"b":2})");
}

TEST(ToJsonTest, Durations) {
  EXPECT_EQ(ToJson(Duration{3600, 0}), R"("3600s")");
  EXPECT_EQ(ToJson(Duration{0, -500'000'000}), R"("-0.5s")");
  EXPECT_EQ(ToJson(Duration{-1, -1}), R"("-1.000000001s")");
  EXPECT_EQ(ToJson(Duration{1, 20'000'000}), R"("1.02s")");
  EXPECT_EQ(ToJson(Duration{std::numeric_limits<std::int64_t>::min(), -1}),
            R"("-9223372036854775808.000000001s")");
}

TEST(ToJsonTest, BytesAsBase64) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [in, out] : vectors) EXPECT_EQ(ToJson(Bytes{in}), '"' + std::string(out) + '"');
  EXPECT_EQ(ToJson(Bytes{"\xff\xfe\xfd"}), "\"//79\"");
}

}  // namespace
}  // namespace duban::model
