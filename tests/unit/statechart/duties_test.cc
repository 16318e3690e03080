// Who is asked and who must not be: the six questions, addressees, separation of duties, recusal.
// The choke point is walked by every command that can put a person on a task.
#include "core/statechart/access.h"
#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {
namespace {

using model::Map;
using model::Relation;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Asked(const std::string& keys, const std::string& more = "") {
  Bureau world(Approval(keys, more));
  const auto started = world.Start("s");
  EXPECT_TRUE(started);
  const auto submitted = world.Vote("s", "submitted", "drafting");
  EXPECT_TRUE(submitted) << submitted.error().message.en;
  return world.Turns();
}

TEST(Who, addressees) {
  EXPECT_THAT(Asked("by: {group: leading}"), ElementsAre("head", "deputy"));
  EXPECT_THAT(Asked("by: {group: committee}"), ElementsAre("d", "c", "a", "b"));
  EXPECT_THAT(Asked("by: {superior_of: starter}"), ElementsAre("boss"));
  EXPECT_THAT(Asked("by: {superior_of: actor}"), ElementsAre("boss")) << "s acted last";
  EXPECT_THAT(Asked("by: {superior_of: boss}"), ElementsAre("head"));
  EXPECT_THAT(Asked("by: {superior_of: d}"), ElementsAre("c"));
  EXPECT_THAT(Asked("by: {superiors_of: d, levels: 3}"), ElementsAre("c", "boss", "head"));
  EXPECT_THAT(Asked("by: {superiors_of: d, levels: 9}"), ElementsAre("c", "boss", "head"));
  EXPECT_THAT(Asked("by: {deputy_in_charge_of: starter}"), ElementsAre("deputy"));
  EXPECT_THAT(Asked("by: {deputy_in_charge_of: d}"), ElementsAre("deputy"))
      << "of the office above";
  EXPECT_THAT(Asked("by: {head_of: starter}"), ElementsAre("boss"));
  EXPECT_THAT(Asked("by: {superior_of: huayang}"), ElementsAre("boss"));
}

TEST(Who, nobody) {
  EXPECT_THAT(Asked("by: {role: gone}"), ElementsAre("admin", "admin2")) << "the default";
  EXPECT_THAT(Asked("by: {role: gone}, fallback: {person: s}"), ElementsAre("admin", "admin2"))
      << "the starter does not decide on their own case by way of the fallback";
  EXPECT_THAT(Asked("by: {role: gone}, fallback: {person: e}"), ElementsAre("e"));
  Bureau approve(Approval("by: {role: gone}, nobody: approve"));
  Submit(approve);
  EXPECT_THAT(approve.Active(), ElementsAre("yes_"));
  Bureau reject(Approval("by: {post: vacant}, nobody: reject"));
  Submit(reject);
  EXPECT_THAT(reject.Active(), ElementsAre("no_"));
}

TEST(Who, an_expression_that_fails_is_not_nobody) {
  Bureau world(Approval("by: {expression: \"'no-such-person'\"}, nobody: approve"));
  Submit(world);
  EXPECT_THAT(world.Turns(), ElementsAre("admin", "admin2")) << "never approved by mistake";
  const auto* logged = world.Find<model::Logged>();
  ASSERT_NE(logged, nullptr);
  EXPECT_NE(logged->text.find("nobody's id"), std::string::npos);
}

TEST(Who, starter) {
  EXPECT_THAT(Asked("by: {person: s}"), ElementsAre("boss")) << "the superior, by default";
  EXPECT_THAT(Asked("by: {person: s}, when_starter: self"), ElementsAre("s"));
  EXPECT_THAT(Asked("by: {person: s}, when_starter: administrators"),
              ElementsAre("admin", "admin2"));
  EXPECT_THAT(Asked("by: [{person: s}, {person: b}], rule: all"), ElementsAre("boss", "b"));
  EXPECT_THAT(Asked("by: [{person: s}, {person: b}], rule: all, when_starter: skip"),
              ElementsAre("b"));
  Bureau world(Approval("by: {person: s}, when_starter: skip"));
  Submit(world);
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Who, on_leave) {
  EXPECT_THAT(Asked("by: {role: leavers}"), ElementsAre("b"));
  EXPECT_THAT(Asked("by: {role: resting}"), ElementsAre("absent")) << "there is nobody else";
}

TEST(Who, repeat_consecutive) {
  constexpr std::string_view kTwice = R"(
start: {by: [{person: s}]}
repeat: skip_consecutive
states:
  one: {approval: {title: 一, by: {person: a}}, on: {approved: two, rejected: end}}
  two: {approval: {title: 二, by: [{person: a}, {person: b}], rule: all}, on: {approved: three, rejected: end}}
  three: {approval: {title: 三, by: {person: c}}, on: {approved: four, rejected: end}}
  four: {approval: {title: 四, by: {person: a}}, on: {approved: end, rejected: end}}
  end: {final: true}
)";
  Bureau world(kTwice);
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Vote("a", "approved", "one"));
  EXPECT_THAT(world.Turns("two"), ElementsAre("b"));
  EXPECT_EQ(world.SeatOf("two", "a")->vote.automatic, model::Automatic::kRepeated);
  ASSERT_TRUE(world.Vote("b", "approved", "two"));
  ASSERT_TRUE(world.Vote("c", "approved", "three"));
  EXPECT_THAT(world.Turns("four"), ElementsAre("a")) << "not directly before";
}

