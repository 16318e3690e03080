#include "core/statechart/send.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/timers.h"

namespace duban::statechart {
namespace {

using definition::Place;
using model::Value;

std::optional<std::string> TextOf(Draft& draft, const expression::Program& program,
                                  const Place& place) {
  const auto value = draft.Evaluate(program, place);
  if (!value) return std::nullopt;
  if (const auto* text = value->If<std::string>()) return *text;
  draft.RaiseError(place, fmt::format("`{}` did not give a text", program.source()));
  return std::nullopt;
}

// When the send is due, with how that came about; nothing after an error was raised.
struct Delay {
  bool at_once = true;
  model::Timestamp due;
  bool provisional = false;
  model::Text derivation;
};

std::optional<Delay> ComputedDelay(Draft& draft, const definition::Send& send, const Place& place) {
  const auto value = draft.Evaluate(send.delay_expression, place);
  if (!value) return std::nullopt;
  model::Duration span;
  if (const auto* millis = value->If<std::int64_t>()) {
    span = model::Duration::Millis(*millis);
  } else if (const auto* duration = value->If<model::Duration>()) {
    span = *duration;
  } else {
    draft.RaiseError(place, "a delay is a duration, or an int of milliseconds");
    return std::nullopt;
  }
  const auto due = model::Add(draft.facts().now, span);
  if (span < model::Duration{} || !due) {
    draft.RaiseError(place, "a delay is not negative, and ends before year 10000");
    return std::nullopt;
  }
  return Delay{span == model::Duration{}, *due, false, {}};
}

std::optional<Delay> DelayOf(Draft& draft, const definition::Send& send, const Place& place) {
  if (!send.delay_expression.empty()) return ComputedDelay(draft, send, place);
  if (send.delay.amount == 0) return Delay{};
  auto deadline = calendar::Compute(send.delay, draft.facts().now, draft.calendar(),
                                    draft.definition().time_zone);
  if (!deadline) {
    draft.RaiseError(place, deadline.error().In("en"));
    return std::nullopt;
  }
  return Delay{false, deadline->due, deadline->provisional, std::move(deadline->derivation)};
}

// The cases that a send goes to; CaseId{} stands for this one.
std::vector<model::CaseId> ReceiversOf(const Draft& draft, const definition::Send& send) {
  const model::Case& state = draft.state();
  switch (send.to) {
    case definition::Send::To::kSelf:
      return {model::CaseId{}};
    case definition::Send::To::kParent:
      if (state.parent.id) return {state.parent.id};
      return {};
    case definition::Send::To::kChildren: {
      std::vector<model::CaseId> children;
      for (const model::Child& child : state.children) {
        if (child.slot == send.slot && !child.ended) children.push_back(child.id);
      }
      return children;
    }
  }
  return {};
}

void SendNow(Draft& draft, model::CaseId to, const std::string& event, const Value& data) {
  if (to) return draft.Emit(model::MessageSent{draft.next_ordinal(), to, event, data});
  Occurrence occurrence;
  occurrence.name = event;
  occurrence.data = data;
  occurrence.actor = model::Principal::kSystem;
  draft.Queue(std::move(occurrence));
}

void SendLater(Draft& draft, model::CaseId to, const std::string& event, const Value& data,
               const std::string& id, const Delay& delay) {
  model::Timer timer;
  timer.ordinal = draft.next_ordinal();
  timer.kind = model::TimerKind::kSend;
  timer.due = delay.due;
  timer.provisional = delay.provisional;
  timer.derivation = delay.derivation;
  timer.calendar = draft.calendar().version();
  timer.event = event;
  timer.send_id = id;
  timer.to = to;
  timer.data = data;
  draft.Emit(model::TimerSet{std::move(timer)});
}

std::string ItemName(const Value& item) {
  const auto* text = item.If<std::string>();
  return text != nullptr ? *text : model::ToJson(item);
}

bool StartOne(Draft& draft, const definition::Start& start, const Value* item, const Place& place) {
  draft.scope().SetItem(item);
  auto data = draft.Evaluate(start.data, place);
  draft.scope().SetItem(nullptr);
  if (!data || draft.failed()) return false;
  model::Child child;
  child.ordinal = draft.next_ordinal();
  child.id = draft.TakeChildId();
  child.slot = start.slot;
  if (item != nullptr) child.item = ItemName(*item);
  draft.Emit(model::ChildStarted{std::move(child), start.workflow, std::move(*data)});
  return !draft.failed();
}

}  // namespace

bool CheckLength(Draft& draft, const model::List& items) {
  if (items.size() > kMaxForEach) {
    draft.Fail(model::Reason::kLimitExceeded,
               fmt::format("for_each 的列表有 {} 项，最多 {} 项", items.size(), kMaxForEach),
               fmt::format("for_each walks through {} items; at most {} are allowed", items.size(),
                           kMaxForEach));
  }
  return !draft.failed();
}

bool RunSend(Draft& draft, const definition::Send& send, const Place& place) {
  auto event =
      send.event_expression.empty() ? send.event : TextOf(draft, send.event_expression, place);
  if (!event) return false;
  const auto delay = DelayOf(draft, send, place);
  if (!delay) return false;
  Value data;
  if (!send.data.empty()) {
    auto map = draft.Evaluate(send.data, place);
    if (!map) return false;
    data = std::move(*map);
  }
  std::string id = send.id;
  if (send.id_field != model::kNoState) {
    id = fmt::format("send-{}-{}", draft.state().revision + 1, draft.recorded());
    draft.Assign(send.id_field, id);
  }
  for (model::CaseId to : ReceiversOf(draft, send)) {
    if (delay->at_once) {
      SendNow(draft, to, *event, data);
    } else {
      SendLater(draft, to, *event, data, id, *delay);
    }
  }
  return !draft.failed();
}

bool RunCancel(Draft& draft, const definition::Cancel& cancel, const Place& place) {
  const auto id =
      cancel.id_expression.empty() ? cancel.id : TextOf(draft, cancel.id_expression, place);
  if (!id) return false;
  CancelSends(draft, *id);
  return true;
}

bool RunStart(Draft& draft, const definition::Start& start, const Place& place) {
  if (start.for_each.empty()) return StartOne(draft, start, nullptr, place);
  const auto list = draft.Evaluate(start.for_each, place);
  if (!list) return false;
  const model::List* items = list->IfList();
  if (items == nullptr) {
    draft.RaiseError(place, "for_each walks through a list only");
    return false;
  }
  if (!CheckLength(draft, *items)) return false;
  for (const Value& item : *items) {
    if (!StartOne(draft, start, &item, place)) return false;
  }
  const bool waiting = std::ranges::any_of(draft.state().children, [&](const model::Child& child) {
    return child.slot == start.slot && !child.ended;
  });
  if (!waiting) draft.RaiseNamed(fmt::format("children.{}.done", start.slot), {});
  return true;
}

}  // namespace duban::statechart
