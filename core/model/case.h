// One running case: plain data, changed only by statechart/apply.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/ids.h"
#include "core/model/text.h"
#include "core/model/time.h"
#include "core/model/value.h"

namespace duban::model {

// Indices into the definition that the case stands on. A definition never changes under its digest,
// so these mean the same for ever.
using StateIndex = std::uint16_t;
using TransitionIndex = std::uint16_t;
using FieldIndex = std::uint16_t;
inline constexpr StateIndex kNoState = 0xffff;

// Who did something, in whose name it is recorded.
struct Vote {
  std::string outcome;  // "approved", "rejected", or an outcome of the task
  PersonId by;
  Timestamp at;
  std::string opinion;

  bool operator==(const Vote&) const = default;
  template <class A>
  void Visit(A& a) {
    a(outcome, by, at, opinion);
  }
};

enum class SeatState : std::uint8_t { kWaiting, kOpen, kDecided, kCancelled };

// One person's place in a round, or the place of several candidates of whom the first to act takes
// it. It is what people call a task; its ordinal is the task's.
struct Seat {
  Ordinal ordinal = 0;
  SeatState state = SeatState::kOpen;
  std::vector<PersonId> candidates;
  Vote vote;  // when decided

  bool operator==(const Seat&) const = default;
  template <class A>
  void Visit(A& a) {
    a(ordinal, state, candidates, vote);
  }
};

// What an active state with a task or an approval asks of people, from its entry to its exit.
struct Round {
  StateIndex state = kNoState;
  Timestamp opened_at;
  Text title;  // rendered when it was opened
  std::vector<Seat> seats;
  bool decided = false;
  std::string outcome;  // when decided

  bool operator==(const Round&) const = default;
  template <class A>
  void Visit(A& a) {
    a(state, opened_at, title.zh, title.en, seats, decided, outcome);
  }
};

enum class TimerKind : std::uint8_t {
  kClock,     // `after`, `at`, `every` of a state; index: which of its clocks
  kReminder,  // before a state's due date; index: which of its reminders
  kOverdue,   // a state's due date
  kSend,      // a delayed send
};

struct Timer {
  Ordinal ordinal = 0;
  TimerKind kind = TimerKind::kClock;
  StateIndex state = kNoState;  // kNoState for kSend
  std::uint16_t index = 0;
  Timestamp due;
  bool provisional = false;  // computed over a year without a published holiday notice
  Text derivation;           // how the date came about, for people
  std::string calendar;      // version of the calendar it was computed by
  std::string event;         // kSend
  std::string send_id;       // kSend; may be empty
  CaseId to;                 // kSend; 0: this case
  Value data;                // kSend

  bool operator==(const Timer&) const = default;
  template <class A>
  void Visit(A& a) {
    a(ordinal, kind, state, index, due, provisional, derivation.zh, derivation.en, calendar, event,
      send_id, to.value, data);
  }
};

struct Child {
  Ordinal ordinal = 0;
  CaseId id;
  std::string slot;  // `as:` of the action that started it
  std::string item;  // what it stands for: an enterprise, an office; empty without for_each
  bool ended = false;
  std::string outcome;

  bool operator==(const Child&) const = default;
  template <class A>
  void Visit(A& a) {
    a(ordinal, id.value, slot, item, ended, outcome);
  }
};

// Where a child reports to.
struct Parent {
  CaseId id;
  Ordinal child = 0;  // Child::ordinal there

  bool operator==(const Parent&) const = default;
  template <class A>
  void Visit(A& a) {
    a(id.value, child);
  }
};

struct HistoryValue {
  StateIndex history = kNoState;
  std::vector<StateIndex> states;

  bool operator==(const HistoryValue&) const = default;
  template <class A>
  void Visit(A& a) {
    a(history, states);
  }
};

struct Case {
  CaseId id;
  Revision revision = 0;
  std::string campaign;  // digest
  std::string workflow;
  PersonId starter;
  Timestamp started_at;
  Timestamp updated_at;
  Parent parent;  // id 0: none
  bool ended = false;
  std::string outcome;
  std::vector<StateIndex> configuration;  // every active state, in document order
  std::vector<HistoryValue> history;
  std::vector<Value> data;  // by FieldIndex; null: not set
  std::vector<Round> rounds;
  std::vector<Timer> timers;
  std::vector<Child> children;
  Ordinal next_ordinal = 1;
  std::vector<PersonId> participants;  // everyone who started, was asked or acted; each once

  bool operator==(const Case&) const = default;
  template <class A>
  void Visit(A& a) {
    a(id.value, revision, campaign, workflow, starter, started_at, updated_at, parent, ended,
      outcome, configuration, history, data, rounds, timers, children, next_ordinal, participants);
  }
};

}  // namespace duban::model
