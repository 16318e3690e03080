#include "core/approval/approval.h"

#include <fmt/format.h>

#include <algorithm>

namespace duban::approval {
namespace {

// kAll and kSequence ask for every seat.
bool IsEnough(const Rule& rule, int approvals, int seats) {
  const std::int64_t percent = rule.mode == Mode::kRatio ? std::clamp(rule.percent, 1, 100) : 100;
  return std::int64_t{approvals} * 100 >= percent * seats;
}

Result Decide(const Rule& rule, const Tally& tally, int seats) {
  if (seats == 0) return Result::kRejected;
  if (rule.mode == Mode::kOne || rule.mode == Mode::kAny) {
    if (tally.rejections > 0) return Result::kRejected;
    return tally.approvals > 0 ? Result::kApproved : Result::kOpen;
  }
  if (rule.collect_all && tally.open > 0) return Result::kOpen;
  if (IsEnough(rule, tally.approvals, seats)) return Result::kApproved;
  if (!IsEnough(rule, tally.approvals + tally.open, seats)) return Result::kRejected;
  return Result::kOpen;
}

}  // namespace

Tally Count(const Rule& rule, std::span<const Vote> votes) {
  Tally tally;
  for (Vote vote : votes) {
    ++(vote == Vote::kApprove  ? tally.approvals
       : vote == Vote::kReject ? tally.rejections
                               : tally.open);
  }
  tally.result = Decide(rule, tally, static_cast<int>(votes.size()));
  return tally;
}

std::vector<std::size_t> Active(const Rule& rule, std::span<const Vote> votes) {
  std::vector<std::size_t> seats;
  if (Count(rule, votes).result != Result::kOpen) return seats;
  for (std::size_t seat = 0; seat < votes.size(); ++seat) {
    if (votes[seat] != Vote::kNone) continue;
    seats.push_back(seat);
    if (rule.mode == Mode::kSequence) break;
  }
  return seats;
}

std::string ToString(const Rule& rule) {
  std::string name;
  switch (rule.mode) {
    case Mode::kOne:
      return "one";
    case Mode::kAny:
      return "any";
    case Mode::kAll:
      name = "all";
      break;
    case Mode::kSequence:
      name = "sequence";
      break;
    case Mode::kRatio:
      name = fmt::format("{}%", rule.percent);
      break;
  }
  return rule.collect_all ? name + ", every opinion collected" : name;
}

}  // namespace duban::approval
