// The only code that changes a case.
#include <algorithm>

#include "core/statechart/step.h"

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
  void operator()(const model::TransitionTaken&) {}
  void operator()(const model::StateExited& e) {
    const auto found = std::ranges::lower_bound(case_.configuration, e.state);
    if (found != case_.configuration.end() && *found == e.state) case_.configuration.erase(found);
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
      if (seat.state != SeatState::kDecided) seat.state = SeatState::kCancelled;
    }
  }
  void operator()(const model::RoundClosed& e) {
    std::erase_if(case_.rounds, [&](const model::Round& round) { return round.state == e.state; });
  }

  void operator()(const model::TimerSet& e) {
    case_.timers.push_back(e.timer);
    Use(e.timer.ordinal);
  }
  void operator()(const model::TimerFired& e) { RemoveTimer(e.ordinal); }
  void operator()(const model::TimerCancelled& e) { RemoveTimer(e.ordinal); }

  void operator()(const model::ChildStarted& e) {
    case_.children.push_back(e.child);
    Use(e.child.ordinal);
  }
  void operator()(const model::ChildEnded& e) {
    const auto child = std::ranges::find(case_.children, e.ordinal, &model::Child::ordinal);
    if (child == case_.children.end()) return;
    child->ended = true;
    child->outcome = e.outcome;
  }

  void operator()(const model::Notified& e) { Use(e.notification.ordinal); }
  void operator()(const model::MessageSent& e) { Use(e.ordinal); }
  void operator()(const model::Logged&) {}
  void operator()(const model::CaseEnded& e) {
    Use(e.ordinal);
    case_.ended = true;
    case_.outcome = e.outcome;
  }

 private:
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

}  // namespace

void Apply(const definition::Definition&, model::Case& state, const model::Event& event) {
  std::visit(Applier(state), event);
}

void Apply(const definition::Definition& definition, model::Case& state,
           const model::JournalEntry& entry) {
  for (const model::Event& event : entry.events) Apply(definition, state, event);
  if (!entry.events.empty() && std::holds_alternative<model::CaseStarted>(entry.events.front())) {
    state.started_at = entry.at;
  }
  state.revision = entry.revision;
  state.updated_at = entry.at;
}

}  // namespace duban::statechart
