#include "core/approval/approval.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace duban::approval {
namespace {

bool Collects(const Rule& rule) {
  return rule.collect_all && rule.mode != Mode::kOne && rule.mode != Mode::kAny;
}

struct Sides {
  std::int64_t yes = 0;
  std::int64_t no = 0;
  std::int64_t neutral = 0;
  std::int64_t open = 0;
  std::int64_t all() const { return yes + no + neutral + open; }
};

// `part` is at least `percent` of `whole`, or above it where a tie rejects.
bool Reaches(std::int64_t part, std::int64_t whole, int percent, Tie tie) {
  const std::int64_t left = part * 100;
  const std::int64_t right = whole * percent;
  return tie == Tie::kReject ? left > right : left >= right;
}

// What must be reached, if `yes` more of the open ones approve and the others reject.
bool Passes(const Rule& rule, const Sides& sides, std::int64_t yes, std::int64_t no) {
  const Tie tie = rule.percent == 50 ? rule.tie : Tie::kApprove;
  const std::int64_t base = rule.base == Base::kVotes ? yes + no : sides.all();
  return yes > 0 && Reaches(yes, base, std::clamp(rule.percent, 1, 100), tie);
}

Result ByThreshold(std::int64_t certain, std::int64_t possible, std::int64_t needed) {
  if (certain >= needed) return Result::kApproved;
  return possible < needed ? Result::kRejected : Result::kOpen;
}

Result ByRatio(const Rule& rule, const Sides& sides) {
  if (Passes(rule, sides, sides.yes, sides.no + sides.open)) return Result::kApproved;
  if (!Passes(rule, sides, sides.yes + sides.open, sides.no)) return Result::kRejected;
  return Result::kOpen;
}

Result ByUnanimity(const Sides& sides) {
  if (sides.no > 0) return Result::kRejected;
  if (sides.open > 0) return Result::kOpen;
  return sides.yes > 0 ? Result::kApproved : Result::kRejected;
}

Result ByFirst(const Sides& sides) {
  if (sides.no > 0) return Result::kRejected;
  if (sides.yes > 0) return Result::kApproved;
  return sides.open > 0 ? Result::kOpen : Result::kRejected;
}

// A tie needs one more than the half that it is at.
std::int64_t Needed(const Rule& rule, std::int64_t sum) {
  const bool half = rule.threshold * 2 == sum;
  return std::max<std::int64_t>(rule.threshold, 1) + (half && rule.tie == Tie::kReject ? 1 : 0);
}

Result ByRule(const Rule& rule, const Sides& sides, const Tally& tally, std::int64_t weights) {
  switch (rule.mode) {
    case Mode::kOne:
    case Mode::kAny:
      return ByFirst(sides);
    case Mode::kAll:
    case Mode::kSequence:
      return ByUnanimity(sides);
    case Mode::kRatio:
      return ByRatio(rule, sides);
    case Mode::kCount:
      return ByThreshold(sides.yes, sides.yes + sides.open, std::max(rule.count, 1));
    case Mode::kWeighted:
      return ByThreshold(tally.weight_for, tally.weight_for + tally.weight_open,
                         Needed(rule, weights));
  }
  return Result::kOpen;
}

Result Decide(const Rule& rule, const Tally& tally, std::int64_t appointed, std::int64_t weights) {
  const Sides sides{tally.approvals, tally.rejections, tally.abstentions, tally.open};
  const std::int64_t voted = sides.all() - sides.open;
  if (rule.quorum > 0 &&
      (appointed == 0 || !Reaches(sides.all(), appointed, rule.quorum, Tie::kApprove)))
    return Result::kNoQuorum;
  if (sides.all() == 0) return Result::kRejected;
  if (Collects(rule) && sides.open > 0) return Result::kOpen;
  const Result result = ByRule(rule, sides, tally, weights);
  const bool quorate = Reaches(voted, appointed, rule.quorum, Tie::kApprove);
  return result == Result::kOpen || quorate ? result : Result::kOpen;
}

}  // namespace

