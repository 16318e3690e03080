// Tasks and approvals: who is asked, how a round ends, what is refused.
#include <gmock/gmock.h>

#include "tests/unit/statechart/world.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::SeatState;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string Approval(std::string_view how) {
  return "states:\n  deciding:\n    approval: {title: 决定, " + std::string(how) +
         "}\n    on: {approved: yes_, rejected: no_}\n  yes_: {final: true}\n  no_: {final: "
         "true}\n";
}

constexpr std::string_view kTask = R"(
data:
  place: {type: text, max: 10}
  count: {type: int}
  other: text
states:
  doing:
    task:
      title: {zh: "核实 {{place}}", en: "Check {{place}}"}
      for: {role: officers}
      form: [{field: place, required: true}, count]
      outcomes: {submitted: 提交, refused: 不受理}
      opinion: [refused]
    on:
      submitted: {to: done, do: [{assign: {other: event.data.place}}]}
      refused: closed
  done: {final: true}
  closed: {final: true}
)";

TEST(Task, CandidatesShareOneSeatAndTheFirstDecides) {
  World world(kTask);
  ASSERT_TRUE(world.Start());
  EXPECT_THAT(world.Told(), ElementsAre("task a", "task b", "task c"));
  const auto seat = world.Round("doing")->seats.at(0);
  EXPECT_THAT(seat.candidates, ElementsAre("a", "b", "c"));
  ASSERT_TRUE(
      world.Decide("b", "doing", "submitted", "", Map({{"place", "锅炉房"}, {"count", 3}})));
  EXPECT_THAT(world.Active(), ElementsAre("done"));
  EXPECT_EQ(world.Field("other"), model::Value("锅炉房"));
  EXPECT_EQ(world.Field("count"), model::Value(3));
  EXPECT_TRUE(world.state().rounds.empty());
  EXPECT_THAT(world.state().participants, ElementsAre("a", "b", "c"));
}

TEST(Task, TitleIsRenderedInBothLanguages) {
  World world(kTask);
  ASSERT_TRUE(world.Start("system", Map({{"place", "井下"}})));
  EXPECT_EQ(world.Round("doing")->title, model::Text("核实 井下", "Check 井下"));
  EXPECT_EQ(world.messages.at(0).subject.zh, "【待办】核实 井下");
  EXPECT_EQ(world.messages.at(0).subject.en, "To do: Check 井下");
}

TEST(Task, FormIsCheckedFieldByField) {
  World world(kTask);
  ASSERT_TRUE(world.Start());
  const auto result =
      world.Decide("a", "doing", "submitted", "", Map({{"count", "many"}, {"other", "x"}}));
  ASSERT_EQ(ReasonOf(result), "INVALID_DATA");
  std::vector<std::string> fields;
  for (const auto& violation : result.error().violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, UnorderedElementsAre("count", "other", "place"));
  EXPECT_EQ(ReasonOf(world.Decide("a", "doing", "submitted", "",
                                  Map({{"place", "一二三四五六七八九十一"}}))),
            "INVALID_DATA");
}

TEST(Task, WhatIsRefused) {
  World world(kTask);
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(ReasonOf(world.Decide("a", "doing", "maybe")), "UNKNOWN_OUTCOME");
  EXPECT_EQ(ReasonOf(world.Decide("a", "doing", "refused", "", Map({{"place", "x"}}))),
            "REASON_REQUIRED");
  const auto stranger = world.Decide("x", "doing", "submitted", "", Map({{"place", "x"}}));
  ASSERT_EQ(ReasonOf(stranger), "NOT_ALLOWED");
  EXPECT_THAT(stranger.error().who, ElementsAre("a", "b", "c"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Decide{999, "submitted", "", {}})), "UNKNOWN_TASK");
  EXPECT_EQ(ReasonOf(world.Do("a", model::Decide{0, "submitted", "", {}})), "UNKNOWN_TASK");
  const model::Ordinal task = world.Task("doing", "a");
  ASSERT_TRUE(world.Decide("a", "doing", "refused", "资料不全", Map({{"place", "x"}})));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Decide{task, "submitted", "", {}})), "TASK_CLOSED");
}

TEST(Task, OutcomeReachesOnlyItsStateAndThoseAround) {
  World world(R"(
states:
  both:
    parallel: true
    on: {refused: out}
    states:
      left:
        states:
          l1:
            task: {title: 左, for: {person: a}, outcomes: [submitted, refused]}
            on: {submitted: l2}
          l2: {on: {back: l1}}
      right:
        states:
          r1:
            task: {title: 右, for: {person: b}, outcomes: [submitted, refused]}
            on: {submitted: r2}
          r2: {on: {back: r1}}
  out: {final: true}
)");
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Decide("a", "l1", "submitted"));
  EXPECT_THAT(world.Active(), ElementsAre("l2", "r1"));
  ASSERT_TRUE(world.Decide("b", "r1", "refused"));
  EXPECT_THAT(world.Active(), ElementsAre("out"));
}

