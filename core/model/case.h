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

// A document or a picture of a signature, kept elsewhere and known by its digest.
struct Attachment {
  std::string name;
  std::string media_type;
  std::string sha256;  // 64 hex digits
  std::uint64_t bytes = 0;
  std::string uri;  // where it is kept

  bool operator==(const Attachment&) const = default;
  template <class A>
  void Visit(A& a) {
    a(name, media_type, sha256, bytes, uri);
  }
};

// What counts as said without having been said by anybody.
enum class Automatic : std::uint8_t {
  kNo,
  kRepeated,  // who approved just before is not asked again (`repeat`)
  kNobody,    // nobody was found for the task (`nobody`)
  kStarter,   // the starter's own seat was skipped (`when_starter: skip`)
  kOverdue,   // the due date passed (`overdue: {decide: …}`)
  kAddition,  // a signer who was added before refused
};

// Who did something, in whose name it is recorded.
struct Vote {
  std::string outcome;  // "approved", "rejected", "abstained", "recused", "returned", or an outcome
                        // of the task
  PersonId by;
  Timestamp at;
  std::string opinion;
  PersonId on_behalf_of;  // who gave the mandate; empty: acted for themself
  std::vector<Attachment> attachments;
  std::optional<Attachment> signature;
  Automatic automatic = Automatic::kNo;

  bool operator==(const Vote&) const = default;
  template <class A>
  void Visit(A& a) {
    a(outcome, by, at, opinion, on_behalf_of, attachments, signature, automatic);
  }
};

enum class SeatState : std::uint8_t {
  kWaiting,  // its turn has not come
  kOpen,
  kDecided,
  kCancelled,  // ended without a word of its own: others decided, or the case went on
  kRemoved,    // 减签: taken out again, no longer counted
};

// How a seat came to its people.
struct Move {
  enum class Kind : std::uint8_t {
    kTransferred,
    kHandedOver,
    kReassigned
  } kind = Kind::kTransferred;
  PersonId from;  // empty: all who had it
  PersonId to;    // empty: nobody came in their place (`from` recused themself, others remain)
  PersonId by;
  Timestamp at;
  std::string reason;

  bool operator==(const Move&) const = default;
  template <class A>
  void Visit(A& a) {
    a(kind, from, to, by, at, reason);
  }
};

// Filled in, not submitted. Shown to nobody but whose it is.
struct SeatDraft {
  PersonId by;
  Timestamp at;
  std::string outcome;
  std::string opinion;
  Map form;

  bool operator==(const SeatDraft&) const = default;
  template <class A>
  void Visit(A& a) {
    a(by, at, outcome, opinion, form);
  }
};

// What a seat is to the seat that it was added to; approval/additions.h says what each means.
enum class Relation : std::uint8_t {
  kOriginal,  // opened with the round
  kParallel,  // added to the round beside the others
  kBefore,
  kAfter,
  kDelegate,
};

// One person's place in a round, or the place of several candidates of whom the first to act takes
// it. It is what people call a task; its ordinal is the task's.
struct Seat {
  Ordinal ordinal = 0;
  SeatState state = SeatState::kOpen;
  std::vector<PersonId> candidates;
  Vote vote;  // when decided
  Relation relation = Relation::kOriginal;
  Ordinal parent = 0;   // the seat whose holder added or delegated it; 0: none
  bool any_of = false;  // with its siblings of the same relation: the first answer holds
  PersonId added_by;
  PersonId claimed_by;      // 认领: only this one may act until it is released
  PersonId owner;           // whose it was first, when it was transferred
  std::vector<Move> moves;  // oldest first
  std::uint16_t group = 0;  // of an approval by groups
  std::int64_t weight = 1;
  std::optional<SeatDraft> draft;

  bool operator==(const Seat&) const = default;
  template <class A>
  void Visit(A& a) {
    a(ordinal, state, candidates, vote, relation, parent, any_of, added_by, claimed_by, owner,
      moves, group, weight, draft);
  }
};

// What an active state with a task or an approval asks of people, from its entry to its exit.
struct Round {
  StateIndex state = kNoState;
  Timestamp opened_at;
  Text title;  // rendered when it was opened
  std::vector<Seat> seats;
  bool decided = false;
  std::string outcome;     // when decided
  std::uint64_t seed = 0;  // by which its people were drawn by lot; 0: they were not
  bool again = false;      // opened by a return, a withdrawal or an override: nobody is skipped
  std::optional<Timestamp> reminded_at;  // 催办

