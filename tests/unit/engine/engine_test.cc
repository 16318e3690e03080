#include "core/engine/engine.h"

#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using model::Reason;

TEST_F(EngineTest, ADecisionIsTakenStoredAndSeenAtOnce) {
  Up();
  Deploy(kApproval);
  const Reply started = Start("clerk", "approval");
  ASSERT_TRUE(Ok(started));
  const model::CaseId id = Ok(started)->case_id;
  EXPECT_EQ(Ok(started)->states, std::vector<std::string>{"deciding"});
  const Reply decided = Decide("head", id, TaskOf("head", id), "approved");
  ASSERT_TRUE(Ok(decided));
  EXPECT_EQ(Ok(decided)->revision, 2u);
  EXPECT_EQ(TaskOf("head", id), 0u);
  EXPECT_NE(TaskOf("clerk", id), 0u);
  ExpectFolds();
}

TEST_F(EngineTest, TheSameRequestGivesTheSameAnswerAndIsDoneOnce) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const model::Ordinal task = TaskOf("head", id);
  const Reply first = Decide("head", id, task, "approved", "r");
  const Reply again = Decide("head", id, task, "approved", "r");
  ASSERT_TRUE(Ok(first) && Ok(again));
  EXPECT_FALSE(Ok(first)->repeated);
  EXPECT_TRUE(Ok(again)->repeated);
  EXPECT_EQ(Ok(first)->revision, Ok(again)->revision);
  EXPECT_EQ(Stored(id).revision, 2u);
  Down();
  Up();  // and after a restart
  const Reply later = Decide("head", id, task, "approved", "r");
  ASSERT_TRUE(Ok(later));
  EXPECT_TRUE(Ok(later)->repeated);
}

TEST_F(EngineTest, ARequestIdWithAnotherBodyIsRefused) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const model::Ordinal task = TaskOf("head", id);
  ASSERT_TRUE(Ok(Decide("head", id, task, "approved", "r")));
  EXPECT_EQ(Why(Decide("head", id, task, "rejected", "r")), Reason::kRequestIdReused);
  // Another caller's id of the same name is another request.
  EXPECT_TRUE(Ok(Decide("clerk", id, TaskOf("clerk", id), "submitted", "r")));
}

TEST_F(EngineTest, ASecondDecisionNamesTheFirst) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const model::Ordinal task = TaskOf("head", id);
  ASSERT_TRUE(Ok(Decide("head", id, task, "approved")));
  const Reply second = Decide("head", id, task, "rejected");
  EXPECT_EQ(Why(second), Reason::kAlreadyDecided);
  EXPECT_EQ(std::get<model::Rejection>(second).vote.by, "head");
  EXPECT_EQ(std::get<model::Rejection>(second).vote.outcome, "approved");
}

// In one batch, or one after the other: the answer is the same.
TEST_F(EngineTest, OfManyAtOnceOneIsTakenAndTheOthersLearnWhose) {
  Up();
  Deploy(kApproval);
  for (int round = 0; round < 20; ++round) {
    const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
    const model::Ordinal task = TaskOf("head", id);
    std::vector<std::promise<Reply>> promises(8);
    for (std::promise<Reply>& promise : promises) {
      model::Command command;
      command.actor.id = "head";
      command.request_id = NewRequest();
      command.case_id = id;
      command.body = model::Decide{task, "approved", "", {}};
      engine->Submit(std::move(command),
                     [&promise](const Reply& reply) { promise.set_value(reply); });
    }
    int taken = 0;
    for (std::promise<Reply>& promise : promises) {
      const Reply reply = promise.get_future().get();
      taken += Ok(reply) != nullptr;
      if (Ok(reply)) continue;
      ASSERT_EQ(Why(reply), model::Reason::kAlreadyDecided);
      EXPECT_EQ(std::get<model::Rejection>(reply).vote.by, "head");
      EXPECT_FALSE(std::get<model::Rejection>(reply).permitted.empty()) << "what can be done now";
    }
    EXPECT_EQ(taken, 1);
  }
  ExpectFolds();
}

TEST_F(EngineTest, AStaleRevisionIsRefusedAndNamesTheCurrentOne) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const Reply reply = Decide("head", id, TaskOf("head", id), "approved", "", 7);
  EXPECT_EQ(Why(reply), Reason::kStaleRevision);
  EXPECT_EQ(std::get<model::Rejection>(reply).revision, 1u);
}

