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

// Where the count of a due date begins in a state that is entered at moment.now. `event`: the data
// of the event that led there. The error says what is missing (a date that is not set).
std::expected<model::Timestamp, model::Text> CountFrom(const definition::Definition& definition,
                                                       const definition::Due& due,
                                                       const model::Case& state,
                                                       const model::Value& event,
                                                       const Moment& moment);

// The due date counted from moment.now, by the rule in force on that day; `paused` as
// model::Deadline. The derivation names the rule. The error says what is missing.
std::expected<calendar::Deadline, model::Text> DeadlineOf(const definition::Definition& definition,
                                                          const definition::Due& due,
                                                          const model::Case& state,
                                                          const Moment& moment,
                                                          std::int64_t paused = 0);

// The law or plan by which a count from `from` goes, with the date since when it is in force.
model::Text BasisOf(const definition::Due& due, model::Timestamp from, std::string_view zone);

// How much a suspension from `since` to moment.now adds to the limit: days of its kind, or seconds.
std::int64_t PausedSince(const definition::Due& due, model::Timestamp from, model::Timestamp since,
                         const Moment& moment);

// When the stage of the escalation begins.
std::expected<calendar::Deadline, model::Text> StageInstant(const definition::Overdue& stage,
                                                            model::Timestamp due,
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
