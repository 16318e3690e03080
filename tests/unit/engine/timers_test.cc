#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

constexpr const char* kClocks = R"(
workflow: clocks
campaign: test
title: 时限
start: {by: [{person: clerk}]}
states:
  waiting:
    task: {title: 办理, for: {person: clerk}, notify: false}
    due: {within: 3 days, basis: 规定 第五条, remind: [50%], overdue: {escalate: {post: bureau-head}}}
    after:
      - {within: 1 hour, do: [{log: "'one'"}]}
      - {within: 2 hours, do: [{log: "'two'"}]}
      - {within: 10 days, to: expired}
    on: {submitted: done}
  done: {final: true}
  expired: {final: true}
)";

std::vector<std::string> Logs(ports::Storage& storage, model::CaseId id) {
  std::vector<std::string> logs;
  const auto journal = storage.ReadJournal(id, 0, ports::kMaxPageSize);
  for (const auto& row : *journal) {
    for (const auto& event : model::Decode<model::JournalEntry>(row.body).events) {
      if (const auto* log = std::get_if<model::Logged>(&event)) logs.push_back(log->text);
    }
  }
  return logs;
}

TEST_F(EngineTest, TimersOfACommitOfUnknownFateFire) {
  Up();
  Deploy(kClocks);
  storage->FailNext(FaultyStorage::Fault::kAfter);
  const model::CaseId id = Ok(Start("clerk", "clocks"))->case_id;
  Advance("2022-05-16T10:30:00+08:00");
  EXPECT_EQ(Logs(*storage, id), std::vector<std::string>{"one"});
}

TEST_F(EngineTest, ATimerThatWasDueAndIsNotAnyMoreWaitsOn) {
  // The clock is set right between the look at the timers and the step.
  bool once = true;
  storage->after_due_timers = [&] {
    if (std::exchange(once, false)) clock.Set(At("2022-05-16T09:59:59+08:00"));
  };
  Up();
  Deploy(kClocks);
  const model::CaseId id = Ok(Start("clerk", "clocks"))->case_id;
  Advance("2022-05-16T10:00:00+08:00");
  EXPECT_TRUE(Logs(*storage, id).empty());
  Advance("2022-05-16T10:00:00+08:00");
  EXPECT_EQ(Logs(*storage, id), std::vector<std::string>{"one"});
  ExpectFolds();
}

TEST_F(EngineTest, TimersFireWhenTheClockReachesThem) {
  Up();
  Deploy(kClocks);
  const model::CaseId id = Ok(Start("clerk", "clocks"))->case_id;
  Advance("2022-05-16T10:30:00+08:00");
  EXPECT_EQ(Logs(*storage, id), std::vector<std::string>{"one"});
  Advance("2022-05-16T12:00:00+08:00");
  EXPECT_EQ(Logs(*storage, id), (std::vector<std::string>{"one", "two"}));
  ExpectFolds();
}

TEST_F(EngineTest, AfterDowntimeTimersFireInTheOrderOfTheirDueTimesAndBothTimesAreKept) {
  Up();
  Deploy(kClocks);
  const model::CaseId id = Ok(Start("clerk", "clocks"))->case_id;
  Down();
  clock.Set(At("2022-06-30T09:00:00+08:00"));
  Up();
  engine->Settle();
  EXPECT_EQ(Logs(*storage, id), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(Stored(id).outcome, "expired");
  model::Timestamp last;
  int fired = 0;
  const auto journal = storage->ReadJournal(id, 0, ports::kMaxPageSize);
  for (const auto& row : *journal) {
    for (const auto& event : model::Decode<model::JournalEntry>(row.body).events) {
      const auto* e = std::get_if<model::TimerFired>(&event);
      if (!e) continue;
      ++fired;
      EXPECT_LE(last, e->due);
      last = e->due;
      EXPECT_EQ(e->at, At("2022-06-30T09:00:00+08:00"));
    }
  }
  EXPECT_EQ(fired, 5);  // one, two, the reminder, the due date, ten days
  EXPECT_FALSE(storage->NextTimer()->has_value());
  ExpectFolds();
}

TEST_F(EngineTest, AnOverdueTaskIsEscalatedAndTheDeadlineCarriesItsDerivation) {
  Up();
  Deploy(kClocks);
  const model::CaseId id = Ok(Start("clerk", "clocks"))->case_id;
  const auto before = queries->GetCase({"clerk"}, id);
  ASSERT_TRUE(before);
  ASSERT_EQ(before->deadlines.size(), 1u);
  EXPECT_EQ(before->deadlines[0].due, At("2022-05-20T00:00:00+08:00"));
  EXPECT_NE(before->deadlines[0].derivation.en.find("2022-05-19"), std::string::npos);
  EXPECT_EQ(before->deadlines[0].basis.zh, "规定 第五条");
  EXPECT_EQ(TaskOf("head", id), 0u);
  Advance("2022-05-20T00:00:00+08:00");
  EXPECT_NE(TaskOf("head", id), 0u);
  EXPECT_TRUE(Ok(Decide("head", id, TaskOf("head", id), "submitted")));
  ExpectFolds();
}

TEST_F(EngineTest, ATimerThatAnEarlierOneOfTheSameMomentCancelsIsGone) {
  Up();
  Deploy(R"(
workflow: race
campaign: test
start: {by: [{person: clerk}]}
title: race
states:
  waiting:
    after:
      - {within: 1 hour, to: first}
      - {within: 1 hour, to: second}
  first: {final: true}
  second: {final: true}
)");
  const model::CaseId id = Ok(Start("clerk", "race"))->case_id;
  Advance("2022-05-16T10:00:00+08:00");
  EXPECT_EQ(Stored(id).outcome, "first");
  EXPECT_FALSE(storage->NextTimer()->has_value());
}

}  // namespace
}  // namespace duban::engine
