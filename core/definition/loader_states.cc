#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

bool IsTrue(const Node* node) {
  return node != nullptr && node->is_scalar() && node->scalar == "true";
}

StateKind KindOfState(const Node& body) {
  if (!body.is_map()) return StateKind::kAtomic;
  if (const Node* history = body.Find("history")) {
    return history->scalar == "deep" ? StateKind::kDeepHistory : StateKind::kShallowHistory;
  }
  if (IsTrue(body.Find("final"))) return StateKind::kFinal;
  if (IsTrue(body.Find("parallel"))) return StateKind::kParallel;
  return body.Find("states") != nullptr ? StateKind::kCompound : StateKind::kAtomic;
}

bool IsHistory(StateKind kind) {
  return kind == StateKind::kShallowHistory || kind == StateKind::kDeepHistory;
}

void CheckName(Context& context, const Node& key) {
  if (!IsName(key.scalar)) {
    context.report.Error(
        "state-name", key.place,
        Say("状态名 `{}` 只能用字母、数字、_、- 和点",
            "the state name `{}` takes letters, digits, _, - and . only", key.scalar),
        {"人们看到的名称写在 title 里", "what people call it goes into `title`"});
  }
}

void Flatten(Context& context, const Node& states, model::StateIndex parent) {
  std::vector<State>& all = context.definition.states;
  for (const Node::Entry& entry : states.entries) {
    if (all.size() >= kMaxStates) {
      context.report.Error("too-many-states", entry.key->place,
                           Say("状态超过 {} 个", "more than {} states", kMaxStates),
                           {"拆成几个工作流，用 `start:` 连接",
                            "split it into several workflows and connect them with `start:`"});
      return;
    }
    CheckName(context, *entry.key);
    const auto index = static_cast<model::StateIndex>(all.size());
    const auto [known, added] = context.states.emplace(entry.key->scalar, index);
    if (!added) {
      context.report.Error(
          "duplicate-state", entry.key->place,
          Say("状态 `{}` 在第 {} 行已有；状态名在整个工作流里唯一",
              "the state `{}` is on line {} already; names are unique in the workflow",
              entry.key->scalar, all[known->second].place.line));
    }
    State state;
    state.id = entry.key->scalar;
    state.kind = KindOfState(*entry.value);
    state.parent = parent;
    state.place = entry.key->place;
    all.push_back(std::move(state));
    all[parent].children.push_back(index);
    context.state_nodes.push_back(entry.value.get());
    if (entry.value->is_map()) {
      if (const Node* children = entry.value->Find("states");
          children != nullptr && children->is_map()) {
        Flatten(context, *children, index);
      }
    }
    all[index].last = static_cast<model::StateIndex>(all.size() - 1);
  }
}

// Keys that a state of this kind cannot have.
void CheckKeysOfKind(Context& context, const State& state, const Object& object) {
  const auto forbid = [&](std::initializer_list<std::string_view> keys, std::string_view zh,
                          std::string_view en) {
    for (const std::string_view key : keys) {
      if (object.node().Find(key) == nullptr) continue;
      context.report.Error(
          "key-of-other-kind", object.KeyPlace(key),
          {fmt::format("{}不能有 `{}`", zh, key), fmt::format("{} cannot have `{}`", en, key)});
    }
  };
  switch (state.kind) {
    case StateKind::kFinal:
      forbid({"initial", "states", "parallel", "history", "to", "do", "task", "approval", "due",
              "after", "at", "every", "on", "always"},
             "终态", "a final state");
      if (state.parent != 0)
        forbid({"outcome"}, "内层终态", "a final state that is not at the top");
      break;
    case StateKind::kShallowHistory:
    case StateKind::kDeepHistory:
      forbid({"initial", "states", "parallel", "final", "outcome", "result", "task", "approval",
              "due", "after", "at", "every", "entry", "exit", "on", "always", "data"},
             "历史状态", "a history state");
      break;
    case StateKind::kParallel:
      forbid({"initial"}, "并行状态", "a parallel state");
      [[fallthrough]];
    case StateKind::kCompound:
      forbid({"outcome", "result", "to", "do"}, "复合状态", "a state with children");
      break;
    case StateKind::kAtomic:
      forbid({"initial"}, "没有子状态的状态", "a state without children");
      forbid({"outcome", "result"}, "非终态", "a state that is not final");
      forbid({"to", "do"}, "状态（转移写在 on、always、after 里）",
             "a state (transitions stand in on, always, after)");
      break;
  }
}

void CheckChildren(Context& context, const State& state, const Object& object) {
  const bool has_children =
      state.kind == StateKind::kCompound || state.kind == StateKind::kParallel;
  if (!has_children) return;
  const auto& all = context.definition.states;
  const bool real =
      std::any_of(state.children.begin(), state.children.end(),
                  [&](model::StateIndex child) { return !IsHistory(all[child].kind); });
  if (!real) {
    context.report.Error("no-children", object.node().place,
                         Say("`{}` 没有子状态", "`{}` has no child states", state.id));
  }
  if (state.kind != StateKind::kParallel) return;
  for (const model::StateIndex child : state.children) {
    if (all[child].kind != StateKind::kFinal) continue;
    context.report.Error(
        "final-region", all[child].place,
        {"并行状态的子状态不能是终态", "a region of a parallel state cannot be final"},
        {"把终态放进区域里面", "put the final state inside the region"});
  }
}

// Targets that lie inside `scope`.
std::vector<model::StateIndex> ReadInside(Context& context, const Node& node,
                                          model::StateIndex scope) {
  std::vector<model::StateIndex> targets = ReadTargets(context, node);
  for (const model::StateIndex target : targets) {
    if (context.definition.IsDescendant(target, scope)) continue;
    context.report.Error(
        "outside", node.place,
        Say("`{}` 不在 `{}` 里面", "`{}` is not inside `{}`", context.definition.states[target].id,
            context.definition.states[scope].id));
  }
  return targets;
}