constexpr std::string_view kSeparated = R"(
data: {first: person, second: person, relative: person}
rules:
  - {separate: [checking, deciding], basis: 内控制度}
  - {barred: [{field: relative}], in: [deciding], basis: 行政处罚法第四十三条}
  - {differ: [first, second]}
start: {by: [{person: s}]}
states:
  checking:
    task: {title: 核查, for: {role: officers}, form: [first, second, relative]}
    on: {submitted: deciding}
  deciding:
    approval: {title: 审批, by: [{role: officers}, {person: d}], rule: all, fallback: {person: e}}
    due: {within: 1 days, overdue: {escalate: {role: officers}}}
    on: {approved: yes_, rejected: no_}
  yes_: {final: true}
  no_: {final: true}
)";

// In `deciding`: a has checked and is separated, c is a relative and barred.
void ToDeciding(Bureau& world) {
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Do("a", model::Decide{world.TaskOf("checking", "a"), "submitted", "",
                                          Map({{"relative", "c"}})}));
}

TEST(ChokePoint, every_command_that_can_put_a_person_on_a_task) {
  Bureau world(kSeparated);
  ToDeciding(world);
  EXPECT_THAT(world.Turns(), ElementsAre("b", "d")) << "resolution at opening";
  const model::Ordinal task = world.TaskOf("deciding", "b");
  for (const model::PersonId barred : {"a", "c"}) {
    SCOPED_TRACE(barred);
    const auto refused = [&](const Result& result) {
      ASSERT_EQ(ReasonOf(result), "BARRED");
      EXPECT_NE(result.error().message.zh.find("依据"), std::string::npos);
    };
    refused(world.Do("b", model::Transfer{task, barred, "", {}, {}}));
    refused(world.Do("b", model::Delegate{task, barred, ""}));
    for (const Relation relation : {Relation::kBefore, Relation::kAfter, Relation::kParallel})
      refused(world.Do("b", model::AddSigners{task, {barred}, relation, false, ""}));
    refused(
        world.Do("admin", model::Transfer{task, barred, "", model::Move::Kind::kHandedOver, "b"}));
    model::ProposeOverride reassign;
    reassign.kind = model::Override::Kind::kReassign;
    reassign.task = task;
    reassign.people = {barred};
    reassign.reason = "x";
    refused(world.Do("admin", reassign));
  }
  world.Advance(model::Duration::Hours(72));
  EXPECT_THAT(world.Round("deciding")->seats.at(0).candidates, ElementsAre("b"))
      << "escalation to officers brings in neither a nor c";
}

