// Tasks and approvals: rounds of seats, from the entry of their state to its exit.
#pragma once

#include <vector>

#include "core/statechart/draft.h"

namespace duban::statechart {

// On entry of a state with a task: finds the people, opens the seats, tells the candidates. Fails
// the step with kNobody when neither people nor fallback nor administrators are found.
void OpenRound(Draft& draft, model::StateIndex state);

// On exit; nothing when the state has no round.
void CloseRound(Draft& draft, model::StateIndex state);

// Checks the decision and records it; the occurrence is the outcome when it decided the round.
std::optional<Occurrence> DecideSeat(Draft& draft, const model::Decide& decide);

// Lets the people act on the open seats of the round of `state` (or of the nearest state around it
// that has one), and tells them.
void EscalateRound(Draft& draft, model::StateIndex state,
                   const std::vector<model::PersonId>& people);

// Who could act on the state's open seats now, each once.
std::vector<model::PersonId> HoldersOf(const model::Case& state, model::StateIndex index);

// The outcomes that the task can have.
const std::vector<std::string>& OutcomesOf(const definition::Task& task);

}  // namespace duban::statechart
