// Deadlines, reminders and clocks as they are read.
#include <gtest/gtest.h>

#include "tests/unit/definition/source_files.h"

namespace duban::definition {
namespace {

using calendar::Date;
using calendar::Roll;
using calendar::TimeLimit;
using calendar::Unit;

std::shared_ptr<const Definition> WithState(const std::string& body) {
  return Load(
      "workflow: w\ndata: {limit: date}\nstates:\n  a:\n    task: {title: t, for: starter}\n    "
      "on: {submitted: b}\n" +
      body + "  b: {final: true}\n");
}

TEST(LoadTime, DueWithin) {
  const auto d = WithState(R"(    due:
      within: 3 working days
      first_day: counted
      roll: next_working_day
      basis: {zh: 第五条, en: art. 5}
      remind: [50%, 80%, 3 working days, 0 working days, 2 hours, 1 day]
      remind_also: [{post: deputy}]
      overdue: {escalate: {post: head}, notify: {to: starter, subject: late}, do: [{log: "1"}], to: b}
)");
  const Due& due = *d->states[1].due;
  EXPECT_EQ(due.kind, Due::Kind::kWithin);
  EXPECT_EQ(due.limit, (TimeLimit{3, Unit::kWorkingDays, true, Roll::kNextWorkingDay}));
  EXPECT_EQ(due.basis.en, "art. 5");
  EXPECT_EQ(due.remind_also.size(), 1U);
  ASSERT_EQ(due.remind.size(), 6U);
  EXPECT_EQ(due.remind[1].percent, 80);
  EXPECT_EQ(due.remind[2].kind, Remind::Kind::kWorkingDays);
  EXPECT_EQ(due.remind[2].working_days, 3);
  EXPECT_EQ(due.remind[3].working_days, 0);
  EXPECT_EQ(due.remind[4].seconds, 7'200);
  EXPECT_EQ(due.remind[5].seconds, 86'400);
  const Transition& overdue = d->transitions[d->states[1].transitions[0]];
  EXPECT_TRUE(overdue.overdue);
  EXPECT_FALSE(overdue.always());
  ASSERT_EQ(overdue.actions.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<Escalate>(overdue.actions[0].what));
  EXPECT_TRUE(std::holds_alternative<Notify>(overdue.actions[1].what));
  EXPECT_TRUE(std::holds_alternative<Log>(overdue.actions[2].what));
  EXPECT_EQ(overdue.targets, std::vector<model::StateIndex>{2});
}

TEST(LoadTime, VersionsOfTheBasisByDate) {
  const auto d = WithState(R"(    due:
      within: 5 days
      roll: next_working_day
      from: {field: limit}
      pause: true
      basis:
        - {text: 旧规定, to: 2022-05-31}
        - {text: {zh: 新规定, en: New rule}, from: 2022-06-01, within: 3 working days}
)");
  const Due& due = *d->states[1].due;
  ASSERT_EQ(due.provisions.size(), 2U);
  EXPECT_TRUE(due.has_basis());
  EXPECT_TRUE(due.pause);
  EXPECT_EQ(due.from, Due::From::kField);
  EXPECT_EQ(due.provisions[0].limit.amount, 5);
  EXPECT_EQ(due.provisions[1].limit.unit, Unit::kWorkingDays);
  EXPECT_TRUE(due.provisions[0].InForce({2022, 5, 31}));
  EXPECT_FALSE(due.provisions[0].InForce({2022, 6, 1}));
  EXPECT_TRUE(due.provisions[1].InForce({2022, 6, 1}));
  const auto without = WithState(
      "    due: {basis: [{text: x, within: 2 days}], from: {event: heard_at}}\n");
  EXPECT_EQ(without->states[1].due->provisions[0].limit.amount, 2);
  EXPECT_EQ(without->states[1].due->from_key, "heard_at");
  EXPECT_FALSE(WithState("    due: {within: 3 days}\n")->states[1].due->pause);
}

TEST(LoadTime, StagesOfTheEscalation) {
  const auto d = WithState(R"(    due:
      within: 3 days
      overdue:
        - {escalate: {post: head}}
        - {after: 2 working days, escalate: {post: deputy}}
        - {after: 9 working days, decide: submitted}
)");
  const Due& due = *d->states[1].due;
  ASSERT_EQ(due.overdue.size(), 3U);
  EXPECT_EQ(due.overdue[1].after, (TimeLimit{2, Unit::kWorkingDays, false, Roll::kNone}));
  EXPECT_EQ(due.overdue[2].decide, "submitted");
  std::vector<int> stages;
  for (const model::TransitionIndex t : d->states[1].transitions) {
    if (d->transitions[t].overdue) stages.push_back(d->transitions[t].stage);
  }
  EXPECT_EQ(stages, (std::vector<int>{0, 1})) << "what the system decides needs no transition";
  const auto later = WithState("    due: {within: 3 days, overdue: {after: 1 day, to: b}}\n");
  ASSERT_EQ(later->states[1].due->overdue.size(), 2U) << "the first is at the due instant";
  EXPECT_EQ(later->states[1].due->overdue[0].after.amount, 0);
}

TEST(LoadTime, OtherDueDates) {
  const auto on = WithState("    due: {on: 2022-09-30, roll: previous_working_day}\n");
  EXPECT_EQ(on->states[1].due->kind, Due::Kind::kOn);
  EXPECT_EQ(on->states[1].due->date, (Date{2022, 9, 30}));
  EXPECT_EQ(on->states[1].due->roll, Roll::kPreviousWorkingDay);
  EXPECT_EQ(on->transitions.size(), 1U) << "nothing happens when it passes";
  EXPECT_EQ(WithState("    due: {monthly: 20}\n")->states[1].due->day_of_month, 20);
  const auto field = WithState("    due: {field: limit}\n");
  EXPECT_EQ(field->states[1].due->kind, Due::Kind::kField);
  EXPECT_EQ(field->states[1].due->field, 0);
}

TEST(LoadTime, Clocks) {
  const auto d = WithState(
      R"(    after: [{within: 10 days, to: b, basis: 依据, when: "limit != null"}, {within: 6个月, to: b}]
    at: [{from: 2022-12-01, time: "08:30", to: b}, {until: 2022-09-30, to: b}]
    every: [{monthly: 20, before: 1 working day, do: [{log: "1"}]}, {monthly: 1, time: "00:15", to: b}, {within: 7 days, do: [{log: "1"}]}]
)");
  const State& a = d->states[1];
  ASSERT_EQ(a.clocks.size(), 7U);
  EXPECT_EQ(a.clocks[0].kind, Clock::Kind::kAfter);
  EXPECT_EQ(a.clocks[0].limit.amount, 10);
  EXPECT_EQ(a.clocks[0].basis.zh, "依据");
  EXPECT_EQ(a.clocks[1].limit.unit, Unit::kMonths);
  EXPECT_EQ(a.clocks[2].kind, Clock::Kind::kFrom);
  EXPECT_EQ(a.clocks[2].hour, 8);
  EXPECT_EQ(a.clocks[2].minute, 30);
  EXPECT_EQ(a.clocks[3].kind, Clock::Kind::kUntil);
  EXPECT_EQ(a.clocks[4].working_days_before, 1);
  EXPECT_EQ(a.clocks[4].hour, 9);
  EXPECT_TRUE(a.clocks[4].repeats());
  EXPECT_EQ(a.clocks[5].working_days_before, -1);
  EXPECT_EQ(a.clocks[5].minute, 15);
  EXPECT_EQ(a.clocks[6].kind, Clock::Kind::kEvery);
  int clock = 0;
  for (const model::TransitionIndex t : a.transitions) {
    if (d->transitions[t].clock < 0) continue;
    EXPECT_EQ(d->transitions[t].clock, clock++);
  }
  EXPECT_EQ(clock, 7);
  EXPECT_EQ(d->transitions[a.transitions[0]].guard.source(), "limit != null");
}

}  // namespace
}  // namespace duban::definition
