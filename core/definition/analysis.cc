// What a definition can do, on a graph of its states. Everything found here is a warning: charts
// from elsewhere may be unusual and still be meant.
#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <set>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using model::StateIndex;

bool IsHistory(const State& state) {
  return state.kind == StateKind::kShallowHistory || state.kind == StateKind::kDeepHistory;
}

// Two vertices per state: that it is active, and that it is entered by default (its own initial
// states follow).
Vertex Active(StateIndex state) { return 2 * std::size_t{state}; }
Vertex Entered(StateIndex state) { return 2 * std::size_t{state} + 1; }

class Reach {
 public:
  explicit Reach(const Definition& definition)
      : definition_(definition), graph_(2 * definition.states.size()) {
    for (std::size_t i = 0; i < definition.states.size(); ++i) AddState(static_cast<StateIndex>(i));
    for (const Transition& transition : definition.transitions) {
      AddTargets(Active(transition.source), transition.targets, 0);
    }
    AddReturnsToStarter();
    from_start_ = Walk(graph_, {Entered(0)});
    LookBack();
    AddReturns();
    std::vector<Vertex> ends;
    for (const StateIndex child : definition.states[0].children) {
      if (definition.states[child].kind == StateKind::kFinal) ends.push_back(Active(child));
    }
    to_end_ = Walk(boost::make_reverse_graph(graph_), ends);
  }

  bool CanBeActive(StateIndex state) const {
    return from_start_[Active(state)] || from_start_[Entered(state)];
  }
  bool CanEnd(StateIndex state) const { return to_end_[Active(state)] || to_end_[Entered(state)]; }
  // Whether a case can be in `state` with `earlier` behind it; true when that was too much to find
  // out.
  bool CanFollow(StateIndex state, StateIndex earlier) const {
    const auto found = behind_.find(state);
    return found == behind_.end() || found->second[Active(earlier)];
  }

 private:
  template <class G>
  static std::vector<bool> Walk(const G& graph, const std::vector<Vertex>& starts) {
    std::vector<boost::default_color_type> colors(boost::num_vertices(graph), boost::white_color);
    const auto color_map =
        boost::make_iterator_property_map(colors.begin(), boost::get(boost::vertex_index, graph));
    boost::queue<Vertex> queue;
    for (const Vertex start : starts) {
      if (colors[start] != boost::white_color) continue;
      boost::breadth_first_visit(graph, start, queue, boost::default_bfs_visitor(), color_map);
    }
    std::vector<bool> seen(colors.size());
    for (std::size_t i = 0; i < colors.size(); ++i) seen[i] = colors[i] != boost::white_color;
    return seen;
  }

  void AddState(StateIndex index) {
    const State& state = definition_.states[index];
    boost::add_edge(Entered(index), Active(index), graph_);
    if (index != 0) boost::add_edge(Active(index), Active(state.parent), graph_);
    if (state.kind == StateKind::kParallel) {
      for (const StateIndex child : state.children) {
        if (!IsHistory(definition_.states[child]))
          boost::add_edge(Entered(index), Entered(child), graph_);
      }
    } else if (!state.initial.empty()) {
      // Down from here only: the regions above are somebody else's.
      AddTargets(Entered(index), state.initial, IsHistory(state) ? state.parent : index);
    }
  }

  // Entering the targets also enters, by default, the other regions of the parallel states around
  // them.
  void AddTargets(Vertex from, const std::vector<StateIndex>& targets, StateIndex scope) {
    for (const StateIndex target : targets) {
      boost::add_edge(from, Entered(target), graph_);
      StateIndex inner = target;
      while (inner != scope && inner != 0) {
        const StateIndex parent = definition_.states[inner].parent;
        if (definition_.states[parent].kind == StateKind::kParallel)
          AddRegions(from, parent, targets);
        inner = parent;
      }
    }
  }
  void AddRegions(Vertex from, StateIndex parallel, const std::vector<StateIndex>& targets) {
    constexpr std::size_t kMaxEdges = 1'000'000;
    if (boost::num_edges(graph_) > kMaxEdges) {  // less exact, but small
      boost::add_edge(from, Entered(parallel), graph_);
      return;
    }
    for (const StateIndex region : definition_.states[parallel].children) {
      if (IsHistory(definition_.states[region])) continue;
      const bool named = std::any_of(targets.begin(), targets.end(), [&](StateIndex target) {
        return IsSelfOrInside(definition_, target, region);
      });
      if (!named) boost::add_edge(from, Entered(region), graph_);
    }
  }

