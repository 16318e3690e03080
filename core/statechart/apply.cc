// The only code that changes a case.
#include <algorithm>

#include "core/statechart/draft.h"

namespace duban::statechart {
namespace {

using model::Ordinal;
using model::PersonId;
using model::SeatState;

class Applier {
 public:
  explicit Applier(model::Case& state) : case_(state) {}

  void operator()(const model::CaseStarted& e) {
    case_.campaign = e.campaign;
    case_.workflow = e.workflow;
    case_.starter = e.starter;
    case_.parent = e.parent;
    case_.data.resize(e.fields);
    Join(e.starter);
  }
  void operator()(const model::EventTaken& e) { Join(e.actor); }
  void operator()(const model::TransitionTaken&) {
    // In a later step than the decision: the case went on, which a withdrawal would undo too.
    if (!case_.trail.empty() && case_.trail.back().revision != case_.revision + 1)
      case_.last_round.reset();
  }
  void operator()(const model::StateExited& e) {
    const auto found = std::ranges::lower_bound(case_.configuration, e.state);
    if (found != case_.configuration.end() && *found == e.state) case_.configuration.erase(found);
    std::erase_if(case_.deadlines, [&](const auto& deadline) { return deadline.state == e.state; });
  }
  void operator()(const model::StateEntered& e) {
    const auto place = std::ranges::lower_bound(case_.configuration, e.state);
    if (place == case_.configuration.end() || *place != e.state)
      case_.configuration.insert(place, e.state);
  }
  void operator()(const model::HistoryKept& e) {
    const auto same =
        std::ranges::find(case_.history, e.value.history, &model::HistoryValue::history);
    if (same != case_.history.end()) {
      *same = e.value;
    } else {
      case_.history.push_back(e.value);
    }
  }
  void operator()(const model::FieldAssigned& e) {
    if (e.field >= case_.data.size()) case_.data.resize(e.field + 1u);
    case_.data[e.field] = e.value;
  }

  void operator()(const model::RoundOpened& e) {
    case_.rounds.push_back(e.round);
    for (const model::Seat& seat : e.round.seats) {
      Use(seat.ordinal);
      if (seat.state == SeatState::kOpen) JoinAll(seat.candidates);
    }
  }
  void operator()(const model::SeatOpened& e) {
    if (model::Seat* seat = FindSeat(e.ordinal)) {
      seat->state = SeatState::kOpen;
      JoinAll(seat->candidates);
    }
  }
  void operator()(const model::SeatDecided& e) {
    if (model::Seat* seat = FindSeat(e.ordinal)) {
      seat->state = SeatState::kDecided;
      seat->vote = e.vote;
      seat->draft.reset();
      if (e.vote.automatic == model::Automatic::kNo) {
        Acted(StateOf(e.ordinal), e.vote.by);
        Acted(StateOf(e.ordinal), e.vote.on_behalf_of);
      }
    }
    Join(e.vote.by);
  }
  void operator()(const model::CandidatesAdded& e) {
    model::Round* round = FindRound(e.state);
    if (round == nullptr) return;
    for (model::Seat& seat : round->seats) {
      if (seat.state != SeatState::kOpen) continue;
      for (const PersonId& person : e.people) {
        if (std::ranges::find(seat.candidates, person) == seat.candidates.end())
          seat.candidates.push_back(person);
      }
    }
    JoinAll(e.people);
  }
  void operator()(const model::RoundDecided& e) {
    model::Round* round = FindRound(e.state);
    if (round == nullptr) return;
    round->decided = true;
    round->outcome = e.outcome;
    for (model::Seat& seat : round->seats) {
      if (seat.state == SeatState::kOpen || seat.state == SeatState::kWaiting)
        seat.state = SeatState::kCancelled;
    }
    Pass(*round);
  }
  void operator()(const model::RoundClosed& e) {
    std::erase_if(case_.rounds, [&](const model::Round& round) { return round.state == e.state; });
    std::erase_if(case_.returns, [&](const auto& back) { return back.target == e.state; });
  }

