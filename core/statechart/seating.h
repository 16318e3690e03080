// Who sits where when a round opens: people found, rules applied, seats made.
#pragma once

#include <utility>
#include <vector>

#include "core/statechart/draft.h"

namespace duban::statechart {

// Seats that count as having spoken without having been asked.
using Automatics = std::vector<std::pair<model::Ordinal, model::Vote>>;

struct Seating {
  std::vector<model::Seat> seats;  // all waiting
  std::uint64_t seed = 0;          // by which lots were drawn
  Automatics automatic;
};

// In this order: the addressees; without those whom a rule keeps out (access.h); the starter by
// `when_starter`; without those on leave, where others remain; the fallback, and what
// `when_nobody` says, if nobody was found at all, the administrators if nobody is left; the lot;
// who has approved already by `repeat`, unless the round is opened `again`. Whatever was left out
// is logged. Fails the step with kNobody when nobody is left at the end.
Seating SeatPeople(Draft& draft, model::StateIndex state, bool again);

// Who acts on the state's task when nobody else can: the fallback, else the administrators, without
// those whom a rule keeps out. Empty: the step has failed with kNobody.
std::vector<model::PersonId> StandInsFor(Draft& draft, model::StateIndex state);

// Seats whose people cannot act any more, because a rule keeps them out since or they are disabled,
// go to who of them still can, else to the stand-ins. At the end of each step.
void ReplaceTheUnable(Draft& draft);

}  // namespace duban::statechart
