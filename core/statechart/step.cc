#include "core/statechart/step.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/draft.h"
#include "core/statechart/duties.h"
#include "core/statechart/microstep.h"
#include "core/statechart/operations.h"
#include "core/statechart/resolve.h"
#include "core/statechart/rounds.h"
#include "core/statechart/seating.h"
#include "core/statechart/select.h"
#include "core/statechart/start.h"
#include "core/statechart/timers.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using definition::Definition;
using model::Reason;
using model::Rejection;

Rejection NotTaken(const Draft& draft, const Occurrence& event) {
  auto permitted = PermittedNow(draft.definition(), draft.state(), draft.facts());
  std::vector<std::string> names;
  for (const model::Permitted& one : permitted) {
    if (one.task == 0) names.push_back(one.event);
  }
  const std::string list = fmt::format("{}", fmt::join(names, ", "));
  Rejection rejection = model::Refusal(
      Reason::kEventNotTaken,
      names.empty() ? fmt::format("案件现在不接受事件 {}，也不等待其他事件", event.name)
                    : fmt::format("案件现在不接受事件 {}；现在可以发送：{}", event.name, list),
      names.empty() ? fmt::format("nothing takes the event `{}` now, nor any other", event.name)
                    : fmt::format("nothing takes the event `{}` now; what would be taken: {}",
                                  event.name, list));
  rejection.permitted = std::move(permitted);
  return rejection;
}

Rejection NotAllowed(Draft& draft, const Occurrence& event,
                     const std::vector<model::TransitionIndex>& refused) {
  std::vector<model::PersonId> who;
  for (model::TransitionIndex t : refused) {
    for (model::PersonId& person :
         Find(draft.definition().transitions[t].by, draft.scope()).people) {
      if (std::ranges::find(who, person) == who.end()) who.push_back(std::move(person));
    }
  }
  const model::Text names = NamesOf(draft.organisation(), who);
  Rejection rejection =
      who.empty()
          ? model::Refusal(Reason::kNotAllowed, fmt::format("事件 {} 不能由人发送", event.name),
                           fmt::format("`{}` is not for a person to send", event.name))
          : model::Refusal(
                Reason::kNotAllowed,
                fmt::format("您无权发送事件 {}；可以发送的是：{}", event.name, names.zh),
                fmt::format("you may not send `{}`; these may: {}", event.name, names.en));
  rejection.who = std::move(who);
  return rejection;
}

// The event is offered to the active states and takes effect.
void Take(Draft& draft, const Occurrence& event) {
  if (!draft.CountMicrostep()) return;
  draft.scope().SetEvent(&event);
  const Selection selection = Select(draft, event);
  if (event.asked && selection.enabled.empty()) {
    return draft.Fail(selection.refused.empty() ? NotTaken(draft, event)
                                                : NotAllowed(draft, event, selection.refused));
  }
  if (event.needs_reason && event.reason.empty()) {
    for (model::TransitionIndex t : selection.enabled) {
      if (!draft.definition().transitions[t].reason_required) continue;
      return draft.Fail(Reason::kReasonRequired, fmt::format("“{}”必须说明理由", event.name),
                        fmt::format("`{}` needs a reason; give one", event.name));
    }
  }
  if (!selection.enabled.empty()) Microstep(draft, selection.enabled);
}

// An event from outside, as it is recorded.
void TakeExternal(Draft& draft, const Occurrence& event) {
  draft.EmitNew<model::EventTaken>(event.name, event.actor, event.data, event.reason);
  Take(draft, event);
}

// Eventless transitions first, then internal events, then what the case sent to itself, until it
// rests.
void RunToRest(Draft& draft) {
  std::optional<Occurrence> event;  // stays bound until the next one is taken
  while (!draft.failed() && !draft.finished() && !draft.ended()) {
    if (const TransitionSet eventless = SelectEventless(draft); !eventless.empty()) {
      if (draft.CountMicrostep()) Microstep(draft, eventless);
    } else if (auto internal = draft.NextInternal()) {
      event = std::move(internal);
      Take(draft, *event);
    } else if (auto external = draft.NextExternal()) {
      event = std::move(external);
      TakeExternal(draft, *event);
    } else {
      break;
    }
  }
  EndIfFinished(draft);
  ReplaceTheUnable(draft);
  CheckDiffer(draft);
}

bool FromSystem(Draft& draft) {
  if (draft.actor().is_system()) return true;
  draft.Fail(Reason::kNotAllowed, "只有引擎自己可以这样做", "only the engine itself does this");
  return false;
}

