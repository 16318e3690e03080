// Each limit of a step, reached and passed. A step beyond one changes nothing.
#include <gmock/gmock.h>

#include "core/statechart/draft.h"
#include "core/statechart/operations.h"
#include "core/statechart/seats.h"
#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::Value;

Value ListOf(std::size_t length) { return Value(model::List(length, Value(1))); }

TEST(Limits, Microsteps) {
  World world(R"(
data: {n: {type: int, default: 0}, most: int}
states:
  s: {on: {go: a}}
  a: {always: {when: n < most, to: b}}
  b: {entry: [{assign: {n: n + 1}}], always: {to: a}}
)");
  ASSERT_TRUE(world.Start("system", Map({{"most", kMaxMicrosteps / 2 - 1}})));
  EXPECT_TRUE(world.Send("system", "go"));
  World beyond(R"(
states:
  s: {on: {go: a}}
  a: {always: {when: "1 + 1 == 2", to: b}}
  b: {always: {when: "1 + 1 == 2", to: a}}
)");
  ASSERT_TRUE(beyond.Start());
  EXPECT_EQ(ReasonOf(beyond.Send("system", "go")), "LIMIT_EXCEEDED");
  EXPECT_EQ(beyond.Active().at(0), "s");
}

// Twelve actions that record nothing.
std::string Idle() {
  std::string actions;
  for (int i = 0; i < 12; ++i) actions += "{if: 'false', do: [{log: '1'}]}, ";
  return "      idle: {do: [{for_each: {in: event.data.list, item: x}, do: [" + actions + "]}]}\n";
}

const std::string kLoop = R"(
data: {x: any, y: any}
states:
  s:
    on:
      one: {do: [{for_each: {in: event.data.list, item: x}, do: [{assign: {y: x}}]}]}
      raise:
        do:
          - for_each: {in: event.data.list, item: x}
            do: [{raise: r}, {raise: r}, {raise: r}]
      start: {do: [{start: {workflow: w, for_each: event.data.list}}]}
      keep: {do: [{assign: {x: event.data.list}}]}
      store: {do: [{assign: {y: event.data.list}}]}
      double: {do: [{assign: {x: "[x, x]"}}]}
)" + Idle();

Value With(Value list) { return Map({{"list", std::move(list)}}); }

TEST(Limits, ForEachItems) {
  World world(kLoop);
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(ReasonOf(world.Send("system", "idle", With(ListOf(kMaxForEach + 1)))),
            "LIMIT_EXCEEDED");
}

TEST(Limits, Events) {
  World world(kLoop);
  ASSERT_TRUE(world.Start());
  EXPECT_TRUE(world.Send("system", "one", With(ListOf(kMaxEvents / 2 - 10))));
  EXPECT_EQ(ReasonOf(world.Send("system", "one", With(ListOf(kMaxEvents / 2)))), "LIMIT_EXCEEDED");
}

