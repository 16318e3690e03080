#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

constexpr std::size_t kMaxTargets = 100;

// Whether both can be active at once: one inside the other, or in different regions of a parallel
// state.
bool Compatible(const Definition& definition, model::StateIndex a, model::StateIndex b) {
  if (IsSelfOrInside(definition, a, b) || IsSelfOrInside(definition, b, a)) return true;
  model::StateIndex common = a;
  while (!definition.IsDescendant(b, common)) common = definition.states[common].parent;
  return definition.states[common].kind == StateKind::kParallel;
}

// "a b.*" → a, b. SCXML 3.12.1: a trailing ".*" or "." says the same as none.
std::vector<std::string> ReadDescriptors(Context& context, const Node& key) {
  std::vector<std::string> events;
  std::string_view rest = key.scalar;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    std::string_view event = rest.substr(0, space);
    rest = space == std::string_view::npos ? std::string_view() : rest.substr(space + 1);
    if (event.empty()) continue;
    if (event.ends_with(".*")) event.remove_suffix(2);
    if (event.ends_with('.')) event.remove_suffix(1);
    const bool bad = event.empty() || event.size() > kMaxNameBytes || event.front() == '.' ||
                     (event != "*" && event.find_first_of("*\t\n") != std::string_view::npos);
    if (bad) {
      context.report.Error(
          "event-name", key.place,
          Say("`{}` 不能作事件名", "`{}` cannot name an event", key.scalar),
          {"事件名如 hazard.reported，或 *", "an event is such as hazard.reported, or *"});
      continue;
    }
    events.emplace_back(event);
  }
  if (events.empty() && key.scalar.find_first_not_of(' ') == std::string::npos) {
    context.report.Error("event-name", key.place, {"事件名是空的", "the event has no name"});
  }
  return events;
}

void ReadOne(Context& context, model::StateIndex source, const Node& node,
             const std::vector<std::string>& events) {
  if (node.is_null() || node.is_scalar()) {
    if (node.is_null()) {
      context.report.Error(
          "empty-value", node.place, {"转移什么也没说", "the transition says nothing"},
          {"写目标状态，或 {do: [...]}", "write the target state, or {do: [...]}"});
      return;
    }
    Transition transition;
    transition.source = source;
    transition.events = events;
    transition.place = node.place;
    transition.targets = ReadTargets(context, node);
    AddTransition(context, std::move(transition));
    return;
  }
  const Object object(node, kTransitionKeys, context.report);
  if (!object.is_map()) return;
  Transition transition = ReadTransitionCore(context, source, object);
  transition.events = events;
  if (const Node* by = object["by"]) {
    transition.by = ReadAddressees(context, *by);
    if (events.empty()) {
      context.report.Error(
          "conflicting-keys", object.KeyPlace("by"),
          {"always 的转移没有人发送，不能有 by", "nobody sends what stands in `always`: no `by`"});
    }
  }
  if (const Node* require = object["require"]) {
    transition.reason_required = true;
    if (!require->is_scalar() || require->scalar != "reason") {
      context.report.Error("wrong-value", require->place,
                           {"require 只能是 reason", "require takes `reason` only"});
    }
  }
  if (events.empty() && transition.guard.empty() && transition.targets.empty()) {
    context.report.Error("endless", node.place,
                         {"没有 when 也没有 to 的 always 会无休止地重复",
                          "an `always` without `when` and `to` repeats for ever"});
  }
  AddTransition(context, std::move(transition));
}

}  // namespace

std::optional<model::StateIndex> FindStateOrReport(Context& context, const Node& name) {
  if (!ExpectScalar(name, context.report)) return std::nullopt;
  const auto found = context.states.find(name.scalar);
  if (found != context.states.end()) return found->second;
  context.report.Error(
      "unknown-state", name.place, Say("没有状态 `{}`", "there is no state `{}`", name.scalar),
      context.report.full() ? model::Text() : DidYouMean(name.scalar, StateNames(context)));
  return std::nullopt;
}

std::vector<model::StateIndex> ReadTargets(Context& context, const Node& node) {
  std::vector<model::StateIndex> targets;
  for (const Node* name : ReadNames(node, context.report)) {
    if (targets.size() >= kMaxTargets) {
      context.report.Error("too-many-targets", name->place,
                           Say("目标超过 {} 个", "more than {} targets", kMaxTargets));
      break;
    }
    const auto found = FindStateOrReport(context, *name);
    if (!found) continue;
    for (const model::StateIndex other : targets) {
      if (context.report.full() || Compatible(context.definition, other, *found)) continue;
      context.report.Error(
          "targets-conflict", name->place,
          Say("`{}` 和 `{}` 不能同时进入", "`{}` and `{}` cannot be entered together",
              context.definition.states[other].id, name->scalar),
          {"几个目标要在同一个并行状态的不同区域里",
           "several targets lie in different regions of one parallel state"});
    }
    if (std::find(targets.begin(), targets.end(), *found) == targets.end())
      targets.push_back(*found);
  }
  return targets;
}

Transition ReadTransitionCore(Context& context, model::StateIndex source, const Object& object) {
  Transition transition;
  transition.source = source;
  transition.place = object.KeyPlace("to");
  if (const Node* title = object["title"]) transition.title = ReadTitle(*title, context.report);
  if (const Node* when = object["when"]) {
    transition.guard = CompileCel(context, *when, expression::Type::Kind::kBool);
  }
  if (const Node* to = object["to"]) transition.targets = ReadTargets(context, *to);
  if (const Node* actions = object["do"]) transition.actions = ReadActions(context, *actions);
  if (const Node* internal = object["internal"]) {
    transition.internal = ReadBool(*internal, context.report).value_or(false);
  }
  return transition;
}

void AddTransition(Context& context, Transition transition) {
  std::vector<Transition>& all = context.definition.transitions;
  if (all.size() > kMaxTransitions) return;
  if (all.size() == kMaxTransitions) {
    context.report.Error("too-many-transitions", transition.place,
                         Say("转移超过 {} 个", "more than {} transitions", kMaxTransitions));
  }
  context.definition.states[transition.source].transitions.push_back(
      static_cast<model::TransitionIndex>(all.size()));
  all.push_back(std::move(transition));
}

void ReadTransitions(Context& context, model::StateIndex state, const Node& body) {
  if (const Node* on = body.Find("on"); on != nullptr && !on->is_null()) {
    if (ExpectMap(*on, "事件到转移的映射", "a map of transitions by event", context.report)) {
      for (const Node::Entry& entry : on->entries) {
        const std::vector<std::string> events = ReadDescriptors(context, *entry.key);
        if (events.empty()) continue;
        for (const Node* node : OneOrMany(*entry.value)) ReadOne(context, state, *node, events);
      }
    }
  }
  if (const Node* always = body.Find("always"); always != nullptr && !always->is_null()) {
    for (const Node* node : OneOrMany(*always)) ReadOne(context, state, *node, {});
  }
}

}  // namespace duban::definition
