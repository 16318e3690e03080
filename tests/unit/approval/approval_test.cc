#include "tests/unit/approval/votes.h"

#include <gtest/gtest.h>

namespace duban::approval {
namespace {

using Votes = std::vector<Vote>;
constexpr Vote kNo = Vote::kReject;
constexpr Vote kYes = Vote::kApprove;
constexpr Vote kNone = Vote::kNone;

Result ResultOf(const Rule& rule, const Votes& votes) { return CountVotes(rule, votes).result; }
std::vector<std::size_t> ActiveIn(const Rule& rule, const Votes& votes) {
  return ActiveVotes(rule, votes);
}
using Seats = std::vector<std::size_t>;

TEST(ApprovalTest, NobodyApprovesARoundWithoutSeats) {
  for (Mode mode : {Mode::kOne, Mode::kAny, Mode::kAll, Mode::kSequence, Mode::kRatio}) {
    for (bool collect_all : {false, true}) {
      const Rule rule{mode, 1, collect_all};
      EXPECT_EQ(CountVotes(rule, {}), (Tally{.result = Result::kRejected,
                                             .approvals = 0,
                                             .rejections = 0,
                                             .open = 0,
                                             .weight_for = 0,
                                             .weight_open = 0}));
      EXPECT_TRUE(ActiveVotes(rule, {}).empty());
    }
  }
}

TEST(ApprovalTest, OneAndAnyEndWithTheFirstVote) {
  for (Mode mode : {Mode::kOne, Mode::kAny}) {
    const Rule rule{mode};
    EXPECT_EQ(ResultOf(rule, {kNone}), Result::kOpen);
    EXPECT_EQ(ResultOf(rule, {kYes}), Result::kApproved);
    EXPECT_EQ(ResultOf(rule, {kNo}), Result::kRejected);
  }
  EXPECT_EQ(CountVotes({Mode::kAny}, {kNone, kNo, kNone}), (Tally{.result = Result::kRejected,
                                                                  .approvals = 0,
                                                                  .rejections = 1,
                                                                  .open = 2,
                                                                  .weight_for = 0,
                                                                  .weight_open = 2}));
  EXPECT_EQ(CountVotes({Mode::kAny}, {kNone, kYes, kNone}), (Tally{.result = Result::kApproved,
                                                                   .approvals = 1,
                                                                   .rejections = 0,
                                                                   .open = 2,
                                                                   .weight_for = 1,
                                                                   .weight_open = 2}));
  EXPECT_EQ(ResultOf({Mode::kAny}, {kYes, kNo}), Result::kRejected);
  EXPECT_EQ(ActiveIn({Mode::kAny}, {kNone, kNone}), (Seats{0, 1}));
  EXPECT_TRUE(ActiveIn({Mode::kAny}, {kNone, kNo}).empty());
}

TEST(ApprovalTest, AllEndsWithOneRejection) {
  const Rule rule{Mode::kAll};
  EXPECT_EQ(ResultOf(rule, {kYes, kNone, kYes}), Result::kOpen);
  EXPECT_EQ(ResultOf(rule, {kYes, kYes, kYes}), Result::kApproved);
  EXPECT_EQ(CountVotes(rule, {kNone, kNo, kNone}), (Tally{.result = Result::kRejected,
                                                          .approvals = 0,
                                                          .rejections = 1,
                                                          .open = 2,
                                                          .weight_for = 0,
                                                          .weight_open = 2}));
  EXPECT_EQ(ActiveIn(rule, {kYes, kNone, kNone}), (Seats{1, 2}));
}

TEST(ApprovalTest, SequenceOpensOneSeatAtATime) {
  const Rule rule{Mode::kSequence};
  EXPECT_EQ(ActiveIn(rule, {kNone, kNone, kNone}), (Seats{0}));
  EXPECT_EQ(ActiveIn(rule, {kYes, kNone, kNone}), (Seats{1}));
  EXPECT_TRUE(ActiveIn(rule, {kYes, kNo, kNone}).empty());
  EXPECT_EQ(ResultOf(rule, {kYes, kNo, kNone}), Result::kRejected);
  EXPECT_EQ(ResultOf(rule, {kYes, kYes, kYes}), Result::kApproved);
}

TEST(ApprovalTest, RatioIsExact) {
  // A third of three is 33.3 %: one vote is enough for 33, not for 34.
  EXPECT_EQ(ResultOf({Mode::kRatio, 33}, {kYes, kNone, kNone}), Result::kApproved);
  EXPECT_EQ(ResultOf({Mode::kRatio, 34}, {kYes, kNone, kNone}), Result::kOpen);
  // Two thirds of three are 66.7 %.
  EXPECT_EQ(ResultOf({Mode::kRatio, 66}, {kYes, kYes, kNone}), Result::kApproved);
  EXPECT_EQ(ResultOf({Mode::kRatio, 67}, {kYes, kYes, kNone}), Result::kOpen);
  // 60 % of five are exactly three; the third rejection makes that impossible.
  EXPECT_EQ(ResultOf({Mode::kRatio, 60}, {kYes, kYes, kYes, kNone, kNone}), Result::kApproved);
  EXPECT_EQ(ResultOf({Mode::kRatio, 60}, {kNo, kNo, kNone, kNone, kNone}), Result::kOpen);
  EXPECT_EQ(ResultOf({Mode::kRatio, 60}, {kNo, kNo, kNo, kNone, kNone}), Result::kRejected);
}

TEST(ApprovalTest, APercentOutOfRangeIsTheNearerLimit) {
  EXPECT_EQ(ResultOf({Mode::kRatio, 0}, {kNone, kNone}), Result::kOpen);
  EXPECT_EQ(ResultOf({Mode::kRatio, -5}, {kNo, kNo}), Result::kRejected);
  EXPECT_EQ(ResultOf({Mode::kRatio, 1'000'000}, {kYes, kYes}), Result::kApproved);
}

TEST(ApprovalTest, CollectingWaitsForEveryOpinion) {
  const Rule all{Mode::kAll, 100, true};
  EXPECT_EQ(ResultOf(all, {kNo, kNone}), Result::kOpen);
  EXPECT_EQ(ActiveIn(all, {kNo, kNone}), (Seats{1}));
  EXPECT_EQ(ResultOf(all, {kNo, kYes}), Result::kRejected);
  EXPECT_EQ(ResultOf(all, {kYes, kYes}), Result::kApproved);
  const Rule half{Mode::kRatio, 50, true};
  EXPECT_EQ(ResultOf(half, {kYes, kYes, kNone}), Result::kOpen);
  EXPECT_EQ(ResultOf(half, {kYes, kYes, kNo}), Result::kApproved);
  const Rule sequence{Mode::kSequence, 100, true};
  EXPECT_EQ(ActiveIn(sequence, {kNo, kNone, kNone}), (Seats{1}));
  EXPECT_EQ(ResultOf(sequence, {kNo, kYes, kYes}), Result::kRejected);
}

TEST(ApprovalTest, Names) {
  EXPECT_EQ(ToString({Mode::kOne}), "one");
  EXPECT_EQ(ToString({Mode::kAny, 100, true}), "any");
  EXPECT_EQ(ToString({Mode::kAll}), "all");
  EXPECT_EQ(ToString({Mode::kSequence}), "sequence");
  EXPECT_EQ(ToString({Mode::kRatio, 60}), "60%");
  EXPECT_EQ(ToString({Mode::kAll, 100, true}), "all, every opinion collected");
  EXPECT_EQ(ToString({.mode = Mode::kRatio, .percent = 50, .tie = Tie::kReject}), "more than 50%");
  EXPECT_EQ(ToString({.mode = Mode::kRatio, .percent = 60, .base = Base::kVotes, .quorum = 75}),
            "60% of the votes, quorum 75%");
  EXPECT_EQ(ToString({.mode = Mode::kCount, .count = 3}), "at least 3");
  EXPECT_EQ(ToString({.mode = Mode::kWeighted, .threshold = 51}), "weight 51");
}

}  // namespace
}  // namespace duban::approval
