// From what happened to the rows that are stored: the only place that turns events into tables.
#pragma once

#include <string>
#include <vector>

#include "core/definition/definition.h"
#include "core/engine/views.h"
#include "core/model/command.h"
#include "core/model/event.h"
#include "core/ports/storage.h"

namespace duban::engine {

// The body of an OutboxRow for a notifier: of every kind but kCommand.
struct OutboxMessage {
  model::Notification notification;
  std::string workflow;
  model::Timestamp created_at;
  bool tried = false;  // then `channels` are those that are still to be served
  std::vector<std::string> channels;
  std::vector<std::string> failed;  // gave up for good: served again when an operator retries
  bool reached = false;             // at least one channel took it
  template <class A>
  void Visit(A& a) {
    a(notification, workflow, created_at, tried, channels, failed, reached);
  }
};

// The lane of a notification.
ports::OutboxKind KindOf(model::Urgency urgency);

// `title` is how the case is called now; `before` is the case as it was (empty for a new one),
// `entry` what happened, `after` the fold of both.
ports::CaseWrite Project(const definition::Definition& definition, const model::Text& title,
                         const model::Case& before, const model::JournalEntry& entry,
                         const model::Case& after);

// The case's row as it is, for a write that changes timers or the outbox only.
ports::CaseRow RowOf(const definition::Definition& definition, const model::Text& title,
                     const model::Case& state);

// The deadlines of the active states, soonest first.
std::vector<DeadlineView> DeadlinesOf(const definition::Definition& definition,
                                      const model::Case& state);

}  // namespace duban::engine
