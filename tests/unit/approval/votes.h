// Rounds written as lists of votes, every seat of weight one.
#pragma once

#include <vector>

#include "core/approval/approval.h"

namespace duban::approval {

inline std::vector<Seat> SeatsOf(const std::vector<Vote>& votes) {
  std::vector<Seat> seats;
  for (Vote vote : votes) seats.push_back({vote, 1});
  return seats;
}
inline Tally CountVotes(const Rule& rule, const std::vector<Vote>& votes) {
  return Count(rule, SeatsOf(votes));
}
inline std::vector<std::size_t> ActiveVotes(const Rule& rule, const std::vector<Vote>& votes) {
  return Active(rule, SeatsOf(votes));
}

}  // namespace duban::approval
