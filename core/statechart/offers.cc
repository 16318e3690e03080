#include "core/statechart/offers.h"

#include <algorithm>

#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/mandates.h"
#include "core/statechart/returns.h"
#include "core/statechart/scope.h"
#include "core/statechart/seats.h"

namespace duban::statechart {
namespace {

using model::PersonId;
using model::Seat;

// For whom the person may act on the seat: themself (empty), a principal, or nobody.
std::optional<PersonId> HolderFor(const Scope& scope, const Seat& seat, const PersonId& person) {
  const model::Principal actor{person};
  if (SeatToActOn(scope, actor, seat.ordinal)) return PersonId();
  for (const PersonId& holder : seat.candidates) {
    if (holder != person && SeatToActOn(scope, actor, seat.ordinal, holder)) return holder;
  }
  return std::nullopt;
}

bool CanWithdraw(const Scope& scope, model::Ordinal task, const PersonId& person) {
  const model::Case& state = scope.state();
  const auto is_own = [&](const Seat& seat) {
    return seat.ordinal == task && IsDecisionOf(seat, person);
  };
  const auto can = [&](const model::Round& round) {
    return scope.definition().states[round.state].task->withdrawable &&
           std::ranges::any_of(round.seats, is_own);
  };
  if (state.suspended_at || state.ended) return false;
  if (std::ranges::any_of(state.rounds,
                          [&](const model::Round& round) { return !round.decided && can(round); }))
    return true;
  return state.last_round && !state.trail.empty() &&
         state.trail.back().revision == state.last_act && can(*state.last_round);
}

}  // namespace

Offer OfferTo(const definition::Definition& definition, const model::Case& state,
              const Facts& facts, model::Ordinal task, const PersonId& person) {
  Offer offer;
  const Scope scope(definition, OrganisationOf(facts), state, facts.now);
  offer.withdraw = CanWithdraw(scope, task, person);
  const SeatPlace place = FindSeat(state, task);
  if (place.seat == nullptr || state.ended) return offer;
  const Seat& seat = *place.seat;
  const bool administrator = IsAdministrator(scope.organisation(), person);
  offer.remove = !seat.added_by.empty() && IsLive(seat) && !state.suspended_at &&
                 (seat.added_by == person || administrator);
  offer.release = IsLive(seat) && !seat.claimed_by.empty() && administrator;
  const auto holder = HolderFor(scope, seat, person);
  if (!holder) return offer;
  offer.on_behalf_of = *holder;
  const definition::Task& asked = *definition.states[place.round->state].task;
  offer.outcomes = WordsOf(asked);
  if (IsRoot(seat)) {
    const ReturnChoices choices = ChoicesOf(definition, state, place.round->state);
    offer.return_to_previous = choices.previous != model::kNoState;
    offer.return_to_starter = choices.starter != model::kNoState;
    offer.return_to = choices.states;
  }
  if (!holder->empty()) return offer;  // the rest is for whoever has the task
  offer.claim = seat.claimed_by.empty() && seat.candidates.size() > 1;
  offer.release |= seat.claimed_by == person;
  offer.save_draft = true;
  offer.transfer = asked.transferable;
  offer.delegate = asked.delegable;
  offer.add_signers =
      asked.approval && asked.signers && seat.relation != model::Relation::kDelegate;
  return offer;
}

std::vector<model::Ordinal> WithoutAbleHolder(const definition::Definition& definition,
                                              const model::Case& state, const Facts& facts) {
  const Scope scope(definition, OrganisationOf(facts), state, facts.now);
  std::vector<model::Ordinal> tasks;
  for (const model::Round& round : state.rounds) {
    for (const Seat& seat : round.seats) {
      if (seat.state != model::SeatState::kOpen) continue;
      const bool able = std::ranges::any_of(seat.candidates, [&](const PersonId& person) {
        return !WhyNotOn(scope, round.state, person);
      });
      if (!able) tasks.push_back(seat.ordinal);
    }
  }
  return tasks;
}

}  // namespace duban::statechart
