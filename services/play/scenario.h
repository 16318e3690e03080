// Scenarios as they are written (docs/definition-language.md, "Scenarios"): read from YAML, not yet
// run.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/model/command.h"
#include "core/model/value.h"

namespace duban::play {

struct StartStep {
  std::string workflow;
  std::string by;
  model::Map data;
  std::string as = "main";
};

// Somebody does something to the case: decide, send, claim, transfer …
struct ActStep {
  std::string verb;  // the key of the step
  std::string by;
  std::string task;         // a state; empty for what concerns the case
  std::string of;           // whose place in that task; empty: the place of `by`
  model::CommandBody body;  // the number of the task, or of the override, is filled in when it runs
};

struct Step;

struct RejectStep {
  std::shared_ptr<const Step> step;
  std::string reason;  // the stable name, NOT_ALLOWED …
};

struct AdvanceStep {
  std::string by;  // "3 days"
  std::string to;  // or an RFC 3339 instant
};

struct CaseStep {
  std::string path;  // "main/checks/huayang"
};

// What is absent is not looked at.
struct ExpectStep {
  std::optional<std::vector<std::string>> states;
  std::optional<std::map<std::string, std::vector<std::string>>> tasks;
  std::optional<std::vector<std::string>> notified;
  bool notified_exactly = false;
  std::map<std::string, std::string> due;
  model::Map data;
  std::map<std::string, std::int64_t> children;
  std::optional<std::string> outcome;
  std::map<std::string, std::map<std::string, std::string>> seats;  // state → person → state
  std::optional<std::vector<std::string>> copies;
  std::optional<std::vector<std::string>> read;            // who has opened their copy
  std::optional<std::vector<std::string>> drafts;          // whose drafts are kept
  std::map<std::string, std::vector<std::string>> hidden;  // person → fields they may not see
  std::optional<bool> suspended;
};

struct Step {
  int line = 0;
  std::variant<StartStep, ActStep, RejectStep, AdvanceStep, CaseStep, ExpectStep> what;
};

struct Scenario {
  std::string name;
  std::string now;
  int line = 0;
  std::vector<Step> steps;
};

struct ReadError {
  int line = 0;
  std::string message;
};

// `workflow`: what a `start` without one means.
std::expected<std::vector<Scenario>, ReadError> ReadScenarios(const std::string& yaml,
                                                              const std::string& workflow);

// The `workflow:` and nothing else of a definition file; empty when it has none.
std::string WorkflowOf(const std::string& yaml);

}  // namespace duban::play
