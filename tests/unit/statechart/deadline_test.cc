// Due dates in depth: the rule in force, where the count begins, suspension, stages of escalation,
// what the system may decide, new holidays.
#include <gmock/gmock.h>

#include "core/statechart/draft.h"
#include "core/statechart/timers.h"
#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::TimerKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Doing(std::string_view due,
                  std::string_view kind = "task: {title: 办理, for: {person: a}}") {
  return "data: {found: date, heard: time}\nstart: {by: [{person: a}]}\nstates:\n  waiting:\n    "
         "on: {go: {to: doing, by: [{person: a}]}}\n"
         "  doing:\n    " +
         std::string(kind) + "\n    due: {" + std::string(due) +
         "}\n    on: {submitted: done, approved: done, rejected: over}\n  done: {final: true}\n  "
         "over: "
         "{final: true}\n";
}

const model::Deadline* DeadlineOfDoing(const World& world) {
  const auto& deadlines = world.state().deadlines;
  return deadlines.empty() ? nullptr : &deadlines.front();
}

std::string DueText(const World& world) {
  const model::Deadline* deadline = DeadlineOfDoing(world);
  return deadline != nullptr ? calendar::LocalText(deadline->due, "Asia/Shanghai") : "none";
}

calendar::Calendar Holidays(const std::string& days) {
  auto calendar = calendar::Calendar::Parse(
      {{"2022.json", R"({"year":2022,"papers":[],"days":[)" + days + "]}"}});
  EXPECT_TRUE(calendar) << calendar.error().en;
  return calendar ? *calendar : calendar::Calendar();
}

constexpr const char* kVersions =
    "first_day: not_counted, basis: [{text: 旧规定, to: 2022-05-31, within: 5 days}, "
    "{text: {zh: 新规定, en: New rule}, from: 2022-06-01, within: 3 days}]";

TEST(Deadline, TheRuleInForceOnTheFirstDayIsUsedAndNamed) {
  World before(Doing(kVersions));
  ASSERT_TRUE(before.Start("a"));
  ASSERT_TRUE(before.Send("a", "go"));
  EXPECT_EQ(DueText(before), "2022-05-21 24:00");
  EXPECT_THAT(DeadlineOfDoing(before)->derivation.zh, HasSubstr("依据：旧规定"));
  World after(Doing(kVersions));
  after.SetNow("2022-06-01T00:30:00+08:00");
  ASSERT_TRUE(after.Start("a"));
  ASSERT_TRUE(after.Send("a", "go"));
  EXPECT_EQ(DueText(after), "2022-06-04 24:00");
  EXPECT_THAT(DeadlineOfDoing(after)->derivation.en,
              HasSubstr("basis: New rule (in force since 2022-06-01)"));
}

