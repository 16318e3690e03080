// The form of a decision or a draft: each field that was given, each that is missing.
#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/decide.h"
#include "core/statechart/draft.h"
#include "core/statechart/resolve.h"

namespace duban::statechart {
namespace {

using definition::FormField;
using model::PersonId;
using model::Value;
using model::Violation;

const FormField* FieldOfForm(const definition::Task& task, std::optional<model::FieldIndex> field) {
  if (!field) return nullptr;
  const auto found = std::ranges::find(task.form, *field, &FormField::field);
  return found == task.form.end() ? nullptr : &*found;
}

// `from`: whom one may choose.
std::optional<model::Text> CheckChoice(const Scope& scope, const FormField& asked,
                                       const Value& value) {
  if (asked.from.empty()) return std::nullopt;
  const Found choice = Find(asked.from, scope);
  if (choice.failure) {
    return model::Text(
        fmt::format("可选人员无法确定：{}", choice.failure->message),
        fmt::format("whom one may choose cannot be told: {}", choice.failure->message));
  }
  const model::List single{value};
  const model::List* items = value.IfList();
  for (const Value& item : items != nullptr ? *items : single) {
    const auto* id = item.If<std::string>();
    if (id == nullptr || std::ranges::find(choice.people, *id) != choice.people.end()) continue;
    std::string list;
    for (const PersonId& person : choice.people) list += (list.empty() ? "" : ", ") + person;
    return model::Text(fmt::format("不能选择 {}；可以选择：{}", *id, list),
                       fmt::format("{} cannot be chosen; choose among: {}", *id, list));
  }
  return std::nullopt;
}

bool IsRequired(const FormField& asked, const std::string& outcome) {
  if (outcome == "recused" || outcome == "abstained") return false;
  if (asked.required_for.empty()) return asked.required;
  return std::ranges::find(asked.required_for, outcome) != asked.required_for.end();
}

class FormChecker {
 public:
  FormChecker(const Scope& scope, const SeatPlace& place, const model::Decide& decide)
      : scope_(scope),
        definition_(scope.definition()),
        task_(*definition_.states[place.round->state].task),
        opinion_only_(place.seat->relation == model::Relation::kDelegate),
        decide_(decide) {
    accepted_.state = place.round->state;
  }

  void CheckGiven() {
    for (const auto& [key, value] : decide_.form) {
      const auto* name = key.If<std::string>();
      CheckOne(name != nullptr ? *name : model::ToJson(key), value);
    }
  }

  void CheckMissing() {
    if (opinion_only_) return;
    const auto& data = scope_.state().data;
    for (const FormField& asked : task_.form) {
      if (!IsRequired(asked, decide_.outcome)) continue;
      const auto given = std::ranges::find(accepted_.form, asked.field,
                                           &std::pair<model::FieldIndex, Value>::first);
      const bool present = given != accepted_.form.end()
                               ? !given->second.is_null()
                               : asked.field < data.size() && !data[asked.field].is_null();
      const std::string& name = definition_.fields[asked.field].name;
      const bool refused =
          std::ranges::find(violations_, name, &Violation::field) != violations_.end();
      if (!present && !refused) violations_.push_back({name, {"必填", "is required"}});
    }
  }

  std::expected<AcceptedDecision, model::Rejection> Take() {
    if (violations_.empty()) return std::move(accepted_);
    model::Rejection rejection = model::Refusal(
        model::Reason::kInvalidData, fmt::format("表单有 {} 处需要更正", violations_.size()),
        fmt::format("{} fields of the form need correction", violations_.size()));
    rejection.violations = std::move(violations_);
    return std::unexpected(std::move(rejection));
  }

 private:
  void CheckOne(const std::string& name, const Value& value) {
    const auto field = definition_.FindField(name);
    const FormField* asked = FieldOfForm(task_, field);
    if (asked == nullptr) {
      return Refuse(name, {"这项任务的表单没有这一项", "the form of this task has no such field"});
    }
    if (opinion_only_)
      return Refuse(name, {"受委派人只提意见，表单由办理人填写",
                           "a delegate gives an opinion; the form is for whoever has the task"});
    if (asked->read_only) return Refuse(name, {"这一项只读", "this field is read-only here"});
    if (value.is_null()) {
      accepted_.form.emplace_back(*field, value);
      return;
    }
    auto checked = definition::Accept(definition_.fields[*field], value);
    if (!checked) return Refuse(name, std::move(checked.error()));
    if (auto wrong = CheckChoice(scope_, *asked, *checked)) return Refuse(name, std::move(*wrong));
    accepted_.form.emplace_back(*field, std::move(*checked));
  }
  void Refuse(const std::string& name, model::Text why) {
    violations_.push_back({name, std::move(why)});
  }

  const Scope& scope_;
  const definition::Definition& definition_;
  const definition::Task& task_;
  const bool opinion_only_;
  const model::Decide& decide_;
  AcceptedDecision accepted_;
  std::vector<Violation> violations_;
};

}  // namespace

std::expected<AcceptedDecision, model::Rejection> CheckForm(const Scope& scope,
                                                            const SeatPlace& place,
                                                            const model::Decide& decide,
                                                            FormUse use) {
  FormChecker checker(scope, place, decide);
  checker.CheckGiven();
  if (use == FormUse::kDecision) checker.CheckMissing();
  return checker.Take();
}

}  // namespace duban::statechart
