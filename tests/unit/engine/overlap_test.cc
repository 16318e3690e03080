// One batch is decided while the one before is committed: on what that one leads to, and answered
// after it.
#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using model::Reason;
using Fault = FaultyStorage::Fault;

// Commits stand before it until they are let through.
class Gate {
 public:
  void Pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_ || let_ > 0; });
    if (let_ > 0) --let_;
  }
  void Await(int arrived) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= arrived; });
  }
  void Let() {
    const std::lock_guard lock(mutex_);
    ++let_;
    changed_.notify_all();
  }
  void Open(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    arrived_ = 0;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  int let_ = 0;
  int arrived_ = 0;
};

bool IsAnswered(const std::future<Reply>& reply) {
  return reply.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

class OverlapTest : public EngineTest {
 protected:
  // Two cases whose first decisions stand before the gate in one batch.
  void SetUp() override {
    storage->before_commit = [this] { gate.Pass(); };
    Up();
    Deploy(kApproval);
    a = Ok(Start("clerk", "approval"))->case_id;
    b = Ok(Start("clerk", "approval"))->case_id;
    const model::CaseId other = Ok(Start("clerk", "approval"))->case_id;
    gate.Open(false);
    auto first = Submit(Decision("head", other, TaskOf("head", other), "approved"));
    gate.Await(1);
    decided_a = Submit(Decision("head", a, TaskOf("head", a), "approved", "a"));
    decided_b = Submit(Decision("head", b, TaskOf("head", b), "rejected", "b"));
    gate.Let();
    gate.Await(2);
    ASSERT_TRUE(Ok(first.get()));
    next_task = TaskOf("clerk", other);
    ASSERT_NE(next_task, 0);
  }
  void TearDown() override { gate.Open(true); }

  // What opens only by the decision that is not committed yet.
  std::future<Reply> ActOnA(const std::string& request) {
    return Submit(Decision("clerk", a, next_task, "submitted", request));
  }

  Gate gate;
  model::CaseId a, b;
  model::Ordinal next_task = 0;
  std::future<Reply> decided_a, decided_b;
};

TEST_F(OverlapTest, WhatIsAskedMeanwhileIsDecidedOnItAndAnsweredAfterIt) {
  auto acted = ActOnA("act");
  auto late = Submit(Decision("head", b, 1, "approved"));
  auto again = Submit(Decision("head", a, 1, "approved", "a"));
  gate.Let();
  ASSERT_TRUE(Ok(decided_a.get()));
  ASSERT_TRUE(Ok(decided_b.get()));
  EXPECT_FALSE(IsAnswered(acted));
  EXPECT_FALSE(IsAnswered(late)) << "a refusal stands on what is not committed, too";
  gate.Open(true);
  EXPECT_TRUE(Ok(acted.get())->ended);
  EXPECT_EQ(Why(late.get()), Reason::kAlreadyDecided);
  const Reply repeated = again.get();
  ASSERT_TRUE(Ok(repeated));
  EXPECT_TRUE(Ok(repeated)->repeated);
  EXPECT_EQ(Stored(a).revision, 3u);
  ExpectFolds();
}

// Two are being committed. Six more would be a batch three times as large, and then nobody would be
// there whose commands could be decided meanwhile.
TEST_F(OverlapTest, NeitherOfTwoBatchesTakesMoreThanHalf) {
  std::vector<std::size_t> sizes;
  engine->OnBatch([&](const Engine::BatchReport& report) { sizes.push_back(report.commands); });
  std::vector<std::future<Reply>> started;
  for (int i = 0; i < 6; ++i) {
    model::Command command;
    command.actor.id = "clerk";
    command.request_id = "start-" + std::to_string(i);
    command.body = model::StartCase{"test", "approval", {}, {}};
    started.push_back(Submit(std::move(command)));
  }
  gate.Open(true);
  for (auto& reply : started) EXPECT_TRUE(Ok(reply.get()));
  engine->Settle();
  engine->OnBatch({});
  ASSERT_GE(sizes.size(), 3u);
  EXPECT_EQ(sizes[0], 2u);
  EXPECT_LE(sizes[1], 4u);
}

TEST_F(OverlapTest, WhatStoodOnAFailedCommitIsDecidedAgain) {
  storage->FailNext(Fault::kBefore);
  auto acted = ActOnA("act");
  auto sound = Submit([] {
    model::Command command;
    command.actor.id = "clerk";
    command.request_id = "start";
    command.body = model::StartCase{"test", "approval", {}, {}};
    return command;
  }());
  gate.Open(true);
  EXPECT_EQ(Why(decided_a.get()), Reason::kUnavailable);
  EXPECT_EQ(Why(decided_b.get()), Reason::kUnavailable);
  EXPECT_EQ(Why(acted.get()), Reason::kUnknownTask);
  EXPECT_TRUE(Ok(sound.get()));
  EXPECT_EQ(Stored(a).revision, 1u);
  EXPECT_TRUE(Ok(Decide("head", a, 1, "approved", "a")));
  ExpectFolds();
}

TEST_F(OverlapTest, AnUnknownFateIsLookedUpBeforeWhatStandsOnIt) {
  storage->FailNext(Fault::kAfter);
  auto acted = ActOnA("act");
  gate.Open(true);
  const Reply found = decided_a.get();
  ASSERT_TRUE(Ok(found));
  EXPECT_TRUE(Ok(found)->repeated);
  EXPECT_TRUE(Ok(decided_b.get()));
  EXPECT_TRUE(Ok(acted.get())->ended);
  EXPECT_EQ(Stored(a).revision, 3u);
  ExpectFolds();
}

TEST_F(OverlapTest, AStopCommitsWhatIsUnderWay) {
  auto acted = ActOnA("act");
  gate.Open(true);
  Down();
  EXPECT_TRUE(Ok(decided_a.get()));
  EXPECT_TRUE(Ok(decided_b.get()));
  EXPECT_TRUE(Ok(acted.get()));
}

}  // namespace
}  // namespace duban::engine
