// Values from outside, against the field that they are meant for.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

using model::List;
using model::Map;
using model::Value;

Field Make(FieldKind kind) {
  Field field;
  field.name = "f";
  field.kind = kind;
  return field;
}

void ExpectAccepted(const Field& field, const Value& value, const Value& as) {
  const auto accepted = Accept(field, value);
  ASSERT_TRUE(accepted.has_value()) << accepted.error().en;
  EXPECT_EQ(*accepted, as) << model::ToJson(*accepted);
}

void ExpectRefused(const Field& field, const Value& value, const std::string& because) {
  const auto accepted = Accept(field, value);
  ASSERT_FALSE(accepted.has_value()) << model::ToJson(*accepted);
  EXPECT_EQ(accepted.error().en, because);
  EXPECT_FALSE(accepted.error().zh.empty());
}

TEST(Accept, Numbers) {
  Field field = Make(FieldKind::kInt);
  ExpectAccepted(field, 3, 3);
  ExpectAccepted(field, std::uint64_t{3}, 3);
  ExpectAccepted(field, 3.0, 3);
  ExpectRefused(field, 3.5, "`f` takes an integer, not double");
  ExpectRefused(field, 1e300, "`f` takes an integer, not double");
  ExpectRefused(field, NAN, "`f` takes an integer, not double");
  ExpectRefused(field, std::uint64_t{1} << 63, "`f` takes an integer, not uint");
  ExpectRefused(field, "3", "`f` takes an integer, not string");
  field.min = 0;
  field.max = 10;
  ExpectAccepted(field, 10, 10);
  ExpectRefused(field, 11, "`f` is at most 10");
  ExpectRefused(field, -1, "`f` is at least 0");
  Field decimal = Make(FieldKind::kDecimal);
  ExpectAccepted(decimal, 3, 3.0);
  ExpectAccepted(decimal, 2.5, 2.5);
  ExpectRefused(decimal, INFINITY, "`f` takes a finite number");
  ExpectRefused(decimal, "x", "`f` takes a number, not string");
  ExpectRefused(Make(FieldKind::kMoney), 0.5, "`f` takes an integer of fen, not double");
}

TEST(Accept, Texts) {
  Field field = Make(FieldKind::kText);
  field.title = {"说明", ""};
  ExpectAccepted(field, "x", "x");
  ExpectRefused(field, 1, "`f` takes a text, not int");
  EXPECT_EQ(Accept(field, 1).error().zh, "“说明”应为文字，而不是 int");
  ExpectAccepted(field, std::string(kMaxTextBytes, 'x'), std::string(kMaxTextBytes, 'x'));
  ExpectRefused(field, std::string(kMaxTextBytes + 1, 'x'), "`f` is longer than 65536 bytes");
  field.max = 2;
  field.min = 1;
  ExpectAccepted(field, "安全", "安全");
  ExpectRefused(field, "安全的", "`f` has at most 2 characters");
  ExpectRefused(field, "", "`f` has at least 1 characters");
}

TEST(Accept, OtherScalars) {
  ExpectAccepted(Make(FieldKind::kBool), true, true);
  ExpectRefused(Make(FieldKind::kBool), 1, "`f` takes true or false, not int");
  ExpectAccepted(Make(FieldKind::kDate), "2022-09-30", "2022-09-30");
  ExpectRefused(Make(FieldKind::kDate), "2022-02-30", "`f` takes a date such as 2022-09-30");
  ExpectRefused(Make(FieldKind::kDate), 20220930, "`f` takes a date such as 2022-09-30");
  ExpectAccepted(Make(FieldKind::kTime), "2022-05-16T09:00:00+08:00",
                 *model::ParseRfc3339("2022-05-16T01:00:00Z"));
  ExpectAccepted(Make(FieldKind::kTime), model::Timestamp{5, 0}, model::Timestamp{5, 0});
  ExpectRefused(Make(FieldKind::kTime), "yesterday",
                "`f` takes a time such as 2022-05-16T09:00:00+08:00");
  Field level = Make(FieldKind::kEnum);
  level.values = {"general", "major"};
  ExpectAccepted(level, "major", "major");
  ExpectRefused(level, "huge", "`f` is one of general, major");
  ExpectAccepted(Make(FieldKind::kPerson), "li", "li");
  ExpectRefused(Make(FieldKind::kPerson), 1, "`f` takes the id of a person, not int");
  ExpectRefused(Make(FieldKind::kOffice), std::string(201, 'x'), "`f` is longer than 200 bytes");
}

