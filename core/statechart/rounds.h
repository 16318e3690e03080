// Tasks and approvals: rounds of seats, from the entry of their state to its exit.
#pragma once

#include <optional>
#include <vector>

#include "core/statechart/draft.h"
#include "core/statechart/seats.h"

namespace duban::statechart {

// On entry of a state with a task: finds the people, opens the seats, tells the candidates. What is
// decided without asking anybody raises its outcome. Fails the step with kNobody when neither
// people nor fallback nor administrators are found.
void OpenRound(Draft& draft, model::StateIndex state);

// On exit; nothing when the state has no round.
void CloseRound(Draft& draft, model::StateIndex state);

// After anything changed in the round: opens the seats whose turn has come, lets others wait, and
// says the outcome if the round is decided.
std::optional<std::string> Settle(Draft& draft, model::StateIndex state);

// The round has that outcome: recorded, and made the event that the state takes. `said` brings
// actor, reason and data. If the task was given back for improvement only, the case jumps back to
// who returned it, and nothing remains to be taken.
std::optional<Occurrence> Conclude(Draft& draft, model::StateIndex state, std::string outcome,
                                   Occurrence said);

// After seats changed: Settle, and Conclude in the name of the actor if that decided the round.
std::optional<Occurrence> Recount(Draft& draft, model::StateIndex state, const std::string& reason);

// Checks the decision and records it; the occurrence is the outcome when it decided the round.
std::optional<Occurrence> DecideSeat(Draft& draft, const model::Decide& decide);

// Lets the people act on the open seats of the round of `state` (or of the nearest state around it
// that has one) as far as no rule keeps them out, and tells them. Claims end.
void EscalateRound(Draft& draft, model::StateIndex state,
                   const std::vector<model::PersonId>& people);

// Tells those who may act on the seat that it has come to them.
void TellCandidates(Draft& draft, const model::Round& round, const model::Seat& seat);
// Tells those of them who are new, if its turn has come.
void TellNewcomers(Draft& draft, model::Ordinal seat, const std::vector<model::PersonId>& people);

}  // namespace duban::statechart
