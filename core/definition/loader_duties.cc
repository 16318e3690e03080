// The rules of the case: who may not act where.
#include <algorithm>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

void ReportTwice(Context& context, const Node& name) {
  context.report.Error("duplicate-value", name.place,
                       Say("`{}` 写了两次", "`{}` comes twice", name.scalar));
}

void ReadDutyState(Context& context, Duty& duty, const Node& name) {
  const auto state = FindStateOrReport(context, name);
  if (!state) return;
  if (!context.definition.states[*state].task) {
    context.report.Error(
        "duty-without-task", name.place,
        Say("状态 `{}` 自己没有任务，没有人在那里办理",
            "the state `{}` has no task of its own: nobody acts there", name.scalar),
        {"写有 task 或 approval 的状态", "name a state with a task or approval"});
    return;
  }
  if (std::find(duty.states.begin(), duty.states.end(), *state) != duty.states.end())
    return ReportTwice(context, name);
  duty.states.push_back(*state);
}

void CheckAtLeastTwo(Context& context, const Node& node, std::size_t count) {
  if (count >= 2 || context.report.full()) return;
  context.report.Error("one-alone", node.place,
                       {"至少要写两个才能分开", "it takes two to be kept apart"});
}

void ReadSeparate(Context& context, Duty& duty, const Node& node) {
  duty.kind = Duty::Kind::kSeparate;
  const std::vector<const Node*> names = ReadNames(node, context.report);
  for (const Node* name : names) {
    if (name->scalar != "starter") {
      ReadDutyState(context, duty, *name);
      continue;
    }
    if (duty.starter) ReportTwice(context, *name);
    duty.starter = true;
  }
  CheckAtLeastTwo(context, node, names.size());
}

void ReadDiffer(Context& context, Duty& duty, const Node& node) {
  duty.kind = Duty::Kind::kDiffer;
  const std::vector<const Node*> names = ReadNames(node, context.report);
  for (const Node* name : names) {
    const auto field = FindFieldOrReport(context, *name);
    if (!field) continue;
    if (!HoldsPeople(context.definition.fields[*field])) {
      context.report.Error(
          "not-a-person-field", name->place,
          Say("字段 `{}` 里不是人员", "the field `{}` holds no people", name->scalar),
          {"声明为 {type: person}", "declare it as {type: person}"});
    } else if (std::find(duty.fields.begin(), duty.fields.end(), *field) != duty.fields.end()) {
      ReportTwice(context, *name);
    } else {
      duty.fields.push_back(*field);
    }
  }
  CheckAtLeastTwo(context, node, names.size());
}

void ReadDuty(Context& context, const Node& node) {
  const Object object(node, kDutyKeys, context.report);
  if (!object.ExactlyOne({"separate", "barred", "differ"}, context.report)) return;
  Duty duty;
  duty.place = node.place;
  if (const Node* basis = object["basis"]) duty.basis = ReadTitle(*basis, context.report);
  const Node* in = object["in"];
  if (const Node* separate = object["separate"]) {
    ReadSeparate(context, duty, *separate);
  } else if (const Node* differ = object["differ"]) {
    ReadDiffer(context, duty, *differ);
  } else if (const Node* barred = object["barred"]) {
    duty.kind = Duty::Kind::kBarred;
    duty.people = ReadAddressees(context, *barred);
    if (in != nullptr) {
      for (const Node* name : ReadNames(*in, context.report)) ReadDutyState(context, duty, *name);
    }
  }
  if (in != nullptr && duty.kind != Duty::Kind::kBarred) {
    context.report.Error("conflicting-keys", object.KeyPlace("in"),
                         {"in 只与 barred 一起", "`in` goes with `barred` only"});
  }
  context.definition.duties.push_back(std::move(duty));
}

}  // namespace

void ReadDuties(Context& context, const Node& node) {
  for (const Node* item : OneOrMany(node)) ReadDuty(context, *item);
}

}  // namespace duban::definition
