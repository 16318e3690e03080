// Looking at rounds and seats: which there are, whose turn it is, how they count. Changes nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/approval/approval.h"
#include "core/definition/definition.h"
#include "core/model/case.h"

namespace duban::statechart {

inline constexpr std::size_t kMaxSeats = 2'000;  // of one round

struct SeatPlace {
  const model::Round* round = nullptr;
  const model::Seat* seat = nullptr;
};
SeatPlace FindSeat(const model::Case& state, model::Ordinal task);
const model::Round* FindRound(const model::Case& state, model::StateIndex index);

// Not decided, cancelled or removed.
bool IsLive(const model::Seat& seat);
// Counts by the round's rule itself; the others belong to the seat they were added to.
bool IsRoot(const model::Seat& seat);
// Whether it was decided by the person, or in their name, and not by itself.
bool IsDecisionOf(const model::Seat& seat, const model::PersonId& person);
// Has a place in the round or has had the last word on one; whoever was removed does not.
bool IsOnRound(const model::Round& round, const model::PersonId& person);
// 0 for a root; kMaxAdditionDepth at most.
int DepthOf(const model::Round& round, const model::Seat& seat);
// The seat and everything that was added to it, as far as it is live.
std::vector<model::Ordinal> WithAdditions(const model::Round& round, model::Ordinal seat);

// Who could act on the open seats now, each once; of one state's round, or of all.
std::vector<model::PersonId> HoldersOf(const model::Case& state,
                                       std::optional<model::StateIndex> index = std::nullopt);

// What a holder can say: the outcomes of the task, `abstained` where it is allowed, and `recused`.
std::vector<std::string> WordsOf(const definition::Task& task);
bool IsWordOf(const definition::Task& task, std::string_view word);

// The rule by which a group of the task counts; group 0 of a task without groups is the task.
const approval::Rule& RuleOf(const definition::Task& task, std::size_t group);

// A round as the algebra sees it.
struct Count {
  std::vector<approval::Tally> groups;  // one for a round without groups
  approval::Result result = approval::Result::kOpen;
  std::vector<model::Ordinal> turns;     // the seats that may act now, ascending
  std::vector<model::Ordinal> settled;   // live, yet refused by a signer who was added before
  std::vector<model::Ordinal> needless;  // live, yet another of those asked with them has answered
  // Groups in which everybody has recused themself, where no quorum says what follows.
  std::vector<std::uint16_t> forsaken;
};
Count CountRound(const definition::Task& task, const model::Round& round);

}  // namespace duban::statechart
