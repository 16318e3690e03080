// Which states a microstep enters: SCXML's computeEntrySet.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "core/definition/definition.h"
#include "core/model/case.h"
#include "core/statechart/state_set.h"

namespace duban::statechart {

struct EntrySet {
  StateSet states;                            // in document order
  std::vector<model::StateIndex> by_default;  // compound states whose initial actions run
  // Histories that remember nothing yet, by the parent with whose entry their actions run.
  std::vector<std::pair<model::StateIndex, model::StateIndex>> history_defaults;
};

// After the states were exited; `state` still has the history that was kept.
EntrySet ComputeEntrySet(const definition::Definition& definition, const model::Case& state,
                         std::span<const model::TransitionIndex> transitions);

// The same for one way that is in no definition: a jump.
EntrySet ComputeEntrySet(const definition::Definition& definition, const model::Case& state,
                         const definition::Transition& transition);

// For a new case: what the root's initial states bring.
EntrySet InitialEntrySet(const definition::Definition& definition, const model::Case& state);

}  // namespace duban::statechart
