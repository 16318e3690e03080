// Which states, transitions and outcomes of a workflow its cases have come through.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/definition/definition.h"
#include "services/play/world.h"

namespace duban::play {

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
    int outcomes = 0;  // of tasks and approvals, each outcome of each
    int outcomes_of = 0;
    std::vector<std::string> missing;  // "file:line: state x", "file:line: transition of x on y"
    int percent() const;               // of all three together, rounded down
  };
  Figures Of(const definition::Definition& definition) const;

 private:
  std::set<model::StateIndex> states_;
  std::set<model::TransitionIndex> transitions_;
  std::set<std::pair<model::StateIndex, std::string>> outcomes_;
};

// "judicial-referral: 24 of 24 states, 41 of 41 transitions, 12 of 12 outcomes, 100 %"
std::string ToString(const std::string& name, const Coverage::Figures& figures);

}  // namespace duban::play