Tally Count(const Rule& rule, std::span<const Seat> seats) {
  Tally tally;
  std::int64_t weights = 0;
  for (const Seat& seat : seats) {
    const std::int64_t weight = std::clamp<std::int64_t>(seat.weight, 0, kMaxWeight);
    weights += weight;  // whoever recuses themself: what half of the weights is was fixed when they
                        // were given
    switch (seat.vote) {
      case Vote::kNone:
        ++tally.open;
        tally.weight_open += weight;
        break;
      case Vote::kApprove:
        ++tally.approvals;
        tally.weight_for += weight;
        break;
      case Vote::kReject:
        ++tally.rejections;
        break;
      case Vote::kAbstain:
        ++tally.abstentions;
        break;
      case Vote::kRecuse:
        ++tally.recusals;
        break;
    }
  }
  tally.result = Decide(rule, tally, static_cast<std::int64_t>(seats.size()), weights);
  return tally;
}

std::vector<std::size_t> Active(const Rule& rule, std::span<const Seat> seats) {
  std::vector<std::size_t> active;
  if (Count(rule, seats).result != Result::kOpen) return active;
  for (std::size_t seat = 0; seat < seats.size(); ++seat) {
    if (seats[seat].vote != Vote::kNone) continue;
    active.push_back(seat);
    if (rule.mode == Mode::kSequence) break;
  }
  return active;
}

Result Combine(std::span<const Result> groups, bool collect_all) {
  if (groups.empty()) return Result::kRejected;
  const auto has = [&](Result result) { return std::ranges::find(groups, result) != groups.end(); };
  if (collect_all && has(Result::kOpen)) return Result::kOpen;
  if (has(Result::kRejected)) return Result::kRejected;
  if (has(Result::kNoQuorum)) return Result::kNoQuorum;
  return has(Result::kOpen) ? Result::kOpen : Result::kApproved;
}

Flaw Check(const Rule& rule, bool tie_said, int seats, std::int64_t weights) {
  if (rule.collect_all && (rule.mode == Mode::kOne || rule.mode == Mode::kAny))
    return Flaw::kCollectWithoutVotes;
  if (rule.mode == Mode::kCount && seats > 0 && rule.count > seats) return Flaw::kCountAboveSeats;
  if (rule.mode == Mode::kRatio && rule.percent == 50 && !tie_said) return Flaw::kTieUnsaid;
  if (rule.mode != Mode::kWeighted) return Flaw::kNone;
  if (rule.threshold < 1) return Flaw::kThresholdMissing;
  if (weights > 0 && Needed(rule, weights) > weights) return Flaw::kThresholdAboveWeights;
  return weights > 0 && rule.threshold * 2 == weights && !tie_said ? Flaw::kTieUnsaid : Flaw::kNone;
}

std::vector<std::size_t> Draw(std::uint64_t seed, std::size_t people, std::size_t count) {
  std::vector<std::size_t> places(people);
  std::iota(places.begin(), places.end(), std::size_t{0});
  // SplitMix64 (Steele, Lea, Flood 2014): fixed here, so that a draw stays what it was.
  const auto next = [&seed] {
    std::uint64_t z = (seed += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  };
  // Uniform below `bound`: values from the incomplete last stretch are drawn again.
  const auto below = [&next](std::uint64_t bound) {
    const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
    std::uint64_t value = next();
    while (value >= limit) value = next();
    return value % bound;
  };
  for (std::size_t i = 0; i < count && i + 1 < people; ++i)
    std::swap(places[i], places[i + static_cast<std::size_t>(below(people - i))]);
  places.resize(std::min(count, people));
  std::ranges::sort(places);
  return places;
}

std::string ToString(const Rule& rule) {
  std::string name;
  switch (rule.mode) {
    case Mode::kOne:
      name = "one";
      break;
    case Mode::kAny:
      name = "any";
      break;
    case Mode::kAll:
      name = "all";
      break;
    case Mode::kSequence:
      name = "sequence";
      break;
    case Mode::kRatio:
      name =
          fmt::format("{}{}%", rule.percent == 50 && rule.tie == Tie::kReject ? "more than " : "",
                      rule.percent);
      if (rule.base == Base::kVotes) name += " of the votes";
      break;
    case Mode::kCount:
      name = fmt::format("at least {}", rule.count);
      break;
    case Mode::kWeighted:
      name = fmt::format("weight {}", rule.threshold);
      break;
  }
  if (rule.quorum > 0) name += fmt::format(", quorum {}%", rule.quorum);
  return Collects(rule) ? name + ", every opinion collected" : name;
}

}  // namespace duban::approval
