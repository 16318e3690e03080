// simulate: a workflow played with made-up people on a virtual clock.
#include <chrono>
#include <iostream>

#include "core/calendar/calendar.h"
#include "services/cli/campaign_folder.h"
#include "services/cli/folder.h"
#include "services/cli/simulation_report.h"
#include "services/cli/verbs.h"
#include "services/play/scenario.h"
#include "services/play/simulate.h"

namespace duban::cli {
namespace {

constexpr std::int64_t kYear = 365 * 86'400;

model::Timestamp WallClock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::seconds>(now).count(), 0};
}

// A date is its 09:00 in the terminal's zone.
std::expected<model::Timestamp, Failure> Instant(const Terminal& t, const std::string& text) {
  if (const auto date = calendar::Date::Parse(text)) {
    if (const auto at = calendar::LocalInstant(*date, 9, 0, t.time_zone)) return *at;
  }
  if (const auto at = model::ParseRfc3339(text)) return *at;
  return Usage(t.Say("不是日期或时间：", "neither a date nor a time: ") + text);
}

std::expected<std::string, Failure> WorkflowOf(const Terminal& t, const play::Folder& folder,
                                               const CampaignFolder& found,
                                               const SimulateArguments& arguments) {
  const auto& workflows = folder.campaign->workflows;
  std::string name = arguments.workflow;
  if (name.empty()) {
    const std::string file = found.file.empty() ? "campaign.yaml" : found.file;
    const auto text = found.files.find(file);
    if (text != found.files.end()) name = play::WorkflowOf(text->second);
  }
  if (workflows.contains(name)) return name;
  std::string names;
  for (const auto& [workflow, definition] : workflows)
    names += (names.empty() ? "" : ", ") + workflow;
  return Usage(t.Say("没有工作流 ", "there is no workflow ") + "'" + name + "'" +
               t.Say("；这里有：", "; there are: ") + names);
}

std::expected<play::Script, Failure> ScriptOf(const Terminal& t, const std::string& path) {
  if (path.empty()) return play::Script{};
  const auto text = ReadFile(t, path);
  if (!text) return std::unexpected(text.error());
  auto script = play::ReadScript(*text);
  if (script) return *std::move(script);
  return Usage(path + ":" + std::to_string(script.error().line) + ": " + script.error().message);
}

std::expected<play::Plan, Failure> PlanOf(const Terminal& t, const SimulateArguments& arguments) {
  play::Plan plan;
  plan.seed = arguments.seed;
  plan.runs = arguments.runs;
  plan.begin = WallClock();
  if (!arguments.from.empty()) {
    const auto from = Instant(t, arguments.from);
    if (!from) return std::unexpected(from.error());
    plan.begin = *from;
  }
  plan.until = {plan.begin.seconds + kYear, 0};
  if (!arguments.until.empty()) {
    const auto until = Instant(t, arguments.until);
    if (!until) return std::unexpected(until.error());
    plan.until = *until;
  }
  if (plan.until <= plan.begin)
    return Usage(t.Say("--until 不晚于开始", "--until does not lie after the beginning"));
  auto script = ScriptOf(t, arguments.people);
  if (!script) return std::unexpected(script.error());
  plan.script = *std::move(script);
  return plan;
}

}  // namespace

Outcome Simulate(const Context& context, const SimulateArguments& arguments) {
  const Terminal& t = context.terminal;
  const auto found = FindCampaign(t, arguments.path);
  if (!found) return std::unexpected(found.error());
  const auto folder = LoadForPlay(t, *found);
  if (!folder) return std::unexpected(folder.error());
  auto workflow = WorkflowOf(t, *folder, *found, arguments);
  if (!workflow) return std::unexpected(workflow.error());
  auto plan = PlanOf(t, arguments);
  if (!plan) return std::unexpected(plan.error());
  plan->workflow = *workflow;
  const auto simulation = play::Simulate(*folder, *plan);
  if (!simulation) {
    std::string text =
        t.Say("案件不能发起：", "the case cannot be started: ") + t.In(simulation.error().message);
    for (const model::Violation& violation : simulation.error().violations)
      text += "\n  " + violation.field + ": " + t.In(violation.message);
    text += t.Say("\n用 --people 的脚本给出 start: {by, data}",
                  "\nsay who starts it and with what in a script: --people, start: {by, data}");
    return std::unexpected(Failure{ExitCode::kRefused, std::move(text), ""});
  }
  std::cout << (t.json ? SimulationJson(*simulation)
                       : SimulationText(t, *simulation, folder->organisation));
  return {};
}

}  // namespace duban::cli
