#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

constexpr const char* kParent = R"yaml(
workflow: campaign
campaign: test
title: 行动
start: {by: [{person: clerk}]}
states:
  running:
    entry: [{start: {workflow: check, as: checks, for_each: "enterprises('')", data: {enterprise: item}}}]
    always: [{when: "children.checks.total > 0 && children.checks.open == 0", to: done}]
    on: {child.ended: {do: [{log: event.data.item}]}}
  done: {final: true, outcome: gathered}
)yaml";

constexpr const char* kRevocable = R"yaml(
workflow: campaign
campaign: test
title: 行动
start: {by: [{person: clerk}]}
revoke: any_time
states:
  running:
    entry: [{start: {workflow: check, as: checks, for_each: "enterprises('')", data: {enterprise: item}}}]
    on: {closed: done}
  done: {final: true}
)yaml";

constexpr const char* kChild = R"(
workflow: check
title: 检查
data: {enterprise: {type: enterprise, required: true, title: 企业}}
states:
  checking:
    task: {title: 自查, for: {field: enterprise}, notify: false}
    on: {submitted: passed}
  passed: {final: true}
)";

class ChildrenTest : public EngineTest {
 protected:
  // The parent is stored, and the engine dies before it has started the children.
  model::CaseId DieBeforeTheChildren() {
    storage->FailNext(FaultyStorage::Fault::kNone);
    for (int i = 0; i < 20; ++i) storage->FailNext(FaultyStorage::Fault::kBefore);
    const model::CaseId parent = Ok(Start("clerk", "campaign"))->case_id;
    Down();
    storage->FailNoMore();
    return parent;
  }
};

TEST_F(ChildrenTest, OneChildPerEnterpriseAndTheParentGoesOnWhenAllHaveEnded) {
  Up();
  Deploy(kParent, kChild);
  const model::CaseId parent = Ok(Start("clerk", "campaign"))->case_id;
  engine->Settle();
  ports::CaseQuery of_parent;
  of_parent.parent = parent;
  const auto children = storage->ListCases(of_parent);
  ASSERT_EQ(children->size(), 2u);
  for (const auto& child : *children) {
    EXPECT_FALSE(Stored(parent).ended);
    ASSERT_TRUE(Ok(Decide("clerk", child.case_id, TaskOf("clerk", child.case_id), "submitted")));
    engine->Settle();
  }
  EXPECT_EQ(Stored(parent).outcome, "gathered");
  EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kCommand, clock.Now(), 10)->empty());
  ExpectFolds();
}

TEST_F(ChildrenTest, AMessageThatCanNeverBeCarriedOutIsADeadLetterAndTheOthersGoOn) {
  model::CaseId unwritable;
  storage->can_never_be_written = [&](const ports::CaseWrite& write) {
    if (write.row.workflow == "check" && !unwritable) unwritable = write.row.case_id;
    return write.row.case_id == unwritable;
  };
  Up();
  Deploy(kParent, kChild);
  const model::CaseId parent = Ok(Start("clerk", "campaign"))->case_id;
  engine->Settle();
  ports::CaseQuery of_parent;
  of_parent.parent = parent;
  EXPECT_EQ(storage->ListCases(of_parent)->size(), 1u);
  EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kCommand, clock.Now(), 10)->empty());
  const auto dead = storage->DeadOutbox({}, 10);
  ASSERT_EQ(dead->size(), 1u);
  EXPECT_EQ(dead->front().last_error, "INTERNAL: a row is too large");
  ExpectFolds();
}

TEST_F(ChildrenTest, AWriteThatIsRefusedForGoodRefusesNobodyElse) {
  Up();
  Deploy(kParent, kChild);
  const model::CaseId sound = Ok(Start("clerk", "campaign"))->case_id;
  const model::CaseId large = Ok(Start("clerk", "campaign"))->case_id;
  engine->Settle();
  storage->can_never_be_written = [&](const ports::CaseWrite& write) {
    return write.row.case_id == large || write.row.parent == large;
  };
  std::vector<std::pair<model::CaseId, std::future<Reply>>> decided;
  const auto cases = storage->ListCases({});
  for (const auto& child : *cases) {
    if (child.workflow != "check") continue;
    model::Command decision =
        Decision("clerk", child.case_id, TaskOf("clerk", child.case_id), "submitted");
    decided.emplace_back(child.parent, Submit(std::move(decision)));
  }
  ASSERT_EQ(decided.size(), 4u);
  for (auto& [parent, reply] : decided) {
    if (parent == sound) {
      EXPECT_TRUE(Ok(reply.get()));
    } else {
      EXPECT_EQ(Why(reply.get()), model::Reason::kUnavailable);
    }
  }
}

