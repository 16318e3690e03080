#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>

#include "tests/scenarios/scenario.h"

namespace duban::scenarios {
namespace {

constexpr int kMaxDepth = 32;

[[noreturn]] void Fail(const YAML::Node& node, const std::string& message) {
  throw YAML::Exception(node.Mark(), message);
}

void OnlyKeys(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  if (!node.IsMap()) Fail(node, "a map was expected");
  for (const auto& entry : node) {
    const std::string key = entry.first.Scalar();
    if (std::find(keys.begin(), keys.end(), key) == keys.end())
      Fail(entry.first, "unknown key " + key);
  }
}

std::string Text(const YAML::Node& node) {
  if (!node.IsScalar()) Fail(node, "a text was expected");
  return node.Scalar();
}

std::string TextOr(const YAML::Node& parent, const char* key, const std::string& otherwise) {
  const YAML::Node node = parent[key];
  return node.IsDefined() ? Text(node) : otherwise;
}

std::vector<std::string> Texts(const YAML::Node& node) {
  std::vector<std::string> texts;
  if (node.IsScalar()) return {node.Scalar()};
  if (!node.IsSequence()) Fail(node, "a list was expected");
  for (const auto& item : node) texts.push_back(Text(item));
  return texts;
}

model::Value ScalarValue(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (node.Tag() == "!") return text;  // quoted
  if (text == "true" || text == "false") return text == "true";
  const char* end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer);
      stop == end && error == std::errc{}) {
    return integer;
  }
  double number = 0;
  const bool numeric =
      !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (const auto [stop, error] = std::from_chars(text.data(), end, number);
      numeric && stop == end && error == std::errc{}) {
    return number;
  }
  return text;
}

model::Map ReadMap(const YAML::Node& node, int depth);

model::Value ReadValue(const YAML::Node& node, int depth = 0) {
  if (depth > kMaxDepth) Fail(node, "nested too deep");
  if (node.IsScalar()) return ScalarValue(node);
  if (node.IsSequence()) {
    model::List list;
    for (const auto& item : node) list.push_back(ReadValue(item, depth + 1));
    return list;
  }
  if (node.IsMap()) return ReadMap(node, depth + 1);
  return {};
}

model::Map ReadMap(const YAML::Node& node, int depth) {
  if (!node.IsDefined()) return {};
  if (!node.IsMap()) Fail(node, "a map was expected");
  model::Map map;
  for (const auto& entry : node) map.Set(entry.first.Scalar(), ReadValue(entry.second, depth));
  return map;
}

StartStep ReadStart(const YAML::Node& node, const std::string& workflow) {
  OnlyKeys(node, {"workflow", "by", "data", "as"});
  return {TextOr(node, "workflow", workflow), TextOr(node, "by", ""), ReadMap(node["data"], 0),
          TextOr(node, "as", "main")};
}

DecideStep ReadDecide(const YAML::Node& node) {
  OnlyKeys(node, {"task", "by", "outcome", "form", "opinion"});
  return {TextOr(node, "task", ""), TextOr(node, "by", ""), TextOr(node, "outcome", "submitted"),
          ReadMap(node["form"], 0), TextOr(node, "opinion", "")};
}

SendStep ReadSend(const YAML::Node& node) {
  OnlyKeys(node, {"event", "by", "data", "reason"});
  return {TextOr(node, "event", ""), TextOr(node, "by", ""),
          node["data"].IsDefined() ? ReadValue(node["data"]) : model::Value(),
          TextOr(node, "reason", "")};
}

ExpectStep ReadExpect(const YAML::Node& node) {
  OnlyKeys(node, {"states", "tasks", "notified", "notified_exactly", "due", "data", "children",
                  "outcome"});
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
  return expect;
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
  OnlyKeys(node, {"start", "decide", "send", "reject", "reason", "advance", "case", "expect"});
  Step step;
  step.line = node.Mark().line + 1;
  if (const YAML::Node start = node["start"]) {
    step.what = ReadStart(start, workflow);
  } else if (const YAML::Node decide = node["decide"]) {
    step.what = ReadDecide(decide);
  } else if (const YAML::Node send = node["send"]) {
    step.what = ReadSend(send);
  } else if (const YAML::Node reject = node["reject"]) {
    step.what = ReadReject(reject, TextOr(node, "reason", ""), workflow);
  } else if (const YAML::Node advance = node["advance"]) {
    if (advance.IsMap()) {
      OnlyKeys(advance, {"to"});
      step.what = AdvanceStep{"", Text(advance["to"])};
    } else {
      const bool instant = Text(advance).find('T') != std::string::npos;
      step.what = instant ? AdvanceStep{"", Text(advance)} : AdvanceStep{Text(advance), ""};
    }
  } else if (const YAML::Node path = node["case"]) {
    step.what = CaseStep{Text(path)};
  } else if (const YAML::Node expect = node["expect"]) {
    step.what = ReadExpect(expect);
  } else {
    Fail(node, "a step is one of start, decide, send, reject, advance, case, expect");
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

}  // namespace duban::scenarios
