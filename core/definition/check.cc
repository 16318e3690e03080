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
    if (task) outcomes.insert(task->outcomes.begin(), task->outcomes.end());
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

bool SamePeople(const Addressees& a, const Addressees& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const Addressee& x, const Addressee& y) {
        const auto text = [](const Addressee& z) {
          return z.program.empty() ? std::string() : z.program.source();
        };
        return x.kind == y.kind && x.id == y.id && x.field == y.field && text(x) == text(y);
      });
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

void CheckOutcomes(const Definition& definition, Report& report) {
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const State& state = definition.states[i];
    if (!state.task) continue;
    const auto index = static_cast<model::StateIndex>(i);
    for (const std::string& outcome : state.task->outcomes) {
      if (Taken(definition, index, outcome)) continue;
      model::Text hint = DidYouMean(outcome, EventsAround(definition, index));
      if (hint.empty()) {
        hint = Say("在 `{}` 的 on: 里加 `{}: 目标状态`", "add `{1}: TARGET` to the on: of `{0}`",
                   state.id, outcome);
      } else {
        hint = Say("on: 里写的是不是 `{}`？", "is that what `{}` in on: was meant to be?",
                   Nearest(outcome, EventsAround(definition, index)));
      }
      report.Error("outcome-not-taken", state.place,
                   Say("任务的结论 `{}` 没有转移接收，案件会停在 `{}`",
                       "no transition takes the outcome `{}`: the case would stay in `{}`", outcome,
                       state.id),
                   std::move(hint));
    }
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

namespace {

// Who the addressee is today; nothing when that is known only when the case runs.
std::optional<std::vector<model::PersonId>> Today(const Addressee& addressee,
                                                  const Organisation& organisation) {
  using Kind = Addressee::Kind;
  const auto one = [](const model::PersonId& id) {
    return id.empty() ? std::vector<model::PersonId>() : std::vector<model::PersonId>{id};
  };
  switch (addressee.kind) {
    case Kind::kPerson:
      return one(addressee.id);
    case Kind::kPost:
      if (const Post* post = organisation.FindPost(addressee.id)) return one(post->holder);
      break;
    case Kind::kOffice:
      if (const Office* office = organisation.FindOffice(addressee.id)) return office->members;
      break;
    case Kind::kOfficeHead:
      if (const Office* office = organisation.FindOffice(addressee.id)) return one(office->head);
      break;
    case Kind::kRole:
      if (const Role* role = organisation.FindRole(addressee.id)) return role->members;
      break;
    case Kind::kEnterprise:
      if (const Enterprise* enterprise = organisation.FindEnterprise(addressee.id))
        return enterprise->contacts;
      break;
    default:
      break;
  }
  return std::nullopt;
}

bool NobodyToday(const Addressees& people, const Organisation& organisation) {
  return !people.empty() &&
         std::all_of(people.begin(), people.end(), [&](const Addressee& addressee) {
           const auto today = Today(addressee, organisation);
           return today &&
                  std::none_of(today->begin(), today->end(), [&](const model::PersonId& id) {
                    const Person* person = organisation.FindPerson(id);
                    return person != nullptr && !person->service;
                  });
         });
}

}  // namespace

void CheckCandidates(const Definition& definition, const Organisation& organisation,
                     Report& report) {
  for (const State& state : definition.states) {
    if (!state.task || !NobodyToday(state.task->people, organisation)) continue;
    report.Warning(
        "nobody", state.task->people.front().place,
        Say("目前没有人能办理 `{}` 的任务", "today nobody can do the task of `{}`", state.id),
        state.task->fallback.empty()
            ? model::Text{"它会交给管理员；在 organisation.yaml 里补上人，或写 fallback",
                          "it goes to the administrators; name somebody in organisation.yaml, or a "
                          "fallback"}
            : model::Text{"它会交给 fallback", "it goes to the fallback"});
  }
}

}  // namespace duban::definition