  template <class Each>
  void EachReturns(Each each) {
    for (std::size_t i = 0; i < definition_.states.size(); ++i) {
      const auto& task = definition_.states[i].task;
      if (task && !task->returns.none()) each(static_cast<StateIndex>(i), task->returns);
    }
  }
  // The starter may be asked to revise what they never had as a task: the only way to that state.
  void AddReturnsToStarter() {
    EachReturns([this](StateIndex state, const Returns& returns) {
      if (returns.starter_state != model::kNoState)
        AddTargets(Active(state), {returns.starter_state}, 0);
    });
  }
  void LookBack() {
    std::size_t left = 20'000'000 / (boost::num_edges(graph_) + 1);  // a second's work
    EachReturns([&](StateIndex state, const Returns&) {
      if (left == 0) return;
      --left;
      behind_[state] = Walk(boost::make_reverse_graph(graph_), {Active(state), Entered(state)});
    });
  }
  // All others lead to where the case has been: they make nothing reachable, but open ways to an
  // end.
  void AddReturns() {
    const Vertex any = boost::add_vertex(graph_);
    for (std::size_t i = 0; i < definition_.states.size(); ++i) {
      const auto state = static_cast<StateIndex>(i);
      if (definition_.states[i].task) boost::add_edge(any, Active(state), graph_);
    }
    EachReturns([&](StateIndex state, const Returns& returns) {
      if (returns.previous || returns.any) boost::add_edge(Active(state), any, graph_);
      for (const StateIndex target : returns.states) AddTargets(Active(state), {target}, 0);
      if (returns.resubmit != Resubmit::kBackToReturner) return;
      for (const StateIndex target : returns.states) AddTargets(Active(target), {state}, 0);
    });
  }

  const Definition& definition_;
  Graph graph_;
  std::map<StateIndex, std::vector<bool>> behind_;
  std::vector<bool> from_start_;
  std::vector<bool> to_end_;
};

// The innermost state that stays when the transition is taken (SCXML's transition domain), roughly:
// what lies strictly inside is left.
StateIndex DomainOf(const Definition& definition, StateIndex source,
                    const std::vector<StateIndex>& targets) {
  StateIndex domain = source;
  const auto inside = [&](StateIndex target) { return definition.IsDescendant(target, domain); };
  while (domain != 0 && (!std::all_of(targets.begin(), targets.end(), inside) ||
                         definition.states[domain].kind == StateKind::kParallel)) {
    domain = definition.states[domain].parent;
  }
  return domain;
}

bool CanBeActiveTogether(const Definition& definition, StateIndex a, StateIndex b) {
  if (IsSelfOrInside(definition, a, b) || IsSelfOrInside(definition, b, a)) return true;
  StateIndex common = a;
  while (!definition.IsDescendant(b, common)) common = definition.states[common].parent;
  return definition.states[common].kind == StateKind::kParallel;
}

// Which states some transition can leave.
class Exits {
 public:
  explicit Exits(const Definition& definition) : definition_(definition) {
    for (const Transition& transition : definition.transitions) {
      if (!transition.targets.empty())
        exits_.emplace(transition.source,
                       DomainOf(definition, transition.source, transition.targets));
    }
    for (std::size_t i = 0; i < definition.states.size(); ++i) {
      const auto& task = definition.states[i].task;
      if (!task || task->returns.none()) continue;
      const auto source = static_cast<StateIndex>(i);
      std::vector<StateIndex> targets = task->returns.states;
      if (task->returns.starter_state != model::kNoState)
        targets.push_back(task->returns.starter_state);
      for (const StateIndex target : targets)
        exits_.emplace(source, DomainOf(definition, source, {target}));
      if (task->returns.previous || task->returns.any) exits_.emplace(source, 0);
    }
  }
  bool CanBeLeft(StateIndex state) const {
    return std::any_of(exits_.begin(), exits_.end(), [&](const auto& exit) {
      return definition_.IsDescendant(state, exit.second) &&
             CanBeActiveTogether(definition_, exit.first, state);
    });
  }

 private:
  const Definition& definition_;
  std::set<std::pair<StateIndex, StateIndex>> exits_;  // source, domain
};

