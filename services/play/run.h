// Runs a scenario against a world and says where reality differs.
#pragma once

#include <optional>
#include <string>

#include "services/play/scenario.h"
#include "services/play/world.h"

namespace duban::play {

struct Failure {
  int line = 0;
  std::string expected;
  std::string actual;
  std::string history;  // of the case that was spoken to, for people
};

// Ends at the first step that fails. `world` is left as it was then.
std::optional<Failure> Run(const Scenario& scenario, const Folder& folder, World& world);

// The case's journal in words, one line per event, with times in the workflow's zone.
std::string History(const Instance& instance, const definition::Organisation& organisation);

}  // namespace duban::play
