// From YAML to definitions: reading, checking, analysing; everything that is wrong, at once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/definition/definition.h"
#include "core/definition/organisation.h"

namespace duban::definition {

struct Loaded {
  std::shared_ptr<const Campaign> campaign;  // null when there are errors
  std::vector<Diagnostic> diagnostics;       // errors and warnings, by file and place
};

// `files`: path inside the folder ("phases/supervision.yaml") → text. Files that define nothing are
// kept with the campaign but not read: *.scenario.yaml and everything that does not end in .yaml.
// organisation.yaml, when it is there, is what addressees are checked against. Never throws on any
// input.
Loaded LoadCampaign(const std::map<std::string, std::string>& files);

// One workflow alone, outside a campaign: addressees and other workflows are not checked.
struct LoadedWorkflow {
  std::shared_ptr<const Definition> definition;
  std::vector<Diagnostic> diagnostics;
};
LoadedWorkflow LoadWorkflow(const std::string& file, const std::string& yaml);

// The JSON Schema of the language (2020-12), for editors.
std::string JsonSchema();

}  // namespace duban::definition