  bool operator==(const Round&) const = default;
  template <class A>
  void Visit(A& a) {
    a(state, opened_at, title.zh, title.en, seats, decided, outcome, seed, again, reminded_at);
  }
};

// A task that the case has behind it: where a return can lead.
struct Passage {
  StateIndex state = kNoState;
  Revision revision = 0;  // of the step that decided it
  Timestamp at;
  std::string outcome;
  std::vector<PersonId> people;  // whose word it was; empty: nobody's, it passed by itself

  bool operator==(const Passage&) const = default;
  template <class A>
  void Visit(A& a) {
    a(state, revision, at, outcome, people);
  }
};

// Who acted in which state: what separation of duties looks at. Never forgotten.
struct Act {
  StateIndex state = kNoState;
  PersonId person;

  bool operator==(const Act&) const = default;
  template <class A>
  void Visit(A& a) {
    a(state, person);
  }
};

// 抄送: may see the case, is asked nothing.
struct Copy {
  PersonId person;
  PersonId by;  // empty: the definition
  Timestamp at;
  std::optional<Timestamp> read_at;

  bool operator==(const Copy&) const = default;
  template <class A>
  void Visit(A& a) {
    a(person, by, at, read_at);
  }
};

// Returned with `resubmit: back_to_returner`: when the target is done, the case jumps back.
struct PendingReturn {
  StateIndex target = kNoState;
  StateIndex returner = kNoState;

  bool operator==(const PendingReturn&) const = default;
  template <class A>
  void Visit(A& a) {
    a(target, returner);
  }
};

// What an operator wants done against the ordinary course; a second one has to confirm it.
struct Override {
  enum class Kind : std::uint8_t { kJump, kTerminate, kReassign } kind = Kind::kJump;
  Ordinal ordinal = 0;
  PersonId by;
  Timestamp at;
  std::string reason;
  StateIndex target = kNoState;  // kJump
  std::string outcome;           // kTerminate
  Ordinal task = 0;              // kReassign
  std::vector<PersonId> people;  // kReassign

  bool operator==(const Override&) const = default;
  template <class A>
  void Visit(A& a) {
    a(kind, ordinal, by, at, reason, target, outcome, task, people);
  }
};

enum class TimerKind : std::uint8_t {
  kClock,     // `after`, `at`, `every` of a state; index: which of its clocks
  kReminder,  // before a state's due date; index: which of its reminders
  kOverdue,   // a state's due date; index: the stage of its escalation, 0 at the due instant
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
  Timestamp from;            // where the count began; not for kSend

  bool operator==(const Timer&) const = default;
  template <class A>
  void Visit(A& a) {
    a(ordinal, kind, state, index, due, provisional, derivation.zh, derivation.en, calendar, event,
      send_id, to.value, data, from);
  }
};

// The due date of an active state, from its entry to its exit: it stays when its timer has fired.
struct Deadline {
  StateIndex state = kNoState;
  Timestamp from;
  Timestamp due;
  Text derivation;
  bool provisional = false;
  bool passed = false;
  // Suspensions that are not counted: days of the limit's kind, or seconds where it counts hours or
  // minutes. Only for a due date with `pause: true`.
  std::int64_t paused = 0;

  bool operator==(const Deadline&) const = default;
  template <class A>
  void Visit(A& a) {
    a(state, from, due, derivation.zh, derivation.en, provisional, passed, paused);
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

inline constexpr std::size_t kMaxTrail = 100;

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
  std::optional<Timestamp> suspended_at;
  std::vector<Passage> trail;       // the newest kMaxTrail, oldest first
  std::optional<Round> last_round;  // the newest of the trail as it was decided, as long as it
                                    // can be withdrawn
  Revision last_act = 0;            // of the last step in which a person moved something
  std::vector<Act> acts;            // each once
  std::vector<Copy> copies;         // each person once
  std::vector<PendingReturn> returns;
  std::vector<Override> overrides;  // proposed, not confirmed yet
  PersonId suspended_by;            // while suspended
  std::string suspended_reason;
  std::vector<Deadline> deadlines;  // of the active states that have one

  bool operator==(const Case&) const = default;
  template <class A>
  void Visit(A& a) {
    a(id.value, revision, campaign, workflow, starter, started_at, updated_at, parent, ended,
      outcome, configuration, history, data, rounds, timers, children, next_ordinal, participants,
      suspended_at, trail, last_round, last_act, acts, copies, returns, overrides, suspended_by,
      suspended_reason, deadlines);
  }
};

}  // namespace duban::model
