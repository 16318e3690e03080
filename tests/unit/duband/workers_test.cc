#include "services/duband/workers.h"

#include <gmock/gmock.h>

#include <future>

namespace duban::duband {
namespace {

using testing::ElementsAre;

// One thread, which is busy until it is let go.
class WorkersTest : public testing::Test {
 protected:
  WorkersTest() {
    std::promise<void> begun;
    workers.Run("", [this, &begun] {
      begun.set_value();
      held.get_future().wait();
    });
    begun.get_future().wait();
  }
  Workers::Job Note(const char* what) {
    return [this, what] { done.emplace_back(what); };
  }
  void Finish() {
    held.set_value();
    workers.Stop();
  }

  std::promise<void> held;
  std::vector<std::string> done;
  Workers workers{"work", 1, 16};
};

TEST_F(WorkersTest, CallersAreTakenInTurns) {
  for (const char* what : {"a1", "a2", "a3"}) EXPECT_TRUE(workers.Run("a", Note(what)));
  for (const char* what : {"b1", "b2"}) EXPECT_TRUE(workers.Run("b", Note(what)));
  Finish();
  EXPECT_THAT(done, ElementsAre("a1", "b1", "a2", "b2", "a3"));
}

TEST_F(WorkersTest, OneCallerTakesAQuarterOfTheRoom) {
  for (const char* caller : {"a", "b", "c", "d"}) {
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(workers.Run(caller, Note("job")));
    EXPECT_FALSE(workers.Run(caller, Note("too many")));
  }
  EXPECT_FALSE(workers.Run("e", Note("no room")));
  Finish();
  EXPECT_EQ(done, std::vector<std::string>(16, "job"));
}

TEST_F(WorkersTest, WhatWaitsIsDoneBeforeTheEndAndNothingAfter) {
  EXPECT_TRUE(workers.Run("a", Note("a")));
  Finish();
  EXPECT_FALSE(workers.Run("a", Note("late")));
  EXPECT_THAT(done, ElementsAre("a"));
}

}  // namespace
}  // namespace duban::duband
