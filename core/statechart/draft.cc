#include "core/statechart/draft.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/secrets.h"

namespace duban::statechart {
namespace {

using model::Reason;
using model::Value;

// Too small to count: kMaxFields of these are far below kMaxCaseBytes.
constexpr std::size_t kSmallTextBytes = 1024;

bool IsSmall(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::kString:
      return value.If<std::string>()->size() <= kSmallTextBytes;
    case Value::Kind::kBytes:
    case Value::Kind::kList:
    case Value::Kind::kMap:
      return false;
    default:
      return true;
  }
}

}  // namespace

std::size_t SizeOf(const Value& value, std::size_t limit, int depth) {
  if (depth > kMaxDataDepth) return limit + 1;
  std::size_t size = sizeof(Value);
  if (const auto* text = value.If<std::string>()) {
    size += text->size();
  } else if (const auto* bytes = value.If<model::Bytes>()) {
    size += bytes->data.size();
  } else if (const auto* list = value.IfList()) {
    for (const Value& item : *list) {
      if (size > limit) break;
      size += SizeOf(item, limit, depth + 1);
    }
  } else if (const auto* map = value.IfMap()) {
    for (const auto& [key, item] : *map) {
      if (size > limit) break;
      size += SizeOf(key, limit, depth + 1) + SizeOf(item, limit, depth + 1);
    }
  }
  return size;
}

const definition::Organisation& OrganisationOf(const Facts& facts) {
  static const definition::Organisation none;
  return facts.organisation != nullptr ? *facts.organisation : none;
}

Draft::Draft(const definition::Definition& definition, Outcome& outcome, const Facts& facts,
             const model::Principal& actor)
    : definition_(definition),
      facts_(facts),
      actor_(actor),
      case_(outcome.next),
      scope_(definition, OrganisationOf(facts), case_, facts.now),
      events_(outcome.events) {
  events_.reserve(16);
}

const calendar::Calendar& Draft::calendar() const {
  static const calendar::Calendar none;
  return facts_.calendar != nullptr ? *facts_.calendar : none;
}

void Draft::Recorded() {
  const model::Event& event = events_.back();
  Apply(definition_, case_, event);
  if (std::holds_alternative<model::ChildStarted>(event) ||
      std::holds_alternative<model::ChildEnded>(event)) {
    scope_.ChildrenChanged();
  }
  if (events_.size() > static_cast<std::size_t>(kMaxEvents)) {
    Fail(Reason::kLimitExceeded,
         fmt::format("一步之内记录的事件超过 {} 条；请把工作分成几步", kMaxEvents),
         fmt::format("more than {} events in one step; split the work over several steps",
                     kMaxEvents));
  }
}

void Draft::Fail(model::Rejection rejection) {
  if (!failure_) failure_ = std::move(rejection);
}

void Draft::Fail(Reason reason, std::string zh, std::string en) {
  if (!failure_) failure_ = model::Refusal(reason, std::move(zh), std::move(en));
}

void Draft::Enqueue(EventQueue& queue, Occurrence event) {
  if (queue.events.size() >= static_cast<std::size_t>(kMaxEvents)) {
    return Fail(Reason::kLimitExceeded,
                fmt::format("排队的事件超过 {} 个；请检查循环中的 raise 与 send", kMaxEvents),
                fmt::format("more than {} events are queued; look at raise and send inside loops",
                            kMaxEvents));
  }
  queue.events.push_back(std::move(event));
}

std::optional<Occurrence> Draft::Dequeue(EventQueue& queue) {
  if (queue.next == queue.events.size()) return std::nullopt;
  std::optional<Occurrence> first = std::move(queue.events[queue.next++]);
  if (queue.next == queue.events.size()) queue = {};
  return first;
}

void Draft::RaiseNamed(std::string name, Value data) {
  Occurrence event;
  event.name = std::move(name);
  event.data = std::move(data);
  event.actor = actor_.id;
  Raise(std::move(event));
}

void Draft::RaiseError(const definition::Place& place, const std::string& message) {
  const std::string where = fmt::format("{}:{}", place.file, place.line);
  Emit(model::Logged{fmt::format("error.execution {}: {}", where, message)});
  RaiseNamed("error.execution", model::Map({{"message", message}, {"place", where}}));
}

void Draft::RaiseError(const definition::Place& place, const expression::Program& program,
                       const expression::Problem& problem) {
  RaiseError(place, fmt::format("{} (in `{}`)", problem.message.In("en"), program.source()));
}

std::expected<Value, expression::Problem> Draft::Evaluate(const expression::Program& program,
                                                          const definition::Place& place) {
  auto value = program.Evaluate(scope_);
  if (!value) RaiseError(place, program, value.error());
  return value;
}

