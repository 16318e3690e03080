// A campaign's folder and the scenarios in it. Files come in as texts: who calls reads them.
#pragma once

#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/play/coverage.h"
#include "services/play/run.h"
#include "services/play/world.h"

namespace duban::play {

struct Read {
  Folder folder;
  std::vector<std::string> warnings;  // of the loader
};
// The error: everything that is wrong with the definitions, the organisation or the calendars, for
// people.
std::expected<Read, std::string> ReadFolder(const std::map<std::string, std::string>& files,
                                            std::string_view language = "en");

struct ScenarioResult {
  std::string name;
  int line = 0;
  std::optional<Failure> failure;
};

// One file of scenarios and the workflow beside it.
struct FileResult {
  std::string path;
  std::string workflow;               // empty: no definition beside it
  std::optional<Failure> unreadable;  // the file itself
  std::vector<ScenarioResult> scenarios;
  std::optional<Coverage::Figures> coverage;  // only when every scenario was run
};

struct Results {
  std::vector<FileResult> files;
  std::vector<std::string> uncovered;  // workflows without a scenario beside them
  int scenarios() const;
  int failed() const;    // files that cannot be read included
  int coverage() const;  // percent of the least covered workflow; 100 when none is looked at
};

struct Choice {
  std::vector<std::string> files;  // paths inside the folder; empty: all of them
  std::string name;                // scenarios whose name contains it; empty: all
};

// Runs the chosen ones of every *.scenario.yaml of the folder.
Results RunAll(const Folder& folder, const std::map<std::string, std::string>& files,
               const Choice& choice = {});

}  // namespace duban::play
