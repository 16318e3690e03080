// The actions that reach beyond the event being taken: send, cancel, start.
#pragma once

#include "core/statechart/draft.h"

namespace duban::statechart {

// Each false after it raised error.execution or failed the step.
bool RunSend(Draft& draft, const definition::Send& send, const definition::Place& place);
bool RunCancel(Draft& draft, const definition::Cancel& cancel, const definition::Place& place);
bool RunStart(Draft& draft, const definition::Start& start, const definition::Place& place);

// Whether the list is within kMaxForEach; else the step has failed.
bool CheckLength(Draft& draft, const model::List& items);

}  // namespace duban::statechart
