// Whose tasks lie in an inbox: one's own, and by a standing mandate those of its principal.
#include <gmock/gmock.h>

#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

constexpr const char* kOther = R"(
workflow: penalty
title: 处罚
start: {by: [{person: clerk}]}
states:
  deciding:
    approval: {title: 决定, by: {post: bureau-head}}
    on: {approved: done, rejected: done}
  done: {final: true}
)";

class InboxTest : public EngineTest {
 protected:
  void SetUp() override {
    texts.organisation += R"(
mandates:
  - {principal: head, agent: other, from: 2022-05-17, to: 2022-05-20, except: [penalty]}
  - {principal: head, agent: clerk, from: 2022-05-16, to: 2022-05-31}
)";
    ASSERT_TRUE(world.Refresh(texts).empty());
    Up();
    Deploy(kApproval, kOther);
  }
  std::size_t Count(const char* who) {
    const auto page = queries->Inbox({who}, {}, 100);
    EXPECT_TRUE(page);
    return page ? page->items.size() : 0;
  }
  Reply DecideFor(const char* agent, model::CaseId id, model::Ordinal task) {
    model::Command command;
    command.actor.id = agent;
    command.request_id = NewRequest();
    command.case_id = id;
    model::Decide decide{task, "approved", "", {}};
    decide.on_behalf_of = "head";
    command.body = decide;
    return Ask(std::move(command));
  }
};

TEST_F(InboxTest, ByMandateInItsPeriodForItsWorkflowsAndNeverForTheStarter) {
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  ASSERT_TRUE(Ok(Start("clerk", "penalty")));
  EXPECT_EQ(Count("head"), 2u);
  EXPECT_EQ(Count("other"), 0u) << "the mandate begins tomorrow";
  EXPECT_EQ(Count("clerk"), 0u) << "what the starter asked for is not theirs to decide";
  const model::Ordinal task = TaskOf("head", id);
  EXPECT_EQ(Why(DecideFor("other", id, task)), model::Reason::kUnknownCase)
      << "who may not see the case learns nothing of it";
  Advance("2022-05-17T09:00:00+08:00");
  const auto page = queries->Inbox({"other"}, {}, 100);
  ASSERT_TRUE(page);
  ASSERT_EQ(page->items.size(), 1u) << "not the workflow that is excepted";
  EXPECT_EQ(page->items[0].id.case_id, id);
  EXPECT_EQ(page->items[0].seat.candidates, std::vector<std::string>{"head"});
  const auto detail = queries->GetTask({"other"}, page->items[0].id);
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->offer.on_behalf_of, "head");
  EXPECT_FALSE(detail->offer.transfer) << "only whoever has the task may give it away";
  ASSERT_TRUE(Ok(DecideFor("other", id, task)));
  EXPECT_EQ(Count("head"), 1u) << "who acts first closes it for both";
  EXPECT_EQ(Count("other"), 0u);
}

TEST_F(InboxTest, AMandateThatHasExpiredShowsAndAllowsNothing) {
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const model::Ordinal task = TaskOf("head", id);
  Advance("2022-05-20T23:59:00+08:00");
  EXPECT_EQ(Count("other"), 1u) << "the last day is included";
  Advance("2022-05-21T00:00:00+08:00");
  EXPECT_EQ(Count("other"), 0u);
  EXPECT_FALSE(Ok(DecideFor("other", id, task)));
  EXPECT_EQ(Count("head"), 1u);
}

TEST_F(InboxTest, PagesGoOnAcrossOnesOwnAndOthers) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Ok(Start("clerk", "approval")));
  Advance("2022-05-18T09:00:00+08:00");
  std::size_t seen = 0;
  model::TaskId after;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = queries->Inbox({"other"}, after, 2);
    ASSERT_TRUE(page);
    seen += page->items.size();
    if (!page->next) break;
    after = *page->next;
  }
  EXPECT_EQ(seen, 5u);
}

}  // namespace
}  // namespace duban::engine
