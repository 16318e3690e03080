// Of a due date: where its count begins, the rules that set it, what happens when it passes.
#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

calendar::Date DayAfter(calendar::Date day) {
  return calendar::Date::FromDayNumber(day.DayNumber() + 1);
}

void ReadProvision(Context& context, Due& due, const Node& node, bool has_within) {
  const Object object(node, kProvisionKeys, context.report);
  if (!object.is_map()) return;
  Provision provision;
  provision.limit = due.limit;
  if (const Node* text = object["text"]) provision.basis = ReadTitle(*text, context.report);
  if (const Node* from = object["from"]) provision.from = ReadDate(*from, context.report);
  if (const Node* to = object["to"]) provision.to = ReadDate(*to, context.report);
  if (const Node* within = object["within"]) {
    const auto limit = ReadTimeLimit(context, *within).value_or(calendar::TimeLimit{});
    provision.limit.amount = limit.amount;
    provision.limit.unit = limit.unit;
  } else if (!has_within) {
    context.report.Error("missing-key", node.place,
                         {"这个版本没有说明期间", "this version of the rule sets no limit"},
                         {"写 within，或在 due 下写共同的 within",
                          "add `within` to it, or one for all to the due date"});
  }
  if (provision.from && provision.to && *provision.to < *provision.from) {
    context.report.Error(
        "empty-period", object.KeyPlace("to"), {"to 早于 from", "`to` lies before `from`"},
        {"to 是最后有效之日", "`to` is the last day on which the rule is in force"});
  }
  due.provisions.push_back(std::move(provision));
}

// One follows the other, so that on every day at most one rule is in force and none is missing
// between.
void CheckSequence(Context& context, const Due& due, const Node& list) {
  for (std::size_t i = 1; i < due.provisions.size(); ++i) {
    const Provision& before = due.provisions[i - 1];
    const Provision& after = due.provisions[i];
    if (before.to && after.from && DayAfter(*before.to) == *after.from) continue;
    const std::string day = before.to ? DayAfter(*before.to).ToString() : "YYYY-MM-DD";
    context.report.Error(
        "basis-not-continuous", list.items[i]->place,
        Say("这个版本没有紧接着上一个版本", "this version does not follow on the one before it"),
        Say("按日期先后排列；上一个写 to，这一个写 from: {}（次日）",
            "list them by date; give the one before a `to`, and this one from: {}, the day after",
            day));
  }
}

// The one transition of a stage; nothing when it says nothing.
void AddStage(Context& context, model::StateIndex state, const Object& object, int stage) {
  Transition transition;
  transition.source = state;
  transition.overdue = true;
  transition.stage = stage;
  transition.place = object.KeyPlace("to");
  if (const Node* escalate = object["escalate"]) {
    transition.actions.push_back({Escalate{ReadAddressees(context, *escalate)}, escalate->place});
  }
  if (const Node* notify = object["notify"]) {
    transition.actions.push_back({ReadNotify(context, *notify), notify->place});
  }
  if (const Node* actions = object["do"]) {
    for (Action& action : ReadActions(context, *actions))
      transition.actions.push_back(std::move(action));
  }
  if (const Node* when = object["when"]) {
    transition.guard = CompileCel(context, *when, expression::Type::Kind::kBool);
  }
  if (const Node* to = object["to"]) transition.targets = ReadTargets(context, *to);
  AddTransition(context, std::move(transition));
}

void ReadStage(Context& context, model::StateIndex state, Due& due, const Node& node) {
  const Object object(node, kOverdueKeys, context.report);
  if (!object.is_map()) return;
  Overdue overdue;
  overdue.place = node.place;
  if (const Node* after = object["after"])
    overdue.after = ReadTimeLimit(context, *after).value_or(calendar::TimeLimit{});
  if (due.overdue.empty() && overdue.after.amount > 0) due.overdue.emplace_back();
  if (!due.overdue.empty()) {
    const calendar::TimeLimit& before = due.overdue.back().after;
    const bool comparable = before.unit == overdue.after.unit || overdue.after.amount == 0;
    if (comparable && overdue.after.amount <= before.amount) {
      context.report.Error(
          "overdue-order", node.place,
          {"这一级不晚于上一级", "this stage does not come after the one before it"},
          {"按先后排列，after 逐级增大；第一级可以不写 after",
           "list the stages by time, each with a greater `after`; the first may do without"});
    }
  }
  const int stage = static_cast<int>(due.overdue.size());
  const Node* decide = object["decide"];
  if (decide != nullptr && ExpectScalar(*decide, context.report)) {
    overdue.decide = decide->scalar;
    overdue.place = decide->place;
    for (const std::string_view key : {"escalate", "notify", "do", "to", "when"}) {
      if (object[key] == nullptr) continue;
      context.report.Error(
          "conflicting-keys", object.KeyPlace(key),
          Say("`{}` 不能与 decide 一起：结论按 on: 转移",
              "`{}` does not go with `decide`: the outcome is taken by `on`", key));
    }
  }
  due.overdue.push_back(std::move(overdue));
  if (decide == nullptr) AddStage(context, state, object, stage);
}

