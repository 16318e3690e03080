// Which transitions are taken: SCXML's selectTransitions, selectEventlessTransitions and
// removeConflictingTransitions.
#pragma once

#include <optional>
#include <vector>

#include "core/statechart/draft.h"
#include "core/statechart/state_set.h"

namespace duban::statechart {

struct Selection {
  TransitionSet enabled;  // the optimal set, conflicts removed
  // Transitions that would take the event if its actor were among their `by`.
  std::vector<model::TransitionIndex> refused;
};

TransitionSet SelectEventless(Draft& draft);
Selection Select(Draft& draft, const Occurrence& event);

bool IsHistory(definition::StateKind kind);

// The targets with each history replaced by what it remembers, or by its default.
std::vector<model::StateIndex> EffectiveTargets(const definition::Definition& definition,
                                                const model::Case& state,
                                                const std::vector<model::StateIndex>& targets);
// The smallest compound state (or the root) around everything that the transition leaves and
// enters; nothing for a targetless one.
std::optional<model::StateIndex> DomainOf(const definition::Definition& definition,
                                          const model::Case& state,
                                          const definition::Transition& transition);

}  // namespace duban::statechart
