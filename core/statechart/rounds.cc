#include "core/statechart/rounds.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/approval/approval.h"
#include "core/statechart/access.h"
#include "core/statechart/decide.h"
#include "core/statechart/messages.h"
#include "core/statechart/words.h"

namespace duban::statechart {
namespace {

using approval::Mode;
using definition::Task;
using model::PersonId;
using model::Round;
using model::Seat;
using model::SeatState;
using model::StateIndex;

std::vector<PersonId> CandidatesOf(Draft& draft, StateIndex index) {
  const definition::State& state = draft.definition().states[index];
  const Scope& scope = draft.scope();
  for (const definition::Addressees* addressees : {&state.task->people, &state.task->fallback}) {
    auto people = ResolveIn(*addressees, scope);
    if (!people.empty()) return people;
  }
  std::vector<PersonId> administrators;
  for (const PersonId& person : draft.organisation().administrators()) {
    const auto* known = draft.organisation().FindPerson(person);
    if (known != nullptr && !known->service) administrators.push_back(person);
  }
  if (administrators.empty()) {
    const model::Text title = TitleOfState(state);
    draft.Fail(
        model::Reason::kNobody,
        fmt::format(
            "“{}”没有人可以办理：组织中找不到办理人、后备人员，也没有 administrator 角色；请补充 "
            "organisation.yaml",
            title.In("zh")),
        fmt::format(
            "nobody can act on `{}`: neither its people nor its fallback nor anybody with the role "
            "`administrator` were found; complete organisation.yaml",
            title.In("en")));
  }
  return administrators;
}

std::vector<Seat> SeatsFor(const Task& task, std::vector<PersonId> people, model::Ordinal next) {
  std::vector<Seat> seats;
  if (task.rule.mode == Mode::kOne) {
    seats.push_back({.ordinal = next, .state = SeatState::kOpen, .candidates = std::move(people)});
    return seats;
  }
  const std::vector<approval::Seat> votes(people.size());
  for (PersonId& person : people)
    seats.push_back(
        {.ordinal = next++, .state = SeatState::kWaiting, .candidates = {std::move(person)}});
  for (std::size_t active : approval::Active(task.rule, votes))
    seats[active].state = SeatState::kOpen;
  return seats;
}

const Round* RoundOf(const model::Case& state, StateIndex index) {
  const auto found = std::ranges::find(state.rounds, index, &Round::state);
  return found == state.rounds.end() ? nullptr : &*found;
}

void TellCandidates(Draft& draft, const Round& round, const Seat& seat) {
  if (!draft.definition().states[round.state].task->tell) return;
  const Message message = TaskMessage(draft, round);
  draft.Tell(seat.candidates, message.subject, message.body, message.urgency,
             model::NotificationCause::kTask);
}

std::vector<approval::Seat> VotesOf(const Round& round) {
  std::vector<approval::Seat> votes;
  for (const Seat& seat : round.seats) {
    const approval::Vote vote = seat.state != SeatState::kDecided ? approval::Vote::kNone
                                : seat.vote.outcome == "approved" ? approval::Vote::kApprove
                                                                  : approval::Vote::kReject;
    votes.push_back({vote, seat.weight});
  }
  return votes;
}

model::Map FormOf(const definition::Definition& definition,
                  const std::vector<std::pair<model::FieldIndex, model::Value>>& form) {
  std::vector<model::Map::Entry> entries;
  for (const auto& [field, value] : form)
    entries.emplace_back(definition.fields[field].name, value);
  return model::Map(std::move(entries));
}

// The round's outcome after a vote, or nothing; opens the seats whose turn has come.
std::optional<std::string> Tally(Draft& draft, StateIndex index, const std::string& voted) {
  const Task& task = *draft.definition().states[index].task;
  if (!task.approval) return voted;
  const auto votes = VotesOf(*RoundOf(draft.state(), index));
  switch (approval::Count(task.rule, votes).result) {
    case approval::Result::kApproved:
      return "approved";
    case approval::Result::kRejected:
      return "rejected";
    case approval::Result::kNoQuorum:
      return "no_quorum";
    case approval::Result::kOpen:
      break;
  }
  for (std::size_t active : approval::Active(task.rule, votes)) {
    const Seat seat = RoundOf(draft.state(), index)->seats[active];
    if (seat.state != SeatState::kWaiting) continue;
    draft.Emit(model::SeatOpened{seat.ordinal});
    const Round round = *RoundOf(draft.state(), index);
    TellCandidates(draft, round, seat);
  }
  return std::nullopt;
}

}  // namespace

const std::vector<std::string>& OutcomesOf(const Task& task) {
  static const std::vector<std::string> votes = {"approved", "rejected"};
  static const std::vector<std::string> submitted = {"submitted"};
  if (task.approval) return votes;
  return task.outcomes.empty() ? submitted : task.outcomes;
}

void OpenRound(Draft& draft, StateIndex index) {
  const definition::State& state = draft.definition().states[index];
  if (!state.task || draft.failed()) return;
  std::vector<PersonId> people = CandidatesOf(draft, index);
  if (draft.failed()) return;
  Round round;
  round.state = index;
  round.opened_at = draft.facts().now;
  if (auto title = Render(state.task->title, draft.scope())) {
    round.title = std::move(*title);
  } else {
    draft.RaiseError(state.place, title.error().message.In("en"));
  }
  if (round.title.empty()) round.title = TitleOfState(state);
  round.seats = SeatsFor(*state.task, std::move(people), draft.next_ordinal());
  draft.Emit(model::RoundOpened{round});
  for (const Seat& seat : round.seats) {
    if (seat.state == SeatState::kOpen) TellCandidates(draft, round, seat);
  }
}

void CloseRound(Draft& draft, StateIndex state) {
  if (RoundOf(draft.state(), state) != nullptr) draft.Emit(model::RoundClosed{state});
}

std::vector<PersonId> HoldersOf(const model::Case& state, StateIndex index) {
  std::vector<PersonId> holders;
  const Round* round = RoundOf(state, index);
  if (round == nullptr) return holders;
  for (const Seat& seat : round->seats) {
    if (seat.state != SeatState::kOpen) continue;
    for (const PersonId& person : seat.candidates) {
      if (std::ranges::find(holders, person) == holders.end()) holders.push_back(person);
    }
  }
  return holders;
}

void EscalateRound(Draft& draft, StateIndex state, const std::vector<PersonId>& people) {
  if (people.empty()) return;
  const auto& states = draft.definition().states;
  const Round* round = nullptr;
  for (StateIndex s = state; s != model::kNoState && round == nullptr; s = states[s].parent) {
    round = RoundOf(draft.state(), s);
    if (round != nullptr && round->decided) round = nullptr;
  }
  const Message message = EscalationMessage(draft, state, round);
  if (round != nullptr) draft.Emit(model::CandidatesAdded{StateIndex{round->state}, people});
  draft.Tell(people, message.subject, message.body, message.urgency,
             model::NotificationCause::kEscalation);
}

std::optional<Occurrence> DecideSeat(Draft& draft, const model::Decide& decide) {
  auto accepted =
      CheckDecision(draft.definition(), draft.state(), draft.scope(), draft.actor(), decide);
  if (!accepted) {
    draft.Fail(std::move(accepted.error()));
    return std::nullopt;
  }
  const StateIndex index = accepted->state;
  const model::Map form = FormOf(draft.definition(), accepted->form);
  draft.Emit(model::SeatDecided{decide.task,
                                {.outcome = decide.outcome,
                                 .by = draft.actor().id,
                                 .at = draft.facts().now,
                                 .opinion = decide.opinion},
                                form});
  for (auto& [field, value] : accepted->form) draft.Assign(field, std::move(value));
  const auto outcome = Tally(draft, index, decide.outcome);
  if (!outcome) return std::nullopt;
  draft.Emit(model::RoundDecided{index, *outcome});
  Occurrence occurrence;
  occurrence.name = *outcome;
  occurrence.data = form;
  occurrence.actor = draft.actor().id;
  occurrence.reason = decide.opinion;
  occurrence.state = index;
  occurrence.needs_reason = *outcome == decide.outcome;
  return occurrence;
}

}  // namespace duban::statechart