std::vector<model::StateIndex> FirstChild(const Definition& definition, const State& state) {
  for (const model::StateIndex child : state.children) {
    if (!IsHistory(definition.states[child].kind)) return {child};
  }
  return {};
}

void ReadInitial(Context& context, model::StateIndex index, const Object& object) {
  State& state = context.definition.states[index];
  if (state.kind != StateKind::kCompound) return;
  const Node* initial = object["initial"];
  if (initial == nullptr) {
    state.initial = FirstChild(context.definition, state);
  } else if (initial->is_map()) {
    const Object inner(*initial, kInitialKeys, context.report);
    if (const Node* to = inner["to"]) state.initial = ReadInside(context, *to, index);
    if (const Node* actions = inner["do"]) state.initial_actions = ReadActions(context, *actions);
  } else {
    state.initial = ReadInside(context, *initial, index);
  }
}

void ReadHistory(Context& context, State& state, const Object& object) {
  if (const Node* history = object["history"];
      history != nullptr && history->scalar != "shallow" && history->scalar != "deep") {
    context.report.Error("wrong-value", history->place,
                         {"history 只能是 shallow 或 deep", "history is shallow or deep"});
  }
  if (const Node* to = object["to"]) {
    state.initial = ReadInside(context, *to, state.parent);
  } else {
    const State& parent = context.definition.states[state.parent];
    if (parent.kind == StateKind::kCompound) state.initial = FirstChild(context.definition, parent);
    for (const model::StateIndex child : parent.children) {
      if (parent.kind == StateKind::kParallel &&
          !IsHistory(context.definition.states[child].kind)) {
        state.initial.push_back(child);
      }
    }
  }
  if (const Node* actions = object["do"]) state.initial_actions = ReadActions(context, *actions);
}

void ReadPeopleAndTime(Context& context, model::StateIndex index, const Object& object) {
  State& state = context.definition.states[index];
  const Node* task = object["task"];
  const Node* approval = object["approval"];
  if (task != nullptr && approval != nullptr) {
    context.report.Error(
        "conflicting-keys", object.KeyPlace("approval"),
        {"一个状态不能同时有 task 和 approval", "a state cannot have both a task and an approval"},
        {"分成两个状态", "make two states of it"});
  } else if (task != nullptr) {
    ReadTask(context, state, *task);
  } else if (approval != nullptr) {
    ReadApproval(context, state, *approval);
  }
  if (const Node* due = object["due"]) ReadDue(context, index, *due);
  if (const Node* after = object["after"]) ReadClocks(context, index, ClockKey::kAfter, *after);
  if (const Node* at = object["at"]) ReadClocks(context, index, ClockKey::kAt, *at);
  if (const Node* every = object["every"]) ReadClocks(context, index, ClockKey::kEvery, *every);
}

void ReadBody(Context& context, model::StateIndex index) {
  const Node& body = *context.state_nodes[index];
  if (body.is_null()) {
    context.report.Error("empty-value", context.definition.states[index].place,
                         Say("状态 `{}` 什么也没说", "the state `{}` says nothing",
                             context.definition.states[index].id),
                         {"至少写 on:、after: 或 final: true", "write on:, after: or final: true"});
    return;
  }
  const Object object(body, kStateKeys, context.report);
  if (!object.is_map()) return;
  State& state = context.definition.states[index];  // the vector does not grow any more
  for (const std::string_view flag : {"final", "parallel"}) {
    if (const Node* node = object[flag]) ReadBool(*node, context.report);
  }
  if (state.kind == StateKind::kParallel && object["states"] == nullptr) {
    context.report.Error("no-children", object.KeyPlace("parallel"),
                         {"并行状态需要 states", "a parallel state needs states"});
  }
  if (const Node* states = object["states"])
    ExpectMap(*states, "状态的映射", "a map of states", context.report);
  CheckKeysOfKind(context, state, object);
  CheckChildren(context, state, object);
  if (const Node* title = object["title"]) state.title = ReadTitle(*title, context.report);
  if (const Node* data = object["data"]; data != nullptr && data->is_map())
    ReadLateData(context, state, *data);
  if (IsHistory(state.kind)) {
    ReadHistory(context, state, object);
    return;
  }
  ReadInitial(context, index, object);
  if (const Node* entry = object["entry"]) state.entry = ReadActions(context, *entry);
  if (const Node* exit = object["exit"]) state.exit = ReadActions(context, *exit);
  if (state.kind == StateKind::kFinal) {
    if (state.parent == 0) state.outcome = state.id;
    if (const Node* outcome = object["outcome"])
      state.outcome = ReadText(*outcome, context.report).value_or(state.id);
    if (const Node* result = object["result"]) state.result = ReadEventData(context, *result);
    return;
  }
  ReadPeopleAndTime(context, index, object);
  ReadTransitions(context, index, body);
}

}  // namespace

void FlattenStates(Context& context, const Node& states) {
  State root;
  root.id = context.definition.workflow;
  root.title = context.definition.title;
  root.kind = StateKind::kCompound;
  root.place = states.place;
  context.definition.states.push_back(std::move(root));
  context.state_nodes.push_back(&states);
  Flatten(context, states, 0);
  context.definition.states[0].last =
      static_cast<model::StateIndex>(context.definition.states.size() - 1);
}

void ReadStateBodies(Context& context) {
  for (std::size_t i = 1; i < context.definition.states.size(); ++i) {
    ReadBody(context, static_cast<model::StateIndex>(i));
  }
}

}  // namespace duban::definition
