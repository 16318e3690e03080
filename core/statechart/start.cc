#include "core/statechart/start.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/resolve.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using model::Reason;
using model::Value;
using model::Violation;

// One value per field; null: not set.
std::vector<Value> AcceptAll(const Definition& definition, const model::Map& data,
                             std::vector<Violation>& violations) {
  std::vector<Value> values(definition.fields.size());
  for (const auto& [key, value] : data) {
    const auto* name = key.If<std::string>();
    const auto field = name != nullptr ? definition.FindField(*name) : std::nullopt;
    if (!field) {
      violations.push_back({name != nullptr ? *name : model::ToJson(key),
                            {"没有这个字段", "there is no such field"}});
      continue;
    }
    if (value.is_null()) continue;
    auto accepted = definition::Accept(definition.fields[*field], value);
    if (accepted) {
      values[*field] = std::move(*accepted);
    } else {
      violations.push_back({*name, std::move(accepted.error())});
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const definition::Field& field = definition.fields[i];
    if (!values[i].is_null()) continue;
    if (field.initial) {
      values[i] = *field.initial;
    } else if (field.required &&
               std::ranges::find(violations, field.name, &Violation::field) == violations.end()) {
      violations.push_back({field.name, {"必填", "is required"}});
    }
  }
  return values;
}

bool CheckRight(Draft& draft) {
  const Definition& definition = draft.definition();
  if (MayStart(definition, draft.organisation(), draft.actor())) return true;
  auto who = Find(definition.starters, draft.scope()).people;
  const model::Text names = NamesOf(draft.organisation(), who);
  model::Rejection rejection =
      who.empty()
          ? model::Refusal(Reason::kNotAllowed, "这个流程只能由管理员或上级流程启动",
                           "only administrators and parent cases start this workflow")
          : model::Refusal(Reason::kNotAllowed,
                           fmt::format("您无权启动这个流程；可以启动的是：{}", names.zh),
                           fmt::format("you may not start this workflow; these may: {}", names.en));
  rejection.who = std::move(who);
  draft.Fail(std::move(rejection));
  return false;
}

}  // namespace

bool StartFields(Draft& draft, const model::StartCase& start) {
  const Definition& definition = draft.definition();
  if (draft.state().revision != 0) {
    draft.Fail(Reason::kInternal, "案件已经启动", "the case has been started already");
    return false;
  }
  if (!CheckRight(draft)) return false;
  std::vector<Violation> violations;
  std::vector<Value> values = AcceptAll(definition, start.data, violations);
  if (!violations.empty()) {
    model::Rejection rejection =
        model::Refusal(Reason::kInvalidData, fmt::format("数据有 {} 处需要更正", violations.size()),
                       fmt::format("{} fields need correction", violations.size()));
    rejection.violations = std::move(violations);
    draft.Fail(std::move(rejection));
    return false;
  }
  draft.Emit(model::CaseStarted{definition.campaign, definition.workflow, draft.actor().id,
                                start.parent,
                                static_cast<std::uint16_t>(definition.fields.size())});
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].is_null()) draft.Assign(static_cast<model::FieldIndex>(i), std::move(values[i]));
  }
  return !draft.failed();
}

}  // namespace duban::statechart
