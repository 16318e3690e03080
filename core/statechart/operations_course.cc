// Return, withdraw, revoke, terminate: the case leaves its course, or ends.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/statechart/decide.h"
#include "core/statechart/messages.h"
#include "core/statechart/microstep.h"
#include "core/statechart/operations.h"
#include "core/statechart/returns.h"
#include "core/statechart/rounds.h"

namespace duban::statechart {
namespace {

using definition::Task;
using model::PersonId;
using model::Reason;
using model::Round;
using model::Seat;
using model::SeatState;
using model::StateIndex;

constexpr std::nullopt_t kNothing = std::nullopt;

const Task& TaskOf(const Draft& draft, StateIndex state) {
  return *draft.definition().states[state].task;
}

// ---- return

void CannotReturn(Draft& draft, model::Ordinal task, const ReturnChoices& choices) {
  std::vector<StateIndex> states = choices.states;
  for (StateIndex s : {choices.previous, choices.starter}) {
    if (s != model::kNoState && std::ranges::find(states, s) == states.end()) states.push_back(s);
  }
  model::Rejection rejection = model::Refusal(
      Reason::kCannotReturn,
      states.empty() ? "这项任务现在没有可以退回的地方" : "不能退回到那里；可以退回的步骤见列表",
      states.empty() ? "there is nowhere to return this task to now"
                     : "it cannot be returned there; see the list for where it can");
  for (StateIndex s : states) {
    const std::string& id = draft.definition().states[s].id;
    rejection.permitted.push_back({id, task, id, {draft.actor().id}});
  }
  draft.Fail(std::move(rejection));
}

StateIndex TargetOf(const definition::Definition& definition, const model::Return& back,
                    const ReturnChoices& choices) {
  if (back.to == model::Return::To::kPrevious) return choices.previous;
  if (back.to == model::Return::To::kStarter) return choices.starter;
  const StateIndex named = definition.FindState(back.state);
  const bool may = std::ranges::find(choices.states, named) != choices.states.end();
  return may ? named : model::kNoState;
}

bool ComesBack(const Task& task, model::Return::Resubmit resubmit) {
  if (resubmit == model::Return::Resubmit::kAsDefined)
    return task.returns.resubmit == definition::Resubmit::kBackToReturner;
  return resubmit == model::Return::Resubmit::kBackToReturner;
}

void TellHolders(Draft& draft, StateIndex state, const Message& message,
                 model::NotificationCause cause) {
  draft.Tell(HoldersOf(draft.state(), state), message.subject, message.body, message.urgency,
             cause);
}

// ---- withdraw

void CannotWithdraw(Draft& draft, std::string zh, std::string en) {
  draft.Fail(Reason::kCannotWithdraw, std::move(zh), std::move(en));
}

// Whether somebody has acted on the strength of the decision while the round is open.
bool WasBuiltUpon(const Task& task, const Round& round, const Seat& mine) {
  const bool sequence = RuleOf(task, mine.group).mode == approval::Mode::kSequence;
  return std::ranges::any_of(round.seats, [&](const Seat& seat) {
    if (seat.state != SeatState::kDecided || seat.vote.automatic != model::Automatic::kNo)
      return false;
    if (sequence && IsRoot(mine) && IsRoot(seat) && seat.group == mine.group &&
        seat.ordinal > mine.ordinal)
      return true;
    if (seat.parent == mine.ordinal && seat.relation == model::Relation::kAfter) return true;
    return seat.ordinal == mine.parent && !IsRoot(mine);
  });
}

std::optional<Occurrence> Reopen(Draft& draft, const SeatPlace& place,
                                 const model::Withdraw& withdraw) {
  const StateIndex state = place.round->state;
  if (WasBuiltUpon(TaskOf(draft, state), *place.round, *place.seat)) {
    CannotWithdraw(draft, "已有人在您的决定之后办理，不能撤回",
                   "somebody has acted on your decision since; it cannot be withdrawn");
    return kNothing;
  }
  draft.Emit(model::SeatReopened{withdraw.task, withdraw.reason});
  return Recount(draft, state, withdraw.reason);
}

// The round as it was before the decision; nullopt: it would be decided all the same.
std::optional<Round> WithoutDecision(const Task& task, Round round, model::Ordinal seat) {
  for (Seat& one : round.seats) {
    if (one.ordinal == seat) {
      one.state = SeatState::kWaiting;
      one.vote = {};
    } else if (one.state == SeatState::kCancelled) {
      one.state = SeatState::kWaiting;
    }
  }
  if (CountRound(task, round).result != approval::Result::kOpen) return std::nullopt;
  return round;
}

void JumpBack(Draft& draft, const Round& last, const model::Withdraw& withdraw) {
  const auto& definition = draft.definition();
  const model::Case& state = draft.state();
  const bool moved_on = state.trail.empty() || state.trail.back().state != last.state ||
                        state.last_act != state.trail.back().revision;
  auto restored = WithoutDecision(TaskOf(draft, last.state), last, withdraw.task);
  if (moved_on || !restored || !IsInsideActive(definition, state, last.state)) {
    return CannotWithdraw(
        draft, "之后已有人办理，或已启动了不能收回的工作，不能撤回",
        "somebody has acted since, or it led to what cannot be taken back; it stays decided");
  }
  const Message message = WithdrawnMessage(draft, last.title, withdraw.reason);
  for (const Round& round : state.rounds) {
    if (round.opened_at >= state.trail.back().at)
      TellHolders(draft, round.state, message, model::NotificationCause::kWithdrawn);
  }
  model::Jumped jumped;
  jumped.cause = model::Jumped::Cause::kWithdrawn;
  jumped.source = JumpSource(definition, state, last.state);
  jumped.target = last.state;
  jumped.reason = withdraw.reason;
  Jump(draft, std::move(jumped), std::move(restored));
}

}  // namespace

void EndNow(Draft& draft, const std::string& event, std::string outcome,
            const std::string& reason) {
  draft.Emit(model::EventTaken{event, draft.actor().id, {}, reason});
  std::vector<std::pair<model::Text, std::vector<PersonId>>> told;
  for (const Round& round : draft.state().rounds)
    told.emplace_back(round.title, HoldersOf(draft.state(), round.state));
  for (const auto& [title, people] : told) {
    const Message message = WithdrawnMessage(draft, title, reason);
    draft.Tell(people, message.subject, message.body, message.urgency,
               model::NotificationCause::kWithdrawn);
  }
  EndCase(draft, std::move(outcome), {});
}

std::optional<Occurrence> Do(Draft& draft, const model::Return& back) {
  auto place = SeatToActOn(draft.scope(), draft.actor(), back.task, back.on_behalf_of);
  if (!place) {
    draft.Fail(std::move(place.error()));
    return kNothing;
  }
  const StateIndex source = place->round->state;
  const Task& task = TaskOf(draft, source);
  if (task.returns.none() || !IsRoot(*place->seat)) {
    draft.Fail(Reason::kNotPermittedHere, "这项任务不可以退回", "this task cannot be returned");
    return kNothing;
  }
  const ReturnChoices choices = ChoicesOf(draft.definition(), draft.state(), source);
  const StateIndex target = TargetOf(draft.definition(), back, choices);
  if (target == model::kNoState) {
    CannotReturn(draft, back.task, choices);
    return kNothing;
  }
  if (AreWordsWrong(draft, back.opinion, true)) return kNothing;
  model::Vote vote;
  vote.outcome = "returned";
  vote.by = draft.actor().id;
  vote.at = draft.facts().now;
  vote.opinion = back.opinion;
  if (back.on_behalf_of != draft.actor().id) vote.on_behalf_of = back.on_behalf_of;
  draft.Emit(model::SeatDecided{back.task, std::move(vote), {}});
  draft.Emit(model::RoundDecided{source, "returned"});
  model::Jumped jumped;
  jumped.source = source;
  jumped.target = target;
  jumped.back_to_source = ComesBack(task, back.resubmit);
  jumped.reason = back.opinion;
  Jump(draft, std::move(jumped), {});
  const Message message = ReturnMessage(draft, target, back.opinion);
  TellHolders(draft, target, message, model::NotificationCause::kReturned);
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Withdraw& withdraw) {
  if (HasEnded(draft) || AreWordsWrong(draft, withdraw.reason, false)) return kNothing;
  if (IsSuspended(draft)) return kNothing;
  SeatPlace place = FindSeat(draft.state(), withdraw.task);
  const bool open = place.seat != nullptr && !place.round->decided;
  if (!open && draft.state().last_round) {
    for (const Seat& seat : draft.state().last_round->seats) {
      if (seat.ordinal == withdraw.task) place = {&*draft.state().last_round, &seat};
    }
  }
  if (place.seat == nullptr) {
    model::Rejection rejection = NoSeat(draft.state(), withdraw.task);
    if (rejection.reason == Reason::kTaskClosed) {
      rejection = model::Refusal(
          Reason::kCannotWithdraw, "之后案件已继续，或已启动了不能收回的工作，不能撤回",
          "the case went on since, or it led to what cannot be taken back; it stays decided");
    }
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  if (!IsDecisionOf(*place.seat, draft.actor().id)) {
    model::Rejection rejection = model::Refusal(Reason::kNotAllowed, "只能撤回您自己的决定",
                                                "you can withdraw a decision of your own only");
    if (!place.seat->vote.by.empty()) rejection.who = {place.seat->vote.by};
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  if (!TaskOf(draft, place.round->state).withdrawable) {
    draft.Fail(Reason::kNotPermittedHere, "这项任务的决定不可以撤回",
               "decisions of this task cannot be withdrawn");
    return kNothing;
  }
  if (open) return Reopen(draft, place, withdraw);
  const Round last = *place.round;
  JumpBack(draft, last, withdraw);
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Revoke& revoke) {
  if (HasEnded(draft)) return kNothing;
  const model::Case& state = draft.state();
  if (state.starter != draft.actor().id) {
    model::Rejection rejection = model::Refusal(
        Reason::kNotAllowed, "只有发起人可以撤销案件；管理员可以提出终止",
        "only the starter revokes a case; an administrator can propose to terminate it");
    rejection.who = {state.starter};
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  if (IsSuspended(draft)) return kNothing;
  const auto policy = draft.definition().revoke;
  const bool others = std::ranges::any_of(
      state.acts, [&](const model::Act& act) { return act.person != state.starter; });
  if (policy == definition::Revocation::kNever) {
    draft.Fail(Reason::kNotPermittedHere, "这个流程不可以撤销", "this workflow cannot be revoked");
  } else if (policy == definition::Revocation::kBeforeFirstAct && others) {
    CannotWithdraw(draft, "已有人办理，不能再撤销",
                   "somebody has acted already; it cannot be revoked any more");
  } else if (!AreWordsWrong(draft, revoke.reason, true)) {
    EndNow(draft, "case.revoked", "revoked", revoke.reason);
  }
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Terminate& terminate) {
  if (!draft.actor().is_system()) {
    draft.Fail(Reason::kNotAllowed, "只有引擎自己可以这样做；管理员可以提出终止",
               "only the engine itself does this; an administrator can propose to terminate");
  } else if (!draft.ended()) {
    EndNow(draft, "case.terminated", terminate.outcome.empty() ? "terminated" : terminate.outcome,
           terminate.reason);
  }
  return kNothing;
}

}  // namespace duban::statechart
