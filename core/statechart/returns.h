// Where a task can be returned to, and from where a case is put back on its course.
#pragma once

#include <vector>

#include "core/definition/definition.h"
#include "core/model/case.h"

namespace duban::statechart {

// The tasks behind the one of `source` that somebody decided, newest first, each once: not those
// that passed by themselves, nor those before which the case was taken back meanwhile, nor those
// in another region of a parallel state or inside one that is over (entering one region again would
// begin the others anew).
std::vector<model::StateIndex> Behind(const definition::Definition& definition,
                                      const model::Case& state, model::StateIndex source);

// Those of them, and the starter's state, to which the definition lets the task be returned.
struct ReturnChoices {
  model::StateIndex previous = model::kNoState;
  model::StateIndex starter = model::kNoState;
  std::vector<model::StateIndex> states;  // by name
};
ReturnChoices ChoicesOf(const definition::Definition& definition, const model::Case& state,
                        model::StateIndex source);

// The active state from which a jump to `target` leaves the least: a leaf below the nearest active
// compound state around it.
model::StateIndex JumpSource(const definition::Definition& definition, const model::Case& state,
                             model::StateIndex target);
// Whether every parallel state around the target is active.
bool IsInsideActive(const definition::Definition& definition, const model::Case& state,
                    model::StateIndex target);

}  // namespace duban::statechart