TEST(Deadline, WithoutARuleInForceNothingIsDueAndItIsSaid) {
  World world(Doing("basis: [{text: 新规定, from: 2022-06-01, within: 3 days}]"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  EXPECT_EQ(DueText(world), "none");
  ASSERT_NE(world.Find<model::Logged>(), nullptr);
  EXPECT_THAT(world.Find<model::Logged>()->text,
              HasSubstr("no version of the basis is in force on 2022-05-16"));
}

TEST(Deadline, CountsFromTheCaseTheFieldOrTheEvent) {
  World start(Doing("within: 3 days, from: start"));
  ASSERT_TRUE(start.Start("a"));
  start.Advance(model::Duration::Seconds(2 * 86'400));
  ASSERT_TRUE(start.Send("a", "go"));
  EXPECT_EQ(DueText(start), "2022-05-19 24:00");

  World field(Doing("within: 3 days, from: {field: found}"));
  ASSERT_TRUE(field.Start("a", Map({{"found", "2022-05-10"}})));
  ASSERT_TRUE(field.Send("a", "go"));
  EXPECT_EQ(DueText(field), "2022-05-13 24:00") << "in the past: it is overdue at once";

  World event(Doing("within: 24 hours, from: {event: heard}"));
  ASSERT_TRUE(event.Start("a"));
  ASSERT_TRUE(event.Send("a", "go", Map({{"heard", "2022-05-16T08:15:00+08:00"}})));
  EXPECT_EQ(DueText(event), "2022-05-17 08:15");

  World unset(Doing("within: 24 hours, from: {event: heard}"));
  ASSERT_TRUE(unset.Start("a"));
  ASSERT_TRUE(unset.Send("a", "go"));
  EXPECT_EQ(DueText(unset), "none");
  EXPECT_THAT(unset.Find<model::Logged>()->text, HasSubstr("`heard`"));
}

TEST(Deadline, EachStageOfTheEscalationHasItsTimeAndItsAddressees) {
  World world(
      Doing("within: 3 days, overdue: [{escalate: {person: b}}, "
            "{after: 1 day, escalate: {person: head}}, {after: 3 days, to: over}]"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  world.Told();
  world.AdvanceTo("2022-05-20T00:00:00+08:00");
  EXPECT_THAT(world.Told(), ElementsAre("overdue a", "escalation b"));
  EXPECT_TRUE(DeadlineOfDoing(world)->passed);
  EXPECT_EQ(DueText(world), "2022-05-19 24:00") << "a due date that has passed is still known";
  world.AdvanceTo("2022-05-21T00:00:00+08:00");
  EXPECT_THAT(world.Told(), ElementsAre("escalation head"));
  EXPECT_THAT(world.Active(), ElementsAre("doing"));
  world.AdvanceTo("2022-05-23T00:00:00+08:00");
  EXPECT_TRUE(world.state().ended);
  EXPECT_EQ(world.state().outcome, "over");
  EXPECT_THAT(world.state().timers, IsEmpty());
  EXPECT_THAT(world.state().deadlines, IsEmpty());
}

TEST(Deadline, AnsweredAfterTheFirstStageEndsTheOthers) {
  World world(
      Doing("within: 3 days, overdue: [{escalate: {person: b}}, {after: 1 day, to: over}]"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  world.AdvanceTo("2022-05-20T00:00:00+08:00");
  ASSERT_TRUE(world.Decide("b", "doing", "submitted"));
  EXPECT_EQ(world.state().outcome, "done");
  EXPECT_THAT(world.state().timers, IsEmpty());
}

TEST(Deadline, TheSystemDecidesWhereTheDefinitionSaysSo) {
  World world(Doing("within: 3 days, overdue: {decide: rejected}",
                    "approval: {title: 审批, by: {person: a}}"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  world.AdvanceTo("2022-05-20T00:00:00+08:00");
  EXPECT_EQ(world.state().outcome, "over");
  const auto* vote = world.Find<model::SeatDecided>();
  ASSERT_NE(vote, nullptr);
  EXPECT_EQ(vote->vote.by, model::Principal::kSystem);
  EXPECT_EQ(vote->vote.automatic, model::Automatic::kOverdue);
}

// Returned to be improved, then decided by the clock: it goes back to who returned it all the same.
TEST(Deadline, WhatTheSystemDecidesEndsAReturn) {
  World world(R"(
start: {by: [{person: a}]}
states:
  drafting:
    task: {title: 拟稿, for: {person: a}}
    due: {within: 3 days, overdue: {decide: submitted}}
    on: {submitted: checking}
  checking:
    task: {title: 核稿, for: {person: a}}
    on: {submitted: deciding}
  deciding:
    approval: {title: 审批, by: {person: b}, return: {to: [drafting], resubmit: back_to_returner}}
    on: {approved: done, rejected: done}
  done: {final: true}
)");
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Decide("a", "drafting", "submitted"));
  ASSERT_TRUE(world.Decide("a", "checking", "submitted"));
  model::Return back;
  back.to = model::Return::To::kState;
  back.state = "drafting";
  back.task = world.Task("deciding", "b");
  back.opinion = "补充";
  ASSERT_TRUE(world.Do("b", back));
  EXPECT_THAT(world.Active(), ElementsAre("drafting"));
  world.AdvanceTo("2022-05-20T00:00:00+08:00");
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
}

TEST(Deadline, ANewNoticeMovesWhatItTouchesAndSaysBoth) {
  World world(Doing("within: 3 working days, remind: [0 working days], overdue: {to: over}"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  EXPECT_EQ(DueText(world), "2022-05-19 24:00");
  EXPECT_TRUE(DeadlineOfDoing(world)->provisional);
  world.Told();
  world.calendar = Holidays(R"({"name":"劳动节","date":"2022-05-18","isOffDay":true})");
  ASSERT_TRUE(world.Do("system", model::RecomputeDeadlines{world.calendar.version()}));
  EXPECT_EQ(DueText(world), "2022-05-20 24:00");
  EXPECT_FALSE(DeadlineOfDoing(world)->provisional);
  const auto* moved = world.Find<model::DeadlineMoved>();
  ASSERT_NE(moved, nullptr);
  EXPECT_EQ(calendar::LocalText(moved->old_due, "Asia/Shanghai"), "2022-05-19 24:00");
  EXPECT_THAT(moved->old_derivation.en, HasSubstr("provisional"));
  EXPECT_THAT(moved->derivation.en, HasSubstr("05-18 off (劳动节)"));
  EXPECT_THAT(world.Told(), ElementsAre("moved a"));
  EXPECT_EQ(world.Timers(TimerKind::kOverdue).at(0)->calendar, world.calendar.version());
  ASSERT_EQ(world.Timers(TimerKind::kReminder).size(), 1U);
  EXPECT_EQ(calendar::LocalText(world.Timers(TimerKind::kReminder)[0]->due, "Asia/Shanghai"),
            "2022-05-20 09:00");

  const model::Revision before = world.state().revision;
  ASSERT_TRUE(world.Do("system", model::RecomputeDeadlines{world.calendar.version()}));
  EXPECT_EQ(world.state().revision, before) << "the second time nothing happens";
  world.AdvanceTo("2022-05-21T00:00:00+08:00");
  EXPECT_EQ(world.state().outcome, "over");
}

TEST(Deadline, ANoticeThatConfirmsTheDateTellsNobody) {
  World world(Doing("within: 3 working days"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  world.Told();
  world.calendar = Holidays(R"({"name":"国庆节","date":"2022-10-03","isOffDay":true})");
  ASSERT_TRUE(world.Do("system", model::RecomputeDeadlines{world.calendar.version()}));
  EXPECT_FALSE(DeadlineOfDoing(world)->provisional);
  EXPECT_THAT(world.Told(), IsEmpty());
  EXPECT_EQ(world.Count<model::DeadlineMoved>(), 1U);
}

TEST(Deadline, CalendarDaysAndHoursAreNotTouched) {
  for (const char* due : {"within: 3 days", "within: 24 hours", "on: 2022-05-18"}) {
    World world(Doing(due));
    ASSERT_TRUE(world.Start("a"));
    ASSERT_TRUE(world.Send("a", "go"));
    const model::Revision before = world.state().revision;
    world.calendar = Holidays(R"({"name":"劳动节","date":"2022-05-18","isOffDay":true})");
    ASSERT_TRUE(world.Do("system", model::RecomputeDeadlines{world.calendar.version()}));
    EXPECT_EQ(world.state().revision, before) << due;
  }
}

TEST(Deadline, OnlyTheEngineRecounts) {
  World world(Doing("within: 3 working days"));
  ASSERT_TRUE(world.Start("a"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::RecomputeDeadlines{})), "NOT_ALLOWED");
}

// Suspension as it is recorded, without the command that leads to it.
class Suspension {
 public:
  explicit Suspension(World& world) : world_(world) {}

  void Begin() {
    Change([](Draft& draft) {
      draft.Emit(model::CaseSuspended{draft.facts().now, "r", draft.actor().id});
      PauseTimers(draft);
    });
  }
  void End() {
    Change([](Draft& draft) {
      ResumeTimers(draft);
      draft.Emit(model::CaseResumed{"r"});
    });
  }
  const model::Case& state() const { return state_; }

 private:
  template <class Do>
  void Change(Do change) {
    if (state_.revision == 0) state_ = world_.state();
    const model::Principal actor{"a"};
    const Facts facts = world_.facts();
    Outcome outcome;
    outcome.next = std::move(state_);
    Draft draft(world_.definition(), outcome, facts, actor);
    change(draft);
    ASSERT_FALSE(std::move(draft).Finish());
    state_ = std::move(outcome.next);
  }
  World& world_;
  model::Case state_;
};

std::string DueText(const model::Case& state) {
  return state.deadlines.empty() ? "none"
                                 : calendar::LocalText(state.deadlines[0].due, "Asia/Shanghai");
}

TEST(Deadline, WithPauseASuspensionIsNotCounted) {
  World world(
      Doing("within: 5 working days, pause: true, remind: [1 working day], overdue: {to: over}"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  Suspension suspension(world);
  EXPECT_EQ(DueText(world), "2022-05-23 24:00");
  world.SetNow("2022-05-18T10:00:00+08:00");
  suspension.Begin();
  EXPECT_THAT(suspension.state().timers, IsEmpty());
  world.SetNow("2022-05-25T10:00:00+08:00");
  suspension.End();
  EXPECT_EQ(DueText(suspension.state()), "2022-05-30 24:00")
      << "18, 19, 20, 23 and 24 May are not counted";
  EXPECT_EQ(suspension.state().deadlines[0].paused, 5);
  EXPECT_THAT(suspension.state().deadlines[0].derivation.en,
              HasSubstr("5 working days of suspension among them"));
  EXPECT_EQ(suspension.state().timers.size(), 2U);
}

TEST(Deadline, HoursPauseByTheSecond) {
  World world(Doing("within: 24 hours, pause: true"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  Suspension suspension(world);
  world.SetNow("2022-05-16T12:00:00+08:00");
  suspension.Begin();
  world.SetNow("2022-05-16T13:30:00+08:00");
  suspension.End();
  EXPECT_EQ(DueText(suspension.state()), "2022-05-17 10:30");
}

TEST(Deadline, AStatutoryOneRunsOnByDefault) {
  World world(Doing("within: 5 working days, basis: 某法 第五条"));
  ASSERT_TRUE(world.Start("a"));
  ASSERT_TRUE(world.Send("a", "go"));
  Suspension suspension(world);
  suspension.Begin();
  EXPECT_EQ(suspension.state().timers.size(), 1U);
  world.SetNow("2022-05-25T10:00:00+08:00");
  suspension.End();
  EXPECT_EQ(DueText(suspension.state()), "2022-05-23 24:00");
}

// Which clocks stop is said with each due date; `after`, `at` and `every` are none, and never stop.
TEST(Deadline, ClocksThatAreNoDueDateRunOn) {
  Bureau world(R"(
start: {by: [{person: s}]}
states:
  deciding:
    approval: {title: 审批, by: {person: a}}
    due: {within: 3 days, pause: true}
    after: [{within: 2 days, to: expired}]
    on: {approved: done, rejected: done}
  expired: {final: true}
  done: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Do("admin", model::Suspend{"等待"}));
  EXPECT_TRUE(world.Timers(model::TimerKind::kOverdue).empty()) << "this one stops";
  EXPECT_EQ(world.Timers(model::TimerKind::kClock).size(), 1U);
  world.Advance(model::Duration::Hours(72));
  EXPECT_EQ(world.state().outcome, "expired");
}

}  // namespace
}  // namespace duban::statechart
