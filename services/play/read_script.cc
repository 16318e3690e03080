// The script of made-up people, as it is written.
#include "services/play/people.h"
#include "services/play/read_step.h"

namespace duban::play {
namespace {

using Node = YAML::Node;

std::int64_t ReadSpan(const Node& node) {
  const auto limit = calendar::ParseTimeLimit(Text(node));
  static constexpr std::int64_t kSeconds[] = {60, 3'600, 86'400, 0, 0};  // by calendar::Unit
  const std::int64_t unit = limit ? kSeconds[static_cast<std::size_t>(limit->unit)] : 0;
  if (unit == 0) Fail(node, "a delay is minutes, hours or days, such as 2 hours");
  return unit * limit->amount;
}

Delay ReadDelay(const Node& node) {
  if (node.IsScalar()) return {ReadSpan(node), ReadSpan(node)};
  if (!node.IsSequence() || node.size() != 2) Fail(node, "a delay is a span or [least, most]");
  const Delay delay{ReadSpan(node[0]), ReadSpan(node[1])};
  if (delay.most < delay.least) Fail(node, "the first of the two is the shorter delay");
  return delay;
}

Conduct ReadConduct(const Node& node, const char* values) {
  Conduct conduct;
  if (node.IsScalar() && node.Scalar() == "never") {
    conduct.never = true;
    return conduct;
  }
  OnlyKeys(node, {"delay", "outcomes", values, "by"});
  if (const Node delay = node["delay"]) conduct.delay = ReadDelay(delay);
  for (const auto& outcome : node["outcomes"])
    conduct.outcomes[Text(outcome.first)] = outcome.second.as<std::uint32_t>();
  conduct.values = ReadMap(node[values], 0);
  conduct.by = TextOr(node, "by", "");
  return conduct;
}

}  // namespace

std::expected<Script, ReadError> ReadScript(const std::string& yaml) {
  Script script;
  try {
    const Node root = YAML::Load(yaml);
    OnlyKeys(root, {"start", "delay", "people", "tasks", "events"});
    if (const Node start = root["start"]) {
      OnlyKeys(start, {"by", "data"});
      script.start = StartStep{"", TextOr(start, "by", ""), ReadMap(start["data"], 0), "main"};
    }
    if (const Node delay = root["delay"]) script.delay = ReadDelay(delay);
    for (const auto& person : root["people"]) {
      OnlyKeys(person.second, {"delay"});
      script.people[Text(person.first)] = ReadDelay(person.second["delay"]);
    }
    for (const auto& task : root["tasks"])
      script.tasks[Text(task.first)] = ReadConduct(task.second, "form");
    for (const auto& event : root["events"])
      script.events[Text(event.first)] = ReadConduct(event.second, "data");
  } catch (const YAML::Exception& error) {
    return std::unexpected(ReadError{error.mark.line + 1, error.msg});
  }
  return script;
}

}  // namespace duban::play
