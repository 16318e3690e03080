// What must hold of a case between two steps.
#include <fmt/format.h>

#include <algorithm>

#include "core/statechart/seats.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/replay.h"

namespace duban::simulation {
namespace {

using model::Seat;
using model::SeatState;

// Decided by something else than its votes: returned, or by its due date.
bool IsDecidedOtherwise(const model::Round& round) {
  return round.outcome == "returned" || std::ranges::any_of(round.seats, [](const Seat& seat) {
           return seat.vote.automatic == model::Automatic::kOverdue;
         });
}

bool Agrees(const definition::Task& task, const std::string& outcome, approval::Result result) {
  switch (result) {
    case approval::Result::kOpen:
      return false;
    case approval::Result::kRejected:
      return outcome == "rejected";
    case approval::Result::kNoQuorum:
      return outcome == "no_quorum";
    case approval::Result::kApproved:
      break;
  }
  if (task.approval) return outcome == "approved";
  return std::ranges::find(task.outcomes, outcome) != task.outcomes.end();
}

// The recount: what the votes that are stored amount to, by the algebra.
const char* Recount(const definition::Task& task, const model::Round& round) {
  const statechart::Count count = statechart::CountRound(task, round);
  if (round.decided) {
    return IsDecidedOtherwise(round) || Agrees(task, round.outcome, count.result)
               ? nullptr
               : "a round's outcome is not what its votes say";
  }
  if (count.result != approval::Result::kOpen) return "a round is open that its votes decide";
  for (const Seat& seat : round.seats) {
    const bool turn = std::ranges::binary_search(count.turns, seat.ordinal);
    if (turn != (seat.state == SeatState::kOpen))
      return turn ? "a seat whose turn it is, is not open" : "a seat is open before its turn";
  }
  return nullptr;
}

// The elementary recount, where nobody was added and the rule is one of the simple ones: by
// counting alone, without the algebra.
const char* RecountByHand(const definition::Task& task, const model::Round& round) {
  using Mode = approval::Mode;
  const approval::Rule& rule = task.rule;
  if (!task.approval || !task.groups.empty() || rule.collect_all || rule.quorum > 0 ||
      round.decided)
    return nullptr;
  int yes = 0;
  int no = 0;
  for (const Seat& seat : round.seats) {
    if (!statechart::IsRoot(seat)) return nullptr;
    if (seat.state != SeatState::kDecided) continue;
    yes += seat.vote.outcome == "approved";
    no += seat.vote.outcome == "rejected";
  }
  if ((rule.mode == Mode::kAny || rule.mode == Mode::kOne) && yes + no > 0)
    return "one has spoken where one is enough, and the others are still asked";
  if ((rule.mode == Mode::kAll || rule.mode == Mode::kSequence) && no > 0)
    return "one has said no where all must say yes, and the others are still asked";
  if (rule.mode == Mode::kCount && yes >= rule.count)
    return "enough have said yes, and the others are still asked";
  return nullptr;
}

const char* CheckRound(const definition::Definition& definition, const model::Case& state,
                       const model::Round& round) {
  const auto& task = definition.states[round.state].task;
  if (!task) return "a round where no task is asked";
  if (!std::ranges::binary_search(state.configuration, round.state))
    return "a round in a state that is not active";
  bool anybody = round.decided;
  for (const Seat& seat : round.seats) {
    if (seat.state == SeatState::kOpen && (round.decided || state.ended))
      return "an open seat that nobody waits for";
    if (seat.state == SeatState::kOpen && seat.candidates.empty())
      return "an open seat that nobody may decide";
    anybody |= seat.state == SeatState::kOpen;
  }
  if (!anybody) return "a round that waits for nobody";
  if (const char* wrong = RecountByHand(*task, round)) return wrong;
  return Recount(*task, round);
}

}  // namespace

void CheckCase(const definition::Definition& definition, const model::Case& state) {
  const auto fail = [&](const char* what) {
    throw Violation{fmt::format("{} ({}) at revision {}: {}", state.id.ToString(),
                                definition.workflow, state.revision, what)};
  };
  if (state.configuration.empty()) fail("no state is active");
  if (state.ended && !state.timers.empty()) fail("timers are left of a case that has ended");
  if (state.ended && !state.rounds.empty()) fail("rounds are left of a case that has ended");
  if (state.ended && state.suspended_at) fail("a case that has ended is suspended");
  for (const model::Round& round : state.rounds) {
    if (const char* wrong = CheckRound(definition, state, round)) fail(wrong);
  }
  for (const model::Timer& timer : state.timers) {
    if (timer.state != model::kNoState &&
        !std::ranges::binary_search(state.configuration, timer.state))
      fail("a timer of a state that is not active");
  }
  for (const model::Deadline& deadline : state.deadlines) {
    if (!std::ranges::binary_search(state.configuration, deadline.state))
      fail("a due date of a state that is not active");
  }
}

}  // namespace duban::simulation
