// Transitions that are never taken, and eventless ones that run in a circle.
#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <set>

#include "core/definition/context.h"

namespace duban::definition {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
using model::StateIndex;
using model::TransitionIndex;

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

void CheckTransitions(const Definition& definition, Report& report) {
  CheckShadowed(definition, report);
  Loops(definition).Check(report);
}

}  // namespace duban::definition
