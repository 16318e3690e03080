#include <algorithm>
#include <set>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

// Escalation among the actions, those inside `if` and `for_each` included.
const Action* FindEscalation(const Actions& actions) {
  for (const Action& action : actions) {
    if (std::holds_alternative<Escalate>(action.what)) return &action;
    const Action* inner = nullptr;
    if (const auto* branch = std::get_if<If>(&action.what)) {
      inner = FindEscalation(branch->then);
      if (inner == nullptr) inner = FindEscalation(branch->otherwise);
    } else if (const auto* loop = std::get_if<ForEach>(&action.what)) {
      inner = FindEscalation(loop->actions);
    }
    if (inner != nullptr) return inner;
  }
  return nullptr;
}

bool HasTaskAround(const Definition& definition, model::StateIndex index) {
  for (std::size_t i = index; i <= definition.states[index].last; ++i) {
    if (definition.states[i].task) return true;
  }
  for (model::StateIndex at = index; at != model::kNoState; at = definition.states[at].parent) {
    if (definition.states[at].task) return true;
  }
  return false;
}

// Whether one of the events is taken by the descriptor.
bool TakesAny(std::string_view descriptor, const std::set<std::string, std::less<>>& events) {
  for (auto event = events.lower_bound(descriptor); event != events.end(); ++event) {
    if (!event->starts_with(descriptor)) return false;
    if (DescriptorTakes(descriptor, *event)) return true;
  }
  return false;
}

// The outcomes of the tasks in and below the state.
std::set<std::string, std::less<>> OutcomesInside(const Definition& definition,
                                                  model::StateIndex index) {
  std::set<std::string, std::less<>> outcomes;
  for (std::size_t i = index; i <= definition.states[index].last; ++i) {
    const auto& task = definition.states[i].task;
    if (!task) continue;
    outcomes.insert(task->outcomes.begin(), task->outcomes.end());
    if (HasQuorum(*task)) outcomes.emplace(kNoQuorum);
  }
  return outcomes;
}

// Raised by the engine itself: the ends of states and children, and errors.
bool IsEngineEvent(std::string_view descriptor) {
  return descriptor == "*" || DescriptorTakes("done", descriptor) ||
         DescriptorTakes("error", descriptor) || DescriptorTakes("child", descriptor) ||
         DescriptorTakes("children", descriptor);
}

// The events that transitions of the state and those around it take.
std::vector<std::string_view> EventsAround(const Definition& definition, model::StateIndex index) {
  std::vector<std::string_view> events;
  for (model::StateIndex at = index; at != model::kNoState; at = definition.states[at].parent) {
    for (const model::TransitionIndex t : definition.states[at].transitions) {
      for (const std::string& event : definition.transitions[t].events) events.push_back(event);
    }
  }
  return events;
}

bool Taken(const Definition& definition, model::StateIndex index, std::string_view outcome) {
  const std::vector<std::string_view> events = EventsAround(definition, index);
  return std::any_of(events.begin(), events.end(),
                     [&](std::string_view event) { return DescriptorTakes(event, outcome); });
}

}  // namespace

bool SamePeople(const Addressee& a, const Addressee& b) {
  const auto text = [](const Addressee& who) {
    return who.program.empty() ? std::string() : who.program.source();
  };
  return a.kind == b.kind && a.id == b.id && a.field == b.field && a.of == b.of &&
         a.levels == b.levels && text(a) == text(b);
}

bool SamePeople(const Addressees& a, const Addressees& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Addressee& x, const Addressee& y) { return SamePeople(x, y); });
}

bool HasQuorum(const Task& task) {
  return task.rule.quorum > 0 ||
         std::any_of(task.groups.begin(), task.groups.end(),
                     [](const Group& group) { return group.rule.quorum > 0; });
}

bool DescriptorTakes(std::string_view descriptor, std::string_view event) {
  if (descriptor == "*") return true;
  return event.starts_with(descriptor) &&
         (event.size() == descriptor.size() || event[descriptor.size()] == '.');
}

bool TakesEvent(const Transition& transition, std::string_view event) {
  return std::any_of(
      transition.events.begin(), transition.events.end(),
      [&](const std::string& descriptor) { return DescriptorTakes(descriptor, event); });
}

