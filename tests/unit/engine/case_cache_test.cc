#include "core/engine/case_cache.h"

#include <gtest/gtest.h>

namespace duban::engine {
namespace {

LiveCase Case(std::uint64_t id, std::size_t bytes) {
  LiveCase live;
  live.state.id = {id};
  live.bytes = bytes;
  return live;
}

TEST(CaseCache, DropsTheLongestUnusedBeyondTheNumberOfCases) {
  CaseCache cache(2, 1'000);
  for (std::uint64_t id = 1; id <= 3; ++id) cache.Put(Case(id, 1));
  cache.Find({1});
  cache.Trim();
  EXPECT_NE(cache.Find({1}), nullptr);
  EXPECT_EQ(cache.Find({2}), nullptr);
  EXPECT_NE(cache.Find({3}), nullptr);
}

// A few large cases must not take as much memory as ten thousand small ones many times over.
TEST(CaseCache, DropsTheLongestUnusedBeyondTheNumberOfBytes) {
  CaseCache cache(100, 1'000);
  cache.Put(Case(1, 400));
  cache.Put(Case(2, 400));
  cache.Trim();
  EXPECT_NE(cache.Find({1}), nullptr);
  cache.Resize(*cache.Find({2}), 700);  // a step made it larger
  cache.Trim();
  EXPECT_EQ(cache.Find({1}), nullptr);
  EXPECT_NE(cache.Find({2}), nullptr);
}

TEST(CaseCache, WhatIsForgottenOrPutAnewCountsNoMore) {
  CaseCache cache(100, 1'000);
  cache.Put(Case(1, 900));
  cache.Put(Case(1, 500));
  cache.Put(Case(2, 500));
  cache.Trim();
  EXPECT_NE(cache.Find({1}), nullptr);
  cache.Forget({1});
  cache.Put(Case(3, 500));
  cache.Trim();
  EXPECT_NE(cache.Find({2}), nullptr);
  EXPECT_NE(cache.Find({3}), nullptr);
}

// What is stored is older than what is decided until the write of it is committed.
TEST(CaseCache, KeepsWhatIsBeingWritten) {
  CaseCache cache(1, 1'000);
  cache.Put(Case(1, 1));
  cache.Find({1})->writes = 1;
  for (std::uint64_t id = 2; id <= 4; ++id) cache.Put(Case(id, 1));
  cache.Trim();
  EXPECT_NE(cache.Find({1}), nullptr);
  for (std::uint64_t id = 2; id <= 4; ++id) EXPECT_EQ(cache.Find({id}), nullptr);
}

TEST(CaseCache, ACaseLargerThanTheLimitIsKeptForItsBatchOnly) {
  CaseCache cache(100, 1'000);
  EXPECT_EQ(cache.Put(Case(1, 5'000)).state.id.value, 1u);
  EXPECT_NE(cache.Find({1}), nullptr);
  cache.Trim();
  EXPECT_EQ(cache.Find({1}), nullptr);
}

}  // namespace
}  // namespace duban::engine
