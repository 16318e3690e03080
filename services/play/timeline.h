// What happened in a world, as a story: who, what, when, and which deadlines were met.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "services/play/simulate.h"

namespace duban::play {

// All cases together, by time; steps that only the engine cares about are left out.
std::vector<Moment> TimelineOf(const World& world, const definition::Organisation& organisation);

// Adds each deadline of the world to its "workflow: state".
void CountDeadlines(const World& world, std::map<std::string, DeadlineCount>& counts);

}  // namespace duban::play