TEST_F(ChildrenTest, WhatWasDeliveredIsRecordedBesideAMessageThatCanNeverBeCarriedOut) {
  Up();
  std::string one_child = kParent;
  one_child.replace(one_child.find("enterprises('')"), 15, "['north']");
  Deploy(one_child, kChild);
  outbox->Stop();
  engine->Stop();
  storage->can_never_be_written = [](const ports::CaseWrite& write) {
    return write.row.workflow == "check";
  };
  engine = std::make_unique<Engine>(*storage, clock, *catalog, world);
  ASSERT_TRUE(engine->Open());
  model::Command start;
  start.actor.id = "clerk";
  start.request_id = NewRequest();
  start.body = model::StartCase{"test", "campaign", {}, {}};
  auto started = Submit(std::move(start));
  while (started.wait_for(std::chrono::seconds(0)) != std::future_status::ready) engine->Turn();
  const model::CaseId parent = Ok(started.get())->case_id;
  EXPECT_TRUE(engine->FinishOutbox({{parent, 999}}, {}));
  EXPECT_EQ(storage->DeadOutbox({}, 10)->size(), 1u);
}

TEST_F(ChildrenTest, ADamagedMessageIsADeadLetterAndTheOthersAreCarriedOut) {
  Up();
  Deploy(kRevocable, kChild);
  const model::CaseId parent = Ok(Start("clerk", "campaign"))->case_id;
  engine->Settle();
  Down();
  model::Command close;
  close.actor.id = model::Principal::kSystem;
  close.case_id = parent;
  close.body = model::SendEvent{"closed", {}, {}};
  const std::string body = model::Encode(close);
  ports::CaseWrite write;
  write.row = **storage->LoadCase(parent);
  write.expected_revision = write.row.revision;
  for (const model::Ordinal ordinal : {900, 901}) {
    ports::OutboxRow row;
    row.case_id = parent;
    row.ordinal = ordinal;
    row.kind = ports::OutboxKind::kCommand;
    row.next_attempt = clock.Now();
    row.body = ordinal == 900 ? body.substr(0, body.size() / 2) : body;
    write.outbox.push_back(row);
  }
  ports::Batch batch;
  batch.cases.push_back(write);
  ASSERT_TRUE(storage->Commit(batch));
  Up();
  engine->Settle();
  EXPECT_TRUE(Stored(parent).ended);
  auto dead = storage->DeadOutbox({}, 10);
  ASSERT_EQ(dead->size(), 1u);
  EXPECT_EQ(dead->front().ordinal, 900);
  EXPECT_TRUE(dead->front().last_error.starts_with("the message is damaged"));

  // Beside one that can never be written it is found again.
  Down();
  storage->can_never_be_written = [](const ports::CaseWrite& beside) {
    return beside.row.workflow == "check";
  };
  close.case_id = storage->ListCases({})->back().case_id;
  close.body = model::Terminate{"over", "over"};
  batch.cases.front().row = **storage->LoadCase(parent);
  batch.cases.front().expected_revision = batch.cases.front().row.revision;
  batch.cases.front().outbox.front().ordinal = 902;
  batch.cases.front().outbox.back().ordinal = 903;
  batch.cases.front().outbox.back().body = model::Encode(close);
  ASSERT_TRUE(storage->Commit(batch));
  Up();
  engine->Settle();
  dead = storage->DeadOutbox({}, 10);
  ASSERT_EQ(dead->size(), 3u);
  EXPECT_EQ(dead->back().last_error, "INTERNAL: a row is too large");
  EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kCommand, ports::kForever, 10)->empty());
}

TEST_F(ChildrenTest, MessagesOfACommitOfUnknownFateAreCarriedOut) {
  Up();
  Deploy(kParent, kChild);
  storage->FailNext(FaultyStorage::Fault::kAfter);
  const Reply started = Start("clerk", "campaign");
  ASSERT_TRUE(Ok(started));
  EXPECT_TRUE(Ok(started)->repeated) << "it was written after all";
  engine->Settle();
  ports::CaseQuery of_parent;
  of_parent.parent = Ok(started)->case_id;
  EXPECT_EQ(storage->ListCases(of_parent)->size(), 2u);
  ExpectFolds();
}

TEST_F(ChildrenTest, MessagesBetweenCasesSurviveARestartAndAreCarriedOutOnce) {
  Up();
  Deploy(kParent, kChild);
  // The commit that starts the children is lost several times, then the engine is stopped in
  // between.
  const model::CaseId parent = Ok(Start("clerk", "campaign"))->case_id;
  Down();
  Up();
  engine->Settle();
  ports::CaseQuery of_parent;
  of_parent.parent = parent;
  EXPECT_EQ(storage->ListCases(of_parent)->size(), 2u);
  EXPECT_EQ(Stored(parent).children.size(), 2u);
}

TEST_F(ChildrenTest, AnIdPromisedToAChildIsGivenToNobodyElse) {
  Up();
  Deploy(kParent, kChild);
  const model::CaseId parent = DieBeforeTheChildren();
  ports::CaseQuery of_parent;
  of_parent.parent = parent;
  ASSERT_TRUE(storage->ListCases(of_parent)->empty());
  clock.Set(At("2022-05-16T08:00:00+08:00"));  // and the clock is set back
  Up();
  const model::CaseId other = Ok(Start("clerk", "campaign"))->case_id;
  engine->Settle();
  for (const model::Child& child : Stored(parent).children) {
    EXPECT_NE(child.id, other);
    EXPECT_EQ(Stored(child.id).parent.id, parent);
  }
  EXPECT_EQ(storage->ListCases(of_parent)->size(), 2u);
  EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kCommand, clock.Now(), 10)->empty());
  ExpectFolds();
}

