// Due dates, reminders, escalation, clocks, delayed sends.
#include <gmock/gmock.h>

#include "core/statechart/timers.h"
#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::TimerKind;
using testing::ElementsAre;
using testing::IsEmpty;

std::string Due(std::string_view due) {
  return "data: {limit: date}\nstates:\n  doing:\n    task: {title: 办理, for: {person: a}}\n    "
         "due: {" +
         std::string(due) +
         "}\n    on: {submitted: done}\n  done: {final: true}\n  over: {final: true}\n";
}

std::string DueText(const World& world) {
  const auto due = DueOf(world.state(), world.definition().FindState("doing"));
  return due ? calendar::LocalText(*due, "Asia/Shanghai") : "none";
}

TEST(Due, WithinDaysEndsAtMidnightWithItsDerivation) {
  World world(Due("within: 3 days, basis: 国务院令第310号 第五条, overdue: {to: over}"));
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(DueText(world), "2022-05-19 24:00");
  const model::Timer& timer = *world.Timers(TimerKind::kOverdue).at(0);
  EXPECT_NE(timer.derivation.zh.find("国务院令第310号 第五条"), std::string::npos);
  EXPECT_NE(timer.derivation.en.find("basis: "), std::string::npos);
}

TEST(Due, OnMonthlyAndField) {
  World on(Due("on: 2022-05-21, roll: previous_working_day, overdue: {to: over}"));
  ASSERT_TRUE(on.Start());
  EXPECT_EQ(DueText(on), "2022-05-20 24:00");
  World monthly(Due("monthly: 16, overdue: {to: over}"));
  ASSERT_TRUE(monthly.Start());
  EXPECT_EQ(DueText(monthly), "2022-05-16 24:00") << "the first such day on or after the entry";
  World field(Due("field: limit, overdue: {to: over}"));
  ASSERT_TRUE(field.Start("system", Map({{"limit", "2022-06-01"}})));
  EXPECT_EQ(DueText(field), "2022-06-01 24:00");
  World unset(Due("field: limit, overdue: {to: over}"));
  ASSERT_TRUE(unset.Start());
  EXPECT_EQ(DueText(unset), "none");
  EXPECT_EQ(unset.Count<model::Logged>(), 1u);
}

TEST(Due, RemindersThenOverdue) {
  World world(Due(
      "within: 10 days, remind: [50%, 2 hours, 1 working days], remind_also: {post: bureau-head}, "
      "overdue: {to: over}"));
  ASSERT_TRUE(world.Start());
  world.Told();
  ASSERT_EQ(world.Timers(TimerKind::kReminder).size(), 3u);
  world.AdvanceTo("2022-05-22T00:00:00+08:00");
  EXPECT_THAT(world.Told(), ElementsAre("reminder a", "reminder head"));
  world.AdvanceTo("2022-05-25T09:00:00+08:00");
  EXPECT_THAT(world.Told(), ElementsAre("reminder a", "reminder head"));
  world.AdvanceTo("2022-05-26T23:00:00+08:00");
  EXPECT_THAT(world.Told(), ElementsAre("reminder a", "reminder head"));
  world.AdvanceTo("2022-05-27T00:00:00+08:00");
  EXPECT_THAT(world.Told(), ElementsAre("overdue a", "overdue head"));
  EXPECT_THAT(world.Active(), ElementsAre("over"));
}

TEST(Due, RemindersOfThePastAreLeftOutAndAPassedDueFiresAtOnce) {
  World late(Due("on: 2022-05-17, remind: [3 working days, 1 hour], overdue: {to: over}"));
  ASSERT_TRUE(late.Start());
  EXPECT_EQ(late.Timers(TimerKind::kReminder).size(), 1u);
  World passed(Due("on: 2022-05-10, remind: [1 day], overdue: {to: over}"));
  ASSERT_TRUE(passed.Start());
  EXPECT_THAT(passed.Timers(TimerKind::kReminder), IsEmpty());
  passed.Advance({});
  EXPECT_THAT(passed.Active(), ElementsAre("over"));
}

