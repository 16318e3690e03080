// The messages that Duban itself writes: a task has come, is due, is overdue, was escalated.
#pragma once

#include "core/statechart/draft.h"

namespace duban::statechart {

struct Message {
  model::Text subject;
  model::Text body;
};

Message TaskMessage(Draft& draft, const model::Round& round);
Message ReminderMessage(Draft& draft, model::StateIndex state);
Message OverdueMessage(Draft& draft, model::StateIndex state);
// `round` may be null.
Message EscalationMessage(Draft& draft, model::StateIndex state, const model::Round* round);

}  // namespace duban::statechart
