// The beginning of a case: who may start it, and the data it starts with.
#pragma once

#include "core/statechart/draft.h"

namespace duban::statechart {

// Checks right and data, records CaseStarted and the fields. False when the step has failed:
// kNotAllowed, or kInvalidData with every violation.
bool StartFields(Draft& draft, const model::StartCase& start);

}  // namespace duban::statechart
