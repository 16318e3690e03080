// A step as it was committed, gone through event by event: is each one possible where it stands?
#pragma once

#include "core/definition/definition.h"
#include "core/model/case.h"
#include "core/model/event.h"

namespace duban::simulation {

// Applies the entry to the case. Throws Violation where an event cannot have happened: a timer that
// is not there fires, a seat that is closed decides, a state is entered twice …
void Replay(const definition::Definition& definition, model::Case& state,
            const model::JournalEntry& entry);

// What must hold of a case that rests, whatever led to it: its rounds are decided as their votes
// say, tasks are open only where a state asks for them, and somebody can do them.
void CheckCase(const definition::Definition& definition, const model::Case& state);

}  // namespace duban::simulation