TEST_F(EngineTest, WhoMayNotSeeACaseLearnsNothingOfIt) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const Reply foreign = Decide("other", id, TaskOf("head", id), "approved");
  const Reply absent = Decide("other", {42}, 1, "approved");
  EXPECT_EQ(Why(foreign), Reason::kUnknownCase);
  EXPECT_EQ(Why(absent), Reason::kUnknownCase);
  EXPECT_EQ(queries->GetCase({"other"}, id).error().reason, Reason::kUnknownCase);
  EXPECT_EQ(queries->History({"other"}, id, 0, 10).error().reason, Reason::kUnknownCase);
  EXPECT_EQ(queries->GetTask({"other"}, {id, TaskOf("head", id)}).error().reason,
            Reason::kUnknownTask);
  EXPECT_TRUE(queries->ListCases({"other"}, {})->items.empty());
  EXPECT_TRUE(queries->ChangesAfter({"other"}, 0, 10)->items.empty());
  EXPECT_EQ(queries->ListCases({"admin"}, {})->items.size(), 1u);
}

TEST_F(EngineTest, StartingIsForThoseWhoMay) {
  Up();
  Deploy(kApproval);
  EXPECT_EQ(Why(Start("other", "approval")), Reason::kNotAllowed);
  EXPECT_EQ(Why(Start("clerk", "missing")), Reason::kUnknownWorkflow);
  EXPECT_EQ(storage->ListCases({})->size(), 0u);
}

TEST_F(EngineTest, ADraftDoesNotOutliveItsTask) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const model::Ordinal task = TaskOf("head", id);
  model::Command save;
  save.actor.id = "head";
  save.request_id = NewRequest();
  save.case_id = id;
  save.body = model::SaveDraft{task, "approved", "not sure yet", {}};
  ASSERT_TRUE(Ok(Ask(save)));
  ASSERT_TRUE(Ok(Decide("head", id, task, "approved")));
  const auto row = storage->LoadTask({id, task});
  ASSERT_TRUE(row && *row);
  EXPECT_FALSE(model::Decode<TaskView>((*row)->body).seat.draft);
}

TEST_F(EngineTest, AnInboxThatCannotBeReadInFullIsNotShorter) {
  texts.organisation +=
      "mandates: [{principal: head, agent: other, from: 2022-01-01, to: 2022-12-31}]\n";
  for (const auto& d : world.Refresh(texts)) ADD_FAILURE() << definition::ToString(d, "en");
  Up();
  Deploy(kApproval);
  ASSERT_TRUE(Ok(Start("clerk", "approval")));
  const auto both = queries->Inbox({"other"}, {}, 100);
  ASSERT_TRUE(both);
  EXPECT_EQ(both->items.size(), 1U);
  storage->cases_unreadable = true;
  EXPECT_FALSE(queries->Inbox({"other"}, {}, 100));
}

TEST_F(EngineTest, OpenCasesStayOnTheVersionTheyStartedWith) {
  Up();
  Deploy(kApproval);
  const model::CaseId old_case = Ok(Start("clerk", "approval"))->case_id;
  std::string changed = kApproval;
  changed.replace(changed.find("submitted: done"), 15, "submitted: refused");
  Deploy(changed);
  const model::CaseId new_case = Ok(Start("clerk", "approval"))->case_id;
  Down();
  Up();
  for (const model::CaseId id : {old_case, new_case}) {
    ASSERT_TRUE(Ok(Decide("head", id, TaskOf("head", id), "approved")));
    ASSERT_TRUE(Ok(Decide("clerk", id, TaskOf("clerk", id), "submitted")));
  }
  EXPECT_EQ(Stored(old_case).outcome, "done");
  EXPECT_EQ(Stored(new_case).outcome, "refused");
}

TEST_F(EngineTest, AFullQueueIsSaidAtOnce) {
  Up({.queue = 0});
  EXPECT_EQ(Why(Start("clerk", "approval")), Reason::kOverloaded);
}

TEST_F(EngineTest, AfterStopEveryCommandIsRefused) {
  Up();
  engine->Stop();
  EXPECT_EQ(Why(Start("clerk", "approval")), Reason::kShuttingDown);
}

TEST_F(EngineTest, CommandsThatQueueShareACommit) {
  Up();
  Deploy(kApproval);
  constexpr int kCases = 200;
  std::vector<std::promise<Reply>> promises(kCases);
  const int before = storage->commits();
  for (auto& promise : promises) {
    model::Command command;
    command.actor.id = "clerk";
    command.request_id = NewRequest();
    command.body = model::StartCase{"test", "approval", {}, {}};
    engine->Submit(std::move(command), [&](const Reply& reply) { promise.set_value(reply); });
  }
  std::set<model::CaseId> ids;
  for (auto& promise : promises) {
    const Reply reply = promise.get_future().get();
    ASSERT_TRUE(Ok(reply));
    ids.insert(Ok(reply)->case_id);
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(kCases));
  EXPECT_LT(storage->commits() - before, kCases);
}

}  // namespace
}  // namespace duban::engine
