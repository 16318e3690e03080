#include "core/statechart/timers.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/due.h"
#include "core/statechart/messages.h"
#include "core/statechart/resolve.h"
#include "core/statechart/rounds.h"

namespace duban::statechart {
namespace {

using model::StateIndex;
using model::Timer;
using model::TimerKind;

Moment MomentOf(const Draft& draft) {
  return {draft.facts().now, draft.calendar(), draft.definition().time_zone};
}

model::Text WithBasis(model::Text derivation, const model::Text& basis) {
  if (basis.empty()) return derivation;
  return {fmt::format("{}；依据：{}", derivation.zh, basis.In("zh")),
          fmt::format("{}; basis: {}", derivation.en, basis.In("en"))};
}

void SetTimer(Draft& draft, TimerKind kind, StateIndex state, std::size_t index,
              calendar::Deadline deadline, model::Timestamp from) {
  Timer timer;
  timer.ordinal = draft.next_ordinal();
  timer.kind = kind;
  timer.state = state;
  timer.index = static_cast<std::uint16_t>(index);
  timer.due = deadline.due;
  timer.provisional = deadline.provisional;
  timer.derivation = std::move(deadline.derivation);
  timer.calendar = draft.calendar().version();
  timer.from = from;
  draft.Emit(model::TimerSet{std::move(timer)});
}

// The clock as it is counted from `from`; `last`: it repeats, and was due then.
std::expected<calendar::Deadline, model::Text> ClockDeadline(const Draft& draft,
                                                             const definition::Clock& clock,
                                                             model::Timestamp from,
                                                             std::optional<model::Timestamp> last) {
  Moment moment = MomentOf(draft);
  moment.now = from;
  auto instant = ClockInstant(clock, moment, last);
  if (instant) instant->derivation = WithBasis(std::move(instant->derivation), clock.basis);
  return instant;
}

void SetClock(Draft& draft, StateIndex state, std::size_t index,
              std::optional<model::Timestamp> last) {
  const definition::Clock& clock = draft.definition().states[state].clocks[index];
  const model::Timestamp now = draft.facts().now;
  auto instant = ClockDeadline(draft, clock, now, last);
  if (!instant)
    return draft.RaiseError(draft.definition().states[state].place, instant.error().In("en"));
  const bool from_last = last && clock.kind == definition::Clock::Kind::kEvery;
  SetTimer(draft, TimerKind::kClock, state, index, std::move(*instant), from_last ? *last : now);
}

// `moment.now`: where the count of the due date began. Reminders that lie behind are left out.
void SetReminders(Draft& draft, StateIndex index, const calendar::Deadline& deadline,
                  const Moment& moment) {
  const definition::Due& due = *draft.definition().states[index].due;
  for (std::size_t i = 0; i < due.remind.size(); ++i) {
    const auto instant = ReminderInstant(due.remind[i], deadline, moment);
    if (!instant || *instant <= draft.facts().now || *instant >= deadline.due) continue;
    const std::string when = calendar::LocalText(deadline.due, moment.zone);
    SetTimer(
        draft, TimerKind::kReminder, index, i,
        {*instant,
         deadline.last_day,
         deadline.provisional,
         {fmt::format("提醒：期限 {}", when), fmt::format("reminder of what is due {}", when)}},
        moment.now);
  }
}

bool IsPaused(const Draft& draft, StateIndex state) {
  return draft.state().suspended_at && draft.definition().states[state].due->pause;
}

void PauseTimersOf(Draft& draft, StateIndex state);

void SetDue(Draft& draft, StateIndex index, const definition::Due& due) {
  Moment moment = MomentOf(draft);
  const auto from =
      CountFrom(draft.definition(), due, draft.state(), draft.scope().event_data(), moment);
  if (!from) return draft.RaiseError(due.place, from.error().In("en"));
  moment.now = *from;
  const auto deadline = DeadlineOf(draft.definition(), due, draft.state(), moment);
  if (!deadline) return draft.RaiseError(due.place, deadline.error().In("en"));
  SetTimer(draft, TimerKind::kOverdue, index, 0, *deadline, *from);
  SetReminders(draft, index, *deadline, moment);
  if (IsPaused(draft, index)) PauseTimersOf(draft, index);
}

void SetStage(Draft& draft, StateIndex index, std::size_t stage, model::Timestamp due) {
  const definition::Due& spec = *draft.definition().states[index].due;
  if (stage >= spec.overdue.size()) return;
  auto instant = StageInstant(spec.overdue[stage], due, MomentOf(draft));
  if (!instant) return draft.RaiseError(spec.overdue[stage].place, instant.error().In("en"));
  SetTimer(draft, TimerKind::kOverdue, index, stage, std::move(*instant), due);
}

// Holders and who is to be told beside them; nobody when the task has been decided.
std::vector<model::PersonId> Reminded(Draft& draft, StateIndex index) {
  const definition::State& state = draft.definition().states[index];
  std::vector<model::PersonId> people = HoldersOf(draft.state(), index);
  if (state.task && people.empty()) return people;
  for (model::PersonId& person : FindOrRaise(draft, state.due->remind_also)) {
    if (std::ranges::find(people, person) == people.end()) people.push_back(std::move(person));
  }
  return people;
}

std::optional<Occurrence> FireClock(Draft& draft, const Timer& timer) {
  const definition::State& state = draft.definition().states[timer.state];
  if (state.clocks[timer.index].repeats()) SetClock(draft, timer.state, timer.index, timer.due);
  Occurrence event;
  event.name = "clock." + state.id;
  event.actor = model::Principal::kSystem;
  event.trigger = Occurrence::Trigger::kClock;
  event.state = timer.state;
  event.clock = timer.index;
  return event;
}

const model::Round* OpenRoundOf(const Draft& draft, StateIndex index) {
  const model::Round* round = FindRound(draft.state(), index);
  return round == nullptr || round->decided ? nullptr : round;
}

// `overdue: {decide: …}`: the outcome is the system's, said in the name of nobody.
std::optional<Occurrence> DecideOverdue(Draft& draft, StateIndex index,
                                        const std::string& outcome) {
  const model::Round* round = OpenRoundOf(draft, index);
  if (round == nullptr) return std::nullopt;
  const auto seat = std::ranges::find(round->seats, model::SeatState::kOpen, &model::Seat::state);
  if (seat != round->seats.end()) {
    model::Vote vote;
    vote.outcome = outcome;
    vote.by = model::Principal::kSystem;
    vote.at = draft.facts().now;
    vote.automatic = model::Automatic::kOverdue;
    draft.Emit(model::SeatDecided{seat->ordinal, std::move(vote), {}});
  }
  Occurrence said;
  said.actor = model::Principal::kSystem;
  return Conclude(draft, index, outcome, std::move(said));
}

std::optional<Occurrence> FireOverdue(Draft& draft, const Timer& timer) {
  const definition::State& state = draft.definition().states[timer.state];
  if (timer.index == 0) {
    const Message message = OverdueMessage(draft, timer.state);
    draft.Tell(Reminded(draft, timer.state), message.subject, message.body, message.urgency,
               model::NotificationCause::kOverdue);
  }
  SetStage(draft, timer.state, timer.index + 1u, timer.index == 0 ? timer.due : timer.from);
  if (timer.index < state.due->overdue.size()) {
    const std::string& outcome = state.due->overdue[timer.index].decide;
    if (!outcome.empty()) return DecideOverdue(draft, timer.state, outcome);
  }
  Occurrence event;
  event.name = "overdue." + state.id;
  event.actor = model::Principal::kSystem;
  event.trigger = Occurrence::Trigger::kOverdue;
  event.state = timer.state;
  event.clock = timer.index;
  return event;
}

std::optional<Occurrence> FireSend(Draft& draft, const Timer& timer) {
  if (timer.to) {
    draft.Emit(model::MessageSent{draft.next_ordinal(), timer.to, timer.event, timer.data});
    return std::nullopt;
  }
  Occurrence event;
  event.name = timer.event;
  event.data = timer.data;
  event.actor = model::Principal::kSystem;
  return event;
}

template <class Matching>
void CancelWhere(Draft& draft, Matching matching) {
  std::vector<model::Ordinal> ordinals;
  for (const Timer& timer : draft.state().timers) {
    if (matching(timer)) ordinals.push_back(timer.ordinal);
  }
  for (model::Ordinal ordinal : ordinals) draft.Emit(model::TimerCancelled{ordinal});
}

bool IsOfDue(const Timer& timer, StateIndex state) {
  return timer.state == state &&
         (timer.kind == TimerKind::kOverdue || timer.kind == TimerKind::kReminder);
}

void PauseTimersOf(Draft& draft, StateIndex state) {
  CancelWhere(draft, [state](const Timer& timer) { return IsOfDue(timer, state); });
}

model::DeadlineMoved MoveOf(const Draft& draft, const Timer& timer,
                            const calendar::Deadline& deadline) {
  model::DeadlineMoved moved;
  moved.timer = timer.ordinal;
  moved.state = timer.state;
  moved.old_due = timer.due;
  moved.old_derivation = timer.derivation;
  moved.due = deadline.due;
  moved.derivation = deadline.derivation;
  moved.provisional = deadline.provisional;
  moved.calendar = draft.calendar().version();
  return moved;
}

std::int64_t PausedOf(const Draft& draft, StateIndex state) {
  const auto found = std::ranges::find(draft.state().deadlines, state, &model::Deadline::state);
  return found == draft.state().deadlines.end() ? 0 : found->paused;
}

// What the timer comes to by the calendar as it is now; an error where it can't be told any more.
std::expected<calendar::Deadline, model::Text> Recount(const Draft& draft, const Timer& timer) {
  const definition::State& state = draft.definition().states[timer.state];
  if (timer.kind == TimerKind::kClock)
    return ClockDeadline(draft, state.clocks[timer.index], timer.from, std::nullopt);
  Moment moment = MomentOf(draft);
  if (timer.index > 0) return StageInstant(state.due->overdue[timer.index], timer.from, moment);
  moment.now = timer.from;
  return DeadlineOf(draft.definition(), *state.due, draft.state(), moment,
                    PausedOf(draft, timer.state));
}

void TellMoved(Draft& draft, const Timer& timer, const calendar::Deadline& deadline) {
  const Message message = MovedMessage(draft, timer.state, timer.due, deadline.derivation);
  draft.Tell(Reminded(draft, timer.state), message.subject, message.body, message.urgency,
             model::NotificationCause::kMoved);
}

void Recompute(Draft& draft, const Timer& timer) {
  const auto deadline = Recount(draft, timer);
  if (!deadline || (deadline->due == timer.due && deadline->provisional == timer.provisional))
    return;
  model::DeadlineMoved moved = MoveOf(draft, timer, *deadline);
  const bool is_due = timer.kind == TimerKind::kOverdue && timer.index == 0;
  if (is_due) moved.paused = PausedOf(draft, timer.state);
  draft.Emit(std::move(moved));
  if (!is_due) return;
  CancelWhere(draft, [&](const Timer& other) {
    return other.kind == TimerKind::kReminder && other.state == timer.state;
  });
  Moment moment = MomentOf(draft);
  moment.now = timer.from;
  SetReminders(draft, timer.state, *deadline, moment);
  if (deadline->due != timer.due) TellMoved(draft, timer, *deadline);
}

void Resume(Draft& draft, const model::Deadline& before) {
  const definition::Due& due = *draft.definition().states[before.state].due;
  Moment moment = MomentOf(draft);
  const model::Timestamp since = std::max(*draft.state().suspended_at, before.from);
  const std::int64_t paused = before.paused + PausedSince(due, before.from, since, moment);
  moment.now = before.from;
  const auto deadline = DeadlineOf(draft.definition(), due, draft.state(), moment, paused);
  if (!deadline) return draft.RaiseError(due.place, deadline.error().In("en"));
  Timer timer;
  timer.ordinal = draft.next_ordinal();
  timer.state = before.state;
  timer.due = before.due;
  timer.derivation = before.derivation;
  SetTimer(draft, TimerKind::kOverdue, before.state, 0, *deadline, before.from);
  model::DeadlineMoved moved = MoveOf(draft, timer, *deadline);
  moved.cause = model::DeadlineMoved::Cause::kResumed;
  moved.paused = paused;
  draft.Emit(std::move(moved));
  SetReminders(draft, before.state, *deadline, moment);
  if (deadline->due != before.due) TellMoved(draft, timer, *deadline);
}

}  // namespace

void RecomputeTimers(Draft& draft) {
  const std::vector<Timer> timers = draft.state().timers;
  for (const Timer& timer : timers) {
    const bool counted = timer.kind == TimerKind::kOverdue || timer.kind == TimerKind::kClock;
    const bool known = timer.from != model::Timestamp{};
    if (counted && known && timer.calendar != draft.calendar().version()) Recompute(draft, timer);
  }
}

void PauseTimers(Draft& draft) {
  const std::vector<model::Deadline> deadlines = draft.state().deadlines;
  for (const model::Deadline& deadline : deadlines) {
    if (!deadline.passed && draft.definition().states[deadline.state].due->pause)
      PauseTimersOf(draft, deadline.state);
  }
}

void ResumeTimers(Draft& draft) {
  if (!draft.state().suspended_at) return;
  const std::vector<model::Deadline> deadlines = draft.state().deadlines;
  for (const model::Deadline& deadline : deadlines) {
    if (!deadline.passed && draft.definition().states[deadline.state].due->pause)
      Resume(draft, deadline);
  }
}

void SetTimers(Draft& draft, StateIndex index) {
  const definition::State& state = draft.definition().states[index];
  if (state.due) SetDue(draft, index, *state.due);
  for (std::size_t i = 0; i < state.clocks.size(); ++i) SetClock(draft, index, i, std::nullopt);
}

void CancelTimers(Draft& draft, StateIndex state) {
  if (draft.state().timers.empty()) return;
  CancelWhere(draft, [state](const Timer& timer) {
    return timer.kind != TimerKind::kSend && timer.state == state;
  });
}

void CancelAllTimers(Draft& draft) {
  CancelWhere(draft, [](const Timer&) { return true; });
}

void CancelSends(Draft& draft, std::string_view send_id) {
  CancelWhere(draft, [send_id](const Timer& timer) {
    return timer.kind == TimerKind::kSend && !send_id.empty() && timer.send_id == send_id;
  });
}

std::optional<Occurrence> Fire(Draft& draft, model::Ordinal ordinal) {
  const auto found = std::ranges::find(draft.state().timers, ordinal, &Timer::ordinal);
  if (found == draft.state().timers.end() || found->due > draft.facts().now) return std::nullopt;
  const Timer timer = *found;
  draft.Emit(model::TimerFired{timer.ordinal, timer.due, draft.facts().now});
  switch (timer.kind) {
    case TimerKind::kClock:
      return FireClock(draft, timer);
    case TimerKind::kOverdue:
      return FireOverdue(draft, timer);
    case TimerKind::kSend:
      return FireSend(draft, timer);
    case TimerKind::kReminder: {
      const Message message = ReminderMessage(draft, timer.state);
      draft.Tell(Reminded(draft, timer.state), message.subject, message.body, message.urgency,
                 model::NotificationCause::kReminder);
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<model::Timestamp> DueOf(const model::Case& state, StateIndex index) {
  const auto found = std::ranges::find(state.deadlines, index, &model::Deadline::state);
  if (found == state.deadlines.end()) return std::nullopt;
  return found->due;
}

}  // namespace duban::statechart
