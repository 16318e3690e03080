#include "core/statechart/actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/messages.h"
#include "core/statechart/resolve.h"
#include "core/statechart/rounds.h"
#include "core/statechart/send.h"

namespace duban::statechart {
namespace {

using definition::Place;
using model::Value;

// The value with the member at `path` replaced; objects on the way are made where there are none.
std::optional<Value> WithMember(const Value& object, std::span<const std::string> path,
                                Value member) {
  if (path.empty()) return member;
  if (!object.is_null() && object.IfMap() == nullptr) return std::nullopt;
  model::Map map = object.is_null() ? model::Map() : *object.IfMap();
  const Value* present = map.Find(std::string_view(path.front()));
  auto inner =
      WithMember(present != nullptr ? *present : Value(), path.subspan(1), std::move(member));
  if (!inner) return std::nullopt;
  map.Set(path.front(), std::move(*inner));
  return Value(std::move(map));
}

class Runner {
 public:
  Runner(Draft& draft, model::StateIndex state) : draft_(draft), state_(state) {}

  bool Run(const definition::Actions& actions) {
    for (const definition::Action& action : actions) {
      if (!draft_.CountAction()) return false;
      place_ = &action.place;
      if (!std::visit(*this, action.what) || draft_.failed()) return false;
    }
    return true;
  }

  bool operator()(const definition::Assign& assign) {
    auto value = draft_.Evaluate(assign.value, *place_);
    if (!value) return false;
    if (!assign.path.empty()) {
      const auto& data = draft_.state().data;
      auto whole = WithMember(assign.field < data.size() ? data[assign.field] : Value(),
                              assign.path, std::move(*value));
      if (!whole) {
        draft_.RaiseError(*place_, "a member was assigned to what is not an object");
        return false;
      }
      value = std::move(*whole);
    }
    draft_.Assign(assign.field, std::move(*value));
    return true;
  }
  bool operator()(const definition::Raise& raise) {
    Value data;
    if (!raise.data.empty()) {
      auto map = draft_.Evaluate(raise.data, *place_);
      if (!map) return false;
      data = std::move(*map);
    }
    draft_.RaiseNamed(raise.event, std::move(data));
    return true;
  }
  bool operator()(const definition::Send& send) { return RunSend(draft_, send, *place_); }
  bool operator()(const definition::Cancel& cancel) { return RunCancel(draft_, cancel, *place_); }
  bool operator()(const definition::Start& start) { return RunStart(draft_, start, *place_); }
  bool operator()(const definition::Notify& notify) {
    const Message message = NotifyMessage(draft_, notify, *place_);
    const auto people = FindOrRaise(draft_, notify.to);
    if (people.empty()) {
      draft_.Emit(model::Logged{
          fmt::format("{}:{}: notify: nobody was found", place_->file, place_->line)});
    }
    draft_.Tell(people, message.subject, message.body, message.urgency,
                model::NotificationCause::kNotify);
    return true;
  }
  bool operator()(const definition::Escalate& escalate) {
    EscalateRound(draft_, state_, FindOrRaise(draft_, escalate.to));
    return true;
  }
  bool operator()(const definition::If& branch) {
    const auto holds = branch.condition.Test(draft_.scope());
    if (!holds) draft_.RaiseError(*place_, branch.condition, holds.error());
    return Run(holds && *holds ? branch.then : branch.otherwise);
  }
  bool operator()(const definition::ForEach& loop) {
    const auto list = draft_.Evaluate(loop.in, *place_);
    if (!list) return false;
    const model::List* items = list->IfList();
    if (items == nullptr) {
      draft_.RaiseError(*place_, "for_each walks through a list only");
      return false;
    }
    if (!CheckLength(draft_, *items)) return false;
    std::int64_t position = 0;
    for (const Value& item : *items) {
      if (loop.item != model::kNoState) draft_.Assign(loop.item, Value(item));
      if (loop.index != model::kNoState) draft_.Assign(loop.index, position);
      ++position;
      if (draft_.failed() || !Run(loop.actions)) return false;
    }
    return true;
  }
  bool operator()(const definition::Log& log) {
    const auto value = draft_.Evaluate(log.value, *place_);
    if (!value) return false;
    const auto* text = value->If<std::string>();
    draft_.Emit(model::Logged{text != nullptr ? *text : model::ToJson(*value)});
    return true;
  }

 private:
  Draft& draft_;
  model::StateIndex state_;
  const Place* place_ = nullptr;
};

}  // namespace

bool RunActions(Draft& draft, const definition::Actions& actions, model::StateIndex state) {
  return actions.empty() || Runner(draft, state).Run(actions);
}

}  // namespace duban::statechart
