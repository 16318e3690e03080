// What a definition can do, on graphs of its states and of its eventless transitions. Everything
// found here is a warning, except a loop that can never come to rest: charts from elsewhere may be
// unusual and still be meant.
#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <set>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Vertex = boost::graph_traits<Graph>::vertex_descriptor;
using model::StateIndex;
using model::TransitionIndex;

bool IsHistory(const State& state) {
  return state.kind == StateKind::kShallowHistory || state.kind == StateKind::kDeepHistory;
}

bool IsSelfOrInside(const Definition& definition, StateIndex inner, StateIndex outer) {
  return inner == outer || definition.IsDescendant(inner, outer);
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
    from_start_ = Walk(graph_, {Entered(0)});
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

  const Definition& definition_;
  Graph graph_;
  std::vector<bool> from_start_;
  std::vector<bool> to_end_;
};

// The innermost state that stays when the transition is taken (SCXML's transition domain), roughly:
// what lies strictly inside is left.
StateIndex DomainOf(const Definition& definition, const Transition& transition) {
  StateIndex domain = transition.source;
  const auto inside = [&](StateIndex target) { return definition.IsDescendant(target, domain); };
  while (domain != 0 &&
         (!std::all_of(transition.targets.begin(), transition.targets.end(), inside) ||
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
        exits_.emplace(transition.source, DomainOf(definition, transition));
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

std::string GuardText(const Transition& transition) {
  const std::string text = transition.guard.empty() ? "" : transition.guard.source();
  return text == "true" ? "" : text;
}

// Whether whenever `later` could be taken, `earlier` is taken instead.
bool Shadows(const Transition& earlier, const Transition& later) {
  if (earlier.clock >= 0 || earlier.overdue || later.clock >= 0 || later.overdue) return false;
  if (earlier.always() != later.always()) return false;
  const std::string guard = GuardText(earlier);
  if (!guard.empty() && guard != GuardText(later)) return false;
  if (!earlier.by.empty() && !SamePeople(earlier.by, later.by)) return false;
  return std::all_of(later.events.begin(), later.events.end(), [&](const std::string& descriptor) {
    return descriptor == "*" ? std::find(earlier.events.begin(), earlier.events.end(), "*") !=
                                   earlier.events.end()
                             : TakesEvent(earlier, descriptor);
  });
}

void CheckShadowed(const Definition& definition, Report& report) {
  for (const State& state : definition.states) {
    constexpr std::size_t kMost = 1'000;  // of one state
    for (std::size_t later = 1; later < std::min(kMost, state.transitions.size()); ++later) {
      const Transition& shadowed = definition.transitions[state.transitions[later]];
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        const Transition& first = definition.transitions[state.transitions[earlier]];
        if (!Shadows(first, shadowed)) continue;
        report.Warning("shadowed-transition", shadowed.place,
                       Say("这个转移永远不会发生：第 {} 行的总是先被取走",
                           "never taken: the one on line {} always comes first", first.place.line),
                       {"给前一个加 when，或调换顺序",
                        "give the earlier one a `when`, or change their order"});
        break;
      }
    }
  }
}

// ---- loops of eventless transitions ----

class Loops {
 public:
  explicit Loops(const Definition& definition) : definition_(definition) {
    for (std::size_t i = 0; i < definition.transitions.size(); ++i) {
      const Transition& t = definition.transitions[i];
      if (t.always() && !t.targets.empty()) always_.push_back(static_cast<TransitionIndex>(i));
    }
  }

  void Check(Report& report) const {
    constexpr std::size_t kMost = 2'000;
    constexpr std::size_t kMostGuards = 200;
    if (always_.size() > kMost) return;  // no chart that people write; the step has its own limit
    // Alone first: each cycle of transitions that nothing can stop is an error.
    std::set<TransitionIndex> reported;
    Find([](const Transition& t) { return GuardText(t).empty(); },
         [&](const std::vector<TransitionIndex>& loop) {
           reported.insert(loop.begin(), loop.end());
           Tell(loop, Unavoidable(loop), report);
         });
    // Then cycles that, once their one guard holds, run on because nothing on the way changes it.
    std::set<std::string> guards;
    for (const TransitionIndex t : always_) guards.insert(GuardText(definition_.transitions[t]));
    std::size_t looked_at = 0;
    for (const std::string& guard : guards) {
      if (guard.empty() || ++looked_at > kMostGuards) continue;
      const auto takes = [&](const Transition& t) {
        return GuardText(t).empty() || GuardText(t) == guard;
      };
      Find(takes, [&](const std::vector<TransitionIndex>& loop) {
        const auto known = [&](TransitionIndex t) { return reported.contains(t); };
        const auto acts = [&](TransitionIndex t) { return Acts(definition_.transitions[t]); };
        if (std::any_of(loop.begin(), loop.end(), known) ||
            std::any_of(loop.begin(), loop.end(), acts))
          return;
        if (guard.find("In(") != std::string::npos) return;
        reported.insert(loop.begin(), loop.end());
        Tell(loop, false, report);
      });
    }
  }

 private:
  // What is active once the targets are entered: themselves, what is around them, and what they
  // begin with.
  std::set<StateIndex> EnteredBy(const std::vector<StateIndex>& targets) const {
    std::set<StateIndex> entered;
    std::vector<StateIndex> open(targets);
    while (!open.empty()) {
      const StateIndex at = open.back();
      open.pop_back();
      if (!entered.insert(at).second) continue;
      const State& state = definition_.states[at];
      const auto& next = state.kind == StateKind::kParallel ? state.children : state.initial;
      open.insert(open.end(), next.begin(), next.end());
    }
    for (const StateIndex target : targets) {
      for (StateIndex at = target; at != 0; at = definition_.states[at].parent) entered.insert(at);
    }
    return entered;
  }

  template <class Takes, class Found>
  void Find(Takes takes, Found found) const {
    std::vector<TransitionIndex> chosen;
    for (const TransitionIndex t : always_) {
      if (takes(definition_.transitions[t])) chosen.push_back(t);
    }
    Graph graph(chosen.size());
    std::vector<bool> loops_alone(chosen.size());
    std::map<StateIndex, std::vector<std::size_t>> by_source;
    for (std::size_t i = 0; i < chosen.size(); ++i)
      by_source[definition_.transitions[chosen[i]].source].push_back(i);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      for (const StateIndex state : EnteredBy(definition_.transitions[chosen[i]].targets)) {
        const auto sources = by_source.find(state);
        if (sources == by_source.end()) continue;
        for (const std::size_t next : sources->second) {
          boost::add_edge(i, next, graph);
          if (next == i) loops_alone[i] = true;
        }
      }
    }
    if (chosen.empty()) return;
    std::vector<std::size_t> component(chosen.size());
    const std::size_t count = static_cast<std::size_t>(boost::strong_components(
        graph, boost::make_iterator_property_map(component.begin(),
                                                 boost::get(boost::vertex_index, graph))));
    std::vector<std::vector<TransitionIndex>> loops(count);
    std::vector<bool> is_loop(count);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      loops[component[i]].push_back(chosen[i]);
      if (loops_alone[i] || loops[component[i]].size() > 1) is_loop[component[i]] = true;
    }
    for (std::size_t c = 0; c < count; ++c) {
      if (is_loop[c]) found(loops[c]);
    }
  }

  static bool Acts(const Actions& actions) { return !actions.empty(); }
  bool Acts(const Transition& transition) const {
    if (Acts(transition.actions)) return true;
    const std::set<StateIndex> entered = EnteredBy(transition.targets);
    return std::any_of(entered.begin(), entered.end(), [&](StateIndex state) {
      return Acts(definition_.states[state].entry) || Acts(definition_.states[state].exit);
    });
  }

  // Whether no guarded transition of the same state, or of one inside, could lead out first.
  bool Unavoidable(const std::vector<TransitionIndex>& loop) const {
    return std::none_of(always_.begin(), always_.end(), [&](TransitionIndex other) {
      const Transition& way_out = definition_.transitions[other];
      if (GuardText(way_out).empty()) return false;
      return std::any_of(loop.begin(), loop.end(), [&](TransitionIndex t) {
        return IsSelfOrInside(definition_, way_out.source, definition_.transitions[t].source);
      });
    });
  }

  void Tell(const std::vector<TransitionIndex>& loop, bool certain, Report& report) const {
    std::string states;
    for (const TransitionIndex t : loop) {
      const std::string& id = definition_.states[definition_.transitions[t].source].id;
      states += (states.empty() ? "`" : ", `") + id + "`";
    }
    const Place& place = definition_.transitions[loop.front()].place;
    model::Text hint{"加 when，或改用 on: 等待事件", "add a `when`, or wait for an event with on:"};
    if (certain) {
      report.Error("eventless-loop", place,
                   Say("always 转移无休止地循环：{}",
                       "transitions in `always` run in a circle for ever: {}", states),
                   std::move(hint));
    } else {
      report.Warning(
          "eventless-loop", place,
          Say("always 转移可能循环：{}", "transitions in `always` may run in a circle: {}", states),
          std::move(hint));
    }
  }

  const Definition& definition_;
  std::vector<TransitionIndex> always_;
};

}  // namespace

void Analyse(const Definition& definition, Report& report) {
  const Reach reach(definition);
  CheckUnreachable(definition, reach, report);
  const Exits exits(definition);
  CheckDeadEnds(definition, reach, exits, report);
  CheckEnds(definition, reach, exits, report);
  CheckShadowed(definition, report);
  Loops(definition).Check(report);
}

}  // namespace duban::definition
