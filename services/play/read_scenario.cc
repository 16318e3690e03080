#include <yaml-cpp/yaml.h>

#include "services/play/read_step.h"
#include "services/play/scenario.h"

namespace duban::play {
namespace {

constexpr int kMaxDepth = 32;

StartStep ReadStart(const YAML::Node& node, const std::string& workflow) {
  OnlyKeys(node, {"workflow", "by", "data", "as"});
  return {TextOr(node, "workflow", workflow), TextOr(node, "by", ""), ReadMap(node["data"], 0),
          TextOr(node, "as", "main")};
}

ExpectStep ReadExpect(const YAML::Node& node) {
  OnlyKeys(node, {"states", "tasks", "notified", "notified_exactly", "due", "data", "children",
                  "outcome", "seats", "copies", "read", "drafts", "hidden", "suspended"});
  ExpectStep expect;
  if (const YAML::Node states = node["states"]) expect.states = Texts(states);
  if (const YAML::Node tasks = node["tasks"]) {
    expect.tasks.emplace();
    for (const auto& entry : tasks) (*expect.tasks)[Text(entry.first)] = Texts(entry.second);
  }
  if (const YAML::Node notified = node["notified"]) expect.notified = Texts(notified);
  if (const YAML::Node notified = node["notified_exactly"]) {
    expect.notified = Texts(notified);
    expect.notified_exactly = true;
  }
  for (const auto& entry : node["due"]) expect.due[Text(entry.first)] = Text(entry.second);
  expect.data = ReadMap(node["data"], 0);
  for (const auto& entry : node["children"]) {
    expect.children[Text(entry.first)] = entry.second.as<std::int64_t>();
  }
  if (const YAML::Node outcome = node["outcome"]) expect.outcome = Text(outcome);
  for (const auto& entry : node["seats"]) {
    if (!entry.second.IsMap())
      Fail(entry.second, "people and the state of their seats were expected");
    auto& people = expect.seats[Text(entry.first)];
    for (const auto& seat : entry.second) people[Text(seat.first)] = Text(seat.second);
  }
  if (const YAML::Node copies = node["copies"]) expect.copies = Texts(copies);
  if (const YAML::Node read = node["read"]) expect.read = Texts(read);
  if (const YAML::Node drafts = node["drafts"]) expect.drafts = Texts(drafts);
  for (const auto& entry : node["hidden"]) expect.hidden[Text(entry.first)] = Texts(entry.second);
  if (const YAML::Node suspended = node["suspended"]) expect.suspended = suspended.as<bool>();
  return expect;
}

AdvanceStep ReadAdvance(const YAML::Node& node) {
  if (node.IsMap()) {
    OnlyKeys(node, {"to"});
    return {"", Text(node["to"])};
  }
  const bool instant = Text(node).find('T') != std::string::npos;
  return instant ? AdvanceStep{"", Text(node)} : AdvanceStep{Text(node), ""};
}

Step ReadStep(const YAML::Node& node, const std::string& workflow);

// A list among steps stands for its steps: what scenarios have in common, written once and repeated
// by an alias.
void ReadSteps(const YAML::Node& node, const std::string& workflow, std::vector<Step>& steps,
               int depth = 0) {
  if (depth > kMaxDepth) Fail(node, "nested too deep");
  for (const auto& step : node) {
    if (step.IsSequence()) {
      ReadSteps(step, workflow, steps, depth + 1);
    } else {
      steps.push_back(ReadStep(step, workflow));
    }
  }
}

RejectStep ReadReject(const YAML::Node& node, const std::string& reason,
                      const std::string& workflow) {
  return {std::make_shared<const Step>(ReadStep(node, workflow)), reason};
}

Step ReadStep(const YAML::Node& node, const std::string& workflow) {
  if (!node.IsMap() || node.size() == 0) Fail(node, "a step is a map");
  Step step;
  step.line = node.Mark().line + 1;
  const std::string verb = node.begin()->first.Scalar();
  if (node["reject"]) {
    OnlyKeys(node, {"reject", "reason"});
    step.what = ReadReject(node["reject"], TextOr(node, "reason", ""), workflow);
    return step;
  }
  OnlyKeys(node, {verb});
  const YAML::Node what = node[verb];
  if (verb == "start") {
    step.what = ReadStart(what, workflow);
  } else if (verb == "advance") {
    step.what = ReadAdvance(what);
  } else if (verb == "case") {
    step.what = CaseStep{Text(what)};
  } else if (verb == "expect") {
    step.what = ReadExpect(what);
  } else if (auto act = ReadAct(verb, what)) {
    step.what = std::move(*act);
  } else {
    Fail(node.begin()->first, "unknown key " + verb +
                                  "; a step is one of start, advance, case, expect, reject, " +
                                  ActVerbs());
  }
  return step;
}

}  // namespace

std::expected<std::vector<Scenario>, ReadError> ReadScenarios(const std::string& yaml,
                                                              const std::string& workflow) {
  std::vector<Scenario> scenarios;
  try {
    const YAML::Node root = YAML::Load(yaml);
    OnlyKeys(root, {"define", "scenarios"});
    for (const auto& node : root["scenarios"]) {
      OnlyKeys(node, {"name", "now", "steps"});
      Scenario scenario{
          TextOr(node, "name", ""), TextOr(node, "now", ""), node.Mark().line + 1, {}};
      ReadSteps(node["steps"], workflow, scenario.steps);
      scenarios.push_back(std::move(scenario));
    }
  } catch (const YAML::Exception& error) {
    return std::unexpected(ReadError{error.mark.line + 1, error.msg});
  }
  return scenarios;
}

std::string WorkflowOf(const std::string& yaml) {
  try {
    const YAML::Node workflow = YAML::Load(yaml)["workflow"];
    return workflow.IsDefined() && workflow.IsScalar() ? workflow.Scalar() : "";
  } catch (const YAML::Exception&) {
    return "";
  }
}

}  // namespace duban::play
