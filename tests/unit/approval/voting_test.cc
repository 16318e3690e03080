// Abstentions, recusals, quorums, counts, weights, groups, the draw.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/unit/approval/votes.h"

namespace duban::approval {
namespace {

constexpr Vote kYes = Vote::kApprove;
constexpr Vote kNo = Vote::kReject;
constexpr Vote kAbstain = Vote::kAbstain;
constexpr Vote kRecuse = Vote::kRecuse;
constexpr Vote kNone = Vote::kNone;

Result ResultOf(const Rule& rule, const std::vector<Vote>& votes) {
  return CountVotes(rule, votes).result;
}

TEST(VotingTest, AnAbstentionTakesNoSide) {
  EXPECT_EQ(ResultOf({Mode::kAll}, {kYes, kAbstain}), Result::kApproved);
  EXPECT_EQ(ResultOf({Mode::kAll}, {kYes, kAbstain, kNone}), Result::kOpen);
  EXPECT_EQ(ResultOf({Mode::kAny}, {kAbstain, kNone}), Result::kOpen);
  EXPECT_EQ(ResultOf({Mode::kOne}, {kAbstain}), Result::kRejected);
  EXPECT_EQ(ResultOf({Mode::kAll}, {kAbstain, kAbstain}), Result::kRejected);
}

TEST(VotingTest, ARatioOfSeatsCountsAbstentionsARatioOfVotesDoesNot) {
  const Rule of_seats{.mode = Mode::kRatio, .percent = 60};
  const Rule of_votes{.mode = Mode::kRatio, .percent = 60, .base = Base::kVotes};
  EXPECT_EQ(ResultOf(of_seats, {kYes, kYes, kAbstain, kAbstain, kNo}), Result::kRejected);
  EXPECT_EQ(ResultOf(of_votes, {kYes, kYes, kAbstain, kAbstain, kNo}), Result::kApproved);
  EXPECT_EQ(ResultOf(of_votes, {kYes, kYes, kAbstain, kNone, kNo}), Result::kOpen);
}

TEST(VotingTest, WhoRecusesHasNoVoice) {
  const Rule rule{.mode = Mode::kRatio, .percent = 60};
  EXPECT_EQ(ResultOf(rule, {kYes, kYes, kNo, kNone, kRecuse}), Result::kOpen);
  EXPECT_EQ(ResultOf(rule, {kYes, kYes, kNo, kRecuse, kRecuse}), Result::kApproved);
  EXPECT_EQ(ResultOf({Mode::kAll}, {kRecuse, kRecuse}), Result::kRejected);
  EXPECT_EQ(CountVotes({Mode::kSequence}, {kRecuse, kNone}).result, Result::kOpen);
  EXPECT_EQ(ActiveVotes({Mode::kSequence}, {kRecuse, kNone, kNone}), std::vector<std::size_t>{1});
}

TEST(VotingTest, AQuorumDelaysTheResultAndCanBecomeUnreachable) {
  const Rule rule{
      .mode = Mode::kRatio, .percent = 50, .base = Base::kVotes, .tie = Tie::kReject, .quorum = 60};
  EXPECT_EQ(ResultOf(rule, {kYes, kYes, kYes, kNone, kNone}), Result::kApproved);
  EXPECT_EQ(ResultOf({.mode = Mode::kCount, .count = 1, .quorum = 60},
                     {kYes, kNone, kNone, kNone, kNone}),
            Result::kOpen);
  EXPECT_EQ(ResultOf({.mode = Mode::kCount, .count = 1, .quorum = 60},
                     {kYes, kNo, kAbstain, kNone, kNone}),
            Result::kApproved);
  EXPECT_EQ(ResultOf(rule, {kYes, kRecuse, kRecuse, kNone, kNone}), Result::kOpen);
  EXPECT_EQ(ResultOf(rule, {kYes, kRecuse, kRecuse, kRecuse, kNone}), Result::kNoQuorum);
  EXPECT_EQ(Count(rule, {}).result, Result::kNoQuorum);
}

TEST(VotingTest, ATieIsWhatTheRuleSays) {
  EXPECT_EQ(ResultOf({.mode = Mode::kRatio, .percent = 50, .tie = Tie::kApprove}, {kYes, kNo}),
            Result::kApproved);
  EXPECT_EQ(ResultOf({.mode = Mode::kRatio, .percent = 50, .tie = Tie::kReject}, {kYes, kNo}),
            Result::kRejected);
  EXPECT_EQ(ResultOf({.mode = Mode::kRatio, .percent = 50, .tie = Tie::kReject}, {kYes, kYes, kNo}),
            Result::kApproved);
}

TEST(VotingTest, CountPassesAndFailsEarly) {
  const Rule rule{.mode = Mode::kCount, .count = 2};
  EXPECT_EQ(ResultOf(rule, {kYes, kNone, kNone}), Result::kOpen);
  EXPECT_EQ(ResultOf(rule, {kYes, kYes, kNone}), Result::kApproved);
  EXPECT_EQ(ResultOf(rule, {kNo, kAbstain, kNone}), Result::kRejected);
}

TEST(VotingTest, WeightsDecideNotHeads) {
  const Rule rule{.mode = Mode::kWeighted, .threshold = 51};
  EXPECT_EQ(Count(rule, std::vector<Seat>{{kYes, 60}, {kNo, 20}, {kNo, 20}}).result,
            Result::kApproved);
  EXPECT_EQ(Count(rule, std::vector<Seat>{{kNo, 60}, {kNone, 20}, {kNone, 20}}).result,
            Result::kRejected);
  EXPECT_EQ(Count(rule, std::vector<Seat>{{kNone, 60}, {kYes, 20}, {kNo, 20}}).result,
            Result::kOpen);
  const Rule half{.mode = Mode::kWeighted, .threshold = 50, .tie = Tie::kReject};
  EXPECT_EQ(Count(half, std::vector<Seat>{{kYes, 50}, {kNo, 50}}).result, Result::kRejected);
  EXPECT_EQ(Count(half, std::vector<Seat>{{kYes, 51}, {kNo, 49}}).result, Result::kApproved);
}

TEST(VotingTest, EveryGroupHasToAgree) {
  using R = Result;
  const std::vector<R> none;
  EXPECT_EQ(Combine(none, false), R::kRejected);
  EXPECT_EQ(Combine(std::vector{R::kApproved, R::kApproved}, false), R::kApproved);
  EXPECT_EQ(Combine(std::vector{R::kApproved, R::kOpen}, false), R::kOpen);
  EXPECT_EQ(Combine(std::vector{R::kRejected, R::kOpen}, false), R::kRejected);
  EXPECT_EQ(Combine(std::vector{R::kRejected, R::kOpen}, true), R::kOpen);
  EXPECT_EQ(Combine(std::vector{R::kNoQuorum, R::kOpen}, false), R::kNoQuorum);
  EXPECT_EQ(Combine(std::vector{R::kNoQuorum, R::kRejected}, false), R::kRejected);
}

TEST(VotingTest, FlawsAreFoundBeforeAnybodyVotes) {
  EXPECT_EQ(Check({.mode = Mode::kCount, .count = 4}, false, 3, 3), Flaw::kCountAboveSeats);
  EXPECT_EQ(Check({.mode = Mode::kCount, .count = 4}, false, 0, 0), Flaw::kNone);
  EXPECT_EQ(Check({.mode = Mode::kRatio, .percent = 50}, false, 0, 0), Flaw::kTieUnsaid);
  EXPECT_EQ(Check({.mode = Mode::kRatio, .percent = 50}, true, 0, 0), Flaw::kNone);
  EXPECT_EQ(Check({.mode = Mode::kWeighted}, false, 2, 100), Flaw::kThresholdMissing);
  EXPECT_EQ(Check({.mode = Mode::kWeighted, .threshold = 101}, false, 2, 100),
            Flaw::kThresholdAboveWeights);
  EXPECT_EQ(Check({.mode = Mode::kWeighted, .threshold = 50}, false, 2, 100), Flaw::kTieUnsaid);
  EXPECT_EQ(Check({.mode = Mode::kAny, .collect_all = true}, false, 2, 2),
            Flaw::kCollectWithoutVotes);
}

TEST(VotingTest, ADrawCanBeRepeatedAndIsFair) {
  EXPECT_EQ(Draw(7, 10, 3), Draw(7, 10, 3));
  EXPECT_EQ(Draw(1, 3, 5), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(Draw(1, 0, 2).empty());
  std::map<std::size_t, int> drawn;
  for (std::uint64_t seed = 0; seed < 6'000; ++seed) {
    const auto places = Draw(seed, 6, 2);
    ASSERT_EQ(places.size(), 2u);
    ASSERT_LT(places[0], places[1]);
    for (std::size_t place : places) ++drawn[place];
  }
  for (const auto& [place, times] : drawn) EXPECT_NEAR(times, 2'000, 200) << place;
  // What a recorded seed gave once, it gives for ever.
  EXPECT_EQ(Draw(20220516, 5, 2), (std::vector<std::size_t>{1, 2}));
}

std::vector<Rule> VotingRules() {
  std::vector<Rule> rules;
  for (int quorum : {0, 50, 80}) {
    rules.push_back({.mode = Mode::kAll, .quorum = quorum});
    for (int percent : {34, 50, 67}) {
      for (Base base : {Base::kSeats, Base::kVotes}) {
        for (Tie tie : {Tie::kApprove, Tie::kReject}) {
          rules.push_back({.mode = Mode::kRatio,
                           .percent = percent,
                           .base = base,
                           .tie = tie,
                           .quorum = quorum});
        }
      }
    }
    for (int count : {1, 2, 3})
      rules.push_back({.mode = Mode::kCount, .count = count, .quorum = quorum});
    for (int threshold : {1, 4, 6})
      rules.push_back(
          {.mode = Mode::kWeighted, .threshold = threshold, .tie = Tie::kReject, .quorum = quorum});
  }
  return rules;
}

// What was decided stays decided, whatever those who are left say, abstain from, or recuse
// themselves of.
TEST(VotingProperties, AnEarlyEndIsNeverWrong) {
  constexpr std::size_t kSeats = 4;
  const std::vector<Vote> all = {kNone, kYes, kNo, kAbstain, kRecuse};
  const auto votes_of = [&](std::size_t number) {
    std::vector<Seat> seats;
    for (std::size_t i = 0; i < kSeats; ++i, number /= all.size())
      seats.push_back({all[number % all.size()], static_cast<std::int64_t>(i + 1)});
    return seats;
  };
  const std::size_t states = 625;
  for (const Rule& rule : VotingRules()) {
    for (std::size_t a = 0; a < states; ++a) {
      const auto before = votes_of(a);
      const Result decided = Count(rule, before).result;
      if (decided == Result::kOpen || decided == Result::kNoQuorum) continue;
      for (std::size_t b = 0; b < states; ++b) {
        const auto after = votes_of(b);
        bool continues = true;
        for (std::size_t i = 0; i < kSeats; ++i)
          continues &=
              before[i].vote == kNone ? after[i].vote != kNone : before[i].vote == after[i].vote;
        if (!continues) continue;
        ASSERT_EQ(Count(rule, after).result, decided) << ToString(rule) << ' ' << a << " -> " << b;
      }
    }
  }
}

TEST(VotingProperties, AFullRoundIsNeverOpen) {
  const std::vector<Vote> said = {kYes, kNo, kAbstain, kRecuse};
  for (const Rule& rule : VotingRules()) {
    for (std::size_t number = 0; number < 256; ++number) {
      std::vector<Vote> votes;
      for (std::size_t i = 0, rest = number; i < 4; ++i, rest /= 4) votes.push_back(said[rest % 4]);
      ASSERT_NE(CountVotes(rule, votes).result, Result::kOpen) << ToString(rule) << ' ' << number;
    }
  }
}

}  // namespace
}  // namespace duban::approval