TEST(Due, NobodyIsRemindedOfWhatIsDecidedAndTimersEndWithTheState) {
  World world(Due("within: 3 days, remind: [50%], overdue: {to: over}"));
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Decide("a", "doing", "submitted"));
  EXPECT_THAT(world.state().timers, IsEmpty());
  EXPECT_EQ(world.Count<model::TimerCancelled>(), 2u);
}

TEST(Due, EscalationLetsOthersActAndTellsThem) {
  World world(Due("within: 1 days, overdue: {escalate: {post: bureau-head}}"));
  ASSERT_TRUE(world.Start());
  world.Told();
  world.AdvanceTo("2022-05-18T00:00:00+08:00");
  EXPECT_THAT(world.Told(), ElementsAre("overdue a", "escalation head"));
  EXPECT_THAT(world.Round("doing")->seats[0].candidates, ElementsAre("a", "head"));
  ASSERT_TRUE(world.Decide("head", "doing", "submitted"));
  EXPECT_THAT(world.Active(), ElementsAre("done"));
}

TEST(Timer, AStaleOneChangesNothing) {
  World world(Due("within: 3 days, overdue: {to: over}"));
  ASSERT_TRUE(world.Start());
  const model::Ordinal timer = world.state().timers.at(0).ordinal;
  const auto early = world.Do("system", model::FireTimer{timer});
  ASSERT_TRUE(early);
  EXPECT_THAT(early->events, IsEmpty());
  EXPECT_EQ(early->next.revision, 1u);
  const auto unknown = world.Do("system", model::FireTimer{77});
  ASSERT_TRUE(unknown);
  EXPECT_THAT(unknown->events, IsEmpty());
  ASSERT_TRUE(world.Decide("a", "doing", "submitted"));
  const auto ended = world.Do("system", model::FireTimer{timer});
  ASSERT_TRUE(ended);
  EXPECT_THAT(ended->events, IsEmpty());
}

TEST(Timer, BothDueAndFiredTimeAreRecorded) {
  World world(Due("within: 1 days, overdue: {to: over}"));
  ASSERT_TRUE(world.Start());
  world.SetNow("2022-06-01T00:00:00+08:00");
  ASSERT_TRUE(world.Do("system", model::FireTimer{world.state().timers.at(0).ordinal}));
  const auto* fired = world.Find<model::TimerFired>();
  ASSERT_NE(fired, nullptr);
  EXPECT_EQ(fired->due, *model::ParseRfc3339("2022-05-18T00:00:00+08:00"));
  EXPECT_EQ(fired->at, world.now);
}

TEST(Clock, AfterFromUntil) {
  World world(R"(
states:
  one: {after: {within: 2 hours, to: two}}
  two: {at: {from: 2022-05-18, time: "10:30", to: three}}
  three: {at: {until: 2022-05-20, to: done}}
  done: {final: true}
)");
  ASSERT_TRUE(world.Start());
  world.AdvanceTo("2022-05-16T10:59:59+08:00");
  EXPECT_THAT(world.Active(), ElementsAre("one"));
  world.AdvanceTo("2022-05-16T11:00:00+08:00");
  EXPECT_THAT(world.Active(), ElementsAre("two"));
  world.AdvanceTo("2022-05-18T10:30:00+08:00");
  EXPECT_THAT(world.Active(), ElementsAre("three"));
  world.AdvanceTo("2022-05-20T23:59:59+08:00");
  EXPECT_THAT(world.Active(), ElementsAre("three"));
  world.AdvanceTo("2022-05-21T00:00:00+08:00");
  EXPECT_THAT(world.Active(), ElementsAre("done"));
}

