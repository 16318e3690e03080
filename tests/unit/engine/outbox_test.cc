#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using Kind = ports::NotifierError::Kind;

class OutboxTest : public EngineTest {
 protected:
  void SetUp() override {
    Up();
    Deploy(kApproval);
    outbox->Start();
  }
  void Deliver() {
    engine->Settle();
    outbox->Settle();
  }
};

TEST_F(OutboxTest, WhoeverHasATaskIsTold) {
  ASSERT_TRUE(Ok(Start("clerk", "approval")));
  Deliver();
  ASSERT_EQ(notifier.delivered.size(), 1u);
  EXPECT_EQ(notifier.delivered[0].recipient, "head");
  EXPECT_EQ(notifier.delivered[0].recipient_name, "局长");
  EXPECT_FALSE(notifier.delivered[0].subject.empty());
  EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kNotification, clock.Now(), 10)->empty());
}

TEST_F(OutboxTest, IsWokenForWhatThereIsToDeliverAndForNothingElse) {
  Deploy(R"(
workflow: errand
campaign: test
title: 差事
start: {by: [{person: clerk}]}
states:
  quiet: {task: {title: 记, for: {person: clerk}, notify: false}, on: {submitted: loud}}
  loud: {task: {title: 办, for: {person: head}}, on: {submitted: done}}
  done: {final: true, outcome: done}
)");
  outbox->Stop();
  engine->Stop();
  engine = std::make_unique<Engine>(*storage, clock, *catalog, world);
  int commits = 0;
  int woken = 0;
  engine->OnCommit([&](std::uint64_t) { ++commits; });
  engine->OnNotification([&] { ++woken; });
  ASSERT_TRUE(engine->Open());
  Reply reply;
  const auto take = [&](model::CaseId id, model::CommandBody body) {
    model::Command command;
    command.actor.id = "clerk";
    command.request_id = NewRequest();
    command.case_id = id;
    command.body = std::move(body);
    engine->Submit(std::move(command), [&](const Reply& r) { reply = r; });
    while (engine->Turn()) {
    }
  };
  take({}, model::StartCase{"test", "errand", {}, {}});
  ASSERT_TRUE(Ok(reply));
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(woken, 0);
  const model::CaseId id = Ok(reply)->case_id;
  take(id, model::Decide{TaskOf("clerk", id), "submitted", "", {}});
  ASSERT_TRUE(Ok(reply));
  EXPECT_EQ(commits, 2);
  EXPECT_EQ(woken, 1);
}

// A full disk: what was sent is recorded before anything else is sent, and nobody is told twice.
TEST_F(OutboxTest, ADeliveryThatCannotBeRecordedIsNotRepeated) {
  ASSERT_TRUE(Ok(Start("clerk", "approval")));
  engine->Settle();
  for (int i = 0; i < 3; ++i) storage->FailNext(FaultyStorage::Fault::kBefore);
  for (int i = 0; i < 4; ++i) Deliver();
  EXPECT_EQ(notifier.attempts.size(), 1u);
  EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kNotification, clock.Now(), 10)->empty());
}

TEST_F(OutboxTest, ATemporaryFailureIsTriedAgainLaterUnderTheSameKey) {
  notifier.failures = {{Kind::kTemporary, "busy", 0}, {Kind::kTemporary, "busy", 0}};
  ASSERT_TRUE(Ok(Start("clerk", "approval")));
  Deliver();
  EXPECT_EQ(notifier.attempts.size(), 1u);
  clock.Set(At("2022-05-16T09:00:01+08:00"));
  Deliver();
  EXPECT_EQ(notifier.attempts.size(), 2u);
  clock.Set(At("2022-05-16T09:00:02+08:00"));  // the second wait is twice as long
  Deliver();
  EXPECT_EQ(notifier.attempts.size(), 2u);
  clock.Set(At("2022-05-16T09:00:03+08:00"));
  Deliver();
  ASSERT_EQ(notifier.delivered.size(), 1u);
  EXPECT_EQ(notifier.attempts[0].idempotency_key, notifier.delivered[0].idempotency_key);
}

TEST_F(OutboxTest, WhatCannotBeDeliveredIsADeadLetterThatCanBeRetried) {
  notifier.failures = {{Kind::kPermanent, "unknown mailbox", 0}};
  ASSERT_TRUE(Ok(Start("clerk", "approval")));
  Deliver();
  auto dead = storage->DeadOutbox({}, 10);
  ASSERT_EQ(dead->size(), 1u);
  EXPECT_EQ((*dead)[0].last_error, "test: unknown mailbox");
  ports::OutboxRow again = (*dead)[0];
  again.state = ports::OutboxState::kPending;
  again.attempts = 0;
  ASSERT_TRUE(engine->FinishOutbox({}, {again}));
  Deliver();
  EXPECT_EQ(notifier.delivered.size(), 1u);
  EXPECT_TRUE(storage->DeadOutbox({}, 10)->empty());
}

TEST_F(OutboxTest, ManyTemporaryFailuresEndAsADeadLetter) {
  for (int i = 0; i < 10; ++i) notifier.failures.push_back({Kind::kTemporary, "down", 0});
  ASSERT_TRUE(Ok(Start("clerk", "approval")));
  for (int day = 17; day < 30; ++day) {
    Deliver();
    clock.Set(At("2022-05-" + std::to_string(day) + "T09:00:00+08:00"));
  }
  EXPECT_EQ(notifier.attempts.size(), 10u);
  EXPECT_EQ(storage->DeadOutbox({}, 10)->size(), 1u);
}

TEST_F(OutboxTest, TheOrderWithinACaseIsKeptAcrossAFailure) {
  notifier.failures = {{Kind::kTemporary, "busy", 0}};
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  Deliver();
  ASSERT_TRUE(Ok(Decide("head", id, TaskOf("head", id), "approved")));
  Deliver();
  EXPECT_TRUE(notifier.delivered.empty());
  clock.Set(At("2022-05-16T09:01:00+08:00"));
  Deliver();
  ASSERT_EQ(notifier.delivered.size(), 2u);
  EXPECT_EQ(notifier.delivered[0].recipient, "head");
  EXPECT_EQ(notifier.delivered[1].recipient, "clerk");
}

}  // namespace
}  // namespace duban::engine
