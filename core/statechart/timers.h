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

// The instant at which the state's task is due, if it has a due date.
std::optional<model::Timestamp> DueOf(const model::Case& state, model::StateIndex index);

}  // namespace duban::statechart
