// Who may wait at the engine's door, who is taken next, and what a flood of one caller leaves to
// others.
#include "core/engine/admission.h"

#include <gtest/gtest.h>

#include <random>

namespace duban::engine {
namespace {

using std::chrono::milliseconds;

class AdmissionTest : public testing::Test {
 protected:
  bool Add(const std::string& who, std::size_t bytes = 0) {
    std::list<Asked> asked(1);
    asked.front().command.actor.id = who;
    asked.front().command.request_id = std::to_string(++requests);
    asked.front().bytes = bytes;
    delay = door.Add(asked, now);
    EXPECT_EQ(asked.empty(), !delay);
    return !delay;
  }
  int AddUntilRefused(const std::string& who, std::size_t bytes = 0) {
    int added = 0;
    while (Add(who, bytes)) ++added;
    return added;
  }
  // A batch that takes so long.
  std::list<Asked> Batch(milliseconds took) {
    door.Began(now);
    auto taken = door.Take(limits.batch);
    now += took;
    door.Finished(now);
    return taken;
  }

  Limits limits{.queue = 1'000, .max_wait = milliseconds(1'000), .batch = 10};
  Admission door{limits};
  Admission::Clock::time_point now{};
  std::optional<milliseconds> delay;
  int requests = 0;
};

TEST_F(AdmissionTest, OneCallerIsTakenInOrder) {
  for (int i = 0; i < 25; ++i) ASSERT_TRUE(Add("a"));
  int last = 0;
  for (const std::size_t size : {10u, 10u, 5u, 0u}) {
    const auto batch = Batch(milliseconds(1));
    EXPECT_EQ(batch.size(), size);
    for (const Asked& asked : batch) EXPECT_EQ(asked.command.request_id, std::to_string(++last));
  }
  EXPECT_TRUE(door.empty());
}

TEST_F(AdmissionTest, CallersTakeTurns) {
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Add("flood"));
  ASSERT_TRUE(Add("b"));
  ASSERT_TRUE(Add("c"));
  ASSERT_TRUE(Add("b"));
  std::string order;
  for (const Asked& asked : Batch(milliseconds(1))) order += asked.command.actor.id[0];
  EXPECT_EQ(order, "fbcfbfffff");
}

TEST_F(AdmissionTest, AFloodLeavesRoomForOthers) {
  EXPECT_EQ(AddUntilRefused("a"), 500);
  EXPECT_EQ(AddUntilRefused("b"), 250);
  EXPECT_EQ(AddUntilRefused("c"), 125);
  EXPECT_FALSE(Add("a"));
  EXPECT_TRUE(Add("d"));
  EXPECT_LE(door.size(), limits.queue);
}

TEST_F(AdmissionTest, LargeCommandsTakeMoreOfTheRoom) {
  EXPECT_EQ(AddUntilRefused("a", 9 * kCommandUnit), 50);
  EXPECT_TRUE(Add("b"));
  // However large, it is taken where there is nothing else: it can be refused by its own limits
  // only.
  Admission empty{limits};
  std::list<Asked> large(1);
  large.front().bytes = 2 * limits.queue * kCommandUnit;
  EXPECT_FALSE(empty.Add(large, now));
}

TEST_F(AdmissionTest, WhatWouldWaitTooLongIsRefusedWithADelay) {
  for (int i = 0; i < 20; ++i) {
    Add("a");
    Batch(milliseconds(400));
  }
  // Three batches of about 400 ms would be too long.
  EXPECT_EQ(AddUntilRefused("a"), 30);
  ASSERT_TRUE(delay);
  EXPECT_GE(*delay, milliseconds(1'000));
  EXPECT_LE(*delay, milliseconds(10'000));
  // Whoever has nothing waiting goes with the next batch.
  EXPECT_TRUE(Add("b"));
  // Quick again: after a few batches the flood may come again.
  while (!door.empty()) Batch(milliseconds(1));
  for (int i = 0; i < 20; ++i) {
    Add("a");
    Batch(milliseconds(1));
  }
  EXPECT_EQ(AddUntilRefused("a"), 500);
}

TEST_F(AdmissionTest, AStorageThatStallsIsNoticedWhileItStalls) {
  ASSERT_TRUE(Add("a"));
  door.Began(now);
  (void)door.Take(limits.batch);
  now += milliseconds(900);
  EXPECT_TRUE(Add("b"));
  EXPECT_EQ(door.OldestAge(now), milliseconds(0));
  now += milliseconds(200);
  EXPECT_EQ(door.OldestAge(now), milliseconds(200));
  EXPECT_FALSE(Add("c"));
  door.Finished(now);
  EXPECT_TRUE(Add("c"));
}

TEST_F(AdmissionTest, AQueueWithoutPlacesRefusesAll) {
  Admission none{{.queue = 0}};
  std::list<Asked> asked(1);
  const auto refused = none.Add(asked, now);
  ASSERT_TRUE(refused);
  EXPECT_EQ(asked.size(), 1u) << "it is still the caller's";
  EXPECT_GT(*refused, milliseconds(0));
}

// Whatever comes: nothing is lost, nothing comes twice, each caller's order holds, the bound holds.
TEST_F(AdmissionTest, RandomTraffic) {
  std::mt19937 random(20220816);
  std::map<std::string, std::deque<std::string>> expected;
  std::size_t waiting = 0;
  for (int i = 0; i < 20'000; ++i) {
    now += milliseconds(random() % 3);
    if (random() % 20 != 0) {
      const std::string who(1, static_cast<char>('a' + random() % 5));
      if (Add(who, random() % 3 == 0 ? random() % (4 * kCommandUnit) : 0)) {
        expected[who].push_back(std::to_string(requests));
        ++waiting;
      }
    } else {
      for (const Asked& asked : Batch(milliseconds(random() % 100))) {
        auto& own = expected[asked.command.actor.id];
        ASSERT_FALSE(own.empty());
        ASSERT_EQ(asked.command.request_id, own.front());
        own.pop_front();
        --waiting;
      }
    }
    ASSERT_EQ(door.size(), waiting);
    ASSERT_LE(door.size(), limits.queue);
  }
}

}  // namespace
}  // namespace duban::engine