  void operator()(const model::TimerSet& e) {
    case_.timers.push_back(e.timer);
    Use(e.timer.ordinal);
    if (IsDue(e.timer)) SetDeadline(e.timer);
  }
  void operator()(const model::TimerFired& e) {
    const model::Timer* timer = FindTimer(e.ordinal);
    model::Deadline* deadline =
        timer != nullptr && IsDue(*timer) ? FindDeadline(timer->state) : nullptr;
    if (deadline != nullptr) deadline->passed = true;
    RemoveTimer(e.ordinal);
  }
  void operator()(const model::TimerCancelled& e) { RemoveTimer(e.ordinal); }

  void operator()(const model::ChildStarted& e) {
    case_.children.push_back(e.child);
    case_.last_round.reset();  // a child can't be taken back, nor a message below
    Use(e.child.ordinal);
  }
  void operator()(const model::ChildEnded& e) {
    const auto child = std::ranges::find(case_.children, e.ordinal, &model::Child::ordinal);
    if (child == case_.children.end()) return;
    child->ended = true;
    child->outcome = e.outcome;
  }

  void operator()(const model::Notified& e) { Use(e.notification.ordinal); }
  void operator()(const model::MessageSent& e) {
    case_.last_round.reset();
    Use(e.ordinal);
  }
  void operator()(const model::Logged&) {}
  void operator()(const model::CaseEnded& e) {
    Use(e.ordinal);
    case_.ended = true;
    case_.outcome = e.outcome;
    EndSuspension();
    case_.overrides.clear();
    case_.last_round.reset();
    case_.deadlines.clear();
  }

  void operator()(const model::SeatClaimed& e) {
    if (model::Seat* seat = FindSeat(e.ordinal)) seat->claimed_by = e.by;
    Join(e.by);
  }
  void operator()(const model::SeatReleased& e) {
    if (model::Seat* seat = FindSeat(e.ordinal)) seat->claimed_by.clear();
  }
  void operator()(const model::SeatMoved& e) {
    model::Seat* seat = FindSeat(e.ordinal);
    if (seat == nullptr) return;
    if (seat->owner.empty()) seat->owner = e.move.from;
    seat->moves.push_back(e.move);
    seat->candidates = e.candidates;
    const auto left = [&](const PersonId& person) {
      return std::ranges::find(e.candidates, person) == e.candidates.end();
    };
    if (left(seat->claimed_by)) seat->claimed_by.clear();
    if (seat->draft && left(seat->draft->by)) seat->draft.reset();
    JoinAll(e.candidates);
  }
  void operator()(const model::SeatsAdded& e) {
    model::Round* round = FindRound(e.state);
    if (round == nullptr) return;
    for (const model::Seat& seat : e.seats) {
      Use(seat.ordinal);
      round->seats.push_back(seat);
      if (seat.state == SeatState::kOpen) JoinAll(seat.candidates);
    }
  }
  void operator()(const model::SeatsRemoved& e) {
    for (Ordinal ordinal : e.ordinals) {
      if (model::Seat* seat = FindSeat(ordinal)) seat->state = SeatState::kRemoved;
    }
  }
  void operator()(const model::SeatHeld& e) {
    if (model::Seat* seat = FindSeat(e.ordinal)) seat->state = SeatState::kWaiting;
  }
  void operator()(const model::SeatReopened& e) {
    if (model::Seat* seat = FindSeat(e.ordinal)) {
      seat->state = SeatState::kOpen;
      seat->vote = {};
    }
  }
  void operator()(const model::DraftSaved& e) {
    if (model::Seat* seat = FindSeat(e.ordinal)) seat->draft = e.draft;
  }
  void operator()(const model::Jumped& e) {
    if (e.cause == model::Jumped::Cause::kReturned && e.back_to_source)
      case_.returns.push_back({e.target, e.source});
    if (e.cause == model::Jumped::Cause::kWithdrawn && !case_.trail.empty()) {
      case_.trail.pop_back();
      case_.last_round.reset();
    }
    // A mark behind which nobody counts as having approved already, nor can be returned to.
    if (e.cause == model::Jumped::Cause::kOverridden)
      Keep({e.source, case_.revision + 1, {}, "overridden", {}});
  }
  void operator()(const model::Copied& e) {
    for (const model::Copy& copy : e.copies) {
      if (std::ranges::find(case_.copies, copy.person, &model::Copy::person) == case_.copies.end())
        case_.copies.push_back(copy);
    }
  }
  void operator()(const model::CopyRead& e) {
    const auto copy = std::ranges::find(case_.copies, e.person, &model::Copy::person);
    if (copy != case_.copies.end() && !copy->read_at) copy->read_at = e.at;
  }
  void operator()(const model::Reminded& e) {
    if (model::Round* round = FindRound(e.state)) round->reminded_at = e.at;
  }
  void operator()(const model::Commented& e) { Join(e.by); }
  void operator()(const model::CaseSuspended& e) {
    case_.suspended_at = e.at;
    case_.suspended_by = e.by;
    case_.suspended_reason = e.reason;
  }
  void operator()(const model::CaseResumed&) { EndSuspension(); }
  void operator()(const model::OverrideProposed& e) {
    Use(e.proposal.ordinal);
    case_.overrides.push_back(e.proposal);
  }
  void operator()(const model::OverrideClosed& e) {
    std::erase_if(case_.overrides,
                  [&](const model::Override& one) { return one.ordinal == e.ordinal; });
  }
  void operator()(const model::DeadlineMoved& e) {
    model::Timer* timer = FindTimer(e.timer);
    if (timer == nullptr) return;
    timer->due = e.due;
    timer->derivation = e.derivation;
    timer->provisional = e.provisional;
    timer->calendar = e.calendar;
    if (!IsDue(*timer)) return;
    SetDeadline(*timer);
    FindDeadline(timer->state)->paused = e.paused;
  }

