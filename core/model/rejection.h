// Why something was not done: an outcome, not an exception. Nothing has changed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/case.h"

namespace duban::model {

// The reason codes of the API; each has one cause and is never reused.
enum class Reason : std::uint8_t {
  kInternal,         // a defect of Duban, or storage that failed; the message says which
  kUnknownCampaign,  // no campaign of that name or digest is deployed
  kUnknownWorkflow,  // the campaign has no such workflow
  kUnknownCase,      // no such case, or the caller may not know that there is one
  kUnknownTask,      // the case never had such a task
  kNotAllowed,       // the caller may not do this; `who` says who may
  kAlreadyDecided,   // the task was decided: `vote` says by whom, when, how
  kTaskClosed,  // the task ended without a decision: the case went on, `permitted` says to where
  kTaskNotOpenYet,    // its turn has not come (in sequence)
  kUnknownOutcome,    // the task has no such outcome; the message lists them
  kEventNotTaken,     // no active state takes the event now; `permitted` says which would be
  kInvalidData,       // `violations`: one per field
  kReasonRequired,    // the transition or outcome asks for an opinion or reason
  kStaleRevision,     // expected_revision is not the case's; the message names both
  kRequestIdReused,   // the same request id came with another body
  kCaseEnded,         // the case has ended
  kNobody,            // nobody was found for a task, and no administrator either
  kLimitExceeded,     // a named limit: microsteps, children, data size …
  kExpressionFailed,  // a computed value of the definition failed: the message has its place
  kOverloaded,        // the queue is full: try again after the delay given
  kUnavailable,       // storage cannot be written now; nothing was changed, the same request may be
                      // repeated
  kShuttingDown,      // the server stops; repeat the request elsewhere or later
  kSuspended,         // the case is suspended; the message says by whom, since when, why
  kTaskClaimed,       // another candidate has claimed the task: `who` says who
  kTaskReassigned,    // the task was the caller's and is another's now: the message says by whom,
                      // when; `who` has it
  kBarred,            // separation of duties or recusal: the message names the rule and its basis
  kNoMandate,         // no mandate of that person for the caller covers this now
  kTooSoon,           // reminded already; `retry_after_ms` says when it may be done again
  kCannotReturn,      // the task can't be returned there; `permitted` says where it can
  kCannotWithdraw,    // somebody has acted since, or it led to what can't be taken back
  kNotPermittedHere,  // the definition does not allow the operation for this task or case
  kUnknownPerson,     // nobody of that id, or disabled
  kUnknownOverride,   // no such proposal waits for a confirmation
};

// "ALREADY_DECIDED" …: the stable name, as in google.rpc.ErrorInfo.reason.
std::string_view ReasonName(Reason reason);

struct Violation {
  std::string field;
  Text message;
  template <class A>
  void Visit(A& a) {
    a(field, message.zh, message.en);
  }
};

// Something that would be taken now.
struct Permitted {
  std::string event;          // event name, or a task's outcome
  Ordinal task = 0;           // the task whose outcome it is; 0: an event
  std::string state;          // the state that takes it
  std::vector<PersonId> who;  // who may; empty: no person (a clock or another case)
  template <class A>
  void Visit(A& a) {
    a(event, task, state, who);
  }
};

struct Rejection {
  Reason reason = Reason::kInternal;
  Text message;  // what happened and what can be done now
  std::vector<Violation> violations;
  std::vector<Permitted> permitted;
  std::vector<PersonId> who;
  Vote vote;                        // kAlreadyDecided
  Revision revision = 0;            // kStaleRevision: the case's
  std::int64_t retry_after_ms = 0;  // kOverloaded, kUnavailable, kTooSoon

  template <class A>
  void Visit(A& a) {
    a(reason, message.zh, message.en, violations, permitted, who, vote, revision, retry_after_ms);
  }
};

// With nothing but why.
Rejection Refusal(Reason reason, std::string zh, std::string en, std::int64_t retry_after_ms = 0);

}  // namespace duban::model