TEST_F(ChildrenTest, IdsPromisedToMoreChildrenThanAPageHoldsAreGivenToNobodyElse) {
  Up();
  Deploy(kParent, kChild);
  const model::CaseId parent = DieBeforeTheChildren();
  auto promised = storage->PeekOutbox(ports::OutboxKind::kCommand, {}, ports::kMaxPageSize)->back();
  auto command = model::Decode<model::Command>(promised.body);
  ports::Batch batch;
  batch.cases.emplace_back();
  batch.cases.back().row = *storage->LoadCase(parent).value();
  batch.cases.back().expected_revision = batch.cases.back().row.revision;
  for (int i = 0; i < 2'500; ++i) {
    ++promised.ordinal;
    command.case_id.value += 20;
    promised.body = model::Encode(command);
    batch.cases.back().outbox.push_back(promised);
  }
  ASSERT_TRUE(storage->Commit(batch));
  Up();
  EXPECT_GT(Ok(Start("clerk", "campaign"))->case_id, command.case_id);
}

TEST_F(ChildrenTest, AChildWhoseIdAnotherCaseHasHoldsUpNobody) {
  Up();
  Deploy(kParent, kChild);
  for (int i = 0; i < 20; ++i)
    storage->FailNext(i == 0 ? FaultyStorage::Fault::kNone : FaultyStorage::Fault::kBefore);
  const model::CaseId parent = Ok(Start("clerk", "campaign"))->case_id;
  Down();
  storage->FailNoMore();
  const auto stored = storage->LoadCase(parent);
  ports::CaseWrite write;
  write.row = **stored;
  auto state = model::Decode<model::Case>(write.row.body);
  state.id = state.children.front().id;
  write.row.case_id = state.id;
  write.row.body = model::Encode(state);
  ports::Batch batch;
  batch.cases.push_back(write);
  ASSERT_TRUE(storage->Commit(batch));
  Up();
  engine->Settle();
  ports::CaseQuery of_parent;
  of_parent.parent = parent;
  EXPECT_EQ(storage->ListCases(of_parent)->size(), 1u) << "the other child";
  EXPECT_EQ(storage->DeadOutbox({}, 10)->size(), 1u);
}

TEST_F(ChildrenTest, AChildThatCannotStartIsADeadLetter) {
  Up();
  std::string child = kChild;
  child.replace(child.find("type: enterprise"), 16, "type: enum, values: [nowhere]");
  child.replace(child.find("{field: enterprise}"), 19, "{person: clerk}");
  std::string parent = kParent;
  parent.replace(parent.find("data: {enterprise: item}"), 24, "data: {enterprise: dyn(item)}");
  Deploy(parent, child);
  ASSERT_TRUE(Ok(Start("clerk", "campaign")));
  engine->Settle();
  const auto dead = storage->DeadOutbox({}, 10);
  ASSERT_EQ(dead->size(), 2u);
  EXPECT_NE((*dead)[0].last_error.find("INVALID_DATA"), std::string::npos) << (*dead)[0].last_error;
}

// 撤销: what the case began ends with it, at once or after a restart, and once.
TEST_F(ChildrenTest, ChildrenEndWithTheCaseThatWasRevoked) {
  for (const bool restart : {false, true}) {
    Up();
    Deploy(kRevocable, kChild);
    const model::CaseId parent = Ok(Start("clerk", "campaign"))->case_id;
    engine->Settle();
    ports::CaseQuery of_parent;
    of_parent.parent = parent;
    const auto children = storage->ListCases(of_parent);
    ASSERT_EQ(children->size(), 2u);
    const model::CaseId first = (*children)[0].case_id;
    ASSERT_TRUE(Ok(Decide("clerk", first, TaskOf("clerk", first), "submitted")));
    engine->Settle();
    model::Command revoke;
    revoke.actor.id = "clerk";
    revoke.request_id = NewRequest();
    revoke.case_id = parent;
    revoke.body = model::Revoke{"不再检查"};
    ASSERT_TRUE(Ok(Ask(revoke)));
    if (restart) {
      Down();
      Up();
    }
    engine->Settle();
    EXPECT_EQ(Stored(parent).outcome, "revoked");
    EXPECT_EQ(Stored(first).outcome, "passed") << "what had ended stays as it ended";
    const model::CaseId second = (*children)[1].case_id;
    EXPECT_EQ(Stored(second).outcome, "revoked");
    EXPECT_EQ(TaskOf("clerk", second), 0u);
    EXPECT_TRUE(storage->PendingOutbox(ports::OutboxKind::kCommand, clock.Now(), 10)->empty());
    EXPECT_TRUE(storage->DeadOutbox({}, 10)->empty());
    ExpectFolds();
    Down();
  }
}

}  // namespace
}  // namespace duban::engine