 private:
  static bool IsDue(const model::Timer& timer) {
    return timer.kind == model::TimerKind::kOverdue && timer.index == 0;
  }
  model::Timer* FindTimer(Ordinal ordinal) {
    const auto found = std::ranges::find(case_.timers, ordinal, &model::Timer::ordinal);
    return found == case_.timers.end() ? nullptr : &*found;
  }
  model::Deadline* FindDeadline(model::StateIndex state) {
    const auto found = std::ranges::find(case_.deadlines, state, &model::Deadline::state);
    return found == case_.deadlines.end() ? nullptr : &*found;
  }
  void SetDeadline(const model::Timer& timer) {
    model::Deadline* deadline = FindDeadline(timer.state);
    if (deadline == nullptr) deadline = &case_.deadlines.emplace_back();
    deadline->state = timer.state;
    deadline->from = timer.from;
    deadline->due = timer.due;
    deadline->derivation = timer.derivation;
    deadline->provisional = timer.provisional;
    deadline->passed = false;
  }
  void Acted(model::StateIndex state, const PersonId& person) {
    const model::Act act{state, person};
    if (person.empty() || person == model::Principal::kSystem) return;
    if (std::ranges::find(case_.acts, act) == case_.acts.end()) case_.acts.push_back(act);
  }
  void EndSuspension() {
    case_.suspended_at.reset();
    case_.suspended_by.clear();
    case_.suspended_reason.clear();
  }
  // Of the same word said again and again in the same state (a daily record) the newest two are
  // kept, the older for when the newest is withdrawn: more of them say nothing, and each step pays
  // for all.
  void Keep(model::Passage passage) {
    auto& trail = case_.trail;
    const auto repeats = [&](std::size_t back) {
      if (trail.size() < back) return false;
      const model::Passage& before = trail[trail.size() - back];
      return before.state == passage.state && before.outcome == passage.outcome &&
             before.people == passage.people;
    };
    if (repeats(1) && repeats(2)) trail.erase(trail.end() - 2);
    trail.push_back(std::move(passage));
    if (case_.trail.size() > model::kMaxTrail) case_.trail.erase(case_.trail.begin());
    case_.last_round.reset();
  }
  // Whose word it was: those who said what came out; of an added signer's refusal or of a count
  // that came out otherwise, everybody who spoke.
  static std::vector<PersonId> SpeakersOf(const model::Round& round, bool agreeing) {
    std::vector<PersonId> people;
    for (const model::Seat& seat : round.seats) {
      const bool spoke = seat.state == SeatState::kDecided && !seat.vote.by.empty() &&
                         seat.vote.by != model::Principal::kSystem &&
                         (seat.vote.automatic == model::Automatic::kNo ||
                          seat.vote.automatic == model::Automatic::kRepeated);
      if (!spoke || (agreeing && seat.vote.outcome != round.outcome)) continue;
      people.push_back(seat.vote.on_behalf_of.empty() ? seat.vote.by : seat.vote.on_behalf_of);
    }
    return people;
  }
  // A decided round is where a return may lead. The step's revision is not known yet: it is the
  // next.
  void Pass(const model::Round& round) {
    model::Passage passage{round.state, case_.revision + 1, {}, round.outcome, {}};
    for (const model::Seat& seat : round.seats) {
      if (seat.state == SeatState::kDecided) passage.at = std::max(passage.at, seat.vote.at);
    }
    passage.people = SpeakersOf(round, true);
    if (passage.people.empty()) passage.people = SpeakersOf(round, false);
    Keep(std::move(passage));
    case_.last_round = round;
  }
  model::StateIndex StateOf(Ordinal ordinal) const {
    for (const model::Round& round : case_.rounds) {
      for (const model::Seat& seat : round.seats) {
        if (seat.ordinal == ordinal) return round.state;
      }
    }
    return model::kNoState;
  }
  void Use(Ordinal ordinal) { case_.next_ordinal = std::max(case_.next_ordinal, ordinal + 1); }
  void Join(const PersonId& person) {
    if (person.empty() || person == model::Principal::kSystem) return;
    if (std::ranges::find(case_.participants, person) == case_.participants.end()) {
      case_.participants.push_back(person);
    }
  }
  void JoinAll(const std::vector<PersonId>& people) {
    for (const PersonId& person : people) Join(person);
  }
  model::Round* FindRound(model::StateIndex state) {
    const auto found = std::ranges::find(case_.rounds, state, &model::Round::state);
    return found == case_.rounds.end() ? nullptr : &*found;
  }
  model::Seat* FindSeat(Ordinal ordinal) {
    for (model::Round& round : case_.rounds) {
      for (model::Seat& seat : round.seats) {
        if (seat.ordinal == ordinal) return &seat;
      }
    }
    return nullptr;
  }
  void RemoveTimer(Ordinal ordinal) {
    std::erase_if(case_.timers,
                  [&](const model::Timer& timer) { return timer.ordinal == ordinal; });
  }

