#include "tests/simulation/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "core/statechart/draft.h"
#include "tests/simulation/faults.h"

namespace duban::simulation {
namespace {

using model::Automatic;
using model::Ordinal;
using model::PersonId;
using model::Seat;
using model::SeatState;
using model::StateIndex;

template <class Container, class Value>
bool Contains(const Container& all, const Value& one) {
  return std::ranges::find(all, one) != all.end();
}

class Possible {
 public:
  Possible(const definition::Definition& definition, const model::Case& state,
           const model::JournalEntry& entry)
      : definition_(definition), case_(state), entry_(entry) {}

  // What changes nothing that could be wrong.
  void operator()(const model::CaseStarted&) { Must(case_.revision == 0, "a case starts twice"); }
  void operator()(const model::EventTaken&) {}
  void operator()(const model::TransitionTaken& e) {
    Must(Active(definition_.transitions.at(e.transition).source),
         "a transition is taken from a state that is not active");
  }
  void operator()(const model::HistoryKept&) {}
  void operator()(const model::FieldAssigned& e) {
    Must(e.field < definition_.fields.size(), "a field is assigned that there is not");
  }
  void operator()(const model::Logged&) {}
  void operator()(const model::Commented& e) { MustBeActor(e.by); }

  // ---- states
  void operator()(const model::StateEntered& e) {
    Must(e.state < definition_.states.size(), "a state that the definition lacks is entered");
    Must(!Active(e.state), "an active state is entered");
  }
  void operator()(const model::StateExited& e) {
    Must(Active(e.state), "a state is left that is not active");
  }
  void operator()(const model::Jumped& e) {
    Must(e.target < definition_.states.size(), "the case jumps to a state that there is not");
    Must(!Active(e.target) || e.target == 0, "the case jumps to where it is");
    if (e.cause == model::Jumped::Cause::kReturned)
      Must(std::ranges::any_of(case_.trail, [&](const auto& p) { return p.state == e.target; }),
           "a task is returned to one that the case has not behind it");
    if (e.cause != model::Jumped::Cause::kWithdrawn) return;
    Must(case_.last_round && case_.last_round->state == e.target,
         "a decision is withdrawn that was not the last");
    restored_ = case_.last_round;
  }

