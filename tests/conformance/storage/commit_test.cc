// Commit: all of it or nothing, and only on the expected revisions.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/conformance/storage/subject.h"

namespace duban::conformance {
namespace {

using namespace ports;
using testing::HasSubstr;
using Code = StorageError::Code;

class CommitTest : public StorageTest {
 protected:
  void Refused(const Batch& batch, Code code) {
    const auto result = storage->Commit(batch);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
    EXPECT_FALSE(result.error().message.empty());
  }
  void NothingStored() {
    EXPECT_EQ(Got(storage->LastChange()), 0u);
    EXPECT_EQ(Got(storage->LastCaseId()), 0u);
    EXPECT_TRUE(Got(storage->ListCases({})).empty());
  }
};

TEST_P(CommitTest, KeepsEveryFieldExactly) {
  CaseWrite write = Step(Id(1), 0);
  write.row.parent = Id(9);
  write.row.ended = true;
  write.row.outcome = "已移送";
  write.row.body = std::string(300'000, '\x80');
  write.tasks = {Task(Id(1), 2, {"li", "wang"})};
  write.timers_set = {{Id(1), 3, {1'660'953'600, 123'456'789}}};
  OutboxRow out = Outgoing(Id(1), 4, OutboxKind::kCommand, {-1, 999'999'999});
  out.attempts = 4'000'000'000;
  out.last_error = "451 稍后再试";
  write.outbox = {out};
  Batch batch = One(write);
  const RequestRow request{"li/1", std::string("\0\1", 2), "reply", At(1)};
  batch.requests = {request};
  ASSERT_COMMITS(batch);

  EXPECT_EQ(Bytes(Got(storage->LoadCase(Id(1))).value()), Bytes(write.row));
  EXPECT_EQ(Bytes(Got(storage->LoadTask({Id(1), 2})).value()), Bytes(write.tasks[0]));
  EXPECT_EQ(Bytes(Got(storage->DueTimers({1'660'953'600, 123'456'789}, 10))),
            Bytes(write.timers_set));
  EXPECT_EQ(Bytes(Got(storage->PendingOutbox(OutboxKind::kCommand, At(0), 10))),
            Bytes(write.outbox));
  EXPECT_EQ(Bytes(Got(storage->FindRequest("li/1")).value()), Bytes(request));
  JournalRow entry = write.journal[0];
  entry.change = 1;
  EXPECT_EQ(Bytes(Got(storage->ReadJournal(Id(1), 0, 10)).at(0)), Bytes(entry));
}

TEST_P(CommitTest, AnythingAbsentIsEmptyAndNoError) {
  EXPECT_FALSE(Got(storage->LoadCase(Id(1))));
  EXPECT_FALSE(Got(storage->LoadTask({Id(1), 1})));
  EXPECT_FALSE(Got(storage->FindRequest("x/y")));
  EXPECT_FALSE(Got(storage->LoadCampaign("x")));
  EXPECT_FALSE(Got(storage->NextTimer()));
  EXPECT_TRUE(Got(storage->ReadJournal(Id(1), 0, 10)).empty());
  EXPECT_TRUE(Got(storage->ReadChanges(0, 10)).empty());
  EXPECT_TRUE(Got(storage->DeadOutbox({}, 10)).empty());
  NothingStored();
}

TEST_P(CommitTest, AnEmptyBatchIsFine) {
  EXPECT_EQ(Got(storage->Commit({})).last_change, 0u);
  ASSERT_COMMITS(One(Step(Id(1), 0)));
  EXPECT_EQ(Got(storage->Commit({})).last_change, 1u);
}

TEST_P(CommitTest, AStaleRevisionIsAConflictThatNamesTheCase) {
  ASSERT_COMMITS(One(Step(Id(1), 0)));
  ASSERT_COMMITS(One(Step(Id(1), 1)));
  for (const model::Revision stale : {0, 1, 3}) {
    const auto result = storage->Commit(One(Step(Id(1), stale)));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kConflict);
    EXPECT_EQ(result.error().case_id, Id(1));
  }
  EXPECT_EQ(Got(storage->LoadCase(Id(1)))->revision, 2u);
}

TEST_P(CommitTest, ACaseThatDoesNotExistCannotBeContinued) {
  Refused(One(Step(Id(1), 1)), Code::kConflict);
  NothingStored();
}

TEST_P(CommitTest, OneConflictAndNothingOfTheBatchIsWritten) {
  ASSERT_COMMITS(One(Step(Id(5), 0)));
  Batch batch;
  CaseWrite good = Step(Id(1), 0);
  good.tasks = {Task(Id(1), 1, {"li"})};
  good.timers_set = {{Id(1), 2, At(0)}};
  good.outbox = {Outgoing(Id(1), 3, OutboxKind::kNotification, At(0))};
  batch.cases = {good, Step(Id(5), 0)};
  batch.requests = {{"li/1", "f", "r", At(0)}};
  Refused(batch, Code::kConflict);

  EXPECT_FALSE(Got(storage->LoadCase(Id(1))));
  EXPECT_FALSE(Got(storage->LoadTask({Id(1), 1})));
  EXPECT_TRUE(Got(storage->ListTasks({.candidate = "li"})).empty());
  EXPECT_FALSE(Got(storage->NextTimer()));
  EXPECT_TRUE(Got(storage->PendingOutbox(OutboxKind::kNotification, At(9), 10)).empty());
  EXPECT_FALSE(Got(storage->FindRequest("li/1")));
  EXPECT_EQ(Got(storage->LastChange()), 1u);

  batch.cases.pop_back();
  EXPECT_EQ(Got(storage->Commit(batch)).last_change, 2u)
      << "the failed batch took no change number";
}

TEST_P(CommitTest, ACaseMayComeMoreThanOnceAndIsAppliedInOrder) {
  CaseWrite first = Step(Id(1), 0);
  first.tasks = {Task(Id(1), 1, {"li"})};
  first.timers_set = {{Id(1), 2, At(5)}};
  CaseWrite second = Step(Id(1), 1);
  second.tasks = {Task(Id(1), 1, {"wang"})};
  second.timers_cleared = {2};
  Batch batch;
  batch.cases = {first, second};
  EXPECT_EQ(Got(storage->Commit(batch)).last_change, 2u);
  EXPECT_EQ(Bytes(Got(storage->LoadCase(Id(1))).value()), Bytes(second.row));
  EXPECT_TRUE(Got(storage->ListTasks({.candidate = "li"})).empty());
  EXPECT_EQ(Got(storage->ListTasks({.candidate = "wang"})).size(), 1u);
  EXPECT_FALSE(Got(storage->NextTimer()));

  batch.cases = {Step(Id(1), 2), Step(Id(1), 2)};
  Refused(batch, Code::kConflict);
  EXPECT_EQ(Got(storage->LoadCase(Id(1)))->revision, 2u);
}

TEST_P(CommitTest, AnAnswerOnceGivenIsNeverReplaced) {
  Batch batch;
  batch.requests = {{"li/1", "f", "first", At(0)}};
  ASSERT_COMMITS(batch);
  batch.requests[0].reply = "second";
  batch.cases = {Step(Id(1), 0)};
  Refused(batch, Code::kConflict);
  EXPECT_EQ(Got(storage->FindRequest("li/1"))->reply, "first");
  EXPECT_FALSE(Got(storage->LoadCase(Id(1))));
}

TEST_P(CommitTest, AMessageThatIsGoneCannotBeCarriedOut) {
  CaseWrite write = Step(Id(1), 0);
  write.outbox = {Outgoing(Id(1), 1, OutboxKind::kCommand, At(0)),
                  Outgoing(Id(1), 2, OutboxKind::kCommand, At(0))};
  ASSERT_COMMITS(One(write));
  Batch batch = One(Step(Id(2), 0));
  batch.outbox_done = {{Id(1), 1}};
  batch.outbox_taken = batch.outbox_done;
  ASSERT_COMMITS(batch);

  batch = One(Step(Id(3), 0));
  batch.outbox_done = {{Id(1), 2}, {Id(1), 1}};
  batch.outbox_taken = batch.outbox_done;
  const auto second = storage->Commit(batch);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kConflict);
  EXPECT_EQ(second.error().case_id, Id(1));
  EXPECT_FALSE(Got(storage->LoadCase(Id(3))));
  EXPECT_EQ(Got(storage->PendingOutbox(OutboxKind::kCommand, At(9), 10)).size(), 1u);
}

TEST_P(CommitTest, PrefetchGivesWhatIsNotKnownYet) {
  Batch batch = One(Step(Id(1), 0));
  batch.cases.push_back(Step(Id(1), 1));
  batch.cases.push_back(Step(Id(2), 0));
  batch.requests = {{"li/1", "f1", "r1", At(1)}, {std::string("li/\0", 4), "f2", "r2", At(2)}};
  ASSERT_COMMITS(batch);
  ASSERT_TRUE(storage->SaveCampaign({"digest", "name", At(0), "li", {}}));
  Lookup lookup;
  lookup.request_ids = {"li/1", std::string("li/\0", 4), "li/3"};
  lookup.cases = {{Id(1), 1}, {Id(2), 1}, {Id(3), 0}};
  Found found = Got(storage->Prefetch(lookup));
  std::ranges::sort(found.requests, {}, &RequestRow::fingerprint);
  EXPECT_EQ(Bytes(found.requests), Bytes(batch.requests));
  ASSERT_EQ(found.cases.size(), 1u);
  EXPECT_EQ(Bytes(found.cases[0]), Bytes(Got(storage->LoadCase(Id(1))).value()));
  EXPECT_EQ(found.campaigns, 1u);
  EXPECT_TRUE(Got(storage->Prefetch({})).cases.empty());
}

TEST_P(CommitTest, ARowThatIsInsertedTwiceIsRefusedWhole) {
  CaseWrite write = Step(Id(1), 0);
  write.outbox = {Outgoing(Id(1), 1, OutboxKind::kCommand, At(0)),
                  Outgoing(Id(1), 1, OutboxKind::kCommand, At(0))};
  Refused(One(write), Code::kInvalid);
  write = Step(Id(1), 0);
  write.journal.push_back(write.journal[0]);
  Refused(One(write), Code::kInvalid);
  NothingStored();
}

TEST_P(CommitTest, TheCallersMistakesAreNamedAndNothingIsWritten) {
  Refused(One(Step({}, 0)), Code::kInvalid);
  CaseWrite write = Step(Id(1), 0);
  write.row.revision = 0;
  Refused(One(write), Code::kInvalid);
  write = Step(Id(1), 0);
  write.row.revision = std::uint64_t{1} << 63;
  Refused(One(write), Code::kInvalid);
  write = Step(Id(1), 0);
  write.journal[0].revision = 2;
  Refused(One(write), Code::kInvalid);
  write = Step(Id(1), 0);
  write.tasks = {Task(Id(2), 1, {"li"})};
  Refused(One(write), Code::kInvalid);
  write = Step(Id(1), 0);
  write.timers_set = {{Id(1), 1, {10'000'000'000, 0}}};
  Refused(One(write), Code::kInvalid);
  write.timers_set = {{Id(1), 1, {-10'000'000'000, 0}}};
  Refused(One(write), Code::kInvalid);
  Batch batch;
  batch.requests = {{"", "f", "r", At(0)}};
  Refused(batch, Code::kInvalid);
  NothingStored();
}

TEST_P(CommitTest, ChangesAreGaplessInTheOrderOfCommit) {
  Batch batch;
  batch.cases = {Step(Id(9), 0), Step(Id(3), 0), Step(Id(9), 1)};
  ASSERT_COMMITS(batch);
  ASSERT_FALSE(storage->Commit(One(Step(Id(3), 0))));
  CaseWrite two_entries = Step(Id(3), 1);
  two_entries.row.revision = 3;
  two_entries.journal.push_back({Id(3), 3, 77, "entry 3"});
  EXPECT_EQ(Got(storage->Commit(One(two_entries))).last_change, 5u);

  const auto rows = Got(storage->ReadChanges(0, 100));
  ASSERT_EQ(rows.size(), 5u);
  const std::vector<std::pair<model::CaseId, model::Revision>> expected = {
      {Id(9), 1}, {Id(3), 1}, {Id(9), 2}, {Id(3), 2}, {Id(3), 3}};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].change, i + 1);
    EXPECT_EQ(std::pair(rows[i].case_id, rows[i].revision), expected[i]);
  }
  EXPECT_EQ(Bytes(Got(storage->ReadChanges(2, 2))),
            Bytes(std::vector(rows.begin() + 2, rows.begin() + 4)));
  EXPECT_TRUE(Got(storage->ReadChanges(5, 10)).empty());
  EXPECT_TRUE(Got(storage->ReadChanges(UINT64_MAX, 10)).empty());
  EXPECT_EQ(Got(storage->LastChange()), 5u);
}

TEST_P(CommitTest, CampaignsAreKeptOnceInTheOrderOfDeployment) {
  const CampaignRow later{
      "b", "Second", At(5), "li", {{"campaign.yaml", "name: 二"}, {"phases/p.yaml", ""}}};
  const CampaignRow earlier{"a", "First", At(9), "wang", {}};
  ASSERT_TRUE(storage->SaveCampaign(later));
  ASSERT_TRUE(storage->SaveCampaign(earlier));
  CampaignRow again = later;
  again.name = "changed";
  ASSERT_TRUE(storage->SaveCampaign(again));

  const auto list = Got(storage->ListCampaigns());
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].name, "Second");
  EXPECT_TRUE(list[0].files.empty());
  EXPECT_EQ(Bytes(list[1]), Bytes(earlier));
  EXPECT_EQ(Bytes(Got(storage->LoadCampaign("b")).value()), Bytes(later));
  EXPECT_FALSE(storage->SaveCampaign({}));
}

DUBAN_EVERY_STORAGE(CommitTest);

}  // namespace
}  // namespace duban::conformance
