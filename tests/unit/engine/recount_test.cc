// A new holiday notice while cases are open: what it touches is counted again, once, also through
// failures and restarts; what is wrong with it changes nothing.
#include <gmock/gmock.h>

#include "tests/unit/engine/fixture.h"

namespace duban::engine {
namespace {

using testing::HasSubstr;

constexpr const char* kLimits = R"(
workflow: limits
campaign: test
title: 时限
start: {by: [{person: clerk}]}
states:
  waiting:
    task: {title: 办理, for: {person: clerk}, notify: false}
    due: {within: 3 working days, basis: 规定 第五条}
    on: {submitted: done}
  done: {final: true}
)";

std::map<std::string, std::string> Notice(const std::string& days) {
  return {{"2022.json", R"({"year":2022,"papers":[],"days":[)" + days + "]}"}};
}
const std::string kHoliday = R"({"name":"节日","date":"2022-05-18","isOffDay":true})";

class RecountTest : public EngineTest {
 protected:
  std::string DueOf(model::CaseId id) {
    const model::Case state = Stored(id);
    return state.deadlines.empty() ? "none"
                                   : calendar::LocalText(state.deadlines[0].due, "Asia/Shanghai");
  }
  int Moves(model::CaseId id) {
    int moves = 0;
    const auto journal = storage->ReadJournal(id, 0, ports::kMaxPageSize);
    for (const auto& row : *journal) {
      for (const auto& event : model::Decode<model::JournalEntry>(row.body).events)
        moves += std::holds_alternative<model::DeadlineMoved>(event) ? 1 : 0;
    }
    return moves;
  }
  void Announce(const std::string& days) {
    texts.calendars = Notice(days);
    ASSERT_TRUE(world.Refresh(texts).empty());
  }
};

TEST_F(RecountTest, WhatItTouchesIsMovedOnceAndShownEverywhere) {
  Up({.recounts_per_batch = 2});
  Deploy(kLimits);
  std::vector<model::CaseId> cases;
  for (int i = 0; i < 7; ++i) cases.push_back(Ok(Start("clerk", "limits"))->case_id);
  ASSERT_EQ(DueOf(cases[0]), "2022-05-19 24:00");
  Announce(kHoliday);
  engine->Settle();
  for (const model::CaseId id : cases) {
    EXPECT_EQ(DueOf(id), "2022-05-20 24:00");
    EXPECT_EQ(Moves(id), 1);
  }
  const auto inbox = queries->Inbox({"clerk"}, {}, 100);
  ASSERT_TRUE(inbox);
  ASSERT_EQ(inbox->items.size(), 7U);
  for (const TaskView& task : inbox->items)
    EXPECT_EQ(calendar::LocalText(task.deadline->due, "Asia/Shanghai"), "2022-05-20 24:00");
  const auto timers = storage->DueTimers(At("2022-05-20T00:00:00+08:00"), 100);
  EXPECT_TRUE(timers->empty()) << "the old due date fires no more";
  EXPECT_EQ(storage->DueTimers(At("2022-05-21T00:00:00+08:00"), 100)->size(), 7U);
  const int commits = storage->commits();
  engine->Settle();
  EXPECT_EQ(storage->commits(), commits) << "nothing is left to do";
  ExpectFolds();
}

TEST_F(RecountTest, ARestartInTheMiddleGoesOnAndMovesNothingTwice) {
  Up({.recounts_per_batch = 2});
  Deploy(kLimits);
  std::vector<model::CaseId> cases;
  for (int i = 0; i < 6; ++i) cases.push_back(Ok(Start("clerk", "limits"))->case_id);
  Announce(kHoliday);
  storage->FailNext(FaultyStorage::Fault::kNone);    // the first page is written
  storage->FailNext(FaultyStorage::Fault::kBefore);  // the second is not, and the engine stops
  engine->Wake();
  while (storage->commits() == 0 || Moves(cases[1]) == 0) std::this_thread::yield();
  Down();
  Up({.recounts_per_batch = 2});
  engine->Settle();
  for (const model::CaseId id : cases) {
    EXPECT_EQ(DueOf(id), "2022-05-20 24:00");
    EXPECT_EQ(Moves(id), 1);
  }
  ExpectFolds();
}

TEST_F(RecountTest, AfterADowntimeTheNewNoticeIsHeeded) {
  Up();
  Deploy(kLimits);
  const model::CaseId id = Ok(Start("clerk", "limits"))->case_id;
  Down();
  Announce(kHoliday);
  Up();
  engine->Settle();
  EXPECT_EQ(DueOf(id), "2022-05-20 24:00");
  const auto detail = queries->GetCase({"clerk"}, id);
  ASSERT_TRUE(detail);
  EXPECT_THAT(detail->deadlines[0].derivation.en, HasSubstr("05-18 off (节日)"));
  EXPECT_EQ(detail->deadlines[0].basis.zh, "规定 第五条");
}

TEST_F(RecountTest, AContradictionIsRefusedAndTheOldNoticeStays) {
  Announce(kHoliday);
  Up();
  Deploy(kLimits);
  const model::CaseId id = Ok(Start("clerk", "limits"))->case_id;
  const std::string before = world.Now()->calendar.version();
  texts.calendars["2023.json"] =
      R"({"year":2023,"papers":[],"days":[{"name":"元旦","date":"2022-12-31","isOffDay":true},)"
      R"({"name":"元旦","date":"2022-12-31","isOffDay":false}]})";
  const auto refused = world.Refresh(texts);
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(refused[0].message.en,
              HasSubstr("2023.json: days[1] (2022-12-31): it is a working day here"));
  texts.calendars = {{"2022.json", "{\"year\": 2022"}};
  ASSERT_EQ(world.Refresh(texts).size(), 1U);
  EXPECT_EQ(world.Now()->calendar.version(), before);
  engine->Settle();
  EXPECT_EQ(DueOf(id), "2022-05-20 24:00");
  EXPECT_EQ(Moves(id), 0);
}

TEST_F(RecountTest, DeadlinesAreListedForWhoMaySeeThem) {
  Up();
  Deploy(kLimits);
  const model::CaseId id = Ok(Start("clerk", "limits"))->case_id;
  const auto list = [&](const char* who, DeadlineQuery query) {
    const auto page = queries->ListDeadlines({who}, query);
    EXPECT_TRUE(page);
    return page ? page->items : std::vector<DeadlineLine>();
  };
  ASSERT_EQ(list("clerk", {}).size(), 1U);
  EXPECT_EQ(list("clerk", {})[0].case_id, id);
  EXPECT_EQ(list("clerk", {})[0].holders, std::vector<std::string>{"clerk"});
  EXPECT_EQ(list("admin", {}).size(), 1U);
  EXPECT_TRUE(list("admin", {.mine = true}).empty());
  EXPECT_TRUE(list("other", {}).empty());
  EXPECT_TRUE(list("clerk", {.until = At("2022-05-18T00:00:00+08:00")}).empty());
  EXPECT_TRUE(list("clerk", {.overdue = true}).empty());
  Advance("2022-05-20T00:00:00+08:00");
  ASSERT_EQ(list("clerk", {.overdue = true}).size(), 1U);
  EXPECT_TRUE(list("clerk", {.overdue = true})[0].deadline.passed);
  const auto page = queries->ListDeadlines({"clerk"}, {.page_size = 1});
  ASSERT_TRUE(page && page->next);
  EXPECT_TRUE(list("clerk", {.after = *page->next}).empty());
}

}  // namespace
}  // namespace duban::engine
