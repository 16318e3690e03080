#include "core/engine/projection.h"

#include <algorithm>
#include <boost/container/flat_set.hpp>
#include <boost/container/small_vector.hpp>
#include <functional>
#include <map>
#include <span>
#include <utility>

#include "core/model/codec.h"
#include "core/statechart/due.h"
#include "core/statechart/rounds.h"
#include "core/statechart/step.h"

namespace duban::engine {
namespace {

using model::Ordinal;

DeadlineView ViewOf(const definition::Definition& definition, const model::Deadline& deadline) {
  const definition::State& state = definition.states[deadline.state];
  DeadlineView view;
  view.state = state.id;
  view.due = deadline.due;
  view.derivation = deadline.derivation;
  view.provisional = deadline.provisional;
  view.title = state.title;
  view.from = deadline.from;
  view.passed = deadline.passed;
  if (!state.due) return view;
  view.basis = statechart::BasisOf(*state.due, deadline.from, definition.time_zone);
  view.pauses = state.due->pause;
  return view;
}

// TaskView and CaseSummary as they are written: of what the case has, nothing is copied.
struct TaskOnPaper {
  model::TaskId id;
  const std::string& campaign;
  const std::string& workflow;
  const model::Text& case_title;
  const std::string& state;
  const model::Text& title;
  model::Timestamp opened_at;
  const model::Seat& seat;
  std::optional<DeadlineView> deadline;
  template <class A>
  void Visit(A& a) {
    TaskView::VisitFields(a, *this);
  }
};

struct SummaryOnPaper {
  const model::Text& title;
  const model::PersonId& starter;
  model::Timestamp started_at;
  model::Timestamp updated_at;
  std::vector<std::string_view> states;
  std::vector<std::string_view> leaves;
  const std::vector<model::PersonId>& participants;
  std::vector<std::string_view> copied_to;
  std::vector<DeadlineView> deadlines;
  std::vector<model::PersonId> holders;
  template <class A>
  void Visit(A& a) {
    CaseSummary::VisitFields(a, *this);
  }
};

// Goes through one step, so that each seat that changed is written once, as it ended up: as it is
// afterwards, or, in a round that the step closes, as it was when that was closed. Only such rounds
// are copied and followed; in others a thousand may sit.
class Projector {
 public:
  Projector(const definition::Definition& definition, const model::Text& title,
            const model::Case& before, const model::Case& after, ports::CaseWrite& out)
      : definition_(definition),
        title_(title),
        before_(before),
        after_(after),
        out_(out),
        closed_(followed_.rounds) {
    for (const model::Round& round : before.rounds) {
      if (WillClose(round)) closed_.push_back(round);
    }
  }

  void Take(const model::JournalEntry& entry) {
    at_ = entry.at;
    for (const model::Event& event : entry.events) {
      event_ = &event;
      std::visit([this](const auto& e) { On(e); }, event);
    }
    Flush();
  }

 private:
  void On(const auto&) {}

  void On(const model::RoundOpened& e) {
    if (WillClose(e.round)) closed_.push_back(e.round);
    TouchAll(e.round.state);
  }
  void On(const model::SeatOpened& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::SeatDecided& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::CandidatesAdded& e) {
    statechart::Apply(definition_, followed_, *event_);
    TouchAll(e.state);
  }
  void On(const model::SeatClaimed& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::SeatReleased& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::SeatMoved& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::SeatsRemoved& e) { Follow(e.ordinals); }
  void On(const model::SeatHeld& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::SeatReopened& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::DraftSaved& e) { Follow(std::span(&e.ordinal, 1)); }
  void On(const model::SeatsAdded& e) {
    std::vector<Ordinal> ordinals;
    for (const model::Seat& seat : e.seats) ordinals.push_back(seat.ordinal);
    Follow(ordinals);
  }
  void On(const model::RoundDecided& e) { Cancel(e.state); }
  void On(const model::RoundClosed& e) {
    Cancel(e.state);
    for (const model::Round& round : closed_) {
      if (round.state == e.state) WriteTouched(round);
    }
    std::erase_if(closed_, [&](const model::Round& round) { return round.state == e.state; });
  }
  void On(const model::TimerSet& e) { timers_set_[e.timer.ordinal] = e.timer.due; }
  void On(const model::TimerFired& e) { ClearTimer(e.ordinal); }
  void On(const model::TimerCancelled& e) { ClearTimer(e.ordinal); }
  void On(const model::DeadlineMoved& e) {
    timers_set_[e.timer] = e.due;
    TouchAll(e.state);
  }

