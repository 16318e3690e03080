// A campaign's folder on disk and the scenarios in it.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <vector>

#include "tests/scenarios/world.h"

namespace duban::scenarios {

// Path inside the folder → text, of every regular file below it.
std::map<std::string, std::string> ReadFiles(const std::string& directory);

struct Read {
  Folder folder;
  std::vector<std::string> warnings;  // of the loader
};
// The error: everything that is wrong with the definitions, the organisation or the calendars, for
// people.
std::expected<Read, std::string> ReadFolder(const std::map<std::string, std::string>& files);

struct Report {
  int scenarios = 0;
  int failed = 0;
  bool complete = true;  // every scenario file covers the workflow beside it
  std::string text;
};
// Runs every *.scenario.yaml; a workflow without one counts as not covered. `history`: print the
// journal of a case that failed.
Report RunAll(const Folder& folder, const std::map<std::string, std::string>& files, bool history);

}  // namespace duban::scenarios
