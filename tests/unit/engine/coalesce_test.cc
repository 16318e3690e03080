#include "core/engine/coalesce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace duban::engine {
namespace {

using testing::ElementsAre;

constexpr model::CaseId kCase{7};

ports::CaseWrite Step(model::Revision before) {
  ports::CaseWrite write;
  write.expected_revision = before;
  write.row.case_id = kCase;
  write.row.revision = before + 1;
  write.row.body = "at " + std::to_string(before + 1);
  write.journal = {{kCase, before + 1, 0, "entry"}};
  return write;
}

std::vector<model::Ordinal> Set(const ports::CaseWrite& write) {
  std::vector<model::Ordinal> ordinals;
  for (const ports::TimerRow& timer : write.timers_set) ordinals.push_back(timer.ordinal);
  return ordinals;
}

TEST(Coalesce, TheLastRowIsStoredAndTheWholeJournal) {
  ports::CaseWrite write = Step(4);
  Append(write, Step(5));
  Append(write, Step(6));
  EXPECT_EQ(write.expected_revision, 4u);
  EXPECT_EQ(write.row.revision, 7u);
  EXPECT_EQ(write.row.body, "at 7");
  ASSERT_EQ(write.journal.size(), 3u);
  for (model::Revision i = 0; i < 3; ++i) EXPECT_EQ(write.journal[i].revision, 5 + i);
}

TEST(Coalesce, TasksAndMessagesKeepTheirOrder) {
  ports::CaseWrite write = Step(1);
  ports::CaseWrite next = Step(2);
  write.tasks.resize(1);
  write.tasks[0].ordinal = 3;
  next.tasks.resize(1);
  next.tasks[0].ordinal = 3;
  next.tasks[0].open = false;
  write.outbox.resize(1);
  write.outbox[0].ordinal = 4;
  next.outbox.resize(1);
  next.outbox[0].ordinal = 5;
  Append(write, next);
  ASSERT_EQ(write.tasks.size(), 2u);
  EXPECT_TRUE(write.tasks[0].open);
  EXPECT_FALSE(write.tasks[1].open);
  ASSERT_EQ(write.outbox.size(), 2u);
  EXPECT_EQ(write.outbox[0].ordinal, 4u);
  EXPECT_EQ(write.outbox[1].ordinal, 5u);
}

// Cleared before set, within one write: in the order of the steps it would be set, then cleared.
TEST(Coalesce, ATimerThatALaterStepClearsIsNotSet) {
  ports::CaseWrite write = Step(1);
  write.timers_cleared = {1};
  write.timers_set = {{kCase, 2, {}}, {kCase, 3, {}}};
  ports::CaseWrite next = Step(2);
  next.timers_cleared = {2};
  next.timers_set = {{kCase, 4, {}}};
  Append(write, next);
  EXPECT_THAT(Set(write), ElementsAre(3, 4));
  EXPECT_THAT(write.timers_cleared, ElementsAre(1, 2));
}

TEST(Coalesce, ATimerThatIsClearedAndSetAgainIsSet) {
  ports::CaseWrite write = Step(1);
  write.timers_set = {{kCase, 2, {10, 0}}};
  ports::CaseWrite next = Step(2);
  next.timers_cleared = {2};
  next.timers_set = {{kCase, 2, {20, 0}}};
  Append(write, next);
  ASSERT_THAT(Set(write), ElementsAre(2));
  EXPECT_EQ(write.timers_set[0].due.seconds, 20);
}

}  // namespace
}  // namespace duban::engine