  void On(const model::Notified& e) {
    OutboxMessage message;
    message.notification = e.notification;
    message.workflow = definition_.workflow;
    message.created_at = at_;
    AddOutbox(e.notification.ordinal, KindOf(e.notification.urgency), model::Encode(message));
  }
  void On(const model::ChildStarted& e) {
    model::StartCase start{after_.campaign, e.workflow, e.data, {after_.id, e.child.ordinal}};
    AddCommand(e.child.ordinal, e.child.id, std::move(start));
  }
  void On(const model::MessageSent& e) {
    AddCommand(e.ordinal, e.to, model::SendEvent{e.event, e.data, {}});
  }
  void On(const model::CaseEnded& e) {
    if (!IsFinished()) TerminateChildren(e.outcome);
    if (!after_.parent.id) return;
    AddCommand(e.ordinal, after_.parent.id,
               model::ReportChild{after_.parent.child, e.outcome, e.result});
  }

  // Whether it came to one of its ends by itself; else it was revoked or terminated.
  bool IsFinished() const {
    return std::ranges::any_of(after_.configuration, [&](model::StateIndex state) {
      return definition_.states[state].parent == 0 &&
             definition_.states[state].kind == definition::StateKind::kFinal;
    });
  }
  // Their ordinals come after all that the case has given, and it will give no more.
  void TerminateChildren(const std::string& outcome) {
    Ordinal next = after_.next_ordinal;
    for (const model::Child& child : after_.children) {
      if (!child.ended)
        AddCommand(next++, child.id, model::Terminate{outcome, "the case above it: " + outcome});
    }
  }
  void AddCommand(Ordinal ordinal, model::CaseId to, model::CommandBody body) {
    model::Command command;
    command.actor.id = model::Principal::kSystem;
    command.case_id = to;
    command.body = std::move(body);
    AddOutbox(ordinal, ports::OutboxKind::kCommand, model::Encode(command));
  }
  void AddOutbox(Ordinal ordinal, ports::OutboxKind kind, std::string body) {
    ports::OutboxRow row;
    row.case_id = after_.id;
    row.ordinal = ordinal;
    row.kind = kind;
    row.next_attempt = at_;
    row.body = std::move(body);
    out_.outbox.push_back(std::move(row));
  }

  void ClearTimer(Ordinal ordinal) {
    if (timers_set_.erase(ordinal) == 0) out_.timers_cleared.push_back(ordinal);
  }

  void Follow(std::span<const Ordinal> ordinals) {
    statechart::Apply(definition_, followed_, *event_);
    TouchWhere([&](const model::Round&, const model::Seat& seat) {
      return std::ranges::find(ordinals, seat.ordinal) != ordinals.end();
    });
  }
  void Cancel(model::StateIndex state) {
    for (model::Round& round : closed_) {
      if (round.state != state) continue;
      for (model::Seat& seat : round.seats) {
        if (seat.state == model::SeatState::kOpen || seat.state == model::SeatState::kWaiting)
          seat.state = model::SeatState::kCancelled;
      }
    }
    TouchWhere([state](const model::Round& round, const model::Seat& seat) {
      return round.state == state && seat.state == model::SeatState::kCancelled;
    });
  }
  void TouchAll(model::StateIndex state) {
    TouchWhere(
        [state](const model::Round& round, const model::Seat&) { return round.state == state; });
  }
  template <class Predicate>
  void TouchWhere(Predicate wanted) {
    for (const std::vector<model::Round>* rounds : {&std::as_const(closed_), &after_.rounds}) {
      for (const model::Round& round : *rounds) {
        for (const model::Seat& seat : round.seats) {
          if (wanted(round, seat)) touched_.insert(seat.ordinal);
        }
      }
    }
  }
  bool WillClose(const model::Round& round) const {
    return round.seats.empty() ||
           statechart::FindSeat(after_, round.seats.front().ordinal).seat == nullptr;
  }

  std::optional<DeadlineView> DeadlineOf(model::StateIndex state) const {
    for (const model::Case* source : {&after_, &before_}) {
      const auto found = std::ranges::find(source->deadlines, state, &model::Deadline::state);
      if (found != source->deadlines.end()) return ViewOf(definition_, *found);
    }
    return std::nullopt;
  }

  void WriteTouched(const model::Round& round) {
    for (const model::Seat& seat : round.seats) {
      if (out_.tasks.size() == touched_.size()) return;
      if (touched_.contains(seat.ordinal)) Write(round, seat);
    }
  }

