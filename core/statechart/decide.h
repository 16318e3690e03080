// Whether a decision may be taken: the task's seat, the person, the outcome, the form.
#pragma once

#include <expected>
#include <utility>
#include <vector>

#include "core/model/rejection.h"
#include "core/statechart/scope.h"

namespace duban::statechart {

struct AcceptedDecision {
  model::StateIndex state = model::kNoState;
  std::vector<std::pair<model::FieldIndex, model::Value>> form;
};

// kUnknownTask, kTaskClosed, kNotAllowed, kTaskNotOpenYet, kAlreadyDecided, kUnknownOutcome,
// kInvalidData, kReasonRequired: in this order.
std::expected<AcceptedDecision, model::Rejection> CheckDecision(
    const definition::Definition& definition, const model::Case& state, const Scope& scope,
    const model::Principal& actor, const model::Decide& decide);

}  // namespace duban::statechart
