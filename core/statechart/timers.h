// Due dates, reminders, clocks and delayed sends.
#pragma once

#include <optional>

#include "core/statechart/draft.h"

namespace duban::statechart {

// On entry: the due date with its reminders, and the clocks. Reminders whose time has passed are
// left out; a due date or clock that has passed is set all the same, and fires at once.
void SetTimers(Draft& draft, model::StateIndex state);
// On exit.
void CancelTimers(Draft& draft, model::StateIndex state);
void CancelAllTimers(Draft& draft);
// Pending sends with that id (SCXML 6.3: none is no error).
void CancelSends(Draft& draft, std::string_view send_id);

// Fires the timer if it is there and due. The occurrence is what the case has to take: a clock, an
// overdue, a delayed event; a reminder gives none.
std::optional<Occurrence> Fire(Draft& draft, model::Ordinal timer);

// The calendar has changed: every due date and clock that it moves is counted again, with its
// reminders, and the holders are told. What stays the same is not mentioned.
void RecomputeTimers(Draft& draft);

// A suspension, after CaseSuspended: the clocks of the due dates with `pause: true` stop, all others
// run on.
void PauseTimers(Draft& draft);
// And its end, before CaseResumed: they run again, later by what the suspension lasted.
void ResumeTimers(Draft& draft);

// The instant at which the state's task is due, if it has a due date; also after it has passed.
std::optional<model::Timestamp> DueOf(const model::Case& state, model::StateIndex index);

}  // namespace duban::statechart
