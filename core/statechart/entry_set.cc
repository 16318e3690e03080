#include "core/statechart/entry_set.h"

#include <algorithm>

#include "core/statechart/select.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::State;
using definition::StateKind;
using model::StateIndex;

class Collector {
 public:
  // What is collected goes to `set`.
  Collector(const Definition& definition, const model::Case& state, EntrySet& set)
      : definition_(definition), case_(state), set_(set) {}

  void AddWithDescendants(StateIndex index) {
    const State& state = definition_.states[index];
    switch (state.kind) {
      case StateKind::kShallowHistory:
      case StateKind::kDeepHistory:
        return AddHistory(index);
      case StateKind::kCompound:
        Add(index);
        if (std::ranges::find(set_.by_default, index) == set_.by_default.end())
          set_.by_default.push_back(index);
        return AddAll(state.initial, index);
      case StateKind::kParallel:
        Add(index);
        return AddRegions(state);
      case StateKind::kAtomic:
      case StateKind::kFinal:
        return Add(index);
    }
  }

  // Those strictly between `index` and `ancestor`.
  void AddAncestors(StateIndex index, StateIndex ancestor) {
    for (StateIndex s = definition_.states[index].parent;
         s != ancestor && s != model::kNoState && s != 0; s = definition_.states[s].parent) {
      Add(s);
      if (definition_.states[s].kind == StateKind::kParallel) AddRegions(definition_.states[s]);
    }
  }

  void AddAll(const std::vector<StateIndex>& targets, StateIndex ancestor) {
    for (StateIndex s : targets) AddWithDescendants(s);
    for (StateIndex s : targets) AddAncestors(s, ancestor);
  }

 private:
  void Add(StateIndex index) {
    const auto place = std::ranges::lower_bound(set_.states, index);
    if (place == set_.states.end()) {
      set_.states.push_back(index);
    } else if (*place != index) {
      set_.states.insert(place, index);
    }
  }

  void AddRegions(const State& parallel) {
    for (StateIndex child : parallel.children) {
      if (IsHistory(definition_.states[child].kind)) continue;
      const auto inside = std::ranges::lower_bound(set_.states, child);
      const bool entered = inside != set_.states.end() && *inside <= definition_.states[child].last;
      if (!entered) AddWithDescendants(child);
    }
  }

  void AddHistory(StateIndex index) {
    const State& history = definition_.states[index];
    const auto kept = std::ranges::find(case_.history, index, &model::HistoryValue::history);
    if (kept != case_.history.end()) return AddAll(kept->states, history.parent);
    set_.history_defaults.emplace_back(history.parent, index);
    AddAll(history.initial, history.parent);
  }

  const Definition& definition_;
  const model::Case& case_;
  EntrySet& set_;
};

void Collect(Collector& collector, const Definition& definition, const model::Case& state,
             const definition::Transition& transition) {
  const auto domain = DomainOf(definition, state, transition);
  if (!domain) return;
  for (StateIndex target : transition.targets) collector.AddWithDescendants(target);
  for (StateIndex target : transition.targets) {
    if (!IsHistory(definition.states[target].kind)) {
      collector.AddAncestors(target, *domain);
      continue;
    }
    for (StateIndex remembered : EffectiveTargets(definition, state, {target})) {
      collector.AddAncestors(remembered, *domain);
    }
  }
}

}  // namespace

EntrySet ComputeEntrySet(const Definition& definition, const model::Case& state,
                         std::span<const model::TransitionIndex> transitions) {
  EntrySet set;
  Collector collector(definition, state, set);
  for (model::TransitionIndex t : transitions)
    Collect(collector, definition, state, definition.transitions[t]);
  return set;
}

EntrySet ComputeEntrySet(const Definition& definition, const model::Case& state,
                         const definition::Transition& transition) {
  EntrySet set;
  Collector collector(definition, state, set);
  Collect(collector, definition, state, transition);
  return set;
}

EntrySet InitialEntrySet(const Definition& definition, const model::Case& state) {
  EntrySet set;
  Collector(definition, state, set).AddAll(definition.states[0].initial, 0);
  return set;
}

}  // namespace duban::statechart
