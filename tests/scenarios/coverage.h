// Which states and transitions of a workflow scenarios have come through.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/definition/definition.h"
#include "tests/scenarios/world.h"

namespace duban::scenarios {

// Counts every state but the root and the histories, which are never active, and every transition.
class Coverage {
 public:
  // Adds what the cases of `workflow` in this world went through.
  void Add(const World& world, const std::string& workflow);

  struct Figures {
    int states = 0;
    int states_of = 0;
    int transitions = 0;
    int transitions_of = 0;
    std::vector<std::string> missing;  // "state x", "file:line: transition of x on y"
    bool complete() const { return states == states_of && transitions == transitions_of; }
    int percent() const;  // of states and transitions together, rounded down
  };
  Figures Of(const definition::Definition& definition) const;

 private:
  std::set<model::StateIndex> states_;
  std::set<model::TransitionIndex> transitions_;
};

// "judicial-referral: 24 of 24 states, 41 of 41 transitions, 100 %"
std::string ToString(const std::string& name, const Coverage::Figures& figures);

}  // namespace duban::scenarios
