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

#include "core/model/value.h"

namespace duban::scenarios {

struct StartStep {
  std::string workflow;
  std::string by;
  model::Map data;
  std::string as = "main";
};

struct DecideStep {
  std::string task;  // a state
  std::string by;
  std::string outcome;
  model::Map form;
  std::string opinion;
};

struct SendStep {
  std::string event;
  std::string by;
  model::Value data;
  std::string reason;
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
};

struct Step {
  int line = 0;
  std::variant<StartStep, DecideStep, SendStep, RejectStep, AdvanceStep, CaseStep, ExpectStep> what;
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

}  // namespace duban::scenarios