TEST(Limits, ActionsThatRecordNothing) {
  World world(kLoop);
  ASSERT_TRUE(world.Start());
  EXPECT_TRUE(world.Send("system", "idle", With(ListOf(8'000))));
  EXPECT_EQ(ReasonOf(world.Send("system", "idle", With(ListOf(9'000)))), "LIMIT_EXCEEDED");
}

TEST(Limits, QueuedEvents) {
  World world(kLoop);
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(ReasonOf(world.Send("system", "raise", With(ListOf(kMaxForEach)))), "LIMIT_EXCEEDED");
}

TEST(Limits, Children) {
  World world(kLoop);
  ASSERT_TRUE(world.Start());
  EXPECT_TRUE(world.Send("system", "start", With(ListOf(kMaxChildrenPerStep))));
  EXPECT_EQ(ReasonOf(world.Send("system", "start", With(ListOf(kMaxChildrenPerStep + 1)))),
            "LIMIT_EXCEEDED");
}

TEST(Limits, BytesOfTheCase) {
  World world(kLoop);
  ASSERT_TRUE(world.Start());
  const Value quarter = std::string(kMaxCaseBytes / 4, 'x');
  ASSERT_TRUE(world.Send("system", "keep", With(model::List(3, quarter))));
  EXPECT_FALSE(world.Field("x").is_null());
  EXPECT_EQ(ReasonOf(world.Send("system", "store", With(model::List{quarter}))), "LIMIT_EXCEEDED");
  EXPECT_EQ(ReasonOf(world.Send("system", "keep", With(std::string(kMaxCaseBytes + 1, 'x')))),
            "LIMIT_EXCEEDED");
}

TEST(Limits, DepthOfAValue) {
  World world(kLoop);
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Send("system", "keep", With(1)));
  std::string reason;
  for (int i = 0; i <= kMaxDataDepth && reason.empty(); ++i)
    reason = ReasonOf(world.Send("system", "double"));
  EXPECT_EQ(reason, "LIMIT_EXCEEDED");
  Value deep = 1;
  for (int i = 0; i <= kMaxDataDepth; ++i) deep = Value(model::List{deep});
  EXPECT_EQ(ReasonOf(world.Send("system", "keep", deep)), "LIMIT_EXCEEDED");
}

TEST(Limits, AGuardThatFailsOnItsOwnErrorEnds) {
  World world(R"(
data: {x: any}
states:
  s: {on: {"*": {when: "x > 1", to: e}, go: {do: [{log: "1"}]}}}
  e: {final: true}
)");
  ASSERT_TRUE(world.Start());
  EXPECT_TRUE(world.Send("system", "go"));
}

TEST(SizeOf, StopsAtTheLimit) {
  Value shared = std::string(100, 'x');
  for (int i = 0; i < 40; ++i) shared = Value(model::List{shared, shared});
  EXPECT_GT(SizeOf(shared, 10'000), 10'000u);
  EXPECT_LT(SizeOf(Value("abc"), 10'000), 100u);
}

// Everybody of an office has a seat in an approval by all.
TEST(Limits, SeatsOfARound) {
  const auto bureau_of = [](std::size_t people) {
    std::string persons = "people:\n";
    std::string members;
    for (std::size_t i = 0; i < people; ++i) {
      const std::string id = "p" + std::to_string(i);
      persons += "  " + id + ": {name: " + id + "}\n";
      members += (i == 0 ? "" : ", ") + id;
    }
    auto parsed = definition::Organisation::Parse(
        "organisation.yaml",
        persons + "offices: {mines: {title: 矿山科, head: p0, members: [" + members + "]}}\n");
    EXPECT_TRUE(parsed);
    return std::move(*parsed);
  };
  constexpr const char* kAll = R"(
states:
  deciding: {approval: {title: 审批, by: {office: mines}, rule: all, notify: false}, on: {approved: done, rejected: done}}
  done: {final: true}
)";
  World world(kAll);
  world.organisation = bureau_of(kMaxSeats);
  EXPECT_TRUE(world.Start());
  World beyond(kAll);
  beyond.organisation = bureau_of(kMaxSeats + 1);
  EXPECT_EQ(ReasonOf(beyond.Start()), "LIMIT_EXCEEDED");
}

TEST(Limits, WordsOfADecisionAndOfAnEvent) {
  World world(R"(
start: {by: [{person: a}]}
states:
  doing: {task: {title: 办理, for: {person: a}}, on: {submitted: done, go: {to: done, by: [{person: a}]}}}
  done: {final: true}
)");
  ASSERT_TRUE(world.Start("a"));
  const std::string long_words(kMaxWordsBytes + 1, 'x');
  EXPECT_EQ(ReasonOf(world.Decide("a", "doing", "submitted", long_words)), "LIMIT_EXCEEDED");
  EXPECT_EQ(ReasonOf(world.Send("a", "go", {}, long_words)), "LIMIT_EXCEEDED");
  EXPECT_TRUE(world.Send("a", "go", {}, std::string(kMaxWordsBytes, 'x')));
}

}  // namespace
}  // namespace duban::statechart
