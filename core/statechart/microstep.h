// One microstep: states are exited, transitions' actions run, states are entered (SCXML's
// microstep, exitStates, executeTransitionContent and enterStates).
#pragma once

#include <span>

#include "core/statechart/draft.h"

namespace duban::statechart {

void Microstep(Draft& draft, std::span<const model::TransitionIndex> transitions);

// Enters the states in which a new case begins.
void EnterInitial(Draft& draft);

// Ends the case when a final state at the top was entered: its exit actions, what is still open,
// the result.
void EndIfFinished(Draft& draft);

}  // namespace duban::statechart
