#include "services/cli/simulation_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace duban::cli {
namespace {

using nlohmann::json;
using play::Moment;

constexpr std::size_t kMostLines = 400;

// "3 d 4 h", "50 min".
std::string Span(const Terminal& t, std::int64_t seconds) {
  if (seconds < 0) return "-";
  const std::int64_t days = seconds / 86'400;
  const std::int64_t hours = seconds % 86'400 / 3'600;
  const std::int64_t minutes = seconds % 3'600 / 60;
  const auto part = [&](std::int64_t n, const char* zh, const char* en) {
    return std::to_string(n) + " " + t.Say(zh, en);
  };
  if (days > 0) return part(days, "天", "d") + " " + part(hours, "小时", "h");
  return hours > 0 ? part(hours, "小时", "h") + " " + part(minutes, "分", "min")
                   : part(minutes, "分", "min");
}

Style StyleOf(Moment::Kind kind) {
  switch (kind) {
    case Moment::Kind::kMet:
      return Style::kGreen;
    case Moment::Kind::kMissed:
      return Style::kRed;
    case Moment::Kind::kEnd:
      return Style::kBold;
    case Moment::Kind::kStep:
      break;
  }
  return Style::kPlain;
}

std::string Timeline(const Terminal& t, const play::Simulation& simulation,
                     const definition::Organisation& organisation) {
  Table table(t, {t.Say("时间", "WHEN"), t.Say("工作流", "WORKFLOW"), t.Say("谁", "WHO"),
                  t.Say("什么", "WHAT")});
  const std::size_t shown = std::min(simulation.timeline.size(), kMostLines);
  for (std::size_t i = 0; i < shown; ++i) {
    const Moment& moment = simulation.timeline[i];
    const std::string who = moment.actor == model::Principal::kSystem
                                ? t.Say("系统", "system")
                                : t.In(organisation.NameOf(moment.actor));
    table.Add({t.Time(moment.at), moment.workflow, who,
               t.Paint(StyleOf(moment.kind), t.In(moment.what))});
  }
  std::string text = table.ToString();
  if (shown < simulation.timeline.size()) {
    text +=
        std::to_string(simulation.timeline.size() - shown) +
        t.Say(" 行未显示；--output json 显示全部\n", " more lines; --output json has them all\n");
  }
  return text;
}

std::map<std::string, int> OutcomesOf(const play::Simulation& simulation) {
  std::map<std::string, int> outcomes;
  for (const play::RunResult& run : simulation.runs) ++outcomes[run.ended ? run.outcome : ""];
  return outcomes;
}

std::string Outcomes(const Terminal& t, const play::Simulation& simulation) {
  std::string text = t.Paint(Style::kBold, t.Say("结果", "Outcomes")) + "\n";
  const auto all = static_cast<int>(simulation.runs.size());
  Table table(t, {t.Say("结果", "OUTCOME"), t.Say("次数", "RUNS"), "%"});
  for (const auto& [outcome, count] : OutcomesOf(simulation)) {
    table.Add({outcome.empty() ? t.Say("（未办结）", "(open)") : outcome, std::to_string(count),
               std::to_string(100 * count / all)});
  }
  text += table.ToString();
  return text + t.Say("办结用时：中位数 ", "Time to the end: median ") +
         Span(t, play::DurationAt(simulation, 0.5)) + t.Say("，九成在 ", ", 90 % within ") +
         Span(t, play::DurationAt(simulation, 0.9)) + t.Say(" 以内\n", "\n");
}

std::string Deadlines(const Terminal& t, const play::Simulation& simulation) {
  if (simulation.deadlines.empty()) return "";
  Table table(t, {t.Say("期限", "DEADLINE"), t.Say("按期", "MET"), t.Say("逾期", "MISSED"),
                  t.Say("未到", "OPEN")});
  for (const auto& [state, count] : simulation.deadlines) {
    const std::string missed = std::to_string(count.missed);
    table.Add({state, std::to_string(count.met),
               count.missed > 0 ? t.Paint(Style::kRed, missed) : missed,
               std::to_string(count.open)});
  }
  return t.Paint(Style::kBold, t.Say("期限", "Deadlines")) + "\n" + table.ToString();
}

std::string Coverage(const Terminal& t, const play::Simulation& simulation) {
  std::string text = t.Paint(Style::kBold, t.Say("覆盖", "Coverage")) + "\n";
  for (const auto& [workflow, figures] : simulation.coverage) {
    text += play::ToString(workflow, figures) + "\n";
    for (const std::string& missing : figures.missing) text += "    - " + missing + "\n";
  }
  return text;
}

std::string Problems(const Terminal& t, const play::Simulation& simulation) {
  if (simulation.problems.empty()) return "";
  std::string text = t.Paint(Style::kBold, t.Say("没有办成", "What was refused")) + "\n";
  for (const auto& [problem, count] : simulation.problems)
    text += "  " + std::to_string(count) + " × " + problem + "\n";
  return text + t.Say("用 --people 的脚本给出合适的数据。\n",
                      "Give fitting data in a script with --people.\n");
}

const char* Name(Moment::Kind kind) {
  static constexpr const char* kNames[] = {"step", "met", "missed", "end"};
  return kNames[static_cast<std::size_t>(kind)];
}

json ToJson(const play::Coverage::Figures& c) {
  return {{"percent", c.percent()},
          {"states", {{"reached", c.states}, {"of", c.states_of}}},
          {"transitions", {{"reached", c.transitions}, {"of", c.transitions_of}}},
          {"outcomes", {{"reached", c.outcomes}, {"of", c.outcomes_of}}},
          {"missing", c.missing}};
}

}  // namespace

