// Executable content: runs lists of actions within a step.
#pragma once

#include "core/statechart/draft.h"

namespace duban::statechart {

// Runs the actions in order; one that fails raises error.execution and ends the list (SCXML 4.3).
// `state` is where they stand: whose task an `escalate` means. False when the list was not run to
// its end.
bool RunActions(Draft& draft, const definition::Actions& actions, model::StateIndex state);

}  // namespace duban::statechart
