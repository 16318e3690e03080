// The catalogue of docs/approvals.md, decisions by many: each test is called after its row.
#include "core/statechart/seats.h"
#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {
namespace {

using model::SeatState;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Catalogue, countersign_all) {
  Bureau world(Approval("by: {role: officers}, rule: all"));
  Submit(world);
  EXPECT_THAT(world.Turns(), ElementsAre("a", "b", "c"));
  ASSERT_TRUE(world.Vote("a", "approved"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  ASSERT_TRUE(world.Vote("c", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, countersign_all_one_refusal_ends_it) {
  Bureau world(Approval("by: {role: officers}, rule: all"));
  Submit(world);
  ASSERT_TRUE(world.Vote("b", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Catalogue, countersign_all_collects_every_opinion) {
  Bureau world(Approval("by: {role: officers}, rule: {all: {collect: true}}"));
  Submit(world);
  ASSERT_TRUE(world.Vote("a", "rejected"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  ASSERT_TRUE(world.Vote("c", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Catalogue, countersign_all_same_person_twice_collapses) {
  Bureau world(Approval("by: [{person: a}, {role: officers}, {person: b}], rule: all"));
  Submit(world);
  EXPECT_THAT(world.Turns(), ElementsAre("a", "b", "c"));
}

TEST(Catalogue, countersign_ratio) {
  Bureau world(Approval("by: {role: officers}, rule: {ratio: 60}"));
  Submit(world);
  ASSERT_TRUE(world.Vote("a", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  ASSERT_TRUE(world.Vote("c", "approved"));  // 2 of 3 is 66 %
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, countersign_ratio_fails_early) {
  Bureau world(Approval("by: {role: officers}, rule: {ratio: 60}"));
  Submit(world);
  ASSERT_TRUE(world.Vote("a", "rejected"));
  ASSERT_TRUE(world.Vote("b", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Catalogue, or_sign) {
  Bureau world(Approval("by: {role: officers}, rule: any"));
  Submit(world);
  const model::Ordinal other = world.TaskOf("deciding", "c");
  ASSERT_TRUE(world.Vote("b", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
  EXPECT_EQ(ReasonOf(world.Do("c", model::Decide{other, "approved", "", {}})), "TASK_CLOSED");
}

TEST(Catalogue, sequential) {
  Bureau world(Approval("by: {role: officers}, rule: sequence"));
  Submit(world);
  EXPECT_THAT(world.Turns(), ElementsAre("a"));
  EXPECT_EQ(ReasonOf(world.Vote("b", "approved")), "TASK_NOT_OPEN_YET");
  ASSERT_TRUE(world.Vote("a", "approved"));
  EXPECT_THAT(world.Turns(), ElementsAre("b"));
  ASSERT_TRUE(world.Vote("b", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Catalogue, sequential_next_person_has_left_meanwhile) {
  Bureau world(Approval("by: {role: officers}, rule: sequence"));
  Submit(world);
  world.Disable("b");
  ASSERT_TRUE(world.Vote("a", "approved"));
  EXPECT_THAT(world.Turns(), ElementsAre("admin", "admin2"));
}

TEST(Catalogue, random_one) {
  const std::string chart = Approval("by: {role: officers}, draw: 1");
  std::vector<std::string> drawn;
  for (std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U}) {
    Bureau world(chart);
    world.seed = seed;
    Submit(world);
    ASSERT_EQ(world.Turns().size(), 1U);
    drawn.push_back(world.Turns().front());
    EXPECT_NE(world.Round("deciding")->seed, 0U);
    Bureau again(chart);
    again.seed = seed;
    Submit(again);
    EXPECT_EQ(again.Turns(), world.Turns()) << "the same seed draws the same";
  }
  EXPECT_THAT(drawn, testing::Contains(testing::Ne(drawn.front())));
}

TEST(Catalogue, vote) {
  Bureau world(Approval("by: {role: officers}, rule: {count: 2}, abstain: true"));
  Submit(world);
  ASSERT_TRUE(world.Vote("a", "abstained"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  ASSERT_TRUE(world.Vote("c", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, vote_abstention_has_to_be_allowed) {
  Bureau world(Approval("by: {role: officers}, rule: {count: 2}"));
  Submit(world);
  EXPECT_EQ(ReasonOf(world.Vote("a", "abstained")), "UNKNOWN_OUTCOME");
}

TEST(Catalogue, weighted_vote) {
  Bureau world(
      Approval("by: [{post: bureau-head, weight: 3}, {role: officers}], "
               "rule: {weighted: {threshold: 4}}"));
  Submit(world);
  ASSERT_TRUE(world.Vote("head", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, groups_have_to_agree_each) {
  Bureau world(
      Approval("groups: [{title: 领导小组, by: {group: leading}, rule: {count: 2}}, "
               "{title: 安委会, by: {group: committee}, rule: {count: 2}}]"));
  Submit(world);
  EXPECT_THAT(world.Turns(), ElementsAre("head", "deputy", "d", "c", "a", "b"));
  ASSERT_TRUE(world.Vote("head", "approved"));
  ASSERT_TRUE(world.Vote("deputy", "approved"));
  EXPECT_THAT(world.Turns(), ElementsAre("d", "c", "a", "b"));
  ASSERT_TRUE(world.Vote("d", "approved"));
  ASSERT_TRUE(world.Vote("a", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, quorum_cannot_be_reached) {
  Bureau world(Approval("by: {role: officers}, rule: {all: {quorum: 60}}"));
  Submit(world);
  ASSERT_TRUE(world.Vote("a", "recused"));
  ASSERT_TRUE(world.Vote("b", "recused"));
  EXPECT_THAT(world.Active(), ElementsAre("none"));
}

TEST(Catalogue, recuse_leaves_the_others_and_then_the_fallback) {
  Bureau world(Approval("by: {role: officers}, fallback: {person: d}"));
  Submit(world);
  const model::Ordinal task = world.TaskOf("deciding", "a");
  ASSERT_TRUE(world.Vote("a", "recused", "deciding", "亲属"));
  EXPECT_THAT(world.Turns(), ElementsAre("b", "c"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Decide{task, "approved", "", {}})), "TASK_REASSIGNED");
  ASSERT_TRUE(world.Vote("b", "recused"));
  ASSERT_TRUE(world.Vote("c", "recused"));
  EXPECT_THAT(world.Turns(), ElementsAre("d"));
  EXPECT_EQ(
      ReasonOf(world.Do("d", model::Transfer{world.TaskOf("deciding", "d"), "a", "", {}, {}})),
      "BARRED");
  ASSERT_TRUE(world.Vote("d", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, claim) {
  Bureau world(Approval("by: {role: officers}"));
  Submit(world);
  const model::Ordinal task = world.TaskOf("deciding", "a");
  EXPECT_EQ(ReasonOf(world.Do("d", model::Claim{task})), "NOT_ALLOWED");
  ASSERT_TRUE(world.Do("b", model::Claim{task}));
  const auto twice = world.Do("a", model::Claim{task});
  ASSERT_EQ(ReasonOf(twice), "TASK_CLAIMED");
  EXPECT_THAT(twice.error().who, ElementsAre("b"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Decide{task, "approved", "", {}})), "TASK_CLAIMED");
  EXPECT_EQ(ReasonOf(world.Do("a", model::Release{task})), "TASK_CLAIMED");
  ASSERT_TRUE(world.Do("b", model::Release{task}));
  ASSERT_TRUE(world.Do("a", model::Claim{task}));
  ASSERT_TRUE(world.Do("admin", model::Release{task}));
  ASSERT_TRUE(world.Do("c", model::Decide{task, "approved", "", {}}));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, claim_ends_with_escalation) {
  Bureau world(R"(
start: {by: [{person: s}]}
states:
  deciding:
    approval: {title: 审批, by: {role: officers}}
    due: {within: 2 days, overdue: {escalate: {post: bureau-head}}}
    on: {approved: yes_, rejected: yes_}
  yes_: {final: true}
)");
  ASSERT_TRUE(world.Start("s"));
  ASSERT_TRUE(world.Do("a", model::Claim{world.TaskOf("deciding", "a")}));
  world.Advance(model::Duration::Hours(24 * 4));
  ASSERT_TRUE(world.Vote("head", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, tally_is_kept_in_the_open) {
  Bureau world(Approval("by: {role: officers}, rule: {count: 2}"));
  Submit(world);
  ASSERT_TRUE(world.Vote("a", "approved"));
  const model::Round& round = *world.Round("deciding");
  const Count count = CountRound(*world.definition().states[round.state].task, round);
  ASSERT_EQ(count.groups.size(), 1U);
  EXPECT_EQ(count.groups[0].approvals, 1);
  EXPECT_EQ(count.groups[0].open, 2);
}

}  // namespace
}  // namespace duban::statechart