TEST(Accept, NullIsUnset) {
  Field field = Make(FieldKind::kText);
  ExpectAccepted(field, Value(), Value());
  field.required = true;
  ExpectRefused(field, Value(), "`f` is required");
  Field person = Make(FieldKind::kPerson);
  person.required = true;
  ExpectRefused(person, "", "`f` is required");
}

TEST(Accept, Lists) {
  Field field = Make(FieldKind::kList);
  field.item = std::make_shared<Field>(Make(FieldKind::kDecimal));
  ExpectAccepted(field, List{1, 2.5}, List{1.0, 2.5});
  ExpectRefused(field, "x", "`f` takes a list, not string");
  ExpectRefused(field, (List{1, "x"}), "`f` item 2: `f` takes a number, not string");
  ExpectAccepted(field, List(kMaxListItems, 1), List(kMaxListItems, 1.0));
  ExpectRefused(field, List(kMaxListItems + 1, 1), "`f` has more than 1000 items");
  field.max = 1;
  ExpectRefused(field, (List{1, 2}), "`f` has at most 1 items");
}

TEST(Accept, Objects) {
  Field field = Make(FieldKind::kObject);
  field.fields = {Make(FieldKind::kDecimal), Make(FieldKind::kText), Make(FieldKind::kText)};
  field.fields[1].name = "g";
  field.fields[1].required = true;
  field.fields[2].name = "h";
  field.fields[2].initial = Value("x");
  ExpectAccepted(field, Map{{"f", 1}, {"g", "y"}}, Map{{"f", 1.0}, {"g", "y"}, {"h", "x"}});
  ExpectRefused(field, Map{{"f", 1}}, "`f` : `g` is required");
  ExpectRefused(field, (Map{{"g", "y"}, {"z", 1}}), "`f` has no member `z`");
  ExpectRefused(field, (Map{{1, "y"}}), "`f` has no member `1`");
  ExpectRefused(field, 1, "`f` takes an object, not int");
}

TEST(Accept, SizeAndDepthAreBounded) {
  const Field any = Make(FieldKind::kAny);
  const std::string piece(kMaxValueBytes / 8, 'x');
  ExpectAccepted(any, List(7, piece), List(7, piece));
  ExpectRefused(any, List(8, piece), "`f` is larger than 262144 bytes or nested too deep");
  Value deep = 1;
  for (int i = 0; i < 20; ++i) deep = List{deep};
  ExpectRefused(any, deep, "`f` is larger than 262144 bytes or nested too deep");
}

TEST(TypeOf, EachKind) {
  const auto d = Load(R"(
workflow: w
data:
  a: text
  b: int
  c: decimal
  d: bool
  e: date
  f: time
  g: {type: enum, values: [x]}
  h: {type: list, of: {type: list, of: int}}
  i: {type: object, fields: {x: {type: money}}}
  j: list
  k: any
  l: file
states: {s: {final: true}}
)");
  std::string types;
  for (const Field& field : d->fields) types += TypeOf(field).ToString() + " ";
  EXPECT_EQ(types,
            "string int double bool string timestamp string list(list(int)) object list(dyn) dyn "
            "string ");
  EXPECT_EQ(TypeOf(d->fields[8]).Find("x")->kind(), expression::Type::Kind::kInt);
}

}  // namespace
}  // namespace duban::definition