  void Write(const model::Round& round, const model::Seat& seat) {
    TaskOnPaper task{{after_.id, seat.ordinal},
                     after_.campaign,
                     after_.workflow,
                     title_,
                     definition_.states[round.state].id,
                     round.title,
                     round.opened_at,
                     seat,
                     DeadlineOf(round.state)};
    ports::TaskRow& row = out_.tasks.emplace_back();
    row.case_id = after_.id;
    row.ordinal = seat.ordinal;
    row.open = seat.state == model::SeatState::kOpen;
    if (task.deadline) row.due = task.deadline->due;
    if (seat.claimed_by.empty()) {
      row.candidates = seat.candidates;
    } else {
      row.candidates = {seat.claimed_by};
    }
    row.body = model::Encode(task);
  }

  void Flush() {
    for (const model::Round& round : closed_) WriteTouched(round);
    for (const model::Round& round : after_.rounds) WriteTouched(round);
    std::ranges::sort(out_.tasks, {}, &ports::TaskRow::ordinal);
    for (const auto& [ordinal, due] : timers_set_)
      out_.timers_set.push_back({after_.id, ordinal, due});
  }

  const definition::Definition& definition_;
  const model::Text& title_;
  const model::Case& before_;
  const model::Case& after_;
  ports::CaseWrite& out_;
  model::Case followed_;  // nothing but the rounds that will be closed
  std::vector<model::Round>& closed_;
  model::Timestamp at_;
  const model::Event* event_ = nullptr;  // the one that is looked at
  // Seats that changed.
  boost::container::flat_set<Ordinal, std::less<>, boost::container::small_vector<Ordinal, 16>>
      touched_;
  std::map<Ordinal, model::Timestamp> timers_set_;
};

}  // namespace

ports::OutboxKind KindOf(model::Urgency urgency) {
  if (model::IsAlarm(urgency)) return ports::OutboxKind::kAlarm;
  return urgency == model::Urgency::kDigest ? ports::OutboxKind::kDigest
                                            : ports::OutboxKind::kNotification;
}

ports::CaseRow RowOf(const definition::Definition& definition, const model::Text& title,
                     const model::Case& state) {
  SummaryOnPaper summary{title,
                         state.starter,
                         state.started_at,
                         state.updated_at,
                         {},
                         {},
                         state.participants,
                         {},
                         DeadlinesOf(definition, state),
                         {}};
  for (const model::Copy& copy : state.copies) summary.copied_to.emplace_back(copy.person);
  if (!summary.deadlines.empty()) summary.holders = statechart::HoldersOf(state);
  summary.states.reserve(state.configuration.size());
  summary.leaves.reserve(state.configuration.size());
  for (const model::StateIndex index : state.configuration) {
    const definition::State& spec = definition.states[index];
    summary.states.emplace_back(spec.id);
    if (spec.kind == definition::StateKind::kAtomic || spec.kind == definition::StateKind::kFinal) {
      summary.leaves.emplace_back(spec.id);
    }
  }
  ports::CaseRow row;
  row.case_id = state.id;
  row.revision = state.revision;
  row.campaign = state.campaign;
  row.workflow = state.workflow;
  row.parent = state.parent.id;
  row.ended = state.ended;
  row.outcome = state.outcome;
  row.summary = model::Encode(summary);
  row.body = model::Encode(state);
  return row;
}

ports::CaseWrite Project(const definition::Definition& definition, const model::Text& title,
                         const model::Case& before, const model::JournalEntry& entry,
                         const model::Case& after) {
  ports::CaseWrite write;
  write.expected_revision = before.revision;
  write.row = RowOf(definition, title, after);
  write.journal.push_back({after.id, entry.revision, 0, model::Encode(entry)});
  Projector(definition, title, before, after, write).Take(entry);
  return write;
}

std::vector<DeadlineView> DeadlinesOf(const definition::Definition& definition,
                                      const model::Case& state) {
  std::vector<DeadlineView> deadlines;
  for (const model::Deadline& deadline : state.deadlines)
    deadlines.push_back(ViewOf(definition, deadline));
  // A case that was stored before it kept its deadlines has their timers.
  for (const model::Timer& timer : state.timers) {
    if (timer.kind != model::TimerKind::kOverdue || timer.index != 0) continue;
    if (std::ranges::find(state.deadlines, timer.state, &model::Deadline::state) !=
        state.deadlines.end())
      continue;
    model::Deadline deadline;
    deadline.state = timer.state;
    deadline.from = state.started_at;
    deadline.due = timer.due;
    deadline.derivation = timer.derivation;
    deadline.provisional = timer.provisional;
    deadlines.push_back(ViewOf(definition, deadline));
  }
  std::stable_sort(deadlines.begin(), deadlines.end(),
                   [](const DeadlineView& a, const DeadlineView& b) { return a.due < b.due; });
  return deadlines;
}

}  // namespace duban::engine