std::string SimulationText(const Terminal& t, const play::Simulation& simulation,
                           const definition::Organisation& organisation) {
  std::string text;
  if (simulation.runs.size() == 1) {
    text += Timeline(t, simulation, organisation);
  }
  return text + Outcomes(t, simulation) + Deadlines(t, simulation) + Coverage(t, simulation) +
         Problems(t, simulation);
}

std::string SimulationJson(const play::Simulation& simulation) {
  json runs = json::array();
  for (const play::RunResult& run : simulation.runs) {
    runs.push_back({{"seed", run.seed},
                    {"ended", run.ended},
                    {"outcome", run.outcome},
                    {"seconds", run.seconds},
                    {"acts", run.acts},
                    {"cases", run.cases}});
  }
  json timeline = json::array();
  for (const Moment& moment : simulation.timeline) {
    timeline.push_back({{"at", model::FormatRfc3339(moment.at)},
                        {"kind", Name(moment.kind)},
                        {"case", moment.case_id.ToString()},
                        {"workflow", moment.workflow},
                        {"actor", moment.actor},
                        {"zh", moment.what.In("zh")},
                        {"en", moment.what.In("en")}});
  }
  json deadlines = json::object();
  for (const auto& [state, count] : simulation.deadlines) {
    deadlines[state] = {{"met", count.met}, {"missed", count.missed}, {"open", count.open}};
  }
  json coverage = json::object();
  for (const auto& [workflow, figures] : simulation.coverage) coverage[workflow] = ToJson(figures);
  json outcomes = json::object();
  for (const auto& [outcome, count] : OutcomesOf(simulation))
    outcomes[outcome.empty() ? "(open)" : outcome] = count;
  const json out = {
      {"runs", std::move(runs)},
      {"outcomes", std::move(outcomes)},
      {"durations",
       {{"median", play::DurationAt(simulation, 0.5)}, {"p90", play::DurationAt(simulation, 0.9)}}},
      {"deadlines", std::move(deadlines)},
      {"coverage", std::move(coverage)},
      {"problems", simulation.problems},
      {"timeline", std::move(timeline)}};
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace duban::cli
