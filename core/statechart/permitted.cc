// What would be taken now.
#include <algorithm>
#include <set>

#include "core/statechart/access.h"
#include "core/statechart/resolve.h"
#include "core/statechart/rounds.h"
#include "core/statechart/scope.h"
#include "core/statechart/step.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::Transition;
using model::Permitted;
using model::StateIndex;

// Events that nobody sends: the statechart raises them itself.
bool IsOwn(std::string_view descriptor) {
  return descriptor == "*" || descriptor.starts_with("done.") || descriptor.starts_with("error") ||
         descriptor.starts_with("child.") || descriptor.starts_with("children.");
}

bool MentionsEvent(const Definition& definition, const expression::Program& guard) {
  return std::ranges::binary_search(guard.slots(), definition.slots.event);
}

class Finder {
 public:
  explicit Finder(const Scope& scope) : scope_(scope), definition_(scope.definition()) {}

  std::vector<Permitted> Find() {
    for (const model::Round& round : scope_.state().rounds) AddRound(round);
    for (StateIndex s : scope_.state().configuration) {
      for (model::TransitionIndex t : definition_.states[s].transitions)
        AddTransition(definition_.transitions[t]);
    }
    return std::move(found_);
  }

 private:
  void AddRound(const model::Round& round) {
    const definition::State& state = definition_.states[round.state];
    for (const std::string& outcome : state.task->outcomes) {
      outcomes_.insert(outcome);
      for (const model::Seat& seat : round.seats) {
        if (seat.state != model::SeatState::kOpen) continue;
        auto who = seat.candidates;
        if (!seat.claimed_by.empty()) who = {seat.claimed_by};
        found_.push_back({outcome, seat.ordinal, state.id, std::move(who)});
      }
    }
  }

  void AddTransition(const Transition& transition) {
    if (transition.events.empty()) return;
    if (!transition.guard.empty() && !MentionsEvent(definition_, transition.guard)) {
      const auto holds = transition.guard.Test(scope_);
      if (!holds || !*holds) return;
    }
    const std::string& state = definition_.states[transition.source].id;
    auto who = statechart::Find(transition.by, scope_).people;
    for (const std::string& event : transition.events) {
      if (IsOwn(event) || (transition.by.empty() && outcomes_.contains(event))) continue;
      const auto same = std::ranges::find_if(found_, [&](const Permitted& permitted) {
        return permitted.task == 0 && permitted.event == event && permitted.state == state;
      });
      if (same == found_.end()) {
        found_.push_back({event, 0, state, who});
        continue;
      }
      for (const model::PersonId& person : who) {
        if (std::ranges::find(same->who, person) == same->who.end()) same->who.push_back(person);
      }
    }
  }

  const Scope& scope_;
  const Definition& definition_;
  std::set<std::string_view> outcomes_;
  std::vector<Permitted> found_;
};

}  // namespace

std::vector<Permitted> PermittedNow(const Definition& definition, const model::Case& state,
                                    const Facts& facts) {
  if (state.ended || state.suspended_at) return {};
  const Scope scope(definition, OrganisationOf(facts), state, facts.now);
  return Finder(scope).Find();
}

}  // namespace duban::statechart
