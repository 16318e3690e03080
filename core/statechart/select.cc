#include "core/statechart/select.h"

#include <algorithm>

#include "core/statechart/access.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::StateKind;
using definition::Transition;
using model::StateIndex;
using model::TransitionIndex;

void AppendEffective(const Definition& definition, const model::Case& state, StateIndex target,
                     std::vector<StateIndex>& out) {
  if (!IsHistory(definition.states[target].kind)) {
    if (std::ranges::find(out, target) == out.end()) out.push_back(target);
    return;
  }
  const auto kept = std::ranges::find(state.history, target, &model::HistoryValue::history);
  if (kept != state.history.end()) {
    for (StateIndex s : kept->states) AppendEffective(definition, state, s, out);
  } else {
    for (StateIndex s : definition.states[target].initial)
      AppendEffective(definition, state, s, out);
  }
}

bool AllBelow(const Definition& definition, const std::vector<StateIndex>& states,
              StateIndex outer) {
  return std::ranges::all_of(states,
                             [&](StateIndex s) { return definition.IsDescendant(s, outer); });
}

StateIndex DomainAround(const Definition& definition, const Transition& transition,
                        const std::vector<StateIndex>& targets) {
  if (transition.internal && definition.states[transition.source].kind == StateKind::kCompound &&
      AllBelow(definition, targets, transition.source)) {
    return transition.source;
  }
  StateIndex outer = definition.states[transition.source].parent;
  while (outer != model::kNoState && outer != 0 &&
         (definition.states[outer].kind != StateKind::kCompound ||
          !AllBelow(definition, targets, outer))) {
    outer = definition.states[outer].parent;
  }
  return outer == model::kNoState ? StateIndex{0} : outer;
}

bool IsActiveLeaf(const Definition& definition, const model::Case& state, std::size_t position) {
  const StateIndex self = state.configuration[position];
  return position + 1 == state.configuration.size() ||
         !definition.IsDescendant(state.configuration[position + 1], self);
}

bool Conflict(const Definition& definition, std::optional<StateIndex> a,
              std::optional<StateIndex> b) {
  if (!a || !b) return false;
  return *a == *b || definition.IsDescendant(*a, *b) || definition.IsDescendant(*b, *a);
}

void RemoveConflicts(const Definition& definition, const model::Case& state,
                     TransitionSet& enabled) {
  if (enabled.size() < 2) return;
  TransitionSet kept;
  std::vector<std::optional<StateIndex>> domains;
  for (TransitionIndex candidate : enabled) {
    const Transition& transition = definition.transitions[candidate];
    const auto domain = DomainOf(definition, state, transition);
    bool preempted = false;
    std::vector<bool> replaced(kept.size(), false);
    for (std::size_t i = 0; i < kept.size() && !preempted; ++i) {
      if (!Conflict(definition, domain, domains[i])) continue;
      if (definition.IsDescendant(transition.source, definition.transitions[kept[i]].source)) {
        replaced[i] = true;
      } else {
        preempted = true;
      }
    }
    if (preempted) continue;
    for (std::size_t i = replaced.size(); i-- > 0;) {
      if (!replaced[i]) continue;
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
      domains.erase(domains.begin() + static_cast<std::ptrdiff_t>(i));
    }
    kept.push_back(candidate);
    domains.push_back(domain);
  }
  enabled = std::move(kept);
}

bool IsTriggered(const Transition& transition, const Occurrence& event) {
  switch (event.trigger) {
    case Occurrence::Trigger::kClock:
      return transition.source == event.state && transition.clock == event.clock;
    case Occurrence::Trigger::kOverdue:
      return transition.source == event.state && transition.overdue &&
             transition.stage == event.clock;
    case Occurrence::Trigger::kName:
      return Matches(transition.events, event.name);
  }
  return false;
}

// Walks from each active leaf outwards until a transition is enabled; `enabled(index)` decides.
template <class Enabled>
TransitionSet Collect(Draft& draft, Enabled enabled) {
  const Definition& definition = draft.definition();
  const model::Case& state = draft.state();
  TransitionSet found;  // all that is returned: made where it is wanted
  const auto first_enabled = [&](StateIndex s) {
    for (TransitionIndex t : definition.states[s].transitions) {
      if (!enabled(t)) continue;
      if (std::ranges::find(found, t) == found.end()) found.push_back(t);
      return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < state.configuration.size(); ++i) {
    if (!IsActiveLeaf(definition, state, i)) continue;
    for (StateIndex s = state.configuration[i]; s != model::kNoState;
         s = definition.states[s].parent) {
      if (first_enabled(s)) break;
    }
  }
  RemoveConflicts(definition, state, found);
  return found;
}

// The same from one state only, which may be active no longer.
template <class Enabled>
TransitionSet CollectAround(const Draft& draft, StateIndex state, Enabled enabled) {
  const Definition& definition = draft.definition();
  TransitionSet found;
  if (!IsActive(draft.state(), state)) return found;
  for (StateIndex s = state; s != model::kNoState && found.empty();
       s = definition.states[s].parent) {
    const auto& transitions = definition.states[s].transitions;
    const auto first = std::ranges::find_if(transitions, enabled);
    if (first != transitions.end()) found.push_back(*first);
  }
  return found;
}

}  // namespace

bool IsHistory(StateKind kind) {
  return kind == StateKind::kShallowHistory || kind == StateKind::kDeepHistory;
}

std::vector<StateIndex> EffectiveTargets(const Definition& definition, const model::Case& state,
                                         const std::vector<StateIndex>& targets) {
  std::vector<StateIndex> out;
  for (StateIndex target : targets) AppendEffective(definition, state, target, out);
  return out;
}

std::optional<StateIndex> DomainOf(const Definition& definition, const model::Case& state,
                                   const Transition& transition) {
  if (transition.targets.empty()) return std::nullopt;
  const bool through_history = std::ranges::any_of(
      transition.targets, [&](StateIndex t) { return IsHistory(definition.states[t].kind); });
  if (!through_history) return DomainAround(definition, transition, transition.targets);
  return DomainAround(definition, transition,
                      EffectiveTargets(definition, state, transition.targets));
}

TransitionSet SelectEventless(Draft& draft) {
  const Definition& definition = draft.definition();
  return Collect(draft, [&](TransitionIndex t) {
    return definition.transitions[t].always() && draft.GuardHolds(t);
  });
}

Selection Select(Draft& draft, const Occurrence& event) {
  const Definition& definition = draft.definition();
  std::vector<TransitionIndex> refused;
  const auto enabled = [&](TransitionIndex t) {
    const Transition& transition = definition.transitions[t];
    if (!IsTriggered(transition, event) || !draft.GuardHolds(t)) return false;
    if (!event.asked) return true;
    if (MaySend(definition, draft.organisation(), draft.state(), transition, draft.actor()))
      return true;
    refused.push_back(t);
    return false;
  };
  return {event.state == model::kNoState ? Collect(draft, enabled)
                                         : CollectAround(draft, event.state, enabled),
          std::move(refused)};
}

}  // namespace duban::statechart