void CheckDecision(const State& state, const Overdue& overdue, Report& report) {
  if (!state.task) {
    report.Error("nothing-to-decide", overdue.place,
                 {"这个状态没有任务，逾期时没有什么可以决定",
                  "the state has no task: there is nothing to decide when it is overdue"},
                 {"用 to: 转移", "write `to` to move on"});
    return;
  }
  const auto& outcomes = state.task->outcomes;
  if (std::find(outcomes.begin(), outcomes.end(), overdue.decide) == outcomes.end()) {
    report.Error("unknown-outcome", overdue.place,
                 Say("任务没有结论 `{}`", "the task has no outcome `{}`", overdue.decide),
                 DidYouMeanOrList(overdue.decide, {outcomes.begin(), outcomes.end()}));
    return;
  }
  const bool refusal = state.task->approval && overdue.decide == "rejected";
  if (!state.due->has_basis() || refusal) return;
  report.Error(
      "automatic-with-basis", overdue.place,
      Say("有依据的期限（法定期限）逾期不能自动得出结论 `{}`",
          "a due date with a basis in law cannot pass into `{}` by itself", overdue.decide),
      {"升级给上级（escalate），或转到另一个状态（to）；只有审批的 rejected 可以由系统作出",
       "escalate it, or move on with `to`; only `rejected` of an approval may be the system's"});
}

}  // namespace

void ReadDueFrom(Context& context, Due& due, const Node& node) {
  if (due.kind != Due::Kind::kWithin) {
    context.report.Error("counting", node.place,
                         {"from 只用于 within", "`from` goes with `within` only"});
  }
  if (node.is_scalar()) {
    if (node.scalar == "entry" || node.scalar == "start") {
      due.from = node.scalar == "start" ? Due::From::kStart : Due::From::kEntry;
      return;
    }
    context.report.Error("wrong-value", node.place,
                         Say("没有起算点 `{}`", "there is no start `{}` of a count", node.scalar),
                         {"写 entry、start、{field: 字段} 或 {event: 数据名}",
                          "write entry, start, {field: name} or {event: key}"});
    return;
  }
  const Object object(node, kDueFromKeys, context.report);
  if (!object.is_map() || !object.ExactlyOne({"field", "event"}, context.report)) return;
  if (const Node* event = object["event"]) {
    due.from = Due::From::kEvent;
    due.from_key = ReadText(*event, context.report).value_or("");
    return;
  }
  const Node* field = object["field"];
  due.from = Due::From::kField;
  due.from_field = FindFieldOrReport(context, *field).value_or(0);
  if (!context.fields.contains(field->scalar)) return;
  const FieldKind kind = context.definition.fields[due.from_field].kind;
  if (kind == FieldKind::kDate || kind == FieldKind::kTime) return;
  context.report.Error(
      "not-a-date-field", field->place,
      Say("字段 `{}` 不是日期或时间", "the field `{}` is neither a date nor a time", field->scalar),
      {"声明为 {type: date} 或 {type: time}", "declare it as {type: date} or {type: time}"});
}

void ReadBasis(Context& context, Due& due, const Node& node) {
  if (!node.is_sequence()) {
    due.basis = ReadTitle(node, context.report);
    return;
  }
  if (due.kind != Due::Kind::kWithin) {
    context.report.Error(
        "counting", node.place,
        {"按日期分版本的依据只用于 within", "versions of a basis by date go with `within` only"});
  }
  const bool has_within = due.limit.amount > 0;
  for (const NodePtr& item : node.items) ReadProvision(context, due, *item, has_within);
  if (due.provisions.size() == node.items.size()) CheckSequence(context, due, node);
}

void ReadOverdue(Context& context, model::StateIndex state, Due& due, const Node& node) {
  for (const Node* item : OneOrMany(node)) ReadStage(context, state, due, *item);
}

void CheckOverdue(const Definition& definition, Report& report) {
  for (const State& state : definition.states) {
    if (!state.due) continue;
    for (const Overdue& overdue : state.due->overdue) {
      if (!overdue.decide.empty()) CheckDecision(state, overdue, report);
    }
  }
}

}  // namespace duban::definition
