#include "services/play/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "core/statechart/step.h"
#include "services/play/timeline.h"

namespace duban::play {
namespace {

constexpr int kMaxTries = 3;
constexpr Delay kEvents{86'400, 30 * 86'400};

// Something that somebody may do, and when they will.
struct Intent {
  model::Timestamp at;
  model::CaseId case_id;
  model::Ordinal task = 0;  // 0: an event
  std::string event;
  std::string state;
  std::vector<std::string> outcomes;  // of the task
  std::string who;
  int tries = 0;

  bool Same(const Intent& other) const {
    return case_id == other.case_id && task == other.task && event == other.event &&
           state == other.state;
  }
};

class Run {
 public:
  Run(const Folder& folder, const Plan& plan, std::uint64_t seed)
      : folder_(folder), plan_(plan), dice_(seed), world_(folder, plan.begin) {
    result_.seed = seed;
  }

  std::optional<model::Rejection> Play(std::map<std::string, int>& problems) {
    const auto started = Start();
    if (!started) return started.error();
    root_ = *started;
    while (result_.acts < kMaxActs && !Ended()) {
      LookAround();
      const auto next = Next();
      if (!next) break;
      world_.AdvanceTo(std::max(next->at, world_.now()));
      Act(*next, problems);
    }
    if (!Ended() && result_.acts < kMaxActs) world_.AdvanceTo(plan_.until);
    if (result_.acts >= kMaxActs) ++problems[fmt::format("a run stopped after {} acts", kMaxActs)];
    for (const std::string& problem : world_.TakeProblems()) ++problems[problem];
    Conclude();
    return std::nullopt;
  }

  const RunResult& result() const { return result_; }
  const World& world() const { return world_; }

 private:
  bool Ended() const { return world_.Find(root_)->state.ended; }

  std::expected<model::CaseId, model::Rejection> Start() {
    const definition::Definition& definition = *folder_.campaign->workflows.at(plan_.workflow);
    model::Map data;
    for (const definition::Field& field : definition.fields) {
      if (field.required && !field.initial)
        data.Set(field.name, MakeUp(field, folder_.organisation, world_.now(), dice_));
    }
    std::vector<std::string> starters;
    if (plan_.script.start) {
      for (const auto& [key, value] : plan_.script.start->data) data.Set(key, value);
      if (!plan_.script.start->by.empty()) starters = {plan_.script.start->by};
    }
    for (const auto& [id, person] : folder_.organisation.people()) {
      if (plan_.script.start && !plan_.script.start->by.empty()) break;
      starters.push_back(id);
    }
    model::Rejection refused;
    refused.reason = model::Reason::kNobody;
    refused.message = {"organisation.yaml 里没有人", "organisation.yaml has no people"};
    for (const std::string& by : starters) {
      auto started =
          world_.Submit({"start",
                         {by},
                         {},
                         std::nullopt,
                         model::StartCase{folder_.campaign->digest, plan_.workflow, data, {}}});
      if (started) return started;
      const bool mattered =
          refused.reason == model::Reason::kNobody || refused.reason == model::Reason::kNotAllowed;
      if (mattered) refused = std::move(started.error());
    }
    return std::unexpected(std::move(refused));
  }

  // Cases that changed since they were looked at: what can be done in them now?
  void LookAround() {
    for (const auto& [id, instance] : world_.cases()) {
      model::Revision& seen = seen_[id];
      if (seen == instance.state.revision) continue;
      seen = instance.state.revision;
      Refresh(instance);
    }
  }

  void Refresh(const Instance& instance) {
    std::vector<Intent> possible;
    if (!instance.state.ended) possible = Possible(instance);
    std::erase_if(intents_, [&](const Intent& intent) {
      return intent.case_id == instance.state.id &&
             std::ranges::none_of(possible, [&](const Intent& one) { return one.Same(intent); });
    });
    for (Intent& intent : possible) {
      const bool known =
          std::ranges::any_of(intents_, [&](const Intent& one) { return one.Same(intent); });
      if (!known && Schedule(intent)) intents_.push_back(std::move(intent));
    }
  }

  std::vector<Intent> Possible(const Instance& instance) {
    const statechart::Facts facts{world_.now(), &folder_.organisation, &folder_.calendar, {}};
    std::vector<Intent> possible;
    for (model::Permitted& one :
         statechart::PermittedNow(*instance.definition, instance.state, facts)) {
      if (one.who.empty()) continue;
      Intent intent{
          {}, instance.state.id, one.task, one.task == 0 ? one.event : "", one.state, {}, "", 0};
      const auto same =
          std::ranges::find_if(possible, [&](const Intent& other) { return other.Same(intent); });
      Intent& place = same == possible.end() ? possible.emplace_back(std::move(intent)) : *same;
      if (one.task != 0) place.outcomes.push_back(one.event);
      if (place.who.empty()) place.who = one.who[dice_.Index(one.who.size())];
    }
    return possible;
  }

  const Conduct& ConductOf(const Intent& intent) const {
    static const Conduct kAny;
    const auto& all = intent.task == 0 ? plan_.script.events : plan_.script.tasks;
    const auto found = all.find(intent.task == 0 ? intent.event : intent.state);
    return found == all.end() ? kAny : found->second;
  }

