// What happened: the only things that change a case, and the proof of it. Whatever a step learned
// from the organisation or the calendar is in its events, so that replay asks nobody.
//
// The order of the variant and the meaning of each field are part of the stored form: add at the
// end only.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/model/case.h"
#include "core/model/urgency.h"

namespace duban::model {

struct CaseStarted {
  std::string campaign;  // digest
  std::string workflow;
  PersonId starter;
  Parent parent;
  std::uint16_t fields = 0;  // how many data fields the definition has
  template <class A>
  void Visit(A& a) {
    a(campaign, workflow, starter, parent, fields);
  }
};

// An event that came from outside, from this case's own external queue or a clock, as it was taken
// up.
struct EventTaken {
  std::string name;
  PersonId actor;
  Value data;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(name, actor, data, reason);
  }
};

struct TransitionTaken {
  TransitionIndex transition = 0;
  template <class A>
  void Visit(A& a) {
    a(transition);
  }
};

struct StateExited {
  StateIndex state = kNoState;
  template <class A>
  void Visit(A& a) {
    a(state);
  }
};

struct StateEntered {
  StateIndex state = kNoState;
  template <class A>
  void Visit(A& a) {
    a(state);
  }
};

struct HistoryKept {
  HistoryValue value;
  template <class A>
  void Visit(A& a) {
    a(value);
  }
};

struct FieldAssigned {
  FieldIndex field = 0;
  Value value;
  template <class A>
  void Visit(A& a) {
    a(field, value);
  }
};

struct RoundOpened {
  Round round;
  template <class A>
  void Visit(A& a) {
    a(round);
  }
};

// In sequence: the next seat's turn has come.
struct SeatOpened {
  Ordinal ordinal = 0;
  template <class A>
  void Visit(A& a) {
    a(ordinal);
  }
};

struct SeatDecided {
  Ordinal ordinal = 0;
  Vote vote;
  Map form;  // what was filled in
  template <class A>
  void Visit(A& a) {
    a(ordinal, vote, form);
  }
};

// Escalation: more people may act on the open seats of this state's round.
struct CandidatesAdded {
  StateIndex state = kNoState;
  std::vector<PersonId> people;
  template <class A>
  void Visit(A& a) {
    a(state, people);
  }
};

// The round's result; seats that were still open are cancelled.
struct RoundDecided {
  StateIndex state = kNoState;
  std::string outcome;
  template <class A>
  void Visit(A& a) {
    a(state, outcome);
  }
};

// The state was left: open seats are cancelled and the round is gone from the case.
struct RoundClosed {
  StateIndex state = kNoState;
  template <class A>
  void Visit(A& a) {
    a(state);
  }
};

struct TimerSet {
  Timer timer;
  template <class A>
  void Visit(A& a) {
    a(timer);
  }
};

struct TimerFired {
  Ordinal ordinal = 0;
  Timestamp due;
  Timestamp at;
  template <class A>
  void Visit(A& a) {
    a(ordinal, due, at);
  }
};

struct TimerCancelled {
  Ordinal ordinal = 0;
  template <class A>
  void Visit(A& a) {
    a(ordinal);
  }
};

struct ChildStarted {
  Child child;
  std::string workflow;
  Map data;
  template <class A>
  void Visit(A& a) {
    a(child, workflow, data);
  }
};

struct ChildEnded {
  Ordinal ordinal = 0;
  std::string outcome;
  template <class A>
  void Visit(A& a) {
    a(ordinal, outcome);
  }
};

enum class NotificationCause : std::uint8_t {
  kNotify,
  kTask,
  kReminder,
  kOverdue,
  kEscalation,
  kUrge,       // 催办
  kCopy,       // 抄送
  kReturned,   // 退回
  kWithdrawn,  // what was asked is not asked any more
  kMoved,      // a due date was counted again
};

// One message to one person.
struct Notification {
  Ordinal ordinal = 0;
  PersonId recipient;
  Text subject;
  Text body;
  Urgency urgency = Urgency::kNormal;
  NotificationCause cause = NotificationCause::kNotify;
  template <class A>
  void Visit(A& a) {
    a(ordinal, recipient, subject.zh, subject.en, body.zh, body.en, urgency, cause);
  }
};

struct Notified {
  Notification notification;
  template <class A>
  void Visit(A& a) {
    a(notification);
  }
};

// To another case.
struct MessageSent {
  Ordinal ordinal = 0;
  CaseId to;
  std::string event;
  Value data;
  template <class A>
  void Visit(A& a) {
    a(ordinal, to.value, event, data);
  }
};

struct Logged {
  std::string text;
  template <class A>
  void Visit(A& a) {
    a(text);
  }
};

struct CaseEnded {
  Ordinal ordinal = 0;  // of the report to the parent; 0 without one
  std::string outcome;
  Map result;
  template <class A>
  void Visit(A& a) {
    a(ordinal, outcome, result);
  }
};

struct SeatClaimed {
  Ordinal ordinal = 0;
  PersonId by;
  template <class A>
  void Visit(A& a) {
    a(ordinal, by);
  }
};