  model::Case& case_;
};

bool MovesCase(std::span<const model::Event> events) {
  return std::ranges::any_of(events, [](const model::Event& event) {
    return std::holds_alternative<model::CaseStarted>(event) ||
           std::holds_alternative<model::EventTaken>(event) ||
           std::holds_alternative<model::SeatDecided>(event) ||
           std::holds_alternative<model::SeatMoved>(event) ||
           std::holds_alternative<model::SeatsAdded>(event) ||
           std::holds_alternative<model::SeatsRemoved>(event) ||
           std::holds_alternative<model::SeatReopened>(event) ||
           std::holds_alternative<model::Jumped>(event);
  });
}

}  // namespace

void Seal(model::Case& state, std::span<const model::Event> events, model::Revision revision,
          const model::PersonId& actor, model::Timestamp at) {
  if (!events.empty() && std::holds_alternative<model::CaseStarted>(events.front()))
    state.started_at = at;
  state.revision = revision;
  if (actor != model::Principal::kSystem && MovesCase(events)) state.last_act = revision;
  state.updated_at = at;
}

void Apply(const definition::Definition&, model::Case& state, const model::Event& event) {
  std::visit(Applier(state), event);
}

void Apply(const definition::Definition& definition, model::Case& state,
           const model::JournalEntry& entry) {
  for (const model::Event& event : entry.events) Apply(definition, state, event);
  Seal(state, entry.events, entry.revision, entry.actor, entry.at);
}

}  // namespace duban::statechart