  // False: nobody will.
  bool Schedule(Intent& intent) {
    const Conduct& conduct = ConductOf(intent);
    if (conduct.never) return false;
    if (!conduct.by.empty()) intent.who = conduct.by;
    Delay delay = intent.task == 0 ? kEvents : plan_.script.delay.value_or(Delay{});
    const auto person = plan_.script.people.find(intent.who);
    if (intent.task != 0 && person != plan_.script.people.end()) delay = person->second;
    if (conduct.delay) delay = *conduct.delay;
    const auto at = model::Add(world_.now(), model::Duration::Seconds(dice_.Take(delay)));
    if (!at) return false;
    intent.at = *at;
    return true;
  }

  // The next intent in time, before the run's end.
  std::optional<Intent> Next() {
    const auto next = std::ranges::min_element(intents_, {}, &Intent::at);
    if (next == intents_.end() || next->at > plan_.until) return std::nullopt;
    Intent intent = *next;
    intents_.erase(next);
    return intent;
  }

  void Act(Intent intent, std::map<std::string, int>& problems) {
    const Instance* instance = world_.Find(intent.case_id);
    // What happened on the way may have made it pointless.
    const auto possible = instance->state.ended ? std::vector<Intent>() : Possible(*instance);
    if (std::ranges::none_of(possible, [&](const Intent& one) { return one.Same(intent); })) return;
    ++result_.acts;
    const auto taken = world_.Submit({fmt::format("act-{}", result_.acts),
                                      {intent.who},
                                      intent.case_id,
                                      std::nullopt,
                                      BodyOf(intent, *instance)});
    if (taken) return;
    ++problems[fmt::format(
        "{}: {} {}: {}", instance->definition->workflow, intent.task == 0 ? "event" : "task in",
        intent.task == 0 ? intent.event : intent.state, taken.error().message.In("en"))];
    if (++intent.tries < kMaxTries && Schedule(intent)) intents_.push_back(std::move(intent));
  }

  model::CommandBody BodyOf(const Intent& intent, const Instance& instance) {
    const Conduct& conduct = ConductOf(intent);
    if (intent.task == 0) {
      model::SendEvent send;
      send.name = intent.event;
      send.data = conduct.values;
      send.reason = "simulated";
      return send;
    }
    const definition::Definition& definition = *instance.definition;
    model::Decide decide;
    decide.task = intent.task;
    decide.outcome = Choose(intent.outcomes, conduct.outcomes, dice_);
    decide.opinion = "simulated";
    const auto& task = definition.states[definition.FindState(intent.state)].task;
    if (!task) return decide;
    for (const definition::FormField& asked : task->form) {
      const definition::Field& field = definition.fields[asked.field];
      decide.form.Set(field.name, MakeUp(field, folder_.organisation, world_.now(), dice_));
    }
    for (const auto& [key, value] : conduct.values) decide.form.Set(key, value);
    return decide;
  }

  void Conclude() {
    const model::Case& root = world_.Find(root_)->state;
    result_.ended = root.ended;
    result_.outcome = root.ended ? root.outcome : "";
    result_.seconds =
        (root.ended ? root.updated_at : world_.now()).seconds - root.started_at.seconds;
    result_.cases = static_cast<int>(world_.cases().size());
  }

  const Folder& folder_;
  const Plan& plan_;
  Dice dice_;
  World world_;
  RunResult result_;
  model::CaseId root_;
  std::vector<Intent> intents_;
  std::map<model::CaseId, model::Revision> seen_;
};

}  // namespace

std::expected<Simulation, model::Rejection> Simulate(const Folder& folder, const Plan& plan) {
  Simulation simulation;
  std::map<std::string, Coverage> coverage;
  for (int i = 0; i < std::min(plan.runs, kMaxRuns); ++i) {
    Run run(folder, plan, plan.seed + static_cast<std::uint64_t>(i));
    if (auto refused = run.Play(simulation.problems)) return std::unexpected(std::move(*refused));
    simulation.runs.push_back(run.result());
    if (i == 0) simulation.timeline = TimelineOf(run.world(), folder.organisation);
    CountDeadlines(run.world(), simulation.deadlines);
    std::set<std::string> played;
    for (const auto& [id, instance] : run.world().cases())
      played.insert(instance.definition->workflow);
    for (const std::string& workflow : played) coverage[workflow].Add(run.world(), workflow);
  }
  for (const auto& [workflow, reached] : coverage)
    simulation.coverage[workflow] = reached.Of(*folder.campaign->workflows.at(workflow));
  return simulation;
}

std::int64_t DurationAt(const Simulation& simulation, double share) {
  std::vector<std::int64_t> durations;
  for (const RunResult& run : simulation.runs) {
    if (run.ended) durations.push_back(run.seconds);
  }
  if (durations.empty()) return -1;
  std::ranges::sort(durations);
  // The smallest that at least so many of a hundred do not exceed.
  const double rank = share * static_cast<double>(durations.size());
  auto index = static_cast<std::size_t>(rank);
  if (static_cast<double>(index) == rank && index > 0) --index;
  return durations[std::min(index, durations.size() - 1)];
}

}  // namespace duban::play
