#include "core/statechart/rounds.h"

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/messages.h"
#include "core/statechart/microstep.h"
#include "core/statechart/resolve.h"
#include "core/statechart/seating.h"
#include "core/statechart/secrets.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using definition::Task;
using model::PersonId;
using model::Round;
using model::Seat;
using model::SeatState;
using model::StateIndex;

const Task& TaskOf(const Draft& draft, StateIndex state) {
  return *draft.definition().states[state].task;
}

std::optional<std::string> OutcomeOf(const Task& task, const Round& round,
                                     approval::Result result) {
  switch (result) {
    case approval::Result::kOpen:
      return std::nullopt;
    case approval::Result::kRejected:
      return "rejected";
    case approval::Result::kNoQuorum:
      return "no_quorum";
    case approval::Result::kApproved:
      break;
  }
  if (task.approval) return "approved";
  for (const Seat& seat : round.seats) {
    const bool spoke = IsRoot(seat) && seat.state == SeatState::kDecided &&
                       seat.vote.outcome != "recused" && seat.vote.outcome != "abstained";
    if (spoke) return seat.vote.outcome;
  }
  return std::nullopt;
}

// A signer who was added before has refused: so has who added them, without being asked.
void RefuseByAddition(Draft& draft, StateIndex state, model::Ordinal ordinal) {
  model::Vote vote;
  vote.outcome = "rejected";
  vote.at = draft.facts().now;
  vote.automatic = model::Automatic::kAddition;
  for (const Seat& seat : FindRound(draft.state(), state)->seats) {
    const bool refused = seat.parent == ordinal && seat.relation == model::Relation::kBefore &&
                         seat.state == SeatState::kDecided && seat.vote.outcome == "rejected";
    if (refused) vote.by = seat.vote.by;
  }
  draft.Emit(model::SeatDecided{ordinal, std::move(vote), {}});
}

// Everybody of a group has recused themself: others take their place.
void ReplaceRecused(Draft& draft, StateIndex state, std::uint16_t group) {
  Seat seat;
  seat.ordinal = draft.next_ordinal();
  seat.state = SeatState::kWaiting;
  seat.candidates = StandInsFor(draft, state);
  seat.group = group;
  if (draft.failed()) return;
  draft.Emit(model::SeatsAdded{state, {std::move(seat)}, "recused"});
}

void TakeTurns(Draft& draft, StateIndex state, const std::vector<model::Ordinal>& turns) {
  // Nothing recorded here adds a seat or takes one away.
  const Round& round = *FindRound(draft.state(), state);
  for (const Seat& seat : round.seats) {
    const bool turn = std::ranges::binary_search(turns, seat.ordinal);
    if (seat.state == SeatState::kOpen && !turn) draft.Emit(model::SeatHeld{seat.ordinal});
    if (seat.state != SeatState::kWaiting || !turn) continue;
    draft.Emit(model::SeatOpened{seat.ordinal});
    TellCandidates(draft, round, seat);
  }
}

Round NewRound(Draft& draft, StateIndex index, Seating seating) {
  const definition::State& state = draft.definition().states[index];
  Round round;
  round.state = index;
  round.opened_at = draft.facts().now;
  if (auto title = Render(state.task->title, draft.scope())) {
    round.title = std::move(*title);
    HideFrom({}, round.title, draft.scope());
  } else {
    draft.RaiseError(state.place, title.error().message.In("en"));
  }
  if (round.title.empty()) round.title = TitleOfState(state);
  round.seed = seating.seed;
  round.again = draft.reentry().has_value();
  round.seats = std::move(seating.seats);
  return round;
}

// Who can begin begins, with those counted who need not be asked.
void OpenFirst(const Task& task, Round& round, const Automatics& automatic) {
  Round with_them;
  if (!automatic.empty()) with_them = round;
  for (Seat& seat : with_them.seats) {
    for (const auto& [ordinal, vote] : automatic) {
      if (seat.ordinal != ordinal) continue;
      seat.state = SeatState::kDecided;
      seat.vote = vote;
    }
  }
  const Count count = CountRound(task, automatic.empty() ? round : with_them);
  for (Seat& seat : round.seats) {
    if (std::ranges::binary_search(count.turns, seat.ordinal)) seat.state = SeatState::kOpen;
  }
}

void CopyOnOpening(Draft& draft, const Task& task, const Round& round) {
  if (task.copy.empty()) return;
  model::Copied copied;
  for (PersonId& person : FindOrRaise(draft, task.copy)) {
    const auto& copies = draft.state().copies;
    if (std::ranges::find(copies, person, &model::Copy::person) != copies.end()) continue;
    copied.copies.push_back({std::move(person), {}, draft.facts().now, std::nullopt});
  }
  if (copied.copies.empty()) return;
  std::vector<PersonId> people;
  for (const model::Copy& copy : copied.copies) people.push_back(copy.person);
  draft.Emit(std::move(copied));
  const Message message = CopyMessage(draft, round.title, {});
  draft.Tell(people, message.subject, message.body, message.urgency,
             model::NotificationCause::kCopy);
}

// As it was when it was decided: what was said stays said, the rest is asked again.
void RestoreRound(Draft& draft, Round round) {
  const StateIndex state = round.state;
  round.decided = false;
  round.outcome.clear();
  round.again = true;
  for (Seat& seat : round.seats) {
    if (seat.state == SeatState::kCancelled) seat.state = SeatState::kWaiting;
  }
  draft.Emit(model::RoundOpened{std::move(round)});
  Settle(draft, state);
}

}  // namespace

