// Where a run plays: a campaign, its people and its calendars.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/definition/definition.h"
#include "core/engine/world.h"

namespace duban::simulation {

struct Theatre {
  std::string name;
  std::map<std::string, std::string> files;
  std::shared_ptr<const definition::Campaign> campaign;
  engine::World world;
  std::vector<std::string> people;          // everyone who may ask, services included
  std::vector<std::string> administrators;  // not empty
};

// Reads the folder of a campaign. Throws std::runtime_error when it does not load.
std::unique_ptr<Theatre> OpenTheatre(const std::string& folder);

}  // namespace duban::simulation