  // ---- rounds and seats
  void operator()(const model::RoundOpened& e) {
    Must(Active(e.round.state), "a round opens in a state that is not active");
    Must(RoundOf(e.round.state) == nullptr, "a second round opens in one state");
    Must(!e.round.seats.empty(), "a round opens without a seat");
    if (restored_ && restored_->state == e.round.state) return Restored(e.round);
    for (const Seat& seat : e.round.seats) {
      Fresh(seat.ordinal);
      Must(seat.state == SeatState::kWaiting || seat.state == SeatState::kOpen,
           "a seat of a new round has ended");
    }
  }
  void operator()(const model::SeatOpened& e) {
    Must(SeatOf(e.ordinal) && SeatOf(e.ordinal)->state == SeatState::kWaiting,
         "a seat opens that did not wait");
  }
  void operator()(const model::SeatHeld& e) {
    Must(SeatOf(e.ordinal) && SeatOf(e.ordinal)->state == SeatState::kOpen,
         "a seat has to wait that is not open");
  }
  void operator()(const model::SeatDecided& e) {
    const Seat* seat = SeatOf(e.ordinal);
    Must(seat != nullptr, "a decision on a seat that there is not");
    if (e.vote.automatic != Automatic::kNo)
      return Must(IsLive(*seat), "what counts as said is said on a seat that has ended");
    Must(seat->state == SeatState::kOpen, "a decision on a seat that is not open");
    Must(!case_.suspended_at, "a decision while the case is suspended");
    MustBeActor(e.vote.by);
    const PersonId& holder = e.vote.on_behalf_of.empty() ? e.vote.by : e.vote.on_behalf_of;
    Must(Contains(seat->candidates, holder), "a decision by somebody who was not asked");
    Must(seat->claimed_by.empty() || seat->claimed_by == holder,
         "a decision on what another has claimed");
  }
  void operator()(const model::SeatReopened& e) {
    const Seat* seat = SeatOf(e.ordinal);
    Must(seat && seat->state == SeatState::kDecided && seat->vote.automatic == Automatic::kNo,
         "a decision is withdrawn that nobody took");
    Must(seat->vote.by == entry_.actor || seat->vote.on_behalf_of == entry_.actor,
         "somebody withdraws the decision of another");
  }
  void operator()(const model::SeatClaimed& e) {
    const Seat* seat = SeatOf(e.ordinal);
    Must(seat && seat->state == SeatState::kOpen && seat->claimed_by.empty(),
         "a seat is claimed that is not free");
    Must(Contains(seat->candidates, e.by), "a seat is claimed by somebody who was not asked");
    MustBeActor(e.by);
  }
  void operator()(const model::SeatReleased& e) {
    Must(SeatOf(e.ordinal) && !SeatOf(e.ordinal)->claimed_by.empty(),
         "a seat is released that nobody has claimed");
  }
  void operator()(const model::SeatMoved& e) {
    const Seat* seat = SeatOf(e.ordinal);
    Must(seat && IsLive(*seat), "a seat is moved that has ended");
    Must(!e.candidates.empty(), "a seat is moved to nobody");
    Must(e.move.from.empty() || Contains(seat->candidates, e.move.from),
         "a seat is taken from somebody who does not have it");
  }
  void operator()(const model::SeatsAdded& e) {
    const model::Round* round = RoundOf(e.state);
    Must(round && !round->decided, "seats are added where no round is open");
    for (const Seat& seat : e.seats) {
      Fresh(seat.ordinal);
      Must(!seat.candidates.empty(), "a seat is added for nobody");
      Must(seat.parent == 0 || SeatOf(seat.parent), "a seat is added to one that there is not");
    }
  }
  void operator()(const model::SeatsRemoved& e) {
    for (const Ordinal ordinal : e.ordinals)
      Must(SeatOf(ordinal) && IsLive(*SeatOf(ordinal)), "a seat is removed that has ended");
  }
  void operator()(const model::CandidatesAdded& e) {
    Must(RoundOf(e.state) != nullptr, "people are added where no round is");
  }
  void operator()(const model::DraftSaved& e) {
    const Seat* seat = SeatOf(e.ordinal);
    Must(seat && seat->state == SeatState::kOpen && Contains(seat->candidates, e.draft.by),
         "a draft of somebody who was not asked");
    MustBeActor(e.draft.by);
  }
  void operator()(const model::RoundDecided& e) {
    const model::Round* round = RoundOf(e.state);
    Must(round && !round->decided, "a round is decided that is not open");
  }
  void operator()(const model::RoundClosed& e) {
    Must(RoundOf(e.state) != nullptr, "a round closes that is not there");
  }
  void operator()(const model::Reminded& e) {
    const model::Round* round = RoundOf(e.state);
    Must(round && !round->decided, "somebody is reminded of what is decided");
  }

  // ---- timers
  void operator()(const model::TimerSet& e) { Fresh(e.timer.ordinal); }
  void operator()(const model::TimerFired& e) {
    const model::Timer* timer = TimerOf(e.ordinal);
    Must(timer != nullptr, "a timer fires that is not set: twice, or after it was cancelled");
    Must(timer->due == e.due && e.due <= e.at && e.at == entry_.at,
         "a timer fires before it is due");
  }
  void operator()(const model::TimerCancelled& e) {
    Must(TimerOf(e.ordinal) != nullptr, "a timer is cancelled that is not set");
  }
  void operator()(const model::DeadlineMoved& e) {
    Must(TimerOf(e.timer) != nullptr, "a deadline is moved that is not set");
  }

