// When: the instants that a state's due date, reminders and clocks come to, each with its
// derivation.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "core/calendar/calendar.h"
#include "core/definition/definition.h"
#include "core/model/case.h"

namespace duban::statechart {

// Everything that an instant is computed from.
struct Moment {
  model::Timestamp now;
  const calendar::Calendar& calendar;
  std::string_view zone;
};

// The due date of a state entered at moment.now. The error says what is missing (a date field that
// is not set).
std::expected<calendar::Deadline, model::Text> DeadlineOf(const definition::Definition& definition,
                                                          const definition::Due& due,
                                                          const model::Case& state,
                                                          const Moment& moment);

// When the reminder goes out; nullopt where that cannot be said.
std::optional<model::Timestamp> ReminderInstant(const definition::Remind& remind,
                                                const calendar::Deadline& deadline,
                                                const Moment& moment);

// When the clock fires next: the first time after the state was entered at moment.now, or, for
// those that repeat, after it fired. `last`: when it was due then; a firing that has been missed
// altogether is not made up for.
std::expected<calendar::Deadline, model::Text> ClockInstant(const definition::Clock& clock,
                                                            const Moment& moment,
                                                            std::optional<model::Timestamp> last);

}  // namespace duban::statechart
