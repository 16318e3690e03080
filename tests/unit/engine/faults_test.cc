// Nothing acknowledged is lost, nothing is done twice, whatever the storage does.
#include <random>

#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using Fault = FaultyStorage::Fault;
using model::Reason;

TEST_F(EngineTest, AFailedCommitIsRefusedAndTheSameRequestSucceedsLater) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const model::Ordinal task = TaskOf("head", id);
  storage->FailNext(Fault::kBefore);
  EXPECT_EQ(Why(Decide("head", id, task, "approved", "r")), Reason::kUnavailable);
  EXPECT_EQ(Stored(id).revision, 1u);
  const Reply again = Decide("head", id, task, "approved", "r");
  ASSERT_TRUE(Ok(again));
  EXPECT_FALSE(Ok(again)->repeated);
  ExpectFolds();
}

TEST_F(EngineTest, ACommitOfUnknownFateIsNotDoneTwice) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  const model::Ordinal task = TaskOf("head", id);
  storage->FailNext(Fault::kAfter);
  const Reply found = Decide("head", id, task, "approved", "r");
  ASSERT_TRUE(Ok(found)) << "the engine looks the request up itself";
  EXPECT_TRUE(Ok(found)->repeated);
  const Reply again = Decide("head", id, task, "approved", "r");
  ASSERT_TRUE(Ok(again));
  EXPECT_TRUE(Ok(again)->repeated);
  EXPECT_EQ(Stored(id).revision, 2u);
  ExpectFolds();
}

TEST_F(EngineTest, AConflictIsDecidedAgainOnWhatIsStored) {
  Up();
  Deploy(kApproval);
  const model::CaseId id = Ok(Start("clerk", "approval"))->case_id;
  storage->FailNext(Fault::kConflict);
  EXPECT_TRUE(Ok(Decide("head", id, TaskOf("head", id), "approved")));
  ExpectFolds();
}

TEST_F(EngineTest, ADamagedCaseIsRefusedAndTheOthersGoOn) {
  Up();
  Deploy(kApproval);
  const model::CaseId damaged = Ok(Start("clerk", "approval"))->case_id;
  const model::CaseId sound = Ok(Start("clerk", "approval"))->case_id;
  auto row = storage->LoadCase(damaged);
  ASSERT_TRUE(row && *row);
  ports::CaseWrite write;
  write.expected_revision = (*row)->revision;
  write.row = **row;
  write.row.body.resize(write.row.body.size() / 2);
  ports::Batch batch;
  batch.cases.push_back(write);
  ASSERT_TRUE(storage->Commit(batch));
  Down();
  Up();
  EXPECT_EQ(Why(Decide("head", damaged, 1, "approved")), Reason::kInternal);
  EXPECT_TRUE(Ok(Decide("head", sound, TaskOf("head", sound), "approved")));
}

// Clients that repeat until they are answered, a storage that fails every third commit in every
// way, restarts.
TEST_F(EngineTest, RandomFaultsLoseNothingAndDoNothingTwice) {
  for (const unsigned seed : {1u, 2u, 3u, 4u, 5u}) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    Up();
    Deploy(kApproval);
    std::map<std::string, model::CaseId> acknowledged;
    for (int i = 0; i < 60; ++i) {
      if (random() % 3 == 0) storage->FailNext(random() % 2 ? Fault::kBefore : Fault::kAfter);
      if (random() % 5 == 0) storage->FailNext(Fault::kConflict);
      const std::string request = "s" + std::to_string(seed) + "-" + std::to_string(i);
      for (;;) {
        const Reply reply = Start("clerk", "approval", {}, request);
        if (!Ok(reply)) {
          ASSERT_EQ(Why(reply), Reason::kUnavailable);
          continue;
        }
        acknowledged[request] = Ok(reply)->case_id;
        break;
      }
      if (random() % 10 == 0) {
        Down();
        Up();
      }
    }
    std::set<model::CaseId> ids;
    for (const auto& [request, id] : acknowledged) {
      EXPECT_EQ(Stored(id).revision, 1u) << request;
      ids.insert(id);
    }
    EXPECT_EQ(ids.size(), acknowledged.size());
    EXPECT_EQ(
        storage
            ->ListCases({.workflow = {}, .parent = {}, .ended = {}, .after = {}, .page_size = 1000})
            ->size(),
        60u * seed);
    ExpectFolds();
    Down();
  }
}

}  // namespace
}  // namespace duban::engine