struct SeatReleased {
  Ordinal ordinal = 0;
  template <class A>
  void Visit(A& a) {
    a(ordinal);
  }
};

// The seat's people are replaced: transferred, handed over, reassigned.
struct SeatMoved {
  Ordinal ordinal = 0;
  Move move;
  std::vector<PersonId> candidates;  // who has it now
  template <class A>
  void Visit(A& a) {
    a(ordinal, move, candidates);
  }
};

// Signers added to a round, or somebody asked by delegation. A parent with a kBefore or kDelegate
// child waits.
struct SeatsAdded {
  StateIndex state = kNoState;
  std::vector<Seat> seats;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(state, seats, reason);
  }
};

struct SeatsRemoved {
  std::vector<Ordinal> ordinals;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(ordinals, reason);
  }
};

// Its holder has to wait again: somebody was asked before.
struct SeatHeld {
  Ordinal ordinal = 0;
  template <class A>
  void Visit(A& a) {
    a(ordinal);
  }
};

// The holder took the decision back while the round was still open.
struct SeatReopened {
  Ordinal ordinal = 0;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(ordinal, reason);
  }
};

struct DraftSaved {
  Ordinal ordinal = 0;
  SeatDraft draft;
  template <class A>
  void Visit(A& a) {
    a(ordinal, draft);
  }
};

// The case leaves its course: the states between are exited and entered as by a transition from
// `source` to `target`, without actions of its own.
struct Jumped {
  enum class Cause : std::uint8_t {
    kReturned,
    kResubmitted,
    kWithdrawn,
    kOverridden
  } cause = Cause::kReturned;
  StateIndex source = kNoState;
  StateIndex target = kNoState;
  bool back_to_source = false;  // kReturned: the target's decision jumps back here
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(cause, source, target, back_to_source, reason);
  }
};

struct Copied {
  std::vector<Copy> copies;
  std::string note;
  template <class A>
  void Visit(A& a) {
    a(copies, note);
  }
};

struct CopyRead {
  PersonId person;
  Timestamp at;
  template <class A>
  void Visit(A& a) {
    a(person, at);
  }
};

struct Reminded {
  StateIndex state = kNoState;
  PersonId by;
  Timestamp at;
  std::string note;
  template <class A>
  void Visit(A& a) {
    a(state, by, at, note);
  }
};

struct Commented {
  PersonId by;
  std::string text;
  std::vector<Attachment> attachments;
  template <class A>
  void Visit(A& a) {
    a(by, text, attachments);
  }
};

struct CaseSuspended {
  Timestamp at;
  std::string reason;
  PersonId by;
  template <class A>
  void Visit(A& a) {
    a(at, reason, by);
  }
};

struct CaseResumed {
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(reason);
  }
};

struct OverrideProposed {
  Override proposal;
  template <class A>
  void Visit(A& a) {
    a(proposal);
  }
};

struct OverrideClosed {
  Ordinal ordinal = 0;
  bool confirmed = false;
  PersonId by;
  std::string reason;
  template <class A>
  void Visit(A& a) {
    a(ordinal, confirmed, by, reason);
  }
};

// A due date or a clock was counted again, because holidays were announced or a suspension ended.
struct DeadlineMoved {
  enum class Cause : std::uint8_t { kCalendar, kResumed } cause = Cause::kCalendar;
  Ordinal timer = 0;
  StateIndex state = kNoState;
  Timestamp old_due;
  Text old_derivation;
  Timestamp due;
  Text derivation;
  bool provisional = false;
  std::string calendar;     // version of the calendar that it was counted by
  std::int64_t paused = 0;  // as Deadline::paused
  template <class A>
  void Visit(A& a) {
    a(cause, timer, state, old_due, old_derivation.zh, old_derivation.en, due, derivation.zh,
      derivation.en, provisional, calendar, paused);
  }
};

using Event =
    std::variant<CaseStarted, EventTaken, TransitionTaken, StateExited, StateEntered, HistoryKept,
                 FieldAssigned, RoundOpened, SeatOpened, SeatDecided, CandidatesAdded, RoundDecided,
                 RoundClosed, TimerSet, TimerFired, TimerCancelled, ChildStarted, ChildEnded,
                 Notified, MessageSent, Logged, CaseEnded, SeatClaimed, SeatReleased, SeatMoved,
                 SeatsAdded, SeatsRemoved, SeatHeld, SeatReopened, DraftSaved, Jumped, Copied,
                 CopyRead, Reminded, Commented, CaseSuspended, CaseResumed, OverrideProposed,
                 OverrideClosed, DeadlineMoved>;

// One step, as it is kept. A case equals the fold of its entries.
struct JournalEntry {
  Revision revision = 0;
  Timestamp at;
  PersonId actor;
  std::string request_id;
  std::vector<Event> events;
  template <class A>
  void Visit(A& a) {
    a(revision, at, actor, request_id, events);
  }
};

}  // namespace duban::model
