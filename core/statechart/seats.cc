#include "core/statechart/seats.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <string_view>
#include <unordered_set>

#include "core/approval/additions.h"

namespace duban::statechart {
namespace {

using approval::Node;
using approval::Vote;
using definition::Task;
using model::Round;
using model::Seat;
using model::SeatState;

Vote VoteOf(const Seat& seat) {
  if (seat.state == SeatState::kCancelled) return Vote::kAbstain;
  if (seat.state != SeatState::kDecided) return Vote::kNone;
  if (seat.vote.outcome == "abstained") return Vote::kAbstain;
  if (seat.vote.outcome == "recused") return Vote::kRecuse;
  return seat.vote.outcome == "rejected" ? Vote::kReject : Vote::kApprove;
}

approval::Relation RelationOf(const Seat& seat) {
  switch (seat.relation) {
    case model::Relation::kBefore:
      return approval::Relation::kBefore;
    case model::Relation::kAfter:
      return approval::Relation::kAfter;
    case model::Relation::kDelegate:
      return approval::Relation::kDelegate;
    case model::Relation::kOriginal:
    case model::Relation::kParallel:
      break;
  }
  return approval::Relation::kRoot;
}

// Most rounds have few seats: they are counted in place.
template <class T>
using Few = boost::container::small_vector<T, 8>;

// The seats that count, parents before their children, and what each counts as.
struct Forest {
  Few<const Seat*> seats;
  Few<Node> nodes;
  Few<Vote> effective;
  bool has_additions = false;

  explicit Forest(const Round& round) {
    seats.reserve(round.seats.size());
    nodes.reserve(round.seats.size());
    for (const Seat& seat : round.seats) {
      if (seat.state == SeatState::kRemoved) continue;
      Node node{VoteOf(seat), RelationOf(seat), approval::kNoParent,
                seat.any_of ? approval::Joint::kAny : approval::Joint::kAll};
      if (node.relation != approval::Relation::kRoot) {
        const auto parent = std::ranges::find(seats, seat.parent, &Seat::ordinal);
        if (parent == seats.end()) continue;
        node.parent = static_cast<std::size_t>(parent - seats.begin());
        has_additions = true;
      }
      seats.push_back(&seat);
      nodes.push_back(node);
    }
    if (has_additions) {
      const std::vector<Vote> votes = approval::Effective(nodes);
      effective.assign(votes.begin(), votes.end());
    } else {
      effective.reserve(nodes.size());
      for (const Node& node : nodes) effective.push_back(node.own);
    }
  }

  Few<std::size_t> RootsOf(std::size_t group) const {
    Few<std::size_t> roots;
    roots.reserve(seats.size());
    for (std::size_t i = 0; i < seats.size(); ++i) {
      if (IsRoot(*seats[i]) && seats[i]->group == group) roots.push_back(i);
    }
    return roots;
  }

