#include "tests/simulation/operations.h"

#include <array>

#include "core/statechart/offers.h"

namespace duban::simulation {

using model::CommandBody;
using model::Seat;
using model::SeatState;

std::string_view NameOf(const CommandBody& body) {
  static constexpr std::array<std::string_view, std::variant_size_v<CommandBody>> kNames = {
      "start",  "send",    "decide",         "fire_timer", "report_child",
      "claim",  "release", "transfer",       "delegate",   "add_signers",
      "remove", "return",  "withdraw",       "revoke",     "copy",
      "read",   "remind",  "comment",        "draft",      "suspend",
      "resume", "propose", "close_override", "terminate",  "recompute"};
  return kNames.at(body.index());
}

model::Command Operations::Next(const Known& known) {
  model::Command command;
  command.case_id = known.state.id;
  command.body = Choose(known, command.actor.id);
  if (random_.Percent(4) || command.actor.is_system()) command.actor.id = Somebody();
  if (random_.Percent(15)) command.expected_revision = known.state.revision;
  return command;
}

CommandBody Operations::Choose(const Known& known, std::string& actor) {
  const bool waits = known.state.suspended_at.has_value() || !known.state.overrides.empty();
  const std::uint64_t what = random_.Below(100);
  if (what < (waits ? 60U : 8U)) return OfAdministrator(known, actor);
  if (what < (waits ? 70U : 30U)) return OfCase(known, actor);
  return OfSeat(known, actor);
}

Seat Operations::SomeSeat(const Known& known) {
  std::vector<const Seat*> open;
  std::vector<const Seat*> others;
  for (const model::Round& round : known.state.rounds) {
    for (const Seat& seat : round.seats)
      (seat.state == SeatState::kOpen ? open : others).push_back(&seat);
  }
  if (!open.empty() && (others.empty() || !random_.Percent(10))) return *random_.Pick(open);
  return others.empty() ? Seat() : *random_.Pick(others);
}

CommandBody Operations::OfSeat(const Known& known, std::string& actor) {
  const Seat seat = SomeSeat(known);
  actor = seat.candidates.empty() ? Somebody() : random_.Pick(seat.candidates);
  if (!seat.claimed_by.empty() && random_.Percent(90)) actor = seat.claimed_by;
  if (random_.Percent(70)) {
    if (auto body = Offered(known, seat, actor)) return *body;
  }
  const std::uint64_t what = random_.Below(100);
  if (what < 14) return model::Claim{seat.ordinal};
  if (what < 20) return model::Release{seat.ordinal};
  if (what < 34) return model::Transfer{seat.ordinal, Somebody(), Reason(), {}, {}};
  if (what < 46) return model::Delegate{seat.ordinal, Somebody(), Reason()};
  if (what < 62) return Added(seat);
  if (what < 76) return Returned(known, seat);
  if (what < 90) return Withdrawn(known, actor);
  if (what < 95) return model::SaveDraft{seat.ordinal, {}, "a draft", {}};
  model::RemoveSigner remove{seat.ordinal, Reason()};
  for (const model::Round& round : known.state.rounds) {
    for (const Seat& added : round.seats) {
      if (added.added_by.empty()) continue;
      remove.task = added.ordinal;
      actor = added.added_by;
    }
  }
  return remove;
}

std::optional<CommandBody> Operations::Offered(const Known& known, const Seat& seat,
                                               const std::string& actor) {
  using model::Return;
  const auto world = theatre_.world.Now();
  const statechart::Facts facts{clock_.Now(), &world->organisation, &world->calendar, {}};
  const statechart::Offer offer =
      statechart::OfferTo(*known.definition, known.state, facts, seat.ordinal, actor);
  std::vector<CommandBody> bodies;
  const auto add = [&](bool offered, auto body) {
    if (offered) bodies.emplace_back(std::move(body));
  };
  const auto back = [&](Return::To to, std::string state) {
    const auto resubmit = static_cast<Return::Resubmit>(random_.Below(3));
    return Return{to, resubmit, seat.ordinal, std::move(state), Reason(), {}};
  };
  add(offer.claim, model::Claim{seat.ordinal});
  add(offer.release, model::Release{seat.ordinal});
  add(offer.transfer, model::Transfer{seat.ordinal, Somebody(), Reason(), {}, {}});
  add(offer.delegate, model::Delegate{seat.ordinal, Somebody(), Reason()});
  add(offer.add_signers, Added(seat));
  add(offer.remove, model::RemoveSigner{seat.ordinal, Reason()});
  add(offer.withdraw, model::Withdraw{seat.ordinal, Reason()});
  add(offer.return_to_previous, back(Return::To::kPrevious, {}));
  add(offer.return_to_starter, back(Return::To::kStarter, {}));
  for (const model::StateIndex state : offer.return_to)
    add(true, back(Return::To::kState, known.definition->states[state].id));
  if (bodies.empty()) return std::nullopt;
  return random_.Pick(bodies);
}

CommandBody Operations::Added(const Seat& seat) {
  using model::Relation;
  static constexpr std::array kHow = {Relation::kBefore, Relation::kAfter, Relation::kParallel};
  model::AddSigners add{seat.ordinal, {}, random_.Pick(kHow), random_.Percent(30), Reason()};
  for (std::int64_t n = random_.Percent(80) ? 1 : 3; n > 0; --n) add.people.push_back(Somebody());
  return add;
}

CommandBody Operations::Returned(const Known& known, const Seat& seat) {
  using model::Return;
  Return back;
  back.task = seat.ordinal;
  back.to = static_cast<Return::To>(random_.Below(3));
  back.resubmit = static_cast<Return::Resubmit>(random_.Below(3));
  back.opinion = Reason();
  if (!known.state.trail.empty())
    back.state = known.definition->states[random_.Pick(known.state.trail).state].id;
  return back;
}

// One's own last decision: of the open rounds, or the one that the case has just behind it.
CommandBody Operations::Withdrawn(const Known& known, std::string& actor) {
  std::vector<const Seat*> decided;
  const auto add = [&](const model::Round& round) {
    for (const Seat& seat : round.seats) {
      if (seat.state == SeatState::kDecided) decided.push_back(&seat);
    }
  };
  for (const model::Round& round : known.state.rounds) add(round);
  if (known.state.last_round) add(*known.state.last_round);
  if (decided.empty()) return model::Withdraw{1, Reason()};
  const Seat& seat = *random_.Pick(decided);
  if (!seat.vote.by.empty()) actor = seat.vote.by;
  return model::Withdraw{seat.ordinal, Reason()};
}

CommandBody Operations::OfAdministrator(const Known& known, std::string& actor) {
  actor = Administrator();
  const model::Case& state = known.state;
  if (state.suspended_at && random_.Percent(70)) return model::Resume{Reason()};
  if (!state.overrides.empty() && random_.Percent(70)) {
    const model::Override& proposal = random_.Pick(state.overrides);
    return model::CloseOverride{proposal.ordinal, random_.Percent(60), Reason()};
  }
  const std::uint64_t what = random_.Below(100);
  if (what < 30) return model::Suspend{Reason()};
  if (what < 65) return Proposed(known);
  const Seat seat = SomeSeat(known);
  model::Transfer hand{seat.ordinal, Somebody(), Reason(), model::Move::Kind::kHandedOver, {}};
  if (!seat.candidates.empty()) hand.from = random_.Pick(seat.candidates);
  return hand;
}

CommandBody Operations::Proposed(const Known& known) {
  model::ProposeOverride propose;
  const std::uint64_t what = random_.Below(100);
  propose.kind = what < 45   ? model::Override::Kind::kJump
                 : what < 90 ? model::Override::Kind::kReassign
                             : model::Override::Kind::kTerminate;
  propose.state = random_.Pick(known.definition->states).id;
  propose.task = SomeSeat(known).ordinal;
  for (std::int64_t n = random_.Between(1, 2); n > 0; --n) propose.people.push_back(Somebody());
  propose.reason = Reason();
  return propose;
}

CommandBody Operations::OfCase(const Known& known, std::string& actor) {
  const model::Case& state = known.state;
  actor = state.participants.empty() ? Somebody() : random_.Pick(state.participants);
  const std::uint64_t what = random_.Below(100);
  if (what < 8) {
    actor = state.starter;
    return model::Revoke{Reason()};
  }
  if (what < 30) return model::CopyTo{{Somebody(), Somebody()}, "for your information"};
  if (what < 50) {
    if (!state.copies.empty()) actor = random_.Pick(state.copies).person;
    return model::MarkRead{};
  }
  if (what < 80) return model::Remind{random_.Percent(50) ? 0 : SomeSeat(known).ordinal, "please"};
  return model::Comment{"a remark", {}};
}

}  // namespace duban::simulation
