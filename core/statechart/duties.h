// Separation of duties and recusal: the rules of the case (`rules:`), whoever is concerned.
//
// Nobody asks here but access.h, which is the one place where it is decided whether a person may be
// put on a task or act on it.
#pragma once

#include <optional>

#include "core/statechart/draft.h"

namespace duban::statechart {

// What keeps the person from acting in the state, with the rule's basis; nullopt: nothing does. A
// rule whose own addressees cannot be computed keeps everybody out, and says so.
std::optional<model::Text> BarFor(const Scope& scope, model::StateIndex state,
                                  const model::PersonId& person);

// `differ`: whether fields that were assigned in this step now name a person twice; then the step
// fails with kBarred, one violation per field.
void CheckDiffer(Draft& draft);

}  // namespace duban::statechart
