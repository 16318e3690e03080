// START READING HERE. One decision: a case, a command and the facts go in; what happened comes out.
//
// Step is pure: it reads nothing but its arguments, writes nothing, calls nobody. It runs the SCXML
// algorithm (W3C Recommendation of 2015-09-01, appendix D) to completion: it takes the command's
// event, then every eventless transition and every internal event, then what the case sent to
// itself, until the case rests. All changes go through Apply, event by event; the events of a step,
// folded over the case before, give the case after: replay is the same function.
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "core/calendar/calendar.h"
#include "core/definition/definition.h"
#include "core/definition/organisation.h"
#include "core/model/case.h"
#include "core/model/command.h"
#include "core/model/event.h"
#include "core/model/rejection.h"

namespace duban::statechart {

// Limits of one step; going beyond rejects the whole step with kLimitExceeded, and nothing has
// changed.
inline constexpr int kMaxMicrosteps = 1'000;
inline constexpr int kMaxEvents = 20'000;  // recorded
inline constexpr int kMaxChildrenPerStep = 1'000;
inline constexpr int kMaxActions = 100'000;  // executed, those inside loops included
inline constexpr std::size_t kMaxCaseBytes =
    4 * 1024 * 1024;  // data of a case; texts of up to 1 KiB come on top
inline constexpr int kMaxDataDepth =
    48;  // lists and maps inside each other, in a field or an event's data
inline constexpr std::size_t kMaxForEach = 10'000;  // items of one list walked through

// What the engine gathered; all that a step may know of the world.
struct Facts {
  model::Timestamp now;
  const definition::Organisation* organisation = nullptr;
  const calendar::Calendar* calendar = nullptr;
  model::CaseId next_case_id;  // ids next_case_id, +1, +2 … are free for children
  std::uint64_t seed = 0;      // nobody can foresee it; for drawing by lot, recorded with the round
};

// The organisation, or an empty one.
const definition::Organisation& OrganisationOf(const Facts& facts);

struct Outcome {
  std::vector<model::Event> events;
  model::Case
      next;  // revision is one more than before; the case as it was when there are no events
};

// `current` is the case before (for StartCase an empty one with its id); it is used up, also by a
// rejection. Checks rights through access.h, and expected_revision. The events are put into `room`:
// an empty vector that may bring memory from a step before.
//
// An outcome without events: nothing happened and there is nothing to write. So ends a FireTimer
// whose timer was cancelled, has fired or is not due yet, and a ReportChild that came before or
// comes after the case's end.
//
// Late data (State::late_data) is initialised when its state is entered while the field is not set.
// When a top-level final state is reached its exit actions run; it stays in the configuration.
std::expected<Outcome, model::Rejection> Step(const definition::Definition& definition,
                                              model::Case&& current, const model::Command& command,
                                              const Facts& facts,
                                              std::vector<model::Event> room = {});

// Applies one event. The only function that changes a case.
void Apply(const definition::Definition& definition, model::Case& state, const model::Event& event);

// Applies a whole entry: its events, then revision and time.
void Apply(const definition::Definition& definition, model::Case& state,
           const model::JournalEntry& entry);

// What would be taken now, and by whom; for rejections, inboxes and clients.
std::vector<model::Permitted> PermittedNow(const definition::Definition& definition,
                                           const model::Case& state, const Facts& facts);

// How the case is called in lists: its definition's case_title rendered now, or the title of the
// workflow.
model::Text TitleOf(const definition::Definition& definition, const model::Case& state,
                    const Facts& facts);

// The data of the case as one map by field name, without fields that are not set.
model::Map DataOf(const definition::Definition& definition, const model::Case& state);

}  // namespace duban::statechart
