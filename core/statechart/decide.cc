#include "core/statechart/decide.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/draft.h"
#include "core/statechart/rounds.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using definition::Task;
using model::Reason;
using model::Rejection;
using model::SeatState;
using model::StateIndex;
using model::Value;

struct Place {
  const model::Round* round = nullptr;
  const model::Seat* seat = nullptr;
};

Place FindSeat(const model::Case& state, model::Ordinal task) {
  for (const model::Round& round : state.rounds) {
    for (const model::Seat& seat : round.seats) {
      if (seat.ordinal == task) return {&round, &seat};
    }
  }
  return {};
}

Rejection NoSeat(const model::Case& state, model::Ordinal task) {
  const std::string id = model::TaskId{state.id, task}.ToString();
  if (task == 0 || task >= state.next_ordinal) {
    return Reject(Reason::kUnknownTask, fmt::format("没有任务 {}", id),
                  fmt::format("there is no task {}", id));
  }
  return Reject(Reason::kTaskClosed,
                fmt::format("任务 {} 已经结束，案件已继续；请查看案件现状", id),
                fmt::format("task {} is closed, the case went on; look at the case again", id));
}

std::optional<Rejection> CheckSeat(const Place& place, const Scope& scope,
                                   const model::Principal& actor) {
  const model::Seat& seat = *place.seat;
  const definition::Organisation& organisation = scope.organisation();
  if (!MayDecide(seat, actor)) {
    const model::Text names = NamesOf(organisation, seat.candidates);
    Rejection rejection = Reject(
        Reason::kNotAllowed, fmt::format("您不是这项任务的办理人；可以办理的是：{}", names.zh),
        fmt::format("you are not among those who may act on this task: {}", names.en));
    rejection.who = seat.candidates;
    return rejection;
  }
  switch (seat.state) {
    case SeatState::kOpen:
      return std::nullopt;
    case SeatState::kWaiting:
      return Reject(Reason::kTaskNotOpenYet, "还没有轮到您；前面的人决定之后会通知您",
                    "it is not your turn yet; you will be told when those before you have decided");
    case SeatState::kCancelled:
    case SeatState::kRemoved:
      return Reject(Reason::kTaskClosed, "这项任务已经不需要您的决定了；请查看案件现状",
                    "your decision is no longer needed; look at the case again");
    case SeatState::kDecided:
      break;
  }
  const std::string& zh = organisation.NameOf(seat.vote.by).In("zh");
  const std::string& en = organisation.NameOf(seat.vote.by).In("en");
  Rejection rejection =
      Reject(Reason::kAlreadyDecided, fmt::format("{} 已作出决定：{}", zh, seat.vote.outcome),
             fmt::format("{} has decided it already: {}", en, seat.vote.outcome));
  rejection.vote = seat.vote;
  return rejection;
}

// `require: reason` of the outcome's first transition, as far as it can be seen before the vote.
bool TransitionWantsReason(const Definition& definition, StateIndex index,
                           const std::string& outcome) {
  for (StateIndex s = index; s != model::kNoState; s = definition.states[s].parent) {
    for (model::TransitionIndex t : definition.states[s].transitions) {
      const definition::Transition& transition = definition.transitions[t];
      if (!Matches(transition.events, outcome)) continue;
      if (transition.guard.empty()) return transition.reason_required;
      if (transition.reason_required) return false;
    }
  }
  return false;
}

std::optional<Rejection> CheckOutcome(const Definition& definition, StateIndex index,
                                      const model::Decide& decide) {
  const Task& task = *definition.states[index].task;
  const auto& outcomes = OutcomesOf(task);
  if (std::ranges::find(outcomes, decide.outcome) == outcomes.end()) {
    const std::string list = fmt::format("{}", fmt::join(outcomes, ", "));
    return Reject(Reason::kUnknownOutcome,
                  fmt::format("没有结果“{}”；可以选择：{}", decide.outcome, list),
                  fmt::format("there is no outcome `{}`; choose one of: {}", decide.outcome, list));
  }
  const bool required =
      std::ranges::find(task.opinion_required, decide.outcome) != task.opinion_required.end() ||
      TransitionWantsReason(definition, index, decide.outcome);
  if (required && decide.opinion.empty()) {
    const model::Text title = TitleOfOutcome(task, decide.outcome);
    return Reject(Reason::kReasonRequired, fmt::format("选择“{}”必须填写意见", title.In("zh")),
                  fmt::format("`{}` needs an opinion; write one", title.In("en")));
  }
  return std::nullopt;
}

void CheckRequired(const Definition& definition, const model::Case& state, const Task& task,
                   const AcceptedDecision& accepted, std::vector<model::Violation>& violations) {
  for (const definition::FormField& wanted : task.form) {
    if (!wanted.required) continue;
    const auto given =
        std::ranges::find(accepted.form, wanted.field, &std::pair<model::FieldIndex, Value>::first);
    const bool present = given != accepted.form.end() ? !given->second.is_null()
                                                      : wanted.field < state.data.size() &&
                                                            !state.data[wanted.field].is_null();
    if (present) continue;
    const std::string& name = definition.fields[wanted.field].name;
    const bool refused =
        std::ranges::find(violations, name, &model::Violation::field) != violations.end();
    if (!refused) violations.push_back({name, {"必填", "is required"}});
  }
}

std::expected<AcceptedDecision, Rejection> CheckForm(const Definition& definition,
                                                     const model::Case& state, StateIndex index,
                                                     const model::Map& form) {
  const Task& task = *definition.states[index].task;
  AcceptedDecision accepted{index, {}};
  std::vector<model::Violation> violations;
  for (const auto& [key, value] : form) {
    const auto* name = key.If<std::string>();
    const auto field = name != nullptr ? definition.FindField(*name) : std::nullopt;
    const bool asked = field && std::ranges::find(task.form, *field,
                                                  &definition::FormField::field) != task.form.end();
    if (!asked) {
      violations.push_back(
          {name != nullptr ? *name : model::ToJson(key),
           {"这项任务的表单没有这一项", "the form of this task has no such field"}});
      continue;
    }
    if (value.is_null()) {
      accepted.form.emplace_back(*field, value);
      continue;
    }
    auto checked = definition::Accept(definition.fields[*field], value);
    if (checked) {
      accepted.form.emplace_back(*field, std::move(*checked));
    } else {
      violations.push_back({*name, std::move(checked.error())});
    }
  }
  CheckRequired(definition, state, task, accepted, violations);
  if (violations.empty()) return accepted;
  Rejection rejection =
      Reject(Reason::kInvalidData, fmt::format("表单有 {} 处需要更正", violations.size()),
             fmt::format("{} fields of the form need correction", violations.size()));
  rejection.violations = std::move(violations);
  return std::unexpected(std::move(rejection));
}

}  // namespace

std::expected<AcceptedDecision, Rejection> CheckDecision(const Definition& definition,
                                                         const model::Case& state,
                                                         const Scope& scope,
                                                         const model::Principal& actor,
                                                         const model::Decide& decide) {
  const Place place = FindSeat(state, decide.task);
  if (place.seat == nullptr) return std::unexpected(NoSeat(state, decide.task));
  if (auto refused = CheckSeat(place, scope, actor)) return std::unexpected(std::move(*refused));
  const StateIndex index = place.round->state;
  auto refused = CheckOutcome(definition, index, decide);
  if (refused && refused->reason == Reason::kUnknownOutcome)
    return std::unexpected(std::move(*refused));
  auto accepted = CheckForm(definition, state, index, decide.form);
  if (accepted && refused) return std::unexpected(std::move(*refused));
  return accepted;
}

}  // namespace duban::statechart
