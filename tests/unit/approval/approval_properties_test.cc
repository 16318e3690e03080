// Laws of the algebra, checked on every vote of up to six seats.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

#include "tests/unit/approval/votes.h"

namespace duban::approval {
namespace {

using Votes = std::vector<Vote>;
constexpr std::size_t kMaxSeats = 6;

std::vector<Rule> AllRules() {
  std::vector<Rule> rules = {{Mode::kOne}, {Mode::kAny}};
  for (bool collect_all : {false, true}) {
    rules.push_back({Mode::kAll, 100, collect_all});
    rules.push_back({Mode::kSequence, 100, collect_all});
    for (int percent : {1, 16, 17, 20, 33, 34, 50, 51, 60, 66, 67, 80, 99, 100}) {
      rules.push_back({Mode::kRatio, percent, collect_all});
    }
  }
  return rules;
}

// Every assignment of `choices` to the seats that hold no vote in `votes`.
void ForEachCompletion(const Votes& votes, const std::vector<Vote>& choices,
                       const std::function<void(const Votes&)>& visit) {
  std::size_t assignments = 1;
  for (Vote vote : votes) assignments *= vote == Vote::kNone ? choices.size() : 1;
  for (std::size_t number = 0; number < assignments; ++number) {
    Votes filled = votes;
    std::size_t rest = number;
    for (Vote& vote : filled) {
      if (vote != Vote::kNone) continue;
      vote = choices[rest % choices.size()];
      rest /= choices.size();
    }
    visit(filled);
  }
}

void ForEachState(std::size_t seats, const std::function<void(const Votes&)>& visit) {
  ForEachCompletion(Votes(seats, Vote::kNone), {Vote::kNone, Vote::kApprove, Vote::kReject}, visit);
}

// What a full set of votes means, said without the algebra: in rationals, by multiplying out.
Result Verdict(const Rule& rule, const Votes& votes) {
  const auto yes = std::count(votes.begin(), votes.end(), Vote::kApprove);
  const auto seats = static_cast<std::ptrdiff_t>(votes.size());
  if (rule.mode != Mode::kRatio) return yes == seats ? Result::kApproved : Result::kRejected;
  // yes / seats >= percent / 100, both brought to the common denominator lcm(seats, 100).
  const auto common = std::lcm(seats, std::ptrdiff_t{100});
  const bool enough = yes * (common / seats) >= rule.percent * (common / 100);
  return enough ? Result::kApproved : Result::kRejected;
}

TEST(ApprovalProperties, StatesAreAllVisited) {
  int states = 0;
  ForEachState(4, [&](const Votes&) { ++states; });
  EXPECT_EQ(states, 81);
}

TEST(ApprovalProperties, TalliesAddUp) {
  for (const Rule& rule : AllRules()) {
    for (std::size_t seats = 1; seats <= kMaxSeats; ++seats) {
      ForEachState(seats, [&](const Votes& votes) {
        const Tally tally = CountVotes(rule, votes);
        ASSERT_EQ(static_cast<std::size_t>(tally.approvals + tally.rejections + tally.open), seats);
        if (tally.open == 0) {
          ASSERT_NE(tally.result, Result::kOpen);
        }
        if (tally.result == Result::kApproved) {
          ASSERT_GT(tally.approvals, 0);
        }
      });
    }
  }
}

// A round ends early exactly when no continuation could change its result, and then with that
// result.
TEST(ApprovalProperties, EndsEarlyIffTheResultIsFixed) {
  for (const Rule& rule : AllRules()) {
    if (rule.mode == Mode::kOne || rule.mode == Mode::kAny) continue;
    for (std::size_t seats = 1; seats <= kMaxSeats; ++seats) {
      ForEachState(seats, [&](const Votes& votes) {
        std::set<Result> possible;
        bool complete = std::find(votes.begin(), votes.end(), Vote::kNone) == votes.end();
        ForEachCompletion(votes, {Vote::kApprove, Vote::kReject}, [&](const Votes& full) {
          possible.insert(Verdict(rule, full));
          ASSERT_EQ(CountVotes(rule, full).result, Verdict(rule, full)) << ToString(rule);
        });
        const Result now = CountVotes(rule, votes).result;
        const bool may_end = rule.collect_all ? complete : possible.size() == 1;
        ASSERT_EQ(now, may_end ? *possible.begin() : Result::kOpen) << ToString(rule);
      });
    }
  }
}

// Only how many said what matters, never who: each arrangement of the same votes gives the same
// tally.
TEST(ApprovalProperties, SeatsAreInterchangeable) {
  for (const Rule& rule : AllRules()) {
    for (std::size_t seats = 1; seats <= kMaxSeats; ++seats) {
      ForEachState(seats, [&](const Votes& votes) {
        Votes sorted = votes;
        std::sort(sorted.begin(), sorted.end());
        ASSERT_EQ(CountVotes(rule, votes), CountVotes(rule, sorted)) << ToString(rule);
      });
    }
  }
}

// In whatever order fixed opinions come in, the round ends with the same result; under kAny with
// the first one.
TEST(ApprovalProperties, OrderOfArrivalDoesNotMatter) {
  for (const Rule& rule : AllRules()) {
    if (rule.mode == Mode::kSequence) continue;
    const std::size_t seats = rule.mode == Mode::kOne ? 1 : 5;
    ForEachCompletion(
        Votes(seats, Vote::kNone), {Vote::kApprove, Vote::kReject}, [&](const Votes& opinions) {
          std::vector<std::size_t> order(seats);
          std::iota(order.begin(), order.end(), std::size_t{0});
          std::set<Result> ends;
          do {
            Votes votes(seats, Vote::kNone);
            for (std::size_t seat : order) {
              if (CountVotes(rule, votes).result != Result::kOpen) break;
              const auto active = ActiveVotes(rule, votes);
              ASSERT_TRUE(std::find(active.begin(), active.end(), seat) != active.end());
              votes[seat] = opinions[seat];
            }
            const Result end = CountVotes(rule, votes).result;
            ASSERT_NE(end, Result::kOpen);
            if (rule.mode == Mode::kAny) {
              const bool yes = opinions[order.front()] == Vote::kApprove;
              ASSERT_EQ(end, yes ? Result::kApproved : Result::kRejected);
            } else {
              ends.insert(end);
            }
          } while (std::next_permutation(order.begin(), order.end()));
          if (rule.mode != Mode::kAny) {
            ASSERT_EQ(ends.size(), 1u) << ToString(rule);
          }
        });
  }
}

// One more yes never hurts, one more no never helps: rejected < open < approved.
TEST(ApprovalProperties, Monotonic) {
  const auto rank = [](Result r) {
    return r == Result::kRejected ? 0 : r == Result::kOpen ? 1 : 2;
  };
  for (const Rule& rule : AllRules()) {
    for (std::size_t seats = 1; seats <= kMaxSeats; ++seats) {
      ForEachState(seats, [&](const Votes& votes) {
        for (std::size_t seat = 0; seat < seats; ++seat) {
          Votes yes = votes;
          Votes no = votes;
          yes[seat] = Vote::kApprove;
          no[seat] = Vote::kReject;
          ASSERT_GE(rank(CountVotes(rule, yes).result), rank(CountVotes(rule, no).result));
          if (rule.collect_all)
            continue;  // there the last vote closes the round, so `open` is not in between
          if (votes[seat] != Vote::kNone) continue;
          ASSERT_GE(rank(CountVotes(rule, yes).result), rank(CountVotes(rule, votes).result));
          ASSERT_LE(rank(CountVotes(rule, no).result), rank(CountVotes(rule, votes).result));
        }
      });
    }
  }
}

TEST(ApprovalProperties, ActiveSeatsAreOpenSeatsOfAnOpenRound) {
  for (const Rule& rule : AllRules()) {
    for (std::size_t seats = 1; seats <= kMaxSeats; ++seats) {
      ForEachState(seats, [&](const Votes& votes) {
        const auto active = ActiveVotes(rule, votes);
        ASSERT_EQ(active.empty(), CountVotes(rule, votes).result != Result::kOpen);
        ASSERT_TRUE(std::is_sorted(active.begin(), active.end()));
        for (std::size_t seat : active) ASSERT_EQ(votes[seat], Vote::kNone);
        if (rule.mode == Mode::kSequence) {
          ASSERT_LE(active.size(), 1u);
        }
      });
    }
  }
}

// Every percent and many seats against rationals.
TEST(ApprovalProperties, RatioAgreesWithRationals) {
  for (std::size_t seats = 1; seats <= 40; ++seats) {
    for (int percent = 1; percent <= 100; ++percent) {
      for (std::size_t yes = 0; yes <= seats; ++yes) {
        Votes votes(seats, Vote::kReject);
        std::fill_n(votes.begin(), yes, Vote::kApprove);
        const Rule rule{Mode::kRatio, percent};
        ASSERT_EQ(CountVotes(rule, votes).result, Verdict(rule, votes))
            << seats << ' ' << percent << ' ' << yes;
      }
    }
  }
}

}  // namespace
}  // namespace duban::approval
