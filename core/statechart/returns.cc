#include "core/statechart/returns.h"

#include <algorithm>

#include "core/statechart/scope.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::StateKind;
using model::StateIndex;

bool IsAround(const Definition& definition, StateIndex outer, StateIndex inner) {
  return outer == inner || definition.IsDescendant(inner, outer);
}

// In the same region of every parallel state around the target.
bool IsSerial(const Definition& definition, StateIndex source, StateIndex target) {
  StateIndex region = target;
  for (StateIndex s = definition.states[target].parent; s != model::kNoState;
       region = s, s = definition.states[s].parent) {
    if (definition.states[s].kind != StateKind::kParallel) continue;
    if (!IsAround(definition, region, source)) return false;
  }
  return true;
}

bool Contains(const std::vector<StateIndex>& states, StateIndex state) {
  return std::ranges::find(states, state) != states.end();
}

}  // namespace

std::vector<StateIndex> Behind(const Definition& definition, const model::Case& state,
                               StateIndex source) {
  const auto& trail = state.trail;
  std::size_t end = trail.size();
  for (std::size_t i = trail.size(); i-- > 0;) {
    if (trail[i].state != source) continue;
    end = i;  // what came after it was taken back when the case came to it again
    break;
  }
  std::vector<StateIndex> behind;
  for (std::size_t i = end; i-- > 0;) {
    const model::Passage& passage = trail[i];
    const bool passed = !passage.people.empty() && passage.outcome != "returned";
    if (passed && passage.state != source && !Contains(behind, passage.state) &&
        IsSerial(definition, source, passage.state))
      behind.push_back(passage.state);
  }
  return behind;
}

ReturnChoices ChoicesOf(const Definition& definition, const model::Case& state, StateIndex source) {
  ReturnChoices choices;
  const auto& task = definition.states[source].task;
  if (!task || task->returns.none()) return choices;
  const definition::Returns& returns = task->returns;
  const auto behind = Behind(definition, state, source);
  if ((returns.previous || returns.any) && !behind.empty()) choices.previous = behind.front();
  const bool to_starter =
      returns.starter || (returns.any && Contains(behind, returns.starter_state));
  if (to_starter && returns.starter_state != model::kNoState &&
      returns.starter_state != source && IsSerial(definition, source, returns.starter_state))
    choices.starter = returns.starter_state;
  for (StateIndex s : behind) {
    if (returns.any || Contains(returns.states, s)) choices.states.push_back(s);
  }
  return choices;
}

StateIndex JumpSource(const Definition& definition, const model::Case& state, StateIndex target) {
  StateIndex around = definition.states[target].parent;
  while (around != model::kNoState && around != 0 &&
         !(definition.states[around].kind == StateKind::kCompound && IsActive(state, around)))
    around = definition.states[around].parent;
  if (around == model::kNoState) around = 0;
  StateIndex source = model::kNoState;
  for (StateIndex s : state.configuration) {
    if (!definition.IsDescendant(s, around)) continue;
    if (source != model::kNoState && !definition.IsDescendant(s, source)) break;
    source = s;  // document order: each next one lies deeper until the first leaf
  }
  return source;
}

bool IsInsideActive(const Definition& definition, const model::Case& state, StateIndex target) {
  for (StateIndex s = definition.states[target].parent; s != model::kNoState;
       s = definition.states[s].parent) {
    if (definition.states[s].kind == StateKind::kParallel && !IsActive(state, s)) return false;
  }
  return true;
}

}  // namespace duban::statechart
