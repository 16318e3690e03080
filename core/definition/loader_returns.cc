// Where a task may be returned to (退回).
#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

constexpr std::string_view kPlaces[] = {"previous", "starter", "any"};

void ReadReturnTo(Context& context, Returns& returns, const Node& node) {
  bool* const flags[] = {&returns.previous, &returns.starter, &returns.any};
  for (const Node* name : ReadNames(node, context.report)) {
    const auto* place = std::find(std::begin(kPlaces), std::end(kPlaces), name->scalar);
    if (place != std::end(kPlaces)) {
      *flags[place - std::begin(kPlaces)] = true;
      continue;
    }
    if (!context.states.contains(name->scalar)) {
      std::vector<std::string_view> known = StateNames(context);
      known.insert(known.end(), std::begin(kPlaces), std::end(kPlaces));
      context.report.Error("unknown-state", name->place,
                           Say("没有状态 `{}`", "there is no state `{}`", name->scalar),
                           context.report.full() ? model::Text() : DidYouMean(name->scalar, known));
      continue;
    }
    const model::StateIndex state = context.states.find(name->scalar)->second;
    if (std::find(returns.states.begin(), returns.states.end(), state) == returns.states.end())
      returns.states.push_back(state);
  }
  if (returns.none() && node.is_sequence() && node.items.empty()) {
    context.report.Error("empty-value", node.place,
                         {"没有写可以退回到哪里", "it is not said where it may be returned to"},
                         {"写 previous、starter、any 或状态，或去掉 return",
                          "write previous, starter, any or states, or leave `return` out"});
  }
}

bool ForStarter(const State& state) {
  return state.task && !state.task->approval && !state.task->people.empty() &&
         std::all_of(state.task->people.begin(), state.task->people.end(),
                     [](const Addressee& who) { return who.kind == Addressee::Kind::kStarter; });
}

void FindStarterState(Context& context, model::StateIndex source) {
  const Definition& definition = context.definition;
  Returns& returns = context.definition.states[source].task->returns;
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const auto target = static_cast<model::StateIndex>(i);
    if (target == source || !ForStarter(definition.states[i]) ||
        !IsSerial(definition, source, target))
      continue;
    returns.starter_state = target;
    return;
  }
  context.report.Error(
      "no-starter-state", returns.place,
      {"没有发起人办理的状态，退回不到发起人",
       "no other state has a task for the starter: there is nothing to return to"},
      Say("加一个状态，如 revising: {{task: {{title: 修改, for: starter}}, on: {{submitted: "
          "{0}}}}}",
          "add one, such as revising: {{task: {{title: Revise, for: starter}}, on: {{submitted: "
          "{0}}}}}",
          definition.states[source].id));
}

void CheckTarget(Context& context, model::StateIndex source, model::StateIndex target) {
  const std::vector<State>& states = context.definition.states;
  const Place& place = states[source].task->returns.place;
  if (target == source) {
    context.report.Error(
        "return-target", place,
        Say("`{}` 不能退回给自己", "`{}` cannot be returned to itself", states[source].id));
  } else if (!states[target].task) {
    context.report.Error(
        "return-target", place,
        Say("状态 `{}` 没有任务，退回后没有人办理",
            "the state `{}` has no task: nobody would have it", states[target].id));
  } else if (!IsSerial(context.definition, source, target)) {
    context.report.Error(
        "return-into-region", place,
        Say("`{1}` 在并行状态的一个区域里，不能从外面的 `{0}` 退回到那里",
            "`{1}` is in a region of a parallel state: it cannot be returned there from `{0}` "
            "outside",
            states[source].id, states[target].id),
        {"退回到并行状态之前的任务", "return to a task before the parallel state"});
  }
}

}  // namespace

Returns ReadReturns(Context& context, const Node& node) {
  Returns returns;
  returns.place = node.place;
  if (!node.is_map()) {
    ReadReturnTo(context, returns, node);
    return returns;
  }
  const Object object(node, kReturnKeys, context.report);
  if (const Node* to = object["to"]) ReadReturnTo(context, returns, *to);
  if (const Node* resubmit = object["resubmit"]) {
    const auto word = ReadWord(*resubmit, kResubmitWords, context.report);
    returns.resubmit = static_cast<Resubmit>(word.value_or(0));
  }
  return returns;
}

bool IsSerial(const Definition& definition, model::StateIndex source, model::StateIndex target) {
  model::StateIndex region = target;
  while (region != 0) {
    const model::StateIndex around = definition.states[region].parent;
    if (definition.states[around].kind == StateKind::kParallel &&
        !IsSelfOrInside(definition, source, region))
      return false;
    region = around;
  }
  return true;
}

void ResolveReturns(Context& context) {
  const std::vector<State>& states = context.definition.states;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!states[i].task || states[i].task->returns.none()) continue;
    const auto source = static_cast<model::StateIndex>(i);
    if (states[i].task->returns.starter) FindStarterState(context, source);
    for (const model::StateIndex target : states[i].task->returns.states)
      CheckTarget(context, source, target);
  }
}

}  // namespace duban::definition
