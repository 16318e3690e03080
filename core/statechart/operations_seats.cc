// Claim, release, transfer, delegate, add and remove signers, draft.
#include <fmt/format.h>

#include <algorithm>

#include "core/approval/additions.h"
#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/operations.h"
#include "core/statechart/rounds.h"

namespace duban::statechart {
namespace {

using definition::Task;
using model::PersonId;
using model::Reason;
using model::Relation;
using model::Seat;
using model::SeatState;

constexpr std::nullopt_t kNothing = std::nullopt;

const Task& TaskOf(const Draft& draft, const model::Round& round) {
  return *draft.definition().states[round.state].task;
}

std::optional<SeatPlace> ToActOn(Draft& draft, model::Ordinal task) {
  auto place = SeatToActOn(draft.scope(), draft.actor(), task);
  if (place) return *place;
  draft.Fail(std::move(place.error()));
  return std::nullopt;
}

void NotHere(Draft& draft, std::string zh, std::string en) {
  draft.Fail(Reason::kNotPermittedHere, std::move(zh), std::move(en));
}

// Whether the person may get a seat in the round beside those who have one; else the step has
// failed.
bool MayJoin(Draft& draft, const model::Round& round, const PersonId& person) {
  if (auto why = WhyNotOn(draft.scope(), round.state, person)) {
    draft.Fail(std::move(*why));
    return false;
  }
  if (!IsOnRound(round, person)) return true;
  const model::Text& name = draft.organisation().NameOf(person);
  NotHere(draft, fmt::format("{} 已在这一步中", name.In("zh")),
          fmt::format("{} has a place in this step already", name.In("en")));
  return false;
}

// The seats, one for each person, added to the one that the actor holds.
std::optional<Occurrence> AddSeats(Draft& draft, const SeatPlace& place,
                                   const model::AddSigners& add) {
  const model::StateIndex state = place.round->state;
  const bool joins = add.relation == Relation::kParallel;
  model::SeatsAdded added{state, {}, add.reason};
  Seat seat;
  seat.state = SeatState::kWaiting;
  // Beside a seat that was itself added means: added to the same one.
  seat.relation = joins && !IsRoot(*place.seat) ? place.seat->relation : add.relation;
  seat.parent = joins && !IsRoot(*place.seat) ? place.seat->parent : place.seat->ordinal;
  seat.any_of = joins ? place.seat->any_of : add.any_of;
  seat.added_by = draft.actor().id;
  seat.group = place.seat->group;
  model::Ordinal next = draft.next_ordinal();
  for (const PersonId& person : add.people) {
    seat.ordinal = next++;
    seat.candidates = {person};
    added.seats.push_back(seat);
  }
  draft.Emit(std::move(added));
  return Recount(draft, state, add.reason);
}

bool IsWithinLimits(Draft& draft, const SeatPlace& place, const model::AddSigners& add) {
  const bool deeper = add.relation != Relation::kParallel;
  if (deeper && DepthOf(*place.round, *place.seat) >= approval::kMaxAdditionDepth) {
    draft.Fail(
        Reason::kLimitExceeded,
        fmt::format("加签与委派最多嵌套 {} 层", approval::kMaxAdditionDepth),
        fmt::format("additions and delegations nest {} deep at most", approval::kMaxAdditionDepth));
  }
  if (add.people.size() > kMaxAddedSigners ||
      place.round->seats.size() + add.people.size() > kMaxSeats) {
    draft.Fail(Reason::kLimitExceeded,
               fmt::format("一次最多加签 {} 人，一步最多 {} 个席位", kMaxAddedSigners, kMaxSeats),
               fmt::format("at most {} signers at once, and {} seats in one step", kMaxAddedSigners,
                           kMaxSeats));
  }
  return !draft.failed();
}

// Before and after are not mixed on one seat: in which order would they act?
bool IsMixed(const SeatPlace& place, Relation relation) {
  if (relation == Relation::kParallel) return false;
  const Relation other = relation == Relation::kBefore ? Relation::kAfter : Relation::kBefore;
  return std::ranges::any_of(place.round->seats, [&](const Seat& seat) {
    return seat.parent == place.seat->ordinal && seat.relation == other && IsLive(seat);
  });
}

std::vector<PersonId> EachOnce(const std::vector<PersonId>& people) {
  std::vector<PersonId> once;
  for (const PersonId& person : people) {
    if (std::ranges::find(once, person) == once.end()) once.push_back(person);
  }
  return once;
}

// The seat of an administrator's hand-over: waiting ones too, and while the case is suspended.
std::optional<SeatPlace> ToHandOver(Draft& draft, const model::Transfer& transfer) {
  if (IsNoAdministrator(draft)) return std::nullopt;
  const SeatPlace place = FindSeat(draft.state(), transfer.task);
  if (place.seat == nullptr || !IsLive(*place.seat)) {
    draft.Fail(NoSeat(draft.state(), transfer.task));
    return std::nullopt;
  }
  const auto& candidates = place.seat->candidates;
  if (std::ranges::find(candidates, transfer.from) != candidates.end()) return place;
  model::Rejection rejection = model::Refusal(Reason::kNotAllowed, "这项任务不在此人手中",
                                              "the task is not with the person it is taken from");
  rejection.who = candidates;
  draft.Fail(std::move(rejection));
  return std::nullopt;
}

}  // namespace

std::optional<Occurrence> Do(Draft& draft, const model::Claim& claim) {
  const auto place = ToActOn(draft, claim.task);
  if (place && place->seat->claimed_by.empty())
    draft.Emit(model::SeatClaimed{claim.task, draft.actor().id});
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Release& release) {
  const SeatPlace place = FindSeat(draft.state(), release.task);
  if (place.seat != nullptr && IsLive(*place.seat) && !place.seat->claimed_by.empty() &&
      IsAdministrator(draft.organisation(), draft.actor().id)) {
    draft.Emit(model::SeatReleased{release.task});
    return kNothing;
  }
  const auto mine = ToActOn(draft, release.task);
  if (mine && !mine->seat->claimed_by.empty()) draft.Emit(model::SeatReleased{release.task});
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Transfer& transfer) {
  if (transfer.kind == model::Move::Kind::kReassigned) {
    NotHere(draft, "改派须由两名管理员提出并确认",
            "to reassign takes two administrators: propose an override");
    return kNothing;
  }
  const bool handed = transfer.kind == model::Move::Kind::kHandedOver;
  const auto place = handed ? ToHandOver(draft, transfer) : ToActOn(draft, transfer.task);
  if (!place || AreWordsWrong(draft, transfer.reason, false)) return kNothing;
  if (!handed && !TaskOf(draft, *place->round).transferable) {
    NotHere(draft, "这项任务不可以转办", "this task cannot be transferred");
    return kNothing;
  }
  const PersonId from = handed ? transfer.from : draft.actor().id;
  if (from == transfer.to) {
    NotHere(draft, "任务本来就在此人手中", "the task is with that person already");
    return kNothing;
  }
  const Seat& seat = *place->seat;
  // Of several who share the seat only this one's place moves.
  const bool shared = seat.candidates.size() > 1 && seat.claimed_by != from;
  std::vector<PersonId> candidates{transfer.to};
  const bool beside = std::ranges::find(seat.candidates, transfer.to) != seat.candidates.end();
  if (shared && handed && beside) {
    candidates = seat.candidates;
    std::erase(candidates, from);
  } else {
    if (!MayJoin(draft, *place->round, transfer.to)) return kNothing;
    if (shared) {
      candidates = seat.candidates;
      std::ranges::replace(candidates, from, transfer.to);
    }
  }
  model::SeatMoved moved;
  moved.ordinal = transfer.task;
  moved.move = {transfer.kind,     from,           transfer.to, draft.actor().id,
                draft.facts().now, transfer.reason};
  moved.candidates = std::move(candidates);
  draft.Emit(std::move(moved));
  if (!beside) TellNewcomers(draft, transfer.task, {transfer.to});
  return kNothing;
}

std::optional<Occurrence> Do(Draft& draft, const model::Delegate& delegate) {
  const auto place = ToActOn(draft, delegate.task);
  if (!place || AreWordsWrong(draft, delegate.reason, false)) return kNothing;
  if (!TaskOf(draft, *place->round).delegable) {
    NotHere(draft, "这项任务不可以委派", "this task cannot be delegated");
    return kNothing;
  }
  model::AddSigners add{delegate.task, {delegate.to}, Relation::kDelegate, false, delegate.reason};
  if (!IsWithinLimits(draft, *place, add)) return kNothing;
  if (!MayJoin(draft, *place->round, delegate.to)) return kNothing;
  return AddSeats(draft, *place, add);
}

std::optional<Occurrence> Do(Draft& draft, const model::AddSigners& asked) {
  const auto place = ToActOn(draft, asked.task);
  if (!place || AreWordsWrong(draft, asked.reason, false)) return kNothing;
  const Task& task = TaskOf(draft, *place->round);
  model::AddSigners add = asked;
  add.people = EachOnce(asked.people);
  if (!task.approval || !task.signers) {
    NotHere(draft, "这项任务不可以加签；可以转办或委派",
            "no signers are added to this task; transfer or delegate it instead");
  } else if (add.relation == Relation::kOriginal || add.relation == Relation::kDelegate) {
    NotHere(draft, "加签只有前加签、后加签、并加签", "signers are added before, after or parallel");
  } else if (place->seat->relation == Relation::kDelegate) {
    NotHere(draft, "受委派人只提意见，不能加签", "a delegate gives an opinion and adds nobody");
  } else if (IsMixed(*place, add.relation)) {
    NotHere(draft, "同一席位不能既有前加签又有后加签",
            "signers before and after are not mixed on one seat");
  }
  if (draft.failed()) return kNothing;
  if (add.people.empty()) {
    model::Rejection rejection =
        model::Refusal(Reason::kInvalidData, "没有指定加签的人", "no signer was named");
    rejection.violations.push_back({"people", {"必填", "is required"}});
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  if (!IsWithinLimits(draft, *place, add)) return kNothing;
  for (const PersonId& person : add.people) {
    if (!MayJoin(draft, *place->round, person)) return kNothing;
  }
  return AddSeats(draft, *place, add);
}

std::optional<Occurrence> Do(Draft& draft, const model::RemoveSigner& remove) {
  const SeatPlace place = FindSeat(draft.state(), remove.task);
  if (place.seat == nullptr) {
    draft.Fail(NoSeat(draft.state(), remove.task));
    return kNothing;
  }
  const Seat& seat = *place.seat;
  if (seat.added_by != draft.actor().id &&
      !IsAdministrator(draft.organisation(), draft.actor().id)) {
    model::Rejection rejection =
        model::Refusal(Reason::kNotAllowed, "只有加签的人或管理员可以减签",
                       "only who added the signer, or an administrator, takes them out again");
    if (!seat.added_by.empty()) rejection.who = {seat.added_by};
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  if (IsSuspended(draft)) return kNothing;
  if (seat.added_by.empty()) {
    NotHere(draft, "只能减去加签的人", "only signers who were added can be taken out");
    return kNothing;
  }
  if (!IsLive(seat)) {
    model::Rejection rejection = NoSeat(draft.state(), remove.task);
    if (seat.state == SeatState::kDecided) {
      rejection = model::Refusal(Reason::kAlreadyDecided, "已经表态的人不能再减签",
                                 "who has given their opinion cannot be taken out any more");
      rejection.vote = seat.vote;
    }
    draft.Fail(std::move(rejection));
    return kNothing;
  }
  const auto gone = WithAdditions(*place.round, remove.task);
  const bool remains = std::ranges::any_of(place.round->seats, [&](const Seat& other) {
    return IsRoot(other) && other.state != SeatState::kRemoved &&
           std::ranges::find(gone, other.ordinal) == gone.end();
  });
  if (!remains) {
    NotHere(draft, "最后一个席位不能减去", "the last seat cannot be taken out");
    return kNothing;
  }
  const model::StateIndex state = place.round->state;
  draft.Emit(model::SeatsRemoved{gone, remove.reason});
  return Recount(draft, state, remove.reason);
}

std::optional<Occurrence> Do(Draft& draft, const model::SaveDraft& save) {
  const auto place = ToActOn(draft, save.task);
  if (!place || AreWordsWrong(draft, save.opinion, false)) return kNothing;
  const auto words = WordsOf(TaskOf(draft, *place->round));
  if (!save.outcome.empty() && std::ranges::find(words, save.outcome) == words.end()) {
    draft.Fail(Reason::kUnknownOutcome, fmt::format("没有结果“{}”", save.outcome),
               fmt::format("there is no outcome `{}`", save.outcome));
    return kNothing;
  }
  model::Decide decide;
  decide.form = save.form;
  auto checked = CheckForm(draft.scope(), *place, decide, FormUse::kDraft);
  if (!checked) {
    draft.Fail(std::move(checked.error()));
    return kNothing;
  }
  draft.Emit(model::DraftSaved{
      save.task, {draft.actor().id, draft.facts().now, save.outcome, save.opinion, save.form}});
  return kNothing;
}

}  // namespace duban::statechart
