// The catalogue of docs/approvals.md, operations on a task: each test is called after its row.
#include "core/statechart/access.h"
#include "core/statechart/visible.h"
#include "tests/unit/statechart/bureau.h"

namespace duban::statechart {
namespace {

using model::Relation;
using testing::ElementsAre;
using testing::IsEmpty;

Result TransferTo(Bureau& world, std::string_view from, model::PersonId to) {
  return world.Do(from, model::Transfer{world.TaskOf("deciding", from),
                                        std::move(to),
                                        "出差",
                                        model::Move::Kind::kTransferred,
                                        {}});
}

TEST(Catalogue, add_sign_before) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  const model::Ordinal mine = world.TaskOf("deciding", "a");
  ASSERT_TRUE(world.Add("a", {"c", "d"}, Relation::kBefore));
  EXPECT_THAT(world.Turns(), ElementsAre("c", "d"));
  EXPECT_EQ(ReasonOf(world.Do("a", model::Decide{mine, "approved", "", {}})), "TASK_NOT_OPEN_YET");
  ASSERT_TRUE(world.Vote("c", "approved"));
  ASSERT_TRUE(world.Vote("d", "approved"));
  EXPECT_THAT(world.Turns(), ElementsAre("a"));
  ASSERT_TRUE(world.Vote("a", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, add_sign_before_refusal_refuses_the_adder) {
  Bureau world(Approval("by: {role: officers}, rule: {count: 2}"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"d"}, Relation::kBefore));
  ASSERT_TRUE(world.Vote("d", "rejected"));
  const model::Seat* seat = world.SeatOf("deciding", "a");
  EXPECT_EQ(seat->vote.outcome, "rejected");
  EXPECT_EQ(seat->vote.automatic, model::Automatic::kAddition);
  ASSERT_TRUE(world.Vote("b", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Catalogue, add_sign_before_the_first_answer_is_enough) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c", "d"}, Relation::kBefore, true));
  const model::Ordinal other = world.TaskOf("deciding", "d");
  ASSERT_TRUE(world.Vote("c", "approved"));
  EXPECT_THAT(world.Turns(), ElementsAre("a"));
  EXPECT_EQ(ReasonOf(world.Do("d", model::Decide{other, "approved", "", {}})), "TASK_CLOSED");
}

TEST(Catalogue, add_sign_after) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c"}, Relation::kAfter));
  EXPECT_THAT(world.Turns(), ElementsAre("a"));
  ASSERT_TRUE(world.Vote("a", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
  EXPECT_THAT(world.Turns(), ElementsAre("c"));
  ASSERT_TRUE(world.Vote("c", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("no_"));
}

TEST(Catalogue, add_sign_after_all_removed_before_the_adder_acted) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c"}, Relation::kAfter));
  ASSERT_TRUE(world.Do("a", model::RemoveSigner{world.TaskOf("deciding", "c"), "不用了"}));
  EXPECT_THAT(world.Turns(), ElementsAre("a"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding"));
}

TEST(Catalogue, add_sign_before_and_after_are_not_mixed) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c"}, Relation::kAfter));
  EXPECT_EQ(ReasonOf(world.Add("a", {"d"}, Relation::kBefore)), "NOT_PERMITTED_HERE");
  EXPECT_EQ(ReasonOf(world.Add("a", {"c"}, Relation::kAfter)), "NOT_PERMITTED_HERE")
      << "c has a place already";
  EXPECT_EQ(ReasonOf(world.Add("a", {"former"}, Relation::kAfter)), "UNKNOWN_PERSON");
  EXPECT_EQ(ReasonOf(world.Add("a", {}, Relation::kAfter)), "INVALID_DATA");
}

TEST(Catalogue, add_sign_parallel_changes_the_ratio) {
  Bureau world(Approval("by: [{person: a}, {person: b}], rule: {ratio: 60}"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c", "d"}, Relation::kParallel));
  ASSERT_TRUE(world.Vote("a", "approved"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding")) << "2 of 4 is 50 %";
  ASSERT_TRUE(world.Vote("c", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, add_sign_nests_within_a_limit) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  const std::vector<std::string> chain{"a", "b", "c", "d", "e", "f", "head"};
  for (std::size_t i = 0; i + 2 < chain.size(); ++i)
    ASSERT_TRUE(world.Add(chain[i], {chain[i + 1]}, Relation::kBefore)) << i;
  EXPECT_EQ(ReasonOf(world.Add("f", {"head"}, Relation::kBefore)), "LIMIT_EXCEEDED");
  for (std::size_t i = chain.size() - 1; i-- > 0;) ASSERT_TRUE(world.Vote(chain[i], "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, remove_sign) {
  Bureau world(Approval("by: [{person: a}, {person: b}], rule: {ratio: 60}"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c"}, Relation::kParallel));
  ASSERT_TRUE(world.Add("c", {"d"}, Relation::kBefore));
  const model::Ordinal added = world.TaskOf("deciding", "c");
  const model::Ordinal nested = world.TaskOf("deciding", "d");
  EXPECT_EQ(ReasonOf(world.Do("b", model::RemoveSigner{added, ""})), "NOT_ALLOWED");
  EXPECT_EQ(ReasonOf(world.Do("admin", model::RemoveSigner{world.TaskOf("deciding", "b"), ""})),
            "NOT_PERMITTED_HERE")
      << "an original seat";
  ASSERT_TRUE(world.Vote("a", "approved"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_")) << "2 of 3 is 66 %";
  EXPECT_EQ(ReasonOf(world.Do("d", model::Decide{nested, "approved", "", {}})), "TASK_CLOSED");
}

TEST(Catalogue, remove_sign_is_counted_at_once) {
  Bureau world(Approval("by: [{person: a}, {person: b}], rule: all"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c"}, Relation::kParallel));
  ASSERT_TRUE(world.Vote("a", "approved"));
  ASSERT_TRUE(world.Vote("b", "approved"));
  const model::Ordinal added = world.TaskOf("deciding", "c");
  ASSERT_TRUE(world.Do("a", model::RemoveSigner{added, "不再需要"}));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, remove_sign_keeps_the_opinion_that_was_given) {
  Bureau world(Approval("by: [{person: a}, {person: b}], rule: all"));
  Submit(world);
  ASSERT_TRUE(world.Add("a", {"c"}, Relation::kParallel));
  const model::Ordinal added = world.TaskOf("deciding", "c");
  ASSERT_TRUE(world.Vote("c", "approved"));
  const auto refused = world.Do("a", model::RemoveSigner{added, ""});
  ASSERT_EQ(ReasonOf(refused), "ALREADY_DECIDED");
  EXPECT_EQ(refused.error().vote.by, "c");
}

TEST(Catalogue, transfer) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  const model::Ordinal task = world.TaskOf("deciding", "a");
  EXPECT_EQ(ReasonOf(TransferTo(world, "a", "a")), "NOT_PERMITTED_HERE");
  EXPECT_EQ(ReasonOf(TransferTo(world, "a", "nobody")), "UNKNOWN_PERSON");
  EXPECT_EQ(ReasonOf(TransferTo(world, "a", "portal")), "UNKNOWN_PERSON");
  world.Told();
  ASSERT_TRUE(TransferTo(world, "a", "b"));
  EXPECT_THAT(world.Told(), ElementsAre("task b"));
  ASSERT_TRUE(TransferTo(world, "b", "c"));
  EXPECT_EQ(world.SeatOf("deciding", "c")->owner, "a") << "the first owner is kept";
  const auto late = world.Do("a", model::Decide{task, "approved", "", {}});
  ASSERT_EQ(ReasonOf(late), "TASK_REASSIGNED");
  EXPECT_THAT(late.error().who, ElementsAre("c"));
  ASSERT_TRUE(world.Vote("c", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, transfer_to_somebody_on_the_round_is_refused) {
  Bureau world(Approval("by: {role: officers}, rule: all"));
  Submit(world);
  EXPECT_EQ(ReasonOf(TransferTo(world, "a", "b")), "NOT_PERMITTED_HERE");
}

TEST(Catalogue, transfer_can_be_ruled_out) {
  Bureau world(Approval("by: {person: a}, transfer: false"));
  Submit(world);
  EXPECT_EQ(ReasonOf(TransferTo(world, "a", "b")), "NOT_PERMITTED_HERE");
}

TEST(Catalogue, hand_over) {
  Bureau world(Approval("by: {role: officers}"));
  Submit(world);
  const model::Ordinal task = world.TaskOf("deciding", "a");
  const model::Transfer hand{task, "d", "离职", model::Move::Kind::kHandedOver, "a"};
  EXPECT_EQ(ReasonOf(world.Do("b", hand)), "NOT_ALLOWED");
  ASSERT_TRUE(world.Do("admin", hand));
  EXPECT_THAT(world.Turns(), ElementsAre("d", "b", "c"));
  ASSERT_TRUE(
      world.Do("admin", model::Transfer{task, "b", "", model::Move::Kind::kHandedOver, "d"}));
  EXPECT_THAT(world.Turns(), ElementsAre("b", "c"));
}

TEST(Catalogue, delegate) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  ASSERT_TRUE(world.Do("a", model::Delegate{world.TaskOf("deciding", "a"), "c", "请提意见"}));
  EXPECT_THAT(world.Turns(), ElementsAre("c"));
  ASSERT_TRUE(world.Vote("c", "rejected"));
  EXPECT_THAT(world.Active(), ElementsAre("deciding")) << "an opinion binds nobody";
  EXPECT_THAT(world.Turns(), ElementsAre("a"));
  ASSERT_TRUE(world.Vote("a", "approved"));
  EXPECT_THAT(world.Active(), ElementsAre("yes_"));
}

TEST(Catalogue, delegate_nested_and_the_delegator_leaves) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  ASSERT_TRUE(world.Do("a", model::Delegate{world.TaskOf("deciding", "a"), "c", ""}));
  ASSERT_TRUE(world.Do("c", model::Delegate{world.TaskOf("deciding", "c"), "d", ""}));
  EXPECT_THAT(world.Turns(), ElementsAre("d"));
  ASSERT_TRUE(world.Vote("d", "approved"));
  EXPECT_THAT(world.Turns(), ElementsAre("c"));
  world.Disable("a");
  ASSERT_TRUE(world.Vote("c", "approved"));
  EXPECT_THAT(world.Turns(), ElementsAre("admin", "admin2")) << "never with nobody";
}

TEST(Catalogue, proxy) {
  Bureau world(Approval("by: [{person: a}, {person: b}], rule: all"));
  Submit(world);
  const auto act = [&](std::string_view agent, model::PersonId principal) {
    model::Decide decide{world.TaskOf("deciding", principal), "approved", "", {}};
    decide.on_behalf_of = principal;
    return world.Do(agent, std::move(decide));
  };
  EXPECT_EQ(ReasonOf(act("late", "a")), "NO_MANDATE") << "not yet";
  EXPECT_EQ(ReasonOf(act("second", "a")), "NO_MANDATE") << "an agent's agent is none";
  EXPECT_EQ(ReasonOf(act("agent", "b")), "NO_MANDATE") << "not for this workflow";
  EXPECT_EQ(ReasonOf(act("agent", "c")), "UNKNOWN_TASK");
  EXPECT_EQ(ReasonOf(act("s", "a")), "BARRED") << "the starter by the back door";
  EXPECT_TRUE(MaySee(world.definition(), world.organisation, world.state(), {"agent"}, world.now));
  ASSERT_TRUE(act("agent", "a"));
  const model::Vote& vote = world.SeatOf("deciding", "a")->vote;
  EXPECT_EQ(vote.by, "agent");
  EXPECT_EQ(vote.on_behalf_of, "a");
  EXPECT_EQ(ReasonOf(act("f", "a")), "ALREADY_DECIDED");
  EXPECT_EQ(ReasonOf(world.Vote("a", "approved")), "ALREADY_DECIDED");
}

TEST(Catalogue, draft) {
  Bureau world(Approval("by: {person: a}"));
  Submit(world);
  const model::Ordinal task = world.TaskOf("deciding", "a");
  EXPECT_EQ(ReasonOf(world.Do("b", model::SaveDraft{task, "approved", "x", {}})), "NOT_ALLOWED");
  ASSERT_TRUE(world.Do("a", model::SaveDraft{task, "approved", "再想想", {}}));
  EXPECT_EQ(world.SeatOf("deciding", "a")->draft->opinion, "再想想");
  model::Case copy = world.state();
  Redaction(world.definition(), world.organisation, world.state(), "admin").Apply(copy);
  EXPECT_FALSE(copy.rounds[0].seats[0].draft);
  ASSERT_TRUE(world.Vote("a", "approved"));
}

TEST(Catalogue, reason_attachment_and_signature_required) {
  Bureau world(Approval(
      "by: {person: a}, opinion: [rejected], attachment: [approved], signature: [approved]"));
  Submit(world);
  EXPECT_EQ(ReasonOf(world.Vote("a", "rejected", "deciding", "")), "REASON_REQUIRED");
  const auto bare = world.Vote("a", "approved");
  ASSERT_EQ(ReasonOf(bare), "INVALID_DATA");
  ASSERT_EQ(bare.error().violations.size(), 2U);
  model::Decide decide{world.TaskOf("deciding", "a"), "approved", "", {}};
  const model::Attachment paper{"签批.pdf", "application/pdf", std::string(64, 'a'), 10, ""};
  decide.attachments = {paper};
  decide.signature = paper;
  decide.signature->sha256 = "short";
  EXPECT_EQ(ReasonOf(world.Do("a", decide)), "INVALID_DATA");
  decide.signature = paper;
  decide.attachments.push_back({"", std::string(257, 'm'), "short", 0, std::string(2049, 'u')});
  const auto wrong = world.Do("a", decide);
  ASSERT_EQ(ReasonOf(wrong), "INVALID_DATA");
  std::vector<std::string> fields;
  for (const auto& violation : wrong.error().violations) fields.push_back(violation.field);
  EXPECT_EQ(fields, (std::vector<std::string>{"attachments[1].name", "attachments[1].media_type",
                                              "attachments[1].sha256", "attachments[1].uri"}));
  decide.attachments.assign(51, paper);
  EXPECT_EQ(ReasonOf(world.Do("a", decide)), "INVALID_DATA") << "at most 50";
  decide.attachments = {paper};
  ASSERT_TRUE(world.Do("a", decide));
}

TEST(Catalogue, field_permission_and_choice_by_the_previous_signer) {
  Bureau world(
      Approval("by: {person: a}, form: [{field: no, read_only: true}, "
               "{field: next, from: {role: officers}, required: [approved]}]",
               "data: {no: text, next: person}"));
  Submit(world);
  const auto with = [&](model::Map form, const char* outcome) {
    return world.Do("a", model::Decide{world.TaskOf("deciding", "a"), outcome, "", form});
  };
  const auto wrong = with(model::Map({{"no", "1"}, {"next", "d"}}), "approved");
  ASSERT_EQ(ReasonOf(wrong), "INVALID_DATA");
  EXPECT_EQ(wrong.error().violations.size(), 2U);
  EXPECT_EQ(ReasonOf(with({}, "approved")), "INVALID_DATA") << "a missed choice";
  ASSERT_TRUE(with({}, "rejected"));
}

}  // namespace
}  // namespace duban::statechart
