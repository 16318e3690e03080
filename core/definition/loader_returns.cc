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

void FindStarterState(Context& context, State& state) {
  const std::vector<State>& states = context.definition.states;
  const auto found = std::find_if(states.begin(), states.end(), ForStarter);
  Returns& returns = state.task->returns;
  if (found == states.end()) {
    context.report.Error(
        "no-starter-state", returns.place,
        {"没有发起人办理的状态，退回不到发起人",
         "no state has a task for the starter: there is nothing to return to"},
        Say("加一个状态，如 revising: {{task: {{title: 修改, for: starter}}, on: {{submitted: "
            "{0}}}}}",
            "add one, such as revising: {{task: {{title: Revise, for: starter}}, on: {{submitted: "
            "{0}}}}}",
            state.id));
    return;
  }
  returns.starter_state = static_cast<model::StateIndex>(found - states.begin());
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

void ResolveReturns(Context& context) {
  std::vector<State>& states = context.definition.states;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!states[i].task || states[i].task->returns.none()) continue;
    Returns& returns = states[i].task->returns;
    if (returns.starter) FindStarterState(context, states[i]);
    std::vector<model::StateIndex> targets = returns.states;
    if (returns.starter_state != model::kNoState) targets.push_back(returns.starter_state);
    for (const model::StateIndex target : targets) {
      if (target != i && states[target].task) continue;
      context.report.Error(
          "return-target", returns.place,
          target == i
              ? Say("`{}` 不能退回给自己", "`{}` cannot be returned to itself", states[i].id)
              : Say("状态 `{}` 没有任务，退回后没有人办理",
                    "the state `{}` has no task: nobody would have it", states[target].id));
    }
  }
}

}  // namespace duban::definition