  // ---- the case as a whole
  void operator()(const model::ChildStarted& e) { Fresh(e.child.ordinal); }
  void operator()(const model::ChildEnded& e) {
    const auto child = std::ranges::find(case_.children, e.ordinal, &model::Child::ordinal);
    Must(child != case_.children.end() && !child->ended,
         "a child ends twice, or was never started");
  }
  void operator()(const model::Notified& e) { Fresh(e.notification.ordinal); }
  void operator()(const model::MessageSent& e) { Fresh(e.ordinal); }
  void operator()(const model::CaseEnded&) { Must(!case_.ended, "a case ends twice"); }
  void operator()(const model::CaseSuspended& e) {
    Must(!case_.suspended_at, "a case is suspended twice");
    MustBeActor(e.by);
  }
  void operator()(const model::CaseResumed&) {
    Must(case_.suspended_at.has_value(), "a case is resumed that was not suspended");
  }
  void operator()(const model::Copied& e) {
    for (const model::Copy& copy : e.copies)
      Must(CopyFor(copy.person) == nullptr, "a case is copied to somebody twice");
  }
  void operator()(const model::CopyRead& e) {
    Must(CopyFor(e.person) && !CopyFor(e.person)->read_at,
         "a copy is read that there is not, or twice");
    MustBeActor(e.person);
  }
  void operator()(const model::OverrideProposed& e) {
    Fresh(e.proposal.ordinal);
    MustBeActor(e.proposal.by);
  }
  void operator()(const model::OverrideClosed& e) {
    const auto found = std::ranges::find(case_.overrides, e.ordinal, &model::Override::ordinal);
    Must(found != case_.overrides.end(), "a proposal is closed that nobody made");
    Must(!e.confirmed || found->by != e.by, "a proposal is confirmed by whoever made it");
    MustBeActor(e.by);
  }

 private:
  void Must(bool holds, const char* what) const {
    if (holds) return;
    throw Violation{fmt::format("{} ({}), revision {}: {}", case_.id.ToString(),
                                definition_.workflow, entry_.revision, what)};
  }
  void MustBeActor(const PersonId& person) const {
    Must(person == entry_.actor, "something is done in the name of somebody else");
  }
  void Fresh(Ordinal ordinal) const {
    Must(ordinal >= case_.next_ordinal, "a number is given that was given before");
  }
  // A withdrawal opens the round as it was: what was said stays said, but for the one decision.
  void Restored(const model::Round& round) const {
    std::size_t differ = 0;
    Must(round.again && round.seats.size() == restored_->seats.size(),
         "a withdrawal opens another round");
    for (std::size_t i = 0; i < round.seats.size(); ++i) {
      const Seat& seat = round.seats[i];
      const Seat& was = restored_->seats[i];
      Must(seat.ordinal == was.ordinal && seat.candidates == was.candidates,
           "a withdrawal opens the seats of others");
      differ += was.state == SeatState::kDecided && seat.vote != was.vote;
    }
    Must(differ == 1, "a withdrawal takes back another decision than one");
  }
  static bool IsLive(const Seat& seat) {
    return seat.state == SeatState::kOpen || seat.state == SeatState::kWaiting;
  }
  bool Active(StateIndex state) const {
    return std::ranges::binary_search(case_.configuration, state);
  }
  const model::Round* RoundOf(StateIndex state) const {
    const auto found = std::ranges::find(case_.rounds, state, &model::Round::state);
    return found == case_.rounds.end() ? nullptr : &*found;
  }
  const Seat* SeatOf(Ordinal ordinal) const {
    for (const model::Round& round : case_.rounds) {
      const auto found = std::ranges::find(round.seats, ordinal, &Seat::ordinal);
      if (found != round.seats.end()) return &*found;
    }
    return nullptr;
  }
  const model::Timer* TimerOf(Ordinal ordinal) const {
    const auto found = std::ranges::find(case_.timers, ordinal, &model::Timer::ordinal);
    return found == case_.timers.end() ? nullptr : &*found;
  }
  const model::Copy* CopyFor(const PersonId& person) const {
    const auto found = std::ranges::find(case_.copies, person, &model::Copy::person);
    return found == case_.copies.end() ? nullptr : &*found;
  }

  const definition::Definition& definition_;
  const model::Case& case_;
  const model::JournalEntry& entry_;
  std::optional<model::Round> restored_;
};

}  // namespace

void Replay(const definition::Definition& definition, model::Case& state,
            const model::JournalEntry& entry) {
  if (entry.revision != state.revision + 1)
    throw Violation{fmt::format("{}: revision {} follows {}", state.id.ToString(), entry.revision,
                                state.revision)};
  Possible possible(definition, state, entry);
  // Event by event, then the entry's own fields; the same calls as Apply(entry).
  for (const model::Event& event : entry.events) {
    std::visit(possible, event);
    statechart::Apply(definition, state, event);
  }
  statechart::Seal(state, entry.events, entry.revision, entry.actor, entry.at);
}

}  // namespace duban::simulation