void CheckUnreachable(const Definition& definition, const Reach& reach, Report& report) {
  for (std::size_t i = 1; i < definition.states.size(); ++i) {
    const auto index = static_cast<StateIndex>(i);
    const State& state = definition.states[i];
    if (reach.CanBeActive(index) || !reach.CanBeActive(state.parent) || IsHistory(state)) continue;
    report.Warning(
        "unreachable-state", state.place,
        Say("没有转移能到达状态 `{}`", "no transition leads to the state `{}`", state.id),
        {"加一个以它为目标的转移，或删去它",
         "give some transition it as its target, or remove it"});
  }
}

void CheckDeadEnds(const Definition& definition, const Reach& reach, const Exits& exits,
                   Report& report) {
  for (std::size_t i = 1; i < definition.states.size(); ++i) {
    const auto index = static_cast<StateIndex>(i);
    const State& state = definition.states[i];
    if (state.kind != StateKind::kAtomic || !reach.CanBeActive(index) || exits.CanBeLeft(index))
      continue;
    report.Warning(
        "dead-end", state.place,
        Say("没有人、时间或事件能离开状态 `{}`",
            "neither a person nor a clock nor an event can leave the state `{}`", state.id),
        {"加 on:、after: 或 always:；如果到此为止，写 final: true",
         "add on:, after: or always:, or `final: true` if it ends here"});
  }
}

void CheckEnds(const Definition& definition, const Reach& reach, const Exits& exits,
               Report& report) {
  const auto& top = definition.states[0].children;
  const bool has_final = std::any_of(top.begin(), top.end(), [&](StateIndex child) {
    return definition.states[child].kind == StateKind::kFinal;
  });
  if (!has_final) {
    report.Warning(
        "no-final", definition.states[0].place,
        {"顶层没有终态，案件永远不会结束", "no final state at the top: a case never ends"},
        {"加一个 {final: true} 的状态", "add a state with {final: true}"});
    return;
  }
  constexpr std::size_t kShown = 8;
  std::vector<std::string> stuck;
  const State* first = nullptr;
  for (std::size_t i = 1; i < definition.states.size(); ++i) {
    const auto index = static_cast<StateIndex>(i);
    const State& state = definition.states[i];
    if (IsHistory(state) || !reach.CanBeActive(index) || reach.CanEnd(index)) continue;
    if (state.kind == StateKind::kAtomic && !exits.CanBeLeft(index)) continue;  // dead-end
    if (first == nullptr) first = &state;
    if (stuck.size() < kShown) stuck.push_back(state.id);
  }
  if (first == nullptr) return;
  report.Warning("no-way-to-end", first->place,
                 Say("从 {} 到不了任何终态", "no final state can be reached from {}",
                     fmt::format("{}", fmt::join(stuck, ", "))));
}

void CheckReturns(const Definition& definition, const Reach& reach, Report& report) {
  for (std::size_t i = 0; i < definition.states.size(); ++i) {
    const State& state = definition.states[i];
    const auto index = static_cast<StateIndex>(i);
    if (!state.task || state.task->returns.none() || !reach.CanBeActive(index)) continue;
    const Returns& returns = state.task->returns;
    for (const StateIndex target : returns.states) {
      if (reach.CanFollow(index, target)) continue;
      report.Warning("return-not-behind", returns.place,
                     Say("没有案件经过 `{1}` 到达 `{0}`，不可能退回到那里",
                         "no case comes from `{1}` to `{0}`: it can never be returned there",
                         state.id, definition.states[target].id));
    }
    bool behind = returns.starter || !returns.states.empty();
    for (std::size_t k = 0; k < definition.states.size() && !behind; ++k) {
      const auto earlier = static_cast<StateIndex>(k);
      behind = k != i && definition.states[k].task && IsSerial(definition, index, earlier) &&
               reach.CanFollow(index, earlier);
    }
    if (behind) continue;
    report.Warning("return-not-behind", returns.place,
                   Say("`{}` 之前没有任何任务，没有可以退回的地方",
                       "there is no task before `{}`: nothing to return to", state.id));
  }
}

}  // namespace

void Analyse(const Definition& definition, Report& report) {
  const Reach reach(definition);
  CheckUnreachable(definition, reach, report);
  const Exits exits(definition);
  CheckDeadEnds(definition, reach, exits, report);
  CheckEnds(definition, reach, exits, report);
  CheckReturns(definition, reach, report);
  CheckTransitions(definition, report);
}

}  // namespace duban::definition
