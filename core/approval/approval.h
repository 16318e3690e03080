// Who has to decide, and when it is decided: a pure algebra over seats and votes.
//
// A round is the set of seats that one approval opened; a seat is one person's place in it (or the
// place of several candidates of whom the first to act takes it). Nothing here knows time, storage
// or the organisation. additions.h says what seats that were added to seats mean.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace duban::approval {

// How many must say yes. Every comparison is in integers: cross-multiplied, never rounded.
//  kOne       one seat, its candidates share it: who acts first decides.
//  kAny       或签: a seat each; the first yes or no decides, either way.
//  kAll       会签: a seat each; passes when every seat that takes a side approves; one rejection
//             ends it at once (一票否决).
//  kSequence  依次审批: as kAll, opened one after the other.
//  kRatio     会签(比例): approvals * 100 >= percent * base.
//  kCount     票签: approvals >= count.
//  kWeighted  加权票签: the weights of those who approve >= threshold.
// kRatio, kCount and kWeighted pass as soon as that holds and fail as soon as it no longer can.
enum class Mode : std::uint8_t { kOne, kAny, kAll, kSequence, kRatio, kCount, kWeighted };

// What a ratio is a ratio of.
enum class Base : std::uint8_t {
  kSeats,  // everybody who has a seat and has not recused themself; an abstention is as good as a
           // no
  kVotes,  // those who said yes or no: abstentions do not count. Decided when nobody is left to
           // vote who could change it
};

// At exactly half of the base, where "at least" would pass.
enum class Tie : std::uint8_t { kApprove, kReject };

struct Rule {
  Mode mode = Mode::kOne;
  int percent = 100;           // kRatio: 1 … 100
  bool collect_all = false;    // every opinion first, then decide (征求意见); not for kOne, kAny
  int count = 0;               // kCount: 1 … seats
  std::int64_t threshold = 0;  // kWeighted: 1 … sum of the weights
  Base base = Base::kSeats;    // kRatio
  Tie tie = Tie::kApprove;     // kRatio of 50, kWeighted of half the sum: kReject asks for more
  int quorum = 0;              // so many percent of the appointed must have voted; 0: no quorum
  bool operator==(const Rule&) const = default;
};

enum class Vote : std::uint8_t {
  kNone,
  kApprove,
  kReject,
  kAbstain,  // voted, on no side; counts for the quorum
  kRecuse,   // 回避: has no voice here, neither in the base nor for the quorum
};

enum class Result : std::uint8_t {
  kOpen,
  kApproved,
  kRejected,
  kNoQuorum,  // so many have recused themselves that the quorum cannot be reached any more
};

struct Seat {
  Vote vote = Vote::kNone;
  std::int64_t weight = 1;  // kWeighted: 0 … kMaxWeight
  bool operator==(const Seat&) const = default;
};

inline constexpr std::int64_t kMaxWeight = 1'000'000;

// The state of a round after some votes.
struct Tally {
  Result result = Result::kOpen;
  int approvals = 0;
  int rejections = 0;
  int abstentions = 0;
  int recusals = 0;
  int open = 0;
  std::int64_t weight_for = 0;   // kWeighted
  std::int64_t weight_open = 0;  // kWeighted
  bool operator==(const Tally&) const = default;
};

// `seats` in seat order; seats that were removed are not among them. A round in which nobody has a
// voice (no seats, or all recused) is kNoQuorum with a quorum, kRejected without: nobody approved.
// So is one in which all abstained, under every rule. Under kOne and kAny a round ends with its
// first yes or no; should there be several, a rejection prevails. Numbers out of range count as the
// nearer limit.
Tally Count(const Rule& rule, std::span<const Seat> seats);

// Which seats may act now, ascending: none once the round is decided; the first unvoted seat under
// kSequence; every unvoted seat otherwise.
std::vector<std::size_t> Active(const Rule& rule, std::span<const Seat> seats);

// Several groups have to agree (两个小组都须同意): approved when all are, rejected as soon as one
// is, without a quorum as soon as one is and none is rejected; with `collect_all` only when none is
// open. No groups: kRejected.
Result Combine(std::span<const Result> groups, bool collect_all);

// What is wrong with a rule for a round of `seats` seats whose weights sum to `weights`; 0: not
// known when the definition is read. kTieUnsaid: at exactly half, both would be right.
enum class Flaw : std::uint8_t {
  kNone,
  kCountAboveSeats,
  kThresholdAboveWeights,
  kThresholdMissing,
  kTieUnsaid,
  kCollectWithoutVotes,  // collect_all with kOne or kAny
};
Flaw Check(const Rule& rule, bool tie_said, int seats, std::int64_t weights);

// `count` of `people` places, ascending, each equally likely; the same for the same seed for ever
// (the seed is recorded, so a draw can be repeated by anybody). All of them when count >= people.
std::vector<std::size_t> Draw(std::uint64_t seed, std::size_t people, std::size_t count);

// "any", "all", "sequence", "60%", "at least 3", "weight 51", "all, every opinion collected" …: for
// diagnostics and displays.
std::string ToString(const Rule& rule);

}  // namespace duban::approval
