#include "services/play/timeline.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/engine/describe.h"

namespace duban::play {
namespace {

using model::StateIndex;

// The due date that runs in a state: `timer` is 0 once it has been missed.
struct Running {
  model::Ordinal timer = 0;
  model::Timestamp due;
  bool missed = false;
};

// Walks through the journal of a case; `tell(entry, state, running)` when a due date was met or
// missed.
template <class OnEvent, class OnDeadline>
std::map<StateIndex, Running> Walk(const Instance& instance, OnEvent on_event,
                                   OnDeadline on_deadline) {
  std::map<StateIndex, Running> running;
  const auto of_timer = [&](model::Ordinal timer) {
    return std::ranges::find_if(
        running, [&](const auto& one) { return !one.second.missed && one.second.timer == timer; });
  };
  for (const model::JournalEntry& entry : instance.journal) {
    for (const model::Event& event : entry.events) {
      on_event(entry, event);
      if (const auto* set = std::get_if<model::TimerSet>(&event)) {
        if (set->timer.kind == model::TimerKind::kOverdue && set->timer.index == 0)
          running[set->timer.state] = {set->timer.ordinal, set->timer.due, false};
      } else if (const auto* moved = std::get_if<model::DeadlineMoved>(&event)) {
        if (const auto found = of_timer(moved->timer); found != running.end())
          found->second.due = moved->due;
      } else if (const auto* fired = std::get_if<model::TimerFired>(&event)) {
        const auto found = of_timer(fired->ordinal);
        if (found == running.end()) continue;
        found->second.missed = true;
        on_deadline(entry, found->first, found->second);
      } else if (const auto* exited = std::get_if<model::StateExited>(&event)) {
        const auto found = running.find(exited->state);
        if (found == running.end()) continue;
        if (!found->second.missed) on_deadline(entry, found->first, found->second);
        running.erase(found);
      }
    }
  }
  return running;
}

bool IsTold(const definition::Definition& definition, const model::Event& event) {
  if (const auto* entered = std::get_if<model::StateEntered>(&event))
    return definition.states[entered->state].kind == definition::StateKind::kAtomic;
  return std::holds_alternative<model::CaseStarted>(event) ||
         std::holds_alternative<model::SeatDecided>(event) ||
         std::holds_alternative<model::CandidatesAdded>(event) ||
         std::holds_alternative<model::DeadlineMoved>(event) ||
         std::holds_alternative<model::CaseEnded>(event);
}

model::Text DeadlineText(const definition::Definition& definition, StateIndex index,
                         const Running& running) {
  const definition::State& state = definition.states[index];
  const std::string due = calendar::LocalText(running.due, definition.time_zone);
  const std::string zh = state.title.empty() ? state.id : state.title.In("zh");
  const std::string en = state.title.empty() ? state.id : state.title.In("en");
  if (running.missed) {
    return {fmt::format("逾期：“{}”应于 {} 前完成", zh, due),
            fmt::format("overdue: \"{}\" was due {}", en, due)};
  }
  return {fmt::format("按期：“{}”（期限 {}）", zh, due),
          fmt::format("in time: \"{}\" (due {})", en, due)};
}

}  // namespace

std::vector<Moment> TimelineOf(const World& world, const definition::Organisation& organisation) {
  std::vector<Moment> timeline;
  for (const auto& [id, instance] : world.cases()) {
    const definition::Definition& definition = *instance.definition;
    const auto add = [&](const model::JournalEntry& entry, Moment::Kind kind, model::Text what) {
      timeline.push_back({kind, entry.at, definition.workflow, id, entry.actor, std::move(what)});
    };
    Walk(
        instance,
        [&](const model::JournalEntry& entry, const model::Event& event) {
          if (!IsTold(definition, event)) return;
          const bool end = std::holds_alternative<model::CaseEnded>(event);
          add(entry, end ? Moment::Kind::kEnd : Moment::Kind::kStep,
              engine::Describe(definition, organisation, event).text);
        },
        [&](const model::JournalEntry& entry, StateIndex state, const Running& running) {
          add(entry, running.missed ? Moment::Kind::kMissed : Moment::Kind::kMet,
              DeadlineText(definition, state, running));
        });
  }
  std::ranges::stable_sort(timeline, {}, &Moment::at);
  return timeline;
}

void CountDeadlines(const World& world, std::map<std::string, DeadlineCount>& counts) {
  for (const auto& [id, instance] : world.cases()) {
    const definition::Definition& definition = *instance.definition;
    const auto count = [&](StateIndex state) -> DeadlineCount& {
      return counts[definition.workflow + ": " + definition.states[state].id];
    };
    const auto left = Walk(
        instance, [](const auto&, const auto&) {},
        [&](const model::JournalEntry&, StateIndex state, const Running& running) {
          ++(running.missed ? count(state).missed : count(state).met);
        });
    for (const auto& [state, running] : left) {
      if (!running.missed) ++count(state).open;
    }
  }
}

}  // namespace duban::play
