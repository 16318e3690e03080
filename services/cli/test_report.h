// The results of scenarios: for people, for programs, for build servers.
#pragma once

#include <string>
#include <vector>

#include "services/cli/terminal.h"
#include "services/play/folder.h"

namespace duban::cli {

// Of one folder. `prefix` comes before each path in it.
struct FolderResults {
  std::string prefix;
  play::Results results;
};

struct TestSummary {
  int scenarios = 0;
  int failed = 0;
  int coverage = 100;  // of the least covered workflow
};
TestSummary Summarise(const std::vector<FolderResults>& folders);

std::string TestText(const Terminal& terminal, const std::vector<FolderResults>& folders,
                     bool history);
std::string TestJson(const std::vector<FolderResults>& folders);
// JUnit's XML as build servers read it: a <testsuite> for each file of scenarios.
std::string TestJunit(const std::vector<FolderResults>& folders);

}  // namespace duban::cli