void TellCandidates(Draft& draft, const Round& round, const Seat& seat) {
  if (!draft.definition().states[round.state].task->tell) return;
  const Message message = TaskMessage(draft, round);
  draft.Tell(seat.candidates, message.subject, message.body, message.urgency,
             model::NotificationCause::kTask);
}

void TellNewcomers(Draft& draft, model::Ordinal seat, const std::vector<PersonId>& people) {
  const SeatPlace place = FindSeat(draft.state(), seat);
  if (people.empty() || place.seat == nullptr || place.seat->state != SeatState::kOpen) return;
  const Round round = *place.round;
  Seat asked = *place.seat;
  asked.candidates = people;
  TellCandidates(draft, round, asked);
}

void OpenRound(Draft& draft, StateIndex index) {
  const definition::State& state = draft.definition().states[index];
  if (!state.task || draft.failed()) return;
  const auto& reentry = draft.reentry();
  if (reentry && reentry->restored && reentry->restored->state == index)
    return RestoreRound(draft, *reentry->restored);
  Seating seating = SeatPeople(draft, index, reentry.has_value());
  if (draft.failed()) return;
  const Automatics automatic = std::move(seating.automatic);
  Round opened = NewRound(draft, index, std::move(seating));
  OpenFirst(*state.task, opened, automatic);
  draft.EmitNew<model::RoundOpened>(std::move(opened));
  // Nothing recorded here opens a round or closes one.
  const Round& round = *FindRound(draft.state(), index);
  for (const auto& [ordinal, vote] : automatic) draft.Emit(model::SeatDecided{ordinal, vote, {}});
  CopyOnOpening(draft, *state.task, round);
  // A pending return stays pending: it is over when somebody has decided, and no jump may begin
  // while states are being entered.
  if (!automatic.empty()) {
    if (auto outcome = OutcomeOf(*state.task, round, CountRound(*state.task, round).result)) {
      draft.Emit(model::RoundDecided{index, *outcome});
      Occurrence occurrence;
      occurrence.name = std::move(*outcome);
      occurrence.actor = model::Principal::kSystem;
      occurrence.state = index;
      return draft.Raise(std::move(occurrence));
    }
  }
  for (const Seat& seat : round.seats) {
    if (seat.state == SeatState::kOpen) TellCandidates(draft, round, seat);
  }
}

void CloseRound(Draft& draft, StateIndex state) {
  if (FindRound(draft.state(), state) != nullptr) draft.Emit(model::RoundClosed{state});
}

std::optional<std::string> Settle(Draft& draft, StateIndex state) {
  const Task& task = TaskOf(draft, state);
  while (!draft.failed()) {
    const Count count = CountRound(task, *FindRound(draft.state(), state));
    if (!count.forsaken.empty()) {
      for (std::uint16_t group : count.forsaken) ReplaceRecused(draft, state, group);
      continue;
    }
    if (!count.settled.empty()) {
      for (model::Ordinal ordinal : count.settled) RefuseByAddition(draft, state, ordinal);
      continue;
    }
    if (!count.needless.empty()) {
      draft.Emit(model::SeatsRemoved{count.needless, "answered"});
      continue;
    }
    if (auto outcome = OutcomeOf(task, *FindRound(draft.state(), state), count.result))
      return outcome;
    TakeTurns(draft, state, count.turns);
    break;
  }
  return std::nullopt;
}

std::optional<Occurrence> Recount(Draft& draft, StateIndex state, const std::string& reason) {
  auto outcome = Settle(draft, state);
  if (!outcome || draft.failed()) return std::nullopt;
  Occurrence said;
  said.actor = draft.actor().id;
  said.reason = reason;
  return Conclude(draft, state, std::move(*outcome), std::move(said));
}

std::optional<Occurrence> Conclude(Draft& draft, StateIndex state, std::string outcome,
                                   Occurrence said) {
  const auto& returns = draft.state().returns;
  const auto pending = std::ranges::find(returns, state, &model::PendingReturn::target);
  std::optional<StateIndex> returner;
  if (pending != returns.end() && outcome == TaskOf(draft, state).outcomes.front())
    returner = pending->returner;
  draft.Emit(model::RoundDecided{state, outcome});
  if (returner) {
    model::Jumped jumped;
    jumped.cause = model::Jumped::Cause::kResubmitted;
    jumped.source = state;
    jumped.target = *returner;
    jumped.reason = said.reason;
    Jump(draft, std::move(jumped), {});
    return std::nullopt;
  }
  said.name = std::move(outcome);
  said.state = state;
  return said;
}

void EscalateRound(Draft& draft, StateIndex state, const std::vector<PersonId>& people) {
  if (people.empty()) return;
  const auto& states = draft.definition().states;
  const Round* round = nullptr;
  for (StateIndex s = state; s != model::kNoState && round == nullptr; s = states[s].parent) {
    round = FindRound(draft.state(), s);
    if (round != nullptr && round->decided) round = nullptr;
  }
  const Message message = EscalationMessage(draft, state, round);
  draft.Tell(people, message.subject, message.body, message.urgency,
             model::NotificationCause::kEscalation);
  if (round == nullptr) return;
  const StateIndex about = round->state;
  std::vector<PersonId> able = people;
  std::erase_if(able, [&](const PersonId& person) {
    return IsOnRound(*round, person) || WhyNotOn(draft.scope(), about, person).has_value();
  });
  if (able.empty()) return;
  std::vector<model::Ordinal> claimed;
  for (const Seat& seat : round->seats) {
    if (seat.state == SeatState::kOpen && !seat.claimed_by.empty()) claimed.push_back(seat.ordinal);
  }
  for (model::Ordinal ordinal : claimed) draft.Emit(model::SeatReleased{ordinal});
  draft.Emit(model::CandidatesAdded{about, std::move(able)});
}

}  // namespace duban::statechart
