// The messages that go out of a step: those that Duban itself writes and those of `notify`.
#pragma once

#include "core/statechart/draft.h"

namespace duban::statechart {

struct Message {
  model::Text subject;
  model::Text body;
  // Of a deadline: what the definition says, else statutory where it has a basis. What is overdue
  // or escalated is urgent at least.
  model::Urgency urgency = model::Urgency::kNormal;
};

Message TaskMessage(Draft& draft, const model::Round& round);
Message ReminderMessage(Draft& draft, model::StateIndex state);
Message OverdueMessage(Draft& draft, model::StateIndex state);
// 催办, by the actor, with their note.
Message UrgeMessage(Draft& draft, model::StateIndex state, const std::string& note);
// 抄送 of a task called `title`, or of the case when it is empty.
Message CopyMessage(Draft& draft, const model::Text& title, const std::string& note);
// 退回 by the actor, to the task of the state.
Message ReturnMessage(Draft& draft, model::StateIndex target, const std::string& opinion);
// What was asked is not asked any more.
Message WithdrawnMessage(Draft& draft, const model::Text& title, const std::string& reason);
// An administrator's proposal waits for another's confirmation.
Message OverrideMessage(Draft& draft, const model::Override& proposal);
// The due date was `before`; `derivation` says how it is counted now.
Message MovedMessage(Draft& draft, model::StateIndex state, model::Timestamp before,
                     const model::Text& derivation);
// `round` may be null.
Message EscalationMessage(Draft& draft, model::StateIndex state, const model::Round* round);
// A text that fails in one language comes in the other. What fails in both, or has nothing to say,
// gives way to one that names the case: the message is never lost. Problems raise error.execution.
Message NotifyMessage(Draft& draft, const definition::Notify& notify,
                      const definition::Place& place);

}  // namespace duban::statechart
