// One microstep: states are exited, transitions' actions run, states are entered (SCXML's
// microstep, exitStates, executeTransitionContent and enterStates).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/statechart/draft.h"

namespace duban::statechart {

void Microstep(Draft& draft, std::span<const model::TransitionIndex> transitions);

// The case leaves its course: as one microstep along a transition from jumped.source (active) to
// jumped.target without actions of its own; regions beside both stay. Rounds are opened again, that
// of `restored` as it was.
void Jump(Draft& draft, model::Jumped jumped, std::optional<model::Round> restored);

// Enters the states in which a new case begins.
void EnterInitial(Draft& draft);

// Ends the case when a final state at the top was entered: its exit actions, what is still open,
// the result.
void EndIfFinished(Draft& draft);

// Ends the case where it stands: what is open is closed, clocks stop, a parent is told.
void EndCase(Draft& draft, std::string outcome, model::Map result);

}  // namespace duban::statechart
