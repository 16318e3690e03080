// A simulation, for people and for programs.
#pragma once

#include <string>

#include "core/definition/organisation.h"
#include "services/cli/terminal.h"
#include "services/play/simulate.h"

namespace duban::cli {

std::string SimulationText(const Terminal& terminal, const play::Simulation& simulation,
                           const definition::Organisation& organisation);
std::string SimulationJson(const play::Simulation& simulation);

}  // namespace duban::cli
