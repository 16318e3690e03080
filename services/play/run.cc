#include "services/play/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/engine/describe.h"
#include "services/play/expectations.h"

namespace duban::play {
namespace {

std::string Told(const model::Rejection& rejection) {
  std::string text =
      fmt::format("{}: {}", model::ReasonName(rejection.reason), rejection.message.In("en"));
  for (const model::Violation& violation : rejection.violations) {
    text += fmt::format("\n      {}: {}", violation.field, violation.message.In("en"));
  }
  return text;
}

std::vector<std::string> Split(const std::string& path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

std::string Words(const ActStep& act) {
  if (const auto* decide = std::get_if<model::Decide>(&act.body))
    return fmt::format("{} decides {}: {}", act.by, act.task, decide->outcome);
  if (const auto* send = std::get_if<model::SendEvent>(&act.body))
    return fmt::format("{} sends {}", act.by, send->name);
  return fmt::format("{}: {} {}", act.by, act.verb, act.task);
}

class Runner {
 public:
  Runner(const Folder& folder, World& world) : folder_(folder), world_(world) {}

  std::optional<Failure> operator()(const Scenario& scenario) {
    for (const Step& step : scenario.steps) {
      line_ = step.line;
      auto difference = std::visit([&](const auto& what) { return Do(what); }, step.what);
      if (!difference) {
        if (const auto problems = world_.TakeProblems(); !problems.empty()) {
          difference = Difference{"everything that follows by itself is taken", problems.front()};
        }
      }
      if (!difference) continue;
      const Instance* instance = world_.Find(current_);
      return Failure{line_, difference->expected, difference->actual,
                     instance == nullptr ? "" : History(*instance, folder_.organisation)};
    }
    return std::nullopt;
  }

 private:
  using Result = std::optional<Difference>;

  std::expected<model::CaseId, model::Rejection> Try(const StartStep& start) {
    return Submit(start.by, {},
                  model::StartCase{folder_.campaign->digest, start.workflow, start.data, {}});
  }
  std::expected<model::CaseId, model::Rejection> Try(const ActStep& act) {
    model::CommandBody body = act.body;
    std::visit([&](auto& command) { Complete(act, command); }, body);
    return Submit(act.by, current_, std::move(body));
  }

  template <class Command>
  void Complete(const ActStep& act, Command& command) const {
    if constexpr (requires { command.task; }) {
      if (!act.task.empty()) command.task = TaskOf(act);
    }
    if constexpr (requires { command.ordinal; }) {
      const Instance* instance = world_.Find(current_);
      if (instance != nullptr && !instance->state.overrides.empty())
        command.ordinal = instance->state.overrides.front().ordinal;
    }
  }

  std::expected<model::CaseId, model::Rejection> Submit(const std::string& by, model::CaseId id,
                                                        model::CommandBody body) {
    return world_.Submit({fmt::format("line-{}", line_), {by}, id, std::nullopt, std::move(body)});
  }

  // The person's own seat in that state, an open one first; else any open one; else the last that
  // there was.
  model::Ordinal TaskOf(const ActStep& act) const {
    const Instance* instance = world_.Find(current_);
    if (instance == nullptr) return 0;
    const std::string& person = act.of.empty() ? act.by : act.of;
    model::Ordinal own = 0;
    model::Ordinal open = 0;
    for (const model::Round& round : instance->state.rounds) {
      if (instance->definition->states[round.state].id != act.task) continue;
      for (const model::Seat& seat : round.seats) {
        const auto& people = seat.candidates;
        const bool mine = std::find(people.begin(), people.end(), person) != people.end();
        if (mine && seat.state == model::SeatState::kOpen) return seat.ordinal;
        if (mine) own = seat.ordinal;
        if (open == 0 && seat.state == model::SeatState::kOpen) open = seat.ordinal;
      }
    }
    if (own != 0 || open != 0) return own != 0 ? own : open;
    const auto last = instance->last_task.find(act.task);
    return last == instance->last_task.end() ? 0 : last->second;
  }

  Result Do(const StartStep& start) {
    auto id = Try(start);
    if (!id) return Difference{start.by + " starts " + start.workflow, Told(id.error())};
    named_[start.as] = *id;
    current_ = *id;
    return std::nullopt;
  }
  Result Do(const ActStep& act) {
    auto taken = Try(act);
    if (taken) return std::nullopt;
    return Difference{Words(act), Told(taken.error())};
  }

  Result Do(const RejectStep& reject) {
    std::expected<model::CaseId, model::Rejection> taken = model::CaseId{};
    if (const auto* start = std::get_if<StartStep>(&reject.step->what)) taken = Try(*start);
    if (const auto* act = std::get_if<ActStep>(&reject.step->what)) taken = Try(*act);
    if (taken) return Difference{"refused with " + reject.reason, "it was accepted"};
    if (model::ReasonName(taken.error().reason) == reject.reason) return std::nullopt;
    return Difference{"refused with " + reject.reason, Told(taken.error())};
  }

  Result Do(const AdvanceStep& advance) {
    auto until = model::ParseRfc3339(advance.to);
    if (!advance.by.empty()) {
      const auto limit = calendar::ParseTimeLimit(advance.by);
      static constexpr std::int64_t kSeconds[] = {60, 3600, 86400, 0, 0};  // by calendar::Unit
      const std::int64_t unit = limit ? kSeconds[static_cast<std::size_t>(limit->unit)] : 0;
      if (unit == 0) return Difference{"minutes, hours, days or an instant", advance.by};
      until = model::Add(world_.now(), model::Duration::Seconds(unit * limit->amount));
    }
    if (!until || *until < world_.now())
      return Difference{"an instant that lies ahead", advance.by + advance.to};
    world_.AdvanceTo(*until);
    return std::nullopt;
  }

  Result Do(const CaseStep& step) {
    const auto parts = Split(step.path);
    const auto named = named_.find(parts[0]);
    if (named == named_.end()) return Difference{"a case named " + parts[0], "none"};
    model::CaseId id = named->second;
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2) {
      const auto child = FindChild(id, parts[i], parts[i + 1]);
      if (!child) return Difference{"a child " + parts[i] + "/" + parts[i + 1], "none"};
      id = *child;
    }
    current_ = id;
    return std::nullopt;
  }

  // By item, or by number from 1 within the slot.
  std::optional<model::CaseId> FindChild(model::CaseId parent, const std::string& slot,
                                         const std::string& which) const {
    const Instance* instance = world_.Find(parent);
    int wanted = 0;
    std::from_chars(which.data(), which.data() + which.size(), wanted);
    int number = 0;
    for (const model::Child& child : instance->state.children) {
      if (child.slot != slot) continue;
      if (child.item == which || ++number == wanted) return child.id;
    }
    return std::nullopt;
  }

  Result Do(const ExpectStep& expect) {
    const Instance* instance = world_.Find(current_);
    if (instance == nullptr) return Difference{"a case", "none was started"};
    const auto& organisation = folder_.organisation;
    if (!expect.notified) return Compare(expect, *instance, organisation, {});
    return Compare(expect, *instance, organisation, world_.TakeNotifications());
  }

  const Folder& folder_;
  World& world_;
  int line_ = 0;
  model::CaseId current_;
  std::map<std::string, model::CaseId> named_;
};

}  // namespace

std::optional<Failure> Run(const Scenario& scenario, const Folder& folder, World& world) {
  return Runner(folder, world)(scenario);
}

std::string History(const Instance& instance, const definition::Organisation& organisation) {
  std::string text;
  for (const model::JournalEntry& entry : instance.journal) {
    text += fmt::format("    {} #{} {}\n",
                        calendar::LocalText(entry.at, instance.definition->time_zone),
                        entry.revision, entry.actor);
    for (const model::Event& event : entry.events) {
      if (std::holds_alternative<model::StateExited>(event) ||
          std::holds_alternative<model::TimerCancelled>(event)) {
        continue;
      }
      text += "      " + engine::Describe(*instance.definition, organisation, event).text.In("en") +
              "\n";
    }
  }
  return text;
}

}  // namespace duban::play