TEST(People, FallbackThenAdministratorsThenNobody) {
  World fallback(Approval("by: {post: vacant}, fallback: {person: deputy}"));
  ASSERT_TRUE(fallback.Start());
  EXPECT_THAT(fallback.Told(), ElementsAre("task deputy"));
  World administrators(Approval("by: {post: vacant}"));
  ASSERT_TRUE(administrators.Start());
  EXPECT_THAT(administrators.Told(), ElementsAre("task admin"));
  World nobody(Approval("by: {post: vacant}"));
  nobody.organisation = {};
  const auto refused = nobody.Start();
  EXPECT_EQ(ReasonOf(refused), "NOBODY");
  EXPECT_TRUE(nobody.state().configuration.empty());
}

TEST(People, ServiceAccountsAreNeverCandidates) {
  World world(Approval("by: [{role: clients}, {person: a}]"));
  ASSERT_TRUE(world.Start());
  EXPECT_THAT(world.Told(), ElementsAre("task a"));
}

TEST(Approval, AnyOneVoteDecides) {
  World world(Approval("by: {role: officers}, rule: any"));
  ASSERT_TRUE(world.Start());
  ASSERT_EQ(world.Round("deciding")->seats.size(), 3u);
  ASSERT_TRUE(world.Decide("b", "deciding", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Approval, AllMustApprove) {
  World world(Approval("by: {role: officers}, rule: all"));
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Decide("a", "deciding", "approved", "好"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  const auto again = world.Decide("a", "deciding", "rejected");
  ASSERT_EQ(ReasonOf(again), "ALREADY_DECIDED");
  EXPECT_EQ(again.error().vote.by, "a");
  EXPECT_EQ(again.error().vote.outcome, "approved");
  EXPECT_EQ(again.error().vote.opinion, "好");
  ASSERT_TRUE(world.Decide("b", "deciding", "approved"));
  ASSERT_TRUE(world.Decide("c", "deciding", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Approval, OneRejectionEndsAll) {
  World world(Approval("by: {role: officers}, rule: all"));
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Decide("c", "deciding", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Approval, CollectingWaitsForEveryOpinion) {
  World world(Approval("by: {role: officers}, rule: {all: {collect: true}}"));
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Decide("a", "deciding", "rejected"));
  ASSERT_TRUE(world.Decide("b", "deciding", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  ASSERT_TRUE(world.Decide("c", "deciding", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Approval, SequenceAsksOneAfterTheOther) {
  World world(Approval("by: [{person: a}, {person: b}], rule: sequence"));
  ASSERT_TRUE(world.Start());
  EXPECT_THAT(world.Told(), ElementsAre("task a"));
  EXPECT_THAT(world.state().participants, ElementsAre("a"));
  EXPECT_EQ(ReasonOf(world.Decide("b", "deciding", "approved")), "TASK_NOT_OPEN_YET");
  ASSERT_TRUE(world.Decide("a", "deciding", "approved"));
  EXPECT_THAT(world.Told(), ElementsAre("task b"));
  EXPECT_EQ(world.Round("deciding")->seats[1].state, SeatState::kOpen);
  ASSERT_TRUE(world.Decide("b", "deciding", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Approval, RatioPassesAsSoonAsItIsReached) {
  World world(Approval("by: {role: officers}, rule: {ratio: 60}"));
  ASSERT_TRUE(world.Start());
  ASSERT_TRUE(world.Decide("a", "deciding", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  ASSERT_TRUE(world.Decide("c", "deciding", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Approval, ReasonThatTheTransitionRequires) {
  World world(R"(
states:
  deciding:
    approval: {title: 决定, by: {person: head}}
    on: {approved: yes_, rejected: {to: no_, require: reason}}
  yes_: {final: true}
  no_: {final: true}
)");
  ASSERT_TRUE(world.Start());
  EXPECT_EQ(ReasonOf(world.Decide("head", "deciding", "rejected")), "REASON_REQUIRED");
  ASSERT_TRUE(world.Decide("head", "deciding", "rejected", "证据不足"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Notify, WordsShowNamesAndGoToEachOnce) {
  World world(R"(
data:
  enterprise: {type: enterprise}
  level: {type: enum, values: {general: 一般, major: 重大}}
  fine: money
messages:
  m:
    subject: {zh: "【{{level}}】{{enterprise}}", en: "{{enterprise}}"}
    text: {zh: "罚款 {{fine}} 元", en: "Fine {{fine}}"}
states:
  s:
    entry: [{notify: {to: [{field: enterprise}, {head_of: {field: enterprise}}, {office: mines}], message: m}}]
    on: {go: e}
  e: {final: true}
)");
  ASSERT_TRUE(world.Start("system",
                          Map({{"enterprise", "huayang"}, {"level", "major"}, {"fine", 123456}})));
  ASSERT_EQ(world.messages.size(), 4u);
  EXPECT_EQ(world.messages[0].subject, model::Text("【重大】华阳", "华阳"));
  EXPECT_EQ(world.messages[0].body, model::Text("罚款 1234.56 元", "Fine 1234.56"));
  EXPECT_THAT(world.Told(), ElementsAre("notify x", "notify a", "notify b", "notify c"));
}

}  // namespace
}  // namespace duban::statechart