TEST(ChokePoint, a_reassignment_is_looked_at_again_when_it_is_confirmed) {
  Bureau world(kSeparated);
  ToDeciding(world);
  model::ProposeOverride reassign;
  reassign.kind = model::Override::Kind::kReassign;
  reassign.task = world.TaskOf("deciding", "b");
  reassign.people = {"f"};
  reassign.reason = "x";
  ASSERT_TRUE(world.Do("admin", reassign));
  world.Disable("f");
  EXPECT_EQ(ReasonOf(world.Do(
                "admin2", model::CloseOverride{world.state().overrides.front().ordinal, true, ""})),
            "UNKNOWN_PERSON");
}

TEST(ChokePoint, a_mandate_is_no_way_round) {
  Bureau world(R"(
rules:
  - {barred: [{person: f}], basis: 回避}
start: {by: [{person: s}]}
states:
  deciding:
    approval: {title: 审批, by: {person: a}}
    on: {approved: end, rejected: end}
  end: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  model::Decide decide{world.TaskOf("deciding", "a"), "approved", "", {}};
  decide.on_behalf_of = "a";
  EXPECT_EQ(ReasonOf(world.Do("f", decide)), "BARRED");
  EXPECT_TRUE(world.Do("agent", decide));
}

TEST(ChokePoint, who_comes_under_a_rule_while_holding_a_task_loses_it) {
  Bureau world(R"(
rules:
  - {separate: [left, right], basis: 内控制度}
start: {by: [{person: s}]}
states:
  both:
    parallel: true
    states:
      l: {initial: left, states: {left: {task: {title: 左, for: {role: officers}}, on: {submitted: l_}}, l_: {final: true}}}
      r: {initial: right, states: {right: {task: {title: 右, for: {person: a}}, on: {submitted: r_}}, r_: {final: true}}}
)");
  ASSERT_TRUE(world.Start("s"));
  const model::Ordinal task = world.TaskOf("right", "a");
  ASSERT_TRUE(world.Vote("a", "submitted", "left"));
  EXPECT_THAT(world.Turns("right"), ElementsAre("admin", "admin2"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Decide{task, "submitted", "", {}})), "TASK_REASSIGNED");
}

TEST(ChokePoint, who_started_the_case_where_a_rule_says_so) {
  Bureau world(R"(
rules:
  - {separate: [starter, handling], basis: 内控制度}
start: {by: [{role: officers}]}
states:
  handling: {task: {title: 承办, for: {role: officers}}, on: {submitted: end}}
  end: {final: true}
)");
  ASSERT_TRUE(world.Start("a"));
  EXPECT_THAT(world.Turns("handling"), ElementsAre("b", "c"));
  const auto back = world.Do("b", model::Transfer{world.TaskOf("handling", "b"), "a", "", {}, {}});
  ASSERT_EQ(ReasonOf(back), "BARRED");
  EXPECT_NE(back.error().message.zh.find("内控制度"), std::string::npos);
}

TEST(ChokePoint, fields_that_must_differ) {
  Bureau world(kSeparated);
  EXPECT_EQ(ReasonOf(world.Start("s", Map({{"first", "a"}, {"second", "a"}}))), "BARRED");
  ASSERT_TRUE(world.Start("s", Map({{"first", "a"}})));
  const auto same = world.Do(
      "b", model::Decide{world.TaskOf("checking", "b"), "submitted", "", Map({{"second", "a"}})});
  ASSERT_EQ(ReasonOf(same), "BARRED");
  ASSERT_EQ(same.error().violations.size(), 1U);
  EXPECT_EQ(same.error().violations[0].field, "second");
}

TEST(ChokePoint, an_unknown_person_is_named) {
  Bureau world(kSeparated);
  ToDeciding(world);
  for (const model::PersonId who : {"former", "portal", "nobody"}) {
    EXPECT_EQ(ReasonOf(world.Do("b", model::Delegate{world.TaskOf("deciding", "b"), who, ""})),
              "UNKNOWN_PERSON");
  }
}

}  // namespace
}  // namespace duban::statechart