std::optional<model::Map> Draft::Evaluate(const definition::DataMap& data,
                                          const definition::Place& place) {
  std::vector<model::Map::Entry> entries;
  entries.reserve(data.size());
  for (const auto& [name, program] : data) {
    auto value = Evaluate(program, place);
    if (!value) return std::nullopt;
    if (!CheckSize(*value)) return std::nullopt;
    entries.emplace_back(name, std::move(*value));
  }
  return model::Map(std::move(entries));
}

bool Draft::GuardHolds(model::TransitionIndex index) {
  const definition::Transition& transition = definition_.transitions[index];
  if (transition.guard.empty()) return true;
  const auto holds = transition.guard.Test(scope_);
  if (holds) return *holds;
  if (std::ranges::find(failed_guards_, index) == failed_guards_.end()) {
    failed_guards_.push_back(index);
    RaiseError(transition.place, transition.guard, holds.error());
  }
  return false;
}

bool Draft::CheckSize(const Value& value) {
  if (IsSmall(value) || SizeOf(value, kMaxCaseBytes) <= kMaxCaseBytes) return !failed();
  Fail(Reason::kLimitExceeded,
       fmt::format("一个值超过 {} 字节，或嵌套超过 {} 层", kMaxCaseBytes, kMaxDataDepth),
       fmt::format("a value is larger than {} bytes or nested deeper than {}", kMaxCaseBytes,
                   kMaxDataDepth));
  return false;
}

void Draft::Assign(model::FieldIndex field, Value&& value) {
  if (!IsSmall(value)) {
    if (!CheckSize(value)) return;
    if (!data_bytes_) {
      data_bytes_ = 0;
      for (const Value& present : case_.data) *data_bytes_ += SizeOf(present, kMaxCaseBytes);
    }
  }
  if (data_bytes_) {
    *data_bytes_ += SizeOf(value, kMaxCaseBytes);
    if (field < case_.data.size()) {
      *data_bytes_ -= std::min(*data_bytes_, SizeOf(case_.data[field], kMaxCaseBytes));
    }
    if (*data_bytes_ > kMaxCaseBytes) {
      return Fail(Reason::kLimitExceeded, fmt::format("案件数据超过 {} 字节", kMaxCaseBytes),
                  fmt::format("the data of the case is larger than {} bytes", kMaxCaseBytes));
    }
  }
  EmitNew<model::FieldAssigned>(field, std::move(value));
}

void Draft::Tell(const std::vector<model::PersonId>& people, const model::Text& subject,
                 const model::Text& body, model::Urgency urgency, model::NotificationCause cause) {
  const bool for_all = std::ranges::all_of(
      definition_.fields, [](const definition::Field& field) { return field.visible_to.empty(); });
  for (const model::PersonId& person : people) {
    model::Notification notification{next_ordinal(), person, subject, body, urgency, cause};
    if (!for_all) {
      HideFrom(person, notification.subject, scope_);
      HideFrom(person, notification.body, scope_);
    }
    Emit(model::Notified{std::move(notification)});
  }
}

bool Draft::CountMicrostep() {
  if (++microsteps_ > kMaxMicrosteps) {
    Fail(Reason::kLimitExceeded,
         fmt::format("一步之内转移超过 {} 次：流程在原地打转，请检查 always 与 raise",
                     kMaxMicrosteps),
         fmt::format(
             "more than {} microsteps: the workflow runs in a circle, look at `always` and `raise`",
             kMaxMicrosteps));
  }
  return !failed();
}

bool Draft::CountAction() {
  if (++actions_ > kMaxActions) {
    Fail(Reason::kLimitExceeded,
         fmt::format("一步之内动作超过 {} 个；请检查 for_each", kMaxActions),
         fmt::format("more than {} actions in one step; look at for_each", kMaxActions));
  }
  return !failed();
}

model::CaseId Draft::TakeChildId() {
  if (children_ >= kMaxChildrenPerStep) {
    Fail(Reason::kLimitExceeded, fmt::format("一步之内启动的子流程超过 {} 个", kMaxChildrenPerStep),
         fmt::format("more than {} children started in one step", kMaxChildrenPerStep));
  }
  return {facts_.next_case_id.value + static_cast<std::uint64_t>(children_++)};
}

std::optional<model::Rejection> Draft::Finish() && {
  if (failure_) return std::move(failure_);
  if (!events_.empty()) Seal(case_, events_, case_.revision + 1, actor_.id, facts_.now);
  return std::nullopt;
}

}  // namespace duban::statechart
