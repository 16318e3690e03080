// Who may act on a seat now, and what is said to those who may not.
#include <fmt/format.h>

#include <algorithm>

#include "core/calendar/calendar.h"
#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/draft.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using definition::Organisation;
using model::PersonId;
using model::Reason;
using model::Rejection;
using model::SeatState;

Rejection NotAHolder(const Scope& scope, const model::Seat& seat, const PersonId& person) {
  const Organisation& organisation = scope.organisation();
  const model::Text names = NamesOf(organisation, seat.candidates);
  for (auto move = seat.moves.rbegin(); move != seat.moves.rend(); ++move) {
    if (move->from != person) continue;
    const std::string when = calendar::LocalText(move->at, scope.definition().time_zone);
    const model::Text& by = organisation.NameOf(move->by);
    Rejection rejection =
        model::Refusal(Reason::kTaskReassigned,
                       fmt::format("{} 已于 {} 把这项任务转给 {}", by.In("zh"), when, names.zh),
                       fmt::format("{} gave this task to {} on {}", by.In("en"), names.en, when));
    rejection.who = seat.candidates;
    return rejection;
  }
  Rejection rejection = model::Refusal(
      Reason::kNotAllowed, fmt::format("您不是这项任务的办理人；可以办理的是：{}", names.zh),
      fmt::format("you are not among those who may act on this task: {}", names.en));
  rejection.who = seat.candidates;
  return rejection;
}

std::optional<Rejection> CheckHolder(const Scope& scope, const model::Seat& seat,
                                     const PersonId& person) {
  const Organisation& organisation = scope.organisation();
  const bool candidate = std::ranges::find(seat.candidates, person) != seat.candidates.end();
  // Whoever decided it by a mandate may ask again and be told so.
  if (!candidate && !(seat.state == SeatState::kDecided && seat.vote.by == person))
    return NotAHolder(scope, seat, person);
  if (seat.claimed_by.empty() || seat.claimed_by == person || seat.state != SeatState::kOpen)
    return std::nullopt;
  const model::Text& name = organisation.NameOf(seat.claimed_by);
  Rejection rejection =
      model::Refusal(Reason::kTaskClaimed, fmt::format("{} 已认领这项任务", name.In("zh")),
                     fmt::format("{} has claimed this task; they can release it", name.In("en")));
  rejection.who = {seat.claimed_by};
  return rejection;
}

Rejection Decided(const Scope& scope, const model::Seat& seat) {
  const model::Text& by = scope.organisation().NameOf(seat.vote.by);
  const std::string when = calendar::LocalText(seat.vote.at, scope.definition().time_zone);
  Rejection rejection = model::Refusal(
      Reason::kAlreadyDecided,
      fmt::format("{} 已于 {} 作出决定：{}；请查看案件现状", by.In("zh"), when, seat.vote.outcome),
      fmt::format("{} decided it on {}: {}; look at the case again", by.In("en"), when,
                  seat.vote.outcome));
  rejection.vote = seat.vote;
  return rejection;
}

std::optional<Rejection> CheckState(const Scope& scope, const model::Seat& seat) {
  switch (seat.state) {
    case SeatState::kOpen:
      return std::nullopt;
    case SeatState::kWaiting:
      return model::Refusal(
          Reason::kTaskNotOpenYet, "还没有轮到您；前面的人决定之后会通知您",
          "it is not your turn yet; you will be told when those before you have decided");
    case SeatState::kRemoved:
      return model::Refusal(Reason::kTaskClosed, "您的席位已被减签，不再需要您的决定",
                            "your seat was taken out again; your decision is no longer needed");
    case SeatState::kCancelled:
      return model::Refusal(Reason::kTaskClosed, "这项任务已经不需要您的决定了；请查看案件现状",
                            "your decision is no longer needed; look at the case again");
    case SeatState::kDecided:
      break;
  }
  return Decided(scope, seat);
}

}  // namespace

Rejection NoSeat(const model::Case& state, model::Ordinal task) {
  const std::string id = model::TaskId{state.id, task}.ToString();
  if (task == 0 || task >= state.next_ordinal) {
    return model::Refusal(Reason::kUnknownTask, fmt::format("没有任务 {}", id),
                          fmt::format("there is no task {}", id));
  }
  return model::Refusal(
      Reason::kTaskClosed, fmt::format("任务 {} 已经结束，案件已继续；请查看案件现状", id),
      fmt::format("task {} is closed, the case went on; look at the case again", id));
}

std::optional<Rejection> WhileSuspended(const Scope& scope) {
  const model::Case& state = scope.state();
  if (!state.suspended_at) return std::nullopt;
  const std::string when = calendar::LocalText(*state.suspended_at, scope.definition().time_zone);
  const model::Text& by = scope.organisation().NameOf(state.suspended_by);
  Rejection rejection = model::Refusal(
      Reason::kSuspended,
      fmt::format("案件已由 {} 于 {} 挂起：{}；恢复之后才能办理", by.In("zh"), when,
                  state.suspended_reason),
      fmt::format("{} suspended the case on {}: {}; nothing can be done until it is resumed",
                  by.In("en"), when, state.suspended_reason));
  rejection.who = {state.suspended_by};
  return rejection;
}

std::expected<SeatPlace, Rejection> SeatToActOn(const Scope& scope, const model::Principal& actor,
                                                model::Ordinal task, const PersonId& principal) {
  const SeatPlace place = FindSeat(scope.state(), task);
  if (place.seat == nullptr) return std::unexpected(NoSeat(scope.state(), task));
  const bool for_another = !principal.empty() && principal != actor.id;
  const PersonId& holder = for_another ? principal : actor.id;
  std::optional<Rejection> refused = CheckHolder(scope, *place.seat, holder);
  if (!refused && place.seat->state == SeatState::kDecided)
    refused = CheckState(scope, *place.seat);
  if (!refused) refused = WhileSuspended(scope);
  if (!refused) refused = CheckState(scope, *place.seat);
  if (!refused && for_another) refused = WhyNotFor(scope, place.round->state, principal, actor.id);
  if (!refused && !for_another) refused = WhyNotOn(scope, place.round->state, actor.id);
  if (refused) return std::unexpected(std::move(*refused));
  return place;
}

}  // namespace duban::statechart
