// What an administrator does against the ordinary course: proposed by one, done when another
// confirms (两人复核).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>

#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/messages.h"
#include "core/statechart/microstep.h"
#include "core/statechart/operations.h"
#include "core/statechart/returns.h"
#include "core/statechart/rounds.h"
#include "core/statechart/select.h"

namespace duban::statechart {
namespace {

using model::Override;
using model::PersonId;
using model::Reason;
using model::StateIndex;

constexpr std::nullopt_t kNothing = std::nullopt;

// The states with a task on the shortest way from source to target, which the jump leaves out.
std::vector<std::string> SkippedBetween(const definition::Definition& definition, StateIndex source,
                                        StateIndex target) {
  std::vector<StateIndex> before(definition.states.size(), model::kNoState);
  std::deque<StateIndex> next{source};
  while (!next.empty() && before[target] == model::kNoState) {
    const StateIndex at = next.front();
    next.pop_front();
    for (StateIndex s = at; s != model::kNoState; s = definition.states[s].parent) {
      for (model::TransitionIndex t : definition.states[s].transitions) {
        for (StateIndex to : definition.transitions[t].targets) {
          if (to == source || before[to] != model::kNoState) continue;
          before[to] = at;
          next.push_back(to);
        }
      }
    }
  }
  std::vector<std::string> skipped;
  if (before[target] == model::kNoState) return skipped;
  for (StateIndex s = before[target]; s != source; s = before[s]) {
    if (definition.states[s].task) skipped.insert(skipped.begin(), definition.states[s].id);
  }
  return skipped;
}

bool IsTarget(const definition::Definition& definition, StateIndex state) {
  return state != model::kNoState && state != 0 && !IsHistory(definition.states[state].kind);
}

// Whether what is proposed can be done now, by this administrator; else the step has failed. Asked
// when it is proposed and when it is confirmed.
bool CanBeDone(Draft& draft, const Override& proposal) {
  StateIndex about = proposal.target;
  if (proposal.kind == Override::Kind::kReassign) {
    const SeatPlace place = FindSeat(draft.state(), proposal.task);
    if (place.seat == nullptr || !IsLive(*place.seat)) {
      draft.Fail(NoSeat(draft.state(), proposal.task));
      return false;
    }
    about = place.round->state;
    for (const PersonId& person : proposal.people) {
      if (auto why = WhyNotOn(draft.scope(), about, person)) draft.Fail(std::move(*why));
    }
  }
  if (proposal.kind == Override::Kind::kTerminate) about = 0;
  // Whom recusal keeps out of the matter has no say in how it goes on either.
  auto why = WhyNotOn(draft.scope(), about, draft.actor().id);
  if (why && why->reason == Reason::kBarred) draft.Fail(std::move(*why));
  return !draft.failed();
}

void Invalid(Draft& draft, const std::string& field, std::string zh, std::string en) {
  model::Rejection rejection = model::Refusal(Reason::kInvalidData, zh, en);
  rejection.violations.push_back({field, {std::move(zh), std::move(en)}});
  draft.Fail(std::move(rejection));
}

Override ProposalOf(Draft& draft, const model::ProposeOverride& propose) {
  Override proposal;
  proposal.kind = propose.kind;
  proposal.ordinal = draft.next_ordinal();
  proposal.by = draft.actor().id;
  proposal.at = draft.facts().now;
  proposal.reason = propose.reason;
  switch (propose.kind) {
    case Override::Kind::kJump:
      proposal.target = draft.definition().FindState(propose.state);
      if (!IsTarget(draft.definition(), proposal.target))
        Invalid(draft, "state", "没有这个步骤", "there is no such state");
      break;
    case Override::Kind::kTerminate:
      proposal.outcome = propose.outcome.empty() ? "terminated" : propose.outcome;
      break;
    case Override::Kind::kReassign:
      proposal.task = propose.task;
      for (const PersonId& person : propose.people) {
        if (std::ranges::find(proposal.people, person) == proposal.people.end())
          proposal.people.push_back(person);
      }
      if (proposal.people.empty())
        Invalid(draft, "people", "必须指定改派给谁", "say to whom the task is reassigned");
      break;
  }
  return proposal;
}

void Reassign(Draft& draft, const Override& proposal) {
  const SeatPlace place = FindSeat(draft.state(), proposal.task);
  model::SeatMoved moved;
  moved.ordinal = proposal.task;
  moved.move.kind = model::Move::Kind::kReassigned;
  const auto& before = place.seat->candidates;
  if (before.size() == 1) moved.move.from = before.front();
  moved.move.to = proposal.people.front();
  moved.move.by = draft.actor().id;
  moved.move.at = draft.facts().now;
  moved.move.reason = proposal.reason;
  moved.candidates = proposal.people;
  draft.Emit(std::move(moved));
  TellNewcomers(draft, proposal.task, proposal.people);
}

void JumpTo(Draft& draft, const Override& proposal) {
  const auto& definition = draft.definition();
  model::Jumped jumped;
  jumped.cause = model::Jumped::Cause::kOverridden;
  jumped.source = JumpSource(definition, draft.state(), proposal.target);
  jumped.target = proposal.target;
  jumped.reason = proposal.reason;
  const auto skipped = SkippedBetween(definition, jumped.source, jumped.target);
  if (!skipped.empty())
    draft.Emit(model::Logged{fmt::format("skipped by override: {}", fmt::join(skipped, ", "))});
  Jump(draft, std::move(jumped), {});
}

void Perform(Draft& draft, const Override& proposal) {
  switch (proposal.kind) {
    case Override::Kind::kJump:
      return JumpTo(draft, proposal);
    case Override::Kind::kTerminate:
      return EndNow(draft, "case.terminated", proposal.outcome, proposal.reason);
    case Override::Kind::kReassign:
      return Reassign(draft, proposal);
  }
}

}  // namespace

std::optional<Occurrence> Do(Draft& draft, const model::ProposeOverride& propose) {
  if (HasEnded(draft) || IsNoAdministrator(draft) || AreWordsWrong(draft, propose.reason, true))
    return kNothing;
  if (draft.state().overrides.size() >= kMaxOverrides) {
    draft.Fail(Reason::kLimitExceeded, fmt::format("最多 {} 项待确认", kMaxOverrides),
               fmt::format("at most {} proposals wait at once", kMaxOverrides));
    return kNothing;
  }
  Override proposal = ProposalOf(draft, propose);
  if (draft.failed() || !CanBeDone(draft, proposal)) return kNothing;
  draft.Emit(model::OverrideProposed{proposal});
  auto others = Administrators(draft.organisation());
  std::erase(others, draft.actor().id);
  const Message message = OverrideMessage(draft, proposal);
  draft.Tell(others, message.subject, message.body, message.urgency,
             model::NotificationCause::kTask);
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::CloseOverride& close) {
  if (HasEnded(draft) || IsNoAdministrator(draft) || AreWordsWrong(draft, close.reason, false))
    return kNothing;
  const auto& overrides = draft.state().overrides;
  const auto found = std::ranges::find(overrides, close.ordinal, &Override::ordinal);
  if (found == overrides.end()) {
    draft.Fail(Reason::kUnknownOverride, "没有这项待确认的处置，或已处理",
               "no such proposal waits, or it was closed already");
    return kNothing;
  }
  const Override proposal = *found;
  if (close.confirm && proposal.by == draft.actor().id) {
    model::Rejection rejection =
        model::Refusal(Reason::kBarred, "处置须由另一名管理员确认",
                       "an override takes two: another administrator confirms it");
    rejection.who = Administrators(draft.organisation());
    std::erase(rejection.who, draft.actor().id);
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  if (close.confirm && !CanBeDone(draft, proposal)) return kNothing;
  draft.Emit(
      model::OverrideClosed{proposal.ordinal, close.confirm, draft.actor().id, close.reason});
  if (close.confirm) Perform(draft, proposal);
  return kNothing;
}

}  // namespace duban::statechart
