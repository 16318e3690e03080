// Whether something may be done to a task now: the seat, the person, the outcome, the form.
#pragma once

#include <expected>
#include <utility>
#include <vector>

#include "core/model/rejection.h"
#include "core/statechart/scope.h"
#include "core/statechart/seats.h"

namespace duban::statechart {

// The seat, if the actor (or, with a mandate, the actor for `principal`) may act on it now. In this
// order: kUnknownTask, kTaskClosed, kNotAllowed (kTaskReassigned if it was theirs, kTaskClaimed if
// another candidate has it), kAlreadyDecided, kSuspended, kTaskNotOpenYet, kNoMandate, kBarred.
std::expected<SeatPlace, model::Rejection> SeatToActOn(const Scope& scope,
                                                       const model::Principal& actor,
                                                       model::Ordinal task,
                                                       const model::PersonId& principal = {});
// There is no such task, or no more.
model::Rejection NoSeat(const model::Case& state, model::Ordinal task);
// Set while the case is suspended: by whom, since when, why.
std::optional<model::Rejection> WhileSuspended(const Scope& scope);

// At most so many attachments, each with a name (256 bytes) and a SHA-256 in hexadecimal; a media
// type has 256 bytes at most, a URI 2048.
inline constexpr std::size_t kMaxAttachments = 50;
std::vector<model::Violation> CheckAttachments(const std::vector<model::Attachment>& attachments);

struct AcceptedDecision {
  model::StateIndex state = model::kNoState;
  std::vector<std::pair<model::FieldIndex, model::Value>> form;
};

// The fields that were given, checked; a draft need not be complete.
enum class FormUse : std::uint8_t { kDraft, kDecision };
std::expected<AcceptedDecision, model::Rejection> CheckForm(const Scope& scope,
                                                            const SeatPlace& place,
                                                            const model::Decide& decide,
                                                            FormUse use);

// As SeatToActOn, then kUnknownOutcome, kInvalidData (with every violation), kReasonRequired.
std::expected<AcceptedDecision, model::Rejection> CheckDecision(const Scope& scope,
                                                                const model::Principal& actor,
                                                                const model::Decide& decide);

}  // namespace duban::statechart
