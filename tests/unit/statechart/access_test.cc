#include "core/statechart/access.h"

#include <gmock/gmock.h>

#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

using model::Map;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kReport = R"(
start: {by: [{role: clients}, {person: a}]}
readers: [{post: bureau-head}]
data: {level: {type: text, required: true}, note: text, count: {type: int, default: 7}}
states:
  open:
    on:
      report:
        - {when: "level == 'major'", to: urgent, by: {person: b}, require: reason}
        - {to: normal, by: [{person: c}, {role: clients}]}
      done.elsewhere: normal
      inner: normal
  urgent: {final: true}
  normal: {final: true}
)";

TEST(Access, WhoMayStart) {
  World world(kReport);
  EXPECT_TRUE(MayStart(world.definition(), world.organisation, {"a"}));
  EXPECT_TRUE(MayStart(world.definition(), world.organisation, {"portal"}));
  EXPECT_TRUE(MayStart(world.definition(), world.organisation, {"admin"}));
  EXPECT_TRUE(MayStart(world.definition(), world.organisation, {"system"}));
  EXPECT_FALSE(MayStart(world.definition(), world.organisation, {"b"}));
  const auto refused = world.Start("b", Map({{"level", "x"}}));
  ASSERT_EQ(ReasonOf(refused), "NOT_ALLOWED");
  EXPECT_THAT(refused.error().who, ElementsAre("a"));
}

TEST(Access, WhoMaySee) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "x"}})));
  for (std::string_view who : {"a", "head", "admin", "system"}) {
    EXPECT_TRUE(MaySee(world.definition(), world.organisation, world.state(), {std::string(who)}))
        << who;
  }
  EXPECT_FALSE(MaySee(world.definition(), world.organisation, world.state(), {"b"}));
}

TEST(Start, DataIsChecked) {
  World world(kReport);
  const auto result = world.Start("a", Map({{"note", 5}, {"nothing", "x"}}));
  ASSERT_EQ(ReasonOf(result), "INVALID_DATA");
  std::vector<std::string> fields;
  for (const auto& violation : result.error().violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, testing::UnorderedElementsAre("note", "nothing", "level"));
}

TEST(Start, DefaultsAndStarter) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "x"}})));
  EXPECT_EQ(world.Field("count"), model::Value(7));
  EXPECT_EQ(world.state().starter, "a");
  EXPECT_EQ(world.state().revision, 1u);
  EXPECT_EQ(world.state().started_at, world.now);
  EXPECT_EQ(DataOf(world.definition(), world.state()), Map({{"count", 7}, {"level", "x"}}));
}

TEST(Send, TheFirstTransitionThatIsAllowedIsTaken) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "major"}})));
  EXPECT_EQ(ReasonOf(world.Send("b", "report")), "REASON_REQUIRED");
  ASSERT_TRUE(world.Send("b", "report", {}, "冒顶"));
  EXPECT_THAT(world.Active(), ElementsAre("urgent"));
}

TEST(Send, WhoMayNotIsToldWhoMay) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "x"}})));
  const auto refused = world.Send("a", "report");
  ASSERT_EQ(ReasonOf(refused), "NOT_ALLOWED");
  EXPECT_THAT(refused.error().who, ElementsAre("c"));
  EXPECT_EQ(ReasonOf(world.Send("c", "inner")), "NOT_ALLOWED") << "no `by`: not for people";
  ASSERT_TRUE(world.Send("portal", "report"));
}

TEST(Send, WhatNothingTakesIsRefusedWithWhatWouldBe) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "x"}})));
  const auto refused = world.Send("c", "reports");
  ASSERT_EQ(ReasonOf(refused), "EVENT_NOT_TAKEN");
  std::vector<std::string> events;
  for (const auto& permitted : refused.error().permitted) events.push_back(permitted.event);
  EXPECT_THAT(events, ElementsAre("report", "inner"));
  EXPECT_THAT(refused.error().permitted[0].who, ElementsAre("c"));
  EXPECT_EQ(refused.error().permitted[0].state, "open");
  EXPECT_EQ(world.state().revision, 1u);
}

TEST(Send, AnEndedCaseTakesNothing) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "x"}})));
  ASSERT_TRUE(world.Send("c", "report"));
  EXPECT_TRUE(world.state().ended);
  EXPECT_EQ(ReasonOf(world.Send("c", "report")), "CASE_ENDED");
  EXPECT_THAT(PermittedNow(world.definition(), world.state(), world.facts()), IsEmpty());
}

TEST(Step, AStaleRevisionIsRefused) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "x"}})));
  model::Command command;
  command.actor.id = "c";
  command.expected_revision = 7;
  command.body = model::SendEvent{"report", {}, {}};
  const auto refused = Step(world.definition(), model::Case(world.state()), command, world.facts());
  ASSERT_EQ(ReasonOf(refused), "STALE_REVISION");
  EXPECT_EQ(refused.error().revision, 1u);
}

TEST(Step, OnlyTheEngineFiresTimersAndReportsChildren) {
  World world(kReport);
  ASSERT_TRUE(world.Start("a", Map({{"level", "x"}})));
  EXPECT_EQ(ReasonOf(world.Do("a", model::FireTimer{1})), "NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(world.Do("admin", model::ReportChild{1, "x", {}})), "NOT_ALLOWED");
}

TEST(Permitted, ListsTasksAndTheirOutcomes) {
  World world(R"(
states:
  deciding:
    approval: {title: 决定, by: {post: bureau-head}}
    on: {approved: e, rejected: e, withdraw: {to: e, by: starter}}
  e: {final: true}
)");
  ASSERT_TRUE(world.Start("admin"));
  const auto permitted = PermittedNow(world.definition(), world.state(), world.facts());
  ASSERT_EQ(permitted.size(), 3u);
  EXPECT_EQ(permitted[0].event, "approved");
  EXPECT_EQ(permitted[0].task, world.Task("deciding", "head"));
  EXPECT_THAT(permitted[0].who, ElementsAre("head"));
  EXPECT_EQ(permitted[1].event, "rejected");
  EXPECT_EQ(permitted[2].event, "withdraw");
  EXPECT_THAT(permitted[2].who, ElementsAre("admin"));
}

}  // namespace
}  // namespace duban::statechart