// True after the step has failed because the case has gone on since the caller saw it.
bool IsStale(Draft& draft, std::optional<model::Revision> expected) {
  const model::Revision revision = draft.state().revision;
  if (!expected || *expected == revision) return false;
  Rejection stale = model::Refusal(
      Reason::kStaleRevision,
      fmt::format("案件已到第 {} 版，您看到的是第 {} 版；请重新读取后再决定", revision, *expected),
      fmt::format("the case is at revision {}, you saw {}; read it again, then decide", revision,
                  *expected));
  stale.revision = revision;
  draft.Fail(std::move(stale));
  return true;
}

// Each handler does what the command itself brings; the run to rest follows. `event` outlives both.
class Handler {
 public:
  Handler(Draft& draft, std::optional<Occurrence>& event) : draft_(draft), event_(event) {}

  void operator()(const model::StartCase& start) {
    if (StartFields(draft_, start)) EnterInitial(draft_);
  }

  void operator()(const model::SendEvent& send) {
    if (HasEnded(draft_) || AreWordsWrong(draft_, send.reason, false)) return;
    if (!draft_.actor().is_system() && IsSuspended(draft_)) return;
    if (SizeOf(send.data, kMaxCaseBytes) > kMaxCaseBytes) {
      return draft_.Fail(
          Reason::kLimitExceeded,
          fmt::format("事件数据超过 {} 字节，或嵌套超过 {} 层", kMaxCaseBytes, kMaxDataDepth),
          fmt::format("the event's data is larger than {} bytes or nested deeper than {}",
                      kMaxCaseBytes, kMaxDataDepth));
    }
    event_.emplace(send.name, send.data, draft_.actor().id, send.reason);
    event_->asked = true;
    event_->needs_reason = !draft_.actor().is_system();
    TakeExternal(draft_, *event_);
  }

  void operator()(const model::Decide& decide) {
    event_ = DecideSeat(draft_, decide);
    if (event_) Take(draft_, *event_);
  }

  void operator()(const model::FireTimer& fire) {
    if (!FromSystem(draft_) || draft_.ended()) return;
    event_ = Fire(draft_, fire.timer);
    if (event_) TakeExternal(draft_, *event_);
  }

  void operator()(const model::RecomputeDeadlines&) {
    if (FromSystem(draft_) && !draft_.ended()) RecomputeTimers(draft_);
  }

  void operator()(const model::ReportChild& report) {
    if (!FromSystem(draft_) || draft_.ended()) return;
    const auto& children = draft_.state().children;
    const auto found = std::ranges::find(children, report.child, &model::Child::ordinal);
    if (found == children.end() || found->ended) return;
    const model::Child child = *found;
    draft_.Emit(model::ChildEnded{report.child, report.outcome});
    const model::Map data({{"slot", child.slot},
                           {"item", child.item},
                           {"outcome", report.outcome},
                           {"result", report.data}});
    event_.emplace("child.ended", data, model::Principal::kSystem);
    const bool waiting = std::ranges::any_of(children, [&](const model::Child& other) {
      return other.slot == child.slot && !other.ended;
    });
    if (!waiting) {
      Occurrence last;
      last.name = fmt::format("children.{}.done", child.slot);
      last.actor = model::Principal::kSystem;
      draft_.Queue(std::move(last));
    }
    TakeExternal(draft_, *event_);
  }

  void operator()(const auto& operation) {
    event_ = Do(draft_, operation);
    if (event_) Take(draft_, *event_);
  }

 private:
  Draft& draft_;
  std::optional<Occurrence>& event_;
};

}  // namespace

std::expected<Outcome, Rejection> Step(const Definition& definition, model::Case&& current,
                                       const model::Command& command, const Facts& facts,
                                       std::vector<model::Event> room) {
  // The one thing returned, so that it is made where the caller gets it: a case is too large to be
  // moved about.
  std::expected<Outcome, Rejection> outcome(std::in_place, std::move(room), std::move(current));
  std::optional<Occurrence> event;
  Draft draft(definition, *outcome, facts, command.actor);
  if (!IsStale(draft, command.expected_revision)) std::visit(Handler(draft, event), command.body);
  if (!draft.failed() && draft.recorded() > 0) RunToRest(draft);
  if (auto rejected = std::move(draft).Finish()) outcome = std::unexpected(std::move(*rejected));
  return outcome;
}

model::Map DataOf(const Definition& definition, const model::Case& state) {
  std::vector<model::Map::Entry> entries;
  for (std::size_t i = 0; i < definition.fields.size() && i < state.data.size(); ++i) {
    if (!state.data[i].is_null()) entries.emplace_back(definition.fields[i].name, state.data[i]);
  }
  return model::Map(std::move(entries));
}

}  // namespace duban::statechart
