#include "services/play/coverage.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace duban::play {
namespace {

using definition::StateKind;

std::string Trigger(const definition::Transition& transition) {
  if (!transition.events.empty()) return fmt::format("on {}", fmt::join(transition.events, ", "));
  if (transition.clock >= 0) return "by the clock";
  return transition.overdue ? "when overdue" : "always";
}

}  // namespace

void Coverage::Add(const World& world, const std::string& workflow) {
  for (const auto& [id, instance] : world.cases()) {
    if (instance.definition->workflow != workflow) continue;
    for (const model::JournalEntry& entry : instance.journal) {
      for (const model::Event& event : entry.events) {
        if (const auto* entered = std::get_if<model::StateEntered>(&event))
          states_.insert(entered->state);
        if (const auto* taken = std::get_if<model::TransitionTaken>(&event))
          transitions_.insert(taken->transition);
        if (const auto* decided = std::get_if<model::RoundDecided>(&event))
          outcomes_.emplace(decided->state, decided->outcome);
      }
    }
  }
}

Coverage::Figures Coverage::Of(const definition::Definition& definition) const {
  Figures figures;
  for (std::size_t i = 1; i < definition.states.size(); ++i) {
    const definition::State& state = definition.states[i];
    if (state.kind == StateKind::kShallowHistory || state.kind == StateKind::kDeepHistory) continue;
    ++figures.states_of;
    if (states_.contains(static_cast<model::StateIndex>(i))) {
      ++figures.states;
    } else {
      figures.missing.push_back(
          fmt::format("{}:{}: state {}", state.place.file, state.place.line, state.id));
    }
  }
  for (std::size_t i = 0; i < definition.transitions.size(); ++i) {
    const definition::Transition& transition = definition.transitions[i];
    ++figures.transitions_of;
    if (transitions_.contains(static_cast<model::TransitionIndex>(i))) {
      ++figures.transitions;
    } else {
      figures.missing.push_back(
          fmt::format("{}:{}: transition of {} {}", transition.place.file, transition.place.line,
                      definition.states[transition.source].id, Trigger(transition)));
    }
  }
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const definition::State& state = definition.states[i];
    if (!state.task) continue;
    for (const std::string& outcome : state.task->outcomes) {
      ++figures.outcomes_of;
      if (outcomes_.contains({static_cast<model::StateIndex>(i), outcome})) {
        ++figures.outcomes;
      } else {
        figures.missing.push_back(fmt::format("{}:{}: outcome {} of {}", state.place.file,
                                              state.place.line, outcome, state.id));
      }
    }
  }
  return figures;
}

int Coverage::Figures::percent() const {
  const int all = states_of + transitions_of + outcomes_of;
  return all == 0 ? 100 : 100 * (states + transitions + outcomes) / all;
}

std::string ToString(const std::string& name, const Coverage::Figures& figures) {
  return fmt::format("{}: {} of {} states, {} of {} transitions, {} of {} outcomes, {} %", name,
                     figures.states, figures.states_of, figures.transitions, figures.transitions_of,
                     figures.outcomes, figures.outcomes_of, figures.percent());
}

}  // namespace duban::play