TEST(Clock, GuardsHoldItBackForGood) {
  World world(R"(
data: {ready: {type: bool, default: false}}
states:
  one:
    after: {within: 2 hours, when: ready, to: two}
    on: {go: {do: [{assign: {ready: "true"}}]}}
  two: {final: true}
)");
  ASSERT_TRUE(world.Start());
  world.Advance(model::Duration::Hours(3));
  EXPECT_THAT(world.Active(), ElementsAre("one"));
  EXPECT_THAT(world.state().timers, IsEmpty());
}

constexpr std::string_view kMonthly = R"(
data: {reports: {type: int, default: 0}}
states:
  running:
    every: {monthly: 20, before: 0 working days, do: [{assign: {reports: reports + 1}}]}
    on: {stop: done}
  done: {final: true}
)";

TEST(Clock, MonthlyIsBroughtForwardToAWorkingDayAndComesAgain) {
  World world(kMonthly);
  world.SetNow("2022-08-01T08:00:00+08:00");
  ASSERT_TRUE(world.Start());
  const auto due = [&] {
    return calendar::LocalText(world.Timers(TimerKind::kClock).at(0)->due, "Asia/Shanghai");
  };
  EXPECT_EQ(due(), "2022-08-19 09:00") << "20 August 2022 is a Saturday";
  world.AdvanceTo("2022-08-19T09:00:00+08:00");
  EXPECT_EQ(world.Field("reports"), model::Value(1));
  EXPECT_EQ(due(), "2022-09-20 09:00");
  world.AdvanceTo("2022-12-31T00:00:00+08:00");
  EXPECT_EQ(world.Field("reports"), model::Value(5));
  ASSERT_TRUE(world.Send("system", "stop"));
  EXPECT_THAT(world.state().timers, IsEmpty());
}

TEST(Clock, WhatWasMissedIsMadeUpForOnce) {
  World world(R"(
data: {n: {type: int, default: 0}}
states:
  running:
    every: {within: 1 hours, do: [{assign: {n: n + 1}}]}
    on: {stop: done}
  done: {final: true}
)");
  ASSERT_TRUE(world.Start());
  world.SetNow("2022-05-16T18:30:00+08:00");
  ASSERT_TRUE(world.Do("system", model::FireTimer{world.state().timers.at(0).ordinal}));
  EXPECT_EQ(world.Field("n"), model::Value(1));
  EXPECT_GT(world.state().timers.at(0).due, world.now);
}

TEST(Send, DelayedCancelledAndComputed) {
  World world(R"yaml(
data: {id: text, got: {type: text, default: ''}}
states:
  s:
    entry:
      - send: {event: first, after: 1 hours, id: x, data: {v: "'1'"}}
      - send: {event: second, delay: "duration('90m')", id_field: id}
      - send: {event_expression: "'th' + 'ird'", delay: "7200000"}
    on:
      first: {do: [{assign: {got: got + event.name + event.data.v}}]}
      second: {do: [{assign: {got: got + event.name}}]}
      third: e
      drop: {do: [{cancel: x}]}
      drop_other: {do: [{cancel: {expression: id}}]}
  e: {final: true}
)yaml");
  ASSERT_TRUE(world.Start());
  ASSERT_EQ(world.Timers(TimerKind::kSend).size(), 3u);
  world.Advance(model::Duration::Hours(1));
  EXPECT_EQ(world.Field("got"), model::Value("first1"));
  ASSERT_TRUE(world.Send("system", "drop"));
  EXPECT_EQ(world.Timers(TimerKind::kSend).size(), 2u) << "what is gone cannot be cancelled";
  ASSERT_TRUE(world.Send("system", "drop_other"));
  EXPECT_EQ(world.Timers(TimerKind::kSend).size(), 1u);
  world.Advance(model::Duration::Hours(1));
  EXPECT_THAT(world.Active(), ElementsAre("e"));
  EXPECT_EQ(world.Field("got"), model::Value("first1"));
}

}  // namespace
}  // namespace duban::statechart
