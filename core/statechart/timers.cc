#include "core/statechart/timers.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/due.h"
#include "core/statechart/messages.h"
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
              calendar::Deadline deadline) {
  Timer timer;
  timer.ordinal = draft.next_ordinal();
  timer.kind = kind;
  timer.state = state;
  timer.index = static_cast<std::uint16_t>(index);
  timer.due = deadline.due;
  timer.provisional = deadline.provisional;
  timer.derivation = std::move(deadline.derivation);
  timer.calendar = draft.calendar().version();
  draft.Emit(model::TimerSet{std::move(timer)});
}

void SetClock(Draft& draft, StateIndex state, std::size_t index,
              std::optional<model::Timestamp> last) {
  const definition::Clock& clock = draft.definition().states[state].clocks[index];
  auto instant = ClockInstant(clock, MomentOf(draft), last);
  if (!instant)
    return draft.RaiseError(draft.definition().states[state].place, instant.error().In("en"));
  instant->derivation = WithBasis(std::move(instant->derivation), clock.basis);
  SetTimer(draft, TimerKind::kClock, state, index, std::move(*instant));
}

void SetDue(Draft& draft, StateIndex index, const definition::Due& due) {
  const Moment moment = MomentOf(draft);
  const auto deadline = DeadlineOf(draft.definition(), due, draft.state(), moment);
  if (!deadline) return draft.RaiseError(due.place, deadline.error().In("en"));
  calendar::Deadline proved = *deadline;
  proved.derivation = WithBasis(std::move(proved.derivation), due.basis);
  SetTimer(draft, TimerKind::kOverdue, index, 0, std::move(proved));
  for (std::size_t i = 0; i < due.remind.size(); ++i) {
    const auto instant = ReminderInstant(due.remind[i], *deadline, moment);
    if (!instant || *instant <= moment.now || *instant >= deadline->due) continue;
    const std::string when = calendar::LocalText(deadline->due, moment.zone);
    SetTimer(
        draft, TimerKind::kReminder, index, i,
        {*instant,
         deadline->last_day,
         deadline->provisional,
         {fmt::format("提醒：期限 {}", when), fmt::format("reminder of what is due {}", when)}});
  }
}

// Holders and who is to be told beside them; nobody when the task has been decided.
std::vector<model::PersonId> Reminded(Draft& draft, StateIndex index) {
  const definition::State& state = draft.definition().states[index];
  std::vector<model::PersonId> people = HoldersOf(draft.state(), index);
  if (state.task && people.empty()) return people;
  for (model::PersonId& person : ResolveIn(state.due->remind_also, draft.scope())) {
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

std::optional<Occurrence> FireOverdue(Draft& draft, const Timer& timer) {
  const Message message = OverdueMessage(draft, timer.state);
  draft.Tell(Reminded(draft, timer.state), message.subject, message.body, message.urgency,
             model::NotificationCause::kOverdue);
  Occurrence event;
  event.name = "overdue." + draft.definition().states[timer.state].id;
  event.actor = model::Principal::kSystem;
  event.trigger = Occurrence::Trigger::kOverdue;
  event.state = timer.state;
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

}  // namespace

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
  for (const Timer& timer : state.timers) {
    if (timer.kind == TimerKind::kOverdue && timer.state == index) return timer.due;
  }
  return std::nullopt;
}

}  // namespace duban::statechart