namespace {

void CheckTaken(const Definition& definition, model::StateIndex index, std::string_view outcome,
                Report& report) {
  if (Taken(definition, index, outcome)) return;
  const State& state = definition.states[index];
  model::Text hint = DidYouMean(outcome, EventsAround(definition, index));
  if (hint.empty()) {
    hint = Say("在 `{}` 的 on: 里加 `{}: 目标状态`", "add `{1}: TARGET` to the on: of `{0}`",
               state.id, outcome);
  } else {
    hint = Say("on: 里写的是不是 `{}`？", "is that what `{}` in on: was meant to be?",
               Nearest(outcome, EventsAround(definition, index)));
  }
  report.Error(
      "outcome-not-taken", state.place,
      Say("任务的结论 `{}` 没有转移接收，案件会停在 `{}`",
          "no transition takes the outcome `{}`: the case would stay in `{}`", outcome, state.id),
      std::move(hint));
}

}  // namespace

void CheckOutcomes(const Definition& definition, Report& report) {
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const auto& task = definition.states[i].task;
    if (!task) continue;
    const auto index = static_cast<model::StateIndex>(i);
    for (const std::string& outcome : task->outcomes)
      CheckTaken(definition, index, outcome, report);
    if (HasQuorum(*task)) CheckTaken(definition, index, kNoQuorum, report);
  }
}

void CheckEscalations(const Definition& definition, Report& report) {
  const auto check = [&](const Actions& actions, model::StateIndex state) {
    const Action* escalation = FindEscalation(actions);
    if (escalation == nullptr) return;
    const auto& task = definition.states[state].task;
    if (task && SamePeople(std::get<Escalate>(escalation->what).to, task->people)) {
      report.Warning(
          "escalates-to-holder", escalation->place,
          {"升级给的就是办理任务的人", "it escalates to those who have the task already"},
          {"升级给他们的上级", "escalate to whoever stands above them"});
    }
    if (HasTaskAround(definition, state)) return;
    report.Error("escalate-without-task", escalation->place,
                 Say("`{}` 内外都没有任务可以升级",
                     "there is no task in or around `{}` that could be escalated",
                     definition.states[state].id),
                 {"只是通知请用 notify", "use `notify` to tell people only"});
  };
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    check(definition.states[i].entry, static_cast<model::StateIndex>(i));
  }
  for (const Transition& transition : definition.transitions)
    check(transition.actions, transition.source);
}

// `on: approvd` beside a task whose outcome is `approved`.
void CheckNearMisses(const Definition& definition, const std::set<std::string, std::less<>>& sent,
                     Report& report) {
  for (const Transition& transition : definition.transitions) {
    if (transition.events.empty() || !transition.by.empty() || report.full()) continue;
    const auto outcomes = OutcomesInside(definition, transition.source);
    for (const std::string& event : transition.events) {
      if (IsEngineEvent(event) || TakesAny(event, outcomes) || TakesAny(event, sent)) continue;
      model::Text hint = DidYouMean(event, {outcomes.begin(), outcomes.end()});
      if (hint.empty()) continue;
      report.Warning("near-miss", transition.place,
                     Say("`{}` 不是任务的结论，也没有人发送",
                         "`{}` is no outcome of the task, and nobody sends it", event),
                     std::move(hint));
    }
  }
}

void CheckSenders(const Definition& definition, const std::set<std::string, std::less<>>& sent,
                  Report& report) {
  for (const Transition& transition : definition.transitions) {
    if (transition.events.empty() || !transition.by.empty() || report.full()) continue;
    const auto outcomes = OutcomesInside(definition, transition.source);
    const std::vector<std::string_view> words(outcomes.begin(), outcomes.end());
    const auto may_come = [&](const std::string& event) {
      return IsEngineEvent(event) || TakesAny(event, outcomes) || TakesAny(event, sent) ||
             !Nearest(event, words).empty();  // CheckNearMisses
    };
    if (std::any_of(transition.events.begin(), transition.events.end(), may_come)) continue;
    report.Warning(
        "never-sent", transition.place,
        Say("没有人可以发送 `{}`，也没有案件发送它", "nobody may send `{}`, and no case sends it",
            fmt::format("{}", fmt::join(transition.events, " "))),
        {"用 by: 写明谁可以发送", "say with by: who may send it"});
  }
}

}  // namespace duban::definition