  // Whose turn it is, when the round's rule lets these roots act.
  std::vector<model::Ordinal> TurnsOf(const Few<std::size_t>& roots) const {
    std::vector<model::Ordinal> turns;
    const auto add = [&](std::size_t i) { turns.push_back(seats[i]->ordinal); };
    if (has_additions) {
      std::ranges::for_each(approval::Turns(nodes, roots), add);
    } else {
      turns.reserve(roots.size());
      std::ranges::for_each(roots, add);
    }
    return turns;
  }
};

// Children of a kind of whom one answer is enough, and one has answered.
bool IsNeedless(const Forest& forest, std::size_t i) {
  const Node& node = forest.nodes[i];
  if (node.relation == approval::Relation::kRoot || node.joint != approval::Joint::kAny)
    return false;
  for (std::size_t other = 0; other < forest.nodes.size(); ++other) {
    const Node& sibling = forest.nodes[other];
    if (sibling.parent != node.parent || sibling.relation != node.relation) continue;
    if (forest.effective[other] == Vote::kApprove) return true;
  }
  return false;
}

// The decision of a task without an approval: the word of whoever held it.
approval::Result TaskResult(const Forest& forest) {
  for (std::size_t root : forest.RootsOf(0)) {
    const bool spoke =
        forest.nodes[root].own == Vote::kApprove || forest.nodes[root].own == Vote::kReject;
    if (spoke) return approval::Result::kApproved;
  }
  return approval::Result::kOpen;
}

}  // namespace

SeatPlace FindSeat(const model::Case& state, model::Ordinal task) {
  for (const Round& round : state.rounds) {
    for (const Seat& seat : round.seats) {
      if (seat.ordinal == task) return {&round, &seat};
    }
  }
  return {};
}

const Round* FindRound(const model::Case& state, model::StateIndex index) {
  const auto found = std::ranges::find(state.rounds, index, &Round::state);
  return found == state.rounds.end() ? nullptr : &*found;
}

bool IsLive(const Seat& seat) {
  return seat.state == SeatState::kOpen || seat.state == SeatState::kWaiting;
}

bool IsRoot(const Seat& seat) { return RelationOf(seat) == approval::Relation::kRoot; }

bool IsDecisionOf(const model::Seat& seat, const model::PersonId& person) {
  return seat.state == model::SeatState::kDecided && seat.vote.automatic == model::Automatic::kNo &&
         (seat.vote.by == person || seat.vote.on_behalf_of == person);
}

bool IsOnRound(const Round& round, const model::PersonId& person) {
  return std::ranges::any_of(round.seats, [&](const Seat& seat) {
    if (seat.state == SeatState::kRemoved) return false;
    if (seat.state == SeatState::kDecided)
      return seat.vote.by == person || seat.vote.on_behalf_of == person;
    return std::ranges::find(seat.candidates, person) != seat.candidates.end();
  });
}

int DepthOf(const Round& round, const Seat& seat) {
  int depth = 0;
  const Seat* at = &seat;
  while (!IsRoot(*at) && depth <= approval::kMaxAdditionDepth) {
    const auto parent = std::ranges::find(round.seats, at->parent, &Seat::ordinal);
    if (parent == round.seats.end()) break;
    at = &*parent;
    ++depth;
  }
  return depth;
}

std::vector<model::Ordinal> WithAdditions(const Round& round, model::Ordinal seat) {
  std::vector<model::Ordinal> all;
  std::vector<model::Ordinal> family{seat};
  for (const Seat& one : round.seats) {  // children stand behind their parents
    const bool child = !IsRoot(one) && std::ranges::find(family, one.parent) != family.end();
    if (child) family.push_back(one.ordinal);
    if ((child || one.ordinal == seat) && IsLive(one)) all.push_back(one.ordinal);
  }
  return all;
}

std::vector<model::PersonId> HoldersOf(const model::Case& state,
                                       std::optional<model::StateIndex> index) {
  std::vector<model::PersonId> holders;
  std::unordered_set<std::string_view> found;
  for (const Round& round : state.rounds) {
    if (index && round.state != *index) continue;
    for (const Seat& seat : round.seats) {
      if (seat.state != SeatState::kOpen) continue;
      for (const model::PersonId& person : seat.candidates) {
        if (found.insert(person).second) holders.push_back(person);
      }
    }
  }
  return holders;
}

std::vector<std::string> WordsOf(const Task& task) {
  std::vector<std::string> words = task.outcomes;
  if (task.may_abstain) words.emplace_back("abstained");
  words.emplace_back("recused");
  return words;
}

bool IsWordOf(const Task& task, std::string_view word) {
  if (word == "recused" || (task.may_abstain && word == "abstained")) return true;
  return std::ranges::find(task.outcomes, word) != task.outcomes.end();
}

const approval::Rule& RuleOf(const Task& task, std::size_t group) {
  return group < task.groups.size() ? task.groups[group].rule : task.rule;
}

Count CountRound(const Task& task, const Round& round) {
  const Forest forest(round);
  Count count;
  Few<std::size_t> acting;
  Few<approval::Result> results;
  for (std::size_t group = 0; group < std::max<std::size_t>(task.groups.size(), 1); ++group) {
    const auto roots = forest.RootsOf(group);
    Few<approval::Seat> votes;
    votes.reserve(roots.size());
    for (std::size_t root : roots)
      votes.push_back({forest.effective[root], forest.seats[root]->weight});
    const approval::Rule& rule = RuleOf(task, group);
    count.groups.push_back(approval::Count(rule, votes));
    results.push_back(count.groups.back().result);
    for (std::size_t active : approval::Active(rule, votes)) acting.push_back(roots[active]);
    const approval::Tally& tally = count.groups.back();
    if (tally.recusals > 0 && tally.recusals == static_cast<int>(roots.size()) && rule.quorum == 0)
      count.forsaken.push_back(static_cast<std::uint16_t>(group));
  }
  if (!task.approval) {
    count.result = TaskResult(forest);
  } else {
    count.result =
        task.groups.empty() ? results.front() : approval::Combine(results, task.collect_groups);
  }
  std::ranges::sort(acting);
  count.turns = forest.TurnsOf(acting);
  for (std::size_t i = 0; i < forest.seats.size(); ++i) {
    if (!IsLive(*forest.seats[i])) continue;
    if (forest.effective[i] != Vote::kNone) count.settled.push_back(forest.seats[i]->ordinal);
    if (IsNeedless(forest, i)) count.needless.push_back(forest.seats[i]->ordinal);
  }
  return count;
}

}  // namespace duban::statechart
