#include "core/statechart/microstep.h"

#include <algorithm>

#include "core/statechart/actions.h"
#include "core/statechart/entry_set.h"
#include "core/statechart/rounds.h"
#include "core/statechart/select.h"
#include "core/statechart/timers.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::State;
using definition::StateKind;
using model::StateIndex;
using model::TransitionIndex;
using model::Value;

// Innermost first: the reverse of document order.
StateSet ExitSet(const Draft& draft, std::span<const TransitionIndex> transitions) {
  const Definition& definition = draft.definition();
  StateSet exits;
  for (TransitionIndex t : transitions) {
    const auto domain = DomainOf(definition, draft.state(), definition.transitions[t]);
    if (!domain) continue;
    for (StateIndex s : draft.state().configuration) {
      if (definition.IsDescendant(s, *domain)) exits.push_back(s);
    }
  }
  if (exits.size() < 2) return exits;
  std::ranges::sort(exits, std::greater());
  const auto repeated = std::ranges::unique(exits);
  exits.erase(repeated.begin(), repeated.end());
  return exits;
}

void KeepHistory(Draft& draft, StateIndex exited) {
  const Definition& definition = draft.definition();
  for (StateIndex child : definition.states[exited].children) {
    const StateKind kind = definition.states[child].kind;
    if (!IsHistory(kind)) continue;
    model::HistoryValue value{child, {}};
    const auto& configuration = draft.state().configuration;
    for (std::size_t i = 0; i < configuration.size(); ++i) {
      const StateIndex s = configuration[i];
      const bool leaf =
          i + 1 == configuration.size() || !definition.IsDescendant(configuration[i + 1], s);
      const bool kept = kind == StateKind::kDeepHistory ? leaf && definition.IsDescendant(s, exited)
                                                        : definition.states[s].parent == exited;
      if (kept) value.states.push_back(s);
    }
    draft.Emit(model::HistoryKept{std::move(value)});
  }
}

// `exits` innermost first.
void Exit(Draft& draft, std::span<const StateIndex> exits) {
  const Definition& definition = draft.definition();
  for (StateIndex s : exits) KeepHistory(draft, s);
  for (StateIndex s : exits) {
    RunActions(draft, definition.states[s].exit, s);
    CancelTimers(draft, s);
    CloseRound(draft, s);
    draft.Emit(model::StateExited{s});
  }
}

bool IsInFinalState(const Draft& draft, StateIndex index) {
  const State& state = draft.definition().states[index];
  const auto& states = draft.definition().states;
  if (state.kind == StateKind::kCompound) {
    return std::ranges::any_of(state.children, [&](StateIndex c) {
      return states[c].kind == StateKind::kFinal && IsActive(draft.state(), c);
    });
  }
  if (state.kind != StateKind::kParallel) return false;
  return std::ranges::all_of(state.children, [&](StateIndex c) {
    return IsHistory(states[c].kind) || IsInFinalState(draft, c);
  });
}

void RaiseDone(Draft& draft, StateIndex final_state) {
  const Definition& definition = draft.definition();
  const State& state = definition.states[final_state];
  const StateIndex parent = state.parent;
  if (parent == model::kNoState || parent == 0) return draft.SetFinished(final_state);
  Value data;
  if (!state.result.empty()) {
    if (auto result = draft.Evaluate(state.result, state.place)) data = std::move(*result);
  }
  draft.RaiseNamed("done.state." + definition.states[parent].id, std::move(data));
  const StateIndex outer = definition.states[parent].parent;
  if (outer == model::kNoState || definition.states[outer].kind != StateKind::kParallel) return;
  if (IsInFinalState(draft, outer))
    draft.RaiseNamed("done.state." + definition.states[outer].id, {});
}

void EnterState(Draft& draft, StateIndex index, const EntrySet& entries) {
  const Definition& definition = draft.definition();
  const State& state = definition.states[index];
  draft.Emit(model::StateEntered{index});
  for (const auto& [field, program] : state.late_data) {
    if (field < draft.state().data.size() && !draft.state().data[field].is_null()) continue;
    if (auto value = draft.Evaluate(program, state.place)) draft.Assign(field, std::move(*value));
  }
  RunActions(draft, state.entry, index);
  if (std::ranges::find(entries.by_default, index) != entries.by_default.end()) {
    RunActions(draft, state.initial_actions, index);
  }
  for (const auto& [parent, history] : entries.history_defaults) {
    if (parent == index) RunActions(draft, definition.states[history].initial_actions, index);
  }
  SetTimers(draft, index);
  OpenRound(draft, index);
  if (state.kind == StateKind::kFinal) RaiseDone(draft, index);
}

void Enter(Draft& draft, const EntrySet& entries) {
  for (StateIndex s : entries.states) {
    if (draft.failed()) return;
    EnterState(draft, s, entries);
  }
}

}  // namespace

void Microstep(Draft& draft, std::span<const TransitionIndex> transitions) {
  const Definition& definition = draft.definition();
  for (TransitionIndex t : transitions) draft.Emit(model::TransitionTaken{t});
  Exit(draft, ExitSet(draft, transitions));
  for (TransitionIndex t : transitions) {
    RunActions(draft, definition.transitions[t].actions, definition.transitions[t].source);
  }
  if (!draft.failed()) Enter(draft, ComputeEntrySet(definition, draft.state(), transitions));
}

void EnterInitial(Draft& draft) {
  RunActions(draft, draft.definition().states[0].initial_actions, 0);
  if (!draft.failed()) Enter(draft, InitialEntrySet(draft.definition(), draft.state()));
}

void EndIfFinished(Draft& draft) {
  if (!draft.finished() || draft.failed()) return;
  const State& state = draft.definition().states[*draft.finished()];
  RunActions(draft, state.exit, *draft.finished());
  model::Map result;
  if (auto given = draft.Evaluate(state.result, state.place)) result = std::move(*given);
  EndCase(draft, state.outcome.empty() ? state.id : state.outcome, std::move(result));
}

void EndCase(Draft& draft, std::string outcome, model::Map result) {
  CancelAllTimers(draft);
  while (!draft.state().rounds.empty()) {
    draft.Emit(model::RoundClosed{model::StateIndex{draft.state().rounds.front().state}});
  }
  model::CaseEnded ended;
  ended.outcome = std::move(outcome);
  ended.result = std::move(result);
  if (draft.state().parent.id) ended.ordinal = draft.next_ordinal();
  draft.Emit(std::move(ended));
}

void Jump(Draft& draft, model::Jumped jumped, std::optional<model::Round> restored) {
  if (draft.failed() || !draft.CountMicrostep()) return;
  const Definition& definition = draft.definition();
  definition::Transition way;
  way.source = jumped.source;
  way.targets = {jumped.target};
  const StateIndex domain = DomainOf(definition, draft.state(), way).value_or(0);
  StateSet exits;
  for (StateIndex s : draft.state().configuration) {
    if (definition.IsDescendant(s, domain)) exits.push_back(s);
  }
  std::ranges::reverse(exits);
  Exit(draft, exits);
  draft.Emit(std::move(jumped));
  draft.SetReentry(Draft::Reentry{std::move(restored)});
  if (!draft.failed()) Enter(draft, ComputeEntrySet(definition, draft.state(), way));
  draft.SetReentry(std::nullopt);
}

}  // namespace duban::statechart
